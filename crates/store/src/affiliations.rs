//! How organisations belong together: media to associations, chapters to regions.

use std::collections::HashSet;

use domain::OrganisationId;
use domain::audit::AuditEvent;
use domain::date::Date;
use domain::directory::{Affiliation, ChapterRegion, CoverageClaim};
use domain::member::Zone;
use domain::region::RegionCode;

use crate::dated_facts::{day_text, read_term};
use crate::db::{Columns, Store, Tx, read_all};
use crate::error::StoreError;
use crate::limits::{COVERAGE_ROWS_MAX, ENTRIES_MAX, FACTS_PER_ORGANISATION_MAX, page_rows};

/// A membership with the names of both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffiliationRow {
    /// The membership.
    pub affiliation: Affiliation,
    /// The association's name.
    pub association_name: String,
}

/// A chapter as a map of its association shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChapterRow {
    /// The chapter.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Where its seat is.
    pub seat: Option<RegionCode>,
}

/// What is known of where an association is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssociationReach {
    /// Its chapters that take part, by name.
    pub chapters: Vec<ChapterRow>,
    /// The regions they cover or covered.
    pub regions: Vec<ChapterRegion>,
    /// Numbers that were stated, the newest first.
    pub claims: Vec<CoverageClaim>,
}

statements! {
    BEGIN = "INSERT INTO affiliation (association, media, from_day, until_day, source, entered_day) \
        VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT (association, media) WHERE until_day IS NULL DO NOTHING";
    END = "UPDATE affiliation SET until_day = $3 WHERE association = $1 AND media = $2 AND until_day IS NULL";
    OF_MEDIA = "SELECT a.association, a.media, a.source, a.from_day, a.until_day, o.name FROM affiliation a \
        JOIN organisation o ON o.id = a.association WHERE a.media = $1 \
        ORDER BY CASE WHEN a.until_day IS NULL THEN 0 ELSE 1 END, o.name, a.from_day LIMIT $2";
    OPEN = "SELECT association, media FROM affiliation WHERE until_day IS NULL LIMIT $1";
    IS_MEMBER = "SELECT COUNT(*) FROM affiliation WHERE association = $1 AND media = $2 \
        AND COALESCE(from_day, entered_day) <= $3 AND (until_day IS NULL OR until_day >= $3)";
    MEMBERS_ON = "SELECT COUNT(DISTINCT CASE WHEN COALESCE(from_day, entered_day) <= $2 \
        AND (until_day IS NULL OR until_day >= $2) THEN media END), \
        COUNT(DISTINCT CASE WHEN COALESCE(from_day, entered_day) <= $3 \
        AND (until_day IS NULL OR until_day >= $3) THEN media END) FROM affiliation WHERE association = $1";
    ADD_REGION = "INSERT INTO chapter_region (chapter, region, from_day, until_day, source) VALUES ($1, $2, $3, $4, $5)";
    END_REGION = "UPDATE chapter_region SET until_day = $3 WHERE chapter = $1 AND region = $2 AND until_day IS NULL";
    REGIONS = "SELECT chapter, region, source, from_day, until_day FROM chapter_region WHERE chapter = $1 \
        ORDER BY region, from_day LIMIT $2";
    STATE = "INSERT INTO coverage_claim (association, region, count, on_day, source) VALUES ($1, $2, $3, $4, $5)";
    CHAPTERS = "SELECT id, name, region FROM organisation WHERE parent = $1 AND active = 1 \
        AND kind = 'association_chapter' ORDER BY name, id LIMIT $2";
    CHAPTER_REGIONS = "SELECT r.chapter, r.region, r.source, r.from_day, r.until_day FROM chapter_region r \
        JOIN organisation o ON o.id = r.chapter WHERE o.parent = $1 AND o.active = 1 ORDER BY r.region, r.chapter LIMIT $2";
    CLAIMS = "SELECT association, region, count, on_day, source FROM coverage_claim WHERE association = $1 \
        ORDER BY on_day DESC, region LIMIT $2";
}

