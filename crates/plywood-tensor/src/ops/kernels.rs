//! The loops over elements that everybody needs, compiled once for each width and instruction set.
//!
//! A generic loop is compiled again in every crate that uses it. These are reached through a table instead.

use super::normalize::groups::{Groups, Scaling};
use super::normalize::{Sums, apply_gradients, moments, normalize, row_gradients, row_normalize, sums};
use super::pool::{Choice, Images, MaxPool, max_pool, spread};
use super::resample::{Resample, resample};
use crate::simd::{self, Kernel};
use crate::{Element, Float, math};

/// A loop over a piece of one array.
pub(crate) type Unary<T> = fn(&mut [T], &[T]);
/// A loop over a piece of one array and a number.
pub(crate) type Scalar<T> = fn(&mut [T], &[T], T);
/// A loop over pieces of two arrays.
pub(crate) type Binary<T> = fn(&mut [T], &[T], &[T]);

/// Writes `f(x)` of each `x`.
pub(crate) struct Each<'a, T, U, F> {
    pub(crate) out: &'a mut [U],
    pub(crate) x: &'a [T],
    pub(crate) f: &'a F,
}

impl<T: Copy, U, F: Fn(T) -> U> Kernel for Each<'_, T, U, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for (out, &x) in self.out.iter_mut().zip(self.x) {
            *out = (self.f)(x);
        }
    }
}

/// Writes `f(a, b)` of each pair.
pub(crate) struct Pairs<'a, T, U, V, F> {
    pub(crate) out: &'a mut [V],
    pub(crate) a: &'a [T],
    pub(crate) b: &'a [U],
    pub(crate) f: &'a F,
}

impl<T: Copy, U: Copy, V, F: Fn(T, U) -> V> Kernel for Pairs<'_, T, U, V, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for ((out, &a), &b) in self.out.iter_mut().zip(self.a).zip(self.b) {
            *out = (self.f)(a, b);
        }
    }
}

/// Replaces each `x` by `f(x, y)`.
pub(crate) struct Combined<'a, T, F> {
    pub(crate) x: &'a mut [T],
    pub(crate) y: &'a [T],
    pub(crate) f: &'a F,
}

impl<T: Copy, F: Fn(T, T) -> T> Kernel for Combined<'_, T, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for (x, &y) in self.x.iter_mut().zip(self.y) {
            *x = (self.f)(*x, y);
        }
    }
}

/// Replaces each `x` of every row by `f(x, y)` with the same element of one row.
pub(crate) struct CombinedRows<'a, T, F> {
    pub(crate) x: &'a mut [T],
    pub(crate) row: &'a [T],
    pub(crate) f: &'a F,
}

impl<T: Copy, F: Fn(T, T) -> T> Kernel for CombinedRows<'_, T, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for x in self.x.chunks_exact_mut(self.row.len().max(1)) {
            for (x, &y) in x.iter_mut().zip(self.row) {
                *x = (self.f)(*x, y);
            }
        }
    }
}

