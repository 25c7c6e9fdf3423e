//! Keys of logs and of witnesses, their text encodings, and signatures on notes.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;

use crate::LedgerError;
use crate::hash::sha256;
use crate::note::{Note, Signature, check_name};

const PRIVATE_MARK: &str = "PRIVATE+KEY+";
const TIME_BYTES: usize = 8;
const SIGNATURE_BYTES: usize = 64;

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Checkpoints of its own log (signed-note, algorithm 0x01).
    Log,
    /// Checkpoints of other parties' logs, with the time (tlog-cosignature v1, algorithm 0x04).
    Witness,
}

impl KeyKind {
    fn algorithm(self) -> u8 {
        match self {
            KeyKind::Log => 0x01,
            KeyKind::Witness => 0x04,
        }
    }

    fn of(algorithm: u8) -> Option<KeyKind> {
        match algorithm {
            0x01 => Some(KeyKind::Log),
            0x04 => Some(KeyKind::Witness),
            _ => None,
        }
    }
}

/// The public half of a key; written `NAME+ID+BASE64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    kind: KeyKind,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifyingKey {
    /// Reads `NAME+ID+BASE64`.
    pub fn parse(text: &str) -> Result<VerifyingKey, LedgerError> {
        let (name, id, algorithm, bytes) = split_key(text)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes)
            .map_err(|_| bad("it is no point of the curve"))?;
        if key.is_weak() {
            return Err(bad("everybody can sign for it"));
        }
        let found = VerifyingKey {
            name,
            kind: algorithm,
            key,
        };
        if found.id() != id {
            return Err(bad("its number does not fit; was it copied whole?"));
        }
        Ok(found)
    }

    /// Its name; of a log's key also the log's origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The number that stands in signature lines.
    #[must_use]
    pub fn id(&self) -> u32 {
        key_id(&self.name, self.kind, self.key.as_bytes())
    }

    /// Verifies this key's signature on `note`. A witness's signature carries its time, in seconds
    /// since 1970 UTC; a log's carries none.
    pub fn verify(&self, note: &Note) -> Result<Option<u64>, LedgerError> {
        let mine =
            |signature: &&Signature| signature.name == self.name && signature.key_id == self.id();
        let line = note
            .signatures()
            .iter()
            .find(mine)
            .ok_or(LedgerError::NotSigned)?;
        self.verify_line(note.text(), line)
    }

    /// Verifies one signature line over `text`, see [`VerifyingKey::verify`].
    pub fn verify_line(&self, text: &str, line: &Signature) -> Result<Option<u64>, LedgerError> {
        if line.name != self.name || line.key_id != self.id() {
            return Err(LedgerError::NotSigned);
        }
        let wrong = LedgerError::WrongSignature;
        let (time_s, bytes) = match self.kind {
            KeyKind::Log => (None, line.bytes.as_slice()),
            KeyKind::Witness => {
                let (time, bytes) = line
                    .bytes
                    .split_first_chunk::<TIME_BYTES>()
                    .ok_or(wrong.clone())?;
                (Some(u64::from_be_bytes(*time)), bytes)
            }
        };
        let bytes: [u8; SIGNATURE_BYTES] = bytes.try_into().map_err(|_| wrong.clone())?;
        let signature = ed25519_dalek::Signature::from_bytes(&bytes);
        self.key
            .verify_strict(message(text, time_s).as_bytes(), &signature)
            .map_err(|_| wrong.clone())?;
        match time_s {
            Some(time) if i64::try_from(time).is_err() => Err(wrong),
            time => Ok(time),
        }
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = encoded(self.kind, self.key.as_bytes());
        write!(out, "{}+{:08x}+{encoded}", self.name, self.id())
    }
}

