//! Models layer by layer: what the builder finds and refuses, fusion, numbering, copies, freezing.

use plywood_autograd::{Var, grad};
use plywood_nn::{
    BatchNormConfig, Context, ConvConfig, ConvTransposeConfig, Dropout, Features, FlattenOrder, Initializer,
    InstanceNormConfig, Layer, Linear, LinearConfig, Module, NnError, Parameters, Relu, Residual, Sequential,
    SequentialBuilder, Sigmoid, StochasticDepthMode, Tanh, parameters,
};
use plywood_tensor::{Result, Seed, Shape, Tensor};

/// A layer of the user's own.
#[derive(Debug, Clone)]
struct Double;
parameters!(Double {});

impl Module for Double {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        Ok(x.mul_scalar(2.0))
    }
    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        Ok(*input)
    }
}
impl Layer for Double {}

/// A data set of the user's own.
struct Measurements(Tensor);

impl Features for Measurements {
    fn features(&self) -> Result<Tensor> {
        Ok(self.0.clone())
    }
}

/// Inputs that cannot be read.
struct Unreadable;

impl Features for Unreadable {
    fn features(&self) -> Result<Tensor> {
        Err(std::io::Error::other("the disk is gone"))?
    }
}

fn shapes(model: &Sequential) -> Vec<(String, Vec<usize>)> {
    model.named_parameters().into_iter().map(|(name, param)| (name, param.shape().to_vec())).collect()
}

#[test]
fn the_builder_finds_sizes_and_counts_activations() {
    let train = Measurements(Tensor::uniform([50, 30], 0.0, 9.0, &Seed(1).stream()).unwrap());
    let model = Sequential::input([30])
        .normalization(&train)
        .linear(128)
        .relu()
        .linear(64)
        .relu()
        .linear(1)
        .sigmoid()
        .build(Seed(7))
        .unwrap();
    assert_eq!(
        shapes(&model),
        [
            ("1.weight".to_owned(), vec![128, 30]),
            ("1.bias".into(), vec![128]),
            ("3.weight".into(), vec![64, 128]),
            ("3.bias".into(), vec![64]),
            ("5.weight".into(), vec![1, 64]),
            ("5.bias".into(), vec![1]),
        ]
    );
    assert_eq!(model.len(), 7);
    assert_eq!(*model.input_shape().unwrap(), [30]);
    let y = model.forward(&Context::eval(), &train.0.into()).unwrap();
    assert_eq!(*y.shape(), [50, 1]);
    assert!(y.value().as_slice().iter().all(|p| (0.0..=1.0).contains(p)));
}

#[test]
fn every_method_of_the_builder_adds_its_layer() {
    let model = Sequential::input([4, 4])
        .flatten()
        .reshape([2, 8])
        .prelu()
        .relu()
        .relu6()
        .leaky_relu(0.2)
        .elu()
        .selu()
        .gelu()
        .gelu_tanh()
        .silu()
        .mish()
        .hard_swish()
        .hard_sigmoid()
        .softplus()
        .softsign()
        .sigmoid()
        .log_sigmoid()
        .tanh()
        .softmax()
        .log_softmax()
        .identity()
        .dropout(0.5)
        .normalization(&Tensor::ones([3, 8]).unwrap())
        .residual(|b| b.linear(4).relu().linear(8))
        .layer(Double)
        .linear(2)
        .linear_with(LinearConfig { bias: false, ..LinearConfig::new(3) })
        .layer_with(LinearConfig::new(2))
        .build(Seed(0))
        .unwrap();
    let names: Vec<String> = model.layers().iter().map(|layer| layer.describe()).collect();
    assert_eq!(
        names.join(" "),
        "Flatten Reshape([2, 8]) Prelu(1) Relu Relu6 LeakyRelu(0.2) Elu(1.0) Selu Gelu(Erf) Gelu(Tanh) Silu Mish \
         HardSwish HardSigmoid Softplus Softsign Sigmoid LogSigmoid Tanh Softmax(-1) LogSoftmax(-1) Identity \
         Dropout(0.5) Normalization(8) Residual Double Linear(8 -> 2) Linear(2 -> 3) Linear(3 -> 2)"
    );
    let x = Tensor::ones([3, 4, 4]).unwrap();
    assert_eq!(*model.forward(&Context::train(Seed(0), 0), &x.into()).unwrap().shape(), [3, 2, 2]);
}

