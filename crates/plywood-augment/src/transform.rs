//! What a transform is.

use crate::{Sample, Span};
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
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transform of pictures",
    note = "a constructor that can fail goes into `then_checked`; a change of your own is a struct that implements `Transform`; tables and sequences have `TensorTransform`"
)]
pub trait Transform: Debug + Send + Sync {
    /// Changes the sample by what is drawn from the stream.
    ///
    /// # Errors
    /// If the picture is not one that the transform can take.
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()>;

    /// From where to where the numbers of a picture lie behind this transform, if before it they lie within `levels`: the same unless
    /// told.
    ///
    /// A pipeline asks when it is built, for pictures whose numbers lie from 0 to 1. So colours that are changed behind
    /// [`Normalize`](crate::Normalize), where they would be cut off, are an error before any picture is seen.
    ///
    /// ```
    /// use plywood_augment::Pipeline;
    ///
    /// let builder = Pipeline::builder().normalize([0.5], [0.25]).color_jitter(0.2, 0.2, 0.2, 0.0);
    /// let text = "step 1: ColorJitter: expected numbers from 0 to 1, got -2 to 2; put it before `normalize`";
    /// assert_eq!(builder.build().unwrap_err().to_string(), text);
    /// ```
    /// # Errors
    /// [`AugmentError::Levels`](crate::AugmentError::Levels) if the transform needs numbers from 0 to 1 and they lie elsewhere.
    fn levels(&self, levels: Span) -> Result<Span> {
        Ok(levels)
    }
}

impl<T: Transform + ?Sized> Transform for Box<T> {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        (**self).apply(sample, draw)
    }

    fn levels(&self, levels: Span) -> Result<Span> {
        (**self).levels(levels)
    }
}
