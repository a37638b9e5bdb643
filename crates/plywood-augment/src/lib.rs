//! Random transforms of images, masks, boxes, tables and sequences: fast, and the same to the bit for any number of workers.
//!
//! - An [`Image`] is a picture `[H, W, C]` of bytes or of real numbers; a [`Sample`] is a picture with its mask and its
//!   boxes, which move together.
//! - A [`Transform`] changes a sample by what it draws from a [`Stream`](plywood_tensor::Stream) that belongs to the seed,
//!   the epoch and the sample, and never to a worker. Write your own by the same trait.
//! - A [`Pipeline`] is transforms one after the other. Where it can, it joins moves of pixels that follow each other, so that
//!   a mirror, a turn and a crop read the picture once; [`Warp`] lists which moves are joined.
//! - Colours and levels are changed while numbers lie from 0 to 1, where they are kept: other numbers, and a [`Normalize`] that stands
//!   before, are an error ([`AugmentError::Levels`]), where other libraries cut off what does not fit.
//!
//! ```
//! use plywood_augment::{Image, Pipeline, Sample};
//! use plywood_tensor::{Result, Seed, Tensor};
//!
//! fn main() -> Result<()> {
//!     let pipeline = Pipeline::builder()
//!         .flip_horizontal(0.5)
//!         .rotate(15.0)
//!         .crop_padded([32, 32], 4)
//!         .color_jitter(0.2, 0.2, 0.2, 0.05)
//!         .normalize([0.5], [0.25])
//!         .build()?;
//!
//!     let image = Image::try_from(Tensor::full([32, 32, 3], 0.5)?)?;
//!     let (seed, epoch, index) = (Seed(7), 0, 12);
//!     let stream = seed.stream().at(epoch).at(index);
//!     let x = pipeline.image(&image, &stream)?.to_tensor();
//!     assert_eq!(**x.shape(), [32, 32, 3]);
//!
//!     // The same draw moves the mask and the boxes of a sample.
//!     let sample = Sample::new(image).with_boxes(Tensor::from([[4.0, 4.0, 20.0, 28.0]]))?;
//!     let mut moved = pipeline.sample(sample, &stream)?;
//!     assert_eq!(moved.image()?.to_tensor(), x);
//!     assert_eq!(**moved.boxes()?.unwrap().shape(), [1, 4]);
//!     Ok(())
//! }
//! ```
//!
//! | to … | see |
//! |---|---|
//! | mirror and turn | [`FlipHorizontal`], [`FlipVertical`], [`Rotate90`], [`Rotate`] |
//! | cut and pad | [`CropRandom`], [`CropCenter`], [`CropResized`], [`Pad`] |
//! | change the size | [`Resize`] |
//! | move, stretch, slant | [`Affine`], [`Perspective`], [`Warp`] with a [`Projection`] |
//! | hide parts | [`Erase`], [`Cutout`] |
//! | change colours | [`ColorJitter`], [`Grayscale`], [`Invert`] |
//! | change levels | [`Posterize`], [`Solarize`], [`Equalize`], [`AutoContrast`] |
//! | blur, sharpen, disturb | [`GaussianBlur`], [`Sharpness`], [`GaussianNoise`] |
//! | make numbers for a model | [`Normalize`], [`ToFloat`], [`Pipeline::batch`] |
//! | choose at random | [`RandomApply`], [`OneOf`], [`RandAugment`], [`TrivialAugment`] |
//! | mix samples of a batch | [`MixUp`], [`CutMix`] |
//! | disturb tables | [`FeatureNoise`], [`FeatureDropout`] |
//! | disturb sequences | [`SequenceCrop`], [`Jitter`], [`Scaling`], [`TimeMasking`] |
#![forbid(unsafe_code)]

// In reading order: what is changed, what changes it, where pixels go, colours, what is drawn, and what is not a picture.
mod image;
mod pixel;
mod sample;

mod pipeline;
mod transform;
mod transforms;

mod geometry;

mod color;
mod colors;

mod policies;

mod amount;
mod draws;
mod span;

mod batch;
mod tensors;

#[cfg(test)]
mod testing;

mod error;

pub use amount::Amount;
pub use batch::cut_mix::CutMix;
pub use batch::mix_up::MixUp;
pub use color::Color;
pub use error::AugmentError;
pub use geometry::border::Border;
pub use geometry::interpolation::Interpolation;
pub use geometry::projection::Projection;
pub use geometry::warp::Warp;
pub use image::Image;
pub use pipeline::{Pipeline, PipelineBuilder};
pub use sample::Sample;
pub use span::Span;
pub use tensors::TensorTransform;
pub use tensors::feature_dropout::FeatureDropout;
pub use tensors::feature_noise::FeatureNoise;
pub use tensors::jitter::Jitter;
pub use tensors::scaling::Scaling;
pub use tensors::sequence_crop::SequenceCrop;
pub use tensors::time_masking::TimeMasking;
pub use transform::Transform;
pub use transforms::affine::Affine;
pub use transforms::auto_contrast::AutoContrast;
pub use transforms::color_jitter::{ColorJitter, Factors};
pub use transforms::crop_center::CropCenter;
pub use transforms::crop_random::CropRandom;
pub use transforms::crop_resized::CropResized;
pub use transforms::cutout::Cutout;
pub use transforms::equalize::Equalize;
pub use transforms::erase::Erase;
pub use transforms::flip_horizontal::FlipHorizontal;
pub use transforms::flip_vertical::FlipVertical;
pub use transforms::gaussian_blur::GaussianBlur;
pub use transforms::gaussian_noise::GaussianNoise;
pub use transforms::grayscale::Grayscale;
pub use transforms::invert::Invert;
pub use transforms::normalize::Normalize;
pub use transforms::one_of::OneOf;
pub use transforms::pad::Pad;
pub use transforms::perspective::Perspective;
pub use transforms::posterize::Posterize;
pub use transforms::rand_augment::RandAugment;
pub use transforms::random_apply::RandomApply;
pub use transforms::resize::Resize;
pub use transforms::rotate::Rotate;
pub use transforms::rotate90::Rotate90;
pub use transforms::sharpness::Sharpness;
pub use transforms::solarize::Solarize;
pub use transforms::to_float::ToFloat;
pub use transforms::trivial_augment::TrivialAugment;
