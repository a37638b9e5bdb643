//! The gradients of normalisation: one visit for the sums, one for the result.

use super::columns::{ahead, fold, parts, tile};
use super::groups::inverse;
use super::{Groups, Scaling, lanes};
use crate::simd::{self, Kernel};
use crate::{Array, Float, Result, Shape, par};

/// What the first visit finds for each sample and channel, in double precision: `Σ g` and `Σ g (x − mean)`.
pub(crate) type Sums = Array<f64>;

impl Groups {
    /// The gradients of [`Groups::normalize`] for `x`, the weight and the bias, from that of its result.
    ///
    /// Where mean and variance are those of `x` itself they depend on it too; `constant` ones do not.
    ///
    /// # Errors
    /// [`TensorError::Shape`](crate::TensorError::Shape) if something has another shape than the groups were made for.
    pub fn gradients<T: Float>(
        &self,
        x: &Array<T>,
        g: Array<T>,
        scaling: &Scaling<'_, T>,
        constant: bool,
    ) -> Result<[Array<T>; 3]> {
        self.check(x)?;
        self.check(&g)?;
        self.check_scaling(scaling)?;
        let sums = Shape::from_checked(&[self.samples, 2, self.channels]);
        let sums =
            Array::build(sums, |out| (T::kernels().sums)(self, x.as_slice(), g.as_slice(), scaling, out));
        let (mut weight, mut bias) = (vec![0.0; self.channels], vec![0.0; self.channels]);
        for (sample, sums) in sums.as_slice().chunks_exact((2 * self.channels).max(1)).enumerate() {
            let (plain, centred) = sums.split_at(self.channels);
            for channel in 0..self.channels {
                let variance = scaling.variance.as_slice()[self.group(sample, channel)];
                // Of nothing there is no variance, and nothing to be multiplied by it.
                let inverse = if self.rows == 0 { 0.0 } else { inverse(variance, scaling.epsilon) };
                weight[channel] += centred[channel] * inverse;
                bias[channel] += plain[channel];
            }
        }
        let list = |values: Vec<f64>| {
            Array::build(Shape::from_checked(&[self.channels]), |out| {
                for (out, value) in out.iter_mut().zip(values) {
                    *out = T::of(value);
                }
            })
        };
        let mut g = g;
        (T::kernels().apply_gradients)(
            self,
            x.as_slice(),
            g.as_mut_slice(),
            scaling,
            (!constant).then_some(&sums),
        );
        Ok([g, list(weight), list(bias)])
    }
}

/// `Σ g` and `Σ g (x − mean)` of each sample and channel.
pub(crate) fn sums<T: Float>(groups: &Groups, x: &[T], g: &[T], scaling: &Scaling<'_, T>, out: &mut [f64]) {
    let (channels, blocks) = (groups.channels, groups.blocks());
    let slots = Shape::from_checked(&[groups.samples * blocks * 2 * channels]);
    let slots = Array::<f64>::build(slots, |slots| {
        par::chunks(slots, 2 * channels, 2 * x.len(), |start, slot| {
            let number = start / (2 * channels);
            let (width, tiles) = (lanes(channels), tiles(groups, scaling, number / blocks));
            let mut sums = vec![T::ZERO; 2 * width];
            let (x, g) = (groups.part(x, number), groups.part(g, number));
            simd::run(BlockSums { x, g, tiles: &tiles, sums: &mut sums, rectify: scaling.rectify });
            let (plain, centred) = slot.split_at_mut(channels);
            fold(plain, &sums[..width]);
            fold(centred, &sums[width..]);
        });
    });
    let blocks = slots.as_slice().chunks_exact((blocks * 2 * channels).max(1));
    out.fill(0.0);
    for (out, blocks) in out.chunks_exact_mut((2 * channels).max(1)).zip(blocks) {
        for block in blocks.chunks_exact(2 * channels) {
            for (out, sum) in out.iter_mut().zip(block) {
                *out += sum;
            }
        }
    }
}

/// Means, factors and shifts of neighbouring elements.
pub(super) fn tiles<T: Float>(groups: &Groups, scaling: &Scaling<'_, T>, sample: usize) -> Vec<T> {
    let mut tiles = vec![T::ZERO; 3 * lanes(groups.channels)];
    tile(&mut tiles, groups.channels, |channel| {
        let group = groups.group(sample, channel);
        let inverse = inverse(scaling.variance.as_slice()[group], scaling.epsilon);
        let factor = T::of(inverse * scaling.weight.as_slice()[channel].to_f64());
        [scaling.mean.as_slice()[group], factor, scaling.bias.as_slice()[channel]]
    });
    tiles
}

struct BlockSums<'a, T> {
    x: &'a [T],
    g: &'a [T],
    tiles: &'a [T],
    sums: &'a mut [T],
    rectify: bool,
}

