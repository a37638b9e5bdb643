//! Kernels that work on one row after another: what the softmax family shares.

use plywood_tensor::{Elem, Float, Tensor, math, par};

/// Independent chains within a row: they fill the vectors.
const LANES: usize = 16;
/// An exponential costs about as much as this many simple steps.
const STEPS: usize = 8;

/// Elements of a row, or of several short ones, that a kernel works on in a buffer of its own.
pub(super) const BUFFER: usize = 256;

/// Rewrites all rows, runs along the last axis, some at a time: `work(number of the first, rows)`.
///
/// They are split among threads; the work on a row reads so many `elements`.
pub(super) fn each_rows(x: &mut Tensor, elements: usize, work: &(dyn Fn(usize, &mut [Elem]) + Sync)) {
    let width = x.shape().last().copied().unwrap_or(1).max(1);
    let steps = elements.max(1) * STEPS;
    let (rows, all) = ((par::CHUNK / steps).max(1), x.numel() / width * steps);
    par::chunks(x.as_mut_slice(), rows * width, all, |start, piece| work(start / width, piece));
}

/// How long the rows of a tensor are, at least 1.
pub(super) fn width(x: &Tensor) -> usize {
    x.shape().last().copied().unwrap_or(1).max(1)
}

/// How many elements of whole rows fill a buffer; one row if it is longer.
#[inline(always)]
pub(super) fn group(width: usize) -> usize {
    (BUFFER / width).max(1) * width
}

/// The rows of a tensor from number `first` on, as many as `rows` holds.
pub(super) fn beside<'a>(x: &'a Tensor, first: usize, width: usize, rows: &[Elem]) -> &'a [Elem] {
    &x.as_slice()[first * width..][..rows.len()]
}

/// What is taken from every element before its exponential: the largest, so that none overflows.
#[inline(always)]
pub(super) fn shift(row: &[Elem]) -> Elem {
    let largest = largest(row);
    // −∞ less −∞ would be NaN; with 0 the exponentials of such a row are 0.
    if largest == -Elem::INFINITY { 0.0 } else { largest }
}

/// `ln Σ exp x` of each row of a group, whose exponentials are `terms`: the largest of a row adds 1 to its sum.
///
/// The sum less 1 keeps the digits of small terms. Where there are only zeros, nothing is to be taken: the logarithm is 0.
#[inline(always)]
pub(super) fn logarithms(sums: &mut [Elem]) {
    for sum in sums {
        *sum = math::log1p(*sum);
    }
}

/// The sum of the exponentials of a row less 1, or 0 where all are 0.
#[inline(always)]
pub(super) fn rest(sum: f64) -> Elem {
    if sum == 0.0 { 0.0 } else { Elem::of(sum - 1.0) }
}

/// The sum of the exponentials of a row of any length, piece by piece through a buffer.
#[inline(always)]
pub(super) fn sum_of_exponentials(row: &[Elem], shift: Elem, buffer: &mut [Elem; BUFFER]) -> f64 {
    let mut sum = 0.0;
    for piece in row.chunks(BUFFER) {
        for (term, &x) in buffer.iter_mut().zip(piece) {
            *term = math::exp(x - shift);
        }
        sum += total(&buffer[..piece.len()]);
    }
    sum
}

/// The largest element; NaN if one is, −∞ if there are none.
#[inline(always)]
pub(super) fn largest(row: &[Elem]) -> Elem {
    if row.len() < LANES {
        // Too short to fill the lanes: the processor works on several rows at once instead.
        return row.iter().fold(-Elem::INFINITY, |largest, &x| math::maximum(largest, x));
    }
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

/// The sum of the products of two rows' elements, in double precision.
#[inline(always)]
pub(super) fn dot(a: &[Elem], b: &[Elem]) -> f64 {
    if a.len() < LANES {
        return a.iter().zip(b).map(|(a, b)| a.to_f64() * b.to_f64()).sum();
    }
    let mut lanes = [0.0_f64; LANES];
    let (mut left, mut right) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    for (a, b) in (&mut left).zip(&mut right) {
        for ((lane, &a), &b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a.to_f64() * b.to_f64();
        }
    }
    for ((lane, &a), &b) in lanes.iter_mut().zip(left.remainder()).zip(right.remainder()) {
        *lane += a.to_f64() * b.to_f64();
    }
    lanes.into_iter().sum()
}
