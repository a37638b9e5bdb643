//! The exponential function.

use super::real::{at_least, at_most, polynomial};
use crate::Float;

/// `eˣ`; 0 and infinity beyond what the format can hold.
///
/// With `n` the integer next to `x / ln 2`, it is `2ⁿ eʳ` with `|r| ≤ ln 2 / 2`, and `eʳ` a polynomial.
/// Error: below 1 ulp.
#[inline(always)]
pub fn exp<T: Float>(x: T) -> T {
    let x = at_least(at_most(x, T::pick(89.0, 710.0)), T::pick(-104.0, -746.0));
    let (n, r) = reduce(x, 2.0 * T::BIAS);
    scaled(near_zero(r), n)
}

/// `eˣ` for `x ≤ 0`.
#[inline(always)]
pub(super) fn exp_down<T: Float>(x: T) -> T {
    let (n, r) = reduce(at_least(x, T::pick(-104.0, -746.0)), 2.0 * T::BIAS);
    scaled(near_zero(r), n)
}

/// `SHIFT + n + bias` and `r` with `x = n ln 2 + r`.
#[inline(always)]
pub(super) fn reduce<T: Float>(x: T, bias: f64) -> (T, T) {
    let shift = T::SHIFT + T::of(bias);
    let shifted = x.mul_add(T::of(std::f64::consts::LOG2_E), shift);
    let n = shift - shifted;
    // The first part of ln 2 is short, so that its product is exact.
    let r = n.mul_add(T::pick(0.693_145_75, 0.693_147_180_559_890_3), x);
    (shifted, n.mul_add(T::pick(1.428_606_8e-6, 5.497_923_018_708_371e-14), r))
}

/// `factor · 2ⁿ` from the first result of [`reduce`] with twice the bias.
#[inline(always)]
pub(super) fn scaled<T: Float>(factor: T, shifted: T) -> T {
    let (a, b) = shifted.powers_of_two();
    factor * a * b
}

/// `eʳ` for `|r| ≤ ln 2 / 2`.
#[inline(always)]
pub(super) fn near_zero<T: Float>(r: T) -> T {
    // Every step but the last errs by a part of r only.
    polynomial(r, T::list(&SINGLE, &DOUBLE)).mul_add(r, T::ONE).mul_add(r, T::ONE)
}

/// `(eʳ − 1 − r) / r²`, minimax for the relative error of `eʳ`.
const SINGLE: [f32; 5] = [0.499_999_94, 0.166_665_15, 0.041_668_08, 0.008_369_374, 0.001_384_162];
pub(super) const DOUBLE: [f64; 11] = [
    0.5,
    0.166_666_666_666_666_88,
    0.041_666_666_666_666_82,
    0.008_333_333_333_314_02,
    0.001_388_888_888_878_856_2,
    0.000_198_412_699_027_885_9,
    2.480_158_752_166_664e-5,
    2.755_722_942_892_141_4e-6,
    2.755_711_261_077_922_3e-7,
    2.511_364_222_591_694_3e-8,
    2.096_061_079_565_794e-9,
];
