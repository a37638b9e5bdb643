//! Numbers of inputs and outputs.

use crate::NnError;
use plywood_tensor::{Result, Shape};
use serde::{Deserialize, Serialize};

/// Which number of connections scales an [`Initializer`](crate::Initializer).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Fan {
    /// The inputs of one unit: the variance of values stays the same from layer to layer.
    #[default]
    In,
    /// The outputs that one input reaches: the variance of gradients stays the same.
    Out,
    /// The mean of both.
    Mean,
}

impl Fan {
    /// The number for a weight `[out, in, ..receptive]`.
    ///
    /// # Errors
    /// [`NnError::Setting`] for fewer than two axes.
    pub fn of(self, weight: &Shape) -> Result<f64> {
        let &[outputs, inputs, ref receptive @ ..] = &**weight else {
            let (layer, expected) = ("Initializer".into(), "a weight [out, in, ..] to count its fan".into());
            return Err(NnError::Setting { layer, expected, got: weight.to_string() }.into());
        };
        let field = receptive.iter().product::<usize>() as f64;
        Ok(match self {
            Fan::In => inputs as f64 * field,
            Fan::Out => outputs as f64 * field,
            Fan::Mean => (inputs + outputs) as f64 * field / 2.0,
        })
    }
}
