//! Matches of clusters and checks: the machine suggests, a person decides.

use domain::audit::AuditEvent;
use domain::claim_match::{Decision, MatchState};
use domain::cluster::ClusterAnswer;
use domain::fact_check::FactCheck;
use domain::{ClusterId, FactCheckId, MemberId};

use crate::audit::person;
use crate::clusters::{Suggestion, heat_with, narrow, read_suggestion};
use crate::db::{Columns, Store, Tx, read_all, read_first};
use crate::error::StoreError;
use crate::fact_checks::{fact_check_columns, read_fact_check};
use crate::labels::{Labelling, Said};
use crate::limits::page_rows;

/// One match of a cluster, with the check itself.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchRow {
    /// What the machine says of it; probability 1 and an empty reason where an editor added it.
    pub suggestion: Suggestion,
    /// True while the machine suggests it; false where only a person's word keeps it.
    pub suggested: bool,
    /// What people say of it.
    pub state: MatchState,
    /// The check.
    pub fact_check: FactCheck,
}

/// How a cluster stands after a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatchOutcome {
    /// Whether it has an answer now.
    pub answer: ClusterAnswer,
    /// The check that gives it.
    pub fact_check: Option<FactCheckId>,
}

statements! {
    OF_CLUSTER = concat!("SELECT m.fact_check, m.probability, m.word, m.reason, m.suggested, m.state, \
        m.decided_by, m.decided_at, ", fact_check_columns!(), " FROM cluster_match m \
        JOIN fact_check f ON f.id = m.fact_check WHERE m.cluster = $1 \
        ORDER BY m.probability DESC, m.fact_check LIMIT $2");
    CONFIRMED = "SELECT cluster, fact_check FROM cluster_match WHERE state = 'confirmed' ORDER BY decided_at, cluster";
    CLUSTER = "SELECT posts_per_hour, reach FROM cluster WHERE id = $1";
    CONFIRM = "INSERT INTO cluster_match \
        (cluster, fact_check, suggested, probability, word, reason, state, decided_by, decided_at) \
        VALUES ($1, $2, 0, 1.0, 'match', '{}', 'confirmed', $3, $4) \
        ON CONFLICT (cluster, fact_check) DO UPDATE SET state = 'confirmed', \
        decided_by = excluded.decided_by, decided_at = excluded.decided_at";
    REJECT = "UPDATE cluster_match SET state = 'rejected', decided_by = $3, decided_at = $4 \
        WHERE cluster = $1 AND fact_check = $2";
    REOPEN = "UPDATE cluster_match SET state = 'suggested', decided_by = NULL, decided_at = NULL \
        WHERE cluster = $1 AND fact_check = $2 AND state <> 'suggested'";
    DROP_UNSUGGESTED = "DELETE FROM cluster_match \
        WHERE cluster = $1 AND fact_check = $2 AND state = 'suggested' AND suggested = 0";
    STANDING = "SELECT fact_check, probability FROM cluster_match \
        WHERE cluster = $1 AND state <> 'rejected' \
        ORDER BY CASE state WHEN 'confirmed' THEN 0 ELSE 1 END, COALESCE(decided_at, 0) DESC, \
        probability DESC, fact_check LIMIT 1";
    IS_CONFIRMED = "SELECT COUNT(*) FROM cluster_match WHERE cluster = $1 AND state = 'confirmed'";
    SET_ANSWER = "UPDATE cluster SET answer = $2, fact_check = $3, probability = $4, heat = $5 WHERE id = $1";
}

impl Store {
    /// The matches of a cluster, the most probable first. A suggestion of a check that is not
    /// stored (any more) is left out.
    pub async fn cluster_matches(&self, cluster: ClusterId) -> Result<Vec<MatchRow>, StoreError> {
        let rows = self
            .rows(OF_CLUSTER, values![cluster.0, page_rows(u32::MAX)])
            .await?;
        read_all(&rows, read_match)
    }

