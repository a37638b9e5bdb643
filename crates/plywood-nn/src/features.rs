//! Data that a layer can be fitted on.

use plywood_tensor::{Result, Tensor};

/// Anything that can give its inputs as one tensor, the samples along axis 0: a tensor, or a data set in memory.
///
/// It lets [`SequentialBuilder::normalization`](crate::SequentialBuilder::normalization) be fitted on a data set,
/// although layers know nothing of data sets.
pub trait Features {
    /// All inputs.
    ///
    /// # Errors
    /// Whatever keeps them from being read.
    fn features(&self) -> Result<Tensor>;
}

impl Features for Tensor {
    fn features(&self) -> Result<Tensor> {
        Ok(self.clone())
    }
}

impl<F: Features + ?Sized> Features for &F {
    fn features(&self) -> Result<Tensor> {
        (**self).features()
    }
}
