//! Agreements, their parties, documents and reminders. Who saw an older version is told so.

use std::collections::HashMap;

use domain::agreement::{Agreement, Standing};
use domain::audit::AuditEvent;
use domain::date::Date;
use domain::organisation::{Organisation, OrganisationKind};
use domain::reach::Branch;
use domain::{AgreementId, OrganisationId, Timestamp};

use crate::agreement_text::{read_state, read_terms, write_state, write_terms};
use crate::db::{Columns, Store, Tx, Value, read_all, read_first};
use crate::error::StoreError;
use crate::limits::{AGREEMENTS_MAX, IDS_PER_CALL_MAX, Page};
use crate::members::{organisation_columns, read_organisation};
use crate::outbox::Mail;

/// Which agreements a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgreementFilter {
    /// Those one organisation is a party of, or has proposed.
    Of(OrganisationId),
    /// Those that were ever signed by all: what the public register shows.
    Public,
    /// All of them.
    All,
}

/// An agreement with the names of its parties, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementRow {
    /// The agreement.
    pub agreement: Agreement,
    /// Names of its parties, in the order of the document.
    pub parties: Vec<String>,
}

/// What an organisation is, and which one it is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kin {
    /// Which.
    pub organisation: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// The one above it.
    pub parent: Option<OrganisationId>,
}

/// A document that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// SHA-256 of the bytes.
    pub digest: [u8; 32],
    /// The agreement it belongs to.
    pub agreement: AgreementId,
    /// The name of the file.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A kept document without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentName {
    /// SHA-256 of its bytes.
    pub digest: [u8; 32],
    /// The name of the file.
    pub name: String,
    /// Its length in bytes.
    pub bytes: i64,
    /// When it was kept.
    pub kept_at: Timestamp,
}

macro_rules! agreement_columns {
    () => {
        "a.id, a.terms, a.renews, a.proposed_by, a.proposed_at, a.state, a.detail, a.version"
    };
}

macro_rules! list {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            agreement_columns!(),
            " FROM agreement a ",
            $condition,
            " ORDER BY a.ends DESC, a.id DESC LIMIT $1 OFFSET $2"
        )
    };
}

statements! {
    INSERT = "INSERT INTO agreement (id, form, title, parent, renews, starts, ends, terms, state, detail, \
        proposed_by, proposed_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    UPDATE = "UPDATE agreement SET form = $2, title = $3, parent = $4, renews = $5, starts = $6, ends = $7, \
        terms = $8, state = $9, detail = $10, proposed_by = $11, proposed_at = $12, version = $13 \
        WHERE id = $1 AND version = $14";
    ONE = concat!("SELECT ", agreement_columns!(), " FROM agreement a WHERE a.id = $1");
    SIGNED = concat!("SELECT ", agreement_columns!(), " FROM agreement a \
        WHERE a.state IN ('agreed', 'signing', 'in_force', 'ending', 'renewed') ORDER BY a.id LIMIT $1");
    EVER = concat!("SELECT ", agreement_columns!(), " FROM agreement a \
        WHERE a.state IN ('in_force', 'ending', 'renewed', 'lapsed', 'revoked') \
        ORDER BY CASE WHEN a.state IN ('lapsed', 'revoked') THEN 1 ELSE 0 END, a.id LIMIT $1");
    OVER = concat!("SELECT ", agreement_columns!(), " FROM agreement a \
        WHERE a.state IN ('in_force', 'ending') AND a.ends < $1 ORDER BY a.id LIMIT $2");
    CHILDREN = concat!("SELECT ", agreement_columns!(), " FROM agreement a WHERE a.parent = $1 ORDER BY a.starts, a.id LIMIT $2");
    RENEWAL = concat!("SELECT ", agreement_columns!(), " FROM agreement a WHERE a.renews = $1 ORDER BY a.id LIMIT 1");
    EXPIRING = concat!("SELECT ", agreement_columns!(), " FROM agreement a \
        WHERE a.state IN ('in_force', 'ending') AND a.ends >= $1 AND a.ends <= $2 ORDER BY a.ends, a.id LIMIT $3");
    LIST_OF = list!("WHERE a.proposed_by = $3 \
        OR EXISTS (SELECT 1 FROM agreement_party p WHERE p.agreement = a.id AND p.organisation = $3)");
    LIST_PUBLIC = list!("WHERE a.state IN ('in_force', 'ending', 'renewed', 'lapsed', 'revoked')");
    LIST_ALL = list!("");
    MEMBERSHIPS = "SELECT association, media, COALESCE(from_day, entered_day), until_day FROM affiliation";
    TREE = "SELECT id, kind, parent FROM organisation";
    CLEAR_PARTIES = "DELETE FROM agreement_party WHERE agreement = $1";
    ACCESS_VERSION = "SELECT value FROM counter WHERE name = 'access_version'";
    HOLD = "SELECT id FROM agreement WHERE id = $1";
    KEEP = "INSERT INTO document (digest, agreement, name, bytes, kept_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (agreement, digest) DO NOTHING";
    DOCUMENTS = "SELECT digest, name, CAST(LENGTH(bytes) AS BIGINT), kept_at FROM document WHERE agreement = $1 \
        ORDER BY kept_at, digest LIMIT $2";
    DOCUMENT = "SELECT name, bytes FROM document WHERE agreement = $1 AND digest = $2";
    REMINDED = "SELECT sent_at FROM agreement_reminder WHERE agreement = $1 AND days = $2";
    REMIND = "INSERT INTO agreement_reminder (agreement, days, sent_at) VALUES ($1, $2, $3) \
        ON CONFLICT (agreement, days) DO NOTHING";
}

