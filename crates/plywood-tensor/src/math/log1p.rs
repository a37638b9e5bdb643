//! The logarithm of numbers near 1.

use super::ln::{edges, of_parts};
use super::real::{exact_sum, polynomial};
use crate::Float;

/// `ln(1 + x)`, exact for small `x` too; −∞ at −1, NaN below.
///
/// What the rounding of `1 + x` loses goes back into the remainder. Error: below 1 ulp.
#[inline(always)]
pub fn log1p<T: Float>(x: T) -> T {
    let (sum, lost) = exact_sum(T::ONE, x);
    let (m, k) = sum.split();
    // Far above 1 nothing is lost that counts, and 2⁻ᵏ would be too small to write down.
    let lost =
        if sum < T::of(1e30) { lost * (T::SHIFT + T::of(T::BIAS) - k).power_of_two() } else { T::ZERO };
    let f = m - T::ONE;
    let whole = f + lost;
    let y = edges(sum, of_parts(whole, (f - whole) + lost, k));
    if x.abs() < T::EPSILON * T::of(0.25) { x } else { y }
}

/// `ln(1 + x)` for `0 ≤ x ≤ 1`. Error: below 2 ulp.
#[inline(always)]
pub(super) fn log1p_of_share<T: Float>(x: T) -> T {
    let s = x / (T::of(2.0) + x);
    let z = s * s;
    let double = s + s;
    (z * s).mul_add(polynomial(z, T::list(&SINGLE, &DOUBLE)), double)
}

/// `(ln((1 + s) / (1 − s)) / s − 2) / s²` by `s²`, for `0 ≤ s ≤ 1/3`.
const SINGLE: [f32; 5] = [0.666_666_75, 0.399_989_5, 0.286_152_15, 0.214_438_17, 0.242_456_42];
const DOUBLE: [f64; 11] = [
    0.666_666_666_666_666_7,
    0.399_999_999_999_953_6,
    0.285_714_285_723_389,
    0.222_222_221_365_078_35,
    0.181_818_227_802_396_45,
    0.153_844_621_695_587_94,
    0.133_366_447_668_538_56,
    0.117_175_928_921_107_69,
    0.109_620_939_923_230_17,
    0.070_322_098_714_217_48,
    0.164_079_254_810_498_62,
];
