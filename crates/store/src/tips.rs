//! What citizens sent us, found again by the code each of them keeps.

use domain::audit::AuditEvent;
use domain::cluster::ClusterAnswer;
use domain::fact_check::FactCheck;
use domain::region::RegionCode;
use domain::tip::Tip;
use domain::{ClusterId, FactCheckId, TipId};

use crate::db::{Columns, Store, read_all, read_first};
use crate::error::StoreError;
use crate::limits::Page;

/// A tip and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct TipView {
    /// The tip.
    pub tip: Tip,
    /// The cluster it joined, once the stream has counted it.
    pub cluster: Option<TipCluster>,
}

/// The cluster a tip joined.
#[derive(Debug, Clone, PartialEq)]
pub struct TipCluster {
    /// Its identity.
    pub id: ClusterId,
    /// Whether it has an answer.
    pub answer: ClusterAnswer,
    /// Posts in it.
    pub posts: i64,
    /// The check that answers it best, when there is one.
    pub fact_check: Option<FactCheck>,
}

macro_rules! tip_columns {
    () => {
        "t.id, t.code, t.text, t.region, t.received_at, c.id, c.answer, c.posts, c.fact_check"
    };
}

statements! {
    INSERT = "INSERT INTO tip (id, code, text, region, received_at) VALUES ($1, $2, $3, $4, $5)";
    BY_CODE = concat!("SELECT ", tip_columns!(), " FROM tip t LEFT JOIN cluster c ON c.id = t.cluster WHERE t.code = $1");
    LATEST = concat!("SELECT ", tip_columns!(), " FROM tip t LEFT JOIN cluster c ON c.id = t.cluster \
        ORDER BY t.received_at DESC, t.id DESC LIMIT $1 OFFSET $2");
    LINK = "UPDATE tip SET cluster = $2 WHERE id = $1";
}

impl Store {
    /// Keeps a tip; [`StoreError::Conflict`] when its code is taken: draw another.
    pub async fn insert_tip(&self, tip: &Tip, audit: &AuditEvent) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![
            tip.id.0,
            &tip.code,
            &tip.text,
            tip.region.as_ref().map(RegionCode::as_str),
            tip.received_at,
        ];
        tx.execute(INSERT, values).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// The tip its sender follows by `code`, with the answer as it stands.
    pub async fn tip_by_code(&self, code: &str) -> Result<Option<TipView>, StoreError> {
        let rows = self.rows(BY_CODE, values![code]).await?;
        let Some((view, check)) = read_first(&rows, read_tip)? else {
            return Ok(None);
        };
        let mut views = self.with_checks(vec![(view, check)]).await?;
        Ok(views.pop())
    }

    /// Tips, newest first.
    pub async fn tips(&self, page: Page) -> Result<Vec<TipView>, StoreError> {
        let rows = self
            .rows(LATEST, values![page.rows(), page.skipped()])
            .await?;
        self.with_checks(read_all(&rows, read_tip)?).await
    }

    /// Notes which cluster a tip joined; the cluster itself may be written later.
    pub async fn link_tip(&self, tip: TipId, cluster: ClusterId) -> Result<(), StoreError> {
        match self.change(LINK, values![tip.0, cluster.0]).await? {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }

    async fn with_checks(
        &self,
        read: Vec<(TipView, Option<FactCheckId>)>,
    ) -> Result<Vec<TipView>, StoreError> {
        let ids: Vec<FactCheckId> = read.iter().filter_map(|(_, check)| *check).collect();
        let checks = self.fact_checks_by_ids(&ids).await?;
        let with_check = read.into_iter().map(|(mut view, wanted)| {
            if let Some(cluster) = &mut view.cluster {
                cluster.fact_check = checks
                    .iter()
                    .find(|check| Some(check.id) == wanted)
                    .cloned();
            }
            view
        });
        Ok(with_check.collect())
    }
}

fn read_tip(c: &mut Columns<'_>) -> Result<(TipView, Option<FactCheckId>), StoreError> {
    let tip = Tip {
        id: TipId(c.id()?),
        code: c.text()?,
        text: c.text()?,
        region: c.opt_word("region code", |code| RegionCode::parse(code).ok())?,
        received_at: c.time()?,
    };
    let id = c.opt_id()?;
    let answer = c.opt_word("cluster answer", ClusterAnswer::parse)?;
    let posts = c.opt_int()?;
    let check = c.opt_id()?.map(FactCheckId);
    let cluster = match (id, answer, posts) {
        (Some(id), Some(answer), Some(posts)) => Some(TipCluster {
            id: ClusterId(id),
            answer,
            posts,
            fact_check: None,
        }),
        _ => None,
    };
    Ok((TipView { tip, cluster }, check))
}
