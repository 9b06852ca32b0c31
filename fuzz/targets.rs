//! What the fuzz targets do with their bytes. The replay test of `src/verify/tests` runs the same functions over the
//! corpus on a stable toolchain.
//!
//! Each panics on a broken promise; errors of the data are answers.

use std::sync::{Arc, LazyLock};
use tokumei_deid::text::{Facts, Lexicon, Lists, Settings, clean, folded, strict};
use tokumei_deid::{Profile, plan, policy, scan, transform};
use tokumei_dicom::charset::{CharacterSet, Evidence, to_utf8};
use tokumei_dicom::splice::{Edit, Edits, Head, splice as spliced};
use tokumei_dicom::value::uses_character_set;
use tokumei_dicom::{DataSet, Limits, Piece, Source, SourceUnreadable, Tag, read};
use tokumei_verify::policy::{Descriptors, VerifyLimits};
use tokumei_verify::{Verifier, VerifyPolicy};

/// Small, so that no input needs much memory or time.
fn limits() -> Limits {
    Limits { elements: 20_000, header_bytes: 4 << 20, text_value: 1 << 20, inflated: 4 << 20, ..Limits::default() }
}

/// Bytes whose reader checks that no range leaves the file.
struct Checked<'a>(&'a [u8]);

impl Source for Checked<'_> {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), SourceUnreadable> {
        let within = offset.checked_add(buf.len() as u64).is_some_and(|end| end <= self.len());
        assert!(within, "a range leaves the file");
        self.0.read_at(offset, buf)
    }
}

fn joined(pieces: &[Piece], source: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => out.extend_from_slice(bytes),
            Piece::Range { offset, len } => {
                let range = usize::try_from(*offset).ok().zip(usize::try_from(offset + len).ok());
                let bytes = range.and_then(|(a, b)| source.get(a..b));
                assert!(bytes.is_some(), "a piece leaves the source");
                out.extend_from_slice(bytes.unwrap_or_default());
            }
        }
    }
    out
}

/// Reads; the nodes are well formed.
pub fn tokenizer(data: &[u8]) {
    let Ok(ds) = read::parse(&Checked(data), &limits()) else { return };
    nodes(&ds);
}

fn nodes(ds: &DataSet) {
    let count = u32::try_from(ds.nodes().len()).unwrap_or(u32::MAX);
    assert!(count <= limits().elements, "more nodes than the limit");
    for (i, n) in (0..).zip(ds.nodes()) {
        assert!(n.header <= n.value && n.value <= n.end, "offsets of a node run backwards");
        assert!(n.next > i && n.next <= count, "a node ends before it begins");
        assert!(n.parent.is_none_or(|p| p < i), "a node stands before what is around it");
        assert!(n.depth <= limits().nesting, "deeper than the limit");
        let _ = (ds.text(i), ds.read_text(i), ds.path(i));
    }
    let walked: u32 = ds.children(None).map(|c| ds.node(c).map_or(0, |n| n.next - c)).sum();
    assert_eq!(walked, count, "children and nodes differ");
}

/// No edit gives the same bytes; any edit gives something without leaving the source.
pub fn splice(data: &[u8]) {
    let source = Checked(data);
    let Ok(ds) = read::parse(&source, &limits()) else { return };
    let Ok(same) = spliced(&ds, &source, &Edits::new(), &Head::Keep) else { return };
    assert!(joined(&same, data) == data, "no edit, other bytes");
    let count = ds.nodes().len().max(1);
    // The input chooses what is edited.
    let seed = data.iter().rev().take(8).fold(0usize, |n, b| n.wrapping_mul(31).wrapping_add(usize::from(*b)));
    let mut edits = Edits::new();
    for (i, step) in [(seed % count, 0), (seed / 7 % count, 1)] {
        let Ok(index) = u32::try_from(i) else { return };
        let sequence = ds.node(index).is_some_and(|n| n.vr == *b"SQ");
        match (step, sequence) {
            (0, _) => edits.set(index, Edit::Drop),
            (_, true) => edits.set(index, Edit::Items(Vec::new())),
            (_, false) => edits.set(index, Edit::Value(b"EDITED".to_vec())),
        }
    }
    if let Ok(pieces) = spliced(&ds, &source, &edits, &Head::Keep)
        && !ds.form().deflated
    {
        let _ = read::parse(&joined(&pieces, data), &limits());
    }
}

