//! The error function.

use super::erfc::tail;
use super::real::{at_most, polynomial};
use crate::Float;

/// The error function, `2/√π ∫₀ˣ e^(−t²) dt`.
///
/// Error: below 1.5 ulp (`f64`: 1).
#[inline(always)]
pub fn erf<T: Float>(x: T) -> T {
    let z = at_most(x.abs(), T::pick(4.0, 6.0));
    let square = z * z;
    let far = (T::ONE - tail(z, square, -T::ZERO)).copysign(x);
    if z < T::ONE { near_zero(x, square) } else { far }
}

/// `erf x` for `|x| ≤ 1`.
#[inline(always)]
pub(super) fn near_zero<T: Float>(x: T, square: T) -> T {
    x.mul_add(polynomial(square, T::list(&SINGLE, &DOUBLE)), x)
}

/// `erf(x) / x − 1` by `x²`, for `|x| ≤ 1`.
const SINGLE: [f32; 7] = [
    0.128_379_17,
    -0.376_126_3,
    0.112_836_18,
    -0.026_855_126,
    0.005_190_733_8,
    -0.000_803_076_2,
    7.920_374_6e-5,
];
const DOUBLE: [f64; 12] = [
    0.128_379_167_095_512_56,
    -0.376_126_389_031_833_4,
    0.112_837_916_709_365_38,
    -0.026_866_170_641_869_157,
    0.005_223_977_595_835_738,
    -0.000_854_832_543_548_846_5,
    0.000_120_552_788_561_825_68,
    -1.492_443_144_790_627_3e-5,
    1.644_369_841_278_171e-6,
    -1.618_030_607_454_490_2e-7,
    1.359_980_504_100_089_6e-8,
    -7.574_469_090_094_472e-10,
];
