//! Names of departments, rooms and stations that every hospital has: no identity.

use crate::words::is_common;
use unicode_normalization::UnicodeNormalization;

/// True where nothing but general words of hospitals stands in the name of a place: 放射線科, `Radiology Department`.
pub fn is_generic(place: &str) -> bool {
    let plain: String = place.nfkc().collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).all(|word| {
        if word.is_ascii() {
            return is_common(word) || DEPARTMENT_WORDS.split(' ').any(|d| word.eq_ignore_ascii_case(d));
        }
        let mut rest = word;
        while !rest.is_empty() {
            let ascii = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
            let (start, after) = rest.split_at(ascii);
            let known = DEPARTMENTS.split(' ').filter_map(|d| after.strip_prefix(d)).min_by_key(|r| r.len());
            match known {
                Some(left) if start.is_empty() || is_common(start) => rest = left,
                None if after.is_empty() => return is_common(start),
                _ => return false,
            }
        }
        true
    })
}

const DEPARTMENT_WORDS: &str = "DEPT DIVISION SECTION WARD ROOM OF AND THE FOR DIAGNOSTIC INTERVENTIONAL NUCLEAR MEDICINE SURGERY \
    EMERGENCY PEDIATRICS CARDIOLOGY ONCOLOGY NEUROLOGY ORTHOPEDICS UROLOGY GYNECOLOGY OUTPATIENT \
    INPATIENT";

/// Departments, rooms and what hospitals are in general.
const DEPARTMENTS: &str = "内科 外科 放射線 診断 治療 消化器 循環器 呼吸器 脳神経 整形 形成 産婦人 婦人 産科 小児 泌尿器 皮膚 眼科 耳鼻咽喉 耳鼻 麻酔 救急 精神 心療 血液 腎臓 内分泌 糖尿病 膠原病 \
    心臓 血管 乳腺 リハビリテーション 病理 歯科 口腔 健診 検診 総合診療 緩和ケア 腫瘍 科 部 室 課 係 病院 当院 他院 外来 入院 病棟 センター 画像 透析 内視鏡 手術 検査 撮影 \
    読影 一般 透視 核医学 超音波 技術 情報 医療 医学 中央 第 本館 新館 別館 東 西 南 北 階 一 二 三 号 エコー マンモグラフィ アンギオ リニアック ポータブル 専用 高度 救命 \
    集中 管理 生理 臨床 研究 教育 大学 附属";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn general_words_name_no_place() {
        for w in ["放射線科", "CT室", "第2撮影室", "Radiology Department", "救命救急センター", "MR 1"]
        {
            assert!(is_generic(w), "{w}");
        }
        for w in ["みなと中央病院", "港病院", "Minato Hospital", "林医院"] {
            assert!(!is_generic(w), "{w}");
        }
    }
}
