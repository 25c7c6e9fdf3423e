//! Records out of a file: JSON Lines or CSV, plain, gzip or zstd, sniffed rather than asked.
//!
//! Memory is bounded by [`RECORD_BYTES`]; what cannot be read is handed on as a fault with its
//! line number, and reading goes on with the next line.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value};

use super::csv_text::{self, Dialect};

/// One record, in bytes; a longer one is rejected.
pub const RECORD_BYTES: usize = 1 << 20;
/// Records looked at to guess the columns.
pub const SAMPLE_RECORDS: usize = 100;
/// Read from the disk at once, in bytes.
const READ_BYTES: usize = 256 << 10;

/// A record: column names with their values, nested objects as `outer.inner`.
pub type Record = Map<String, Value>;

/// What stands at a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Counted from 1; of a record over several lines, the first.
    pub number: u64,
    /// The text as it stands in the file.
    pub raw: String,
    /// The record, or why there is none.
    pub record: Result<Record, String>,
}

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FileRefused {
    /// The file cannot be opened or read.
    #[error("{path} cannot be read: {source}")]
    Io {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is UTF-16.
    #[error("the file is UTF-16; save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\") and try again")]
    Utf16,
    /// The file has no record.
    #[error("the file is empty")]
    Empty,
    /// The file is one JSON array.
    #[error(
        "the file is one JSON array; write one object per line (for example `jq -c '.[]' FILE`)"
    )]
    JsonArray,
}

/// How the file is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Format {
    /// One JSON object a line.
    JsonLines,
    /// Separated values.
    Csv(Dialect),
}

/// Reads records in the order of the file.
pub struct Reader {
    input: Box<dyn BufRead + Send>,
    format: Format,
    /// Lines read and not yet used.
    pending: VecDeque<Vec<u8>>,
    number: u64,
    read_bytes: Arc<AtomicU64>,
}

