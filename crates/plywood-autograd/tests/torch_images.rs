//! Operations on images and normalisations agree with PyTorch's, in value, gradient and second derivative.
//!
//! `golden/images.json` was written by `golden/make_images.py`.

use crate::compare::Case;
use plywood_autograd::Var;
use plywood_autograd::ops::{Activation, batch_norm, batch_norm_by, group_norm, layer_norm, rms_norm};
use plywood_tensor::{Elem, Result, Tensor, Window};

const GOLDEN: &str = include_str!("golden/images.json");
const EPSILON: f64 = 1e-2;

const CASES: &[Case] = &[
    ("max_pool 1d", |x| max(x, &Window::new([2]))),
    ("max_pool 1d of ties", |x| max(x, &Window::new([3]))),
    ("max_pool 2d", |x| max(x, &Window::new([2, 2]))),
    ("max_pool 2d overlapping", |x| max(x, &overlapping())),
    ("max_pool 2d dilated", |x| max(x, &Window::new([2, 3]).stride([1, 1]).padding([0, 1]).dilation([3, 1]))),
    ("max_pool 2d ceil", |x| max(x, &Window::new([2, 2]).stride([3, 3]).padding([1, 1]).ceil(true))),
    ("max_pool 3d", |x| max(x, &volume())),
    ("max_pool adaptive 1d", |x| max(x, &Window::adaptive([3]))),
    ("max_pool adaptive 2d", |x| max(x, &Window::adaptive([3, 2]))),
    ("max_pool adaptive 3d", |x| max(x, &Window::adaptive([1, 2, 2]))),
    ("average_pool 1d", |x| average(x, &Window::new([2]), true)),
    ("average_pool 2d", |x| average(x, &overlapping(), true)),
    ("average_pool 2d border", |x| average(x, &overlapping(), false)),
    ("average_pool 2d ceil", |x| average(x, &overlapping().ceil(true), true)),
    ("average_pool 3d", |x| average(x, &volume(), true)),
    ("average_pool adaptive 2d", |x| average(x, &Window::adaptive([3, 2]), true)),
    ("average_pool adaptive 3d", |x| average(x, &Window::adaptive([1, 2, 2]), true)),
    ("upsample_nearest 1d", |x| square(x[0].upsample_nearest(&[7]))),
    ("upsample_nearest 2d", |x| square(x[0].upsample_nearest(&[4, 6]))),
    ("upsample_nearest 3d", |x| square(x[0].upsample_nearest(&[2, 3, 5]))),
    ("upsample_linear 1d", |x| square(x[0].upsample_linear(&[7], false))),
    ("upsample_linear 2d", |x| square(x[0].upsample_linear(&[3, 7], false))),
    ("upsample_linear 2d smaller", |x| square(x[0].upsample_linear(&[2, 3], false))),
    ("upsample_linear 2d corners", |x| square(x[0].upsample_linear(&[4, 7], true))),
    ("upsample_linear 3d", |x| square(x[0].upsample_linear(&[3, 1, 4], false))),
    ("pixel_shuffle", |x| square(x[0].pixel_shuffle(2))),
    ("pixel_unshuffle", |x| square(x[0].pixel_unshuffle(2))),
    ("batch_norm of features", |x| batch(x, Activation::Identity)),
    ("batch_norm of images", |x| batch(x, Activation::Identity)),
    ("batch_norm relu", |x| batch(x, Activation::Relu)),
    ("batch_norm_by", |x| running(x, Activation::Identity)),
    ("batch_norm_by relu", |x| running(x, Activation::Relu)),
    ("group_norm", |x| group_norm(&x[0], 2, &x[1], &x[2], EPSILON)),
    ("group_norm of one", |x| group_norm(&x[0], 1, &x[1], &x[2], EPSILON)),
    ("group_norm of instances", |x| group_norm(&x[0], 3, &x[1], &x[2], EPSILON)),
    ("layer_norm", |x| layer_norm(&x[0], &x[1], &x[2], EPSILON)),
    ("layer_norm of two axes", |x| layer_norm(&x[0], &x[1], &x[2], EPSILON)),
    ("rms_norm", |x| rms_norm(&x[0], &x[1], EPSILON)),
];

fn overlapping() -> Window {
    Window::new([3, 3]).stride([2, 2]).padding([1, 1])
}

fn volume() -> Window {
    Window::new([2, 3, 2]).stride([2, 1, 2]).padding([0, 1, 1])
}

fn square(x: Result<Var>) -> Result<Var> {
    x.map(|x| x.square())
}

fn max(x: &[Var], window: &Window) -> Result<Var> {
    square(x[0].max_pool(window))
}

fn average(x: &[Var], window: &Window, count_border: bool) -> Result<Var> {
    square(x[0].average_pool(window, count_border))
}

fn batch(x: &[Var], activation: Activation) -> Result<Var> {
    Ok(batch_norm(&x[0], &x[1], &x[2], EPSILON, activation)?.y)
}

fn running(x: &[Var], activation: Activation) -> Result<Var> {
    let (mean, variance): ([Elem; 3], [Elem; 3]) = ([0.25, -0.5, 1.0], [0.5, 2.0, 1.25]);
    batch_norm_by([&Tensor::from(mean), &Tensor::from(variance)], &x[0], &x[1], &x[2], EPSILON, activation)
}

#[test]
fn values_and_derivatives_are_those_of_pytorch() -> Result<()> {
    crate::compare::values_and_derivatives(CASES, GOLDEN)
}

#[test]
fn every_case_of_the_file_is_compared() {
    crate::compare::every_case_of_the_file(CASES, GOLDEN);
}
