//! Every setting by name, variable and meaning: what `--help`, the documents and faults tell.

/// One setting: its name in the file, its variable in the environment, what it means.
pub struct Setting {
    /// Name in the file.
    pub key: &'static str,
    /// Variable in the environment.
    pub variable: &'static str,
    /// What it means, with its default.
    pub meaning: &'static str,
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "listen",
        variable: "KENTONGAN_LISTEN",
        meaning: "address to listen on (127.0.0.1:8080)",
    },
    Setting {
        key: "data",
        variable: "KENTONGAN_DATA",
        meaning: "data folder (./data)",
    },
    Setting {
        key: "database",
        variable: "KENTONGAN_DATABASE",
        meaning: "sqlite:PATH or postgres://… (sqlite in the data folder)",
    },
    Setting {
        key: "archive",
        variable: "KENTONGAN_ARCHIVE",
        meaning: "folder or s3://bucket/prefix for Parquet (archive/ in the data folder)",
    },
    Setting {
        key: "log_days",
        variable: "KENTONGAN_LOG_DAYS",
        meaning: "days the intake log is kept (7)",
    },
    Setting {
        key: "log_gib",
        variable: "KENTONGAN_LOG_GIB",
        meaning: "size the intake log is kept below, in GiB (50)",
    },
    Setting {
        key: "feeds",
        variable: "KENTONGAN_FEEDS",
        meaning: "poll feeds: true or false (true)",
    },
    Setting {
        key: "lexicon",
        variable: "KENTONGAN_LEXICON",
        meaning: "folder of word lists that add to the built-in ones (none)",
    },
    Setting {
        key: "trusted_proxies",
        variable: "KENTONGAN_TRUSTED_PROXIES",
        meaning: "proxies in front whose X-Forwarded-For is believed: how many stand in a row, or their addresses and networks (none)",
    },
    Setting {
        key: "model",
        variable: "KENTONGAN_MODEL",
        meaning: "file of the sentence model, or off (model/e5-small-q4.bin in the data folder, else .tools/model/e5-small-q4.bin, where `make model` puts it; without it texts are compared by words alone)",
    },
    Setting {
        key: "ledger_name",
        variable: "KENTONGAN_LEDGER_NAME",
        meaning: "name of the ledger, the public address of /ledger without https://, such as pemilu.example/ledger; another name begins another ledger for every witness (made up at the first start and kept beside the key)",
    },
    Setting {
        key: "ledger_entries",
        variable: "KENTONGAN_LEDGER_ENTRIES",
        meaning: "let anybody read the entries of the ledger, which are times, kinds, opaque identities and digests: true or false; its hashes and proofs are public either way (false)",
    },
    Setting {
        key: "origin",
        variable: "KENTONGAN_ORIGIN",
        meaning: "scheme and host under which members reach the site, like https://cek.example; links in mails begin with it, and passkeys hang on its host (none: mails carry links only on this machine, and passkeys work at localhost alone)",
    },
    Setting {
        key: "mail",
        variable: "KENTONGAN_MAIL",
        meaning: "where mail is handed over: file:DIR, smtp://HOST:PORT, smtps://USER:PASSWORD@HOST; ?tls=required behind smtp:// asks for STARTTLS (outbox/ in the data folder)",
    },
    Setting {
        key: "mail_from",
        variable: "KENTONGAN_MAIL_FROM",
        meaning: "in whose name mail goes out (Kentongan <kentongan@localhost>)",
    },
    Setting {
        key: "breached",
        variable: "KENTONGAN_BREACHED",
        meaning: "file of SHA-1 digests of leaked passwords in hexadecimal, or of their beginnings, one a line, in order (none: the built-in list of common ones alone)",
    },
    Setting {
        key: "oidc_issuer",
        variable: "KENTONGAN_OIDC_ISSUER",
        meaning: "issuer of the OpenID Connect provider members may sign in at, https://… (none)",
    },
    Setting {
        key: "oidc_client",
        variable: "KENTONGAN_OIDC_CLIENT",
        meaning: "the name under which that provider knows this site",
    },
    Setting {
        key: "oidc_secret",
        variable: "KENTONGAN_OIDC_SECRET",
        meaning: "the secret that provider gave this site (none: a public client)",
    },
    Setting {
        key: "oidc_name",
        variable: "KENTONGAN_OIDC_NAME",
        meaning: "what members call that provider (the issuer's host)",
    },
];

/// Variables that are ours without being settings.
pub(super) const OTHER_VARIABLES: &[&str] =
    &["KENTONGAN_CONFIG", "KENTONGAN_LOG", "KENTONGAN_LOG_FORMAT"];
