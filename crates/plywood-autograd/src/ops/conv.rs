//! Convolution.

use super::activated::{apply, before, named};
use super::conv_transpose::conv_input_gradient;
use crate::{Gradient, Keep, Saved, Var};
use plywood_tensor::{Activation, Conv, Result, Shape, math};

/// Convolution, channels last, with bias and activation in one operation:
/// `y[n, p, o] = f(Σ x[n, p · stride + k · dilation − padding, i] w[o, i, k] + b[o])`.
///
/// Gradient, with `D = G ⊙ f′`: for `x` the transposed convolution of `D` with the weight, for the weight the sum over all
/// places of `x` times `D`, for the bias the sum of `D`. PyTorch: `torch.nn.functional.conv1d`, `conv2d` and `conv3d`, whose
/// channels come second; Keras: `Conv1D`, `Conv2D`, `Conv3D`, whose kernels are `[.., in, out]`.
///
/// # Shapes
/// `x [N, .., C]`, `weight [O, C / groups, ..]` with one to three axes in place of the dots, `bias [O]` → `[N, .., O]`, sizes as
/// [`Conv::output_size`] says.
///
/// ```
/// # use plywood_autograd::{Var, ops::{Activation, Conv, conv}};
/// # use plywood_tensor::Tensor;
/// let x = Var::from(Tensor::from([[[1.0], [2.0], [4.0]]]));
/// let difference = Var::from(Tensor::from([[[-1.0, 1.0]]]));
/// let y = conv(&x, &difference, None, &Conv::new(), Activation::Identity)?;
/// assert_eq!(y.value().as_slice(), [1.0, 2.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError::Shape`](plywood_tensor::TensorError::Shape) if the shapes do not fit each other, or the kernel the input.
pub fn conv(x: &Var, weight: &Var, bias: Option<&Var>, conv: &Conv, activation: Activation) -> Result<Var> {
    let rectify = activation == Activation::Relu;
    let mut y = x.value().conv(weight.value(), bias.map(Var::value), conv, rectify)?;
    match activation {
        Activation::Tanh => y.map_in_place(math::tanh),
        Activation::Sigmoid => y.map_in_place(math::sigmoid),
        _ => {}
    }
    let conv = *conv;
    let op = named!("conv", activation);
    Ok(match bias {
        Some(bias) => Var::record_fused(
            op,
            Keep::Both,
            [x, weight, bias],
            y,
            move |[x, weight, bias], y, g| backward(x, weight, Some(bias), y, g, conv, activation),
            move |[x, weight, bias]| apply(activation, &plain(x, weight, conv)?.add(bias)?),
        ),
        None => Var::record_fused(
            op,
            Keep::Both,
            [x, weight],
            y,
            move |[x, weight], y, g| {
                let [for_x, for_weight, _] = backward(x, weight, None, y, g, conv, activation);
                [for_x, for_weight]
            },
            move |[x, weight]| apply(activation, &plain(x, weight, conv)?),
        ),
    })
}

fn backward(
    x: &Saved,
    weight: &Saved,
    bias: Option<&Saved>,
    y: &Saved,
    g: Var,
    conv: Conv,
    activation: Activation,
) -> [Gradient; 3] {
    let d = match before("conv", activation, y.value(), g) {
        Ok(d) => d,
        Err(error) => return [Some(Err(error)), None, None],
    };
    let for_bias = || {
        let outputs = weight.shape()[0];
        d.reshape([d.numel() / outputs, outputs])?.sum_axes(&[0], false)
    };
    [
        x.wants(|| d.conv_input_gradient(weight.value(), &conv, x.shape()).map(Var::constant)),
        weight.wants(|| x.value().conv_weight_gradient(&d, &conv, weight.shape()).map(Var::constant)),
        bias.and_then(|bias| bias.wants(|| for_bias().map(Var::constant))),
    ]
}

