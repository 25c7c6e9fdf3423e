//! Agreements between the newsroom, the commission and a third party, each in its place.

use domain::AgreementId;
use domain::agreement::Agreement;
use domain::audit::AuditKind;
use server::access::agreed_access::today;
use server::clock;

use super::{House, Scene};
use crate::harness::event;
use crate::walk::agreements::{agreed, in_force, proposal};
use crate::walk::records::{held, promise};

impl House {
    pub(super) async fn agreement_scene(&self, path: &str) -> Option<Scene> {
        let verb = path.strip_prefix("/network/agreements/{id}/")?;
        match verb {
            "discuss" | "agree" | "terms" | "sign" | "withdraw" | "documents" => {
                self.unsigned_scene(path, verb).await
            }
            _ => self.signed_scene(path, verb).await,
        }
    }

    /// Before it is in force.
    async fn unsigned_scene(&self, path: &str, verb: &str) -> Option<Scene> {
        let parties = [self.own, self.partner];
        let today = today(clock::now()).to_string();
        let at = |id: AgreementId, fields: &[(&str, &str)]| {
            Some(Scene::form(path.replace("{id}", &id.to_string()), fields))
        };
        match verb {
            "discuss" => at(self.kept(proposal(parties)).await, &[]),
            "agree" => {
                // Behind those that hold: two of the same parties may not hold at once.
                let mut proposal = proposal(parties);
                let later = proposal.terms.starts.plus_days(2_000);
                proposal.terms.starts = later.expect("a day");
                at(self.kept(proposal).await, &[])
            }
            "terms" => {
                let proposal = proposal(parties).discuss().expect("discussed");
                let version = proposal.version.to_string();
                let fields = [
                    ("version", version.as_str()),
                    ("jenis", "mou"),
                    ("judul", "Judul yang diubah"),
                    ("mulai", &today),
                    ("tahun", "2"),
                    ("pihak", "Redaksi Sendiri\nKPU Mitra"),
                    ("c0.buka", "figures.see"),
                ];
                at(self.kept(proposal).await, &fields)
            }
            "sign" => {
                let agreed = agreed(proposal(parties));
                let version = agreed.version.to_string();
                at(self.kept(agreed).await, &[("version", &version)])
            }
            "withdraw" => at(
                self.kept(agreed(proposal(parties))).await,
                &[("alasan", "cukup")],
            ),
            "documents" => {
                let id = self.kept(proposal(parties)).await;
                Some(Scene {
                    body: format!("%PDF-1.7 {id}").into_bytes(),
                    content_type: "application/pdf",
                    ..Scene::form(
                        format!("/network/agreements/{id}/documents?nama=naskah.pdf"),
                        &[],
                    )
                })
            }
            _ => None,
        }
    }

    /// While it holds.
    async fn signed_scene(&self, path: &str, verb: &str) -> Option<Scene> {
        let today = today(clock::now()).to_string();
        let at = |id: AgreementId, fields: &[(&str, &str)]| {
            Some(Scene::form(path.replace("{id}", &id.to_string()), fields))
        };
        match verb {
            "leave" => {
                let id = self.in_force(true).await.id;
                at(id, &[("tanggal", &today)])
            }
            "revoke" => at(self.in_force(false).await.id, &[("alasan", "cukup")]),
            "keep" => {
                let ending = self.in_force(false).await;
                let ending = ending.revoke(self.writer, "cukup", clock::now());
                let ending = ending.expect("a wish to revoke it");
                let act = event(AuditKind::RevocationWished);
                let changed = [(&ending, act)];
                let kept = self.app().store.update_agreements(&changed);
                kept.await.expect("kept");
                at(ending.id, &[])
            }
            "renew" => at(self.in_force(false).await.id, &[]),
            "events" => {
                let fields = [
                    ("jenis", "training"),
                    ("tanggal", &today),
                    ("pokok", "cek fakta"),
                ];
                at(self.in_force(false).await.id, &fields)
            }
            "obligations" => {
                let own = self.own.to_string();
                let fields = [
                    ("pihak", own.as_str()),
                    ("isi", "Menerbitkan cek fakta"),
                    ("tenggat", &today),
                    ("ukuran", "by_hand"),
                ];
                at(self.in_force(false).await.id, &fields)
            }
            "obligations/{obligation}/done" => {
                let agreement = self.in_force(false).await.id;
                let obligation = promise(self.app(), agreement, self.own).await;
                let address =
                    format!("/network/agreements/{agreement}/obligations/{obligation}/done");
                Some(Scene::form(address, &[]))
            }
            "events/{event}/minutes" => {
                let agreement = self.in_force(false).await.id;
                let held = held(self.app(), agreement, self.own, self.writer).await;
                let address = format!(
                    "/network/agreements/{agreement}/events/{held}/minutes?nama=notulen.pdf"
                );
                Some(Scene {
                    body: format!("%PDF-1.7 {held}").into_bytes(),
                    content_type: "application/pdf",
                    ..Scene::form(address, &[])
                })
            }
            _ => None,
        }
    }

    async fn kept(&self, agreement: Agreement) -> AgreementId {
        let act = event(AuditKind::AgreementProposed);
        let kept = self.app().store.insert_agreement(&agreement, &act);
        kept.await.expect("agreement");
        agreement.id
    }

    /// One that holds; with a third party where somebody shall leave.
    async fn in_force(&self, three: bool) -> Agreement {
        let mut proposal = proposal([self.own, self.partner]);
        if three {
            let mut third = proposal.terms.parties[1].clone();
            third.organisation = self.stranger;
            proposal.terms.parties.push(third);
        }
        in_force(self.app(), proposal, self.writer).await
    }
}
