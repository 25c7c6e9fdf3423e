//! Where an association has a chapter and where one is missing.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::OrganisationId;
use domain::audit::AuditKind;
use domain::coverage::{Cover, chapters_in, cover};
use domain::date::Date;
use domain::directory::{ChapterRegion, CoverageClaim};
use domain::organisation::OrganisationKind;
use domain::region::RegionCode;
use serde::Deserialize;
use store::{AssociationReach, DirectoryFilter, StoreError};

use super::days::{Typed, term, today, typed, written};
use super::keeping::{InNetwork, Kept, id_in, page_of};
use super::list::region_of;
use super::organisation;
use super::small_form::{Posted, Refused};
use super::tiles::{Tile, map_tiles, row_tiles};
use super::words::Choice;
use crate::access::{May, permission::Coordinate};
use crate::app::App;
use crate::desk::{Shell, event, filled};
use crate::error::Failure;
use crate::regions::{self, Region};
use crate::web::{Cache, Fields, Frame, Html, Page};

/// Associations offered at most.
const ASSOCIATIONS_MAX: u32 = 100;

/// Whose map, and of which province.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    lembaga: String,
    wilayah: String,
}

/// One region of the map.
#[derive(Debug)]
struct Row {
    name: String,
    /// The map of this province.
    address: Option<String>,
    class: &'static str,
    icon: &'static str,
    state: String,
    chapters: Vec<(String, String)>,
    source: Option<String>,
}

#[derive(Debug)]
struct Map {
    association: (String, String),
    province: Option<String>,
    summary: String,
    rows: Vec<Row>,
    tiles: Vec<Tile>,
    width: i64,
    height: i64,
    back: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "network/coverage.html")]
pub(crate) struct CoveragePage {
    frame: Frame,
    shell: Shell,
    associations: Vec<Choice>,
    map: Option<Map>,
}

impl Page for CoveragePage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// `GET /network/coverage?lembaga=&wilayah=`
pub(super) async fn show(
    who: InNetwork,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<CoveragePage>, Failure> {
    let shell = Shell::load(&app, &frame, &who, "/network").await?;
    let now = today(&frame);
    let filter = DirectoryFilter {
        kind: Some(OrganisationKind::MediaAssociation),
        ..DirectoryFilter::default()
    };
    let offered = store::Page::first(ASSOCIATIONS_MAX);
    let (associations, _) = app.store.directory(&filter, now, offered).await?;
    let chosen = OrganisationId::parse(&asked.lembaga);
    let map = match chosen {
        None => None,
        Some(id) => {
            let association = app.store.organisation(id).await?;
            if association.kind != OrganisationKind::MediaAssociation {
                return Err(Failure::NotFound);
            }
            let reach = app.store.association_reach(id).await?;
            let province = RegionCode::parse(&asked.wilayah).ok();
            let province = province.and_then(|code| regions::exact(code.province()));
            let view = View {
                frame: &frame,
                reach: &reach,
                id,
                now,
            };
            Some(view.map(association.name, province))
        }
    };
    let associations = associations.into_iter().map(|row| Choice {
        chosen: chosen == Some(row.entry.organisation.id),
        value: row.entry.organisation.id.to_string(),
        text: row.entry.organisation.name,
    });
    Ok(Html(CoveragePage {
        associations: associations.collect(),
        frame,
        shell,
        map,
    }))
}

/// What a map is drawn from.
struct View<'a> {
    frame: &'a Frame,
    reach: &'a AssociationReach,
    id: OrganisationId,
    now: Date,
}

