//! Batches of a data set, epoch by epoch.

pub(crate) mod epoch;
mod plan;
mod workers;

use crate::array_dataset::check_weights;
use crate::{Batch, DataError, Dataset, Epoch};
use plan::{Maps, Plan};
use plywood_tensor::{Result, Seed, Stream};
use std::fmt;
use std::sync::Arc;
use std::thread::Scope;
use workers::Start;

/// Deals a data set out in batches.
///
/// The order is a function of the seed and the number of the epoch and of nothing else: epoch 5 of a resumed run
/// is epoch 5 of the run that was never stopped. Nothing is fixed before [`DataLoader::epoch`] is called, so wrong
/// settings are reported by the first item of its loop, or by [`DataLoader::batches`].
///
/// # Example
/// ```
/// use plywood_data::{DataLoader, datasets};
/// use plywood_tensor::Seed;
///
/// let digits = datasets::digits();
/// let loader = DataLoader::new(&digits).batch_size(64).shuffle(true).seed(Seed(7));
/// assert_eq!(loader.batches()?, 29);
/// for epoch in 0..2 {
///     for batch in loader.epoch(epoch) {
///         let batch = batch?;
///         assert_eq!(batch.x.shape()[1], 64);
///     }
/// }
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Workers
/// Batches are loaded when they are asked for, on the thread that asks. [`DataLoader::workers`] loads them ahead on
/// threads of their own, which are never those of the computation: the same batches in the same order for any number of them.
/// An error stands at its place in the order; a panic of a worker becomes the last item,
/// [`DataError::Worker`], which names the batch and the sample. An epoch that is dropped halfway waits for
/// the batches that are being loaded and ends its threads.
///
/// # References
/// `torch.utils.data.DataLoader`, whose order depends on a generator with a state, and the random numbers of whose
/// workers depend on the worker; weights there are a `WeightedRandomSampler`.
pub struct DataLoader<D: Dataset> {
    dataset: D,
    batch_size: usize,
    shuffle: bool,
    drop_last: bool,
    seed: Seed,
    weights: Option<Vec<f64>>,
    maps: Maps<D::Input, D::Target>,
    workers: usize,
    start: Option<StartOwn<D>>,
    prefetch: Option<usize>,
}

/// Workers that own a clone of the data set. Kept as a function, since only it knows that there can be a clone.
type StartOwn<D> = for<'a> fn(&'a D, usize) -> Start<'a, <D as Dataset>::Input, <D as Dataset>::Target>;

impl<D: Dataset> DataLoader<D> {
    /// Batches of 32 samples in the order of the data set, the last one short if it must be.
    ///
    /// Takes a data set or a reference to one.
    pub fn new(dataset: D) -> Self {
        DataLoader {
            dataset,
            batch_size: 32,
            shuffle: false,
            drop_last: false,
            seed: Seed(0),
            weights: None,
            maps: Maps::default(),
            workers: 0,
            start: None,
            prefetch: None,
        }
    }

    /// How many samples a batch has.
    #[must_use]
    pub fn batch_size(mut self, batch_size: usize) -> Self {
        self.batch_size = batch_size;
        self
    }

    /// Whether each epoch visits the samples in another random order.
    #[must_use]
    pub fn shuffle(mut self, shuffle: bool) -> Self {
        self.shuffle = shuffle;
        self
    }

    /// Whether to leave out the last batch of an epoch if it is short.
    #[must_use]
    pub fn drop_last(mut self, drop_last: bool) -> Self {
        self.drop_last = drop_last;
        self
    }

    /// Where the random order comes from.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Draws the samples of an epoch at random and with replacement, each with a probability proportional to its
    /// weight; an epoch has as many samples as before.
    ///
    /// Makes classes equally frequent, for example: `loader.weights(data.balancing_weights())`. Not to be confused with
    /// [`ArrayDataset::with_weights`](crate::ArrayDataset::with_weights), which weighs the loss.
    #[doc(alias = "WeightedRandomSampler")]
    #[must_use]
    pub fn weights(mut self, weights: impl Into<Vec<f64>>) -> Self {
        self.weights = Some(weights.into());
        self
    }

