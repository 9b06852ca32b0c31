//! Every writing of what a header says, planted in an output that is clean: each is found, in text and in other values.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod common;

use common::Pair;
use common::plant::{detail, jis, new, planted, sjis, source, utf16};
use encoding::all::EUC_JP;
use encoding::{EncoderTrap, Encoding};
use tokumei_verify::Detail;

/// The made-up person's slice with staff, places and numbers of every kind.
fn full_source() -> Vec<u8> {
    let name = |family: &str, given: &str| [jis(family), b"^".to_vec(), jis(given)].concat();
    planted(
        &source(),
        vec![
            new(0x0008_0081, "ST", &jis("〒106-0047 東京都港区見本町1丁目2番3号")),
            new(0x0008_1040, "LO", &jis("放射線科")),
            new(0x0008_1048, "PN", &name("高橋", "宮崎")),
            new(0x0008_1050, "PN", &[b"=".to_vec(), name("林", "茂")].concat()),
            new(0x0008_1060, "PN", &name("サトウ", "リョウ")),
            new(0x0008_1070, "PN", b"DATE^SHIN"),
            new(0x0010_1000, "LO", b"3391"),
            new(0x0010_1001, "PN", &name("ハットリ", "ジュンイチ")),
            new(0x0010_1040, "LO", &jis("神奈川県例示市試作町5-6-7")),
            new(0x0038_0300, "LO", &jis("医療法人社団みなと台中央病院")),
        ],
    )
}

/// Where a leak is planted: Convolution Kernel stays; a look-up table's bytes have no text VR.
const TEXT: (u32, &str) = (0x0018_1210, "SH");
const BYTES: (u32, &str) = (0x0028_1201, "OW");

struct Planted {
    pair: Pair,
    source: Vec<u8>,
    output: Vec<u8>,
}

impl Planted {
    fn new() -> Self {
        Self::of(full_source())
    }

    fn of(source: Vec<u8>) -> Self {
        let pair = Pair::shipped("headers-only");
        let output = pair.output(&source, "a.dcm").unwrap();
        assert_eq!(detail(&pair, &source, &output), None, "the output is clean");
        Self { pair, source, output }
    }

    fn found(&self, (at, vr): (u32, &str), value: &[u8]) -> bool {
        let found = detail(&self.pair, &self.source, &planted(&self.output, vec![new(at, vr, value)]));
        matches!(found, Some((Detail::Identity(_), _)))
    }

    fn all(&self, texts: &[&str], places: &[(u32, &str)]) {
        for text in texts {
            for place in places {
                assert!(self.found(*place, text.as_bytes()), "{text} in {}", place.1);
            }
        }
        println!("{} planted, all found", texts.len() * places.len());
    }

    fn none(&self, texts: &[&str]) {
        for text in texts {
            assert!(!self.found(TEXT, text.as_bytes()), "{text}");
        }
    }
}

fn euc(text: &str) -> Vec<u8> {
    EUC_JP.encode(text, EncoderTrap::Strict).unwrap()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let n = three.iter().fold(0usize, |n, b| n << 8 | usize::from(*b)) << (8 * (3 - three.len()));
        (0..=three.len()).for_each(|i| out.push(char::from(DIGITS[n >> (18 - 6 * i) & 63])));
        (three.len()..3).for_each(|_| out.push('='));
    }
    out
}

#[test]
fn names_in_every_writing() {
    let p = Planted::new();
    let anywhere = [
        "ﾔﾏﾀﾞ",
        "やまだ様",
        "ヤマダ",
        "山田",
        "頭部山田太郎殿",
        "dr.yamada",
        "xyamadax",
        "ＹＡＭＡＤＡ",
        "Ｙａｍａｄａ",
        "髙橋先生",
        "高橋",
        "ハツトリ",
        "ﾊｯﾄﾘ",
        "ﾊﾂﾄﾘ",
        "はっとり",
        "hattori",
        "HATTORI_JUN",
        "junichi",
        "Jun'ichi",
        "jun-ichi",
        "ZYUNITI",
        "xzyunitix",
        "さとう",
        "ｻﾄｳ",
    ];
    p.all(&anywhere, &[TEXT, BYTES]);
    let words = [
        "sato",
        "SATOH 5MM",
        "Satou",
        "satō",
        "Ryo Sato",
        "RYOU",
        "林様",
        "林 茂",
        "担当：林",
        "頭部 林 単純",
        "茂林",
        "サトー",
        "リヨウ",
        "DATE SHIN",
        "Shin.Date",
        "SHIN/DATE",
        "Date, S.",
        "Dr. Date",
        "date 先生",
        "DATESHIN",
        "yamadah",
        "3391: chest ID 3391",
    ];
    p.all(&words, &[TEXT]);
    p.none(&[
        "date of scan",
        "SHIN bone",
        "森林",
        "林立する",
        "放射線科",
        "放射線科 CT室",
        "3391 mm",
        "東京都",
        "病院",
        "Y.T.",
        "S.D.",
        "高い",
        "satin",
        "hats",
        "1:2:3",
    ]);
}

