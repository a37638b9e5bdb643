//! Shares that sum to 1.

use crate::simd::{self, Kernel};
use crate::{Array, Float, Result, math, rows};

impl<T: Float> Array<T> {
    /// `yᵢ = exp xᵢ / Σⱼ exp xⱼ` along an axis; never overflows: probabilities of what a model without a softmax at its end predicts.
    ///
    /// An element of −∞ has the share 0. Where all are −∞, as in a row that a mask covers whole, all shares are 0.
    ///
    /// ```
    /// # use plywood_tensor::{Elem, Tensor};
    /// let logits = Tensor::from([[7.0, 7.0, -Elem::INFINITY], [1000.0, 0.0, 0.0]]);
    /// assert_eq!(logits.softmax(-1)?.as_slice(), [0.5, 0.5, 0.0, 1.0, 0.0, 0.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](crate::TensorError::Axis) for an axis that does not exist.
    ///
    /// # References
    /// PyTorch, JAX and TensorFlow give NaN for a row of −∞, which then spreads through attention.
    pub fn softmax(&self, axis: isize) -> Result<Self> {
        let axis = self.shape().axis("softmax", axis)?;
        if axis + 1 < self.shape().rank() {
            return self.move_axis(axis as isize, -1)?.softmax(-1)?.move_axis(-1, axis as isize);
        }
        let mut y = self.clone();
        let width = rows::width(self);
        rows::each(&mut y, width, &|_, y| simd::run(Rows { y, width }));
        Ok(y)
    }
}

struct Rows<'a, T> {
    y: &'a mut [T],
    width: usize,
}

impl<T: Float> Kernel for Rows<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for y in self.y.chunks_exact_mut(self.width) {
            let shift = rows::shift(y);
            for y in y {
                *y = *y - shift;
            }
        }
        // All rows in one loop, so that short ones fill the vectors too.
        for y in self.y.iter_mut() {
            *y = math::exp(*y);
        }
        for y in self.y.chunks_exact_mut(self.width) {
            // The largest adds 1, so the sum is 0 only where all are −∞.
            let sum = rows::total(y);
            let scale = if sum == 0.0 { T::ZERO } else { T::of(1.0 / sum) };
            for y in y {
                *y = *y * scale;
            }
        }
    }
}
