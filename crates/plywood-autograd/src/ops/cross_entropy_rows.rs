//! Softmax and cross entropy of each row against any target, in one visit: what two losses share.

use super::lanes::{BUFFER, largest};
use crate::Var;
use plywood_tensor::simd::{self, Kernel};
use plywood_tensor::{Elem, Result, Shape, Tensor, math, par};

/// What the logits of a row are held against.
pub(super) enum Target<F> {
    /// One class, which counts so much.
    One(usize, Elem),
    /// Each class as much as the function says.
    Each(F),
}

/// The loss of each row, and of each row the slopes with the loss behind them.
///
/// `target(row)` gives the target of a row, or nothing for a row that does not count.
pub(super) fn rows<F: Fn(usize) -> Elem>(
    logits: &Tensor,
    shape: &Shape,
    target: impl Fn(usize) -> Option<Target<F>> + Sync,
) -> Result<(Tensor, Tensor)> {
    let classes = logits.numel() / shape.numel().max(1);
    let width = classes + 1;
    let x = logits.as_slice();
    let mut slopes = Tensor::zeros([shape.numel(), width])?;
    let out = slopes.as_mut_slice();
    let steps = out.len();
    par::chunks(out, (par::CHUNK / width).max(1) * width, steps, |start, out| {
        let first = start / width;
        let x = &x[first * classes..][..out.len() / width * classes];
        simd::run(Visit { out, x, classes, first, target: &target });
    });
    let mut values = Tensor::zeros(shape)?;
    for (value, row) in values.as_mut_slice().iter_mut().zip(slopes.as_slice().chunks_exact(width)) {
        *value = row[classes];
    }
    Ok((values, slopes))
}

/// Some rows: writes their slopes by each logit and their losses.
struct Visit<'a, T> {
    out: &'a mut [Elem],
    x: &'a [Elem],
    classes: usize,
    first: usize,
    target: &'a T,
}

impl<F: Fn(usize) -> Elem, T: Fn(usize) -> Option<Target<F>>> Kernel for Visit<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let (classes, width) = (self.classes, self.classes + 1);
        // Some rows at a time, which stay in the nearest memory from one pass to the next.
        let count = (4 * BUFFER / width).clamp(1, BUFFER);
        let (mut tops, mut rests, mut places) = ([0.0; BUFFER], [0.0; BUFFER], [None; BUFFER]);
        for (block, out) in self.out.chunks_mut(count * width).enumerate() {
            let start = block * count;
            let rows = out.len() / width;
            let x = &self.x[start * classes..][..rows * classes];
            for i in 0..rows {
                let (row, x) = (&mut out[i * width..][..width], &x[i * classes..][..classes]);
                tops[i] = largest(x);
                for (out, &x) in row.iter_mut().zip(x) {
                    *out = x - tops[i];
                }
                // The largest is exactly 1. Left out of the sum, it cannot swallow the others: a loss of 1e-9 keeps its
                // digits.
                places[i] = place(x, tops[i]);
                if let Some(at) = places[i] {
                    row[at as usize] = -Elem::INFINITY;
                }
                row[classes] = 0.0;
            }
            // All rows in one loop, so that short ones fill the vectors too.
            for out in out.iter_mut() {
                *out = math::exp(*out);
            }
            for i in 0..rows {
                rests[i] = sum(&out[i * width..][..classes]);
            }
            for i in 0..rows {
                // The losses wait where they belong.
                out[i * width + classes] = math::log1p(rests[i]);
            }
            for i in 0..rows {
                let (row, x) = (&mut out[i * width..][..width], &x[i * classes..][..classes]);
                let (slope, loss) = row.split_at_mut(classes);
                let log_sum = loss[0];
                // Rows that do not count stay 0, whatever their logits.
                let Some(target) = (self.target)(self.first + start + i) else {
                    slope.fill(0.0);
                    loss[0] = 0.0;
                    continue;
                };
                if let Some(at) = places[i] {
                    slope[at as usize] = 1.0;
                }
                let sum = 1.0 + rests[i];
                loss[0] = finish(slope, x, tops[i], log_sum, sum, target);
            }
        }
    }
}

/// The loss of a row; turns its exponentials into slopes.
#[inline(always)]
fn finish<F: Fn(usize) -> Elem>(
    slope: &mut [Elem],
    x: &[Elem],
    top: Elem,
    log_sum: Elem,
    sum: Elem,
    target: Target<F>,
) -> Elem {
    // What has no share costs nothing, even where its logit is −∞.
    let cost = |t: Elem, x: Elem| if t == 0.0 { 0.0 } else { t * (log_sum - (x - top)) };
    let loss = match target {
        Target::One(class, share) => {
            let scale = share / sum;
            for slope in slope.iter_mut() {
                *slope *= scale;
            }
            slope[class] -= share;
            cost(share, x[class])
        }
        Target::Each(share) => {
            let (mut loss, mut total) = (0.0, 0.0);
            for (class, &x) in x.iter().enumerate() {
                let t = share(class);
                total += t;
                loss += cost(t, x);
            }
            let scale = total / sum;
            for (class, slope) in slope.iter_mut().enumerate() {
                *slope = scale * *slope - share(class);
            }
            loss
        }
    };
    // A row of which a logit is NaN has no loss, even where its label is another.
    if sum.is_nan() { sum } else { loss }
}

/// Where a number is found first.
#[inline(always)]
fn place(x: &[Elem], number: Elem) -> Option<u32> {
    // Whole pieces are compared in vectors before one is searched.
    let found = |piece: &[Elem]| piece.iter().fold(false, |found, &x| found | (x == number));
    let start = x.chunks(64).position(found)? * 64;
    x[start..].iter().position(|&x| x == number).map(|at| (start + at) as u32)
}

/// Sixteen chains of sums: they fill the vectors, and round less than one.
#[inline(always)]
fn sum(x: &[Elem]) -> Elem {
    let mut lanes = [0.0; 16];
    if x.len() < lanes.len() {
        // Too short to fill the lanes: the processor works on several rows at once instead.
        return x.iter().sum();
    }
    let mut pieces = x.chunks_exact(16);
    for piece in &mut pieces {
        for (lane, &x) in lanes.iter_mut().zip(piece) {
            *lane += x;
        }
    }
    for (lane, &x) in lanes.iter_mut().zip(pieces.remainder()) {
        *lane += x;
    }
    lanes.iter().sum()
}

/// Each row of slopes times the gradient of its loss.
pub(super) fn scale_rows(slopes: &Tensor, shape: &Shape, gradient: &Tensor) -> Result<Tensor> {
    let width = slopes.shape()[1];
    let classes = width - 1;
    let (slopes, gradient) = (slopes.as_slice(), gradient.as_slice());
    let mut out = Tensor::zeros(shape)?;
    if classes == 0 {
        return Ok(out);
    }
    let out_slice = out.as_mut_slice();
    let steps = out_slice.len();
    par::chunks(out_slice, (par::CHUNK / classes).max(1) * classes, steps, |start, out| {
        simd::dispatch(|| {
            for (i, out) in out.chunks_exact_mut(classes).enumerate() {
                let row = start / classes + i;
                let g = gradient[row];
                for (out, &slope) in out.iter_mut().zip(&slopes[row * width..]) {
                    *out = g * slope;
                }
            }
        });
    });
    Ok(out)
}

/// `−Σ t ln softmax(x)` over the last axis, by simple operations.
pub(super) fn definition(x: &Var, target: Tensor) -> Result<Var> {
    Ok(x.log_softmax(-1)?.mul(&target.into())?.sum_axes(&[-1], false)?.neg())
}
