//! Which column is which field: guessed from names and values, shown, and corrected by hand.

mod fields;

use std::fmt::Write as _;

use serde_json::Value;

pub use self::fields::{Field, Subject};
use super::reader::{Line, Record};
use super::times::read_time;

/// One field and the column it is filled from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The field's name.
    pub field: &'static str,
    /// The column's name.
    pub column: String,
}

/// Every field that is filled, and the columns that are left over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    subject: Subject,
    /// In the order of the fields.
    pub pairs: Vec<Pair>,
    /// Columns without a field. Those of posts are kept in `extra`.
    pub left_over: Vec<String>,
}

/// Why a mapping cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingRefused {
    /// `--map` is not of the form `field=column`.
    #[error("--map {0:?} is not of the form field=column,field=column")]
    BadForm(String),
    /// `--map` names a field that does not exist.
    #[error("--map names the field {field:?}; there are {known}")]
    UnknownField {
        /// The word given.
        field: String,
        /// The fields there are.
        known: String,
    },
    /// `--map` names a column that does not exist.
    #[error("--map names the column {column:?}; the file has {known}")]
    UnknownColumn {
        /// The word given.
        column: String,
        /// The columns there are.
        known: String,
    },
    /// No column was found for a required field.
    #[error(
        "no column was found for {field}; name it with --map {field}=COLUMN (the file has {known})"
    )]
    Missing {
        /// The field.
        field: &'static str,
        /// The columns there are.
        known: String,
    },
}

impl Mapping {
    /// Guesses from the first records, after what `overrides` (`text=isi,…`) says.
    pub fn guess(
        subject: Subject,
        sample: &[Line],
        overrides: Option<&str>,
    ) -> Result<Self, MappingRefused> {
        let columns = columns_of(sample);
        let pairs = overridden(subject, &columns, overrides.unwrap_or_default())?;
        Self::completed(subject, sample, pairs, &[])
    }

    /// As a person chose on a page: each field with its column, or with nothing for none; what
    /// they did not say is guessed.
    pub fn chosen(
        subject: Subject,
        sample: &[Line],
        chosen: &[(&str, &str)],
    ) -> Result<Self, MappingRefused> {
        let columns = columns_of(sample);
        let mut pairs = Vec::new();
        let mut left_out = Vec::new();
        for field in subject.fields() {
            let Some((_, column)) = chosen.iter().find(|(name, _)| *name == field.name) else {
                continue;
            };
            if columns.iter().any(|known| known == column) {
                pairs.push(Pair {
                    field: field.name,
                    column: (*column).to_owned(),
                });
            } else {
                left_out.push(field.name);
            }
        }
        Self::completed(subject, sample, pairs, &left_out)
    }

    /// Every column there is, in the order of the file.
    pub fn columns(sample: &[Line]) -> Vec<String> {
        columns_of(sample)
    }

    fn completed(
        subject: Subject,
        sample: &[Line],
        mut pairs: Vec<Pair>,
        left_out: &[&str],
    ) -> Result<Self, MappingRefused> {
        let columns = columns_of(sample);
        for field in subject.fields() {
            if left_out.contains(&field.name) && !field.required {
                continue;
            }
            if pairs.iter().any(|pair| pair.field == field.name) {
                continue;
            }
            let free = |column: &&String| pairs.iter().all(|pair| pair.column != **column);
            let named = field.columns.iter().find_map(|name| {
                columns
                    .iter()
                    .filter(free)
                    .find(|column| plain_name(column) == *name)
            });
            let found = named.or_else(|| {
                let claimed = |column: &&String| named_for_another(subject, field, column);
                let candidates = columns
                    .iter()
                    .filter(free)
                    .filter(|column| !claimed(column));
                by_values(field.name, &candidates.collect::<Vec<_>>(), sample)
            });
            match found {
                Some(column) => pairs.push(Pair {
                    field: field.name,
                    column: column.clone(),
                }),
                None if field.required => {
                    return Err(MappingRefused::Missing {
                        field: field.name,
                        known: columns.join(", "),
                    });
                }
                None => {}
            }
        }
        let order = |pair: &Pair| {
            subject
                .fields()
                .iter()
                .position(|field| field.name == pair.field)
        };
        pairs.sort_by_key(order);
        let used = |column: &String| pairs.iter().any(|pair| pair.column == *column);
        let left_over = columns
            .iter()
            .filter(|column| !used(column))
            .cloned()
            .collect();
        Ok(Self {
            subject,
            pairs,
            left_over,
        })
    }

