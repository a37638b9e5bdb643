//! The Gaussian error linear unit.

use super::exp::{near_zero, reduce};
use super::real::{at_most, polynomial};
use crate::Float;

/// `x Φ(x) = max(x, 0) − |x| Φ(−|x|)`, with `Φ` of [`normal_share`].
///
/// Error: below 6 ulp; a result that is not a normal number may be 0.
#[inline(always)]
pub fn gelu<T: Float>(x: T) -> T {
    let (scale, near, tail, z) = parts(x);
    let above = if x < T::ZERO { -T::ZERO } else { x };
    above - z * near * tail * scale
}

/// The slope of [`gelu`]: `Φ(x) + x φ(x)`, with the bell curve `φ(x) = e^(−x²/2) / √(2π)`.
#[inline(always)]
pub fn gelu_slope<T: Float>(x: T) -> T {
    let (scale, near, tail, z) = parts(x);
    let below = near * (tail - z * T::of(0.398_942_280_401_432_7)) * scale;
    if x < T::ZERO { below } else { T::ONE - below }
}

/// `Φ(x) = (1 + erf(x/√2)) / 2`, the share of a standard normal distribution below `x`, exact far below 0 too.
///
/// Error: below 6 ulp; a result that is not a normal number may be 0.
#[inline(always)]
pub fn normal_share<T: Float>(x: T) -> T {
    let (scale, near, tail, _) = parts(x);
    let below = near * tail * scale;
    if x < T::ZERO { below } else { T::ONE - below }
}

/// `e^(−x²/2)` as a power of two and the rest, `Φ(−|x|)` over that, and `|x|` as far as they depend on it.
///
/// Beyond the last `|x|` that counts, the power is 0.
#[inline(always)]
fn parts<T: Float>(x: T) -> (T, T, T, T) {
    let z = at_most(x.abs(), T::pick(13.25, 37.66));
    let half = T::of(-0.5) * z;
    let square = half * z;
    let lost = half.mul_add(z, -square);
    let (n, r) = reduce(square, T::BIAS);
    let numerator = polynomial(z, T::list(&SINGLE_NUMERATOR, &DOUBLE_NUMERATOR));
    let denominator = polynomial(z, T::list(&SINGLE_DENOMINATOR, &DOUBLE_DENOMINATOR));
    (n.power_of_two(), near_zero(r + lost), numerator / denominator, z)
}

const SINGLE_NUMERATOR: [f32; 5] = [0.5, 0.438_142_359, 0.183_121_994, 0.040_595_058_4, 0.004_110_635_26];
const SINGLE_DENOMINATOR: [f32; 6] =
    [1.0, 1.674_169_66, 1.202_033_4, 0.469_171_941, 0.101_763_219, 0.010_303_713_4];
const DOUBLE_NUMERATOR: [f64; 11] = [
    0.5,
    0.827_801_771_169_931_14,
    0.679_418_711_891_007_55,
    0.357_199_191_059_875_35,
    0.131_975_298_760_722_25,
    0.035_643_875_132_510_383,
    0.007_117_082_842_090_166_1,
    0.001_038_709_088_024_667_7,
    0.000_106_451_306_637_802_82,
    6.966_671_899_061_206_1e-6,
    2.238_336_433_440_236_7e-7,
];
const DOUBLE_DENOMINATOR: [f64; 12] = [
    1.0,
    2.453_488_103_142_727_8,
    2.816_437_701_393_097_9,
    2.000_808_009_220_785_6,
    0.979_678_992_382_37,
    0.348_124_832_185_763_68,
    0.091_914_677_375_663_473,
    0.018_105_592_795_338_347,
    0.002_621_120_426_128_433_1,
    0.000_267_394_922_825_729_52,
    1.746_285_676_229_452_9e-5,
    5.610_677_392_196_693e-7,
];
