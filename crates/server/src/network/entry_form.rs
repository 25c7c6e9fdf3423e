//! Adding an organisation and changing its entry.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::OrganisationId;
use domain::audit::AuditKind;
use domain::directory::Entry;
use domain::organisation::{Organisation, OrganisationKind};
use serde::Deserialize;
use store::StoreError;

use super::keeping::{Kept, adds, id_in, page_of};
use super::list::{province_names, region_of};
use super::named::find_one;
use super::words::{Choice, kind_choices, kind_name};
use crate::access::{May, permission::Coordinate};
use crate::app::App;
use crate::desk::{Shell, event};
use crate::error::Failure;
use crate::regions::{Resolved, place, resolve};
use crate::web::{Cache, Fields, Frame, Html, Page};

/// A name, in characters.
pub(super) const NAME_CHARS_MAX: usize = 160;
/// A short name, in characters.
pub(super) const SHORT_NAME_CHARS_MAX: usize = 40;
/// An address, in bytes.
const HOMEPAGE_BYTES_MAX: usize = 500;
/// The first year an organisation may give.
const FIRST_YEAR: i16 = 1900;
/// The last one.
const LAST_YEAR: i16 = 2100;

/// The form as it was sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    short_name: String,
    kind: String,
    region: String,
    homepage: String,
    parent: String,
    since_year: String,
    /// The version of the entry that the form was filled from.
    version: i64,
}

/// What is wrong with a field, by the field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Faults {
    name: Option<String>,
    short_name: Option<String>,
    kind: Option<String>,
    region: Option<String>,
    homepage: Option<String>,
    parent: Option<String>,
    since_year: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "network/entry_form.html")]
pub(crate) struct EntryFormPage {
    frame: Frame,
    shell: Shell,
    title: String,
    action: String,
    back: String,
    kept: Typed,
    faults: Faults,
    kinds: Vec<Choice>,
    provinces: Vec<&'static str>,
    /// What somebody else stored meanwhile, field by field; empty where nobody did.
    stored: Vec<Differing>,
}

/// A field in which the stored entry differs from what was typed.
#[derive(Debug)]
struct Differing {
    field: String,
    stored: String,
    typed: String,
}

impl Page for EntryFormPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        if !self.stored.is_empty() {
            StatusCode::CONFLICT
        } else if self.faults == Faults::default() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}

/// `GET /network/organisations/new`
pub(super) async fn blank(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
) -> Result<Html<EntryFormPage>, Failure> {
    if !adds(&who) {
        return Err(Failure::NotFound);
    }
    page(&app, frame, &who, None, Typed::default(), Faults::default()).await
}

/// `POST /network/organisations`
pub(super) async fn add(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Fields(typed): Fields<Typed>,
) -> Result<Response, Failure> {
    if !adds(&who) {
        return Err(Failure::NotFound);
    }
    let fresh = OrganisationId(crate::clock::fresh_id());
    let own = who.organisation();
    let fixed = (own.kind != OrganisationKind::Operator).then_some(own.id);
    let entry = match typed.entry(&app, &frame, fresh, fixed).await? {
        Ok(entry) => entry,
        Err(faults) => {
            return Ok(page(&app, frame, &who, None, typed, faults)
                .await?
                .into_response());
        }
    };
    let kind = entry.organisation.kind.as_str();
    let act = event(&who, AuditKind::OrganisationAdded, fresh.0, frame.now, kind);
    app.store.insert_entry(&entry, &act).await?;
    Ok(Redirect::to(&page_of(fresh)).into_response())
}

