//! Encapsulated CDA under `documents.cda: "clean"`: what is known stays, all else goes, what is not understood is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{bytes, file, holds, instance, outcome, parsed, profile_of, text, text_at, value_at, written};
use proptest::prelude::*;
use tokumei_deid::policy::{ClassRule, Descriptors, Policy, WrappedCda, shipped};
use tokumei_deid::tables::OptionColumn;
use tokumei_deid::{Profile, plan, scan};

const CDA: &str = "1.2.840.10008.5.1.4.1.1.104.2";
const FULL: &str = include_str!("documents/full.xml");
const DOCUMENT: (u16, u16) = (0x42, 0x11);

fn policy(name: &str, descriptors: Descriptors) -> Policy {
    let mut policy = shipped(name).unwrap();
    policy.documents.cda = WrappedCda::Clean;
    Policy { descriptors, ..policy }
}

fn with(descriptors: Descriptors) -> Profile {
    profile_of(policy("research", descriptors), &common::KEY, "")
}

fn wrapped(document: &[u8]) -> Vec<u8> {
    let mut padded = document.to_vec();
    padded.resize(document.len().next_multiple_of(2), 0);
    let length = u32::try_from(document.len()).unwrap().to_le_bytes();
    let more = vec![
        text((8, 5), b"CS", "ISO_IR 192"),
        text((8, 0x60), b"CS", "DOC"),
        text((0x40, 0xE001), b"ST", "1.2.392.200036.9999.1^DOC-CANARY-77"),
        text((0x42, 0x10), b"ST", "山田花子 CANARY TITLE"),
        bytes(DOCUMENT, b"OB", &padded),
        text((0x42, 0x12), b"LO", "text/XML"),
        bytes((0x42, 0x15), b"UL", &length),
    ];
    file(&instance(CDA, more), true)
}

/// Verdict of an instance alone, as a run would give it.
fn verdict(profile: &Profile, source: &Vec<u8>) -> &'static str {
    let row = scan::scan(profile, source, "a.dcm");
    let planned = plan::plan(profile, &[row], None).remove(0);
    if planned.passes() { outcome(profile, source).reason.code() } else { planned.reason.code() }
}

fn cleaned(profile: &Profile, document: &str) -> String {
    let source = wrapped(document.as_bytes());
    assert_eq!(verdict(profile, &source), "clean");
    let ds = parsed(&written(&outcome(profile, &source), &source));
    String::from_utf8(value_at(&ds, &[DOCUMENT]).unwrap()).unwrap()
}

fn minimal(body: &str) -> String {
    format!("<ClinicalDocument xmlns=\"urn:hl7-org:v3\">{body}</ClinicalDocument>")
}

#[test]
fn structure_codes_and_harmless_text_stay() {
    let out = cleaned(&with(Descriptors::Strict), FULL);
    for stays in [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "xmlns=\"urn:hl7-org:v3\"",
        "<realmCode code=\"JP\"/>",
        "extension=\"POCD_HD000040\"",
        "<templateId root=\"2.16.840.1.113883.10.20.22.1.1\" extension=\"2015-08-01\"/>",
        "<code code=\"18748-4\" codeSystem=\"2.16.840.1.113883.6.1\" displayName=\"Diagnostic imaging report\"/>",
        "<languageCode code=\"ja-JP\"/>",
        "<administrativeGenderCode code=\"F\" codeSystem=\"2.16.840.1.113883.5.1\"/>",
        "<birthTime nullFlavor=\"MSK\"/>",
        "<name nullFlavor=\"MSK\"/>",
        "<addr nullFlavor=\"MSK\"/>",
        "<telecom nullFlavor=\"MSK\"/>",
        "<section classCode=\"DOCSECT\" moodCode=\"EVN\">",
        "<code nullFlavor=\"MSK\"><translation code=\"59776-5\"",
        "<paragraph>chest CT</paragraph>",
        "<td colspan=\"2\">head MRI</td><td/>",
        "<list listType=\"ordered\"><item>liver &amp; spleen</item><item/></list>",
        "<observation classCode=\"OBS\" moodCode=\"EVN\">",
        "<statusCode code=\"completed\"/>",
        "<value xsi:type=\"PQ\" value=\"12.5\" unit=\"mm\"/>",
        "<value xsi:type=\"PQ\" value=\"90\" unit=\"a\"/>",
        "<value xsi:type=\"INT\" nullFlavor=\"MSK\"/>",
        "<value xsi:type=\"ST\">chest CT</value>",
        "<value xsi:type=\"IVL_PQ\"><low value=\"1\" unit=\"cm\"/><high value=\"2\" unit=\"1\"/></value>",
        "<high nullFlavor=\"MSK\"/>",
        "頭部CT",
    ] {
        assert!(out.contains(stays), "{stays}");
    }
}

