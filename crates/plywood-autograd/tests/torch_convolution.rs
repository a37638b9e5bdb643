//! Convolutions agree with PyTorch's, which `golden/make_convolution.py` computed: values, gradients and second derivatives.

use crate::compare::numbers;
use plywood_autograd::Var;
use plywood_autograd::ops::{Activation, Conv, conv, conv_transpose};
use plywood_tensor::Result;
use serde_json::Value;

/// The convolution of a case.
fn call(case: &Value, x: &[Var]) -> Result<Var> {
    let sizes = |name: &str, otherwise: usize| {
        let mut sizes = [otherwise; 3];
        numbers(&case[name]).iter().zip(&mut sizes).for_each(|(&size, to)| *to = size as usize);
        sizes
    };
    let settings = Conv::new()
        .stride(sizes("stride", 1))
        .padding(sizes("padding", 0))
        .dilation(sizes("dilation", 1))
        .groups(case["groups"].as_u64().expect("a number") as usize);
    let (x, weight, bias) = (&x[0], &x[1], Some(&x[2]));
    match case["extra"].is_null() {
        true => conv(x, weight, bias, &settings, Activation::Tanh),
        false => conv_transpose(x, weight, bias, &settings, sizes("extra", 0), Activation::Tanh),
    }
}

#[test]
fn convolutions_are_those_of_pytorch() -> Result<()> {
    let cases = crate::compare::read(include_str!("golden/convolution.json"));
    let cases = cases.as_array().expect("a list");
    assert_eq!(cases.len(), 18);
    let one = |(i, case)| crate::compare::one(&format!("case {i}"), case, |x| call(case, x));
    cases.iter().enumerate().try_for_each(one)
}
