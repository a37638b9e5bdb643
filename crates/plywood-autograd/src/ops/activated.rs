//! The activation behind a layer, which the layer computes in the same pass.

use crate::Var;
use plywood_tensor::{Activation, Float, Result, Tensor};

/// The name of an operation together with the activation in its pass, as a watch is to report it.
macro_rules! named {
    ($op:literal, $activation:expr) => {
        match $activation {
            ::plywood_tensor::Activation::Relu => concat!($op, "_relu"),
            ::plywood_tensor::Activation::Tanh => concat!($op, "_tanh"),
            ::plywood_tensor::Activation::Sigmoid => concat!($op, "_sigmoid"),
            _ => $op,
        }
    };
}
pub(super) use named;

/// The activation as an operation of its own.
pub(super) fn apply(activation: Activation, x: &Var) -> Result<Var> {
    Ok(match activation {
        Activation::Relu => x.relu(),
        Activation::Tanh => x.tanh(),
        Activation::Sigmoid => x.sigmoid(),
        _ => x.clone(),
    })
}

/// The gradient in front of the activation, from that behind it and the result `y`.
pub(super) fn before(op: &'static str, activation: Activation, y: &Tensor, g: Var) -> Result<Tensor> {
    let mut d = g.into_value();
    match activation {
        // Without the sum the compiler would store through a mask, which takes several times as long on many processors.
        Activation::Relu => d.combine(op, y, |g, y| g.gate(y > 0.0) + 0.0)?,
        Activation::Tanh => d.combine(op, y, |g, y| g * (1.0 - y * y))?,
        Activation::Sigmoid => d.combine(op, y, |g, y| g * (y * (1.0 - y)))?,
        _ => {}
    }
    Ok(d)
}
