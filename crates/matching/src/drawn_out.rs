//! Letters drawn out for emphasis: "parahhhh", "buangettt".

use crate::lexicon::Lexicon;

/// A word without the letters that were drawn out: three or more of a letter become one,
/// or two where only that is a word; two become one where only that is a word.
pub(crate) fn short(lexicon: Option<&Lexicon>, word: &str) -> String {
    let bytes = word.as_bytes();
    let is_pair = |w: &[u8]| w[0] == w[1] && w[0].is_ascii_alphabetic();
    if !bytes.windows(2).any(is_pair) {
        return word.to_owned();
    }
    let single = with_runs_of(word, 1, 3);
    let Some(lexicon) = lexicon else {
        return single;
    };
    if lexicon.is_known(&single) {
        return single;
    }
    for other in [with_runs_of(word, 2, 3), with_runs_of(word, 1, 2)] {
        if lexicon.is_known(&other) {
            return other;
        }
    }
    single
}

/// `word` with each run of at least `run_min` of one letter cut to `kept`.
fn with_runs_of(word: &str, kept: usize, run_min: usize) -> String {
    let mut out = String::with_capacity(word.len());
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let mut run = 1;
        while chars.next_if_eq(&c).is_some() {
            run += 1;
        }
        let is_long = run >= run_min && c.is_alphabetic();
        out.extend(std::iter::repeat_n(
            c,
            if is_long { kept.min(run) } else { run },
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::short;
    use crate::lexicon::Lexicon;

    #[test]
    fn letters_come_back_to_what_a_word_has() {
        let lexicon = Lexicon::built_in();
        for (drawn, wanted) in [
            ("parahhhh", "parah"),
            ("parahh", "parah"),
            ("maaaaf", "maaf"),
            ("saat", "saat"),
            ("massa", "massa"),
            ("11000", "11000"),
        ] {
            assert_eq!(short(Some(lexicon), drawn), wanted);
        }
        assert_eq!(short(None, "parahhh"), "parah");
    }
}
