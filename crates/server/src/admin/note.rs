//! The short note beside an act of the trail, in the reader's words.
//!
//! Notes are kept as the machine wrote them, since their digest stands in the ledger; only what is
//! shown is put into words.

use domain::audit::AuditKind;
use domain::date::Date;
use domain::directory::FactKind;
use domain::member::Role;
use domain::obligation::EventKind;
use domain::organisation::OrganisationKind;

use crate::network::days;
use crate::web::Frame;

/// Notes that are one word of the machine's.
const WORDS: [&str; 8] = [
    "all",
    "demonstration",
    "mail",
    "others",
    "passkey",
    "password",
    "provider",
    "second_factor",
];

/// `note` of an act of this `kind` as `frame` reads it. What a person wrote, and what nobody knows,
/// stays as it was written.
pub(super) fn in_words(frame: &Frame, kind: AuditKind, note: String) -> String {
    match kind {
        AuditKind::KeyAdded
        | AuditKind::KeyRevoked
        | AuditKind::FeedAdded
        | AuditKind::PasskeyAdded
        | AuditKind::PasskeyRemoved
        | AuditKind::PasskeyRefused
        | AuditKind::CaseReturned
        | AuditKind::CaseClosed
        | AuditKind::AgreementWithdrawn
        | AuditKind::RevocationWished
        | AuditKind::AgreementRevoked => note,
        AuditKind::OrganisationAdded if OrganisationKind::parse(&note).is_some() => {
            frame.t(&format!("network-kind-{note}"))
        }
        AuditKind::DatedFactAdded | AuditKind::DatedFactEnded
            if FactKind::parse(&note).is_some() =>
        {
            frame.t(&format!("network-fact-{note}"))
        }
        AuditKind::EventEntered if EventKind::parse(&note).is_some() => {
            frame.t(&format!("agreement-event-{note}"))
        }
        _ => of_the_machine(frame, &note).unwrap_or(note),
    }
}

/// A note in the machine's own words.
fn of_the_machine(frame: &Frame, note: &str) -> Option<String> {
    if WORDS.contains(&note) {
        return Some(frame.t(&format!("note-{note}")));
    }
    role(frame, note)
        .or_else(|| counted(frame, note))
        .or_else(|| change(frame, note))
        .or_else(|| by_reference(frame, note))
        .or_else(|| within(frame, note))
        .or_else(|| Date::parse(note).map(|day| days::written(frame, day)))
}

/// "98 entries", "401 organisations", "230 checks of …".
fn counted(frame: &Frame, note: &str) -> Option<String> {
    let (count, what) = note.split_once(' ')?;
    let count: i64 = count.parse().ok()?;
    match what.split_once(" of ") {
        None if matches!(what, "entries" | "organisations") => {
            Some(frame.n(&format!("note-{what}"), count))
        }
        Some(("checks", "the demonstration")) => Some(frame.n("note-demonstration-checks", count)),
        Some(("checks", source)) => Some(format!("{}: {source}", frame.n("note-checks", count))),
        _ => None,
    }
}

fn role(frame: &Frame, word: &str) -> Option<String> {
    Role::parse(word).map(|role| frame.t(&format!("role-{}", role.as_str())))
}

/// "editor → reviewer".
fn change(frame: &Frame, note: &str) -> Option<String> {
    let (before, after) = note.split_once(" → ")?;
    Some(format!(
        "{} → {}",
        role(frame, before)?,
        role(frame, after)?
    ))
}

/// "agreement …" with its number, "fact-check …, added by hand".
fn by_reference(frame: &Frame, note: &str) -> Option<String> {
    if let Some(number) = note.strip_prefix("agreement ") {
        return Some(format!("{} {number}", frame.t("note-agreement")));
    }
    let number = note.strip_prefix("fact-check ")?;
    let number = number.strip_suffix(", added by hand")?;
    Some(frame.t1("note-check-by-hand", "number", number))
}

/// "30 days, 2 mails" of a reminder, "2026-11, 40 texts" of a gold set.
fn within(frame: &Frame, note: &str) -> Option<String> {
    let (first, second) = note.split_once(", ")?;
    let count = |unit: &str| second.strip_suffix(unit)?.trim_end().parse::<i64>().ok();
    if let Some(days) = first.strip_suffix(" days") {
        let days = frame.n("note-days", days.parse().ok()?);
        return Some(format!(
            "{days}, {}",
            frame.n("note-mails", count("mails")?)
        ));
    }
    Some(format!(
        "{first}, {}",
        frame.n("note-texts", count("texts")?)
    ))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Uri, header};

    use super::*;

    fn check(language: &str, kind: AuditKind, note: &str, shown: &str) {
        let mut headers = HeaderMap::new();
        let value = language.parse().expect("language");
        headers.insert(header::ACCEPT_LANGUAGE, value);
        let frame = Frame::new(&headers, &Uri::from_static("/admin/audit"), None, false);
        assert_eq!(
            in_words(&frame, kind, note.to_owned()),
            shown,
            "{note} in {language}"
        );
    }

    #[test]
    fn the_machine_s_notes_are_read_in_both_languages() {
        for (note, id, en) in [
            ("second_factor", "dua langkah", "two steps"),
            ("98 entries", "98 catatan", "98 entries"),
            ("1 entries", "1 catatan", "1 entry"),
            ("1401 organisations", "1.401 lembaga", "1,401 organisations"),
            (
                "230 checks of the demonstration",
                "230 cek fakta peraga",
                "230 checks of the demonstration",
            ),
            (
                "2 checks of Arsip",
                "2 cek fakta: Arsip",
                "2 fact-checks: Arsip",
            ),
            (
                "editor → reviewer",
                "Redaktur → Peninjau",
                "Editor → Reviewer",
            ),
            ("30 days, 1 mails", "30 hari, 1 surel", "30 days, 1 mail"),
            ("2026-11, 40 texts", "2026-11, 40 teks", "2026-11, 40 texts"),
            ("2026-11-26", "26 November 2026", "26 November 2026"),
            (
                "fact-check x, added by hand",
                "cek fakta x, ditambahkan sendiri",
                "fact-check x, added by hand",
            ),
        ] {
            let kind = AuditKind::SignedIn;
            check("id", kind, note, id);
            check("en", kind, note, en);
        }
    }

    #[test]
    fn a_name_that_a_person_gave_stays_theirs() {
        for note in ["mail", "editor", "2026-11-26", "all", "98 entries"] {
            check("id", AuditKind::KeyAdded, note, note);
            check("id", AuditKind::RevocationWished, note, note);
        }
    }

    #[test]
    fn kinds_are_called_as_on_their_own_pages() {
        check(
            "id",
            AuditKind::OrganisationAdded,
            "media_association",
            "Asosiasi media",
        );
        check("id", AuditKind::DatedFactAdded, "liaison", "Penghubung");
        check("en", AuditKind::EventEntered, "training", "Training");
        check(
            "id",
            AuditKind::OrganisationAdded,
            "demonstration",
            "peraga",
        );
    }

    #[test]
    fn a_note_nobody_knows_stays_as_it_was_written() {
        for note in [
            "",
            "1",
            "+3",
            "Kunci pemantau",
            "5 apples",
            "a → b",
            "soon, 3 mails",
        ] {
            check("id", AuditKind::SignedIn, note, note);
        }
    }
}