impl Reader {
    /// Opens `path` and finds out how it is written.
    pub fn open(path: &Path) -> Result<Self, FileRefused> {
        let fault = |source| FileRefused::Io {
            path: path.display().to_string(),
            source,
        };
        let file = File::open(path).map_err(fault)?;
        let read_bytes = Arc::new(AtomicU64::new(0));
        let counted = Counted {
            file,
            count: Arc::clone(&read_bytes),
        };
        let mut plain = BufReader::with_capacity(READ_BYTES, counted);
        let start = plain.fill_buf().map_err(fault)?;
        let input: Box<dyn BufRead + Send> = if start.starts_with(&[0x1f, 0x8b]) {
            let unpacked = flate2::bufread::MultiGzDecoder::new(plain);
            Box::new(BufReader::with_capacity(READ_BYTES, unpacked))
        } else if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            let unpacked = zstd::Decoder::with_buffer(plain).map_err(fault)?;
            Box::new(BufReader::with_capacity(READ_BYTES, unpacked))
        } else {
            Box::new(plain)
        };
        Self::start(input, read_bytes, fault)
    }

    /// Reads from text that is in memory already, such as a field of a form.
    pub fn of_text(text: String) -> Result<Self, FileRefused> {
        let input = Box::new(io::Cursor::new(text.into_bytes()));
        Self::start(input, Arc::default(), |source| FileRefused::Io {
            path: String::new(),
            source,
        })
    }

    fn start(
        mut input: Box<dyn BufRead + Send>,
        read_bytes: Arc<AtomicU64>,
        fault: impl Fn(io::Error) -> FileRefused,
    ) -> Result<Self, FileRefused> {
        let start = input.fill_buf().map_err(&fault)?;
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            return Err(FileRefused::Utf16);
        }
        if start.starts_with(&[0xef, 0xbb, 0xbf]) {
            input.consume(3);
        }
        let mut reader = Self {
            input,
            format: Format::JsonLines,
            pending: VecDeque::new(),
            number: 0,
            read_bytes,
        };
        let mut blank = 0;
        let first = loop {
            match reader.read_line().map_err(&fault)? {
                None => return Err(FileRefused::Empty),
                Some(line) if line.trim_ascii().is_empty() => blank += 1,
                Some(line) => break line,
            }
        };
        reader.number = blank;
        match first.trim_ascii_start().first() {
            Some(b'{') => reader.pending.push_front(first),
            Some(b'[') => return Err(FileRefused::JsonArray),
            _ => {
                let second = reader.read_line().map_err(&fault)?;
                let dialect = Dialect::sniff(&first, second.as_deref());
                reader.pending.extend(second);
                if dialect.has_header {
                    reader.number += 1;
                } else {
                    reader.pending.push_front(first);
                }
                reader.format = Format::Csv(dialect);
            }
        }
        Ok(reader)
    }

    /// How the file is written.
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// Bytes of the file read so far, before unpacking; shared, so that a progress bar can look.
    pub fn read_bytes(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read_bytes)
    }

    /// The next record, past blank lines; `None` at the end.
    pub fn next_line(&mut self) -> Result<Option<Line>, io::Error> {
        loop {
            let Some(first) = self.take_line()? else {
                return Ok(None);
            };
            if first.trim_ascii().is_empty() {
                continue;
            }
            let number = self.number;
            let text = match self.format.clone() {
                Format::JsonLines => Ok(first),
                Format::Csv(dialect) => self.whole_csv_record(&dialect, first)?,
            };
            let (bytes, too_long) = match text {
                Ok(bytes) => (bytes, false),
                Err(first) => (first, true),
            };
            let raw = String::from_utf8_lossy(&bytes)
                .trim_end_matches(['\r', '\n'])
                .to_owned();
            let record = if too_long {
                Err("a quote is opened and not closed".to_owned())
            } else {
                self.parse(&bytes)
            };
            return Ok(Some(Line {
                number,
                raw,
                record,
            }));
        }
    }

    fn parse(&self, bytes: &[u8]) -> Result<Record, String> {
        if bytes.len() > RECORD_BYTES {
            return Err(format!("longer than {RECORD_BYTES} bytes"));
        }
        let text = std::str::from_utf8(bytes).map_err(|fault| {
            format!(
                "byte {} is not UTF-8; save the file as UTF-8",
                fault.valid_up_to() + 1
            )
        })?;
        match &self.format {
            Format::Csv(dialect) => csv_text::record(dialect, text),
            Format::JsonLines => match serde_json::from_str(text) {
                Ok(Value::Object(object)) => Ok(flattened(object)),
                Ok(_) => Err("not a JSON object".to_owned()),
                Err(fault) => Err(format!("not JSON: {fault}")),
            },
        }
    }

    /// Adds lines to `first` until every quote is closed; gives `first` back alone, with the rest
    /// to be read again, when that does not happen within [`RECORD_BYTES`].
    fn whole_csv_record(
        &mut self,
        dialect: &Dialect,
        first: Vec<u8>,
    ) -> Result<Result<Vec<u8>, Vec<u8>>, io::Error> {
        let mut inside = csv_text::ends_inside_quotes(dialect, &first, false);
        let mut text = first.clone();
        let mut used = Vec::new();
        while inside {
            let next = if text.len() > RECORD_BYTES {
                None
            } else {
                self.take_line()?
            };
            let Some(next) = next else {
                self.number -= used.len() as u64;
                for line in used.into_iter().rev() {
                    self.pending.push_front(line);
                }
                return Ok(Err(first));
            };
            inside = csv_text::ends_inside_quotes(dialect, &next, true);
            text.extend_from_slice(&next);
            used.push(next);
        }
        Ok(Ok(text))
    }

    fn take_line(&mut self) -> Result<Option<Vec<u8>>, io::Error> {
        let line = match self.pending.pop_front() {
            Some(line) => Some(line),
            None => self.read_line()?,
        };
        self.number += u64::from(line.is_some());
        Ok(line)
    }

    /// One line with its end; what goes beyond [`RECORD_BYTES`] is passed over, so that the line
    /// is still seen to be too long.
    fn read_line(&mut self) -> Result<Option<Vec<u8>>, io::Error> {
        let mut line = Vec::new();
        let limit = RECORD_BYTES as u64 + 1;
        self.input
            .by_ref()
            .take(limit)
            .read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        if line.last() != Some(&b'\n') && line.len() as u64 == limit {
            self.input.skip_until(b'\n')?;
        }
        Ok(Some(line))
    }
}

/// `{"channel": {"kind": "x"}}` as `{"channel.kind": "x"}`.
fn flattened(object: Record) -> Record {
    let mut flat = Record::new();
    for (name, value) in object {
        match value {
            Value::Object(inner) => {
                flat.extend(
                    inner
                        .into_iter()
                        .map(|(part, value)| (format!("{name}.{part}"), value)),
                );
            }
            other => {
                flat.insert(name, other);
            }
        }
    }
    flat
}

