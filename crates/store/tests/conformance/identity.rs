//! Invitations, mail, passwords, second factors, devices, and ties to identity providers.

use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::invitation::{Invitation, InvitationState};
use domain::limits::INVITATION_LIFE_US;
use domain::member::{Member, Role, Zone};
use domain::proof::Proof;
use domain::{InvitationId, KeyId, MemberId, OrganisationId, Timestamp};
use store::{Device, KeyRow, LastFactor, Mail, Page, SessionRow, Store, StoreError, limits};
use uuid::Uuid;

use crate::engine::{Bench, each_engine};
use crate::network::{Newsroom, at, by, newsroom};

pub(crate) fn mail(bench: &Bench, to: &str) -> Mail {
    Mail {
        id: bench.id(),
        recipient: to.to_owned(),
        subject: "Undangan".to_owned(),
        body: "https://cek.example/undangan/rahasia".to_owned(),
    }
}

pub(crate) fn invitation(
    bench: &Bench,
    desk: &Newsroom,
    email: &str,
    invited_at: Timestamp,
) -> Invitation {
    Invitation {
        id: InvitationId(bench.id()),
        organisation: desk.organisation.id,
        name: "Redaktur Tiga".to_owned(),
        email: email.to_owned(),
        role: Role::Reviewer,
        zone: Zone::Wit,
        invited_by: desk.editor.id,
        invited_at,
        state: InvitationState::Open,
    }
}

fn own(member: &Member, kind: AuditKind, when: Timestamp) -> AuditEvent {
    AuditEvent {
        at: when,
        ..by(member, kind, member.id.0)
    }
}

async fn acts(store: &Store, kind: AuditKind) -> usize {
    let page = store.audit_page(None, 200).await.expect("audit");
    page.iter().filter(|row| row.event.kind == kind).count()
}

async fn waiting(store: &Store) -> (i64, i64) {
    let count = store.outbox().await.expect("outbox");
    (count.waiting, count.given_up)
}

fn session(desk: &Newsroom, byte: u8, created: i64) -> SessionRow {
    SessionRow {
        digest: [byte; 32],
        member: desk.editor.id,
        created_at: at(created),
        expires_at: at(created + 1_000),
        last_seen_at: at(created),
        proof: Proof::SecondFactor,
        device: "Firefox · Linux".to_owned(),
        network: "2001:db8:1::/48".to_owned(),
        new_device: false,
    }
}

