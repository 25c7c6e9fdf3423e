//! Which changes need no entry in the audit trail, and which this walk cannot make: each with its reason.

use std::collections::BTreeMap;

/// Changes that leave no entry, each with the reason.
pub(super) const WITHOUT_ENTRY: &[(&str, &str)] = &[
    ("POST /periksa", "asks a question and changes nothing"),
    (
        "POST /lupa-sandi",
        "for an address that is nobody's nothing changes, and the answer is the same",
    ),
    ("POST /api/v1/lookup", "asks a question and changes nothing"),
    (
        "POST /masuk/kunci-sandi/mulai",
        "begins what `POST /masuk/kunci-sandi` ends, and keeps nothing that lasts",
    ),
    (
        "POST /admin/audit",
        "checks the whole log and changes nothing",
    ),
    (
        "POST /network/import",
        "says what a file would change and changes nothing",
    ),
    (
        "POST /api/v1/posts",
        "posts go into the durable log, which is their record",
    ),
];

/// Changes that no visitor of this walk can make, each with where it is shown instead.
pub(super) const NOT_MADE: &[(&str, &str)] = &[
    (
        "POST /account/passkeys/new",
        "this site's address is a number, for which no passkey can be made; `identity::passkeys` does",
    ),
    (
        "POST /masuk/kunci-sandi",
        "this site's address is a number, for which no passkey can be made; `identity::passkeys` does",
    ),
    (
        "POST /account/passkeys",
        "this site's address is a number, for which no passkey can be made; `identity::passkeys` does",
    ),
    (
        "POST /account/provider",
        "no provider is set here; the journey with a real one ties and cuts",
    ),
    (
        "POST /account/provider/cut",
        "no provider is set here; the journey with a real one ties and cuts",
    ),
    (
        "POST /masuk/peraga",
        "this is no demonstration; the journeys enter by it",
    ),
];

/// How the table says that an entry was made; what kind it is stands behind.
pub(super) const RECORDED: &str = "recorded as";

/// Routes that change something and of which neither an entry was seen nor a reason is given, and
/// reasons that are none any more.
pub(super) fn unproven(table: &BTreeMap<(String, &str), Vec<(&str, String)>>) -> Vec<String> {
    let mut faults = Vec::new();
    for ((path, method), answers) in table {
        let name = format!("{method} {path}");
        let named = |list: &[(&str, &str)]| list.iter().any(|(route, _)| *route == name);
        let recorded = answers.iter().any(|(_, answer)| answer.contains(RECORDED));
        if *method == "POST" && !recorded && !named(WITHOUT_ENTRY) && !named(NOT_MADE) {
            faults.push(format!(
                "{name} is made by nobody: give it a scene in walk/scenes"
            ));
        }
        if recorded && named(NOT_MADE) {
            faults.push(format!("{name} is made after all: take it out of NOT_MADE"));
        }
    }
    faults
}
