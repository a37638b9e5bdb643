//! A pipeline, transform by transform.

use super::{Pipeline, Step};
use crate::colors::unit::UNIT;
use crate::transforms::color_jitter::Factors;
use crate::*;
use plywood_tensor::{At, Error, Result};

/// A [`Pipeline`] to be: a method for each of the usual transforms, then [`PipelineBuilder::build`].
///
/// The methods cannot fail: what is wrong is said by `build`, with the position of the transform. Other transforms, and those with
/// more settings than a method takes, enter by [`PipelineBuilder::then`] or, unchecked yet, [`PipelineBuilder::then_checked`].
///
/// # Example
/// ```
/// use plywood_augment::{Border, Image, Pad, Pipeline};
/// use plywood_tensor::Seed;
///
/// let frame = Pad::new(1)?.border(Border::Reflect);
/// let pipeline = Pipeline::builder().flip_horizontal(1.0).then(frame).build()?;
/// let image = Image::from_bytes(&[1, 2, 3, 4], [2, 2, 1])?;
/// let framed = pipeline.image(&image, &Seed(7).stream())?;
/// assert_eq!(framed.as_bytes(), Some(&[3, 4, 3, 4, 1, 2, 1, 2, 3, 4, 3, 4, 1, 2, 1, 2][..]));
///
/// let error = Pipeline::builder().flip_horizontal(0.5).flip_vertical(2.0).build().unwrap_err();
/// assert_eq!(error.to_string(), "step 1: FlipVertical: expected a probability of at least 0 and at most 1, got 2");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a builder is nothing until `build`"]
pub struct PipelineBuilder {
    steps: Vec<Box<dyn Transform>>,
    /// The first thing that is wrong.
    failed: Option<Error>,
    separately: bool,
}

impl PipelineBuilder {
    pub(super) fn new() -> PipelineBuilder {
        PipelineBuilder { steps: Vec::new(), failed: None, separately: false }
    }

    /// The pipeline.
    ///
    /// # Errors
    /// The first thing that is wrong with a transform, by its position; [`AugmentError::Levels`] for one that changes colours behind a
    /// [`Normalize`].
    pub fn build(self) -> Result<Pipeline> {
        match self.failed {
            Some(error) => Err(error),
            None => {
                let pipeline = Pipeline { steps: self.steps, separately: self.separately };
                pipeline.levels(UNIT)?;
                Ok(pipeline)
            }
        }
    }

    /// Any transform.
    pub fn then(mut self, transform: impl Transform + 'static) -> Self {
        self.steps.push(Box::new(transform));
        self
    }

    /// Any transform, or what was wrong with its settings.
    pub fn then_checked(mut self, transform: Result<impl Transform + 'static>) -> Self {
        let position = self.steps.len();
        match transform.at(Step(position)) {
            Ok(transform) => self.then(transform),
            Err(error) => {
                if self.failed.is_none() {
                    self.failed = Some(error);
                }
                self
            }
        }
    }

    /// Carries out each move of pixels by itself, as other libraries do, instead of joining those in a row.
    ///
    /// Joining is faster and blurs less; this is for comparing. A pipeline inside this one, as of
    /// [`PipelineBuilder::random_apply`], follows its own setting.
    pub fn separately(self) -> Self {
        PipelineBuilder { separately: true, ..self }
    }

    /// [`FlipHorizontal`] with probability `p`.
    pub fn flip_horizontal(self, p: f64) -> Self {
        self.then_checked(FlipHorizontal::new(p))
    }

    /// [`FlipVertical`] with probability `p`.
    pub fn flip_vertical(self, p: f64) -> Self {
        self.then_checked(FlipVertical::new(p))
    }

    /// [`Rotate`] by angles in degrees.
    pub fn rotate(self, degrees: impl Into<Span>) -> Self {
        self.then_checked(Rotate::new(degrees))
    }

    /// [`Rotate90`], any number of times.
    pub fn rotate90(self) -> Self {
        self.then(Rotate90::new())
    }

