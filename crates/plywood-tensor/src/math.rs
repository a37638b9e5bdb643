//! Transcendental functions of one number, the same to the bit on every platform.
//!
//! The standard library calls the system's mathematics library, whose last bits differ between platforms and
//! versions. Kernels, update rules and losses call these functions instead; a lint keeps the others out.
//! Errors are below 1 ulp (2 for `erf`, `erfc` and `tanh`).
//!
//! ```
//! use plywood_tensor::math;
//! assert_eq!(math::exp(0.0_f32), 1.0);
//! assert_eq!(math::sigmoid(-1000.0_f32), 0.0);
//! assert_eq!(math::softplus(1000.0_f64), 1000.0);
//! ```

use crate::Float;

/// The functions as methods of `f32` and `f64`; call them through this module.
pub trait Transcendental: Copy {
    #[doc(hidden)]
    fn call(self, function: Function) -> Self;
    #[doc(hidden)]
    fn power(self, exponent: Self) -> Self;
    #[doc(hidden)]
    fn root(self) -> Self;
    #[doc(hidden)]
    fn magnitude(self) -> Self;
}

/// Names one of the functions.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Function {
    Exp,
    Expm1,
    Ln,
    Log1p,
    Sin,
    Cos,
    Tanh,
    Erf,
    Erfc,
}

macro_rules! transcendental {
    ($t:ident: $exp:ident $expm1:ident $ln:ident $log1p:ident $sin:ident $cos:ident $tanh:ident $erf:ident $erfc:ident $pow:ident) => {
        impl Transcendental for $t {
            #[inline(always)]
            fn call(self, function: Function) -> Self {
                match function {
                    Function::Exp => libm::$exp(self),
                    Function::Expm1 => libm::$expm1(self),
                    Function::Ln => libm::$ln(self),
                    Function::Log1p => libm::$log1p(self),
                    Function::Sin => libm::$sin(self),
                    Function::Cos => libm::$cos(self),
                    Function::Tanh => libm::$tanh(self),
                    Function::Erf => libm::$erf(self),
                    Function::Erfc => libm::$erfc(self),
                }
            }
            #[inline(always)]
            fn power(self, exponent: Self) -> Self {
                libm::$pow(self, exponent)
            }
            #[inline(always)]
            fn root(self) -> Self {
                self.sqrt() // rounded correctly everywhere, as IEEE 754 demands
            }
            #[inline(always)]
            fn magnitude(self) -> Self {
                self.abs()
            }
        }
    };
}
transcendental!(f32: expf expm1f logf log1pf sinf cosf tanhf erff erfcf powf);
transcendental!(f64: exp expm1 log log1p sin cos tanh erf erfc pow);

macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident = $variant:ident;)*) => { $(
        $(#[$doc])*
        #[inline(always)]
        pub fn $name<T: Float>(x: T) -> T {
            x.call(Function::$variant)
        }
    )* };
}
functions! {
    /// `eˣ`.
    exp = Exp;
    /// `eˣ − 1`, exact for small `x` too.
    expm1 = Expm1;
    /// The natural logarithm; NaN below 0.
    ln = Ln;
    /// `ln(1 + x)`, exact for small `x` too.
    log1p = Log1p;
    /// The sine of an angle in radians.
    sin = Sin;
    /// The cosine of an angle in radians.
    cos = Cos;
    /// The hyperbolic tangent.
    tanh = Tanh;
    /// The error function, `2/√π ∫₀ˣ e^(−t²) dt`.
    erf = Erf;
    /// `1 − erf x`, exact for large `x` too.
    erfc = Erfc;
}

/// `xᵉ`; NaN for a negative `x` and a fractional exponent.
#[inline(always)]
pub fn pow<T: Float>(x: T, exponent: T) -> T {
    x.power(exponent)
}

/// `√x`, rounded correctly; NaN below 0.
#[inline(always)]
pub fn sqrt<T: Float>(x: T) -> T {
    x.root()
}

/// `|x|`.
#[inline(always)]
pub fn abs<T: Float>(x: T) -> T {
    x.magnitude()
}

/// The larger of two numbers; NaN if either is.
#[inline(always)]
pub fn maximum<T: Float>(a: T, b: T) -> T {
    if a > b || a.is_nan() { a } else { b }
}

/// The smaller of two numbers; NaN if either is.
#[inline(always)]
pub fn minimum<T: Float>(a: T, b: T) -> T {
    if a < b || a.is_nan() { a } else { b }
}

/// `1 / (1 + e⁻ˣ)`; never overflows.
#[inline(always)]
pub fn sigmoid<T: Float>(x: T) -> T {
    let decay = exp(-abs(x));
    let numerator = if x < T::ZERO { decay } else { T::ONE };
    // A NaN must not become 1: |NaN| is NaN, and so is the sum below.
    numerator / (T::ONE + decay)
}

/// `ln(1 + eˣ)`; never overflows.
#[inline(always)]
pub fn softplus<T: Float>(x: T) -> T {
    maximum(x, T::ZERO) + log1p(exp(-abs(x)))
}

#[cfg(test)]
mod tests {
    /// Where `1 − erf x` has no digits left, its complement keeps them; golden values from PyTorch.
    #[test]
    fn erfc_is_exact_in_its_tail() {
        let golden = [
            (1.0_f64, 0.157_299_207_050_285_13),
            (6.0, 2.151_973_671_249_891e-17),
            (9.0, 4.137_031_746_513_81e-37),
        ];
        for (x, y) in golden {
            assert!((super::erfc(x) - y).abs() <= 1e-15 * y, "{x}");
        }
        for x in (-600..900).map(|i| i as f32 / 100.0) {
            let (single, double) = (super::erfc(x), super::erfc(f64::from(x)));
            let ulp = f64::from(single.next_up()) - f64::from(single);
            assert!((f64::from(single) - double).abs() <= 2.0 * ulp, "{x}");
        }
    }
}
