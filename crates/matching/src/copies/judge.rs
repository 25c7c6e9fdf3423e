//! Are two texts copies? The one rule, for the index and for pairs.

use super::GramSet;
use crate::fingerprint::fingerprint;
use crate::normalise::for_copies;

/// Least Jaccard resemblance of copies.
const JACCARD_MIN: f32 = 0.5;
/// Least share of the longer text that a beginning of it must be to be its copy.
const BEGINNING_SHARE_MIN: f32 = 0.4;
/// Shortest beginning that is judged as one, in bytes.
const BEGINNING_BYTES_MIN: usize = 40;

/// A text that others are judged against.
pub(super) struct Subject<'a> {
    text: &'a str,
    grams: GramSet,
}

impl<'a> Subject<'a> {
    pub(super) fn new(normalised: &'a str) -> Self {
        Self {
            text: normalised,
            grams: GramSet::new(normalised),
        }
    }
}

/// The Jaccard resemblance of a copy; none where `other` is not one.
pub(super) fn judge(subject: &Subject<'_>, other: &str) -> Option<f32> {
    let jaccard = subject.grams.jaccard(&GramSet::new(other));
    let is_copy = jaccard >= JACCARD_MIN || is_beginning(subject.text, other);
    is_copy.then_some(jaccard)
}

/// One text is the other cut short: "… selengkapnya". The last word may be cut, too.
fn is_beginning(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let whole_words = short.rfind(' ').map_or(short, |at| &short[..at]);
    whole_words.len() >= BEGINNING_BYTES_MIN
        && whole_words.len() as f32 >= BEGINNING_SHARE_MIN * long.len() as f32
        && long.starts_with(whole_words)
}

/// Are two original texts copies of one another? The rule of the index without its search.
pub fn is_copy(a: &str, b: &str) -> bool {
    let (a, b) = (for_copies(a), for_copies(b));
    if a == b {
        return !a.is_empty();
    }
    if fingerprint(&a).is_none() || fingerprint(&b).is_none() {
        return false;
    }
    judge(&Subject::new(&a), &b).is_some()
}

#[cfg(test)]
mod tests {
    use super::is_copy;

    #[test]
    fn a_text_cut_short_is_a_copy() {
        let whole = "bawaslu mengingatkan warga agar tidak percaya pesan berantai tentang surat suara yang sudah dicoblos di luar negeri karena belum ada bukti";
        assert!(is_copy(
            whole,
            "Bawaslu mengingatkan warga agar tidak percaya pesan berantai tenta…"
        ));
        assert!(!is_copy(
            whole,
            "Bawaslu mengingatkan warga agar tidak menyebarkan data pribadi"
        ));
    }

    #[test]
    fn the_same_topic_in_other_words_is_no_copy() {
        assert!(!is_copy(
            "relawan mendukung pasangan calon nomor dua di lapangan kota",
            "warga kota menolak pasangan calon nomor satu karena janji lama"
        ));
    }
}
