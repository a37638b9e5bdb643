//! Elementwise operations against PyTorch: values and gradients, at kinks and extremes too.
//!
//! `golden/elementwise.json` was written by `golden/make_elementwise.py`.

use plywood_autograd::{Var, grad};
use plywood_tensor::{Elem, Float, Result, Tensor};
use serde_json::Value;
use std::collections::BTreeSet;

type Call = fn(&[Var]) -> Result<Var>;

/// Every operation of the golden file, called with the arguments that its maker has.
const CALLS: &[(&str, Call)] = &[
    ("abs", |x| Ok(x[0].abs())),
    ("add", |x| x[0].add(&x[1])),
    ("add_scalar", |x| Ok(x[0].add_scalar(1.5))),
    ("clamp", |x| Ok(x[0].clamp(-1.0, 1.5))),
    ("cos", |x| Ok(x[0].cos())),
    ("div", |x| x[0].div(&x[1])),
    ("elu", |x| Ok(x[0].elu(0.5))),
    ("erf", |x| Ok(x[0].erf())),
    ("exp", |x| Ok(x[0].exp())),
    ("expm1", |x| Ok(x[0].expm1())),
    ("gelu", |x| Ok(x[0].gelu())),
    ("gelu_tanh", |x| Ok(x[0].gelu_tanh())),
    ("hard_sigmoid", |x| Ok(x[0].hard_sigmoid())),
    ("hard_swish", |x| Ok(x[0].hard_swish())),
    ("leaky_relu", |x| Ok(x[0].leaky_relu(0.25))),
    ("ln", |x| Ok(x[0].ln())),
    ("log1p", |x| Ok(x[0].log1p())),
    ("log_sigmoid", |x| Ok(x[0].log_sigmoid())),
    ("maximum", |x| x[0].maximum(&x[1])),
    ("minimum", |x| x[0].minimum(&x[1])),
    ("mish", |x| Ok(x[0].mish())),
    ("mul", |x| x[0].mul(&x[1])),
    ("mul_scalar", |x| Ok(x[0].mul_scalar(-2.5))),
    ("neg", |x| Ok(x[0].neg())),
    ("pow", |x| x[0].pow(&x[1])),
    ("pow_scalar", |x| Ok(x[0].pow_scalar(3.0))),
    ("prelu", |x| x[0].prelu(&x[1])),
    ("reciprocal", |x| Ok(x[0].reciprocal())),
    ("relu", |x| Ok(x[0].relu())),
    ("relu6", |x| Ok(x[0].relu6())),
    ("select_where", |x| {
        Var::select_where(&x[0].value().map(|x| if x > 0.0 { 1.0 } else { 0.0 }), &x[0], &x[1])
    }),
    ("selu", |x| Ok(x[0].selu())),
    ("sigmoid", |x| Ok(x[0].sigmoid())),
    ("sign", |x| Ok(x[0].sign())),
    ("silu", |x| Ok(x[0].silu())),
    ("sin", |x| Ok(x[0].sin())),
    ("softplus", |x| Ok(x[0].softplus())),
    ("softsign", |x| Ok(x[0].softsign())),
    ("sqrt", |x| Ok(x[0].sqrt())),
    ("square", |x| Ok(x[0].square())),
    ("sub", |x| x[0].sub(&x[1])),
    ("tanh", |x| Ok(x[0].tanh())),
];

/// The share of a number by which it may differ from PyTorch's.
const RELATIVE: f64 = if size_of::<Elem>() == 8 { 1e-10 } else { 1e-5 };
/// Where numbers of the size of 1 cancel, both libraries are wrong by roundings of 1.
const ABSOLUTE: f64 = if size_of::<Elem>() == 8 { 4e-16 } else { 2e-7 };

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    let golden = golden();
    for &(name, call) in CALLS {
        let case = &golden[name];
        let inputs: Vec<Var> = rows(&case["inputs"]).into_iter().map(variable).collect();
        let y = call(&inputs).unwrap();
        compare(name, "output", y.value(), &numbers(&case["output"]));

        let upstream: Vec<Elem> = (0..y.value().numel()).map(|i| Elem::of(0.5 + i as f64 / 8.0)).collect();
        let total = y.mul(&Tensor::from_slice(&upstream, y.shape()).unwrap().into()).unwrap().sum();
        let gradients = grad(&total, &inputs.iter().collect::<Vec<_>>(), false).unwrap();
        let expected = rows(&case["gradients"]);
        assert_eq!(gradients.len(), expected.len(), "{name}");
        for (gradient, expected) in gradients.iter().zip(&expected) {
            compare(name, "gradient", gradient.value(), expected);
        }
    }
}

/// Every elementwise row of the operations' own files is in the golden file, and nothing else is.
#[test]
fn every_elementwise_operation_is_compared() {
    let golden = golden();
    let in_file: BTreeSet<&str> = golden.as_object().unwrap().keys().map(String::as_str).collect();
    let called: BTreeSet<&str> = CALLS.iter().map(|&(name, _)| name).collect();
    assert_eq!(in_file, called);

    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/ops");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for start in ["Row::unary(", "Row::binary("] {
            for row in text.split(start).skip(1) {
                let name = row.split('"').nth(1).unwrap();
                assert!(called.contains(name), "{}: `{name}` is not compared with PyTorch", path.display());
            }
        }
    }
}

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/elementwise.json")).unwrap()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

fn numbers(value: &Value) -> Vec<f64> {
    // Numbers that are not finite are strings.
    let number = |x: &Value| x.as_f64().unwrap_or_else(|| x.as_str().unwrap().parse().unwrap());
    value.as_array().unwrap().iter().map(number).collect()
}

fn variable(x: Vec<f64>) -> Var {
    let x: Vec<Elem> = x.into_iter().map(Elem::of).collect();
    Var::variable(Tensor::from_slice(&x, [x.len()]).unwrap())
}

fn compare(name: &str, what: &str, got: &Tensor, expected: &[f64]) {
    assert_eq!(got.numel(), expected.len(), "{name}: {what}");
    for (i, (got, &expected)) in got.as_slice().iter().map(|x| x.to_f64()).zip(expected).enumerate() {
        let same = got == expected || (got.is_nan() && expected.is_nan());
        let close = (got - expected).abs() <= RELATIVE * expected.abs() + ABSOLUTE;
        assert!(same || close, "{name}: {what} {i} is {got:e}, PyTorch's is {expected:e}");
    }
}
