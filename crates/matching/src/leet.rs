//! Figures and signs that stand for letters: `p3m1lu`, `k0rup5i`, `p@rtai`.
//!
//! `covid19`, `5g`, `2024`, `4x4` and `g20` stay: only a known word, or figures between
//! letters on both sides, come off.

/// Fewest characters of a word that is taken for disguised without being known.
const UNKNOWN_LETTERS_MIN: usize = 5;

/// The word without its disguise, where it wears one. `is_known` tells words of the
/// lexicon; the word is in lower case.
pub(crate) fn undisguised(word: &str, is_known: impl Fn(&str) -> bool) -> Option<String> {
    if word.len() < 4 || !word.is_ascii() {
        return None;
    }
    let bytes = word.as_bytes();
    let letters = bytes.iter().filter(|b| b.is_ascii_lowercase()).count();
    let signs = bytes.iter().filter(|b| !b.is_ascii_alphanumeric()).count();
    if letters < 2 || letters == bytes.len() {
        return None;
    }
    let inside = bytes.windows(3).any(|w| {
        w[0].is_ascii_lowercase() && !w[1].is_ascii_lowercase() && w[2].is_ascii_lowercase()
    });
    for one in ['i', 'l'] {
        let plain = read_with(word, one)?;
        if is_known(&plain) && (inside || edge_is_letter(word, &is_known)) {
            return Some(plain);
        }
    }
    let sure =
        inside && signs == 0 && word.len() >= UNKNOWN_LETTERS_MIN && is_surely_disguised(bytes);
    sure.then(|| read_with(word, 'i')).flatten()
}

fn read_with(word: &str, one: char) -> Option<String> {
    word.chars()
        .map(|c| {
            Some(match c {
                'a'..='z' => c,
                '0' => 'o',
                '1' | '!' | '|' => one,
                '3' => 'e',
                '4' | '@' => 'a',
                '5' | '$' => 's',
                '6' | '9' => 'g',
                '7' => 't',
                '8' => 'b',
                _ => return None,
            })
        })
        .collect()
}

/// A figure only at the ends counts as a letter where it stands alone and what is left
/// without it is no word: "dar1", but not "covid19", "tol1" or "4aksi".
fn edge_is_letter(word: &str, is_known: &impl Fn(&str) -> bool) -> bool {
    let is_figure = |c: char| !c.is_ascii_lowercase();
    let core = word.trim_matches(is_figure);
    word.len() - core.len() <= 2 && core.len() >= 3 && !is_known(core)
}

/// Single figures of the common kinds, each between letters or at the very end after
/// one that is.
fn is_surely_disguised(bytes: &[u8]) -> bool {
    let is_figure = |b: &u8| b.is_ascii_digit();
    let common = bytes
        .iter()
        .filter(|b| is_figure(b))
        .all(|b| matches!(b, b'0' | b'1' | b'3' | b'4' | b'5' | b'7'));
    let alone = !bytes
        .windows(2)
        .any(|w| is_figure(&w[0]) && is_figure(&w[1]));
    let letters = bytes.iter().filter(|b| b.is_ascii_lowercase()).count();
    common && alone && letters >= 3
}

#[cfg(test)]
mod tests {
    use super::undisguised;

    fn is_known(word: &str) -> bool {
        matches!(
            word,
            "pemilu" | "agama" | "partai" | "covid" | "aksi" | "dari" | "balik" | "tol"
        )
    }

    #[test]
    fn figures_between_letters_come_off() {
        for (disguised, plain) in [
            ("p3m1lu", "pemilu"),
            ("4g4m4", "agama"),
            ("p@rt4i", "partai"),
            ("b4l1k", "balik"),
            ("dar1", "dari"),
            ("k0ru5i", "korusi"),
            ("j0k0wi", "jokowi"),
        ] {
            assert_eq!(undisguised(disguised, is_known).as_deref(), Some(plain));
        }
    }

    #[test]
    fn names_with_figures_stay() {
        for word in [
            "covid19",
            "covid",
            "5g",
            "2024",
            "4x4",
            "g20",
            "mp3",
            "c1",
            "h1n1",
            "as2o5",
            "4aksi",
            "tol1",
            "rt03rw04",
            "zp3mrxo81b",
            "200rb",
            "p3k",
        ] {
            assert_eq!(undisguised(word, is_known), None, "{word}");
        }
    }
}
