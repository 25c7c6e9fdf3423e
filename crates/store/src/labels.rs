//! Labels: every word of a person on a pair of text and check, appended with the change itself.

use domain::audit::AuditEvent;
use domain::claim_match::Decision;
use domain::label::{LabelSource, Verdict};
use domain::{ClusterId, FactCheckId, LabelId, MemberId, Timestamp};
use uuid::Uuid;

use crate::clusters::narrow;
use crate::db::{Columns, Store, Tx, Value, read_all, read_first};
use crate::error::StoreError;
use crate::limits::LABEL_ROWS_MAX;

/// One label.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelRow {
    /// Its identity.
    pub id: LabelId,
    /// When it was said.
    pub at: Timestamp,
    /// What was said.
    pub verdict: Verdict,
    /// How the pair came up.
    pub source: LabelSource,
    /// Who said it; nobody for a reader of the portal.
    pub member: Option<MemberId>,
    /// The check.
    pub fact_check: FactCheckId,
    /// The cluster whose text it is, for a member's word.
    pub cluster: Option<ClusterId>,
    /// SHA-256 of the text; for a reader's message a digest that only this installation can make.
    pub text_digest: [u8; 32],
    /// The text, where it is a cluster's.
    pub text: Option<String>,
    /// How sure the machine was then, 0 to 1; none where it had not suggested the pair.
    pub probability: Option<f32>,
    /// What it answered then: `match`, `probable` or `not_yet_checked`.
    pub answer: String,
    /// Why, as the JSON object of the suggestion; of a reader's message only the contradictions.
    pub reason: String,
    /// Digest of the weights that answered.
    pub model: String,
}

/// A reader's word, which says nothing about the reader.
#[derive(Debug, Clone, PartialEq)]
pub struct NotMeant {
    /// Identity of the label.
    pub id: LabelId,
    /// The check that was shown.
    pub fact_check: FactCheckId,
    /// A digest of the message that only this installation can make.
    pub text_digest: [u8; 32],
    /// How sure the machine was, 0 to 1.
    pub probability: f32,
    /// `match` or `probable`.
    pub answer: &'static str,
    /// The contradictions, as a JSON object without words of the message.
    pub reason: String,
    /// Digest of the weights that answered.
    pub model: String,
}

/// Labels by verdict, over all time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LabelTotals {
    /// Confirmed, as often as it was said.
    pub confirmed: i64,
    /// Rejected.
    pub rejected: i64,
    /// Taken back.
    pub taken_back: i64,
    /// Readers' words.
    pub not_meant: i64,
}

statements! {
    INSERT = "INSERT INTO match_label (id, at, verdict, source, member, fact_check, cluster, \
        text_digest, text, probability, answer, reason, model) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    INSERT_READER = "INSERT INTO match_label (id, at, verdict, source, member, fact_check, cluster, \
        text_digest, text, probability, answer, reason, model) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING";
    SUGGESTED = "SELECT probability, word, reason FROM cluster_match \
        WHERE cluster = $1 AND fact_check = $2 AND suggested = 1";
    CLUSTER_TEXT = "SELECT text FROM cluster WHERE id = $1";
    SINCE = "SELECT id, at, verdict, source, member, fact_check, cluster, text_digest, text, \
        probability, answer, reason, model FROM match_label \
        WHERE (at > $1 OR (at = $1 AND id > $2)) AND at < $3 ORDER BY at, id LIMIT $4";
    NEWEST = "SELECT id, at, verdict, source, member, fact_check, cluster, text_digest, text, \
        probability, answer, reason, model FROM match_label ORDER BY at DESC, id DESC LIMIT $1";
    TOTALS = "SELECT verdict, COUNT(*) FROM match_label GROUP BY verdict";
}

impl Store {
    /// Labels said from `from` on and before `until`, oldest first. `after` is the last label of
    /// the page before; at most [`LABEL_ROWS_MAX`] come at once.
    pub async fn labels_between(
        &self,
        from: Timestamp,
        until: Timestamp,
        after: Option<(Timestamp, LabelId)>,
    ) -> Result<Vec<LabelRow>, StoreError> {
        let (at, id) = after.map_or((from.plus_us(-1), Uuid::max()), |(at, id)| (at, id.0));
        let values = values![at, id, until, LABEL_ROWS_MAX];
        read_all(&self.rows(SINCE, values).await?, read_label)
    }

    /// The newest labels, newest first; at most [`LABEL_ROWS_MAX`].
    pub async fn newest_labels(&self) -> Result<Vec<LabelRow>, StoreError> {
        read_all(
            &self.rows(NEWEST, values![LABEL_ROWS_MAX]).await?,
            read_label,
        )
    }

