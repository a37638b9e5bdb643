//! Functions laid over every number or every colour of a picture, on a scale from 0 to 1.

use crate::AugmentError;
use crate::image::Pixels;
use crate::pixel::Pixel;
use plywood_tensor::{Array, Elem, Float, Result, simd};

/// Red, green and blue make up the brightness of a colour by these shares (ITU-R BT.601).
const SHARES: [f64; 3] = [0.299, 0.587, 0.114];

/// The brightness of a colour.
#[inline(always)]
pub(crate) fn gray([red, green, blue]: [Elem; 3]) -> Elem {
    let [r, g, b] = SHARES.map(Elem::of);
    r * red + g * green + b * blue
}

/// `share x + (1 − share) other`, kept between 0 and 1.
#[inline(always)]
pub(crate) fn blend(x: Elem, other: Elem, share: Elem) -> Elem {
    unit(other + share * (x - other))
}

/// The nearest number from 0 to 1.
#[inline(always)]
pub(crate) fn unit(x: Elem) -> Elem {
    x.clamp(0.0, 1.0)
}

/// Every number by a function; bytes by a table of it.
pub(crate) fn map_levels(pixels: &mut Pixels, f: impl Fn(Elem) -> Elem + Sync) {
    match pixels {
        Pixels::Bytes(bytes) => {
            let mut table = [0; 256];
            for (byte, out) in (0..=255_u8).zip(&mut table) {
                *out = u8::of_elem(f(byte.to_elem() / 255.0) * 255.0);
            }
            map_bytes(bytes, &table);
        }
        Pixels::Floats(floats) => floats.map_in_place(f),
    }
}

/// Every byte by a table.
pub(crate) fn map_bytes(bytes: &mut Array<u8>, table: &[u8; 256]) {
    for x in bytes.as_mut_slice() {
        *x = table[usize::from(*x)];
    }
}

/// Every colour by a function; a picture of one channel has no colours and stays as it is.
///
/// # Errors
/// [`AugmentError::Channels`] for any other number of channels than 1 and 3.
pub(crate) fn map_colors(
    transform: &'static str,
    pixels: &mut Pixels,
    channels: usize,
    f: impl Fn([Elem; 3]) -> [Elem; 3] + Copy,
) -> Result<()> {
    if !colored(transform, channels)? {
        return Ok(());
    }
    match pixels {
        Pixels::Bytes(bytes) => simd::run(Colors { pixels: bytes.as_mut_slice(), f }),
        Pixels::Floats(floats) => simd::run(Colors { pixels: floats.as_mut_slice(), f }),
    }
    Ok(())
}

/// Whether there are three channels and not one; an error if there are others.
pub(crate) fn colored(transform: &'static str, channels: usize) -> Result<bool> {
    match channels {
        1 => Ok(false),
        3 => Ok(true),
        got => Err(AugmentError::Channels { transform, expected: "1 or 3 channels".into(), got }.into()),
    }
}

struct Colors<'a, T, F> {
    pixels: &'a mut [T],
    f: F,
}

impl<T: Pixel, F: Fn([Elem; 3]) -> [Elem; 3]> simd::Kernel for Colors<'_, T, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for pixel in self.pixels.chunks_exact_mut(3) {
            let color = [pixel[0], pixel[1], pixel[2]].map(|x| x.to_elem() / T::WHITE);
            let color = (self.f)(color);
            for (x, level) in pixel.iter_mut().zip(color) {
                *x = T::of_elem(level * T::WHITE);
            }
        }
    }
}
