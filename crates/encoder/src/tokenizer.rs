//! From a text to the numbers of its tokens: SentencePiece unigram with the
//! vocabulary of XLM-R, its normalisation map and its marks.
//!
//! The division is the one whose pieces have the highest sum of scores, summed
//! in `f32` from the left; of equal sums the first found stays. Every step is in
//! the order of the reference engine, so that the numbers are its numbers.

use crate::format::Vocabulary;
use crate::limits::{TEXT_MAX_BYTES, TOKENS_MAX};
use crate::trie::Trie;

/// Stands for a space in the vocabulary.
const SPACE_MARK: char = '\u{2581}';

/// How far below the worst piece a character without a piece scores.
const UNKNOWN_PENALTY: f32 = 10.0;

/// Characters of one page of the normalisation map.
const PAGE: u32 = 256;

pub(crate) struct Tokenizer {
    trie: Trie,
    scores: Vec<f32>,
    begin: u32,
    end: u32,
    unknown: u32,
    unknown_score: f32,
    normaliser: Normaliser,
}

/// What a character becomes, looked up by its page.
struct Normaliser {
    characters: Vec<u32>,
    replacements: Vec<String>,
    /// Where the characters of each page begin; one more entry than pages.
    pages: Vec<u32>,
}

/// The memory of one division.
#[derive(Default)]
pub(crate) struct Division {
    text: String,
    best: Vec<Step>,
    pub(crate) tokens: Vec<u32>,
}

/// The best way to a byte of the text.
#[derive(Clone, Copy)]
struct Step {
    score: f32,
    token: u32,
    from: u32,
}

const UNREACHED: Step = Step {
    score: f32::NEG_INFINITY,
    token: 0,
    from: 0,
};

impl Tokenizer {
    pub(crate) fn new(vocabulary: Vocabulary<'_>) -> Self {
        let numbered = vocabulary.pieces.iter().copied().zip(0..);
        let worst = vocabulary.scores.iter().copied().fold(1e30, f32::min);
        Self {
            trie: Trie::new(numbered.filter(|(_, number)| *number != vocabulary.unknown)),
            unknown_score: worst - UNKNOWN_PENALTY,
            scores: vocabulary.scores,
            begin: vocabulary.begin,
            end: vocabulary.end,
            unknown: vocabulary.unknown,
            normaliser: Normaliser::new(vocabulary.replacements),
        }
    }

    /// Puts the tokens of `prefix` and `text`, between the marks, into
    /// `division.tokens`: at most `tokens_max`. Answers how many there would be
    /// without that limit.
    pub(crate) fn divide(
        &self,
        prefix: &str,
        text: &str,
        tokens_max: usize,
        division: &mut Division,
    ) -> usize {
        let mut cut = text.len().min(TEXT_MAX_BYTES);
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        self.normaliser.apply(
            prefix.chars().chain(text[..cut].chars()),
            &mut division.text,
        );
        self.search(&division.text, &mut division.best);
        division.tokens.clear();
        division.tokens.push(self.end);
        let mut at = division.text.len();
        while at > 0 {
            let step = division.best[at];
            division.tokens.push(step.token);
            at = step.from as usize;
        }
        division.tokens.push(self.begin);
        division.tokens.reverse();
        let all = division.tokens.len();
        if all > tokens_max.min(TOKENS_MAX) {
            division.tokens.truncate(tokens_max.min(TOKENS_MAX));
            if let Some(last) = division.tokens.last_mut() {
                *last = self.end;
            }
        }
        all
    }

    /// For every byte that a piece can end at, the best way there.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a text of TEXT_MAX_BYTES is far below 4 GiB, however it is replaced"
    )]
    fn search(&self, text: &str, best: &mut Vec<Step>) {
        let bytes = text.as_bytes();
        best.clear();
        best.resize(bytes.len() + 1, UNREACHED);
        best[0].score = 0.0;
        for (at, character) in text.char_indices() {
            let score = best[at].score;
            let from = at as u32;
            self.trie.prefixes(&bytes[at..], |length, token| {
                let score = score + self.scores[token as usize];
                let step = &mut best[at + length];
                if score > step.score {
                    *step = Step { score, token, from };
                }
            });
            let score = score + self.unknown_score;
            let step = &mut best[at + character.len_utf8()];
            if score > step.score {
                *step = Step {
                    score,
                    token: self.unknown,
                    from,
                };
            }
        }
    }
}

