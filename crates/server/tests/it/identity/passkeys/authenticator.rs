//! A device that keeps one passkey, written from the WebAuthn specification: ES256, no attestation.
//! It does as it is told, also what an honest device would not do.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Flags of the authenticator data.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

pub(super) struct Authenticator {
    key: SigningKey,
    pub(super) credential: Vec<u8>,
    /// Whom it says it is for.
    pub(super) user: Vec<u8>,
    /// What it writes into the next answer; 0 for a device that does not count.
    pub(super) counter: u32,
    /// The site it believes to be at.
    pub(super) origin: String,
    /// Whether it makes sure of the person.
    pub(super) verifies: bool,
}

impl Authenticator {
    pub(super) fn at(origin: &str) -> Self {
        let secret: [u8; 32] = rand::random();
        Self {
            key: SigningKey::from_slice(&secret).expect("a key"),
            credential: rand::random::<[u8; 16]>().to_vec(),
            user: Vec::new(),
            counter: 0,
            origin: origin.to_owned(),
            verifies: true,
        }
    }

    /// The answer to a wish for a new key.
    pub(super) fn create(&mut self, options: &Value) -> String {
        let asked = &options["publicKey"];
        self.user = bytes_of(&asked["user"]["id"]);
        let mut data = self.data(&asked["rp"]["id"], WITH_KEY);
        data.extend([0; 16]);
        let length = u16::try_from(self.credential.len()).expect("short");
        data.extend(length.to_be_bytes());
        data.extend(&self.credential);
        data.extend(self.cose_key());
        let mut object = vec![0xa3];
        object.extend(text("fmt"));
        object.extend(text("none"));
        object.extend(text("attStmt"));
        object.push(0xa0);
        object.extend(text("authData"));
        let length = u8::try_from(data.len()).expect("short");
        object.extend([0x58, length]);
        object.extend(&data);
        let client = self.client_data("webauthn.create", asked);
        self.told(&json!({
            "attestationObject": URL_SAFE_NO_PAD.encode(object),
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
        }))
    }

    /// The answer to a question who comes.
    pub(super) fn get(&self, options: &Value) -> String {
        let asked = &options["publicKey"];
        let data = self.data(&asked["rpId"], 0);
        let client = self.client_data("webauthn.get", asked);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(client.as_bytes()));
        let signature: Signature = self.key.sign(&signed);
        self.told(&json!({
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
            "signature": URL_SAFE_NO_PAD.encode(signature.to_der()),
            "userHandle": URL_SAFE_NO_PAD.encode(&self.user),
        }))
    }

    fn data(&self, site: &Value, flags: u8) -> Vec<u8> {
        let site = site.as_str().expect("a host");
        let mut data = Sha256::digest(site.as_bytes()).to_vec();
        let verified = if self.verifies { VERIFIED } else { 0 };
        data.push(PRESENT | verified | flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, asked: &Value) -> String {
        let data = json!({
            "type": kind,
            "challenge": asked["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        data.to_string()
    }

    fn told(&self, response: &Value) -> String {
        let id = URL_SAFE_NO_PAD.encode(&self.credential);
        let answer = json!({ "id": id, "rawId": id, "type": "public-key", "response": response });
        answer.to_string()
    }

    /// The public key as a CBOR map: EC2, ES256, P-256, x, y.
    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let point = point.as_bytes();
        let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        key.extend(&point[1..33]);
        key.extend([0x22, 0x58, 0x20]);
        key.extend(&point[33..65]);
        key
    }
}

/// A short text in CBOR.
fn text(word: &str) -> Vec<u8> {
    let length = u8::try_from(word.len()).expect("short");
    let mut coded = vec![0x60 + length];
    coded.extend(word.as_bytes());
    coded
}

fn bytes_of(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("text");
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}