#[test]
fn nobody_is_named_any_more() {
    for descriptors in [Descriptors::Strict, Descriptors::Clean, Descriptors::Remove] {
        let mut policy = policy("research", descriptors);
        policy.classes.insert(CDA.to_owned(), ClassRule::Pass);
        let profile = profile_of(policy, &common::KEY, "");
        let source = wrapped(FULL.as_bytes());
        let out = written(&outcome(&profile, &source), &source);
        assert!(!out.is_empty());
        for gone in [
            "CANARY",
            "canary",
            "Katerzin",
            "Osagawa",
            "Yamada",
            "Hanako",
            "山田",
            "花子",
            "ヤマダ",
            "0012345678",
            "9999",
            "偽物",
            "東京",
            "19600504",
            "20240315",
            "1.2.392.8",
            "1.2.3.4.5.2",
            "1399998",
            "birthplace",
            "marital",
        ] {
            assert!(!holds(&out, gone), "{gone}");
        }
    }
}

#[test]
fn lengths_padding_and_references_fit() {
    let source = wrapped(FULL.as_bytes());
    let ds = parsed(&written(&outcome(&with(Descriptors::Strict), &source), &source));
    let document = value_at(&ds, &[DOCUMENT]).unwrap();
    let length = u32::from_le_bytes(value_at(&ds, &[(0x42, 0x15)]).unwrap().try_into().unwrap());
    assert_eq!(usize::try_from(length).unwrap(), document.len());
    assert!(document.len().is_multiple_of(2) && document.ends_with(b">\n") || document.ends_with(b">\n\n"));
    let document = String::from_utf8(document).unwrap();
    let identifier = text_at(&ds, &[(0x40, 0xE001)]).unwrap();
    assert!(document.contains(&format!("<id root=\"{identifier}\"/>")), "the header names the document");
    let study = text_at(&ds, &[(0x20, 0x0D)]).unwrap();
    assert!(document.contains(&format!("<id root=\"{study}\"/>")), "references to images go on pointing at them");
    assert_eq!(text_at(&ds, &[(0x42, 0x10)]).as_deref(), Some(""));
}

#[test]
fn times_go_as_dates_do() {
    let time = |profile: &Profile| {
        let out = cleaned(profile, &minimal("<effectiveTime value=\"20240315101500+0900\"/>"));
        let at = out.find("<effectiveTime ").unwrap();
        out[at + 15..].split("/>").next().unwrap().to_owned()
    };
    let research = with(Descriptors::Strict);
    let moved = time(&research);
    assert!(moved.ends_with("101500+0900\"") && !moved.contains("20240315"), "{moved}");
    let days = outcome(&research, &wrapped(minimal("").as_bytes())).date_shift_days.unwrap();
    assert!(days < 0);
    let mut bare = policy("research", Descriptors::Strict);
    bare.options.retain(|o| *o != OptionColumn::RtnLongModifiedDates);
    assert_eq!(time(&profile_of(bare.clone(), &common::KEY, "")), "nullFlavor=\"MSK\"");
    bare.options.push(OptionColumn::RtnLongFullDates);
    assert_eq!(time(&profile_of(bare.clone(), &common::KEY, "")), "value=\"20240315101500+0900\"");
    bare.options.retain(|o| *o != OptionColumn::RtnPatientChars);
    let out = cleaned(&profile_of(bare, &common::KEY, ""), FULL);
    assert!(out.contains("<administrativeGenderCode nullFlavor=\"MSK\"/>"));
}