const DECLARATIONS: [&[u8]; 8] = [
    b"",
    b"ISO_IR 100",
    b"ISO_IR 13",
    b"ISO_IR 192",
    b"GB18030",
    b"ISO 2022 IR 13\\ISO 2022 IR 87\\ISO 2022 IR 159",
    b"\\ISO 2022 IR 149\\ISO 2022 IR 58",
    b"ISO 2022 IR 100\\ISO 2022 IR 144",
];

/// The input as one value under each kind of declaration, and all text of the file that it is.
pub fn charset(data: &[u8]) {
    let value = data.get(..4 << 10).unwrap_or(data);
    for (declaration, vr) in DECLARATIONS.iter().flat_map(|d| [(d, *b"LO"), (d, *b"PN"), (d, *b"LT"), (d, *b"UN")]) {
        text(CharacterSet::from_value(declaration), value, vr, &Evidence::default());
    }
    let Ok(ds) = read::parse(&Checked(data), &limits()) else { return };
    for (i, n) in (0..).zip(ds.nodes()) {
        if let Some(bytes) = ds.value(i).filter(|v| v.len() < 4 << 10) {
            text(ds.charset(i), bytes, n.vr, ds.evidence());
        }
    }
    converted(&ds, data);
}

/// A text's characters come from its bytes in order; cutting all leaves nothing; what is written reads the same.
fn text(set: CharacterSet, bytes: &[u8], vr: [u8; 2], evidence: &Evidence) {
    let Ok(text) = set.read(bytes, vr, evidence) else { return };
    let mut last = 0;
    for (at, character) in text.as_str().char_indices() {
        let origin = text.origin(at..at + character.len_utf8());
        assert!(origin.start >= last && origin.end > origin.start, "bytes of characters overlap");
        last = origin.end;
    }
    assert!(last <= bytes.len(), "a character lies outside of its value");
    let all = 0..text.as_str().len();
    assert!(
        set.cut(bytes, vr, evidence, &text, core::slice::from_ref(&all)).is_ok_and(|left| left.is_empty()),
        "something is left"
    );
    if let Ok(written) = set.encode(text.as_str(), vr) {
        assert!(set.decode(&written, vr).is_ok_and(|read| read == text.as_str()), "written text reads as another");
    }
}

/// A file that was made `ISO_IR 192` reads as such.
fn converted(ds: &DataSet, data: &[u8]) {
    let mut edits = Edits::new();
    if to_utf8(ds, &mut edits).is_err() || ds.form().deflated {
        return;
    }
    let Ok(pieces) = spliced(ds, &Checked(data), &edits, &Head::Keep) else { return };
    let Ok(out) = read::parse(&joined(&pieces, data), &limits()) else { return };
    for (i, _) in (0..).zip(out.nodes()).filter(|(_, n)| uses_character_set(n.vr)) {
        assert!(out.charset(i).is_utf8() && out.text(i).is_some(), "converted text does not read");
    }
}

/// What leaves is a Part 10 file that reads, and the same every time.
pub fn profile(data: &[u8]) {
    let Some(out) = output(data) else { return };
    assert_eq!(output(data).as_deref(), Some(out.as_slice()), "two runs differ");
    assert!(out.get(..128).is_some_and(|p| p.iter().all(|b| *b == 0)), "a preamble was left");
    assert!(out.get(128..132) == Some(b"DICM"), "no Part 10 file");
    assert!(read::parse(&out, &Limits::default()).is_ok(), "the output does not read");
}

fn lists() -> Option<Arc<Lists>> {
    static LISTS: LazyLock<Option<Arc<Lists>>> =
        LazyLock::new(|| Some(Arc::new(Lists::from_bytes(include_bytes!("../src/deid/data/text.lists")).ok()?)));
    LISTS.clone()
}

