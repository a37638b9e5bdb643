//! Values of real PyTorch, and of the formulas of scikit-learn; see `tests/golden/make.py`.

use plywood_tensor::{Elem, Float, IntTensor, Tensor};
use serde_json::Value;

/// Double precision agrees to the last few bits, single precision to six digits.
const CLOSE: f64 = if size_of::<Elem>() == 8 { 1e-11 } else { 2e-5 };

/// The case of this name.
pub(super) fn case(name: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("../../tests/golden/golden.json")).unwrap();
    all.get(name).unwrap_or_else(|| panic!("{name}: no golden values")).clone()
}

/// All names that have values.
pub(super) fn names() -> Vec<String> {
    let all: Value = serde_json::from_str(include_str!("../../tests/golden/golden.json")).unwrap();
    all.as_object().unwrap().keys().cloned().collect()
}

fn shape(value: &Value) -> Vec<usize> {
    let dims = value["shape"].as_array().unwrap().iter();
    dims.map(|d| usize::try_from(d.as_u64().unwrap()).unwrap()).collect()
}

pub(super) fn tensor(value: &Value) -> Tensor {
    let data = numbers(&value["data"]).into_iter().map(Elem::of).collect();
    Tensor::from_vec(data, shape(value)).unwrap()
}

pub(super) fn labels(value: &Value) -> IntTensor {
    let data = value["data"].as_array().unwrap().iter().map(|v| v.as_i64().unwrap()).collect();
    IntTensor::from_vec(data, shape(value)).unwrap()
}

pub(super) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

pub(super) fn assert_close(name: &str, what: &str, got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len(), "{name}: {what}");
    let largest = expected.iter().fold(1.0_f64, |largest, x| largest.max(x.abs()));
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let close = (got - expected).abs() <= CLOSE * largest;
        assert!(close, "{name}: {what} {i}: {got} instead of {expected}");
    }
}

pub(super) fn to_f64(x: &Tensor) -> Vec<f64> {
    x.as_slice().iter().map(|x| x.to_f64()).collect()
}
