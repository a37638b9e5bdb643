//! New tensors of given contents.

use crate::{Array, Element, Float, IntoShape, Result, Shape, TensorError, par};

impl<T: Element> Array<T> {
    /// An array with the same value everywhere.
    ///
    /// # Errors
    /// [`TensorError::Overflow`] for a shape that is too large.
    pub fn full(shape: impl IntoShape, value: T) -> Result<Self> {
        Ok(Self::filled(shape.into_shape()?, value))
    }

    /// An array of zeros.
    ///
    /// # Errors
    /// [`TensorError::Overflow`] for a shape that is too large.
    pub fn zeros(shape: impl IntoShape) -> Result<Self> {
        Self::full(shape, T::default())
    }

    /// An array of ones.
    ///
    /// # Errors
    /// [`TensorError::Overflow`] for a shape that is too large.
    pub fn ones(shape: impl IntoShape) -> Result<Self> {
        Self::full(shape, T::ONE)
    }

    /// An array of the same shape, with one value everywhere.
    #[must_use]
    pub fn full_like(&self, value: T) -> Self {
        Self::filled(*self.shape(), value)
    }

    pub(super) fn filled(shape: Shape, value: T) -> Self {
        Self::build(shape, |out| {
            let steps = out.len();
            par::chunks(out, par::CHUNK, steps, |_, out| out.fill(value));
        })
    }

    /// An array of the same shape, all zeros.
    #[must_use]
    pub fn zeros_like(&self) -> Self {
        self.full_like(T::default())
    }
}

impl<T: Float> Array<T> {
    /// `start, start + step, start + 2 step, …`, up to but not including `end`.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Tensor::arange(0.0, 1.0, 0.25)?.as_slice(), [0.0, 0.25, 0.5, 0.75]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Argument`] if the step is 0 or a number not finite; [`TensorError::Overflow`] for too many elements.
    pub fn arange(start: f64, end: f64, step: f64) -> Result<Self> {
        for bound in [start, end] {
            if !bound.is_finite() {
                return Err(
                    TensorError::Argument { op: "arange", expected: "finite bounds", got: bound }.into()
                );
            }
        }
        let count = ((end - start) / step).ceil();
        if step == 0.0 || !step.is_finite() || !count.is_finite() {
            return Err(TensorError::Argument {
                op: "arange",
                expected: "a finite step that is not 0",
                got: step,
            }
            .into());
        }
        // The cast saturates, and the shape rejects what is too large.
        Ok(Self::build([count.max(0.0) as usize].into_shape()?, |out| {
            for (i, x) in out.iter_mut().enumerate() {
                *x = T::of(start + i as f64 * step);
            }
        }))
    }

    /// `count` evenly spaced numbers from `start` to `end`, both included.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Tensor::linspace(-1.0, 1.0, 3)?.as_slice(), [-1.0, 0.0, 1.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Overflow`] for too many elements.
    pub fn linspace(start: f64, end: f64, count: usize) -> Result<Self> {
        let last = count.saturating_sub(1).max(1) as f64;
        Ok(Self::build([count].into_shape()?, |out| {
            for (i, x) in out.iter_mut().enumerate() {
                let t = i as f64 / last;
                // Exact at both ends, unlike `start + i · step`.
                *x = T::of(start * (1.0 - t) + end * t);
            }
        }))
    }

    /// The identity matrix of `size` rows.
    ///
    /// # Errors
    /// [`TensorError::Overflow`] for too many elements.
    pub fn eye(size: usize) -> Result<Self> {
        let mut out = Self::zeros([size, size])?;
        for x in out.as_mut_slice().iter_mut().step_by(size + 1) {
            *x = T::ONE;
        }
        Ok(out)
    }
}
