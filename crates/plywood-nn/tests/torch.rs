//! Models and layers against PyTorch.
//!
//! `golden/` was written by `golden/make.py`: a model's `safetensors` file, what it returns, and single layers.

use plywood_autograd::BufferValue;
use plywood_nn::{
    Context, Conv1d, Conv2d, Conv3d, ConvConfig, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d,
    ConvTransposeConfig, Gelu, GeluForm, Layer, Linear, Module, Parameters, Prelu, PreluConfig, Sequential,
    StateDict,
};
use plywood_nn::{
    Elu, HardSigmoid, HardSwish, Identity, LeakyRelu, LogSigmoid, LogSoftmax, Mish, Relu, Relu6,
};
use plywood_nn::{Selu, Sigmoid, Silu, Softmax, Softplus, Softsign, Tanh};
use plywood_tensor::{Elem, Float, Seed, Tensor};
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/layers.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<Elem> {
    value.as_array().unwrap().iter().map(|v| Elem::of(v.as_f64().unwrap())).collect()
}

fn assert_close(got: &[Elem], expected: &[Elem], tolerance: f64, name: &str) {
    assert_eq!(got.len(), expected.len(), "{name}");
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let (got, expected) = (got.to_f64(), expected.to_f64());
        let close = (got - expected).abs() <= tolerance * expected.abs().max(1.0);
        assert!(close, "{name}: element {i}: {got} instead of {expected}");
    }
}

#[test]
fn a_file_of_pytorch_is_read_and_computes_the_same() {
    let golden = golden();
    let mut model = Sequential::input([4])
        .linear(8)
        .relu()
        .linear_with(plywood_nn::LinearConfig { bias: false, ..plywood_nn::LinearConfig::new(6) })
        .layer_with(PreluConfig::new(6))
        .linear(5)
        .tanh()
        .linear(3)
        .softmax()
        .build(Seed(1))
        .unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/sequential.safetensors");
    model.load_state_dict(&StateDict::load_safetensors(path).unwrap()).unwrap();
    let x = Tensor::from_vec(numbers(&golden["x"]), [5, 4]).unwrap();
    let y = model.forward(&Context::eval(), &x.into()).unwrap();
    assert_close(y.value().as_slice(), &numbers(&golden["y"]), 1e-6, "model");

    // The file holds no layers: it is not a model of ours.
    let error = Sequential::load(path).unwrap_err().to_string();
    assert!(
        error.ends_with("weights without layers: build the model, then give it StateDict::load_safetensors"),
        "{error}"
    );
}

#[test]
fn narrow_numbers_and_integers_are_read_too() {
    let golden = golden();
    let state = StateDict::from_safetensors(include_bytes!("golden/mixed.safetensors")).unwrap();
    for (name, expected) in golden["bfloat16"].as_object().unwrap() {
        let value = state.0[name].as_float().unwrap();
        assert_close(value.as_slice(), &numbers(expected), 1e-8, name);
    }
    let BufferValue::Int(count) = &state.0["num_batches_tracked"] else { panic!("not an integer") };
    assert_eq!(count.item().unwrap(), 41);
    assert_eq!(count.shape().rank(), 0);
}

#[test]
fn defaults_are_those_of_pytorch() {
    let golden = golden();
    let x = Tensor::from_vec(numbers(&golden["points"]), [12]).unwrap();
    let layers: Vec<(&str, Box<dyn Layer>)> = vec![
        ("Elu", Box::new(Elu::default())),
        ("Gelu", Box::new(Gelu::default())),
        ("Gelu Tanh", Box::new(Gelu::new(GeluForm::Tanh))),
        ("HardSigmoid", Box::new(HardSigmoid)),
        ("HardSwish", Box::new(HardSwish)),
        ("Identity", Box::new(Identity)),
        ("LeakyRelu", Box::new(LeakyRelu::default())),
        ("LogSigmoid", Box::new(LogSigmoid)),
        ("LogSoftmax", Box::new(LogSoftmax::default())),
        ("Mish", Box::new(Mish)),
        ("Prelu", Box::new(Prelu::new(1).unwrap())),
        ("Relu", Box::new(Relu)),
        ("Relu6", Box::new(Relu6)),
        ("Selu", Box::new(Selu)),
        ("Sigmoid", Box::new(Sigmoid)),
        ("Silu", Box::new(Silu)),
        ("Softmax", Box::new(Softmax::default())),
        ("Softplus", Box::new(Softplus)),
        ("Softsign", Box::new(Softsign)),
        ("Tanh", Box::new(Tanh)),
    ];
    let expected = golden["layers"].as_object().unwrap();
    assert_eq!(layers.len(), expected.len());
    // PyTorch's softplus is x itself above 20.
    let tolerance = if size_of::<Elem>() == 8 { 2e-9 } else { 2e-6 };
    for (name, layer) in layers {
        let y = layer.forward(&Context::eval(), &x.clone().into()).unwrap();
        assert_close(y.value().as_slice(), &numbers(&expected[name]), tolerance, name);
    }

    // How far weights reach at first, and how they spread: the same of many draws is nearly the same.
    let stream = Seed(3).stream();
    let grouped = ConvConfig::<1>::new(4096, 5).groups(2);
    let layers: Vec<(&str, Box<dyn Layer>)> = vec![
        ("Linear", Box::new(Linear::new(300, 4096, &stream).unwrap())),
        ("Conv1d", Box::new(Conv1d::with(6, grouped, &stream).unwrap())),
        ("Conv2d", Box::new(Conv2d::new(4, 4096, 3, &stream).unwrap())),
        ("Conv3d", Box::new(Conv3d::new(2, 4096, 2, &stream).unwrap())),
        (
            "ConvTranspose1d",
            Box::new(ConvTranspose1d::with(6, ConvTransposeConfig::new(grouped), &stream).unwrap()),
        ),
        ("ConvTranspose2d", Box::new(ConvTranspose2d::new(4, 4096, 3, &stream).unwrap())),
        ("ConvTranspose3d", Box::new(ConvTranspose3d::new(2, 4096, 2, &stream).unwrap())),
    ];
    let expected = golden["starts"].as_object().unwrap();
    assert_eq!(layers.len(), expected.len());
    for (name, layer) in layers {
        for (path, param) in layer.named_parameters() {
            let expected = numbers(&expected[name][&path]);
            let values = param.value();
            let largest = values.as_slice().iter().fold(0.0, |largest: Elem, x| largest.max(x.abs()));
            let spread = values.square().mean().item().unwrap().sqrt();
            let what = format!("{name}, {path}: {largest} and {spread} instead of {expected:?}");
            assert!((largest / expected[0] - 1.0).abs() < 0.005, "{what}");
            assert!((spread / expected[1] - 1.0).abs() < 0.03, "{what}");
        }
    }
}
