//! Functions that every processor has.

use crate::Float;

/// `√x`, rounded correctly; NaN below 0.
#[inline(always)]
pub fn sqrt<T: Float>(x: T) -> T {
    x.sqrt()
}

/// `|x|`.
#[inline(always)]
pub fn abs<T: Float>(x: T) -> T {
    x.abs()
}

/// The larger of two numbers; NaN if either is.
#[inline(always)]
pub fn maximum<T: Float>(a: T, b: T) -> T {
    if a > b || a.is_nan() { a } else { b }
}

/// The smaller of two numbers; NaN if either is.
#[inline(always)]
pub fn minimum<T: Float>(a: T, b: T) -> T {
    if a < b || a.is_nan() { a } else { b }
}
