//! Transposed convolution.

use super::activated::apply;
use super::conv::{conv_weight_gradient, plain};
use crate::{Keep, Var};
use plywood_tensor::{Activation, Conv, Result, Shape, TensorError};

/// Transposed convolution, channels last: every number of `x` adds a kernel to the result, `stride` places apart.
///
/// The map that the gradient of a convolution with these settings is. Of the sizes that this convolution takes to that of `x`
/// the smallest is made, plus `extra` along each axis, below its stride (PyTorch: `output_padding`):
/// `(size − 1) · stride − padding + dilation · (kernel − 1) + 1 + extra`. PyTorch:
/// `torch.nn.functional.conv_transpose1d`, `2d` and `3d`; Keras: `Conv1DTranspose` and so on.
///
/// # Shapes
/// `x [N, .., C]`, `weight [C, O / groups, ..]`, `bias [O]` → `[N, .., O]`
///
/// ```
/// # use plywood_autograd::{Var, ops::{Activation, Conv, conv_transpose}};
/// # use plywood_tensor::Tensor;
/// let x = Var::from(Tensor::from([[[1.0], [10.0]]]));
/// let weight = Var::from(Tensor::from([[[1.0, 2.0]]]));
/// let conv = Conv::new().stride([2]);
/// let y = conv_transpose(&x, &weight, None, &conv, [0; 3], Activation::Identity)?;
/// assert_eq!(y.value().as_slice(), [1.0, 2.0, 10.0, 20.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError::Shape`] if the shapes do not fit each other, or nothing is left of the result behind its padding.
pub fn conv_transpose(
    x: &Var,
    weight: &Var,
    bias: Option<&Var>,
    conv: &Conv,
    extra: [usize; 3],
    activation: Activation,
) -> Result<Var> {
    let op = "conv_transpose";
    let (shape, kernel) = (x.shape(), weight.shape());
    if !(3..=5).contains(&kernel.rank()) {
        let expected = "a weight [inputs, outputs / groups, ..] of 3 to 5 axes".into();
        return Err(TensorError::Shape { op, expected, got: *kernel }.into());
    }
    if shape.rank() != kernel.rank() || shape.last() != kernel.first() {
        let places = ["L", "H, W", "D, H, W"][kernel.rank() - 3];
        let expected = format!("input [N, {places}, {}]", kernel[0]);
        return Err(TensorError::Shape { op, expected, got: *shape }.into());
    }
    let mut output = *shape;
    for i in 0..shape.rank() - 2 {
        let size = conv.transposed_size(i, shape[1 + i], kernel[2 + i], extra[i]);
        let expected = || format!("axis {} that is more than its padding takes away", 1 + i);
        let size = size.ok_or_else(|| TensorError::Shape { op, expected: expected(), got: *shape })?;
        output = output.with(1 + i, size)?;
    }
    let outputs = kernel[1].saturating_mul(conv.groups);
    output = output.with(shape.rank() - 1, outputs)?;
    let mut y = conv_input_gradient(x, weight, conv, &output)?;
    if let Some(bias) = bias {
        if *bias.shape() != [outputs] {
            return Err(
                TensorError::Shape { op, expected: format!("bias [{outputs}]"), got: *bias.shape() }.into()
            );
        }
        y = y.add(bias)?;
    }
    apply(activation, &y)
}

