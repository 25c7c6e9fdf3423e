//! Signed notes (C2SP signed-note): a text of lines, and signatures below it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::LedgerError;
use crate::limits::{NOTE_MAX_BYTES, NOTE_MAX_SIGNATURES};

const SIGNATURE_MARK: &str = "\u{2014} ";

/// A text with signatures; nothing is verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Name of the key, such as `warta.example/witness`.
    pub name: String,
    /// First four bytes of the key's hash, big-endian.
    pub key_id: u32,
    /// What the key made.
    pub bytes: Vec<u8>,
}

impl Note {
    /// A text without signatures; it must end with a line feed.
    pub fn unsigned(text: String) -> Result<Note, LedgerError> {
        if !text.ends_with('\n') || has_control(&text) {
            return Err(bad("the text does not end with a line feed"));
        }
        Ok(Note {
            text,
            signatures: Vec::new(),
        })
    }

    /// Reads a note with at least one signature.
    pub fn parse(note: &str) -> Result<Note, LedgerError> {
        if note.len() > NOTE_MAX_BYTES {
            return Err(bad("it is too long"));
        }
        if has_control(note) {
            return Err(bad("it has control characters"));
        }
        let split = note.rfind("\n\n").ok_or(bad("no empty line is in it"))?;
        let (text, below) = note.split_at(split + 1);
        let lines = below
            .strip_prefix('\n')
            .and_then(|lines| lines.strip_suffix('\n'))
            .ok_or(bad("the last line has no end"))?;
        let signatures: Vec<Signature> =
            lines.split('\n').map(read_line).collect::<Result<_, _>>()?;
        if signatures.len() > NOTE_MAX_SIGNATURES {
            return Err(bad("it has too many signatures"));
        }
        Ok(Note {
            text: text.to_owned(),
            signatures,
        })
    }

    /// What was signed, with its last line feed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, in order.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature line below the others, unless this key signed already: then it takes the
    /// place of the earlier one.
    pub fn add(&mut self, signature: Signature) {
        let same =
            |known: &Signature| known.name == signature.name && known.key_id == signature.key_id;
        match self.signatures.iter().position(same) {
            Some(at) => self.signatures[at] = signature,
            None => self.signatures.push(signature),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.text)?;
        for signature in &self.signatures {
            writeln!(out, "{signature}")?;
        }
        Ok(())
    }
}

impl Signature {
    /// Reads one line, without its line feed.
    pub fn parse(line: &str) -> Result<Signature, LedgerError> {
        read_line(line)
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.key_id.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.bytes);
        write!(
            out,
            "{SIGNATURE_MARK}{} {}",
            self.name,
            STANDARD.encode(bytes)
        )
    }
}

fn read_line(line: &str) -> Result<Signature, LedgerError> {
    let (name, encoded) = line
        .strip_prefix(SIGNATURE_MARK)
        .and_then(|line| line.split_once(' '))
        .ok_or(bad("a line below the text is no signature"))?;
    check_name(name)?;
    let bytes = STANDARD
        .decode(encoded)
        .map_err(|_| bad("a signature is not in base64"))?;
    let (key_id, signature) = bytes
        .split_first_chunk::<4>()
        .filter(|(_, signature)| !signature.is_empty())
        .ok_or(bad("a signature is too short"))?;
    Ok(Signature {
        name: name.to_owned(),
        key_id: u32::from_be_bytes(*key_id),
        bytes: signature.to_vec(),
    })
}

/// Whether `name` may name a key: not empty, no space, no plus.
pub(crate) fn check_name(name: &str) -> Result<(), LedgerError> {
    let plain = |letter: char| !letter.is_whitespace() && !letter.is_control() && letter != '+';
    if !name.is_empty() && name.len() <= 255 && name.chars().all(plain) {
        Ok(())
    } else {
        Err(LedgerError::BadKey {
            reason: "its name is empty, too long, or has a space or a plus in it",
        })
    }
}

fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| byte < 0x20 && byte != b'\n')
}

fn bad(reason: &'static str) -> LedgerError {
    LedgerError::BadNote { reason }
}