macro_rules! table {
    (
        unary { $($unary:ident: |$x:ident| $unary_value:expr;)* }
        scalar { $($scalar:ident: |$y:ident, $c:ident| $scalar_value:expr;)* }
        binary { $($binary:ident: |$a:ident, $b:ident| $binary_value:expr;)* }
    ) => {
        /// The loops of one width.
        #[allow(missing_debug_implementations)] // nobody outside can name it
        pub struct Kernels<T: Element> {
            $(pub(crate) $unary: Unary<T>,)*
            $(pub(crate) $scalar: Scalar<T>,)*
            $(pub(crate) $binary: Binary<T>,)*
            pub(crate) sin: Unary<T>,
            pub(crate) cos: Unary<T>,
            pub(crate) add_in_place: Unary<T>,
            pub(crate) max_pool: MaxPool<T>,
            pub(crate) spread: fn(&Choice, &[T], &mut [T]),
            pub(crate) resample: fn(&Resample, Images, &[T], &mut [T]),
            pub(crate) moments: fn(&Groups, &[T], &mut [T], &mut [T]),
            pub(crate) normalize: fn(&Groups, &[T], Option<&[T]>, &Scaling<'_, T>, &mut [T]),
            pub(crate) sums: fn(&Groups, &[T], &[T], &Scaling<'_, T>, &mut [f64]),
            pub(crate) apply_gradients: fn(&Groups, &[T], &mut [T], &Scaling<'_, T>, Option<&Sums>),
            pub(crate) row_normalize: fn(&[T], [&[T]; 2], f64, bool, &mut [T], &mut [T]),
            pub(crate) row_gradients: fn([&[T]; 3], bool, &mut [T], [&mut [T]; 2]),
        }

        /// The bodies, each with a name of its own: a method that is always inlined, where a closure may not be.
        mod bodies {
            use super::*;
            $(
                #[allow(non_camel_case_types)]
                pub(super) struct $unary<'a, T>(pub(super) &'a mut [T], pub(super) &'a [T]);
                impl<T: Float> Kernel for $unary<'_, T> {
                    type Output = ();
                    #[inline(always)]
                    fn run(self) {
                        for (out, &$x) in self.0.iter_mut().zip(self.1) {
                            *out = $unary_value;
                        }
                    }
                }
            )*
            $(
                #[allow(non_camel_case_types)]
                pub(super) struct $scalar<'a, T>(pub(super) &'a mut [T], pub(super) &'a [T], pub(super) T);
                impl<T: Float> Kernel for $scalar<'_, T> {
                    type Output = ();
                    #[inline(always)]
                    fn run(self) {
                        let $c = self.2;
                        for (out, &$y) in self.0.iter_mut().zip(self.1) {
                            *out = $scalar_value;
                        }
                    }
                }
            )*
            $(
                #[allow(non_camel_case_types)]
                pub(super) struct $binary<'a, T>(pub(super) &'a mut [T], pub(super) &'a [T], pub(super) &'a [T]);
                impl<T: Float> Kernel for $binary<'_, T> {
                    type Output = ();
                    #[inline(always)]
                    fn run(self) {
                        for ((out, &$a), &$b) in self.0.iter_mut().zip(self.1).zip(self.2) {
                            *out = $binary_value;
                        }
                    }
                }
            )*
        }

        impl<T: Float> Kernels<T> {
            const ALL: Kernels<T> = Kernels {
                $($unary: |out, x| simd::run(bodies::$unary(out, x)),)*
                $($scalar: |out, x, c| simd::run(bodies::$scalar(out, x, c)),)*
                $($binary: |out, a, b| simd::run(bodies::$binary(out, a, b)),)*
                sin: |out, x| turns(out, x, math::sin, |out, x| simd::run(Sines(out, x))),
                cos: |out, x| turns(out, x, math::cos, |out, x| simd::run(Cosines(out, x))),
                add_in_place: |x, y| simd::run(Combined { x, y, f: &|x, y| x + y }),
                max_pool,
                spread,
                resample,
                moments,
                normalize,
                sums,
                apply_gradients,
                row_normalize,
                row_gradients,
            };
        }
    };
}

table! {
    unary {
        neg: |x| -x;
        square: |x| x * x;
        abs: |x| math::abs(x);
        sqrt: |x| math::sqrt(x);
        exp: |x| math::exp(x);
        expm1: |x| math::expm1(x);
        ln: |x| math::ln(x);
        log1p: |x| math::log1p(x);
        tanh: |x| math::tanh(x);
        erf: |x| math::erf(x);
        sigmoid: |x| math::sigmoid(x);
        sign: |x| if x > T::ZERO { T::ONE } else if x < T::ZERO { -T::ONE } else { x };
    }
    scalar {
        add_scalar: |x, c| x + c;
        mul_scalar: |x, c| x * c;
        div_scalar: |x, c| x / c;
    }
    binary {
        add: |a, b| a + b;
        sub: |a, b| a - b;
        mul: |a, b| a * b;
        div: |a, b| a / b;
        pow: |a, b| math::pow(a, b);
        maximum: |a, b| math::maximum(a, b);
        minimum: |a, b| math::minimum(a, b);
    }
}

/// A width that has its table.
#[allow(unnameable_types)] // public in name only: it seals `Float`
pub trait HasKernels: Element {
    #[doc(hidden)]
    fn kernels() -> &'static Kernels<Self>;
}

macro_rules! has_kernels {
    ($($t:ident),*) => { $(
        impl HasKernels for $t {
            // Not inlined, so that the loops are compiled here and nowhere else.
            #[inline(never)]
            fn kernels() -> &'static Kernels<$t> {
                static TABLE: Kernels<$t> = Kernels::ALL;
                &TABLE
            }
        }
    )* };
}
has_kernels!(f32, f64);

struct Sines<'a, T>(&'a mut [T], &'a [T]);
struct Cosines<'a, T>(&'a mut [T], &'a [T]);

impl<T: Float> Kernel for Sines<'_, T> {
    type Output = bool;
    #[inline(always)]
    fn run(self) -> bool {
        let mut far = false;
        for (out, &x) in self.0.iter_mut().zip(self.1) {
            *out = math::sin_near(x);
            far |= math::is_far(x);
        }
        far
    }
}

impl<T: Float> Kernel for Cosines<'_, T> {
    type Output = bool;
    #[inline(always)]
    fn run(self) -> bool {
        let mut far = false;
        for (out, &x) in self.0.iter_mut().zip(self.1) {
            *out = math::cos_near(x);
            far |= math::is_far(x);
        }
        far
    }
}

/// Sine or cosine: `near` for all in vectors, then one by one the few angles that are too large for it.
fn turns<T: Float>(out: &mut [T], x: &[T], whole: fn(T) -> T, near: fn(&mut [T], &[T]) -> bool) {
    if near(out, x) {
        for (out, &x) in out.iter_mut().zip(x) {
            if math::is_far(x) {
                *out = whole(x);
            }
        }
    }
}
