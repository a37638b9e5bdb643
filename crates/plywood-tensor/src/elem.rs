//! The numbers a tensor can hold.

use std::fmt::{Debug, Display};
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// The element of every [`Tensor`](crate::Tensor): `f32`, or `f64` when built with `--cfg plywood_f64`.
///
/// Tests and examples are written with `Elem`, so that they run in both precisions.
#[cfg(not(plywood_f64))]
pub type Elem = f32;
/// The element of every [`Tensor`](crate::Tensor): `f32`, or `f64` when built with `--cfg plywood_f64`.
///
/// Tests and examples are written with `Elem`, so that they run in both precisions.
#[cfg(plywood_f64)]
pub type Elem = f64;

/// A number that can be stored in an [`Array`](crate::Array): `f32`, `f64`, `i64` or `u8`.
///
/// Sealed: storage is recycled between arrays, which is sound only for types of which every bit pattern is a value.
pub trait Element:
    Copy + Default + PartialOrd + Debug + Display + Send + Sync + sealed::AnyBits + 'static
{
    /// `1`, the value of a true comparison.
    const ONE: Self;
    /// Whether the value is NaN; never for integers.
    fn is_nan(self) -> bool {
        #[allow(clippy::eq_op)] // the definition of NaN
        {
            self != self
        }
    }
}

/// A real number, `f32` or `f64`: what kernels are generic over.
///
/// Both widths are always built, so that each `f32` path can be compared with its own `f64` form.
pub trait Float:
    Element
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + sealed::Product
    + crate::math::Transcendental
    + crate::ops::kernels::HasKernels
{
    /// `0`.
    const ZERO: Self;
    /// Positive infinity.
    const INFINITY: Self;
    /// Not a number.
    const NAN: Self;
    /// The distance from 1 to the next larger number.
    const EPSILON: Self;
    /// The nearest number to `value`.
    fn of(value: f64) -> Self;
    /// The value as `f64`, exactly.
    fn to_f64(self) -> f64;
    /// `self · a + b`, rounded once.
    #[must_use]
    fn mul_add(self, a: Self, b: Self) -> Self;
    /// The bits, widened to 64: equal exactly when the numbers are the same to the bit.
    fn bits(self) -> u64;
}

pub(crate) mod sealed {
    /// Marks types of which every bit pattern is a value and whose alignment is at most 64.
    ///
    /// # Safety
    /// The implementor must have no invalid bit pattern, no padding, no destructor and alignment of at most 64.
    #[allow(unnameable_types, unreachable_pub)] // public in name only: it seals `Element`
    pub unsafe trait AnyBits {}

    /// The matrix product of a type, as the engine behind `matmul` offers it.
    #[allow(unnameable_types, unreachable_pub)]
    pub trait Product: Sized {
        /// `c = a b` or `c += a b`, one thread.
        fn product(p: crate::ops::matmul::Block<'_, Self>);
    }
}

macro_rules! element {
    ($($t:ty: $one:expr),*) => { $(
        // SAFETY: a primitive number has no invalid bit pattern, no padding, no destructor and a small alignment.
        unsafe impl sealed::AnyBits for $t {}
        impl Element for $t { const ONE: Self = $one; }
    )* };
}
element!(f32: 1.0, f64: 1.0, i64: 1, u8: 1);

macro_rules! float {
    ($($t:ident),*) => { $(
        impl Float for $t {
            const ZERO: Self = 0.0;
            const INFINITY: Self = $t::INFINITY;
            const NAN: Self = $t::NAN;
            const EPSILON: Self = $t::EPSILON;
            #[inline(always)]
            #[allow(clippy::unnecessary_cast)] // needed for the other width
            fn of(value: f64) -> Self { value as $t }
            #[inline(always)]
            #[allow(clippy::unnecessary_cast)]
            fn to_f64(self) -> f64 { self as f64 }
            #[inline(always)]
            fn mul_add(self, a: Self, b: Self) -> Self { $t::mul_add(self, a, b) }
            #[inline(always)]
            fn bits(self) -> u64 { u64::from(self.to_bits()) }
        }
    )* };
}
float!(f32, f64);
