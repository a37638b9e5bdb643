//! The types of numbers in a file.

use plywood_tensor::one_line;

/// A type of numbers that can be read, named as the format names it.
///
/// In the order in which values of several types follow each other in a file, the last one first: what needs the strictest
/// alignment comes first, and the same state gives the bytes that the reference implementation gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(clippy::upper_case_acronyms)] // the format's names
pub(super) enum Kind {
    BOOL,
    U8,
    I8,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    F64,
    I64,
    U64,
}

/// All of them, as errors list them.
const KINDS: [Kind; 13] = [
    Kind::F64,
    Kind::F32,
    Kind::BF16,
    Kind::F16,
    Kind::I64,
    Kind::I32,
    Kind::I16,
    Kind::I8,
    Kind::U64,
    Kind::U32,
    Kind::U16,
    Kind::U8,
    Kind::BOOL,
];

impl Kind {
    /// The type of this name, or what is expected instead.
    pub(super) fn named(name: &str) -> Result<Kind, String> {
        KINDS.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
            let known: Vec<&str> = KINDS.iter().map(|kind| kind.name()).collect();
            let (last, others) = known.split_last().expect("there are types");
            format!("expected numbers of type {} or {last}, got {}", others.join(", "), one_line(name, 40))
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::BOOL => "BOOL",
            Kind::U8 => "U8",
            Kind::I8 => "I8",
            Kind::I16 => "I16",
            Kind::U16 => "U16",
            Kind::F16 => "F16",
            Kind::BF16 => "BF16",
            Kind::I32 => "I32",
            Kind::U32 => "U32",
            Kind::F32 => "F32",
            Kind::F64 => "F64",
            Kind::I64 => "I64",
            Kind::U64 => "U64",
        }
    }

    /// How many bytes a number has.
    pub(super) fn width(self) -> usize {
        match self {
            Kind::BOOL | Kind::U8 | Kind::I8 => 1,
            Kind::I16 | Kind::U16 | Kind::F16 | Kind::BF16 => 2,
            Kind::I32 | Kind::U32 | Kind::F32 => 4,
            Kind::F64 | Kind::I64 | Kind::U64 => 8,
        }
    }
}