#[test]
fn every_method_for_images_adds_the_layer_it_names() {
    let sequences = |b: SequentialBuilder| {
        b.conv_transpose1d(3, 2, 2)
            .conv1d(6, 17)
            .max_pool1d(2)
            .average_pool1d(2)
            .batch_norm1d()
            .instance_norm1d()
            .dropout1d(0.1)
            .adaptive_max_pool1d(4)
    };
    let images = |b: SequentialBuilder| {
        b.conv_transpose2d(3, [2, 1], [2, 1])
            .conv2d(6, [9, 1])
            .max_pool2d([2, 1])
            .average_pool2d(2)
            .batch_norm2d()
            .relu()
            .instance_norm2d()
            .group_norm(2)
            .layer_norm()
            .rms_norm()
            .dropout2d(0.1)
            .upsample(2)
            .pixel_unshuffle(2)
            .pixel_shuffle(2)
            .squeeze_excite(3)
            .stochastic_depth(0.1, StochasticDepthMode::Row)
            .adaptive_average_pool2d(3)
            .adaptive_max_pool2d([2, 1])
    };
    let volumes = |b: SequentialBuilder| {
        b.conv_transpose3d(3, 2, [2, 1, 1])
            .conv3d(2, [5, 2, 2])
            .max_pool3d(2)
            .average_pool3d([1, 2, 2])
            .batch_norm3d()
            .instance_norm3d()
            .dropout3d(0.1)
            .adaptive_average_pool3d(2)
            .adaptive_max_pool3d([2, 2, 1])
    };
    let built: Vec<(SequentialBuilder, &str, &[usize])> = vec![
        (
            sequences(Sequential::input([16, 6])).adaptive_average_pool1d(2).flatten(),
            "ConvTranspose1d(6 -> 3, 2, stride 2) Conv1d(3 -> 6, 17) \
             MaxPool1d(2) AveragePool1d(2) BatchNorm1d(6) InstanceNorm1d(6) Dropout1d(0.1) AdaptiveMaxPool1d(4) \
             AdaptiveAveragePool1d(2) Flatten",
            &[3, 12],
        ),
        (sequences(Sequential::input([16, 6])).global_average_pool1d(), "GlobalAveragePool1d", &[3, 6]),
        (sequences(Sequential::input([16, 6])).global_max_pool1d(), "GlobalMaxPool1d", &[3, 6]),
        (
            images(Sequential::input([8, 4, 6])).flatten_with(FlattenOrder::ChannelsLast),
            "ConvTranspose2d(6 -> 3, [2, 1], stride [2, 1]) Conv2d(3 -> 6, [9, 1]) \
             MaxPool2d([2, 1]) AveragePool2d(2) BatchNorm2d(6) Relu InstanceNorm2d(6) GroupNorm(2, 6) LayerNorm(6) \
             RmsNorm(6) Dropout2d(0.1) Upsample(x2) PixelUnshuffle(2) PixelShuffle(2) SqueezeExcite(6, 3) \
             StochasticDepth(0.1, Row) AdaptiveAveragePool2d(3) AdaptiveMaxPool2d([2, 1]) Flatten(ChannelsLast)",
            &[3, 12],
        ),
        (images(Sequential::input([8, 4, 6])).global_average_pool2d(), "GlobalAveragePool2d", &[3, 6]),
        (images(Sequential::input([8, 4, 6])).global_max_pool2d(), "GlobalMaxPool2d", &[3, 6]),
        (
            volumes(Sequential::input([4, 8, 8, 2])).flatten(),
            "ConvTranspose3d(2 -> 3, 2, stride [2, 1, 1]) Conv3d(3 -> 2, [5, 2, 2]) \
             MaxPool3d(2) AveragePool3d([1, 2, 2]) BatchNorm3d(2) InstanceNorm3d(2) Dropout3d(0.1) \
             AdaptiveAveragePool3d(2) AdaptiveMaxPool3d([2, 2, 1]) Flatten",
            &[3, 8],
        ),
        (volumes(Sequential::input([4, 8, 8, 2])).global_average_pool3d(), "GlobalAveragePool3d", &[3, 2]),
        (volumes(Sequential::input([4, 8, 8, 2])).global_max_pool3d(), "GlobalMaxPool3d", &[3, 2]),
    ];
    // With options.
    let settings = |b: SequentialBuilder, dimensions: usize| {
        macro_rules! with {
            ($conv:ident $transpose:ident $batch:ident $instance:ident $pool:ident) => {
                b.$conv(ConvConfig::new(4, 3).padding(1).without_bias())
                    .$transpose(ConvTransposeConfig::new(ConvConfig::new(2, 3).stride(2)).output_padding(1))
                    .$batch(BatchNormConfig { momentum: None, ..Default::default() })
                    .$instance(InstanceNormConfig { affine: true, ..Default::default() })
                    .$pool()
            };
        }
        match dimensions {
            1 => {
                with!(conv1d_with conv_transpose1d_with batch_norm1d_with instance_norm1d_with global_max_pool1d)
            }
            2 => {
                with!(conv2d_with conv_transpose2d_with batch_norm2d_with instance_norm2d_with global_max_pool2d)
            }
            _ => {
                with!(conv3d_with conv_transpose3d_with batch_norm3d_with instance_norm3d_with global_max_pool3d)
            }
        }
    };
    let settings = [
        (1, "Conv1d(6 -> 4, 3, padding 1) ConvTranspose1d(4 -> 2, 3, stride 2, output padding 1) BatchNorm1d(2) InstanceNorm1d(2) GlobalMaxPool1d"),
        (2, "Conv2d(6 -> 4, 3, padding 1) ConvTranspose2d(4 -> 2, 3, stride 2, output padding 1) BatchNorm2d(2) InstanceNorm2d(2) GlobalMaxPool2d"),
        (3, "Conv3d(6 -> 4, 3, padding 1) ConvTranspose3d(4 -> 2, 3, stride 2, output padding 1) BatchNorm3d(2) InstanceNorm3d(2) GlobalMaxPool3d"),
    ]
    .map(|(dimensions, names)| {
        let sample = [&[4; 3][..dimensions], &[6]].concat();
        (settings(Sequential::input(sample), dimensions), names, &[3, 2][..])
    });
    for (builder, names, output) in built.into_iter().chain(settings) {
        let mut model = builder.build(Seed(0)).unwrap();
        let found: Vec<String> = model.layers().iter().map(|layer| layer.describe()).collect();
        assert!(found.join(" ").ends_with(names), "{found:?}");
        let sample = model.input_shape().unwrap();
        let x: Var =
            Tensor::uniform([&[3], &**sample].concat(), -1.0, 1.0, &Seed(1).stream()).unwrap().into();
        let cx = Context::train(Seed(0), 0);
        assert_eq!(&**model.forward(&cx, &x).unwrap().shape(), output);
        cx.commit(&mut model).unwrap();
        // Saved and loaded, running statistics and all, it does the same.
        let loaded = Sequential::from_safetensors(&model.to_safetensors().unwrap()).unwrap();
        let outputs = |model: &Sequential| model.forward(&Context::eval(), &x).unwrap().into_value();
        assert_eq!(outputs(&loaded), outputs(&model));
    }
}

