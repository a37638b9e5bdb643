//! The types of numbers in an array of NumPy's.

use crate::FileProblem;
use plywood_tensor::one_line;

/// What can be read, as errors list it.
pub(super) const KNOWN: &str = "f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8 or b1";

/// A type of numbers, and the order of their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) number: Number,
    /// Whether the largest byte comes first.
    pub(super) big: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    Bool,
    I1,
    I2,
    I4,
    I8,
    U1,
    U2,
    U4,
    U8,
    F2,
    F4,
    F8,
}

/// Their names, after the mark of the order.
const NAMES: [(&str, Number); 12] = [
    ("b1", Number::Bool),
    ("i1", Number::I1),
    ("i2", Number::I2),
    ("i4", Number::I4),
    ("i8", Number::I8),
    ("u1", Number::U1),
    ("u2", Number::U2),
    ("u4", Number::U4),
    ("u8", Number::U8),
    ("f2", Number::F2),
    ("f4", Number::F4),
    ("f8", Number::F8),
];

impl Kind {
    /// Little end first.
    pub(super) const fn little(number: Number) -> Kind {
        Kind { number, big: false }
    }

    /// The type that a header calls so, such as `<f4`.
    pub(super) fn named(text: &str) -> Result<Kind, FileProblem> {
        let unknown = || {
            let got = one_line(text, 40);
            FileProblem::Numbers { expected: KNOWN, got }
        };
        // The mark is one character of ASCII, and what follows it begins behind one byte.
        let big = match text.as_bytes().first() {
            Some(b'<' | b'|') => false,
            Some(b'>') => true,
            _ => return Err(unknown()),
        };
        let number = NAMES.iter().find(|(name, _)| *name == &text[1..]).map(|&(_, number)| number);
        let number = number.ok_or_else(unknown)?;
        let kind = Kind { number, big };
        // Only what has one byte has no order.
        if text.starts_with('|') && kind.width() > 1 { Err(unknown()) } else { Ok(kind) }
    }

    /// As NumPy calls it.
    pub(super) fn name(self) -> String {
        let name = NAMES.iter().find(|(_, number)| *number == self.number).map_or("", |(name, _)| name);
        let mark = if self.width() == 1 {
            '|'
        } else if self.big {
            '>'
        } else {
            '<'
        };
        format!("{mark}{name}")
    }

    /// How many bytes a number has.
    pub(super) fn width(self) -> usize {
        match self.number {
            Number::Bool | Number::I1 | Number::U1 => 1,
            Number::I2 | Number::U2 | Number::F2 => 2,
            Number::I4 | Number::U4 | Number::F4 => 4,
            Number::I8 | Number::U8 | Number::F8 => 8,
        }
    }
}
