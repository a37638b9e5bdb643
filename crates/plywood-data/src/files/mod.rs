//! Files of images, labels and arrays.

pub(crate) mod bytes;
pub(crate) mod idx;
pub(crate) mod npy;
pub(crate) mod npz;
mod problem;
mod zip;

pub use problem::FileProblem;
