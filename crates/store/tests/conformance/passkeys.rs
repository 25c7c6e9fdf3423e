//! Passkeys: added, shown at the door, used, refused, removed.

use domain::audit::{AuditEvent, AuditKind};
use domain::limits::PASSKEYS_PER_MEMBER;
use domain::member::Member;
use domain::proof::Proof;
use domain::{PasskeyId, Timestamp};
use store::{
    FoundPasskey, LastFactor, Mail, NewPasskey, PasskeyRow, SessionRow, Store, StoreError,
};

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
        recovery: Vec::new(),
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

async fn add(bench: &Bench, member: &Member, new: &NewPasskey) -> Result<bool, StoreError> {
    let event = own(member, AuditKind::PasskeyAdded, new.row.added_at);
    let mail = notice(bench, member);
    bench.store.insert_passkey(new, &mail, &event).await
}

/// How often two act at once.
const ROUNDS: u8 = 8;

/// Removes a passkey; whether it went.
async fn take(bench: &Bench, member: &Member, key: &NewPasskey, last: LastFactor) -> bool {
    let event = own(member, AuditKind::PasskeyRemoved, at(60));
    let mail = notice(bench, member);
    let gone = bench
        .store
        .remove_passkey(member.id, key.row.id, last, [10; 32], &mail, &event);
    gone.await.expect("removed or not")
}

/// Takes a device that gives codes into use.
async fn set_up(bench: &Bench, member: &Member, codes: &[[u8; 32]]) {
    let event = own(member, AuditKind::SecondFactorAdded, at(1));
    let mail = notice(bench, member);
    let store = &bench.store;
    store
        .begin_one_time_code(member.id, b"secret")
        .await
        .expect("begun");
    let done = store.confirm_one_time_code(member.id, 5, codes, &mail, &event);
    done.await.expect("set up");
}