/// What leaves of an instance that stands alone; `None`: nothing does.
pub fn output(data: &[u8]) -> Option<Vec<u8>> {
    let profile = Profile::new(policy::shipped("headers-only")?, &[7; 32], "", Some(lists()?)).ok()?;
    let row = scan::scan(&profile, &Checked(data), "a.dcm");
    let namespace = row.namespace.clone().unwrap_or_default();
    if !plan::plan(&profile, &[row], None).first()?.passes() {
        return None;
    }
    let outcome = transform::transform(&profile, &Checked(data), &namespace);
    outcome.bytes_out?;
    Some(joined(&outcome.pieces, data))
}

/// A report made of the input: its tree keeps its shape, and no name stays.
pub fn structured(data: &[u8]) {
    const NAME: &[u8] = b"Zqxcanary^Name";
    let policy = policy::shipped("headers-only").and_then(|mut policy| {
        policy.descriptors = policy::Descriptors::Strict;
        Profile::new(policy, &[7; 32], "", Some(lists()?)).ok()
    });
    let Some(profile) = policy else { return };
    let report = report(data.get(..2 << 10).unwrap_or(data), NAME);
    let Ok(before) = read::parse(&Checked(&report), &limits()) else { return };
    let outcome = transform::transform(&profile, &Checked(&report), "");
    if outcome.bytes_out.is_none() {
        return;
    }
    let out = joined(&outcome.pieces, &report);
    assert!(!out.windows(NAME.len()).any(|w| w == NAME), "a name stays");
    let after = read::parse(&out, &limits());
    assert!(after.is_ok_and(|after| shape(&after) == shape(&before)), "another tree");
}

/// Items of Content Sequence: depth and number of each.
fn shape(ds: &DataSet) -> Vec<(u16, u32)> {
    let is_content =
        |parent: Option<u32>| parent.and_then(|p| ds.node(p)).is_some_and(|s| s.tag == Tag(0x0040, 0xA730));
    ds.nodes().iter().filter(|n| n.tag == Tag::ITEM && is_content(n.parent)).map(|n| (n.depth, n.item)).collect()
}

/// A report whose content items the input chooses: value types, concepts, nesting, values.
fn report(data: &[u8], name: &[u8]) -> Vec<u8> {
    const TYPES: [(&[u8], u16, &[u8]); 8] = [
        (b"TEXT", 0xA160, b"UT"),
        (b"PNAME", 0xA123, b"PN"),
        (b"UIDREF", 0xA124, b"UI"),
        (b"DATE", 0xA121, b"DA"),
        (b"DATETIME", 0xA120, b"DT"),
        (b"TIME", 0xA122, b"TM"),
        (b"CODE", 0xA160, b"UT"),
        (b"NUM", 0xA30A, b"DS"),
    ];
    const CONCEPTS: [&[u8]; 6] = [b"121071", b"121029", b"121031", b"121033", b"112039", b"113878"];
    let item = |value: &[u8]| {
        [b"\xFE\xFF\x00\xE0", u32::try_from(value.len()).unwrap_or(0).to_le_bytes().as_slice(), value].concat()
    };
    // From the inside out: what an item holds is written before it.
    let mut inside: Vec<u8> = Vec::new();
    for chunk in data.chunks(8) {
        let [kind, concept, nest, value @ ..] = chunk else { break };
        let (term, tag, vr) = TYPES.get(usize::from(kind % 8)).copied().unwrap_or(TYPES[0]);
        let code = CONCEPTS.get(usize::from(concept % 6)).copied().unwrap_or_default();
        let concept = [element((8, 0x100), b"SH", code), element((8, 0x102), b"SH", b"DCM")].concat();
        let mut own = element((0x40, 0xA040), b"CS", term);
        own.extend(element((0x40, 0xA043), b"SQ", &item(&concept)));
        let value = if kind & 0x40 == 0 { name } else { value };
        let held = element((0x40, tag), vr, value);
        let nested = if nest.is_multiple_of(4) { core::mem::take(&mut inside) } else { Vec::new() };
        let (first, last) = if tag < 0xA730 { (held, Vec::new()) } else { (Vec::new(), held) };
        own.extend(first);
        if !nested.is_empty() {
            own.extend(element((0x40, 0xA730), b"SQ", &nested));
        }
        own.extend(last);
        inside.extend(item(&own));
    }
    instance(b"1.2.840.10008.5.1.4.1.1.88.33", name, &element((0x40, 0xA730), b"SQ", &inside))
}