#[test]
fn build_says_what_is_wrong_before_any_data_is_touched() {
    type Build = fn() -> SequentialBuilder;
    let rows: &[(Build, &str)] = &[
        (
            || Sequential::input([30]).linear(64).relu().reshape([4, 5]).linear(1),
            "2: Reshape([4, 5]): expected samples of 20 elements, got [64]",
        ),
        (
            || Sequential::input([30]).linear(0),
            "0: Linear: expected at least one input and one output, got 30 -> 0",
        ),
        (
            || Sequential::input([30]).relu().dropout(1.5),
            "1: Dropout: expected a probability p of at least 0 and at most 1, got 1.5",
        ),
        // The first of several.
        (
            || Sequential::input([30]).leaky_relu(f64::NAN).dropout(7.0).linear(0),
            "0: LeakyRelu: expected a finite slope, got NaN",
        ),
        (
            || Sequential::input([30]).normalization(&Tensor::ones([5, 13]).unwrap()),
            "0: Normalization(13): expected samples [.., 13], got [30]; input([13]) would fit",
        ),
        (|| Sequential::input([30]).normalization(&Unreadable), "0: the disk is gone"),
        (
            || Sequential::input([30]).linear(8).residual(|b| b.linear(16).relu()),
            "1: Residual: expected a layer that keeps [1, 8], got [1, 16]",
        ),
        (
            || Sequential::input([30]).residual(|b| b.relu().residual(|b| b.linear(0))),
            "0.inner.1.inner.0: Linear: expected at least one input and one output, got 30 -> 0",
        ),
        (
            || Sequential::input([30]).layer(Linear::new(20, 5, &Seed(0).stream()).unwrap()),
            "0: Linear(20 -> 5): expected samples [.., 20], got [30]; input([20]) would fit",
        ),
        (
            || Sequential::input([30]).layer_with(plywood_nn::PreluConfig::new(20)),
            "0: Prelu(20): expected samples [.., 20], got [30]; input([20]) would fit",
        ),
        (
            || Sequential::input([30]).linear(8).layer(Linear::new(20, 5, &Seed(0).stream()).unwrap()),
            "1: Linear(20 -> 5): expected samples [.., 20], got [8]",
        ),
        (
            || Sequential::input([28, 28]).conv2d(8, 3),
            "0: Conv2d(28 -> 8, 3): expected samples [H, W, C], got [28, 28]; add an axis of channels: input([28, 28, 1])",
        ),
        (
            || Sequential::input([28, 28]).dropout(0.1).residual(|b| b.conv2d(8, 3)),
            "1.inner.0: Conv2d(28 -> 8, 3): expected samples [H, W, C], got [28, 28]; \
             add an axis of channels: input([28, 28, 1])",
        ),
        (
            || Sequential::input([100]).max_pool1d(2),
            "0: MaxPool1d: expected samples [L, C], got [100]; add an axis of channels: input([100, 1])",
        ),
        (
            || Sequential::input([9, 9, 1]).conv2d(8, 3).max_pool2d(4).relu().max_pool2d(2),
            "3: MaxPool2d: expected samples of at least 2 along axis 0, got [1, 1, 8]; \
             take larger samples, padding, or fewer strides and pools before it",
        ),
        (
            || Sequential::input([32, 28, 28, 1]).conv2d(8, 3),
            "0: Conv2d(1 -> 8, 3): expected samples [H, W, C], got [32, 28, 28, 1]; \
             leave the axis of the batch out, if the first one is that: input([28, 28, 1])",
        ),
        (
            || Sequential::input([1, 28, 28]).conv2d(8, 3),
            "0: Conv2d(28 -> 8, 3): expected samples of at least 3 along axis 0, got [1, 28, 28]; \
             channels are the last axis: input([28, 28, 1])",
        ),
        (
            || {
                let convolution = plywood_nn::Conv2d::new(3, 8, 3, &Seed(0).stream()).unwrap();
                Sequential::input([3, 32, 40]).layer(convolution)
            },
            "0: Conv2d(3 -> 8, 3): expected samples [H, W, 3], got [3, 32, 40]; \
             channels are the last axis: input([32, 40, 3])",
        ),
        (
            || Sequential::input([784]).conv2d(8, 3),
            "0: Conv2d(784 -> 8, 3): expected samples [H, W, C], got [784]; \
             a reshape([H, W, C]) before it gives them these axes",
        ),
        (
            || Sequential::input([28, 28, 1]).flatten().conv2d(8, 3),
            "1: Conv2d(784 -> 8, 3): expected samples [H, W, C], got [784]; \
             a reshape([H, W, C]) before it gives them these axes",
        ),
        (
            || Sequential::input([9, 9, 1]).conv2d(8, 5).conv2d(8, 5).conv2d(8, 5),
            "2: Conv2d(8 -> 8, 5): expected samples of at least 5 along axis 0, got [1, 1, 8]; \
             take larger samples, padding, or fewer strides and pools before it",
        ),
        (
            || Sequential::input([2, 9, 1]).conv2d(8, 3),
            "0: Conv2d(1 -> 8, 3): expected samples of at least 3 along axis 0, got [2, 9, 1]; \
             take larger samples, a smaller kernel, or padding",
        ),
        (
            || {
                Sequential::input([30]).linear_with(LinearConfig {
                    weight_initializer: Some(Initializer::Normal { mean: 0.0, deviation: -1.0 }),
                    ..LinearConfig::new(5)
                })
            },
            "0: Initializer: expected a deviation of at least 0, got Normal { mean: 0.0, deviation: -1.0 }",
        ),
        (
            || Sequential::input([usize::MAX, 2]).flatten(),
            "input: shape: [18446744073709551615, 2] has more elements than can be addressed",
        ),
        (|| Sequential::input([1; 8]).flatten(), "shape: expected at most 8 axes, got 9"),
    ];
    for (build, text) in rows {
        assert_eq!(build().build(Seed(7)).unwrap_err().to_string(), *text);
    }
}