/// Takes the device that gives codes away; whether it went.
async fn unset(bench: &Bench, member: &Member, last: LastFactor) -> bool {
    let event = own(member, AuditKind::SecondFactorRemoved, at(2));
    let mail = notice(bench, member);
    let gone = bench
        .store
        .remove_one_time_code(member.id, last, &mail, &event);
    gone.await.expect("removed or not")
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
        first.recovery = vec![[7; 32], [8; 32]];
        assert!(add(&bench, editor, &first).await.expect("added"), "its codes count");
        let mut second = passkey(&bench, editor, 2);
        second.recovery = vec![[9; 32]];
        assert!(!add(&bench, editor, &second).await.expect("added"), "the codes of the first stay");
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
        first.recovery = vec![[7; 32]];
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
        let foreign = store.remove_passkey(desk.reviewer.id, first.row.id, LastFactor::MayGo, [10; 32], &mail, &gone).await;
        assert!(matches!(foreign, Err(StoreError::NotFound)), "{foreign:?}");
        store.remove_passkey(editor.id, first.row.id, LastFactor::MayGo, [10; 32], &mail, &gone).await.expect("removed");
        let mut left = Vec::new();
        for row in &opened {
            left.push(store.session(&row.digest, at(61)).await.expect("read").is_some());
        }
        assert_eq!(left, [true, false, true, true]);
        assert_eq!(store.recovery_codes_left(editor.id).await.expect("left"), 1, "one passkey is left");
        assert_eq!(store.passkey(&first.credential).await.expect("find"), None);
        let twice = store.remove_passkey(editor.id, first.row.id, LastFactor::MayGo, [10; 32], &mail, &gone).await;
        assert!(matches!(twice, Err(StoreError::NotFound)), "{twice:?}");

        store.remove_passkey(editor.id, second.row.id, LastFactor::MayGo, [10; 32], &notice(&bench, editor), &gone).await.expect("removed");
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
        store.remove_one_time_code(editor.id, LastFactor::Stays, &notice(&bench, editor), &gone).await.expect("removed");
        assert_eq!(store.recovery_codes_left(editor.id).await.expect("left"), 1);
        assert!(store.has_second_factor(editor.id).await.expect("read"));
    }

    async fn the_last_second_factor_stays_when_it_must(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let editor = &desk.editor;
        let mut first = passkey(&bench, editor, 1);
        first.recovery = vec![[7; 32]];
        let second = passkey(&bench, editor, 2);
        for new in [&first, &second] {
            add(&bench, editor, new).await.expect("added");
        }
        let opened = session(editor, 11, Proof::Passkey);
        store.insert_session(&opened, None, &own(editor, AuditKind::SignedIn, at(0))).await.expect("session");
        assert!(take(&bench, editor, &second, LastFactor::Stays).await, "another is left");
        let before = mails(store).await;
        store.insert_session(&opened, None, &own(editor, AuditKind::SignedIn, at(0))).await.expect("session");
        assert!(!take(&bench, editor, &first, LastFactor::Stays).await);
        assert_eq!(store.passkeys(editor.id).await.expect("list"), std::slice::from_ref(&first.row));
        assert_eq!(store.recovery_codes_left(editor.id).await.expect("left"), 1);
        assert!(store.session(&opened.digest, at(61)).await.expect("read").is_some());
        assert_eq!((acts(store, AuditKind::PasskeyRemoved).await, mails(store).await), (1, before));

        set_up(&bench, editor, &[[8; 32]]).await;
        assert!(take(&bench, editor, &first, LastFactor::Stays).await, "a telephone is left");
        assert!(!unset(&bench, editor, LastFactor::Stays).await);
        assert!(store.has_second_factor(editor.id).await.expect("read"));
        assert_eq!(acts(store, AuditKind::SecondFactorRemoved).await, 0);
        assert!(unset(&bench, editor, LastFactor::MayGo).await);
        assert!(!store.has_second_factor(editor.id).await.expect("read"));
    }

    async fn of_two_second_factors_removed_at_once_one_stays(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let editor = &desk.editor;
        for round in 1..=ROUNDS {
            let key = passkey(&bench, editor, round);
            add(&bench, editor, &key).await.expect("added");
            set_up(&bench, editor, &[[8; 32]]).await;
            let gone = tokio::join!(
                take(&bench, editor, &key, LastFactor::Stays),
                unset(&bench, editor, LastFactor::Stays),
            );
            assert!(bench.store.has_second_factor(editor.id).await.expect("read"), "{gone:?}");
            match gone {
                (true, false) => assert!(unset(&bench, editor, LastFactor::MayGo).await),
                (false, true) => assert!(take(&bench, editor, &key, LastFactor::MayGo).await),
                both => panic!("one goes, one stays: {both:?}"),
            }
        }
    }

    async fn second_factors_added_at_once_leave_one_set_of_codes(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        for round in 1..=ROUNDS {
            let mut keys = [round, round + ROUNDS].map(|byte| passkey(&bench, &desk.editor, byte));
            keys[0].recovery = vec![[1; 32], [2; 32]];
            keys[1].recovery = vec![[3; 32], [4; 32]];
            let [one, two] = &keys;
            let firsts = tokio::join!(add(&bench, &desk.editor, one), add(&bench, &desk.editor, two));
            let firsts = [firsts.0.expect("added"), firsts.1.expect("added")];
            assert_ne!(firsts[0], firsts[1], "one of them is the first");
            assert_eq!(store.recovery_codes_left(desk.editor.id).await.expect("left"), 2);
            for key in &keys {
                take(&bench, &desk.editor, key, LastFactor::MayGo).await;
            }

            let mut key = passkey(&bench, &desk.reviewer, round);
            key.recovery = vec![[1; 32], [2; 32]];
            let telephone = [[5; 32], [6; 32], [7; 32]];
            let (added, ()) = tokio::join!(
                add(&bench, &desk.reviewer, &key),
                set_up(&bench, &desk.reviewer, &telephone),
            );
            added.expect("added");
            let left = store.recovery_codes_left(desk.reviewer.id).await.expect("left");
            assert_eq!(left, 3, "those that came with the telephone");
            take(&bench, &desk.reviewer, &key, LastFactor::MayGo).await;
            unset(&bench, &desk.reviewer, LastFactor::MayGo).await;
        }
    }
}
