//! The records of a house, and which of them stands in which place of an address.

use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::case::Case;
use domain::fact_check::Rating;
use domain::obligation::{AgreementEvent, EventKind, Obligation, Tie};
use domain::tip::Tip;
use domain::{
    AgreementId, CaseId, EventId, FactCheckId, MemberId, ObligationId, OrganisationId, TipId,
};
use server::access::agreed_access::today;
use server::app::App;
use server::clock;
use sha2::{Digest as _, Sha256};
use store::{Document, Minutes};

use super::agreements::{in_force, proposal};
use super::residents::passkey;
use crate::harness::{TestServer, event};

/// What the newsroom of the house has.
pub(super) struct Records {
    pub(super) check: FactCheckId,
    /// For the beginning of a route, what stands in its braces, in their order.
    parts: Vec<(&'static str, Vec<String>)>,
}

impl Records {
    /// Keeps one of each kind; the agreement opens the newsroom's cases to the partner.
    pub(super) async fn keep(
        server: &TestServer,
        own: OrganisationId,
        partner: OrganisationId,
        writer: MemberId,
    ) -> Self {
        let app = &server.server.app;
        // One rumour that somebody works on, and one that nobody has taken.
        let (worked_on, free) = (crate::desk::rumour(), crate::desk::rumour());
        let rumours = [worked_on.clone(), free.clone()];
        app.store.upsert_clusters(&rumours).await.expect("clusters");
        let check = server
            .add_check("walk-1", "Kotak suara disegel", Rating::True)
            .await;
        let (id, now) = (CaseId(clock::fresh_id()), clock::now());
        let case = Case::open(id, worked_on.id, own, "Kotak".into(), writer, now);
        let opened = AuditEvent {
            actor: Actor::Member(writer),
            subject: case.id.0,
            ..event(AuditKind::CaseOpened)
        };
        app.store.insert_case(&case, &opened).await.expect("case");
        let trail = app.store.audit_of(case.id.0).await.expect("trail");
        let sequence = trail[0].sequence.to_string();
        keep_tip(app).await;
        let agreement = in_force(app, proposal([own, partner]), writer).await.id;
        app.agreed_access.renew(&app.store).await.expect("opened");
        let document = keep_document(app, agreement, "naskah").await;
        let held = held(app, agreement, own, writer).await;
        let minutes = keep_minutes(app, held).await;
        let passkey = passkey(server, writer).await.to_string();
        app.ledger.renew(&app.store).await.expect("signed");
        let (case, check_id) = (case.id.to_string(), check.to_string());
        let (agreement, held) = (agreement.to_string(), held.to_string());
        let of = |route, parts: &[&String]| (route, parts.iter().copied().cloned().collect());
        let parts = vec![
            of("/desk/clusters", &[&free.id.to_string()]),
            of("/desk/cases", &[&case]),
            of("/desk/partners", &[&case]),
            of("/network/agreements", &[&agreement]),
            of(
                "/network/agreements/{id}/documents/{digest}",
                &[&agreement, &document],
            ),
            of(
                "/network/agreements/{id}/events/{event}/minutes/{digest}",
                &[&agreement, &held, &minutes],
            ),
            of("/kesepakatan", &[&agreement]),
            of("/network/organisations", &[&own.to_string()]),
            of("/cek-fakta", &[&check_id]),
            of("/api/v1/fact-checks", &[&check_id]),
            of("/kiriman", &[&CODE.to_owned()]),
            of("/admin/members", &[&writer.to_string()]),
            of("/admin/audit", &[&sequence]),
            of("/account/passkeys", &[&passkey]),
            of("/lang", &[&"en".to_owned()]),
            of("/zona", &[&"wita".to_owned()]),
        ];
        Self { check, parts }
    }

    /// The path with a record in each place; none where we have none.
    pub(super) fn filled(&self, path: &str) -> Option<String> {
        let known = self.parts.iter().filter(|(of, _)| path.starts_with(of));
        let (_, parts) = known.max_by_key(|(of, _)| of.len())?;
        let mut parts = parts.iter().map(String::as_str);
        let part = |part| match part {
            part if str::starts_with(part, "{") => parts.next().unwrap_or(NOWHERE),
            part => part,
        };
        Some(path.split('/').map(part).collect::<Vec<_>>().join("/"))
    }
}

/// The code of the tip.
const CODE: &str = "K7QM-3XPD";
/// No record has this identity.
pub(super) const NOWHERE: &str = "0190a0a0-0000-7000-8000-000000000000";

async fn keep_tip(app: &App) {
    let tip = Tip {
        id: TipId(clock::fresh_id()),
        code: CODE.into(),
        text: "Benarkah?".into(),
        region: None,
        received_at: clock::now(),
    };
    let received = event(AuditKind::TipReceived);
    app.store.insert_tip(&tip, &received).await.expect("tip");
}

/// A file as it lies under an agreement, and its digest in hexadecimal.
fn pdf(what: &str) -> (Vec<u8>, [u8; 32], String) {
    let bytes = format!("%PDF-1.7 {what}").into_bytes();
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    let text = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    (bytes, digest, text)
}

pub(crate) async fn keep_document(app: &App, agreement: AgreementId, title: &str) -> String {
    let (bytes, digest, text) = pdf(title);
    let document = Document {
        digest,
        agreement,
        name: "naskah.pdf".into(),
        bytes,
    };
    let kept = event(AuditKind::DocumentKept);
    let kept = app.store.keep_document(&document, &kept).await;
    kept.expect("document");
    text
}

pub(crate) async fn keep_minutes(app: &App, held: EventId) -> String {
    let (bytes, digest, text) = pdf("notulen");
    let minutes = Minutes {
        event: held,
        digest,
        name: "notulen.pdf".into(),
        bytes,
    };
    let kept = event(AuditKind::MinutesKept);
    let kept = app.store.keep_minutes(&minutes, None, &kept).await;
    kept.expect("minutes");
    text
}

/// A training that `organisation` held today under an agreement.
pub(crate) async fn held(
    app: &App,
    agreement: AgreementId,
    organisation: OrganisationId,
    by: MemberId,
) -> EventId {
    let held = AgreementEvent {
        id: EventId(clock::fresh_id()),
        agreement,
        kind: EventKind::Training,
        organisation,
        day: today(clock::now()),
        place: "Jakarta".into(),
        subject: "cek fakta".into(),
        attendance: String::new(),
        decision: String::new(),
        minutes: None,
        by,
        at: clock::now(),
    };
    let entered = event(AuditKind::EventEntered);
    let kept = app.store.insert_event(&held, &entered).await;
    kept.expect("event");
    held.id
}

/// A promise of `organisation` that is due today and told by hand.
pub(crate) async fn promise(
    app: &App,
    agreement: AgreementId,
    organisation: OrganisationId,
) -> ObligationId {
    let promise = Obligation {
        id: ObligationId(clock::fresh_id()),
        agreement,
        organisation,
        text: "Menerbitkan cek fakta".into(),
        due: today(clock::now()),
        tie: Tie::ByHand,
        done: None,
    };
    let added = event(AuditKind::ObligationAdded);
    let kept = app.store.insert_obligation(&promise, &added).await;
    kept.expect("promise");
    promise.id
}
