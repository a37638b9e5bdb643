//! Groups of elements that share a mean and a variance.

use super::columns::{block_moments, parts};
use super::gradients::tiles;
use crate::simd::{self, Kernel};
use crate::{Array, Element, Float, Result, Shape, TensorError, math, par};

/// Elements of a block of rows: what fits in the nearer caches, for it is read twice.
const BLOCK: usize = 16 * 1024;
/// Rows of a block at least: what is kept of a block must be little beside it.
const ROWS: usize = 64;

/// Which elements of `[N, .., C]` share a mean and a variance.
///
/// Batch normalisation has one sample, all rows, and a group for each channel; instance normalisation a sample for
/// each image; group normalisation fewer groups, of neighbouring channels.
///
/// ```
/// # use plywood_tensor::{Groups, Tensor};
/// let x = Tensor::from([[1.0, 10.0], [3.0, 30.0]]);
/// let [mean, variance] = Groups::of_batch("norm", x.shape())?.moments(&x)?;
/// assert_eq!((mean.as_slice(), variance.as_slice()), (&[2.0, 20.0][..], &[1.0, 100.0][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Groups {
    pub(super) op: &'static str,
    shape: Shape,
    pub(super) samples: usize,
    /// Rows of a sample.
    pub(super) rows: usize,
    pub(super) channels: usize,
    pub(super) groups: usize,
}

/// By what the elements are shifted and scaled: `y = (x − mean) / √(variance + epsilon) · weight + bias`.
#[derive(Debug, Clone, Copy)]
pub struct Scaling<'a, T: Element> {
    /// `[samples, groups]`
    pub mean: &'a Array<T>,
    /// `[samples, groups]`
    pub variance: &'a Array<T>,
    /// Keeps the square root away from 0.
    pub epsilon: f64,
    /// `[C]`
    pub weight: &'a Array<T>,
    /// `[C]`
    pub bias: &'a Array<T>,
    /// Whether what is below 0 becomes 0.
    pub rectify: bool,
}

impl Groups {
    /// Each channel of the whole batch is a group: those of batch normalisation.
    ///
    /// # Errors
    /// [`TensorError::Shape`] for fewer than two axes.
    pub fn of_batch(op: &'static str, shape: &Shape) -> Result<Groups> {
        let [_, .., channels] = **shape else { return Groups::refuse(op, "[N, .., C]".into(), shape) };
        let rows = shape[..shape.rank() - 1].iter().product();
        Ok(Groups { op, shape: *shape, samples: 1, rows, channels, groups: channels })
    }

    /// The channels of each image in so many groups: those of group normalisation.
    ///
    /// # Errors
    /// [`TensorError::Shape`] for fewer than two axes, and if the channels cannot be divided.
    pub fn of_samples(op: &'static str, shape: &Shape, groups: usize) -> Result<Groups> {
        let [samples, .., channels] = **shape else { return Groups::refuse(op, "[N, .., C]".into(), shape) };
        if groups == 0 || !channels.is_multiple_of(groups) {
            return Groups::refuse(op, format!("channels in {groups} groups"), shape);
        }
        let rows = shape[1..shape.rank() - 1].iter().product();
        Ok(Groups { op, shape: *shape, samples, rows, channels, groups })
    }

    fn refuse<R>(op: &'static str, expected: String, got: &Shape) -> Result<R> {
        Err(TensorError::Shape { op, expected, got: *got }.into())
    }

    /// How many elements share a mean.
    pub fn count(&self) -> usize {
        self.rows * (self.channels / self.groups.max(1))
    }

    /// The mean and the (population) variance of each group, both `[samples, groups]`; NaN for groups of nothing.
    ///
    /// Each block of rows is read twice while it is in the cache, the second time about its own mean; blocks are merged
    /// in double precision. A mean far from 0 costs no digits: in single precision both are right to about 1e-6
    /// of the deviation and of the variance.
    ///
    /// # Errors
    /// [`TensorError::Shape`] if `x` has another shape than the groups were made for.
    ///
    /// # References
    /// Chan, Golub and LeVeque, *Algorithms for computing the sample variance*, 1983.
    pub fn moments<T: Float>(&self, x: &Array<T>) -> Result<[Array<T>; 2]> {
        self.check(x)?;
        let shape = Shape::from_checked(&[self.samples, self.groups]);
        let mut variance = Array::build(shape, |_| ());
        let variances = variance.as_mut_slice();
        let mean = Array::build(shape, |means| (T::kernels().moments)(self, x.as_slice(), means, variances));
        Ok([mean, variance])
    }

