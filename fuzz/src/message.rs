//! Messages of any bytes through normalisation, copy detection and claim look-up.
//!
//! Oracles: what a result claims about the text is looked up in the text, and the same question
//! asked in other ways (again, with fresh memory, after a check came and went) must get the same
//! answer.

use matching::answer::{Answered, answer};
use matching::claims::{ClaimIndex, ClaimText, Scratch};
use matching::copies::{CopyIndex, CopyLimits};
use matching::difference::{Piece, difference};
use matching::fingerprint::fingerprint;
use matching::limits::{COPY_TEXT_BYTES_MAX, RESULTS, SHARED_SPANS_MAX};
use matching::normalise::{for_copies, terms};

const CLAIMS_MAX: usize = 8;
/// A check that has nothing to do with the others.
const STRANGER: &str = "Kapal wisata kandas di danau dan penumpangnya selamat";

/// The first line is the message, those after it are claims.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.splitn(CLAIMS_MAX + 1, '\n');
    let message = lines.next().unwrap_or_default();
    let claims: Vec<&str> = lines.collect();
    plain(message);
    words(message);
    copies(message, &claims);
    look_up(message, &claims);
    for claim in &claims {
        pieces(claim, message);
    }
}

/// The form in which copies are compared.
fn plain(message: &str) {
    let plain = for_copies(message);
    assert_eq!(plain, for_copies(message));
    assert_eq!(
        plain,
        plain.split_whitespace().collect::<Vec<_>>().join(" ")
    );
    assert!(
        !plain.bytes().any(|byte| byte.is_ascii_uppercase()),
        "{plain:?}"
    );
    let hidden =
        |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}');
    assert!(!plain.contains(hidden), "{plain:?}");
    // Emoji, blanks and invisible characters at the ends are nothing.
    if message.len() + 64 < COPY_TEXT_BYTES_MAX {
        let dressed = format!("😡 \u{200b} {message} \u{feff} 🙏");
        assert_eq!(for_copies(&dressed), plain);
    }
}

/// The words of claim search, with their places.
fn words(message: &str) {
    let mut end = 0;
    for term in terms(message) {
        assert!(!term.stem.is_empty());
        assert!(term.start < term.end, "{term:?}");
        // A name or a day follows the words that it stands for.
        assert!(
            term.start >= end || term.alias.is_some(),
            "{term:?} after {end}"
        );
        let place = message.get(term.start..term.end);
        assert!(
            place.is_some_and(|word| !word.trim().is_empty()),
            "{term:?}"
        );
        end = end.max(term.start);
    }
}

/// A text is a copy of itself, whoever else is there.
fn copies(message: &str, claims: &[&str]) {
    let mut index = CopyIndex::new(CopyLimits::default());
    for (group, claim) in (1..).zip(claims) {
        let plain = for_copies(claim);
        index.insert(&plain, fingerprint(&plain).as_ref(), group);
    }
    let plain = for_copies(message);
    if plain.is_empty() {
        return;
    }
    let slot = index.insert(&plain, fingerprint(&plain).as_ref(), 0);
    assert_eq!(index.text(slot), plain);
    let found = index.find_exact(&plain).expect("itself");
    assert_eq!(index.text(found.slot), plain);
    let same = index.len();
    index.remove(slot);
    assert_eq!(index.len(), same - 1);
    assert_eq!(index.group(slot), None);
}

fn look_up(message: &str, claims: &[&str]) {
    let mut index = ClaimIndex::new();
    for (doc, claim) in (0..).zip(claims) {
        index.add(doc, &claim_text(claim));
    }
    let mut scratch = Scratch::default();
    let first = answer(&index, message, &mut scratch);
    sound(&first, message, claims.len());
    assert_eq!(answer(&index, message, &mut scratch), first, "asked again");
    assert_eq!(
        answer(&index, message, &mut Scratch::default()),
        first,
        "with fresh memory"
    );
    // A check that comes and goes leaves no trace.
    let stranger = u32::try_from(claims.len()).expect("few");
    index.add(stranger, &claim_text(STRANGER));
    index.remove(stranger);
    assert_eq!(index.len(), claims.len());
    assert_eq!(
        answer(&index, message, &mut scratch),
        first,
        "after a check came and went"
    );
}

fn claim_text(claim: &str) -> ClaimText<'_> {
    ClaimText {
        claim,
        narrative: None,
        explanation: None,
        says_true: false,
        date_days: None,
    }
}

/// Everything the answer says holds in the text.
fn sound(answered: &Answered, message: &str, claims: usize) {
    assert!((0.0..=1.0).contains(&answered.probability));
    assert!(answered.results.len() <= RESULTS.min(claims));
    let mut docs: Vec<u32> = answered.results.iter().map(|found| found.doc).collect();
    docs.sort_unstable();
    docs.dedup();
    assert_eq!(docs.len(), answered.results.len(), "a check is named twice");
    for found in &answered.results {
        assert!((found.doc as usize) < claims);
        assert!((0.0..=1.0).contains(&found.probability) && found.score.is_finite());
        assert!(found.shared.len() <= SHARED_SPANS_MAX);
        let mut end = 0;
        for span in &found.shared {
            assert!(span.start >= end && span.start < span.end, "{found:?}");
            assert!(message.get(span.start..span.end).is_some(), "{found:?}");
            end = span.end;
        }
        for word in &found.shared_words {
            assert!(
                message.contains(word.as_str()),
                "{word:?} is not in the text"
            );
        }
    }
}

/// The pieces of a difference give both texts back.
fn pieces(from: &str, to: &str) {
    let (mut old, mut new) = (String::new(), String::new());
    let mut olds = from.split_whitespace();
    for piece in difference(from, to) {
        match piece {
            Piece::Same(text) => {
                // As it stands in the second text; blanks may differ from the first one.
                new.push_str(text);
                old.push_str(text);
            }
            Piece::Added(text) => new.push_str(text),
            Piece::Removed(text) => old.push_str(text),
        }
    }
    assert_eq!(new, to);
    assert!(
        old.split_whitespace().all(|word| olds.next() == Some(word)) && olds.next().is_none(),
        "{from:?} became {old:?}"
    );
}
