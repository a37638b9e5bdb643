//! Variance and length.

use crate::{Array, Float, Result, math};

impl<T: Float> Array<T> {
    /// The variance over some axes (all if the list is empty): `Σ (x − mean)² / (n − correction)`.
    ///
    /// Two passes, so that a large mean does not swallow it. A correction of 1 gives the unbiased estimate of a sample,
    /// 0 that of a whole population. NaN or infinite where `n` is not above the correction.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::from([1.0, 2.0, 3.0, 6.0]);
    /// assert_eq!(x.variance_axes(&[], 0, false)?.item()?, 3.5);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](crate::TensorError::Axis) or [`TensorError::AxisTwice`](crate::TensorError::AxisTwice)
    /// for axes that do not exist or repeat.
    ///
    /// # References
    /// PyTorch's `var`, which corrects by 1 unless told; NumPy's and TensorFlow's by 0.
    #[doc(alias = "var")]
    pub fn variance_axes(&self, axes: &[isize], correction: usize, keep: bool) -> Result<Self> {
        let mask = self.shape().axes("variance", axes)?;
        let count: usize = (0..self.shape().rank()).filter(|&i| mask[i]).map(|i| self.shape()[i]).product();
        let mut distance = self.sub(&self.mean_axes(axes, true)?)?;
        distance.map_in_place(|x| x * x);
        let divisor = T::of(count.saturating_sub(correction) as f64);
        let mut sum = distance.sum_axes(axes, keep)?;
        sum.map_in_place(|x| x / divisor);
        Ok(sum)
    }

    /// The Euclidean length over some axes (all if the list is empty): `√Σ x²`.
    ///
    /// Never overflows or vanishes on the way to a length that can be represented.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::from([[3.0, 4.0], [3e30, 4e30]]);
    /// assert!(x.norm_axes(&[1], false)?.all_close(&Tensor::from([5.0, 5e30]), 1e-6, 0.0));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](crate::TensorError::Axis) or [`TensorError::AxisTwice`](crate::TensorError::AxisTwice)
    /// for axes that do not exist or repeat.
    pub fn norm_axes(&self, axes: &[isize], keep: bool) -> Result<Self> {
        self.shape().axes("norm", axes)?;
        let squares = self.square().sum_axes(axes, keep)?;
        // Outside these bounds squares overflow, or lose bits because they are too small; 0 and NaN are looked at too.
        let (low, high) = (math::sqrt(T::EPSILON) * T::of(1e-16), T::INFINITY);
        let rough = |sum: T| !(sum > low && sum < high);
        if self.numel() == 0 || !squares.as_slice().iter().any(|&sum| rough(sum)) {
            return Ok(squares.sqrt());
        }
        // By a largest element of 0, infinity or NaN nothing can be divided: it is the length itself.
        let scale =
            self.abs().max_axes(axes, true)?.map(|x| if x > T::ZERO && x < high { x } else { T::ONE });
        let scaled = self.div(&scale)?.square().sum_axes(axes, true)?.sqrt().mul(&scale)?;
        let scaled = scaled.reshape(squares.shape())?;
        squares.zip("norm", &scaled, |sum, scaled| if rough(sum) { scaled } else { math::sqrt(sum) })
    }

    /// The Euclidean length of all elements: `√Σ x²`.
    #[must_use]
    pub fn norm(&self) -> Self {
        self.norm_axes(&[], false).expect("all axes exist")
    }
}
