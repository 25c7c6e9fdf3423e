//! Passkeys: added, shown at the door, used, refused, removed.

use domain::audit::{AuditEvent, AuditKind};
use domain::limits::PASSKEYS_PER_MEMBER;
use domain::member::Member;
use domain::proof::Proof;
use domain::{PasskeyId, Timestamp};
use store::{FoundPasskey, Mail, NewPasskey, PasskeyRow, SessionRow, Store, StoreError};

use crate::engine::{Bench, each_engine};
use crate::network::{at, by, newsroom};

fn notice(bench: &Bench, member: &Member) -> Mail {
    Mail {
        id: bench.id(),
        recipient: member.email.clone(),
        subject: "Kunci sandi".to_owned(),
        body: "ditambahkan".to_owned(),
    }
}

fn own(member: &Member, kind: AuditKind, when: Timestamp) -> AuditEvent {
    AuditEvent {
        at: when,
        ..by(member, kind, member.id.0)
    }
}

fn passkey(bench: &Bench, member: &Member, byte: u8) -> NewPasskey {
    NewPasskey {
        row: PasskeyRow {
            id: PasskeyId(bench.id()),
            member: member.id,
            name: format!("Ponsel {byte}"),
            content: format!("{{\"counter\":{byte}}}"),
            added_at: at(i64::from(byte)),
            last_used_at: None,
        },
        credential: vec![byte; 16],
        recovery: None,
    }
}

fn session(member: &Member, byte: u8, proof: Proof) -> SessionRow {
    SessionRow {
        digest: [byte; 32],
        member: member.id,
        created_at: at(0),
        expires_at: at(1_000),
        last_seen_at: at(0),
        proof,
        device: String::new(),
        network: String::new(),
        new_device: false,
    }
}

async fn add(bench: &Bench, member: &Member, new: &NewPasskey) -> Result<(), StoreError> {
    let event = own(member, AuditKind::PasskeyAdded, new.row.added_at);
    let mail = notice(bench, member);
    bench.store.insert_passkey(new, &mail, &event).await
}

async fn acts(store: &Store, kind: AuditKind) -> usize {
    let page = store.audit_page(None, 200).await.expect("audit");
    page.iter().filter(|row| row.event.kind == kind).count()
}

async fn mails(store: &Store) -> i64 {
    store.outbox().await.expect("outbox").waiting
}