    /// Does this to each sample on its way into a batch, for example to augment it; several are done one after the other.
    ///
    /// The stream belongs to the sample in this epoch: what is drawn from it is a function of the seed, the epoch and
    /// the index of the sample, and of nothing else. A sample that [`DataLoader::weights`] draws several times
    /// an epoch has another stream each time.
    ///
    /// ```
    /// use plywood_data::{ArrayDataset, DataLoader};
    /// use plywood_tensor::{Elem, Float, IntTensor, Seed, Stream, Tensor};
    ///
    /// let data = ArrayDataset::new(Tensor::zeros([100, 3])?, IntTensor::zeros([100])?)?;
    /// let shifted = |x: Tensor, y, draw: &Stream| Ok((x.add_scalar(Elem::of(draw.uniform(0))), y));
    /// let loader = DataLoader::new(data).batch_size(10).seed(Seed(7)).map(shifted);
    ///
    /// let batch = loader.epoch(0).next().expect("ten batches")?;
    /// let same = loader.workers(4).epoch(0).next().expect("ten batches")?;
    /// assert!(batch == same && batch.x.as_slice()[0] > 0.0);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    #[doc(alias = "transform")]
    #[must_use]
    pub fn map(
        mut self,
        map: impl Fn(D::Input, D::Target, &Stream) -> Result<(D::Input, D::Target)> + Send + Sync + 'static,
    ) -> Self {
        self.maps.samples.push(Arc::new(map));
        self
    }

    /// Does this to each batch, after its samples were mapped: for what mixes samples with each other.
    ///
    /// What is drawn from the stream is a function of the seed, the epoch and the number of the batch.
    ///
    /// ```
    /// use plywood_data::{ArrayDataset, Batch, DataLoader, Samples};
    /// use plywood_tensor::{Elem, Float, Seed, Stream, Tensor};
    ///
    /// let numbers = Tensor::arange(0.0, 8.0, 1.0)?.reshape([8, 1])?;
    /// // Each sample is mixed with another one, and so is its target.
    /// let mixed = |batch: Batch<Tensor, Tensor>, draw: &Stream| {
    ///     let (share, order) = (Elem::of(draw.uniform(0)), draw.at(0).permutation(batch.len()));
    ///     let mix = |x: &Tensor| x.mul_scalar(share).add(&x.take(&order)?.mul_scalar(1.0 - share));
    ///     Ok(Batch { x: mix(&batch.x)?, y: mix(&batch.y)?, ..batch })
    /// };
    /// let data = ArrayDataset::new(numbers.clone(), numbers.clone())?;
    /// let loader = DataLoader::new(data).batch_size(8).seed(Seed(7)).map_batch(mixed);
    /// let batch = loader.epoch(0).next().expect("a batch")?;
    /// assert!(batch.x == batch.y && batch.x != numbers);
    /// assert!((batch.x.sum().item()? - 28.0).abs() < 1e-5);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    #[doc(alias = "collate_fn")]
    #[must_use]
    pub fn map_batch(
        mut self,
        map: impl Fn(Batch<D::Input, D::Target>, &Stream) -> Result<Batch<D::Input, D::Target>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.maps.batches.push(Arc::new(map));
        self
    }

    /// Loads on so many threads, ahead of the loop; on the thread of the loop if 0, as unless told.
    ///
    /// Worth it where a batch takes longer to load than to hand over, some 50 µs: for files, or where samples are augmented. Arrays in
    /// memory are quicker without.
    ///
    /// They share one clone of the data set, made for each epoch: that of an [`ArrayDataset`](crate::ArrayDataset)
    /// costs nothing, and so does that of an `Arc` around any other. For a data set that can only be borrowed, there is
    /// [`DataLoader::epoch_in`].
    ///
    /// ```
    /// use plywood_data::{DataLoader, datasets};
    ///
    /// let loader = DataLoader::new(datasets::digits()).shuffle(true);
    /// let ahead = loader.clone().workers(2).prefetch(4);
    /// for (batch, same) in ahead.epoch(0).zip(loader.epoch(0)) {
    ///     assert_eq!(batch?, same?);
    /// }
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    #[doc(alias = "num_workers")]
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self
    where
        D: Clone + 'static,
    {
        self.workers = workers;
        self.start = Some(workers::own);
        self
    }

    /// How many batches workers load ahead of the loop, at least 1; twice as many as there are workers unless told.
    ///
    /// They are what it costs in memory.
    #[doc(alias = "prefetch_factor")]
    #[must_use]
    pub fn prefetch(mut self, batches: usize) -> Self {
        self.prefetch = Some(batches);
        self
    }

    /// The data set.
    pub fn dataset(&self) -> &D {
        &self.dataset
    }

