//! Transforms of samples that are not pictures: rows of tables, and sequences.

// In reading order: tables, then sequences.
pub(crate) mod feature_dropout;
pub(crate) mod feature_noise;

pub(crate) mod jitter;
pub(crate) mod scaling;
pub(crate) mod sequence_crop;
pub(crate) mod time_masking;

#[cfg(test)]
mod table;

use crate::pipeline::Step;
use plywood_tensor::{At, Result, Stream, Tensor};
use std::fmt::Debug;

/// A change of a tensor: of one sample, or of a batch of samples if they are to share a draw.
///
/// A list of them is one too: one after the other, the one at position `i` drawing from branch `i`.
///
/// # Example
/// ```
/// use plywood_augment::{Scaling, SequenceCrop, TensorTransform};
/// use plywood_tensor::{Seed, Tensor};
///
/// let both: Vec<Box<dyn TensorTransform>> = vec![Box::new(SequenceCrop::new(64)?), Box::new(Scaling::new(0.1)?)];
/// let (seed, epoch, index) = (Seed(7), 3, 41);
/// let sequence = Tensor::ones([100, 6])?;
/// let changed = both.apply(&sequence, &seed.stream().at(epoch).at(index))?;
/// assert_eq!(**changed.shape(), [64, 6]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transform of tensors",
    note = "several in a row are a `Vec<Box<dyn TensorTransform>>`; pictures have `Transform` and `Pipeline`"
)]
pub trait TensorTransform: Debug + Send + Sync {
    /// The changed tensor, by what is drawn from the stream.
    ///
    /// # Errors
    /// If the tensor is not one that the transform can take.
    fn apply(&self, x: &Tensor, draw: &Stream) -> Result<Tensor>;
}

impl<T: TensorTransform + ?Sized> TensorTransform for Box<T> {
    fn apply(&self, x: &Tensor, draw: &Stream) -> Result<Tensor> {
        (**self).apply(x, draw)
    }
}

impl<T: TensorTransform> TensorTransform for Vec<T> {
    fn apply(&self, x: &Tensor, draw: &Stream) -> Result<Tensor> {
        let mut x = x.clone();
        for (i, transform) in self.iter().enumerate() {
            x = transform.apply(&x, &draw.at(i as u64)).at(Step(i))?;
        }
        Ok(x)
    }
}

/// The length of a sequence `[T, ..]`.
fn length(transform: &'static str, x: &Tensor) -> Result<usize> {
    x.shape().first().copied().ok_or_else(|| {
        let (expected, got) = ("a sequence [T, ..]".into(), *x.shape());
        crate::AugmentError::Shape { what: transform, expected, got }.into()
    })
}
