//! The page of one organisation: who, where, chapters, media, offices, pledge, record, history.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::OrganisationId;
use domain::date::Date;
use domain::directory::{ChapterRegion, DatedFact, FactKind, Pledge};
use domain::organisation::OrganisationKind;
use domain::policy::Action;
use store::{AffiliationRow, DirectoryFilter, DirectoryRow, YearRecord};

use super::days::{span, today, written};
use super::history::{Act, acts_on};
use super::keeping::{InNetwork, id_in, keeps, page_of};
use super::list::province_names;
use super::small_form::{Posted, Refused};
use super::staff::{Staff, staff_of};
use super::words::{Choice, kind_name, level_name, where_name};
use crate::access::{May, SignedIn, permission::Coordinate};
use crate::admin::confined;
use crate::app::App;
use crate::desk::{Shell, filled};
use crate::error::Failure;
use crate::regions;
use crate::web::{Cache, Frame, Html, Page};

/// Media and people named on the page; the list has all of them.
pub(super) const NAMED_ROWS: u32 = 12;
/// Acts of the history that are shown.
const HISTORY_ROWS: usize = 30;
/// Years of the record that are shown.
const RECORD_YEARS: i64 = 15;

/// A link to another organisation.
#[derive(Debug)]
struct Other {
    id: OrganisationId,
    name: String,
    place: String,
}

#[derive(Debug)]
struct FactRow {
    id: String,
    title: String,
    text: String,
    span: String,
    source: String,
    goes_on: bool,
}

#[derive(Debug)]
struct FactGroup {
    name: String,
    rows: Vec<FactRow>,
}

#[derive(Debug)]
struct RegionRow {
    code: String,
    place: String,
    span: String,
    source: String,
    goes_on: bool,
}

#[derive(Debug)]
struct MembershipRow {
    association: OrganisationId,
    name: String,
    span: String,
    source: String,
    /// The signed-in member keeps the association's list, and the membership goes on.
    may_end: bool,
}

#[derive(Debug)]
struct PledgeRow {
    signed: String,
    withdrawn: Option<String>,
    source: String,
}

#[derive(Debug)]
struct YearRow {
    year: i64,
    checks: String,
    cases: String,
    /// Of the best year, in percent.
    share: i64,
}

/// What only an association has.
#[derive(Debug)]
struct AssociationPart {
    chapters: Vec<Other>,
    media: Vec<Other>,
    media_now: String,
    media_before: String,
    all: String,
    coverage: String,
}

/// What only a newsroom has.
#[derive(Debug)]
struct NewsroomPart {
    memberships: Vec<MembershipRow>,
    pledges: Vec<PledgeRow>,
    /// A pledge holds now.
    pledged: bool,
    may_pledge: bool,
    checks: String,
}

#[derive(Debug, Template)]
#[template(path = "network/organisation.html")]
pub(crate) struct OrganisationPage {
    frame: Frame,
    shell: Shell,
    id: OrganisationId,
    name: String,
    short_name: String,
    kind: String,
    level: String,
    place: String,
    homepage: Option<String>,
    parent: Option<(String, String)>,
    since_year: Option<i16>,
    active: bool,
    keeps: bool,
    own: bool,
    groups: Vec<FactGroup>,
    fact_kinds: Vec<Choice>,
    /// What a chapter covers; none of any other body.
    regions: Option<Vec<RegionRow>>,
    association: Option<AssociationPart>,
    newsroom: Option<NewsroomPart>,
    years: Vec<YearRow>,
    staff: Option<Staff>,
    /// That keys of ours soon run out, one sentence each.
    keys: Vec<String>,
    history: Vec<Act>,
    refused: Refused,
    provinces: Vec<&'static str>,
}

impl Page for OrganisationPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        if self.refused.form.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}

impl OrganisationPage {
    /// The fault of the form called `form`, when that is the one that was sent.
    fn fault_of(&self, form: &str) -> Option<&str> {
        (self.refused.form == form).then_some(self.refused.fault.as_str())
    }

    /// What stood in the form called `form`.
    fn kept_in(&self, form: &str) -> Posted {
        if self.refused.form == form {
            self.refused.kept.clone()
        } else {
            Posted::default()
        }
    }
}

