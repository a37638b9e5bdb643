//! Rows that have a mean and a variance each.

use crate::simd::{self, Kernel};
use crate::{Array, Float, Result, Shape, TensorError, math, par};

/// Independent chains within a row: they fill the vectors.
const LANES: usize = 32;
/// Rows whose inverse deviations are computed together.
const GROUP: usize = 8;
/// Parts of the rows at most that sum up gradients of the weight on their own.
const PARTS: usize = 256;

/// Mean and inverse deviation of each row: what the gradient of [`Array::normalize_rows`] needs again.
#[derive(Debug, Clone)]
pub struct RowStatistics<T: Float> {
    /// `[rows, 2]`
    statistics: Array<T>,
    width: usize,
    centred: bool,
}

impl<T: Float> Array<T> {
    /// `y = (x − mean) / √(variance + epsilon) · weight + bias` for each row, the runs of `weight.numel()` elements.
    ///
    /// Rows that are not `centred` keep their mean, and their mean square takes the place of the variance.
    ///
    /// # Errors
    /// [`TensorError::Shape`] if the array is not made of such rows, or weight and bias differ in shape.
    pub fn normalize_rows(
        &self,
        weight: &Array<T>,
        bias: &Array<T>,
        epsilon: f64,
        centred: bool,
    ) -> Result<(Array<T>, RowStatistics<T>)> {
        let op = if centred { "layer_norm" } else { "rms_norm" };
        let own = weight.shape();
        let ends = self.shape().len().checked_sub(own.rank()).is_some_and(|at| self.shape()[at..] == **own);
        if !ends || own.rank() == 0 {
            let expected = format!("a tensor that ends with {own}");
            return Err(TensorError::Shape { op, expected, got: *self.shape() }.into());
        }
        if bias.shape() != own {
            let expected = format!("a bias of shape {own}");
            return Err(TensorError::Shape { op, expected, got: *bias.shape() }.into());
        }
        let width = own.numel();
        let rows = self.shape()[..self.shape().rank() - own.rank()].iter().product();
        let mut statistics = Array::build(Shape::from_checked(&[rows, 2]), |_| ());
        let (kernel, list) = (T::kernels().row_normalize, statistics.as_mut_slice());
        let y = Array::build(*self.shape(), |y| {
            kernel(self.as_slice(), [weight.as_slice(), bias.as_slice()], epsilon, centred, y, list);
        });
        Ok((y, RowStatistics { statistics, width, centred }))
    }
}

impl<T: Float> RowStatistics<T> {
    /// The gradients of [`Array::normalize_rows`] for `x`, the weight and the bias, from that of its result.
    ///
    /// # Errors
    /// [`TensorError::Shape`] if something does not have the shape it had.
    pub fn row_gradients(&self, x: &Array<T>, g: Array<T>, weight: &Array<T>) -> Result<[Array<T>; 3]> {
        let op = if self.centred { "layer_norm" } else { "rms_norm" };
        let refuse = |expected, got: &Shape| Err(TensorError::Shape { op, expected, got: *got }.into());
        if g.shape() != x.shape() {
            return refuse(format!("a gradient of shape {}", x.shape()), g.shape());
        }
        if weight.numel() != self.width {
            return refuse(format!("a weight of {} elements", self.width), weight.shape());
        }
        let numel = self.statistics.numel() / 2 * self.width;
        if x.numel() != numel {
            return refuse(format!("a tensor of {numel} elements"), x.shape());
        }
        let mut g = g;
        let (mut for_weight, mut for_bias) = (weight.zeros_like(), weight.zeros_like());
        let inputs = [x.as_slice(), self.statistics.as_slice(), weight.as_slice()];
        let sums = [for_weight.as_mut_slice(), for_bias.as_mut_slice()];
        (T::kernels().row_gradients)(inputs, self.centred, g.as_mut_slice(), sums);
        Ok([g, for_weight, for_bias])
    }
}