impl<T: Float> Kernel for BlockSums<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let width = self.tiles.len() / 3;
        let (means, rest) = self.tiles.split_at(width);
        let (factors, shifts) = rest.split_at(width);
        let (plain, centred) = self.sums.split_at_mut(width);
        let rectify = self.rectify;
        // Two rows at a time: chains are half as long.
        let pairs = self.x.chunks(2 * width).zip(self.g.chunks(2 * width));
        for (x, g) in pairs {
            ahead(x);
            ahead(g);
            if x.len() == 2 * width {
                let ((x, later_x), (g, later_g)) = (x.split_at(width), g.split_at(width));
                let sums = plain.iter_mut().zip(&mut *centred).zip(means).zip(factors).zip(shifts);
                let rows = x.iter().zip(g).zip(later_x.iter().zip(later_g));
                if rectify {
                    for (((((plain, centred), &m), &f), &b), ((&x, &g), (&y, &h))) in sums.zip(rows) {
                        let (x, y) = (x - m, y - m);
                        let (g, h) = (g.gate(x * f + b > T::ZERO), h.gate(y * f + b > T::ZERO));
                        *plain += g + h;
                        *centred += g * x + h * y;
                    }
                } else {
                    for (((((plain, centred), &m), _), _), ((&x, &g), (&y, &h))) in sums.zip(rows) {
                        *plain += g + h;
                        *centred += g * (x - m) + h * (y - m);
                    }
                }
            } else {
                for (x, g) in x.chunks(width).zip(g.chunks(width)) {
                    let sums = plain.iter_mut().zip(&mut *centred).zip(means).zip(factors).zip(shifts);
                    for (((((plain, centred), &m), &f), &b), (&x, &g)) in sums.zip(x.iter().zip(g)) {
                        let x = x - m;
                        let g = g.gate(!rectify | (x * f + b > T::ZERO));
                        *plain += g;
                        *centred += g * x;
                    }
                }
            }
        }
    }
}

/// Replaces the gradient of the result by that of the input; `sums` are there unless mean and variance are constants.
pub(crate) fn apply_gradients<T: Float>(
    groups: &Groups,
    x: &[T],
    g: &mut [T],
    scaling: &Scaling<'_, T>,
    sums: Option<&Sums>,
) {
    if g.is_empty() {
        return;
    }
    let (channels, count, steps) = (groups.channels, groups.count() as f64, 2 * x.len());
    let per_group = channels / groups.groups.max(1);
    let mut parts = parts(groups, g);
    par::chunks(&mut parts, 1, steps, |number, part| {
        let sample = number / groups.blocks();
        // For each group the means of `g w` and `g w (x − mean)`, each by the inverse deviation as often as x has it.
        let means: Vec<[f64; 2]> = (0..groups.groups)
            .map(|group| {
                let Some(sums) = sums else { return [0.0; 2] };
                let sums = &sums.as_slice()[sample * 2 * channels..][..2 * channels];
                let place = sample * groups.groups + group;
                let inverse = inverse(scaling.variance.as_slice()[place], scaling.epsilon);
                let mut means = [0.0; 2];
                for channel in group * per_group..(group + 1) * per_group {
                    let weight = scaling.weight.as_slice()[channel].to_f64();
                    means[0] += weight * sums[channel];
                    means[1] += weight * sums[channels + channel];
                }
                [means[0] * inverse / count, means[1] * inverse * inverse * inverse / count]
            })
            .collect();
        let mut tiles = tiles(groups, scaling, sample);
        let start = tiles.len();
        tiles.resize(start / 3 * 5, T::ZERO);
        tile(&mut tiles[start..], channels, |channel| means[channel / per_group].map(T::of));
        simd::run(Apply { g: part[0], x: groups.part(x, number), tiles: &tiles, rectify: scaling.rectify });
    });
}

struct Apply<'a, T> {
    g: &'a mut [T],
    x: &'a [T],
    /// Means, factors and shifts; then the means of the gradient, plain and centred.
    tiles: &'a [T],
    rectify: bool,
}

impl<T: Float> Kernel for Apply<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let width = self.tiles.len() / 5;
        let tile = |k: usize| &self.tiles[k * width..(k + 1) * width];
        let (means, factors, shifts) = (tile(0), tile(1), tile(2));
        let (plain, centred) = (tile(3), tile(4));
        for (g, x) in self.g.chunks_mut(width).zip(self.x.chunks(width)) {
            let tiles = means.iter().zip(factors).zip(plain.iter().zip(centred)).zip(shifts);
            let values = g.iter_mut().zip(x).zip(tiles);
            if self.rectify {
                for ((g, &x), (((&mean, &factor), (&plain, &centred)), &shift)) in values {
                    let x = x - mean;
                    let kept = g.gate(x * factor + shift > T::ZERO);
                    *g = kept * factor - plain - x * centred;
                }
            } else {
                for ((g, &x), (((&mean, &factor), (&plain, &centred)), _)) in values {
                    *g = *g * factor - plain - (x - mean) * centred;
                }
            }
        }
    }
}