/// `GET /network/organisations/{id}`
pub(super) async fn show(
    who: InNetwork,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Html<OrganisationPage>, Failure> {
    page(&app, frame, &who, id_in(&id)?, Refused::default()).await
}

/// The page again, with what is wrong beside the form called `form`.
pub(super) async fn refused(
    app: &App,
    frame: Frame,
    who: &May<Coordinate>,
    id: OrganisationId,
    form: &'static str,
    key: &'static str,
    kept: Posted,
) -> Result<Response, Failure> {
    let text = [&kept.region, &kept.organisation]
        .into_iter()
        .find(|text| !text.trim().is_empty())
        .cloned()
        .unwrap_or_default();
    let refused = Refused {
        form,
        fault: frame.t1(key, "text", text),
        kept,
    };
    Ok(page(app, frame, who, id, refused).await?.into_response())
}

/// The page again with a sentence that is made already.
pub(super) async fn refused_saying(
    app: &App,
    frame: Frame,
    who: &May<Coordinate>,
    id: OrganisationId,
    refused: Refused,
) -> Result<Response, Failure> {
    Ok(page(app, frame, who, id, refused).await?.into_response())
}

async fn page(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    id: OrganisationId,
    refused: Refused,
) -> Result<Html<OrganisationPage>, Failure> {
    let DirectoryRow {
        entry, parent_name, ..
    } = app.store.entry(id).await?;
    let now = today(&frame);
    let shell = Shell::load(app, &frame, who, "/network").await?;
    let organisation = &entry.organisation;
    let keeps = keeps(who, organisation);
    let facts = app.store.dated_facts(id).await?;
    let regions = match organisation.kind {
        OrganisationKind::AssociationChapter => Some(regions_of(app, &frame, id).await?),
        _ => None,
    };
    let years = app.store.track_record(&entry).await?;
    let checks = years.values().map(|year| year.checks).sum();
    let association = match organisation.kind {
        OrganisationKind::MediaAssociation => Some(association_part(app, &frame, id, now).await?),
        _ => None,
    };
    let newsroom = match organisation.kind {
        OrganisationKind::Newsroom => {
            Some(newsroom_part(app, &frame, who, id, keeps, checks).await?)
        }
        _ => None,
    };
    let staff = staff_of(app, &frame, who, id).await?;
    let audits = frame.may(Action::Audit) && confined(who).is_none_or(|own| own == id);
    let history = if keeps || audits {
        acts_on(app, &frame, who, id.0, HISTORY_ROWS).await?
    } else {
        Vec::new()
    };
    let keys = if keeps && who.organisation().id == id {
        crate::admin::soon_in_words(app, &frame, id).await?
    } else {
        Vec::new()
    };
    let parent = organisation.parent.zip(parent_name);
    Ok(Html(OrganisationPage {
        id,
        kind: kind_name(&frame, organisation.kind),
        level: level_name(&frame, organisation.level()),
        place: where_name(&frame, organisation),
        groups: groups(&frame, &facts),
        fact_kinds: fact_kinds(&frame, &refused.kept.kind),
        regions,
        years: year_rows(&frame, &years, entry.since_year, now),
        own: who.organisation().id == id,
        parent: parent.map(|(id, name)| (page_of(id), name)),
        name: entry.organisation.name,
        short_name: entry.short_name,
        homepage: entry.organisation.homepage,
        since_year: entry.since_year,
        active: entry.organisation.active,
        provinces: province_names(),
        keeps,
        association,
        newsroom,
        staff,
        history,
        keys,
        refused,
        shell,
        frame,
    }))
}

async fn regions_of(
    app: &App,
    frame: &Frame,
    chapter: OrganisationId,
) -> Result<Vec<RegionRow>, Failure> {
    let covers = app.store.chapter_regions(chapter).await?;
    Ok(covers
        .iter()
        .map(|one| RegionRow::new(frame, one))
        .collect())
}

fn groups(frame: &Frame, facts: &[DatedFact]) -> Vec<FactGroup> {
    let groups = FactKind::ALL.iter().map(|kind| FactGroup {
        name: frame.t(&format!("network-fact-{}", kind.as_str())),
        rows: facts
            .iter()
            .filter(|fact| fact.kind == *kind)
            .map(|fact| FactRow {
                id: fact.id.to_string(),
                title: fact.title.clone(),
                text: if fact.text.is_empty() {
                    frame.t("network-not-named")
                } else {
                    fact.text.clone()
                },
                span: span(frame, fact.term),
                source: fact.source.clone(),
                goes_on: fact.term.until().is_none(),
            })
            .collect(),
    });
    groups.filter(|group| !group.rows.is_empty()).collect()
}

fn fact_kinds(frame: &Frame, chosen: &str) -> Vec<Choice> {
    let choices = FactKind::ALL.iter().map(|kind| Choice {
        value: kind.as_str().to_owned(),
        text: frame.t(&format!("network-fact-{}", kind.as_str())),
        chosen: kind.as_str() == chosen,
    });
    choices.collect()
}

impl RegionRow {
    fn new(frame: &Frame, one: &ChapterRegion) -> Self {
        Self {
            code: one.region.as_str().to_owned(),
            place: regions::place(one.region.as_str()),
            span: span(frame, one.term),
            source: one.source.clone(),
            goes_on: one.term.until().is_none(),
        }
    }
}

async fn association_part(
    app: &App,
    frame: &Frame,
    id: OrganisationId,
    now: Date,
) -> Result<AssociationPart, Failure> {
    let chapters = app.store.chapters(id).await?;
    let filter = DirectoryFilter {
        kind: Some(OrganisationKind::Newsroom),
        part_of: Some(id),
        ..DirectoryFilter::default()
    };
    let named = store::Page::first(NAMED_ROWS);
    let (media, _) = app.store.directory(&filter, now, named).await?;
    let before = now.year_before();
    let [count, earlier] = app.store.affiliated_on(id, [now, before]).await?;
    let earlier = frame.n("network-media-count", earlier);
    Ok(AssociationPart {
        chapters: chapters
            .into_iter()
            .map(|chapter| Other {
                id: chapter.id,
                name: chapter.name,
                place: chapter
                    .seat
                    .map(|seat| regions::place(seat.as_str()))
                    .unwrap_or_default(),
            })
            .collect(),
        media: media
            .into_iter()
            .map(|row| Other {
                place: where_name(frame, &row.entry.organisation),
                id: row.entry.organisation.id,
                name: row.entry.organisation.name,
            })
            .collect(),
        media_now: frame.n("network-media-count", count),
        media_before: filled(
            frame,
            "network-media-before",
            &[("day", &written(frame, before)), ("media", &earlier)],
        ),
        all: format!("/network?lembaga={id}&jenis=newsroom"),
        coverage: format!("/network/coverage?lembaga={id}"),
    })
}

async fn newsroom_part(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    id: OrganisationId,
    keeps: bool,
    checks: i64,
) -> Result<NewsroomPart, Failure> {
    let rows = app.store.affiliations(id).await?;
    let pledges = app.store.pledges(id).await?;
    let operator = who.organisation().kind == OrganisationKind::Operator;
    let may = frame.may(Action::Coordinate);
    let own = who.organisation().id;
    let goes_on = |row: &AffiliationRow| row.affiliation.term.until().is_none();
    let of_own = rows
        .iter()
        .any(|row| row.affiliation.association == own && goes_on(row));
    Ok(NewsroomPart {
        pledged: pledges.iter().any(|pledge| pledge.withdrawn_on.is_none()),
        may_pledge: keeps || (may && of_own),
        pledges: pledges
            .iter()
            .map(|pledge| PledgeRow::new(frame, pledge))
            .collect(),
        memberships: rows
            .into_iter()
            .map(|row| MembershipRow {
                may_end: may && goes_on(&row) && (operator || row.affiliation.association == own),
                association: row.affiliation.association,
                name: row.association_name,
                span: span(frame, row.affiliation.term),
                source: row.affiliation.source,
            })
            .collect(),
        checks: frame.n("network-checks-count", checks),
    })
}

impl PledgeRow {
    fn new(frame: &Frame, pledge: &Pledge) -> Self {
        Self {
            signed: written(frame, pledge.signed_on),
            withdrawn: pledge.withdrawn_on.map(|day| written(frame, day)),
            source: pledge.source.clone(),
        }
    }
}

/// Every year since the first of the organisation or of its record, the newest first.
fn year_rows(
    frame: &Frame,
    years: &std::collections::BTreeMap<i64, YearRecord>,
    since: Option<i16>,
    now: Date,
) -> Vec<YearRow> {
    let last = i64::from(now.year());
    let first = years.keys().copied().chain(since.map(i64::from)).min();
    let Some(first) = first.filter(|first| *first <= last) else {
        return Vec::new();
    };
    let best = years.values().map(|year| year.checks).max().unwrap_or(0);
    let shown = first.max(last - RECORD_YEARS + 1)..=last;
    let rows = shown.rev().map(|year| {
        let record = years.get(&year).copied().unwrap_or_default();
        YearRow {
            year,
            checks: frame.whole(record.checks),
            cases: frame.whole(record.cases),
            share: record.checks * 100 / best.max(1),
        }
    });
    rows.collect()
}