/// Writes all rows, and two statistics of each.
pub(crate) fn row_normalize<T: Float>(
    x: &[T],
    affine: [&[T]; 2],
    epsilon: f64,
    centred: bool,
    y: &mut [T],
    statistics: &mut [T],
) {
    let width = affine[0].len();
    let (rows, steps) = ((par::CHUNK / width.max(1)).max(1), 4 * x.len());
    par::chunks_beside((y, statistics), (rows * width, rows * 2), steps, &|start, y, statistics| {
        let x = &x[start..start + y.len()];
        simd::run(Forward { x, affine, epsilon, centred, y, statistics });
    });
}

struct Forward<'a, T> {
    x: &'a [T],
    affine: [&'a [T]; 2],
    epsilon: f64,
    centred: bool,
    y: &'a mut [T],
    statistics: &'a mut [T],
}

impl<T: Float> Kernel for Forward<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let [weight, bias] = self.affine;
        let (width, share) = (weight.len(), 1.0 / weight.len() as f64);
        let groups = self.x.chunks(GROUP * width).zip(self.y.chunks_mut(GROUP * width));
        for ((x, y), statistics) in groups.zip(self.statistics.chunks_mut(GROUP * 2)) {
            let (mut means, mut variances) = ([T::ZERO; GROUP], [0.0; GROUP]);
            for ((x, mean), variance) in x.chunks_exact(width).zip(&mut means).zip(&mut variances) {
                let rough = if self.centred { T::of(sum(x) * share) } else { T::ZERO };
                // About a mean that was rounded: what is left says by how much.
                let [lost, squares] = distances(x, rough);
                let lost = if self.centred { lost * share } else { 0.0 };
                *mean = T::of(rough.to_f64() + lost);
                *variance = (squares * share - lost * lost).max(0.0);
            }
            // Side by side: a root and a quotient take as long as a short row.
            let mut inverses = [T::ZERO; GROUP];
            for (inverse, variance) in inverses.iter_mut().zip(variances) {
                *inverse = T::of(1.0 / math::sqrt(variance + self.epsilon));
            }
            let rows =
                x.chunks_exact(width).zip(y.chunks_exact_mut(width)).zip(statistics.chunks_exact_mut(2));
            for (((x, y), statistics), (&mean, &inverse)) in rows.zip(means.iter().zip(&inverses)) {
                statistics.copy_from_slice(&[mean, inverse]);
                for (((y, &x), &weight), &bias) in y.iter_mut().zip(x).zip(weight).zip(bias) {
                    *y = (x - mean) * inverse * weight + bias;
                }
            }
        }
    }
}

/// The sum of chains side by side: halves of halves.
#[inline(always)]
fn total<T: Float>(mut lanes: [T; LANES]) -> f64 {
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
        half /= 2;
    }
    lanes[0].to_f64()
}

/// `Σ x`.
#[inline(always)]
fn sum<T: Float>(x: &[T]) -> f64 {
    let mut lanes = [T::ZERO; LANES];
    let mut pieces = x.chunks_exact(LANES);
    for piece in &mut pieces {
        for (lane, &x) in lanes.iter_mut().zip(piece) {
            *lane += x;
        }
    }
    for (lane, &x) in lanes.iter_mut().zip(pieces.remainder()) {
        *lane += x;
    }
    total(lanes)
}

/// `Σ (x − shift)` and `Σ (x − shift)²`.
#[inline(always)]
fn distances<T: Float>(x: &[T], shift: T) -> [f64; 2] {
    let (mut plain, mut squares) = ([T::ZERO; LANES], [T::ZERO; LANES]);
    let mut pieces = x.chunks_exact(LANES);
    for piece in &mut pieces {
        for ((plain, square), &x) in plain.iter_mut().zip(&mut squares).zip(piece) {
            let x = x - shift;
            *plain += x;
            *square += x * x;
        }
    }
    for ((plain, square), &x) in plain.iter_mut().zip(&mut squares).zip(pieces.remainder()) {
        let x = x - shift;
        *plain += x;
        *square += x * x;
    }
    [total(plain), total(squares)]
}

