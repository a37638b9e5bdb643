//! A data set whose samples are changed on their way.

use crate::{Dataset, Samples};
use plywood_tensor::{Result, Tensor};
use std::fmt;
use std::sync::Arc;

/// The samples of another data set, each changed by a function: [`Dataset::map`].
///
/// Weights, positions and names are those of the other. A clone shares the function.
pub struct Mapped<D, F> {
    dataset: D,
    map: Arc<F>,
}

impl<D, F> Mapped<D, F> {
    pub(crate) fn new(dataset: D, map: F) -> Self {
        Mapped { dataset, map: Arc::new(map) }
    }

    /// The data set as it was.
    pub fn dataset(&self) -> &D {
        &self.dataset
    }
}

impl<D, F, X, Y> Dataset for Mapped<D, F>
where
    D: Dataset,
    F: Fn(D::Input, D::Target) -> Result<(X, Y)> + Send + Sync,
    X: Samples,
    Y: Samples,
{
    type Input = X;
    type Target = Y;

    fn len(&self) -> usize {
        self.dataset.len()
    }

    fn get(&self, index: usize) -> Result<(X, Y)> {
        let (x, y) = self.dataset.get(index)?;
        (self.map)(x, y)
    }

    fn position(&self, index: usize) -> usize {
        self.dataset.position(index)
    }

    fn name(&self, index: usize) -> String {
        self.dataset.name(index)
    }

    fn sample_weights(&self, indices: &[usize]) -> Result<Option<Tensor>> {
        self.dataset.sample_weights(indices)
    }
}

impl<D: Clone, F> Clone for Mapped<D, F> {
    fn clone(&self) -> Self {
        Mapped { dataset: self.dataset.clone(), map: self.map.clone() }
    }
}

impl<D: fmt::Debug, F> fmt::Debug for Mapped<D, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mapped").field("dataset", &self.dataset).finish_non_exhaustive()
    }
}