impl Store {
    /// Makes a newsroom a member of an association; [`StoreError::Conflict`] when it is one. Without
    /// a first day the membership counts from the day of `audit` on.
    pub async fn begin_affiliation(
        &self,
        affiliation: &Affiliation,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if tx.begin_affiliation(affiliation, entered(audit)).await? == 0 {
            return Err(StoreError::Conflict);
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Ends a membership; [`StoreError::Conflict`] where none goes on.
    pub async fn end_affiliation(
        &self,
        association: OrganisationId,
        media: OrganisationId,
        last: Date,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![association.0, media.0, last.to_string()];
        if tx.execute(END, values).await? == 0 {
            return Err(StoreError::Conflict);
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// The associations a newsroom is or was a member of, those of now first.
    pub async fn affiliations(
        &self,
        media: OrganisationId,
    ) -> Result<Vec<AffiliationRow>, StoreError> {
        let values = values![media.0, page_rows(FACTS_PER_ORGANISATION_MAX)];
        let rows = self.rows(OF_MEDIA, values).await?;
        read_all(&rows, |c| {
            Ok(AffiliationRow {
                affiliation: Affiliation {
                    association: OrganisationId(c.id()?),
                    media: OrganisationId(c.id()?),
                    source: c.text()?,
                    term: read_term(c)?,
                },
                association_name: c.text()?,
            })
        })
    }

    /// Every membership that goes on, as association and media; at most [`ENTRIES_MAX`].
    pub async fn open_affiliations(
        &self,
    ) -> Result<HashSet<(OrganisationId, OrganisationId)>, StoreError> {
        let rows = self.rows(OPEN, values![ENTRIES_MAX]).await?;
        let pairs = read_all(&rows, |c| {
            Ok((OrganisationId(c.id()?), OrganisationId(c.id()?)))
        })?;
        Ok(pairs.into_iter().collect())
    }

    /// Whether `media` is a member of `association` on `day`.
    pub async fn is_affiliated(
        &self,
        association: OrganisationId,
        media: OrganisationId,
        day: Date,
    ) -> Result<bool, StoreError> {
        let values = values![association.0, media.0, day.to_string()];
        let rows = self.rows(IS_MEMBER, values).await?;
        let count = crate::db::read_first(&rows, Columns::int)?;
        Ok(count.unwrap_or_default() > 0)
    }

    /// How many media were members of an association on each of two days.
    pub async fn affiliated_on(
        &self,
        association: OrganisationId,
        [one, other]: [Date; 2],
    ) -> Result<[i64; 2], StoreError> {
        let values = values![association.0, one.to_string(), other.to_string()];
        let rows = self.rows(MEMBERS_ON, values).await?;
        let counts = crate::db::read_first(&rows, |c| Ok([c.int()?, c.int()?]))?;
        Ok(counts.unwrap_or_default())
    }

    /// Writes down that a chapter covers a region; [`StoreError::Conflict`] when it does already.
    pub async fn add_chapter_region(
        &self,
        covers: &ChapterRegion,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![
            covers.chapter.0,
            covers.region.as_str(),
            day_text(covers.term.from()),
            day_text(covers.term.until()),
            &covers.source,
        ];
        tx.execute(ADD_REGION, values).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Ends that a chapter covers a region; [`StoreError::Conflict`] where it does not.
    pub async fn end_chapter_region(
        &self,
        chapter: OrganisationId,
        region: &RegionCode,
        last: Date,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![chapter.0, region.as_str(), last.to_string()];
        if tx.execute(END_REGION, values).await? == 0 {
            return Err(StoreError::Conflict);
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// The regions a chapter covers or covered.
    pub async fn chapter_regions(
        &self,
        chapter: OrganisationId,
    ) -> Result<Vec<ChapterRegion>, StoreError> {
        let rows = self
            .rows(REGIONS, values![chapter.0, COVERAGE_ROWS_MAX])
            .await?;
        read_all(&rows, read_chapter_region)
    }

    /// Keeps a number of chapters that was stated; [`StoreError::Conflict`] when one of that day
    /// is kept for the region.
    pub async fn state_coverage(
        &self,
        claim: &CoverageClaim,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![
            claim.association.0,
            claim.region.as_str(),
            i64::from(claim.count),
            claim.on.to_string(),
            &claim.source,
        ];
        tx.execute(STATE, values).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// The chapters of an association by name.
    pub async fn chapters(
        &self,
        association: OrganisationId,
    ) -> Result<Vec<ChapterRow>, StoreError> {
        let values = values![association.0, COVERAGE_ROWS_MAX];
        let rows = self.rows(CHAPTERS, values).await?;
        read_all(&rows, |c| {
            Ok(ChapterRow {
                id: OrganisationId(c.id()?),
                name: c.text()?,
                seat: c.opt_word("region code", |code| RegionCode::parse(code).ok())?,
            })
        })
    }

    /// Where an association is: its chapters, what they cover, what was stated.
    pub async fn association_reach(
        &self,
        association: OrganisationId,
    ) -> Result<AssociationReach, StoreError> {
        let values = || values![association.0, COVERAGE_ROWS_MAX];
        let chapters = self.chapters(association).await?;
        let regions = self.rows(CHAPTER_REGIONS, values()).await?;
        let claims = self.rows(CLAIMS, values()).await?;
        Ok(AssociationReach {
            chapters,
            regions: read_all(&regions, read_chapter_region)?,
            claims: read_all(&claims, |c| {
                Ok(CoverageClaim {
                    association: OrganisationId(c.id()?),
                    region: c.word("region code", |code| RegionCode::parse(code).ok())?,
                    count: u16::try_from(c.int()?).unwrap_or_default(),
                    on: c.word("day", Date::parse)?,
                    source: c.text()?,
                })
            })?,
        })
    }
}

impl Tx {
    /// 1 where the membership is new, 0 where it went on already.
    pub(crate) async fn begin_affiliation(
        &mut self,
        affiliation: &Affiliation,
        entered: Date,
    ) -> Result<u64, StoreError> {
        let values = values![
            affiliation.association.0,
            affiliation.media.0,
            day_text(affiliation.term.from()),
            day_text(affiliation.term.until()),
            &affiliation.source,
            entered.to_string(),
        ];
        self.execute(BEGIN, values).await
    }
}

/// The day on which an act writes something down.
pub(crate) fn entered(act: &AuditEvent) -> Date {
    Date::of(act.at, Zone::Wib)
}

fn read_chapter_region(c: &mut Columns<'_>) -> Result<ChapterRegion, StoreError> {
    Ok(ChapterRegion {
        chapter: OrganisationId(c.id()?),
        region: c.word("region code", |code| RegionCode::parse(code).ok())?,
        source: c.text()?,
        term: read_term(c)?,
    })
}
