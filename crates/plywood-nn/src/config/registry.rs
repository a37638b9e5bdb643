//! The built-in layers by name.

use super::settings::Settings;
use crate::error::brief;
use crate::layers::*;
use crate::{Initial, Layer, LayerConfig, NnError};
use plywood_tensor::{Result, Shape};
use serde_json::from_str;

/// How to make a layer from its settings in a file.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) make: Make,
}

/// Makes a layer of its settings, for an input of this shape.
type Make = fn(&Settings, &Shape, &Initial<'_>) -> Result<Box<dyn Layer>>;

impl Entry {
    const fn of<C: LayerConfig>() -> Entry {
        Entry { name: C::NAME, make: make::<C> }
    }
}

fn make<C: LayerConfig>(settings: &Settings, input: &Shape, initial: &Initial<'_>) -> Result<Box<dyn Layer>> {
    // A struct without fields is nothing in JSON, and a struct whose fields all have defaults is an empty object.
    let nothing = if settings.is_empty() { from_str("null").ok() } else { None };
    let read = || from_str(settings.text());
    let config: C = match nothing.map_or_else(read, Ok) {
        Ok(config) => config,
        Err(error) => return Err(refused(C::NAME, &error)),
    };
    Ok(Box::new(config.make(input, initial)?))
}

/// Apart from `make`, so that it is compiled once.
fn refused(name: &str, error: &serde_json::Error) -> plywood_tensor::Error {
    // Where in the settings says nothing: they are not written so in the file.
    let place = format!(" at line {} column {}", error.line(), error.column());
    let error = error.to_string();
    let reason = format!("{name}: {}", brief(error.strip_suffix(&place).unwrap_or(&error)));
    NnError::Format { reason }.into()
}

pub(crate) fn find(name: &str) -> Option<&'static Entry> {
    REGISTRY.iter().find(|entry| entry.name == name)
}

/// Every built-in layer has a line here; a test says which is missing.
static REGISTRY: &[Entry] = &[
    Entry::of::<adaptive_average_pool::AdaptiveAveragePool<1>>(),
    Entry::of::<adaptive_average_pool::AdaptiveAveragePool<2>>(),
    Entry::of::<adaptive_average_pool::AdaptiveAveragePool<3>>(),
    Entry::of::<adaptive_max_pool::AdaptiveMaxPool<1>>(),
    Entry::of::<adaptive_max_pool::AdaptiveMaxPool<2>>(),
    Entry::of::<adaptive_max_pool::AdaptiveMaxPool<3>>(),
    Entry::of::<average_pool::AveragePool<1>>(),
    Entry::of::<average_pool::AveragePool<2>>(),
    Entry::of::<average_pool::AveragePool<3>>(),
    Entry::of::<batch_norm::BatchNormConfig<1>>(),
    Entry::of::<batch_norm::BatchNormConfig<2>>(),
    Entry::of::<batch_norm::BatchNormConfig<3>>(),
    Entry::of::<channel_dropout::ChannelDropout<1>>(),
    Entry::of::<channel_dropout::ChannelDropout<2>>(),
    Entry::of::<channel_dropout::ChannelDropout<3>>(),
    Entry::of::<convolution::ConvConfig<1>>(),
    Entry::of::<convolution::ConvConfig<2>>(),
    Entry::of::<convolution::ConvConfig<3>>(),
    Entry::of::<conv_transpose::ConvTransposeConfig<1>>(),
    Entry::of::<conv_transpose::ConvTransposeConfig<2>>(),
    Entry::of::<conv_transpose::ConvTransposeConfig<3>>(),
    Entry::of::<dropout::Dropout>(),
    Entry::of::<elu::Elu>(),
    Entry::of::<flatten::Flatten>(),
    Entry::of::<gelu::Gelu>(),
    Entry::of::<global_average_pool::GlobalAveragePool<1>>(),
    Entry::of::<global_average_pool::GlobalAveragePool<2>>(),
    Entry::of::<global_average_pool::GlobalAveragePool<3>>(),
    Entry::of::<global_max_pool::GlobalMaxPool<1>>(),
    Entry::of::<global_max_pool::GlobalMaxPool<2>>(),
    Entry::of::<global_max_pool::GlobalMaxPool<3>>(),
    Entry::of::<group_norm::GroupNormConfig>(),
    Entry::of::<hard_sigmoid::HardSigmoid>(),
    Entry::of::<hard_swish::HardSwish>(),
    Entry::of::<identity::Identity>(),
    Entry::of::<instance_norm::InstanceNormConfig<1>>(),
    Entry::of::<instance_norm::InstanceNormConfig<2>>(),
    Entry::of::<instance_norm::InstanceNormConfig<3>>(),
    Entry::of::<layer_norm::LayerNormConfig>(),
    Entry::of::<leaky_relu::LeakyRelu>(),
    Entry::of::<linear::LinearConfig>(),
    Entry::of::<log_sigmoid::LogSigmoid>(),
    Entry::of::<log_softmax::LogSoftmax>(),
    Entry::of::<max_pool::MaxPool<1>>(),
    Entry::of::<max_pool::MaxPool<2>>(),
    Entry::of::<max_pool::MaxPool<3>>(),
    Entry::of::<mish::Mish>(),
    Entry::of::<normalization::NormalizationConfig>(),
    Entry::of::<pixel_shuffle::PixelShuffle>(),
    Entry::of::<pixel_unshuffle::PixelUnshuffle>(),
    Entry::of::<prelu::PreluConfig>(),
    Entry::of::<relu6::Relu6>(),
    Entry::of::<relu::Relu>(),
    Entry::of::<reshape::Reshape>(),
    Entry::of::<crate::InvertedResidualConfig>(),
    Entry::of::<crate::LeNetConfig>(),
    Entry::of::<crate::MobileNetV2Config>(),
    Entry::of::<crate::ResNetConfig>(),
    Entry::of::<crate::UNetConfig>(),
    Entry::of::<residual::ResidualConfig>(),
    Entry::of::<rms_norm::RmsNormConfig>(),
    Entry::of::<selu::Selu>(),
    Entry::of::<sequential::config::SequentialConfig>(),
    Entry::of::<sigmoid::Sigmoid>(),
    Entry::of::<silu::Silu>(),
    Entry::of::<softmax::Softmax>(),
    Entry::of::<softplus::Softplus>(),
    Entry::of::<softsign::Softsign>(),
    Entry::of::<squeeze_excite::SqueezeExciteConfig>(),
    Entry::of::<stochastic_depth::StochasticDepth>(),
    Entry::of::<tanh::Tanh>(),
    Entry::of::<upsample::Upsample>(),
];
