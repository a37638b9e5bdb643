//! What comparisons with files of PyTorch's numbers share.

use plywood_autograd::{AutogradError, Var, grad};
use plywood_tensor::{Elem, Float, Result, Tensor};
use serde_json::Value;

const CLOSE: f64 = if size_of::<Elem>() == 8 { 1e-10 } else { 1e-5 };

/// The name in the file, and the same function here.
pub(crate) type Case = (&'static str, fn(&[Var]) -> Result<Var>);

pub(crate) fn read(golden: &str) -> Value {
    serde_json::from_str(golden).expect("the file is JSON")
}

/// Fails unless values, gradients and second derivatives of every case are those of the file.
#[allow(dead_code)] // not every test that shares this file has its cases by name
pub(crate) fn values_and_derivatives(cases: &[Case], golden: &str) -> Result<()> {
    let golden = read(golden);
    cases.iter().try_for_each(|(name, call)| one(name, &golden[*name], call))
}

/// Fails unless value, gradients and second derivatives of this case are those of the file.
pub(crate) fn one(name: &str, case: &Value, call: impl Fn(&[Var]) -> Result<Var>) -> Result<()> {
    let inputs = case["inputs"].as_array().expect("the case is in the file");
    let x: Vec<Var> = inputs.iter().map(|x| Var::variable(tensor(x))).collect();
    let y = call(&x)?;
    assert_eq!(y.shape(), tensor(&case["y"]).shape(), "{name}");
    close(name, y.value(), &numbers(&case["y"]["data"]));

    let loss = |y: Var| (&y * &weights(&y, 7, 11, 0.5)).sum();
    let xs: Vec<&Var> = x.iter().collect();
    // With the graph and without: an operation may have a rule for each.
    let gradients = grad(&loss(y), &xs, true)?;
    let plain = grad(&loss(call(&x)?), &xs, false)?;
    for (i, expected) in case["gradients"].as_array().expect("gradients").iter().enumerate() {
        close(&format!("{name}, gradient {i}"), gradients[i].value(), &numbers(expected));
        close(&format!("{name}, plain gradient {i}"), plain[i].value(), &numbers(expected));
    }

    let second = second(&gradients, &xs)?;
    close(&format!("{name}, second derivative"), &second, &[case["second"].as_f64().expect("a number")]);
    Ok(())
}

#[allow(dead_code)] // as above
/// Fails if the file has a case that is not compared.
pub(crate) fn every_case_of_the_file(cases: &[Case], golden: &str) {
    let golden = read(golden);
    let mut names: Vec<&String> = golden.as_object().expect("cases by name").keys().collect();
    names.retain(|name| !cases.iter().any(|(case, _)| case == name));
    assert!(names.is_empty(), "{names:?}");
}

fn second(gradients: &[Var], xs: &[&Var]) -> Result<Tensor> {
    let mut found = Vec::new();
    for x in xs {
        match grad(&dot(gradients), &[x], true) {
            Ok(mut gradient) => found.push(gradient.remove(0)),
            // Gradients that are constant have no slope.
            Err(error)
                if matches!(
                    error.source_as(),
                    Some(AutogradError::Unused { .. } | AutogradError::Constant { .. })
                ) => {}
            Err(error) => return Err(error),
        }
    }
    if found.is_empty() { Ok(Tensor::from(0.0)) } else { Ok(dot(&found).into_value()) }
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect()
}

fn tensor(value: &Value) -> Tensor {
    let shape: Vec<usize> = numbers(&value["shape"]).iter().map(|&d| d as usize).collect();
    let data = numbers(&value["data"]).into_iter().map(Elem::of).collect();
    Tensor::from_vec(data, shape).expect("the shape holds the data")
}

/// The weights of the generator.
fn weights(like: &Var, slope: usize, modulus: usize, offset: f64) -> Var {
    let of = |i: usize| Elem::of(offset + (i * slope % modulus) as f64 / 8.0);
    let weights = (0..like.value().numel()).map(of).collect();
    Tensor::from_vec(weights, like.shape()).expect("one for each element").into()
}

fn dot(gradients: &[Var]) -> Var {
    let one = |g: &Var| (g * &weights(g, 5, 7, -0.25)).sum();
    gradients.iter().map(one).reduce(|a, b| &a + &b).expect("there are inputs")
}

#[track_caller]
fn close(what: &str, got: &Tensor, expected: &[f64]) {
    assert_eq!(got.numel(), expected.len(), "{what}");
    let largest = expected.iter().fold(1.0_f64, |largest, x| largest.max(x.abs()));
    for (i, (got, expected)) in got.as_slice().iter().zip(expected).enumerate() {
        let near = (got.to_f64() - expected).abs() <= CLOSE * largest;
        assert!(near, "{what}: element {i}: {got} instead of {expected}");
    }
}
