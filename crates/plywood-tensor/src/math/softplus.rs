//! The smooth rectifier.

use super::exp::exp_down;
use super::log1p::log1p_of_share;
use super::sigmoid::share;
use super::simple::maximum;
use crate::Float;

/// `ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|)`; never overflows.
///
/// Error: below 3 ulp (`f64`: 2).
#[inline(always)]
pub fn softplus<T: Float>(x: T) -> T {
    maximum(x, T::ZERO) + log1p_of_share(exp_down(-x.abs()))
}

/// `ln(1 + e^−|x|)` and `1 / (1 + e⁻ˣ)` from one exponential: a loss of logits and its slope.
#[inline(always)]
pub fn logistic<T: Float>(x: T) -> (T, T) {
    let decay = exp_down(-x.abs());
    (log1p_of_share(decay), share(x, decay))
}
