//! Samples of mean 0 and variance 1.

use super::normalized::{affine, standardized};
use crate::{Gradient, Keep, Saved, Var};
use plywood_tensor::{Elem, Result, RowStatistics};

/// `y = (x − mean) / √(variance + ε) ⊙ weight + bias`, mean and variance over the last axes, those of the weight.
///
/// Gradient, with `x̂` the normalised input, `D = g ⊙ weight` and means over those axes:
/// `∂x = (D − mean D − x̂ mean(D x̂)) / √(variance + ε)`, `∂weight = Σ g x̂`, `∂bias = Σ g`, in one visit.
///
/// # Shapes
/// `x [.., S]`, `weight [S]`, `bias [S]` → `[.., S]`, where `S` is one axis or several
///
/// ```
/// # use plywood_autograd::{Var, ops::layer_norm};
/// # use plywood_tensor::Tensor;
/// let x = Var::from(Tensor::from([[1.0, 3.0], [8.0, 0.0]]));
/// let (weight, bias) = (Tensor::from([1.0, 2.0]).into(), Tensor::zeros([2])?.into());
/// assert_eq!(layer_norm(&x, &weight, &bias, 0.0)?.value().as_slice(), [-1.0, 2.0, 1.0, -2.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError::Shape`](plywood_tensor::TensorError::Shape) if the shapes do not fit each other.
///
/// # References
/// PyTorch: `torch.nn.functional.layer_norm`. Ba, Kiros and Hinton, *Layer normalization*, 2016.
pub fn layer_norm(x: &Var, weight: &Var, bias: &Var, epsilon: f64) -> Result<Var> {
    let (y, statistics) = x.value().normalize_rows(weight.value(), bias.value(), epsilon, true)?;
    Ok(Var::record_fused(
        "layer_norm",
        Keep::Inputs,
        [x, weight, bias],
        y,
        move |[x, weight, bias], _, g| {
            let [for_x, for_weight, for_bias] = gradients(&statistics, [x, weight], g);
            [for_x, for_weight, bias.is_wanted().then_some(for_bias).flatten()]
        },
        move |[x, weight, bias]| {
            let axes: Vec<isize> = (1..=weight.shape().rank() as isize).map(|axis| -axis).collect();
            affine(&standardized(x, &axes, epsilon)?, weight, bias)
        },
    ))
}

/// For the input, the weight and the bias; the last whether it is wanted or not.
pub(super) fn gradients(statistics: &RowStatistics<Elem>, [x, weight]: [&Saved; 2], g: Var) -> [Gradient; 3] {
    match statistics.row_gradients(x.value(), g.into_value(), weight.value()) {
        Ok([for_x, for_weight, for_bias]) => {
            [x.wants(|| Ok(for_x.into())), weight.wants(|| Ok(for_weight.into())), Some(Ok(for_bias.into()))]
        }
        Err(error) => [Some(Err(error)), None, None],
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use plywood_tensor::Array;
    const EPSILON: f64 = 0.5;
    fn normal(x: &[Array<f64>]) -> Array<f64> {
        let (rank, own) = (x[0].shape().rank(), x[1].shape().rank());
        let axes: Vec<usize> = (rank - own..rank).collect();
        let centred = naive::pair(&x[0], &naive::mean(&x[0], &axes, true), |x, m| x - m);
        let variance = naive::variance(&x[0], &axes, 0.0, true);
        let y = naive::pair(&centred, &variance, |x, v| x / (v + EPSILON).sqrt());
        &(&y * &x[1]) + &x[2]
    }
    &[Row::whole("layer_norm", |x| layer_norm(&x[0], &x[1], &x[2], EPSILON), normal)
        .shapes(&[
            &[&[2, 3], &[3], &[3]],
            &[&[3], &[3], &[3]],
            &[&[2, 2, 3], &[2, 3], &[2, 3]],
            &[&[2, 1], &[1], &[1]],
            &[&[0, 3], &[3], &[3]],
            &[&[2, 33], &[33], &[33]],
        ])
        .large(&[&[400, 200], &[200], &[200]])
        .errors(&[
            (&[&[2, 3], &[2], &[2]], "layer_norm: expected a tensor that ends with [2], got [2, 3]"),
            (&[&[2, 3], &[3], &[2]], "layer_norm: expected a bias of shape [3], got [2]"),
            (&[&[2, 3], &[], &[]], "layer_norm: expected a tensor that ends with [], got [2, 3]"),
        ])]
};
