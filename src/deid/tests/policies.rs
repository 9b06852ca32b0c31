//! Policies as people write them, and what is said when they are wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use tokumei_deid::Profile;
use tokumei_deid::policy::{Check, Descriptors, Policy, shipped, shipped_names};
use tokumei_deid::tables::OptionColumn;

fn with(parts: &str) -> String {
    format!(
        "{{\n\"schema\": \"tokumei.policy/1\",\n\"id\": \"p\", \"version\": \"1\",\n\"title\": {{ \"ja\": \"案\", \"en\": \"P\" }}{}{parts}\n}}",
        if parts.is_empty() { "" } else { ",\n" }
    )
}

#[test]
fn shipped_policies_are_valid_and_resolved() {
    for name in shipped_names() {
        let policy = shipped(name).unwrap();
        assert_eq!(policy.id, name);
        assert!(policy.extends.is_none() && !policy.description.ja.is_empty() && !policy.description.en.is_empty());
        let again = Policy::from_json(&policy.canonical_json()).unwrap();
        assert_eq!(again, policy);
        assert_eq!(again.sha256(), policy.sha256());
        assert_eq!(policy.sha256().len(), 64);
    }
    let (research, headers) = (shipped("research").unwrap(), shipped("headers-only").unwrap());
    assert_eq!((research.pixels.text, research.pixels.face), (Check::Check, Check::Check));
    assert_eq!((headers.pixels.text, headers.pixels.face), (Check::NotChecked, Check::NotChecked));
    let same_but_pixels = Policy {
        id: research.id.clone(),
        title: research.title.clone(),
        description: research.description.clone(),
        pixels: research.pixels.clone(),
        ..headers
    };
    assert_eq!(same_but_pixels, research);
}

#[test]
fn options_that_need_cleaning_are_not_claimed() {
    let mut policy = shipped("research").unwrap();
    let set = policy.option_set();
    assert!(set.contains(OptionColumn::RtnLongModifiedDates) && set.contains(OptionColumn::RtnSafePrivate));
    assert!(set.contains(OptionColumn::CleanStructuredContent) && set.contains(OptionColumn::CleanGraphics));
    for (descriptors, cleans) in [(Descriptors::Strict, true), (Descriptors::Clean, true), (Descriptors::Remove, false)]
    {
        policy.descriptors = descriptors;
        let set = policy.option_set();
        assert_eq!((set.contains(OptionColumn::CleanDescriptors), set.cleans_text()), (cleans, cleans));
        assert_eq!(policy.cleans_text(), cleans);
    }
}

#[test]
fn nothing_cleans_without_lists() {
    for name in shipped_names() {
        let policy = shipped(name).unwrap();
        let cleans = policy.cleans_text();
        assert_eq!(Profile::new(policy, &[1; 32], "", None).is_err(), cleans, "{name}");
    }
}

#[test]
fn extending_changes_only_what_is_said() {
    let text = "{\"schema\":\"tokumei.policy/1\",\"extends\":\"research\",\"id\":\"mine\",\"version\":\"2\",\
        \"title\":{\"ja\":\"わたし\",\"en\":\"Mine\"},\"patient\":{\"ageCap\":80,\"id\":{\"leadingZeros\":\"strip\"}}}";
    let mine = Policy::from_json(text).unwrap();
    let research = shipped("research").unwrap();
    assert_eq!(mine.patient.age_cap.0, 80);
    assert_eq!(mine.options, research.options);
    assert_ne!(mine.sha256(), research.sha256());
}

#[test]
fn the_digest_does_not_depend_on_spelling() {
    let a = Policy::from_json(&with("\"options\": [],\n \"uidGeneration\": \"\\u0031\"")).unwrap();
    let b = Policy::from_json(&with("\"uidGeneration\":\"1\"")).unwrap();
    assert_eq!(a.sha256(), b.sha256());
}