/// `GET /network/organisations/{id}/edit`
pub(super) async fn edit(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Html<EntryFormPage>, Failure> {
    let kept = Kept::open(&app, &who, id_in(&id)?).await?;
    let typed = Typed::of(&app, &kept).await?;
    page(&app, frame, &who, Some(&kept), typed, Faults::default()).await
}

/// `POST /network/organisations/{id}`
pub(super) async fn save(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(typed): Fields<Typed>,
) -> Result<Response, Failure> {
    let kept = Kept::open(&app, &who, id_in(&id)?).await?;
    if typed.version != kept.version() {
        return overtaken(&app, frame, &who, &kept, typed).await;
    }
    let before = kept.entry();
    let operator = who.organisation().kind == OrganisationKind::Operator;
    // What decides who may do what is the operator's to say.
    let fixed = (!operator).then_some(before.organisation.parent).flatten();
    let entry = match typed.entry(&app, &frame, kept.id(), fixed).await? {
        Ok(mut entry) => {
            if !operator {
                entry.organisation.kind = before.organisation.kind;
                entry.organisation.parent = before.organisation.parent;
            }
            entry.organisation.active = before.organisation.active;
            entry.external_id.clone_from(&before.external_id);
            entry
        }
        Err(faults) => {
            return Ok(page(&app, frame, &who, Some(&kept), typed, faults)
                .await?
                .into_response());
        }
    };
    if entry != *before {
        let act = event(
            &who,
            AuditKind::OrganisationChanged,
            kept.id().0,
            frame.now,
            &changed(before, &entry),
        );
        match app.store.update_entry(&entry, kept.version(), &act).await {
            Ok(()) => {}
            Err(StoreError::Conflict) => {
                let stored = Kept::open(&app, &who, kept.id()).await?;
                return overtaken(&app, frame, &who, &stored, typed).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Redirect::to(&page_of(kept.id())).into_response())
}

/// Somebody else was first: both versions stand side by side, what was typed stays in the form, and
/// saving once more puts it in the place of what is stored now.
async fn overtaken(
    app: &App,
    frame: Frame,
    who: &May<Coordinate>,
    kept: &Kept,
    typed: Typed,
) -> Result<Response, Failure> {
    let stored = Typed::of(app, kept).await?;
    let operator = who.organisation().kind == OrganisationKind::Operator;
    // Fields that are not theirs to change do not differ.
    let (kind, parent) = if operator {
        (typed.kind, typed.parent)
    } else {
        (stored.kind.clone(), stored.parent.clone())
    };
    let typed = Typed {
        version: kept.version(),
        kind,
        parent,
        ..typed
    };
    let mut page = page(app, frame, who, Some(kept), typed, Faults::default()).await?;
    page.0.stored = differing(&page.0.frame, &stored, &page.0.kept);
    if page.0.stored.is_empty() {
        // Both wrote the same.
        return Ok(Redirect::to(&page_of(kept.id())).into_response());
    }
    Ok(page.into_response())
}

fn differing(frame: &Frame, stored: &Typed, typed: &Typed) -> Vec<Differing> {
    let kind = |word: &str| match OrganisationKind::parse(word) {
        Some(kind) => kind_name(frame, kind),
        None => word.to_owned(),
    };
    // A name and its code are the same region.
    let region = |text: &str| match resolve(text.trim()) {
        Resolved::One(code) => place(code.as_str()),
        _ => text.to_owned(),
    };
    let (stored_region, typed_region) = (region(&stored.region), region(&typed.region));
    let (stored_kind, typed_kind) = (kind(&stored.kind), kind(&typed.kind));
    let fields = [
        ("network-name", &stored.name, &typed.name),
        (
            "network-field-short-name",
            &stored.short_name,
            &typed.short_name,
        ),
        ("network-kind", &stored_kind, &typed_kind),
        ("network-region", &stored_region, &typed_region),
        ("network-parent", &stored.parent, &typed.parent),
        ("network-field-homepage", &stored.homepage, &typed.homepage),
        (
            "network-field-since-year",
            &stored.since_year,
            &typed.since_year,
        ),
    ];
    let fields = fields
        .into_iter()
        .filter(|(_, stored, typed)| stored.trim() != typed.trim());
    let row = |(key, stored, typed): (&str, &String, &String)| Differing {
        field: frame.t(key),
        stored: stored.clone(),
        typed: typed.clone(),
    };
    fields.map(row).collect()
}

/// The names of the fields that differ, for the trail: never what stood in them.
fn changed(before: &Entry, after: &Entry) -> String {
    let (old, new) = (&before.organisation, &after.organisation);
    let fields = [
        ("kind", old.kind != new.kind),
        ("name", old.name != new.name),
        ("short_name", before.short_name != after.short_name),
        ("region", old.region != new.region),
        ("homepage", old.homepage != new.homepage),
        ("parent", old.parent != new.parent),
        ("since_year", before.since_year != after.since_year),
    ];
    let fields = fields.into_iter().filter(|(_, differs)| *differs);
    fields.map(|(name, _)| name).collect::<Vec<_>>().join(", ")
}

impl Typed {
    async fn of(app: &App, kept: &Kept) -> Result<Self, StoreError> {
        let entry = kept.entry();
        let organisation = &entry.organisation;
        let parent = match organisation.parent {
            Some(parent) => app.store.organisation(parent).await?.name,
            None => String::new(),
        };
        Ok(Self {
            name: organisation.name.clone(),
            short_name: entry.short_name.clone(),
            kind: organisation.kind.as_str().to_owned(),
            region: organisation
                .region
                .as_ref()
                .map(|region| region.as_str().to_owned())
                .unwrap_or_default(),
            homepage: organisation.homepage.clone().unwrap_or_default(),
            parent,
            since_year: entry
                .since_year
                .map(|year| year.to_string())
                .unwrap_or_default(),
            version: kept.version(),
        })
    }

    /// The entry, or what is wrong with each field. With a `fixed` parent nothing else may stand
    /// above the organisation.
    async fn entry(
        &self,
        app: &App,
        frame: &Frame,
        id: OrganisationId,
        fixed: Option<OrganisationId>,
    ) -> Result<Result<Entry, Faults>, StoreError> {
        let mut faults = Faults::default();
        let name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            faults.name = Some(frame.t("network-fault-name"));
        }
        let short_name = self.short_name.trim().to_owned();
        if short_name.chars().count() > SHORT_NAME_CHARS_MAX {
            faults.short_name = Some(frame.t("network-fault-short-name"));
        }
        let kind = OrganisationKind::parse(&self.kind);
        if kind.is_none() {
            faults.kind = Some(frame.t("network-fault-kind"));
        }
        let (region, region_fault) = region_of(frame, &self.region);
        faults.region = region_fault;
        let homepage = homepage(&self.homepage);
        if homepage.is_err() {
            faults.homepage = Some(frame.t("network-fault-homepage"));
        }
        let since_year = year(&self.since_year);
        if since_year.is_err() {
            faults.since_year = Some(frame.t("network-fault-year"));
        }
        let parent = match fixed {
            Some(parent) => Some(parent),
            None => match find_one(app, &self.parent).await? {
                Ok(parent) => parent.map(|parent| parent.organisation.id),
                Err(key) => {
                    faults.parent = Some(frame.t1(key, "text", self.parent.trim()));
                    None
                }
            },
        };
        if parent == Some(id) {
            faults.parent = Some(frame.t("network-fault-own-part"));
        }
        let (Some(kind), Ok(homepage), Ok(since_year)) = (kind, homepage, since_year) else {
            return Ok(Err(faults));
        };
        if faults != Faults::default() {
            return Ok(Err(faults));
        }
        Ok(Ok(Entry {
            organisation: Organisation {
                id,
                kind,
                name,
                region,
                homepage,
                parent,
                active: true,
            },
            short_name,
            since_year,
            external_id: None,
        }))
    }
}

/// An address of a home page; none where the field is blank.
pub(super) fn homepage(text: &str) -> Result<Option<String>, ()> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let url = url::Url::parse(&whole).map_err(|_| ())?;
    let web = matches!(url.scheme(), "http" | "https");
    let hosted = url.host_str().is_some_and(|host| host.contains('.'));
    (web && hosted && whole.len() <= HOMEPAGE_BYTES_MAX)
        .then_some(Some(whole))
        .ok_or(())
}

/// A year; none where the field is blank.
pub(super) fn year(text: &str) -> Result<Option<i16>, ()> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let year: i16 = text.parse().map_err(|_| ())?;
    (FIRST_YEAR..=LAST_YEAR)
        .contains(&year)
        .then_some(Some(year))
        .ok_or(())
}