    /// A person's word on a match, with what follows for the cluster's answer and heat. Confirm
    /// also takes a check the machine did not suggest. [`StoreError::NotFound`] when the cluster,
    /// the check or (to reject or undo) the match does not exist. The word is kept as a label.
    pub async fn decide_match(
        &self,
        cluster: ClusterId,
        fact_check: FactCheckId,
        decision: Decision,
        label: Labelling<'_>,
        audit: &AuditEvent,
    ) -> Result<MatchOutcome, StoreError> {
        let said = Said {
            cluster,
            fact_check,
            decision,
            by: person(audit)?,
            at: audit.at,
            label,
            published: false,
        };
        let mut tx = self.begin().await?;
        let outcome = tx.decide(&said).await?;
        tx.record(audit).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// Every confirmed match, oldest decision first, for the engine when it starts.
    pub async fn confirmed_matches(&self) -> Result<Vec<(ClusterId, FactCheckId)>, StoreError> {
        let rows = self.rows(CONFIRMED, values![]).await?;
        read_all(&rows, |c| Ok((ClusterId(c.id()?), FactCheckId(c.id()?))))
    }
}

impl Tx {
    pub(crate) async fn decide(&mut self, said: &Said<'_>) -> Result<MatchOutcome, StoreError> {
        let (cluster, fact_check) = (said.cluster, said.fact_check);
        let rows = self.rows(self.locked(CLUSTER), values![cluster.0]).await?;
        let counts = read_first(&rows, |c| Ok((c.int()?, c.int()?)))?;
        let (posts_per_hour, reach) = counts.ok_or(StoreError::NotFound)?;
        let pair = values![cluster.0, fact_check.0];
        let word = values![cluster.0, fact_check.0, said.by.0, said.at];
        self.label(said).await?;
        let touched = match said.decision {
            Decision::Confirm if self.has_fact_check(fact_check).await? => {
                self.execute(CONFIRM, word).await?
            }
            Decision::Confirm => 0,
            Decision::Reject => self.execute(REJECT, word).await?,
            Decision::Undo => self.execute(REOPEN, pair.clone()).await?,
        };
        if touched == 0 {
            return Err(StoreError::NotFound);
        }
        self.execute(DROP_UNSUGGESTED, pair).await?;
        let confirmed = read_first(
            &self.rows(IS_CONFIRMED, values![cluster.0]).await?,
            Columns::int,
        )?;
        let standing = self.rows(STANDING, values![cluster.0]).await?;
        let standing = read_first(&standing, |c| Ok((FactCheckId(c.id()?), c.real()?)))?;
        let answer = match (confirmed, standing) {
            (_, None) => ClusterAnswer::None,
            (Some(1..), _) => ClusterAnswer::Answered,
            _ => ClusterAnswer::Suggested,
        };
        let best = standing.map(|(check, _)| check);
        let values = values![
            cluster.0,
            answer.as_str(),
            best.map(|check| check.0),
            standing.map(|(_, probability)| probability),
            heat_with(posts_per_hour, reach, answer),
        ];
        self.execute(SET_ANSWER, values).await?;
        Ok(MatchOutcome {
            answer,
            fact_check: best,
        })
    }
}

fn read_match(c: &mut Columns<'_>) -> Result<MatchRow, StoreError> {
    let suggestion = read_suggestion(c)?;
    let suggested = c.flag()?;
    let word = c.text()?;
    let state = match (word.as_str(), c.opt_id()?, c.opt_time()?) {
        ("suggested", ..) => MatchState::Suggested,
        ("confirmed", Some(by), Some(at)) => MatchState::Confirmed {
            by: MemberId(by),
            at,
        },
        ("rejected", Some(by), Some(at)) => MatchState::Rejected {
            by: MemberId(by),
            at,
        },
        _ => {
            return Err(StoreError::Unreadable {
                what: "match state",
                value: word,
            });
        }
    };
    Ok(MatchRow {
        suggestion,
        suggested,
        state,
        fact_check: read_fact_check(c)?,
    })
}

pub(crate) fn read_best(c: &mut Columns<'_>) -> Result<Option<f32>, StoreError> {
    Ok(c.opt_real()?.map(narrow))
}
