//! Channels of mean 0 and variance 1 over a batch.

use super::normalized::{Normalization, affine, deviation, standardized};
use crate::Var;
use crate::ops::Finish;
use plywood_tensor::{Activation, Groups, Result, Tensor, TensorError};

/// What [`batch_norm`] returns.
#[derive(Debug, Clone)]
pub struct BatchNormalized {
    /// The result.
    pub y: Var,
    /// The mean of each channel over the batch: `[C]`.
    pub mean: Tensor,
    /// The (population) variance of each channel over the batch: `[C]`.
    pub variance: Tensor,
}

/// `y = f((x − mean) / √(variance + ε) ⊙ weight + bias)`, mean and variance those of each channel over the batch; with
/// a [`Finish`] in place of an activation a residual is added before `f`, in the same pass.
///
/// Gradient, with `x̂` the normalised input, `D = g ⊙ f′` and means over the batch:
/// `∂x = (D − mean D − x̂ mean(D x̂)) ⊙ weight / √(variance + ε)`, `∂weight = Σ D x̂`, `∂bias = Σ D`; two visits to `x` and `g`.
///
/// # Shapes
/// `x [N, .., C]`, `weight [C]`, `bias [C]` → `[N, .., C]`
///
/// ```
/// # use plywood_autograd::{Var, ops::{Activation, batch_norm}};
/// # use plywood_tensor::Tensor;
/// let x = Var::from(Tensor::from([[1.0, 0.0], [3.0, 8.0]]));
/// let (weight, bias) = (Tensor::from([1.0, 2.0]).into(), Tensor::from([0.0, 0.5]).into());
/// let found = batch_norm(&x, &weight, &bias, 0.0, Activation::Identity)?;
/// assert_eq!(found.y.value().as_slice(), [-1.0, -1.5, 1.0, 2.5]);
/// assert_eq!(found.variance.as_slice(), [1.0, 16.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError::Shape`] if the shapes do not fit each other.
///
/// # References
/// PyTorch: `torch.nn.functional.batch_norm` with `training=True`. Ioffe and Szegedy, *Batch normalization: accelerating
/// deep network training by reducing internal covariate shift*, 2015.
pub fn batch_norm<'a>(
    x: &Var,
    weight: &Var,
    bias: &Var,
    epsilon: f64,
    finish: impl Into<Finish<'a>>,
) -> Result<BatchNormalized> {
    let Finish { residual, activation } = finish.into();
    let groups = Groups::of_batch("batch_norm", x.shape())?;
    let [mean, variance] = groups.moments(x.value())?;
    let channels = mean.numel();
    let found = (mean.reshape([channels])?, variance.reshape([channels])?);
    let (rectify, constant) = (activation == Activation::Relu, false);
    let norm = Normalization { op: "batch_norm", groups, mean, variance, constant, epsilon, rectify };
    let y = norm.apply([x, weight, bias], residual, move |[x, weight, bias]| {
        let axes: Vec<isize> = (0..x.shape().rank() as isize - 1).collect();
        affine(&standardized(x, &axes, epsilon)?, weight, bias)
    })?;
    Ok(BatchNormalized { y: activated(y, activation), mean: found.0, variance: found.1 })
}

/// As [`batch_norm`], with a mean and a variance that are given and do not depend on `x`: running statistics.
///
/// Gradient: `∂x = D ⊙ weight / √(variance + ε)`, the others as there.
///
/// # Shapes
/// `x [N, .., C]`, all others `[C]` → `[N, .., C]`
///
/// ```
/// # use plywood_autograd::{Var, ops::{Activation, batch_norm_by}};
/// # use plywood_tensor::Tensor;
/// let (mean, variance) = (Tensor::from([1.0]), Tensor::from([4.0]));
/// let (weight, bias) = (Tensor::from([3.0]).into(), Tensor::from([0.5]).into());
/// let x = Var::from(Tensor::from([[5.0], [-3.0]]));
/// let y = batch_norm_by([&mean, &variance], &x, &weight, &bias, 0.0, Activation::Relu)?;
/// assert_eq!(y.value().as_slice(), [6.5, 0.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError::Shape`] if the shapes do not fit each other.
///
/// # References
/// PyTorch: `torch.nn.functional.batch_norm` with `training=False`.
pub fn batch_norm_by<'a>(
    [mean, variance]: [&Tensor; 2],
    x: &Var,
    weight: &Var,
    bias: &Var,
    epsilon: f64,
    finish: impl Into<Finish<'a>>,
) -> Result<Var> {
    let Finish { residual, activation } = finish.into();
    let groups = Groups::of_batch("batch_norm", x.shape())?;
    for (statistic, what) in [(mean, "a mean"), (variance, "a variance")] {
        let channels = x.shape()[x.shape().rank() - 1];
        if *statistic.shape() != [channels] {
            let expected = format!("{what} of shape [{channels}]");
            return Err(TensorError::Shape { op: "batch_norm", expected, got: *statistic.shape() }.into());
        }
    }
    let (centre, spread) = (Var::constant(mean.clone()), Var::constant(variance.clone()));
    let (mean, variance) = (mean.reshape([1, mean.numel()])?, variance.reshape([1, variance.numel()])?);
    let (rectify, constant) = (activation == Activation::Relu, true);
    let norm = Normalization { op: "batch_norm", groups, mean, variance, constant, epsilon, rectify };
    let y = norm.apply([x, weight, bias], residual, move |[x, weight, bias]| {
        affine(&x.sub(&centre)?.div(&deviation(&spread, epsilon))?, weight, bias)
    })?;
    Ok(activated(y, activation))
}

