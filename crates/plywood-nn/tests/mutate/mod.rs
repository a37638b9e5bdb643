//! Damaged files: every truncation, every flipped bit, and seeded mutations of files that are good.
//!
//! For the tests of every format: include it by `#[path]`. It depends on nothing, and the same seed gives the same files anywhere.
#![allow(dead_code)] // each test uses its part

/// Shows every damaged form of each file to `look`: all truncations, all single flipped bits, and `count` mutations drawn from
/// `seed`, which may take parts of the other files.
pub(crate) fn all(files: &[&[u8]], seed: u64, count: usize, mut look: impl FnMut(&[u8])) {
    for file in files {
        truncations(file, &mut look);
        flips(file, &mut look);
    }
    mutations(files, seed, count, look);
}

/// Every beginning of a file, the empty one too, but not all of it.
pub(crate) fn truncations(file: &[u8], mut look: impl FnMut(&[u8])) {
    for length in 0..file.len() {
        look(&file[..length]);
    }
}

/// A file with each of its bits flipped in turn.
pub(crate) fn flips(file: &[u8], mut look: impl FnMut(&[u8])) {
    let mut damaged = file.to_vec();
    for place in 0..file.len() {
        for bit in 0..8 {
            damaged[place] ^= 1 << bit;
            look(&damaged);
            damaged[place] ^= 1 << bit;
        }
    }
}

/// Files with one to four changes each.
pub(crate) fn mutations(files: &[&[u8]], seed: u64, count: usize, mut look: impl FnMut(&[u8])) {
    let mut random = Random(seed);
    for _ in 0..count {
        let mut file = files[random.below(files.len())].to_vec();
        for _ in 0..=random.below(4) {
            random.change(&mut file, files);
        }
        look(&file);
    }
}

/// Where lengths and products overflow, signs change, and memory ends.
const NUMBERS: [u64; 16] = [
    0,
    1,
    2,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    1 << 32,
    1 << 36,
    1 << 60,
    i64::MAX as u64,
    u64::MAX,
];
/// The same in words, for headers of text.
const WORDS: [&str; 14] = [
    "0",
    "1",
    "-1",
    "255",
    "4294967295",
    "4294967296",
    "68719476736",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "1e400",
    "NaN",
    "",
    "99999999999999999999999999999999999999999999",
];
/// More would only repeat what smaller files tell.
const LONGEST: usize = 1 << 16;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// A place in so many bytes, half of the time near the beginning, where headers are.
    fn place(&mut self, length: usize) -> usize {
        let end = if self.below(2) == 0 { length.min(64) } else { length };
        self.below(end)
    }

    /// A part of a file, which may be empty.
    fn part(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.place(length);
        start..(start + self.below(40)).min(length)
    }

    fn change(&mut self, file: &mut Vec<u8>, files: &[&[u8]]) {
        let length = file.len();
        match self.below(9) {
            0 if length > 0 => {
                let place = self.place(length);
                file[place] ^= 1 << self.below(8);
            }
            1 if length > 0 => {
                let place = self.place(length);
                file[place] = self.next() as u8;
            }
            2 => drop(file.drain(self.part(length))),
            3 => {
                let (place, byte, count) = (self.place(length + 1), self.next() as u8, self.below(20));
                file.splice(place..place, std::iter::repeat_n(byte, count));
            }
            // A number as bytes, of either end.
            4 | 5 if length > 0 => {
                let width = 1 << self.below(4);
                let place = self.place(length);
                let number = NUMBERS[self.below(NUMBERS.len())];
                let mut bytes = number.to_le_bytes()[..width].to_vec();
                if self.below(2) == 0 {
                    bytes.reverse();
                }
                for (to, byte) in file[place..].iter_mut().zip(bytes) {
                    *to = byte;
                }
            }
            // A number as text.
            6 => {
                let runs = digits(file);
                if !runs.is_empty() {
                    let run = runs[self.below(runs.len())].clone();
                    file.splice(run, WORDS[self.below(WORDS.len())].bytes());
                }
            }
            // A part of a file, this one or another, in place of a part of this one.
            7 => {
                let other = files[self.below(files.len())];
                let (from, to) = (self.part(other.len()), self.part(length));
                file.splice(to, other[from].iter().copied());
            }
            // The beginning of this one and the end of another.
            _ => {
                let other = files[self.below(files.len())];
                let (place, rest) = (self.below(length + 1), self.below(other.len() + 1));
                file.truncate(place);
                file.extend(&other[rest..]);
            }
        }
        file.truncate(LONGEST);
    }
}

/// Where there are digits.
fn digits(file: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for (place, _) in file.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
        match runs.last_mut() {
            Some(run) if run.end == place => run.end += 1,
            _ => runs.push(place..place + 1),
        }
    }
    runs
}
