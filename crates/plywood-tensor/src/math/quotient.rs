//! Division by what is above 0.

use super::real::at_most;
use crate::Float;

/// `a / d` for a divisor of at least 10⁻³⁰, in less time than a division takes.
///
/// A processor makes ten to twenty products in the time of one division, and roots wait in the same queue. In single precision
/// the quotient is made of products and sums alone: the bits of the divisor, turned around, are a number of about 0.72 / `d`, a
/// line takes that to within 1 in 9000 of 1 / `d`, and one step of Newton to the last bits. Double precision would take a step
/// more at twice the price of each, so it divides.
///
/// A divisor above 10³⁰ may count as 10³⁰, infinity too. NaN gives NaN, and an infinite `a`, or a quotient that overflows, infinity
/// or NaN. Smaller divisors, and those below 0, give numbers that mean nothing. Error: below 1.8 ulp (`f64`: 0.5).
///
/// ```
/// use plywood_tensor::math;
/// assert!((math::quotient(1.0_f32, 3.0) - 1.0 / 3.0).abs() < 1e-7);
/// ```
#[inline(always)]
pub fn quotient<T: Float>(a: T, d: T) -> T {
    a.over(d)
}

#[inline(always)]
pub(super) fn single(a: f32, d: f32) -> f32 {
    let d = at_most(d, 1e30);
    // The exponent changes its sign so, and the bits below it decrease as the divisor's increase.
    let y = f32::from_bits(TURN.wrapping_sub(d.to_bits()));
    let y = y * (d * y).mul_add(LINE[1], LINE[0]);
    let q = a * y;
    (-d).mul_add(y, 1.0).mul_add(q, q)
}

#[inline(always)]
pub(super) fn double(a: f64, d: f64) -> f64 {
    a / d
}

/// The turn with the smallest error after the line: `d y` lies between 0.7070 and 0.7285 whatever the divisor.
const TURN: u32 = 0x7eb5_0000;
/// The line next to `1 / x` between these, by the largest relative error.
const LINE: [f32; 2] = [2.786_757_7, -1.941_287_7];
