//! Random streams, masked: read again by the decoder of coefficients, which shares no walk over bits with what wrote them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::jpeg::bits::Writer;
use crate::jpeg::header::{Component, FrameHeader, Scan, Selected};
use crate::jpeg::huffman::{Codes, Frequencies};
use crate::jpeg::walk::{Block, Visitor, walk};

/// Numbers that follow from a seed (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from((self.0 >> 11) % u64::from(n.max(1))).unwrap()
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(u32::try_from(list.len()).unwrap()) as usize]
    }

    /// A number of so many bits, and its bits.
    fn sized(&mut self, size: u32) -> u32 {
        self.below(1 << size)
    }
}

/// How the tables of a stream are made.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Tables {
    /// Of the symbols that occur; others can be added.
    Lacking,
    /// Of all symbols.
    Full,
    /// Of the symbols that occur, as codes of equal length, the one of all ones included: nothing can be added.
    Complete,
}

/// A stream with random blocks.
struct Made {
    frame: FrameHeader,
    tables: Tables,
    bytes: Vec<u8>,
}

/// Symbols of a scan: its slot, class, the symbol and the bits after it; `None` is a restart.
type Symbols = Vec<Option<(usize, usize, u8, u32)>>;

struct Making<'r> {
    random: &'r mut Random,
    most: u32,
    predictors: [i32; 3],
    symbols: Symbols,
}

impl Visitor for Making<'_> {
    fn restart(&mut self, _number: u32) -> Result<()> {
        self.predictors = [0; 3];
        self.symbols.push(None);
        Ok(())
    }

    fn block(&mut self, slot: usize, _block: Block) -> Result<()> {
        // DC coefficients go up and down by few bits, often by none.
        let size = self.random.below(self.most.min(5));
        let predictor = self.predictors[slot];
        let (size, bits) = encode::sized(if predictor > 0 { -1 } else { 1 } * ((1 << size) >> 1))?;
        self.predictors[slot] += crate::jpeg::huffman::signed(i32::try_from(bits).unwrap(), u32::from(size));
        self.symbols.push(Some((slot, 0, size, bits)));
        let mut k = 1;
        for _ in 0..self.random.pick(&[0, 1, 3, 12, 63]) {
            let run = if self.random.below(3) == 0 { self.random.below(16) } else { 0 };
            let size = 1 + self.random.below(self.most - 1);
            if k + run > 63 {
                break;
            }
            let bits = self.random.sized(size);
            self.symbols.push(Some((slot, 1, u8::try_from(run << 4 | size).unwrap(), bits)));
            k += run + 1;
            if k < 48 && self.random.below(9) == 0 {
                self.symbols.push(Some((slot, 1, 0xF0, 0)));
                k += 16;
            }
        }
        if k < 64 {
            self.symbols.push(Some((slot, 1, 0, 0)));
        }
        Ok(())
    }
}

fn codes(symbols: &[u8], tables: Tables) -> Codes {
    match tables {
        Tables::Full => {
            let mut counts = [0; 16];
            (counts[7], counts[8]) = (128, 128);
            Codes::new(counts, &(0..=255).collect::<Vec<u8>>()).unwrap()
        }
        Tables::Lacking => {
            let mut frequencies = Frequencies::default();
            for symbol in symbols {
                frequencies.count(*symbol);
            }
            frequencies.best().unwrap()
        }
        Tables::Complete => {
            let mut distinct = symbols.to_vec();
            distinct.sort_unstable();
            distinct.dedup();
            // Codes of a length are filled up by symbols that occur already, which is allowed and useless.
            let length = distinct.len().next_power_of_two().ilog2().max(1) as usize;
            let mut counts = [0; 16];
            counts[length - 1] = u8::try_from((1 << length).min(255)).unwrap();
            let all: Vec<u8> = distinct.iter().copied().cycle().take(usize::from(counts[length - 1])).collect();
            Codes::new(counts, &all).unwrap()
        }
    }
}

fn segment(out: &mut Vec<u8>, code: u8, body: &[u8]) {
    out.extend([0xFF, code]);
    out.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
    out.extend(body);
}

