//! Keeps a text only if every token of it is known to be harmless.

use super::find::{Piece, Role, Rules, View};
use super::fold::{Folded, Kind, characters};
use super::lists::{Mark, Name, Word};
use super::{Cleaned, Cut, Lexicon, Lists, Settings, glance};

/// Digits of a number that is no identifier: alone, and joined to letters.
const DIGITS: usize = 4;
const DIGITS_JOINED: usize = 3;
/// Rounds until the words that are left are harmless together too.
const ROUNDS: usize = 4;

/// The text itself where all of it is harmless. Else, of each sentence and of what stands between two cuts: the same; or
/// the words of body parts, modalities, techniques and purposes that were found in it, and no findings, since words alone
/// may say the opposite of their sentence.
pub fn strict(text: &str, lexicon: &Lexicon, lists: &Lists, settings: &Settings) -> Cleaned {
    let mut now = text.to_owned();
    for round in 0..ROUNDS {
        match words_of(&now, round > 0, lexicon, lists, settings) {
            None => return cleaned(text, now),
            Some(words) => now = words,
        }
    }
    cleaned(text, String::new())
}

fn cleaned(text: &str, now: String) -> Cleaned {
    let end = text.chars().count();
    let cuts = if now == text { Vec::new() } else { vec![Cut { start: 0, end, replacement: now.clone() }] };
    Cleaned { cuts, text: now }
}

/// `None`: all of it is harmless. What stands behind a label that lost its value is not its value: the label goes then.
fn words_of(text: &str, again: bool, lexicon: &Lexicon, lists: &Lists, settings: &Settings) -> Option<String> {
    let chars = characters(text);
    let f = Folded::of(&chars, lists);
    if glance::is_harmless(&f, lexicon, lists, settings, true) {
        return None;
    }
    let rules = Rules { shifts: false, age_cap: settings.age_cap };
    let view = View::new(&f, lists, lexicon, rules);
    if view.hits.is_empty() && view.is_harmless(0, f.len()) && f.len() > 0 || chars.is_empty() {
        return None;
    }
    let mut hit = vec![false; f.len()];
    for h in &view.hits {
        let (start, end) = h.label.filter(|_| again).unwrap_or_else(|| view.with_honorific(h.start, h.end));
        hit.get_mut(start..end).unwrap_or_default().fill(true);
    }
    let short =
        view.hits.iter().map(|h| h.start).filter(|&i| {
            f.kind(i) == Kind::Kanji && (f.kind(i + 1) != Kind::Kanji || view.honorific_at(i + 1).is_some())
        });
    let short = short.map(|i| f.at(i)).collect();
    let mut out = Text { f: &f, chars: &chars, short, out: String::new(), last: None };
    let mut start = 0;
    while start < f.len() {
        // A sentence, or what of it stands between two hits.
        let cut = hit.get(start) == Some(&true);
        let end =
            f.whole_run(start, |i| (hit.get(i) == Some(&true)) == cut && (i == start || !view.ends_sentence(i - 1)));
        if !cut {
            view.keep(&hit, start, end, &mut out);
        }
        start = end;
    }
    Some(out.out)
}

/// What stays of a text.
struct Text<'a> {
    f: &'a Folded,
    chars: &'a [char],
    /// Names of one kanji that were cut: single words do not repeat them.
    short: Vec<char>,
    out: String,
    /// Where the last stretch that was kept ended.
    last: Option<usize>,
}

impl Text<'_> {
    /// Keeps a stretch of the original; what joined it to the last one stays, or a blank stands there.
    fn keep(&mut self, start: usize, end: usize) {
        let f = self.f;
        if let Some(last) = self.last {
            let joined = start - last <= 3 && (last..start).all(|i| is_joint(f.at(i)));
            if joined {
                self.out.extend(self.chars.get(f.end(last)..f.start(start)).unwrap_or_default());
            } else {
                self.out.push(' ');
            }
        }
        self.last = Some(end);
        self.out.extend(self.chars.get(f.start(start)..f.end(end)).unwrap_or_default());
    }
}

