//! Settings: environment first, then one TOML file, then defaults. Unknown keys are refused with
//! the list of known ones. `docs/settings.md` documents every key; a test keeps it complete.

mod settings;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use settings::{SETTINGS, Setting};

use settings::OTHER_VARIABLES;

use crate::access::provider_client::ProviderSettings;
use crate::mail::MailPlace;
use crate::web::address;
use crate::web::proxies::TrustedProxies;

/// Where and how to run.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on; port 0 picks a free one and prints it.
    pub listen: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// Demonstration mode: one-click sign-in and replayed posts. Only on a loopback address.
    pub demo: bool,
    /// `sqlite:PATH` or `postgres://…`; SQLite in the data folder by default.
    pub database: String,
    /// Where the Parquet archive goes: a folder or `s3://bucket/prefix`.
    pub archive: String,
    /// Days the intake log is kept at most.
    pub log_days: u32,
    /// Size the intake log is kept below, in GiB.
    pub log_gib: u32,
    /// Whether feeds are polled.
    pub feeds: bool,
    /// A folder of word lists that add to the built-in ones.
    pub lexicon: Option<PathBuf>,
    /// Proxies in front that may say for whom they ask.
    pub trusted_proxies: TrustedProxies,
    /// File of the sentence model as it was named, or `off`.
    pub model: Option<String>,
    /// Name of the ledger as its checkpoints carry it; made up once where none is set.
    pub ledger_name: Option<String>,
    /// Whether anybody may read the entries of the ledger, and not only its hashes.
    pub ledger_entries: bool,
    /// Mail, passwords and identity providers.
    pub identity: IdentitySettings,
}

/// Settings of accounts.
#[derive(Debug, Clone)]
pub struct IdentitySettings {
    /// Scheme and host under which members reach the site; links in mails begin with it.
    pub origin: Option<String>,
    /// Where mail is handed over.
    pub mail: MailPlace,
    /// In whose name mail goes out.
    pub mail_from: String,
    /// A file of digests of leaked passwords.
    pub breached: Option<PathBuf>,
    /// The identity provider members may sign in at.
    pub provider: Option<ProviderSettings>,
}

impl IdentitySettings {
    /// Reads them from the environment, then the file; `data` is the data folder.
    fn read(
        value: &impl Fn(&str) -> Option<String>,
        file: &mut File,
        data: &Path,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            origin: value("KENTONGAN_ORIGIN")
                .or(file.origin.take())
                .map(|text| origin(&text))
                .transpose()?,
            mail: match value("KENTONGAN_MAIL").or(file.mail.take()) {
                Some(text) => parsed("mail", &text, MAIL_MUST)?,
                None => MailPlace::Folder(data.join("outbox")),
            },
            mail_from: value("KENTONGAN_MAIL_FROM")
                .or(file.mail_from.take())
                .map(|text| sender(&text))
                .transpose()?
                .unwrap_or_else(|| MAIL_FROM.to_owned()),
            breached: value("KENTONGAN_BREACHED")
                .map(PathBuf::from)
                .or(file.breached.take()),
            provider: provider([
                value("KENTONGAN_OIDC_ISSUER").or(file.oidc_issuer.take()),
                value("KENTONGAN_OIDC_CLIENT").or(file.oidc_client.take()),
                value("KENTONGAN_OIDC_SECRET").or(file.oidc_secret.take()),
                value("KENTONGAN_OIDC_NAME").or(file.oidc_name.take()),
            ])?,
        })
    }

    /// What holds where nothing is set.
    pub fn plain(data: &Path) -> Self {
        Self {
            origin: None,
            mail: MailPlace::Folder(data.join("outbox")),
            mail_from: MAIL_FROM.to_owned(),
            breached: None,
            provider: None,
        }
    }
}

/// In whose name mail goes out where nobody is named.
const MAIL_FROM: &str = "Kentongan <kentongan@localhost>";