/// What the kernel does not do in its own pass.
fn activated(y: Var, activation: Activation) -> Var {
    match activation {
        Activation::Tanh => y.tanh(),
        Activation::Sigmoid => y.sigmoid(),
        _ => y,
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use plywood_tensor::Array;
    /// Large, so that second derivatives stay near 1 where a variance is small.
    const EPSILON: f64 = 0.5;
    const SHAPES: &[&[&[usize]]] = &[
        &[&[4, 3], &[3], &[3]],
        &[&[2, 3, 2], &[2], &[2]],
        &[&[1, 1], &[1], &[1]],
        &[&[0, 2], &[2], &[2]],
        &[&[2, 2, 1, 17], &[17], &[17]],
    ];
    const FEW: &[&[&[usize]]] = &[&[&[4, 3], &[3], &[3]], &[&[2, 3, 2], &[2], &[2]], &[&[1, 1], &[1], &[1]]];
    const LARGE: &[&[usize]] = &[&[3, 50, 20, 33], &[33], &[33]];
    fn scaled(x: &[Array<f64>], centred: &Array<f64>, variance: &Array<f64>) -> Array<f64> {
        let y = naive::pair(centred, variance, |x, v| x / (v + EPSILON).sqrt());
        &(&y * &x[1]) + &x[2]
    }
    fn normal(x: &[Array<f64>]) -> Array<f64> {
        let axes: Vec<usize> = (0..x[0].shape().rank() - 1).collect();
        let centred = naive::pair(&x[0], &naive::mean(&x[0], &axes, true), |x, m| x - m);
        scaled(x, &centred, &naive::variance(&x[0], &axes, 0.0, true))
    }
    fn statistics(channels: usize) -> [Tensor; 2] {
        [Tensor::full([channels], 0.25).unwrap(), Tensor::full([channels], 1.75).unwrap()]
    }
    fn by(x: &[Var], activation: Activation) -> Result<Var> {
        let [mean, variance] = statistics(x[1].shape()[0]);
        batch_norm_by([&mean, &variance], &x[0], &x[1], &x[2], EPSILON, activation)
    }
    fn fixed(x: &[Array<f64>]) -> Array<f64> {
        scaled(x, &x[0].map(|x| x - 0.25), &Array::from(1.75))
    }
    fn onto(residual: &Var, activation: Activation) -> Finish<'_> {
        Finish { residual: Some(residual), activation }
    }
    const ONTO: &[&[&[usize]]] = &[
        &[&[4, 3], &[3], &[3], &[4, 3]],
        &[&[2, 3, 2], &[2], &[2], &[2, 3, 2]],
        &[&[0, 2], &[2], &[2], &[0, 2]],
    ];
    const ONTO_LARGE: &[&[usize]] = &[&[3, 50, 20, 33], &[33], &[33], &[3, 50, 20, 33]];
    &[
        Row::whole(
            "batch_norm",
            |x| Ok(batch_norm(&x[0], &x[1], &x[2], EPSILON, Activation::Identity)?.y),
            normal,
        )
        .shapes(SHAPES)
        .large(LARGE)
        .errors(&[
            (&[&[3], &[3], &[3]], "batch_norm: expected [N, .., C], got [3]"),
            (&[&[2, 3], &[2], &[3]], "batch_norm: expected a weight of shape [3], got [2]"),
            (&[&[2, 3], &[3], &[1]], "batch_norm: expected a bias of shape [3], got [1]"),
        ]),
        // Normalised, no element is far from 0: a large bias keeps all clear of the kink, on either side.
        Row::whole(
            "batch_norm",
            |x| Ok(batch_norm(&x[0], &x[1], &x[2], EPSILON, Activation::Relu)?.y),
            |x| normal(x).map(|y| y.max(0.0)),
        )
        .shapes(FEW)
        .large(LARGE)
        .domain(&[(-2.0, 2.0), (-1.0, 1.0), (4.0, 5.0)]),
        Row::whole(
            "batch_norm",
            |x| Ok(batch_norm(&x[0], &x[1], &x[2], EPSILON, Activation::Relu)?.y),
            |x| normal(x).map(|y| y.max(0.0)),
        )
        .shapes(FEW)
        .large(LARGE)
        .domain(&[(-2.0, 2.0), (-1.0, 1.0), (-5.0, -4.0)]),
        Row::whole(
            "batch_norm",
            |x| Ok(batch_norm(&x[0], &x[1], &x[2], EPSILON, Activation::Tanh)?.y),
            |x| normal(x).map(plywood_tensor::math::tanh),
        )
        .shapes(FEW)
        .large(LARGE),
        // With a residual, which is far from 0 on either side.
        Row::whole(
            "batch_norm",
            |x| Ok(batch_norm(&x[0], &x[1], &x[2], EPSILON, onto(&x[3], Activation::Identity))?.y),
            |x| &normal(x) + &x[3],
        )
        .shapes(ONTO)
        .large(ONTO_LARGE)
        .errors(&[(&[&[2, 3], &[3], &[3], &[2, 1]], "batch_norm: expected [2, 3], got [2, 1]")]),
        Row::whole(
            "batch_norm",
            |x| Ok(batch_norm(&x[0], &x[1], &x[2], EPSILON, onto(&x[3], Activation::Relu))?.y),
            |x| (&normal(x) + &x[3]).map(|y| y.max(0.0)),
        )
        .shapes(ONTO)
        .large(ONTO_LARGE)
        .domain(&[(-2.0, 2.0), (-1.0, 1.0), (-1.0, 1.0), (5.0, 6.0)]),
        Row::whole(
            "batch_norm",
            |x| Ok(batch_norm(&x[0], &x[1], &x[2], EPSILON, onto(&x[3], Activation::Tanh))?.y),
            |x| (&normal(x) + &x[3]).map(plywood_tensor::math::tanh),
        )
        .shapes(ONTO)
        .large(ONTO_LARGE),
        Row::whole(
            "batch_norm_by",
            |x| {
                let [mean, variance] = statistics(x[1].shape()[0]);
                let finish = onto(&x[3], Activation::Relu);
                batch_norm_by([&mean, &variance], &x[0], &x[1], &x[2], EPSILON, finish)
            },
            |x| (&fixed(x) + &x[3]).map(|y| y.max(0.0)),
        )
        .shapes(ONTO)
        .large(ONTO_LARGE)
        .domain(&[(-2.0, 2.0), (-1.0, 1.0), (-1.0, 1.0), (-6.0, -5.0)]),
        Row::whole("batch_norm_by", |x| by(x, Activation::Identity), fixed)
            .shapes(SHAPES)
            .large(LARGE)
            .errors(&[
                (&[&[3], &[3], &[3]], "batch_norm: expected [N, .., C], got [3]"),
                (&[&[2, 3], &[2], &[3]], "batch_norm: expected a mean of shape [3], got [2]"),
            ]),
        Row::whole("batch_norm_by", |x| by(x, Activation::Relu), |x| fixed(x).map(|y| y.max(0.0)))
            .shapes(FEW)
            .large(LARGE)
            .domain(&[(-2.0, 2.0), (-1.0, 1.0), (4.0, 5.0)]),
        Row::whole(
            "batch_norm_by",
            |x| by(x, Activation::Sigmoid),
            |x| fixed(x).map(|y| 1.0 / (1.0 + plywood_tensor::math::exp(-y))),
        )
        .shapes(FEW)
        .large(LARGE),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grad;
    use plywood_tensor::Seed;

    /// Differences cannot cross the kink; the kernel and the operations agree on either side of it.
    #[test]
    fn the_kernel_and_the_operations_agree_where_some_are_rectified() {
        let stream = Seed(2).stream();
        let x = Var::variable(Tensor::normal([40, 3, 21], 3.0, 2.0, &stream).unwrap());
        let weight = Var::variable(Tensor::normal([21], 0.0, 1.0, &stream.at(1)).unwrap());
        let bias = Var::variable(Tensor::normal([21], 0.0, 1.0, &stream.at(2)).unwrap());
        let residual = Var::variable(Tensor::normal([40, 3, 21], 0.0, 1.0, &stream.at(3)).unwrap());
        for residual in [None, Some(&residual)] {
            let slopes = |create_graph| {
                let finish = Finish { residual, activation: Activation::Relu };
                let y = batch_norm(&x, &weight, &bias, 1e-5, finish).unwrap().y;
                let mut inputs = vec![&x, &weight, &bias];
                inputs.extend(residual);
                grad(&y.mul(&y).unwrap().sum(), &inputs, create_graph).unwrap()
            };
            for (kernel, operations) in slopes(false).iter().zip(&slopes(true)) {
                assert!(
                    kernel.value().all_close(operations.value(), 1e-3, 2e-4),
                    "{kernel:?} {operations:?}"
                );
            }
        }
    }
}
