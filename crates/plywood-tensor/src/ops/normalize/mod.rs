//! Means and variances of parts of an array, and what is made of them: the kernels of normalisation.

mod columns;
mod gradients;
pub(crate) mod groups;
pub(crate) mod rows;

pub(crate) use gradients::{Sums, apply_gradients, sums};
pub(crate) use groups::{moments, normalize};
pub(crate) use rows::{row_gradients, row_normalize};

use groups::{Groups, Scaling};

/// Elements that are worked on side by side at least, so that narrow rows fill the vectors too.
const LANES: usize = 64;

/// How many elements of whole rows are worked on side by side.
fn lanes(channels: usize) -> usize {
    channels * (LANES / channels.max(1)).max(1)
}
