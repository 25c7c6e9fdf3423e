//! The right edge of the ledger as this process left it last, so that an append need not read it.
//!
//! What is remembered is no more than a guess: another process may have appended to the same file,
//! or a backup may have been put in its place. The statement that moves the head holds the guess
//! against what is stored and touches nothing where they differ.

use std::sync::{Arc, Mutex, PoisonError};

use ledger::Frontier;

/// The edge; a clone shares it.
#[derive(Debug, Clone, Default)]
pub(crate) struct LedgerEdge(Arc<Mutex<Option<Frontier>>>);

impl LedgerEdge {
    /// The edge as it was left last; none before the first append of this process.
    pub(crate) fn last(&self) -> Option<Frontier> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Remembers where an append left it.
    pub(crate) fn keep(&self, edge: Frontier) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(edge);
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::audit::{Actor, AuditEvent, AuditKind};
    use uuid::Uuid;

    use crate::db::Store;

    fn act(note: &str) -> AuditEvent {
        AuditEvent {
            at: Timestamp(1_764_000_000_000_000),
            actor: Actor::Machine,
            kind: AuditKind::CaseOpened,
            subject: Uuid::from_u128(7),
            note: note.to_owned(),
        }
    }

    #[tokio::test]
    async fn an_append_that_was_rolled_back_leaves_no_trace() {
        let folder = tempfile::tempdir().expect("folder");
        let url = format!("sqlite:{}", folder.path().join("kentongan.db").display());
        let store = Store::open(&url).await.expect("open");
        store.record_audit(&act("kept")).await.expect("recorded");
        for _ in 0..3 {
            let mut tx = store.begin().await.expect("begin");
            tx.record(&act("dropped")).await.expect("recorded");
            tx.record_all(&[act("dropped"), act("too")])
                .await
                .expect("recorded");
            drop(tx);
            store.record_audit(&act("kept")).await.expect("recorded");
        }
        let mut tx = store.begin().await.expect("begin");
        tx.record(&act("kept")).await.expect("recorded");
        tx.record(&act("kept")).await.expect("recorded");
        tx.commit().await.expect("commit");
        let rows = store.audit_page(None, 100).await.expect("page");
        assert_eq!(rows.len(), 6);
        assert!(rows.iter().all(|row| row.event.note == "kept"), "{rows:?}");
        let found = store.verify_audit().await.expect("verify");
        assert_eq!((found.entries, found.first_bad), (6, None));
        store.close().await;
    }
}
