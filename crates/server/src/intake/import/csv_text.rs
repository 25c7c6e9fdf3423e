//! Separated values: which character separates them, whether the first line names the columns,
//! and one record out of its text.

use serde_json::Value;

use super::reader::Record;
use super::times::read_time;

/// Characters that separate values in the exports we have seen.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// How the values of a file are separated and named.
#[derive(Debug, Clone, PartialEq)]
pub struct Dialect {
    /// What separates values.
    pub delimiter: u8,
    /// Whether the first line names the columns.
    pub has_header: bool,
    /// The names; `column_1`, `column_2`, … without a header.
    pub columns: Vec<String>,
}

impl Dialect {
    /// Guesses from the first two lines.
    pub(super) fn sniff(first: &[u8], second: Option<&[u8]>) -> Self {
        let cells = |delimiter: &u8| split(*delimiter, &String::from_utf8_lossy(first)).len();
        let agrees = |delimiter: &u8| {
            second.is_none_or(|line| {
                split(*delimiter, &String::from_utf8_lossy(line)).len() == cells(delimiter)
            })
        };
        let delimiter = DELIMITERS.into_iter().max_by_key(|d| {
            // The earlier candidate wins a draw.
            let order = DELIMITERS.iter().rev().position(|known| known == d);
            (cells(d) > 1, agrees(d), cells(d), order)
        });
        let delimiter = delimiter.unwrap_or(b',');
        let names = split(delimiter, &String::from_utf8_lossy(first));
        let has_header = looks_like_header(&names);
        let columns = if has_header {
            names.iter().map(|name| name.trim().to_owned()).collect()
        } else {
            (1..=names.len())
                .map(|number| format!("column_{number}"))
                .collect()
        };
        Self {
            delimiter,
            has_header,
            columns,
        }
    }
}

/// Names are short, filled, different from each other, and no numbers, times or addresses.
fn looks_like_header(cells: &[String]) -> bool {
    let mut seen: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
    let plain = seen.iter().all(|cell| {
        !cell.is_empty()
            && cell.chars().count() <= 60
            && cell.parse::<f64>().is_err()
            && !cell.contains("://")
            && read_time(cell).is_none()
    });
    seen.sort_unstable();
    seen.dedup();
    plain && seen.len() == cells.len()
}

/// True when `line` ends within a quoted value, begun before it when `inside`.
pub(super) fn ends_inside_quotes(dialect: &Dialect, line: &[u8], inside: bool) -> bool {
    let mut inside = inside;
    let mut at_start = !inside;
    let mut bytes = line.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if inside {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                inside = false;
            }
            at_start = false;
        } else {
            inside = at_start && byte == b'"';
            at_start = byte == dialect.delimiter;
        }
    }
    inside
}

/// The record in `text`, or why there is none.
pub(super) fn record(dialect: &Dialect, text: &str) -> Result<Record, String> {
    let cells = split(dialect.delimiter, text);
    if cells.len() != dialect.columns.len() {
        return Err(format!(
            "{} cells, the header has {}",
            cells.len(),
            dialect.columns.len()
        ));
    }
    let filled = dialect
        .columns
        .iter()
        .cloned()
        .zip(cells.into_iter().map(Value::String));
    Ok(filled.collect())
}

fn split(delimiter: u8, text: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(text.len().clamp(64, 64 << 10))
        .from_reader(text.as_bytes());
    let mut cells = csv::StringRecord::new();
    match reader.read_record(&mut cells) {
        Ok(true) => cells.iter().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_that_both_lines_agree_on_wins() {
        let dialect = Dialect::sniff(
            b"id;teks;tanggal\n",
            Some(b"1;ada, koma, banyak, sekali;2024-02-14\n"),
        );
        assert_eq!(dialect.delimiter, b';');
        assert!(dialect.has_header);
        assert_eq!(dialect.columns, ["id", "teks", "tanggal"]);
        assert_eq!(Dialect::sniff(b"teks\n", Some(b"halo\n")).columns, ["teks"]);
    }

    #[test]
    fn values_are_not_taken_for_names() {
        for first in [
            "1,halo",
            "halo,2024-02-14",
            "halo,https://a.example/",
            "halo,",
            "ya,ya",
        ] {
            let dialect = Dialect::sniff(first.as_bytes(), None);
            assert!(!dialect.has_header, "{first}");
            assert_eq!(dialect.columns, ["column_1", "column_2"]);
        }
    }

    #[test]
    fn a_quote_in_the_middle_of_a_value_opens_nothing() {
        let dialect = Dialect::sniff(b"id,teks\n", None);
        for (line, inside) in [
            ("1,layar 5\" baru", false),
            ("1,\"a", true),
            ("1,\"a\"\"", true),
            ("1,\"a\"", false),
        ] {
            assert_eq!(
                ends_inside_quotes(&dialect, line.as_bytes(), false),
                inside,
                "{line}"
            );
        }
        assert!(!ends_inside_quotes(&dialect, b"b\",2", true));
    }
}
