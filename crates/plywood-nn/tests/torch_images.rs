//! Layers of images and normalisations against PyTorch: results, gradients, running statistics.
//!
//! `golden/images.json` was written by `golden/make_images.py`.

use crate::compare::{buffers, close, numbers, tensor, weights};
use plywood_autograd::{Var, grad};
use plywood_nn::{
    AdaptiveAveragePool2d, AdaptiveMaxPool2d, AveragePool1d, AveragePool2d, AveragePool3d, BatchNorm1d,
    BatchNorm2d, BatchNorm3d, BatchNormConfig, Context, ConvConfig, ConvTranspose, ConvTransposeConfig,
    Convolution, Flatten, GlobalAveragePool2d, GlobalMaxPool2d, GroupNorm, InstanceNorm1d, InstanceNorm2d,
    InstanceNormConfig, Layer, LayerNorm, LeafMut, MaxPool1d, MaxPool2d, MaxPool3d, PaddingMode, Parameters,
    Path, PixelShuffle, PixelUnshuffle, RmsNorm, RmsNormConfig, SqueezeExcite, Upsample,
};
use plywood_tensor::{Elem, Result, Seed};
use serde_json::Value;

const CLOSE: f64 = if size_of::<Elem>() == 8 { 1e-10 } else { 1e-5 };

fn conv<const D: usize>(inputs: usize, config: ConvConfig<D>) -> Result<Box<dyn Layer>> {
    Ok(Box::new(Convolution::with(inputs, config, &Seed(0).stream())?))
}

fn conv_transpose<const D: usize>(
    inputs: usize,
    conv: ConvConfig<D>,
    output_padding: [usize; D],
) -> Result<Box<dyn Layer>> {
    let config = ConvTransposeConfig { conv, output_padding };
    Ok(Box::new(ConvTranspose::with(inputs, config, &Seed(0).stream())?))
}

fn layers() -> Result<Vec<(&'static str, Box<dyn Layer>)>> {
    let batches = BatchNormConfig { affine: false, track_running_stats: false, ..Default::default() };
    let all_steps = BatchNormConfig { momentum: None, ..Default::default() };
    let affine = InstanceNormConfig { affine: true, ..Default::default() };
    // PyTorch's default is that of its element, which is another in tests of double precision.
    let rms = RmsNormConfig { epsilon: Some(f64::from(f32::EPSILON)), ..Default::default() };
    Ok(vec![
        ("MaxPool1d", Box::new(MaxPool1d::new(2))),
        ("MaxPool2d", Box::new(MaxPool2d::new(3).stride(2).padding(1))),
        ("MaxPool3d", Box::new(MaxPool3d::new(2))),
        ("AveragePool1d", Box::new(AveragePool1d::new(2))),
        ("AveragePool2d", Box::new(AveragePool2d::new(3).stride(2).padding(1))),
        ("AveragePool3d", Box::new(AveragePool3d::new(2))),
        ("AdaptiveAveragePool2d", Box::new(AdaptiveAveragePool2d::new([3, 2]))),
        ("AdaptiveMaxPool2d", Box::new(AdaptiveMaxPool2d::new(2))),
        ("GlobalAveragePool2d", Box::new(GlobalAveragePool2d::new())),
        ("GlobalMaxPool2d", Box::new(GlobalMaxPool2d::new())),
        ("Upsample", Box::new(Upsample::by(2)?)),
        ("Upsample linear", Box::new(Upsample::by(2)?.linear(false))),
        ("Upsample corners", Box::new(Upsample::to([3, 5])?.linear(true))),
        ("PixelShuffle", Box::new(PixelShuffle::new(2)?)),
        ("PixelUnshuffle", Box::new(PixelUnshuffle::new(2)?)),
        ("Flatten", Box::new(Flatten::default())),
        ("BatchNorm1d", Box::new(BatchNorm1d::new(3)?)),
        ("BatchNorm1d of sequences", Box::new(BatchNorm1d::new(3)?)),
        ("BatchNorm2d", Box::new(BatchNorm2d::new(3)?)),
        ("BatchNorm2d of all steps", Box::new(BatchNorm2d::with(3, all_steps)?)),
        ("BatchNorm2d of batches", Box::new(BatchNorm2d::with(3, batches)?)),
        ("BatchNorm3d", Box::new(BatchNorm3d::new(2)?)),
        ("LayerNorm", Box::new(LayerNorm::new([5])?)),
        ("LayerNorm of two axes", Box::new(LayerNorm::new([2, 3])?)),
        ("GroupNorm", Box::new(GroupNorm::new(2, 4)?)),
        ("InstanceNorm1d", Box::new(InstanceNorm1d::new(3)?)),
        ("InstanceNorm2d", Box::new(InstanceNorm2d::with(3, affine)?)),
        ("RmsNorm", Box::new(RmsNorm::with([5], rms)?)),
        ("SqueezeExcite", Box::new(SqueezeExcite::new(4, 2, &Seed(0).stream())?)),
        ("Conv1d", conv(3, ConvConfig::<1>::new(4, 3).dilation(2).padding(1))?),
        (
            "Conv1d replicate",
            conv(2, ConvConfig::<1>::new(3, 4).stride(2).padding(3).padding_mode(PaddingMode::Replicate))?,
        ),
        (
            "Conv1d same reflect",
            conv(2, ConvConfig::<1>::new(3, 4).padding_same().padding_mode(PaddingMode::Reflect))?,
        ),
        ("Conv2d", conv(4, ConvConfig::<2>::new(6, 3).stride(2).padding(1).groups(2))?),
        (
            "Conv2d reflect",
            conv(2, ConvConfig::<2>::new(3, [3, 2]).padding([2, 1]).padding_mode(PaddingMode::Reflect))?,
        ),
        (
            "Conv2d circular",
            conv(2, ConvConfig::<2>::new(3, [2, 3]).padding([2, 1]).padding_mode(PaddingMode::Circular))?,
        ),
        ("Conv2d same", conv(2, ConvConfig::<2>::new(3, [2, 4]).dilation([3, 1]).padding_same())?),
        ("Conv3d", conv(2, ConvConfig::<3>::new(3, 2).padding([0, 1, 0]).without_bias())?),
        (
            "ConvTranspose1d",
            conv_transpose(3, ConvConfig::<1>::new(4, 3).stride(2).padding(1).dilation(2), [1])?,
        ),
        (
            "ConvTranspose2d",
            conv_transpose(
                4,
                ConvConfig::<2>::new(6, [3, 2]).stride([2, 3]).groups(2).dilation([2, 1]),
                [1, 2],
            )?,
        ),
        (
            "ConvTranspose3d",
            conv_transpose(2, ConvConfig::<3>::new(3, 2).stride([1, 2, 1]).without_bias(), [0; 3])?,
        ),
    ])
}