fn made(random: &mut Random) -> Made {
    let precision = random.pick(&[8, 8, 12]);
    let count = random.pick(&[1, 3]);
    let sampling = random.pick(&[(1, 1), (2, 1), (2, 2), (1, 2)]);
    let component = |i: u8| {
        let (h, v) = if i == 0 && count == 3 { sampling } else { (1, 1) };
        Component { id: i + 1, h, v, quantization: 0 }
    };
    let components: Vec<Component> = (0..count).map(component).collect();
    let (rows, columns) = (1 + random.below(90), 1 + random.below(90));
    let code = if precision == 8 { 0xC0 } else { 0xC1 };
    let frame = FrameHeader { code, precision, rows, columns, components };
    let (restart, tables) =
        (random.pick(&[0, 0, 1, 3, 7]), random.pick(&[Tables::Lacking, Tables::Full, Tables::Complete]));
    let mut bytes = vec![0xFF, 0xD8];
    segment(&mut bytes, 0xDB, &[&[0][..], &[3 + u8::try_from(random.below(40)).unwrap(); 64]].concat());
    let [high, low] = u16::try_from(restart).unwrap().to_be_bytes();
    let size = [u16::try_from(rows).unwrap(), u16::try_from(columns).unwrap()].map(u16::to_be_bytes).concat();
    let listed = frame.components.iter().flat_map(|c| [c.id, u8::try_from(c.h << 4 | c.v).unwrap(), 0]);
    segment(&mut bytes, code, &[precision].into_iter().chain(size).chain([count]).chain(listed).collect::<Vec<u8>>());
    segment(&mut bytes, 0xDD, &[high, low]);
    let indices: Vec<usize> = (0..usize::from(count)).collect();
    for group in indices.chunks(random.pick(&[1, 3])) {
        scan(random, &frame, (group, restart), tables, &mut bytes);
    }
    bytes.extend([0xFF, 0xD9]);
    Made { frame, tables, bytes }
}

/// Adds a scan with random blocks, and its tables.
fn scan(
    random: &mut Random,
    frame: &FrameHeader,
    (group, restart): (&[usize], u32),
    tables: Tables,
    out: &mut Vec<u8>,
) {
    let destination = |index: usize| u8::from(index > 0);
    let select =
        |index: usize| Selected { index, destinations: (destination(index), destination(index)), dc: None, ac: None };
    let components = group.iter().copied().map(select).collect();
    let scan = Scan { components, parameters: [0, 63, 0, 0], restart };
    let most = if frame.precision == 8 { 10 } else { 14 };
    let mut making = Making { random, most, predictors: [0; 3], symbols: Vec::new() };
    walk(frame, &scan, &mut making).unwrap();
    let symbols = making.symbols;
    let table = |class: usize, wanted: u8| {
        let these =
            symbols.iter().flatten().filter(|(slot, kind, ..)| *kind == class && destination(group[*slot]) == wanted);
        codes(&these.map(|(_, _, symbol, _)| *symbol).collect::<Vec<u8>>(), tables)
    };
    let mut destinations: Vec<u8> = group.iter().copied().map(destination).collect();
    destinations.dedup();
    let all: Vec<(u8, [Codes; 2])> = destinations.iter().map(|d| (*d, [table(0, *d), table(1, *d)])).collect();
    for (destination, tables) in &all {
        for (class, codes) in (0..).zip(tables) {
            segment(out, 0xC4, &[&[class << 4 | destination][..], &codes.definition()].concat());
        }
    }
    segment(out, 0xDA, &scan.write(frame));
    let (mut writer, mut number) = (Writer::default(), 0_u8);
    for symbol in symbols {
        let Some((slot, class, symbol, bits)) = symbol else {
            writer.restart(number);
            number = (number + 1) % 8;
            continue;
        };
        let wanted = destination(group[slot]);
        let (code, length) =
            all.iter().find(|(d, _)| *d == wanted).and_then(|(_, codes)| codes[class].code(symbol)).unwrap();
        writer.put(code, length);
        writer.put(bits, u32::from(symbol & 15));
    }
    out.extend(writer.finish());
}

fn geometry(frame: &FrameHeader) -> Geometry {
    Geometry {
        rows: frame.rows,
        columns: frame.columns,
        samples_per_pixel: u8::try_from(frame.components.len()).unwrap(),
        bits_allocated: 16,
        bits_stored: frame.precision,
        signed: false,
        photometric: if frame.components.len() == 1 { Photometric::Monochrome2 } else { Photometric::YbrFull },
    }
}

/// By component and block: which coefficients are not zero, and these.
fn blocks(bytes: &[u8]) -> Vec<Vec<(u64, Vec<i16>)>> {
    let (_, planes) = coefficients(bytes, None, Limits::default()).unwrap();
    let one = |plane: &Plane, i: usize| plane.block(i).map(|c| (c.present, c.values.to_vec())).unwrap();
    planes.iter().map(|plane| (0..plane.blocks()).map(|i| one(plane, i)).collect()).collect()
}

