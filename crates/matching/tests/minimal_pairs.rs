//! The form of the minimal pairs: a set that leans to one side or leaks from one split
//! into the other would measure nothing.

#![cfg(test)]

use std::collections::{BTreeMap, HashSet};

use matching::answer::answer;
use matching::claims::{ClaimIndex, ClaimText, Scratch};
use matching::copies::is_copy;

const PAIRS: &str = include_str!("../testdata/minimal-pairs/pairs.tsv");
const HEADER: &str = "id\tsplit\tcategory\trelation\tcheck\trating\ttext";
const ROWS_MIN: usize = 400;
/// Of a hundred rows that contradict, how many must be caught; of `tune`.
const CAUGHT_MIN: usize = 93;
/// Of a hundred rows that say the same, how many may be lost; of `tune`.
const LOST_MAX: usize = 3;

struct Row {
    id: &'static str,
    split: &'static str,
    category: &'static str,
    relation: &'static str,
    check: &'static str,
    rating: &'static str,
    text: &'static str,
}

fn rows() -> Vec<Row> {
    let mut lines = PAIRS.lines();
    assert_eq!(lines.next(), Some(HEADER));
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [id, split, category, relation, check, rating, text] = fields[..] else {
                panic!("{} fields: {line}", fields.len());
            };
            Row {
                id,
                split,
                category,
                relation,
                check,
                rating,
                text,
            }
        })
        .collect()
}

#[test]
fn every_row_is_whole_and_named_once() {
    let rows = rows();
    assert!(rows.len() >= ROWS_MIN, "{} rows", rows.len());
    let mut ids = HashSet::new();
    let mut said = HashSet::new();
    for row in &rows {
        assert!(ids.insert(row.id), "{} stands twice", row.id);
        assert!(said.insert((row.check, row.text)), "{} is a copy", row.id);
        assert!(["tune", "held"].contains(&row.split), "{}", row.id);
        assert!(
            ["same", "contradicts"].contains(&row.relation),
            "{}",
            row.id
        );
        assert!(["true", "false"].contains(&row.rating), "{}", row.id);
        assert!(row.id.starts_with(row.category), "{}", row.id);
        for field in [row.check, row.text] {
            assert!(field.split_whitespace().count() >= 3, "{}", row.id);
            assert_eq!(field, field.trim(), "{}", row.id);
        }
    }
}

#[test]
fn splits_and_relations_are_balanced() {
    let rows = rows();
    let mut counts: BTreeMap<(&str, &str), [usize; 2]> = BTreeMap::new();
    for row in &rows {
        let count = counts.entry((row.category, row.relation)).or_default();
        count[usize::from(row.split == "held")] += 1;
    }
    for (part, [tune, held]) in &counts {
        assert_eq!(tune, held, "{part:?}");
    }
    let contradicting = rows.iter().filter(|r| r.relation == "contradicts").count();
    assert!(contradicting * 20 >= rows.len() * 9, "{contradicting}");
    assert!(contradicting * 20 <= rows.len() * 11, "{contradicting}");
}

#[test]
fn no_row_of_one_split_stands_in_the_other() {
    let rows = rows();
    let (tune, held): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.split == "tune");
    let mut alike = Vec::new();
    for a in &tune {
        for b in &held {
            if is_copy(a.check, b.check) || is_copy(a.text, b.text) {
                alike.push((a.id, b.id));
            }
        }
    }
    assert!(alike.is_empty(), "{alike:?}");
}

/// Whether the answer to a row's text names a contradiction, its check alone in the archive.
fn is_contradicted(row: &Row) -> bool {
    let mut index = ClaimIndex::new();
    index.add(
        0,
        &ClaimText {
            claim: row.check,
            narrative: None,
            explanation: None,
            says_true: row.rating == "true",
            date_days: None,
        },
    );
    let answered = answer(&index, row.text, &mut Scratch::default());
    let first = answered.results.first();
    first.is_some_and(|first| !first.contradictions.is_empty())
}

#[test]
fn contradictions_are_caught_and_true_matches_kept() {
    let tune: Vec<Row> = rows().into_iter().filter(|r| r.split == "tune").collect();
    let (mut contradicting, mut caught, mut same, mut lost) = (0, 0, 0, Vec::new());
    for row in &tune {
        let found = is_contradicted(row);
        if row.relation == "contradicts" {
            contradicting += 1;
            caught += usize::from(found);
        } else {
            same += 1;
            lost.extend(found.then_some(row.id));
        }
    }
    assert!(
        caught * 100 >= contradicting * CAUGHT_MIN,
        "{caught} caught"
    );
    assert!(lost.len() * 100 <= same * LOST_MAX, "lost: {lost:?}");
}
