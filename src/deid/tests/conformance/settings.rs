//! What the shipped policies choose.

use crate::{Shipped, markdown, row};
use serde_json::Value;
use tokumei_deid::policy::Descriptors;
use tokumei_deid::tables::{OptionColumn, method_codes};

fn heads<'a>(policies: &'a [Shipped], before: &'a [&'a str]) -> impl Iterator<Item = String> + 'a {
    before.iter().map(|head| (*head).to_owned()).chain(policies.iter().map(|p| p.name.to_owned()))
}

/// The policies, in the order in which they are offered.
pub fn policies(policies: &[Shipped]) -> String {
    let mut rows = vec![row("Policy", ["Version", "SHA-256", "Title", "What it does"])];
    for Shipped { name, policy, .. } in policies {
        let digest = policy.sha256();
        let parts = [&policy.version, &digest[..16].to_owned(), &policy.title.en, &policy.description.en];
        rows.push(row(&format!("`{name}`"), parts.map(Clone::clone)));
    }
    markdown(&rows)
}

/// Codes of CID 7050: which policy states which.
pub fn options(policies: &[Shipped]) -> String {
    let mut rows = vec![row("Profile or option", heads(policies, &["Code (DCM)", "Section"]))];
    for code in method_codes::all() {
        let section = match (code.code, code.option) {
            (_, Some(option)) => option.section(),
            (method_codes::CLEAN_PIXEL_DATA, _) => "PS3.15 E.3.1",
            (method_codes::CLEAN_RECOGNIZABLE_VISUAL_FEATURES, _) => "PS3.15 E.3.2",
            _ => "PS3.15 E.2",
        };
        let states = |shipped: &Shipped| {
            let options = shipped.policy.option_set();
            let stated = method_codes::applied(options, false, false).any(|c| c.code == code.code);
            // What depends on the instance is said below the table.
            let looked = method_codes::applied(options, true, true).any(|c| c.code == code.code);
            if stated {
                "yes"
            } else if looked {
                "where done"
            } else {
                ""
            }
        };
        let cells = [code.code.to_owned(), section.to_owned()].into_iter();
        rows.push(row(code.meaning, cells.chain(policies.iter().map(|p| states(p).to_owned()))));
    }
    assert_eq!(rows.len(), OptionColumn::ALL.len() + 4);
    markdown(&rows)
}

/// How each policy cleans text.
pub fn descriptors(policies: &[Shipped]) -> String {
    let mut rows = vec![row("Policy", ["`descriptors`", "Text that Clean Descriptors names"])];
    for Shipped { name, policy, .. } in policies {
        let (word, what) = match policy.descriptors {
            Descriptors::Strict => (
                "strict",
                "stays if every word of it is known to be harmless; else its words of body parts, modalities, techniques and findings stay",
            ),
            Descriptors::Clean => ("clean", "names, numbers, dates and places are cut out, the rest stays"),
            Descriptors::Remove => ("remove", "is treated by the Basic Profile; the option is not claimed"),
        };
        rows.push(row(&format!("`{name}`"), [word, what]));
    }
    markdown(&rows)
}

fn value_of(shipped: &Shipped, pointer: &str) -> String {
    let document: Value = serde_json::from_str(&shipped.policy.canonical_json()).unwrap();
    document.pointer(pointer).map(ToString::to_string).unwrap_or_default()
}

/// What the standard leaves open, and how each policy decides it.
pub fn choices(policies: &[Shipped]) -> String {
    const CHOICES: [(&str, &str, &str); 15] = [
        (
            "Z: empty or a dummy",
            "/attributes",
            "empty, but pseudonyms for Patient ID and Patient's Name; other choices by attribute",
        ),
        ("Descriptions", "/descriptors", "see section 4.5"),
        (
            "Safe private attributes (E.3.10)",
            "/private/safe",
            "Table E.3.10-1; the sender's own statement in (0008,0300) is not trusted",
        ),
        ("Further private attributes", "/private/allow", "by creator, group, element and VR"),
        ("Highest age that is told", "/patient/ageCap", "0: no cap"),
        ("Patient's Birth Date", "/patient/birthDate", "`empty`, or 1 January of the shifted date's year"),
        ("Shift of dates", "/patient/dates", "whole steps into the past"),
        ("Identifiers that stay joinable", "/linkage", "each as a code of 16 characters"),
        ("Verdicts of classes", "/classes", "as careful as section 7 or more"),
        ("Pixels", "/pixels", "`not-checked`: nothing is claimed of them"),
        ("Site", "/siteCode", "written to Clinical Trial Site ID (0012,0030)"),
        ("Image Type after masking", "/derivedImageType", "`true`: value 1 becomes DERIVED"),
        ("Scope of a key", "/key/scope", "see section 5"),
        ("Generation of UIDs", "/uidGeneration", "another one gives other UIDs, to issue again on purpose"),
        ("Table of originals and pseudonyms", "/mapping", "kept by the hospital, on request only"),
    ];
    let mut rows = vec![row("Choice", heads(policies, &["Setting"]).chain(["Meaning".to_owned()]))];
    for (what, pointer, meaning) in CHOICES {
        let setting = format!("`{}`", pointer.trim_start_matches('/').replace('/', "."));
        let values = policies.iter().map(|p| format!("`{}`", value_of(p, pointer)));
        rows.push(row(what, std::iter::once(setting).chain(values).chain([meaning.to_owned()])));
    }
    markdown(&rows)
}

/// Limits of one instance and of archives.
pub fn limits(policies: &[Shipped]) -> String {
    let first: Value = serde_json::from_str(&policies[0].policy.canonical_json()).unwrap();
    let mut rows = vec![row("Limit", heads(policies, &[]))];
    for name in first["limits"].as_object().unwrap().keys() {
        let values = policies.iter().map(|p| value_of(p, &format!("/limits/{name}")));
        rows.push(row(&format!("`{name}`"), values));
    }
    markdown(&rows)
}
