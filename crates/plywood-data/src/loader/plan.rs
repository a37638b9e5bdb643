//! What an epoch is made of: which samples, in which batches, and what is done to them.

use crate::gather::gather;
use crate::{Batch, Dataset, Samples};
use plywood_tensor::{At, Result, Stream};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is done to a sample.
pub(super) type MapSample<X, Y> = dyn Fn(X, Y, &Stream) -> Result<(X, Y)> + Send + Sync;
/// What is done to a batch.
pub(super) type MapBatch<X, Y> = dyn Fn(Batch<X, Y>, &Stream) -> Result<Batch<X, Y>> + Send + Sync;

/// What is done to samples and batches on their way, in this order.
pub(super) struct Maps<X, Y> {
    pub(super) samples: Vec<Arc<MapSample<X, Y>>>,
    pub(super) batches: Vec<Arc<MapBatch<X, Y>>>,
}

impl<X, Y> Default for Maps<X, Y> {
    fn default() -> Self {
        Maps { samples: Vec::new(), batches: Vec::new() }
    }
}

impl<X, Y> Clone for Maps<X, Y> {
    fn clone(&self) -> Self {
        Maps { samples: self.samples.clone(), batches: self.batches.clone() }
    }
}

/// An epoch: whoever loads batch `n` of it, in whatever order, gets the same one.
pub(super) struct Plan<X, Y> {
    order: Vec<usize>,
    /// How often the sample at each place was drawn before in this epoch; empty if none is drawn twice.
    repeats: Vec<u64>,
    batch_size: usize,
    maps: Maps<X, Y>,
    /// Where the random numbers of samples and of batches come from.
    streams: (Stream, Stream),
}

impl<X: Samples, Y: Samples> Plan<X, Y> {
    /// `stream` is that of the epoch.
    pub(super) fn new(
        order: Vec<usize>,
        with_replacement: bool,
        batch_size: usize,
        maps: Maps<X, Y>,
        seed: Stream,
        epoch: usize,
    ) -> Self {
        let mut drawn = BTreeMap::new();
        let mut repeat = |&index| {
            let count = drawn.entry(index).or_insert(0);
            *count += 1;
            *count - 1
        };
        let counted = with_replacement && !maps.samples.is_empty();
        let repeats = if counted { order.iter().map(&mut repeat).collect() } else { Vec::new() };
        let of = |name: &str| seed.named(name).at(epoch as u64);
        Plan { order, repeats, batch_size, maps, streams: (of("map"), of("map batch")) }
    }

    pub(super) fn order(&self) -> &[usize] {
        &self.order
    }

    pub(super) fn batches(&self) -> usize {
        self.order.len().div_ceil(self.batch_size.max(1))
    }

    /// Batch number `number`, which must be one.
    pub(super) fn load<D>(&self, dataset: &D, number: usize) -> Result<Batch<X, Y>>
    where
        D: Dataset<Input = X, Target = Y>,
    {
        let start = number * self.batch_size;
        let end = start.saturating_add(self.batch_size).min(self.order.len());
        let mut batch = if self.maps.samples.is_empty() {
            dataset.batch(&self.order[start..end])?
        } else {
            self.gather(dataset, start, end)?
        };
        for (map, at) in self.maps.batches.iter().zip(0..) {
            batch =
                map(batch, &self.streams.1.at(number as u64).at(at)).at(format_args!("batch {number}"))?;
        }
        Ok(batch)
    }

    /// The samples at these places of the order, each got and mapped by itself.
    fn gather<D>(&self, dataset: &D, start: usize, end: usize) -> Result<Batch<X, Y>>
    where
        D: Dataset<Input = X, Target = Y>,
    {
        let indices = &self.order[start..end];
        gather(dataset, indices, |place| {
            let index = indices[place];
            let stream = self.stream(dataset.position(index), start + place);
            let sample = dataset.get(index)?;
            self.maps.samples.iter().zip(0..).try_fold(sample, |(x, y), (map, at)| map(x, y, &stream.at(at)))
        })
    }

    /// Where the random numbers of a sample come from: of its position, and the second time it is drawn another one.
    fn stream(&self, position: usize, place: usize) -> Stream {
        let stream = self.streams.0.at(position as u64);
        match self.repeats.get(place) {
            None | Some(0) => stream,
            Some(&repeat) => stream.named("repeat").at(repeat),
        }
    }
}
