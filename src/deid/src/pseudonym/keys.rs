//! The keys of the purposes, and what each of them makes.

use super::base32;
use super::canonical::{IdRule, Undecodable, canonical_id};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const SALT: &[u8] = b"tokumei/1";
const FIELD: u8 = 0x1F;
const NO_ID: u8 = 0x1E;

/// Secret bytes: no `Debug`, no `Display`, zeroed when dropped as far as safe code can.
pub struct Secret<const N: usize>([u8; N]);

impl<const N: usize> Secret<N> {
    /// Takes the bytes.
    pub const fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// The bytes, for the arithmetic that needs them and for the key file.
    pub const fn expose(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        self.0.fill(0);
        core::hint::black_box(&self.0);
    }
}

/// How far dates move (policy `patient.dates`): a number of steps into the past, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRule {
    /// Fewest steps.
    pub min_steps: u32,
    /// Most steps.
    pub max_steps: u32,
    /// Days of one step; 7 keeps the day of the week.
    pub step_days: u32,
}

impl Default for DateRule {
    fn default() -> Self {
        Self { min_steps: 52, max_steps: 521, step_days: 7 }
    }
}

/// Identifiers besides the Patient ID that policy `linkage` can keep joinable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeField<'a> {
    /// Accession Number (0008,0050).
    Accession,
    /// Study ID (0020,0010).
    StudyId,
    /// Device Serial Number (0018,1000).
    Device,
    /// The role of a column in a linked table.
    Column(&'a str),
}

impl CodeField<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Accession => "accession",
            Self::StudyId => "study-id",
            Self::Device => "device",
            Self::Column(role) => role,
        }
    }
}

type Prepared = Hmac<Sha256>;

/// The keys of one project or hospital, derived once; each call clones a prepared state.
pub struct Keys {
    patient: Prepared,
    uid: Prepared,
    date: Prepared,
    code: Prepared,
    optout: Prepared,
    ledger: Prepared,
    face: Prepared,
    key_id: String,
}

impl Keys {
    /// Derives the purpose keys (HKDF-SHA256, RFC 5869).
    pub fn new(key: &[u8; 32]) -> Self {
        let hkdf = Hkdf::<Sha256>::new(Some(SALT), key);
        let purpose = |info: &str| prepared(expand::<32>(&hkdf, info.as_bytes()).expose());
        Self {
            patient: purpose("patient"),
            uid: purpose("uid"),
            date: purpose("date"),
            code: purpose("code"),
            optout: purpose("optout"),
            ledger: purpose("ledger"),
            face: purpose("face"),
            key_id: hex(expand::<8>(&hkdf, b"key id").expose()),
        }
    }

    /// Names the key without telling it: 16 hex digits.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// 20 characters for Patient ID and Patient's Name. `message` by [`patient_message`].
    pub fn patient_pseudonym(&self, message: &[u8]) -> String {
        base32::encode(&mac(&self.patient, &[message]), 20)
    }

    /// The patient's shift in whole days, negative (into the past).
    pub fn date_shift_days(&self, message: &[u8], rule: &DateRule) -> i32 {
        let bytes = mac(&self.date, &[message]);
        let n = bytes.iter().take(8).fold(0u64, |n, &b| (n << 8) | u64::from(b));
        let span = u64::from(rule.max_steps.saturating_sub(rule.min_steps)).saturating_add(1);
        let steps = u64::from(rule.min_steps).saturating_add(n.checked_rem(span).unwrap_or(0));
        let days = steps.saturating_mul(u64::from(rule.step_days));
        i32::try_from(days).unwrap_or(i32::MAX).saturating_neg()
    }

