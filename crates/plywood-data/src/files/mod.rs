//! Files of images and labels.

pub(crate) mod bytes;
pub(crate) mod idx;
mod problem;

pub use problem::FileProblem;
