//! The penalties, one to a file.

pub(crate) mod elastic_net;
pub(crate) mod l1;
pub(crate) mod l2;

use crate::LossError;
use plywood_tensor::{Elem, Float, Result};

/// The strength of a penalty as an element, if it makes sense.
fn strength(op: &'static str, strength: f64) -> Result<Elem> {
    // Written so that a NaN is refused.
    if strength >= 0.0 && strength.is_finite() {
        Ok(Elem::of(strength))
    } else {
        let (expected, got) = ("a strength of at least 0", strength.to_string());
        Err(LossError::Setting { op, expected, got }.into())
    }
}