#[test]
fn each_layer_draws_from_its_own_branch_of_the_seed() {
    let build = |width: usize| Sequential::input([4]).linear(width).relu().linear(3).build(Seed(7)).unwrap();
    let model = build(5);
    assert_eq!(model.state_dict(), build(5).state_dict());
    let alone = Linear::new(5, 3, &Seed(7).stream().at(2)).unwrap();
    assert_eq!(model[2].downcast_ref::<Linear>().unwrap().state_dict(), alone.state_dict());
}

#[test]
fn fusion_changes_neither_values_nor_gradients_and_saves_a_pass() {
    let stream = Seed(3).stream();
    let linear = Linear::new(5, 4, &stream).unwrap();
    let activations: [Box<dyn Layer>; 3] = [Box::new(Relu), Box::new(Tanh), Box::new(Sigmoid)];
    for activation in activations {
        let x = Var::variable(Tensor::normal([6, 5], 0.0, 1.0, &stream.at(1)).unwrap());
        let cx = Context::train(Seed(0), 0);
        let model = Sequential::new(vec![Box::new(linear.clone()), activation.clone(), activation.clone()]);
        let fused = model.forward(&cx, &x).unwrap();
        let one =
            Sequential::new(vec![Box::new(linear.clone()), activation.clone()]).forward(&cx, &x).unwrap();
        assert!(format!("{one:?}").starts_with("linear_"), "{}: not fused", activation.describe());
        let apart = activation.forward(&cx, &linear.forward(&cx, &x).unwrap()).unwrap();
        let apart = activation.forward(&cx, &apart).unwrap();
        assert_eq!(fused.value(), apart.value(), "{}", activation.describe());
        let gradient = |y: &Var| {
            let total = y.mul(y).unwrap().sum();
            let of_x = grad(&total, &[&x], true).unwrap().remove(0).into_value();
            (of_x, total.backward().unwrap().get(&linear.weight).unwrap().clone())
        };
        let ((x_fused, w_fused), (x_apart, w_apart)) = (gradient(&fused), gradient(&apart));
        for (fused, apart) in [(x_fused, x_apart), (w_fused, w_apart)] {
            let error = fused.sub(&apart).unwrap().abs().max_axes(&[], false).unwrap().item().unwrap();
            assert!(error < 1e-5, "{}: {error}", activation.describe());
        }
    }
}