/// Replaces the gradient of the result by that of the input, and adds those of weight and bias.
///
/// `inputs` are the rows, their statistics, and the weight.
pub(crate) fn row_gradients<T: Float>(inputs: [&[T]; 3], centred: bool, g: &mut [T], out: [&mut [T]; 2]) {
    let [x, statistics, weight] = inputs;
    let width = weight.len();
    if x.is_empty() {
        return;
    }
    let rows = x.len() / width;
    let step = (par::CHUNK / width).max(rows.div_ceil(PARTS)).max(1);
    let mut slots = Array::<T>::build(Shape::from_checked(&[rows.div_ceil(step), 2 * width]), |_| ());
    let chunk = (step * width, 2 * width);
    par::chunks_beside((g, slots.as_mut_slice()), chunk, 4 * x.len(), &|start, g, sums| {
        let x = &x[start..start + g.len()];
        let statistics = &statistics[start / width * 2..][..g.len() / width * 2];
        simd::run(Backward { x, statistics, weight, centred, g, sums });
    });
    let mut sums = vec![0.0; 2 * width];
    for slot in slots.as_slice().chunks_exact(2 * width) {
        sums.iter_mut().zip(slot).for_each(|(sum, &x)| *sum += x.to_f64());
    }
    for (out, sums) in out.into_iter().zip(sums.chunks_exact(width)) {
        out.iter_mut().zip(sums).for_each(|(out, &sum)| *out = T::of(sum));
    }
}

struct Backward<'a, T> {
    x: &'a [T],
    statistics: &'a [T],
    weight: &'a [T],
    centred: bool,
    g: &'a mut [T],
    /// For the weight, then for the bias.
    sums: &'a mut [T],
}

impl<T: Float> Kernel for Backward<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let width = self.weight.len();
        let count = width as f64;
        let (for_weight, for_bias) = self.sums.split_at_mut(width);
        for_weight.fill(T::ZERO);
        for_bias.fill(T::ZERO);
        let rows = self.x.chunks_exact(width).zip(self.g.chunks_exact_mut(width));
        for ((x, g), statistics) in rows.zip(self.statistics.chunks_exact(2)) {
            let (mean, inverse) = (statistics[0], statistics[1]);
            let sums = for_weight.iter_mut().zip(&mut *for_bias);
            for ((&x, g), ((weight, for_weight), for_bias)) in
                x.iter().zip(&mut *g).zip(self.weight.iter().zip(sums).map(|(w, (a, b))| ((w, a), b)))
            {
                *for_weight += *g * ((x - mean) * inverse);
                *for_bias += *g;
                *g = *g * *weight;
            }
            let [plain, products] = weighted(g, x, mean);
            let plain = if self.centred { T::of(plain / count) } else { T::ZERO };
            let centred = T::of(products * inverse.to_f64() * inverse.to_f64() / count);
            for (g, &x) in g.iter_mut().zip(x) {
                *g = (*g - plain - (x - mean) * centred) * inverse;
            }
        }
    }
}

/// `Σ g` and `Σ g (x − mean)`.
#[inline(always)]
fn weighted<T: Float>(g: &[T], x: &[T], mean: T) -> [f64; 2] {
    let (mut plain, mut products) = ([T::ZERO; LANES], [T::ZERO; LANES]);
    let (mut left, mut right) = (g.chunks_exact(LANES), x.chunks_exact(LANES));
    for (g, x) in (&mut left).zip(&mut right) {
        for lane in 0..LANES {
            plain[lane] += g[lane];
            products[lane] += g[lane] * (x[lane] - mean);
        }
    }
    for (lane, (&g, &x)) in left.remainder().iter().zip(right.remainder()).enumerate() {
        plain[lane] += g;
        products[lane] += g * (x - mean);
    }
    [total(plain), total(products)]
}
