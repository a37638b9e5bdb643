//! What a transform is.

use crate::Sample;
use plywood_tensor::{Result, Stream};
use std::fmt::Debug;

/// A change of a [`Sample`]: a picture with its mask and its boxes.
///
/// What is drawn comes from `draw` alone, a [`Stream`] that belongs to the seed, the epoch, the sample and the place of
/// the transform in its pipeline. So a sample looks the same whichever worker made it.
///
/// A transform of your own moves pixels by [`Sample::warp`], which takes mask and boxes along, or changes colours by
/// [`Sample::change_image`], which leaves them alone.
///
/// # Example
/// ```
/// use plywood_augment::{Image, Pipeline, Sample, Transform};
/// use plywood_tensor::{Elem, Result, Seed, Stream, Tensor};
///
/// /// Makes the picture darker by a random factor.
/// #[derive(Debug)]
/// struct Darken;
///
/// impl Transform for Darken {
///     fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
///         let factor = draw.uniform(0) as Elem;
///         sample.change_image(|image| Image::try_from(image.to_tensor().mul_scalar(factor)))
///     }
/// }
///
/// let pipeline = Pipeline::builder().then(Darken).flip_horizontal(0.5).build()?;
/// let white = Image::try_from(Tensor::ones([2, 2, 1])?)?;
/// let dark = pipeline.image(&white, &Seed(7).stream().at(0).at(12))?;
/// assert!(dark.pixel(0, 0)? < vec![1.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
pub trait Transform: Debug + Send + Sync {
    /// Changes the sample by what is drawn from the stream.
    ///
    /// # Errors
    /// If the picture is not one that the transform can take.
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()>;
}

impl<T: Transform + ?Sized> Transform for Box<T> {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        (**self).apply(sample, draw)
    }
}
