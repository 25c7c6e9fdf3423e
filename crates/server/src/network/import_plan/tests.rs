//! Plans of small files.

use super::*;
use crate::intake::import::mapping::Subject;
use crate::intake::import::reader::Reader;
use domain::organisation::OrganisationKind as Kind;

/// The plan of a file, and what the store would know after it.
fn plan(text: &str, scope: &Scope, known: Known) -> Plan {
    let mut reader = Reader::of_text(text.to_owned()).expect("a file");
    let mut lines = Vec::new();
    while let Some(line) = reader.next_line().expect("a line") {
        lines.push(line);
    }
    let mapping = Mapping::guess(Subject::Organisations, &lines, None).expect("columns");
    let mut planner = Planner::new(&mapping, scope, known);
    for line in &lines {
        planner.line(line);
    }
    planner.done()
}

fn after(plan: &Plan) -> Known {
    Known {
        entries: plan.entries.iter().map(|one| one.entry.clone()).collect(),
        affiliations: plan
            .entries
            .iter()
            .filter_map(|one| one.affiliation.as_ref())
            .map(|one| (one.association, one.media))
            .collect(),
    }
}

fn changes(plan: &Plan) -> Vec<&Change> {
    plan.lines.iter().map(|line| &line.change).collect()
}

const FILE: &str = "\
No Anggota;Nama Media;Jenis;Wilayah;Website;Asosiasi;Bergabung;Tahun berdiri
A;Asosiasi Contoh;asosiasi media;;asosiasi.example;;;2017
M-1;Kabar Muara;media online;Kab. Muaro Jambi;https://www.kabarmuara.example/;Asosiasi Contoh;1/10/2024;2019
M-2;Warta Kota;media;Kota Jambi;;asosiasi contoh;;
";

#[test]
fn a_file_makes_organisations_and_memberships() {
    let made = plan(FILE, &Scope::default(), Known::default());
    assert_eq!(changes(&made), [&Change::New; 3], "{:?}", made.lines);
    let muara = &made.entries[1];
    let organisation = &muara.entry.organisation;
    assert_eq!(organisation.kind, Kind::Newsroom);
    assert_eq!(
        organisation.region.as_ref().map(RegionCode::as_str),
        Some("15.05")
    );
    assert_eq!(muara.entry.since_year, Some(2019));
    let membership = muara.affiliation.as_ref().expect("a membership");
    assert_eq!(
        membership.association,
        made.entries[0].entry.organisation.id
    );
    let joined = membership.term.from().map(|day| day.to_string());
    assert_eq!(joined.as_deref(), Some("2024-10-01"));
    assert!(made.entries[2].affiliation.is_some());
}

#[test]
fn a_line_is_known_by_what_an_earlier_line_brought() {
    let first = "No Anggota;Nama Media;Jenis\n;KPU Contoh;kpu\n";
    let first = plan(first, &Scope::default(), Known::default());
    let file = "kode;nama;jenis;singkatan;induk\n\
        kpu;KPU Contoh;kpu;KPUC;\n\
        kpu-15;KPU Contoh Jambi;kpu;;kpu\n\
        kpu-16;KPU Contoh Sumsel;kpu;;KPUC\n";
    let again = plan(file, &Scope::default(), after(&first));
    let whole = first.entries[0].entry.organisation.id;
    let parents = again
        .entries
        .iter()
        .map(|one| one.entry.organisation.parent);
    let parents: Vec<_> = parents.collect();
    assert_eq!(
        parents,
        [None, Some(whole), Some(whole)],
        "{:?}",
        again.lines
    );
}

#[test]
fn importing_again_changes_nothing() {
    let first = plan(FILE, &Scope::default(), Known::default());
    let again = plan(FILE, &Scope::default(), after(&first));
    assert_eq!(changes(&again), [&Change::Same; 3], "{:?}", again.lines);
    assert!(again.entries.is_empty());
}

