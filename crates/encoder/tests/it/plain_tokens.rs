//! The tokenizer once more, as its definition reads: of all ways to cut the
//! normal form into pieces, the one with the highest sum.

use std::collections::HashMap;

use crate::model_file::{MARKS, ModelFile};

const UNKNOWN: usize = 3;

/// The numbers of the tokens of a text that has its prefix, between the marks.
pub(crate) fn divide(model: &ModelFile, text: &str) -> Vec<usize> {
    let normal = normal_form(model, text);
    let pieces: HashMap<&str, usize> = model
        .pieces
        .iter()
        .enumerate()
        .map(|(index, (piece, _))| (piece.as_str(), index))
        .collect();
    let worst = model.pieces.iter().map(|(_, score)| f64::from(*score));
    let unknown = worst.fold(f64::INFINITY, f64::min) - 10.0;

    // From the right: the best sum and the first token of every ending.
    let places: Vec<usize> = normal
        .char_indices()
        .map(|(at, _)| at)
        .chain([normal.len()])
        .collect();
    let mut best: HashMap<usize, (f64, usize, usize)> =
        HashMap::from([(normal.len(), (0.0, 0, 0))]);
    for (index, at) in places.iter().enumerate().rev().skip(1) {
        let ways = places[index + 1..].iter().filter_map(|end| {
            let piece = pieces
                .get(&normal[*at..*end])
                .filter(|piece| **piece != UNKNOWN);
            let (token, score) = match piece {
                Some(piece) => (*piece, f64::from(model.pieces[*piece].1)),
                None if *end == places[index + 1] => (UNKNOWN, unknown),
                None => return None,
            };
            Some((score + best[end].0, token, *end))
        });
        let most = ways.max_by(|one, other| one.0.total_cmp(&other.0));
        best.insert(*at, most.expect("one character is always a way"));
    }
    let mut tokens = vec![0];
    let mut at = 0;
    while at < normal.len() {
        let (_, token, end) = best[&at];
        tokens.push(token);
        at = end;
    }
    tokens.push(2);
    assert_eq!(MARKS[2], "</s>");
    tokens
}

fn normal_form(model: &ModelFile, text: &str) -> String {
    let replaced: String = text
        .chars()
        .map(|character| {
            let found = model
                .replacements
                .iter()
                .find(|(from, _)| *from == character);
            found.map_or(character.to_string(), |(_, to)| to.clone())
        })
        .collect();
    let mut single = replaced;
    while single.contains("  ") {
        single = single.replace("  ", " ");
    }
    if !single.starts_with(' ') {
        single.insert(0, ' ');
    }
    single.replace(' ', "\u{2581}")
}