impl View<'_> {
    fn map(&self, name: String, province: Option<&'static Region>) -> Map {
        let regions: Vec<&'static Region> = match province {
            None => regions::provinces_on(self.now).collect(),
            Some(province) => regions::regencies(&province.code).collect(),
        };
        let covers: Vec<(Option<RegionCode>, Cover)> =
            regions.iter().map(|region| self.cover(region)).collect();
        let rows: Vec<Row> = regions
            .iter()
            .zip(&covers)
            .filter_map(|(region, (code, cover))| {
                Some(self.row(region, code.as_ref()?, *cover, province.is_none()))
            })
            .collect();
        let marks: Vec<(&str, &str, &'static str, String)> = regions
            .iter()
            .zip(&covers)
            .zip(&rows)
            .map(|((region, (_, cover)), row)| {
                let label = format!("{}: {}", region.name, row.state);
                (
                    region.code.as_str(),
                    region.short_name.as_str(),
                    cover.as_str(),
                    label,
                )
            })
            .collect();
        let (tiles, width, height) = if province.is_none() {
            map_tiles(&marks)
        } else {
            row_tiles(&marks)
        };
        Map {
            summary: self.summary(&covers, province),
            association: (page_of(self.id), name),
            province: province.map(|province| province.name.clone()),
            back: province.map(|_| format!("/network/coverage?lembaga={}", self.id)),
            rows,
            tiles,
            width,
            height,
        }
    }

    fn cover(&self, region: &Region) -> (Option<RegionCode>, Cover) {
        let Ok(code) = RegionCode::parse(&region.code) else {
            return (None, Cover::Missing);
        };
        let within: Vec<RegionCode> = regions::regencies(&region.code)
            .filter_map(|regency| RegionCode::parse(&regency.code).ok())
            .collect();
        let seated = self
            .reach
            .chapters
            .iter()
            .any(|chapter| chapter.seat.as_ref() == Some(&code));
        let cover = cover(
            &self.reach.regions,
            &code,
            &within,
            self.claim(&code).map(|claim| claim.count),
            seated,
            self.now,
            regions::history(),
        );
        (Some(code), cover)
    }

    fn claim(&self, code: &RegionCode) -> Option<&CoverageClaim> {
        self.reach.claims.iter().find(|claim| claim.region == *code)
    }

    fn row(&self, region: &Region, code: &RegionCode, cover: Cover, leads_on: bool) -> Row {
        let frame = self.frame;
        let all = regions::regencies(&region.code).count();
        let all = frame.whole(i64::try_from(all).unwrap_or(i64::MAX));
        let count = |count: i64| [("count", frame.whole(count)), ("all", all.clone())];
        let said = |key: &str, count: [(&str, String); 2]| {
            let parts: Vec<(&str, &str)> = count
                .iter()
                .map(|(name, text)| (*name, text.as_str()))
                .collect();
            filled(frame, key, &parts)
        };
        let state = match cover {
            Cover::Whole => frame.t("network-cover-whole"),
            Cover::Named(named) => said(
                "network-cover-named",
                count(i64::try_from(named).unwrap_or(i64::MAX)),
            ),
            Cover::Stated(stated) => said("network-cover-stated", count(i64::from(stated))),
            Cover::Seat => frame.t("network-cover-seat"),
            Cover::Missing => frame.t("network-cover-missing"),
        };
        let (class, icon) = match cover {
            Cover::Whole => ("true", "circle-check"),
            Cover::Named(_) => ("official", "circle-dot"),
            Cover::Stated(_) => ("misleading", "circle-question-mark"),
            Cover::Seat => ("unproven", "landmark"),
            Cover::Missing => ("", "x"),
        };
        Row {
            name: region.name.clone(),
            address: leads_on.then(|| {
                format!(
                    "/network/coverage?lembaga={}&wilayah={}",
                    self.id, region.code
                )
            }),
            class,
            icon,
            state,
            chapters: self.chapters(code),
            source: self
                .claim(code)
                .map(|claim| format!("{} ({})", claim.source, written(frame, claim.on))),
        }
    }

    /// The chapters that cover a region or something in it, and those that have their seat there.
    fn chapters(&self, code: &RegionCode) -> Vec<(String, String)> {
        let there = chapters_in(&self.reach.regions, code, self.now, regions::history());
        let chapters =
            self.reach.chapters.iter().filter(|chapter| {
                there.contains(&chapter.id) || chapter.seat.as_ref() == Some(code)
            });
        chapters
            .map(|chapter| (page_of(chapter.id), chapter.name.clone()))
            .collect()
    }

    /// How many regions have a chapter, in one sentence that says what is only stated.
    fn summary(&self, covers: &[(Option<RegionCode>, Cover)], province: Option<&Region>) -> String {
        let frame = self.frame;
        let whole = |count: usize| frame.whole(i64::try_from(count).unwrap_or(i64::MAX));
        let is = |(_, cover): &&(Option<RegionCode>, Cover)| {
            matches!(cover, Cover::Whole | Cover::Named(_))
        };
        let named = covers.iter().filter(is).count();
        let stated = province
            .and_then(|province| RegionCode::parse(&province.code).ok())
            .and_then(|code| self.claim(&code).map(|claim| claim.count));
        match (province, stated) {
            (Some(_), Some(stated)) => filled(
                frame,
                "network-cover-sum-stated",
                &[
                    ("count", &whole(named)),
                    ("all", &whole(covers.len())),
                    ("stated", &frame.whole(i64::from(stated))),
                ],
            ),
            (Some(_), None) => filled(
                frame,
                "network-cover-sum-regencies",
                &[("count", &whole(named)), ("all", &whole(covers.len()))],
            ),
            (None, _) => {
                let missing = covers
                    .iter()
                    .filter(|(_, cover)| *cover == Cover::Missing)
                    .count();
                filled(
                    frame,
                    "network-cover-sum-provinces",
                    &[
                        ("count", &whole(covers.len() - missing)),
                        ("all", &whole(covers.len())),
                        ("missing", &whole(missing)),
                    ],
                )
            }
        }
    }
}