    /// [`CropRandom`] of this height and width.
    pub fn crop_random(self, size: [usize; 2]) -> Self {
        self.then_checked(CropRandom::new(size))
    }

    /// [`CropRandom`] of this height and width after a frame of so many black pixels.
    pub fn crop_padded(self, size: [usize; 2], padding: usize) -> Self {
        self.then_checked(CropRandom::new(size).and_then(|crop| crop.padding(padding)))
    }

    /// [`CropCenter`] of this height and width.
    pub fn crop_center(self, size: [usize; 2]) -> Self {
        self.then_checked(CropCenter::new(size))
    }

    /// [`CropResized`] to this height and width.
    pub fn crop_resized(self, size: [usize; 2]) -> Self {
        self.then_checked(CropResized::new(size))
    }

    /// [`Pad`] by so many pixels on each side.
    pub fn pad(self, pixels: usize) -> Self {
        self.then_checked(Pad::new(pixels))
    }

    /// [`Resize`] to this height and width.
    pub fn resize(self, size: [usize; 2]) -> Self {
        self.then_checked(Resize::new(size))
    }

    /// [`Perspective`] by this distortion with probability `p`.
    pub fn perspective(self, distortion: f64, p: f64) -> Self {
        self.then_checked(Perspective::new(distortion, p))
    }

    /// [`ColorJitter`] of brightness, contrast, saturation and hue.
    pub fn color_jitter(
        self,
        brightness: impl Into<Factors>,
        contrast: impl Into<Factors>,
        saturation: impl Into<Factors>,
        hue: impl Into<Span>,
    ) -> Self {
        let jitter = ColorJitter::new().brightness(brightness);
        let jitter = jitter.and_then(|jitter| jitter.contrast(contrast));
        let jitter = jitter.and_then(|jitter| jitter.saturation(saturation));
        self.then_checked(jitter.and_then(|jitter| jitter.hue(hue)))
    }

    /// [`Grayscale`] with probability `p`.
    pub fn grayscale(self, p: f64) -> Self {
        self.then_checked(Grayscale::new(p))
    }

    /// [`GaussianBlur`] over a square of this side, with a deviation or a span of them.
    pub fn gaussian_blur(self, side: usize, deviation: impl Into<Amount>) -> Self {
        self.then_checked(GaussianBlur::new(side, deviation))
    }

    /// [`GaussianNoise`] with a deviation or a span of them.
    pub fn gaussian_noise(self, deviation: impl Into<Amount>) -> Self {
        self.then_checked(GaussianNoise::new(deviation))
    }

    /// [`Erase`] with probability `p`.
    pub fn erase(self, p: f64) -> Self {
        self.then_checked(Erase::new(p))
    }

    /// [`Cutout`] of so many squares of this side.
    pub fn cutout(self, count: usize, side: usize) -> Self {
        self.then_checked(Cutout::new(count, side))
    }

    /// [`RandAugment`] of two operations at the usual strength.
    pub fn rand_augment(self) -> Self {
        self.then(RandAugment::default())
    }

    /// [`TrivialAugment`].
    pub fn trivial_augment(self) -> Self {
        self.then(TrivialAugment::default())
    }

    /// With probability `p` all that the closure adds: [`RandomApply`].
    pub fn random_apply(self, p: f64, add: impl FnOnce(PipelineBuilder) -> PipelineBuilder) -> Self {
        let inner = add(PipelineBuilder::new()).build();
        self.then_checked(inner.and_then(|inner| RandomApply::new(inner, p)))
    }

    /// [`ToFloat`].
    #[allow(clippy::wrong_self_convention)] // the name of the transform
    pub fn to_float(self) -> Self {
        self.then(ToFloat)
    }

    /// [`Normalize`] by a mean and a deviation for each channel, or one for all.
    pub fn normalize(self, mean: impl AsRef<[f64]>, deviation: impl AsRef<[f64]>) -> Self {
        self.then_checked(Normalize::new(mean, deviation))
    }
}
