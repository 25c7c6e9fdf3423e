//! The list of organisations: paged, searched, by kind and region.

use askama::Template;
use axum::extract::{Query, State};
use domain::OrganisationId;
use domain::organisation::OrganisationKind;
use serde::Deserialize;
use store::{DirectoryFilter, DirectoryRow};

use super::days::today;
use super::keeping::{InNetwork, adds, page_of};
use super::words::{Choice, kind_choices, kind_name, where_name};
use crate::app::App;
use crate::desk::{Pages, Shell, page_of as page_number};
use crate::error::Failure;
use crate::regions::{self, Resolved};
use crate::web::address::query_value;
use crate::web::{Cache, Frame, Html, Page};

/// Organisations of one page.
const LIST_ROWS: u32 = 50;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Part of a name.
    cari: String,
    /// A kind.
    jenis: String,
    /// A region by name or code.
    wilayah: String,
    /// Parts of this organisation.
    lembaga: String,
    /// `keluar` for those that left.
    daftar: String,
    hal: String,
}

#[derive(Debug)]
struct Row {
    address: String,
    name: String,
    short_name: String,
    kind: String,
    place: String,
    parent: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "network/list.html")]
pub(crate) struct ListPage {
    frame: Frame,
    shell: Shell,
    asked: Asked,
    kinds: Vec<Choice>,
    rows: Vec<Row>,
    total: String,
    pages: Pages,
    /// The organisation whose parts are shown.
    whole: Option<(String, String)>,
    /// What the region field turned out to be, or why it is none.
    region: Option<String>,
    region_fault: Option<String>,
    adds: bool,
    provinces: Vec<&'static str>,
}

impl Page for ListPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// `GET /network?cari=&jenis=&wilayah=&lembaga=&daftar=&hal=`
pub(super) async fn show(
    who: InNetwork,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<ListPage>, Failure> {
    let page = page_number(&asked.hal);
    let (region, region_fault) = region_of(&frame, &asked.wilayah);
    let part_of = OrganisationId::parse(&asked.lembaga);
    let filter = DirectoryFilter {
        kind: OrganisationKind::parse(&asked.jenis),
        region,
        text: asked.cari.clone(),
        part_of,
        left: asked.daftar == "keluar",
    };
    let wanted = store::Page {
        limit: LIST_ROWS,
        offset: (page - 1) * LIST_ROWS,
    };
    let (found, total) = app.store.directory(&filter, today(&frame), wanted).await?;
    let shell = Shell::load(&app, &frame, &who, "/network").await?;
    let whole = match part_of {
        Some(id) => {
            let whole = app.store.organisation(id).await?;
            Some((page_of(id), whole.name))
        }
        None => None,
    };
    let shown = i64::from(wanted.offset) + i64::try_from(found.len()).unwrap_or(i64::MAX);
    let pages = Pages::new(
        &frame,
        page,
        LIST_ROWS,
        found.len(),
        shown < total,
        |page| asked.address(page),
    );
    Ok(Html(ListPage {
        rows: found.into_iter().map(|row| Row::new(&frame, row)).collect(),
        total: frame.n("network-count", total),
        kinds: kind_choices(&frame, &asked.jenis),
        region: filter.region.map(|region| regions::place(region.as_str())),
        region_fault,
        adds: adds(&who),
        provinces: province_names(),
        shell,
        frame,
        asked,
        pages,
        whole,
    }))
}

impl Row {
    fn new(frame: &Frame, row: DirectoryRow) -> Self {
        let organisation = row.entry.organisation;
        Self {
            address: page_of(organisation.id),
            kind: kind_name(frame, organisation.kind),
            place: where_name(frame, &organisation),
            name: organisation.name,
            short_name: row.entry.short_name,
            parent: row.parent_name,
        }
    }
}

impl Asked {
    fn address(&self, page: u32) -> String {
        format!(
            "/network?cari={}&jenis={}&wilayah={}&lembaga={}&daftar={}&hal={page}",
            query_value(&self.cari),
            query_value(&self.jenis),
            query_value(&self.wilayah),
            query_value(&self.lembaga),
            query_value(&self.daftar),
        )
    }

    fn is_plain(&self) -> bool {
        [&self.cari, &self.jenis, &self.wilayah, &self.lembaga]
            .into_iter()
            .all(|field| field.trim().is_empty())
    }
}

/// The region a person typed, or the sentence that says why it is none.
pub(super) fn region_of(
    frame: &Frame,
    text: &str,
) -> (Option<domain::region::RegionCode>, Option<String>) {
    if text.trim().is_empty() {
        return (None, None);
    }
    match regions::resolve(text) {
        Resolved::One(code) => (Some(code), None),
        Resolved::Unknown => (None, Some(frame.t1("network-fault-region", "text", text))),
        Resolved::Several(choices) => {
            let names: Vec<String> = choices
                .iter()
                .map(|region| regions::place(&region.code))
                .collect();
            let names = names.join("; ");
            (
                None,
                Some(frame.t1("network-fault-regions", "names", names)),
            )
        }
    }
}

/// What the look-up box offers before anything is typed.
pub(super) fn province_names() -> Vec<&'static str> {
    regions::provinces()
        .map(|region| region.short_name.as_str())
        .collect()
}