impl View<'_> {
    /// True where every token of a stretch is known.
    pub(super) fn is_harmless(&self, start: usize, end: usize) -> bool {
        let pieces = self.pieces.iter().enumerate().skip(self.piece_at(start)).take_while(|(_, p)| p.start < end);
        let pieces = pieces
            .into_iter()
            .all(|(index, piece)| piece.start >= start && piece.end <= end && self.is_token(index, piece));
        let f = self.f;
        pieces && (start..end).all(|i| f.kind(i) != Kind::Mark || is_plain(f.at(i)))
    }

    /// Keeps a stretch without hits: all of it where all of it is harmless, else the words that describe.
    fn keep(&self, hit: &[bool], start: usize, end: usize, out: &mut Text<'_>) {
        let (from, to) = self.without_names(hit, start, end);
        if from < to && self.is_harmless(from, to) {
            out.keep(from, to);
            return;
        }
        let within = self.pieces.iter().enumerate().skip(self.piece_at(start)).take_while(|(_, p)| p.start < end);
        for (index, piece) in within {
            // 造影なし without なし would say the opposite.
            let whether = out.last == Some(piece.start) && self.is_whether(piece);
            let repeats = self.f.slice(piece.start, piece.end).iter().any(|c| out.short.contains(c));
            if piece.start >= start && piece.end <= end && !repeats && (self.describes(index, piece) || whether) {
                out.keep(piece.start, piece.end);
            }
        }
    }

    /// A stretch without blanks at its ends, and without what may be the rest of a name beside a hit: words that are
    /// names too, single kanji and letters. Beside numbers no name goes on.
    fn without_names(&self, hit: &[bool], mut start: usize, mut end: usize) -> (usize, usize) {
        let f = self.f;
        let is_name = |i: Option<usize>| i.is_some_and(|i| hit.get(i) == Some(&true) && f.kind(i) != Kind::Digit);
        let is_hit = |i: Option<usize>| i.is_some_and(|i| hit.get(i) == Some(&true));
        // No name goes on in another script.
        let goes_on = |i: Option<usize>, p: &Piece| is_name(i) && i.is_some_and(|i| f.is_cjk(i) == f.is_cjk(p.start));
        let (before, after) = (start.checked_sub(1), Some(end));
        let loose = |i: usize, hit: bool| f.kind(i) == Kind::Space || hit && is_separator(f.at(i));
        loop {
            let from = start;
            start = f.run(from, |i| i < end && loose(i, is_hit(before)));
            let piece = self.piece(self.piece_at(start)).filter(|p| p.start == start && p.end <= end);
            let apart = self.is_parted(from, start);
            let joins = |p: &Piece| p.role == Role::Word(Word::Particle) && f.kind(p.start) == Kind::Hiragana;
            let fits = |p: &Piece| {
                // より紹介: what joined the cut to the rest.
                is_hit(before) && from == start && joins(p)
                    || goes_on(before, p) && !apart && self.may_be_name(p, from == start, p.end)
            };
            match piece.filter(|p| fits(p)) {
                Some(piece) => start = piece.end,
                None => break,
            }
        }
        loop {
            let from = end;
            while end > start && loose(end - 1, is_hit(after)) {
                end -= 1;
            }
            let piece = end.checked_sub(1).and_then(|i| self.piece(self.piece_at(i)));
            let piece = piece.filter(|p| p.end == end && p.start >= start);
            let apart = self.is_parted(end, from);
            match piece.filter(|p| goes_on(after, p) && !apart && self.may_be_name(p, from == end, p.start)) {
                Some(piece) => end = piece.start,
                None => break,
            }
        }
        (start, end)
    }

    /// True for a stretch that parts what stands before it from what stands behind it: no name has it inside.
    fn is_parted(&self, start: usize, end: usize) -> bool {
        let f = self.f;
        end - start > 2 || (start..end).any(|i| matches!(f.at(i), '/' | '、' | ':' | '|' | ';' | '-'))
    }

    /// A harmless word that may be part of a name, which goes on at its one side without a mark or with one, and whose
    /// other side is given.
    fn may_be_name(&self, piece: &Piece, touches: bool, other: usize) -> bool {
        let f = self.f;
        let word = f.slice(piece.start, piece.end);
        match f.kind(piece.start) {
            // L-Spine, V/Q
            Kind::Letter if word.len() == 1 => {
                !(matches!(f.at(piece.end), '-' | '/') && f.is_alnum(piece.end + 1) && other == piece.end)
            }
            Kind::Letter => self.is_listed(piece.start, piece.end),
            Kind::Kanji => {
                let outside = if other == piece.end { other } else { other.wrapping_sub(1) };
                let whole = touches || !f.is_cjk(outside) && !f.is_alnum(outside);
                let plain = matches!(piece.role, Role::Word(Word::Plain | Word::Eponym | Word::Like));
                let given = plain && self.lists.looks_given(word);
                whole && (word.len() == 1 || given) || self.is_name(piece.start, piece.end, Name::Family)
            }
            Kind::Hiragana | Kind::Katakana => self.is_japanese_name(piece.start, piece.end),
            _ => false,
        }
    }

    /// True behind the last character of a sentence or a heading.
    fn ends_sentence(&self, i: usize) -> bool {
        let f = self.f;
        matches!(f.at(i), '。' | '】' | ';' | '\n' | '\r') || f.at(i) == '.' && f.kind(i + 1) == Kind::Space && i > 2
    }

    fn neighbour(&self, index: Option<usize>, touches: impl Fn(&Piece) -> bool) -> Option<&Piece> {
        index.and_then(|i| self.pieces.get(i)).filter(|p| touches(p))
    }

    fn is_token(&self, index: usize, piece: &Piece) -> bool {
        let before = self.neighbour(index.checked_sub(1), |p| p.end == piece.start);
        match piece.role {
            // 不整形状: a kanji that ends a word stands behind a whole one, since names have such kanji too.
            Role::Word(Word::Particle) if self.f.kind(piece.start) == Kind::Kanji => {
                before.is_some_and(|p| p.end - p.start > 1 || self.f.kind(p.start) != Kind::Kanji)
            }
            Role::Word(Word::Particle) => {
                before.is_some_and(|p| !matches!(p.role, Role::Word(Word::Particle)) || p.end - p.start > 1)
            }
            Role::Word(word) => !self.is_doubtful(index, piece) && !self.is_in_bad_company(piece, word),
            Role::Known | Role::Family | Role::Reading => false,
            Role::Unknown => self.is_number(piece) || self.is_eponym(piece),
        }
    }

    /// Words of one kanji side by side are names too: 高橋, 小中.
    fn is_doubtful(&self, index: usize, piece: &Piece) -> bool {
        let single = |p: &Piece| p.end - p.start == 1 && self.f.kind(p.start) == Kind::Kanji;
        if !single(piece) {
            return false;
        }
        let after = self.neighbour(index.checked_add(1), |p| p.start == piece.end && single(p));
        let before = self.neighbour(index.checked_sub(1), |p| p.end == piece.start && single(p));
        let side = |p: &Piece| "左右両".contains(self.f.at(p.start));
        let body = |p: &Piece| matches!(p.role, Role::Word(Word::Body | Word::Technique));
        let fits = |a: &Piece, b: &Piece| side(a) && body(b);
        after.is_some_and(|next| !fits(piece, next)) || before.is_some_and(|last| !fits(last, piece))
    }

    /// A harmless word that is a name too says nothing where names stand: `Hashimoto, 胸部CT`, `Baker^`, `内、`.
    fn is_in_bad_company(&self, piece: &Piece, word: Word) -> bool {
        let f = self.f;
        let (first, last) = (piece.start, piece.end);
        let parts = |c: char| matches!(c, ',' | '^' | '、') || c == '_' && word == Word::Eponym;
        let beside = parts(f.at(last)) || first > 0 && parts(f.at(first - 1));
        match f.kind(first) {
            Kind::Letter => beside && word != Word::Body && last > first + 1 && self.is_listed(first, last),
            Kind::Kanji if last == first + 1 && !f.is_cjk(last) && !f.is_cjk_before(first) => {
                let side = "左右両上下前後".contains(f.at(first));
                !side && self.is_name(first, last, Name::Family) || beside && !side && word != Word::Body
            }
            _ => false,
        }
    }

    /// A letter of a word that names a method or a disease: Schatzker分類.
    fn is_eponym(&self, piece: &Piece) -> bool {
        let (start, end) = (self.word_start(piece.end), self.word_end(piece.start));
        self.f.kind(piece.start) == Kind::Letter && end - start > 2 && self.mark(end, Mark::Eponym).is_some()
    }

    /// A digit of a short number.
    fn is_number(&self, piece: &Piece) -> bool {
        let f = self.f;
        if f.kind(piece.start) != Kind::Digit {
            return false;
        }
        let mut start = piece.start;
        while f.before(start) == Kind::Digit && piece.start - start <= DIGITS + 2 {
            start -= 1;
        }
        let end = f.run(start, |i| f.kind(i) == Kind::Digit);
        let joined = f.before(start) == Kind::Letter || f.kind(end) == Kind::Letter && !self.is_unit(end);
        let fraction = start > 0 && f.at(start - 1) == '.';
        end - start
            <= if joined {
                DIGITS_JOINED
            } else if fraction {
                DIGITS + 2
            } else {
                DIGITS
            }
    }

    /// Whether there was what the word before says.
    fn is_whether(&self, piece: &Piece) -> bool {
        ["ナシ", "アリ", "無シ", "有リ", "無", "有"].iter().any(|w| self.f.is(piece.start, piece.end, w))
    }

    /// `Head, Maria`: a part of the body that is a name too, or beside a word that nobody knows, with a mark between.
    fn is_before_name(&self, piece: &Piece) -> bool {
        let f = self.f;
        if f.kind(piece.start) != Kind::Letter {
            return false;
        }
        let unknown = |start: usize, end: usize| start < end && !self.is_known_word(start, end);
        let next = f.run(piece.end, |i| i < piece.end + 2 && matches!(f.at(i), ',' | '^' | ' '));
        let before = (piece.start.saturating_sub(2)..piece.start).find(|&i| matches!(f.at(i), ',' | '^'));
        let after = matches!(f.at(piece.end), ',' | '^') && unknown(next, self.word_end(next));
        let behind = before.is_some_and(|i| unknown(self.word_start(i), i));
        let parts = |c: char| matches!(c, ',' | '^' | '_');
        let beside = parts(f.at(piece.end)) || piece.start > 0 && parts(f.at(piece.start - 1));
        after || behind || beside && self.is_listed(piece.start, piece.end)
    }

    /// A word that tells what was imaged, how and why.
    fn describes(&self, index: usize, piece: &Piece) -> bool {
        let kind = matches!(piece.role, Role::Word(Word::Body | Word::Modality | Word::Technique | Word::Clinical));
        let side = matches!(self.f.at(piece.start), 'l' | 'r') && matches!(self.f.at(piece.end), '-' | '_');
        let long = piece.end - piece.start > 1 || self.f.is_cjk(piece.start) || side;
        kind && long && !self.is_doubtful(index, piece) && !self.is_before_name(piece)
    }
}

/// What stands between words that belong together: `PET/CT`, `L-Spine`.
fn is_joint(c: char) -> bool {
    matches!(c, ' ' | '-' | '/' | '+' | '_' | '^')
}

/// What stands between a name and a word.
fn is_separator(c: char) -> bool {
    is_joint(c) || ",、.:・;=|()[]{}<>「」【】〔〕\"".contains(c)
}

/// Marks of descriptions.
pub(super) fn is_plain(c: char) -> bool {
    " ,.:;/+-*()[]{}<>_^~%#&=!?'\"|×・、。「」【】〔〕≧≦→←↑↓±°℃※〜＊①②③④⑤".contains(c)
}