/// Counts what is read.
struct Counted {
    file: File,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<Line>, FileRefused> {
        let mut file = tempfile::NamedTempFile::new().expect("file");
        file.write_all(bytes).expect("written");
        let mut reader = Reader::open(file.path())?;
        let mut lines = Vec::new();
        while let Some(line) = reader.next_line().expect("reads") {
            lines.push(line);
        }
        Ok(lines)
    }

    fn column(lines: &[Line], name: &str) -> Vec<String> {
        let of = |line: &Line| match &line.record {
            Ok(record) => record
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or("-")
                .to_owned(),
            Err(fault) => format!("!{fault}"),
        };
        lines.iter().map(of).collect()
    }

    #[test]
    fn json_lines_with_and_without_mark_packed_and_plain() {
        let plain = "{\"a\":\"1\",\"b\":{\"c\":\"2\"}}\n\n{\"a\":\"3\"}".as_bytes();
        let marked = [b"\xef\xbb\xbf", plain].concat();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(plain).expect("packed");
        let gzip = gzip.finish().expect("packed");
        let zstd = zstd::encode_all(plain, 1).expect("packed");
        for bytes in [plain, &marked, &gzip, &zstd] {
            let lines = read(bytes).expect("reads");
            assert_eq!(column(&lines, "a"), ["1", "3"]);
            assert_eq!(column(&lines, "b.c"), ["2", "-"]);
            assert_eq!(lines[1].number, 3);
        }
    }

    #[test]
    fn csv_of_every_delimiter_with_quotes_over_lines() {
        for delimiter in [',', ';', '\t', '|'] {
            let text = "id,teks\n1,\"baris satu\nbaris \"\"dua\"\", ya\"\n2,halo\n";
            let text = text.replace("d,t", &format!("d{delimiter}t"));
            let text = text
                .replace("1,", &format!("1{delimiter}"))
                .replace("2,h", &format!("2{delimiter}h"));
            let lines = read(text.as_bytes()).expect("reads");
            assert_eq!(
                column(&lines, "teks"),
                ["baris satu\nbaris \"dua\", ya", "halo"],
                "{delimiter:?}"
            );
            assert_eq!(
                lines.iter().map(|line| line.number).collect::<Vec<_>>(),
                [2, 4]
            );
        }
    }

    #[test]
    fn a_bad_line_is_named_and_the_rest_is_read() {
        let lines =
            read(b"{\"a\":\"1\"}\nrusak\n[1]\n{\"a\":\"\xff\"}\n{\"a\":\"5\"}\n").expect("reads");
        let seen = column(&lines, "a");
        assert_eq!((seen[0].as_str(), seen[4].as_str()), ("1", "5"));
        assert!(seen[1].starts_with("!not JSON"), "{seen:?}");
        assert!(seen[2].starts_with("!not a JSON object"), "{seen:?}");
        assert!(seen[3].starts_with("!byte 7 is not UTF-8"), "{seen:?}");
        let lines = read(b"id,teks\n1,a\n2\n3,c\n").expect("reads");
        assert!(column(&lines, "teks")[1].contains("1 cells, the header has 2"));
    }

    #[test]
    fn an_open_quote_costs_one_line_and_not_the_file() {
        let lines = read(b"id,teks\n1,\"terbuka\n2,b\n3,c\n").expect("reads");
        let seen = column(&lines, "teks");
        assert_eq!(&seen[1..], ["b", "c"]);
        assert!(seen[0].contains("not closed"), "{seen:?}");
        assert_eq!(lines[2].number, 4);
    }

    #[test]
    fn a_line_of_a_million_and_more_characters_is_rejected_alone() {
        let long = format!(
            "{{\"a\":\"1\"}}\n{{\"a\":\"{}\"}}\n{{\"a\":\"3\"}}\n",
            "x".repeat(3_000_000)
        );
        let seen = column(&read(long.as_bytes()).expect("reads"), "a");
        assert_eq!((seen[0].as_str(), seen[2].as_str()), ("1", "3"));
        assert!(seen[1].starts_with("!longer than"), "{}", &seen[1][..40]);
    }

    #[test]
    fn files_of_another_kind_are_refused_with_the_remedy() {
        assert!(matches!(read(b"\xff\xfea\0"), Err(FileRefused::Utf16)));
        assert!(matches!(read(b""), Err(FileRefused::Empty)));
        assert!(matches!(read(b" \n\n"), Err(FileRefused::Empty)));
        assert!(matches!(read(b"[{\"a\":1}]"), Err(FileRefused::JsonArray)));
        let missing = Reader::open(Path::new("tidak-ada.csv"))
            .err()
            .expect("refused");
        assert!(missing.to_string().contains("tidak-ada.csv"));
    }
}
