//! Files that were written to do harm.

use crate::{Context, Initial, Layer, SavedLayer};
use plywood_autograd::Var;
use plywood_tensor::{Seed, Shape, Tensor};
use serde_json::Value;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Where sums and products of settings overflow, and where something is divided.
const NUMBERS: [u64; 6] = [0, MANY, 1 << 59, 1 << 62, 1 << 63, u64::MAX];

/// So many places can be addressed, but there need not be memory for them.
const MANY: u64 = 1 << 32;

/// As many numbers as such a file has, and as many as are computed here.
const SMALL: usize = 100_000;

/// A layer with each of its integers in turn, and each two of them, set to such numbers: an error is fine, a panic is not.
/// Returns the settings that panicked.
pub(crate) fn check(saved: &SavedLayer, input: &[usize]) -> Vec<String> {
    let mut json = serde_json::to_value(saved).unwrap();
    let mut places = Vec::new();
    find(&json, &mut String::new(), &mut places);
    let (inputs, mut panics) = (inputs(input), Vec::new());
    let mut run = |json: &Value| {
        let all = || {
            if let Some(layer) = load(json, input) {
                look(&*layer, &inputs);
                compute(&*layer, &inputs[0]);
            }
        };
        if catch_unwind(AssertUnwindSafe(all)).is_err() {
            panics.push(json.to_string());
        }
    };
    for (at, first) in places.iter().enumerate() {
        for one in NUMBERS {
            let old = set(&mut json, first, one.into());
            run(&json);
            for second in &places[at + 1..] {
                for two in NUMBERS {
                    let old = set(&mut json, second, two.into());
                    run(&json);
                    set(&mut json, second, old);
                }
            }
            set(&mut json, first, old);
        }
    }
    panics
}

/// The integers, as pointers.
fn find(json: &Value, path: &mut String, places: &mut Vec<String>) {
    let inside: Vec<(String, &Value)> = match json {
        Value::Number(number) if number.is_u64() || number.is_i64() => return places.push(path.clone()),
        Value::Array(list) => list.iter().enumerate().map(|(i, value)| (i.to_string(), value)).collect(),
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), value)).collect(),
        _ => return,
    };
    for (name, value) in inside {
        let length = path.len();
        *path += &format!("/{name}");
        find(value, path, places);
        path.truncate(length);
    }
}

fn set(json: &mut Value, place: &str, value: Value) -> Value {
    std::mem::replace(json.pointer_mut(place).unwrap(), value)
}

/// As `Sequential::load` makes it, from a file of few numbers.
fn load(json: &Value, input: &[usize]) -> Option<Box<dyn Layer>> {
    let saved: SavedLayer = serde_json::from_value(json.clone()).unwrap();
    let left = Cell::new(SMALL);
    saved.make(&Shape::new(input).unwrap(), &Initial::blank(&left)).ok()
}

/// The input itself, and the same with nothing and with as much as there can be along each axis.
fn inputs(input: &[usize]) -> Vec<Shape> {
    let mut inputs = vec![Shape::new(input).unwrap()];
    for axis in 0..input.len() {
        let others = inputs[0].with(axis, 1).unwrap().numel();
        let most = isize::MAX as usize / 16 / others.max(1);
        inputs.extend([0, most].map(|size| inputs[0].with(axis, size).unwrap()));
    }
    inputs
}

/// All that is said without computing.
fn look(layer: &dyn Layer, inputs: &[Shape]) {
    layer.describe();
    for input in inputs {
        if layer.output_shape(input).is_ok() {
            layer.multiply_adds(input);
        }
    }
}

/// What is told comes out, if it is not too much to compute; nor does it take memory that is not told, or the test would end.
fn compute(layer: &dyn Layer, input: &Shape) {
    let Ok(told) = layer.output_shape(input) else { return };
    if told.numel() > SMALL {
        return;
    }
    let x = Var::from(Tensor::ones(input).unwrap());
    for cx in [Context::eval(), Context::train(Seed(11), 3)] {
        if let Ok(y) = layer.forward(&cx, &x) {
            assert_eq!(*y.shape(), told, "{}", layer.describe());
        }
    }
}