/// Parts, the line of the fault, and a piece of what is said.
#[test]
fn faults_have_a_place_and_name_what_is_allowed() {
    let cases = [
        ("\"optionen\": []", 5, "unknown field `optionen`, expected one of `schema`"),
        ("\"options\": [\n\"rtn_everything\"]", 6, "expected one of `rtn_safe_private`"),
        ("\"options\": [\"rtn_long_full_dates\",\"rtn_long_modified_dates\"]", 5, "exclude each other"),
        ("\"options\": [\"rtn_uids\",\"rtn_uids\"]", 5, "stands twice"),
        ("\"descriptors\": \"cleaned\"", 5, "expected one of `strict`, `clean`, `remove`"),
        ("\"pixels\": { \"text\": \"no\" }", 5, "`check` or `not-checked`"),
        ("\"pixels\": {\n\"text\": \"check\",\n\"devices\": [\"a\"] }", 7, "expected an object"),
        ("\"attributes\": [\n{ \"tag\": \"0010.0010\", \"action\": \"X\" }]", 6, "gggg,eeee"),
        ("\"attributes\": [{ \"tag\": \"0009,0010\", \"action\": \"K\" }]", 5, "private.allow"),
        ("\"attributes\": [{ \"tag\": \"0008,0016\", \"action\": \"X\" }]", 5, "no policy may change"),
        (
            "\"attributes\": [{ \"tag\": \"0008,1030\", \"action\": \"C\" }]",
            5,
            "expected one of `X`, `Z`, `D`, `K`, `U`",
        ),
        ("\"attributes\": [{ \"tag\": \"0008,1030\", \"path\": \"a/b\", \"action\": \"K\" }]", 5, "joined by /"),
        (
            "\"private\": { \"allow\": [{\"creator\":\"A\",\"group\":\"0029\",\"element\":\"10\",\"vr\":\"LO\"}] }",
            5,
            "rtn_safe_private",
        ),
        ("\"patient\": { \"id\": { \"leadingZeros\": \"pad\" } }", 5, "1 to 64"),
        ("\"patient\": { \"id\": { \"drop\": \"A\" } }", 5, "no letters or digits"),
        ("\"patient\": { \"dates\": { \"minSteps\": 0 } }", 5, "at least 1"),
        ("\"patient\": { \"dates\": { \"maxSteps\": 100000 } }", 5, "36,525 days"),
        (
            "\"patient\": { \"namespaces\": { \"map\": [{ \"namespace\": \"a\" }] } }",
            5,
            "folder, issuer or institution",
        ),
        ("\"patient\": { \"birthDate\": \"keep\" }", 5, "`empty` or `shiftedYear`"),
        ("\"classes\": { \"1.2.3\": \"refused\" }", 5, "known SOP Class"),
        ("\"classes\": { \"encapsulated document\": \"pass\" }", 5, "cannot clean"),
        ("\"classes\": { \"report SR\": \"pass\" }", 5, "cannot clean"),
        ("\"classes\": { \"private image\": \"pass\" }", 5, "cannot clean"),
        ("\"documents\": { \"pdf\": \"clean\" }", 5, "`refuse` or `drop`"),
        ("\"limits\": { \"nesting\": 0 }", 5, "1 to 1024"),
        ("\"key\": { \"keyId\": \"XYZ\" }", 5, "16 lower case"),
        ("\"optOut\": { \"waitDays\": 30 }", 5, "cannot be honoured"),
        ("\"extends\": \"strict\"", 5, "headers-only, research, basic, longitudinal-full"),
        ("\"id\": \"q\"", 5, "duplicate field"),
        ("\"key\": ", 6, "expected value"),
    ];
    for (parts, line, said) in cases {
        let error = Policy::from_json(&with(parts)).unwrap_err();
        assert!(error.message.contains(said), "{parts}: {error}");
        assert_eq!(error.line, line, "{parts}: {error}");
        assert!(error.column > 0, "{parts}: {error}");
    }
}

#[test]
fn rules_that_can_be_honoured_are_taken() {
    for parts in [
        "\"classes\": { \"secondary capture\": \"pass\", \"CT\": \"refused\", \"1.2.840.10008.5.1.4.1.1.2\": \"review\" }",
        "\"attributes\": [{ \"tag\": \"0008,1030\", \"path\": \"\", \"action\": \"K\" }, { \"tag\": \"0008,103e\", \"action\": \"D\" }]",
        "\"options\": [\"rtn_safe_private\"], \"private\": { \"allow\": [{\"creator\":\"ACME 1.0\",\"group\":\"0029\",\"element\":\"1f\",\"vr\":\"LO\"}] }",
        "\"options\": [\"clean_structured_content\", \"clean_graphics\"], \"classes\": { \"report SR\": \"pass\", \"presentation state\": \"pass\" }",
        "\"documents\": { \"pdf\": \"drop\", \"cda\": \"drop\", \"model\": \"drop\" }",
        "\"patient\": { \"namespaces\": { \"map\": [{ \"namespace\": \"1312345\", \"folder\": \"A\" }] }, \"id\": { \"leadingZeros\": \"pad\", \"pad\": 10, \"drop\": \"-*\" } }",
        "",
    ] {
        Policy::from_json(&with(parts)).unwrap_or_else(|e| panic!("{parts}: {e}"));
    }
}

#[test]
fn other_files_are_not_repeated() {
    let secret = "YAMADA^TARO";
    for text in [
        format!("{{\"schema\":\"tokumei.mapping/1\",\"patients\":[{{\"patientId\":\"{secret}\"}}]}}"),
        format!("[\"{secret}\"]"),
        with(&format!("\"options\": \"{secret}\"")),
        with(&format!("\"patient\": \"{secret}\"")),
        with(&format!("\"limits\": {{ \"nesting\": \"{secret}\" }}")),
    ] {
        let error = Policy::from_json(&text).unwrap_err();
        assert!(!error.to_string().contains("YAMADA"), "{error}");
    }
}

#[test]
fn hostile_json_is_refused() {
    assert!(Policy::from_json(&"[".repeat(100_000)).is_err());
    assert!(Policy::from_json(&with(&format!("\"siteCode\": \"{}\"", "x".repeat(2 << 20)))).is_err());
    assert!(Policy::from_json("").is_err());
}
