//! What sine and cosine share: the angle as a number of quarter turns and a rest.

use super::real::{exact_sum, polynomial};
use crate::Float;

/// Whether an angle is too large for the functions without a branch.
#[inline(always)]
pub fn is_far<T: Float>(x: T) -> bool {
    x.abs() > T::pick(NEAR_SINGLE, NEAR_DOUBLE)
}

/// Up to here angles are reduced without a branch.
pub(super) const NEAR_SINGLE: f32 = 268_435_456.0;
pub(super) const NEAR_DOUBLE: f64 = 1_048_576.0;

/// `sin x` for `quarter` 0, `cos x` for 1; in double precision, so that the rest keeps all digits of an `f32`.
#[inline(always)]
pub(super) fn single(x: f32, quarter: u64) -> f32 {
    let x = f64::from(x);
    let shifted = x.mul_add(std::f64::consts::FRAC_2_PI, SHIFT);
    // With this sign of n, −0 stays −0.
    let n = shifted - SHIFT;
    let r = (-n).mul_add(std::f64::consts::FRAC_PI_2, x);
    let r = (-n).mul_add(6.123_233_995_736_766e-17, r);
    single_rest(shifted.to_bits().wrapping_add(quarter), r) as f32
}

const SHIFT: f64 = 6_755_399_441_055_744.0;

#[inline(always)]
fn single_rest(quarters: u64, r: f64) -> f64 {
    let z = r * r;
    let sine = r * z.mul_add(polynomial(z, &SINGLE_SINE), 1.0);
    let cosine = z.mul_add(polynomial(z, &SINGLE_COSINE), 1.0);
    turned(quarters, sine, cosine)
}

/// The sine of an angle of so many quarter turns and a rest with this sine and cosine.
#[inline(always)]
fn turned(quarters: u64, sine: f64, cosine: f64) -> f64 {
    let value = if quarters & 1 == 0 { sine } else { cosine };
    f64::from_bits(value.to_bits() ^ (quarters & 2) << 62)
}

/// As [`single`].
#[inline(always)]
pub(super) fn double(x: f64, quarter: u64) -> f64 {
    let shifted = x.mul_add(std::f64::consts::FRAC_2_PI, SHIFT);
    let n = SHIFT - shifted;
    // π/2 in three parts of 33 bits, whose products are exact, and a rest.
    let first = n.mul_add(1.570_796_326_734_125_6, x);
    let (second, lost) = exact_sum(first, n * 6.077_100_506_303_966e-11);
    let (third, again) = exact_sum(second, n * 2.022_266_248_711_166_5e-21);
    let low = n.mul_add(8.478_427_660_368_9e-32, lost + again);
    let high = third + low;
    let y = double_rest(shifted.to_bits().wrapping_add(quarter), high, (third - high) + low);
    // The sine of −0 is −0.
    if quarter == 0 && x == 0.0 { x } else { y }
}

#[inline(always)]
fn double_rest(quarters: u64, r: f64, low: f64) -> f64 {
    let z = r * r;
    let half = 0.5 * z;
    let sine = r + (z * r).mul_add(polynomial(z, &DOUBLE_SINE), (-half).mul_add(low, low));
    let top = 1.0 - half;
    let cosine = top + ((1.0 - top - half) + (z * z).mul_add(polynomial(z, &DOUBLE_COSINE), -r * low));
    turned(quarters, sine, cosine)
}

#[cold]
#[inline(never)]
pub(super) fn single_far(x: f32, quarter: u64) -> f32 {
    let (quarters, r, _) = far(f64::from(x));
    single_rest(quarters.wrapping_add(quarter), r) as f32
}

#[cold]
#[inline(never)]
pub(super) fn double_far(x: f64, quarter: u64) -> f64 {
    let (quarters, r, low) = far(x);
    double_rest(quarters.wrapping_add(quarter), r, low)
}

