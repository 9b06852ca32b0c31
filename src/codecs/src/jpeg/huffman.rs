//! Huffman tables (T.81 annex C), and such as fit what is to be written best (annex K.2).

use super::steps::Steps;
use crate::{CodecError, Result};
use core::cell::OnceCell;

/// Bits that one look at the table resolves.
const FAST: u32 = 10;

/// A table, for reading and for writing.
#[derive(Debug)]
pub(crate) struct Codes {
    /// By the next ten bits: length of the code and its symbol; length 0 where the code is longer.
    fast: [(u8, u8); 1 << FAST],
    /// The same with the number after the symbol, where both lie in ten bits: length of both, symbol, number.
    pairs: [(u8, u8, i16); 1 << FAST],
    /// By length: first code, number of codes, index of the first symbol.
    lengths: [(u32, u32, usize); 17],
    symbols: Vec<u8>,
    /// By symbol: its code and length; length 0 where it has none.
    by_symbol: [(u16, u8); 256],
    /// Made when blocks are first stepped over.
    steps: OnceCell<Box<Steps>>,
}

impl Codes {
    /// From BITS and HUFFVAL of a DHT segment.
    pub(crate) fn new(counts: [u8; 16], symbols: &[u8]) -> Result<Self> {
        let mut table = Self {
            fast: [(0, 0); 1 << FAST],
            pairs: [(0, 0, 0); 1 << FAST],
            lengths: [(0, 0, 0); 17],
            symbols: symbols.to_vec(),
            by_symbol: [(0, 0); 256],
            steps: OnceCell::new(),
        };
        let (mut code, mut first) = (0_u32, 0_usize);
        let mut rest = symbols.iter();
        for (length, count) in (1_u8..).zip(counts) {
            if let Some(entry) = table.lengths.get_mut(usize::from(length)) {
                *entry = (code, u32::from(count), first);
            }
            for symbol in rest.by_ref().take(usize::from(count)) {
                if code >= 1 << length {
                    return Err(CodecError::Damaged);
                }
                table.enter(code, length, *symbol);
                code += 1;
            }
            first += usize::from(count);
            code <<= 1;
        }
        Ok(table)
    }

    fn enter(&mut self, code: u32, length: u8, symbol: u8) {
        if u32::from(length) <= FAST {
            let free = FAST - u32::from(length);
            let start = (code << free) as usize;
            self.fast.get_mut(start..start + (1 << free)).unwrap_or_default().fill((length, symbol));
            let size = u32::from(symbol & 15);
            if size <= free {
                let pairs = self.pairs.get_mut(start..start + (1 << free)).unwrap_or_default();
                for (bits, pair) in (0_i32..).zip(pairs) {
                    let number = i16::try_from(signed(bits >> (free - size), size)).unwrap_or(0);
                    *pair = (length + (symbol & 15), symbol, number);
                }
            }
        }
        if let Some(entry @ (_, 0)) = self.by_symbol.get_mut(usize::from(symbol)) {
            *entry = (u16::try_from(code).unwrap_or(0), length);
        }
    }

    /// Length and symbol of the code at the front of 16 bits.
    #[inline]
    pub(crate) fn look(&self, bits: u16) -> Option<(u32, u8)> {
        let (length, symbol) = self.fast.get(usize::from(bits >> (16 - FAST))).copied()?;
        if length > 0 { Some((u32::from(length), symbol)) } else { self.look_long(u32::from(bits)) }
    }

    /// Length of the code at the front of 16 bits and of the number after it, symbol and number; `None` where ten bits
    /// do not hold both.
    #[inline]
    pub(crate) fn look_pair(&self, bits: u16) -> Option<(u32, u8, i32)> {
        let (length, symbol, number) = self.pairs.get(usize::from(bits >> (16 - FAST))).copied()?;
        (length > 0).then_some((u32::from(length), symbol, i32::from(number)))
    }

    #[cold]
    fn look_long(&self, bits: u32) -> Option<(u32, u8)> {
        for (length, (code, count, first)) in (0_u32..).zip(self.lengths).skip(FAST as usize + 1) {
            let offset = (bits >> (16 - length)).wrapping_sub(code);
            if offset < count {
                return self.symbols.get(first + offset as usize).map(|s| (length, *s));
            }
        }
        None
    }

    /// Code and length of a symbol.
    #[inline]
    pub(crate) fn code(&self, symbol: u8) -> Option<(u32, u32)> {
        let (code, length) = self.by_symbol.get(usize::from(symbol)).copied()?;
        (length > 0).then_some((u32::from(code), u32::from(length)))
    }

    /// How blocks are stepped over.
    pub(crate) fn steps(&self) -> &Steps {
        self.steps.get_or_init(|| Box::new(Steps::new(self)))
    }

