//! The form of an agreement's text: what was typed, what it means, what is wrong with it.

use std::collections::BTreeSet;

use domain::agreement::{
    Form, Opening, Party, Purpose, Refused, Regions, Scope, Side, Stage, Stages, Term, Terms,
};
use domain::date::Date;
use domain::{AgreementId, OrganisationId};

use super::words::{Names, day_text, refusal};
use crate::access::agreed_access::today;
use crate::app::App;
use crate::desk::filled;
use crate::error::Failure;
use crate::regions::{Resolved, history, place, resolve};
use crate::web::Frame;

/// Fields of a party's line: name, number, signatory, liaison.
const PARTY_FIELDS: usize = 4;
/// A short text of the form, in characters; what is longer is cut.
const TEXT_CHARS: usize = 300;
/// Scopes that can be typed.
const SCOPES_MAX: usize = domain::agreement::SCOPES_MAX;

/// What was typed, kept so that nothing is typed twice.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    /// `mou` or `pks`.
    pub form: String,
    /// The title.
    pub title: String,
    /// The identity of the memorandum.
    pub parent: String,
    /// The place of signing.
    pub place: String,
    /// The first day.
    pub starts: String,
    /// The term in years.
    pub years: String,
    /// And in months.
    pub months: String,
    /// Or the last day.
    pub until: String,
    /// One party on a line.
    pub parties: String,
    /// The scopes.
    pub scopes: Vec<TypedScope>,
    /// The version of the text that was changed.
    pub version: i64,
}

/// One scope as it was typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct TypedScope {
    /// Words of what it opens.
    pub opens: Vec<String>,
    /// Whose records; empty for every party.
    pub gives: String,
    /// For whom; empty for every party.
    pub takes: String,
    /// Whether members may too.
    pub with_members: bool,
    /// Regions by code or name; empty for the whole country.
    pub regions: String,
    /// Words of stages; none for always.
    pub stages: Vec<String>,
    /// The word of the purpose.
    pub purpose: String,
}

impl Typed {
    /// Sorts the fields of a submitted form; unknown ones are ignored.
    pub(crate) fn of(fields: &[(String, String)]) -> Self {
        let mut typed = Self::default();
        for (name, value) in fields {
            let cut = || value.chars().take(TEXT_CHARS).collect::<String>();
            match name.as_str() {
                "jenis" => typed.form = cut(),
                "judul" => typed.title = cut(),
                "induk" => typed.parent = cut(),
                "tempat" => typed.place = cut(),
                "mulai" => typed.starts = cut(),
                "tahun" => typed.years = cut(),
                "bulan" => typed.months = cut(),
                "sampai" => typed.until = cut(),
                "pihak" => typed.parties.clone_from(value),
                "version" => typed.version = value.parse().unwrap_or_default(),
                _ => typed.scope_field(name, value),
            }
        }
        typed.scopes.retain(|scope| !scope.is_blank());
        typed
    }

    /// A field of a scope is called `c3.buka`, the third scope counted from 0.
    fn scope_field(&mut self, name: &str, value: &str) {
        let Some((number, field)) = name.strip_prefix('c').and_then(|rest| rest.split_once('.'))
        else {
            return;
        };
        let Some(number) = number.parse().ok().filter(|number| *number < SCOPES_MAX) else {
            return;
        };
        if self.scopes.len() <= number {
            self.scopes.resize_with(number + 1, TypedScope::default);
        }
        let scope = &mut self.scopes[number];
        match field {
            "buka" => scope.opens.push(value.to_owned()),
            "dari" => value.trim().clone_into(&mut scope.gives),
            "untuk" => value.trim().clone_into(&mut scope.takes),
            "anggota" => scope.with_members = true,
            "wilayah" => value.clone_into(&mut scope.regions),
            "tahap" => scope.stages.push(value.to_owned()),
            "tujuan" => value.clone_into(&mut scope.purpose),
            _ => {}
        }
    }

