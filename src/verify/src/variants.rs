//! Kanji that are written in several ways in names: each set is one character to whoever reads it aloud.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Sets of forms of one character, the usual one first. From the practice of Japanese registers of names.
const SETS: &str = "高髙 崎﨑嵜碕埼 辺邊邉 沢澤 斎斉齋齊 浜濱濵 広廣 桜櫻 国國圀 島嶋嶌 富冨 吉𠮷 徳德 恵惠 真眞 桑桒 柳栁 館舘 滝瀧 竜龍 栄榮 栗㮚 槙槇 緑綠 関關 団團 条條 県縣 礼禮 晃晄 \
    清淸 静靜 鉄鐵 宝寶 寿壽 実實 円圓 塩鹽 剣劍 剛㓻 黒黑 為爲 渕淵渊 峰峯 藪薮 籠篭 蔵藏 穂穗 秋秌 昿曠 坂阪 児兒 亀龜 会會 来來 与與 万萬 弥彌 桧檜 尭堯 遥遙 瑶瑤 薫薰 \
    祢禰 曽曾 当當 芦蘆 梅楳 松枩 聡聰 総總 豊豐 勲勳 楽樂";

/// The set of each character that is in one.
static SET_OF: LazyLock<HashMap<char, &str>> =
    LazyLock::new(|| SETS.split(' ').flat_map(|set| set.chars().map(move |c| (c, set))).collect());

/// Forms of one text that are made at most.
const MOST: usize = 24;

/// The usual form of a character; itself where it has no other.
pub fn usual(c: char) -> char {
    if c < '\u{3400}' {
        return c;
    }
    SET_OF.get(&c).and_then(|set| set.chars().next()).unwrap_or(c)
}

/// True for a selector of a glyph, which changes no character, and for a sign without width.
pub fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}')
}

/// `text` with every form of each of its characters, itself first; selectors of glyphs go.
pub fn variants(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    for c in text.chars().filter(|c| !is_selector(*c)) {
        let forms: Vec<char> = match SET_OF.get(&c) {
            Some(set) if out.len() * set.chars().count() <= MOST => {
                core::iter::once(c).chain(set.chars().filter(|f| *f != c)).collect()
            }
            _ => vec![c],
        };
        out = forms.iter().flat_map(|f| out.iter().map(move |start| format!("{start}{f}"))).collect();
    }
    if text.chars().any(is_selector) {
        out.insert(0, text.to_owned());
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use crate::tests::shared;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn every_form() {
        assert_eq!(variants("高橋"), ["高橋", "髙橋"]);
        assert!(variants("宮﨑").contains(&"宮崎".to_owned()) && variants("宮﨑")[0] == "宮﨑");
        assert_eq!(variants("渡邊").len(), 3);
        assert!(variants("斎齋斉齊斎").len() <= MOST);
        assert_eq!(usual('髙'), '高');
        assert_eq!(usual('山'), '山');
    }

    #[test]
    fn the_sets_of_the_field_are_known() {
        let Some(bytes) = shared("japan/lists.json") else { return };
        let all: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        for set in all["kanji_variants"].as_array().unwrap() {
            // Compatibility forms are made plain before.
            let all = set.as_array().unwrap().iter().flat_map(|f| f.as_str().unwrap().nfkc());
            let forms: Vec<char> = all.filter(|c| !is_selector(*c)).collect();
            assert!(forms.iter().all(|f| usual(*f) == usual(forms[0])), "{set}");
        }
    }
}
