//! An array in the format of NumPy.

mod header;
mod kind;

use super::bytes::read;
use super::{FITS, FileProblem, narrowed};
use crate::DataError;
use header::Header;
use kind::{Kind, Number};
use plywood_nn::write_atomically;
use plywood_tensor::{Array, Elem, Element, Float, IntTensor, Result, Shape, Tensor, narrow};
use std::path::Path;

/// An array from a `.npy` file, or for one.
///
/// Read are versions 1.0 to 3.0 of the format, with numbers of the types `f2`, `f4`, `f8`, `i1` to `i8`, `u1` to `u8` and `bool`,
/// of either byte order, in the order of C or of Fortran. Nothing is ever unpickled: an array of objects is an error.
///
/// Header, shape and length are checked before anything is allocated for them. Reading takes at most the file twice, and a tensor
/// made of it at most 20 times the file (bytes as integers of 64 bits, turned around).
///
/// # Example
/// ```
/// use plywood_data::Npy;
/// use plywood_tensor::{IntTensor, Tensor};
///
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// let file = Npy::from(&x).to_bytes(); // as np.save writes it
/// assert_eq!(Npy::read(&file)?.tensor()?, x);
///
/// let labels = Npy::from(&IntTensor::from([3, 1])).to_bytes();
/// assert_eq!(Npy::read(&labels)?.integers()?, IntTensor::from([3, 1]));
///
/// let error = Npy::read(&labels[..labels.len() - 1]).unwrap_err();
/// assert_eq!(error.to_string(), "npy: expected 16 bytes of data, got 15");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// NumPy: `np.load(path, allow_pickle=False)` and `np.save`, whose bytes are the same; the format is described in `numpy.lib.format`.
#[derive(Clone)]
#[doc(alias("np.load", "np.save", "numpy"))]
pub struct Npy {
    name: String,
    header: Header,
    file: Vec<u8>,
    /// Where the numbers begin.
    start: usize,
}

impl Npy {
    /// A file.
    ///
    /// # Errors
    /// [`DataError::File`] with what is wrong.
    pub fn open(path: impl AsRef<Path>) -> Result<Npy> {
        let name = path.as_ref().display().to_string();
        match std::fs::read(path) {
            Ok(file) => Npy::parse(name, file),
            Err(error) => Err(DataError::File { file: name, problem: read(&error) }.into()),
        }
    }

