//! Convolutions agree with PyTorch's, which `golden/make_convolution.py` computed: values, gradients and second derivatives.

mod golden;

use golden::{close, dot, numbers, tensor, weights};
use plywood_autograd::ops::{Activation, Conv, conv, conv_transpose};
use plywood_autograd::{Var, grad};
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
    let cases: Value =
        serde_json::from_str(include_str!("golden/convolution.json")).expect("the file is JSON");
    let cases = cases.as_array().expect("a list");
    assert_eq!(cases.len(), 18);
    for (i, case) in cases.iter().enumerate() {
        let inputs = case["inputs"].as_array().expect("the inputs of a case");
        let x: Vec<Var> = inputs.iter().map(|x| Var::variable(tensor(x))).collect();
        let y = call(case, &x)?;
        assert_eq!(y.shape(), tensor(&case["y"]).shape(), "case {i}");
        close(&format!("case {i}"), y.value(), &numbers(&case["y"]["data"]));

        let loss = |y: Var| (&y * &weights(&y, 7, 11, 0.5)).sum();
        let xs: Vec<&Var> = x.iter().collect();
        // With the graph and without: the first derivative has a kernel of its own.
        let gradients = grad(&loss(y), &xs, true)?;
        let plain = grad(&loss(call(case, &x)?), &xs, false)?;
        for (j, expected) in case["gradients"].as_array().expect("gradients").iter().enumerate() {
            close(&format!("case {i}, gradient {j}"), gradients[j].value(), &numbers(expected));
            close(&format!("case {i}, plain gradient {j}"), plain[j].value(), &numbers(expected));
        }
        let second = dot(&grad(&dot(&gradients), &xs, true)?);
        close(
            &format!("case {i}, second derivative"),
            second.value(),
            &[case["second"].as_f64().expect("a number")],
        );
    }
    Ok(())
}