    /// The form that `terms` would have been typed with.
    pub(crate) fn from_terms(terms: &Terms, names: &Names, version: i64) -> Self {
        let name = |id: &OrganisationId| {
            names
                .get(id)
                .map(|known| known.name.clone())
                .unwrap_or_default()
        };
        let (years, months, until) = match terms.term {
            Term::Months(months) => (
                (months / 12).to_string(),
                (months % 12).to_string(),
                String::new(),
            ),
            Term::Until(last) => (String::new(), String::new(), last.to_string()),
        };
        let line = |party: &Party| {
            let fields = [
                &name(&party.organisation),
                &party.number,
                &party.signatory,
                &party.liaison,
            ];
            fields.map(String::as_str).join(" | ")
        };
        Self {
            form: terms.form.as_str().to_owned(),
            title: terms.title.clone(),
            parent: terms.parent.map(|id| id.to_string()).unwrap_or_default(),
            place: terms.place.clone(),
            starts: terms.starts.to_string(),
            years,
            months,
            until,
            parties: terms
                .parties
                .iter()
                .map(line)
                .collect::<Vec<_>>()
                .join("\n"),
            scopes: terms
                .scopes
                .iter()
                .map(|scope| TypedScope::of(scope, name))
                .collect(),
            version,
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "a template hands everything over by reference"
)]
impl TypedScope {
    fn of(scope: &Scope, name: impl Fn(&OrganisationId) -> String) -> Self {
        let side = |side: &Side| match side {
            Side::Every => String::new(),
            Side::One(one) => name(one),
        };
        Self {
            opens: scope
                .opens
                .iter()
                .map(|opening| opening.as_str().to_owned())
                .collect(),
            gives: side(&scope.gives),
            takes: side(&scope.takes),
            with_members: scope.with_members,
            regions: match &scope.regions {
                Regions::Everywhere => String::new(),
                Regions::Only(codes) => codes
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", "),
            },
            stages: match &scope.stages {
                Stages::Always => Vec::new(),
                Stages::Only(stages) => stages
                    .iter()
                    .map(|stage| stage.as_str().to_owned())
                    .collect(),
            },
            purpose: scope.purpose.as_str().to_owned(),
        }
    }

    fn is_blank(&self) -> bool {
        self.opens.is_empty()
            && self.gives.is_empty()
            && self.takes.is_empty()
            && self.regions.trim().is_empty()
            && self.stages.is_empty()
    }

    /// Whether this opening is ticked.
    pub(crate) fn has(&self, opening: &Opening) -> bool {
        self.opens.iter().any(|word| word == opening.as_str())
    }

    /// Whether this stage is ticked.
    pub(crate) fn in_stage(&self, stage: &Stage) -> bool {
        self.stages.iter().any(|word| word == stage.as_str())
    }
}

/// Reads the form; every fault is a sentence that says where and how to mend it.
pub(crate) async fn read(
    app: &App,
    frame: &Frame,
    typed: &Typed,
) -> Result<Result<Terms, Vec<String>>, Failure> {
    let mut faults = Vec::new();
    let parties = parties(app, frame, &typed.parties, &mut faults).await?;
    let mut scopes = Vec::new();
    for (number, typed) in (1..).zip(&typed.scopes) {
        let (gives, takes) = (
            side(app, &typed.gives).await?,
            side(app, &typed.takes).await?,
        );
        for (side, name) in [(gives, &typed.gives), (takes, &typed.takes)] {
            if side.is_none() {
                faults.push(unknown(frame, "agreement-form-side", number, name));
            }
        }
        let regions = regions(frame, number, &typed.regions, &mut faults);
        if let (Some(gives), Some(takes)) = (gives, takes) {
            scopes.push(scope_of(typed, gives, takes, regions));
        }
    }
    let Some(starts) = Date::parse(typed.starts.trim()) else {
        faults.push(frame.t("agreement-form-starts"));
        return Ok(Err(faults));
    };
    let Some(term) = term(typed) else {
        faults.push(frame.t("agreement-form-term"));
        return Ok(Err(faults));
    };
    let terms = Terms {
        form: Form::parse(&typed.form).unwrap_or(Form::Mou),
        title: typed.title.trim().to_owned(),
        parent: AgreementId::parse(&typed.parent),
        place: typed.place.trim().to_owned(),
        parties,
        starts,
        term,
        scopes,
        document: None,
    };
    for (number, scope) in (1..).zip(&terms.scopes) {
        faults.extend(split_since(frame, number, &scope.regions, starts));
    }
    if let Some(last) = terms.ends().filter(|last| *last < starts) {
        let refused = Refused::EndBeforeStart {
            first: starts,
            last,
        };
        faults.push(refusal(frame, &refused, &Names::new(), &[]));
    }
    Ok(if faults.is_empty() {
        Ok(terms)
    } else {
        Err(faults)
    })
}