const PARTY_HEAD: &str = "INSERT INTO agreement_party (agreement, organisation, place) VALUES";

impl Store {
    /// Keeps a proposal.
    pub async fn insert_agreement(
        &self,
        agreement: &Agreement,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.execute(INSERT, columns_of(agreement)).await?;
        tx.write_parties(agreement).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Keeps changed agreements together: one, or an agreement and the one it renews. Each version
    /// must be one above the stored one, otherwise somebody else was first and nothing is kept:
    /// [`StoreError::Conflict`].
    pub async fn update_agreements(
        &self,
        changed: &[(&Agreement, AuditEvent)],
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for (agreement, _) in changed {
            let mut values = columns_of(agreement);
            values.push(Value::from(agreement.version - 1));
            if tx.execute(UPDATE, values).await? == 0 {
                return Err(StoreError::Conflict);
            }
            tx.write_parties(agreement).await?;
        }
        for (_, audit) in changed {
            tx.record(audit).await?;
        }
        tx.commit().await
    }

    /// One agreement.
    pub async fn agreement(&self, id: AgreementId) -> Result<Agreement, StoreError> {
        let rows = self.rows(ONE, values![id.0]).await?;
        read_first(&rows, read_agreement)?.ok_or(StoreError::NotFound)
    }

    /// Every agreement that all have signed, also where it is over: what access follows, now and
    /// then. Those that are not over come first; at most [`AGREEMENTS_MAX`].
    pub async fn signed_agreements(&self) -> Result<Vec<Agreement>, StoreError> {
        let rows = self.rows(EVER, values![AGREEMENTS_MAX]).await?;
        read_all(&rows, read_agreement)
    }

    /// Every agreement whose text is settled or that is or was in force and has not been ended:
    /// what a new one may not overlap. At most [`AGREEMENTS_MAX`].
    pub async fn settled_agreements(&self) -> Result<Vec<Agreement>, StoreError> {
        let rows = self.rows(SIGNED, values![AGREEMENTS_MAX]).await?;
        read_all(&rows, read_agreement)
    }

    /// A list of agreements, the one that ends last first.
    pub async fn agreements(
        &self,
        filter: AgreementFilter,
        page: Page,
    ) -> Result<Vec<AgreementRow>, StoreError> {
        let mut values = values![page.rows(), page.skipped()];
        let sql = match filter {
            AgreementFilter::Of(organisation) => {
                values.push(Value::from(organisation.0));
                LIST_OF
            }
            AgreementFilter::Public => LIST_PUBLIC,
            AgreementFilter::All => LIST_ALL,
        };
        let rows = self.rows(sql, values).await?;
        self.with_names(read_all(&rows, read_agreement)?).await
    }

    /// What carries this memorandum out, the earliest first.
    pub async fn agreements_under(&self, id: AgreementId) -> Result<Vec<AgreementRow>, StoreError> {
        let rows = self.rows(CHILDREN, values![id.0, AGREEMENTS_MAX]).await?;
        self.with_names(read_all(&rows, read_agreement)?).await
    }

    /// The agreement that is meant to renew this one.
    pub async fn renewal_of(&self, id: AgreementId) -> Result<Option<Agreement>, StoreError> {
        read_first(&self.rows(RENEWAL, values![id.0]).await?, read_agreement)
    }

    /// Agreements in force whose last day lies in `from..=to`, the soonest first.
    pub async fn expiring_agreements(
        &self,
        from: Date,
        to: Date,
    ) -> Result<Vec<AgreementRow>, StoreError> {
        let values = values![from.days(), to.days(), AGREEMENTS_MAX];
        let rows = self.rows(EXPIRING, values).await?;
        self.with_names(read_all(&rows, read_agreement)?).await
    }

    /// Agreements whose last day has passed and whose end is not recorded yet.
    pub async fn agreements_to_lapse(&self, today: Date) -> Result<Vec<Agreement>, StoreError> {
        let rows = self
            .rows(OVER, values![today.days(), AGREEMENTS_MAX])
            .await?;
        read_all(&rows, read_agreement)
    }

    /// Rises whenever what somebody may see or do may have changed.
    pub async fn access_version(&self) -> Result<i64, StoreError> {
        let rows = self.rows(ACCESS_VERSION, values![]).await?;
        read_first(&rows, Columns::int)?.ok_or(StoreError::NotFound)
    }

    /// Keeps a document; one that is there already stays as it is. [`StoreError::NoRoom`] when the
    /// files of the agreement would be too many.
    pub async fn keep_document(
        &self,
        document: &Document,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let holding = tx.locked(HOLD);
        tx.rows(holding, values![document.agreement.0]).await?;
        let values = values![
            document.digest,
            document.agreement.0,
            &document.name,
            document.bytes.clone(),
            audit.at,
        ];
        if tx.execute(KEEP, values).await? > 0 {
            tx.fits(document.agreement).await?;
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// The documents of an agreement, without their bytes.
    pub async fn documents(&self, agreement: AgreementId) -> Result<Vec<DocumentName>, StoreError> {
        let rows = self
            .rows(DOCUMENTS, values![agreement.0, AGREEMENTS_MAX])
            .await?;
        read_all(&rows, |c| {
            Ok(DocumentName {
                digest: c.digest("digest of a document")?,
                name: c.text()?,
                bytes: c.int()?,
                kept_at: c.time()?,
            })
        })
    }

    /// The name and the bytes of a document of this agreement.
    pub async fn document(
        &self,
        agreement: AgreementId,
        digest: [u8; 32],
    ) -> Result<(String, Vec<u8>), StoreError> {
        let rows = self.rows(DOCUMENT, values![agreement.0, digest]).await?;
        read_first(&rows, |c| Ok((c.text()?, c.bytes()?)))?.ok_or(StoreError::NotFound)
    }

    /// Whether the parties were reminded so many days before the end.
    pub async fn was_reminded(
        &self,
        agreement: AgreementId,
        days: i64,
    ) -> Result<bool, StoreError> {
        let rows = self.rows(REMINDED, values![agreement.0, days]).await?;
        Ok(!rows.is_empty())
    }

    /// Notes that the parties are reminded so many days before the end, and posts the mails that
    /// remind them. False, with nothing posted, when they had been.
    pub async fn note_reminder(
        &self,
        agreement: AgreementId,
        days: i64,
        mails: &[Mail],
        audit: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        if tx
            .execute(REMIND, values![agreement.0, days, audit.at])
            .await?
            == 0
        {
            return Ok(false);
        }
        for mail in mails {
            tx.post(mail, audit.at).await?;
        }
        tx.record(audit).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Organisations by identity; those that are not stored are left out.
    pub async fn organisations_by_id(
        &self,
        ids: &[OrganisationId],
    ) -> Result<HashMap<OrganisationId, Organisation>, StoreError> {
        let mut found = HashMap::with_capacity(ids.len());
        for part in ids.chunks(IDS_PER_CALL_MAX) {
            let sql = format!(
                "SELECT {} FROM organisation o WHERE o.id IN ({})",
                organisation_columns!(),
                self.engine().marks(1, part.len())
            );
            let values = part.iter().map(|id| Value::from(id.0)).collect();
            for organisation in read_all(&self.rows(sql, values).await?, read_organisation)? {
                found.insert(organisation.id, organisation);
            }
        }
        Ok(found)
    }

    /// What every organisation is and which one it is a part of: all of them, since access
    /// follows from it.
    pub async fn organisation_tree(&self) -> Result<Vec<Kin>, StoreError> {
        let rows = self.rows(TREE, values![]).await?;
        read_all(&rows, |c| {
            Ok(Kin {
                organisation: OrganisationId(c.id()?),
                kind: c.word("organisation kind", OrganisationKind::parse)?,
                parent: c.opt_id()?.map(OrganisationId),
            })
        })
    }

    /// Every membership there is or was: association, and its member with its days.
    pub async fn memberships(&self) -> Result<Vec<(OrganisationId, Branch)>, StoreError> {
        let rows = self.rows(MEMBERSHIPS, values![]).await?;
        let day = |text: Option<String>| match text {
            None => Ok(None),
            Some(text) => Date::parse(&text).map(Some).ok_or(StoreError::Unreadable {
                what: "day of a membership",
                value: text,
            }),
        };
        read_all(&rows, |c| {
            let association = OrganisationId(c.id()?);
            let organisation = OrganisationId(c.id()?);
            let (from, last) = (day(c.opt_text()?)?, day(c.opt_text()?)?);
            // A membership is written with its last day; a branch with the first after it.
            let until = last.and_then(|last| last.plus_days(1));
            let branch = Branch {
                organisation,
                from,
                until,
            };
            Ok((association, branch))
        })
    }

    async fn with_names(&self, found: Vec<Agreement>) -> Result<Vec<AgreementRow>, StoreError> {
        let ids = found.iter().flat_map(|agreement| &agreement.terms.parties);
        let mut ids: Vec<OrganisationId> = ids.map(|party| party.organisation).collect();
        ids.sort_unstable();
        ids.dedup();
        let organisations = self.organisations_by_id(&ids).await?;
        let named = |id: &OrganisationId| {
            let known = organisations.get(id);
            known.map(|known| known.name.clone()).unwrap_or_default()
        };
        let row = |agreement: Agreement| AgreementRow {
            parties: agreement
                .terms
                .parties
                .iter()
                .map(|party| named(&party.organisation))
                .collect(),
            agreement,
        };
        Ok(found.into_iter().map(row).collect())
    }
}

impl Tx {
    async fn write_parties(&mut self, agreement: &Agreement) -> Result<(), StoreError> {
        self.execute(CLEAR_PARTIES, values![agreement.id.0]).await?;
        let mut seen = std::collections::BTreeSet::new();
        let mut values = Vec::new();
        for (place, party) in (0_i64..).zip(&agreement.terms.parties) {
            if seen.insert(party.organisation) {
                values.extend(values![agreement.id.0, party.organisation.0, place]);
            }
        }
        self.insert_rows(PARTY_HEAD, "", 3, values).await?;
        Ok(())
    }
}

fn columns_of(agreement: &Agreement) -> Vec<Value> {
    let terms = &agreement.terms;
    // An end that no calendar has is refused when the text is agreed on; a proposal may have it.
    let ends = terms.ends().unwrap_or(terms.starts);
    values![
        agreement.id.0,
        terms.form.as_str(),
        &terms.title,
        terms.parent.map(|id| id.0),
        agreement.renews.map(|id| id.0),
        terms.starts.days(),
        ends.days(),
        write_terms(terms),
        agreement.state.as_str(),
        write_state(&agreement.state),
        agreement.proposed_by.0,
        agreement.proposed_at,
        agreement.version,
    ]
}

fn read_agreement(c: &mut Columns<'_>) -> Result<Agreement, StoreError> {
    let id = AgreementId(c.id()?);
    let terms = read_terms(&c.text()?)?;
    let renews = c.opt_id()?.map(AgreementId);
    let proposed_by = OrganisationId(c.id()?);
    let proposed_at = c.time()?;
    let (word, detail) = (c.text()?, c.text()?);
    Ok(Agreement {
        id,
        terms,
        renews,
        proposed_by,
        proposed_at,
        state: read_state(&word, &detail)?,
        version: c.int()?,
    })
}

impl AgreementRow {
    /// What the calendar says on `day`.
    pub fn standing(&self, day: Date) -> Standing {
        self.agreement.standing(day)
    }
}