    /// The bytes of a file, which errors call `npy`.
    ///
    /// # Errors
    /// [`DataError::File`] with what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Npy> {
        Npy::parse("npy".into(), bytes.to_vec())
    }

    pub(crate) fn parse(name: String, file: Vec<u8>) -> Result<Npy> {
        match Header::parse(&file) {
            Ok((header, start)) => Ok(Npy { name, header, file, start }),
            Err(problem) => Err(DataError::File { file: name, problem }.into()),
        }
    }

    /// The sizes of the array.
    pub fn shape(&self) -> &Shape {
        &self.header.shape
    }

    /// The numbers as they are, rounded to the width of a tensor's elements; `False` and `True` are 0 and 1.
    ///
    /// # Errors
    /// [`FileProblem::Number`] for a finite number that is too large for the build.
    pub fn tensor(&self) -> Result<Tensor> {
        match self.header.kind.number {
            Number::Bool | Number::U1 => self.array(FITS, |[b]| Ok(Elem::from(b))),
            Number::I1 => self.array(FITS, |[b]| Ok(Elem::from(b as i8))),
            Number::I2 => self.array(FITS, |b| Ok(Elem::from(i16::from_le_bytes(b)))),
            Number::U2 => self.array(FITS, |b| Ok(Elem::from(u16::from_le_bytes(b)))),
            Number::I4 => self.array(FITS, |b| Ok(i32::from_le_bytes(b) as Elem)),
            Number::U4 => self.array(FITS, |b| Ok(u32::from_le_bytes(b) as Elem)),
            Number::I8 => self.array(FITS, |b| Ok(i64::from_le_bytes(b) as Elem)),
            Number::U8 => self.array(FITS, |b| Ok(u64::from_le_bytes(b) as Elem)),
            Number::F2 => self.array(FITS, |b| Ok(Elem::of(narrow::half(u16::from_le_bytes(b))))),
            Number::F4 => self.array(FITS, |b| Ok(Elem::from(f32::from_le_bytes(b)))),
            Number::F8 => self.array(FITS, |b| narrowed(f64::from_le_bytes(b))),
        }
    }

    /// Whole numbers, for example labels; `False` and `True` are 0 and 1.
    ///
    /// # Errors
    /// [`FileProblem::Numbers`] for floating-point numbers, [`FileProblem::Number`] for one of 2⁶³ or more.
    pub fn integers(&self) -> Result<IntTensor> {
        const FITS: &str = "at most 9223372036854775807";
        match self.header.kind.number {
            Number::Bool | Number::U1 => self.array(FITS, |[b]| Ok(b.into())),
            Number::I1 => self.array(FITS, |[b]| Ok((b as i8).into())),
            Number::I2 => self.array(FITS, |b| Ok(i16::from_le_bytes(b).into())),
            Number::U2 => self.array(FITS, |b| Ok(u16::from_le_bytes(b).into())),
            Number::I4 => self.array(FITS, |b| Ok(i32::from_le_bytes(b).into())),
            Number::U4 => self.array(FITS, |b| Ok(u32::from_le_bytes(b).into())),
            Number::I8 => self.array(FITS, |b| Ok(i64::from_le_bytes(b))),
            Number::U8 => self.array(FITS, |b| {
                let number = u64::from_le_bytes(b);
                i64::try_from(number).map_err(|_| number.to_string())
            }),
            Number::F2 | Number::F4 | Number::F8 => {
                let got = self.header.kind.name();
                Err(self
                    .problem(FileProblem::Numbers { expected: "i1 to i8, u1 to u8 or b1 (integers)", got }))
            }
        }
    }

    /// The bytes of a file: those that `np.save` writes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.header.to_bytes();
        bytes.extend_from_slice(&self.file[self.start..]);
        bytes
    }

    /// Writes a file that `np.load` reads, complete or not at all.
    ///
    /// # Errors
    /// [`NnError::File`](plywood_nn::NnError::File) if it cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write_atomically(path, &self.to_bytes())
    }

    pub(crate) fn problem(&self, problem: FileProblem) -> plywood_tensor::Error {
        DataError::File { file: self.name.clone(), problem }.into()
    }

    /// Each number of so many bytes, the smallest first, or what it is if it does not fit.
    fn array<T: Element, const N: usize>(
        &self,
        fits: &'static str,
        number: impl Fn([u8; N]) -> Result<T, String>,
    ) -> Result<Array<T>> {
        let Header { kind, fortran, shape } = self.header;
        // The first axis runs fastest: that is an array with its axes in reverse.
        let mut sizes = shape.to_vec();
        if fortran {
            sizes.reverse();
        }
        let mut out = Array::zeros(sizes.as_slice())?;
        let bytes = self.file[self.start..].as_chunks::<N>().0;
        for (index, (to, &bytes)) in out.as_mut_slice().iter_mut().zip(bytes).enumerate() {
            let mut bytes = bytes;
            if kind.big {
                bytes.reverse();
            }
            *to = match number(bytes) {
                Ok(number) => number,
                Err(got) => return Err(self.problem(FileProblem::Number { index, expected: fits, got })),
            };
        }
        if !fortran || sizes.len() < 2 {
            return Ok(out);
        }
        let order: Vec<isize> = (0..sizes.len() as isize).rev().collect();
        out.permute(&order)
    }

    fn of<T: Copy, const N: usize>(
        number: Number,
        shape: &Shape,
        numbers: &[T],
        bytes: impl Fn(T) -> [u8; N],
    ) -> Npy {
        let mut file = vec![0; numbers.len() * N];
        for (to, &number) in file.as_chunks_mut().0.iter_mut().zip(numbers) {
            *to = bytes(number);
        }
        let header = Header { kind: Kind::little(number), fortran: false, shape: *shape };
        Npy { name: "npy".into(), header, file, start: 0 }
    }
}

/// In the precision of the build.
impl From<&Tensor> for Npy {
    fn from(x: &Tensor) -> Npy {
        let number = if size_of::<Elem>() == 8 { Number::F8 } else { Number::F4 };
        Npy::of(number, x.shape(), x.as_slice(), Elem::to_le_bytes)
    }
}

/// As `i8`: integers of 64 bits.
impl From<&IntTensor> for Npy {
    fn from(x: &IntTensor) -> Npy {
        Npy::of(Number::I8, x.shape(), x.as_slice(), i64::to_le_bytes)
    }
}

impl std::fmt::Debug for Npy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Npy {} {}", self.header.kind.name(), self.header.shape)
    }
}
