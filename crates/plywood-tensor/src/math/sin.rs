//! The sine.

use super::turns::{NEAR_DOUBLE, NEAR_SINGLE, double_far, single_far};
use crate::Float;

/// The sine of an angle in radians, of any size; NaN for infinite ones.
///
/// Error: below 0.51 ulp (`f64`: 1). Very large angles take a branch: a loop over whole slices should use [`Array::sin`](crate::Array::sin).
#[inline(always)]
pub fn sin<T: Float>(x: T) -> T {
    x.sine()
}

/// The same without a branch, for an angle that is not [far](super::is_far).
#[inline(always)]
pub fn sin_near<T: Float>(x: T) -> T {
    x.sine_near()
}

#[inline(always)]
pub(super) fn single(x: f32) -> f32 {
    if x.abs() <= NEAR_SINGLE { super::turns::single(x, 0) } else { single_far(x, 0) }
}

#[inline(always)]
pub(super) fn double(x: f64) -> f64 {
    if x.abs() <= NEAR_DOUBLE { super::turns::double(x, 0) } else { double_far(x, 0) }
}
