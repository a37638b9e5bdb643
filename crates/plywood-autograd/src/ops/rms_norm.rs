//! Samples of mean square 1.

use super::layer_norm::gradients;
use super::normalized::deviation;
use crate::{Keep, Var};
use plywood_tensor::Result;

/// `y = x / √(mean(x²) + ε) ⊙ weight`, the mean over the last axes, those of the weight.
///
/// Gradient, with `x̂` the normalised input, `D = g ⊙ weight` and means over those axes:
/// `∂x = (D − x̂ mean(D x̂)) / √(mean(x²) + ε)`, `∂weight = Σ g x̂`, in one visit.
///
/// # Shapes
/// `x [.., S]`, `weight [S]` → `[.., S]`, where `S` is one axis or several
///
/// ```
/// # use plywood_autograd::{Var, ops::rms_norm};
/// # use plywood_tensor::Tensor;
/// let x = Var::from(Tensor::from([[3.0, -3.0], [0.0, 0.0]]));
/// assert_eq!(rms_norm(&x, &Tensor::from([1.0, 2.0]).into(), 1e-30)?.value().as_slice(), [1.0, -2.0, 0.0, 0.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError::Shape`](plywood_tensor::TensorError::Shape) if the shapes do not fit each other.
///
/// # References
/// PyTorch: `torch.nn.functional.rms_norm`. Zhang and Sennrich, *Root mean square layer normalization*, 2019.
pub fn rms_norm(x: &Var, weight: &Var, epsilon: f64) -> Result<Var> {
    let nothing = weight.value().zeros_like();
    let (y, statistics) = x.value().normalize_rows(weight.value(), &nothing, epsilon, false)?;
    Ok(Var::record_fused(
        "rms_norm",
        Keep::Inputs,
        [x, weight],
        y,
        move |[x, weight], _, g| {
            let [for_x, for_weight, _] = gradients(&statistics, [x, weight], g);
            [for_x, for_weight]
        },
        move |[x, weight]| {
            let axes: Vec<isize> = (1..=weight.shape().rank() as isize).map(|axis| -axis).collect();
            x.div(&deviation(&x.square().mean_axes(&axes, true)?, epsilon))?.mul(weight)
        },
    ))
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use plywood_tensor::Array;
    const EPSILON: f64 = 0.5;
    fn normal(x: &[Array<f64>]) -> Array<f64> {
        let (rank, own) = (x[0].shape().rank(), x[1].shape().rank());
        let axes: Vec<usize> = (rank - own..rank).collect();
        let square = naive::mean(&x[0].square(), &axes, true);
        &naive::pair(&x[0], &square, |x, s| x / (s + EPSILON).sqrt()) * &x[1]
    }
    &[Row::whole("rms_norm", |x| rms_norm(&x[0], &x[1], EPSILON), normal)
        .shapes(&[
            &[&[2, 3], &[3]],
            &[&[3], &[3]],
            &[&[2, 2, 3], &[2, 3]],
            &[&[2, 1], &[1]],
            &[&[0, 3], &[3]],
            &[&[2, 33], &[33]],
        ])
        .large(&[&[400, 200], &[200]])
        .errors(&[(&[&[2, 3], &[2]], "rms_norm: expected a tensor that ends with [2], got [2, 3]")])]
};