/// The convolution alone. It is linear in both operands, and so are its gradients: the derivatives of each of the three are the
/// other two.
pub(super) fn plain(x: &Var, weight: &Var, conv: Conv) -> Result<Var> {
    let y = x.value().conv(weight.value(), None, &conv, false)?;
    Ok(Var::record("conv", Keep::Inputs, [x, weight], y, move |[x, weight], _, g| {
        [
            x.wants(|| conv_input_gradient(&g, weight, &conv, x.shape())),
            weight.wants(|| conv_weight_gradient(x, &g, &conv, weight.shape())),
        ]
    }))
}

/// The gradient of a convolution for its weight of this shape, from its input and the gradient for its result.
///
/// Gradient: for `x` the transposed convolution of `g` with the incoming one, for `g` the convolution of `x` with it. PyTorch:
/// `torch.nn.grad.conv2d_weight`.
///
/// # Shapes
/// As those of [`conv`]: `x [N, .., C]`, `g [N, .., O]` → `[O, C / groups, ..]`
///
/// ```
/// # use plywood_autograd::{Var, ops::{Conv, conv_weight_gradient}};
/// # use plywood_tensor::{Shape, Tensor};
/// let x = Var::from(Tensor::from([[[1.0], [2.0], [4.0]]]));
/// let g = Var::from(Tensor::from([[[1.0], [10.0]]]));
/// let weight = conv_weight_gradient(&x, &g, &Conv::new(), &Shape::new(&[1, 1, 2])?)?;
/// assert_eq!(weight.value().as_slice(), [21.0, 42.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// As [`conv`].
pub fn conv_weight_gradient(x: &Var, g: &Var, conv: &Conv, weight: &Shape) -> Result<Var> {
    let y = x.value().conv_weight_gradient(g.value(), conv, weight)?;
    let conv = *conv;
    Ok(Var::record("conv_weight_gradient", Keep::Inputs, [x, g], y, move |[x, g], _, upstream| {
        [
            x.wants(|| conv_input_gradient(g, &upstream, &conv, x.shape())),
            g.wants(|| plain(x, &upstream, conv)),
        ]
    }))
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use plywood_tensor::Array;
    const PLAIN: Conv = Conv { padding: [[1; 2]; 3], ..Conv::new() };
    const UNEVEN: Conv = Conv {
        stride: [2, 1, 2],
        padding: [[0, 1], [2, 0], [1, 1]],
        dilation: [1, 2, 1],
        groups: 2,
        exact: false,
    };
    const DEEP: Conv = Conv { padding: [[1; 2]; 3], groups: 4, ..Conv::new() };
    fn affine(x: &[Array<f64>], conv: &Conv, f: fn(f64) -> f64) -> Array<f64> {
        (&naive::conv(&x[0], &x[1], conv) + &x[2]).map(f)
    }
    const TWO: &[&[&[usize]]] = &[
        &[&[1, 3, 4, 2], &[3, 2, 3, 3], &[3]],
        &[&[2, 2, 1, 1], &[1, 1, 1, 1], &[1]],
        &[&[0, 3, 4, 2], &[3, 2, 3, 3], &[3]],
    ];
    const LARGE: &[&[usize]] = &[&[2, 12, 14, 9], &[20, 9, 3, 3], &[20]];
    &[
        Row::whole(
            "conv",
            |x| conv(&x[0], &x[1], Some(&x[2]), &PLAIN, Activation::Identity),
            |x| affine(x, &PLAIN, |y| y),
        )
        .shapes(TWO)
        .large(LARGE)
        .errors(&[
            (&[&[2, 4, 4, 3], &[2, 2, 3, 3], &[2]], "conv: expected input [N, H, W, 2], got [2, 4, 4, 3]"),
            (&[&[2, 4, 4, 3], &[2, 3, 3, 3], &[3]], "conv: expected bias [2], got [3]"),
        ]),
        Row::whole(
            "conv",
            |x| conv(&x[0], &x[1], Some(&x[2]), &PLAIN, Activation::Relu),
            |x| affine(x, &PLAIN, |y| y.max(0.0)),
        )
        .shapes(TWO)
        .large(&[&[2, 12, 14, 2], &[20, 2, 2, 2], &[20]])
        // Sums of a bias above 40 and products within ±36 stay clear of the kink.
        .domain(&[(-1.0, 1.0), (-1.0, 1.0), (40.0, 41.0)]),
        Row::whole(
            "conv",
            |x| conv(&x[0], &x[1], Some(&x[2]), &PLAIN, Activation::Relu),
            |x| affine(x, &PLAIN, |y| y.max(0.0)),
        )
        .shapes(TWO)
        .large(&[&[2, 12, 14, 2], &[20, 2, 2, 2], &[20]])
        .domain(&[(-1.0, 1.0), (-1.0, 1.0), (-41.0, -40.0)]),
        Row::whole(
            "conv",
            |x| conv(&x[0], &x[1], Some(&x[2]), &UNEVEN, Activation::Tanh),
            |x| affine(x, &UNEVEN, math::tanh),
        )
        .shapes(&[&[&[2, 4, 3, 4], &[4, 2, 2, 2], &[4]], &[&[1, 3, 2, 4, 2], &[2, 1, 2, 2, 1], &[2]]])
        .large(&[&[2, 12, 14, 8], &[20, 4, 3, 3], &[20]]),
        Row::whole(
            "conv",
            |x| conv(&x[0], &x[1], Some(&x[2]), &DEEP, Activation::Sigmoid),
            |x| affine(x, &DEEP, |y| 1.0 / (1.0 + math::exp(-y))),
        )
        .shapes(&[&[&[2, 3, 3, 4], &[4, 1, 3, 3], &[4]], &[&[2, 4, 4], &[8, 1, 3], &[8]]])
        .large(&[&[2, 30, 34, 4], &[4, 1, 3, 3], &[4]]),
        Row::whole(
            "conv",
            |x| conv(&x[0], &x[1], None, &PLAIN, Activation::Identity),
            |x| naive::conv(&x[0], &x[1], &PLAIN),
        )
        .shapes(&[&[&[2, 4, 3], &[2, 3, 3]], &[&[1, 2, 2, 3, 2], &[1, 2, 2, 1, 3]]])
        .large(&[&[2, 12, 14, 9], &[20, 9, 3, 3]]),
        // Enough channels for the form with fewer multiplications.
        Row::whole(
            "conv",
            |x| conv(&x[0], &x[1], None, &PLAIN, Activation::Identity),
            |x| naive::conv(&x[0], &x[1], &PLAIN),
        )
        .shapes(&[&[&[1, 4, 4, 16], &[16, 16, 3, 3]]])
        .large(&[&[2, 9, 7, 20], &[17, 20, 3, 3]]),
        Row::whole(
            "conv_weight_gradient",
            |x| {
                conv_weight_gradient(
                    &x[0],
                    &x[1],
                    &PLAIN,
                    &Shape::new(&[x[1].shape()[3], x[0].shape()[3], 3, 3])?,
                )
            },
            |x| {
                // Linear in `g`: a kernel of one number for each number of the weight.
                let (inputs, outputs) = (x[0].shape()[3], x[1].shape()[3]);
                let dims = [outputs, inputs, 3, 3];
                let value = |index: &Vec<usize>| {
                    let mut one = Array::<f64>::zeros(&dims[..]).unwrap();
                    let at = ((index[0] * inputs + index[1]) * 3 + index[2]) * 3 + index[3];
                    one.as_mut_slice()[at] = 1.0;
                    let y = naive::conv(&x[0], &one, &PLAIN);
                    y.as_slice().iter().zip(x[1].as_slice()).map(|(y, g)| y * g).sum()
                };
                Array::from_vec(naive::indices(&dims).iter().map(value).collect(), &dims[..]).unwrap()
            },
        )
        .shapes(&[
            &[&[2, 3, 4, 2], &[2, 3, 4, 3]],
            &[&[1, 1, 1, 1], &[1, 1, 1, 1]],
            &[&[0, 3, 4, 2], &[0, 3, 4, 3]],
        ])
        .large(&[&[2, 21, 24, 3], &[2, 21, 24, 3]])
        .errors(&[(
            &[&[2, 4, 4, 3], &[2, 3, 4, 3]],
            "conv_weight_gradient: expected a gradient [2, 4, 4, 3], got [2, 3, 4, 3]",
        )]),
    ]
};
