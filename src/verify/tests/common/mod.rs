//! Shared by the integration tests: the corpus, the engine's transform as the maker of outputs, the policy as verify sees it.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

pub mod plant;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use tokumei_deid::policy::{AttributeAction, BirthDate, Policy, WrappedCda};
use tokumei_deid::text::Lists;
use tokumei_deid::{Profile, plan, scan, transform};
use tokumei_dicom::Piece;
use tokumei_verify::policy::{
    DateSteps, Descriptors, IdRule, LeadingZeros, Linkage, Override, PrivateElement, VerifyLimits,
};
use tokumei_verify::{Verifier, VerifyPolicy};

/// The key of all tests.
pub const KEY: [u8; 32] = [7; 32];

/// The shared data; `None` (said aloud) where it is absent, a failure in CI.
pub fn shared() -> Option<PathBuf> {
    let root = std::env::var_os("TOKUMEI_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    if root.is_dir() {
        return Some(root);
    }
    assert!(std::env::var_os("CI").is_none(), "shared data is missing");
    println!("skipped: no shared data");
    None
}

/// All files under `folder`, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

/// A policy as verify has to know it.
pub fn verify_policy(policy: &Policy) -> VerifyPolicy {
    let id = &policy.patient.id;
    let json: serde_json::Value = serde_json::from_str(&policy.canonical_json()).unwrap();
    let zeros = match json["patient"]["id"]["leadingZeros"].as_str() {
        Some("strip") => LeadingZeros::Strip,
        Some("pad") => LeadingZeros::Pad,
        _ => LeadingZeros::Keep,
    };
    let limits = policy.limits.reading();
    let cleaned = (policy.documents.cda == WrappedCda::Clean).then_some(Override { tag: 0x0042_0011, action: 'C' });
    VerifyPolicy {
        options: json["options"].as_array().unwrap().iter().map(word_of).collect(),
        overrides: policy
            .attributes
            .iter()
            .map(|a| Override {
                tag: u32::from_str_radix(&a.tag.replace(',', ""), 16).unwrap(),
                action: letter(a.action),
            })
            .chain(cleaned)
            .collect(),
        dates: DateSteps {
            min_steps: policy.patient.dates.min_steps,
            max_steps: policy.patient.dates.max_steps,
            step_days: policy.patient.dates.step_days,
        },
        uid_generation: policy.uid_generation.clone(),
        id: IdRule { leading_zeros: zeros, pad: u32::from(id.pad), drop: id.drop.clone(), dummies: id.dummies.clone() },
        namespaces: policy.patient.namespaces.map.iter().map(|e| e.namespace.clone()).collect(),
        descriptors: match policy.descriptors {
            tokumei_deid::policy::Descriptors::Strict => Descriptors::Strict,
            tokumei_deid::policy::Descriptors::Clean => Descriptors::Clean,
            tokumei_deid::policy::Descriptors::Remove => Descriptors::Remove,
        },
        private_allow: policy
            .private
            .allow
            .iter()
            .map(|p| PrivateElement {
                creator: p.creator.clone(),
                group: u16::from_str_radix(&p.group, 16).unwrap(),
                element: u8::from_str_radix(&p.element, 16).unwrap(),
            })
            .collect(),
        birth_date_shifted: policy.patient.birth_date == BirthDate::ShiftedYear,
        age_cap: json["patient"]["ageCap"].as_u64().and_then(|n| u16::try_from(n).ok()).filter(|n| *n > 0),
        linkage: Linkage {
            accession: policy.linkage.accession,
            study_id: policy.linkage.study_id,
            device: policy.linkage.device,
        },
        limits: VerifyLimits {
            nesting: limits.nesting,
            elements: limits.elements,
            header_bytes: limits.header_bytes,
            inflated: limits.inflated,
        },
    }
}

fn word_of(v: &serde_json::Value) -> String {
    v.as_str().unwrap().to_owned()
}

fn letter(action: AttributeAction) -> char {
    match action {
        AttributeAction::X => 'X',
        AttributeAction::Z => 'Z',
        AttributeAction::D => 'D',
        AttributeAction::K => 'K',
        AttributeAction::U => 'U',
    }
}

/// The word lists of the product.
fn lists() -> Arc<Lists> {
    static LISTS: LazyLock<Arc<Lists>> =
        LazyLock::new(|| Arc::new(Lists::from_bytes(include_bytes!("../../../deid/data/text.lists")).unwrap()));
    Arc::clone(&LISTS)
}

/// Engine and verifier for one policy.
pub struct Pair {
    pub profile: Profile,
    pub verifier: Verifier,
}

impl Pair {
    pub fn new(policy: &Policy) -> Self {
        Self {
            profile: Profile::new(policy.clone(), &KEY, "", Some(lists())).unwrap(),
            verifier: Verifier::new(verify_policy(policy), &KEY, ""),
        }
    }

    pub fn shipped(name: &str) -> Self {
        Self::new(&tokumei_deid::policy::shipped(name).unwrap())
    }

    /// What leaves of `source`, planned by itself; `None` where nothing does.
    pub fn output(&self, source: &[u8], path: &str) -> Option<Vec<u8>> {
        let source = source.to_vec();
        let row = scan::scan(&self.profile, &source, path);
        let namespace = row.namespace.clone().unwrap_or_default();
        let decisions = plan::plan(&self.profile, &[row], None);
        if !decisions.first()?.passes() {
            return None;
        }
        let outcome = transform::transform(&self.profile, &source, &namespace);
        outcome.bytes_out?;
        let mut out = Vec::new();
        for piece in &outcome.pieces {
            match piece {
                Piece::Bytes(b) => out.extend_from_slice(b),
                Piece::Range { offset, len } => {
                    let start = usize::try_from(*offset).unwrap();
                    out.extend_from_slice(&source[start..start + usize::try_from(*len).unwrap()]);
                }
            }
        }
        Some(out)
    }
}

/// A small generator, so that every run is the same.
pub struct Random(u64);

impl Random {
    pub fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (n.max(1) as u64)).unwrap()
    }
}

/// `bytes` with up to five faults from offset `from` on: cut, lengths lost, a bit, a piece twice, a piece gone.
pub fn mutated(bytes: &[u8], from: usize, random: &mut Random) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let at = from + random.below(out.len().saturating_sub(from));
        match random.below(5) {
            0 => out.truncate(at),
            1 => out.iter_mut().skip(at).take(4).for_each(|b| *b = 0xFF),
            2 => out.iter_mut().skip(at).take(1).for_each(|b| *b ^= 0x80),
            3 => {
                let piece: Vec<u8> = out.iter().skip(at).take(40).copied().collect();
                out.splice(at..at, piece);
            }
            _ => {
                let end = (at + 1 + random.below(16)).min(out.len());
                out.drain(at.min(end)..end);
            }
        }
    }
    out
}
