//! Classes as indicator vectors.

use crate::{Elem, IntTensor, Result, Shape, Tensor};

impl IntTensor {
    /// A 1 at each class and 0 elsewhere: `[..] → [.., classes]`.
    ///
    /// ```
    /// # use plywood_tensor::{IntTensor, Tensor};
    /// let y = IntTensor::from([2, 0]).one_hot(3)?;
    /// assert_eq!(y, Tensor::from([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Index`](crate::TensorError::Index) for a class that is negative or too large,
    /// [`TensorError::Rank`](crate::TensorError::Rank) or [`TensorError::Overflow`](crate::TensorError::Overflow) if
    /// the result is too large.
    #[doc(alias = "to_categorical")]
    pub fn one_hot(&self, classes: usize) -> Result<Tensor> {
        let mut dims = self.shape().to_vec();
        dims.push(classes);
        let shape = Shape::new(&dims)?;
        super::index::check("one_hot", self, dims.len() - 1, &shape)?;
        let mut result = Tensor::zeros(shape)?;
        for (row, &class) in result.as_mut_slice().chunks_mut(classes.max(1)).zip(self.as_slice()) {
            row[class as usize] = Elem::from(1_u8);
        }
        Ok(result)
    }
}
