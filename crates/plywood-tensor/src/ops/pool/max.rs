//! The largest element in each window.

use super::window::{Span, Spans};
use super::{Choice, Images, volume};
use crate::simd::{self, Kernel};
use crate::{Array, Float, Result, Window, par};

/// Channels that are compared side by side, in registers.
const LANES: usize = 32;

/// What [`max_pool`] is for one width: sizes, windows, images, results, and bytes in so many planes.
pub(crate) type MaxPool<T> = fn(Images, &[Spans; 3], &[T], &mut [T], Option<(&mut [u8], usize)>);

impl<T: Float> Array<T> {
    /// The largest element in each window, channel by channel; NaN if one of them is.
    ///
    /// A border never counts. See [`Window`] for the shapes.
    ///
    /// ```
    /// # use plywood_tensor::{Tensor, Window};
    /// let x = Tensor::from([[[1.0], [5.0], [2.0], [4.0]]]);
    /// assert_eq!(x.max_pool(&Window::new([2]))?.as_slice(), [5.0, 4.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Window::output_shape`].
    pub fn max_pool(&self, window: &Window) -> Result<Self> {
        let shape = window.output_shape("max_pool", self.shape())?;
        let spans = window.spans("max_pool", self.shape())?;
        Ok(Array::build(shape, |out| {
            (T::kernels().max_pool)(Images::of(self.shape()), &spans, self.as_slice(), out, None);
        }))
    }

    /// As [`Array::max_pool`], and which element was chosen: the first of equal ones, the last NaN.
    ///
    /// # Errors
    /// As [`Window::output_shape`].
    pub fn max_pool_with_choice(&self, window: &Window) -> Result<(Self, Choice)> {
        let shape = window.output_shape("max_pool", self.shape())?;
        let spans = window.spans("max_pool", self.shape())?;
        let mut choice = Choice::new(self.shape(), &shape, spans)?;
        let y = Array::build(shape, |out| {
            let (spans, planes, bytes) = choice.parts();
            let images = Images::of(self.shape());
            (T::kernels().max_pool)(images, spans, self.as_slice(), out, Some((bytes, planes)));
        });
        Ok((y, choice))
    }
}

/// Writes the largest elements of all windows, and where each stood: its number in the window, byte by byte in so many
/// planes for each row of the result.
pub(crate) fn max_pool<T: Float>(
    images: Images,
    spans: &[Spans; 3],
    x: &[T],
    out: &mut [T],
    choice: Option<(&mut [u8], usize)>,
) {
    let results = Images { size: spans.each_ref().map(|axis| axis.list.len()), ..images };
    let row = results.row();
    let steps = out.len() * volume(spans);
    let rows = (par::CHUNK / (row * volume(spans)).max(1)).max(1);
    let (bytes, planes) = choice.unwrap_or((&mut [], 0));
    par::chunks_beside((out, bytes), (rows * row, rows * row * planes), steps, &|start, out, bytes| {
        let mut lines = Vec::new();
        let bytes_of = |i: usize| i * row * planes..(i + 1) * row * planes;
        for (i, y) in out.chunks_exact_mut(row).enumerate() {
            let [sample, depth, height] = results.place(start / row + i);
            let (depths, heights) = (spans[0].list[depth], spans[1].list[height]);
            lines.clear();
            for d in 0..depths.count {
                for h in 0..heights.count {
                    let line = (depths.start + d * spans[0].step) * images.size[1];
                    lines.push((line + heights.start + h * spans[1].step) * images.row());
                }
            }
            let x = &x[sample * images.sample()..][..images.sample()];
            let (channels, step, spans) = (images.channels, spans[2].step, &spans[2].list[..]);
            let line = Line { y, x, lines: &lines, spans, step, channels };
            match planes {
                0 => simd::run(Values(line)),
                _ => simd::run(Chosen { line, bytes: &mut bytes[bytes_of(i)], planes }),
            }
        }
    });
}

/// One row of results.
struct Line<'a, T> {
    y: &'a mut [T],
    /// The image.
    x: &'a [T],
    /// Where the rows of pixels begin that the windows lie on.
    lines: &'a [usize],
    spans: &'a [Span],
    step: usize,
    channels: usize,
}

struct Values<'a, T>(Line<'a, T>);

impl<T: Float> Kernel for Values<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Line { y, x, lines, spans, step, channels } = self.0;
        for (y, span) in y.chunks_exact_mut(channels).zip(spans) {
            let mut blocks = y.chunks_exact_mut(LANES);
            let mut channel = 0;
            for block in &mut blocks {
                let mut best = [-T::INFINITY; LANES];
                for &line in lines {
                    for k in 0..span.count {
                        let x = &x[line + (span.start + k * step) * channels + channel..][..LANES];
                        for (best, &x) in best.iter_mut().zip(x) {
                            *best = larger(x, *best);
                        }
                    }
                }
                block.copy_from_slice(&best);
                channel += LANES;
            }
            let rest = blocks.into_remainder();
            rest.fill(-T::INFINITY);
            for &line in lines {
                for k in 0..span.count {
                    let x = &x[line + (span.start + k * step) * channels + channel..][..rest.len()];
                    for (best, &x) in rest.iter_mut().zip(x) {
                        *best = larger(x, *best);
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn larger<T: Float>(x: T, best: T) -> T {
    if takes(x, best) { x } else { best }
}

/// Whether `x` takes the place of the best so far; a NaN does, and nothing but another takes its place.
#[inline(always)]
#[allow(clippy::eq_op)] // the definition of NaN
fn takes<T: Float>(x: T, best: T) -> bool {
    (x > best) | (x != x)
}

struct Chosen<'a, T> {
    line: Line<'a, T>,
    bytes: &'a mut [u8],
    planes: usize,
}

impl<T: Float> Kernel for Chosen<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Line { y, x, lines, spans, step, channels } = self.line;
        let row = y.len();
        for (pixel, (y, span)) in y.chunks_exact_mut(channels).zip(spans).enumerate() {
            let mut channel = 0;
            while channel < channels {
                let width = LANES.min(channels - channel);
                let (mut best, mut which) = ([-T::INFINITY; LANES], [0_u32; LANES]);
                let mut number = 0;
                for &line in lines {
                    for k in 0..span.count {
                        let x = &x[line + (span.start + k * step) * channels + channel..][..width];
                        if let Ok(x) = <&[T; LANES]>::try_from(x) {
                            for lane in 0..LANES {
                                let better = takes(x[lane], best[lane]);
                                best[lane] = if better { x[lane] } else { best[lane] };
                                which[lane] = if better { number } else { which[lane] };
                            }
                        } else {
                            for ((best, which), &x) in best.iter_mut().zip(&mut which).zip(x) {
                                let better = takes(x, *best);
                                *best = if better { x } else { *best };
                                *which = if better { number } else { *which };
                            }
                        }
                        number += 1;
                    }
                }
                y[channel..channel + width].copy_from_slice(&best[..width]);
                for plane in 0..self.planes {
                    let bytes = &mut self.bytes[plane * row + pixel * channels + channel..][..width];
                    for (byte, which) in bytes.iter_mut().zip(&which) {
                        *byte = (which >> (8 * plane)) as u8;
                    }
                }
                channel += width;
            }
        }
    }
}