fn rects(random: &mut Random, frame: &FrameHeader) -> Vec<Rect> {
    let one = |random: &mut Random| {
        let (x, y) = (random.below(frame.columns), random.below(frame.rows));
        let (width, height) = (1 + random.below(frame.columns - x), 1 + random.below(frame.rows - y));
        Rect { x, y, width: width.min(30), height: height.min(30) }
    };
    (0..random.below(4)).map(|_| one(random)).collect()
}

#[test]
fn outside_of_masks_every_coefficient_stays() {
    let (mut extended, mut recoded) = (0, 0);
    for seed in 0..300_u64 {
        let mut random = Random(seed * 0x9E37_79B9 + 0x1234_5678_9ABC);
        let made = made(&mut random);
        let geometry = geometry(&made.frame);
        let rects = rects(&mut random, &made.frame);
        let masked = mask(&made.bytes, &geometry, &rects, Fill::Black, Limits::default()).unwrap();
        if rects.is_empty() {
            assert!(masked.stream == made.bytes, "{seed}: nothing is masked, nothing differs");
            continue;
        }
        let (cover, _) = Cover::new(&made.frame, &rects);
        let (before, after) = (blocks(&made.bytes), blocks(&masked.stream));
        for (component, c) in made.frame.components.iter().enumerate() {
            let across = made.frame.mcus().0 * c.h;
            // A component alone leaves out what lies beyond its samples: nothing is coded there.
            let (width, height) = made.frame.size(c);
            for (n, (a, b)) in (0_u32..).zip(before[component].iter().zip(&after[component])) {
                let (x, y) = (n % across, n / across);
                let (mcu, index) = ((y / c.v * made.frame.mcus().0 + x / c.h) as usize, n as usize);
                let covered = cover.constant(component, Block { index, mcu }).is_some();
                let coded = x < width.div_ceil(8) && y < height.div_ceil(8);
                assert!(if covered { b.0 <= 1 || !coded } else { a == b }, "{seed}: block {n} of {component}");
            }
        }
        let constants: Vec<_> = masked
            .touched
            .iter()
            .map(|r| {
                let block = (r.y / made.frame.mcu().1 * made.frame.components[0].v * made.frame.mcus().0
                    + r.x / made.frame.mcu().0)
                    * made.frame.components[0].h;
                after[0][block as usize].clone()
            })
            .collect();
        assert!(constants.windows(2).all(|pair| pair[0] == pair[1]), "{seed}");
        assert_eq!(holds_hidden_bytes(&masked.stream, Limits::default()), Ok(false), "{seed}");
        let defined = |bytes: &[u8]| bytes.windows(2).filter(|pair| **pair == [0xFF, 0xC4]).count();
        match made.tables {
            Tables::Full => assert_eq!(defined(&masked.stream), defined(&made.bytes), "{seed}"),
            Tables::Lacking => extended += 1,
            Tables::Complete => recoded += 1,
        }
    }
    assert!(extended > 60 && recoded > 60, "{extended} {recoded}");
}

/// What the decoder of coefficients refuses is refused, what it reads is kept, whatever stands in the bits.
#[test]
fn damaged_bits_mean_the_same_to_both() {
    let mut kept = 0;
    for seed in 0..600_u64 {
        let mut random = Random(seed * 0x9E37_79B9 + 0x9876_5432_1ABC);
        let made = made(&mut random);
        let mut bytes = made.bytes;
        for _ in 0..=random.below(3) {
            let at = 100 + random.below(u32::try_from(bytes.len()).unwrap()) as usize;
            let value = u8::try_from(random.below(256)).unwrap();
            match (random.below(4), bytes.get_mut(at)) {
                (0, Some(byte)) => *byte = value,
                (1, Some(byte)) => *byte ^= 1 << random.below(8),
                (2, Some(_)) => drop(bytes.remove(at)),
                (_, Some(_)) => bytes.insert(at, random.pick(&[value, 0xFF, 0])),
                (_, None) => {}
            }
        }
        let masked = mask(&bytes, &geometry(&made.frame), &[], Fill::Black, Limits::default());
        let read = coefficients(&bytes, Some(&geometry(&made.frame)), Limits::default());
        match (&masked, &read) {
            (Ok(masked), Ok(_)) => {
                assert!(blocks(&masked.stream) == blocks(&bytes), "{seed}");
                assert_eq!(holds_hidden_bytes(&masked.stream, Limits::default()), Ok(false), "{seed}");
                kept += 1;
            }
            (Err(one), Err(other)) => assert_eq!(one, other, "{seed}"),
            (one, other) => panic!("{seed}: {:?} {:?}", one.as_ref().err(), other.as_ref().err()),
        }
    }
    assert!(kept > 60, "{kept}");
}
