//! Cases of newsrooms. A writer who saw an older version is told so; nothing is overwritten.

use domain::audit::AuditEvent;
use domain::case::{Case, CaseState, Lock};
use domain::claim_match::Decision;
use domain::fact_check::FactCheck;
use domain::region::RegionCode;
use domain::{CaseId, ClusterId, FactCheckId, LabelId, MemberId, OrganisationId, Timestamp};

use crate::audit::{AuditRow, person};
use crate::db::{Columns, Store, Tx, Value, read_all, read_first};
use crate::encoding::{read_draft, read_members, write_draft, write_members};
use crate::error::StoreError;
use crate::labels::{Labelling, Said};
use crate::limits::{IDS_PER_CALL_MAX, Page};

/// Which cases a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseFilter {
    /// Live ones this member holds, has submitted or got back.
    Mine(MemberId),
    /// Those of this newsroom that wait for review.
    Waiting(OrganisationId),
    /// All live ones of this newsroom.
    Live(OrganisationId),
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The case.
    pub case: Case,
    /// Posts in its cluster.
    pub posts: i64,
    /// Posts in the last hour of the cluster's activity.
    pub posts_per_hour: i64,
    /// The name of the member in [`CaseState::Held`]; the lock may have lapsed.
    pub holder_name: Option<String>,
    /// The name of the author in the states that have one.
    pub author_name: Option<String>,
}

/// A case as another organisation may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerCase {
    /// The case.
    pub case: Case,
    /// The name of the organisation whose case it is.
    pub organisation: String,
    /// The region most posts of its cluster come from.
    pub region: Option<RegionCode>,
}

macro_rules! case_columns {
    () => {
        "k.id, k.cluster, k.organisation, k.title, k.opened_by, k.opened_at, k.draft, k.authors, \
         k.version, k.state, k.holder, k.author, k.reviewer, k.note, k.fact_check, k.moved_at"
    };
}

macro_rules! list {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            case_columns!(),
            ", c.posts, c.posts_per_hour, h.name, a.name FROM desk_case k \
             JOIN cluster c ON c.id = k.cluster LEFT JOIN member h ON h.id = k.holder \
             LEFT JOIN member a ON a.id = k.author WHERE k.live = 1 AND ",
            $condition,
            " ORDER BY k.moved_at DESC, k.id DESC LIMIT $2 OFFSET $3"
        )
    };
}

statements! {
    INSERT = "INSERT INTO desk_case (id, cluster, organisation, title, opened_by, opened_at, draft, authors, \
        version, state, holder, author, reviewer, note, fact_check, moved_at, live) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
        ON CONFLICT (cluster, organisation) WHERE live = 1 DO NOTHING";
    UPDATE = "UPDATE desk_case SET cluster = $2, organisation = $3, title = $4, opened_by = $5, opened_at = $6, \
        draft = $7, authors = $8, version = $9, state = $10, holder = $11, author = $12, reviewer = $13, \
        note = $14, fact_check = $15, moved_at = $16, live = $17 WHERE id = $1 AND version = $18";
    ONE = concat!("SELECT ", case_columns!(), " FROM desk_case k WHERE k.id = $1");
    PARTNER = concat!("SELECT ", case_columns!(), ", o.name, c.region FROM desk_case k \
        JOIN organisation o ON o.id = k.organisation JOIN cluster c ON c.id = k.cluster WHERE k.id = $1");
    VERSION = "SELECT version FROM desk_case WHERE id = $1";
    LIVE_ID = "SELECT id FROM desk_case WHERE cluster = $1 AND organisation = $2 AND live = 1";
    LIVE_OF_CLUSTER = concat!("SELECT ", case_columns!(), " FROM desk_case k \
        WHERE k.cluster = $1 AND k.organisation = $2 AND k.live = 1");
    MINE = list!("(k.holder = $1 OR k.author = $1)");
    WAITING = list!("k.organisation = $1 AND k.state = 'in_review'");
    LIVE = list!("k.organisation = $1");
}