each_engine! {
    async fn a_passkey_opens_for_its_member_alone(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let editor = &desk.editor;
        assert!(!store.has_second_factor(editor.id).await.expect("read"));
        let mut first = passkey(&bench, editor, 1);
        first.recovery = Some(vec![[7; 32], [8; 32]]);
        add(&bench, editor, &first).await.expect("added");
        let second = passkey(&bench, editor, 2);
        add(&bench, editor, &second).await.expect("added");
        assert_eq!(store.passkeys(editor.id).await.expect("list"), [first.row.clone(), second.row.clone()]);
        assert_eq!(store.passkeys(desk.reviewer.id).await.expect("list"), []);
        let mut known = store.passkey_credentials(editor.id).await.expect("list");
        known.sort();
        assert_eq!(known, [first.credential.clone(), second.credential.clone()]);
        let found = FoundPasskey { passkey: first.row.clone(), member: editor.clone() };
        assert_eq!(store.passkey(&first.credential).await.expect("find"), Some(found));
        assert_eq!(store.passkey(&[9; 16]).await.expect("find"), None);
        assert!(store.has_second_factor(editor.id).await.expect("read"));
        assert!(!store.has_second_factor(desk.reviewer.id).await.expect("read"));
        assert_eq!(store.recovery_codes_left(editor.id).await.expect("left"), 2);
        assert_eq!((acts(store, AuditKind::PasskeyAdded).await, mails(store).await), (2, 2));

        // The same key again, even for somebody else.
        let mut twin = passkey(&bench, &desk.reviewer, 3);
        twin.credential.clone_from(&first.credential);
        let taken = add(&bench, &desk.reviewer, &twin).await;
        assert!(matches!(taken, Err(StoreError::Conflict)), "{taken:?}");
        assert_eq!((acts(store, AuditKind::PasskeyAdded).await, mails(store).await), (2, 2));

        // Who is closed is let in by nothing.
        let closed = by(&desk.reviewer, AuditKind::MemberClosed, editor.id.0);
        store.set_active(editor.id, false, &closed).await.expect("closed");
        assert_eq!(store.passkey(&first.credential).await.expect("find"), None);
    }

    async fn a_passkey_is_used_as_it_was_read(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let new = passkey(&bench, &desk.editor, 1);
        add(&bench, &desk.editor, &new).await.expect("added");
        let read = store.passkeys(desk.editor.id).await.expect("list").remove(0);
        assert!(store.use_passkey(&read, "{\"counter\":5}", at(50)).await.expect("use"));
        let now = store.passkeys(desk.editor.id).await.expect("list").remove(0);
        assert_eq!((now.content.as_str(), now.last_used_at), ("{\"counter\":5}", Some(at(50))));
        let late = store.use_passkey(&read, "{\"counter\":4}", at(51)).await.expect("use");
        assert!(!late, "two sign-ins with one counter");
        assert_eq!(store.passkeys(desk.editor.id).await.expect("list"), std::slice::from_ref(&now));

        let refused = own(&desk.editor, AuditKind::PasskeyRefused, at(52));
        store.passkey_refused(&notice(&bench, &desk.editor), &refused).await.expect("told");
        assert_eq!((acts(store, AuditKind::PasskeyRefused).await, mails(store).await), (1, 2));
    }

    async fn a_member_has_only_so_many_passkeys(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let most = u8::try_from(PASSKEYS_PER_MEMBER).expect("few");
        for byte in 1..=most {
            let new = passkey(&bench, &desk.editor, byte);
            add(&bench, &desk.editor, &new).await.expect("added");
        }
        let more = passkey(&bench, &desk.editor, most + 1);
        let full = add(&bench, &desk.editor, &more).await;
        assert!(matches!(full, Err(StoreError::Conflict)), "{full:?}");
        assert_eq!(bench.store.passkeys(desk.editor.id).await.expect("list").len(), PASSKEYS_PER_MEMBER);
        add(&bench, &desk.reviewer, &passkey(&bench, &desk.reviewer, 99)).await.expect("somebody else's");
    }

    async fn a_passkey_goes_with_the_sessions_and_codes_that_hang_on_it(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let editor = &desk.editor;
        let mut first = passkey(&bench, editor, 1);
        first.recovery = Some(vec![[7; 32]]);
        let second = passkey(&bench, editor, 2);
        for new in [&first, &second] {
            add(&bench, editor, new).await.expect("added");
        }
        let opened = [
            session(editor, 10, Proof::Passkey),
            session(editor, 11, Proof::Passkey),
            session(editor, 12, Proof::SecondFactor),
            session(&desk.reviewer, 13, Proof::Passkey),
        ];
        for row in &opened {
            let event = own(editor, AuditKind::SignedIn, at(0));
            store.insert_session(row, None, &event).await.expect("session");
        }
        let weak = session(editor, 14, Proof::Password);
        store.insert_session(&weak, None, &own(editor, AuditKind::FirstProofGiven, at(0))).await.expect("session");
        let signed = store.session(&weak.digest, at(1)).await.expect("read").expect("alive");
        assert!(signed.second_factor, "a passkey is a second factor");

        let gone = own(editor, AuditKind::PasskeyRemoved, at(60));
        let mail = notice(&bench, editor);
        let foreign = store.remove_passkey(desk.reviewer.id, first.row.id, [10; 32], &mail, &gone).await;
        assert!(matches!(foreign, Err(StoreError::NotFound)), "{foreign:?}");
        store.remove_passkey(editor.id, first.row.id, [10; 32], &mail, &gone).await.expect("removed");
        let mut left = Vec::new();
        for row in &opened {
            left.push(store.session(&row.digest, at(61)).await.expect("read").is_some());
        }
        assert_eq!(left, [true, false, true, true]);
        assert_eq!(store.recovery_codes_left(editor.id).await.expect("left"), 1, "one passkey is left");
        assert_eq!(store.passkey(&first.credential).await.expect("find"), None);
        let twice = store.remove_passkey(editor.id, first.row.id, [10; 32], &mail, &gone).await;
        assert!(matches!(twice, Err(StoreError::NotFound)), "{twice:?}");

        store.remove_passkey(editor.id, second.row.id, [10; 32], &notice(&bench, editor), &gone).await.expect("removed");
        assert_eq!(store.recovery_codes_left(editor.id).await.expect("left"), 0);
        let signed = store.session(&weak.digest, at(61)).await.expect("read").expect("alive");
        assert!(!signed.second_factor);
        assert_eq!(acts(store, AuditKind::PasskeyRemoved).await, 2);
    }

    async fn codes_stay_while_a_passkey_needs_them(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let editor = &desk.editor;
        store.begin_one_time_code(editor.id, b"secret").await.expect("begun");
        let set_up = own(editor, AuditKind::SecondFactorAdded, at(1));
        store.confirm_one_time_code(editor.id, 5, &[[7; 32]], &notice(&bench, editor), &set_up).await.expect("set up");
        let new = passkey(&bench, editor, 1);
        add(&bench, editor, &new).await.expect("added");
        assert_eq!(store.recovery_codes_left(editor.id).await.expect("left"), 1, "the old ones stay");
        let gone = own(editor, AuditKind::SecondFactorRemoved, at(2));
        store.remove_one_time_code(editor.id, &notice(&bench, editor), &gone).await.expect("removed");
        assert_eq!(store.recovery_codes_left(editor.id).await.expect("left"), 1);
        assert!(store.has_second_factor(editor.id).await.expect("read"));
    }
}
