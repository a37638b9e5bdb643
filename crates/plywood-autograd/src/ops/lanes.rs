//! Kernels that work on one row after another: what the softmax family shares.

pub(super) use plywood_tensor::rows::{each as each_rows, largest, shift, total, width};
use plywood_tensor::{Elem, Float, Tensor, math};

/// Independent chains within a row: they fill the vectors.
const LANES: usize = 16;

/// Elements of a row, or of several short ones, that a kernel works on in a buffer of its own.
pub(super) const BUFFER: usize = 256;

/// How many elements of whole rows fill a buffer; one row if it is longer.
#[inline(always)]
pub(super) fn group(width: usize) -> usize {
    (BUFFER / width).max(1) * width
}

/// The rows of a tensor from number `first` on, as many as `rows` holds.
pub(super) fn beside<'a>(x: &'a Tensor, first: usize, width: usize, rows: &[Elem]) -> &'a [Elem] {
    &x.as_slice()[first * width..][..rows.len()]
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
