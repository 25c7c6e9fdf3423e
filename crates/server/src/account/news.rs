//! What has just been done to one's own account, as the page that one is led to says it.

use serde::Deserialize;

use crate::web::Frame;

/// A word in the address of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct News {
    kabar: String,
}

impl News {
    /// The sentence, where it is a word we know.
    pub(super) fn text(&self, frame: &Frame) -> Option<String> {
        let key = match self.kabar.as_str() {
            "sandi" => "account-news-password",
            "sesi" => "account-news-session",
            "lain" => "account-news-others",
            "penyedia" => "account-news-provider",
            "penyedia-lepas" => "account-news-provider-cut",
            "lepas" => "account-news-factor-removed",
            "tambah" => "passkeys-news-added",
            "hapus" => "passkeys-news-removed",
            _ => return None,
        };
        Some(frame.t(key))
    }
}
