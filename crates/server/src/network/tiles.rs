//! A map of equal tiles: every province the same size, roughly where it lies.

/// Width and height of one tile (40) with its gap, in units of the drawing.
const STEP: i64 = 44;
/// Tiles beside one another in the map of one province.
const PER_ROW: usize = 8;

/// One tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tile {
    /// Left edge.
    pub(super) x: i64,
    /// Upper edge.
    pub(super) y: i64,
    /// What stands in it: a few letters.
    pub(super) mark: String,
    /// How far the region is covered, as a class.
    pub(super) cover: &'static str,
    /// The whole name and how far it is covered.
    pub(super) label: String,
}

/// Where a province's tile stands, in columns from the west and rows from the north, and its
/// letters.
const PLACES: [(&str, i64, i64, &str); 38] = [
    ("11", 0, 0, "ACH"),
    ("12", 1, 0, "SUT"),
    ("14", 2, 1, "RIA"),
    ("13", 1, 1, "SBR"),
    ("15", 2, 2, "JBI"),
    ("17", 1, 2, "BKL"),
    ("16", 2, 3, "SSL"),
    ("18", 2, 4, "LPG"),
    ("21", 3, 1, "KRI"),
    ("19", 3, 2, "BBL"),
    ("36", 3, 5, "BTN"),
    ("31", 4, 5, "JKT"),
    ("32", 4, 6, "JBR"),
    ("33", 5, 6, "JTG"),
    ("34", 5, 7, "DIY"),
    ("35", 6, 6, "JTM"),
    ("51", 7, 7, "BAL"),
    ("52", 8, 7, "NTB"),
    ("53", 9, 7, "NTT"),
    ("61", 4, 2, "KBR"),
    ("62", 5, 2, "KTG"),
    ("63", 6, 3, "KSL"),
    ("64", 6, 2, "KTM"),
    ("65", 6, 1, "KTR"),
    ("71", 9, 1, "SLT"),
    ("75", 8, 1, "GTO"),
    ("72", 8, 2, "STG"),
    ("76", 7, 3, "SBT"),
    ("73", 8, 4, "SLS"),
    ("74", 9, 3, "STR"),
    ("82", 10, 2, "MUT"),
    ("81", 10, 4, "MAL"),
    ("96", 11, 2, "PBD"),
    ("92", 12, 2, "PBR"),
    ("91", 13, 2, "PAP"),
    ("94", 12, 3, "PTG"),
    ("95", 13, 3, "PPG"),
    ("93", 13, 4, "PSL"),
];

/// A region as a tile needs it: code, short name, cover, label.
pub(super) type Mark<'a> = (&'a str, &'a str, &'static str, String);

/// The tiles of the provinces, with the drawing's width and height.
pub(super) fn map_tiles(marks: &[Mark<'_>]) -> (Vec<Tile>, i64, i64) {
    let tiles = marks.iter().filter_map(|(code, _, cover, label)| {
        let (_, column, row, mark) = PLACES.iter().find(|(place, ..)| place == code)?;
        Some(Tile {
            x: column * STEP,
            y: row * STEP,
            mark: (*mark).to_owned(),
            cover,
            label: label.clone(),
        })
    });
    (tiles.collect(), 14 * STEP, 8 * STEP)
}

/// The tiles of a province's regencies and cities, row by row.
pub(super) fn row_tiles(marks: &[Mark<'_>]) -> (Vec<Tile>, i64, i64) {
    let place = |index: usize| i64::try_from(index).unwrap_or_default() * STEP;
    let tiles = marks.iter().enumerate();
    let tiles = tiles.map(|(index, (code, _, cover, label))| Tile {
        x: place(index % PER_ROW),
        y: place(index / PER_ROW),
        mark: code.rsplit('.').next().unwrap_or_default().to_owned(),
        cover,
        label: label.clone(),
    });
    let rows = marks.len().div_ceil(PER_ROW).max(1);
    (tiles.collect(), place(PER_ROW), place(rows))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_province_has_a_tile_of_its_own() {
        let known: BTreeSet<&str> = crate::regions::provinces()
            .map(|region| region.code.as_str())
            .collect();
        let placed: BTreeSet<&str> = PLACES.iter().map(|(code, ..)| *code).collect();
        assert_eq!(placed, known);
        let spots: BTreeSet<(i64, i64)> = PLACES.iter().map(|(_, x, y, _)| (*x, *y)).collect();
        assert_eq!(spots.len(), PLACES.len(), "two provinces share a place");
        let letters: BTreeSet<&str> = PLACES.iter().map(|(.., mark)| *mark).collect();
        assert_eq!(letters.len(), PLACES.len(), "two provinces share letters");
        assert!(
            spots
                .iter()
                .all(|(x, y)| (0..14).contains(x) && (0..8).contains(y))
        );
    }
}
