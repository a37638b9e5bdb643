//! The way to and from ndarray.

use crate::{Array, Element, IntoShape, Result};
use ndarray::{ArrayD, ArrayViewD, IxDyn};

impl<T: Element> Array<T> {
    /// A view of the elements as an `ndarray` array, without a copy.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.view()[[1, 0]], 3.0);
    /// ```
    pub fn view(&self) -> ArrayViewD<'_, T> {
        ArrayViewD::from_shape(IxDyn(self.shape()), self.as_slice()).expect("a tensor is dense and row-major")
    }

    /// The elements as an `ndarray` array of their own.
    pub fn into_ndarray(self) -> ArrayD<T> {
        self.view().to_owned()
    }

    /// A tensor with the elements of an `ndarray` array, whatever the order in which they lie.
    ///
    /// # Errors
    /// [`TensorError::Rank`](crate::TensorError::Rank) for an array of too many axes.
    pub fn from_ndarray(array: &ArrayD<T>) -> Result<Self> {
        let shape = array.shape().into_shape()?;
        match array.as_slice() {
            Some(dense) => Self::from_slice(dense, shape),
            None => Self::from_vec(array.iter().copied().collect(), shape),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Elem, Tensor};

    #[test]
    fn both_ways_and_through_a_transposed_array() {
        let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        let array = x.clone().into_ndarray();
        assert_eq!(Tensor::from_ndarray(&array).unwrap(), x);
        let flipped: ndarray::ArrayD<Elem> = array.reversed_axes();
        assert_eq!(Tensor::from_ndarray(&flipped).unwrap(), x.transpose().unwrap());
    }
}
