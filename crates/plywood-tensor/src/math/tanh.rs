//! The hyperbolic tangent.

use super::exp::{near_zero, reduce};
use super::real::{at_least, polynomial};
use crate::Float;

/// The hyperbolic tangent, `(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)`.
///
/// Near 0 a polynomial, beyond it `1 − 2e / (1 + e)` with `e = e^(−2|x|)`. Error: below 1.5 ulp (`f64`: 1).
#[inline(always)]
pub fn tanh<T: Float>(x: T) -> T {
    let size = x.abs();
    let (n, r) = reduce(at_least(T::of(-2.0) * size, T::pick(-20.0, -42.0)), T::BIAS);
    let decay = near_zero(r) * n.power_of_two();
    let far = T::ONE - (decay + decay) / (T::ONE + decay);
    let square = x * x;
    let near = (polynomial(square, T::list(&SINGLE, &DOUBLE)) * square).mul_add(size, size);
    let y = if size < T::of(0.625) { near } else { far };
    y.copysign(x)
}

/// `(tanh(x) / x − 1) / x²` by `x²`, for `|x| ≤ 0.625`.
const SINGLE: [f32; 5] = [-0.333_332_807, 0.133_314_103, -0.053_737_111_4, 0.020_630_626, -0.005_695_497_15];
const DOUBLE: [f64; 12] = [
    -0.333_333_333_333_333_15,
    0.133_333_333_333_299_22,
    -0.053_968_253_966_117_02,
    0.021_869_488_469_629_748,
    -0.008_863_234_319_893_271,
    0.003_592_114_021_656_664_7,
    -0.001_455_725_842_580_503_4,
    0.000_589_450_522_572_316_7,
    -0.000_237_006_266_466_859_5,
    9.154_594_991_968_93e-5,
    -3.017_217_686_609_696_5e-5,
    6.034_889_464_860_426e-6,
];
