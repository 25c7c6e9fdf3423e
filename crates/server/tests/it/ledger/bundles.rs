//! Bundles, checked offline.

use ledger::{KeyKind, SigningKey, tile_hashes};
use server::ledger::verification::verify;

use super::witness::Witness;
use crate::harness::{Place, TestServer};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_verifies_offline_and_a_touched_one_names_the_entry() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let witness = Witness::new("warta.example/saksi");
    witness.register(&server).await;
    server.act(300).await;
    let seen = witness.round(&server).await.expect("co-signed").size;
    server.act(300).await;
    let out = tempfile::tempdir().expect("folder");
    let (folder, file) = (out.path().join("log"), out.path().join("log.json"));
    let size = server.export(&folder).await;
    assert_eq!(server.export(&file).await, size);
    let ledger_key = server.server.app.ledger.vkey();
    server.stop().await;

    for bundle in [&folder, &file] {
        let found = verify(bundle, &[]).expect("sound");
        assert_eq!(found.checkpoint.size, size);
        assert!(found.key_from_bundle);
        let cosigned: Vec<_> = found
            .cosigned
            .iter()
            .map(|(name, size, _)| (name.as_str(), *size))
            .collect();
        assert_eq!(cosigned, [("warta.example/saksi", seen)]);
        let pinned = verify(bundle, std::slice::from_ref(&ledger_key)).expect("sound");
        assert!(!pinned.key_from_bundle && pinned.cosigned.is_empty());
        let stranger =
            SigningKey::from_seed(ledger_key.name(), KeyKind::Log, [1; 32]).expect("key");
        assert!(
            verify(bundle, &[stranger.verifying_key()]).is_err(),
            "signed by another"
        );
    }
    assert!(folder.join("verifier.html").is_file() && folder.join("README.txt").is_file());

    let entries = folder.join("tile/entries/001");
    let sound = std::fs::read(&entries).expect("read");
    let mut touched = sound.clone();
    touched[100] ^= 1;
    std::fs::write(&entries, &touched).expect("write");
    let fault = verify(&folder, &[]).expect_err("passed").to_string();
    assert!(fault.starts_with("entry 257: "), "{fault}");
    std::fs::write(&entries, &sound).expect("write");
    let tile = folder.join("tile/0/001");
    let hashes = tile_hashes(&std::fs::read(&tile).expect("read")).expect("tile");
    assert_eq!(hashes.len(), 256);
    std::fs::remove_file(&tile).expect("removed");
    let fault = verify(&folder, &[]).expect_err("passed").to_string();
    assert_eq!(fault, "entry 257: 0/001 is missing or damaged");

    let text = std::fs::read_to_string(&file).expect("read");
    let forged = text.replace(&format!("\\n{size}\\n"), &format!("\\n{}\\n", size - 1));
    assert_ne!(forged, text);
    std::fs::write(&file, forged).expect("write");
    let fault = format!("{:#}", verify(&file, &[]).expect_err("passed"));
    assert!(fault.contains("signature does not fit"), "{fault}");
}
