//! Numbers seen as their bits, and what the functions of both widths share.

use crate::Float;

/// What the functions of this module need from `f32` and `f64`; call them, not these.
pub trait Transcendental: Copy {
    #[doc(hidden)]
    fn sqrt(self) -> Self;
    #[doc(hidden)]
    fn abs(self) -> Self;
    #[doc(hidden)]
    fn copysign(self, sign: Self) -> Self;
    /// One of two numbers that belong to the widths.
    #[doc(hidden)]
    fn pick(single: f32, double: f64) -> Self;
    /// One of two lists of coefficients.
    #[doc(hidden)]
    fn list(single: &'static [f32], double: &'static [f64]) -> &'static [Self];
    /// `1.5 · 2^digits`: added to a number, it rounds the number to an integer and leaves that in the lowest bits.
    #[doc(hidden)]
    const SHIFT: Self;
    /// What is added to an exponent to store it.
    #[doc(hidden)]
    const BIAS: f64;
    /// `2^(n − BIAS)` from `SHIFT + n`, for `0 < n < 2 BIAS`.
    #[doc(hidden)]
    fn power_of_two(self) -> Self;
    /// Two factors of `2^(n − 2 BIAS)` from `SHIFT + n`, which itself may be too large or too small.
    #[doc(hidden)]
    fn powers_of_two(self) -> (Self, Self);
    /// `(m, k)` with `self = m 2ᵏ` and `√½ ≤ m < √2`, for a positive finite number.
    #[doc(hidden)]
    fn split(self) -> (Self, Self);
    #[doc(hidden)]
    fn sine(self) -> Self;
    #[doc(hidden)]
    fn cosine(self) -> Self;
    #[doc(hidden)]
    fn sine_near(self) -> Self;
    #[doc(hidden)]
    fn cosine_near(self) -> Self;
    #[doc(hidden)]
    fn power(self, exponent: Self) -> Self;
    #[doc(hidden)]
    fn over(self, divisor: Self) -> Self;
}

macro_rules! transcendental {
    ($t:ident, $bits:ident, $list:ident, digits $digits:literal, bias $bias:literal, sqrt_half $sqrt_half:literal) => {
        impl Transcendental for $t {
            #[inline(always)]
            fn sqrt(self) -> Self {
                $t::sqrt(self)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                $t::abs(self)
            }
            #[inline(always)]
            fn copysign(self, sign: Self) -> Self {
                $t::copysign(self, sign)
            }
            #[inline(always)]
            fn pick(single: f32, double: f64) -> Self {
                let _ = (single, double);
                $list!(single, double)
            }
            #[inline(always)]
            fn list(single: &'static [f32], double: &'static [f64]) -> &'static [Self] {
                let _ = (single, double);
                $list!(single, double)
            }
            const SHIFT: Self = 1.5 * (1_u64 << $digits) as $t;
            const BIAS: f64 = $bias as f64;
            #[inline(always)]
            fn power_of_two(self) -> Self {
                $t::from_bits(self.to_bits() << $digits)
            }
            #[inline(always)]
            fn powers_of_two(self) -> (Self, Self) {
                let n = self.to_bits();
                let half = n >> 1;
                ($t::from_bits(half << $digits), $t::from_bits(n.wrapping_sub(half) << $digits))
            }
            #[inline(always)]
            fn split(self) -> (Self, Self) {
                // Below the smallest usual number the exponent is hidden among leading zeros.
                let tiny = self < $t::MIN_POSITIVE;
                let x = if tiny { self * (1_u64 << ($digits + 1)) as $t } else { self };
                let offset = if tiny {
                    (1_u64 << $digits) as $t + ($bias + $digits + 1) as $t
                } else {
                    (1_u64 << $digits) as $t + $bias as $t
                };
                let k = x.to_bits().wrapping_sub($sqrt_half).wrapping_add($bias << $digits) >> $digits;
                let m = x.to_bits().wrapping_sub(k << $digits).wrapping_add($bias << $digits);
                // An integer in the lowest bits of 2^digits is a sum; conversions of 64-bit integers are slow.
                ($t::from_bits(m), $t::from_bits(((1_u64 << $digits) as $t).to_bits() | k) - offset)
            }
            #[inline(always)]
            fn sine(self) -> Self {
                super::sin::$list(self)
            }
            #[inline(always)]
            fn cosine(self) -> Self {
                super::cos::$list(self)
            }
            #[inline(always)]
            fn sine_near(self) -> Self {
                super::turns::$list(self, 0)
            }
            #[inline(always)]
            fn cosine_near(self) -> Self {
                super::turns::$list(self, 1)
            }
            #[inline(always)]
            fn power(self, exponent: Self) -> Self {
                super::pow::$list(self, exponent)
            }
            #[inline(always)]
            fn over(self, divisor: Self) -> Self {
                super::quotient::$list(self, divisor)
            }
        }
    };
}
macro_rules! single {
    ($single:expr, $double:expr) => {
        $single
    };
}
macro_rules! double {
    ($single:expr, $double:expr) => {
        $double
    };
}
transcendental!(f32, u32, single, digits 23, bias 127, sqrt_half 0x3f35_04f3);
transcendental!(f64, u64, double, digits 52, bias 1023, sqrt_half 0x3fe6_a09e_667f_3bcd);

/// `c₀ + c₁ x + c₂ x² + …`.
///
/// In two or four chains side by side, so that the processor need not wait for each step before the next.
#[inline(always)]
pub(super) fn polynomial<T: Float>(x: T, coefficients: &[T]) -> T {
    if coefficients.len() < 5 {
        return chain(x, coefficients, 0, 1);
    }
    let square = x * x;
    let (even, odd) = if coefficients.len() < 10 {
        (chain(square, coefficients, 0, 2), chain(square, coefficients, 1, 2))
    } else {
        let fourth = square * square;
        let part = |first| chain(fourth, coefficients, first, 4);
        (part(2).mul_add(square, part(0)), part(3).mul_add(square, part(1)))
    };
    odd.mul_add(x, even)
}

/// The polynomial of every `step`-th coefficient from `first` on.
#[inline(always)]
fn chain<T: Float>(x: T, coefficients: &[T], first: usize, step: usize) -> T {
    let count = (coefficients.len() - first).div_ceil(step);
    let mut sum = coefficients[first + (count - 1) * step];
    for i in (0..count - 1).rev() {
        sum = sum.mul_add(x, coefficients[first + i * step]);
    }
    sum
}

/// `a + b` and what its rounding lost.
#[inline(always)]
pub(super) fn exact_sum<T: Float>(a: T, b: T) -> (T, T) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// `x`, but at most `high`; NaN stays NaN.
#[inline(always)]
pub(super) fn at_most<T: Float>(x: T, high: T) -> T {
    if x > high { high } else { x }
}

/// `x`, but at least `low`; NaN stays NaN.
#[inline(always)]
pub(super) fn at_least<T: Float>(x: T, low: T) -> T {
    if x < low { low } else { x }
}