    /// The value of `field` in `record`; `None` where it is missing, null or blank. A column that
    /// first appears after the sample is taken by its name.
    pub fn value<'record>(&self, field: &str, record: &'record Record) -> Option<&'record Value> {
        let value = match self.pairs.iter().find(|pair| pair.field == field) {
            Some(pair) => record.get(&pair.column),
            None => self.late_value(field, record),
        };
        value.filter(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            _ => true,
        })
    }

    fn late_value<'record>(&self, field: &str, record: &'record Record) -> Option<&'record Value> {
        if record.len() <= self.pairs.len() + self.left_over.len()
            && record.keys().all(|column| self.knows(column))
        {
            return None;
        }
        let field = self
            .subject
            .fields()
            .iter()
            .find(|known| known.name == field)?;
        field.columns.iter().find_map(|name| {
            let mut late = record.iter().filter(|(column, _)| !self.knows(column));
            late.find(|(column, _)| plain_name(column) == *name)
                .map(|(_, value)| value)
        })
    }

    /// Columns of `record` that fill no field.
    pub fn left_over_of<'record>(
        &self,
        record: &'record Record,
    ) -> impl Iterator<Item = (&'record String, &'record Value)> {
        record.iter().filter(|(column, value)| {
            let used = self.pairs.iter().any(|pair| pair.column == **column);
            let late = || {
                let unfilled =
                    |field: &&Field| self.pairs.iter().all(|pair| pair.field != field.name);
                let name = plain_name(column);
                let fields = self.subject.fields().iter().filter(unfilled);
                !self.knows(column)
                    && fields
                        .flat_map(|field| field.columns)
                        .any(|known| *known == name)
            };
            !value.is_null() && !used && !late()
        })
    }

    fn knows(&self, column: &String) -> bool {
        self.left_over.contains(column) || self.pairs.iter().any(|pair| pair.column == *column)
    }

    /// [`Mapping::value`] as text; numbers and truth values as they are written.
    pub fn text(&self, field: &str, record: &Record) -> Option<String> {
        self.value(field, record).map(written)
    }

    /// The mapping as a table with up to three values of each column.
    pub fn table(&self, sample: &[Line]) -> String {
        let width = self
            .pairs
            .iter()
            .map(|pair| pair.column.chars().count())
            .max()
            .unwrap_or(0)
            .clamp(6, 30);
        let mut table = format!("{:<16} {:<width$} values\n", "field", "column");
        for pair in &self.pairs {
            let values = samples_of(&pair.column, sample).join(" · ");
            let _ = writeln!(
                table,
                "{:<16} {:<width$} {values}",
                pair.field,
                shortened(&pair.column, 30)
            );
        }
        if !self.left_over.is_empty() {
            let _ = writeln!(table, "{:<16} {}", "(no field)", self.left_over.join(", "));
        }
        table
    }
}

