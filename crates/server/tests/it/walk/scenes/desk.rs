//! Cases of the house's own newsroom, each on a rumour of its own.

use domain::audit::AuditKind;
use domain::case::Case;
use domain::fact_check::{Draft, Rating};
use domain::{CaseId, ClusterId, MemberId};
use server::clock;

use super::{House, Scene};
use crate::harness::event;

impl House {
    pub(super) async fn desk_scene(&self, path: &str) -> Option<Scene> {
        let (actor, writer) = (self.actor(), self.writer);
        let now = clock::now();
        let form = |verb: &str, id: CaseId, fields: &[(&str, &str)]| {
            Some(Scene::form(format!("/desk/cases/{id}/{verb}"), fields))
        };
        match path {
            "/desk/cases/{id}/take" => {
                let id = self.case(Ok).await;
                form("take", id, &[])
            }
            "/desk/cases/{id}/draft" => {
                let case = self.case_kept(|case| case.take(actor, now)).await;
                let version = case.version.to_string();
                let fields = [
                    ("version", version.as_str()),
                    ("klaim", "Kotak suara terbuka"),
                ];
                form("draft", case.id, &fields)
            }
            "/desk/cases/{id}/release" => {
                let id = self.case(|case| case.take(actor, now)).await;
                form("release", id, &[])
            }
            "/desk/cases/{id}/submit" => {
                let id = self.case(|case| written(case, actor)).await;
                form("submit", id, &[])
            }
            "/desk/cases/{id}/approve" => {
                let id = self
                    .case(|case| written(case, writer)?.submit(writer, now))
                    .await;
                form("approve", id, &[])
            }
            "/desk/cases/{id}/return" => {
                let id = self
                    .case(|case| written(case, writer)?.submit(writer, now))
                    .await;
                form("return", id, &[("catatan", "Tambahkan bukti lain.")])
            }
            "/desk/cases/{id}/close" => {
                let id = self.case(Ok).await;
                form("close", id, &[("catatan", "Bukan hoaks pemilu.")])
            }
            "/desk/clusters/{id}/matches" => {
                let fields = [("cek_fakta", self.records.check.to_string())];
                let fields = [(fields[0].0, fields[0].1.as_str())];
                let cluster = self.rumour().await;
                Some(Scene::form(
                    format!("/desk/clusters/{cluster}/matches"),
                    &fields,
                ))
            }
            "/desk/clusters/{id}/matches/{fact_check}" => {
                let (cluster, check) = (self.rumour().await, self.records.check);
                let address = format!("/desk/clusters/{cluster}/matches/{check}");
                Some(Scene::form(address, &[("keputusan", "sahkan")]))
            }
            _ => None,
        }
    }

    /// A rumour that nobody has taken.
    pub(super) async fn rumour(&self) -> ClusterId {
        let rumour = crate::desk::rumour();
        let store = &self.app().store;
        let kept = store.upsert_clusters(std::slice::from_ref(&rumour));
        kept.await.expect("cluster");
        rumour.id
    }

    async fn case(&self, verbs: impl FnOnce(Case) -> Verbed) -> CaseId {
        self.case_kept(verbs).await.id
    }

    /// A case of the newsroom's, after these verbs.
    async fn case_kept(&self, verbs: impl FnOnce(Case) -> Verbed) -> Case {
        let case = Case::open(
            CaseId(clock::fresh_id()),
            self.rumour().await,
            self.own,
            "Kotak".into(),
            self.writer,
            clock::now(),
        );
        let case = verbs(case).expect("a case in that place");
        let act = event(AuditKind::CaseOpened);
        let kept = self.app().store.insert_case(&case, &act);
        kept.await.expect("case");
        case
    }
}

type Verbed = Result<Case, domain::case::CaseRefused>;

/// Taken and written to the end.
fn written(case: Case, by: MemberId) -> Verbed {
    let draft = Draft {
        claim: "Kotak suara dibuka sebelum waktunya".into(),
        rating: Some(Rating::False),
        label: String::new(),
        deception: None,
        explanation: "Petugas membuka kotak di depan saksi.".into(),
        evidence: vec!["https://kpu.example/berita-acara".into()],
    };
    case.take(by, clock::now())?.save(draft, by, clock::now())
}
