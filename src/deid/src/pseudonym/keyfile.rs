//! The key file (`tokumei.key/1`) in its open form: `{"schema", "key", "keyId", "namespace"?}`.
//! The wrapped form is opened by the platform's own cryptography before it comes here.

use super::keys::{Secret, key_id};
use serde::{Deserialize, Serialize};

const SCHEMA: &str = "tokumei.key/1";
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A key and the namespace of the hospital it was made for.
pub struct KeyFile {
    /// The key.
    pub key: Secret<32>,
    /// The hospital's namespace, where the file is bound to one.
    pub namespace: Option<String>,
}

/// What is wrong with a key file. Never says what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFileError {
    /// Not a key file of this schema.
    Malformed,
    /// A wrapped key: it needs its passphrase first.
    Wrapped,
    /// The key is not the one that `keyId` names.
    Mismatch,
}

impl KeyFileError {
    /// Stable reason code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed | Self::Wrapped => "key-missing",
            Self::Mismatch => "key-mismatch",
        }
    }
}

impl core::fmt::Display for KeyFileError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Malformed => "not a key file of tokumei.key/1",
            Self::Wrapped => "the key is wrapped with a passphrase",
            Self::Mismatch => "the key is not the one that keyId names",
        })
    }
}

impl core::error::Error for KeyFileError {}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Form {
    schema: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    key_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    #[serde(default, skip_serializing)]
    wrap: Option<serde_json::Value>,
    #[serde(default, skip_serializing)]
    iv: Option<String>,
    #[serde(default, skip_serializing)]
    ct: Option<String>,
}

impl KeyFile {
    /// Reads a key file and checks that key and key ID belong together.
    pub fn parse(json: &str) -> Result<Self, KeyFileError> {
        let form: Form = serde_json::from_str(json).map_err(|_| KeyFileError::Malformed)?;
        if form.schema != SCHEMA {
            return Err(KeyFileError::Malformed);
        }
        let Some(text) = form.key else {
            let wrapped = form.wrap.is_some() && form.iv.is_some() && form.ct.is_some();
            return Err(if wrapped { KeyFileError::Wrapped } else { KeyFileError::Malformed });
        };
        let key = Secret::new(decode_key(&text).ok_or(KeyFileError::Malformed)?);
        if key_id(key.expose()) != form.key_id {
            return Err(KeyFileError::Mismatch);
        }
        Ok(Self { key, namespace: form.namespace })
    }

    /// The key file as text, one line and a line end.
    pub fn format(&self) -> String {
        let mut out = format!(
            "{{\"schema\":\"{SCHEMA}\",\"key\":\"{}\",\"keyId\":\"{}\"",
            encode_key(self.key.expose()),
            key_id(self.key.expose())
        );
        if let Some(namespace) = &self.namespace {
            out.push_str(",\"namespace\":");
            out.push_str(&serde_json::Value::from(namespace.as_str()).to_string());
        }
        out.push_str("}\n");
        out
    }
}

/// base64url without padding (RFC 4648 5).
fn encode_key(key: &[u8; 32]) -> String {
    let mut out = String::with_capacity(43);
    for three in key.chunks(3) {
        let bits = three.iter().fold(0u32, |n, &b| (n << 8) | u32::from(b)) << (8 * (3 - three.len()));
        for i in 0..=three.len() {
            let six = (bits >> (18 - 6 * i)) & 63;
            out.push(char::from(ALPHABET.get(six as usize).copied().unwrap_or(b'A')));
        }
    }
    out
}

/// Only the one spelling that [`encode_key`] writes is a key; unused bits must be zero.
fn decode_key(text: &str) -> Option<[u8; 32]> {
    let text = text.trim_end_matches('=').as_bytes();
    if text.len() != 43 {
        return None;
    }
    let mut key = [0u8; 32];
    let (mut held, mut bits) = (0u32, 0u32);
    let mut out = key.iter_mut();
    for c in text {
        let six = u32::try_from(ALPHABET.iter().position(|a| a == c)?).ok()?;
        held = ((held << 6) | six) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            *out.next()? = u8::try_from((held >> bits) & 0xFF).ok()?;
        }
    }
    (held & ((1 << bits) - 1) == 0).then_some(key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{KeyFile, KeyFileError, SCHEMA, decode_key, encode_key};
    use crate::pseudonym::{Secret, key_id};

    fn fault(json: &str) -> KeyFileError {
        KeyFile::parse(json).err().unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        for byte in [0, 1, 0x7F, 0xFB, 0xFF] {
            for namespace in [None, Some("架空\"病院".to_owned())] {
                let text = KeyFile { key: Secret::new([byte; 32]), namespace: namespace.clone() }.format();
                let file = KeyFile::parse(&text).unwrap();
                assert_eq!(file.key.expose(), &[byte; 32]);
                assert_eq!(file.namespace, namespace);
            }
        }
    }

    #[test]
    fn base64_of_rfc_4648() {
        let key: [u8; 32] = core::array::from_fn(|i| u8::try_from(i * 8 % 256).unwrap() ^ 0xA5);
        let text = encode_key(&key);
        assert_eq!(text.len(), 43);
        assert_eq!(decode_key(&text), Some(key));
        assert_eq!(decode_key(&encode_key(&[0xFF; 32])), Some([0xFF; 32]));
        assert_eq!(encode_key(&[0xFF; 32]), format!("{}8", "_".repeat(42)));
        assert_eq!(decode_key(&format!("{}9", "_".repeat(42))), None, "unused bits must be zero");
        assert_eq!(decode_key("AAAA"), None);
    }

    #[test]
    fn faults() {
        let id = key_id(&[0; 32]);
        let zeros = "A".repeat(43);
        let open = format!("{{\"schema\":\"{SCHEMA}\",\"key\":\"{zeros}\",\"keyId\":\"{id}\"}}");
        assert!(KeyFile::parse(&open).is_ok());
        assert_eq!(fault(&open.replace(&id, "0000000000000000")), KeyFileError::Mismatch);
        assert_eq!(fault(&open.replace(SCHEMA, "tokumei.key/2")), KeyFileError::Malformed);
        assert_eq!(fault(&open.replace(&zeros, "AAAA")), KeyFileError::Malformed);
        let wrapped = format!(
            "{{\"schema\":\"{SCHEMA}\",\"keyId\":\"{id}\",\"wrap\":{{\"kdf\":\"PBKDF2-SHA256\"}},\"iv\":\"\",\"ct\":\"\"}}"
        );
        assert_eq!(fault(&wrapped), KeyFileError::Wrapped);
        assert_eq!(fault("{}"), KeyFileError::Malformed);
    }
}