#[test]
fn layers_are_looked_at_exchanged_and_added() {
    let stream = Seed(3).stream();
    let mut model = Sequential::default();
    assert!(model.is_empty());
    model.push(Linear::new(3, 8, &stream).unwrap());
    model.push(Relu);
    model.push(Linear::new(8, 10, &stream.at(1)).unwrap());
    assert_eq!((model.len(), model[2].describe().as_str()), (3, "Linear(8 -> 10)"));
    // A new head, as transfer learning wants it.
    model.layers_mut()[2] = Box::new(Linear::new(8, 2, &stream.at(2)).unwrap());
    let linear = model[0].downcast_mut::<Linear>().unwrap();
    *linear.weight.value_mut() = Tensor::zeros([8, 3]).unwrap();
    *linear.bias.as_mut().unwrap().value_mut() = Tensor::zeros([8]).unwrap();
    let y = model.forward(&Context::eval(), &Tensor::ones([1, 3]).unwrap().into()).unwrap();
    let bias = model[2].downcast_ref::<Linear>().unwrap().bias.as_ref().unwrap().value();
    assert_eq!(y.value().as_slice(), bias.as_slice());
    assert!(model[1].downcast_ref::<Linear>().is_none());

    let error =
        Sequential::new(vec![Box::new(Linear::new(3, 8, &stream).unwrap())]).with_input([4]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "0: Linear(3 -> 8): expected samples [.., 3], got [4]; with_input([3]) would fit"
    );
}

