//! Words written without blanks, as in hashtags: `gantipresiden`, `pemiluserentak`.

/// Longest run of letters that is taken apart, in bytes.
const RUN_BYTES_MAX: usize = 48;
/// Longest piece.
const PIECE_BYTES_MAX: usize = 16;

/// The fewest known words that make up `run`, as lengths in bytes; none where they do
/// not, or where it is one word. `run` is ASCII letters.
///
/// Reads each of at most [`RUN_BYTES_MAX`] places with at most [`PIECE_BYTES_MAX`]
/// pieces, whatever the text.
pub(crate) fn pieces(run: &str, is_known: impl Fn(&str) -> bool) -> Option<Vec<usize>> {
    if run.len() > RUN_BYTES_MAX || !run.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    // Cheapest way to each place: its cost, and the length of its last piece.
    let mut best: Vec<Option<(u32, usize)>> = vec![None; run.len() + 1];
    best[0] = Some((0, 0));
    for from in 0..run.len() {
        let Some((cost, _)) = best[from] else {
            continue;
        };
        for length in 2..=PIECE_BYTES_MAX.min(run.len() - from) {
            let to = from + length;
            let price = cost + price(length);
            let is_better = best[to].is_none_or(|(other, _)| price < other);
            if is_better && is_known(&run[from..to]) {
                best[to] = Some((price, length));
            }
        }
    }
    let mut at = run.len();
    let mut lengths = Vec::new();
    while at > 0 {
        let (_, length) = best[at]?;
        lengths.push(length);
        at -= length;
    }
    lengths.reverse();
    (lengths.len() > 1 && lengths.iter().any(|length| *length > 3)).then_some(lengths)
}

/// Few and long pieces are likelier than many short ones.
fn price(length: usize) -> u32 {
    match length {
        2 => 20,
        3 => 14,
        _ => 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(run: &str) -> Option<Vec<&str>> {
        const KNOWN: [&str; 9] = [
            "ganti", "presiden", "pemilu", "damai", "pem", "ilu", "sid", "en", "di",
        ];
        let lengths = pieces(run, |piece| KNOWN.contains(&piece))?;
        let mut from = 0;
        let cut = lengths.into_iter().map(|length| {
            from += length;
            &run[from - length..from]
        });
        Some(cut.collect())
    }

    #[test]
    fn the_fewest_words_win() {
        assert_eq!(apart("gantipresiden"), Some(vec!["ganti", "presiden"]));
        assert_eq!(apart("pemiludamai"), Some(vec!["pemilu", "damai"]));
    }

    #[test]
    fn what_does_not_come_out_stays_whole() {
        for run in ["presiden", "gantix", "didi", "", "Ganti", "diendi"] {
            assert_eq!(apart(run), None, "{run}");
        }
        assert_eq!(apart(&"di".repeat(RUN_BYTES_MAX)), None);
    }
}
