//! Members, sessions and service keys.

use domain::audit::{Actor, AuditKind};
use domain::member::{Role, Zone};
use domain::proof::Proof;
use domain::{KeyId, MemberId};
use store::{KeyRow, Page, SessionRow, StoreError};
use uuid::Uuid;

use crate::engine::each_engine;
use crate::network::{at, by, event, member, newsroom};

each_engine! {
    async fn members_are_found_and_an_address_is_taken_once(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let (found, hash) = store.member_by_email(&desk.editor.email).await.expect("read").expect("member");
        assert_eq!((found, hash.as_str()), (desk.editor.clone(), "$argon2id$…"));
        assert_eq!(store.member_by_email("nobody@example.id").await.expect("read"), None);
        assert_eq!(store.organisation(desk.organisation.id).await.expect("read"), desk.organisation);
        assert_eq!(store.organisations().await.expect("read"), std::slice::from_ref(&desk.organisation));

        let mut twin = member(&bench, desk.organisation.id, "Kembaran", Role::Editor);
        twin.email.clone_from(&desk.editor.email);
        let added = event(AuditKind::MemberAdded, Actor::Machine, twin.id.0);
        let before = store.audit_page(None, 50).await.expect("audit").len();
        let taken = store.insert_member(&twin, "x", &added).await.expect_err("inserted");
        assert!(matches!(taken, StoreError::Conflict), "{taken:?}");
        assert_eq!(store.audit_page(None, 50).await.expect("audit").len(), before, "a refused act was recorded");

        let list = store.members(Page::first(1)).await.expect("members");
        assert_eq!(list, [(desk.reviewer.clone(), "Warta Satu".to_owned())]);
        let rest = store.members(Page { limit: 10, offset: 1 }).await.expect("members");
        assert_eq!(rest, [(desk.editor.clone(), "Warta Satu".to_owned())]);
    }

    async fn a_zone_is_set_and_strangers_are_not_found(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        bench.store.set_zone(desk.editor.id, Zone::Wit).await.expect("set");
        assert_eq!(bench.store.member(desk.editor.id).await.expect("read").zone, Zone::Wit);
        let stranger = MemberId(Uuid::nil());
        assert!(matches!(bench.store.set_zone(stranger, Zone::Wib).await, Err(StoreError::NotFound)));
        assert!(matches!(bench.store.member(stranger).await, Err(StoreError::NotFound)));
        let homeless = member(&bench, domain::OrganisationId(Uuid::nil()), "Tanpa", Role::Editor);
        let added = event(AuditKind::MemberAdded, Actor::Machine, homeless.id.0);
        let refused = bench.store.insert_member(&homeless, "x", &added).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    }

    async fn mail_goes_to_open_accounts_of_bodies_that_take_part(bench) {
        let (desk, other) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let store = &bench.store;
        store.set_language(desk.editor.id, "en").await.expect("set");
        assert_eq!(store.language_of(desk.editor.id).await.expect("read"), "en");
        let stranger = store.language_of(MemberId(Uuid::nil())).await;
        assert!(matches!(stranger, Err(StoreError::NotFound)), "{stranger:?}");
        let asked = async |roles: &[Role]| {
            let ids = [desk.organisation.id, other.organisation.id];
            let found = store.recipients(&ids, roles).await.expect("recipients");
            found.into_iter().map(|one| (one.member.id, one.language)).collect::<Vec<_>>()
        };
        let mut found = asked(&[Role::Editor]).await;
        found.sort_unstable();
        let mut wanted = vec![(desk.editor.id, "en".to_owned()), (other.editor.id, "id".to_owned())];
        wanted.sort_unstable();
        assert_eq!(found, wanted);
        assert_eq!(asked(&[Role::Editor, Role::Reviewer]).await.len(), 4);
        assert!(asked(&[]).await.is_empty() && asked(&[Role::Coordinator]).await.is_empty());
        let act = event(AuditKind::OrganisationDeactivated, Actor::Machine, other.organisation.id.0);
        store.set_organisation_active(other.organisation.id, false, &act).await.expect("left");
        let act = event(AuditKind::MemberClosed, Actor::Machine, desk.reviewer.id.0);
        store.set_active(desk.reviewer.id, false, &act).await.expect("closed");
        assert_eq!(asked(&[Role::Editor, Role::Reviewer]).await, [(desk.editor.id, "en".to_owned())]);
    }

    async fn mail_for_the_operator_goes_to_its_administrators(bench) {
        let (desk, house) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Pengelola").await);
        let store = &bench.store;
        let mut wanted = Vec::new();
        for (body, role) in [(&desk, Role::Administrator), (&house, Role::Administrator), (&house, Role::Coordinator)] {
            let person = member(&bench, body.organisation.id, "Orang", role);
            let added = event(AuditKind::MemberAdded, Actor::Machine, person.id.0);
            store.insert_member(&person, "x", &added).await.expect("insert");
            if body.organisation.id == house.organisation.id && role == Role::Administrator {
                wanted.push(person.id);
            }
        }
        assert!(store.operators().await.expect("operators").is_empty(), "there is no operator yet");
        bench.raw("UPDATE organisation SET kind = 'operator' WHERE name = 'Pengelola'").await.expect("raw");
        let found = async || {
            let found = store.operators().await.expect("operators");
            found.into_iter().map(|one| one.member.id).collect::<Vec<_>>()
        };
        assert_eq!(found().await, wanted);
        let act = event(AuditKind::MemberClosed, Actor::Machine, wanted[0].0);
        store.set_active(wanted[0], false, &act).await.expect("closed");
        assert!(found().await.is_empty(), "the account is closed");
    }

    async fn a_session_ends_by_time_by_sign_out_and_with_its_account(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        let session = |byte: u8, ends: i64| SessionRow {
            digest: [byte; 32],
            member: desk.editor.id,
            created_at: at(0),
            expires_at: at(ends),
            last_seen_at: at(0),
            proof: Proof::Password,
            device: "Chrome · Android".to_owned(),
            network: "203.0.113.0/24".to_owned(),
            new_device: false,
        };
        let signed_in = by(&desk.editor, AuditKind::SignedIn, desk.editor.id.0);
        for (byte, ends) in [(1, 100), (2, 200), (3, 300)] {
            store.insert_session(&session(byte, ends), None, &signed_in).await.expect("insert");
        }
        let signed = store.session(&[1; 32], at(99)).await.expect("read").expect("live");
        assert_eq!((signed.member, signed.organisation), (desk.editor.clone(), desk.organisation.clone()));
        assert_eq!(signed.session, session(1, 100));
        assert_eq!(store.session(&[1; 32], at(100)).await.expect("read"), None, "it has expired");
        assert_eq!(store.session(&[9; 32], at(0)).await.expect("read"), None);

        store.touch_session(&[2; 32], at(50)).await.expect("touch");
        store.touch_session(&[2; 32], at(40)).await.expect("a clock that steps back");
        let touched = store.session(&[2; 32], at(60)).await.expect("read").expect("live");
        assert_eq!(touched.session.last_seen_at, at(50));

        assert_eq!(store.purge_sessions(at(100), at(0)).await.expect("purge"), 1);
        let signed_out = by(&desk.editor, AuditKind::SignedOut, desk.editor.id.0);
        store.delete_session(&[2; 32], &signed_out).await.expect("delete");
        store.delete_session(&[2; 32], &signed_out).await.expect("a second time");
        assert_eq!(store.session(&[2; 32], at(60)).await.expect("read"), None);
        let outs = store.audit_page(None, 50).await.expect("audit");
        assert_eq!(outs.iter().filter(|row| row.event.kind == AuditKind::SignedOut).count(), 1);

        bench.raw("UPDATE member SET active = 0").await.expect("raw");
        assert_eq!(store.session(&[3; 32], at(60)).await.expect("read"), None, "the account is closed");
        assert_eq!(store.end_sessions_of(desk.editor.id, None, &signed_out).await.expect("delete"), 1);
    }

    async fn keys_work_until_revoked_and_their_use_adds_up(bench) {
        let store = &bench.store;
        let key = |byte: u8| KeyRow {
            id: KeyId(Uuid::from_u128(u128::from(byte))),
            name: format!("pengumpul {byte}"),
            digest: [byte; 32],
            scopes: "posts:write".to_owned(),
            posts_per_second: 5_000,
            posts_per_day: 10_000_000,
            created_at: at(i64::from(byte)),
            revoked_at: None,
            organisation: None,
            expires_at: Some(at(1_000)),
            last_used_at: None,
        };
        let added = event(AuditKind::KeyAdded, Actor::Machine, Uuid::nil());
        store.insert_key(&key(1), &added).await.expect("insert");
        store.insert_key(&key(2), &added).await.expect("insert");
        let same_digest = KeyRow { id: KeyId(Uuid::from_u128(9)), ..key(1) };
        assert!(matches!(store.insert_key(&same_digest, &added).await, Err(StoreError::Conflict)));
        assert_eq!(store.keys(Page::first(9)).await.expect("keys"), [key(2), key(1)]);
        let second = Page { limit: 1, offset: 1 };
        assert_eq!(store.keys(second).await.expect("keys"), [key(1)]);

        let revoked = event(AuditKind::KeyRevoked, Actor::Machine, key(1).id.0);
        store.revoke_key(key(1).id, at(9), &revoked).await.expect("revoke");
        let again = store.revoke_key(key(1).id, at(10), &revoked).await;
        assert!(matches!(again, Err(StoreError::NotFound)), "{again:?}");
        assert_eq!(store.active_keys().await.expect("keys"), [key(2)]);
        assert_eq!(store.keys(Page::first(9)).await.expect("keys")[1].revoked_at, Some(at(9)));

        let (one, two) = (key(1).id, key(2).id);
        store.add_key_usage(&[(two, 7, 10), (one, 7, 1), (two, 7, 5), (two, 8, 1)]).await.expect("add");
        store.add_key_usage(&[(two, 7, 100)]).await.expect("add");
        store.add_key_usage(&[]).await.expect("nothing to add");
        assert_eq!(store.key_usage(7).await.expect("usage"), [(one, 1), (two, 115)]);
        assert_eq!(store.key_usage(9).await.expect("usage"), []);
        let unknown = store.add_key_usage(&[(KeyId(Uuid::from_u128(77)), 7, 1)]).await;
        assert!(matches!(unknown, Err(StoreError::NotFound)), "{unknown:?}");
    }
}
