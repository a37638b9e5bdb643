//! The complement of the error function.

use super::exp::{near_zero, reduce, scaled};
use super::real::{at_most, polynomial};
use crate::Float;

/// `1 − erf x`, exact for large `x` too.
///
/// Error: below 4 ulp.
#[inline(always)]
pub fn erfc<T: Float>(x: T) -> T {
    let z = at_most(x.abs(), T::pick(10.1, 27.3));
    let square = z * z;
    let y = tail(z, square, z.mul_add(z, -square));
    let far = if x < T::ZERO { T::of(2.0) - y } else { y };
    if z < T::of(0.5) { T::ONE - super::erf::near_zero(x, square) } else { far }
}

/// `erfc z = e^(−z²) n(z) / d(z)` for `0 ≤ z`, where `z²` is given as a number and what its rounding lost.
///
/// All coefficients are positive: nothing cancels.
#[inline(always)]
pub(super) fn tail<T: Float>(z: T, square: T, lost: T) -> T {
    let (n, r) = reduce(-square, 2.0 * T::BIAS);
    let numerator = polynomial(z, T::list(&SINGLE_NUMERATOR, &DOUBLE_NUMERATOR));
    let denominator = polynomial(z, T::list(&SINGLE_DENOMINATOR, &DOUBLE_DENOMINATOR));
    scaled(near_zero(r - lost) * numerator / denominator, n)
}

const SINGLE_NUMERATOR: [f32; 5] = [1.0, 1.239_253_76, 0.732_487_977, 0.229_640_335, 0.032_885_082_1];
const SINGLE_DENOMINATOR: [f32; 6] =
    [1.0, 2.367_633_58, 2.404_066_8, 1.327_018_62, 0.407_052_875, 0.058_286_603_5];
const DOUBLE_NUMERATOR: [f64; 11] = [
    1.0,
    2.341_376_983_489_971_6,
    2.717_674_847_564_030_2,
    2.020_623_761_862_296_4,
    1.055_802_390_085_778,
    0.403_264_413_023_434_24,
    0.113_873_325_473_442_66,
    0.023_503_303_674_314_784,
    0.003_406_441_812_409_690_4,
    0.000_315_275_580_296_188_28,
    1.432_535_317_401_751_5e-5,
];
const DOUBLE_DENOMINATOR: [f64; 12] = [
    1.0,
    3.469_756_150_585_484_8,
    5.632_875_402_786_195_8,
    5.659_139_644_689_496_2,
    3.918_715_969_529_48,
    1.969_291_436_303_859_2,
    0.735_317_419_005_307_78,
    0.204_841_399_087_776_71,
    0.041_937_926_818_054_93,
    0.006_050_456_421_917_660_6,
    0.000_558_811_416_393_424_94,
    2.539_102_739_886_295_1e-5,
];
