//! What tests share that compare layers with those of PyTorch: how its numbers are written, and when ours are the same.

use plywood_autograd::BufferValue;
use plywood_nn::{Layer, Leaf, Path};
use plywood_tensor::{Elem, Float, Tensor};
use serde_json::Value;

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

pub(crate) fn tensor(value: &Value) -> Tensor {
    let shape: Vec<usize> = numbers(&value["shape"]).iter().map(|&d| d as usize).collect();
    Tensor::from_vec(numbers(&value["data"]).into_iter().map(Elem::of).collect(), shape).unwrap()
}

/// The weights of the generators.
pub(crate) fn weights(like: &Tensor) -> Tensor {
    let of = |i: usize| Elem::of(0.5 + (i * 7 % 11) as f64 / 8.0);
    Tensor::from_vec((0..like.numel()).map(of).collect(), like.shape()).unwrap()
}

/// As near as `tolerance` times the largest number, or times 1.
#[track_caller]
pub(crate) fn close(what: &str, got: &[Elem], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(1.0_f64, |largest, x| largest.max(x.abs()));
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let near = (got.to_f64() - expected).abs() <= tolerance * largest;
        assert!(near, "{what}: element {i}: {got} instead of {expected}");
    }
}

/// All buffers of a layer, and no others.
pub(crate) fn buffers(name: &str, layer: &dyn Layer, expected: &Value, tolerance: f64) {
    let mut count = 0;
    layer.visit(&Path::root(), &mut |path, leaf| {
        let Leaf::Buffer(buffer) = leaf else { return };
        count += 1;
        let expected = numbers(&expected[path.to_string()]["data"]);
        match buffer.value() {
            BufferValue::Float(value) => {
                close(&format!("{name}, {path}"), value.as_slice(), &expected, tolerance)
            }
            BufferValue::Int(value) => assert_eq!(value.as_slice(), [expected[0] as i64], "{name}: {path}"),
        }
    });
    assert_eq!(count, expected.as_object().unwrap().len(), "{name}");
}