/// One element in explicit VR little endian.
fn element(tag: (u16, u16), vr: &[u8], value: &[u8]) -> Vec<u8> {
    let mut out = [tag.0.to_le_bytes(), tag.1.to_le_bytes()].concat();
    let mut value = value.to_vec();
    value.resize(value.len().next_multiple_of(2), if vr == b"UI" || vr == b"OB" { 0 } else { b' ' });
    out.extend(vr);
    match vr {
        b"UT" | b"SQ" | b"OB" => {
            out.extend([&[0, 0], u32::try_from(value.len()).unwrap_or(0).to_le_bytes().as_slice()].concat());
        }
        _ => out.extend(u16::try_from(value.len()).unwrap_or(0).to_le_bytes()),
    }
    out.extend(value);
    out
}

/// A file of a class around the elements that it ends with.
fn instance(class: &[u8], name: &[u8], last: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    out.extend(element((2, 0x10), b"UI", b"1.2.840.10008.1.2.1"));
    out.extend(element((8, 0x16), b"UI", class));
    out.extend(element((8, 0x18), b"UI", b"1.2.3.4"));
    out.extend(element((0x10, 0x10), b"PN", name));
    out.extend(element((0x10, 0x20), b"LO", b"P-778899"));
    out.extend(element((0x20, 0x0D), b"UI", b"1.2.3.5"));
    out.extend(element((0x20, 0x0E), b"UI", b"1.2.3.6"));
    out.extend(last);
    out
}

/// A text made of the input: cleaning it twice is cleaning it once, and no value of the lexicon stays.
pub fn cleaner(data: &[u8]) {
    const PARTS: [&str; 40] = [
        "山田花子",
        "山田",
        "花子",
        "ヤマダ",
        "ﾔﾏﾀﾞ",
        "ハナコ",
        "やまだ",
        "Yamada",
        "HANAKO",
        "Hanako",
        "0012345678",
        "12345678",
        "架空総合病院",
        "03-9999-1234",
        "19580305",
        "S33.3.5",
        "頭部",
        "胸部CT",
        "造影なし",
        "lung",
        "no change",
        "様",
        "先生",
        "Dr.",
        "ID:",
        "TEL",
        " ",
        "　",
        "\n",
        "^",
        "=",
        "-",
        ".",
        "/",
        "・",
        "(",
        ")",
        "ー",
        "の",
        "\u{301}",
    ];
    const VALUES: [&str; 5] = ["山田花子", "YAMADAHANAKO", "12345678", "架空総合病院", "ヤマダハナコ"];
    let Some(lists) = lists() else { return };
    let text: String = data
        .iter()
        .take(64)
        .map(|b| PARTS.get(usize::from(*b)).map_or_else(|| char::from(*b).to_string(), ToString::to_string))
        .collect();
    let facts = Facts {
        names: vec!["Yamada^Hanako=山田^花子=ヤマダ^ハナコ".to_owned()],
        ids: vec!["0012345678".to_owned()],
        birth_dates: vec!["19580305".to_owned()],
        numbers: vec!["03-9999-1234".to_owned()],
        places: vec!["架空総合病院".to_owned()],
        ..Facts::default()
    };
    let (lexicon, settings) = (Lexicon::new(&facts, &lists), Settings::default());
    for way in [clean, strict] {
        let once = way(&text, &lexicon, &lists, &settings).text;
        assert!(way(&once, &lexicon, &lists, &settings).text == once, "cleaned again, another text");
        // As a reader sees it: what shows nothing parts no words.
        let seen = folded(&once, &lists);
        let has = |value: &str| seen.split(|c: char| !c.is_alphanumeric()).any(|word| word == folded(value, &lists));
        assert!(!VALUES.into_iter().any(has), "a value of the lexicon stays");
    }
}

