//! What each operation says about wrong input, to the letter.

use plywood_tensor::{
    Activation, Array, Conv, Elem, Error, Groups, IntTensor, Resample, Result, Scaling, Seed, Shape, Tensor,
    Threads, Transposed, Window, einsum,
};

/// A public function, a wrong call of it, and what it says.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    call: fn() -> Result<()>,
    text: &'static str,
}

macro_rules! faults {
    ($($name:ident: $call:expr => $text:literal;)*) => {
        pub(crate) const FAULTS: &[Fault] =
            &[$(Fault { name: stringify!($name), call: || $call.map(drop), text: $text }),*];
    };
}

/// Zeros of this shape.
fn z(dims: &[usize]) -> Tensor {
    Tensor::zeros(dims).unwrap()
}

fn i(list: &[i64]) -> IntTensor {
    IntTensor::from_slice(list, [list.len()]).unwrap()
}

/// By the first for mean and variance, the second for weight and bias.
fn scaling([moments, affine]: &[Tensor; 2]) -> Scaling<'_, Elem> {
    Scaling { mean: moments, variance: moments, epsilon: 1e-5, weight: affine, bias: affine, rectify: false }
}

faults! {
    // Shapes.
    full: Tensor::full([usize::MAX, 2], 0.0) =>
        "shape: [18446744073709551615, 2] has more elements than can be addressed";
    zeros: Tensor::zeros([1 << 40, 0, 1 << 40]) =>
        "shape: [1099511627776, 0, 1099511627776] has more elements than can be addressed";
    ones: Tensor::ones([1; 9]) => "shape: expected at most 8 axes, got 9";
    reshape: z(&[2, 3]).reshape([4]) => "reshape: [4] holds 4 elements, got 6";
    from_vec: Tensor::from_vec(vec![1.0], [2]) => "from_vec: [2] holds 2 elements, got 1";
    from_slice: Tensor::from_slice(&[1.0], [2]) => "from_slice: [2] holds 2 elements, got 1";
    at: z(&[2, 3]).at(&[1, 3]) => "at: index 3 is not in 0..3 (axis 1 of [2, 3])";
    item: z(&[2]).item() => "item: expected one element, got [2]";
    rows: z(&[2, 3]).rows(1, 3) => "rows: range 1..3 is not in 0..2 (axis 0 of [2, 3])";
    threads: Threads::new(0) => "threads: expected at least 1, got 0";
    // Windows, maps and groups.
    output_shape: Window::new([2, 2]).output_shape("pool", z(&[2, 3, 4]).shape()) =>
        "pool: expected input [N, H, W, C], got [2, 3, 4]";
    output_shape: Window::new([0]).output_shape("pool", z(&[2, 3, 4]).shape()) =>
        "pool: expected a window of at least 1, got 0";
    output_shape: Window::new([2]).stride([0]).output_shape("pool", z(&[2, 3, 4]).shape()) =>
        "pool: expected a stride of at least 1, got 0";
    output_shape: Window::new([2]).dilation([0]).output_shape("pool", z(&[2, 3, 4]).shape()) =>
        "pool: expected a dilation of at least 1, got 0";
    output_shape: Window::new([3]).padding([2]).output_shape("pool", z(&[2, 3, 4]).shape()) =>
        "pool: expected a padding of at most half the window, got 2";
    output_shape: Window::new([2]).dilation([3]).padding([2]).output_shape("pool", z(&[2, 1, 4]).shape()) =>
        "pool: expected a dilation with which each window holds an element, got 3";
    output_shape: Window::new([4]).padding([1]).output_shape("pool", z(&[2, 1, 4]).shape()) =>
        "pool: expected at least 2 along axis 1, got [2, 1, 4]";
    output_shape: Window::adaptive([2]).output_shape("pool", z(&[2, 0, 4]).shape()) =>
        "pool: expected at least 1 along axis 1, got [2, 0, 4]";
    output_shape: Window::adaptive([2, 0]).output_shape("pool", z(&[2, 3, 3, 4]).shape()) =>
        "pool: expected an output size of at least 1, got 0";
    max_pool: z(&[2, 3]).max_pool(&Window::new([2, 2, 2])) =>
        "max_pool: expected input [N, D, H, W, C], got [2, 3]";
    max_pool_with_choice: z(&[1, 2, 1]).max_pool_with_choice(&Window::new([3])) =>
        "max_pool: expected at least 3 along axis 1, got [1, 2, 1]";
    spread: z(&[1, 4, 1]).max_pool_with_choice(&Window::new([2]))?.1.spread(&z(&[1, 4, 1])) =>
        "max_pool: expected a gradient of shape [1, 2, 1], got [1, 4, 1]";
    average: Resample::average("average", z(&[1, 2]).shape(), &Window::new([3]), true) =>
        "average: expected input [N, L, C], got [1, 2]";
    nearest: Resample::nearest("upsample", z(&[1, 2, 2]).shape(), &[4, 4]) =>
        "upsample: expected input [N, H, W, C], got [1, 2, 2]";
    nearest: Resample::nearest("upsample", z(&[1, 2, 2]).shape(), &[0]) =>
        "upsample: expected a size of at least 1, got 0";
    linear: Resample::linear("upsample", z(&[1, 0, 2]).shape(), &[4], true) =>
        "upsample: expected at least one pixel, got [1, 0, 2]";
    apply: Resample::nearest("upsample", z(&[1, 3, 5, 2]).shape(), &[4, 4])?.apply(&z(&[1, 3, 4, 2])) =>
        "upsample: expected [N, 3, 5, C], got [1, 3, 4, 2]";
    of_batch: Groups::of_batch("norm", z(&[3]).shape()) => "norm: expected [N, .., C], got [3]";
    of_samples: Groups::of_samples("norm", z(&[]).shape(), 1) => "norm: expected [N, .., C], got []";
    of_samples: Groups::of_samples("norm", z(&[2, 5]).shape(), 2) =>
        "norm: expected channels in 2 groups, got [2, 5]";
    moments: Groups::of_batch("norm", z(&[2, 5]).shape())?.moments(&z(&[2, 4])) =>
        "norm: expected [2, 5], got [2, 4]";
    normalize: Groups::of_batch("norm", z(&[2, 5]).shape())?.normalize(&z(&[2, 5]), &scaling(&[z(&[1, 5]), z(&[4])])) =>
        "norm: expected a weight of shape [5], got [4]";
    normalize_onto: Groups::of_batch("norm", z(&[2, 5]).shape())?
        .normalize_onto(&z(&[2, 5]), &z(&[1, 5]), &scaling(&[z(&[1, 5]), z(&[5])])) =>
        "norm: expected [2, 5], got [1, 5]";
    gradients: Groups::of_batch("norm", z(&[2, 5]).shape())?
        .gradients(&z(&[2, 5]), z(&[2, 5]), &scaling(&[z(&[2, 5]), z(&[5])]), false) =>
        "norm: expected a mean of shape [1, 5], got [2, 5]";
    normalize_rows: z(&[2, 5]).normalize_rows(&z(&[4]), &z(&[4]), 1e-5, true) =>
        "layer_norm: expected a tensor that ends with [4], got [2, 5]";
    normalize_rows: z(&[2, 5]).normalize_rows(&z(&[5]), &z(&[1]), 1e-5, false) =>
        "rms_norm: expected a bias of shape [5], got [1]";
    row_gradients: z(&[2, 5]).normalize_rows(&z(&[5]), &z(&[5]), 1e-5, true)?.1
        .row_gradients(&z(&[2, 5]), z(&[2, 4]), &z(&[5])) =>
        "layer_norm: expected a gradient of shape [2, 5], got [2, 4]";
    row_gradients: z(&[2, 5]).normalize_rows(&z(&[5]), &z(&[5]), 1e-5, true)?.1
        .row_gradients(&z(&[2, 5]), z(&[2, 5]), &z(&[4])) =>
        "layer_norm: expected a weight of 5 elements, got [4]";
    row_gradients: z(&[2, 5]).normalize_rows(&z(&[5]), &z(&[5]), 1e-5, false)?.1
        .row_gradients(&z(&[3, 5]), z(&[3, 5]), &z(&[5])) =>
        "rms_norm: expected a tensor of 10 elements, got [3, 5]";
    // Creation.
    arange: Tensor::arange(0.0, 1.0, 0.0) => "arange: expected a finite step that is not 0, got 0";
    arange: Tensor::arange(0.0, f64::NAN, 1.0) => "arange: expected finite bounds, got NaN";
    arange: IntTensor::arange(0, 3, 0) => "arange: expected a step that is not 0, got 0";
    arange: IntTensor::arange(0, i64::MAX, 1) =>
        "shape: [9223372036854775807] has more elements than can be addressed";
    linspace: Tensor::linspace(0.0, 1.0, usize::MAX) =>
        "shape: [18446744073709551615] has more elements than can be addressed";
    eye: Tensor::eye(1 << 32) => "shape: [4294967296, 4294967296] has more elements than can be addressed";
    truncated_normal: Tensor::truncated_normal([1], 0.0, 1.0, 2.0, 1.0, &Seed(1).stream()) =>
        "truncated_normal: expected an interval that the distribution reaches, got -1";
    one_hot: i(&[1, 3]).one_hot(3) => "one_hot: index 3 is not in 0..3 (axis 1 of [2, 3])";
    one_hot: i(&[-1]).one_hot(3) => "one_hot: index -1 is not in 0..3 (axis 1 of [1, 3])";
    to_int: Tensor::from([1.0, Elem::NAN]).to_int() =>
        "to_int: expected numbers that a 64-bit integer can hold, got NaN";
    to_int: Tensor::from([9_223_372_036_854_775_808.0]).to_int() =>
        "to_int: expected numbers that a 64-bit integer can hold, got 9223372036854776000";
    // Pairs.
    add: z(&[2, 3]).add(&z(&[4])) => "add: cannot broadcast [2, 3] with [4]";
    sub: z(&[0]).sub(&z(&[2])) => "sub: cannot broadcast [0] with [2]";
    mul: z(&[2, 3]).mul(&z(&[2, 1, 2])) => "mul: cannot broadcast [2, 3] with [2, 1, 2]";
    div: z(&[2]).div(&z(&[3])) => "div: cannot broadcast [2] with [3]";
    pow: z(&[2]).pow(&z(&[3])) => "pow: cannot broadcast [2] with [3]";
    maximum: z(&[2]).maximum(&z(&[3])) => "maximum: cannot broadcast [2] with [3]";
    minimum: z(&[2]).minimum(&z(&[3])) => "minimum: cannot broadcast [2] with [3]";
    zip: z(&[2]).zip("blend", &z(&[3]), |a, _| a) => "blend: cannot broadcast [2] with [3]";
    combine: z(&[2]).combine("merge", &z(&[1]), |a, _| a) => "merge: cannot broadcast [2] with [1]";
    zip_pieces: z(&[2]).zip_pieces("blend", &z(&[3]), &|y: &mut [Elem], a: &[_], _: &[_]| y.copy_from_slice(a)) =>
        "blend: cannot broadcast [2] with [3]";
    zip_to_two: z(&[2]).zip_to_two("both", &z(&[1]), &|_: &mut [Elem], _: &mut [Elem], _: &[_], _: &[_]| ()) =>
        "both: cannot broadcast [2] with [1]";
    combine_pieces: z(&[2]).combine_pieces("merge", &z(&[1]), &|_: &mut [_], _: &[_]| ()) =>
        "merge: cannot broadcast [2] with [1]";
    combine_rows: z(&[2, 3]).combine_rows("bias", &z(&[2]), |a, _| a) => "bias: cannot broadcast [2, 3] with [2]";
    add_in_place: z(&[2]).add_in_place(&z(&[1])) => "add: cannot broadcast [2] with [1]";
    equal: z(&[2]).equal(&z(&[3])) => "equal: cannot broadcast [2] with [3]";
    not_equal: z(&[2]).not_equal(&z(&[3])) => "not_equal: cannot broadcast [2] with [3]";
    greater: z(&[2]).greater(&z(&[3])) => "greater: cannot broadcast [2] with [3]";
    greater_equal: z(&[2]).greater_equal(&z(&[3])) => "greater_equal: cannot broadcast [2] with [3]";
    less: z(&[2]).less(&z(&[3])) => "less: cannot broadcast [2] with [3]";
    less_equal: z(&[2]).less_equal(&z(&[3])) => "less_equal: cannot broadcast [2] with [3]";
    select_where: Tensor::select_where(&z(&[2]), &z(&[4, 1]), &z(&[3])) =>
        "select_where: cannot broadcast [4, 3] with [2]";
    broadcast_to: z(&[2, 3]).broadcast_to([3]) => "broadcast_to: cannot broadcast [2, 3] with [3]";
    sum_to: z(&[3]).sum_to([2, 3]) => "sum_to: cannot broadcast [2, 3] with [3]";
    // Reductions.
    sum_axes: z(&[2, 3]).sum_axes(&[2], false) => "sum: axis 2 is out of range for [2, 3]";
    sum_axes: z(&[2, 3]).sum_axes(&[1, -1], false) => "sum: axis -1 is named twice";
    mean_axes: z(&[2, 3]).mean_axes(&[-3], false) => "mean: axis -3 is out of range for [2, 3]";
    prod_axes: z(&[]).prod_axes(&[0], false) => "prod: axis 0 is out of range for []";
    max: z(&[2, 0]).max() => "max: no elements to reduce in [2, 0]";
    min: z(&[0]).min() => "min: no elements to reduce in [0]";
    max_axes: z(&[2, 0]).max_axes(&[1], false) => "max: no elements to reduce in [2, 0]";
    min_axes: z(&[2, 0]).min_axes(&[], false) => "min: no elements to reduce in [2, 0]";
    variance_axes: z(&[2]).variance_axes(&[1], 0, false) => "variance: axis 1 is out of range for [2]";
    norm_axes: z(&[2]).norm_axes(&[0, 0], false) => "norm: axis 0 is named twice";
    argmax: z(&[2, 0]).argmax(1, false) => "argmax: no elements to reduce in [2, 0]";
    argmin: z(&[2]).argmin(1, false) => "argmin: axis 1 is out of range for [2]";
    sort: z(&[]).sort(0, false) => "sort: axis 0 is out of range for []";
    top_k: z(&[2, 3]).top_k(1, 4) => "top_k: range 0..4 is not in 0..3 (axis 1 of [2, 3])";
    cumsum: z(&[2]).cumsum(-2) => "cumsum: axis -2 is out of range for [2]";
    cumprod: z(&[]).cumprod(-1) => "cumprod: axis -1 is out of range for []";
    softmax: z(&[3]).softmax(1) => "softmax: axis 1 is out of range for [3]";
    // Products.
    matmul: z(&[2, 3]).matmul(&z(&[2, 3])) => "matmul: cannot multiply [2, 3] by [2, 3]: inner sizes 3 and 2 differ";
    matmul: z(&[3]).matmul(&z(&[3, 2])) => "matmul: expected [.., m, n], got [3]";
    matmul_with: z(&[2, 2, 3]).matmul_with(&z(&[3, 4, 3]), Transposed::Right) =>
        "matmul: cannot broadcast [2, 2, 3] with [3, 4, 3]";
    linear: z(&[4, 2]).linear(&z(&[2, 3]), None, Activation::Relu) =>
        "linear: expected input [.., 3], got [4, 2]";
    linear: z(&[4, 3]).linear(&z(&[2, 3]), Some(&z(&[3])), Activation::Relu) =>
        "linear: expected bias [2], got [3]";
    linear: z(&[4, 3]).linear(&z(&[3]), None, Activation::Relu) =>
        "linear: expected a weight of two axes, got [3]";
    conv: z(&[2, 8, 8, 3]).conv(&z(&[4, 5, 3, 3]), None, &Conv::new(), false) =>
        "conv: expected input [N, H, W, 5], got [2, 8, 8, 3]";
    conv: z(&[2, 8, 3]).conv(&z(&[4, 3, 3]), Some(&z(&[3])), &Conv::new(), false) =>
        "conv: expected bias [4], got [3]";
    conv: z(&[2, 8, 3]).conv(&z(&[4, 3]), None, &Conv::new(), false) =>
        "conv: expected a weight [outputs, inputs / groups, ..] of 3 to 5 axes, got [4, 3]";
    conv: z(&[2, 8, 3]).conv(&z(&[4, 1, 3]), None, &Conv::new().groups(3), false) =>
        "conv: expected a weight whose outputs are a multiple of 3 groups, got [4, 1, 3]";
    conv: z(&[2, 4, 3]).conv(&z(&[4, 3, 3]), None, &Conv::new().dilation([2]), false) =>
        "conv: expected axis 1 with its padding to hold a kernel that reaches over 5, got [2, 4, 3]";
    conv: z(&[2, 4, 3]).conv(&z(&[4, 3, 3]), None, &Conv::new().stride([0]), false) =>
        "conv: expected a stride and a dilation of at least 1, got 0";
    conv: z(&[2, 8, 3]).conv(&z(&[4, 3, 3]), None, &Conv::new().groups(0), false) =>
        "conv: expected at least 1 group, got 0";
    padded: Conv::new().padding([1 << 32]).padded("conv", z(&[1, 4, 1]).shape(), z(&[1, 3, 1]).shape()) =>
        "conv: expected at most 268435456 numbers with the padding, or 64 for each of input and result, got [1, 4, 1]";
    // What is copied of a padded input must be addressable, or numbers would be read from beside it.
    conv: z(&[1, 1, 4]).conv(&z(&[1, 4, 1]), None, &Conv::new().padding([1 << 62]).stride([1 << 59]), false) =>
        "conv: expected input that can be addressed with its padding, got [1, 1, 4]";
    conv: z(&[1, 4, 2]).conv(&z(&[1, 2, 1]), None, &Conv::new().padding([1 << 58]).stride([1 << 57]), false) =>
        "conv: expected input that can be addressed with its padding, got [1, 4, 2]";
    max_pool: z(&[1, 4, 1]).max_pool(&Window::new([2]).dilation([usize::MAX]).padding([usize::MAX / 2])) =>
        "max_pool: expected a window whose border can be addressed, got 18446744073709552000";
    max_pool: z(&[1, 2, 1]).max_pool(&Window::new([usize::MAX]).padding([usize::MAX / 2])) =>
        "max_pool: expected a window whose border can be addressed, got 18446744073709552000";
    conv_input_gradient: z(&[2, 8, 4]).conv_input_gradient(&z(&[4, 3, 3]), &Conv::new(), &Shape::new(&[2, 8, 3]).unwrap()) =>
        "conv_input_gradient: expected a gradient [2, 6, 4], got [2, 8, 4]";
    conv_weight_gradient: z(&[2, 8, 3]).conv_weight_gradient(&z(&[2, 8, 4]), &Conv::new(), &Shape::new(&[4, 3, 3]).unwrap()) =>
        "conv_weight_gradient: expected a gradient [2, 6, 4], got [2, 8, 4]";
    einsum: einsum("ij,jk", &[&z(&[2, 3]), &z(&[3, 4])]) =>
        "einsum: \"ij,jk\": expected `->` and the letters of the result";
    einsum: einsum("ij,jk->ik", &[&z(&[2, 3])]) => "einsum: \"ij,jk->ik\": expected 2 operands, got 1";
    einsum: einsum::<Elem>("->", &[]) => "einsum: \"->\": expected 1 operand, got 0";
    einsum: einsum("i1->i", &[&z(&[2, 3])]) => "einsum: \"i1->i\": `1` is not a letter";
    einsum: einsum("i->i->i", &[&z(&[2])]) => "einsum: \"i->i->i\": `-` is not a letter";
    einsum: einsum("ij,jk->ik", &[&z(&[2, 3]), &z(&[4, 5])]) =>
        "einsum: \"ij,jk->ik\": `j` has size 3 in operand 0 and 4 in operand 1";
    einsum: einsum("ii->i", &[&z(&[2, 3])]) => "einsum: \"ii->i\": `i` has size 2 in operand 0 and 3 in operand 0";
    einsum: einsum("...i,...i->...", &[&z(&[2, 4]), &z(&[3, 4])]) =>
        "einsum: \"...i,...i->...\": an axis of `...` has size 2 in operand 0 and 3 in operand 1";
    einsum: einsum("ij->i", &[&z(&[2])]) => "einsum: \"ij->i\": operand 0: expected 2 axes, got [2]";
    einsum: einsum("...ij->i", &[&z(&[2])]) => "einsum: \"...ij->i\": operand 0: expected 2 axes or more, got [2]";
    einsum: einsum("i->k", &[&z(&[2])]) => "einsum: \"i->k\": the result names `k`, which no operand has";
    einsum: einsum("i->ii", &[&z(&[2])]) => "einsum: \"i->ii\": the result names `i` twice";
    new: plywood_tensor::Einsum::new("i", &[&Shape::SCALAR]) =>
        "einsum: \"i\": expected `->` and the letters of the result";
    apply: plywood_tensor::Einsum::new("->", &[&Shape::SCALAR])?.apply(&[&z(&[1])]) =>
        "einsum: \"->\": operand 0: expected [], got [1]";
    // Axes.
    permute: z(&[2, 3]).permute(&[0]) => "permute: expected a tensor of 1 axes, got [2, 3]";
    permute: z(&[2, 3]).permute(&[0, 0]) => "permute: axis 0 is named twice";
    transpose: z(&[2]).transpose() => "transpose: expected [.., m, n], got [2]";
    move_axis: z(&[2]).move_axis(0, 1) => "move_axis: axis 1 is out of range for [2]";
    squeeze: z(&[1, 3]).squeeze(-1) => "squeeze: expected size 1 along axis 1, got [1, 3]";
    unsqueeze: z(&[2]).unsqueeze(2) => "unsqueeze: axis 2 is out of range for [2]";
    unsqueeze: z(&[2]).unsqueeze(-3) => "unsqueeze: axis -3 is out of range for [2]";
    unsqueeze: z(&[1; 8]).unsqueeze(0) => "shape: expected at most 8 axes, got 9";
    flatten_from: z(&[]).flatten_from(0) => "flatten_from: axis 0 is out of range for []";
    flip: z(&[2]).flip(&[0, -1]) => "flip: axis -1 is named twice";
    pad: z(&[2]).pad(&[], 0.0) => "pad: expected a tensor of 0 axes, got [2]";
    pad: z(&[2]).pad(&[(usize::MAX, 1)], 0.0) =>
        "shape: [18446744073709551615] has more elements than can be addressed";
    // Parts.
    narrow: z(&[2, 3]).narrow(0, 1, 3) => "narrow: range 1..3 is not in 0..2 (axis 0 of [2, 3])";
    narrow: z(&[2, 3]).narrow(1, 2, 1) => "narrow: range 2..1 is not in 0..3 (axis 1 of [2, 3])";
    slice: z(&[2, 3]).slice(1, 0, 3, 0) => "slice: expected a step of at least 1, got 0";
    slice: z(&[2, 3]).slice(1, 0, 4, 2) => "slice: range 0..4 is not in 0..3 (axis 1 of [2, 3])";
    split: z(&[2, 3]).split(1, &[1, 1]) => "split: sizes [1, 1] do not add up to 3 (axis 1 of [2, 3])";
    split: z(&[3]).split(0, &[usize::MAX, 4]) =>
        "split: sizes [18446744073709551615, 4] do not add up to 3 (axis 0 of [3])";
    chunk: z(&[3]).chunk(0, 0) => "chunk: expected at least 1 piece, got 0";
    concat: Tensor::concat(&[], 0) => "concat: expected at least one tensor, got none";
    concat: Tensor::concat(&[&z(&[2, 3]), &z(&[2, 4])], 0) =>
        "concat: part 1: expected [2, 3] apart from axis 0, got [2, 4]";
    concat: Tensor::concat(&[&z(&[]), &z(&[])], 0) => "concat: axis 0 is out of range for []";
    stack: Tensor::stack(&[], 0) => "stack: expected at least one tensor, got none";
    stack: Tensor::stack(&[&z(&[2]), &z(&[3])], 0) => "stack: part 1: expected [2], got [3]";
    stack: Tensor::stack(&[&z(&[2])], 2) => "stack: axis 2 is out of range for [2]";
    // Indices.
    select: z(&[2, 3]).select(1, 3) => "select: index 3 is not in 0..3 (axis 1 of [2, 3])";
    index_select: z(&[2, 3]).index_select(0, &i(&[0, -1])) =>
        "index_select: index -1 is not in 0..2 (axis 0 of [2, 3])";
    index_select: z(&[2, 3]).index_select(0, &IntTensor::from(0)) =>
        "index_select: expected a list of indices, got []";
    index_add: z(&[2, 3]).index_add(0, &i(&[0, 2]), &z(&[2, 3])) =>
        "index_add: index 2 is not in 0..2 (axis 0 of [2, 3])";
    index_add: z(&[2, 3]).index_add(0, &i(&[0]), &z(&[2, 3])) =>
        "index_add: expected a source of shape [1, 3], got [2, 3]";
    gather: z(&[2, 3]).gather(1, &i(&[0, 1])) =>
        "gather: expected indices of shape [2, 3] apart from axis 1, got [2]";
    gather: z(&[2, 3]).gather(1, &IntTensor::from([[0], [3]])) =>
        "gather: index 3 is not in 0..3 (axis 1 of [2, 3])";
    scatter_add: z(&[2, 3]).scatter_add(1, &IntTensor::from([[0], [1]]), &z(&[2, 2])) =>
        "scatter_add: expected a source of shape [2, 1], got [2, 2]";
    scatter_add: z(&[2, 3]).scatter_add(0, &IntTensor::from([[0, -7, 1]]), &z(&[1, 3])) =>
        "scatter_add: index -7 is not in 0..2 (axis 0 of [2, 3])";
}

#[test]
fn errors_say_exactly_this() {
    for fault in FAULTS {
        let error: Error = (fault.call)().expect_err(fault.name);
        assert_eq!(error.to_string(), fault.text, "{}", fault.name);
    }
}

#[test]
fn operators_panic_with_both_shapes() {
    let result = std::panic::catch_unwind(|| &z(&[2]) + &z(&[3]));
    let message = result.unwrap_err().downcast_ref::<String>().unwrap().clone();
    assert_eq!(message, "add: cannot broadcast [2] with [3]");
    let _: Array<Elem> = &z(&[2]) + &z(&[2]);
}
