//! Sums, products and the usual functions, by name and by operator.

use crate::{Array, Float, Result, math, par, simd};
use std::ops::{Add, Div, Mul, Neg, Sub};

impl<T: Float> Array<T> {
    /// `a + b`, with broadcasting.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn add(&self, other: &Self) -> Result<Self> {
        self.zip("add", other, |a, b| a + b)
    }

    /// `a − b`, with broadcasting.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn sub(&self, other: &Self) -> Result<Self> {
        self.zip("sub", other, |a, b| a - b)
    }

    /// `a · b` elementwise, with broadcasting.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn mul(&self, other: &Self) -> Result<Self> {
        self.zip("mul", other, |a, b| a * b)
    }

    /// `a / b` elementwise, with broadcasting.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn div(&self, other: &Self) -> Result<Self> {
        self.zip("div", other, |a, b| a / b)
    }

    /// `aᵇ` elementwise, with broadcasting.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn pow(&self, exponent: &Self) -> Result<Self> {
        self.zip("pow", exponent, math::pow)
    }

    /// The larger of each pair, with broadcasting; NaN if either is.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn maximum(&self, other: &Self) -> Result<Self> {
        self.zip("maximum", other, math::maximum)
    }

    /// The smaller of each pair, with broadcasting; NaN if either is.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn minimum(&self, other: &Self) -> Result<Self> {
        self.zip("minimum", other, math::minimum)
    }

    /// `x + c`.
    #[must_use]
    pub fn add_scalar(&self, c: T) -> Self {
        self.map(|x| x + c)
    }

    /// `x · c`.
    #[must_use]
    pub fn mul_scalar(&self, c: T) -> Self {
        self.map(|x| x * c)
    }

    /// Adds an array of the same shape in place.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes differ.
    pub fn add_in_place(&mut self, other: &Self) -> Result<()> {
        self.combine("add", other, |x, y| x + y)
    }

    /// Whether no element is infinite or NaN.
    pub fn is_finite(&self) -> bool {
        // Not `all`: a loop without a way out can use vectors. A NaN is not below infinity.
        let x = self.as_slice();
        let pieces = par::map(x.len().div_ceil(par::CHUNK), x.len(), |i| {
            let piece = &x[i * par::CHUNK..x.len().min((i + 1) * par::CHUNK)];
            simd::dispatch(|| piece.iter().fold(true, |finite, &x| finite & (math::abs(x) < T::INFINITY)))
        });
        pieces.into_iter().all(|finite| finite)
    }
}

macro_rules! unary {
    ($($(#[$doc:meta])* $name:ident: $f:expr;)*) => {
        impl<T: Float> Array<T> { $(
            $(#[$doc])*
            #[must_use]
            pub fn $name(&self) -> Self {
                self.map($f)
            }
        )* }
    };
}
unary! {
    /// `−x`.
    neg: |x| -x;
    /// `x²`.
    square: |x| x * x;
    /// `|x|`.
    abs: math::abs;
    /// `√x`; NaN below 0.
    sqrt: math::sqrt;
    /// `eˣ`.
    exp: math::exp;
    /// `eˣ − 1`.
    expm1: math::expm1;
    /// The natural logarithm; NaN below 0.
    ln: math::ln;
    /// `ln(1 + x)`.
    log1p: math::log1p;
    /// The sine.
    sin: math::sin;
    /// The cosine.
    cos: math::cos;
    /// The hyperbolic tangent.
    tanh: math::tanh;
    /// The error function.
    erf: math::erf;
    /// `1 / (1 + e⁻ˣ)`.
    sigmoid: math::sigmoid;
    /// −1, 0 or 1; NaN stays NaN.
    sign: |x| if x > T::ZERO { T::ONE } else if x < T::ZERO { -T::ONE } else { x };
}

macro_rules! operator {
    ($($trait:ident $name:ident),*) => { $(
        /// Panics with both shapes if they do not broadcast; the method of the same name returns a `Result`.
        impl<T: Float> $trait<&Array<T>> for &Array<T> {
            type Output = Array<T>;
            #[track_caller]
            fn $name(self, other: &Array<T>) -> Array<T> {
                Array::$name(self, other).unwrap_or_else(|error| panic!("{error}"))
            }
        }

        impl<T: Float> $trait<T> for &Array<T> {
            type Output = Array<T>;
            fn $name(self, c: T) -> Array<T> {
                self.map(|x| $trait::$name(x, c))
            }
        }
    )* };
}
operator!(Add add, Sub sub, Mul mul, Div div);

impl<T: Float> Neg for &Array<T> {
    type Output = Array<T>;
    fn neg(self) -> Array<T> {
        Array::neg(self)
    }
}