/// What `oidc_issuer` must be.
const OIDC_ISSUER_MUST: &str = "an address that begins with https://";
/// What `oidc_client` must be.
const OIDC_CLIENT_MUST: &str = "set where oidc_issuer is";
/// What `origin` must be.
const ORIGIN_MUST: &str = "a scheme and a host without a path, like https://cek.example";
/// What `mail` must be.
const MAIL_MUST: &str = "file:DIR, smtp://HOST:PORT or smtps://USER:PASSWORD@HOST";
/// What `mail_from` must be.
const MAIL_FROM_MUST: &str = "an address like Kentongan <kabar@cek.example>";
/// What `trusted_proxies` must be.
const PROXIES_MUST: &str =
    "a number of proxies from 0 to 8, or addresses and networks like 10.0.0.2, 10.1.0.0/16";

/// What is wrong with the settings, and how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable we do not know.
    #[error("the environment sets {name}, which is no setting; known are {known}")]
    UnknownVariable {
        /// Its name.
        name: String,
        /// The known ones.
        known: String,
    },
    /// The file cannot be read.
    #[error("settings file {path}: {error}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file holds what is no setting.
    #[error("settings file {path}: {detail}")]
    BadFile {
        /// The file.
        path: PathBuf,
        /// What and where.
        detail: String,
    },
    /// A value cannot be used.
    #[error("{key} is {value:?}; it must be {must}")]
    BadValue {
        /// The setting.
        key: &'static str,
        /// What it says.
        value: String,
        /// What it should be.
        must: &'static str,
    },
    /// The demonstration is not for the world.
    #[error(
        "demonstration mode signs anybody in and runs only on a loopback address, not on {0}; leave --demo out, or listen on 127.0.0.1"
    )]
    DemoInTheOpen(SocketAddr),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<String>,
    data: Option<PathBuf>,
    database: Option<String>,
    archive: Option<String>,
    log_days: Option<u32>,
    log_gib: Option<u32>,
    feeds: Option<bool>,
    lexicon: Option<PathBuf>,
    trusted_proxies: Option<String>,
    model: Option<String>,
    ledger_name: Option<String>,
    ledger_entries: Option<bool>,
    origin: Option<String>,
    mail: Option<String>,
    mail_from: Option<String>,
    breached: Option<PathBuf>,
    oidc_issuer: Option<String>,
    oidc_client: Option<String>,
    oidc_secret: Option<String>,
    oidc_name: Option<String>,
}

impl Config {
    /// Reads the environment of this process and the settings file it names.
    pub fn read(demo: bool) -> Result<Self, ConfigError> {
        Self::from_variables(demo, std::env::vars())
    }

    /// Reads settings from these variables.
    pub fn from_variables(
        demo: bool,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let ours: Vec<(String, String)> = variables
            .into_iter()
            .filter(|(name, _)| {
                name.starts_with("KENTONGAN_") && !name.starts_with("KENTONGAN_TEST_")
            })
            .collect();
        refuse_unknown(&ours)?;
        let value = |variable: &str| {
            let found = ours.iter().find(|(name, _)| name == variable);
            found
                .map(|(_, value)| value.clone())
                .filter(|value| !value.is_empty())
        };
        let mut file = match value("KENTONGAN_CONFIG") {
            Some(path) => read_file(Path::new(&path))?,
            None => File::default(),
        };
        let data = value("KENTONGAN_DATA")
            .map(PathBuf::from)
            .or(file.data.take())
            .unwrap_or_else(|| "data".into());
        let identity = IdentitySettings::read(&value, &mut file, &data)?;
        let listen = value("KENTONGAN_LISTEN")
            .or(file.listen)
            .unwrap_or_else(|| "127.0.0.1:8080".into());
        let database = value("KENTONGAN_DATABASE").or(file.database);
        let archive = value("KENTONGAN_ARCHIVE").or(file.archive);
        let config = Self {
            identity,
            listen: parsed("listen", &listen, "an address like 127.0.0.1:8080")?,
            database: database
                .unwrap_or_else(|| format!("sqlite:{}", data.join("kentongan.db").display())),
            archive: archive.unwrap_or_else(|| data.join("archive").display().to_string()),
            log_days: number("log_days", value("KENTONGAN_LOG_DAYS"), file.log_days, 7)?,
            log_gib: number("log_gib", value("KENTONGAN_LOG_GIB"), file.log_gib, 50)?,
            feeds: match value("KENTONGAN_FEEDS") {
                Some(word) => parsed("feeds", &word, "true or false")?,
                None => file.feeds.unwrap_or(true),
            },
            lexicon: value("KENTONGAN_LEXICON")
                .map(PathBuf::from)
                .or(file.lexicon),
            trusted_proxies: match value("KENTONGAN_TRUSTED_PROXIES").or(file.trusted_proxies) {
                Some(text) => parsed("trusted_proxies", &text, PROXIES_MUST)?,
                None => TrustedProxies::None,
            },
            model: value("KENTONGAN_MODEL").or(file.model),
            ledger_name: value("KENTONGAN_LEDGER_NAME").or(file.ledger_name),
            ledger_entries: match value("KENTONGAN_LEDGER_ENTRIES") {
                Some(word) => parsed("ledger_entries", &word, "true or false")?,
                None => file.ledger_entries.unwrap_or(false),
            },
            data,
            demo,
        };
        config.checked()
    }

