//! What normalisations share: their ε, and what they multiply by and add.

use crate::{Context, Initial, Initializer, NnError};
use plywood_autograd::{Param, Var};
use plywood_tensor::{Elem, Float, Result, Shape, Tensor};

/// Refuses an ε that cannot keep a square root away from 0.
pub(super) fn check_epsilon(layer: &str, epsilon: f64) -> Result<()> {
    if epsilon >= 0.0 && epsilon.is_finite() {
        return Ok(());
    }
    let (layer, expected) = (layer.to_owned(), "an epsilon of at least 0".to_owned());
    Err(NnError::Setting { layer, expected, got: epsilon.to_string() }.into())
}

/// Weight and bias, each if asked for: at first they change nothing.
pub(super) fn parameters(
    [weight, bias]: [bool; 2],
    shape: &Shape,
    initial: &Initial<'_>,
) -> Result<[Option<Param>; 2]> {
    let param = |there: bool, name, value| {
        there.then(|| initial.param(name, *shape, Initializer::Constant { value })).transpose()
    };
    Ok([param(weight, "weight", 1.0)?, param(bias, "bias", 0.0)?])
}

/// A parameter as it enters the computation, or the same number everywhere.
pub(super) fn or_constant(cx: &Context, param: Option<&Param>, shape: &Shape, value: f64) -> Result<Var> {
    match param {
        Some(param) => Ok(cx.parameter(param)),
        None => Tensor::full(shape, Elem::of(value)).map(Var::constant),
    }
}
