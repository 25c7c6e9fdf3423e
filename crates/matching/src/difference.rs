//! What changed between two texts, word by word.

use crate::limits::DIFFERENCE_WORDS_MAX;

/// A stretch of the two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// In both; given as it stands in the second text.
    Same(&'a str),
    /// Only in the first text.
    Removed(&'a str),
    /// Only in the second text.
    Added(&'a str),
}

/// The pieces that lead from one text to the other, in order. Same and added pieces
/// together are `to`, same and removed ones together are `from`; blanks belong to the
/// word before them.
pub fn difference<'a>(from: &'a str, to: &'a str) -> Vec<Piece<'a>> {
    let (old, new) = (words(from), words(to));
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..]
        .iter()
        .rev()
        .zip(new[head..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (old_middle, new_middle) = (head..old.len() - tail, head..new.len() - tail);
    let kept = common(&old[old_middle.clone()], &new[new_middle.clone()]);

    let mut pieces = Pieces {
        from,
        to,
        out: Vec::new(),
    };
    pieces.same(&new[..head]);
    let (mut i, mut j) = (old_middle.start, new_middle.start);
    for (a, b) in kept {
        let (a, b) = (a + head, b + head);
        pieces.removed(&old[i..a]);
        pieces.added(&new[j..b]);
        pieces.same(&new[b..=b]);
        (i, j) = (a + 1, b + 1);
    }
    pieces.removed(&old[i..old_middle.end]);
    pieces.added(&new[j..new_middle.end]);
    pieces.same(&new[new_middle.end..]);
    pieces.out
}

/// Words with the blanks after them; leading blanks are a word of their own.
fn words(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut in_blank = false;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            in_blank = true;
        } else if in_blank {
            out.push(&text[start..at]);
            start = at;
            in_blank = false;
        }
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

/// Pairs of places of a longest common subsequence; none where a side is too long.
fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    if old.is_empty() || new.is_empty() || old.len().max(new.len()) > DIFFERENCE_WORDS_MAX {
        return Vec::new();
    }
    let width = new.len() + 1;
    // longest[i][j]: the longest common subsequence of old[i..] and new[j..].
    let mut longest = vec![0_u16; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i] == new[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

struct Pieces<'a> {
    from: &'a str,
    to: &'a str,
    out: Vec<Piece<'a>>,
}

impl<'a> Pieces<'a> {
    fn same(&mut self, run: &[&'a str]) {
        let Some(mut range) = range(self.to, run) else {
            return;
        };
        if let Some(Piece::Same(last)) = self.out.last() {
            range.0 = offset(self.to, last);
            self.out.pop();
        }
        self.out.push(Piece::Same(&self.to[range.0..range.1]));
    }

    fn removed(&mut self, run: &[&'a str]) {
        if let Some((start, end)) = range(self.from, run) {
            self.out.push(Piece::Removed(&self.from[start..end]));
        }
    }

    fn added(&mut self, run: &[&'a str]) {
        if let Some((start, end)) = range(self.to, run) {
            self.out.push(Piece::Added(&self.to[start..end]));
        }
    }
}

fn offset(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

fn range(text: &str, run: &[&str]) -> Option<(usize, usize)> {
    let (first, last) = (run.first()?, run.last()?);
    Some((offset(text, first), offset(text, last) + last.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_changed_word_stands_out() {
        assert_eq!(
            difference(
                "KPU menunda pemilu hari ini",
                "KPU membatalkan pemilu hari ini juga"
            ),
            [
                Piece::Same("KPU "),
                Piece::Removed("menunda "),
                Piece::Added("membatalkan "),
                Piece::Same("pemilu hari "),
                Piece::Removed("ini"),
                Piece::Added("ini juga"),
            ]
        );
        assert_eq!(difference("", ""), []);
        assert_eq!(difference("a b", "a b"), [Piece::Same("a b")]);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_back(from in "[ab é\n]{0,40}", to in "[ab é\n]{0,40}") {
            let (mut old, mut new) = (String::new(), String::new());
            let mut same = 0;
            for piece in difference(&from, &to) {
                match piece {
                    Piece::Same(text) => { old.push_str(text); new.push_str(text); same += text.len(); }
                    Piece::Removed(text) => old.push_str(text),
                    Piece::Added(text) => new.push_str(text),
                }
            }
            prop_assert_eq!(&old, &from);
            prop_assert_eq!(&new, &to);
            if from == to { prop_assert_eq!(same, from.len()); }
        }
    }
}
