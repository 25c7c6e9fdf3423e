//! District names of several words, by hash: a few bytes for each of the 7,285.

use hashbrown::HashMap;

/// Most words of a district name.
const NAME_WORDS_MAX: usize = 4;

/// Names of districts. Only those of several words are kept: one word meets itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Districts {
    /// A beginning of names, or a whole name, by its hash.
    beginnings: HashMap<u64, Name>,
}

/// What is known of a run of words.
#[derive(Debug, Clone, Copy, Default)]
struct Name {
    is_whole: bool,
    needs_title: bool,
}

impl Districts {
    pub(crate) fn add(&mut self, name: &[String], needs_title: bool) {
        if name.len() < 2 || name.len() > NAME_WORDS_MAX {
            return;
        }
        let mut hash = START;
        for (at, word) in name.iter().enumerate() {
            hash = after(hash, word);
            let entry = self.beginnings.entry(hash).or_default();
            if at + 1 == name.len() {
                entry.needs_title = needs_title && (!entry.is_whole || entry.needs_title);
                entry.is_whole = true;
            }
        }
    }

    /// Words of the longest name that starts at `at`. A name that several districts or
    /// everyday words have counts only after "kecamatan" or "camat".
    pub(crate) fn at<W: AsRef<str>>(&self, words: &[W], at: usize) -> Option<usize> {
        let is_titled = at
            .checked_sub(1)
            .is_some_and(|before| matches!(words[before].as_ref(), "kecamatan" | "camat"));
        let mut hash = START;
        let mut longest = None;
        for (length, word) in words[at..].iter().take(NAME_WORDS_MAX).enumerate() {
            hash = after(hash, word.as_ref());
            let Some(name) = self.beginnings.get(&hash) else {
                break;
            };
            if name.is_whole && (is_titled || !name.needs_title) {
                longest = Some(length + 1);
            }
        }
        longest
    }
}

const START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a over the words, each closed by a blank.
fn after(hash: u64, word: &str) -> u64 {
    word.bytes().chain([b' ']).fold(hash, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::Districts;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn ambiguous_names_need_a_title() {
        let mut districts = Districts::default();
        districts.add(&words("kluet utara"), false);
        districts.add(&words("batu putih"), true);
        districts.add(&words("menteng"), false);
        let at = |text: &str, at| districts.at(&words(text), at);
        assert_eq!(at("di kluet utara ada", 1), Some(2));
        assert_eq!(at("kluet ada", 0), None);
        assert_eq!(at("rumah batu putih", 1), None);
        assert_eq!(at("kecamatan batu putih", 1), Some(2));
        assert_eq!(at("menteng", 0), None);
    }
}
