//! Keys, signed notes, checkpoints, cosignatures and proof files: vectors from outside, and
//! forgeries.

#![cfg(test)]

use ed25519_dalek::Verifier as _;
use ledger::{
    Checkpoint, KeyKind, LedgerError, Note, ProofFile, Signature, SigningKey, VerifyingKey,
};
use proptest::prelude::*;

// The example of the package golang.org/x/mod/sumdb/note.
const SKEY: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn log_key() -> SigningKey {
    SigningKey::from_seed("pemilu.example/ledger", KeyKind::Log, [7; 32]).unwrap()
}

fn witness_key() -> SigningKey {
    SigningKey::from_seed("warta.example/saksi", KeyKind::Witness, [9; 32]).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint {
        origin: "pemilu.example/ledger".to_owned(),
        size: 20_852_163,
        root: [3; 32],
    }
}

#[test]
fn the_known_note_is_read_verified_and_made_again() {
    let key = VerifyingKey::parse(VKEY).unwrap();
    let note = Note::parse(NOTE).unwrap();
    assert_eq!(key.verify(&note), Ok(None));
    assert_eq!(note.to_string(), NOTE);
    let secret = SigningKey::parse(SKEY).unwrap();
    assert_eq!(secret.to_secret_text(), SKEY);
    assert_eq!(secret.verifying_key().to_string(), VKEY);
    assert_eq!(secret.sign(note.text(), 0), note.signatures()[0]);
    assert!(
        !format!("{secret:?}").contains("AYEKFALV"),
        "the secret is shown"
    );
}

#[test]
fn a_checkpoint_is_three_lines() {
    let text = checkpoint().to_text();
    assert_eq!(
        text,
        "pemilu.example/ledger\n20852163\nAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=\n"
    );
    assert_eq!(Checkpoint::parse(&text), Ok(checkpoint()));
    let extended = format!("{text}an extension\n");
    assert_eq!(Checkpoint::parse(&extended), Ok(checkpoint()));
    let root = "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=";
    for (bad, _) in [
        (format!("a\n1\n{root}"), "no end"),
        (format!("a\n01\n{root}\n"), "a leading zero"),
        (format!("a\n-1\n{root}\n"), "below zero"),
        (format!("a\n9223372036854775808\n{root}\n"), "too large"),
        (format!("\n1\n{root}\n"), "no origin"),
        ("a\n1\nAwM=\n".to_owned(), "a short root"),
        ("a\n1\n".to_owned(), "no root"),
    ] {
        let refused = Checkpoint::parse(&bad);
        assert!(
            matches!(refused, Err(LedgerError::BadCheckpoint { .. })),
            "{bad:?}"
        );
    }
}

/// The signed bytes of a cosignature, put together by hand and verified by the curve alone.
#[test]
fn a_cosignature_signs_time_and_checkpoint() {
    let mut note = checkpoint().signed(&log_key()).unwrap();
    let witness = witness_key();
    note.add(witness.sign(note.text(), 1_764_115_200));
    let read = Note::parse(&note.to_string()).unwrap();
    let public = witness.verifying_key();
    assert_eq!(public.verify(&read), Ok(Some(1_764_115_200)));
    assert_eq!(
        Checkpoint::verified(&read, &log_key().verifying_key()),
        Ok(checkpoint())
    );

    let line = &read.signatures()[1];
    assert_eq!(line.bytes.len(), 72);
    assert_eq!(line.bytes[..8], 1_764_115_200_u64.to_be_bytes());
    let message = format!(
        "cosignature/v1\ntime 1764115200\n{}",
        checkpoint().to_text()
    );
    let curve = ed25519_dalek::SigningKey::from_bytes(&[9; 32]).verifying_key();
    let signature = ed25519_dalek::Signature::from_slice(&line.bytes[8..]).unwrap();
    assert!(curve.verify(message.as_bytes(), &signature).is_ok());
    let hashed = [b"warta.example/saksi\n\x04".as_slice(), curve.as_bytes()].concat();
    assert_eq!(line.key_id.to_be_bytes(), ledger::sha256(&hashed)[..4]);

    let mut later = read.clone();
    let mut moved = line.clone();
    moved.bytes[7] ^= 1;
    later.add(moved);
    assert_eq!(
        public.verify(&later),
        Err(LedgerError::WrongSignature),
        "another time"
    );
    assert_eq!(later.signatures().len(), 2, "a key has one line");
}

#[test]
fn signatures_of_others_do_not_count() {
    let note = checkpoint().signed(&log_key()).unwrap();
    assert_eq!(
        witness_key().verifying_key().verify(&note),
        Err(LedgerError::NotSigned)
    );
    // The same secret for another duty is another key.
    let twice = SigningKey::from_seed("pemilu.example/ledger", KeyKind::Witness, [7; 32]).unwrap();
    assert_eq!(
        twice.verifying_key().verify(&note),
        Err(LedgerError::NotSigned)
    );
    // A name borrowed by a stranger with the right number does not verify.
    let stranger = SigningKey::from_seed("pemilu.example/ledger", KeyKind::Log, [8; 32]).unwrap();
    let mut forged = Note::unsigned(note.text().to_owned()).unwrap();
    let mut line = stranger.sign(note.text(), 0);
    line.key_id = note.signatures()[0].key_id;
    forged.add(line);
    let key = log_key().verifying_key();
    assert_eq!(key.verify(&forged), Err(LedgerError::WrongSignature));
    // A key signs for its own log alone.
    let other = Checkpoint {
        origin: "other.example".to_owned(),
        ..checkpoint()
    };
    let refused = Checkpoint::verified(&other.signed(&log_key()).unwrap(), &key);
    assert!(
        matches!(refused, Err(LedgerError::OtherOrigin { .. })),
        "{refused:?}"
    );
    assert_eq!(
        log_key()
            .renamed("b.example")
            .unwrap()
            .verifying_key()
            .name(),
        "b.example"
    );
}

