//! A light Indonesian stemmer: a short list of common roots, then rules.
//!
//! Search needs the same stem for the forms of one word, not the dictionary root:
//! "memukul" and "dipukul" must meet. Where a nasal prefix has swallowed a consonant
//! (meN- before p, t, k, s) the consonant is restored when a vowel follows.

use hashbrown::HashSet;

use crate::lexicon::Lexicon;

/// Fewest letters that a stem keeps.
const STEM_LETTERS_MIN: usize = 3;

/// The stem of a lower-case word in standard spelling. Words with digits and words of
/// fewer than five letters stay as they are.
pub fn stem(word: &str) -> String {
    Lexicon::built_in().stem(word)
}

/// [`stem`] with another list of roots.
pub(crate) fn stem_with(roots: &HashSet<String>, word: &str) -> String {
    let is_root = |word: &str| roots.contains(word);
    if word.len() < 5 || !word.bytes().all(|b| b.is_ascii_lowercase()) || is_root(word) {
        return word.to_owned();
    }
    // "pelaku" and "bersekolah" end like words with a particle and have none.
    if let Some(root) = known_root(&is_root, word) {
        return root;
    }
    let mut base = word;
    base = cut_suffix(base, &["lah", "kah", "tah", "pun"], 2);
    base = cut_suffix(base, &["nya", "ku", "mu"], 2);
    if is_root(base) {
        return base.to_owned();
    }
    known_root(&is_root, base).unwrap_or_else(|| by_rule(base))
}

/// The root of a form whose affixes leave a word of the root list.
fn known_root(is_root: &impl Fn(&str) -> bool, base: &str) -> Option<String> {
    for suffix in ["kan", "an", "i", ""] {
        let Some(rest) = base.strip_suffix(suffix) else {
            continue;
        };
        if rest.len() < STEM_LETTERS_MIN {
            continue;
        }
        if is_root(rest) {
            return Some(rest.to_owned());
        }
        if let Some(root) = without_prefixes(is_root, rest, 3) {
            return Some(root);
        }
    }
    None
}

/// Tries every way to read up to `depth` prefixes until a known root is left.
fn without_prefixes(is_root: &impl Fn(&str) -> bool, word: &str, depth: usize) -> Option<String> {
    const HEADS: [&str; 12] = [
        "di", "ke", "se", "ter", "te", "ber", "be", "per", "pe", "me", "ku", "kau",
    ];
    for head in HEADS {
        let Some(rest) = word.strip_prefix(head) else {
            continue;
        };
        let mut readings = vec![rest.to_owned()];
        if matches!(head, "me" | "pe") {
            readings.extend(nasal_readings(rest));
        }
        for reading in readings {
            if is_root(&reading) {
                return Some(reading);
            }
            if depth > 1
                && reading.len() > STEM_LETTERS_MIN
                && let Some(root) = without_prefixes(is_root, &reading, depth - 1)
            {
                return Some(root);
            }
        }
    }
    None
}

/// What may have stood behind "me" or "pe": the nasal goes, a swallowed consonant returns.
fn nasal_readings(rest: &str) -> Vec<String> {
    let mut readings = Vec::new();
    for (nasal, swallowed) in [
        ("ny", "s"),
        ("ng", "k"),
        ("m", "p"),
        ("n", "t"),
        ("nge", ""),
    ] {
        if let Some(root) = rest.strip_prefix(nasal) {
            readings.push(format!("{swallowed}{root}"));
            readings.push(root.to_owned());
        }
    }
    readings
}

