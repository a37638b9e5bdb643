//! Kernels that work on one row, a run along the last axis, after another: for operations of crates above, such as those of the
//! softmax family.

use crate::{Array, Float, math, par};

/// Independent chains within a row: they fill the vectors.
const LANES: usize = 16;
/// An exponential costs about as much as this many simple steps.
const STEPS: usize = 8;

/// Rewrites all rows, some at a time: `work(number of the first, rows)`.
///
/// They are split among threads; the work on a row reads so many `elements`, and takes about an exponential for each.
///
/// ```
/// use plywood_tensor::{Tensor, rows};
///
/// let mut x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// rows::each(&mut x, 2, &|first, rows| {
///     for row in rows.chunks_exact_mut(2) {
///         row[0] = rows::total(row) as plywood_tensor::Elem;
///     }
///     assert_eq!(first, 0); // so few are done at once
/// });
/// assert_eq!(x.as_slice(), [3.0, 2.0, 7.0, 4.0]);
/// ```
pub fn each<T: Float>(x: &mut Array<T>, elements: usize, work: &(dyn Fn(usize, &mut [T]) + Sync)) {
    let width = width(x);
    let steps = elements.max(1) * STEPS;
    let (rows, all) = ((par::CHUNK / steps).max(1), x.numel() / width * steps);
    par::chunks(x.as_mut_slice(), rows * width, all, |start, piece| work(start / width, piece));
}

/// How long the rows of a tensor are, at least 1.
pub fn width<T: Float>(x: &Array<T>) -> usize {
    x.shape().last().copied().unwrap_or(1).max(1)
}

/// The largest element; NaN if one is, −∞ if there are none.
#[inline(always)]
pub fn largest<T: Float>(row: &[T]) -> T {
    if row.len() < LANES {
        // Too short to fill the lanes: the processor works on several rows at once instead.
        return row.iter().fold(-T::INFINITY, |largest, &x| math::maximum(largest, x));
    }
    let mut lanes = [-T::INFINITY; LANES];
    let mut pieces = row.chunks_exact(LANES);
    for piece in &mut pieces {
        for (lane, &x) in lanes.iter_mut().zip(piece) {
            *lane = math::maximum(*lane, x);
        }
    }
    for (lane, &x) in lanes.iter_mut().zip(pieces.remainder()) {
        *lane = math::maximum(*lane, x);
    }
    lanes.into_iter().fold(-T::INFINITY, math::maximum)
}

/// The sum of the elements, in double precision.
#[inline(always)]
pub fn total<T: Float>(row: &[T]) -> f64 {
    if row.len() < LANES {
        return row.iter().map(|x| x.to_f64()).sum();
    }
    let mut lanes = [0.0_f64; LANES];
    let mut pieces = row.chunks_exact(LANES);
    for piece in &mut pieces {
        for (lane, &x) in lanes.iter_mut().zip(piece) {
            *lane += x.to_f64();
        }
    }
    for (lane, &x) in lanes.iter_mut().zip(pieces.remainder()) {
        *lane += x.to_f64();
    }
    lanes.into_iter().sum()
}

/// What is taken from every element before its exponential: the largest, so that none overflows.
#[inline(always)]
pub fn shift<T: Float>(row: &[T]) -> T {
    let largest = largest(row);
    // −∞ less −∞ would be NaN; with 0 the exponentials of such a row are 0.
    if largest == -T::INFINITY { T::ZERO } else { largest }
}
