//! How the parts of a policy are read: the key of each field, which ones must be there, and the words of each choice.
//!
//! The same is said by `serde`'s attributes on the types, which are for writing and for the schema; a test holds both
//! equal.

use super::documents::{DocumentRule, Wrapped, WrappedCda};
use super::limits::LimitRule;
use super::patient::{AgeCap, BirthDate, DateSettings, NamespaceEntry, NamespaceRule, PatientIdRule, PatientRule};
use super::private::{PrivateAllow, PrivateRule};
#[allow(clippy::wildcard_imports, reason = "every part of a policy")]
use super::types::*;
use crate::json::fill::{object, words};
use crate::json::{Fault, Fill, Node};

object!(Policy, Fault, Self::least(), needs { schema: "schema" } has {
    id: "id", version: "version", title: "title", description: "description", extends: "extends",
    options: "options", attributes: "attributes", descriptors: "descriptors", private: "private",
    patient: "patient", linkage: "linkage", classes: "classes", documents: "documents", pixels: "pixels",
    face: "face", opt_out: "optOut", key: "key", uid_generation: "uidGeneration", mapping: "mapping", review: "review",
    destinations: "destinations", site_code: "siteCode", derived_image_type: "derivedImageType",
    limits: "limits",
});
object!(Words, Fault, Self::default(), needs {} has { ja: "ja", en: "en" });
object!(AttributeRule, Fault, Self::least(), needs { tag: "tag", action: "action" } has { path: "path" });
object!(PrivateRule, Fault, Self::default(), needs {} has { safe: "safe", allow: "allow", vendors: "vendors" });
object!(PrivateAllow, Fault, Self::least(), needs {
    creator: "creator", group: "group", element: "element", vr: "vr",
} has { documentation: "documentation" });
object!(PatientRule, Fault, Self::default(), needs {} has {
    namespaces: "namespaces", id: "id", age_cap: "ageCap", birth_date: "birthDate", dates: "dates",
});
object!(NamespaceRule, Fault, Self::default(), needs {} has { default: "default", map: "map" });
object!(NamespaceEntry, Fault, Self::default(), needs { namespace: "namespace" } has {
    folder: "folder", issuer: "issuer", institution: "institution",
});
object!(PatientIdRule, Fault, Self::default(), needs {} has {
    leading_zeros: "leadingZeros", pad: "pad", drop: "drop", dummies: "dummies",
});
object!(DateSettings, Fault, Self::default(), needs {} has {
    min_steps: "minSteps", max_steps: "maxSteps", step_days: "stepDays",
});
object!(Linkage, Fault, Self::default(), needs {} has {
    accession: "accession", study_id: "studyId", device: "device",
});
object!(DocumentRule, Fault, Self::default(), needs {} has { pdf: "pdf", cda: "cda", model: "model" });
object!(PixelRule, Fault, Self::default(), needs {} has {
    text: "text", face: "face", video: "video", slides: "slides", devices: "devices",
    shipped_devices: "shippedDevices",
});
object!(FaceRule, Fault, Self::default(), needs {} has { mode: "mode", bone: "bone" });
object!(OptOutRule, Fault, Self::default(), needs {} has {
    required: "required", max_age_days: "maxAgeDays", notice_start: "noticeStart", wait_days: "waitDays",
});
object!(KeyRule, Fault, Self::default(), needs {} has { required: "required", scope: "scope", key_id: "keyId" });
object!(ReviewRule, Fault, Self::default(), needs {} has {
    bulk_approve: "bulkApprove", idle_minutes: "idleMinutes",
});
object!(LimitRule, Fault, Self::default(), needs {} has {
    nesting: "nesting", elements: "elements", header_bytes: "headerBytes", text_value_bytes: "textValueBytes",
    inflated_bytes: "inflatedBytes", zip_member_bytes: "zipMemberBytes", zip_ratio: "zipRatio",
    zip_members: "zipMembers", frames: "frames", frame_bytes: "frameBytes", seconds: "seconds",
    seconds_per_megapixel: "secondsPerMegapixel",
});

words!(Schema { V1: "tokumei.policy/1" });
words!(AttributeAction { X: "X", Z: "Z", D: "D", K: "K", U: "U" });
words!(Descriptors { Strict: "strict", Clean: "clean", Remove: "remove" });
words!(BirthDate { Empty: "empty", ShiftedYear: "shiftedYear" });
words!(ClassRule { Pass: "pass", Review: "review", Refused: "refused" });
words!(Wrapped { Refuse: "refuse", Drop: "drop" });
words!(WrappedCda { Refuse: "refuse", Drop: "drop", Clean: "clean" });
words!(Check { Check: "check", NotChecked: "not-checked" });
words!(Video { Refuse: "refuse" });
words!(KeyScope { Project: "project", Hospital: "hospital" });
words!(MappingRule { Never: "never", Ask: "ask" });

impl Fill for AgeCap {
    fn blank() -> Self {
        Self::default()
    }

