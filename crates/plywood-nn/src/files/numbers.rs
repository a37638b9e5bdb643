//! Numbers as bytes, and back.

use super::kind::Kind;
use plywood_autograd::BufferValue;
use plywood_tensor::{Array, Elem, Element, Float, Shape, narrow};
use std::io::{self, Read, Write};

/// What [`Elem`] is called in a file.
const ELEM: Kind = if size_of::<Elem>() == 8 { Kind::F64 } else { Kind::F32 };
/// Bytes are read and written so many at a time: they are still in the processor's cache when they become numbers.
const PART: usize = 128 * 1024;

/// The name of a value's numbers.
pub(super) fn kind(value: &BufferValue) -> Kind {
    if value.as_float().is_some() { ELEM } else { Kind::I64 }
}

/// Writes the bytes of a value.
pub(super) fn write(value: &BufferValue, to: &mut dyn Write) -> io::Result<()> {
    match value {
        BufferValue::Float(x) => write_all(x.as_slice(), to, Elem::to_le_bytes),
        BufferValue::Int(x) => write_all(x.as_slice(), to, i64::to_le_bytes),
    }
}

fn write_all<T: Copy, const N: usize>(
    numbers: &[T],
    to: &mut dyn Write,
    bytes: impl Fn(T) -> [u8; N],
) -> io::Result<()> {
    let mut part = vec![0; PART.min(numbers.len() * N)];
    for numbers in numbers.chunks(PART / N) {
        let part = &mut part[..numbers.len() * N];
        for (to, &number) in part.as_chunks_mut().0.iter_mut().zip(numbers) {
            *to = bytes(number);
        }
        to.write_all(part)?;
    }
    Ok(())
}

/// What is wrong with numbers in a file.
pub(super) enum Problem {
    Read(io::Error),
    /// In words.
    Number(String),
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Problem {
        Problem::Read(error)
    }
}

/// The bytes of a file, part by part.
pub(super) struct Source<'a> {
    from: &'a mut dyn Read,
    part: Vec<u8>,
}

impl<'a> Source<'a> {
    pub(super) fn new(from: &'a mut dyn Read) -> Self {
        Source { from, part: Vec::new() }
    }

    /// The next value: real numbers of any width become [`Elem`], integers `i64`.
    ///
    /// Whoever calls this knows that the file has as many bytes: the value is allocated first.
    pub(super) fn value(&mut self, kind: Kind, shape: &Shape) -> Result<BufferValue, Problem> {
        Ok(match kind {
            // As they are, whatever they are.
            _ if kind == ELEM => BufferValue::Float(self.array(shape, |b| Some(Elem::from_le_bytes(b)))?),
            Kind::F64 => self.real(shape, f64::from_le_bytes)?,
            Kind::F32 => self.real(shape, |b| f64::from(f32::from_le_bytes(b)))?,
            Kind::BF16 => self.real(shape, |b| f64::from(narrow::brain(u16::from_le_bytes(b))))?,
            Kind::F16 => self.real(shape, |b| narrow::half(u16::from_le_bytes(b)))?,
            Kind::I64 => self.integer(shape, |b| Some(i64::from_le_bytes(b)))?,
            Kind::I32 => self.integer(shape, |b| Some(i32::from_le_bytes(b).into()))?,
            Kind::I16 => self.integer(shape, |b| Some(i16::from_le_bytes(b).into()))?,
            Kind::I8 => self.integer(shape, |b| Some(i8::from_le_bytes(b).into()))?,
            Kind::U64 => self.integer(shape, |b| u64::from_le_bytes(b).try_into().ok())?,
            Kind::U32 => self.integer(shape, |b| Some(u32::from_le_bytes(b).into()))?,
            Kind::U16 => self.integer(shape, |b| Some(u16::from_le_bytes(b).into()))?,
            Kind::U8 | Kind::BOOL => self.integer(shape, |[b]| Some(b.into()))?,
        })
    }

    fn real<const N: usize>(
        &mut self,
        shape: &Shape,
        number: impl Fn([u8; N]) -> f64,
    ) -> Result<BufferValue, Problem> {
        let narrowed = |bytes| {
            let wide = number(bytes);
            let x = Elem::of(wide);
            // A NaN or an infinity in the file is what was saved; one that narrowing makes is not.
            (x.is_finite() || !wide.is_finite()).then_some(x)
        };
        Ok(BufferValue::Float(self.array(shape, narrowed)?))
    }

    fn integer<const N: usize>(
        &mut self,
        shape: &Shape,
        number: impl Fn([u8; N]) -> Option<i64>,
    ) -> Result<BufferValue, Problem> {
        Ok(BufferValue::Int(self.array(shape, number)?))
    }

    fn array<T: Element, const N: usize>(
        &mut self,
        shape: &Shape,
        number: impl Fn([u8; N]) -> Option<T>,
    ) -> Result<Array<T>, Problem> {
        let mut out = Array::zeros(shape).map_err(|error| Problem::Number(error.to_string()))?;
        for numbers in out.as_mut_slice().chunks_mut(PART / N) {
            self.part.resize(numbers.len() * N, 0);
            self.from.read_exact(&mut self.part)?;
            for (to, &bytes) in numbers.iter_mut().zip(self.part.as_chunks().0) {
                let number = number(bytes);
                *to = number.ok_or_else(|| Problem::Number("a number is too large for this build".into()))?;
            }
        }
        Ok(out)
    }
}
