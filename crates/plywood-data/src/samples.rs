//! What a batch can be made of.

use crate::DataError;
use plywood_tensor::{Array, Element, IntTensor, Result, Shape};
use std::any::Any;

/// Samples side by side: what a data set can have for inputs and for targets.
///
/// An array is as many samples as its first axis is long. Pairs hold two things for each sample, for example an image
/// and a mask; implement the trait for a struct of your own when a pair says too little.
///
/// ```
/// use plywood_data::Samples;
/// use plywood_tensor::{IntTensor, Tensor};
///
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
/// assert_eq!(x.take(&[2, 0])?, Tensor::from([[5.0, 6.0], [1.0, 2.0]]));
/// assert_eq!(Tensor::collate(vec![Tensor::from([1.0]), Tensor::from([2.0])])?, Tensor::from([[1.0], [2.0]]));
/// assert_eq!((x, IntTensor::from([0, 1, 1])).count(), 3);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the inputs or the targets of a data set",
    note = "a batch is made of a `Tensor` or an `IntTensor`, or of pairs of them: `Tensor::from(x)` makes one of a number or an array"
)]
pub trait Samples: Clone + Send + Sync + 'static {
    /// How many samples these are.
    fn count(&self) -> usize;

    /// The samples at these positions, in this order, any of them as often as it is named.
    ///
    /// # Errors
    /// If a position does not exist.
    fn take(&self, indices: &[usize]) -> Result<Self>;

    /// The sample at one position, without the axis of samples.
    ///
    /// # Errors
    /// If the position does not exist.
    fn sample(&self, index: usize) -> Result<Self>;

    /// Single samples, put side by side: the inverse of [`Samples::sample`].
    ///
    /// # Errors
    /// [`DataError::Empty`] if there are none, [`DataError::Uneven`] if their shapes differ.
    #[doc(alias = "default_collate")]
    fn collate(samples: Vec<Self>) -> Result<Self>;

    /// Room for `count` samples like this one, to be filled by [`Samples::put`], so that no sample is kept
    /// until all are there; none if there is no such way, and then [`Samples::collate`] puts them side by side.
    ///
    /// # Errors
    /// If so many are too large.
    fn room(&self, _count: usize) -> Result<Option<Self>> {
        Ok(None)
    }

    /// Writes a single sample to a position of the room; a type that makes room needs it.
    ///
    /// # Errors
    /// [`DataError::Uneven`] if it is of another shape; [`DataError::Put`] for a type without it.
    fn put(&mut self, _position: usize, _sample: Self) -> Result<()> {
        Err(DataError::Put.into())
    }

    /// The class of each sample, if these are class labels: a split keeps their proportions.
    fn classes(&self) -> Option<&[i64]> {
        None
    }
}

impl<T: Element> Samples for Array<T> {
    fn count(&self) -> usize {
        self.shape().first().copied().unwrap_or(0)
    }

    fn take(&self, indices: &[usize]) -> Result<Self> {
        check_indices(indices, self.count())?;
        // A run of neighbours, as an unshuffled loader asks for, needs no copy.
        if let (Some(&first), true) = (indices.first(), indices.windows(2).all(|pair| pair[0] + 1 == pair[1]))
        {
            return self.rows(first, first + indices.len());
        }
        let positions: Vec<i64> = indices.iter().map(|&index| index as i64).collect();
        self.index_select(0, &IntTensor::from_vec(positions, [indices.len()])?)
    }

    fn sample(&self, index: usize) -> Result<Self> {
        check_indices(&[index], self.count())?;
        self.rows(index, index + 1)?.reshape(&self.shape()[1..])
    }

    fn collate(samples: Vec<Self>) -> Result<Self> {
        let Some(first) = samples.first() else { return Err(DataError::Empty.into()) };
        let expected = *first.shape();
        for (position, sample) in samples.iter().enumerate() {
            let got = *sample.shape();
            if got != expected {
                return Err(DataError::Uneven { position, expected, got }.into());
            }
        }
        Array::stack(&samples.iter().collect::<Vec<_>>(), 0)
    }

    fn room(&self, count: usize) -> Result<Option<Self>> {
        let dims: Vec<usize> = std::iter::once(count).chain(self.shape().iter().copied()).collect();
        Array::zeros(dims).map(Some)
    }

    fn put(&mut self, position: usize, sample: Self) -> Result<()> {
        let (expected, got) = (Shape::new(&self.shape()[1..])?, *sample.shape());
        if got != expected {
            return Err(DataError::Uneven { position, expected, got }.into());
        }
        check_indices(&[position], self.count())?;
        let length = sample.numel();
        self.as_mut_slice()[position * length..][..length].copy_from_slice(sample.as_slice());
        Ok(())
    }

    fn classes(&self) -> Option<&[i64]> {
        // Integers with an axis of their own are sequences, not classes.
        let labels = (self as &dyn Any).downcast_ref::<IntTensor>()?;
        (labels.numel() == labels.count()).then(|| labels.as_slice())
    }
}

impl<A: Samples, B: Samples> Samples for (A, B) {
    fn count(&self) -> usize {
        self.0.count()
    }

    fn take(&self, indices: &[usize]) -> Result<Self> {
        Ok((self.0.take(indices)?, self.1.take(indices)?))
    }

    fn sample(&self, index: usize) -> Result<Self> {
        Ok((self.0.sample(index)?, self.1.sample(index)?))
    }

    fn collate(samples: Vec<Self>) -> Result<Self> {
        let (first, second) = samples.into_iter().unzip();
        Ok((A::collate(first)?, B::collate(second)?))
    }

    fn room(&self, count: usize) -> Result<Option<Self>> {
        Ok(self.0.room(count)?.zip(self.1.room(count)?))
    }

    fn put(&mut self, position: usize, (first, second): Self) -> Result<()> {
        self.0.put(position, first)?;
        self.1.put(position, second)
    }
}

/// Samples on their way into a batch: written to their place as they come, if they know how.
pub(crate) struct Collector<S> {
    room: Option<S>,
    kept: Vec<S>,
    count: usize,
    filled: usize,
}

impl<S: Samples> Collector<S> {
    /// For so many samples.
    pub(crate) fn new(count: usize) -> Self {
        Collector { room: None, kept: Vec::new(), count, filled: 0 }
    }

    /// The next sample.
    pub(crate) fn push(&mut self, sample: S) -> Result<()> {
        if self.filled == 0 {
            self.room = sample.room(self.count)?;
        }
        match &mut self.room {
            Some(room) => room.put(self.filled, sample)?,
            None => self.kept.push(sample),
        }
        self.filled += 1;
        Ok(())
    }

    /// All of them, side by side.
    pub(crate) fn finish(self) -> Result<S> {
        match self.room {
            Some(room) => Ok(room),
            None => S::collate(self.kept),
        }
    }
}

/// All indices are below `len`.
pub(crate) fn check_indices(indices: &[usize], len: usize) -> Result<()> {
    match indices.iter().find(|&&index| index >= len) {
        Some(&index) => Err(DataError::Index { index, len }.into()),
        None => Ok(()),
    }
}
