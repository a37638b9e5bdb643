//! What the tests against PyTorch share: how its numbers are read, and how losses and derivatives are weighted.

use plywood_autograd::Var;
use plywood_tensor::{Elem, Float, Tensor};
use serde_json::Value;

pub(crate) const CLOSE: f64 = if size_of::<Elem>() == 8 { 1e-10 } else { 1e-5 };

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect()
}

pub(crate) fn tensor(value: &Value) -> Tensor {
    let shape: Vec<usize> = numbers(&value["shape"]).iter().map(|&d| d as usize).collect();
    let data = numbers(&value["data"]).into_iter().map(Elem::of).collect();
    Tensor::from_vec(data, shape).expect("the shape holds the data")
}

/// The weights of the generator.
pub(crate) fn weights(like: &Var, slope: usize, modulus: usize, offset: f64) -> Var {
    let of = |i: usize| Elem::of(offset + (i * slope % modulus) as f64 / 8.0);
    let weights = (0..like.value().numel()).map(of).collect();
    Tensor::from_vec(weights, like.shape()).expect("one for each element").into()
}

pub(crate) fn dot(gradients: &[Var]) -> Var {
    let one = |g: &Var| (g * &weights(g, 5, 7, -0.25)).sum();
    gradients.iter().map(one).reduce(|a, b| &a + &b).expect("there are inputs")
}

#[track_caller]
pub(crate) fn close(what: &str, got: &Tensor, expected: &[f64]) {
    assert_eq!(got.numel(), expected.len(), "{what}");
    let largest = expected.iter().fold(1.0_f64, |largest, x| largest.max(x.abs()));
    for (i, (got, expected)) in got.as_slice().iter().zip(expected).enumerate() {
        let near = (got.to_f64() - expected).abs() <= CLOSE * largest;
        assert!(near, "{what}: element {i}: {got} instead of {expected}");
    }
}