#[test]
fn doubtful_text_holds_a_document_that_was_only_cut() {
    let section = |text: &str| {
        minimal(&format!(
            "<component><structuredBody><component><section><text>{text}</text></section></component></structuredBody></component>"
        ))
    };
    let clean = with(Descriptors::Clean);
    let fine = wrapped(section("<paragraph>chest CT</paragraph>").as_bytes());
    let doubtful = wrapped(section("<paragraph>qwzx is there</paragraph>").as_bytes());
    assert_eq!(verdict(&clean, &fine), "clean");
    assert_eq!(verdict(&clean, &doubtful), "report-free-text");
    assert_eq!(outcome(&clean, &doubtful).tag.as_deref(), Some("0042,0011"));
    let mut open = policy("research", Descriptors::Clean);
    open.classes.insert(CDA.to_owned(), ClassRule::Pass);
    assert_eq!(verdict(&profile_of(open.clone(), &common::KEY, ""), &doubtful), "clean");
    assert!(Policy::from_json(&open.canonical_json()).is_ok());
    open.documents.cda = WrappedCda::Refuse;
    assert!(Policy::from_json(&open.canonical_json()).is_err(), "nothing cleans it");
    open.classes.insert(CDA.to_owned(), ClassRule::Review);
    open.documents.cda = WrappedCda::Clean;
    assert_eq!(verdict(&profile_of(open, &common::KEY, ""), &fine), "content-not-cleaned");
}

#[test]
fn what_is_not_understood_is_refused() {
    let ok = minimal("<title>chest CT</title>");
    let deep = format!("{}{}", "<component>".repeat(70), "</component>".repeat(70));
    let many = " a0=\"\" a1=\"\" a2=\"\" a3=\"\" a4=\"\" a5=\"\" a6=\"\" a7=\"\"";
    let many =
        format!("{many}{}{}{}{}", many.replace('a', "b"), many.replace('a', "c"), many.replace('a', "d"), " e=\"\"");
    let strict = with(Descriptors::Strict);
    assert_eq!(verdict(&strict, &wrapped(ok.as_bytes())), "clean");
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"%PDF-1.4".to_vec(), "document-embedded"),
        (b"".to_vec(), "document-embedded"),
        (b"<ClinicalDocument/>".to_vec(), "document-embedded"),
        (b"<Other xmlns=\"urn:hl7-org:v3\"/>".to_vec(), "document-embedded"),
        (format!("{ok}{ok}").into_bytes(), "document-embedded"),
        (format!("{ok}text").into_bytes(), "document-embedded"),
        (ok.replace("</title>", "").into_bytes(), "document-embedded"),
        (ok.replace("chest", "&lol;").into_bytes(), "document-embedded"),
        (format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{ok}").into_bytes(), "document-embedded"),
        (format!("<?php echo 1 ?>{ok}").into_bytes(), "document-embedded"),
        (format!("<?xml version=\"1.1\"?>{ok}").into_bytes(), "document-embedded"),
        (b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>\x8E\x52".to_vec(), "document-embedded"),
        (format!("<?xml version=\"1.0\" encoding=\"EUC-JP\"?>{}", minimal("<title>頭部</title>")).into_bytes(), "document-embedded"),
        (minimal("<component><nonXMLBody><text mediaType=\"application/pdf\" representation=\"B64\">JVBERi0=</text></nonXMLBody></component>").into_bytes(), "document-embedded"),
        (minimal("<component><observationMedia/></component>").into_bytes(), "document-embedded"),
        (minimal(&deep).into_bytes(), "nesting-too-deep"),
        (minimal(&format!("<title{many}/>")).into_bytes(), "too-large"),
    ];
    for (document, reason) in cases {
        assert_eq!(verdict(&strict, &wrapped(&document)), reason, "{}", String::from_utf8_lossy(&document));
    }
    let bare = file(&instance(CDA, vec![]), true);
    assert_eq!(verdict(&strict, &bare), "document-embedded");
    let mut small = policy("research", Descriptors::Strict);
    small.limits.text_value_bytes = 64;
    assert_eq!(verdict(&profile_of(small, &common::KEY, ""), &wrapped(ok.as_bytes())), "too-large");
}

