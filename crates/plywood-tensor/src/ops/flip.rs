//! Axes in reverse.

use crate::{Array, Element, Result};

impl<T: Element> Array<T> {
    /// The array with the order along these axes reversed; an empty list reverses none.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.flip(&[1])?.as_slice(), [2.0, 1.0, 4.0, 3.0]);
    /// assert_eq!(x.flip(&[0, 1])?.as_slice(), [4.0, 3.0, 2.0, 1.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](crate::TensorError::Axis) or [`TensorError::AxisTwice`](crate::TensorError::AxisTwice)
    /// for axes that do not exist or repeat.
    pub fn flip(&self, axes: &[isize]) -> Result<Self> {
        let shape = *self.shape();
        let mask = shape.axes("flip", axes)?;
        if axes.is_empty() {
            return Ok(self.clone());
        }
        let mut steps = shape.steps();
        let mut base = 0;
        for axis in (0..shape.rank()).filter(|&axis| mask[axis]) {
            base += shape[axis].saturating_sub(1) * steps[axis] as usize;
            steps[axis] = -steps[axis];
        }
        Ok(self.strided(base, shape, steps))
    }
}