#[test]
fn a_changed_cell_changes_that_field_and_a_blank_one_nothing() {
    let first = plan(FILE, &Scope::default(), Known::default());
    let file = "Nama Media;No Anggota;Website\nKabar Muara Jambi;M-1;\n";
    let again = plan(file, &Scope::default(), after(&first));
    assert_eq!(changes(&again), [&Change::Changed(vec!["name"])]);
    let entry = &again.entries[0].entry;
    assert_eq!(entry.organisation.name, "Kabar Muara Jambi");
    assert_eq!(
        entry.organisation.homepage.as_deref(),
        Some("https://www.kabarmuara.example/")
    );
}

#[test]
fn without_an_id_the_site_and_then_the_name_tell() {
    let first = plan(FILE, &Scope::default(), Known::default());
    let file = "nama,situs\nKabar M.,kabarmuara.example\nWARTA  KOTA,\n";
    let again = plan(file, &Scope::default(), after(&first));
    let names: Vec<&Change> = changes(&again);
    assert_eq!(
        names[0],
        &Change::Changed(vec!["name", "homepage"]),
        "found by its site"
    );
    assert_eq!(
        names[1],
        &Change::Changed(vec!["name"]),
        "found by its name"
    );
}

#[test]
fn each_bad_line_says_why_and_the_others_go_in() {
    let file = "\
nama,jenis,wilayah,situs,bergabung,asosiasi,tahun
,media,,,,,
Satu,pasar,,,,,
Dua,,Bandung,,,,
Tiga,,Wakanda,,,,
Empat,,,satu dua,,,
Lima,,,,kemarin,,
Enam,,,,,Asosiasi Tiada,
Tujuh,,,,,,2O17
Delapan,media,Jambi,,,,
delapan,media,,,,,
Sembilan,media
";
    let made = plan(file, &Scope::default(), Known::default());
    let words: Vec<&str> = made
        .lines
        .iter()
        .map(|line| match &line.change {
            Change::Refused(reason) => reason.reference(),
            Change::New => "new",
            _ => "other",
        })
        .collect();
    assert_eq!(
        words,
        [
            "name",
            "kind",
            "regions",
            "region",
            "homepage",
            "day",
            "organisation",
            "year",
            "new",
            "repeated",
            "unreadable"
        ]
    );
    let repeated = &made.lines[9];
    assert_eq!(
        (repeated.number, &repeated.change),
        (11, &Change::Refused(Reason::Repeated("10".to_owned())))
    );
    assert_eq!(made.entries.len(), 1);
}

#[test]
fn an_association_brings_its_own_and_changes_nobody_else() {
    let first = plan(FILE, &Scope::default(), Known::default());
    let own = first.entries[0].entry.organisation.id;
    let scope = Scope {
        own: Some(own),
        association: Some(own),
    };
    let mut known = after(&first);
    known.affiliations.clear();
    let file = "\
nama,jenis,situs,singkatan,asosiasi
Kabar Muara,media,,,
Warta Kota,media,,WK,
Contoh Jambi,cabang,,,
Media Baru,media,,,
Media Lain,media,,,Asosiasi Lain
";
    let made = plan(file, &scope, known);
    let mine = |at: usize| &made.lines[at].change;
    assert_eq!(mine(0), &Change::Changed(vec!["association"]));
    assert_eq!(mine(1), &Change::Refused(Reason::NotYours));
    assert_eq!((mine(2), mine(3)), (&Change::New, &Change::New));
    assert!(matches!(mine(4), Change::Refused(Reason::Organisation(_))));
    let chapter = &made.entries[1];
    assert_eq!(chapter.entry.organisation.kind, Kind::AssociationChapter);
    assert_eq!(chapter.entry.organisation.parent, Some(own));
    assert!(chapter.affiliation.is_none());
    let media = &made.entries[2];
    assert_eq!(media.entry.organisation.parent, None);
    assert_eq!(
        media.affiliation.as_ref().map(|one| one.association),
        Some(own)
    );
}