/// A CDA document made of the input: no name stays, and what is left is understood again.
pub fn document(data: &[u8]) {
    const NAME: &[u8] = b"Zqxcanary^Name";
    const CDA: &[u8] = b"1.2.840.10008.5.1.4.1.1.104.2";
    const TOKENS: [&str; 32] = [
        "<section>",
        "</section>",
        "<text>",
        "</text>",
        "<paragraph>",
        "</paragraph>",
        "<td>",
        "</td>",
        "<content>",
        "</content>",
        "<code code=\"Zqxcanary\" codeSystem=\"2.16.840.1.113883.6.1\" displayName=\"Zqxcanary\">",
        "</code>",
        "<id root=\"1.2.3\" extension=\"Zqxcanary\"/>",
        "<value xsi:type=\"ST\">",
        "</value>",
        "<value xsi:type=\"PQ\" value=\"",
        "\" unit=\"",
        "\"/>",
        "<name>",
        "</name>",
        "<observation classCode=\"",
        "\">",
        "</observation>",
        "<effectiveTime value=\"",
        "Zqxcanary",
        "頭部CT",
        "&amp;",
        "&#65;",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
    ];
    let policy = policy::shipped("headers-only").and_then(|mut policy| {
        policy.descriptors = policy::Descriptors::Strict;
        policy.documents.cda = policy::WrappedCda::Clean;
        Profile::new(policy, &[7; 32], "", Some(lists()?)).ok()
    });
    let Some(profile) = policy else { return };
    let mut body = Vec::new();
    for byte in data.iter().take(2 << 10) {
        match TOKENS.get(usize::from(*byte)) {
            Some(token) => body.extend(token.bytes()),
            None => body.push(*byte),
        }
    }
    let head: &[u8] =
        b"<ClinicalDocument xmlns=\"urn:hl7-org:v3\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">";
    let whole = [head, &body, b"</ClinicalDocument>"].concat();
    let cleaned = |document: &[u8]| {
        let source = instance(CDA, NAME, &element((0x42, 0x11), b"OB", document));
        let outcome = transform::transform(&profile, &Checked(&source), "");
        outcome.bytes_out?;
        let out = joined(&outcome.pieces, &source);
        let ds = read::parse(&out, &limits()).ok()?;
        ds.value(ds.find(None, Tag(0x42, 0x11))?).map(<[u8]>::to_vec)
    };
    let Some(once) = cleaned(&whole) else { return };
    assert!(!once.windows(9).any(|w| w.eq_ignore_ascii_case(b"Zqxcanary")), "a name stays");
    assert!(cleaned(&once).is_some(), "what was written is not understood");
}

/// An answer for every pair: the input as both, cut in two, and beside what the engine makes of it.
pub fn verify(data: &[u8]) {
    let options = ["rtn_safe_private", "rtn_patient_chars", "rtn_long_modified_dates", "clean_descriptors"];
    let policy = VerifyPolicy {
        options: options.map(str::to_owned).to_vec(),
        descriptors: Descriptors::Remove,
        limits: VerifyLimits { elements: 20_000, header_bytes: 4 << 20, inflated: 4 << 20, ..VerifyLimits::default() },
        ..VerifyPolicy::default()
    };
    let verifier = Verifier::new(policy, &[7; 32], "");
    let _ = verifier.verify(&data, &data);
    if let Some((first, rest)) = data.split_first() {
        let (a, b) = rest.split_at(rest.len() * usize::from(*first) / 256);
        let _ = verifier.verify(&a, &b);
        let _ = verifier.verify(&b, &a);
    }
    if let Some(out) = output(data) {
        let _ = verifier.verify(&data, &out);
        let _ = verifier.verify(&out, &data);
    }
}