    fn checked(self) -> Result<Self, ConfigError> {
        if self.demo && !self.listen.ip().is_loopback() {
            return Err(ConfigError::DemoInTheOpen(self.listen));
        }
        Ok(self)
    }
}

/// Scheme and host, and nothing behind them.
fn origin(text: &str) -> Result<String, ConfigError> {
    let plain = url::Url::parse(text).ok().filter(|url| {
        let scheme = matches!(url.scheme(), "http" | "https");
        let bare = matches!(url.path(), "" | "/") && url.query().is_none();
        scheme && bare && url.username().is_empty() && url.host().is_some()
    });
    match plain {
        Some(url) => Ok(url.origin().ascii_serialization()),
        None => Err(ConfigError::BadValue {
            key: "origin",
            value: text.to_owned(),
            must: ORIGIN_MUST,
        }),
    }
}

/// The identity provider, from issuer, client, secret and name.
fn provider(said: [Option<String>; 4]) -> Result<Option<ProviderSettings>, ConfigError> {
    let [issuer, client, secret, name] = said;
    let Some(issuer) = issuer else {
        return Ok(None);
    };
    let bad = |key, value: &str, must| ConfigError::BadValue {
        key,
        value: value.to_owned(),
        must,
    };
    let host = url::Url::parse(&issuer).ok().and_then(|url| {
        let host = url.host_str()?.to_owned();
        // Only this very machine is asked without encryption.
        let sealed =
            url.scheme() == "https" || (url.scheme() == "http" && address::is_loopback_host(&host));
        sealed.then_some(host)
    });
    let host = host.ok_or_else(|| bad("oidc_issuer", &issuer, OIDC_ISSUER_MUST))?;
    let client = client.ok_or_else(|| bad("oidc_client", "", OIDC_CLIENT_MUST))?;
    Ok(Some(ProviderSettings {
        issuer,
        client,
        secret,
        name: name.unwrap_or(host),
    }))
}

/// A name and an address a mail can come from.
fn sender(text: &str) -> Result<String, ConfigError> {
    parsed::<lettre::message::Mailbox>("mail_from", text, MAIL_FROM_MUST).map(|_| text.to_owned())
}

fn refuse_unknown(ours: &[(String, String)]) -> Result<(), ConfigError> {
    let known = |name: &str| {
        SETTINGS.iter().any(|setting| setting.variable == name) || OTHER_VARIABLES.contains(&name)
    };
    match ours.iter().find(|(name, _)| !known(name)) {
        Some((name, _)) => {
            let known: Vec<&str> = SETTINGS.iter().map(|setting| setting.variable).collect();
            Err(ConfigError::UnknownVariable {
                name: name.clone(),
                known: known.join(", "),
            })
        }
        None => Ok(()),
    }
}

fn read_file(path: &Path) -> Result<File, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
        path: path.to_owned(),
        error,
    })?;
    toml::from_str(&text).map_err(|error| ConfigError::BadFile {
        path: path.to_owned(),
        detail: error.to_string(),
    })
}

fn parsed<T: std::str::FromStr>(
    key: &'static str,
    value: &str,
    must: &'static str,
) -> Result<T, ConfigError> {
    value.parse().map_err(|_| ConfigError::BadValue {
        key,
        value: value.to_owned(),
        must,
    })
}