fn by_rule(base: &str) -> String {
    let (rest, first) = strip_prefix(base);
    let mut root = strip_derivation(&rest, first);
    if first != Prefix::None {
        let (again, second) = strip_prefix(&root);
        if may_follow(first, second) && vowels(&again) >= 2 {
            root = again;
        }
    }
    root
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Prefix {
    None,
    Me,
    Pe,
    Di,
    Ter,
    Ke,
    Ber,
    Se,
}

/// A second prefix under the first, as in mem-per-, di-per-, ke-ber-, ber-ke-.
fn may_follow(first: Prefix, second: Prefix) -> bool {
    matches!(
        (first, second),
        (
            Prefix::Me | Prefix::Di | Prefix::Ter,
            Prefix::Pe | Prefix::Ber
        ) | (
            Prefix::Ke | Prefix::Se | Prefix::Pe,
            Prefix::Ber | Prefix::Ter
        ) | (Prefix::Ber, Prefix::Ke | Prefix::Pe)
    )
}

fn strip_prefix(word: &str) -> (String, Prefix) {
    let keep = |rest: &str| vowels(rest) >= 2 && rest.len() >= STEM_LETTERS_MIN;
    for (head, prefix) in [("me", Prefix::Me), ("pe", Prefix::Pe)] {
        if let Some(rest) = word.strip_prefix(head)
            && let Some(root) = nasal(rest, prefix)
            && keep(&root)
        {
            return (root, prefix);
        }
    }
    for (head, prefix) in [
        ("ber", Prefix::Ber),
        ("bel", Prefix::Ber),
        ("ter", Prefix::Ter),
        ("di", Prefix::Di),
        ("ke", Prefix::Ke),
        ("se", Prefix::Se),
    ] {
        if let Some(rest) = word.strip_prefix(head)
            && keep(rest)
            && (head != "bel" || rest == "ajar")
            && (prefix != Prefix::Se && prefix != Prefix::Ke || rest.len() >= 4)
            && !(head == "di" && rest.starts_with(is_vowel) && rest.len() < 4)
        {
            return (rest.to_owned(), prefix);
        }
    }
    if let Some(rest) = word.strip_prefix("be")
        && rest.starts_with(|c| !is_vowel(c))
        && rest.get(1..3) == Some("er")
        && keep(rest)
    {
        return (rest.to_owned(), Prefix::Ber);
    }
    (word.to_owned(), Prefix::None)
}

/// What follows "me" or "pe" without the nasal that the prefix brought.
fn nasal(rest: &str, prefix: Prefix) -> Option<String> {
    let vowel_at = |text: &str| text.starts_with(is_vowel);
    if let Some(root) = rest.strip_prefix("ny").filter(|root| vowel_at(root)) {
        return Some(format!("s{root}"));
    }
    if let Some(root) = rest.strip_prefix("ng") {
        // Before a vowel the root may have begun with k; the root list knows the common ones.
        return Some(root.to_owned());
    }
    if let Some(root) = rest.strip_prefix('m') {
        if root.starts_with(['b', 'f', 'v', 'p']) {
            return Some(root.to_owned());
        }
        return vowel_at(root).then(|| format!("p{root}"));
    }
    if let Some(root) = rest.strip_prefix('n') {
        if root.starts_with(['d', 'j', 'c', 'z', 't', 's']) {
            return Some(root.to_owned());
        }
        return vowel_at(root).then(|| format!("t{root}"));
    }
    if prefix == Prefix::Pe {
        if let Some(root) = rest.strip_prefix('r').filter(|r| r.len() >= 4) {
            return Some(root.to_owned());
        }
        if rest == "lajar" {
            return Some("ajar".to_owned());
        }
    }
    (rest.starts_with(['l', 'r', 'w', 'y']) && rest.len() >= 4).then(|| rest.to_owned())
}

fn strip_derivation(word: &str, prefix: Prefix) -> String {
    let minimum = if prefix == Prefix::None { 5 } else { 3 };
    for suffix in ["kan", "an", "i"] {
        // ke-, pe- and ber- do not take -kan or -i; di-, me-, ter- do.
        let fits = match suffix {
            "kan" => !matches!(prefix, Prefix::Ke | Prefix::Pe),
            "i" => !matches!(prefix, Prefix::Ber | Prefix::Pe | Prefix::Se | Prefix::None),
            _ => !matches!(prefix, Prefix::Di | Prefix::Me | Prefix::Ter),
        };
        if let Some(rest) = word.strip_suffix(suffix)
            && fits
            && vowels(rest) >= 2
            && rest.len() >= minimum.max(STEM_LETTERS_MIN + usize::from(suffix == "i"))
        {
            return rest.to_owned();
        }
    }
    word.to_owned()
}

fn cut_suffix<'a>(word: &'a str, suffixes: &[&str], vowels_min: usize) -> &'a str {
    for suffix in suffixes {
        if let Some(rest) = word.strip_suffix(suffix)
            && vowels(rest) >= vowels_min
            && rest.len() >= 4
        {
            return rest;
        }
    }
    word
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'i' | 'u' | 'e' | 'o')
}

fn vowels(word: &str) -> usize {
    word.chars().filter(|c| is_vowel(*c)).count()
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn forms_of_one_word_meet() {
        for forms in [
            &[
                "pukul", "memukul", "dipukul", "pemukul", "pukulan", "terpukul",
            ][..],
            &["bagi", "membagi", "membagikan", "dibagikan", "dibagi"],
            &[
                "tangkap",
                "menangkap",
                "ditangkap",
                "penangkapan",
                "tertangkap",
            ],
            &[
                "pilih",
                "memilih",
                "pemilihan",
                "pemilih",
                "dipilih",
                "terpilih",
            ],
            &["bangun", "membangun", "pembangunan", "dibangun", "bangunan"],
            &["curang", "kecurangan", "dicurangi", "mencurangi"],
            &["tetap", "menetapkan", "ditetapkan", "penetapan"],
            &["rumah", "perumahan", "rumahnya"],
            &["laku", "pelaku", "berlaku", "pelakunya"],
            &["sekolah", "bersekolah", "sekolahlah"],
        ] {
            let first = stem(forms[0]);
            for form in forms {
                assert_eq!(stem(form), first, "{form}");
            }
        }
    }

    /// Without a root dictionary not every vector can hold; the share must not fall.
    #[test]
    fn published_vectors() {
        let mut right = 0;
        let mut all = 0;
        let mut wrong = Vec::new();
        for line in include_str!("../testdata/sastrawi/stem_vectors_functional.tsv")
            .lines()
            .skip(1)
        {
            let Some((word, root)) = line.split_once('\t') else {
                continue;
            };
            if word.contains(['-', ' ']) {
                continue;
            }
            all += 1;
            if stem(&word.to_lowercase()) == root {
                right += 1;
            } else {
                wrong.push(format!("{word}>{}≠{root}", stem(&word.to_lowercase())));
            }
        }
        assert!(right * 100 >= all * 87, "{right} of {all}: {wrong:?}");
    }
}
