//! Values, gradients and second derivatives agree with PyTorch's, which `golden/make_structural.py` computed.

use crate::compare::Case;
use plywood_autograd::Var;
use plywood_autograd::ops::{
    Activation, LabelOptions, binary_cross_entropy, binary_cross_entropy_with_logits,
    distribution_cross_entropy, einsum, linear, softmax_cross_entropy, softmax_cross_entropy_with,
};
use plywood_tensor::{IntTensor, Result, Tensor, Transposed};

const CASES: &[Case] = &[
    ("mean", |x| Ok(x[0].mean())),
    ("mean_axes", |x| x[0].mean_axes(&[0, 2], true)),
    ("var_axes", |x| x[0].var_axes(&[1], 1, false)),
    ("var_axes of all", |x| x[0].var_axes(&[], 0, false)),
    ("std_axes", |x| x[0].std_axes(&[0, 1], 1, true)),
    ("max", |x| x[0].max()),
    ("min", |x| x[0].min()),
    ("max_axes", |x| x[0].max_axes(&[1], false)),
    ("min_axes", |x| x[0].min_axes(&[0, 1], false)),
    ("prod_axes", |x| x[0].prod_axes(&[1], false)),
    ("prod_axes of all", |x| x[0].prod_axes(&[], false)),
    ("cumsum", |x| x[0].cumsum(0)),
    ("norm", |x| Ok(x[0].norm())),
    ("norm_axes", |x| x[0].norm_axes(&[1], false)),
    ("softmax", |x| x[0].softmax(-1)),
    ("softmax of columns", |x| x[0].softmax(0)),
    ("log_softmax", |x| x[0].log_softmax(-1)),
    ("log_softmax of columns", |x| x[0].log_softmax(0)),
    ("logsumexp", |x| x[0].logsumexp(1, false)),
    ("logsumexp of columns", |x| x[0].logsumexp(0, true)),
    ("einsum of matrices", |x| einsum("bij,bkj->ikb", &[&x[0], &x[1]])),
    ("einsum of three", |x| einsum("i,ij,ik->jk", &[&x[0], &x[1], &x[2]])),
    ("einsum of a diagonal", |x| einsum("ii,i->i", &[&x[0], &x[1]])),
    ("concat", |x| Var::concat(&[&x[0], &x[1], &(&x[0] * &x[1])], 1)),
    ("stack", |x| Var::stack(&[&x[0], &square(&x[1])], -1)),
    ("split", |x| {
        let parts = x[0].split(1, &[1, 2])?;
        parts[1].mul(&parts[0])
    }),
    ("chunk", |x| {
        let parts = x[0].chunk(0, 2)?;
        parts[0].mul(&parts[1])
    }),
    ("slice", |x| Ok(square(&x[0].slice(1, 1, 6, 2)?))),
    ("narrow", |x| Ok(square(&x[0].narrow(1, 1, 3)?))),
    ("pad", |x| Ok(square(&x[0].pad(&[(1, 0), (0, 2)], 0.5)?))),
    ("flip", |x| Ok(square(&x[0].flip(&[0, 1])?))),
    ("gather", |x| Ok(square(&x[0].gather(1, &row())?))),
    ("scatter_add", |x| Ok(square(&x[0].scatter_add(1, &row(), &x[1])?))),
    ("index_select", |x| Ok(square(&x[0].index_select(0, &list())?))),
    ("index_add", |x| Ok(square(&x[0].index_add(0, &list(), &x[1])?))),
    ("select", |x| Ok(square(&x[0].select(1, 2)?))),
    ("move_axis", |x| Ok(square(&x[0].move_axis(0, -1)?))),
    ("flatten_from", |x| Ok(square(&x[0].flatten_from(1)?))),
    ("dot", |x| x[0].dot(&x[1])),
    ("sum", |x| Ok(square(&x[0].sum()))),
    ("sum_axes", |x| Ok(square(&x[0].sum_axes(&[0, 2], false)?))),
    ("sum_to", |x| Ok(square(&x[0].sum_to([2, 1])?))),
    ("broadcast_to", |x| Ok(square(&x[0].broadcast_to([3, 2, 2])?))),
    ("reshape", |x| Ok(square(&x[0].reshape([3, 2])?))),
    ("permute", |x| Ok(square(&x[0].permute(&[2, 0, 1])?))),
    ("transpose", |x| Ok(square(&x[0].transpose()?))),
    ("squeeze", |x| Ok(square(&x[0].squeeze(1)?))),
    ("unsqueeze", |x| Ok(square(&x[0].unsqueeze(0)?))),
    ("rows", |x| Ok(square(&x[0].rows(1, 3)?))),
    ("matmul", |x| x[0].matmul(&x[1])),
    ("matmul_with", |x| x[0].matmul_with(&x[1], Transposed::Both)),
    ("linear", |x| linear(&x[0], &x[1], Some(&x[2]), Activation::Tanh)),
    ("linear relu", |x| linear(&x[0], &x[1], Some(&x[2]), Activation::Relu)),
    ("linear sigmoid", |x| linear(&x[0], &x[1], None, Activation::Sigmoid)),
    ("softmax_cross_entropy", |x| softmax_cross_entropy(&x[0], &IntTensor::from([2, 0]))),
    ("softmax_cross_entropy_with", |x| {
        let class_weights = Some(Tensor::from([0.5, 1.0, 2.0]));
        let options = LabelOptions { smoothing: 0.25, class_weights, ignore_index: None };
        softmax_cross_entropy_with(&x[0], &IntTensor::from([2, 0]), &options)
    }),
    ("distribution_cross_entropy", |x| {
        distribution_cross_entropy(&x[0], &Tensor::from([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]]))
    }),
    ("binary_cross_entropy_with_logits", |x| binary_cross_entropy_with_logits(&x[0], &bits())),
    ("binary_cross_entropy", |x| binary_cross_entropy(&x[0].sigmoid(), &bits())),
];

