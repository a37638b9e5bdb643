//! One place of a picture, with all that may lie around it.

use super::finish::Finish;
use super::interpolation::cubic;
use super::line::{BITS, ONE};
use crate::pixel::Pixel;
use crate::{Border, Interpolation};
use plywood_tensor::{Elem, Float};

/// A picture that is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a, T> {
    pub(crate) pixels: &'a [T],
    pub(crate) size: [usize; 2],
    pub(crate) channels: usize,
    pub(crate) interpolation: Interpolation,
    pub(crate) border: Border,
}

/// The pixels that are read along one axis, and how each counts.
struct Taps {
    index: [Option<usize>; 4],
    weight: [Elem; 4],
    count: usize,
}

impl<T: Pixel> Source<'_, T> {
    /// Writes the pixel at a place, in units of 2⁻³² pixels.
    pub(crate) fn point<F: Finish<T>>(&self, (x, y): (i64, i64), finish: F, out: &mut [F::Out]) {
        let rows = self.taps(y, self.size[0]);
        let columns = self.taps(x, self.size[1]);
        if let (Interpolation::Nearest, Some(row), Some(column)) =
            (self.interpolation, rows.index[0], columns.index[0])
        {
            let start = (row * self.size[1] + column) * self.channels;
            for (c, (out, &x)) in out.iter_mut().zip(&self.pixels[start..]).enumerate() {
                *out = finish.pixel(x, c);
            }
            return;
        }
        for (c, out) in out.iter_mut().enumerate() {
            let beyond = self.border.color().level::<T>(c).to_elem();
            let mut sum = 0.0;
            for i in 0..rows.count {
                let mut part = 0.0;
                for j in 0..columns.count {
                    let value = match (rows.index[i], columns.index[j]) {
                        (Some(row), Some(column)) => {
                            self.pixels[(row * self.size[1] + column) * self.channels + c].to_elem()
                        }
                        _ => beyond,
                    };
                    part += columns.weight[j] * value;
                }
                sum += rows.weight[i] * part;
            }
            *out = finish.mean(sum, c);
        }
    }

    /// The same for a place of which every pixel that is read lies inside, and `C` channels: bilinear and bicubic.
    #[inline(always)]
    pub(crate) fn inner_point<F: Finish<T>, const C: usize>(
        &self,
        (x, y): (i64, i64),
        finish: F,
        out: &mut [F::Out],
    ) {
        let linear = |part: Elem| [1.0 - part, part, 0.0, 0.0];
        let (across, down, count, before) = match self.interpolation {
            Interpolation::Bicubic => (cubic_weights(share(x)), cubic_weights(share(y)), 4, 1),
            _ => (linear(share(x)), linear(share(y)), 2, 0),
        };
        let (row, column) = ((y >> BITS) as usize - before, (x >> BITS) as usize - before);
        let mut sum = [0.0; C];
        for (i, weight) in down[..count].iter().enumerate() {
            let start = ((row + i) * self.size[1] + column) * C;
            let mut part = [0.0; C];
            let pixels = self.pixels[start..start + count * C].chunks_exact(C);
            for (pixel, weight) in pixels.zip(&across) {
                for c in 0..C {
                    part[c] += weight * pixel[c].to_elem();
                }
            }
            for c in 0..C {
                sum[c] += weight * part[c];
            }
        }
        for c in 0..C {
            out[c] = finish.mean(sum[c], c);
        }
    }

    #[inline]
    fn taps(&self, place: i64, size: usize) -> Taps {
        let (whole, part) = (place >> BITS, share(place));
        let index = |offset: i64| self.border.index(whole + offset, size);
        match self.interpolation {
            Interpolation::Nearest => {
                Taps { index: [index(0), None, None, None], weight: [1.0, 0.0, 0.0, 0.0], count: 1 }
            }
            Interpolation::Bilinear => Taps {
                index: [index(0), index(1), None, None],
                weight: [1.0 - part, part, 0.0, 0.0],
                count: 2,
            },
            Interpolation::Bicubic => Taps {
                index: [index(-1), index(0), index(1), index(2)],
                weight: cubic_weights(part),
                count: 4,
            },
        }
    }

    /// The places of which every pixel that is read lies inside, on an axis of this size.
    pub(crate) fn inside(&self, size: usize) -> (i64, i64) {
        let size = size as i64;
        match self.interpolation {
            Interpolation::Nearest => (0, size * ONE),
            Interpolation::Bilinear => (0, (size - 1) * ONE),
            Interpolation::Bicubic => (ONE, (size - 2) * ONE),
        }
    }

    /// The places of which some pixel that is read lies inside.
    pub(crate) fn touching(&self, size: usize) -> (i64, i64) {
        let size = size as i64;
        match self.interpolation {
            Interpolation::Nearest => (0, size * ONE),
            Interpolation::Bilinear => (1 - ONE, size * ONE),
            Interpolation::Bicubic => (-2 * ONE, (size + 1) * ONE),
        }
    }
}

/// How the four pixels around a place count, by how far it lies behind the second.
#[inline(always)]
fn cubic_weights(part: Elem) -> [Elem; 4] {
    let part = part.to_f64();
    [1.0 + part, part, 1.0 - part, 2.0 - part].map(|x| Elem::of(cubic(x, -0.75)))
}

/// How far a place lies behind the pixel before it: 24 bits, as many as single precision holds.
#[inline(always)]
pub(crate) fn share(place: i64) -> Elem {
    ((place as u32) >> 8) as i32 as Elem * (1.0 / 16_777_216.0)
}
