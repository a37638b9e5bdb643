//! Powers.

use super::exp::{near_zero, reduce, scaled};
use super::real::{Transcendental, at_least, at_most, exact_sum, polynomial};
use crate::Float;

/// `xᵉ`; NaN for a negative `x` and a fractional exponent, 1 for the exponent 0 and for the base 1.
///
/// It is `e^(e ln |x|)` with the sign of `x` for odd exponents. The logarithm must be far more precise than the result:
/// `f32` computes it in double precision, `f64` in two numbers. Error: below 0.51 ulp (`f64`: 1).
#[inline(always)]
pub fn pow<T: Float>(x: T, exponent: T) -> T {
    x.power(exponent)
}

#[inline(always)]
pub(super) fn single(x: f32, exponent: f32) -> f32 {
    let (m, k) = f64::from(x.abs()).split();
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let logarithm = k.mul_add(std::f64::consts::LN_2, s * z.mul_add(polynomial(z, &SINGLE_LN), 2.0));
    let power = at_least(at_most(f64::from(exponent) * logarithm, 200.0), -200.0);
    let (n, r) = reduce(power, f64::BIAS);
    let y = polynomial(r, &SINGLE_EXP).mul_add(r * r, r) + 1.0;
    edges(x, exponent, (y * n.power_of_two()) as f32)
}

#[inline(always)]
pub(super) fn double(x: f64, exponent: f64) -> f64 {
    let (log, log_low) = ln_of_two_parts(x.abs());
    let power = exponent * log;
    let low = exponent.mul_add(log, -power) + exponent * log_low;
    let low = if power.abs() < 800.0 { low } else { 0.0 };
    let (n, r) = reduce(at_least(at_most(power, 710.0), -746.0), 2.0 * f64::BIAS);
    edges(x, exponent, scaled(near_zero(r + low), n))
}

/// What a power is where the formula `y` for `|x|` does not reach.
#[inline(always)]
fn edges<T: Float>(x: T, exponent: T, y: T) -> T {
    let base = x.abs();
    let size = exponent.abs();
    // The rest of |e| by 2: from 2^digits on there are even numbers only, from twice that again none that the shift holds.
    let whole = T::of(1.0) / T::EPSILON;
    let rounded = (size + whole) - whole;
    let is_whole = size >= whole || rounded == size;
    let half = size * T::of(0.5);
    let is_odd = is_whole && size < whole + whole && (half + whole) - whole != half;
    let grows = (base > T::ONE) == (exponent > T::ZERO);
    let limit = if grows { T::INFINITY } else { T::ZERO };
    // At 0 and infinity, of base or exponent.
    let y = if base == T::ZERO || base == T::INFINITY || size == T::INFINITY { limit } else { y };
    let y = if base == T::ONE { T::ONE } else { y };
    let negative = T::ONE.copysign(x) < T::ZERO;
    let y = if negative && is_odd { -y } else { y };
    let y = if x < T::ZERO && base < T::INFINITY && !is_whole { T::NAN } else { y };
    let y = if x.is_nan() || exponent.is_nan() { x + exponent } else { y };
    if exponent == T::ZERO || x == T::ONE { T::ONE } else { y }
}

/// The logarithm of a positive number as a sum of two, right to 2⁻⁶⁵ of itself.
#[inline(always)]
fn ln_of_two_parts(x: f64) -> (f64, f64) {
    let (m, k) = x.split();
    let f = m - 1.0;
    let (below, below_low) = exact_sum(2.0, f);
    let s = f / below;
    let s_low = ((-s).mul_add(below, f) - s * below_low) / below;
    let z = s * s;
    let z_low = s.mul_add(s, -z) + 2.0 * s * s_low;
    let cube = z * s;
    let cube_low = z.mul_add(s, -cube) + z.mul_add(s_low, z_low * s);
    // 2s + 2/3 s³ in two parts, what follows in one.
    let third = cube * TWO_THIRDS;
    let third_low = cube.mul_add(TWO_THIRDS, -third) + cube.mul_add(TWO_THIRDS_LOW, cube_low * TWO_THIRDS);
    let rest = cube * z * polynomial(z, &DOUBLE_LN);
    let (sum, lost) = exact_sum(k * LN_2, s + s);
    let (sum, again) = exact_sum(sum, third);
    let low = lost + again + (k.mul_add(LN_2_LOW, rest) + (third_low + 2.0 * s_low));
    let total = sum + low;
    (total, (sum - total) + low)
}

/// 42 bits, so that the product with an exponent is exact.
const LN_2: f64 = 0.693_147_180_559_890_3;
const LN_2_LOW: f64 = 5.497_923_018_708_371e-14;
const TWO_THIRDS: f64 = 0.666_666_666_666_666_6;
const TWO_THIRDS_LOW: f64 = 3.700_743_415_417_188e-17;

const SINGLE_LN: [f64; 5] = [
    0.666_666_666_758_472,
    0.399_999_956_050_433_04,
    0.285_721_110_840_884_8,
    0.221_761_020_257_821_13,
    0.195_854_857_153_771_77,
];
const SINGLE_EXP: [f64; 6] = [
    0.500_000_006_844_529_9,
    0.166_666_638_213_922_22,
    0.041_666_283_694_413_005,
    0.008_334_009_938_616_556,
    0.001_394_572_266_732_418_2,
    0.000_194_947_860_862_107_21,
];
const DOUBLE_LN: [f64; 9] = [
    0.4,
    0.285_714_285_714_268_9,
    0.222_222_222_227_164_12,
    0.181_818_181_060_510_68,
    0.153_846_221_814_860_05,
    0.133_329_601_877_795_18,
    0.117_772_570_600_983_37,
    0.102_791_699_693_984_36,
    0.120_272_328_387_102_3,
];
