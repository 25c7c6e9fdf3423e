//! What a file of organisations would change, line by line, before anything is stored.
//!
//! A line is the organisation with its external id; without one, the one with its web site, or
//! else the one of its kind with its name. So importing the same file again changes nothing.

mod cells;
mod reason;

use std::collections::{HashMap, HashSet};

use domain::OrganisationId;
use domain::directory::{Affiliation, Entry};
use domain::organisation::{Organisation, OrganisationKind};
use domain::region::RegionCode;
use domain::term::Term;
use store::ImportedEntry;

pub(crate) use reason::{Reason, reason_text};

use cells::{folded, host_of, kind_of};

use super::days::{Typed, typed};
use super::entry_form::{NAME_CHARS_MAX, SHORT_NAME_CHARS_MAX, homepage, year};
use crate::intake::import::mapping::Mapping;
use crate::intake::import::reader::{Line, Record};
use crate::regions::{self, Resolved};

/// For whom a file is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// The body whose parts and members the file may bring; none for any.
    pub(crate) own: Option<OrganisationId>,
    /// The association of lines that name none.
    pub(crate) association: Option<OrganisationId>,
}

/// What is in the store already.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Every entry.
    pub(crate) entries: Vec<Entry>,
    /// Memberships that go on, as association and media.
    pub(crate) affiliations: HashSet<(OrganisationId, OrganisationId)>,
}

/// What a line would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// Adds an organisation.
    New,
    /// Changes these fields of one.
    Changed(Vec<&'static str>),
    /// Nothing: all of it stands there.
    Same,
    /// Nothing, for this reason.
    Refused(Reason),
}

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlannedLine {
    /// Counted from 1.
    pub(crate) number: u64,
    /// The name, or the line itself where none could be read.
    pub(crate) name: String,
    /// What it would do.
    pub(crate) change: Change,
}

/// What a file would do.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Every line, in order.
    pub(crate) lines: Vec<PlannedLine>,
    /// What has to be stored for that.
    pub(crate) entries: Vec<ImportedEntry>,
}

/// Reads lines one after the other; later ones may name what earlier ones bring.
pub(crate) struct Planner<'a> {
    mapping: &'a Mapping,
    scope: &'a Scope,
    entries: Vec<Entry>,
    affiliations: HashSet<(OrganisationId, OrganisationId)>,
    by_external: HashMap<String, usize>,
    by_host: HashMap<String, usize>,
    by_name: HashMap<(OrganisationKind, String), usize>,
    /// By name, short name or external id, in lower case; none where two share it.
    called: HashMap<String, Option<usize>>,
    /// The line on which an entry stood in this file.
    stood_on: HashMap<usize, u64>,
    regions: HashMap<String, Result<RegionCode, Reason>>,
    plan: Plan,
}

impl<'a> Planner<'a> {
    /// A planner that knows what is stored.
    pub(crate) fn new(mapping: &'a Mapping, scope: &'a Scope, known: Known) -> Self {
        let mut planner = Self {
            mapping,
            scope,
            entries: Vec::new(),
            affiliations: known.affiliations,
            by_external: HashMap::new(),
            by_host: HashMap::new(),
            by_name: HashMap::new(),
            called: HashMap::new(),
            stood_on: HashMap::new(),
            regions: HashMap::new(),
            plan: Plan::default(),
        };
        for entry in known.entries {
            planner.learn(entry);
        }
        planner
    }

    fn learn(&mut self, entry: Entry) -> usize {
        let at = self.entries.len();
        self.know(at, &entry);
        self.entries.push(entry);
        at
    }

    /// What the entry at this place is found by, in this and in later lines.
    fn know(&mut self, at: usize, entry: &Entry) {
        let organisation = &entry.organisation;
        if let Some(external) = &entry.external_id {
            self.by_external.insert(external.clone(), at);
        }
        if let Some(host) = organisation.homepage.as_deref().and_then(host_of) {
            self.by_host.entry(host).or_insert(at);
        }
        let name = folded(&organisation.name);
        self.by_name.entry((organisation.kind, name)).or_insert(at);
        let names = [Some(&organisation.name), Some(&entry.short_name)];
        for name in names.into_iter().flatten().chain(&entry.external_id) {
            let name = folded(name);
            if !name.is_empty() {
                self.called
                    .entry(name)
                    .and_modify(|known| {
                        *known = known.filter(|known| *known == at);
                    })
                    .or_insert(Some(at));
            }
        }
    }

