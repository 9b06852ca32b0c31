//! The ways to write a name, a date and a number.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod texts;

use serde_json::Value;
use texts::{lists, shared, spans};
use tokumei_deid::text::date::{Reading, read};
use tokumei_deid::text::{Facts, Lexicon, Settings, clean};

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn cleaned(lexicon: &Lexicon, text: &str) -> String {
    clean(text, lexicon, lists(), &Settings::default()).text
}

fn lexicon_of(name: &str) -> Lexicon {
    Lexicon::new(&Facts { names: vec![name.to_owned()], ..Facts::default() }, lists())
}

/// Every writing of a reading is found by a lexicon that holds it in katakana alone, beside a second name part.
#[test]
fn every_writing_of_a_name() {
    let Some(path) = shared("japan/name_forms.json") else { return };
    let file = texts::json(&path);
    let names = file["names"].as_array().unwrap();
    assert_eq!(names.len(), 81);
    for name in names {
        let (kanji, kana) = (text_of(&name["kanji"]), text_of(&name["katakana"]));
        let lexicon = lexicon_of(&format!("=碧海^{kanji}=アオミ^{kana}"));
        let mut forms: Vec<(String, String)> = ["katakana", "hiragana", "halfwidth", "large_kana", "halfwidth_large"]
            .iter()
            .map(|key| {
                (
                    if *key == "hiragana" {
                        "あおみ"
                    } else if key.starts_with("half") {
                        "ｱｵﾐ"
                    } else {
                        "アオミ"
                    }
                    .to_owned(),
                    text_of(&name[key]).to_owned(),
                )
            })
            .collect();
        forms.push(("碧海".to_owned(), kanji.to_owned()));
        for key in ["romaji", "upper"] {
            forms.extend(spans(name, key).into_iter().map(|r| ("Aomi".to_owned(), r)));
        }
        for (family, given) in forms {
            for text in [
                format!("{family} {given} CT"),
                format!("CT {given}　{family}"),
                format!("{family}{given} CT"),
                format!("{family}^{given} CT"),
            ] {
                assert_eq!(cleaned(&lexicon, &text).trim(), "CT", "{text}");
            }
        }
    }
}

/// Names that are not alike are not taken for one another.
#[test]
fn other_names_stay() {
    let Some(path) = shared("japan/name_forms.json") else { return };
    let file = texts::json(&path);
    for pair in file["keys_differ"].as_array().unwrap() {
        let (a, b) = (text_of(&pair[0]), text_of(&pair[1]));
        let lexicon = lexicon_of(&format!("Aomi^{a}"));
        assert_eq!(cleaned(&lexicon, &format!("{a} CT")), if a.len() > 2 { "CT" } else { a }, "{a}");
        let text = format!("{b}x{b} CT");
        assert_eq!(cleaned(&lexicon, &text), text);
        let listed = cleaned(&lexicon_of("Aomi^Xyz"), &format!("{b} CT"));
        assert_eq!(cleaned(&lexicon, &format!("{b} CT")), listed, "{a} {b}");
    }
}

