//! Documents of an agreement: kept by their digest, handed out only as a file to save.

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::audit::AuditKind;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::Document;

use super::{act, own, seen};
use crate::access::permission::Coordinate;
use crate::access::{May, SignedIn};
use crate::app::App;
use crate::error::Failure;
use crate::web::Frame;

/// A document, in bytes.
pub(super) const UPLOAD_BYTES_MAX: usize = 8 * 1024 * 1024;
/// A file's name, in characters.
const NAME_CHARS: usize = 120;

/// What the file is called, and the digest of the one that the page showed in its place.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Named {
    pub(super) nama: String,
    pub(super) dari: String,
}

/// `POST /network/agreements/{id}/documents?nama=…` with the bytes as they are. Only PDF.
pub(super) async fn keep(
    who: May<Coordinate>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(named): Query<Named>,
    bytes: Bytes,
) -> Result<Response, Failure> {
    let agreement = own(&app, &who, &id).await?;
    if !is_pdf(&bytes) {
        return Err(Failure::BadRequest);
    }
    let digest = sha256(&bytes);
    let document = Document {
        digest,
        agreement: agreement.id,
        name: safe_name(&named.nama),
        bytes: bytes.to_vec(),
    };
    let event = act(
        &who,
        AuditKind::DocumentKept,
        agreement.id,
        &super::page::hex(&digest),
    );
    app.store.keep_document(&document, &event).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /network/agreements/{id}/documents/{digest}`
pub(super) async fn show(
    who: SignedIn,
    State(app): State<App>,
    Path((id, digest)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let agreement = seen(&app, &who, &id).await?;
    let digest = unhex(&digest).ok_or(Failure::NotFound)?;
    attachment(app.store.document(agreement.id, digest).await?)
}

/// A kept file to be saved, never to be shown within a page of ours.
pub(super) fn attachment((name, bytes): (String, Vec<u8>)) -> Result<Response, Failure> {
    let attached = format!("attachment; filename=\"{name}\"");
    let headers: [(HeaderName, HeaderValue); 3] = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/pdf"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::try_from(attached).map_err(|_| Failure::Internal)?,
        ),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        ),
    ];
    Ok((headers, bytes).into_response())
}

/// Whether the bytes begin as a PDF does.
pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-")
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A length as people read it: "318 kB", never less than 1 kB.
pub(super) fn size_text(frame: &Frame, bytes: i64) -> String {
    let kilobytes = (bytes.max(1) + 999) / 1_000;
    frame.t1("agreement-file-size", "size", frame.whole(kilobytes))
}

/// Letters, digits and a few marks: nothing a header or a file system reads as something else.
pub(super) fn safe_name(name: &str) -> String {
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() || "._- ".contains(letter) {
            letter
        } else {
            '-'
        }
    };
    let name: String = name.chars().take(NAME_CHARS).map(plain).collect();
    match name.trim_matches(['.', ' ', '-']) {
        "" => "naskah.pdf".to_owned(),
        name => name.to_owned(),
    }
}

pub(super) fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, at) in digest.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_carries_nothing_into_a_header() {
        assert_eq!(
            safe_name("MoU KPU–AMSI \"2024\"\r\nX: y.pdf"),
            "MoU KPU-AMSI -2024---X- y.pdf"
        );
        assert_eq!(safe_name("../../etc/passwd"), "etc-passwd");
        assert_eq!(safe_name("…"), "naskah.pdf");
    }

    #[test]
    fn a_digest_reads_back() {
        let digest = [0xab; 32];
        assert_eq!(unhex(&super::super::page::hex(&digest)), Some(digest));
        for bad in ["", "ab", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(unhex(bad), None);
        }
    }
}