#[test]
fn numbers_places_and_days() {
    let p = Planted::new();
    let anywhere = [
        "0048213579",
        "48213579",
        "00000048213579",
        "00-482-13579",
        "004-821-3579",
        "A20240611-0017",
        "202406110017",
        "035555-0147",
        "03-5555-0147",
        "81355550147",
        "106-0047",
        "1060047",
        "見本町",
        "例示市",
        "みなと台中央",
        "MinatoCentral",
        "Minato_Central",
        "minato-central-hospital",
        "ctroom07",
        "20240611",
        "2024-06-11",
        "2024/6/11",
        "2024.06.11",
        "11-Jun-2024",
        "June 11, 2024",
        "11 Jun 2024",
        "06/11/2024",
        "R6.6.11",
        "R060611",
        "令和6年6月11日",
        "令6.6.11",
        "令和六年六月十一日",
        "二〇二四年六月十一日",
        "2024年06月11日",
        "S35.2.3",
        "S350203",
        "㍼35.2.3",
        "昭35/2/3",
        "3350203",
        "1960年2月3日",
    ];
    p.all(&anywhere, &[TEXT, BYTES]);
    let words = [
        "0048 213 579",
        "0048_213_579",
        "0048.213.579",
        "００４８-２１３-５７９",
        "48/213/579",
        "A 20240611 0017",
        "SN 778812",
        "(03)5555-0147",
        "03 5555 0147",
        "+81 3 5555 0147",
        "2024 06 11",
        "2024・6・11",
        "2024:06:11",
        "２０２４／０６／１１",
        "Ｒ６．６．１１",
        "11.6.2024",
    ];
    p.all(&words, &[TEXT]);
    p.none(&["0.48213579123", "2024", "VR6.6.111", "120 140 2024", "L1/2", "35.2.3", "0355550148"]);
}

#[test]
fn names_in_every_encoding_and_wrapping() {
    let p = Planted::new();
    let mut count = 0;
    let codes = [
        jis("山田太郎"),
        sjis("山田太郎"),
        euc("山田太郎"),
        "山田太郎".as_bytes().to_vec(),
        utf16("山田太郎", false),
        utf16("山田太郎", true),
        sjis("ﾔﾏﾀﾞ ﾀﾛｳ"),
        euc("やまだ"),
        b"YAMADA^TARO".to_vec(),
        utf16("Yamada", false),
        sjis("ＹＡＭＡＤＡ"),
        b"\x1b(I\x54\x4f\x40\x5e\x1b(B".to_vec(),
    ];
    for code in &codes {
        let each = |sign: &str| code.iter().fold(String::new(), |all, b| format!("{all}{sign}{b:02X}"));
        let hex = each("").to_ascii_lowercase();
        let spaced: Vec<String> = code.iter().map(|b| format!("{b:02X}")).collect();
        let percent = each("%");
        let mut wrapped =
            vec![hex.clone(), format!("1{hex}"), spaced.join(" "), percent.clone(), percent.replace('%', "=")];
        for shift in 0..3 {
            wrapped.push(base64(&[&b"abc"[..shift], code, b"!"].concat()));
        }
        let digits = base64(code);
        wrapped.push(base64(digits.as_bytes()));
        wrapped.push(digits.replace('+', "-").replace('/', "_").replace('=', ""));
        wrapped.push(format!("{}\r\n{}", &digits[..4], &digits[4..]));
        for text in wrapped {
            for place in [TEXT, BYTES] {
                assert!(p.found(place, text.as_bytes()), "{text} in {}", place.1);
                count += 1;
            }
        }
        // Seven-bit kana are known in texts alone.
        assert!(p.found(TEXT, code));
    }
    let references = ["&#23665;&#30000;", "&#x5C71;&#x7530;&#x592A;", "\\u5c71\\u7530", "Y&#65;MADA", "%59amada"];
    p.all(&references, &[TEXT, BYTES]);
    println!("{count} wrapped, all found");
    p.none(&["ORIGINAL", "aGVsbG8gd29ybGQ=", "68656c6c6f20776f726c64", "%41BC", "&amp;"]);
}

/// A source whose patient and referring physician have names in one script alone.
fn source_of(patient: &[u8], physician: &[u8]) -> Vec<u8> {
    planted(&source(), vec![new(0x0010_0010, "PN", patient), new(0x0008_0090, "PN", physician)])
}

#[test]
fn kanji_alone_tell_how_they_are_read() {
    let name = |family: &str, given: &str| [b"=".to_vec(), jis(family), b"^".to_vec(), jis(given)].concat();
    let p = Planted::of(source_of(&name("新垣", "健"), &name("阿部", "恵")));
    p.all(
        &[
            "Arakaki Ken",
            "KEN ARAKAKI",
            "seen by arakaki",
            "Arakaki, K.",
            "アラカキ",
            "ｱﾗｶｷ ｹﾝ",
            "あらかき　けん様",
            "Dr. Abe",
            "Abe Megumi",
            "abe m. 5 mm",
            "アベ様",
            "アベメグミ",
        ],
        &[TEXT],
    );
    p.none(&["Ken", "Abe", "babel", "アベレージ", "kenbikyo", "Araka", "アラタ"]);
}

#[test]
fn letters_and_kana_alone_tell_how_they_are_written() {
    let p = Planted::of(source_of(b"ARAKAKI^KEN", &[jis("いのうえ"), b"^".to_vec(), jis("じゅん")].concat()));
    p.all(&["新垣健", "頭部新垣　健様", "新垣", "井上先生", "井上 潤", "担当：井上", "上原 健 新垣"], &[TEXT]);
    p.none(&["以上", "健康", "上部", "垣", "健", "右上葉"]);
}