impl Normaliser {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "no more characters than a u32 can number"
    )]
    fn new(replacements: Vec<(u32, String)>) -> Self {
        let (characters, replacements): (Vec<u32>, Vec<String>) = replacements.into_iter().unzip();
        let pages = (0..=u32::from(char::MAX) / PAGE + 1)
            .map(|page| characters.partition_point(|character| *character < page * PAGE) as u32)
            .collect();
        Self {
            characters,
            replacements,
            pages,
        }
    }

    fn replacement(&self, character: char) -> Option<&str> {
        let code = u32::from(character);
        let page = (code / PAGE) as usize;
        let begin = self.pages[page] as usize;
        let characters = &self.characters[begin..self.pages[page + 1] as usize];
        let index = characters.binary_search(&code).ok()?;
        Some(&self.replacements[begin + index])
    }

    /// Writes the normal form: characters replaced, runs of spaces made one,
    /// spaces made marks, and a mark in front.
    fn apply(&self, text: impl Iterator<Item = char>, normal: &mut String) {
        normal.clear();
        let mut after_space = false;
        let mut push = |character: char| {
            if normal.is_empty() && character != ' ' {
                normal.push(SPACE_MARK);
            }
            if character != ' ' {
                normal.push(character);
            } else if !after_space {
                normal.push(SPACE_MARK);
            }
            after_space = character == ' ';
        };
        for character in text {
            match self.replacement(character) {
                Some(replacement) => replacement.chars().for_each(&mut push),
                None => push(character),
            }
        }
        if normal.is_empty() {
            normal.push(SPACE_MARK);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokenizer(pieces: &[(&'static str, f32)], replacements: &[(char, &str)]) -> Tokenizer {
        Tokenizer::new(Vocabulary {
            pieces: pieces.iter().map(|(piece, _)| piece.as_bytes()).collect(),
            scores: pieces.iter().map(|(_, score)| *score).collect(),
            begin: 0,
            end: 1,
            unknown: 2,
            replacements: replacements
                .iter()
                .map(|(from, to)| (u32::from(*from), (*to).to_owned()))
                .collect(),
        })
    }

    fn tokens(tokenizer: &Tokenizer, text: &str) -> Vec<u32> {
        let mut division = Division::default();
        tokenizer.divide("", text, TOKENS_MAX, &mut division);
        division.tokens
    }

    const MARKS: [(&str, f32); 3] = [("<s>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)];

    #[test]
    fn the_best_sum_wins_and_not_the_longest_piece() {
        let pieces = [
            ("▁a", -1.0),
            ("bc", -1.0),
            ("▁ab", -3.0),
            ("c", -1.0),
            ("▁abc", -2.5),
        ];
        let all = [MARKS.as_slice(), &pieces].concat();
        assert_eq!(tokens(&tokenizer(&all, &[]), "abc"), [0, 3, 4, 1]);
        // Cheaper in one piece.
        let mut all = all;
        all[7].1 = -1.5;
        assert_eq!(tokens(&tokenizer(&all, &[]), "abc"), [0, 7, 1]);
    }

    #[test]
    fn of_equal_sums_the_one_from_the_left_stays() {
        let pieces = [("▁", -1.0), ("a", -1.0), ("▁a", -2.0)];
        let all = [MARKS.as_slice(), &pieces].concat();
        assert_eq!(tokens(&tokenizer(&all, &[]), "a"), [0, 5, 1]);
    }

    #[test]
    fn a_character_without_a_piece_is_unknown_and_stands_alone() {
        let all = [MARKS.as_slice(), &[("▁", -1.0), ("a", -1.0)]].concat();
        assert_eq!(tokens(&tokenizer(&all, &[]), "é選a"), [0, 3, 2, 2, 4, 1]);
    }

    #[test]
    fn spaces_become_one_mark_and_replacements_may_be_spaces() {
        let all = [MARKS.as_slice(), &[("▁", -1.0), ("a", -1.0)]].concat();
        let tokenizer = tokenizer(&all, &[('\t', " "), ('\u{ad}', ""), ('½', "a a")]);
        assert_eq!(tokens(&tokenizer, " a \t  \u{ad} a"), [0, 3, 4, 3, 4, 1]);
        assert_eq!(tokens(&tokenizer, "½"), [0, 3, 4, 3, 4, 1]);
        assert_eq!(tokens(&tokenizer, ""), [0, 3, 1]);
        assert_eq!(tokens(&tokenizer, "\u{ad}"), [0, 3, 1]);
    }

    #[test]
    fn what_is_over_the_limit_is_left_out_before_the_end_mark() {
        let all = [MARKS.as_slice(), &[("▁", -1.0), ("a", -1.0)]].concat();
        let tokenizer = tokenizer(&all, &[]);
        let mut division = Division::default();
        assert_eq!(tokenizer.divide("", "aaaa", 4, &mut division), 7);
        assert_eq!(division.tokens, [0, 3, 4, 1]);
        let text = "a".repeat(TEXT_MAX_BYTES + 5);
        assert_eq!(
            tokenizer.divide("", &text, 1000, &mut division),
            TEXT_MAX_BYTES + 3
        );
        assert_eq!(division.tokens.len(), TOKENS_MAX);
    }
}
