//! What predictions can be asked for.

use crate::Input;
use plywood_data::Dataset;
use plywood_tensor::Result;

/// What [`Trainer::predict`](crate::Trainer::predict) takes: inputs in memory, or a data set whose targets are ignored.
///
/// `K` only tells the two apart; the compiler finds it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither inputs of type `{X}` nor a data set of such",
    note = "`predict` takes what the model was trained on, samples along the first axis: a `Tensor`, or a data set"
)]
pub trait Inputs<X, K> {
    /// How many samples there are.
    fn count(&self) -> usize;

    /// The inputs of these samples, side by side.
    ///
    /// # Errors
    /// If one of them cannot be read.
    fn inputs(&self, indices: &[usize]) -> Result<X>;
}

/// Inputs in memory.
#[derive(Debug)]
#[allow(unnameable_types)] // only a mark
pub struct InMemory;

/// Inputs of a data set.
#[derive(Debug)]
#[allow(unnameable_types)]
pub struct OfDataset;

impl<X: Input> Inputs<X, InMemory> for X {
    fn count(&self) -> usize {
        plywood_data::Samples::count(self)
    }

    fn inputs(&self, indices: &[usize]) -> Result<X> {
        self.take(indices)
    }
}

impl<D: Dataset> Inputs<D::Input, OfDataset> for D {
    fn count(&self) -> usize {
        self.len()
    }

    fn inputs(&self, indices: &[usize]) -> Result<D::Input> {
        Ok(self.batch(indices)?.x)
    }
}
