//! The fully connected layer in one operation.

use super::activated::{apply, before, named};
use crate::{Gradient, Keep, Saved, Var};
use plywood_tensor::{Activation, Result, Tensor, Transposed};

/// `Y = f(X Wᵀ + b)`: product, bias and activation in one operation.
///
/// Gradient, with `D = G ⊙ f′`: `∂X = D W`, `∂W = Dᵀ X`, `∂b = Σ D` over all axes but the last.
/// PyTorch: `torch.nn.functional.linear`, followed by the activation.
///
/// # Shapes
/// `x [.., in]`, `weight [out, in]`, `bias [out]` → `[.., out]`
///
/// ```
/// # use plywood_autograd::{Var, ops::{Activation, linear}};
/// # use plywood_tensor::Tensor;
/// let x = Var::from(Tensor::from([[1.0, 2.0]]));
/// let weight = Var::from(Tensor::from([[3.0, 4.0], [-5.0, 0.0]]));
/// let bias = Var::from(Tensor::from([0.5, 1.0]));
/// let y = linear(&x, &weight, Some(&bias), Activation::Relu)?;
/// assert_eq!(y.value().as_slice(), [11.5, 0.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError::Shape`](plywood_tensor::TensorError::Shape) if the shapes do not fit each other.
pub fn linear(x: &Var, weight: &Var, bias: Option<&Var>, activation: Activation) -> Result<Var> {
    let y = x.value().linear(weight.value(), bias.map(Var::value), activation)?;
    let op = named!("linear", activation);
    Ok(match bias {
        Some(bias) => Var::record_fused(
            op,
            Keep::Both,
            [x, weight, bias],
            y,
            move |[x, weight, bias], y, g| {
                let [for_x, for_weight, for_bias] = backward(x, weight, Some(bias), y, g, activation);
                [for_x, for_weight, for_bias]
            },
            move |[x, weight, bias]| apply(activation, &product(x, weight)?.add(bias)?),
        ),
        None => Var::record_fused(
            op,
            Keep::Both,
            [x, weight],
            y,
            move |[x, weight], y, g| {
                let [for_x, for_weight, _] = backward(x, weight, None, y, g, activation);
                [for_x, for_weight]
            },
            move |[x, weight]| apply(activation, &product(x, weight)?),
        ),
    })
}

/// All axes but the last as one.
fn rows(x: &Var) -> Result<Tensor> {
    let last = x.shape()[x.shape().rank() - 1];
    let count: usize = x.shape()[..x.shape().rank() - 1].iter().product();
    x.value().reshape([count, last])
}

fn backward(
    x: &Saved,
    weight: &Saved,
    bias: Option<&Saved>,
    y: &Saved,
    g: Var,
    activation: Activation,
) -> [Gradient; 3] {
    let outputs = weight.shape()[0];
    let prepare = || {
        let d = before("linear", activation, y.value(), g)?;
        d.reshape([d.numel() / outputs.max(1), outputs])
    };
    let d = match prepare() {
        Ok(d) => d,
        Err(error) => return [Some(Err(error)), None, None],
    };
    [
        x.wants(|| d.matmul(weight.value())?.reshape(x.shape()).map(Var::constant)),
        weight.wants(|| d.matmul_with(&rows(x)?, Transposed::Left).map(Var::constant)),
        bias.and_then(|bias| bias.wants(|| d.sum_axes(&[0], false).map(Var::constant))),
    ]
}

/// `X Wᵀ` by simple operations.
fn product(x: &Var, weight: &Var) -> Result<Var> {
    // A vector is a matrix of one row, for as long as the product takes.
    let y = match x.shape().rank() {
        1 => x
            .reshape([1, x.shape()[0]])?
            .matmul_with(weight, Transposed::Right)?
            .reshape([weight.shape()[0]])?,
        _ => x.matmul_with(weight, Transposed::Right)?,
    };
    Ok(y)
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use plywood_tensor::math;
    const SHAPES: &[&[&[usize]]] = &[
        &[&[4, 3], &[2, 3], &[2]],
        &[&[2, 2, 3], &[5, 3], &[5]],
        &[&[3], &[2, 3], &[2]],
        &[&[0, 3], &[2, 3], &[2]],
    ];
    const LARGE: &[&[usize]] = &[&[130, 200], &[190, 200], &[190]];
    fn affine(x: &[plywood_tensor::Array<f64>], f: fn(f64) -> f64) -> plywood_tensor::Array<f64> {
        let (rows, inputs) = (x[0].numel() / x[1].shape()[1], x[1].shape()[1]);
        let y = naive::matmul(&x[0].reshape([rows, inputs]).unwrap(), &x[1].transpose().unwrap());
        let shape = x[0].shape().with(x[0].shape().rank() - 1, x[1].shape()[0]).unwrap();
        (&y + &x[2]).map(f).reshape(shape).unwrap()
    }
    &[
        Row::whole(
            "linear",
            |x| linear(&x[0], &x[1], Some(&x[2]), Activation::Identity),
            |x| affine(x, |y| y),
        )
        .shapes(SHAPES)
        .large(LARGE)
        .errors(&[
            (&[&[4, 2], &[2, 3], &[2]], "linear: expected input [.., 3], got [4, 2]"),
            (&[&[4, 3], &[2, 3], &[3]], "linear: expected bias [2], got [3]"),
            (&[&[4, 3], &[3], &[3]], "linear: expected a weight of two axes, got [3]"),
        ]),
        Row::whole(
            "linear",
            |x| linear(&x[0], &x[1], Some(&x[2]), Activation::Relu),
            |x| affine(x, |y| y.max(0.0)),
        )
        .shapes(SHAPES)
        .large(LARGE)
        // Sums of a bias above 4 and products within ±3 stay clear of the kink.
        .domain(&[(-1.0, 1.0), (-1.0, 1.0), (4.0, 5.0)]),
        Row::whole(
            "linear",
            |x| linear(&x[0], &x[1], Some(&x[2]), Activation::Relu),
            |x| affine(x, |y| y.max(0.0)),
        )
        .shapes(SHAPES)
        .large(LARGE)
        .domain(&[(-1.0, 1.0), (-1.0, 1.0), (-5.0, -4.0)]),
        Row::whole(
            "linear",
            |x| linear(&x[0], &x[1], Some(&x[2]), Activation::Tanh),
            |x| affine(x, math::tanh),
        )
        .shapes(SHAPES)
        .large(LARGE),
        Row::whole(
            "linear",
            |x| linear(&x[0], &x[1], Some(&x[2]), Activation::Sigmoid),
            |x| affine(x, |y| 1.0 / (1.0 + math::exp(-y))),
        )
        .shapes(SHAPES)
        .large(LARGE),
        Row::whole(
            "linear",
            |x| linear(&x[0], &x[1], None, Activation::Tanh),
            |x| naive::matmul(&x[0], &x[1].transpose().unwrap()).map(math::tanh),
        )
        .shapes(&[&[&[4, 3], &[2, 3]]])
        .large(&[&[130, 200], &[190, 200]]),
    ]
};