    /// The new UID: `2.25.` and a version 8 UUID (RFC 9562) as a decimal number (PS3.5 B.2). Trailing NULs and spaces
    /// of the original do not count. `generation`: the policy's `uidGeneration`, to issue again on purpose.
    pub fn uid(&self, original: &str, generation: &str) -> String {
        let original = trim_uid(original).as_bytes();
        let bytes = if generation.is_empty() {
            mac(&self.uid, &[original])
        } else {
            mac(&self.uid, &[original, &[FIELD], generation.as_bytes()])
        };
        let n = bytes.iter().take(16).fold(0u128, |n, &b| (n << 8) | u128::from(b));
        let version = (n & !(0xF << 76)) | (8 << 76);
        let variant = (version & !(0b11 << 62)) | (0b10 << 62);
        format!("2.25.{variant}")
    }

    /// 16 characters for another identifier; they fit SH.
    pub fn code(&self, namespace: &str, field: &CodeField<'_>, value: &str) -> Result<String, Undecodable> {
        let canonical = canonical_id(value, &IdRule::default())?;
        let fields = [namespace.as_bytes(), &[FIELD], field.name().as_bytes(), &[FIELD], canonical.as_bytes()];
        Ok(base32::encode(&mac(&self.code, &fields), 16))
    }

    /// 20 characters for the hospital's own record of an exclusion; never in report or receipt.
    pub fn optout_token(&self, message: &[u8]) -> String {
        base32::encode(&mac(&self.optout, &[message]), 20)
    }

    /// What a browser may remember of a delivered instance: 32 hex digits.
    pub fn ledger_entry(&self, output_uid: &str, destination: &str) -> String {
        let bytes = mac(&self.ledger, &[output_uid.as_bytes(), &[FIELD], destination.as_bytes()]);
        hex(bytes.get(..16).unwrap_or_default())
    }

    /// Seed of the random surface of one head, by its original Frame of Reference UID.
    pub fn face_seed(&self, frame_of_reference: &str) -> [u8; 32] {
        mac(&self.face, &[trim_uid(frame_of_reference).as_bytes()])
    }
}

/// What a patient's MACs are made of: namespace and canonical ID; where the ID is empty or a dummy (pass `""`), the
/// original Study Instance UID in its place.
pub fn patient_message(namespace: &str, canonical_id: &str, study_uid: &str) -> Vec<u8> {
    let mut message = Vec::with_capacity(namespace.len() + canonical_id.len() + 72);
    message.extend_from_slice(namespace.as_bytes());
    message.push(FIELD);
    if canonical_id.is_empty() {
        message.push(NO_ID);
        message.extend_from_slice(trim_uid(study_uid).as_bytes());
    } else {
        message.extend_from_slice(canonical_id.as_bytes());
    }
    message
}

/// One hospital's key: a society keeps the master and gives each hospital only its own.
pub fn hospital_key(master: &[u8; 32], namespace: &str) -> Secret<32> {
    let mut info = b"hospital\x1f".to_vec();
    info.extend_from_slice(namespace.as_bytes());
    expand(&Hkdf::<Sha256>::new(Some(SALT), master), &info)
}

/// Names a key without telling it: 16 hex digits.
pub fn key_id(key: &[u8; 32]) -> String {
    hex(expand::<8>(&Hkdf::<Sha256>::new(Some(SALT), key), b"key id").expose())
}

fn trim_uid(uid: &str) -> &str {
    uid.trim_end_matches(['\0', ' '])
}

/// HKDF refuses only outputs above 8,160 bytes, which no caller asks for.
fn expand<const N: usize>(hkdf: &Hkdf<Sha256>, info: &[u8]) -> Secret<N> {
    let mut out = Secret([0; N]);
    let refused = hkdf.expand(info, &mut out.0).is_err();
    debug_assert!(!refused);
    out
}

fn prepared(key: &[u8; 32]) -> Prepared {
    // HMAC takes keys of every length; 32 bytes are padded to the block of 64 as RFC 2104 says.
    let mut block = [0u8; 64];
    block.iter_mut().zip(key).for_each(|(b, k)| *b = *k);
    let mac = Prepared::new(&block.into());
    block.fill(0);
    core::hint::black_box(&block);
    mac
}

fn mac(prepared: &Prepared, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = prepared.clone();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        for nibble in [b >> 4, b & 15] {
            out.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
        out
    })
}