    /// Plans one line.
    pub(crate) fn line(&mut self, line: &Line) {
        let planned = match &line.record {
            Ok(record) => self.record(line.number, record),
            Err(why) => Err(Reason::Unreadable(why.clone())),
        };
        let (name, change) = match planned {
            Ok(planned) => planned,
            Err(reason) => {
                let name = line.record.as_ref().ok();
                let name = name.and_then(|record| self.mapping.text("name", record));
                let name = name.unwrap_or_else(|| line.raw.chars().take(80).collect());
                (name, Change::Refused(reason))
            }
        };
        self.plan.lines.push(PlannedLine {
            number: line.number,
            name,
            change,
        });
    }

    /// What was planned.
    pub(crate) fn done(self) -> Plan {
        self.plan
    }

    fn record(&mut self, number: u64, record: &Record) -> Result<(String, Change), Reason> {
        let wanted = self.read(record)?;
        let association = self.association(record)?;
        let joined = match self.field("joined", record) {
            None => None,
            Some(text) => match typed(&text) {
                Typed::Day(day) => Some(day),
                _ => return Err(Reason::Date(text)),
            },
        };
        let source = self.field("source", record).unwrap_or_default();
        let found = self.find(&wanted);
        if let Some(first) = found.and_then(|at| self.stood_on.get(&at)) {
            return Err(Reason::Repeated(first.to_string()));
        }
        let (entry, fresh, mut fields) = match found {
            None => (self.fresh(wanted), true, Vec::new()),
            Some(at) => self.merged(at, wanted)?,
        };
        let id = entry.organisation.id;
        let is_media = entry.organisation.kind == OrganisationKind::Newsroom;
        let affiliation = association.filter(|association| {
            is_media && *association != id && !self.affiliations.contains(&(*association, id))
        });
        if affiliation.is_some() {
            fields.push("association");
        }
        let name = entry.organisation.name.clone();
        let at = match found {
            Some(at) => {
                self.know(at, &entry);
                self.entries[at] = entry.clone();
                at
            }
            None => self.learn(entry.clone()),
        };
        self.stood_on.insert(at, number);
        if !fresh && fields.is_empty() {
            return Ok((name, Change::Same));
        }
        let affiliation = affiliation.map(|association| {
            self.affiliations.insert((association, id));
            Affiliation {
                association,
                media: id,
                // A file says from when, never until when.
                term: Term::new(joined, None).unwrap_or_default(),
                source,
            }
        });
        self.plan.entries.push(ImportedEntry {
            entry,
            fresh,
            affiliation,
        });
        let change = if fresh {
            Change::New
        } else {
            Change::Changed(fields)
        };
        Ok((name, change))
    }

    fn field(&self, name: &str, record: &Record) -> Option<String> {
        let text = self.mapping.text(name, record)?;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    }

    /// The fields of a record, each either blank or good.
    fn read(&mut self, record: &Record) -> Result<Wanted, Reason> {
        let name = self.field("name", record).ok_or(Reason::Name)?;
        if name.chars().count() > NAME_CHARS_MAX {
            return Err(Reason::Name);
        }
        let short_name = self.field("short_name", record);
        if short_name
            .as_ref()
            .is_some_and(|name| name.chars().count() > SHORT_NAME_CHARS_MAX)
        {
            return Err(Reason::ShortName);
        }
        let kind = match self.field("kind", record) {
            None => None,
            Some(word) => Some(kind_of(&word).ok_or(Reason::Kind(word))?),
        };
        let region = match self.field("region", record) {
            None => None,
            Some(text) => Some(self.region(&text)?),
        };
        let homepage = match self.field("homepage", record) {
            None => None,
            Some(text) => homepage(&text).map_err(|()| Reason::Homepage(text))?,
        };
        let parent = match self.field("parent", record) {
            None => None,
            Some(text) => Some(self.named(&text)?),
        };
        let since_year = match self.field("since_year", record) {
            None => None,
            Some(text) => year(&text).map_err(|()| Reason::Year(text))?,
        };
        Ok(Wanted {
            external_id: self.field("external_id", record),
            name,
            short_name,
            kind,
            region,
            homepage,
            parent,
            since_year,
        })
    }

    fn region(&mut self, text: &str) -> Result<RegionCode, Reason> {
        if let Some(known) = self.regions.get(text) {
            return known.clone();
        }
        let found = match regions::resolve(text) {
            Resolved::One(code) => Ok(code),
            Resolved::Unknown => Err(Reason::Region(text.to_owned())),
            Resolved::Several(choices) => {
                let names = choices.iter().map(|region| region.name.as_str());
                Err(Reason::Regions(names.collect::<Vec<_>>().join("; ")))
            }
        };
        self.regions.insert(text.to_owned(), found.clone());
        found
    }

