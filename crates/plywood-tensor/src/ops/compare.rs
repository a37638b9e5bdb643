//! Comparisons: masks of ones and zeros.

use crate::{Array, Element, Float, Result, math};

macro_rules! comparisons {
    ($($(#[$doc:meta])* $name:ident: $alias:literal $compare:expr;)*) => {
        impl<T: Element> Array<T> { $(
            $(#[$doc])*
            ///
            /// # Errors
            /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
            #[doc(alias = $alias)]
            pub fn $name(&self, other: &Self) -> Result<Self> {
                let compare = $compare;
                self.zip(stringify!($name), other, |a, b| if compare(&a, &b) { T::ONE } else { T::default() })
            }
        )* }
    };
}
comparisons! {
    /// 1 where `a = b`, else 0, with broadcasting; NaN equals nothing.
    ///
    /// ```
    /// # use plywood_tensor::IntTensor;
    /// let (labels, guesses) = (IntTensor::from([2, 0, 1]), IntTensor::from([2, 1, 1]));
    /// assert_eq!(labels.equal(&guesses)?.as_slice(), [1, 0, 1]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    equal: "eq" T::eq;
    /// 1 where `a ≠ b`, else 0, with broadcasting; NaN differs from everything.
    not_equal: "ne" T::ne;
    /// 1 where `a > b`, else 0, with broadcasting; 0 for NaN.
    greater: "gt" T::gt;
    /// 1 where `a ≥ b`, else 0, with broadcasting; 0 for NaN.
    greater_equal: "ge" T::ge;
    /// 1 where `a < b`, else 0, with broadcasting; 0 for NaN.
    less: "lt" T::lt;
    /// 1 where `a ≤ b`, else 0, with broadcasting; 0 for NaN.
    less_equal: "le" T::le;
}

impl<T: Float> Array<T> {
    /// Each element, but at least `low` and at most `high`; NaN stays NaN.
    ///
    /// If `low` is above `high`, everything becomes `high`, as in PyTorch. A bound that is NaN makes everything NaN.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Tensor::from([-2.0, 0.5, 7.0]).clamp(0.0, 1.0).as_slice(), [0.0, 0.5, 1.0]);
    /// ```
    #[doc(alias = "clip")]
    #[must_use]
    pub fn clamp(&self, low: T, high: T) -> Self {
        self.map(|x| math::minimum(math::maximum(x, low), high))
    }

    /// Whether both have the same shape and `|a − b| ≤ absolute + relative · |b|` everywhere.
    ///
    /// Equal infinities are close; NaN is close to nothing.
    #[doc(alias = "allclose")]
    pub fn all_close(&self, other: &Self, relative: f64, absolute: f64) -> bool {
        let close = |(&a, &b): (&T, &T)| {
            let (a, b) = (a.to_f64(), b.to_f64());
            a == b || (a - b).abs() <= absolute + relative * b.abs() && b.is_finite()
        };
        self.shape() == other.shape() && self.as_slice().iter().zip(other.as_slice()).all(close)
    }
}
