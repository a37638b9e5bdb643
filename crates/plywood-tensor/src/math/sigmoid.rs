//! The logistic function.

use super::exp::exp_down;
use crate::Float;

/// `1 / (1 + e⁻ˣ)`; never overflows.
///
/// Error: below 2.5 ulp (`f64`: 2).
#[inline(always)]
pub fn sigmoid<T: Float>(x: T) -> T {
    share(x, exp_down(-x.abs()))
}

/// `1 / (1 + e⁻ˣ)` from `e^−|x|`.
#[inline(always)]
pub(super) fn share<T: Float>(x: T, decay: T) -> T {
    let numerator = if x < T::ZERO { decay } else { T::ONE };
    // A NaN must not become 1: |NaN| is NaN, and so is the sum below.
    numerator / (T::ONE + decay)
}
