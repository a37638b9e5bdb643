//! The header of an array of NumPy's: a dictionary in Python's words.

use super::kind::{KNOWN, Kind};
use crate::FileProblem;
use plywood_tensor::{MAX_RANK, Shape};
use std::fmt::Write;

/// What every file begins with.
const MAGIC: &[u8] = b"\x93NUMPY";
/// NumPy reads no longer ones either, unless asked to.
const LONGEST: usize = 10_000;
/// NumPy lets the data begin at a multiple of this.
const ALIGN: usize = 64;
/// NumPy leaves room for so many digits of the first size, to write a longer one in its place.
const ROOM: usize = 21;

/// What a header says, and where the data begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) kind: Kind,
    /// Whether the first axis runs fastest.
    pub(super) fortran: bool,
    pub(super) shape: Shape,
}

impl Header {
    /// Reads a header, and checks the length of what follows it.
    pub(super) fn parse(file: &[u8]) -> Result<(Header, usize), FileProblem> {
        let Some(rest) = file.strip_prefix(MAGIC) else {
            let shown = file.iter().take(MAGIC.len()).map(|byte| format!("{byte:#04x}"));
            let got = shown.collect::<Vec<_>>().join(" ");
            let got = if got.is_empty() { "nothing".into() } else { got };
            return Err(FileProblem::Magic { expected: "0x93 NUMPY", got });
        };
        let short = |expected: usize| FileProblem::Size {
            of: "header".into(),
            expected: expected as u64,
            got: file.len() as u64,
        };
        let length = match *rest {
            [1, 0, low, high, ..] => usize::from(u16::from_le_bytes([low, high])),
            [2 | 3, 0, a, b, c, d, ..] => u32::from_le_bytes([a, b, c, d]) as usize,
            [major, minor, ..] if !matches!((major, minor), (1..=3, 0)) => {
                let got = format!("{major}.{minor}");
                return Err(FileProblem::Version { expected: "1.0, 2.0 or 3.0", got });
            }
            _ => return Err(short(MAGIC.len() + 4)),
        };
        let start = MAGIC.len() + if rest[0] == 1 { 4 } else { 6 };
        if length > LONGEST {
            let (limit, got) = (LONGEST as u64, length as u64);
            return Err(FileProblem::Limit { of: "bytes of header", limit, got });
        }
        let Some(text) = file.get(start..start + length) else { return Err(short(start + length)) };
        let header = Words { text, at: 0 }.dictionary()?;
        let data = start + length;
        let (expected, got) = (header.shape.numel() * header.kind.width(), file.len() - data);
        if expected != got {
            let (expected, got) = (expected as u64, got as u64);
            return Err(FileProblem::Size { of: "data".into(), expected, got });
        }
        Ok((header, data))
    }

    /// As NumPy writes it, byte for byte.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        let order = if self.fortran { "True" } else { "False" };
        let sizes: Vec<String> = self.shape.iter().map(usize::to_string).collect();
        let comma = if sizes.len() == 1 { "," } else { "" };
        let mut text = format!(
            "{{'descr': '{}', 'fortran_order': {order}, 'shape': ({}{comma}), }}",
            self.kind.name(),
            sizes.join(", ")
        );
        let grows = if self.fortran { sizes.last() } else { sizes.first() };
        if let Some(size) = grows {
            write!(text, "{}", " ".repeat(ROOM.saturating_sub(size.len()))).expect("a string takes all");
        }
        let start = MAGIC.len() + 4;
        let whole = (start + text.len() + 1).next_multiple_of(ALIGN);
        let length = whole - start;
        let mut bytes = [MAGIC, &[1, 0], &(length as u16).to_le_bytes(), text.as_bytes()].concat();
        bytes.resize(whole - 1, b' ');
        bytes.push(b'\n');
        bytes
    }
}

