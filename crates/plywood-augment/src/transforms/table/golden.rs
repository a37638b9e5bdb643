//! Pictures of torchvision and Pillow; see `tests/golden/make.py`.

use crate::Image;
use plywood_tensor::{Array, Elem, Float, Tensor};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a reference made of a picture.
pub(super) struct Golden {
    pub(super) input: Image,
    pub(super) output: Image,
}

/// All that there are, by name.
pub(super) fn all() -> BTreeMap<String, Golden> {
    let file: Value = serde_json::from_str(include_str!("../../../tests/golden/golden.json")).unwrap();
    let inputs = &file["inputs"];
    let cases = file["cases"].as_object().unwrap().iter();
    cases
        .map(|(name, case)| {
            let input = image(&inputs[case["input"].as_str().unwrap()]);
            (name.clone(), Golden { input, output: image(&case["output"]) })
        })
        .collect()
}

fn image(value: &Value) -> Image {
    let numbers =
        |of: &Value| -> Vec<f64> { of.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect() };
    let shape: Vec<usize> = numbers(&value["shape"]).into_iter().map(|x| x as usize).collect();
    let data = numbers(&value["data"]);
    if value["kind"] == "bytes" {
        let bytes = data.into_iter().map(|x| x as u8).collect();
        Image::try_from(Array::from_vec(bytes, shape).unwrap()).unwrap()
    } else {
        let floats = data.into_iter().map(Elem::of).collect();
        Image::try_from(Tensor::from_vec(floats, shape).unwrap()).unwrap()
    }
}
