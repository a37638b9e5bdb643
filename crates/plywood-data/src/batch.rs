//! Some samples of a data set.

use plywood_tensor::{IntTensor, Tensor};

/// Some samples of a data set, side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch<X = Tensor, Y = IntTensor> {
    /// The inputs; axis 0 counts the samples.
    pub x: X,
    /// The targets; axis 0 counts the samples.
    pub y: Y,
    /// How much each sample counts in the loss, `[N]`; all the same if there is none.
    pub weight: Option<Tensor>,
    /// Where in the data set each sample stands.
    pub indices: Vec<usize>,
}

impl<X, Y> Batch<X, Y> {
    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.indices.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }
}
