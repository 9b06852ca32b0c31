//! Pseudonyms, scheme `tokumei/1`: keyed, deterministic replacements for patients, UIDs, dates and other identifiers.
//!
//! One secret key of 32 bytes gives one key for each purpose (HKDF-SHA256); a purpose key and a message give a MAC
//! (HMAC-SHA256); the MAC gives the pseudonym. Fields of a message are separated by 1F, and 1E marks a patient
//! without a usable ID; neither can occur in a canonical ID. Nothing here keeps or shows what it was given.

mod base32;
mod canonical;
mod category;
mod keyfile;
mod keys;
mod nfkc;

pub use canonical::{IdRule, LeadingZeros, Undecodable, canonical_id, is_dummy_id, loose_id};
pub use keyfile::{KeyFile, KeyFileError};
pub(crate) use keys::hex;
pub use keys::{CodeField, DateRule, Keys, Secret, hospital_key, key_id, patient_message};
pub(crate) use nfkc::nfkc;