#[test]
fn models_print_what_they_are_made_of_not_their_weights() {
    let mut model =
        Sequential::input([30]).linear(64).relu().residual(|b| b.linear(64)).build(Seed(1)).unwrap();
    let text = "Sequential { input: [30], layers: [Linear(30 -> 64), Relu, Residual] }";
    assert_eq!(format!("{model:?}"), text);
    let lines = "Sequential {\n    input: [30],\n    layers: [\n        Linear(30 -> 64),\n        Relu,\n        \
                 Residual,\n    ],\n}";
    assert_eq!(format!("{model:#?}"), lines);
    model.freeze("0.*").unwrap();
    let layer = model[0].downcast_ref::<Linear>().unwrap();
    assert_eq!(
        format!("{layer:?}"),
        "Linear { weight: Param([64, 30], frozen), bias: Some(Param([64], frozen)) }"
    );
    assert_eq!(format!("{:?}", Sequential::new(vec![Box::new(Relu)])), "Sequential { layers: [Relu] }");
}

#[test]
fn copies_are_replicas_until_their_ids_are_renewed() {
    let model = Sequential::input([3]).linear(2).residual(|b| b.linear(2)).build(Seed(1)).unwrap();
    let x: Var = Tensor::ones([4, 3]).unwrap().into();
    let gradients = model.forward(&Context::train(Seed(0), 0), &x).unwrap().sum().backward().unwrap();
    let mut copy = model.clone();
    assert!(copy.named_parameters().iter().all(|(_, param)| gradients.get(param).is_some()));
    copy.renew_ids();
    assert!(copy.named_parameters().iter().all(|(_, param)| gradients.get(param).is_none()));
    assert_eq!(copy.state_dict(), model.state_dict());
}

#[test]
fn frozen_parameters_receive_no_gradient() {
    let mut model = Sequential::input([3]).linear(4).relu().linear(2).build(Seed(1)).unwrap();
    model.freeze("0.*").unwrap();
    let x: Var = Tensor::ones([4, 3]).unwrap().into();
    let gradients = |model: &Sequential| {
        model.forward(&Context::train(Seed(0), 0), &x).unwrap().sum().backward().unwrap()
    };
    assert_eq!(gradients(&model).len(), 2);
    model.unfreeze("*").unwrap();
    assert_eq!(gradients(&model).len(), 4);
    assert_eq!(
        model.freeze("encoder.*").unwrap_err().to_string(),
        "pattern \"encoder.*\" matches none of 0.weight, 0.bias, 2.weight, 2.bias"
    );
}

#[test]
fn a_state_that_does_not_fit_is_listed_whole() {
    let mut model = Sequential::input([3]).linear(4).relu().linear(2).build(Seed(1)).unwrap();
    let before = model.state_dict();
    let other = Sequential::input([3]).linear(5).linear(2).build(Seed(1)).unwrap();
    assert_eq!(
        model.load_state_dict(&other.state_dict()).unwrap_err().to_string(),
        "state does not fit the model: missing 2.weight, 2.bias; unexpected 1.bias, 1.weight; \
         0.weight: expected [4, 3], got [5, 3], 0.bias: expected [4], got [5]"
    );
    assert_eq!(model.state_dict(), before);
}

#[test]
fn paths_lead_to_the_layer_that_refuses() {
    let inner =
        Sequential::new(vec![Box::new(Relu), Box::new(Linear::new(8, 8, &Seed(0).stream()).unwrap())]);
    let model = Sequential::new(vec![
        Box::new(Dropout::new(0.5).unwrap()),
        Box::new(Residual::new(Sequential::new(vec![Box::new(inner)]))),
    ]);
    let error = model.forward(&Context::eval(), &Tensor::ones([32, 9]).unwrap().into()).unwrap_err();
    assert_eq!(error.to_string(), "1.inner.0.1: Linear(8 -> 8): expected input [.., 8], got [32, 9]");
    assert_eq!(error.path(), "1.inner.0.1");
    assert!(matches!(error.source_as(), Some(NnError::Input { .. })));
    let no_input = model.summary().unwrap_err().to_string();
    assert_eq!(
        no_input,
        "the model does not know the shape of its samples; tell it by Sequential::with_input"
    );
}