impl Store {
    /// Opens a case. [`StoreError::CaseExists`] names the live case that the newsroom already has
    /// on this cluster; [`StoreError::NotFound`] when the cluster is not stored.
    pub async fn insert_case(&self, case: &Case, audit: &AuditEvent) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if tx.execute(INSERT, columns_of(case)).await? == 0 {
            let rows = tx
                .rows(LIVE_ID, values![case.cluster.0, case.organisation.0])
                .await?;
            let live = read_first(&rows, Columns::id)?.map(CaseId);
            return Err(live.map_or(StoreError::Conflict, StoreError::CaseExists));
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// One case.
    pub async fn case(&self, id: CaseId) -> Result<Case, StoreError> {
        let rows = self.rows(ONE, values![id.0]).await?;
        read_first(&rows, read_case)?.ok_or(StoreError::NotFound)
    }

    /// Stores a changed case. Its version must be one above the stored one, otherwise somebody
    /// else was first and it is a [`StoreError::Conflict`].
    pub async fn update_case(&self, case: &Case, audit: &AuditEvent) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.update_case(case).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// A list of cases, the latest moved first.
    pub async fn cases(&self, filter: CaseFilter, page: Page) -> Result<Vec<CaseRow>, StoreError> {
        let (sql, whose) = match filter {
            CaseFilter::Mine(member) => (MINE, member.0),
            CaseFilter::Waiting(organisation) => (WAITING, organisation.0),
            CaseFilter::Live(organisation) => (LIVE, organisation.0),
        };
        let rows = self
            .rows(sql, values![whose, page.rows(), page.skipped()])
            .await?;
        read_all(&rows, |c| {
            Ok(CaseRow {
                case: read_case(c)?,
                posts: c.int()?,
                posts_per_hour: c.int()?,
                holder_name: c.opt_text()?,
                author_name: c.opt_text()?,
            })
        })
    }

    /// The live case that one newsroom has on a cluster.
    pub async fn case_of_cluster(
        &self,
        cluster: ClusterId,
        organisation: OrganisationId,
    ) -> Result<Option<Case>, StoreError> {
        let rows = self
            .rows(LIVE_OF_CLUSTER, values![cluster.0, organisation.0])
            .await?;
        read_first(&rows, read_case)
    }

    /// Publishes: the case (already in [`CaseState::Published`]), its check and the confirmed
    /// match of the cluster commit together. Yields the revision of the check.
    pub async fn publish_case(
        &self,
        case: &Case,
        fact_check: &FactCheck,
        audit: &AuditEvent,
    ) -> Result<i64, StoreError> {
        let said = Said {
            cluster: case.cluster,
            fact_check: fact_check.id,
            decision: Decision::Confirm,
            by: person(audit)?,
            at: audit.at,
            // The check is as new as its label, and did not exist when the machine looked.
            label: Labelling {
                id: LabelId(fact_check.id.0),
                model: "",
            },
            published: true,
        };
        let mut tx = self.begin().await?;
        let revision = tx.insert_fact_check(fact_check).await?;
        tx.update_case(case).await?;
        tx.decide(&said).await?;
        tx.record(audit).await?;
        tx.commit().await?;
        Ok(revision)
    }

    /// Live cases of other organisations with their names and the region of their clusters, the
    /// latest moved first; of the first [`IDS_PER_CALL_MAX`] organisations named.
    pub async fn cases_of(
        &self,
        organisations: &[OrganisationId],
        page: Page,
    ) -> Result<Vec<PartnerCase>, StoreError> {
        let named = &organisations[..organisations.len().min(IDS_PER_CALL_MAX)];
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let engine = self.engine();
        let sql = format!(
            "SELECT {}, o.name, c.region FROM desk_case k JOIN organisation o ON o.id = k.organisation \
             JOIN cluster c ON c.id = k.cluster WHERE k.live = 1 AND k.organisation IN ({}) \
             ORDER BY k.moved_at DESC, k.id DESC LIMIT {} OFFSET {}",
            case_columns!(),
            engine.marks(1, named.len()),
            engine.mark(named.len() + 1),
            engine.mark(named.len() + 2),
        );
        let mut values: Vec<Value> = named.iter().map(|id| Value::from(id.0)).collect();
        values.extend(values![page.rows(), page.skipped()]);
        read_all(&self.rows(sql, values).await?, read_partner_case)
    }

    /// One case with the name of its organisation and the region of its cluster.
    pub async fn partner_case(&self, id: CaseId) -> Result<PartnerCase, StoreError> {
        let rows = self.rows(PARTNER, values![id.0]).await?;
        read_first(&rows, read_partner_case)?.ok_or(StoreError::NotFound)
    }

    /// The recorded acts on a case, newest first, at most a page.
    pub async fn case_history(&self, case: CaseId) -> Result<Vec<AuditRow>, StoreError> {
        self.audit_of(case.0).await
    }
}

fn read_partner_case(c: &mut Columns<'_>) -> Result<PartnerCase, StoreError> {
    Ok(PartnerCase {
        case: read_case(c)?,
        organisation: c.text()?,
        region: c.opt_word("region code", |code| RegionCode::parse(code).ok())?,
    })
}

impl Tx {
    async fn update_case(&mut self, case: &Case) -> Result<(), StoreError> {
        let mut values = columns_of(case);
        values.push(Value::from(case.version - 1));
        if self.execute(UPDATE, values).await? == 1 {
            return Ok(());
        }
        let stored = self.rows(VERSION, values![case.id.0]).await?;
        Err(if stored.is_empty() {
            StoreError::NotFound
        } else {
            StoreError::Conflict
        })
    }
}

fn columns_of(case: &Case) -> Vec<Value> {
    let mut holder = None;
    let mut author = None;
    let mut reviewer = None;
    let mut note = None;
    let mut fact_check = None;
    let moved_at = match &case.state {
        CaseState::Open => case.opened_at,
        CaseState::Held { lock } => {
            holder = Some(lock.holder.0);
            lock.touched_at
        }
        CaseState::InReview {
            author: by,
            submitted_at,
        } => {
            author = Some(by.0);
            *submitted_at
        }
        CaseState::Returned {
            author: by,
            reviewer: returned_by,
            note: why,
            at,
        } => {
            author = Some(by.0);
            reviewer = Some(returned_by.0);
            note = Some(why.clone());
            *at
        }
        CaseState::Published {
            fact_check: check,
            author: by,
            reviewer: approved_by,
            at,
        } => {
            author = Some(by.0);
            reviewer = Some(approved_by.0);
            fact_check = Some(check.0);
            *at
        }
        CaseState::Closed { by, note: why, at } => {
            holder = Some(by.0);
            note = Some(why.clone());
            *at
        }
    };
    values![
        case.id.0,
        case.cluster.0,
        case.organisation.0,
        &case.title,
        case.opened_by.0,
        case.opened_at,
        write_draft(&case.draft),
        write_members(&case.authors),
        case.version,
        case.state.as_str(),
        holder,
        author,
        reviewer,
        note,
        fact_check,
        moved_at,
        case.state.is_live(),
    ]
}

fn read_case(c: &mut Columns<'_>) -> Result<Case, StoreError> {
    Ok(Case {
        id: CaseId(c.id()?),
        cluster: ClusterId(c.id()?),
        organisation: OrganisationId(c.id()?),
        title: c.text()?,
        opened_by: MemberId(c.id()?),
        opened_at: c.time()?,
        draft: read_draft(&c.text()?)?,
        authors: read_members(&c.text()?)?,
        version: c.int()?,
        state: read_state(c)?,
    })
}

fn read_state(c: &mut Columns<'_>) -> Result<CaseState, StoreError> {
    let word = c.text()?;
    let holder = c.opt_id()?.map(MemberId);
    let author = c.opt_id()?.map(MemberId);
    let reviewer = c.opt_id()?.map(MemberId);
    let note = c.opt_text()?;
    let fact_check = c.opt_id()?.map(FactCheckId);
    let at: Timestamp = c.time()?;
    let state = match word.as_str() {
        "open" => Some(CaseState::Open),
        "held" => holder.map(|holder| CaseState::Held {
            lock: Lock {
                holder,
                touched_at: at,
            },
        }),
        "in_review" => author.map(|author| CaseState::InReview {
            author,
            submitted_at: at,
        }),
        "returned" => author
            .zip(reviewer)
            .zip(note)
            .map(|((author, reviewer), note)| CaseState::Returned {
                author,
                reviewer,
                note,
                at,
            }),
        "published" => {
            fact_check
                .zip(author)
                .zip(reviewer)
                .map(|((fact_check, author), reviewer)| CaseState::Published {
                    fact_check,
                    author,
                    reviewer,
                    at,
                })
        }
        "closed" => holder
            .zip(note)
            .map(|(by, note)| CaseState::Closed { by, note, at }),
        _ => None,
    };
    state.ok_or(StoreError::Unreadable {
        what: "case state",
        value: word,
    })
}
