//! A walk along every route, as everybody who may come along it.
//!
//! The routes are read out of the sources, so that a new one cannot be left out: whoever adds one
//! sees the table of `docs/route-access.txt` change and reviews what it now says. Each visitor
//! walks in a house of their own, with the same records in it.
//!
//! Beside the answers the walk watches two rules that hold everywhere: what changes something
//! leaves an entry in the audit trail, and every page says how long it may be kept.

pub(crate) mod agreements;
mod house;
pub(crate) mod records;
mod residents;
mod routes;
mod scenes;
mod unproven;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use domain::member::Role;

use crate::harness::Place;
use house::House;
use routes::routes;
use unproven::unproven;

/// Who walks: a name for the table, the kind of their organisation, their role, and how that
/// organisation stands to the one whose records are there.
#[derive(Clone, Copy)]
struct Visitor {
    name: &'static str,
    whose: Whose,
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Nobody,
    Own,
    Partner,
    Stranger,
    Campaign,
    Operator,
}

const VISITORS: &[Visitor] = &[
    Visitor {
        name: "nobody",
        whose: Whose::Nobody,
        role: Role::Reader,
    },
    Visitor {
        name: "own reader",
        whose: Whose::Own,
        role: Role::Reader,
    },
    Visitor {
        name: "own reporter",
        whose: Whose::Own,
        role: Role::Reporter,
    },
    Visitor {
        name: "own editor",
        whose: Whose::Own,
        role: Role::Editor,
    },
    Visitor {
        name: "own reviewer",
        whose: Whose::Own,
        role: Role::Reviewer,
    },
    Visitor {
        name: "own coordinator",
        whose: Whose::Own,
        role: Role::Coordinator,
    },
    Visitor {
        name: "own auditor",
        whose: Whose::Own,
        role: Role::Auditor,
    },
    Visitor {
        name: "own administrator",
        whose: Whose::Own,
        role: Role::Administrator,
    },
    Visitor {
        name: "partner officer",
        whose: Whose::Partner,
        role: Role::Officer,
    },
    Visitor {
        name: "partner coordinator",
        whose: Whose::Partner,
        role: Role::Coordinator,
    },
    Visitor {
        name: "partner administrator",
        whose: Whose::Partner,
        role: Role::Administrator,
    },
    Visitor {
        name: "stranger editor",
        whose: Whose::Stranger,
        role: Role::Editor,
    },
    Visitor {
        name: "stranger reviewer",
        whose: Whose::Stranger,
        role: Role::Reviewer,
    },
    Visitor {
        name: "stranger coordinator",
        whose: Whose::Stranger,
        role: Role::Coordinator,
    },
    Visitor {
        name: "stranger administrator",
        whose: Whose::Stranger,
        role: Role::Administrator,
    },
    Visitor {
        name: "campaign administrator",
        whose: Whose::Campaign,
        role: Role::Administrator,
    },
    Visitor {
        name: "operator administrator",
        whose: Whose::Operator,
        role: Role::Administrator,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_everybody_as_the_table_says() {
    let routes = routes();
    assert!(
        routes.len() > 60,
        "only {} routes were found in the sources",
        routes.len()
    );
    let mut faults: Vec<String> = Vec::new();
    let mut table: BTreeMap<(String, &str), Vec<(&str, String)>> = BTreeMap::new();
    for visitor in VISITORS {
        let place = Place::new();
        let house = House::open(&place, *visitor).await;
        for (path, method) in &routes {
            // Nobody has nothing to leave.
            let leaves_nothing = path == "/keluar" && visitor.whose == Whose::Nobody;
            if leaves_nothing || path.starts_with("/assets") {
                continue;
            }
            let answer = house.answer(path, method).await;
            table
                .entry((path.clone(), *method))
                .or_default()
                .push((visitor.name, answer));
        }
        faults.extend(
            house
                .faults
                .take()
                .into_iter()
                .map(|fault| format!("{}: {fault}", visitor.name)),
        );
        house.server.stop().await;
    }
    faults.extend(unproven(&table));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let written = written(&table);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/route-access.txt");
    if std::env::var_os("KENTONGAN_WRITE_TABLES").is_some() {
        std::fs::write(&page, &written).expect("written");
    }
    let reviewed = std::fs::read_to_string(&page).unwrap_or_default();
    for (reviewed, found) in reviewed.lines().zip(written.lines()) {
        assert_eq!(
            found, reviewed,
            "an answer changed: review it, then write docs/route-access.txt anew with KENTONGAN_WRITE_TABLES=1"
        );
    }
    assert_eq!(
        reviewed.lines().count(),
        written.lines().count(),
        "a route came or went: docs/route-access.txt"
    );
}

/// One line for each route: visitors with the same answer stand together.
fn written(table: &BTreeMap<(String, &str), Vec<(&str, String)>>) -> String {
    let mut text = String::new();
    for ((path, method), answers) in table {
        let mut by_answer: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, answer) in answers {
            by_answer.entry(answer).or_default().push(name);
        }
        let most = by_answer
            .iter()
            .max_by_key(|(_, names)| names.len())
            .map(|(answer, _)| *answer);
        let parts = by_answer.iter().map(|(answer, names)| {
            let who = if Some(*answer) == most && by_answer.len() > 1 {
                "everybody else".to_owned()
            } else if by_answer.len() == 1 {
                "everybody".to_owned()
            } else {
                names.join(", ")
            };
            format!("{answer} {who}")
        });
        let parts = parts.collect::<Vec<_>>().join(" · ");
        let _infallible = writeln!(text, "{method} {path}: {parts}");
    }
    text
}
