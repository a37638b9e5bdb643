//! The cosine.

use super::turns::{NEAR_DOUBLE, NEAR_SINGLE, double_far, single_far};
use crate::Float;

/// The cosine of an angle in radians, of any size; NaN for infinite ones.
///
/// Error: below 0.51 ulp (`f64`: 1). Very large angles take a branch: a loop over whole slices should use [`Array::cos`](crate::Array::cos).
#[inline(always)]
pub fn cos<T: Float>(x: T) -> T {
    x.cosine()
}

/// The same without a branch, for an angle that is not [far](super::is_far).
#[inline(always)]
pub fn cos_near<T: Float>(x: T) -> T {
    x.cosine_near()
}

#[inline(always)]
pub(super) fn single(x: f32) -> f32 {
    if x.abs() <= NEAR_SINGLE { super::turns::single(x, 1) } else { single_far(x, 1) }
}

#[inline(always)]
pub(super) fn double(x: f64) -> f64 {
    if x.abs() <= NEAR_DOUBLE { super::turns::double(x, 1) } else { double_far(x, 1) }
}
