//! What normalisations of groups share.

use crate::{Gradient, Keep, Saved, Var};
use plywood_tensor::{Elem, Float, Groups, Result, Scaling, Tensor};

/// How groups of elements are normalised.
#[derive(Clone)]
pub(super) struct Normalization {
    pub(super) op: &'static str,
    pub(super) groups: Groups,
    pub(super) mean: Tensor,
    pub(super) variance: Tensor,
    /// Whether mean and variance do not depend on the input.
    pub(super) constant: bool,
    pub(super) epsilon: f64,
    pub(super) rectify: bool,
}

impl Normalization {
    fn scaling<'a>(&'a self, weight: &'a Tensor, bias: &'a Tensor) -> Scaling<'a, Elem> {
        let Normalization { mean, variance, epsilon, rectify, .. } = self;
        Scaling { mean, variance, epsilon: *epsilon, weight, bias, rectify: *rectify }
    }

    /// The normalised `x`, recorded with the kernel for its gradient and with what it is by definition; a residual is added
    /// before the activation.
    pub(super) fn apply(
        self,
        [x, weight, bias]: [&Var; 3],
        residual: Option<&Var>,
        definition: impl Fn([&Var; 3]) -> Result<Var> + Send + Sync + 'static,
    ) -> Result<Var> {
        let scaling = self.scaling(weight.value(), bias.value());
        let (op, rectify) = (self.op, self.rectify);
        // Of these, only batch normalisation has an activation in its pass.
        let name = if rectify { "batch_norm_relu" } else { op };
        let finish = move |y: Var| if rectify { y.relu() } else { y };
        let Some(residual) = residual else {
            let y = self.groups.normalize(x.value(), &scaling)?;
            return Ok(Var::record_fused(
                name,
                Keep::Inputs,
                [x, weight, bias],
                y,
                move |inputs, _, g| self.gradients(inputs, g),
                move |inputs| definition(inputs).map(finish),
            ));
        };
        let y = self.groups.normalize_onto(x.value(), residual.value(), &scaling)?;
        // With the gradient of the sum at hand, the rest is as without a residual.
        let sum = Normalization { rectify: false, ..self };
        Ok(Var::record_fused(
            name,
            if rectify { Keep::Both } else { Keep::Inputs },
            [x, weight, bias, residual],
            y,
            move |[x, weight, bias, residual], y, g| {
                let mut g = g.into_value();
                if rectify && let Err(error) = g.combine(op, y.value(), |g, y| g.gate(y > 0.0)) {
                    return [Some(Err(error)), None, None, None];
                }
                let for_residual = residual.wants(|| Ok(g.clone().into()));
                let [for_x, for_weight, for_bias] = sum.gradients([x, weight, bias], g.into());
                [for_x, for_weight, for_bias, for_residual]
            },
            move |[x, weight, bias, residual]| Ok(finish(definition([x, weight, bias])?.add(residual)?)),
        ))
    }

    fn gradients(&self, [x, weight, bias]: [&Saved; 3], g: Var) -> [Gradient; 3] {
        let scaling = self.scaling(weight.value(), bias.value());
        match self.groups.gradients(x.value(), g.into_value(), &scaling, self.constant) {
            Ok([for_x, for_weight, for_bias]) => [
                x.wants(|| Ok(for_x.into())),
                weight.wants(|| Ok(for_weight.into())),
                bias.wants(|| Ok(for_bias.into())),
            ],
            Err(error) => [Some(Err(error)), None, None],
        }
    }
}

/// Distances from the mean over some axes, divided by the deviation.
pub(super) fn standardized(x: &Var, axes: &[isize], epsilon: f64) -> Result<Var> {
    let distance = x.sub(&x.mean_axes(axes, true)?)?;
    let variance = distance.square().mean_axes(axes, true)?;
    distance.div(&deviation(&variance, epsilon))
}

/// `√(variance + epsilon)`.
pub(super) fn deviation(variance: &Var, epsilon: f64) -> Var {
    variance.add_scalar(plywood_tensor::Float::of(epsilon)).sqrt()
}

/// `y ⊙ weight + bias`.
pub(super) fn affine(y: &Var, weight: &Var, bias: &Var) -> Result<Var> {
    y.mul(weight)?.add(bias)
}