    /// The table with codes for more symbols, behind all that it has, so that these stay as they are; `None` where no
    /// room is left for them.
    pub(crate) fn extended(&self, more: &[u8]) -> Option<Self> {
        let filled = |(_, count, _): &(u32, u32, usize)| *count > 0;
        let longest = self.lengths.iter().rposition(filled).unwrap_or(0);
        let (code, count, _) = self.lengths.get(longest)?;
        let wanted = u32::try_from(more.len()).ok()?;
        // Codes of a length that begin with none of the table's; the one of all ones is left to none.
        let free = |length: usize| (1_u32 << length).saturating_sub(((code + count) << (length - longest)) + 1);
        let length = (longest + 1..=16).find(|length| free(*length) >= wanted)?;
        let mut counts = [0; 16];
        for (to, (_, count, _)) in counts.iter_mut().zip(self.lengths.iter().skip(1)) {
            *to = u8::try_from(*count).ok()?;
        }
        *counts.get_mut(length - 1)? = u8::try_from(wanted).ok()?;
        let symbols = [self.symbols.as_slice(), more].concat();
        if symbols.len() > 256 { None } else { Self::new(counts, &symbols).ok() }
    }

    /// Every code of the other table is one here, of the same symbol.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        let symbols = |table: &Self, first: usize, count: u32| {
            table.symbols.get(first..first + count as usize).map(<[u8]>::to_vec)
        };
        self.lengths.iter().zip(&other.lengths).all(|((code, count, first), (of, wanted, at))| {
            *wanted == 0
                || (code == of && count >= wanted && symbols(self, *first, *wanted) == symbols(other, *at, *wanted))
        })
    }

    /// BITS and HUFFVAL as a DHT segment holds them.
    pub(crate) fn definition(&self) -> Vec<u8> {
        let counts = self.lengths.iter().skip(1).map(|(_, count, _)| u8::try_from(*count).unwrap_or(0));
        counts.chain(self.symbols.iter().copied()).collect()
    }
}

/// `size` bits as a signed number: those that begin with 0 are negative (T.81 F.12).
#[inline]
pub(crate) fn signed(bits: i32, size: u32) -> i32 {
    if size > 0 && bits >> (size - 1) == 0 { bits - (1 << size) + 1 } else { bits }
}

/// How often each symbol occurs.
#[derive(Clone)]
pub(crate) struct Frequencies([u32; 256]);

impl Default for Frequencies {
    fn default() -> Self {
        Self([0; 256])
    }
}

impl Frequencies {
    /// Counts a symbol.
    #[inline]
    pub(crate) fn count(&mut self, symbol: u8) {
        if let Some(n) = self.0.get_mut(usize::from(symbol)) {
            *n = n.saturating_add(1);
        }
    }

    /// The best table of codes up to 16 bits (T.81 K.2). A table of no symbol gets one, since it has to be defined.
    pub(crate) fn best(&self) -> Result<Codes> {
        let mut frequencies = self.0;
        if frequencies.iter().all(|n| *n == 0) {
            frequencies[0] = 1;
        }
        let sizes = code_sizes(&frequencies);
        let mut bits = [0_u32; 64];
        for size in sizes.iter().filter(|size| **size > 0) {
            *bits.get_mut(usize::from(*size)).ok_or(CodecError::Unsupported)? += 1;
        }
        limit_lengths(&mut bits);
        // Symbols by length of code, the code of all ones left to none.
        let mut symbols: Vec<u8> = (0..=255).filter(|s| sizes.get(usize::from(*s)).is_some_and(|n| *n > 0)).collect();
        symbols.sort_by_key(|s| sizes.get(usize::from(*s)).copied());
        let mut counts = [0_u8; 16];
        for (count, n) in counts.iter_mut().zip(bits.iter().skip(1)) {
            *count = u8::try_from(*n).map_err(|_| CodecError::Unsupported)?;
        }
        Codes::new(counts, &symbols)
    }
}

/// Tables by destination (T.81 B.2.4.2).
pub(crate) type Destinations<T> = [Option<T>; 4];

/// The best table of each destination that has symbols; adds them to the body of a DHT segment.
pub(crate) fn best_tables(
    class: u8,
    frequencies: &Destinations<Frequencies>,
    body: &mut Vec<u8>,
) -> Result<Destinations<Codes>> {
    let mut tables = Destinations::default();
    for ((destination, table), frequencies) in (0..).zip(&mut tables).zip(frequencies) {
        let Some(frequencies) = frequencies else { continue };
        let codes = frequencies.best()?;
        body.push(class << 4 | destination);
        body.extend(codes.definition());
        *table = Some(codes);
    }
    Ok(tables)
}

/// The table of a destination.
pub(crate) fn table(tables: &Destinations<Codes>, destination: u8) -> Result<&Codes> {
    tables.get(usize::from(destination)).and_then(Option::as_ref).ok_or(CodecError::Damaged)
}

