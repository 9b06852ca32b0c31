//! What holds for every text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod texts;

use proptest::prelude::*;
use texts::lists;
use tokumei_deid::text::{Facts, Lexicon, Settings, clean, folded, strict};

fn facts() -> Facts {
    Facts {
        names: vec![
            "Yamada^Hanako=山田^花子=ヤマダ^ハナコ".to_owned(),
            "Mori^Ken=森^健=モリ^ケン".to_owned(),
            "SMITH^JOHN".to_owned(),
        ],
        ids: vec!["0012345678".to_owned(), "A-0012".to_owned(), "1234".to_owned()],
        birth_dates: vec!["1958-03-05".to_owned()],
        addresses: vec!["神奈川県見本市例示町1丁目2番3号".to_owned()],
        numbers: vec!["000-1111-2222".to_owned()],
        occupations: vec!["宇宙飛行士".to_owned()],
        places: vec!["架空総合病院".to_owned(), "KGH".to_owned(), "Kakuu General Hospital".to_owned()],
        departments: vec!["放射線科".to_owned()],
    }
}

fn lexicon() -> Lexicon {
    Lexicon::new(&facts(), lists())
}

/// Values that no writing around them may carry through, as their folded letters and digits.
const VALUES: [&str; 12] = [
    "山田花子",
    "ヤマダハナコ",
    "ﾔﾏﾀﾞ ﾊﾅｺ",
    "やまだはなこ",
    "YAMADA HANAKO",
    "Hanako Yamada",
    "12345678",
    "0012345678",
    "19580305",
    "架空総合病院",
    "Kakuu General Hospital",
    "見本市例示町1丁目2番3号",
];

/// Pieces of texts: identity, words, marks, and what joins or parts them.
fn pieces() -> impl Strategy<Value = String> {
    let known = proptest::sample::select(VALUES.to_vec()).prop_map(str::to_owned);
    let words = proptest::sample::select(vec![
        "頭部",
        "胸部CT",
        "様",
        "さん",
        "先生",
        "関節",
        "単純",
        "子宮",
        "山",
        "田",
        "花",
        "子",
        "森",
        "健",
        "Mori",
        "Ken",
        "John",
        "Smith",
        "CT",
        "T2",
        "ID",
        "ID:",
        "TEL",
        "主治医",
        "患者名",
        "病院",
        "号室",
        "2024年5月1日",
        "R6.5.1",
        "5/1",
        "301",
        "1234",
        "A0012",
        "KGH",
        "ヤマ",
        "ダ",
        "ハナ",
        "コ",
        "ー",
        "ﾞ",
        "H.",
        "Dr.",
        "の",
        "に",
        "市",
        "町",
        "1-2-3",
        "S33.3.5",
        "歳",
        "95",
        "@",
        "http://",
    ])
    .prop_map(str::to_owned);
    let marks = proptest::sample::select(vec![
        " ", "　", "\n", "\r\n", "^", "=", "-", "_", ".", ",", "、", "。", "(", ")", "【", "】", ":", "/", "・", "\0",
        "\u{fffc}", "\u{200b}", "\u{301}",
    ])
    .prop_map(str::to_owned);
    let any = ".{0,3}".prop_map(|s: String| s);
    proptest::collection::vec(prop_oneof![2 => known, 4 => words, 4 => marks, 1 => any], 0..14).prop_map(|p| p.concat())
}

/// Letters and digits of the folded text; what stands between them says nothing.
fn bare(text: &str) -> String {
    folded(text, lists()).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn repeats(text: &str) -> Option<&'static str> {
    let lines: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).map(bare).collect();
    // Digits that marks part are other numbers; letters may stand apart.
    VALUES
        .iter()
        .find(|value| {
            let value = bare(value);
            let numeric = value.chars().all(|c| c.is_ascii_digit());
            if numeric { lines.iter().any(|l| l.contains(&value)) } else { lines.contains(&value) }
        })
        .copied()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn cleaning_twice_is_cleaning_once(text in pieces()) {
        let (lexicon, settings) = (lexicon(), Settings::default());
        let once = clean(&text, &lexicon, lists(), &settings);
        let twice = clean(&once.text, &lexicon, lists(), &settings);
        prop_assert_eq!(&once.text, &twice.text);
        prop_assert!(twice.cuts.is_empty());
        let kept = strict(&text, &lexicon, lists(), &settings);
        prop_assert_eq!(&strict(&kept.text, &lexicon, lists(), &settings).text, &kept.text);
    }

    #[test]
    fn no_text_carries_a_value_through(text in pieces(), shift in proptest::option::of(-3_700..-7_i32)) {
        let (lexicon, settings) = (lexicon(), Settings { shift_days: shift, ..Settings::default() });
        prop_assert_eq!(repeats(&clean(&text, &lexicon, lists(), &settings).text), None);
        prop_assert_eq!(repeats(&strict(&text, &lexicon, lists(), &settings).text), None);
    }

    #[test]
    fn strict_keeps_no_more_than_it_was_given(text in pieces()) {
        let kept = strict(&text, &lexicon(), lists(), &Settings::default()).text;
        prop_assert!(kept.chars().filter(|c| *c != ' ').all(|c| text.contains(c)));
    }

    #[test]
    fn any_text_at_all(text in any::<String>(), shift in proptest::option::of(any::<i32>())) {
        let settings = Settings { shift_days: shift, age_cap: 90 };
        let out = clean(&text, &lexicon(), lists(), &settings);
        prop_assert!(out.text.chars().count() <= text.chars().count() + 16 * out.cuts.len());
        strict(&text, &lexicon(), lists(), &settings);
    }

    /// Whatever the headers hold, building forms from it does not fail.
    #[test]
    fn any_facts_at_all(values in proptest::collection::vec(pieces(), 0..6), text in pieces()) {
        let facts = Facts {
            names: values.clone(), ids: values.clone(), birth_dates: values.clone(), addresses: values.clone(),
            numbers: values.clone(), occupations: values.clone(), places: values.clone(), departments: values,
        };
        let lexicon = Lexicon::new(&facts, lists());
        let settings = Settings::default();
        let once = clean(&text, &lexicon, lists(), &settings).text;
        prop_assert_eq!(&clean(&once, &lexicon, lists(), &settings).text, &once);
    }
}

/// Texts of the size limit take seconds, not minutes, whatever they are made of.
#[test]
fn time_grows_with_the_text_alone() {
    let (lexicon, settings) = (lexicon(), Settings::default());
    let time = |text: &str| {
        let start = std::time::Instant::now();
        clean(text, &lexicon, lists(), &settings);
        strict(text, &lexicon, lists(), &settings);
        start.elapsed().as_secs_f64()
    };
    for piece in [
        "頭部CT 異常なし。",
        "山田花子 ",
        "a",
        "1",
        "あ",
        "様",
        "山",
        "ア ",
        "1-",
        "(",
        "\u{301}",
        "@",
        "5/1 ",
        "x.",
        "1 2 3 ",
        "Yamada ",
        "〒",
        "住所",
        "病院",
        "の病院",
        "a.b@",
    ] {
        let count = |chars: usize| piece.repeat(chars / piece.chars().count());
        let (short, long) = (count(4_000), count(64_000));
        let (a, b) = (time(&short), time(&long));
        if std::env::var_os("TOKUMEI_TELL").is_some() {
            println!("{piece:?}: {a:.3} {b:.3} s");
        }
        assert!(b < 128.0 * a.max(0.02), "{piece:?}: {a} {b}");
    }
}