fn number(
    key: &'static str,
    variable: Option<String>,
    file: Option<u32>,
    default: u32,
) -> Result<u32, ConfigError> {
    match variable {
        Some(word) => parsed(key, &word, "a whole number"),
        None => Ok(file.unwrap_or(default)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::from_variables(false, variables)
    }

    #[test]
    fn defaults_are_for_one_machine() {
        let config = read(&[("PATH", "/bin")]).expect("reads");
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.database, "sqlite:data/kentongan.db");
    }

    #[test]
    fn an_unknown_variable_is_named_with_the_known_ones() {
        let error = read(&[("KENTONGAN_LISTENN", "127.0.0.1:1")])
            .expect_err("taken")
            .to_string();
        assert!(
            error.contains("KENTONGAN_LISTENN") && error.contains("KENTONGAN_LISTEN,"),
            "{error}"
        );
    }

    #[test]
    fn an_unknown_key_of_the_file_is_named_with_its_line() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("kentongan.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:0\"\nlisten_port = 3\n").expect("writes");
        let error = read(&[("KENTONGAN_CONFIG", path.to_str().expect("path"))]).expect_err("taken");
        let error = error.to_string();
        assert!(
            error.contains("listen_port") && error.contains("line 2"),
            "{error}"
        );
    }

    #[test]
    fn the_demonstration_never_opens_to_the_world() {
        let open = [("KENTONGAN_LISTEN".to_owned(), "0.0.0.0:80".to_owned())];
        assert!(matches!(
            Config::from_variables(true, open),
            Err(ConfigError::DemoInTheOpen(_))
        ));
    }

    #[test]
    fn proxies_are_read_and_a_name_is_no_address() {
        let config = read(&[]).expect("reads");
        assert_eq!(config.trusted_proxies, TrustedProxies::None);
        let config = read(&[("KENTONGAN_TRUSTED_PROXIES", "1")]).expect("reads");
        assert_eq!(config.trusted_proxies, TrustedProxies::Hops(1));
        let error = read(&[("KENTONGAN_TRUSTED_PROXIES", "proxy.example")]).expect_err("taken");
        let error = error.to_string();
        assert!(
            error.contains("trusted_proxies") && error.contains("10.1.0.0/16"),
            "{error}"
        );
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        let config = read(&[("KENTONGAN_ORIGIN", "https://cek.example/")]).expect("reads");
        assert_eq!(
            config.identity.origin.as_deref(),
            Some("https://cek.example")
        );
        for bad in [
            "cek.example",
            "https://cek.example/desk",
            "ftp://cek.example",
        ] {
            assert!(read(&[("KENTONGAN_ORIGIN", bad)]).is_err(), "{bad}");
        }
        for (variable, bad) in [
            ("KENTONGAN_MAIL", "mail"),
            ("KENTONGAN_MAIL_FROM", "nobody"),
        ] {
            assert!(read(&[(variable, bad)]).is_err(), "{variable}");
        }
    }

    #[test]
    fn a_provider_is_sealed_and_knows_us() {
        let issuer = ("KENTONGAN_OIDC_ISSUER", "https://masuk.example/x");
        let client = ("KENTONGAN_OIDC_CLIENT", "kentongan");
        let provider = read(&[issuer, client]).expect("reads").identity.provider;
        assert_eq!(provider.expect("a provider").name, "masuk.example");
        assert!(read(&[issuer]).is_err());
        let open = ("KENTONGAN_OIDC_ISSUER", "http://masuk.example");
        assert!(read(&[open, client]).is_err());
        let near = ("KENTONGAN_OIDC_ISSUER", "http://127.0.0.1:4000");
        assert!(read(&[near, client]).is_ok());
    }

    #[test]
    fn every_setting_is_documented() {
        let page = include_str!("../../../docs/settings.md");
        for setting in SETTINGS {
            let row = format!(
                "| `{}` | `{}` | {} |",
                setting.key, setting.variable, setting.meaning
            );
            assert!(page.contains(&row), "docs/settings.md lacks the row\n{row}");
        }
    }
}
