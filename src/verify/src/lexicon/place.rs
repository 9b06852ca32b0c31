//! Institutions, departments, stations and addresses: whole, and what of them names a place by itself.

use super::{LONG, Speller};
use crate::generic::is_generic;
use crate::search::Weigh;
use crate::text::meant;
use crate::words::is_common;
use unicode_normalization::UnicodeNormalization;

/// What follows the name of an institution.
const AFTER: &str = "病院 総合病院 大学病院 附属病院 付属病院 大学附属病院 大学医学部附属病院 中央病院 市民病院 医院 クリニック 診療所 医療センター がんセンター センター 健診センター 療養所 療育園 医療院 \
    会";
/// What stands before it.
const BEFORE: &str = "国立病院機構 独立行政法人 地方独立行政法人 医療法人社団 医療法人財団 社会医療法人 社会福祉法人 医療法人 一般財団法人 公益財団法人 学校法人 国立";
/// The shortest part of a Japanese name or address that counts anywhere.
const SHORTEST_PART: usize = 3;
/// Words of an institution's name in other separators.
const MOST_WORDS: usize = 6;

impl Speller {
    #[inline(never)]
    pub(super) fn place(&mut self, value: &[u8], charsets: &[String]) {
        let texts = meant(value, charsets);
        if texts.iter().all(|t| is_generic(t)) {
            return;
        }
        self.raw(value);
        for text in texts {
            for one in text.split('\\').map(str::trim).filter(|v| !v.is_empty() && !is_generic(v)) {
                self.one(one, LONG);
                if one.is_ascii() {
                    self.words(one);
                } else {
                    let plain: String = one.nfkc().collect();
                    plain.split(|c: char| c.is_whitespace() || "^,・".contains(c)).for_each(|p| self.part(p));
                }
                self.postal_code(one);
            }
        }
    }

    /// A name of several words with other separators, and without the words that every such name has.
    fn words(&mut self, one: &str) {
        let words: Vec<&str> = one.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let own: Vec<&str> = words.iter().copied().filter(|w| !is_common(w)).collect();
        for list in [&words, &own] {
            if !(2..=MOST_WORDS).contains(&list.len()) || list.iter().all(|w| is_common(w)) {
                continue;
            }
            for separator in ["", " ", "_", "-", "."] {
                let form = list.join(separator);
                if form.len() >= LONG && !form.bytes().all(|b| b.is_ascii_digit()) {
                    self.ascii(&form, Weigh::Anywhere);
                }
            }
        }
    }

    /// A part of a Japanese name or address: without what such names have in common, and by districts.
    fn part(&mut self, part: &str) {
        let bare = BEFORE.split(' ').find_map(|b| part.strip_prefix(b)).unwrap_or(part);
        for core in AFTER.split(' ').filter_map(|a| bare.strip_suffix(a)).chain([bare, part]) {
            if core.chars().count() >= SHORTEST_PART && !is_generic(core) && !core.is_ascii() {
                self.wide_text(core);
            }
        }
        for district in part.split_inclusive(['都', '道', '府', '県', '市', '区', '町', '村', '郡']) {
            let prefecture = district.ends_with(['都', '道', '府', '県']);
            if district.len() < part.len()
                && !prefecture
                && district.chars().count() >= SHORTEST_PART
                && !is_generic(district)
            {
                self.wide_text(district);
            }
        }
    }

    /// Three digits and four (〒123-4567), in an address.
    fn postal_code(&mut self, one: &str) {
        let plain: String = one.nfkc().collect();
        for run in plain.split(|c: char| !(c.is_ascii_digit() || c == '-')) {
            if run.len() == 8 && run.find('-') == Some(3) && run.bytes().filter(u8::is_ascii_digit).count() == 7 {
                self.add(run.as_bytes(), Weigh::Number);
                self.number(run);
            }
        }
    }
}