/// The secret half of a key; kept in a file, never printed by accident.
pub struct SigningKey {
    name: String,
    kind: KeyKind,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// The key made of 32 random bytes.
    pub fn from_seed(name: &str, kind: KeyKind, seed: [u8; 32]) -> Result<SigningKey, LedgerError> {
        check_name(name)?;
        Ok(SigningKey {
            name: name.to_owned(),
            kind,
            key: ed25519_dalek::SigningKey::from_bytes(&seed),
        })
    }

    /// Reads `PRIVATE+KEY+NAME+ID+BASE64`.
    pub fn parse(text: &str) -> Result<SigningKey, LedgerError> {
        let text = text
            .strip_prefix(PRIVATE_MARK)
            .ok_or(bad("it does not begin with PRIVATE+KEY+"))?;
        let (name, id, kind, seed) = split_key(text)?;
        let key = SigningKey::from_seed(&name, kind, seed)?;
        if key.verifying_key().id() != id {
            return Err(bad("its number does not fit; was it copied whole?"));
        }
        Ok(key)
    }

    /// The same secret under another name: to everybody else a different key.
    pub fn renamed(&self, name: &str) -> Result<SigningKey, LedgerError> {
        SigningKey::from_seed(name, self.kind, self.key.to_bytes())
    }

    /// The text that [`SigningKey::parse`] reads; a secret.
    #[must_use]
    pub fn to_secret_text(&self) -> String {
        let id = self.verifying_key().id();
        let encoded = encoded(self.kind, &self.key.to_bytes());
        format!("{PRIVATE_MARK}{}+{id:08x}+{encoded}", self.name)
    }

    /// What it signs.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The public half.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey {
            name: self.name.clone(),
            kind: self.kind,
            key: self.key.verifying_key(),
        }
    }

    /// Signs `text`, which ends with a line feed. A witness's signature says that this was so at
    /// `time_s`, in seconds since 1970 UTC; a log's says no time.
    #[must_use]
    pub fn sign(&self, text: &str, time_s: u64) -> Signature {
        let time = (self.kind == KeyKind::Witness).then_some(time_s);
        let signature = self.key.sign(message(text, time).as_bytes()).to_bytes();
        let mut bytes = time.map_or(Vec::new(), |time| time.to_be_bytes().to_vec());
        bytes.extend_from_slice(&signature);
        Signature {
            name: self.name.clone(),
            key_id: self.verifying_key().id(),
            bytes,
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SigningKey({})", self.verifying_key())
    }
}

/// What is really signed: the text, or the text behind the witness's word on the time.
fn message(text: &str, time_s: Option<u64>) -> String {
    match time_s {
        None => text.to_owned(),
        Some(time) => format!("cosignature/v1\ntime {time}\n{text}"),
    }
}

fn key_id(name: &str, kind: KeyKind, public: &[u8; 32]) -> u32 {
    let hash = sha256(&[name.as_bytes(), b"\n", &[kind.algorithm()], public].concat());
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

fn encoded(kind: KeyKind, bytes: &[u8; 32]) -> String {
    STANDARD.encode([&[kind.algorithm()], bytes.as_slice()].concat())
}

fn split_key(text: &str) -> Result<(String, u32, KeyKind, [u8; 32]), LedgerError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(bad("it is not written NAME+ID+BASE64"));
    };
    check_name(name)?;
    let plain = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
    let id = (id.len() == 8 && id.bytes().all(plain))
        .then(|| u32::from_str_radix(id, 16).ok())
        .flatten()
        .ok_or(bad("its number is not eight hexadecimal digits"))?;
    let bytes = STANDARD
        .decode(encoded)
        .map_err(|_| bad("it is not in base64"))?;
    let (algorithm, bytes) = bytes.split_first().ok_or(bad("it is empty"))?;
    let kind = KeyKind::of(*algorithm).ok_or(bad("its algorithm is neither 1 nor 4"))?;
    let bytes = bytes.try_into().map_err(|_| bad("it has not 32 bytes"))?;
    Ok((name.to_owned(), id, kind, bytes))
}

fn bad(reason: &'static str) -> LedgerError {
    LedgerError::BadKey { reason }
}
