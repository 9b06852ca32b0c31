//! Keeps a text only if every token of it is known to be harmless.

use super::find::{Piece, Role, Rules, View};
use super::fold::{Folded, Kind, is_capital};
use super::lists::Word;
use super::{Cleaned, Cut, Lexicon, Lists, Settings};

/// Digits of a number that is no identifier: alone, and joined to letters.
const DIGITS: usize = 4;
const DIGITS_JOINED: usize = 3;
/// Rounds until the words that are left are harmless together too.
const ROUNDS: usize = 4;

/// The text itself where all of it is harmless; else the words of body parts, modalities, techniques and purposes that
/// were found in it: no findings, since words alone may say the opposite of their sentence.
pub fn strict(text: &str, lexicon: &Lexicon, lists: &Lists, settings: &Settings) -> Cleaned {
    let mut now = text.to_owned();
    for _ in 0..ROUNDS {
        match words_of(&now, lexicon, lists, settings) {
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

/// `None`: all of it is harmless.
fn words_of(text: &str, lexicon: &Lexicon, lists: &Lists, settings: &Settings) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let capitals: Vec<bool> = chars.iter().map(|&c| is_capital(c)).collect();
    let f = Folded::of(&chars, lists);
    let rules = Rules { shifts: false, age_cap: settings.age_cap };
    let view = View::new(&f, lists, lexicon, &capitals, rules);
    if view.hits.is_empty() && view.is_harmless() && f.len() > 0 || chars.is_empty() {
        return None;
    }
    let mut hit = vec![false; f.len()];
    for h in &view.hits {
        hit.get_mut(h.start..h.end).unwrap_or_default().fill(true);
    }
    let mut out = String::new();
    let mut last = None;
    for (index, piece) in view.pieces.iter().enumerate() {
        let free = !hit.get(piece.start..piece.end).unwrap_or_default().contains(&true);
        // 造影なし without なし would say the opposite.
        let whether = last == Some(piece.start) && view.is_whether(piece);
        if !free || !view.describes(index, piece) && !whether {
            continue;
        }
        if let Some(end) = last {
            let between = f.slice(end, piece.start);
            if between.len() <= 3 && (end..piece.start).all(|i| is_joint(f.at(i))) {
                out.extend(chars.get(f.end(end)..f.start(piece.start)).unwrap_or_default());
            } else {
                out.push(' ');
            }
        }
        last = Some(piece.end);
        out.extend(chars.get(f.start(piece.start)..f.end(piece.end)).unwrap_or_default());
    }
    Some(out)
}

impl View<'_> {
    /// True where every token is known.
    fn is_harmless(&self) -> bool {
        let pieces = self.pieces.iter().enumerate().all(|(index, piece)| self.is_token(index, piece));
        let f = self.f;
        let marks = (0..f.len()).all(|i| f.kind(i) != Kind::Mark || is_plain(f.at(i)));
        pieces && marks
    }

    fn neighbour(&self, index: Option<usize>, touches: impl Fn(&Piece) -> bool) -> Option<&Piece> {
        index.and_then(|i| self.pieces.get(i)).filter(|p| touches(p))
    }

    fn is_token(&self, index: usize, piece: &Piece) -> bool {
        let before = self.neighbour(index.checked_sub(1), |p| p.end == piece.start);
        match piece.role {
            Role::Word(Word::Particle) => {
                before.is_some_and(|p| !matches!(p.role, Role::Word(Word::Particle)) || p.end - p.start > 1)
            }
            Role::Word(_) => !self.is_doubtful(index, piece),
            Role::Known | Role::Family | Role::Reading => false,
            Role::Unknown => self.is_number(piece),
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
        matches!(self.f.text(piece.start, piece.end).as_str(), "ナシ" | "アリ" | "無シ" | "有リ" | "無" | "有")
    }

    /// A word that tells what was imaged, how and why.
    fn describes(&self, index: usize, piece: &Piece) -> bool {
        let kind = matches!(piece.role, Role::Word(Word::Body | Word::Modality | Word::Technique | Word::Clinical));
        let side = matches!(self.f.at(piece.start), 'l' | 'r') && matches!(self.f.at(piece.end), '-' | '_');
        let long = piece.end - piece.start > 1 || self.f.is_cjk(piece.start) || side;
        kind && long && !self.is_doubtful(index, piece)
    }
}

/// What stands between words that belong together: `PET/CT`, `L-Spine`.
fn is_joint(c: char) -> bool {
    matches!(c, ' ' | '-' | '/' | '+' | '_' | '^')
}

/// Marks of descriptions.
fn is_plain(c: char) -> bool {
    " ,.:;/+-*()[]{}<>_^~%#&=!?'\"|×・、。「」【】〔〕≧≦→←↑↓±°℃※〜＊①②③④⑤".contains(c)
}
