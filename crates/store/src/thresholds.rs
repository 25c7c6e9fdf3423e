//! Changes of the thresholds from which on the machine answers: proposed by one, applied by another.

use domain::audit::AuditEvent;
use domain::thresholds::{ChangeState, ThresholdChange, Thresholds};
use domain::{MemberId, ThresholdChangeId};

use crate::clusters::narrow;
use crate::db::{Columns, Store, Value, read_all, read_first};
use crate::error::StoreError;
use crate::limits::page_rows;

statements! {
    INSERT = "INSERT INTO threshold_change (id, match_min, probable_min, model, proposed_by, \
        proposed_at, state, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    DECIDE = "UPDATE threshold_change SET state = $2, decided_by = $3, decided_at = $4 \
        WHERE id = $1 AND state = 'proposed'";
    ONE = "SELECT id, match_min, probable_min, model, proposed_by, proposed_at, state, decided_by, \
        decided_at FROM threshold_change WHERE id = $1";
    LATEST = "SELECT id, match_min, probable_min, model, proposed_by, proposed_at, state, decided_by, \
        decided_at FROM threshold_change ORDER BY proposed_at DESC, id DESC LIMIT $1";
    IN_FORCE = "SELECT id, match_min, probable_min, model, proposed_by, proposed_at, state, decided_by, \
        decided_at FROM threshold_change WHERE state = 'applied' ORDER BY decided_at DESC, id DESC LIMIT 1";
}

impl Store {
    /// Keeps a proposal. [`StoreError::Conflict`] while another one waits.
    pub async fn insert_threshold_change(
        &self,
        change: &ThresholdChange,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let (by, at) = decided(&change.state);
        let values = values![
            change.id.0,
            f64::from(change.thresholds.match_min()),
            f64::from(change.thresholds.probable_min()),
            &change.model,
            change.proposed_by.0,
            change.proposed_at,
            change.state.as_str(),
            by,
            at,
        ];
        tx.execute(INSERT, values).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Keeps how a proposal was decided. [`StoreError::Conflict`] when somebody was first.
    pub async fn decide_threshold_change(
        &self,
        change: &ThresholdChange,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let (by, at) = decided(&change.state);
        let values = values![change.id.0, change.state.as_str(), by, at];
        if tx.execute(DECIDE, values).await? == 0 {
            return Err(StoreError::Conflict);
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// One change; [`StoreError::NotFound`] when there is none of this identity.
    pub async fn threshold_change(
        &self,
        id: ThresholdChangeId,
    ) -> Result<ThresholdChange, StoreError> {
        let rows = self.rows(ONE, values![id.0]).await?;
        read_first(&rows, read_change)?.ok_or(StoreError::NotFound)
    }

    /// The latest changes, newest first.
    pub async fn threshold_changes(&self, limit: u32) -> Result<Vec<ThresholdChange>, StoreError> {
        let rows = self.rows(LATEST, values![page_rows(limit)]).await?;
        read_all(&rows, read_change)
    }

    /// The change that was applied last, whatever weights it was meant for.
    pub async fn thresholds_in_force(&self) -> Result<Option<ThresholdChange>, StoreError> {
        read_first(&self.rows(IN_FORCE, values![]).await?, read_change)
    }
}

fn decided(state: &ChangeState) -> (Value, Value) {
    match state {
        ChangeState::Proposed => (Value::Id(None), Value::Int(None)),
        ChangeState::Applied { by, at } | ChangeState::Withdrawn { by, at } => {
            (Value::from(by.0), Value::from(*at))
        }
    }
}

fn read_change(c: &mut Columns<'_>) -> Result<ThresholdChange, StoreError> {
    let id = ThresholdChangeId(c.id()?);
    let (match_min, probable_min) = (narrow(c.real()?), narrow(c.real()?));
    let model = c.text()?;
    let proposed_by = MemberId(c.id()?);
    let proposed_at = c.time()?;
    let word = c.text()?;
    let state = match (word.as_str(), c.opt_id()?.map(MemberId), c.opt_time()?) {
        ("proposed", None, None) => ChangeState::Proposed,
        ("applied", Some(by), Some(at)) => ChangeState::Applied { by, at },
        ("withdrawn", Some(by), Some(at)) => ChangeState::Withdrawn { by, at },
        _ => {
            return Err(StoreError::Unreadable {
                what: "state of a threshold change",
                value: word,
            });
        }
    };
    let thresholds =
        Thresholds::new(match_min, probable_min).map_err(|_| StoreError::Unreadable {
            what: "thresholds",
            value: format!("{match_min} and {probable_min}"),
        })?;
    Ok(ThresholdChange {
        id,
        thresholds,
        model,
        proposed_by,
        proposed_at,
        state,
    })
}
