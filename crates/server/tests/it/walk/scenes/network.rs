//! The directory: entries of the house's own newsroom, of an association and of a chapter.

use domain::audit::AuditKind;
use domain::directory::{Affiliation, ChapterRegion, DatedFact, FactKind, Pledge};
use domain::organisation::{Organisation, OrganisationKind};
use domain::region::RegionCode;
use domain::term::Term;
use domain::{DatedFactId, OrganisationId};
use server::clock;

use super::{House, Scene};
use crate::harness::event;

const JAMBI: &str = "15";
const LINES: &str = "nama,jenis\nWarta Muara,newsroom\n";

impl House {
    pub(super) async fn network_scene(&self, path: &str) -> Option<Scene> {
        let at = |id: OrganisationId, rest: &str, fields: &[(&str, &str)]| {
            Some(Scene::form(
                format!("/network/organisations/{id}{rest}"),
                fields,
            ))
        };
        match path {
            "/network/import" | "/network/import/store" => {
                Some(Scene::form(path, &[("berkas", LINES)]))
            }
            "/network/organisations" => {
                let fields = [("name", "Warta Hilir"), ("kind", "newsroom")];
                Some(Scene::form(path, &fields))
            }
            "/network/organisations/{id}" => {
                let seen = self.app().store.entry(self.own).await.expect("an entry");
                let version = seen.version.to_string();
                let fields = [
                    ("version", version.as_str()),
                    ("name", "Redaksi Sendiri"),
                    ("kind", "newsroom"),
                    ("since_year", "2001"),
                ];
                at(self.own, "", &fields)
            }
            "/network/organisations/{id}/facts" => {
                let fields = [("kind", "office"), ("title", "Ketua"), ("text", "Pengurus")];
                at(self.own, "/facts", &fields)
            }
            "/network/facts/{id}/end" => {
                let id = self.fact().await;
                Some(Scene::form(format!("/network/facts/{id}/end"), &[]))
            }
            "/network/organisations/{id}/leave" => {
                let id = self.body(OrganisationKind::Newsroom, true).await;
                at(id, "/leave", &[])
            }
            "/network/organisations/{id}/return" => {
                let id = self.body(OrganisationKind::Newsroom, false).await;
                at(id, "/return", &[])
            }
            "/network/organisations/{id}/pledge" => {
                let id = self.pledging(false).await;
                at(id, "/pledge", &[("source", "surat")])
            }
            "/network/organisations/{id}/pledge/withdraw" => {
                let id = self.pledging(true).await;
                at(id, "/pledge/withdraw", &[])
            }
            _ => self.association_scene(path).await,
        }
    }

    /// What an association keeps of its media, and a chapter of its regions.
    async fn association_scene(&self, path: &str) -> Option<Scene> {
        let at = |id: OrganisationId, rest: &str, fields: &[(&str, &str)]| {
            let address = format!("/network/organisations/{id}{rest}");
            Some(Scene::form(address, fields))
        };
        match path {
            "/network/organisations/{id}/media" => {
                let id = self.body(OrganisationKind::MediaAssociation, true).await;
                let fields = [("organisation", self.own.to_string())];
                at(id, "/media", &[(fields[0].0, &fields[0].1)])
            }
            "/network/organisations/{id}/media/{media}/end" => {
                let id = self.association_with(self.own).await;
                at(id, &format!("/media/{}/end", self.own), &[])
            }
            "/network/organisations/{id}/coverage" => {
                let id = self.body(OrganisationKind::MediaAssociation, true).await;
                let fields = [("region", JAMBI), ("count", "8"), ("source", "berita")];
                at(id, "/coverage", &fields)
            }
            "/network/organisations/{id}/regions" => {
                let id = self.body(OrganisationKind::AssociationChapter, true).await;
                at(id, "/regions", &[("region", JAMBI), ("source", "berita")])
            }
            "/network/organisations/{id}/regions/{code}/end" => {
                let id = self.chapter_covering().await;
                at(id, &format!("/regions/{JAMBI}/end"), &[])
            }
            _ => None,
        }
    }

    /// One more organisation.
    async fn body(&self, kind: OrganisationKind, active: bool) -> OrganisationId {
        let organisation = Organisation {
            id: OrganisationId(clock::fresh_id()),
            kind,
            name: format!("Lembaga {}", clock::fresh_id()),
            region: None,
            homepage: None,
            parent: None,
            active,
        };
        let act = event(AuditKind::OrganisationAdded);
        let kept = self.app().store.insert_organisation(&organisation, &act);
        kept.await.expect("organisation");
        organisation.id
    }

    /// The newsroom itself, whose pledge holds or does not.
    async fn pledging(&self, signed: bool) -> OrganisationId {
        let store = &self.app().store;
        let today = server::access::agreed_access::today(clock::now());
        let pledges = store.pledges(self.own).await.expect("pledges");
        let holds = pledges.iter().any(|pledge| pledge.withdrawn_on.is_none());
        if holds && !signed {
            let act = event(AuditKind::PledgeWithdrawn);
            let withdrawn = store.withdraw_pledge(self.own, today, &act);
            withdrawn.await.expect("withdrawn");
        } else if signed && !holds {
            let pledge = Pledge {
                organisation: self.own,
                signed_on: today,
                withdrawn_on: None,
                source: "surat".into(),
            };
            let act = event(AuditKind::PledgeSigned);
            let kept = store.sign_pledge(&pledge, &act);
            kept.await.expect("signed");
        }
        self.own
    }

    async fn fact(&self) -> DatedFactId {
        let fact = DatedFact {
            id: DatedFactId(clock::fresh_id()),
            organisation: self.own,
            kind: FactKind::Office,
            title: "Ketua".into(),
            text: "Pengurus".into(),
            source: String::new(),
            term: Term::default(),
        };
        let act = event(AuditKind::DatedFactAdded);
        let kept = self.app().store.insert_dated_fact(&fact, &act);
        kept.await.expect("fact");
        fact.id
    }

    async fn association_with(&self, media: OrganisationId) -> OrganisationId {
        let association = self.body(OrganisationKind::MediaAssociation, true).await;
        let affiliation = Affiliation {
            association,
            media,
            term: Term::default(),
            source: String::new(),
        };
        let act = event(AuditKind::AffiliationBegun);
        let kept = self.app().store.begin_affiliation(&affiliation, &act);
        kept.await.expect("membership");
        association
    }

    async fn chapter_covering(&self) -> OrganisationId {
        let chapter = self.body(OrganisationKind::AssociationChapter, true).await;
        let covers = ChapterRegion {
            chapter,
            region: RegionCode::parse(JAMBI).expect("code"),
            term: Term::default(),
            source: String::new(),
        };
        let act = event(AuditKind::ChapterRegionAdded);
        let kept = self.app().store.add_chapter_region(&covers, &act);
        kept.await.expect("region");
        chapter
    }
}
