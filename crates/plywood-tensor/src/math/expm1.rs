//! The exponential function less 1.

use super::exp::{DOUBLE, reduce};
use super::real::{at_least, at_most, polynomial};
use crate::Float;

/// `eˣ − 1`, exact for small `x` too.
///
/// Error: below 1.5 ulp (`f64`: 1).
#[inline(always)]
pub fn expm1<T: Float>(x: T) -> T {
    let bounded = at_least(at_most(x, T::pick(89.0, 710.0)), T::pick(-18.0, -40.0));
    // Half of it, because 2ⁿ itself may be just too large.
    let (n, r) = reduce(bounded, T::BIAS - 1.0);
    let half = n.power_of_two();
    let y = near_zero(r).mul_add(half, half - T::of(0.5));
    // The smallest numbers are their own result, and could not be halved.
    if x.abs() < T::EPSILON * T::of(0.25) { x } else { y + y }
}

/// `eʳ − 1` for `|r| ≤ ln 2 / 2`.
#[inline(always)]
fn near_zero<T: Float>(r: T) -> T {
    polynomial(r, T::list(&SINGLE, &DOUBLE)).mul_add(r * r, r)
}

/// `(eʳ − 1 − r) / r²`, one term more than `exp` needs.
const SINGLE: [f32; 6] = [0.5, 0.166_666_48, 0.041_666_482, 0.008_337_858, 0.001_393_338_4, 0.000_173_516_31];