    /// The elements with the mean and the variance of their group taken out, scaled and shifted anew.
    ///
    /// # Errors
    /// [`TensorError::Shape`] if something has another shape than the groups were made for.
    pub fn normalize<T: Float>(&self, x: &Array<T>, scaling: &Scaling<'_, T>) -> Result<Array<T>> {
        self.normalized(x, None, scaling)
    }

    /// As [`Groups::normalize`], with `residual` added before what is below 0 becomes 0, in the same pass.
    ///
    /// # Errors
    /// As there.
    pub fn normalize_onto<T: Float>(
        &self,
        x: &Array<T>,
        residual: &Array<T>,
        scaling: &Scaling<'_, T>,
    ) -> Result<Array<T>> {
        self.check(residual)?;
        self.normalized(x, Some(residual.as_slice()), scaling)
    }

    fn normalized<T: Float>(
        &self,
        x: &Array<T>,
        residual: Option<&[T]>,
        scaling: &Scaling<'_, T>,
    ) -> Result<Array<T>> {
        self.check(x)?;
        self.check_scaling(scaling)?;
        Ok(Array::build(self.shape, |out| {
            (T::kernels().normalize)(self, x.as_slice(), residual, scaling, out)
        }))
    }

    pub(super) fn check<T: Float>(&self, x: &Array<T>) -> Result<()> {
        if *x.shape() == self.shape {
            Ok(())
        } else {
            Groups::refuse(self.op, self.shape.to_string(), x.shape())
        }
    }

    pub(super) fn check_scaling<T: Float>(&self, scaling: &Scaling<'_, T>) -> Result<()> {
        let (groups, channels) = ([self.samples, self.groups], [self.channels]);
        for (what, array, dims) in [
            ("a mean", scaling.mean, &groups[..]),
            ("a variance", scaling.variance, &groups),
            ("a weight", scaling.weight, &channels),
            ("a bias", scaling.bias, &channels),
        ] {
            if **array.shape() != *dims {
                return Groups::refuse(
                    self.op,
                    format!("{what} of shape {}", Shape::new(dims)?),
                    array.shape(),
                );
            }
        }
        Ok(())
    }

    /// Rows of a block.
    pub(super) fn block(&self) -> usize {
        (BLOCK / self.channels.max(1)).max(ROWS)
    }

    /// Blocks of a sample.
    pub(super) fn blocks(&self) -> usize {
        self.rows.div_ceil(self.block())
    }

    /// The elements of block `number`, counted through all samples.
    pub(super) fn part<'a, T>(&self, x: &'a [T], number: usize) -> &'a [T] {
        let (sample, block) = (number / self.blocks(), number % self.blocks());
        let (first, last) = (block * self.block(), self.rows.min((block + 1) * self.block()));
        let start = sample * self.rows;
        &x[(start + first) * self.channels..(start + last) * self.channels]
    }

    /// The group of a channel.
    pub(super) fn group(&self, sample: usize, channel: usize) -> usize {
        sample * self.groups + channel / (self.channels / self.groups)
    }
}

/// `1 / √(variance + epsilon)`, in double precision.
pub(super) fn inverse<T: Float>(variance: T, epsilon: f64) -> f64 {
    1.0 / math::sqrt(variance.to_f64() + epsilon)
}

