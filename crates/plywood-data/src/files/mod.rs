//! Files of images, labels and arrays.

pub(crate) mod bytes;
pub(crate) mod idx;
pub(crate) mod npy;
pub(crate) mod npz;
mod problem;
mod zip;

use plywood_tensor::{Elem, Float};

pub use problem::FileProblem;

/// What a number of a file may be that becomes one of a tensor.
const FITS: &str = "a number that a tensor can hold";

/// The number in the width of the build, or what it is if that makes a finite number infinite.
fn narrowed(wide: f64) -> Result<Elem, String> {
    let x = Elem::of(wide);
    if x.is_finite() || !wide.is_finite() { Ok(x) } else { Err(format!("{wide:e}")) }
}
