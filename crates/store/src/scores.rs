//! How the machine's first probabilities are spread, counted by hour.

use crate::db::{Store, Value, read_all};
use crate::error::StoreError;

/// First probabilities of one hour in one bin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreCount {
    /// Hours since 1970 UTC.
    pub hour: i64,
    /// Where the texts came from: `stream` or `lookup`.
    pub source: &'static str,
    /// Number of the bin, from 0.
    pub bin: i64,
    /// Texts.
    pub count: i64,
}

/// Counts of one source over a span, by bin, split at an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreSum {
    /// Where the texts came from.
    pub source: String,
    /// Whether these are the hours from the split on, or those before.
    pub recent: bool,
    /// Number of the bin.
    pub bin: i64,
    /// Texts.
    pub count: i64,
}

statements! {
    SUMS = "SELECT source, CAST(CASE WHEN hour >= $1 THEN 1 ELSE 0 END AS BIGINT), bin, \
        CAST(SUM(count) AS BIGINT) FROM score_count WHERE hour >= $2 AND hour < $3 \
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
    FORGET = "DELETE FROM score_count WHERE hour < $1";
}

const ADD: &str = "INSERT INTO score_count (hour, source, bin, count) VALUES";
const ADD_TAIL: &str =
    "ON CONFLICT (hour, source, bin) DO UPDATE SET count = score_count.count + excluded.count";

impl Store {
    /// Adds counts to those that stand; of one hour, source and bin at most one entry.
    pub async fn add_score_counts(&self, counts: &[ScoreCount]) -> Result<(), StoreError> {
        if counts.is_empty() {
            return Ok(());
        }
        let mut values: Vec<Value> = Vec::with_capacity(counts.len() * 4);
        for one in counts {
            values.extend(values![one.hour, one.source, one.bin, one.count]);
        }
        let mut tx = self.begin().await?;
        tx.insert_rows(ADD, ADD_TAIL, 4, values).await?;
        tx.commit().await
    }

    /// Sums from hour `from` up to, without, hour `until`, apart before and from hour `split` on.
    pub async fn score_sums(
        &self,
        from: i64,
        split: i64,
        until: i64,
    ) -> Result<Vec<ScoreSum>, StoreError> {
        let rows = self.rows(SUMS, values![split, from, until]).await?;
        read_all(&rows, |c| {
            Ok(ScoreSum {
                source: c.text()?,
                recent: c.int()? == 1,
                bin: c.int()?,
                count: c.int()?,
            })
        })
    }

    /// Drops the counts before hour `before`; yields how many rows went.
    pub async fn forget_scores(&self, before: i64) -> Result<u64, StoreError> {
        self.change(FORGET, values![before]).await
    }
}
