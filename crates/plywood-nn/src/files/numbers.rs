//! Numbers as bytes, and back.

use crate::NnError;
use plywood_autograd::BufferValue;
use plywood_tensor::{Array, Elem, Element, Float, Result, Shape};
use safetensors::tensor::{Dtype, TensorView};

/// What [`Elem`] is called in a file.
const ELEM: Dtype = if size_of::<Elem>() == 8 { Dtype::F64 } else { Dtype::F32 };

/// The bytes of a value, and the name of its numbers.
pub(super) fn bytes(value: &BufferValue) -> (Dtype, Vec<u8>) {
    match value {
        BufferValue::Float(x) => (ELEM, x.as_slice().iter().flat_map(|x| x.to_le_bytes()).collect()),
        BufferValue::Int(x) => (Dtype::I64, x.as_slice().iter().flat_map(|x| x.to_le_bytes()).collect()),
    }
}

/// The value in a file: real numbers of any width become [`Elem`], integers `i64`.
pub(super) fn value(name: &str, view: &TensorView<'_>) -> Result<BufferValue> {
    // Ours holds at most eight axes, and no product of sizes overflows.
    let shape = Shape::new(view.shape())
        .map_err(|error| NnError::Format { reason: format!("tensor {name:?}: {error}") })?;
    let data = view.data();
    let value = match view.dtype() {
        Dtype::F64 => real(name, shape, data, f64::from_le_bytes)?,
        Dtype::F32 => real(name, shape, data, |b| f64::from(f32::from_le_bytes(b)))?,
        Dtype::BF16 => real(name, shape, data, |b| f64::from(brain(u16::from_le_bytes(b))))?,
        Dtype::F16 => real(name, shape, data, |b| half(u16::from_le_bytes(b)))?,
        Dtype::I64 => integer(name, shape, data, |b| Some(i64::from_le_bytes(b)))?,
        Dtype::I32 => integer(name, shape, data, |b| Some(i32::from_le_bytes(b).into()))?,
        Dtype::I16 => integer(name, shape, data, |b| Some(i16::from_le_bytes(b).into()))?,
        Dtype::I8 => integer(name, shape, data, |b| Some(i8::from_le_bytes(b).into()))?,
        Dtype::U64 => integer(name, shape, data, |b| u64::from_le_bytes(b).try_into().ok())?,
        Dtype::U32 => integer(name, shape, data, |b| Some(u32::from_le_bytes(b).into()))?,
        Dtype::U16 => integer(name, shape, data, |b| Some(u16::from_le_bytes(b).into()))?,
        Dtype::U8 | Dtype::BOOL => integer(name, shape, data, |[b]| Some(b.into()))?,
        other => {
            let reason = format!("tensor {name:?}: numbers of type {other} cannot be read");
            return Err(NnError::Format { reason }.into());
        }
    };
    Ok(value)
}

fn real<const N: usize>(
    name: &str,
    shape: Shape,
    data: &[u8],
    number: impl Fn([u8; N]) -> f64,
) -> Result<BufferValue> {
    let narrowed = |bytes| {
        let wide = number(bytes);
        let x = Elem::of(wide);
        // A NaN or an infinity in the file is what was saved; one that narrowing makes is not.
        (x.is_finite() || !wide.is_finite()).then_some(x)
    };
    Ok(BufferValue::Float(array(name, shape, data, narrowed)?))
}

fn integer<const N: usize>(
    name: &str,
    shape: Shape,
    data: &[u8],
    number: impl Fn([u8; N]) -> Option<i64>,
) -> Result<BufferValue> {
    Ok(BufferValue::Int(array(name, shape, data, number)?))
}

fn array<T: Element, const N: usize>(
    name: &str,
    shape: Shape,
    data: &[u8],
    number: impl Fn([u8; N]) -> Option<T>,
) -> Result<Array<T>> {
    let fail = |reason: &str| NnError::Format { reason: format!("tensor {name:?}: {reason}") };
    let (numbers, rest) = data.as_chunks::<N>();
    if numbers.len() != shape.numel() || !rest.is_empty() {
        return Err(fail(&format!("{} bytes do not fill {shape}", data.len())).into());
    }
    let read = numbers.iter().map(|&bytes| number(bytes)).collect::<Option<Vec<T>>>();
    Array::from_vec(read.ok_or_else(|| fail("a number is too large for this build"))?, shape)
}

/// The upper half of an `f32`.
fn brain(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

/// IEEE half precision: 1 bit of sign, 5 of exponent, 10 of fraction.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    sign * match exponent {
        0 => fraction * 2.0_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2.0_f64.powi(exponent - 25),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_numbers_are_what_they_were() {
        for (bits, expected) in [
            (0x3C00, 1.0),
            (0xC000, -2.0),
            (0x7BFF, 65504.0),
            (0x0001, 2.0_f64.powi(-24)),
            (0x0400, 2.0_f64.powi(-14)),
            (0x3555, 0.333_251_953_125),
            (0x7C00, f64::INFINITY),
        ] {
            assert_eq!(half(bits), expected, "{bits:x}");
        }
        assert!(half(0x7E00).is_nan());
        assert_eq!((brain(0x3F80), brain(0xC040)), (1.0, -3.0));
    }
}