each_engine! {
    async fn an_invitation_makes_one_member_once(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let asked = invitation(&bench, &desk, "tiga@redaksi.example", at(0));
        let sent = by(&desk.editor, AuditKind::InvitationSent, asked.id.0);
        store.insert_invitation(&asked, [1; 32], &mail(&bench, &asked.email), &sent).await.expect("insert");
        assert_eq!(store.invitation(&[1; 32]).await.expect("read"), Some(asked.clone()));
        assert_eq!(store.invitation(&[9; 32]).await.expect("read"), None);
        assert_eq!(waiting(store).await, (1, 0));

        let twin = invitation(&bench, &desk, "tiga@redaksi.example", at(1));
        let again = store.insert_invitation(&twin, [2; 32], &mail(&bench, &twin.email), &sent).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
        let member = invitation(&bench, &desk, &desk.reviewer.email, at(1));
        let taken = store.insert_invitation(&member, [3; 32], &mail(&bench, &member.email), &sent).await;
        assert!(matches!(taken, Err(StoreError::Conflict)), "{taken:?}");
        assert_eq!((waiting(store).await, acts(store, AuditKind::InvitationSent).await), ((1, 0), 1));

        let person = asked.accept(MemberId(bench.id()), at(5)).expect("accepts");
        let accepted = own(&person, AuditKind::InvitationAccepted, at(5));
        store.accept_invitation(asked.id, &person, "hash", at(5), &accepted).await.expect("accept");
        assert_eq!(store.member(person.id).await.expect("member"), person);
        assert_eq!(store.password_hash(person.id).await.expect("hash"), "hash");
        let second = Member { id: MemberId(bench.id()), email: "lain@redaksi.example".to_owned(), ..person.clone() };
        let replayed = store.accept_invitation(asked.id, &second, "hash", at(6), &accepted).await;
        assert!(matches!(replayed, Err(StoreError::Conflict)), "{replayed:?}");
        assert!(store.member(second.id).await.is_err(), "a replay made a member");
        assert_eq!(acts(store, AuditKind::InvitationAccepted).await, 1);
        let state = store.invitation(&[1; 32]).await.expect("read").expect("invitation").state;
        assert_eq!(state, InvitationState::Accepted);
    }

    async fn an_invitation_that_ran_out_or_was_withdrawn_makes_nobody(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let other = newsroom(&bench, "Warta Dua").await;
        let store = &bench.store;
        let asked = invitation(&bench, &desk, "tiga@redaksi.example", at(0));
        let sent = by(&desk.editor, AuditKind::InvitationSent, asked.id.0);
        store.insert_invitation(&asked, [1; 32], &mail(&bench, &asked.email), &sent).await.expect("insert");
        let person = asked.accept(MemberId(bench.id()), at(5)).expect("accepts");
        let accepted = own(&person, AuditKind::InvitationAccepted, at(5));
        let late = store.accept_invitation(asked.id, &person, "hash", asked.expires_at(), &accepted).await;
        assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");

        // The one that ran out makes room for a new one to the same address.
        let renewed = invitation(&bench, &desk, "tiga@redaksi.example", at(0).plus_us(INVITATION_LIFE_US));
        store.insert_invitation(&renewed, [2; 32], &mail(&bench, &renewed.email), &sent).await.expect("insert");
        assert_eq!(store.open_invitations(None).await.expect("open"), std::slice::from_ref(&renewed));
        assert_eq!(store.open_invitations(Some(other.organisation.id)).await.expect("open"), []);
        assert_eq!(store.organisation_of_invitation(renewed.id).await.expect("read"), desk.organisation.id);

        let taken_back = by(&desk.editor, AuditKind::InvitationWithdrawn, renewed.id.0);
        let foreign = store.withdraw_invitation(renewed.id, other.organisation.id, &taken_back).await;
        assert!(matches!(foreign, Err(StoreError::NotFound)), "{foreign:?}");
        store.withdraw_invitation(renewed.id, desk.organisation.id, &taken_back).await.expect("withdraw");
        let twice = store.withdraw_invitation(renewed.id, desk.organisation.id, &taken_back).await;
        assert!(matches!(twice, Err(StoreError::NotFound)), "{twice:?}");
        let dead = store.accept_invitation(renewed.id, &person, "hash", renewed.invited_at, &accepted).await;
        assert!(matches!(dead, Err(StoreError::Conflict)), "{dead:?}");
        assert_eq!(acts(store, AuditKind::InvitationWithdrawn).await, 1);
    }

    async fn mail_is_taken_by_one_sender_and_kept_until_it_is_handed_over(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let asked = invitation(&bench, &desk, "tiga@redaksi.example", at(0));
        let sent = by(&desk.editor, AuditKind::InvitationSent, asked.id.0);
        let letter = mail(&bench, &asked.email);
        store.insert_invitation(&asked, [1; 32], &letter, &sent).await.expect("insert");
        assert_eq!(store.claim_mail(at(-1), at(9), 10).await.expect("claim"), [], "not due yet");
        let due = store.claim_mail(at(0), at(10), 10).await.expect("claim");
        assert_eq!((due.len(), &due[0].mail, due[0].tries), (1, &letter, 1));
        assert_eq!(store.claim_mail(at(9), at(20), 10).await.expect("claim"), [], "somebody has it");
        let again = store.claim_mail(at(10), at(20), 10).await.expect("claim");
        assert_eq!(again[0].tries, 2, "whoever had it died");
        store.mail_failed(letter.id, at(50), "no route").await.expect("failed");
        assert_eq!(store.claim_mail(at(49), at(60), 10).await.expect("claim"), []);
        assert_eq!(store.claim_mail(at(50), at(60), 10).await.expect("claim").len(), 1);
        store.give_mail_up(letter.id, "refused").await.expect("give up");
        assert_eq!(waiting(store).await, (0, 1));
        assert_eq!(store.claim_mail(at(900), at(999), 10).await.expect("claim"), []);
        store.mail_sent(letter.id).await.expect("sent");
        assert_eq!(waiting(store).await, (0, 0));
    }

    async fn another_password_ends_other_sessions_and_links(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let id = desk.editor.id;
        let signed_in = own(&desk.editor, AuditKind::SignedIn, at(0));
        for byte in 1..=3 {
            store.insert_session(&session(&desk, byte, 0), None, &signed_in).await.expect("session");
        }
        let letter = || mail(&bench, &desk.editor.email);
        let asked = own(&desk.editor, AuditKind::PasswordResetAsked, at(1));
        store.insert_reset(id, [7; 32], at(100), &letter(), &asked).await.expect("reset");
        store.insert_reset(id, [8; 32], at(100), &letter(), &asked).await.expect("reset");
        assert_eq!(store.reset(&[7; 32], at(2)).await.expect("read"), None, "a newer link replaces it");
        assert_eq!(store.reset(&[8; 32], at(99)).await.expect("read"), Some(desk.editor.clone()));
        assert_eq!(store.reset(&[8; 32], at(100)).await.expect("read"), None, "it has run out");

        let changed = own(&desk.editor, AuditKind::PasswordChanged, at(3));
        store.set_password(id, "new", [2; 32], &letter(), &changed).await.expect("set");
        assert_eq!(store.password_hash(id).await.expect("hash"), "new");
        let left = store.sessions_of(id, at(4)).await.expect("sessions");
        assert_eq!(left, [session(&desk, 2, 0)]);
        assert_eq!(store.reset(&[8; 32], at(4)).await.expect("read"), None, "the link went too");

        store.insert_reset(id, [9; 32], at(100), &letter(), &asked).await.expect("reset");
        let late = own(&desk.editor, AuditKind::PasswordChanged, at(100));
        let dead = store.use_reset(id, [9; 32], "x", &letter(), &late).await;
        assert!(matches!(dead, Err(StoreError::NotFound)), "{dead:?}");
        store.use_reset(id, [9; 32], "newer", &letter(), &changed).await.expect("use");
        let replayed = store.use_reset(id, [9; 32], "newest", &letter(), &changed).await;
        assert!(matches!(replayed, Err(StoreError::NotFound)), "{replayed:?}");
        assert_eq!(store.password_hash(id).await.expect("hash"), "newer");
        assert_eq!(store.sessions_of(id, at(4)).await.expect("sessions"), []);
        assert_eq!(acts(store, AuditKind::PasswordChanged).await, 2);
        store.insert_reset(id, [6; 32], at(100), &letter(), &asked).await.expect("reset");
        assert_eq!(store.purge_resets(at(100)).await.expect("purge"), 1);
    }

    async fn a_code_and_a_recovery_code_work_once(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let id = desk.editor.id;
        let letter = || mail(&bench, &desk.editor.email);
        let added = own(&desk.editor, AuditKind::SecondFactorAdded, at(1));
        let none = store.confirm_one_time_code(id, 5, &[], &letter(), &added).await;
        assert!(matches!(none, Err(StoreError::Conflict)), "{none:?}");
        store.begin_one_time_code(id, b"first").await.expect("begin");
        store.begin_one_time_code(id, b"second").await.expect("begin");
        assert!(!store.use_step(id, 9).await.expect("use"), "an unconfirmed device proves nothing");
        store.insert_session(&session(&desk, 1, 0), None, &added).await.expect("session");
        let signed = store.session(&[1; 32], at(1)).await.expect("read").expect("live");
        assert!(!signed.second_factor);

        store.confirm_one_time_code(id, 5, &[[1; 32], [2; 32]], &letter(), &added).await.expect("confirm");
        let code = store.one_time_code(id).await.expect("read").expect("code");
        assert_eq!((code.secret.as_slice(), code.confirmed_at, code.last_step), (&b"first"[..], Some(at(1)), 5));
        let signed = store.session(&[1; 32], at(1)).await.expect("read").expect("live");
        assert!(signed.second_factor);
        let twice = store.confirm_one_time_code(id, 6, &[], &letter(), &added).await;
        assert!(matches!(twice, Err(StoreError::Conflict)), "{twice:?}");

        for (step, right) in [(5, false), (6, true), (6, false), (4, false), (7, true)] {
            assert_eq!(store.use_step(id, step).await.expect("use"), right, "{step}");
        }
        let used = own(&desk.editor, AuditKind::RecoveryCodeUsed, at(2));
        assert!(!store.use_recovery_code(desk.reviewer.id, [1; 32], &letter(), &used).await.expect("use"));
        assert!(store.use_recovery_code(id, [1; 32], &letter(), &used).await.expect("use"));
        assert!(!store.use_recovery_code(id, [1; 32], &letter(), &used).await.expect("use"));
        assert_eq!(store.recovery_codes_left(id).await.expect("left"), 1);
        assert_eq!(acts(store, AuditKind::RecoveryCodeUsed).await, 1);
        let renewed = own(&desk.editor, AuditKind::RecoveryCodesRenewed, at(3));
        let told = waiting(store).await.0;
        store.renew_recovery_codes(id, &[[3; 32], [4; 32], [5; 32]], &letter(), &renewed).await.expect("renew");
        assert_eq!(waiting(store).await.0, told + 1, "its member is told");
        assert_eq!(store.recovery_codes_left(id).await.expect("left"), 3);
        assert!(!store.use_recovery_code(id, [2; 32], &letter(), &used).await.expect("use"));

        let removed = own(&desk.editor, AuditKind::SecondFactorRemoved, at(4));
        store.remove_one_time_code(id, LastFactor::MayGo, &letter(), &removed).await.expect("remove");
        assert_eq!(store.one_time_code(id).await.expect("read"), None);
        assert_eq!(store.recovery_codes_left(id).await.expect("left"), 0);
        let again = store.remove_one_time_code(id, LastFactor::MayGo, &letter(), &removed).await;
        assert!(matches!(again, Err(StoreError::NotFound)), "{again:?}");
    }

    async fn a_new_device_is_told_of_but_not_the_first(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let signed_in = own(&desk.editor, AuditKind::SignedIn, at(0));
        let device = |byte: u8| Device { digest: [byte; 32], notice: mail(&bench, &desk.editor.email) };
        for (byte, on, mails) in [(1, 100, 0), (2, 100, 0), (3, 101, 1), (4, 101, 1), (5, 102, 2)] {
            store.insert_session(&session(&desk, byte, i64::from(byte)), Some(&device(on)), &signed_in).await.expect("session");
            assert_eq!(waiting(store).await.0, mails, "session {byte}");
        }
        let sessions = store.sessions_of(desk.editor.id, at(9)).await.expect("sessions");
        let news: Vec<(u8, bool)> = sessions.iter().map(|row| (row.digest[0], row.new_device)).collect();
        assert_eq!(news, [(5, true), (4, false), (3, true), (2, false), (1, false)]);
        store.purge_sessions(at(0), at(4)).await.expect("purge");
        store.insert_session(&session(&desk, 6, 6), Some(&device(100)), &signed_in).await.expect("session");
        assert_eq!(waiting(store).await.0, 3, "a device unseen for long is new again");
    }

    async fn sessions_end_one_by_one_and_all_with_the_account(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let signed_in = own(&desk.editor, AuditKind::SignedIn, at(0));
        for byte in 1..=4 {
            store.insert_session(&session(&desk, byte, 0), None, &signed_in).await.expect("session");
        }
        let ended = own(&desk.editor, AuditKind::SessionsEnded, at(1));
        let foreign = store.end_session_of(desk.reviewer.id, [1; 32], &ended).await;
        assert!(matches!(foreign, Err(StoreError::NotFound)), "{foreign:?}");
        store.end_session_of(desk.editor.id, [1; 32], &ended).await.expect("end");
        assert_eq!(store.end_sessions_of(desk.editor.id, Some([3; 32]), &ended).await.expect("end"), 2);
        assert_eq!(store.sessions_of(desk.editor.id, at(2)).await.expect("sessions").len(), 1);

        let closed = own(&desk.editor, AuditKind::MemberClosed, at(2));
        store.set_active(desk.editor.id, false, &closed).await.expect("close");
        assert!(!store.member(desk.editor.id).await.expect("member").active);
        assert_eq!(store.session(&[3; 32], at(3)).await.expect("read"), None);
        assert_eq!(store.sessions_of(desk.editor.id, at(3)).await.expect("sessions"), []);
        let twice = store.set_active(desk.editor.id, false, &closed).await;
        assert!(matches!(twice, Err(StoreError::NotFound)), "{twice:?}");
        let refused = store.set_password(desk.editor.id, "x", [0; 32], &mail(&bench, "a@b.example"), &closed).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
        let reopened = own(&desk.editor, AuditKind::MemberReopened, at(3));
        store.set_active(desk.editor.id, true, &reopened).await.expect("reopen");
        assert_eq!(store.session(&[3; 32], at(3)).await.expect("read"), None, "no session comes back");

        let changed = own(&desk.editor, AuditKind::RoleChanged, at(4));
        store.set_role(desk.editor.id, Role::Reader, &changed).await.expect("role");
        assert_eq!(store.member(desk.editor.id).await.expect("member").role, Role::Reader);
        let same = store.set_role(desk.editor.id, Role::Reader, &changed).await;
        assert!(matches!(same, Err(StoreError::NotFound)), "{same:?}");
    }

    async fn a_provider_opens_one_account_and_a_step_is_remembered_once(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let (issuer, id) = ("https://masuk.example", desk.editor.id);
        let linked = own(&desk.editor, AuditKind::ProviderLinked, at(1));
        store.link_provider(issuer, "s-1", id, &linked).await.expect("link");
        assert_eq!(store.linked_member(issuer, "s-1").await.expect("read"), Some(desk.editor.clone()));
        assert_eq!(store.linked_member("https://lain.example", "s-1").await.expect("read"), None);
        assert_eq!(store.linked_since(id, issuer).await.expect("read"), Some(at(1)));
        for (subject, member) in [("s-1", desk.reviewer.id), ("s-2", id)] {
            let taken = store.link_provider(issuer, subject, member, &linked).await;
            assert!(matches!(taken, Err(StoreError::Conflict)), "{taken:?}");
        }
        bench.raw("UPDATE member SET active = 0").await.expect("raw");
        assert_eq!(store.linked_member(issuer, "s-1").await.expect("read"), None, "the account is closed");
        let cut = own(&desk.editor, AuditKind::ProviderUnlinked, at(2));
        store.unlink_provider(id, issuer, &cut).await.expect("unlink");
        let twice = store.unlink_provider(id, issuer, &cut).await;
        assert!(matches!(twice, Err(StoreError::NotFound)), "{twice:?}");

        store.remember_ceremony([1; 32], "nonce", at(0), at(10)).await.expect("remember");
        store.remember_ceremony([2; 32], "late", at(0), at(5)).await.expect("remember");
        assert_eq!(store.recall_ceremony(&[2; 32], at(5)).await.expect("recall"), None, "it has run out");
        assert_eq!(store.recall_ceremony(&[1; 32], at(5)).await.expect("recall"), Some("nonce".to_owned()));
        assert_eq!(store.recall_ceremony(&[1; 32], at(5)).await.expect("recall"), None, "once");
    }

    async fn of_too_many_sign_ins_on_their_way_the_one_that_ends_first_makes_room(bench) {
        let store = &bench.store;
        let digest = if bench.is_sqlite() { "randomblob(32)" } else { "sha256(n::text::bytea)" };
        let others = limits::CEREMONIES_MAX - 2;
        let fill = format!(
            "INSERT INTO ceremony (digest, content, expires_at) \
             WITH RECURSIVE others (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM others WHERE n < {others}) \
             SELECT {digest}, 'another', 50 FROM others"
        );
        bench.raw(&fill).await.expect("raw");
        let remember = async |byte: u8, ends: i64| {
            store.remember_ceremony([byte; 32], "nonce", Timestamp(1), Timestamp(ends)).await.expect("remember");
        };
        let recall = async |byte: u8| store.recall_ceremony(&[byte; 32], Timestamp(1)).await.expect("recall").is_some();
        for (byte, ends) in [(1, 99), (2, 40), (3, 60), (4, 70)] {
            remember(byte, ends).await;
        }
        assert!(!recall(2).await, "it would have ended first");
        for byte in [1, 3, 4] {
            assert!(recall(byte).await, "{byte}");
        }
    }

    async fn a_key_belongs_to_an_organisation_and_shows_its_last_use(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let key = |byte: u8, organisation: Option<OrganisationId>| KeyRow {
            id: KeyId(Uuid::from_u128(u128::from(byte))),
            name: "pengumpul".to_owned(),
            digest: [byte; 32],
            scopes: "posts:write".to_owned(),
            posts_per_second: 1,
            posts_per_day: 1,
            created_at: at(i64::from(byte)),
            revoked_at: None,
            organisation,
            expires_at: organisation.map(|_| at(99)),
            last_used_at: None,
        };
        let added = own(&desk.editor, AuditKind::KeyAdded, at(0));
        let mine = key(1, Some(desk.organisation.id));
        store.insert_key(&mine, &added).await.expect("insert");
        store.insert_key(&key(2, None), &AuditEvent { actor: Actor::Machine, ..added }).await.expect("insert");
        assert_eq!(store.keys_of(desk.organisation.id, Page::first(9)).await.expect("keys"), std::slice::from_ref(&mine));
        assert_eq!(store.keys(Page::first(9)).await.expect("keys").len(), 2);
        store.keys_used(&[(mine.id, at(5))]).await.expect("used");
        store.keys_used(&[(mine.id, at(4))]).await.expect("a clock that steps back");
        let read = store.key(mine.id).await.expect("key");
        assert_eq!(read, KeyRow { last_used_at: Some(at(5)), ..mine.clone() });
        let soon = store.keys_running_out(at(10), at(99)).await.expect("keys");
        assert_eq!(soon.iter().map(|key| key.id).collect::<Vec<_>>(), [mine.id], "a key without an end runs out never");
        assert!(store.keys_running_out(at(99), at(200)).await.expect("keys").is_empty(), "it has run out");
        assert!(store.keys_running_out(at(10), at(98)).await.expect("keys").is_empty(), "not yet");
        let told = own(&desk.editor, AuditKind::KeyEndAnnounced, at(11));
        let mail = Mail { id: bench.id(), recipient: "a@b.example".into(), subject: "s".into(), body: "b".into() };
        assert!(store.announce_key_end(mine.id, 7, std::slice::from_ref(&mail), &told).await.expect("announced"));
        assert!(!store.announce_key_end(mine.id, 7, &[mail], &told).await.expect("announced"), "once");
        assert!(store.key_was_announced(mine.id, 7).await.expect("read"));
        assert_eq!((waiting(store).await.0, acts(store, AuditKind::KeyEndAnnounced).await), (1, 1));
        let none = store.key(KeyId(Uuid::from_u128(77))).await;
        assert!(matches!(none, Err(StoreError::NotFound)), "{none:?}");
    }

    async fn every_key_that_runs_out_is_found_however_many_there_are(bench) {
        let (desk, other) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let store = &bench.store;
        let many = i64::from(limits::PAGE_ROWS_MAX) + 1;
        for place in 0..many {
            let owner = if place == many - 1 { &other } else { &desk };
            let mut digest = [0; 32];
            digest[..8].copy_from_slice(&place.to_be_bytes());
            let key = KeyRow {
                id: KeyId(bench.id()),
                name: "pengumpul".to_owned(),
                digest,
                scopes: "posts:write".to_owned(),
                posts_per_second: 1,
                posts_per_day: 1,
                created_at: at(0),
                revoked_at: None,
                organisation: Some(owner.organisation.id),
                expires_at: Some(at(1_000 + place)),
                last_used_at: None,
            };
            store.insert_key(&key, &own(&desk.editor, AuditKind::KeyAdded, at(0))).await.expect("insert");
        }
        let soon = store.keys_running_out(at(10), at(2_000)).await.expect("keys");
        assert_eq!(soon.len(), usize::try_from(many).expect("number"));
        assert!(soon.is_sorted_by_key(|key| key.expires_at), "the soonest first");
        let of = async |desk: &Newsroom| store.keys_running_out_of(desk.organisation.id, at(10), at(2_000)).await.expect("keys");
        assert_eq!(of(&other).await, soon[soon.len() - 1..]);
        assert_eq!(of(&desk).await, soon[..soon.len() - 1]);
    }
}
