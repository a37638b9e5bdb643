//! Anything that samples can be asked of.

use crate::samples::Collector;
use crate::{Batch, Samples, visiting};
use plywood_tensor::{At, Result, Tensor};
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
    /// As [`Dataset::get`], with the sample named; [`DataError::Uneven`](crate::DataError::Uneven) if their shapes
    /// differ, [`DataError::Empty`](crate::DataError::Empty) for no positions.
    fn batch(&self, indices: &[usize]) -> Result<Batch<Self::Input, Self::Target>> {
        let (mut inputs, mut targets) = (Collector::new(indices.len()), Collector::new(indices.len()));
        for &index in indices {
            let position = self.position(index);
            visiting::sample(position);
            let (input, target) = self.get(index).at(format_args!("sample {position}"))?;
            inputs.push(input).at("inputs")?;
            targets.push(target).at("targets")?;
        }
        visiting::none();
        let (x, y) = (inputs.finish().at("inputs")?, targets.finish().at("targets")?);
        let positions = indices.iter().map(|&index| self.position(index)).collect();
        Ok(Batch { x, y, weight: self.sample_weights(indices)?, indices: positions })
    }

    /// The number by which a sample is known outside: its index, unless this is a part of another data set.
    ///
    /// Errors and [`Batch::indices`](crate::Batch::indices) name it, and the random numbers of
    /// [`DataLoader::map`](crate::DataLoader::map) belong to it.
    fn position(&self, index: usize) -> usize {
        index
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

            fn sample_weights(&self, indices: &[usize]) -> Result<Option<Tensor>> {
                (**self).sample_weights(indices)
            }
        }
    )* };
}
shared!(&D, Box<D>, Arc<D>);
