//! One transform after the other.

mod builder;

pub use builder::PipelineBuilder;

use crate::error::setting;
use crate::{AugmentError, Image, Sample, Span, Transform};
use plywood_tensor::{At, Result, Stream, Tensor, par};
use std::fmt;

/// Transforms one after the other: [`Pipeline::builder`], then a method for each of them, or [`PipelineBuilder::then`] for those that
/// have none, then [`PipelineBuilder::build`].
///
/// What is drawn for a sample is a function of the stream that it is given and of nothing else. Give each sample a stream of
/// its own, `seed.stream().at(epoch).at(index)`, and it looks the same whichever worker makes it; the transform at position
/// `i` draws from branch `i`.
///
/// # Example
/// ```
/// use plywood_augment::{Image, Pipeline};
/// use plywood_tensor::{Seed, Tensor};
///
/// let pipeline = Pipeline::builder()
///     .flip_horizontal(0.5)
///     .rotate(15.0)
///     .crop_padded([32, 32], 4)
///     .normalize([0.5], [0.25])
///     .build()?;
///
/// let image = Image::try_from(Tensor::ones([32, 32, 3])?)?;
/// let (seed, epoch, index) = (Seed(7), 3, 41);
/// let augmented = pipeline.image(&image, &seed.stream().at(epoch).at(index))?;
/// assert_eq!(augmented, pipeline.image(&image, &seed.stream().at(epoch).at(index))?);
/// assert_eq!(augmented.pixel(16, 16)?, [2.0, 2.0, 2.0]);
///
/// let error = Pipeline::builder().flip_horizontal(0.5).rotate(15.0..=5.0).build().unwrap_err();
/// assert_eq!(error.to_string(), "step 1: Rotate: expected angles in order, from -360 to 360 degrees, got 15..=5");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `Compose`, which draws from one generator in the order of the samples.
#[derive(Debug)]
#[doc(alias = "Compose")]
pub struct Pipeline {
    steps: Vec<Box<dyn Transform>>,
    separately: bool,
}

impl Pipeline {
    /// A pipeline of nothing, to be added to.
    pub fn builder() -> PipelineBuilder {
        PipelineBuilder::new()
    }

    /// Changes a picture.
    ///
    /// # Errors
    /// Those of the transforms, with their positions.
    pub fn image(&self, image: &Image, stream: &Stream) -> Result<Image> {
        let mut sample = Sample::new(image.clone());
        self.apply(&mut sample, stream)?;
        Ok(sample.into_parts()?.0)
    }

    /// Changes a picture that is a tensor `[H, W, C]` of numbers from 0 to 1, as data sets hold them.
    ///
    /// Memory that is not shared is used again. Loaders and trainers take this in a closure:
    ///
    /// ```
    /// use plywood_augment::Pipeline;
    /// use plywood_tensor::{IntTensor, Result, Seed, Stream, Tensor};
    ///
    /// let pipeline = Pipeline::builder().flip_horizontal(1.0).build()?;
    /// // for `Fit::augment` or `DataLoader::map`
    /// let augment = move |x, y: IntTensor, draw: &Stream| -> Result<_> { Ok((pipeline.tensor(x, draw)?, y)) };
    /// let (x, _) = augment(Tensor::from([[[0.1], [0.2], [0.3]]]), IntTensor::from(7), &Seed(7).stream())?;
    /// assert_eq!(x, Tensor::from([[[0.3], [0.2], [0.1]]]));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`AugmentError::Shape`] for another shape; those of the transforms, with their positions.
    pub fn tensor(&self, x: Tensor, stream: &Stream) -> Result<Tensor> {
        let mut sample = Sample::new(Image::try_from(x)?);
        self.apply(&mut sample, stream)?;
        Ok(sample.into_parts()?.0.into_tensor())
    }

    /// Changes a picture with its mask and its boxes.
    ///
    /// # Errors
    /// Those of the transforms, with their positions.
    pub fn sample(&self, mut sample: Sample, stream: &Stream) -> Result<Sample> {
        self.apply(&mut sample, stream)?;
        sample.settle()?;
        Ok(sample)
    }

    /// Pictures side by side, as a model takes them: picture `i` is changed by what its own stream says.
    ///
    /// All threads work; the result does not depend on how many there are.
    ///
    /// # Shapes
    /// `N × [H, W, C] → [N, H', W', C]`, bytes divided by 255
    ///
    /// # Errors
    /// Those of the transforms, with the position of the picture and of the transform;
    /// [`AugmentError::Shape`] if the changed pictures differ in shape, [`AugmentError::Setting`] if there are none.
    pub fn batch<'a>(
        &self,
        images: &[Image],
        stream_of: impl Fn(usize) -> Stream + Sync + 'a,
    ) -> Result<Tensor> {
        let steps = images.iter().map(|image| image.shape().numel()).sum::<usize>() * 16;
        let changed =
            par::map(images.len(), steps, |i| self.image(&images[i], &stream_of(i)).map(Image::into_tensor));
        let named = |(i, x): (usize, Result<Tensor>)| x.at(format_args!("picture {i}"));
        let changed = changed.into_iter().enumerate().map(named).collect::<Result<Vec<_>>>()?;
        let Some(first) = changed.first() else {
            return Err(setting("batch", "at least one picture", images.len()));
        };
        if let Some(i) = changed.iter().position(|x| x.shape() != first.shape()) {
            let expected = format!("{}, as the pictures before", first.shape());
            let error = AugmentError::Shape { what: "batch", expected, got: *changed[i].shape() };
            return Err(error).at(format_args!("picture {i}"));
        }
        Tensor::stack(&changed.iter().collect::<Vec<_>>(), 0)
    }
}

/// How errors call the place of a transform. A number alone, behind that of a sample, would be read as its decimals.
pub(crate) struct Step(pub(crate) usize);

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}", self.0)
    }
}

impl Transform for Pipeline {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        for (i, step) in self.steps.iter().enumerate() {
            step.apply(sample, &draw.at(i as u64)).at(Step(i))?;
            if self.separately {
                sample.settle()?;
            }
        }
        Ok(())
    }

    fn levels(&self, levels: Span) -> Result<Span> {
        self.steps.iter().enumerate().try_fold(levels, |levels, (i, step)| step.levels(levels).at(Step(i)))
    }
}
