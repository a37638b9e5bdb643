//! Files both ways: what PyTorch writes is read to the bit, and what is written here is what PyTorch has read.
//!
//! `golden/zoo.safetensors` was written by `golden/make_files.py`; `golden/check_files.py` has PyTorch load
//! `golden/ours.safetensors` strictly and compute what `golden/ours_results.safetensors` says.

use plywood_autograd::BufferValue;
use plywood_nn::{
    BatchNorm2d, Context, Conv1d, Conv2d, Conv3d, ConvConfig, ConvTranspose2d, ConvTransposeConfig,
    GroupNorm, InstanceNorm2d, InstanceNormConfig, LayerNorm, Leaf, Linear, Module, Parameters, Path, Prelu,
    RmsNorm, StateDict, parameters,
};
use plywood_tensor::{Elem, Float, Result, Seed, Shape, Tensor};
use serde_json::Value;

/// One layer of each kind that has weights, under the names of `make_files.py`.
#[derive(Debug, Clone)]
struct Zoo {
    linear: Linear,
    conv1d: Conv1d,
    conv2d: Conv2d,
    conv3d: Conv3d,
    transposed: ConvTranspose2d,
    batch: BatchNorm2d,
    instance: InstanceNorm2d,
    group: GroupNorm,
    layer: LayerNorm,
    rms: RmsNorm,
    prelu: Prelu,
}
parameters!(Zoo { linear, conv1d, conv2d, conv3d, transposed, batch, instance, group, layer, rms, prelu });

impl Zoo {
    fn new() -> Result<Zoo> {
        let stream = Seed(0).stream();
        let conv2d = ConvConfig::new(6, [3, 2]).stride(2).padding(1).groups(2);
        let transposed = ConvTransposeConfig::new(ConvConfig::new(3, 3).stride(2));
        Ok(Zoo {
            linear: Linear::new(3, 4, &stream)?,
            conv1d: Conv1d::with(2, ConvConfig::new(3, 3).without_bias(), &stream)?,
            conv2d: Conv2d::with(4, conv2d, &stream)?,
            conv3d: Conv3d::new(1, 2, 2, &stream)?,
            transposed: ConvTranspose2d::with(2, transposed, &stream)?,
            batch: BatchNorm2d::new(3)?,
            instance: InstanceNorm2d::with(
                2,
                InstanceNormConfig { affine: true, ..InstanceNormConfig::default() },
            )?,
            group: GroupNorm::new(2, 4)?,
            layer: LayerNorm::new([5])?,
            rms: RmsNorm::new([5])?,
            prelu: Prelu::new(3)?,
        })
    }

    /// Each layer with the shape of an input.
    fn layers(&self) -> Vec<(&'static str, &dyn Module, &'static [usize])> {
        vec![
            ("linear", &self.linear, &[2, 3]),
            ("conv1d", &self.conv1d, &[2, 5, 2]),
            ("conv2d", &self.conv2d, &[2, 5, 4, 4]),
            ("conv3d", &self.conv3d, &[1, 3, 2, 3, 1]),
            ("transposed", &self.transposed, &[1, 2, 3, 2]),
            ("batch", &self.batch, &[2, 2, 3, 3]),
            ("instance", &self.instance, &[2, 3, 2, 2]),
            ("group", &self.group, &[2, 2, 2, 4]),
            ("layer", &self.layer, &[2, 5]),
            ("rms", &self.rms, &[2, 5]),
            ("prelu", &self.prelu, &[2, 2, 3]),
        ]
    }
}

/// Some numbers that any precision holds, all above 0.
fn numbers(shape: &Shape, start: usize) -> Tensor {
    let numbers = (0..shape.numel()).map(|i| ((start + i) * 7 % 23 + 1) as Elem / 16.0);
    Tensor::from_vec(numbers.collect(), *shape).unwrap()
}