async fn page(
    app: &App,
    frame: Frame,
    who: &May<Coordinate>,
    kept: Option<&Kept>,
    typed: Typed,
    faults: Faults,
) -> Result<Html<EntryFormPage>, Failure> {
    let shell = Shell::load(app, &frame, who, "/network").await?;
    let (title, action, back) = match kept {
        None => (
            frame.t("network-add"),
            "/network/organisations".to_owned(),
            "/network".to_owned(),
        ),
        Some(kept) => (
            kept.entry().organisation.name.clone(),
            page_of(kept.id()),
            page_of(kept.id()),
        ),
    };
    Ok(Html(EntryFormPage {
        kinds: kind_choices(&frame, &typed.kind),
        provinces: province_names(),
        shell,
        title,
        action,
        back,
        kept: typed,
        faults,
        stored: Vec::new(),
        frame,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_page_is_an_address_of_the_web() {
        assert_eq!(homepage(" "), Ok(None));
        assert_eq!(
            homepage("amsi.or.id"),
            Ok(Some("https://amsi.or.id".to_owned()))
        );
        assert_eq!(
            homepage("http://a.example/x"),
            Ok(Some("http://a.example/x".to_owned()))
        );
        for bad in [
            "javascript:alert(1)",
            "ftp://a.example",
            "https://",
            "satu dua",
            "kantor",
        ] {
            assert_eq!(homepage(bad), Err(()), "{bad}");
        }
    }

    #[test]
    fn a_year_is_one_of_ours() {
        assert_eq!((year("2017"), year("")), (Ok(Some(2017)), Ok(None)));
        for bad in ["17", "20177", "dua ribu", "1899"] {
            assert_eq!(year(bad), Err(()), "{bad}");
        }
    }
}
