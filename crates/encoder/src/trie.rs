//! The pieces of the vocabulary as a tree of bytes.
//!
//! Nodes stand in the order of their depth, so the children of a node are
//! neighbours, in ascending order, and end where those of the next node begin:
//! nine bytes a node, and a walk from a place in a text meets every piece that
//! begins there.

/// Marks a node where no piece ends.
const NO_PIECE: u32 = u32::MAX;

/// A tree of pieces.
pub(crate) struct Trie {
    /// The byte that leads to each node.
    labels: Vec<u8>,
    /// Where the children of each node begin; one more entry than nodes.
    children: Vec<u32>,
    /// The piece that ends at each node.
    pieces: Vec<u32>,
}

impl Trie {
    /// The tree of `pieces`, each with its number. Of equal pieces the lowest
    /// number stays; an empty piece is left out.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the pieces of a file have u32 offsets, so fewer bytes than that"
    )]
    pub(crate) fn new<'a>(pieces: impl Iterator<Item = (&'a [u8], u32)>) -> Self {
        let mut sorted: Vec<(&[u8], u32)> = pieces.filter(|(piece, _)| !piece.is_empty()).collect();
        sorted.sort_unstable();
        sorted.dedup_by_key(|(piece, _)| *piece);

        let mut trie = Self {
            labels: vec![0],
            children: Vec::new(),
            pieces: Vec::new(),
        };
        // The pieces below each node, and how many of their bytes lead to it.
        let mut below = vec![(0..sorted.len(), 0_usize)];
        let mut node = 0;
        while let Some((range, depth)) = below.get(node).cloned() {
            let mut rest = &sorted[range.clone()];
            let mut at = range.start;
            trie.children.push(trie.labels.len() as u32);
            trie.pieces.push(match rest.first() {
                Some((piece, number)) if piece.len() == depth => {
                    rest = &rest[1..];
                    at += 1;
                    *number
                }
                _ => NO_PIECE,
            });
            while let Some((piece, _)) = rest.first() {
                let label = piece[depth];
                let same = rest.partition_point(|(other, _)| other[depth] <= label);
                trie.labels.push(label);
                below.push((at..at + same, depth + 1));
                rest = &rest[same..];
                at += same;
            }
            node += 1;
        }
        trie.children.push(trie.labels.len() as u32);
        trie
    }

    /// Calls `found` with the length and the number of every piece that `text`
    /// begins with, shortest first.
    pub(crate) fn prefixes(&self, text: &[u8], mut found: impl FnMut(usize, u32)) {
        let mut node = 0;
        for (depth, byte) in text.iter().enumerate() {
            let first = self.children[node] as usize;
            let labels = &self.labels[first..self.children[node + 1] as usize];
            let Ok(child) = labels.binary_search(byte) else {
                return;
            };
            node = first + child;
            if self.pieces[node] != NO_PIECE {
                found(depth + 1, self.pieces[node]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefixes(pieces: &[&str], text: &str) -> Vec<(usize, u32)> {
        let numbered = pieces
            .iter()
            .zip(0..)
            .map(|(piece, n)| (piece.as_bytes(), n));
        let mut found = Vec::new();
        Trie::new(numbered).prefixes(text.as_bytes(), |length, n| found.push((length, n)));
        found
    }

    #[test]
    fn every_piece_at_the_start_is_met_shortest_first() {
        let pieces = ["ab", "a", "abcd", "b", "abd", ""];
        assert_eq!(prefixes(&pieces, "abcde"), [(1, 1), (2, 0), (4, 2)]);
        assert_eq!(prefixes(&pieces, "c"), []);
        assert_eq!(prefixes(&pieces, ""), []);
    }

    #[test]
    fn of_equal_pieces_the_lowest_number_stays() {
        assert_eq!(prefixes(&["x", "ya", "ya"], "ya"), [(2, 1)]);
    }

    #[test]
    fn no_pieces_is_a_tree_too() {
        assert_eq!(prefixes(&[], "abc"), []);
    }
}
