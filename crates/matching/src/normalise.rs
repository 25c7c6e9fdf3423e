//! Text clean-up: one form for copy detection, terms with their places for claim search.

pub use crate::aliases::Alias;
pub use crate::dates::Date;
use crate::fold::{fold, is_invisible};
use crate::lexicon::Lexicon;
use crate::limits::{COPY_TEXT_BYTES_MAX, QUERY_TEXT_BYTES_MAX, QUERY_TOKENS_MAX, cut};
use crate::links::split_link;
use crate::tokens;

/// A word of claim search with its place in the original text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Stem, standard form or number.
    pub stem: String,
    /// First byte in the original text.
    pub start: usize,
    /// Byte after the last one in the original text.
    pub end: usize,
    /// What the term stands for, where it is another name of the words there.
    pub alias: Option<Alias>,
}

/// The form in which copies are compared: lower-case words with single spaces; links,
/// handles, emoji, punctuation, marks and invisible characters dropped, look-alike and
/// stylised letters made plain, repeated letters squashed, "forwarded" phrases stripped.
///
/// Empty where the text says nothing in words (only links, only emoji). At most
/// [`COPY_TEXT_BYTES_MAX`] bytes of the text are read.
pub fn for_copies(text: &str) -> String {
    let mut out = plain(text);
    Lexicon::built_in().strip_forwarded(&mut out);
    out
}

/// [`for_copies`] before "forwarded" phrases are stripped.
pub(crate) fn plain(text: &str) -> String {
    let text = cut(text, COPY_TEXT_BYTES_MAX);
    let mut words = Words {
        out: String::with_capacity(text.len()),
        last: ' ',
    };
    for chunk in text.split_whitespace() {
        words.add(split_link(chunk).0);
    }
    let mut out = words.out;
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// Terms of claim search: words without stop words, in standard form and stemmed;
/// numbers in one written form. At most [`QUERY_TEXT_BYTES_MAX`] bytes are read.
pub fn terms(text: &str) -> Vec<Term> {
    terms_with(Lexicon::built_in(), text)
}

/// [`terms`] with an extended lexicon.
pub fn terms_with(lexicon: &Lexicon, text: &str) -> Vec<Term> {
    tokens::tokens(lexicon, cut(text, QUERY_TEXT_BYTES_MAX), QUERY_TOKENS_MAX)
        .into_iter()
        .filter(|token| !token.is_stop)
        .map(|token| Term {
            stem: token.stem,
            start: token.start,
            end: token.end,
            alias: token.alias,
        })
        .collect()
}

struct Words {
    out: String,
    last: char,
}

impl Words {
    fn add(&mut self, chunk: &str) {
        let mut in_handle = false;
        for c in chunk.chars() {
            if in_handle {
                if c == '_' || c == '.' || c.is_ascii_alphanumeric() {
                    continue;
                }
                in_handle = is_invisible(c);
            }
            if c == '@' {
                in_handle = true;
                self.space();
            } else if c.is_ascii_alphanumeric() {
                self.letter(c.to_ascii_lowercase());
            } else if c.is_ascii() {
                self.space();
            } else {
                let mut plain = [' '; 18];
                let mut count = 0;
                fold(c, &mut |part| {
                    if count < plain.len() {
                        plain[count] = part;
                        count += 1;
                    }
                });
                for part in &plain[..count] {
                    if part.is_alphanumeric() {
                        self.letter(*part);
                    } else {
                        self.space();
                    }
                }
            }
        }
        self.space();
    }

    fn letter(&mut self, c: char) {
        if c == self.last && !c.is_numeric() {
            return;
        }
        self.out.push(c);
        self.last = c;
    }

    fn space(&mut self) {
        if self.last != ' ' {
            self.out.push(' ');
            self.last = ' ';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_lose_what_forwarding_adds() {
        let plain = for_copies("KPU menetapkan hasil pemilu hari ini");
        assert_eq!(plain, "kpu menetapkan hasil pemilu hari ini");
        for variant in [
            "Diteruskan berkali-kali: KPU menetapkan hasil pemilu hari ini!!! 🔥🔥",
            "@akun_a KPU  menetapkan hasil pemilu hari iniiii https://t.co/AbC123",
            "KPU menetapkan\u{200b} hasil pemilu hari ini\nbit.ly/xyz",
            "𝗞𝗣𝗨 menetapkan hasil pemilu hari ini",
            "[FORWARDED] KPU menetapkan hasil pemilu hari ini. VIRALKAN!!",
            "Copas dari grup sebelah: info penting KPU menetapkan, hasil pemilu: hari ini",
        ] {
            assert_eq!(for_copies(variant), plain, "{variant}");
        }
    }

    #[test]
    fn digits_are_never_squashed() {
        assert_eq!(for_copies("Rp 1.000.000"), "rp 1 000 000");
        assert_ne!(for_copies("kode 11000"), for_copies("kode 1000"));
    }

    #[test]
    fn text_without_words_is_empty() {
        for text in [
            "",
            "   ",
            "😀😀",
            "https://t.co/a https://t.co/b",
            "@a @b",
            "\u{200b}\u{202e}",
            "…!!!",
        ] {
            assert_eq!(for_copies(text), "", "{text:?}");
        }
    }

    #[test]
    fn a_message_of_only_a_forward_phrase_stays() {
        assert_eq!(for_copies("Tolong sebarkan"), "tolong sebarkan");
        assert_eq!(for_copies("VIRALKAN!!"), "viralkan");
    }

    #[test]
    fn terms_stand_where_they_say() {
        let text = "Pak Lurah membagikan 200rb sembako utk warga";
        for term in terms(text) {
            assert!(
                text.get(term.start..term.end)
                    .is_some_and(|s| !s.is_empty()),
                "{term:?}"
            );
        }
        let stems: Vec<_> = terms(text).into_iter().map(|t| t.stem).collect();
        assert!(stems.iter().any(|s| s == "200000"), "{stems:?}");
        assert!(stems.iter().any(|s| s == "warga"), "{stems:?}");
        assert!(!stems.iter().any(|s| s == "untuk"), "{stems:?}");
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let long = "é".repeat(COPY_TEXT_BYTES_MAX);
        assert!(for_copies(&long).len() <= COPY_TEXT_BYTES_MAX);
    }
}
