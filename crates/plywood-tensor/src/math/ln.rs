//! The natural logarithm.

use super::real::polynomial;
use crate::Float;

/// The natural logarithm; −∞ at 0, NaN below.
///
/// With `x = 2ᵏ (1 + f)`, it is `k ln 2 + ln(1 + f)`, and with `s = f / (2 + f)` that is
/// `ln(1 + f) = 2 (s + s³/3 + s⁵/5 + …)`. Error: below 1 ulp.
#[inline(always)]
pub fn ln<T: Float>(x: T) -> T {
    let (m, k) = x.split();
    edges(x, of_parts(m - T::ONE, -T::ZERO, k))
}

/// `k ln 2 + ln(1 + f + low)`, where `low` is small against `f`.
#[inline(always)]
pub(super) fn of_parts<T: Float>(f: T, low: T, k: T) -> T {
    let s = f / (T::of(2.0) + f);
    let z = s * s;
    let rest = z * polynomial(z, T::list(&SINGLE, &DOUBLE));
    // 2s = f − s f.
    let small = k.mul_add(T::pick(-1.904_654_2e-9, 2.319_046_813_846_299_6e-17), s * (rest - f)) + low;
    k.mul_add(T::of(std::f64::consts::LN_2), f + small)
}

/// The logarithm `y` of `x`, and what it is at the ends of the line.
#[inline(always)]
pub(super) fn edges<T: Float>(x: T, y: T) -> T {
    let y = if x < T::INFINITY { y } else { x };
    let low = if x == T::ZERO { -T::INFINITY } else { T::NAN };
    if x > T::ZERO { y } else { low }
}

/// `(ln((1 + s) / (1 − s)) / s − 2) / s²` by `s²`, for `|s| ≤ (√2 − 1) / (√2 + 1)`.
const SINGLE: [f32; 3] = [0.666_667_76, 0.399_775_68, 0.298_714_64];
const DOUBLE: [f64; 7] = [
    0.666_666_666_666_673_5,
    0.399_999_999_994_109_3,
    0.285_714_287_431_916_9,
    0.222_221_984_881_567_9,
    0.181_835_689_492_979_82,
    0.153_139_267_248_328_27,
    0.147_972_434_643_119_9,
];
