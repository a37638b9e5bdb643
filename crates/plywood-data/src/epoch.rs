//! One pass over a data set.

use crate::{Batch, Dataset};
use plywood_tensor::{Error, Result};

/// The batches of [`DataLoader::epoch`](crate::DataLoader::epoch).
#[derive(Debug)]
pub struct Epoch<'a, D> {
    dataset: &'a D,
    batch_size: usize,
    order: Vec<usize>,
    next: usize,
    error: Option<Error>,
}

impl<'a, D: Dataset> Epoch<'a, D> {
    pub(crate) fn new(dataset: &'a D, batch_size: usize, order: Result<Vec<usize>>) -> Self {
        let (order, error) = match order {
            Ok(order) => (order, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        Epoch { dataset, batch_size, order, next: 0, error }
    }

    /// The samples in the order in which this epoch visits them, those visited included.
    pub fn indices(&self) -> &[usize] {
        &self.order
    }
}

impl<D: Dataset> Iterator for Epoch<'_, D> {
    type Item = Result<Batch<D::Input, D::Target>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.error.take() {
            return Some(Err(error));
        }
        let rest = &self.order[self.next..];
        if rest.is_empty() {
            return None;
        }
        let indices = &rest[..self.batch_size.min(rest.len())];
        self.next += indices.len();
        Some(self.dataset.batch(indices))
    }

    /// Skipped batches are not loaded.
    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        if self.error.is_none() {
            self.next = self.next.saturating_add(n.saturating_mul(self.batch_size)).min(self.order.len());
        }
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.order.len() - self.next;
        let left = if self.error.is_some() { 1 } else { left.div_ceil(self.batch_size.max(1)) };
        (left, Some(left))
    }
}

impl<D: Dataset> ExactSizeIterator for Epoch<'_, D> {}