#[test]
fn every_date_of_a_column() {
    let Some(path) = shared("japan/date_vectors.json") else { return };
    let file = texts::json(&path);
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 91);
    let mut wrong = Vec::new();
    for vector in vectors {
        let input = text_of(&vector["input"]);
        let (status, iso) = match read(input, lists()) {
            Reading::Date { year, month, day, tolerated } => {
                let parts =
                    [Some(format!("{year:04}")), month.map(|m| format!("{m:02}")), day.map(|d| format!("{d:02}"))];
                let iso = parts.into_iter().flatten().collect::<Vec<_>>().join("-");
                (if tolerated { "tolerated" } else { "ok" }, Some(iso))
            }
            Reading::Invalid => ("invalid", None),
            Reading::Ambiguous => ("ambiguous", None),
        };
        if status != text_of(&vector["status"]) || iso.as_deref() != vector["iso"].as_str() {
            wrong.push(format!("{input}: {status} {iso:?}, {} {}", vector["status"], vector["iso"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn dates_move_in_the_form_they_have() {
    let lexicon = Lexicon::new(&Facts { birth_dates: vec!["19580305".to_owned()], ..Facts::default() }, lists());
    let settings = Settings { shift_days: Some(-7), ..Settings::default() };
    for (text, expected) in [
        ("2024年5月1日 CT", "2024年4月24日 CT"),
        ("前回(2023年11月2日)と比べ", "前回(2023年10月26日)と比べ"),
        ("R6.5.1 胸部", "R6.4.24 胸部"),
        ("R01.05.03 胸部", "H31.04.26 胸部"),
        ("令和元年5月3日", "平成31年4月26日"),
        ("平成元年1月10日", "昭和64年1月3日"),
        ("㋿1.5.3", "㍻31.4.26"),
        ("平成31年5月9日 胸部", "令和1年5月2日 胸部"),
        ("R060501 CT", "R060424 CT"),
        ("20240501 CT", "20240424 CT"),
        ("２０２４／５／１", "２０２４／４／２４"),
        ("2024/05/01", "2024/04/24"),
        ("2024-5-12T10:00", "2024-5-5T10:00"),
        ("令和六年五月十日", "令和六年五月三日"),
        ("二〇二四年五月一日", "二〇二四年四月二十四日"),
        ("05-MAR-2024", "27-FEB-2024"),
        ("March 5, 2024", "February 27, 2024"),
        ("2024年5月", "2024年5月"),
        ("令和6年5月 再診", "令和6年5月 再診"),
        // What is open and what is a birth date cannot move.
        ("前回比較 5/1", "前回比較"),
        ("24/05/01 follow", "follow"),
        ("S33.3.5生", "生"),
        ("1958/03/05 F", "F"),
        ("生年月日 2024/05/01", "生年月日"),
    ] {
        assert_eq!(clean(text, &lexicon, lists(), &settings).text, expected, "{text}");
    }
}

/// All spellings of one ID are found in text.
#[test]
fn every_spelling_of_an_id() {
    let Some(path) = shared("japan/id_vectors.json") else { return };
    let file = texts::json(&path);
    let of = |group: &str| -> Vec<String> {
        let own = file["vectors"].as_array().unwrap().iter().filter(|v| v["group"] == group);
        own.map(|v| text_of(&v["input"]).to_owned()).collect()
    };
    for group in ["A", "B", "C", "D"] {
        let ids = of(group);
        assert!(ids.len() > 1);
        for known in &ids {
            let lexicon = Lexicon::new(&Facts { ids: vec![known.clone()], ..Facts::default() }, lists());
            for id in &ids {
                let out = cleaned(&lexicon, &format!("胸部 {} CT", id.trim()));
                assert!(!out.chars().any(char::is_numeric), "{known} {id} {out}");
                assert!(out.starts_with("胸部") && out.ends_with("CT"), "{known} {id} {out}");
            }
        }
    }
}

#[test]
fn offsets_are_of_the_original() {
    let lexicon = lexicon_of("Yamada^Hanako=山田^花子=ヤマダ^ハナコ");
    for text in ["頭部 ﾔﾏﾀﾞ ﾊﾅｺ様 2024/5/1", "①㌔ 山田花子 胸部", "山田　花子", "CT", "e\u{301} 山田花子 A\u{30a}"]
    {
        for shift_days in [None, Some(-20)] {
            let out = clean(text, &lexicon, lists(), &Settings { shift_days, ..Settings::default() });
            let chars: Vec<char> = text.chars().collect();
            let mut rebuilt = String::new();
            let mut at = 0;
            for cut in &out.cuts {
                assert!(cut.start >= at && cut.start < cut.end && cut.end <= chars.len());
                rebuilt.extend(&chars[at..cut.start]);
                rebuilt.push_str(&cut.replacement);
                at = cut.end;
            }
            rebuilt.extend(&chars[at..]);
            assert_eq!(rebuilt, out.text);
        }
    }
}

/// A header in Latin letters alone tells how the name is read in kana.
#[test]
fn readings_of_names_in_latin_letters() {
    let lexicon = lexicon_of("KUWAORI^JUNICHIRO");
    for text in [
        "頭部CT クワオリ ジュンイチロウ",
        "頭部CT ｸﾜｵﾘ",
        "くわおりじゅんいちろう 頭部CT",
        "頭部CT ジユンイチロウ",
        "頭部CT クワオリ・ジュンイチロウ様",
    ] {
        assert_eq!(cleaned(&lexicon, text).trim(), "頭部CT", "{text}");
    }
    assert_eq!(cleaned(&lexicon, "頭部CT コントラスト"), "頭部CT コントラスト");
    // One reading known, the other beside it; readings in brackets.
    assert_eq!(cleaned(&lexicon_of("矢吹^ツル"), "造影後 ﾔﾌﾞｷ ﾂﾙ").trim(), "造影後");
    assert_eq!(cleaned(&lexicon_of("桑折^純一郎"), "胸部 桑折（クワオリ）純一郎（ジュンイチロウ）").trim(), "胸部");
}

/// Days, telephone numbers and addresses as people type them.
#[test]
fn numbers_as_they_are_typed() {
    let lexicon = lexicon_of("KUWAORI^JUNICHIRO");
    for text in
        ["腹部 2020_10_23", "腹部 2020:10:23", "腹部 Heisei 8.10.22", "腹部 Showa 58/01/24", "腹部 090.1234.5678"]
    {
        assert_eq!(cleaned(&lexicon, text).trim(), "腹部", "{text}");
    }
    for text in ["腹部 0.1234567890", "腹部 2000 x 1000", "Sequence 2000_1", "T 2.5 3"] {
        assert_eq!(cleaned(&lexicon, text), text);
    }
    assert_eq!(cleaned(&lexicon, "ID 6341761/Lumbar Spine"), "ID/Lumbar Spine");
    let facts =
        Facts { addresses: vec!["神奈川県見本市例示町5丁目6番23号".to_owned()], ..Facts::default() };
    let lexicon = Lexicon::new(&facts, lists());
    assert_eq!(cleaned(&lexicon, "腹部 見本市例示町5-6-23").trim(), "腹部");
}

/// A header in kanji alone: how they may be read goes in letters and kana where both parts stand, or one that is long.
#[test]
fn readings_of_names_in_kanji() {
    for (name, family, given) in [
        ("新垣^健", ("Arakaki", "アラカキ"), ("Ken", "ケン")),
        ("新垣 健", ("NIIGAKI", "ﾆｲｶﾞｷ"), ("TAKESHI", "ﾀｹｼ")),
        ("長谷川^恵子", ("Hasegawa", "はせがわ"), ("Keiko", "けいこ")),
        ("佐々木^翔太", ("Sasaki", "ササキ"), ("Shohta", "ショウタ")),
        ("=桐生^陽子=", ("Kiryu", "キリュウ"), ("Youko", "ヨウコ")),
        ("龍ヶ崎^みどり", ("Ryugasaki", "リュウガサキ"), ("Midori", "ミドリ")),
    ] {
        let lexicon = lexicon_of(name);
        for text in [
            format!("{} {} 胸部CT", family.0, given.0),
            format!("{}{} 胸部CT", family.0, given.0),
            format!("{} {} 胸部CT", given.0, family.0),
            format!("{} {} 胸部CT", family.1, given.1),
            format!("{}　{}様 胸部CT", family.1, given.1),
            format!("{}{} 胸部CT", family.1, given.1),
            format!("胸部CT {}, {}", family.0.to_uppercase(), given.0.to_uppercase()),
        ] {
            assert_eq!(cleaned(&lexicon, &text).trim(), "胸部CT", "{name} {text}");
        }
    }
    // What short readings mean elsewhere stays.
    let lexicon = lexicon_of("阿部^愛");
    for text in ["AI解析 胸部CT", "ABE study", "アイ トラッキング", "liver met, mai series"] {
        assert_eq!(cleaned(&lexicon, text), cleaned(&lexicon_of("KUWAORI^JUNICHIRO"), text), "{text}");
    }
    // What a header reads needs no guess.
    assert_eq!(cleaned(&lexicon_of("Niigaki^Ken=新垣^健"), "ABCDE Arakk 胸部CT"), "ABCDE Arakk 胸部CT");
}

/// A header in Latin letters alone: kanji that may be read so.
#[test]
fn kanji_of_names_in_latin_letters() {
    for (name, texts) in [
        ("HARA^TORU", ["原透 胃透視", "原 透 胃透視", "胃透視 (原)", "原・透 胃透視"]),
        ("ARAKAKI^KEN", ["新垣健 胃透視", "新垣 健　胃透視", "胃透視 新垣", "胃透視、新垣"]),
        ("YAMADA^HANAKO", ["山田花子 胃透視", "花子 胃透視", "胃透視 山田", "華子 胃透視"]),
    ] {
        let lexicon = lexicon_of(name);
        for text in texts {
            assert_eq!(cleaned(&lexicon, text).trim().trim_matches('、'), "胃透視", "{name} {text}");
        }
    }
    assert_eq!(cleaned(&lexicon_of("YAMADA^HANAKO"), "山田の胃透視"), "の胃透視");
    // The other part may have a reading that no list has.
    assert_eq!(cleaned(&lexicon_of("NUNOTA^AYAKA"), "胃透視 布田彩花"), "胃透視");
    assert_eq!(cleaned(&lexicon_of("MORI^SENTARO"), "森 専太郎 胃透視"), "胃透視");
    assert_eq!(cleaned(&lexicon_of("=井深^英直"), "ibuka hidenao 胃透視"), "胃透視");
    // What stands behind an address, and behind a technologist's title, is not of it.
    let nobody = Lexicon::new(&Facts::default(), lists());
    assert_eq!(cleaned(&nobody, "住所 見本郡例示村5-7-10 フィルム2枚"), "フィルム2枚");
    assert_eq!(cleaned(&nobody, "高見技師 翼状突起骨折"), "技師 翼状突起骨折");
    let facts = Facts { ids: vec!["A5553".to_owned()], ..Facts::default() };
    assert_eq!(cleaned(&Lexicon::new(&facts, lists()), "検査 A5553. CT"), "検査 . CT");
    let lexicon = lexicon_of("HARA^TORU");
    for text in ["原発性肺癌", "透視 原因", "腹部 透過性"] {
        assert_eq!(cleaned(&lexicon, text), text);
    }
}

/// Under `strict` the rest of a sentence stays behind the particle that joined it to a cut.
#[test]
fn what_follows_a_cut() {
    let nobody = Lexicon::new(&Facts::default(), lists());
    let strictly = |text: &str| tokumei_deid::text::strict(text, &nobody, lists(), &Settings::default()).text;
    assert_eq!(strictly("見本クリニックより紹介 門脈血栓"), "紹介 門脈血栓");
    assert_eq!(strictly("例示病院にて手術 腰椎MRI"), "手術 腰椎MRI");
    assert_eq!(strictly("山田様の胸部CT（林）"), "胸部CT");
}

/// Names of one kanji beside marks of who wrote, readings in brackets, initials, and numbers before towns.
#[test]
fn names_and_towns_by_what_stands_beside_them() {
    let nobody = Lexicon::new(&Facts::default(), lists());
    for (text, rest) in [
        ("所見なし。林記", "所見なし。記"),
        ("所見なし 森 記載", "所見なし 記載"),
        ("所見なし（記：林）", "所見なし（記：）"),
        ("所見なし 文責 林", "所見なし 文責"),
        ("所見なし 山田記", "所見なし 記"),
        ("林（ハヤシ）恵（メグミ）胸部CT", "胸部CT"),
        ("桑折（くわおり）純一郎（じゅんいちろう）胸部CT", "胸部CT"),
        ("Hayashi Y. chest CT", "chest CT"),
        ("Y. Hayashi chest CT", "chest CT"),
        ("H. Ono chest CT", "chest CT"),
        ("chest CT Abe K.", "chest CT"),
        ("胸部 1-2-3 例示町", "胸部"),
        ("胸部 12-3 本町 見本市", "胸部"),
        ("胸部 1-2-3 Reijicho, Mihon-shi", "胸部"),
        ("chest Mihon-ku", "chest"),
        ("検査技師 : 君津 政宏 胸部", "検査技師 : 胸部"),
        ("胸部 担当 加茂部 光茂", "胸部 担当"),
        ("紹介医：出口 胸部", "紹介医： 胸部"),
        ("胸部 担当　カモガワ", "胸部 担当"),
        ("胸部 H08/09/10", "胸部"),
    ] {
        assert_eq!(cleaned(&nobody, text).trim(), rest, "{text}");
        let strictly = tokumei_deid::text::strict(text, &nobody, lists(), &Settings::default()).text;
        for name in ["林", "森", "山田", "恵", "桑折", "Hayashi", "Ono", "Abe", "例示", "本町", "Reiji", "Mihon"]
        {
            assert!(!strictly.contains(name), "{text} {strictly}");
        }
    }
    for text in [
        "上記の通り",
        "下記",
        "診断：肺炎",
        "撮影 左",
        "依頼 中",
        "肝（カン）",
        "T1-2 胸椎",
        "1-2 区域",
        "L4-5 hernia",
        "睾丸腫大",
        "pancreatic pseudocyst",
        "S1/2/3 T10/11/12",
        "vitamin K. given",
        "axial T2. Coronal",
        "follow-up in-situ",
        "3-4 mm nodule",
        "M. pectoralis",
    ] {
        assert_eq!(cleaned(&nobody, text), text);
    }
}

/// What anatomy, stages, sequences, doses and sizes are made of is no date and no ID; a day beside them is one.
#[test]
fn letters_and_digits_of_medicine_are_no_days() {
    let nobody = Lexicon::new(&Facts::default(), lists());
    for text in [
        "T08/09/10 圧迫骨折",
        "vertebra T08/09/10",
        "Th8-10 T8/9/10 T12/L1 Th11/12 Th08",
        "L4/5 椎間板ヘルニア C3-4 C5/6/7 S1 L5/S1",
        "S2/3/4 区域 右S8/9/10 S5/6/7/8",
        "T2N0M0 pT1bN0M0 cT3N1M1 StageIIIB",
        "T1WI T2* b1000 b=1000 DWI b0/1000 3D 2D",
        "PET/CT 10mg 120 kV 250 mAs 0.625mm TR/TE 500/15",
        "C34.1 I21.9 G3 BI-RADS 4A",
        "5 min 30分後 3x4 cm 3×4×5cm 12.5 x 8.3 mm",
        "#11 #36,37 46番 右下6番",
        "検査目的 Grade 2/3",
        "検査目的 第4/5腰椎",
        "検査目的：2/3 以下",
        "2/6 収縮期雑音",
        "NRS 3/10",
    ] {
        assert_eq!(cleaned(&nobody, text), text);
    }
    for (text, rest) in [
        ("T08/09/10", ""),
        ("生年月日 T08/09/10", "生年月日"),
        ("S08/09/10 胸椎", "胸椎"),
        ("S8/9/10生", ""),
        ("S8-9-10 生", ""),
        ("DOB T8/9/10 椎体", "DOB 椎体"),
        ("MRI R5/6/7", "MRI"),
        ("胸部 H8/9/10", "胸部"),
        ("3/10 肺CT", "肺CT"),
        ("肺CT 5/20", "肺CT"),
        ("5/20 骨シンチ", "骨シンチ"),
        ("手術 2/3", "手術"),
        ("検査 2/3", "検査"),
    ] {
        let left = cleaned(&nobody, text);
        assert_eq!(left.trim().trim_end_matches('生').trim(), rest, "{text}");
    }
    let born = Lexicon::new(&Facts { birth_dates: vec!["19190910".to_owned()], ..Facts::default() }, lists());
    assert_eq!(cleaned(&born, "T08/09/10 圧迫骨折"), "圧迫骨折");
}

/// Grammar that no list of names knows by heart: who is told by what stands beside.
#[test]
fn people_places_and_numbers_by_their_grammar() {
    let nobody = Lexicon::new(&Facts::default(), lists());
    for (text, rest) in [
        ("保険者番号 38325623 記号・番号 128・34008 胸部CT", "保険者番号 記号・番号 胸部CT"),
        ("Pt Melissa Okonkwo DOB 1/16/1942 chest CT", "Pt DOB chest CT"),
        ("Pt Theresa O'Hara chest CT", "Pt chest CT"),
        ("Pt Douglas Moreau chest CT", "Pt chest CT"),
        ("Pt Douglas O'Connell chest CT", "Pt chest CT"),
        ("Referred from Lakeshore Imaging Associates for chest CT", "Referred from for chest CT"),
        ("Referred from St. Brendan Medical Center for chest CT", "Referred from for chest CT"),
        ("ナガヌマ クミ 胸部CT", "胸部CT"),
        ("つかこし りょうすけ　胸部CT", "胸部CT"),
        ("保坂　まゆみ 胸部CT", "胸部CT"),
        ("赤沢まゆみ｜胸部CT", "｜胸部CT"),
        ("胸部CT／実施 辻", "胸部CT／実施"),
        ("撮影技師 北沢　右大腿骨頸部骨折", "撮影技師 右大腿骨頸部骨折"),
        ("撮影技師 川辺　第4腰椎圧迫骨折", "撮影技師 第4腰椎圧迫骨折"),
    ] {
        let left = cleaned(&nobody, text);
        assert_eq!(left.split_whitespace().collect::<Vec<_>>().join(" "), rest, "{text}");
    }
    for text in [
        "依頼：第4腰椎圧迫骨折",
        "Pt Unable To Lie",
        "Pt Head First",
        "コントラスト ウスイ",
        "実施 中",
        "Imaging Associates",
    ] {
        assert_eq!(cleaned(&nobody, text), text);
    }
    // ふじ is Fuji and Huzi.
    let kana = lexicon_of("ﾌｼﾞ^ﾕｳｷ");
    assert_eq!(cleaned(&kana, "Y. Fuji chest CT").trim(), "chest CT");
}
