//! The losses, one to a file: type, function and test rows together.

// In reading order: of real numbers, of two classes, of several, of directions and margins, of images.
pub(crate) mod huber;
pub(crate) mod mean_absolute_error;
pub(crate) mod mean_squared_error;

pub(crate) mod binary_cross_entropy;
pub(crate) mod binary_cross_entropy_with_logits;

pub(crate) mod cross_entropy;
pub(crate) mod focal;
pub(crate) mod kl_divergence;
pub(crate) mod negative_log_likelihood;

pub(crate) mod cosine_distance;
pub(crate) mod hinge;

pub(crate) mod boundary_weighted;
pub(crate) mod dice;
pub(crate) mod jaccard;
pub(crate) mod ssim;

mod class_weights;
mod distances;
mod overlap;
