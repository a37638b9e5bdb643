//! Layers, models and what they own.
//!
//! - A [`Module`] maps a [`Var`](plywood_autograd::Var) to another. It is plain data, pure in `forward`, and can be
//!   cloned, sent to another thread and kept in a `Box<dyn Module>`.
//! - [`Parameters`] lists what a module owns, by path; [`parameters!`] writes it for your structs.
//! - A [`Layer`] is a module that a [`Sequential`] can hold; `Sequential::input(…)` builds a model and finds the sizes.
//! - A [`Context`] tells `forward` whether it trains, hands out parameters and random numbers, and collects updates of
//!   running statistics.
//!
//! ```
//! use plywood_nn::{Context, Linear, Module, Parameters, parameters};
//! use plywood_autograd::Var;
//! use plywood_tensor::{At, Result, Seed, Shape, Tensor};
//!
//! #[derive(Debug, Clone)]
//! struct Block { up: Linear, down: Linear, scale: plywood_tensor::Elem }
//! parameters!(Block { up, down } skip { scale });
//!
//! impl Module for Block {
//!     fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
//!         let hidden = self.up.forward(cx, x).at("up")?.relu();
//!         Ok(self.down.forward(cx, &hidden).at("down")?.mul_scalar(self.scale))
//!     }
//!     fn output_shape(&self, input: &Shape) -> Result<Shape> {
//!         self.down.output_shape(&self.up.output_shape(input).at("up")?).at("down")
//!     }
//! }
//!
//! let stream = Seed(7).stream();
//! let block = Block { up: Linear::new(3, 8, &stream.at(0))?, down: Linear::new(8, 2, &stream.at(1))?, scale: 0.5 };
//! let y = block.forward(&Context::eval(), &Tensor::zeros([4, 3])?.into())?;
//! assert_eq!(*y.shape(), [4, 2]);
//! assert_eq!(block.parameter_count(), 3 * 8 + 8 + 8 * 2 + 2);
//!
//! let error = block.forward(&Context::eval(), &Tensor::zeros([4, 5])?.into()).unwrap_err();
//! assert_eq!(error.to_string(), "up: Linear(3 -> 8): expected input [.., 3], got [4, 5]");
//! # Ok::<(), plywood_tensor::Error>(())
//! ```
//!
//! | to … | see |
//! |---|---|
//! | build a model layer by layer | [`Sequential::input`], [`SequentialBuilder`] |
//! | write a model as a struct | [`Module`], [`parameters!`] |
//! | connect everything | [`Linear`] |
//! | prepare inputs | [`Normalization`], [`Features`] |
//! | bend | [`Relu`], [`Gelu`], [`Silu`], [`Tanh`], [`Sigmoid`], [`LeakyRelu`], [`Prelu`], [`Elu`], [`Selu`], [`Mish`], [`HardSwish`], [`HardSigmoid`], [`Relu6`], [`Softplus`], [`Softsign`], [`LogSigmoid`] |
//! | make probabilities | [`Softmax`], [`LogSoftmax`], [`Sigmoid`] |
//! | find patterns in images, sequences and volumes | [`Convolution`]: [`Conv1d`], [`Conv2d`], [`Conv3d`] |
//! | pool images | [`MaxPool`], [`AveragePool`], [`GlobalAveragePool`], [`GlobalMaxPool`], [`AdaptiveAveragePool`], [`AdaptiveMaxPool`] |
//! | enlarge images | [`ConvTranspose`], [`Upsample`], [`PixelShuffle`] |
//! | make images smaller, and keep every number | [`PixelUnshuffle`] |
//! | normalise activations | [`BatchNorm`], [`LayerNorm`], [`GroupNorm`], [`InstanceNorm`], [`RmsNorm`] |
//! | weigh channels | [`SqueezeExcite`] |
//! | regularise | [`Dropout`], [`ChannelDropout`], [`StochasticDepth`] |
//! | arrange | [`Flatten`], [`Reshape`], [`Residual`], [`Identity`] |
//! | take a network as it is | [`LeNet`], [`ResNet`], [`MobileNetV2`], [`UNet`] |
//! | choose how weights start | [`Initializer`], [`gain`], [`LinearConfig`] |
//! | look at a model | [`Sequential::summary`], [`summary()`] |
//! | save and load | [`Sequential::save`], [`Sequential::load`], [`StateDict::save_safetensors`] |
//! | load a part, or under other names | [`Parameters::load_state_dict_with`], [`Load`] |
//! | freeze | [`Parameters::freeze`] |
#![forbid(unsafe_code)]

// In reading order: what a layer is, what it owns, what it is given, how it starts, the layers, networks made of them, and what
// is done with a model: looking at it, and keeping it.
mod layer;
mod module;

mod parameters;

