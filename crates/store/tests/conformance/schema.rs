//! Opening, migrating, and every statement known to both engines.

use std::path::Path;

use store::{Store, StoreError};

use crate::engine::each_engine;
use crate::network::newsroom;

each_engine! {
    async fn every_statement_prepares(bench) {
        let count = bench.store.check_statements().await;
        let count = count.unwrap_or_else(|(name, error)| panic!("{name}: {error:?}"));
        assert!(count > 60, "only {count} statements are known");
    }

    async fn opening_again_keeps_everything(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let again = Store::open(&bench.url).await.expect("open again");
        assert_eq!(again.member(desk.editor.id).await.expect("member"), desk.editor);
        again.close().await;
    }

    async fn a_newer_schema_is_refused(bench) {
        let digest = if bench.is_sqlite() { "x'00'" } else { "'\\x00'" };
        bench.raw(&format!("INSERT INTO schema_migration VALUES (999, {digest})")).await.expect("raw");
        let refused = Store::open(&bench.url).await.expect_err("opened");
        assert!(matches!(refused, StoreError::NewerSchema { found: 999, .. }), "{refused:?}");
        assert!(refused.to_string().contains("newer program"), "{refused}");
    }

    async fn a_migration_with_another_text_is_refused(bench) {
        let digest = if bench.is_sqlite() { "x'00'" } else { "'\\x00'" };
        bench.raw(&format!("UPDATE schema_migration SET digest = {digest}")).await.expect("raw");
        let refused = Store::open(&bench.url).await.expect_err("opened");
        assert!(matches!(refused, StoreError::MigrationChanged(1)), "{refused:?}");
    }

    async fn a_small_value_is_kept_by_name(bench) {
        assert_eq!(bench.store.get_meta("pepper").await.expect("get"), None);
        assert_eq!(bench.store.meta_or_insert("pepper", b"one").await.expect("insert"), b"one");
        assert_eq!(bench.store.meta_or_insert("pepper", b"two").await.expect("insert"), b"one");
        bench.store.set_meta("pepper", &[0, 255]).await.expect("set");
        assert_eq!(bench.store.get_meta("pepper").await.expect("get"), Some(vec![0, 255]));
    }
}

async fn refused(path: &Path) -> StoreError {
    Store::open(&format!("sqlite:{}", path.display()))
        .await
        .expect_err("opened")
}

/// A database with something in it, closed.
async fn filled(path: &Path) {
    let store = Store::open(&format!("sqlite:{}", path.display()))
        .await
        .expect("open");
    for n in 0..200 {
        store
            .set_meta(&format!("name {n}"), &[7; 2_000])
            .await
            .expect("set");
    }
    store.close().await;
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named_and_kept() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("kentongan.db");
    let nonsense = vec![b'z'; 100_000];
    std::fs::write(&path, &nonsense).expect("write");
    let error = refused(&path).await;
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    assert!(error.to_string().contains("kentongan.db"), "{error}");
    assert!(error.to_string().contains("kentongan restore"), "{error}");
    assert_eq!(std::fs::read(&path).expect("read"), nonsense);
}

#[tokio::test]
async fn a_damaged_page_is_noticed_before_anything_is_written() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("kentongan.db");
    filled(&path).await;
    let mut bytes = std::fs::read(&path).expect("read");
    assert!(
        bytes.len() > 40 * 4_096,
        "the write-ahead log was not carried over"
    );
    for page in 1..bytes.len() / 4_096 {
        bytes[page * 4_096..page * 4_096 + 64].fill(0xA5);
    }
    std::fs::write(&path, &bytes).expect("write");
    let error = refused(&path).await;
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    assert_eq!(std::fs::read(&path).expect("read"), bytes);
}

#[tokio::test]
async fn what_was_committed_before_a_crash_is_there_afterwards() {
    let folder = tempfile::tempdir().expect("folder");
    let (path, copy) = (
        folder.path().join("kentongan.db"),
        folder.path().join("copy.db"),
    );
    let store = Store::open(&format!("sqlite:{}", path.display()))
        .await
        .expect("open");
    store.set_meta("name", b"value").await.expect("set");
    // The files as a crash would leave them: the change is in the write-ahead log alone.
    std::fs::copy(&path, &copy).expect("copy");
    std::fs::copy(path.with_extension("db-wal"), copy.with_extension("db-wal")).expect("copy log");
    store.close().await;
    let again = Store::open(&format!("sqlite:{}", copy.display()))
        .await
        .expect("open copy");
    assert_eq!(
        again.get_meta("name").await.expect("get"),
        Some(b"value".to_vec())
    );
    again.close().await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named() {
    // Root may write into any ordinary folder; not even root makes a file here.
    let error = refused(Path::new("/proc/kentongan.db")).await;
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
    assert!(error.to_string().contains("/proc/kentongan.db"), "{error}");
    assert!(error.to_string().contains("KENTONGAN_DATA"), "{error}");
}

#[tokio::test]
async fn an_address_that_names_no_database_is_refused() {
    for address in ["", "sqlite:", "mysql://a/b", "kentongan.db"] {
        let error = Store::open(address).await.expect_err("opened");
        assert!(
            matches!(error, StoreError::BadAddress(_)),
            "{address}: {error:?}"
        );
    }
    let nobody = Store::open("postgres://nobody@127.0.0.1:1/none")
        .await
        .expect_err("opened");
    assert!(matches!(nobody, StoreError::Unavailable(_)), "{nobody:?}");
}
