//! From one kind of number to another.

use crate::{Array, Elem, Float, IntTensor, Result, Tensor, TensorError};

impl<T: Float> Array<T> {
    /// The numbers in another width, rounded to the nearest.
    ///
    /// ```
    /// # use plywood_tensor::{Array, Tensor};
    /// let wide: Array<f64> = Tensor::from([0.5, 2.0]).cast();
    /// assert_eq!(wide.as_slice(), [0.5, 2.0]);
    /// ```
    #[must_use]
    pub fn cast<U: Float>(&self) -> Array<U> {
        self.map(|x| U::of(x.to_f64()))
    }

    /// The numbers without their fractions, rounded towards zero.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Tensor::from([1.75, -1.75]).to_int()?.as_slice(), [1, -1]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Argument`] for NaN, infinities and numbers that an `i64` cannot hold.
    pub fn to_int(&self) -> Result<IntTensor> {
        // −2⁶³ is an `i64`, 2⁶³ is not; between them no number is lost. A NaN lies in no range.
        let fits = |x: &T| (-TWO_63..TWO_63).contains(&x.to_f64());
        if let Some(x) = self.as_slice().iter().find(|x| !fits(x)) {
            let expected = "numbers that a 64-bit integer can hold";
            return Err(TensorError::Argument { op: "to_int", expected, got: x.to_f64() }.into());
        }
        Ok(self.map(|x| x.to_f64() as i64))
    }
}

const TWO_63: f64 = 9_223_372_036_854_775_808.0;

impl IntTensor {
    /// The integers as real numbers, rounded to the nearest where they have too many digits.
    ///
    /// ```
    /// # use plywood_tensor::IntTensor;
    /// assert_eq!(IntTensor::from([3, -1]).to_float().as_slice(), [3.0, -1.0]);
    /// ```
    #[must_use]
    pub fn to_float(&self) -> Tensor {
        self.map(|i| i as Elem)
    }

    /// `start, start + step, start + 2 step, …`, up to but not including `end`.
    ///
    /// ```
    /// # use plywood_tensor::IntTensor;
    /// assert_eq!(IntTensor::arange(3, -4, -3)?.as_slice(), [3, 0, -3]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Argument`] for a step of 0, [`TensorError::Overflow`] for too many elements.
    pub fn arange(start: i64, end: i64, step: i64) -> Result<Self> {
        let (span, width) = (i128::from(end) - i128::from(start), i128::from(step));
        if step == 0 {
            return Err(
                TensorError::Argument { op: "arange", expected: "a step that is not 0", got: 0.0 }.into()
            );
        }
        // The division rounded up, for steps of either sign.
        let count = if (span > 0) == (width > 0) { (span.abs() + width.abs() - 1) / width.abs() } else { 0 };
        let mut result = Self::zeros([usize::try_from(count).unwrap_or(usize::MAX)])?;
        for (i, x) in result.as_mut_slice().iter_mut().enumerate() {
            // The product may leave the range on the way, the number itself does not.
            *x = start.wrapping_add((i as i64).wrapping_mul(step));
        }
        Ok(result)
    }
}

impl Array<u8> {
    /// The bytes as real numbers.
    ///
    /// ```
    /// # use plywood_tensor::Array;
    /// assert_eq!(Array::<u8>::from([0, 255]).to_float().as_slice(), [0.0, 255.0]);
    /// ```
    #[must_use]
    pub fn to_float(&self) -> Tensor {
        self.map(Elem::from)
    }
}