/// The gradient of a convolution for its input of shape `input`, from the gradient for its result.
///
/// Gradient: for `g` the convolution of the incoming one with the weight, for the weight as that of a convolution. PyTorch:
/// `torch.nn.grad.conv2d_input`.
///
/// # Shapes
/// As those of [`conv`](super::conv()): `g [N, .., O]`, `weight [O, C / groups, ..]` → `[N, .., C]`
///
/// ```
/// # use plywood_autograd::{Var, ops::{Conv, conv_input_gradient}};
/// # use plywood_tensor::{Shape, Tensor};
/// let g = Var::from(Tensor::from([[[1.0], [10.0]]]));
/// let difference = Var::from(Tensor::from([[[-1.0, 1.0]]]));
/// let x = conv_input_gradient(&g, &difference, &Conv::new(), &Shape::new(&[1, 3, 1])?)?;
/// assert_eq!(x.value().as_slice(), [-1.0, -9.0, 10.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// As [`conv`](super::conv()).
pub fn conv_input_gradient(g: &Var, weight: &Var, conv: &Conv, input: &Shape) -> Result<Var> {
    let x = g.value().conv_input_gradient(weight.value(), conv, input)?;
    let conv = *conv;
    Ok(Var::record("conv_input_gradient", Keep::Inputs, [g, weight], x, move |[g, weight], _, upstream| {
        [
            g.wants(|| plain(&upstream, weight, conv)),
            weight.wants(|| conv_weight_gradient(&upstream, g, &conv, weight.shape())),
        ]
    }))
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use plywood_tensor::{Array, math};
    const PLAIN: Conv = Conv { padding: [[1; 2]; 3], ..Conv::new() };
    const UNEVEN: Conv = Conv {
        stride: [2, 3, 1],
        padding: [[0, 1], [1, 0], [0, 0]],
        dilation: [1, 2, 1],
        groups: 2,
        exact: false,
    };
    /// The transpose of the naive convolution, from what it does to each input alone.
    fn transpose(g: &Array<f64>, weight: &Array<f64>, conv: &Conv, dims: &[usize]) -> Array<f64> {
        let count = dims.iter().product();
        let value = |at: usize| {
            let mut one = Array::<f64>::zeros(dims).unwrap();
            one.as_mut_slice()[at] = 1.0;
            let y = naive::conv(&one, weight, conv);
            y.as_slice().iter().zip(g.as_slice()).map(|(y, g)| y * g).sum()
        };
        Array::from_vec((0..count).map(value).collect(), dims).unwrap()
    }
    &[
        Row::whole(
            "conv_transpose",
            |x| conv_transpose(&x[0], &x[1], Some(&x[2]), &UNEVEN, [1, 2, 0], Activation::Tanh),
            |x| {
                let size = x[0].shape();
                let dims = [size[0], 2 * size[1], 3 * size[2] + 1, 2 * x[1].shape()[1]];
                (&transpose(&x[0], &x[1], &UNEVEN, &dims) + &x[2]).map(math::tanh)
            },
        )
        .shapes(&[&[&[1, 2, 2, 4], &[4, 1, 2, 2], &[2]], &[&[2, 1, 1, 2], &[2, 2, 2, 2], &[4]]])
        .large(&[&[1, 6, 5, 32], &[32, 4, 2, 2], &[8]])
        .errors(&[
            (
                &[&[1, 2, 2, 3], &[4, 1, 2, 2], &[2]],
                "conv_transpose: expected input [N, H, W, 4], got [1, 2, 2, 3]",
            ),
            (
                &[&[1, 2, 2, 4], &[4, 1], &[2]],
                "conv_transpose: expected a weight [inputs, outputs / groups, ..] of 3 to 5 axes, got [4, 1]",
            ),
            (&[&[1, 2, 2, 4], &[4, 1, 2, 2], &[3]], "conv_transpose: expected bias [2], got [3]"),
            (
                &[&[1, 0, 2, 4], &[4, 1, 2, 2], &[2]],
                "conv_transpose: expected axis 1 that is more than its padding takes away, got [1, 0, 2, 4]",
            ),
        ]),
        Row::whole(
            "conv_transpose",
            |x| conv_transpose(&x[0], &x[1], None, &PLAIN, [0; 3], Activation::Identity),
            |x| {
                let size = x[0].shape();
                let dims = [size[0], size[1], size[2], x[1].shape()[1]];
                transpose(&x[0], &x[1], &PLAIN, &dims)
            },
        )
        .shapes(&[&[&[1, 2, 3, 2], &[2, 3, 3, 3]], &[&[0, 2, 3, 2], &[2, 3, 3, 3]]])
        .large(&[&[1, 6, 5, 40], &[40, 7, 3, 3]]),
        Row::whole(
            "conv_input_gradient",
            |x| {
                let size = x[0].shape();
                conv_input_gradient(&x[0], &x[1], &PLAIN, &Shape::new(&[size[0], size[1], x[1].shape()[1]])?)
            },
            |x| {
                let size = x[0].shape();
                transpose(&x[0], &x[1], &PLAIN, &[size[0], size[1], x[1].shape()[1]])
            },
        )
        .shapes(&[&[&[2, 4, 3], &[3, 2, 3]], &[&[1, 1, 1], &[1, 1, 3]], &[&[0, 4, 3], &[3, 2, 3]]])
        .large(&[&[1, 40, 60], &[60, 10, 3]])
        .errors(&[(
            &[&[2, 4, 3], &[2, 2, 3]],
            "conv_input_gradient: expected a gradient [2, 4, 2], got [2, 4, 3]",
        )]),
    ]
};