#[test]
fn utf_16_and_marks_are_read() {
    let document = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{}", minimal("<title>頭部CT</title>"));
    let units: Vec<u16> = core::iter::once(0xFEFF).chain(document.encode_utf16()).collect();
    let wide: [Vec<u8>; 2] =
        [units.iter().flat_map(|u| u.to_le_bytes()).collect(), units.iter().flat_map(|u| u.to_be_bytes()).collect()];
    let marked = [b"\xEF\xBB\xBF".as_slice(), minimal("<title>頭部CT</title>").as_bytes()].concat();
    for document in wide.into_iter().chain([marked]) {
        let source = wrapped(&document);
        let out = written(&outcome(&with(Descriptors::Strict), &source), &source);
        assert!(holds(&out, "<title>頭部CT</title>"));
    }
}

#[test]
fn japanese_encodings_are_read_and_written_as_utf_8() {
    let documents: [(&str, &[u8], &[u8]); 3] = [
        ("Shift_JIS", b"\x93\xAA\x95\x94CT", b"\x8E\x52\x93\x63\x89\xD4\x8E\x71 \x95\x5C"),
        ("Windows-31J", b"\x93\xAA\x95\x94CT", b"\x8E\x52\x93\x63\x89\xD4\x8E\x71"),
        ("euc-jp", b"\xC6\xAC\xC9\xF4CT", b"\xBB\xB3\xC5\xC4\xB2\xD6\xBB\xD2"),
    ];
    for (encoding, title, name) in documents {
        let declaration = format!("<?xml version='1.0' encoding='{encoding}'?>");
        let (head, rest) = (
            "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>",
            "</title><recordTarget><patientRole><patient><name>",
        );
        let tail = "</name></patient></patientRole></recordTarget></ClinicalDocument>";
        let parts = [declaration.as_bytes(), head.as_bytes(), title, rest.as_bytes(), name, tail.as_bytes()];
        let source = wrapped(&parts.concat());
        assert_eq!(verdict(&with(Descriptors::Strict), &source), "clean", "{encoding}");
        let out = written(&outcome(&with(Descriptors::Strict), &source), &source);
        assert!(holds(&out, "encoding=\"UTF-8\"") && holds(&out, "<title>頭部CT</title>"), "{encoding}");
        assert!(!holds(&out, "山田") && !out.windows(name.len()).any(|bytes| bytes == name), "{encoding}");
        // A byte that is no character, and an encoding that is not read.
        let broken = [declaration.as_bytes(), head.as_bytes(), b"\xA0\xFF", rest.as_bytes(), tail.as_bytes()].concat();
        assert_eq!(verdict(&with(Descriptors::Strict), &wrapped(&broken)), "document-embedded");
    }
    let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>\xE9</title></ClinicalDocument>";
    assert_eq!(verdict(&with(Descriptors::Strict), &wrapped(latin)), "document-embedded");
}