    fn fill(&mut self, node: &Node) -> Result<(), Fault> {
        self.0.fill(node)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use crate::json::{from_node, read};
    use crate::policy::shipped::{names, text};
    use crate::policy::{Policy, shipped};

    /// Every part, none as it is by default.
    const ALL: &str = r#"{
        "schema": "tokumei.policy/1", "id": "a", "version": "2", "title": {"ja": "j", "en": "e"},
        "description": {"ja": "J", "en": "E"}, "extends": "basic",
        "options": ["rtn_safe_private", "rtn_uids", "rtn_device_id", "rtn_institution_id", "rtn_patient_chars",
            "rtn_long_full_dates", "rtn_long_modified_dates", "clean_descriptors", "clean_structured_content",
            "clean_graphics"],
        "attributes": [{"tag": "t", "action": "X"}, {"tag": "t", "action": "Z", "path": "p"},
            {"tag": "t", "action": "D"}, {"tag": "t", "action": "K"}, {"tag": "t", "action": "U"}],
        "descriptors": "remove",
        "private": {"safe": false, "allow": [{"creator": "c", "group": "g", "element": "e", "vr": "v", "documentation": "d"}],
            "vendors": ["v"]},
        "patient": {
            "namespaces": {"default": "d",
                "map": [{"namespace": "n", "folder": "f", "issuer": "i", "institution": "s"}, {"namespace": "m"}]},
            "id": {"leadingZeros": "pad", "pad": 3, "drop": "-", "dummies": ["x"]},
            "ageCap": 1, "birthDate": "shiftedYear", "dates": {"minSteps": 1, "maxSteps": 2, "stepDays": 3}},
        "linkage": {"accession": true, "studyId": true, "device": true},
        "classes": {"a": "pass", "b": "review", "c": "refused"},
        "documents": {"pdf": "drop", "cda": "drop", "model": "drop"},
        "pixels": {"text": "not-checked", "face": "not-checked", "video": "refuse", "slides": {"label": "drop", "overview": "drop"},
            "devices": [
            {"name": "n", "when": [{"tag": "t", "is": "contains", "value": "v", "not": true},
                {"tag": "t", "is": "equals"}, {"tag": "t", "is": "filled"}, {"tag": "t", "is": "present"}],
                "masks": [{"x": 1, "y": 2, "w": 3, "h": 4}], "regions": true, "complete": true, "hold": true}],
            "shippedDevices": true},
        "face": {"mode": "m", "bone": "b"},
        "optOut": {"required": true, "maxAgeDays": 1, "noticeStart": "n", "waitDays": 2},
        "key": {"required": true, "scope": "hospital", "keyId": "k"}, "uidGeneration": "u", "mapping": "never",
        "review": {"bulkApprove": true, "idleMinutes": 1}, "destinations": ["d"], "siteCode": "s",
        "derivedImageType": true,
        "limits": {"nesting": 1, "elements": 2, "headerBytes": 3, "textValueBytes": 4, "inflatedBytes": 5,
            "zipMemberBytes": 6, "zipRatio": 7, "zipMembers": 8, "frames": 9, "frameBytes": 10, "seconds": 11,
            "secondsPerMegapixel": 12}
    }"#;

    /// As this reader and as `serde` have a text.
    fn both(text: &str) -> (Option<Policy>, Option<Policy>) {
        (read(text).ok().and_then(|node| from_node(&node).ok()), serde_json::from_str(text).ok())
    }

    #[test]
    fn reads_as_serde_reads() {
        let texts = names().into_iter().filter_map(text).map(str::to_owned);
        let resolved = names().into_iter().filter_map(shipped).map(|policy| policy.canonical_json());
        let all = [ALL, "{\"schema\": \"tokumei.policy/1\"}"].map(str::to_owned);
        for text in texts.chain(resolved).chain(all) {
            let (ours, theirs) = both(&text);
            assert!(ours.is_some() && ours == theirs, "{text}");
        }
    }

    /// With any one key misspelt, both refuse.
    #[test]
    fn knows_no_other_keys() {
        let mut keys = 0;
        for (place, _) in ALL.match_indices("\": ") {
            let misspelt = format!("{}~{}", ALL.get(..place).unwrap(), ALL.get(place..).unwrap());
            let (ours, theirs) = both(&misspelt);
            // Classes may be called anything.
            assert_eq!(ours.is_none(), theirs.is_none(), "{misspelt}");
            keys += usize::from(ours.is_none());
        }
        assert!(keys > 70, "{keys}");
    }

    /// The parts that are there, one left out at a time, both read alike.
    #[test]
    fn misses_what_serde_misses() {
        let all: serde_json::Value = serde_json::from_str(ALL).unwrap();
        let mut tried = 0;
        for pointer in ["", "/attributes/1", "/private", "/private/allow/0", "/patient", "/patient/namespaces/map/0"] {
            for key in all.pointer(pointer).unwrap().as_object().unwrap().keys() {
                let mut less = all.clone();
                less.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(key);
                let (ours, theirs) = both(&less.to_string());
                assert_eq!(ours, theirs, "{pointer}/{key}");
                tried += 1;
            }
        }
        assert!(tried > 40);
    }
}
