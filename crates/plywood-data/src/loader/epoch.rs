//! One pass over a data set.

use super::plan::Plan;
use super::workers::{Crew, Loaded, Start};
use crate::{Batch, Dataset};
use plywood_tensor::{Error, Result};
use std::fmt;
use std::iter::FusedIterator;
use std::sync::Arc;

/// The batches of [`DataLoader::epoch`](crate::DataLoader::epoch).
///
/// An error stands at the place of the batch that could not be loaded, and the next one follows it; a panic of a
/// worker is the last item.
pub struct Epoch<'a, D: Dataset> {
    dataset: &'a D,
    plan: Arc<Plan<D::Input, D::Target>>,
    next: usize,
    error: Option<Error>,
    loading: Loading<'a, D::Input, D::Target>,
    ahead: usize,
}

/// Who loads.
enum Loading<'a, X, Y> {
    /// The thread that asks.
    Here,
    /// Workers, as soon as the first batch is asked for.
    Soon(Start<'a, X, Y>),
    /// Workers.
    Ahead(Crew<'a, X, Y>),
}

impl<'a, D: Dataset> Epoch<'a, D> {
    /// Without a plan, the error is the only item; without a start, the thread that asks loads.
    pub(super) fn new(
        dataset: &'a D,
        plan: Plan<D::Input, D::Target>,
        error: Option<Error>,
        start: Option<Start<'a, D::Input, D::Target>>,
        ahead: usize,
    ) -> Self {
        let loading = start.map_or(Loading::Here, Loading::Soon);
        Epoch { dataset, plan: Arc::new(plan), next: 0, error, loading, ahead }
    }

    /// The samples in the order in which this epoch visits them, those visited included.
    pub fn indices(&self) -> &[usize] {
        self.plan.order()
    }
}

impl<D: Dataset> Iterator for Epoch<'_, D> {
    type Item = Result<Batch<D::Input, D::Target>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.error.take() {
            return Some(Err(error));
        }
        if self.next >= self.plan.batches() {
            self.loading = Loading::Here;
            return None;
        }
        let number = self.next;
        self.next += 1;
        if let Loading::Soon(_) = &self.loading
            && let Loading::Soon(start) = std::mem::replace(&mut self.loading, Loading::Here)
            && let Some(crew) = Crew::start(start, &self.plan, number, self.ahead)
        {
            self.loading = Loading::Ahead(crew);
        }
        let Loading::Ahead(crew) = &self.loading else {
            return Some(self.plan.load(self.dataset, number));
        };
        match crew.receive(number) {
            Loaded::Batch(batch) => Some(batch),
            Loaded::Panic(error) => {
                self.next = self.plan.batches();
                self.loading = Loading::Here;
                Some(Err(error))
            }
        }
    }

    /// Skipped batches are not loaded, except by a worker that has begun.
    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        if self.error.is_none() {
            self.next = self.next.saturating_add(n).min(self.plan.batches());
        }
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = if self.error.is_some() { 1 } else { self.plan.batches() - self.next };
        (left, Some(left))
    }
}

impl<D: Dataset> ExactSizeIterator for Epoch<'_, D> {}

impl<D: Dataset> FusedIterator for Epoch<'_, D> {}

impl<D: Dataset> fmt::Debug for Epoch<'_, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Epoch at batch {} of {}", self.next, self.plan.batches())
    }
}
