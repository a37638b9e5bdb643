//! Groups of channels of mean 0 and variance 1 in each image.

use super::normalized::{Normalization, affine, standardized};
use crate::Var;
use plywood_tensor::{Groups, Result};

/// `y = (x − mean) / √(variance + ε) ⊙ weight + bias`, mean and variance those of each group of channels in each sample.
///
/// One group is layer normalisation of images, a group for each channel instance normalisation.
///
/// Gradient: as [`batch_norm`](super::batch_norm()), with means over the group.
///
/// # Shapes
/// `x [N, .., C]`, `weight [C]`, `bias [C]` → `[N, .., C]`
///
/// ```
/// # use plywood_autograd::{Var, ops::group_norm};
/// # use plywood_tensor::Tensor;
/// let x = Var::from(Tensor::from([[1.0, 3.0, 0.0, 8.0]]));
/// let (weight, bias) = (Tensor::ones([4])?.into(), Tensor::zeros([4])?.into());
/// assert_eq!(group_norm(&x, 2, &weight, &bias, 0.0)?.value().as_slice(), [-1.0, 1.0, -1.0, 1.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError::Shape`](plywood_tensor::TensorError::Shape) if the shapes do not fit each other, or the channels cannot
/// be divided.
///
/// # References
/// PyTorch: `torch.nn.functional.group_norm` and `instance_norm`, with the channels first. Wu and He, *Group
/// normalization*, 2018. Ulyanov, Vedaldi and Lempitsky, *Instance normalization*, 2016.
#[doc(alias = "instance_norm")]
pub fn group_norm(x: &Var, groups: usize, weight: &Var, bias: &Var, epsilon: f64) -> Result<Var> {
    let of = Groups::of_samples("group_norm", x.shape(), groups)?;
    let [mean, variance] = of.moments(x.value())?;
    let (op, constant, rectify) = ("group_norm", false, false);
    let norm = Normalization { op, groups: of, mean, variance, constant, epsilon, rectify };
    norm.apply([x, weight, bias], None, move |[x, weight, bias]| {
        let shape = x.shape();
        let channels = shape[shape.rank() - 1];
        let rows = shape[1..shape.rank() - 1].iter().product();
        let apart = x.reshape([shape[0], rows, groups, channels / groups])?;
        affine(&standardized(&apart, &[1, 3], epsilon)?.reshape(shape)?, weight, bias)
    })
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use plywood_tensor::Array;
    const EPSILON: f64 = 0.5;
    fn normal(x: &[Array<f64>], groups: usize) -> Array<f64> {
        let d = x[0].shape();
        let channels = d[d.rank() - 1];
        let rows = d[1..d.rank() - 1].iter().product();
        let apart = x[0].reshape([d[0], rows, groups, channels / groups]).unwrap();
        let centred = naive::pair(&apart, &naive::mean(&apart, &[1, 3], true), |x, m| x - m);
        let variance = naive::variance(&apart, &[1, 3], 0.0, true);
        let y = naive::pair(&centred, &variance, |x, v| x / (v + EPSILON).sqrt());
        &(&y.reshape(d).unwrap() * &x[1]) + &x[2]
    }
    &[
        Row::whole("group_norm", |x| group_norm(&x[0], 2, &x[1], &x[2], EPSILON), |x| normal(x, 2))
            .shapes(&[
                &[&[2, 3, 4], &[4], &[4]],
                &[&[3, 6], &[6], &[6]],
                &[&[1, 1, 2], &[2], &[2]],
                &[&[0, 3, 2], &[2], &[2]],
                &[&[1, 2, 2, 34], &[34], &[34]],
            ])
            .large(&[&[3, 50, 20, 34], &[34], &[34]])
            .errors(&[
                (&[&[4], &[4], &[4]], "group_norm: expected [N, .., C], got [4]"),
                (&[&[2, 3], &[3], &[3]], "group_norm: expected channels in 2 groups, got [2, 3]"),
                (&[&[2, 4], &[2], &[4]], "group_norm: expected a weight of shape [4], got [2]"),
            ]),
        Row::whole(
            "group_norm",
            |x| group_norm(&x[0], x[1].shape()[0], &x[1], &x[2], EPSILON),
            |x| normal(x, x[1].numel()),
        )
        .shapes(&[&[&[2, 3, 2], &[2], &[2]], &[&[1, 2, 2, 3], &[3], &[3]]])
        .large(&[&[30, 50, 20, 3], &[3], &[3]]),
    ]
};