/// Lengths of codes without a limit (T.81 figure K.1); the last entry is a symbol that keeps all ones free.
fn code_sizes(frequencies: &[u32; 256]) -> [u8; 257] {
    let mut sizes = [0_u8; 257];
    // Trees by weight; each names the leaves it holds.
    let leaves = frequencies.iter().copied().chain([1]).enumerate().filter(|(_, n)| *n > 0);
    let mut trees: Vec<(u64, Vec<usize>)> = leaves.map(|(i, n)| (u64::from(n), vec![i])).collect();
    // Heaviest first; of equal weight the largest symbol is taken first, as in K.1.
    trees.sort_by(|(a, x), (b, y)| (b, x).cmp(&(a, y)));
    while let (Some((a, mut left)), Some((b, right))) = (trees.pop(), trees.pop()) {
        left.extend(right);
        for leaf in &left {
            if let Some(size) = sizes.get_mut(*leaf) {
                *size = size.saturating_add(1);
            }
        }
        let weight = a.saturating_add(b);
        let at = trees.partition_point(|(n, _)| *n > weight);
        trees.insert(at, (weight, left));
        if trees.len() == 1 {
            break;
        }
    }
    sizes
}

/// No code longer than 16 bits (T.81 figure K.3), and the reserved one taken away.
fn limit_lengths(bits: &mut [u32; 64]) {
    for long in (17..64).rev() {
        while bits.get(long).is_some_and(|n| *n > 0) {
            let Some(short) = (1..long - 1).rev().find(|n| bits.get(*n).is_some_and(|n| *n > 0)) else { break };
            let mut change = |at: usize, by: i32| {
                if let Some(n) = bits.get_mut(at) {
                    *n = n.saturating_add_signed(by);
                }
            };
            change(long, -2);
            change(long - 1, 1);
            change(short + 1, 2);
            change(short, -1);
        }
    }
    if let Some(last) = bits.iter_mut().rev().find(|n| **n > 0) {
        *last -= 1;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    fn of(counts: &[(u8, u32)]) -> Codes {
        let mut f = Frequencies::default();
        for (symbol, n) in counts {
            f.0[usize::from(*symbol)] = *n;
        }
        f.best().unwrap()
    }

    #[test]
    fn every_symbol_has_a_code_that_reads_as_it() {
        let fibonacci = (0..40_u8).scan((1_u32, 1_u32), |(a, b), i| {
            (*a, *b) = (*b, *a + *b);
            Some((i, *a))
        });
        let cases: [Vec<(u8, u32)>; 5] = [
            vec![(0, 1)],
            vec![(5, 9), (200, 1)],
            (0..=255).map(|s| (s, 1)).collect(),
            (0..=255).map(|s| (s, u32::from(s).pow(3) + 1)).collect(),
            fibonacci.collect(),
        ];
        for case in cases {
            let table = of(&case);
            assert_eq!(table.symbols.len(), case.len());
            for (symbol, _) in case {
                let (code, length) = table.code(symbol).unwrap();
                assert!((1..=16).contains(&length) && code < (1 << length) - 1, "all ones");
                let bits = u16::try_from(code << (16 - length) | ((1 << (16 - length)) - 1) & 0x2A55).unwrap();
                assert_eq!(table.look(bits), Some((length, symbol)));
            }
        }
    }

    #[test]
    fn frequent_symbols_have_short_codes() {
        let table = of(&[(1, 100), (2, 50), (3, 20), (4, 1)]);
        let lengths: Vec<u32> = (1..=4).map(|s| table.code(s).unwrap().1).collect();
        assert_eq!(lengths, [1, 2, 3, 4]);
        assert_eq!(table.definition(), [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
    }

    #[test]
    fn codes_stay_when_symbols_are_added() {
        let table = of(&[(1, 100), (2, 50), (3, 20), (4, 1)]);
        let more = table.extended(&[9, 12, 200]).unwrap();
        assert!(more.holds(&table) && !table.holds(&more));
        for symbol in 1..=4 {
            assert_eq!(more.code(symbol), table.code(symbol));
        }
        for symbol in [9, 12, 200] {
            let (code, length) = more.code(symbol).unwrap();
            assert_eq!(more.look(u16::try_from(code << (16 - length)).unwrap()), Some((length, symbol)));
            assert!(code < (1 << length) - 1, "all ones");
        }
        assert!(!of(&[(1, 100), (2, 50), (3, 20), (5, 1)]).holds(&table));
        // All codes of 16 bits but one are taken; no bit is left.
        let mut full = [0; 16];
        (full[0], full[15]) = (1, 255);
        let symbols: Vec<u8> = (0..=255).collect();
        assert!(Codes::new(full, &symbols).unwrap().extended(&[7]).is_none());
        assert!(Codes::new([0; 16], &[]).unwrap().extended(&[7]).is_some());
        let mut complete = [0; 16];
        complete[0] = 2;
        assert!(Codes::new(complete, &[0, 1]).unwrap().extended(&[7]).is_none());
    }

    #[test]
    fn too_many_codes_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Codes::new(counts, &[1, 2, 3]).is_err());
    }
}