mod context;

mod error;

mod config;
mod features;
mod init;

mod layers;

mod models;

mod summary;

mod files;

pub use config::LayerConfig;
pub use config::initial::Initial;
pub use config::saved::SavedLayer;
pub use context::{Context, Mode};
pub use error::NnError;
pub use features::Features;
pub use files::{create_parent, write_atomically};
pub use init::Initializer;
pub use init::fan::Fan;
pub use init::gain;
pub use layer::{CloneLayer, Layer};
pub use layers::adaptive_average_pool::{
    AdaptiveAveragePool, AdaptiveAveragePool1d, AdaptiveAveragePool2d, AdaptiveAveragePool3d,
};
pub use layers::adaptive_max_pool::{
    AdaptiveMaxPool, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d,
};
pub use layers::average_pool::{AveragePool, AveragePool1d, AveragePool2d, AveragePool3d};
pub use layers::batch_norm::{BatchNorm, BatchNorm1d, BatchNorm2d, BatchNorm3d, BatchNormConfig};
pub use layers::channel_dropout::{ChannelDropout, Dropout1d, Dropout2d, Dropout3d};
pub use layers::conv_transpose::{
    ConvTranspose, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, ConvTransposeConfig,
};
pub use layers::convolution::{Conv1d, Conv2d, Conv3d, ConvConfig, Convolution};
pub use layers::dropout::Dropout;
pub use layers::elu::Elu;
pub use layers::flatten::{Flatten, FlattenOrder};
pub use layers::gelu::{Gelu, GeluForm};
pub use layers::global_average_pool::{
    GlobalAveragePool, GlobalAveragePool1d, GlobalAveragePool2d, GlobalAveragePool3d,
};
pub use layers::global_max_pool::{GlobalMaxPool, GlobalMaxPool1d, GlobalMaxPool2d, GlobalMaxPool3d};
pub use layers::group_norm::{GroupNorm, GroupNormConfig};
pub use layers::hard_sigmoid::HardSigmoid;
pub use layers::hard_swish::HardSwish;
pub use layers::identity::Identity;
pub use layers::instance_norm::{
    InstanceNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, InstanceNormConfig,
};
pub use layers::layer_norm::{LayerNorm, LayerNormConfig};
pub use layers::leaky_relu::LeakyRelu;
pub use layers::linear::{Linear, LinearConfig};
pub use layers::log_sigmoid::LogSigmoid;
pub use layers::log_softmax::LogSoftmax;
pub use layers::max_pool::{MaxPool, MaxPool1d, MaxPool2d, MaxPool3d};
pub use layers::mish::Mish;
pub use layers::normalization::Normalization;
pub use layers::padding_mode::PaddingMode;
pub use layers::pixel_shuffle::PixelShuffle;
pub use layers::pixel_unshuffle::PixelUnshuffle;
pub use layers::prelu::{Prelu, PreluConfig};
pub use layers::relu::Relu;
pub use layers::relu6::Relu6;
pub use layers::reshape::Reshape;
pub use layers::residual::Residual;
pub use layers::rms_norm::{RmsNorm, RmsNormConfig};
pub use layers::selu::Selu;
pub use layers::sequential::Sequential;
pub use layers::sequential::builder::SequentialBuilder;
pub use layers::sides::Sides;
pub use layers::sigmoid::Sigmoid;
pub use layers::silu::Silu;
pub use layers::softmax::Softmax;
pub use layers::softplus::Softplus;
pub use layers::softsign::Softsign;
pub use layers::squeeze_excite::{SqueezeExcite, SqueezeExciteConfig};
pub use layers::stochastic_depth::{StochasticDepth, StochasticDepthMode};
pub use layers::tanh::Tanh;
pub use layers::upsample::Upsample;
pub use models::le_net::{LeNet, LeNetConfig};
pub use models::mobile_net_v2::MobileNetV2;
pub use models::mobile_net_v2::config::MobileNetV2Config;
pub use models::mobile_net_v2::inverted_residual::{InvertedResidual, InvertedResidualConfig};
pub use models::res_net::ResNet;
pub use models::res_net::block::ResidualBlock;
pub use models::res_net::config::{ResNetBlock, ResNetConfig, ResNetStem};
pub use models::u_net::double_conv::DoubleConv;
pub use models::u_net::{UNet, UNetConfig};
pub use module::Module;
pub use parameters::Parameters;
pub use parameters::leaf::{Leaf, LeafMut};
pub use parameters::load::{Load, Loaded};
pub use parameters::path::Path;
pub use parameters::pattern::Pattern;
pub use parameters::state_dict::StateDict;
pub use summary::grouped::Grouped;
pub use summary::outline::Outline;
pub use summary::row::SummaryRow;
pub use summary::{Summary, summary};
