//! The IDX format, in which MNIST and its relatives are handed out.

use super::bytes::Bytes;
use super::{FITS, FileProblem, narrowed};
use crate::DataError;
use plywood_tensor::{Array, Element, IntTensor, Result, Shape, Tensor};
use std::path::Path;

/// The byte that tells the type of the numbers, and how many bytes each has.
const TYPES: [(u8, u64); 6] = [(0x08, 1), (0x09, 1), (0x0b, 2), (0x0c, 4), (0x0d, 4), (0x0e, 8)];
/// Bytes without a sign, as pixels and labels are.
const UNSIGNED: u8 = 0x08;
/// No tensor has more axes.
const AXES: usize = 8;

/// An array from a file in the IDX format: of bytes, integers or floating-point numbers, compressed with gzip or not.
///
/// Type, rank, sizes and length are checked before anything is allocated for them, and afterwards nothing may be left.
/// Reading takes at most the file and twice what it unpacks to; a tensor made of it takes its own size more.
///
/// # Example
/// ```
/// use plywood_data::Idx;
/// use plywood_tensor::Tensor;
///
/// let file = [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 5, 6, 255];
/// assert_eq!(Idx::read(&file)?.tensor()?, Tensor::from([[5.0, 6.0, 255.0]]));
///
/// let error = Idx::read(&file[..14]).unwrap_err();
/// assert_eq!(error.to_string(), "idx: expected 3 bytes of data, got 2");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// LeCun, Cortes, Burges, "The MNIST database of handwritten digits", 1998.
#[derive(Clone)]
pub struct Idx {
    name: String,
    kind: u8,
    shape: Shape,
    body: Vec<u8>,
}

impl Idx {
    /// A file.
    ///
    /// # Errors
    /// [`DataError::File`] with what is wrong.
    pub fn open(path: impl AsRef<Path>) -> Result<Idx> {
        Idx::parse(&Bytes::open(path.as_ref())?)
    }

    /// The bytes of a file, which errors call `idx`.
    ///
    /// # Errors
    /// [`DataError::File`] with what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Idx> {
        Idx::parse(&Bytes::of("idx", bytes.to_vec()))
    }

    pub(crate) fn parse(bytes: &Bytes) -> Result<Idx> {
        let ((kind, shape), body) = bytes.body(4 + 4 * AXES, header)?;
        Ok(Idx { name: bytes.name.clone(), kind, shape, body })
    }

    /// The sizes of the array.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The numbers as they are, rounded to the width of a tensor's elements.
    ///
    /// # Errors
    /// [`FileProblem::Number`] for a finite number that is too large for the build.
    pub fn tensor(&self) -> Result<Tensor> {
        self.values(narrowed)
    }

    /// Whole numbers, for example labels.
    ///
    /// # Errors
    /// [`FileProblem::Type`] for floating-point numbers.
    pub fn integers(&self) -> Result<IntTensor> {
        if self.kind > 0x0c {
            let problem = FileProblem::Type { expected: "0x08 to 0x0c (integers)", got: self.kind };
            return Err(self.problem(problem));
        }
        self.values(|x| Ok(x as i64))
    }

    /// The bytes without a sign, where each number is one.
    pub(crate) fn into_bytes(self) -> Result<Vec<u8>> {
        if self.kind != UNSIGNED {
            let problem = FileProblem::Type { expected: "0x08 (unsigned bytes)", got: self.kind };
            return Err(self.problem(problem));
        }
        Ok(self.body)
    }

    pub(crate) fn problem(&self, problem: FileProblem) -> plywood_tensor::Error {
        DataError::File { file: self.name.clone(), problem }.into()
    }

    /// The numbers, each turned into what is wanted at once: a list of doubles could be eight times as large as the file.
    fn values<T: Element>(&self, of: impl Fn(f64) -> Result<T, String>) -> Result<Array<T>> {
        let mut out = Array::zeros(self.shape)?;
        let (body, to) = (&self.body, out.as_mut_slice());
        let done = match self.kind {
            0x09 => words(body, to, |[byte]| of(f64::from(byte as i8))),
            0x0b => words(body, to, |word| of(f64::from(i16::from_be_bytes(word)))),
            0x0c => words(body, to, |word| of(f64::from(i32::from_be_bytes(word)))),
            0x0d => words(body, to, |word| of(f64::from(f32::from_be_bytes(word)))),
            0x0e => words(body, to, |word| of(f64::from_be_bytes(word))),
            _ => words(body, to, |[byte]| of(f64::from(byte))),
        };
        done.map_err(|(index, got)| self.problem(FileProblem::Number { index, expected: FITS, got }))?;
        Ok(out)
    }
}

/// Every `N` bytes as a number, or where one does not fit, and what it is.
fn words<T, const N: usize>(
    body: &[u8],
    to: &mut [T],
    number: impl Fn([u8; N]) -> Result<T, String>,
) -> Result<(), (usize, String)> {
    for (index, (to, &word)) in to.iter_mut().zip(body.as_chunks().0).enumerate() {
        *to = number(word).map_err(|got| (index, got))?;
    }
    Ok(())
}

/// Two zeros, the type, the rank, and each size as four bytes, the largest first.
fn header(bytes: &[u8]) -> Result<((u8, Shape), usize, u64), FileProblem> {
    let &[first, second, kind, rank, ref sizes @ ..] = bytes else {
        let (of, got) = ("header".to_owned(), bytes.len() as u64);
        return Err(FileProblem::Size { of, expected: 4, got });
    };
    if (first, second) != (0, 0) {
        let got = format!("{first:#04x} {second:#04x}");
        return Err(FileProblem::Magic { expected: "0x00 0x00", got });
    }
    let Some(&(_, width)) = TYPES.iter().find(|&&(known, _)| known == kind) else {
        return Err(FileProblem::Type { expected: "0x08, 0x09 or 0x0b to 0x0e", got: kind });
    };
    let rank = usize::from(rank);
    if !(1..=AXES).contains(&rank) {
        return Err(FileProblem::Rank { expected: "1 to 8 axes", got: rank });
    }
    let Some(sizes) = sizes.get(..4 * rank) else {
        let (of, expected) = ("header".to_owned(), 4 + 4 * rank as u64);
        return Err(FileProblem::Size { of, expected, got: bytes.len() as u64 });
    };
    let sizes: Vec<u64> =
        sizes.as_chunks().0.iter().map(|&size| u64::from(u32::from_be_bytes(size))).collect();
    let total = sizes.iter().try_fold(width, |total, &size| total.checked_mul(size));
    let dims: Result<Vec<usize>, _> = sizes.iter().map(|&size| usize::try_from(size)).collect();
    let shape = dims.ok().and_then(|dims| Shape::new(&dims).ok());
    match total.zip(shape) {
        Some((total, shape)) => Ok(((kind, shape), 4 + 4 * rank, total)),
        None => Err(FileProblem::Overflow { sizes }),
    }
}

impl std::fmt::Debug for Idx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Idx {:#04x} {}", self.kind, self.shape)
    }
}