#[test]
fn texts_that_are_no_notes_or_keys_are_refused() {
    for note in [
        "",
        "\n",
        "\n\n",
        "text\n",
        "text\n\n",
        "text\n\nno line\n",
        "text\n\n\u{2014} a AAAA\n",
        "text\n\n\u{2014} a b+c AAAAAAA=\n",
        "te\u{7}xt\n\n\u{2014} a AAAAAAA=\n",
        "text\n\n\u{2014} a AAAAAAA=",
    ] {
        let refused = Note::parse(note);
        assert!(refused.is_err(), "{note:?}");
    }
    assert!(Note::parse("text\n\n\u{2014} a AAAAAAA=\n").is_ok());
    assert!(Note::unsigned("no end".to_owned()).is_err());
    for key in [
        "",
        "a",
        "a+b",
        "a+00000000+",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpcdQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10",
    ] {
        assert!(
            matches!(VerifyingKey::parse(key), Err(LedgerError::BadKey { .. })),
            "{key:?}"
        );
        assert!(SigningKey::parse(key).is_err(), "{key:?}");
    }
    // The point of order one, for which anybody can sign.
    let weak = [[1].as_slice(), &[0; 31]].concat();
    let hash = ledger::sha256(&[b"a\n\x01".as_slice(), &weak].concat());
    let number: String = hash[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    let weak = format!("a+{number}+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let refused = VerifyingKey::parse(&weak);
    assert_eq!(
        refused,
        Err(LedgerError::BadKey {
            reason: "everybody can sign for it"
        })
    );
    for name in ["", "with space", "with+plus", "new\nline"] {
        assert!(
            SigningKey::from_seed(name, KeyKind::Log, [1; 32]).is_err(),
            "{name:?}"
        );
    }
}

#[test]
fn a_proof_file_carries_all_it_needs() {
    let entries = [b"one".to_vec(), b"two".to_vec(), b"three".to_vec()];
    let hashes: Vec<ledger::Hash> = entries
        .iter()
        .map(|entry| ledger::leaf_hash(entry))
        .collect();
    let left = ledger::node_hash(&hashes[0], &hashes[1]);
    let head = Checkpoint {
        size: 3,
        root: ledger::node_hash(&left, &hashes[2]),
        ..checkpoint()
    };
    let proof = ProofFile {
        entry: entries[1].clone(),
        index: 1,
        path: vec![hashes[0], hashes[2]],
        note: head.signed(&log_key()).unwrap(),
    };
    let text = proof.to_string();
    assert!(
        text.starts_with("c2sp.org/tlog-proof@v1\nextra dHdv\nindex 1\n"),
        "{text}"
    );
    let read = ProofFile::parse(&text).unwrap();
    assert_eq!(read, proof);
    let key = log_key().verifying_key();
    assert_eq!(read.verify(&key), Ok(head));
    let forged = ProofFile {
        entry: b"TWO".to_vec(),
        ..read.clone()
    };
    assert_eq!(forged.verify(&key), Err(LedgerError::RootMismatch));
    let forged = ProofFile { index: 0, ..read };
    assert_eq!(forged.verify(&key), Err(LedgerError::RootMismatch));
    for (from, to) in [
        ("@v1", "@v2"),
        ("extra ", "ex "),
        ("index 1", "index 01"),
        ("\n\n", "\n"),
    ] {
        assert!(
            ProofFile::parse(&text.replacen(from, to, 1)).is_err(),
            "{from:?}"
        );
    }
}

proptest! {
    #[test]
    fn a_note_changed_anywhere_does_not_verify(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut note = checkpoint().signed(&log_key()).unwrap();
        note.add(witness_key().sign(note.text(), 77));
        let mut bytes = note.to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let Ok(changed) = String::from_utf8(bytes) else { return Ok(()) };
        let Ok(read) = Note::parse(&changed) else { return Ok(()) };
        let keys = [log_key().verifying_key(), witness_key().verifying_key()];
        let well = keys.iter().all(|key| key.verify(&read).is_ok());
        prop_assert!(!well, "{}", changed);
    }

    #[test]
    fn hostile_text_never_panics(text in "[\u{2014}a+ 0/=\n]{0,80}") {
        let _ = (Note::parse(&text), VerifyingKey::parse(&text), SigningKey::parse(&text));
        let _ = (Checkpoint::parse(&text), ProofFile::parse(&text), Signature::parse(&text));
    }
}
