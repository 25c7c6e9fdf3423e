//! Where mail is handed over: a mail server, or a folder in which each mail becomes a file.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MessageBuilder};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use store::Mail;

/// A mail server must answer within this time, in seconds.
const SERVER_WAIT_S: u64 = 30;

/// Why a mail was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum MailFault {
    /// The address or the text makes no mail.
    #[error("no mail can be made of it: {0}")]
    Unfit(String),
    /// The server did not take it.
    #[error("the mail server did not take it: {0}")]
    Server(#[source] lettre::transport::smtp::Error),
    /// The file cannot be written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

impl MailFault {
    /// Whether another try cannot do better.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Unfit(_) => true,
            Self::Server(error) => error.is_permanent(),
            Self::File { .. } => false,
        }
    }
}

/// Where mail goes, as the setting says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailPlace {
    /// A folder: `file:DIR`.
    Folder(PathBuf),
    /// A mail server: `smtp://…` or `smtps://…`.
    Server(String),
}

impl FromStr for MailPlace {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if let Some(folder) = text.strip_prefix("file:").filter(|rest| !rest.is_empty()) {
            return Ok(Self::Folder(PathBuf::from(folder)));
        }
        let server = text.starts_with("smtp://") || text.starts_with("smtps://");
        let readable = AsyncSmtpTransport::<Tokio1Executor>::from_url(text).is_ok();
        (server && readable)
            .then(|| Self::Server(text.to_owned()))
            .ok_or(())
    }
}

enum Way {
    Folder(PathBuf),
    Server(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

/// Hands mail over.
pub struct Sender {
    way: Way,
    from: Mailbox,
}

impl Sender {
    /// To `place`, in the name of `from`.
    pub fn new(place: &MailPlace, from: &str) -> Result<Self, MailFault> {
        let from = from
            .parse()
            .map_err(|error| MailFault::Unfit(format!("{from}: {error}")))?;
        let way = match place {
            MailPlace::Folder(folder) => Way::Folder(folder.clone()),
            MailPlace::Server(address) => {
                let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(address)
                    .map_err(MailFault::Server)?;
                let wait = Duration::from_secs(SERVER_WAIT_S);
                Way::Server(Box::new(builder.timeout(Some(wait)).build()))
            }
        };
        Ok(Self { way, from })
    }

    /// Hands one mail over.
    pub async fn send(&self, mail: &Mail) -> Result<(), MailFault> {
        let message = self.message(mail)?;
        match &self.way {
            Way::Server(server) => server
                .send(message)
                .await
                .map(drop)
                .map_err(MailFault::Server),
            Way::Folder(folder) => {
                let path = folder.join(format!("{}.eml", mail.id));
                let written = write_whole(folder, &path, message.formatted()).await;
                written.map_err(|error| MailFault::File { path, error })
            }
        }
    }

    fn message(&self, mail: &Mail) -> Result<Message, MailFault> {
        let unfit = |error: &dyn std::error::Error| MailFault::Unfit(error.to_string());
        let recipient: Mailbox = mail.recipient.parse().map_err(|error| unfit(&error))?;
        let host = self.from.email.domain();
        MessageBuilder::new()
            .from(self.from.clone())
            .to(recipient)
            .subject(&mail.subject)
            // The same mail handed over twice says so.
            .message_id(Some(format!("<{}@{host}>", mail.id)))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body.clone())
            .map_err(|error| unfit(&error))
    }
}

/// A file is there whole or not at all, and only its owner may read it: it may hold a link that
/// opens something.
async fn write_whole(folder: &Path, path: &Path, bytes: Vec<u8>) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let unfinished = path.with_extension("part");
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&unfinished).await?;
    tokio::io::AsyncWriteExt::write_all(&mut file, &bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(&unfinished, path).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_and_nonsense_is_not() {
        assert_eq!(
            "file:/var/mail out".parse(),
            Ok(MailPlace::Folder("/var/mail out".into()))
        );
        for good in [
            "smtp://127.0.0.1:2525",
            "smtps://user:secret@mail.example",
            "smtp://mail.example:587?tls=required",
        ] {
            assert_eq!(good.parse(), Ok(MailPlace::Server(good.into())), "{good}");
        }
        for bad in [
            "",
            "file:",
            "mail.example",
            "http://mail.example",
            "smtp://",
        ] {
            assert!(bad.parse::<MailPlace>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_line_break_in_an_address_or_subject_adds_no_header() {
        let sender =
            Sender::new(&MailPlace::Folder("x".into()), "Kentongan <k@x.example>").expect("sender");
        let mut mail = Mail {
            id: uuid::Uuid::from_u128(1),
            recipient: "a@x.example".into(),
            subject: "Halo\r\nBcc: b@x.example".into(),
            body: "Isi".into(),
        };
        let text = sender.message(&mail).expect("mail").formatted();
        let text = String::from_utf8(text).expect("text");
        assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{text}");
        mail.recipient = "a@x.example\r\nBcc: b@x.example".into();
        assert!(matches!(sender.message(&mail), Err(MailFault::Unfit(_))));
    }
}