/// Writes the mean and the variance of each group.
pub(crate) fn moments<T: Float>(groups: &Groups, x: &[T], means: &mut [T], variances: &mut [T]) {
    let (channels, blocks) = (groups.channels, groups.blocks());
    let slots = Shape::from_checked(&[groups.samples * blocks * 2 * channels]);
    let slots = Array::<f64>::build(slots, |slots| {
        par::chunks(slots, 2 * channels, 2 * x.len(), |start, slot| {
            block_moments(groups.part(x, start / (2 * channels)), channels, slot);
        });
    });
    let per_group = channels / groups.groups.max(1);
    let (mut mean, mut square) = (vec![0.0; channels], vec![0.0; channels]);
    for sample in 0..groups.samples {
        mean.fill(0.0);
        square.fill(0.0);
        let slots = &slots.as_slice()[sample * blocks * 2 * channels..][..blocks * 2 * channels];
        let mut before = 0;
        for (block, slot) in slots.chunks_exact((2 * channels).max(1)).enumerate() {
            let count = groups.block().min(groups.rows - block * groups.block());
            simd::run(Merge { mean: &mut mean, square: &mut square, slot, before, count });
            before += count;
        }
        for group in 0..groups.groups {
            let own = group * per_group..(group + 1) * per_group;
            // Channels of a group have as many elements each.
            let centre = mean[own.clone()].iter().sum::<f64>() / per_group as f64;
            let spread: f64 = mean[own.clone()].iter().map(|mean| (mean - centre) * (mean - centre)).sum();
            let total = square[own].iter().sum::<f64>() + spread * groups.rows as f64;
            let place = sample * groups.groups + group;
            // The mean of nothing is not 0.
            means[place] = if groups.count() == 0 { T::NAN } else { T::of(centre) };
            variances[place] = T::of(total / groups.count() as f64);
        }
    }
}

/// Adds the means and sums of squared distances of a block to those of the blocks before.
struct Merge<'a> {
    mean: &'a mut [f64],
    square: &'a mut [f64],
    slot: &'a [f64],
    before: usize,
    count: usize,
}

impl Kernel for Merge<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let (before, count) = (self.before as f64, self.count as f64);
        let (share, both) = (count / (before + count), before * count / (before + count));
        let (means, squares) = self.slot.split_at(self.mean.len());
        let sums = self.mean.iter_mut().zip(self.square);
        for (((mean, square), &other), &other_square) in sums.zip(means).zip(squares) {
            let distance = other - *mean;
            *mean += distance * share;
            *square += other_square + distance * distance * both;
        }
    }
}

/// Writes the elements with the mean and the variance of their group taken out, scaled and shifted.
///
/// What is in `residual` is added.
pub(crate) fn normalize<T: Float>(
    groups: &Groups,
    x: &[T],
    residual: Option<&[T]>,
    scaling: &Scaling<'_, T>,
    out: &mut [T],
) {
    if out.is_empty() {
        return;
    }
    let steps = out.len();
    let mut parts = parts(groups, out);
    par::chunks(&mut parts, 1, steps, |number, part| {
        let tiles = tiles(groups, scaling, number / groups.blocks());
        let (out, x) = (&mut *part[0], groups.part(x, number));
        let residual = residual.map(|residual| groups.part(residual, number));
        simd::run(Pass { out, x, residual, tiles: &tiles, rectify: scaling.rectify });
    });
}

struct Pass<'a, T> {
    out: &'a mut [T],
    x: &'a [T],
    residual: Option<&'a [T]>,
    /// Means, factors and shifts of neighbouring elements.
    tiles: &'a [T],
    rectify: bool,
}

impl<T: Float> Kernel for Pass<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let width = self.tiles.len() / 3;
        let (means, rest) = self.tiles.split_at(width);
        let (factors, shifts) = rest.split_at(width);
        // A NaN stays.
        let positive = |y: T| y.gate((y > T::ZERO) | y.is_nan());
        for (i, (out, x)) in self.out.chunks_mut(width).zip(self.x.chunks(width)).enumerate() {
            let values = out.iter_mut().zip(x).zip(means).zip(factors).zip(shifts);
            if let Some(residual) = self.residual {
                let rectify = self.rectify;
                for (((((out, &x), &mean), &factor), &shift), &r) in values.zip(&residual[i * width..]) {
                    let y = (x - mean) * factor + shift + r;
                    *out = if rectify { positive(y) } else { y };
                }
            } else if self.rectify {
                for ((((out, &x), &mean), &factor), &shift) in values {
                    *out = positive((x - mean) * factor + shift);
                }
            } else {
                for ((((out, &x), &mean), &factor), &shift) in values {
                    *out = (x - mean) * factor + shift;
                }
            }
        }
    }
}
