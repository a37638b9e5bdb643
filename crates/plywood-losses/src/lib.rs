//! Losses to train on, metrics to judge by, penalties to keep weights small.
//!
//! - [`Loss`] maps a prediction and its target to [`Losses`]: the loss of each sample and how much it counts. Targets
//!   are class labels or real numbers, and nothing broadcasts one against the other. Every loss is a type with its
//!   options and a function with PyTorch's name; closures are losses too.
//! - [`Metric`] describes a figure over a whole data set; a [`Meter`] is a metric at work, whose state can be saved.
//! - [`Penalty`] makes a loss of parameters chosen by path.
//!
//! ```
//! use plywood_autograd::{Var, grad};
//! use plywood_losses::{Accuracy, Meter, cross_entropy};
//! use plywood_tensor::{IntTensor, Tensor, math};
//!
//! let logits = Var::variable(Tensor::from([[0.0, 0.0], [0.0, 0.0]]));
//! let labels = IntTensor::from([0, 1]);
//!
//! let loss = cross_entropy(&logits, &labels)?.mean();
//! assert_eq!(loss.value().item()?, math::ln(2.0));
//! assert_eq!(grad(&loss, &[&logits], false)?[0].value().as_slice(), [-0.25, 0.25, 0.25, -0.25]);
//!
//! let mut accuracy = Meter::new(Accuracy);
//! accuracy.update(logits.value(), &labels, None)?;
//! assert_eq!(accuracy.value(), 0.5);
//!
//! let error = cross_entropy(&logits, &IntTensor::from([0, 2])).unwrap_err();
//! assert_eq!(error.to_string(), "cross_entropy: row 1: expected a label in 0..2, got 2; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes");
//! # Ok::<(), plywood_tensor::Error>(())
//! ```
//!
//! | target | losses | metrics |
//! |---|---|---|
//! | labels 0 and 1 | [`BinaryCrossEntropy`], [`BinaryCrossEntropyWithLogits`], [`Focal`], [`Hinge`] | [`Accuracy`], [`Precision`], [`Recall`], [`FBeta`], [`RocAuc`], [`ConfusionMatrix`] |
//! | labels of several classes | [`CrossEntropy`], [`NegativeLogLikelihood`], [`Focal`], [`Hinge`] | [`Accuracy`], [`TopKAccuracy`], [`Precision`], [`Recall`], [`FBeta`], [`RocAuc`], [`ConfusionMatrix`] |
//! | probabilities | [`BinaryCrossEntropy`], [`BinaryCrossEntropyWithLogits`], [`CrossEntropy`], [`KlDivergence`] | |
//! | real numbers | [`MeanSquaredError`], [`MeanAbsoluteError`], [`Huber`] | [`MeanSquaredError`], [`MeanAbsoluteError`], [`RootMeanSquaredError`], [`RSquared`] |
//! | masks | [`Dice`], [`Jaccard`], [`BoundaryWeighted`], [`CrossEntropy`], [`Focal`] | [`Iou`], [`FBeta`] (Dice), [`Accuracy`] |
//! | images | [`Ssim`], [`MeanAbsoluteError`] | [`Ssim`] |
//! | directions | [`CosineDistance`] | |
#![forbid(unsafe_code)]

// In reading order: losses, metrics, penalties, and what all of them share.
mod loss;
mod losses;
mod sample_losses;

mod meter;
mod metric;
mod metrics;

mod penalties;
mod penalty;

mod checks;
mod error;

#[cfg(test)]
mod table;

pub use error::LossError;
pub use loss::Loss;
pub use losses::binary_cross_entropy::{BinaryCrossEntropy, binary_cross_entropy};
pub use losses::binary_cross_entropy_with_logits::{
    BinaryCrossEntropyWithLogits, PositiveWeighted, binary_cross_entropy_with_logits,
};
pub use losses::boundary_weighted::BoundaryWeighted;
pub use losses::cosine_distance::{CosineDistance, cosine_distance};
pub use losses::cross_entropy::{CrossEntropy, cross_entropy};
pub use losses::dice::{Dice, dice_loss};
pub use losses::focal::{Focal, focal_loss};
pub use losses::hinge::{Hinge, hinge_loss};
pub use losses::huber::{Huber, huber_loss};
pub use losses::jaccard::{Jaccard, jaccard_loss};
pub use losses::kl_divergence::{KlDivergence, kl_div};
pub use losses::mean_absolute_error::{MeanAbsoluteError, l1_loss};
pub use losses::mean_squared_error::{MeanSquaredError, mse_loss};
pub use losses::negative_log_likelihood::{NegativeLogLikelihood, nll_loss};
pub use losses::ssim::{Ssim, ssim_loss};
pub use meter::{Meter, MeterState};
pub use metric::Metric;
pub use metrics::accuracy::{Accuracy, AccuracyAbove};
pub use metrics::class_target::ClassTarget;
pub use metrics::confusion_matrix::{ConfusionMatrix, ConfusionMatrixAbove};
pub use metrics::confusion_table::ConfusionTable;
pub use metrics::f_beta::FBeta;
pub use metrics::iou::Iou;
pub use metrics::mean_errors::RootMeanSquaredError;
pub use metrics::precision::Precision;
pub use metrics::r_squared::RSquared;
pub use metrics::recall::Recall;
pub use metrics::roc_auc::{RocAuc, RocAucOfLogits};
pub use metrics::top_k_accuracy::TopKAccuracy;
pub use metrics::{Average, Averaged};
pub use penalties::elastic_net::ElasticNet;
pub use penalties::l1::L1;
pub use penalties::l2::L2;
pub use penalty::{On, Penalty};
pub use sample_losses::Losses;
