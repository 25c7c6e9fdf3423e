//! The columns of the archive. Adding one is allowed; changing or removing one is not, because
//! tools outside rely on them. Described in `docs/archive.md`.

use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder, StringBuilder, TimestampMicrosecondBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use domain::post::Post;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

/// Rows of one row group: what a reader holds at once.
const ROW_GROUP_ROWS: usize = 10_000;
/// Bytes counted for a row beside its text: numbers, times and offsets.
const ROW_FIXED_BYTES: usize = 120;
/// The zone written beside every time.
const UTC: &str = "UTC";

/// The names of the columns, in order.
pub const COLUMNS: [&str; 14] = [
    "log_frame",
    "channel_kind",
    "channel_account",
    "channel_url",
    "external_id",
    "text",
    "published_at",
    "received_at",
    "lang",
    "region",
    "reach",
    "media",
    "author",
    "extra",
];

/// Rows could not be turned into Parquet.
#[derive(Debug, thiserror::Error)]
pub enum EncodeFault {
    /// The columns do not fit together.
    #[error("columns do not fit together")]
    Arrow(#[from] arrow_schema::ArrowError),
    /// The file could not be encoded.
    #[error("file not encoded")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// The work was cut off.
    #[error("encoding was cut off")]
    CutOff(#[from] tokio::task::JoinError),
}

/// The rows of one hour, column by column.
#[derive(Default)]
pub(super) struct Columns {
    log_frame: Int64Builder,
    channel_kind: StringBuilder,
    channel_account: StringBuilder,
    channel_url: StringBuilder,
    external_id: StringBuilder,
    text: StringBuilder,
    published_at: TimestampMicrosecondBuilder,
    received_at: TimestampMicrosecondBuilder,
    lang: StringBuilder,
    region: StringBuilder,
    reach: Int64Builder,
    media: ListBuilder<StringBuilder>,
    author: StringBuilder,
    extra: StringBuilder,
}

impl Columns {
    /// Adds one row and says about how many bytes it takes.
    pub(super) fn add(&mut self, frame: u64, post: &Post) -> usize {
        self.log_frame
            .append_value(i64::try_from(frame).unwrap_or(i64::MAX));
        self.channel_kind.append_value(post.channel.kind.as_str());
        self.channel_account.append_value(&post.channel.account);
        self.channel_url.append_option(post.channel.url.as_deref());
        self.external_id.append_value(&post.external_id);
        self.text.append_value(&post.text);
        self.published_at.append_value(post.published_at.0);
        self.received_at.append_value(post.received_at.0);
        self.lang.append_option(post.lang.as_deref());
        self.region
            .append_option(post.region.as_ref().map(domain::region::RegionCode::as_str));
        self.reach
            .append_value(i64::try_from(post.reach).unwrap_or(i64::MAX));
        for address in &post.media {
            self.media.values().append_value(address);
        }
        self.media.append(true);
        self.author.append_option(post.author.as_deref());
        self.extra.append_option(post.extra.as_deref());
        row_bytes(post)
    }

    /// The rows as one Parquet file, zstd-compressed, in the order they came.
    pub(super) fn into_parquet(mut self) -> Result<Vec<u8>, EncodeFault> {
        let arrays: Vec<ArrayRef> = vec![
            Arc::new(self.log_frame.finish()),
            Arc::new(self.channel_kind.finish()),
            Arc::new(self.channel_account.finish()),
            Arc::new(self.channel_url.finish()),
            Arc::new(self.external_id.finish()),
            Arc::new(self.text.finish()),
            Arc::new(self.published_at.finish().with_timezone(UTC)),
            Arc::new(self.received_at.finish().with_timezone(UTC)),
            Arc::new(self.lang.finish()),
            Arc::new(self.region.finish()),
            Arc::new(self.reach.finish()),
            Arc::new(self.media.finish()),
            Arc::new(self.author.finish()),
            Arc::new(self.extra.finish()),
        ];
        let batch = RecordBatch::try_new(Arc::new(schema()), arrays)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .build();
        let mut file = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), Some(properties))?;
        writer.write(&batch)?;
        writer.close()?;
        Ok(file)
    }
}

fn schema() -> Schema {
    let time = DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into()));
    let media = DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)));
    let kinds = [
        (DataType::Int64, false),
        (DataType::Utf8, false),
        (DataType::Utf8, false),
        (DataType::Utf8, true),
        (DataType::Utf8, false),
        (DataType::Utf8, false),
        (time.clone(), false),
        (time, false),
        (DataType::Utf8, true),
        (DataType::Utf8, true),
        (DataType::Int64, false),
        (media, false),
        (DataType::Utf8, true),
        (DataType::Utf8, true),
    ];
    let fields = COLUMNS
        .iter()
        .zip(kinds)
        .map(|(name, (kind, may_be_null))| Field::new(*name, kind, may_be_null));
    Schema::new(fields.collect::<Vec<_>>())
}

fn row_bytes(post: &Post) -> usize {
    let optional = |field: &Option<String>| field.as_ref().map_or(0, String::len);
    let media: usize = post.media.iter().map(String::len).sum();
    ROW_FIXED_BYTES
        + post.channel.account.len()
        + optional(&post.channel.url)
        + post.external_id.len()
        + post.text.len()
        + optional(&post.author)
        + optional(&post.extra)
        + media
}