    fn named(&self, text: &str) -> Result<OrganisationId, Reason> {
        let found = self.called.get(&folded(text)).copied().flatten();
        found
            .map(|at| self.entries[at].organisation.id)
            .ok_or_else(|| Reason::Organisation(text.to_owned()))
    }

    /// The association a line belongs to; a body reads its own members only.
    fn association(&self, record: &Record) -> Result<Option<OrganisationId>, Reason> {
        let named = match self.field("association", record) {
            None => self.scope.association,
            Some(text) => {
                let id = self.named(&text)?;
                if self.scope.own.is_some_and(|own| own != id) {
                    return Err(Reason::Organisation(text));
                }
                Some(id)
            }
        };
        Ok(named.filter(|id| {
            let known = self.entries.iter().find(|one| one.organisation.id == *id);
            known.is_some_and(|one| one.organisation.kind == OrganisationKind::MediaAssociation)
        }))
    }

    fn find(&self, wanted: &Wanted) -> Option<usize> {
        if let Some(external) = &wanted.external_id
            && let Some(at) = self.by_external.get(external)
        {
            return Some(*at);
        }
        // One that was imported under another id is another one.
        let free =
            |at: &&usize| wanted.external_id.is_none() || self.entries[**at].external_id.is_none();
        let host = wanted.homepage.as_deref().and_then(host_of);
        let kind = wanted.kind.unwrap_or(OrganisationKind::Newsroom);
        let by_host = host.and_then(|host| self.by_host.get(&host)).filter(free);
        by_host
            .or_else(|| {
                let named = self.by_name.get(&(kind, folded(&wanted.name)));
                named.filter(free)
            })
            .copied()
    }

    fn fresh(&self, wanted: Wanted) -> Entry {
        let kind = wanted.kind.unwrap_or(OrganisationKind::Newsroom);
        // Media belong to an association by membership, everything else by being a part of it.
        let parent = match self.scope.own {
            Some(own) => (kind != OrganisationKind::Newsroom).then_some(own),
            None => wanted.parent,
        };
        Entry {
            organisation: Organisation {
                id: OrganisationId(crate::clock::fresh_id()),
                kind,
                name: wanted.name,
                region: wanted.region,
                homepage: wanted.homepage,
                parent,
                active: true,
            },
            short_name: wanted.short_name.unwrap_or_default(),
            since_year: wanted.since_year,
            external_id: wanted.external_id,
        }
    }

    /// The known entry with what the line says differently; a blank cell says nothing.
    fn merged(
        &self,
        at: usize,
        wanted: Wanted,
    ) -> Result<(Entry, bool, Vec<&'static str>), Reason> {
        let before = &self.entries[at];
        let mut entry = before.clone();
        let mut fields = Vec::new();
        let organisation = &mut entry.organisation;
        put(
            &mut organisation.name,
            Some(wanted.name),
            "name",
            &mut fields,
        );
        put(
            &mut entry.short_name,
            wanted.short_name,
            "short_name",
            &mut fields,
        );
        put(&mut organisation.kind, wanted.kind, "kind", &mut fields);
        let some = |value| Some(Some(value));
        put(
            &mut organisation.region,
            wanted.region.and_then(some),
            "region",
            &mut fields,
        );
        let some = |value| Some(Some(value));
        put(
            &mut organisation.homepage,
            wanted.homepage.and_then(some),
            "homepage",
            &mut fields,
        );
        let some = |value| Some(Some(value));
        put(
            &mut organisation.parent,
            wanted.parent.and_then(some),
            "parent",
            &mut fields,
        );
        let some = |value| Some(Some(value));
        put(
            &mut entry.since_year,
            wanted.since_year.and_then(some),
            "since_year",
            &mut fields,
        );
        let some = |value| Some(Some(value));
        put(
            &mut entry.external_id,
            wanted.external_id.and_then(some),
            "external_id",
            &mut fields,
        );
        let kept = self.scope.own.is_none_or(|own| {
            before.organisation.id == own || before.organisation.parent == Some(own)
        });
        if !kept && !fields.is_empty() {
            return Err(Reason::NotYours);
        }
        Ok((entry, false, fields))
    }
}

/// What a line says; a blank cell says nothing.
struct Wanted {
    external_id: Option<String>,
    name: String,
    short_name: Option<String>,
    kind: Option<OrganisationKind>,
    region: Option<RegionCode>,
    homepage: Option<String>,
    parent: Option<OrganisationId>,
    since_year: Option<i16>,
}

fn put<T: PartialEq>(
    place: &mut T,
    value: Option<T>,
    field: &'static str,
    fields: &mut Vec<&'static str>,
) {
    if let Some(value) = value.filter(|value| value != place) {
        *place = value;
        fields.push(field);
    }
}

#[cfg(test)]
mod tests;