/// `POST /network/organisations/{id}/regions`
pub(super) async fn add_region(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(posted): Fields<Posted>,
) -> Result<Response, Failure> {
    let kept = Kept::open(&app, &who, id_in(&id)?).await?;
    if kept.entry().organisation.kind != OrganisationKind::AssociationChapter {
        return Err(Failure::NotFound);
    }
    let refuse = async |fault: String, kept_fields| {
        let refused = Refused {
            form: "regions",
            fault,
            kept: kept_fields,
        };
        organisation::refused_saying(&app, frame.clone(), &who, kept.id(), refused).await
    };
    let term = match term(&posted.from, &posted.until) {
        Ok(term) if posted.fits() => term,
        Ok(_) => return refuse(frame.t("network-fault-long"), posted).await,
        Err(key) => return refuse(frame.t(key), posted).await,
    };
    let region = match region_of(&frame, &posted.region) {
        (Some(region), _) => region,
        (None, Some(fault)) => return refuse(fault, posted).await,
        (None, None) => return refuse(frame.t("network-fault-no-region"), posted).await,
    };
    let covers = ChapterRegion {
        chapter: kept.id(),
        region,
        term,
        source: posted.source.trim().to_owned(),
    };
    let act = event(
        &who,
        AuditKind::ChapterRegionAdded,
        kept.id().0,
        frame.now,
        covers.region.as_str(),
    );
    match app.store.add_chapter_region(&covers, &act).await {
        Ok(()) => Ok(Redirect::to(&page_of(kept.id())).into_response()),
        Err(StoreError::Conflict) => refuse(frame.t("network-fault-region-already"), posted).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /network/organisations/{id}/regions/{code}/end`
pub(super) async fn end_region(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path((id, code)): Path<(String, String)>,
) -> Result<Redirect, Failure> {
    let kept = Kept::open(&app, &who, id_in(&id)?).await?;
    let region = RegionCode::parse(&code).map_err(|_| Failure::NotFound)?;
    let now = today(&frame);
    let covered = app.store.chapter_regions(kept.id()).await?;
    let open = covered
        .iter()
        .find(|one| one.region == region && one.term.until().is_none())
        .ok_or(Failure::NotFound)?;
    // A term that begins later than today ends on its first day.
    let last = open.term.from().map_or(now, |from| from.max(now));
    let act = event(
        &who,
        AuditKind::ChapterRegionEnded,
        kept.id().0,
        frame.now,
        region.as_str(),
    );
    app.store
        .end_chapter_region(kept.id(), &region, last, &act)
        .await?;
    Ok(Redirect::to(&page_of(kept.id())))
}

/// `POST /network/organisations/{id}/coverage`: a number of chapters that nobody named.
pub(super) async fn state(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(posted): Fields<Posted>,
) -> Result<Response, Failure> {
    let kept = Kept::open(&app, &who, id_in(&id)?).await?;
    if kept.entry().organisation.kind != OrganisationKind::MediaAssociation {
        return Err(Failure::NotFound);
    }
    let now = today(&frame);
    let claim = match read_claim(&frame, kept.id(), &posted, now) {
        Ok(claim) => claim,
        Err(fault) => return refuse_claim(&app, frame, &who, kept.id(), fault, posted).await,
    };
    let act = event(
        &who,
        AuditKind::CoverageStated,
        kept.id().0,
        frame.now,
        claim.region.as_str(),
    );
    match app.store.state_coverage(&claim, &act).await {
        Ok(()) => {
            let way = format!(
                "/network/coverage?lembaga={}&wilayah={}",
                kept.id(),
                claim.region
            );
            Ok(Redirect::to(&way).into_response())
        }
        Err(StoreError::Conflict) => {
            let fault = frame.t("network-fault-stated-already");
            refuse_claim(&app, frame, &who, kept.id(), fault, posted).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn refuse_claim(
    app: &App,
    frame: Frame,
    who: &May<Coordinate>,
    id: OrganisationId,
    fault: String,
    kept: Posted,
) -> Result<Response, Failure> {
    let refused = Refused {
        form: "coverage",
        fault,
        kept,
    };
    organisation::refused_saying(app, frame, who, id, refused).await
}

/// A number between one and all regencies of a province, with where it is written.
fn read_claim(
    frame: &Frame,
    association: OrganisationId,
    posted: &Posted,
    now: Date,
) -> Result<CoverageClaim, String> {
    let region = match region_of(frame, &posted.region) {
        (Some(region), _) if region.as_str().len() == 2 => region,
        (Some(_), _) | (None, None) => return Err(frame.t("network-fault-province")),
        (None, Some(fault)) => return Err(fault),
    };
    let all = regions::regencies(region.as_str()).count();
    let count: u16 = posted.count.trim().parse().unwrap_or(0);
    if count == 0 || usize::from(count) > all {
        return Err(frame.t1("network-fault-count", "all", all.to_string()));
    }
    let source = posted.source.trim();
    if source.is_empty() || !posted.fits() {
        return Err(frame.t("network-fault-source"));
    }
    let on = match typed(&posted.from) {
        Typed::Day(day) if day <= now => day,
        Typed::Blank => now,
        Typed::Day(_) => return Err(frame.t("network-fault-future")),
        Typed::Unreadable => return Err(frame.t("network-fault-day")),
    };
    Ok(CoverageClaim {
        association,
        region,
        count,
        on,
        source: source.to_owned(),
    })
}