/// The quarter turns and the rest of a large angle: the product with those bits of `2/π` that count.
///
/// Payne and Hanek, "Radian Reduction for Trigonometric Functions", 1983.
fn far(x: f64) -> (u64, f64, f64) {
    if !x.is_finite() {
        return (0, f64::NAN, 0.0);
    }
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i64 - 1075;
    let mantissa = u128::from(bits & 0x000f_ffff_ffff_ffff | 0x0010_0000_0000_0000);
    // 192 bits of 2/π, from the first that does not only add whole turns.
    let position = (exponent + 62) as usize;
    let (word, shift) = (position / 64, position % 64);
    let part = |i: usize| {
        let (high, low) = (TWO_OVER_PI[word + i], TWO_OVER_PI[word + i + 1]);
        u128::from(if shift == 0 { high } else { high << shift | low >> (64 - shift) })
    };
    let low = mantissa * part(2);
    let middle = mantissa * part(1) + (low >> 64);
    let high = (mantissa * part(0) + (middle >> 64)) as u64;
    let (middle, low) = (middle as u64, low as u64);
    // Two bits of quarter turns, then a fraction, which is rounded to the nearest whole.
    let fraction = (u128::from(high << 2 | middle >> 62) << 64 | u128::from(middle << 2 | low >> 62)) as i128;
    let quarters = (high >> 62).wrapping_add(u64::from(fraction < 0));
    let top = fraction as f64;
    let rest = (fraction - top as i128) as f64;
    let unit = 2.938_735_877_055_719e-39; // 2⁻¹²⁸
    let (top, rest) = (top * unit, rest * unit);
    let angle = top * std::f64::consts::FRAC_PI_2;
    let lost = top.mul_add(std::f64::consts::FRAC_PI_2, -angle)
        + top.mul_add(6.123_233_995_736_766e-17, rest * std::f64::consts::FRAC_PI_2);
    let (sum, lost) = (angle + lost, (angle - (angle + lost)) + lost);
    if x < 0.0 { (quarters.wrapping_neg(), -sum, -lost) } else { (quarters, sum, lost) }
}

/// `(sin r / r − 1) / r²` and `(cos r − 1) / r²` by `r²`, for `|r| ≤ π/4`.
const SINGLE_SINE: [f64; 4] = [
    -0.166_666_666_416_075_14,
    0.008_333_329_383_698_839,
    -0.000_198_393_341_221_432_15,
    2.718_304_580_290_832e-6,
];
const SINGLE_COSINE: [f64; 5] = [
    -0.499_999_999_995_446_53,
    0.041_666_666_562_012_22,
    -0.001_388_888_107_523_059_3,
    2.479_904_027_960_571_2e-5,
    -2.718_004_366_965_448_7e-7,
];
/// The same in all digits, the cosine from its third term.
const DOUBLE_SINE: [f64; 6] = [
    -0.166_666_666_666_666_32,
    0.008_333_333_333_322_486,
    -0.000_198_412_698_298_533_25,
    2.755_731_370_503_096e-6,
    -2.505_075_988_168_183e-8,
    1.589_688_593_922_897e-10,
];
const DOUBLE_COSINE: [f64; 6] = [
    0.041_666_666_666_666_6,
    -0.001_388_888_888_887_021_5,
    2.480_158_728_527_239_3e-5,
    -2.755_731_278_541_899e-7,
    2.087_547_654_149_044e-9,
    -1.134_561_250_786_234_9e-11,
];

/// The bits of `2/π`, behind 64 zeros.
const TWO_OVER_PI: [u64; 22] = [
    0x0000_0000_0000_0000,
    0xA2F9_836E_4E44_1529,
    0xFC27_57D1_F534_DDC0,
    0xDB62_9599_3C43_9041,
    0xFE51_63AB_DEBB_C561,
    0xB724_6E3A_424D_D2E0,
    0x0649_2EEA_09D1_921C,
    0xFE1D_EB1C_B129_A73E,
    0xE882_35F5_2EBB_4484,
    0xE99C_7026_B45F_7E41,
    0x3991_D639_8353_39F4,
    0x9C84_5F8B_BDF9_283B,
    0x1FF8_97FF_DE05_980F,
    0xEF2F_118B_5A0A_6D1F,
    0x6D36_7ECF_27CB_09B7,
    0x4F46_3F66_9E5F_EA2D,
    0x7527_BAC7_EBE5_F17B,
    0x3D07_39F7_8A52_92EA,
    0x6BFB_5FB1_1F8D_5D08,
    0x5603_3046_FC7B_6BAB,
    0xF0CF_BC20_9AF4_361D,
    0xA9E3_9161_5EE6_1B08,
];