    /// How many batches an epoch has.
    ///
    /// # Errors
    /// [`DataError::BatchSize`] for batches of 0, [`DataError::Empty`] for no samples, [`DataError::NoBatch`] if the
    /// only batch is dropped for being short; [`DataError::WeightCount`], [`DataError::Weight`] or
    /// [`DataError::WeightSum`] for weights of another number than samples, for negative ones or those that are
    /// not finite, and for nothing but zeros.
    pub fn batches(&self) -> Result<usize> {
        let (len, size) = (self.dataset.len(), self.batch_size);
        if size == 0 {
            return Err(DataError::BatchSize { got: size }.into());
        }
        if len == 0 {
            return Err(DataError::Empty.into());
        }
        if let Some(weights) = &self.weights {
            if weights.len() != len {
                return Err(DataError::WeightCount { expected: len, got: weights.len() }.into());
            }
            check_weights(weights.iter().copied())?;
        }
        match (self.drop_last, len / size) {
            (true, 0) => Err(DataError::NoBatch { len, got: size }.into()),
            (true, whole) => Ok(whole),
            (false, _) => Ok(len.div_ceil(size)),
        }
    }

    /// The batches of one epoch, in order.
    ///
    /// If the settings are wrong, as [`DataLoader::batches`] tells, the only item is the error. `skip(n)` gets to
    /// the middle of an epoch without loading what lies before.
    pub fn epoch(&self, epoch: usize) -> Epoch<'_, D> {
        let start = match self.start {
            Some(start) if self.workers > 0 => Some(start(&self.dataset, self.workers)),
            _ => None,
        };
        self.planned(epoch, self.workers, start)
    }

    /// As [`DataLoader::epoch`], on `workers` threads of a scope, which may borrow the data set.
    ///
    /// ```
    /// use plywood_data::{DataLoader, datasets};
    ///
    /// let digits = datasets::digits();
    /// let loader = DataLoader::new(&digits).batch_size(64);
    /// let batches = std::thread::scope(|scope| loader.epoch_in(scope, 2, 0).count());
    /// assert_eq!(batches, 29);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    pub fn epoch_in<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        workers: usize,
        epoch: usize,
    ) -> Epoch<'scope, D> {
        let start = (workers > 0).then(|| workers::scoped(&self.dataset, workers, scope));
        self.planned(epoch, workers, start)
    }

    fn planned<'a>(
        &'a self,
        epoch: usize,
        workers: usize,
        start: Option<Start<'a, D::Input, D::Target>>,
    ) -> Epoch<'a, D> {
        let (order, error) = match self.batches() {
            Ok(batches) => {
                let mut order = self.order(epoch);
                order.truncate(batches.saturating_mul(self.batch_size));
                (order, None)
            }
            Err(error) => (Vec::new(), Some(error)),
        };
        let ahead = self.prefetch.unwrap_or(workers.saturating_mul(2)).max(1);
        let (again, maps) = (self.weights.is_some(), self.maps.clone());
        let plan = Plan::new(order, again, self.batch_size, maps, self.seed.stream(), epoch);
        Epoch::new(&self.dataset, plan, error, start, ahead)
    }

    /// The samples in the order in which an epoch visits them.
    fn order(&self, epoch: usize) -> Vec<usize> {
        let len = self.dataset.len();
        let stream = self.seed.stream().named("loader").at(epoch as u64);
        match &self.weights {
            Some(weights) => {
                let mut total = 0.0;
                let mut sums = Vec::with_capacity(len);
                for weight in weights {
                    total += weight;
                    sums.push(total);
                }
                // The first sum above the draw belongs to a sample of positive weight: a weight of 0 adds nothing.
                let draw = |target: f64| sums.partition_point(|&sum| sum <= target);
                (0..len as u64).map(|i| draw(stream.uniform(i) * total)).collect()
            }
            None if self.shuffle => stream.permutation(len),
            None => (0..len).collect(),
        }
    }
}

impl<D: Dataset + Clone> Clone for DataLoader<D> {
    fn clone(&self) -> Self {
        DataLoader {
            dataset: self.dataset.clone(),
            weights: self.weights.clone(),
            maps: self.maps.clone(),
            ..*self
        }
    }
}

impl<D: Dataset> fmt::Debug for DataLoader<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataLoader")
            .field("samples", &self.dataset.len())
            .field("batch_size", &self.batch_size)
            .field("shuffle", &self.shuffle)
            .field("drop_last", &self.drop_last)
            .field("seed", &self.seed)
            .field("workers", &self.workers)
            .finish_non_exhaustive()
    }
}
