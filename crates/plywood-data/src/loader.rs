//! Batches of a data set, epoch by epoch.

use crate::array_dataset::check_weights;
use crate::{DataError, Dataset, Epoch};
use plywood_tensor::{Result, Seed};

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
/// # References
/// `torch.utils.data.DataLoader`, whose order depends on a generator with a state; weights there are a
/// `WeightedRandomSampler`.
#[derive(Debug, Clone)]
pub struct DataLoader<D> {
    dataset: D,
    batch_size: usize,
    shuffle: bool,
    drop_last: bool,
    seed: Seed,
    weights: Option<Vec<f64>>,
}

impl<D: Dataset> DataLoader<D> {
    /// Batches of 32 samples in the order of the data set, the last one short if it must be.
    ///
    /// Takes a data set or a reference to one.
    pub fn new(dataset: D) -> Self {
        DataLoader { dataset, batch_size: 32, shuffle: false, drop_last: false, seed: Seed(0), weights: None }
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
        let order = self.batches().map(|batches| {
            let mut order = self.order(epoch);
            order.truncate(batches.saturating_mul(self.batch_size));
            order
        });
        Epoch::new(&self.dataset, self.batch_size, order)
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
