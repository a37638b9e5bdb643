//! Kernels that work on one row after another: what the softmax family shares.

use plywood_tensor::{Elem, Float, Tensor, math, par, simd};

/// Independent chains within a row: they fill the vectors.
const LANES: usize = 16;
/// An exponential costs about as much as this many simple steps.
const STEPS: usize = 8;

/// Rewrites every row, a run along the last axis, by `work(number of the row, row)`; rows are split among threads.
pub(super) fn each_row(x: &mut Tensor, work: impl Fn(usize, &mut [Elem]) + Sync) {
    let width = x.shape().last().copied().unwrap_or(1);
    each_row_from(x, width, work);
}

/// As [`each_row`], where the work on a row reads so many elements of something else.
pub(super) fn each_row_from(x: &mut Tensor, elements: usize, work: impl Fn(usize, &mut [Elem]) + Sync) {
    let width = x.shape().last().copied().unwrap_or(1).max(1);
    let steps = elements.max(1) * STEPS;
    let (rows, all) = ((par::CHUNK / steps).max(1), x.numel() / width * steps);
    par::chunks(x.as_mut_slice(), rows * width, all, |start, piece| {
        simd::dispatch(|| {
            for (i, row) in piece.chunks_exact_mut(width).enumerate() {
                work(start / width + i, row);
            }
        });
    });
}

/// Row number `row` of a tensor.
#[inline(always)]
pub(super) fn row(x: &Tensor, row: usize, width: usize) -> &[Elem] {
    &x.as_slice()[row * width..(row + 1) * width]
}

/// The largest element; NaN if one is, −∞ if there are none.
#[inline(always)]
pub(super) fn largest(row: &[Elem]) -> Elem {
    let mut lanes = [-Elem::INFINITY; LANES];
    let mut pieces = row.chunks_exact(LANES);
    for piece in &mut pieces {
        for (lane, &x) in lanes.iter_mut().zip(piece) {
            *lane = math::maximum(*lane, x);
        }
    }
    for (lane, &x) in lanes.iter_mut().zip(pieces.remainder()) {
        *lane = math::maximum(*lane, x);
    }
    lanes.into_iter().fold(-Elem::INFINITY, math::maximum)
}

/// The sum of the elements, in double precision.
#[inline(always)]
pub(super) fn total(row: &[Elem]) -> f64 {
    let mut lanes = [0.0_f64; LANES];
    for piece in row.chunks(LANES) {
        for (lane, &x) in lanes.iter_mut().zip(piece) {
            *lane += x.to_f64();
        }
    }
    lanes.into_iter().sum()
}

/// The sum of the products of two rows' elements, in double precision.
#[inline(always)]
pub(super) fn dot(a: &[Elem], b: &[Elem]) -> f64 {
    let mut lanes = [0.0_f64; LANES];
    for (a, b) in a.chunks(LANES).zip(b.chunks(LANES)) {
        for ((lane, &a), &b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a.to_f64() * b.to_f64();
        }
    }
    lanes.into_iter().sum()
}
