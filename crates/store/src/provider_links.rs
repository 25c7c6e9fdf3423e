//! Accounts at identity providers that open a member's account, and what a sign-in there is
//! remembered by until it comes back.

use domain::audit::AuditEvent;
use domain::member::Member;
use domain::{MemberId, Timestamp};

use crate::db::{Columns, Store, read_first};
use crate::error::StoreError;
use crate::limits::CEREMONIES_MAX;
use crate::members::{member_columns, read_member};

statements! {
    LINKED = concat!("SELECT ", member_columns!(), " FROM provider_link l JOIN member m ON m.id = l.member \
        WHERE l.issuer = $1 AND l.subject = $2 AND m.active = 1");
    SINCE = "SELECT linked_at FROM provider_link WHERE member = $1 AND issuer = $2";
    LINK = "INSERT INTO provider_link (issuer, subject, member, linked_at) VALUES ($1, $2, $3, $4)";
    UNLINK = "DELETE FROM provider_link WHERE member = $1 AND issuer = $2";
    REMEMBER = "INSERT INTO ceremony (digest, content, expires_at) VALUES ($1, $2, $3)";
    RECALL = "SELECT content FROM ceremony WHERE digest = $1 AND expires_at > $2";
    FORGET = "DELETE FROM ceremony WHERE digest = $1";
    COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM ceremony";
    PURGE = "DELETE FROM ceremony WHERE expires_at <= $1";
    MAKE_ROOM = "DELETE FROM ceremony WHERE digest IN \
        (SELECT digest FROM ceremony ORDER BY expires_at, digest LIMIT $1)";
}

impl Store {
    /// The active member whom this account at a provider opens.
    pub async fn linked_member(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<Member>, StoreError> {
        let rows = self.rows(LINKED, values![issuer, subject]).await?;
        read_first(&rows, read_member)
    }

    /// Since when a member's account is tied to one at this provider.
    pub async fn linked_since(
        &self,
        member: MemberId,
        issuer: &str,
    ) -> Result<Option<Timestamp>, StoreError> {
        let rows = self.rows(SINCE, values![member.0, issuer]).await?;
        read_first(&rows, Columns::time)
    }

    /// Ties a member's account to one at a provider; [`StoreError::Conflict`] when either is tied.
    pub async fn link_provider(
        &self,
        issuer: &str,
        subject: &str,
        member: MemberId,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.execute(LINK, values![issuer, subject, member.0, audit.at])
            .await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Cuts the tie to a provider.
    pub async fn unlink_provider(
        &self,
        member: MemberId,
        issuer: &str,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if tx.execute(UNLINK, values![member.0, issuer]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Remembers `content` under a digest until `expires_at`. Of more than [`CEREMONIES_MAX`] at once
    /// those that end first are forgotten.
    pub async fn remember_ceremony(
        &self,
        digest: [u8; 32],
        content: &str,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.execute(PURGE, values![now]).await?;
        let rows = tx.rows(COUNT, values![]).await?;
        let count = read_first(&rows, Columns::int)?.unwrap_or_default();
        let surplus = count + 1 - CEREMONIES_MAX;
        if surplus > 0 {
            tx.execute(MAKE_ROOM, values![surplus]).await?;
        }
        tx.execute(REMEMBER, values![digest, content, expires_at])
            .await?;
        tx.commit().await
    }

    /// What was remembered under a digest, once.
    pub async fn recall_ceremony(
        &self,
        digest: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let mut tx = self.begin().await?;
        let rows = tx.rows(RECALL, values![*digest, now]).await?;
        let content = read_first(&rows, Columns::text)?;
        let taken = tx.execute(FORGET, values![*digest]).await? == 1;
        tx.commit().await?;
        Ok(content.filter(|_| taken))
    }
}
