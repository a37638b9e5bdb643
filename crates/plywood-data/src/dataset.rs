//! Anything that samples can be asked of.

use crate::gather::gather;
use crate::{Batch, Mapped, Samples};
use plywood_tensor::{Result, Tensor};
use std::sync::Arc;

/// Anything that knows how many samples it has and can get each of them.
///
/// [`ArrayDataset`](crate::ArrayDataset) is one in memory. Implement the trait to read samples when they are needed;
/// `get` should be a function of the index alone, so that a run can be repeated.
///
/// # Example
/// ```
/// use plywood_data::{DataLoader, Dataset};
/// use plywood_tensor::{Elem, IntTensor, Result, Tensor};
///
/// /// Numbers and whether they are odd.
/// struct Parity;
///
/// impl Dataset for Parity {
///     type Input = Tensor;
///     type Target = IntTensor;
///
///     fn len(&self) -> usize {
///         10
///     }
///
///     fn get(&self, index: usize) -> Result<(Tensor, IntTensor)> {
///         Ok((Tensor::from([index as Elem]), IntTensor::from(index as i64 % 2)))
///     }
/// }
///
/// let batch = DataLoader::new(&Parity).batch_size(4).epoch(0).next().expect("ten samples")?;
/// assert_eq!(batch.x, Tensor::from([[0.0], [1.0], [2.0], [3.0]]));
/// assert_eq!(batch.y, IntTensor::from([0, 1, 0, 1]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a data set",
    note = "arrays in memory become one by `ArrayDataset::new(inputs, targets)`; for samples of your own implement `Dataset`: `len` and `get`"
)]
pub trait Dataset: Send + Sync {
    /// What a model is given: usually a [`Tensor`](plywood_tensor::Tensor).
    type Input: Samples;
    /// What it is to answer: class labels ([`IntTensor`](plywood_tensor::IntTensor)) or values
    /// ([`Tensor`](plywood_tensor::Tensor)).
    type Target: Samples;

    /// How many samples there are.
    fn len(&self) -> usize;

    /// One sample, without an axis of samples.
    ///
    /// # Errors
    /// If there is no such sample or it cannot be read; errors of your own enter by
    /// [`Source`](plywood_tensor::Source).
    fn get(&self, index: usize) -> Result<(Self::Input, Self::Target)>;

    /// Whether there are no samples.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The samples at these positions, side by side.
    ///
    /// Gets them one by one unless the data set knows a shorter way.
    ///
    /// # Errors
    /// As [`Dataset::get`], with the sample named; [`DataError::Shapes`](crate::DataError::Shapes) if their shapes differ,
    /// [`DataError::Empty`](crate::DataError::Empty) for no positions.
    fn batch(&self, indices: &[usize]) -> Result<Batch<Self::Input, Self::Target>> {
        gather(self, indices, |place| self.get(indices[place]))
    }

    /// The number by which a sample is known outside: its index, unless this is a part of another data set.
    ///
    /// Errors and [`Batch::indices`](crate::Batch::indices) name it, and the random numbers of
    /// [`DataLoader::map`](crate::DataLoader::map) belong to it.
    fn position(&self, index: usize) -> usize {
        index
    }

    /// How errors call a sample: `sample 7`, or more where more is known of it, such as its file.
    fn name(&self, index: usize) -> String {
        format!("sample {}", self.position(index))
    }

    /// The same samples, each changed by a function of nothing but the sample: what training and validation data both need, such as
    /// one size, or targets of another kind.
    ///
    /// It is done when a sample is got, by workers too, and anew each time. What is drawn at random belongs into
    /// [`DataLoader::map`](crate::DataLoader::map); a change of all samples at once is
    /// [`ArrayDataset::map_inputs`](crate::ArrayDataset::map_inputs).
    ///
    /// ```
    /// use plywood_data::{Dataset, datasets};
    ///
    /// let squares = datasets::digits().map(|x, y| Ok((x.reshape([8, 8, 1])?.mul_scalar(1.0 / 16.0), y)));
    /// let (x, _) = squares.get(0)?;
    /// assert_eq!(x.shape()[..], [8, 8, 1]);
    /// assert!(x.as_slice().iter().all(|x| (0.0..=1.0).contains(x)));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # References
    /// `tf.data.Dataset.map`; the `transform` of torchvision's data sets.
    #[doc(alias = "transform")]
    fn map<X, Y, F>(self, map: F) -> Mapped<Self, F>
    where
        Self: Sized,
        X: Samples,
        Y: Samples,
        F: Fn(Self::Input, Self::Target) -> Result<(X, Y)> + Send + Sync,
    {
        Mapped::new(self, map)
    }

    /// How much the samples at these positions count in the loss, `[N]`; all the same if there is none.
    ///
    /// # Errors
    /// If a position does not exist.
    fn sample_weights(&self, _indices: &[usize]) -> Result<Option<Tensor>> {
        Ok(None)
    }
}

macro_rules! shared {
    ($($shared:ty),*) => { $(
        impl<D: Dataset + ?Sized> Dataset for $shared {
            type Input = D::Input;
            type Target = D::Target;

            fn len(&self) -> usize {
                (**self).len()
            }

            fn get(&self, index: usize) -> Result<(D::Input, D::Target)> {
                (**self).get(index)
            }

            fn is_empty(&self) -> bool {
                (**self).is_empty()
            }

            fn batch(&self, indices: &[usize]) -> Result<Batch<D::Input, D::Target>> {
                (**self).batch(indices)
            }

            fn position(&self, index: usize) -> usize {
                (**self).position(index)
            }

            fn name(&self, index: usize) -> String {
                (**self).name(index)
            }

            fn sample_weights(&self, indices: &[usize]) -> Result<Option<Tensor>> {
                (**self).sample_weights(indices)
            }
        }
    )* };
}
shared!(&D, Box<D>, Arc<D>);