/// The layers with such weights, and the counter of batches at 3.
fn ours() -> Zoo {
    let mut zoo = Zoo::new().unwrap();
    let mut state = zoo.state_dict();
    for (i, value) in state.0.values_mut().enumerate() {
        *value = match value {
            BufferValue::Float(x) => BufferValue::Float(numbers(x.shape(), i)),
            BufferValue::Int(x) => BufferValue::Int(x.full_like(3)),
        };
    }
    zoo.load_state_dict(&state).unwrap();
    zoo
}

/// An input of each layer, and what it makes of it.
fn results(zoo: &Zoo) -> StateDict {
    let mut results = StateDict::default();
    for (i, (name, layer, shape)) in zoo.layers().into_iter().enumerate() {
        let x = numbers(&Shape::new(shape).unwrap(), 5 * i).add_scalar(-0.5);
        let y = layer.forward(&Context::eval(), &x.clone().into()).unwrap();
        results.0.insert(format!("{name}.x"), x.into());
        results.0.insert(format!("{name}.y"), y.value().clone().into());
    }
    results
}

/// As zlib has it.
fn crc(bytes: impl Iterator<Item = u8>) -> u64 {
    let step = |crc: u32, byte: u8| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
    };
    u64::from(!bytes.fold(!0, step))
}

#[test]
fn every_bit_of_a_file_of_pytorch_arrives() {
    let golden: Value = serde_json::from_str(include_str!("golden/zoo.json")).unwrap();
    let state = StateDict::load_safetensors("tests/golden/zoo.safetensors").unwrap();
    let mut zoo = Zoo::new().unwrap();
    zoo.load_state_dict(&state).unwrap();
    let mut count = 0;
    zoo.visit(&Path::root(), &mut |path, leaf| {
        let (shape, crc) = match leaf {
            Leaf::Param(param) => (*param.shape(), float_crc(param.value())),
            Leaf::Buffer(buffer) => match buffer.value() {
                BufferValue::Float(x) => (*x.shape(), float_crc(x)),
                BufferValue::Int(x) => (*x.shape(), crc(x.as_slice().iter().flat_map(|x| x.to_le_bytes()))),
            },
        };
        let expected = &golden[path.to_string()];
        assert_eq!(serde_json::to_value(shape.to_vec()).unwrap(), expected[0], "{path}");
        assert_eq!(crc, expected[1].as_u64().unwrap(), "{path}");
        count += 1;
    });
    assert_eq!(count, golden.as_object().unwrap().len());
}

/// Of the numbers in single precision, in which the file has them.
fn float_crc(x: &Tensor) -> u64 {
    crc(x.as_slice().iter().flat_map(|x| (x.to_f64() as f32).to_le_bytes()))
}

#[test]
fn ours_are_those_that_pytorch_has_read() {
    let zoo = ours();
    if size_of::<Elem>() == 4 {
        assert!(zoo.state_dict().to_safetensors().unwrap() == include_bytes!("golden/ours.safetensors"));
    }
    let read = StateDict::from_safetensors(include_bytes!("golden/ours.safetensors")).unwrap();
    assert_eq!(read, zoo.state_dict());
    let expected = StateDict::from_safetensors(include_bytes!("golden/ours_results.safetensors")).unwrap();
    let got = results(&zoo);
    assert_eq!(got.0.len(), expected.0.len());
    for (name, expected) in &expected.0 {
        let (got, expected) = (got.0[name].as_float().unwrap(), expected.as_float().unwrap());
        assert_eq!(got.shape(), expected.shape(), "{name}");
        for (got, expected) in got.as_slice().iter().zip(expected.as_slice()) {
            assert!((got - expected).abs() <= 1e-5, "{name}: {got} instead of {expected}");
        }
    }
}

/// If the files shall change: take these, written in single precision, and let `check_files.py` read them.
#[test]
fn the_files_for_pytorch_are_written() {
    let (zoo, folder) = (ours(), std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")));
    zoo.state_dict().save_safetensors(folder.join("ours.safetensors")).unwrap();
    results(&zoo).save_safetensors(folder.join("ours_results.safetensors")).unwrap();
    let written = std::fs::read(folder.join("ours.safetensors")).unwrap();
    assert_eq!(written, zoo.state_dict().to_safetensors().unwrap());
}
