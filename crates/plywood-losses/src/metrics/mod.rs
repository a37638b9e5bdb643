//! The metrics, one to a file: description, counting and test rows together.

// In reading order: of classes, then of real numbers and images.
mod average;
pub(crate) mod class_target;
mod samples;

pub(crate) mod accuracy;
pub(crate) mod confusion_matrix;
pub(crate) mod confusion_table;
pub(crate) mod f_beta;
pub(crate) mod iou;
pub(crate) mod precision;
pub(crate) mod recall;
pub(crate) mod roc_auc;
pub(crate) mod top_k_accuracy;

pub(crate) mod mean_errors;
pub(crate) mod r_squared;
pub(crate) mod ssim;

pub use average::{Average, Averaged};