async fn parties(
    app: &App,
    frame: &Frame,
    typed: &str,
    faults: &mut Vec<String>,
) -> Result<Vec<Party>, Failure> {
    let mut parties = Vec::new();
    for (number, line) in (1..).zip(typed.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let mut fields = line.splitn(PARTY_FIELDS, '|').map(str::trim);
        let name = fields.next().unwrap_or_default();
        match named(app, name).await? {
            Some(organisation) => {
                let mut next = || -> String {
                    fields
                        .next()
                        .unwrap_or_default()
                        .chars()
                        .take(TEXT_CHARS)
                        .collect()
                };
                parties.push(Party {
                    organisation,
                    number: next(),
                    signatory: next(),
                    liaison: next(),
                    left: None,
                });
            }
            None => faults.push(unknown(frame, "agreement-form-party", number, name)),
        }
    }
    Ok(parties)
}

fn scope_of(typed: &TypedScope, gives: Side, takes: Side, regions: Regions) -> Scope {
    let stages: BTreeSet<Stage> = typed
        .stages
        .iter()
        .filter_map(|word| Stage::parse(word))
        .collect();
    Scope {
        gives,
        takes,
        with_members: typed.with_members,
        opens: typed
            .opens
            .iter()
            .filter_map(|word| Opening::parse(word))
            .collect(),
        regions,
        stages: if stages.is_empty() {
            Stages::Always
        } else {
            Stages::Only(stages)
        },
        purpose: Purpose::parse(&typed.purpose).unwrap_or(Purpose::FactCheck),
    }
}

fn term(typed: &Typed) -> Option<Term> {
    if !typed.until.trim().is_empty() {
        return Date::parse(typed.until.trim()).map(Term::Until);
    }
    let number = |text: &str| match text.trim() {
        "" => Some(0),
        text => text.parse::<u32>().ok().filter(|number| *number <= 1_000),
    };
    Some(Term::Months(
        number(&typed.years)? * 12 + number(&typed.months)?,
    ))
}

/// The one organisation of this name; none where there is none or more than one.
async fn named(app: &App, name: &str) -> Result<Option<OrganisationId>, Failure> {
    if name.is_empty() {
        return Ok(None);
    }
    let found = app.store.entries_named(name, 2).await?;
    Ok(match found.as_slice() {
        [one] => Some(one.organisation.id),
        _ => None,
    })
}

async fn side(app: &App, name: &str) -> Result<Option<Side>, Failure> {
    if name.is_empty() {
        return Ok(Some(Side::Every));
    }
    Ok(named(app, name).await?.map(Side::One))
}

fn regions(frame: &Frame, scope: usize, typed: &str, faults: &mut Vec<String>) -> Regions {
    let mut codes = BTreeSet::new();
    for text in typed
        .split([',', ';', '\n'])
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
        match resolve(text) {
            Resolved::One(code) => {
                codes.insert(code);
            }
            Resolved::Several(several) => {
                let names = several.iter().take(5).map(|region| region.name.as_str());
                let names = names.collect::<Vec<_>>().join(", ");
                let number = scope.to_string();
                let parts = [
                    ("scope", number.as_str()),
                    ("name", text),
                    ("names", &names),
                ];
                faults.push(filled(frame, "agreement-form-several", &parts));
            }
            Resolved::Unknown => faults.push(unknown(frame, "agreement-form-region", scope, text)),
        }
    }
    if typed.trim().is_empty() {
        Regions::Everywhere
    } else {
        Regions::Only(codes)
    }
}

/// A province that was split after the first day names less today than it did then: the text has to
/// say whether those made out of it are meant too.
fn split_since(frame: &Frame, number: usize, regions: &Regions, starts: Date) -> Vec<String> {
    let Regions::Only(codes) = regions else {
        return Vec::new();
    };
    let now = today(frame.now);
    let mut faults = Vec::new();
    for code in codes {
        let heirs = history().became(code, starts, now);
        if heirs.iter().all(|heir| codes.contains(heir)) {
            continue;
        }
        let names: Vec<String> = heirs.iter().map(|heir| place(heir.as_str())).collect();
        let number = number.to_string();
        let parts = [
            ("number", number.as_str()),
            ("name", &place(code.as_str())),
            ("first", &day_text(frame, starts)),
            ("heirs", &names.join(", ")),
        ];
        faults.push(filled(frame, "agreement-form-split", &parts));
    }
    faults
}

fn unknown(frame: &Frame, key: &str, number: usize, name: &str) -> String {
    let number = number.to_string();
    filled(frame, key, &[("number", &number), ("name", name)])
}