fn square(x: &Var) -> Var {
    x * x
}

fn row() -> IntTensor {
    IntTensor::from([[2, 0, 2, 1], [1, 1, 1, 1]])
}

fn bits() -> Tensor {
    Tensor::from([[1.0, 0.0], [0.25, 1.0]])
}

fn list() -> IntTensor {
    IntTensor::from([2, 0, 2])
}

const GOLDEN: &str = include_str!("golden/structural.json");

#[test]
fn values_and_derivatives_are_those_of_pytorch() -> Result<()> {
    crate::compare::values_and_derivatives(CASES, GOLDEN)
}

#[test]
fn every_case_of_the_file_is_compared() {
    crate::compare::every_case_of_the_file(CASES, GOLDEN);
}

/// A row of the table of operations that is neither unary nor binary has a case here, under its name or one that begins
/// with it.
#[test]
fn every_operation_on_whole_tensors_has_a_case() {
    // `against` takes a function of the caller; `prelu` is compared with the elementwise operations, those of images and
    // normalisations in `torch_images.rs`, convolutions in `torch_convolution.rs`.
    let elsewhere = [
        "against",
        "average_pool",
        "batch_norm",
        "batch_norm_by",
        "conv",
        "conv_input_gradient",
        "conv_transpose",
        "conv_weight_gradient",
        "group_norm",
        "layer_norm",
        "max_pool",
        "pixel_shuffle",
        "pixel_unshuffle",
        "prelu",
        "rms_norm",
        "upsample_linear",
        "upsample_nearest",
    ];
    let mut rows = 0;
    for entry in
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/ops")).expect("the sources are there")
    {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("readable");
        for after in text.split("Row::whole(").skip(1) {
            let name = after.split('"').nth(1).expect("a row begins with its name");
            let known = CASES.iter().any(|(case, _)| case.split(' ').next() == Some(name));
            assert!(known || elsewhere.contains(&name), "{}: {name} has no case", path.display());
            rows += 1;
        }
    }
    assert!(rows > 50, "{rows} rows");
}