    /// How many labels there are.
    pub async fn label_totals(&self) -> Result<LabelTotals, StoreError> {
        let rows = self.rows(TOTALS, values![]).await?;
        let counts = read_all(&rows, |c| {
            Ok((c.word("verdict", Verdict::parse)?, c.int()?))
        })?;
        let mut totals = LabelTotals::default();
        for (verdict, count) in counts {
            match verdict {
                Verdict::Confirmed => totals.confirmed = count,
                Verdict::Rejected => totals.rejected = count,
                Verdict::TakenBack => totals.taken_back = count,
                Verdict::NotMeant => totals.not_meant = count,
            }
        }
        Ok(totals)
    }

    /// Keeps a reader's word with its audit entry; false when the same is kept already, which
    /// records nothing.
    pub async fn label_not_meant(
        &self,
        said: &NotMeant,
        audit: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        if !tx.has_fact_check(said.fact_check).await? {
            return Err(StoreError::NotFound);
        }
        let label = LabelRow {
            id: said.id,
            at: audit.at,
            verdict: Verdict::NotMeant,
            source: LabelSource::Reader,
            member: None,
            fact_check: said.fact_check,
            cluster: None,
            text_digest: said.text_digest,
            text: None,
            probability: Some(said.probability),
            answer: said.answer.to_owned(),
            reason: said.reason.clone(),
            model: said.model.clone(),
        };
        if tx.execute(INSERT_READER, columns_of(&label)).await? == 0 {
            return Ok(false);
        }
        tx.record(audit).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// What a label of a member's word carries besides the word itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labelling<'a> {
    /// Identity of the label.
    pub id: LabelId,
    /// Digest of the weights that suggested the match.
    pub model: &'a str,
}

/// A member's word that becomes a label in the transaction of the decision itself.
pub(crate) struct Said<'a> {
    pub(crate) cluster: ClusterId,
    pub(crate) fact_check: FactCheckId,
    pub(crate) decision: Decision,
    pub(crate) by: MemberId,
    pub(crate) at: Timestamp,
    pub(crate) label: Labelling<'a>,
    /// Whether the check was written for the cluster.
    pub(crate) published: bool,
}

impl Tx {
    /// Appends the label of a member's word. Call it before the match itself changes.
    pub(crate) async fn label(&mut self, said: &Said<'_>) -> Result<(), StoreError> {
        let text = self.rows(CLUSTER_TEXT, values![said.cluster.0]).await?;
        let text = read_first(&text, Columns::text)?.ok_or(StoreError::NotFound)?;
        let pair = values![said.cluster.0, said.fact_check.0];
        let suggested = read_first(&self.rows(SUGGESTED, pair).await?, |c| {
            Ok((narrow(c.real()?), c.text()?, c.text()?))
        })?;
        let source = match (said.published, &suggested) {
            (true, _) => LabelSource::Publication,
            (false, Some(_)) => LabelSource::Suggestion,
            (false, None) => LabelSource::ByHand,
        };
        let (probability, answer, reason) = match suggested {
            Some((probability, word, reason)) => (Some(probability), word, reason),
            None => (None, "not_yet_checked".to_owned(), "{}".to_owned()),
        };
        let label = LabelRow {
            id: said.label.id,
            at: said.at,
            verdict: match said.decision {
                Decision::Confirm => Verdict::Confirmed,
                Decision::Reject => Verdict::Rejected,
                Decision::Undo => Verdict::TakenBack,
            },
            source,
            member: Some(said.by),
            fact_check: said.fact_check,
            cluster: Some(said.cluster),
            text_digest: ledger::sha256(text.as_bytes()),
            text: Some(text),
            probability,
            answer,
            reason,
            model: said.label.model.to_owned(),
        };
        self.execute(INSERT, columns_of(&label)).await.map(drop)
    }
}

fn columns_of(label: &LabelRow) -> Vec<Value> {
    values![
        label.id.0,
        label.at,
        label.verdict.as_str(),
        label.source.as_str(),
        label.member.map(|member| member.0),
        label.fact_check.0,
        label.cluster.map(|cluster| cluster.0),
        label.text_digest,
        label.text.as_deref(),
        label.probability.map(f64::from),
        &label.answer,
        &label.reason,
        &label.model,
    ]
}

fn read_label(c: &mut Columns<'_>) -> Result<LabelRow, StoreError> {
    Ok(LabelRow {
        id: LabelId(c.id()?),
        at: c.time()?,
        verdict: c.word("verdict", Verdict::parse)?,
        source: c.word("label source", LabelSource::parse)?,
        member: c.opt_id()?.map(MemberId),
        fact_check: FactCheckId(c.id()?),
        cluster: c.opt_id()?.map(ClusterId),
        text_digest: c.digest("text digest")?,
        text: c.opt_text()?,
        probability: c.opt_real()?.map(narrow),
        answer: c.text()?,
        reason: c.text()?,
        model: c.text()?,
    })
}
