//! Some samples of a data set.

use super::fit::Data;
use crate::TrainError;
use plywood_data::{Batch, DataError, Dataset, Samples};
use plywood_tensor::{Result, Seed, Tensor};

/// Some samples of a data set, as a data set.
pub(super) struct Part<'d, X, Y> {
    data: &'d Data<'d, X, Y>,
    indices: Vec<usize>,
}

impl<'d, X: Samples, Y: Samples> Part<'d, X, Y> {
    /// The samples to train on, and a random `fraction` held back.
    pub(super) fn split(data: &'d Data<'d, X, Y>, fraction: f64, seed: Seed) -> Result<(Self, Self)> {
        let len = data.len();
        let held = (fraction * len as f64).round();
        if !(held >= 1.0 && held <= len as f64 - 1.0) {
            return Err(TrainError::ValidationSplit { len, got: fraction }.into());
        }
        let mut order = seed.stream().named("validation split").permutation(len);
        let mut held = order.split_off(len - held as usize);
        // In the order of the data set, so that an unshuffled epoch reads it from front to back.
        order.sort_unstable();
        held.sort_unstable();
        Ok((Part { data, indices: order }, Part { data, indices: held }))
    }

    /// Those of its samples, out of one weight for each sample of the whole.
    pub(super) fn weights(&self, whole: &[f64]) -> Result<Vec<f64>> {
        if whole.len() != self.data.len() {
            return Err(DataError::WeightCount { expected: self.data.len(), got: whole.len() }.into());
        }
        Ok(self.indices.iter().map(|&index| whole[index]).collect())
    }

    /// Where these samples stand in the whole.
    fn of_whole(&self, indices: &[usize]) -> Vec<usize> {
        indices.iter().map(|&index| self.indices[index]).collect()
    }
}

impl<X: Samples, Y: Samples> Dataset for Part<'_, X, Y> {
    type Input = X;
    type Target = Y;

    fn len(&self) -> usize {
        self.indices.len()
    }

    fn get(&self, index: usize) -> Result<(X, Y)> {
        self.data.get(self.indices[index])
    }

    fn batch(&self, indices: &[usize]) -> Result<Batch<X, Y>> {
        self.data.batch(&self.of_whole(indices))
    }

    fn position(&self, index: usize) -> usize {
        self.data.position(self.indices[index])
    }

    fn name(&self, index: usize) -> String {
        self.data.name(self.indices[index])
    }

    fn sample_weights(&self, indices: &[usize]) -> Result<Option<Tensor>> {
        self.data.sample_weights(&self.of_whole(indices))
    }
}
