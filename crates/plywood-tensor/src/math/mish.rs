//! A smooth rectifier with a dip.

use super::exp::exp_down;
use super::real::{at_least, at_most};
use crate::Float;

/// `x tanh(ln(1 + eˣ))`.
///
/// With `w = eˣ` the tangent is `w (w + 2) / (w (w + 2) + 2)`, and above 0 the same by `1/w`, which stays small.
/// Error: below 4 ulp.
#[inline(always)]
pub fn mish<T: Float>(x: T) -> T {
    let (up, down, _) = gate(x);
    x * (up / down)
}

/// The slope of [`mish`]: `t + x σ(x) (1 − t²)` with `t = tanh(ln(1 + eˣ))`.
#[inline(always)]
pub fn mish_slope<T: Float>(x: T) -> T {
    let (up, down, bell) = gate(x);
    // Where the bell is 0 to the last bit, an infinite x must not meet it.
    let x = at_least(at_most(x, T::pick(200.0, 2000.0)), T::pick(-200.0, -2000.0));
    let share = T::ONE / down;
    (up + x * bell * share) * share
}

/// `tanh(ln(1 + eˣ))` as a fraction, and the numerator of `σ(x) (1 − tanh²)` over the square of its denominator.
#[inline(always)]
fn gate<T: Float>(x: T) -> (T, T, T) {
    let two = T::of(2.0);
    let w = exp_down(-x.abs());
    let below = w * (w + two);
    let above = T::ONE + w + w;
    let square = w * w;
    if x > T::ZERO {
        (above, two.mul_add(square, above), T::of(4.0) * square * (T::ONE + w))
    } else {
        (below, below + two, T::of(4.0) * w * (T::ONE + w))
    }
}