#[test]
fn layers_do_what_those_of_pytorch_do() -> Result<()> {
    let golden: Value = serde_json::from_str(include_str!("golden/images.json")).unwrap();
    let layers = layers()?;
    assert_eq!(layers.len(), golden.as_object().unwrap().len());
    for (name, mut layer) in layers {
        let case = &golden[name];
        let mut names = 0;
        layer.visit_mut(&Path::root(), &mut |path, leaf| {
            if let LeafMut::Param(param) = leaf {
                names += 1;
                let value = tensor(&case["parameters"][path.to_string()]);
                assert_eq!(value.shape(), param.shape(), "{name}: {path}");
                *param.value_mut() = value;
            }
        });
        assert_eq!(names, case["parameters"].as_object().unwrap().len(), "{name}");

        let (x, cx) = (Var::variable(tensor(&case["x"])), Context::train(Seed(1), 0));
        let y = layer.forward(&cx, &x)?;
        assert_eq!(y.shape(), tensor(&case["train"]).shape(), "{name}");
        close(name, y.value().as_slice(), &numbers(&case["train"]["data"]), CLOSE);
        let loss = (&y * &weights(y.value()).into()).sum();
        let slope = grad(&loss, &[&x], true)?.remove(0);
        close(&format!("{name}, gradient"), slope.value().as_slice(), &numbers(&case["gradient"]), CLOSE);
        let loss = (&y * &weights(y.value()).into()).sum();
        if names > 0 {
            let gradients = loss.backward()?;
            for (path, param) in layer.named_parameters() {
                let expected = numbers(&case["parameter_gradients"][&path]["data"]);
                close(&format!("{name}, {path}"), gradients.get(param).unwrap().as_slice(), &expected, CLOSE);
            }
        }
        cx.commit(&mut *layer)?;

        let cx = Context::train(Seed(1), 1);
        layer.forward(&cx, &tensor(&case["second"]).into())?;
        cx.commit(&mut *layer)?;
        buffers(name, &*layer, &case["buffers"], CLOSE);

        let y = layer.forward(&Context::eval(), &x.detach())?;
        close(&format!("{name}, evaluated"), y.value().as_slice(), &numbers(&case["eval"]["data"]), CLOSE);
    }
    Ok(())
}
