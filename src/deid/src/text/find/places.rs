//! Institutions by their last and first words, addresses.

use super::{Marked, Role, View};
use crate::text::fold::Kind;
use crate::text::lists::{Mark, Word};

/// Longest name of an institution or a town, in characters.
const NAME_MAX: usize = 40;
/// Longest word before 病院 that names no institution.
const STEM_MAX: usize = 8;

/// Kanji before 大 that say how something grew.
const LARGER: &str = "腫肥拡増膨巨最粗過重";

impl View<'_> {
    pub(super) fn find_places(&mut self) {
        for nth in 0..self.listed.places.len() {
            let Some(i) = self.place(nth) else { break };
            if self.f.is_cjk(i) {
                self.facility(i);
                self.short_university(i);
                self.town(i);
                self.room(i);
            } else if self.f.kind(i) == Kind::Letter && self.f.before(i) != Kind::Letter {
                self.english_facility(i);
                self.english_room(i);
                self.english_town(i);
            } else if self.f.kind(i) == Kind::Digit && self.f.before(i) != Kind::Digit {
                self.numbered(i);
            }
        }
    }

    /// 架空総合病院: from the last harmless word before it on.
    fn facility(&mut self, i: usize) {
        let strong = self.mark(i, Mark::Facility);
        let weak = self.mark(i, Mark::FacilityWeak).filter(|_| strong.is_none());
        let Some(len) = strong.or(weak) else { return };
        let f = self.f;
        let mut end = i + len;
        let covering = self.piece(self.piece_at(end - 1)).copied();
        if covering.is_some_and(|p| matches!(p.role, Role::Word(_)) && p.end > end) {
            return;
        }
        let mut first = i;
        while first > 0 && i - first < NAME_MAX && (f.is_cjk(first - 1) || f.is_alnum(first - 1)) {
            first -= 1;
        }
        // 架空病院放射線科: the department of a place that is found by itself.
        let ends = |m: &Marked| m.start + m.len == i && matches!(m.kind, Mark::Facility | Mark::FacilityWeak);
        if weak.is_some() && (first..i).any(|j| self.marks_at(j).iter().any(ends)) {
            return;
        }
        let own = self.before_stems(first, i);
        let start = self.name_of_facility(first, own);
        if start >= own || weak.is_some() && self.weak_is_word(start, i) {
            return;
        }
        // 例示大学医学部附属病院: parts of the name behind it.
        for _ in 0..3 {
            let mut next = (end..end + 8).take_while(|&j| j == end || f.kind(j - 1) == Kind::Kanji);
            let Some(next) = next.find_map(|j| Some(j + self.mark(j, Mark::Facility)?)) else { break };
            end = next;
        }
        self.hit(start, end);
    }

    /// Where the name begins: behind the harmless words and particles at the start of the run.
    fn name_of_facility(&self, first: usize, end: usize) -> usize {
        let mut start = first;
        let mut index = self.piece_at(first);
        let mut behind_particle = first;
        while let Some(piece) = self.piece(index).filter(|p| p.start < end && p.end <= end) {
            if piece.role == Role::Word(Word::Particle) && self.f.is_kana(piece.start) {
                behind_particle = piece.end;
            }
            index += 1;
        }
        index = self.piece_at(first);
        // 済仁病院: a word of one kanji is no word where no longer one follows.
        let long = |i: usize| self.piece(i).is_some_and(|p| p.end <= end && p.end - p.start > 1 && self.is_word(i));
        let word = |i: usize| long(i) || long(i + 1) && self.is_word(i);
        while let Some(piece) =
            self.piece(index).filter(|p| p.end <= end && word(index) && !self.is_place_word(p.start, p.end))
        {
            start = piece.end;
            index += 1;
        }
        // A particle inside: 肺炎で架空病院; but names hold の too.
        let particle = behind_particle > start && self.f.at(behind_particle - 1) != 'ノ' && behind_particle < end;
        if particle { behind_particle } else { start }
    }

    /// Words that say nothing of a disease before 病院: they name it.
    fn is_place_word(&self, start: usize, end: usize) -> bool {
        const PLACES: [&str; 13] =
            ["中央", "市民", "東", "西", "南", "北", "新", "第", "日本", "東京", "大阪", "厚生", "住民"];
        PLACES.iter().any(|place| self.f.is(start, end, place))
    }

    /// The end of the name itself: before 総合, 内科, がん and the like.
    fn before_stems(&self, first: usize, end: usize) -> usize {
        let ends = |j: usize, own: usize| {
            let stems = [Mark::FacilityStem, Mark::Facility, Mark::Region];
            self.marks_at(j).iter().any(|m| m.start + m.len == own && stems.contains(&m.kind))
        };
        let mut own = end;
        while let Some(start) = (first.max(own.saturating_sub(STEM_MAX))..own).find(|&j| ends(j, own)) {
            own = start;
        }
        own
    }

    /// Centres and homes are names only behind two unknown kanji or a public body.
    fn weak_is_word(&self, start: usize, end: usize) -> bool {
        // 18mm大, 睾丸腫大
        let grown = |i: usize| LARGER.contains(self.f.at(i));
        if self.f.at(end) == '大' && (self.f.before(end) != Kind::Kanji || end.checked_sub(1).is_some_and(grown)) {
            return true;
        }
        let prefix = (start..end).any(|i| self.mark(i, Mark::FacilityPrefix).is_some());
        let centre = self.mark(end, Mark::FacilityWeak).unwrap_or(1) > 1;
        let unknown = (start..end)
            .filter(|&i| {
                self.piece(self.piece_at(i)).is_some_and(|p| !matches!(p.role, Role::Word(_)) || p.end - p.start == 1)
            })
            .count();
        let ends = !self.f.is_cjk(end + self.mark(end, Mark::FacilityWeak).unwrap_or(1));
        let single = end - start == 1 && self.mark(end, Mark::FacilityWeak).is_some_and(|len| len > 3) && unknown == 1;
        let family = end - start == 1 && centre && self.is_name_alone(start, end) || single;
        !(prefix || family || unknown >= 2 && (centre || ends))
    }

    /// 例示大より
    fn short_university(&mut self, i: usize) {
        let f = self.f;
        let after = ["ヨリ", "カラ", "ニテ", "ヘ", "ニ", "デ"].iter().any(|p| f.has(i + 1, p));
        if f.at(i) != '大' || !after || self.is_within_word(i) {
            return;
        }
        let mut start = i;
        let mut index = self.piece_at(i);
        while index > 0 && i - start < 4 {
            index -= 1;
            match self.piece(index) {
                Some(p) if p.end == start && !matches!(p.role, Role::Word(_)) && f.kind(p.start) == Kind::Kanji => {
                    start = p.start;
                }
                _ => break,
            }
        }
        if i - start >= 2 {
            self.hit(start, i + 1);
        }
    }

    fn is_within_word(&self, i: usize) -> bool {
        self.piece(self.piece_at(i)).is_some_and(|p| p.end - p.start > 1)
    }

    /// 見本市例示町1丁目: behind a prefecture, before a number, or where somebody lives.
    fn town(&mut self, i: usize) {
        let f = self.f;
        if let Some(len) = self.mark(i, Mark::Region) {
            let start = i + len;
            let stop = f.run(start, |j| j < start + 8 && f.is_cjk(j) && self.mark(j, Mark::Municipal).is_none());
            if self.mark(stop, Mark::Municipal).is_some() && stop > start {
                self.hit(start, self.address_end(start));
            }
        }
        if self.mark(i, Mark::Municipal).is_none() || self.is_within_word(i) {
            return;
        }
        let next = i + 1;
        let stop = self.address_end(next);
        let numbered = (next..stop).any(|j| f.kind(j) == Kind::Digit || matches!(f.at(j), '丁' | '番'));
        let lives = ["在住", "在", "居住", "出身", "ヨリ来", "カラ来"].iter().any(|w| f.has(next, w));
        let mut start = i;
        while start > 0
            && i - start < 6
            && (f.kind(start - 1) == Kind::Kanji || f.is_kana(start - 1))
            && !self.is_long_word(start - 1)
            && !matches!(f.at(start - 1), '都' | '道' | '府' | '県')
        {
            start -= 1;
        }
        if start < i && (numbered || lives) {
            self.hit(start, if numbered { stop } else { next });
        }
    }

    fn is_long_word(&self, i: usize) -> bool {
        self.piece(self.piece_at(i))
            .is_some_and(|p| matches!(p.role, Role::Word(word) if word == Word::Particle && self.f.is_kana(p.start) || p.end - p.start > 1))
    }

    /// Towns, numbers, a building and its room.
    fn address_end(&self, start: usize) -> usize {
        let f = self.f;
        let part = |j: usize| f.is_cjk(j) || f.is_alnum(j) || matches!(f.at(j), '-' | '~');
        let lives = |j: usize| ["在住", "居住", "出身", "ヨリ", "カラ"].iter().any(|w| f.has(j, w));
        let mut end = f.run(start, |j| part(j) && !lives(j) && !self.begins_word(j) && j < start + NAME_MAX);
        // 例示荘201
        if f.kind(end) == Kind::Space {
            let stop = f.run(end + 1, part);
            let digits = (end + 1..stop).any(|j| f.kind(j) == Kind::Digit);
            let cjk = f.is_cjk(end + 1);
            let room = f.before(stop) == Kind::Digit || matches!(f.at(stop.saturating_sub(1)), '号' | '室' | '階');
            if digits && cjk && room && !self.begins_word(end + 1) && (start..end).any(|j| f.kind(j) == Kind::Digit) {
                end = stop;
            }
        }
        end
    }

    /// A medical word that no town has in its name.
    fn begins_word(&self, i: usize) -> bool {
        self.piece(self.piece_at(i)).is_some_and(|p| {
            p.start == i
                && p.end - p.start > 1
                && matches!(p.role, Role::Word(Word::Body | Word::Modality | Word::Technique))
                && self.f.is_cjk(i)
        })
    }

    /// `Kakuu General Hospital`, `University of Nowhere`
    fn english_facility(&mut self, i: usize) {
        let f = self.f;
        let Some(len) = self.mark(i, Mark::Facility).filter(|_| f.kind(i) == Kind::Letter) else {
            return self.english_centre(i);
        };
        let end = i + len;
        let start = self.words_before(i);
        let behind = end + usize::from(f.at(end) == '.');
        let of = ["of ", "for "].iter().find(|w| f.has(behind + 1, w)).map(|w| behind + 1 + w.len());
        let end = match of {
            Some(at)
                if f.kind(behind) == Kind::Space
                    && self.is_capital(at)
                    && !self.is_known_word(at, self.word_end(at)) =>
            {
                self.word_end(at)
            }
            _ => end,
        };
        if start < i || end > i + len {
            self.hit(start, end);
        }
    }

    /// `Nowhere Medical Center`
    fn english_centre(&mut self, i: usize) {
        const FIRST: [&str; 7] = ["medical", "med", "health", "heart", "cancer", "imaging", "radiology"];
        const SECOND: [&str; 7] = ["center", "centre", "ctr", "clinic", "system", "associates", "partners"];
        let f = self.f;
        if !matches!(f.at(i), 'm' | 'h' | 'c' | 'i' | 'r') {
            return;
        }
        let (end, second) = (self.word_end(i), self.word_end(i) + 1);
        let stop = self.word_end(second);
        let pair = FIRST.iter().any(|w| f.is(i, end, w)) && SECOND.iter().any(|w| f.is(second, stop, w));
        if pair && f.kind(end) == Kind::Space {
            let start = self.words_before(i);
            if start < i {
                self.hit(start, stop);
            }
        }
    }

    /// A word before Hospital that does not name it: a medical word, any word in capitals alone, `Outside`.
    fn is_no_place(&self, start: usize, end: usize) -> bool {
        const OTHER: [&str; 14] = [
            "outside",
            "external",
            "referring",
            "other",
            "another",
            "this",
            "our",
            "emergency",
            "outpatient",
            "inpatient",
            "local",
            "from",
            "at",
            "teaching",
        ];
        match self.word(start, end) {
            None => false,
            Some(Word::Plain | Word::Clinical | Word::Eponym) => {
                self.is_capital(start + 1) || OTHER.iter().any(|word| self.f.is(start, end, word))
            }
            Some(_) => true,
        }
    }

    /// Capitalised words before a place's last word.
    fn words_before(&self, i: usize) -> usize {
        const JOINING: [&str; 12] = [
            "of",
            "the",
            "st",
            "and",
            "general",
            "medical",
            "university",
            "memorial",
            "city",
            "central",
            "national",
            "regional",
        ];
        let f = self.f;
        let mut start = i;
        let mut best = i;
        for _ in 0..6 {
            let gap =
                if start > 1 && f.at(start - 1) == ' ' && matches!(f.at(start - 2), '.' | '\'' | ',') { 2 } else { 1 };
            if start < gap || !matches!(f.at(start - 1), ' ' | '-' | '_' | '\'' | '.') {
                break;
            }
            let end = start - gap;
            let word = self.word_start(end);
            let listed = JOINING.iter().any(|joining| f.is(word, end, joining));
            if word == end || !self.is_capital(word) && !listed {
                break;
            }
            let joining = listed || end - word == 1;
            if !joining && self.is_no_place(word, end) {
                break;
            }
            start = word;
            // St. Brendan
            if !joining || best < i && f.is(word, end, "st") {
                best = word;
            }
        }
        best
    }
}
