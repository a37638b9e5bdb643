//! Weighted sums along rows, then along columns: new sizes without aliasing, and blurs.

use super::interpolation::cubic;
use crate::image::each;
use crate::pixel::Pixel;
use crate::{Border, Image, Interpolation};
use plywood_tensor::{Array, Elem, Float, Result, Tensor, simd};

/// The neighbours that make up one new pixel along an axis.
#[derive(Debug, Clone)]
pub(crate) struct Mix {
    first: usize,
    weights: Vec<Elem>,
}

/// The neighbours for a new length of an axis.
///
/// The kernel is as wide as a new pixel where that is wider than an old one: every old pixel counts.
pub(crate) fn resizing(from: usize, to: usize, interpolation: Interpolation) -> Vec<Mix> {
    let step = from as f64 / to as f64;
    let stretch = step.max(1.0);
    let (reach, kernel): (f64, fn(f64) -> f64) = match interpolation {
        Interpolation::Bicubic => (2.0, |x| cubic(x, -0.5)),
        // The nearest pixel is not a mix: `Resize` moves pixels for that.
        Interpolation::Bilinear | Interpolation::Nearest => (1.0, |x| (1.0 - x.abs()).max(0.0)),
    };
    let of = |i: usize| {
        let centre = (i as f64 + 0.5) * step;
        let first = (centre - reach * stretch + 0.5).max(0.0) as usize;
        let last = ((centre + reach * stretch + 0.5) as usize).clamp(first + 1, from.max(first + 1));
        let weights = (first..last).map(|j| kernel((j as f64 + 0.5 - centre) / stretch)).collect();
        normalized(first, weights)
    };
    (0..to).map(of).collect()
}

/// The neighbours for a filter of odd length that is laid over each pixel.
pub(crate) fn filtering(size: usize, filter: &[f64], border: Border) -> Vec<Mix> {
    let reach = (filter.len() / 2) as i64;
    let of = |i: usize| {
        // Pixels beyond the edge are others inside: their weights join.
        let index = |j: usize| border.index(i as i64 + j as i64 - reach, size);
        let places: Vec<usize> = (0..filter.len()).filter_map(index).collect();
        let first = places.iter().copied().min().unwrap_or(i);
        let last = places.iter().copied().max().unwrap_or(i);
        let mut weights = vec![0.0; last + 1 - first];
        for (j, weight) in filter.iter().enumerate() {
            if let Some(place) = index(j) {
                weights[place - first] += weight;
            }
        }
        Mix { first, weights: weights.into_iter().map(Elem::of).collect() }
    };
    (0..size).map(of).collect()
}

fn normalized(first: usize, weights: Vec<f64>) -> Mix {
    let sum: f64 = weights.iter().sum();
    Mix { first, weights: weights.into_iter().map(|w| Elem::of(w / sum)).collect() }
}

/// A picture of which each row, then each column, is a mix of those of another.
pub(crate) fn resample(image: &Image, rows: &[Mix], columns: &[Mix]) -> Result<Image> {
    let (width, channels) = (image.width(), image.channels());
    let mut down = Tensor::zeros([rows.len(), width, channels])?;
    each!(image.pixels(), from => mix_rows(from, rows, down.as_mut_slice()));
    let mut out = image.blank_like([rows.len(), columns.len()])?;
    let down = down.as_slice().chunks_exact(width * channels);
    each!(out.pixels_mut(), to => {
        let rows = to.as_mut_slice().chunks_exact_mut(columns.len() * channels);
        for (out, from) in rows.zip(down) {
            match channels {
                1 => simd::run(Across::<_, 1> { from, columns, channels, out }),
                3 => simd::run(Across::<_, 3> { from, columns, channels, out }),
                _ => simd::run(Across::<_, 0> { from, columns, channels, out }),
            }
        }
    });
    Ok(out)
}

fn mix_rows<T: Pixel>(from: &Array<T>, rows: &[Mix], out: &mut [Elem]) {
    let length = from.shape()[1] * from.shape()[2];
    for (sum, mix) in out.chunks_exact_mut(length).zip(rows) {
        let neighbours = from.as_slice()[mix.first * length..].chunks_exact(length);
        for (neighbour, &weight) in neighbours.zip(&mix.weights) {
            simd::dispatch(|| {
                for (sum, x) in sum.iter_mut().zip(neighbour) {
                    *sum += weight * x.to_elem();
                }
            });
        }
    }
}

/// A row of which each pixel is a mix; `C` channels, or any number if it is 0.
struct Across<'a, T, const C: usize> {
    from: &'a [Elem],
    columns: &'a [Mix],
    channels: usize,
    out: &'a mut [T],
}

impl<T: Pixel, const C: usize> simd::Kernel for Across<'_, T, C> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let channels = if C > 0 { C } else { self.channels };
        for (pixel, mix) in self.out.chunks_exact_mut(channels).zip(self.columns) {
            let neighbours = &self.from[mix.first * channels..(mix.first + mix.weights.len()) * channels];
            if C == 0 {
                for (c, out) in pixel.iter_mut().enumerate() {
                    let one = neighbours[c..].iter().step_by(channels).zip(&mix.weights);
                    *out = T::of_elem(one.fold(0.0, |sum, (x, weight)| sum + weight * x));
                }
                continue;
            }
            let mut sum = [0.0; C];
            for (neighbour, weight) in neighbours.chunks_exact(C).zip(&mix.weights) {
                for c in 0..C {
                    sum[c] += weight * neighbour[c];
                }
            }
            for c in 0..C {
                pixel[c] = T::of_elem(sum[c]);
            }
        }
    }
}

/// A picture of another size, every pixel of which counts.
pub(crate) fn resized(image: &Image, size: [usize; 2], interpolation: Interpolation) -> Result<Image> {
    let [height, width] = image.size();
    let rows = resizing(height, size[0], interpolation);
    let columns = resizing(width, size[1], interpolation);
    resample(image, &rows, &columns)
}