/// The text of a header while it is read.
struct Words<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Words<'a> {
    /// `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`, in any order.
    fn dictionary(mut self) -> Result<Header, FileProblem> {
        let (mut kind, mut fortran, mut shape) = (None, None, None);
        self.expect(b'{')?;
        while !self.take(b'}') {
            let at = self.at;
            let key = self.string()?;
            self.expect(b':')?;
            let twice = match key {
                "descr" => kind.replace(self.kind()?).is_some(),
                "fortran_order" => fortran.replace(self.truth()?).is_some(),
                "shape" => shape.replace(self.shape()?).is_some(),
                _ => {
                    self.at = at;
                    return Err(self.fail("'descr', 'fortran_order' or 'shape'"));
                }
            };
            if twice {
                self.at = at;
                return Err(self.fail("each key once"));
            }
            if !self.take(b',') {
                self.expect(b'}')?;
                break;
            }
        }
        self.blanks();
        if self.at < self.text.len() {
            return Err(self.fail("the end of the header"));
        }
        match (kind, fortran, shape) {
            (Some(kind), Some(fortran), Some(shape)) => Ok(Header { kind, fortran, shape }),
            _ => Err(self.fail("'descr', 'fortran_order' and 'shape'")),
        }
    }

    fn kind(&mut self) -> Result<Kind, FileProblem> {
        self.blanks();
        if self.text.get(self.at) == Some(&b'[') {
            return Err(FileProblem::Numbers { expected: KNOWN, got: "records".into() });
        }
        Kind::named(self.string()?)
    }

    fn truth(&mut self) -> Result<bool, FileProblem> {
        self.blanks();
        for (word, truth) in [("True", true), ("False", false)] {
            if self.text[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(truth);
            }
        }
        Err(self.fail("True or False"))
    }

    /// `()`, `(2,)` or `(2, 3)`.
    fn shape(&mut self) -> Result<Shape, FileProblem> {
        self.expect(b'(')?;
        let (mut sizes, mut rank, mut comma) = ([0; MAX_RANK], 0, true);
        while !self.take(b')') {
            if !comma {
                return Err(self.fail("`,` or `)`"));
            }
            let size = self.number()?;
            if let Some(place) = sizes.get_mut(rank) {
                *place = size;
            }
            rank += 1;
            comma = self.take(b',');
        }
        if rank == 1 && !comma {
            return Err(self.fail("a comma behind the only size"));
        }
        let Some(sizes) = sizes.get(..rank) else {
            return Err(FileProblem::Rank { expected: "at most 8 axes", got: rank });
        };
        let overflow = |_| FileProblem::Overflow { sizes: sizes.iter().map(|&size| size as u64).collect() };
        Shape::new(sizes).map_err(overflow)
    }

    /// Digits, behind which Python 2 wrote an `L`.
    fn number(&mut self) -> Result<usize, FileProblem> {
        self.blanks();
        let digits = self.text[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let text = &self.text[self.at..self.at + digits];
        let number = text.iter().try_fold(0_usize, |number, digit| {
            number.checked_mul(10)?.checked_add(usize::from(digit - b'0'))
        });
        let Some(number) = number.filter(|_| digits > 0) else { return Err(self.fail("a size below 2^64")) };
        self.at += digits;
        self.take(b'L');
        Ok(number)
    }

    /// A text in quotes of either kind, without any inside.
    fn string(&mut self) -> Result<&'a str, FileProblem> {
        self.blanks();
        let text = match self.text[self.at..] {
            [quote @ (b'\'' | b'"'), ref rest @ ..] => rest.split(|&byte| byte == quote).next().filter(
                // Not as long as what is left: there is a quote behind it.
                |text| text.len() < rest.len() && text.is_ascii() && !text.contains(&b'\\'),
            ),
            _ => None,
        };
        let Some(text) = text.and_then(|text| std::str::from_utf8(text).ok()) else {
            return Err(self.fail("a text in quotes"));
        };
        self.at += text.len() + 2;
        Ok(text)
    }

    fn blanks(&mut self) {
        self.at += self.text[self.at..].iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
    }

    /// Steps over this character, if it is the next.
    fn take(&mut self, byte: u8) -> bool {
        self.blanks();
        let found = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), FileProblem> {
        if self.take(byte) { Ok(()) } else { Err(self.fail(&format!("`{}`", char::from(byte)))) }
    }

    fn fail(&self, expected: &str) -> FileProblem {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let shown = String::from_utf8_lossy(&rest[..rest.len().min(20)]).trim_end().to_owned();
        let got = if shown.is_empty() { "its end".to_owned() } else { format!("{shown:?}") };
        FileProblem::Header { byte: self.at, expected: expected.into(), got }
    }
}