/// Text of a value: without the quotes of a string.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn overridden(
    subject: Subject,
    columns: &[String],
    overrides: &str,
) -> Result<Vec<Pair>, MappingRefused> {
    let mut pairs: Vec<Pair> = Vec::new();
    for part in overrides.split(',').filter(|part| !part.trim().is_empty()) {
        let Some((name, column)) = part.split_once('=') else {
            return Err(MappingRefused::BadForm(part.to_owned()));
        };
        let (name, column) = (name.trim(), column.trim());
        let Some(field) = subject.fields().iter().find(|field| field.name == name) else {
            let known = subject
                .fields()
                .iter()
                .map(|field| field.name)
                .collect::<Vec<_>>()
                .join(", ");
            return Err(MappingRefused::UnknownField {
                field: name.to_owned(),
                known,
            });
        };
        if !columns.iter().any(|known| known == column) {
            let known = columns.join(", ");
            return Err(MappingRefused::UnknownColumn {
                column: column.to_owned(),
                known,
            });
        }
        pairs.retain(|pair| pair.field != field.name);
        pairs.push(Pair {
            field: field.name,
            column: column.to_owned(),
        });
    }
    Ok(pairs)
}

/// Columns in the order they first appear.
fn columns_of(sample: &[Line]) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for record in sample.iter().filter_map(|line| line.record.as_ref().ok()) {
        for name in record.keys() {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
    }
    columns
}

/// `Full Text`, `full-text` and `FULL_TEXT` as `full_text`.
fn plain_name(column: &str) -> String {
    column.trim().to_lowercase().replace([' ', '-'], "_")
}

/// True when the column's name belongs to a field other than `field`.
fn named_for_another(subject: Subject, field: &Field, column: &str) -> bool {
    let name = plain_name(column);
    let others = subject
        .fields()
        .iter()
        .filter(|other| other.name != field.name);
    others
        .flat_map(|other| other.columns)
        .any(|known| *known == name)
}

/// A column whose values look like the field, where its name did not say.
fn by_values<'a>(field: &str, candidates: &[&'a String], sample: &[Line]) -> Option<&'a String> {
    let all = |column: &str, is: &dyn Fn(&str) -> bool| {
        let values = values_of(column, sample);
        !values.is_empty() && values.iter().all(|value| is(value))
    };
    match field {
        "published_at" => candidates
            .iter()
            .find(|column| all(column, &|value| read_time(value).is_some()))
            .copied(),
        "channel.url" | "url" => candidates
            .iter()
            .find(|column| all(column, &is_address))
            .copied(),
        "text" | "claim" => {
            let prose = candidates
                .iter()
                .map(|column| (prose_chars(column, sample), *column));
            prose
                .filter(|(chars, _)| *chars >= 20)
                .max_by_key(|(chars, _)| *chars)
                .map(|(_, column)| column)
        }
        _ => None,
    }
}

fn is_address(value: &str) -> bool {
    value.starts_with("https://") || value.starts_with("http://")
}

/// Mean length of a column whose values are sentences; 0 of any other.
fn prose_chars(column: &str, sample: &[Line]) -> usize {
    let values = values_of(column, sample);
    let sentences = values
        .iter()
        .filter(|value| value.contains(' ') && read_time(value).is_none())
        .count();
    if values.is_empty() || sentences * 2 < values.len() {
        return 0;
    }
    values
        .iter()
        .map(|value| value.chars().count())
        .sum::<usize>()
        / values.len()
}

fn values_of(column: &str, sample: &[Line]) -> Vec<String> {
    let records = sample.iter().filter_map(|line| line.record.as_ref().ok());
    let values = records
        .filter_map(|record| record.get(column))
        .filter(|value| !value.is_null());
    values
        .map(written)
        .filter(|value| !value.trim().is_empty())
        .collect()
}

fn samples_of(column: &str, sample: &[Line]) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for value in values_of(column, sample) {
        let short = shortened(&value.split_whitespace().collect::<Vec<_>>().join(" "), 28);
        if !values.contains(&short) {
            values.push(short);
        }
        if values.len() == 3 {
            break;
        }
    }
    values
}

fn shortened(text: &str, chars: usize) -> String {
    if text.chars().count() <= chars {
        return text.to_owned();
    }
    text.chars()
        .take(chars.saturating_sub(1))
        .chain(['…'])
        .collect()
}

#[cfg(test)]
mod tests;
