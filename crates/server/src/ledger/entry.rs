//! One entry of the trail with its proof, checked here and to take away.

use ::ledger::{ProofFile, verify_inclusion};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use store::{AuditRow, StoreError};

use super::files::file;
use super::page::whole;
use crate::access::{May, SignedIn, permission::Audit};
use crate::admin::{AuditLine, confined};
use crate::app::App;
use crate::desk::Shell;
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Page};

/// The page.
#[derive(Debug, Template)]
#[template(path = "ledger/entry.html")]
pub(crate) struct EntryPage {
    frame: Frame,
    shell: Shell,
    line: AuditLine,
    /// The proof, once a checkpoint covers the entry.
    proof: Option<Proof>,
}

#[derive(Debug)]
struct Proof {
    well: bool,
    entries: String,
    cosigners: String,
    leaf: String,
    digest: String,
    text: String,
}

impl Page for EntryPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// `GET /admin/audit/{sequence}`
pub(super) async fn show(
    who: May<Audit>,
    frame: Frame,
    State(app): State<App>,
    Path(sequence): Path<String>,
) -> Result<Html<EntryPage>, Failure> {
    let row = entry(&app, &who, &sequence).await?;
    let shell = Shell::load(&app, &frame, &who, "/admin/audit").await?;
    let proof = match proof_of(&app, &row).await? {
        Some(file) => Some(Proof::new(&app, &frame, &row, &file).await?),
        None => None,
    };
    let line = AuditLine::one(&app, &frame, &who, row).await?;
    Ok(Html(EntryPage {
        frame,
        shell,
        line,
        proof,
    }))
}

/// `GET /admin/audit/{sequence}/proof`
pub(super) async fn proof_file(
    who: May<Audit>,
    State(app): State<App>,
    Path(sequence): Path<String>,
) -> Result<Response, Failure> {
    let row = entry(&app, &who, &sequence).await?;
    let proof = proof_of(&app, &row).await?.ok_or(Failure::NotFound)?;
    let text = proof.to_string();
    let mut response = file("text/plain; charset=utf-8", Cache::PrivateNoStore, text);
    let headers = response.headers_mut();
    headers.remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    let name = format!("attachment; filename=\"entry-{}.tlog-proof\"", row.sequence);
    if let Ok(value) = HeaderValue::try_from(name) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// The entry, where it concerns the reader's own body or the reader is the operator's.
async fn entry(app: &App, who: &SignedIn, sequence: &str) -> Result<AuditRow, Failure> {
    let sequence: i64 = sequence.parse().map_err(|_| Failure::NotFound)?;
    if sequence < 1 {
        return Err(Failure::NotFound);
    }
    let within = confined(who);
    Ok(app.store.audit_entry_within(sequence, within).await?)
}

/// The proof of an entry: in the largest co-signed ledger that holds it, else in the newest one.
async fn proof_of(app: &App, row: &AuditRow) -> Result<Option<ProofFile>, Failure> {
    let index = u64::try_from(row.sequence - 1).map_err(|_| Failure::NotFound)?;
    let latest = app.ledger.latest();
    let cosigned = app.store.last_cosigned().await?;
    let (size, note) = match cosigned.filter(|head| head.size > index) {
        Some(head) => (
            head.size,
            app.ledger.signed(head).map_err(StoreError::from)?,
        ),
        None => (latest.checkpoint.size, latest.note.clone()),
    };
    if index >= size {
        return Ok(None);
    }
    let path = app.store.prove_inclusion(index, size).await?;
    Ok(Some(ProofFile {
        entry: row.entry_bytes()?,
        index,
        path,
        note: app.ledger.with_cosignatures(&app.store, note, size).await?,
    }))
}

impl Proof {
    /// What the page says of `file`, after checking it as anybody else would.
    async fn new(
        app: &App,
        frame: &Frame,
        row: &AuditRow,
        file: &ProofFile,
    ) -> Result<Self, Failure> {
        let checked = file.verify(&app.ledger.vkey());
        let leaf = ::ledger::leaf_hash(&file.entry);
        let (size, well) = match &checked {
            Ok(checkpoint) => {
                let root = app.store.ledger_root_at(checkpoint.size).await?;
                let again = verify_inclusion(&leaf, file.index, checkpoint.size, &file.path, &root);
                (checkpoint.size, again.is_ok())
            }
            Err(_) => (0, false),
        };
        let cosigners = file.note.signatures().iter().skip(1);
        let cosigners: Vec<&str> = cosigners.map(|line| line.name.as_str()).collect();
        Ok(Self {
            well,
            entries: frame.n("ledger-entries", whole(size)),
            cosigners: cosigners.join(", "),
            leaf: STANDARD.encode(leaf),
            digest: STANDARD.encode(::ledger::sha256(row.event.note.as_bytes())),
            text: file.to_string(),
        })
    }
}
