//! Comparing derivatives with finite differences.

mod differences;
mod gradcheck;

#[cfg(test)]
pub(crate) use differences::derivatives;
pub use gradcheck::{gradcheck, gradgradcheck};
