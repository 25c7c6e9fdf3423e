//! What administrators and auditors change.

use domain::audit::AuditKind;
use domain::claim_match::Decision;
use domain::member::Role;
use domain::thresholds::{ChangeState, ThresholdChange, Thresholds};
use domain::{KeyId, LabelId, ThresholdChangeId, Timestamp};
use ledger::{KeyKind, SigningKey};
use server::clock;
use server::commands::witness::registered;
use store::{KeyRow, Labelling};

use super::{House, Scene};
use crate::harness::event;

impl House {
    pub(super) async fn admin_scene(&self, path: &str) -> Option<Scene> {
        match path {
            "/admin/invitations/{id}/withdraw" => {
                let (_, id) = self.invitation().await;
                Some(Scene::form(
                    format!("/admin/invitations/{id}/withdraw"),
                    &[],
                ))
            }
            "/admin/members/{id}/close" | "/admin/members/{id}/sessions/end" => {
                let id = self.person_of(self.own, Role::Editor).await;
                Some(Scene::form(path.replace("{id}", &id.to_string()), &[]))
            }
            "/admin/members/{id}/reopen" => {
                let id = self.person_of(self.own, Role::Editor).await;
                let act = event(AuditKind::MemberClosed);
                let closed = self.app().store.set_active(id, false, &act);
                closed.await.expect("closed");
                Some(Scene::form(format!("/admin/members/{id}/reopen"), &[]))
            }
            "/admin/keys/{id}/revoke" => {
                let id = self.key().await;
                Some(Scene::form(format!("/admin/keys/{id}/revoke"), &[]))
            }
            "/admin/learning/gold" => {
                self.label().await;
                let now = server::access::agreed_access::today(clock::now()).to_string();
                Some(Scene::form(path, &[("bulan", &now[..7])]))
            }
            "/admin/thresholds" => {
                self.no_change_waits().await;
                Some(Scene::form(path, &[("cocok", "0,9"), ("mirip", "0,5")]))
            }
            "/admin/thresholds/{id}/apply" | "/admin/thresholds/{id}/withdraw" => {
                let id = self.change().await;
                Some(Scene::form(path.replace("{id}", &id.to_string()), &[]))
            }
            "/admin/witnesses" => {
                let vkey = witness("baru").verifying_key().to_string();
                Some(Scene::form(path, &[("name", "Warta"), ("vkey", &vkey)]))
            }
            "/admin/witnesses/{id}/remove" => {
                let id = self.registered(&witness("lama")).await;
                Some(Scene::form(format!("/admin/witnesses/{id}/remove"), &[]))
            }
            "/api/v1/ledger/cosignatures" => Some(self.cosignature().await),
            _ => None,
        }
    }

    async fn key(&self) -> KeyId {
        let id = KeyId(clock::fresh_id());
        let key = KeyRow {
            id,
            name: "pengumpul".into(),
            digest: *blake3::hash(id.0.as_bytes()).as_bytes(),
            scopes: "posts:write".into(),
            posts_per_second: 10,
            posts_per_day: 1_000,
            created_at: clock::now(),
            revoked_at: None,
            organisation: Some(self.own),
            expires_at: None,
            last_used_at: None,
        };
        let act = event(AuditKind::KeyAdded);
        let kept = self.app().store.insert_key(&key, &act);
        kept.await.expect("key");
        id
    }

    /// A confirmed match of this month.
    async fn label(&self) {
        let cluster = self.rumour().await;
        let mut act = event(AuditKind::MatchConfirmed);
        act.actor = domain::audit::Actor::Member(self.writer);
        let labelling = Labelling {
            id: LabelId(clock::fresh_id()),
            model: "uji",
        };
        let store = &self.app().store;
        let decided = store.decide_match(
            cluster,
            self.records.check,
            Decision::Confirm,
            labelling,
            &act,
        );
        decided.await.expect("decided");
    }

    /// Withdraws every change that waits: there is one at a time.
    async fn no_change_waits(&self) {
        let store = &self.app().store;
        let changes = store.threshold_changes(200).await.expect("changes");
        for change in changes {
            if matches!(change.state, ChangeState::Proposed) {
                let withdrawn = change.withdraw(self.writer, clock::now());
                let withdrawn = withdrawn.expect("withdrawn");
                let act = event(AuditKind::ThresholdsWithdrawn);
                let kept = store.decide_threshold_change(&withdrawn, &act);
                kept.await.expect("kept");
            }
        }
    }

    /// A change that somebody else proposed.
    async fn change(&self) -> ThresholdChangeId {
        self.no_change_waits().await;
        let change = ThresholdChange {
            id: ThresholdChangeId(clock::fresh_id()),
            thresholds: Thresholds::new(0.9, 0.5).expect("thresholds"),
            model: server::answers::weights::model_digest().to_owned(),
            proposed_by: self.writer,
            proposed_at: clock::now(),
            state: ChangeState::Proposed,
        };
        let act = event(AuditKind::ThresholdsProposed);
        let kept = self.app().store.insert_threshold_change(&change, &act);
        kept.await.expect("change");
        change.id
    }

    async fn registered(&self, key: &SigningKey) -> domain::WitnessId {
        let row = registered("Warta", &key.verifying_key().to_string()).expect("row");
        let act = event(AuditKind::WitnessAdded);
        let kept = self.app().store.add_witness(&row, &act);
        kept.await.expect("witness");
        row.id
    }

    /// A checkpoint of the ledger as it is, with the cosignature of a registered witness.
    async fn cosignature(&self) -> Scene {
        let key = witness("tanda");
        self.registered(&key).await;
        let app = self.app();
        let head = app.store.ledger_head().await.expect("head");
        let mut note = app.ledger.signed(head).expect("signed");
        let seconds = clock::now().0 / Timestamp::SECOND_US;
        note.add(key.sign(note.text(), u64::try_from(seconds).expect("a time")));
        Scene {
            body: note.to_string().into_bytes(),
            content_type: "text/plain",
            ..Scene::form("/api/v1/ledger/cosignatures", &[])
        }
    }
}

fn witness(name: &str) -> SigningKey {
    let seed = *blake3::hash(clock::fresh_id().as_bytes()).as_bytes();
    SigningKey::from_seed(&format!("{name}.example/saksi"), KeyKind::Witness, seed).expect("key")
}
