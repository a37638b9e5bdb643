//! Sums, products and the usual functions, by name and by operator.

use crate::{Array, Float, Result, math, par, simd};
use std::ops::{Add, Div, Mul, Neg, Sub};

impl<T: Float> Array<T> {
    /// `a + b`, with broadcasting.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn add(&self, other: &Self) -> Result<Self> {
        self.zip_pieces("add", other, &T::kernels().add)
    }

    /// `a − b`, with broadcasting.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn sub(&self, other: &Self) -> Result<Self> {
        self.zip_pieces("sub", other, &T::kernels().sub)
    }

    /// `a · b` elementwise, with broadcasting.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn mul(&self, other: &Self) -> Result<Self> {
        self.zip_pieces("mul", other, &T::kernels().mul)
    }

    /// `a / b` elementwise, with broadcasting.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn div(&self, other: &Self) -> Result<Self> {
        self.zip_pieces("div", other, &T::kernels().div)
    }

    /// `aᵇ` elementwise, with broadcasting.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn pow(&self, exponent: &Self) -> Result<Self> {
        self.zip_pieces("pow", exponent, &T::kernels().pow)
    }

    /// The larger of each pair, with broadcasting; NaN if either is.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn maximum(&self, other: &Self) -> Result<Self> {
        self.zip_pieces("maximum", other, &T::kernels().maximum)
    }

    /// The smaller of each pair, with broadcasting; NaN if either is.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn minimum(&self, other: &Self) -> Result<Self> {
        self.zip_pieces("minimum", other, &T::kernels().minimum)
    }

    /// `x + c`.
    #[must_use]
    pub fn add_scalar(&self, c: T) -> Self {
        self.map_pieces(&|out, x| (T::kernels().add_scalar)(out, x, c))
    }

    /// `x · c`.
    #[must_use]
    pub fn mul_scalar(&self, c: T) -> Self {
        self.map_pieces(&|out, x| (T::kernels().mul_scalar)(out, x, c))
    }

    /// Adds an array of the same shape in place.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes differ.
    pub fn add_in_place(&mut self, other: &Self) -> Result<()> {
        self.combine_pieces("add", other, &T::kernels().add_in_place)
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
    ($($(#[$doc:meta])* $name:ident;)*) => {
        impl<T: Float> Array<T> { $(
            $(#[$doc])*
            #[must_use]
            pub fn $name(&self) -> Self {
                self.map_pieces(&T::kernels().$name)
            }
        )* }
    };
}
unary! {
    /// `−x`.
    neg;
    /// `x²`.
    square;
    /// `|x|`.
    abs;
    /// `√x`; NaN below 0.
    sqrt;
    /// `eˣ`.
    exp;
    /// `eˣ − 1`.
    expm1;
    /// The natural logarithm; NaN below 0.
    ln;
    /// `ln(1 + x)`.
    log1p;
    /// The sine.
    sin;
    /// The cosine.
    cos;
    /// The hyperbolic tangent.
    tanh;
    /// The error function.
    erf;
    /// `1 / (1 + e⁻ˣ)`.
    sigmoid;
    /// −1, 0 or 1; NaN stays NaN.
    sign;
}

macro_rules! operator {
    ($($trait:ident $name:ident: |$x:ident, $c:ident| $with_number:expr;)*) => { $(
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
            fn $name(self, $c: T) -> Array<T> {
                let $x = self;
                $with_number
            }
        }
    )* };
}
operator! {
    Add add: |x, c| x.add_scalar(c);
    Sub sub: |x, c| x.add_scalar(-c);
    Mul mul: |x, c| x.mul_scalar(c);
    Div div: |x, c| x.map_pieces(&|out, x| (T::kernels().div_scalar)(out, x, c));
}

impl<T: Float> Neg for &Array<T> {
    type Output = Array<T>;
    fn neg(self) -> Array<T> {
        Array::neg(self)
    }
}