/// What CDA's schema (`POCD_MT000040`) asks for: attributes that an element must have, and the order of a document's header.
#[test]
fn a_document_keeps_what_its_schema_needs() {
    const NEEDS: [(&str, &[&str]); 8] = [
        ("observation", &["classCode", "moodCode"]),
        ("act", &["classCode", "moodCode"]),
        ("organizer", &["classCode", "moodCode"]),
        ("encounter", &["classCode", "moodCode"]),
        ("participant", &["typeCode"]),
        ("associatedEntity", &["classCode"]),
        ("entryRelationship", &["typeCode"]),
        ("relatedDocument", &["typeCode"]),
    ];
    const HEADER: [&str; 12] = [
        "realmCode",
        "typeId",
        "templateId",
        "id",
        "code",
        "title",
        "effectiveTime",
        "confidentialityCode",
        "languageCode",
        "setId",
        "versionNumber",
        "recordTarget",
    ];
    let more = "<participant typeCode=\"IRCP\"><associatedEntity classCode=\"CAREGIVER\"/></participant>\
        <relatedDocument typeCode=\"RPLC\"><parentDocument><id root=\"1.2.3\"/></parentDocument></relatedDocument>\
        <component><structuredBody><component><section><entry><encounter classCode=\"ENC\" moodCode=\"EVN\">\
        <entryRelationship typeCode=\"SPRTBND\"><act classCode=\"INFRM\" moodCode=\"PERM\"/></entryRelationship></encounter></entry>\
        <entry><organizer classCode=\"CLUSTER\" moodCode=\"EVN\"/></entry></section></component></structuredBody></component>";
    let full = FULL.replace("CANARYCLASS", "ALRT");
    let mut found = 0;
    for out in [cleaned(&with(Descriptors::Strict), &full), cleaned(&with(Descriptors::Strict), &minimal(more))] {
        for (name, attributes) in NEEDS {
            for element in out.split(&format!("<{name}")).skip(1).filter(|rest| rest.starts_with([' ', '>', '/'])) {
                let (element, _) = element.split_once('>').unwrap();
                assert!(attributes.iter().all(|a| element.contains(&format!(" {a}=\""))), "{name}: {element}");
                found += 1;
            }
        }
    }
    assert!(found > 8, "{found}");
    let out = cleaned(&with(Descriptors::Strict), &full);
    let places: Vec<usize> = HEADER.iter().map(|name| out.find(&format!("<{name}")).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn cleaning_again_changes_nothing_but_times_and_identifiers() {
    let mut still = policy("research", Descriptors::Strict);
    still.options.retain(|o| *o != OptionColumn::RtnLongModifiedDates);
    let profile = profile_of(still, &common::KEY, "");
    let once = cleaned(&profile, FULL);
    let twice = cleaned(&profile, &once);
    let without = |text: &str| {
        let parts = text.split("root=\"2.25.").map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()));
        parts.collect::<String>().trim_end().to_owned()
    };
    assert_eq!(without(&once), without(&twice));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Names and words of any kind in any element and attribute: none of the name is left, and what is left reads again.
    #[test]
    fn no_place_keeps_a_name(places in prop::collection::vec((0usize..24, 0usize..12, any::<bool>()), 0..24)) {
        const NAMES: [&str; 24] = ["section", "text", "paragraph", "td", "code", "value", "id", "name", "title", "observation",
            "effectiveTime", "low", "translation", "participant", "entry", "content", "list", "item", "act", "addr",
            "templateId", "statusCode", "quantity", "zz"];
        const ATTRIBUTES: [&str; 12] = ["code", "codeSystem", "displayName", "value", "unit", "root", "extension", "classCode",
            "nullFlavor", "xsi:type", "colspan", "zz"];
        let mut body = String::new();
        let mut open = Vec::new();
        for (name, attribute, close) in places {
            let (name, attribute) = (NAMES[name], ATTRIBUTES[attribute]);
            let end = if close { format!("</{name}>") } else { String::new() };
            body += &["<", name, " ", attribute, "=\"Zqxcanary\">Zqxcanary 頭部CT", &end].concat();
            if !close {
                open.push(name);
            }
        }
        for name in open.iter().rev() {
            body += &["</", name, ">"].concat();
        }
        let document = format!("<ClinicalDocument xmlns=\"urn:hl7-org:v3\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">{body}</ClinicalDocument>");
        let profile = with(Descriptors::Strict);
        let once = cleaned(&profile, &document);
        prop_assert!(!once.contains("Zqxcanary"), "{once}");
        cleaned(&profile, &once);
    }
}
