//! Softmax and cross entropy of each row against any target, in one visit: what two losses share.

use crate::Var;
use plywood_tensor::{Elem, Result, Shape, Tensor, math, par, simd};

/// The loss of each row, and of each row the slopes with the loss behind them.
///
/// `target(row)` gives the target of each class, or nothing for a row that does not count.
pub(super) fn rows<T: Fn(usize) -> Elem>(
    logits: &Tensor,
    shape: &Shape,
    target: impl Fn(usize) -> Option<T> + Sync,
) -> Result<(Tensor, Tensor)> {
    let classes = logits.numel() / shape.numel().max(1);
    let width = classes + 1;
    let x = logits.as_slice();
    let mut slopes = Tensor::zeros([shape.numel(), width])?;
    let out = slopes.as_mut_slice();
    let steps = out.len();
    par::chunks(out, (par::CHUNK / width).max(1) * width, steps, |start, out| {
        simd::dispatch(|| {
            for (i, out) in out.chunks_exact_mut(width).enumerate() {
                let row = start / width + i;
                // Rows that do not count stay 0, whatever their logits.
                if let Some(target) = target(row) {
                    let (slope, loss) = out.split_at_mut(classes);
                    loss[0] = visit(&x[row * classes..(row + 1) * classes], target, slope);
                }
            }
        });
    });
    let mut values = Tensor::zeros(shape)?;
    for (value, row) in values.as_mut_slice().iter_mut().zip(slopes.as_slice().chunks_exact(width)) {
        *value = row[classes];
    }
    Ok((values, slopes))
}

/// The loss of one row; writes its slope by each logit.
#[inline(always)]
fn visit(x: &[Elem], target: impl Fn(usize) -> Elem, slope: &mut [Elem]) -> Elem {
    let top = x.iter().fold(-Elem::INFINITY, |top, &x| if x > top { x } else { top });
    // A NaN is smaller than nothing, but makes its exponential NaN, and so the sum.
    for (slope, &x) in slope.iter_mut().zip(x) {
        *slope = math::exp(x - top);
    }
    // The largest is exactly 1. Left out of the sum, it cannot swallow the others: a loss of 1e-9 keeps its digits.
    let largest = x.iter().position(|&x| x == top);
    largest.into_iter().for_each(|at| slope[at] = 0.0);
    let rest = sum(slope);
    largest.into_iter().for_each(|at| slope[at] = 1.0);
    let (sum, log_sum) = (1.0 + rest, math::log1p(rest));
    let (mut loss, mut total) = (0.0, 0.0);
    for (class, &x) in x.iter().enumerate() {
        let t = target(class);
        total += t;
        // What has no share costs nothing, even where its logit is −∞.
        loss += if t == 0.0 { 0.0 } else { t * (log_sum - (x - top)) };
    }
    let scale = total / sum;
    for (class, slope) in slope.iter_mut().enumerate() {
        *slope = scale * *slope - target(class);
    }
    // A row of which a logit is NaN has no loss, even where its label is another.
    if sum.is_nan() { sum } else { loss }
}

/// Sixteen chains of sums: they fill the vectors, and round less than one.
#[inline(always)]
fn sum(x: &[Elem]) -> Elem {
    let mut lanes = [0.0; 16];
    for piece in x.chunks(16) {
        for (lane, &x) in lanes.iter_mut().zip(piece) {
            *lane += x;
        }
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
