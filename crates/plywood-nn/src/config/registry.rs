//! The built-in layers by name.

use crate::layers::*;
use crate::{Initial, Layer, LayerConfig, NnError};
use plywood_tensor::{Result, Shape};
use serde_json::{Map, Value};

/// How to make a layer from its settings in a file.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) make: Make,
}

/// Makes a layer of its settings, for an input of this shape.
type Make = fn(&Map<String, Value>, &Shape, &Initial<'_>) -> Result<Box<dyn Layer>>;

impl Entry {
    const fn of<C: LayerConfig>() -> Entry {
        Entry { name: C::NAME, make: make::<C> }
    }
}

fn make<C: LayerConfig>(
    settings: &Map<String, Value>,
    input: &Shape,
    initial: &Initial<'_>,
) -> Result<Box<dyn Layer>> {
    // A struct without fields is nothing in JSON, and a struct whose fields all have defaults is an empty object.
    let nothing = || if settings.is_empty() { serde_json::from_value(Value::Null).ok() } else { None };
    let config: C = match nothing() {
        Some(config) => config,
        None => serde_json::from_value(Value::Object(settings.clone()))
            .map_err(|error| NnError::Format { reason: format!("{}: {error}", C::NAME) })?,
    };
    Ok(Box::new(config.make(input, initial)?))
}

pub(crate) fn find(name: &str) -> Option<&'static Entry> {
    REGISTRY.iter().find(|entry| entry.name == name)
}

/// Every built-in layer has a line here; a test says which is missing.
static REGISTRY: &[Entry] = &[
    Entry::of::<dropout::Dropout>(),
    Entry::of::<elu::Elu>(),
    Entry::of::<flatten::Flatten>(),
    Entry::of::<gelu::Gelu>(),
    Entry::of::<hard_sigmoid::HardSigmoid>(),
    Entry::of::<hard_swish::HardSwish>(),
    Entry::of::<identity::Identity>(),
    Entry::of::<leaky_relu::LeakyRelu>(),
    Entry::of::<linear::LinearConfig>(),
    Entry::of::<log_sigmoid::LogSigmoid>(),
    Entry::of::<log_softmax::LogSoftmax>(),
    Entry::of::<mish::Mish>(),
    Entry::of::<normalization::NormalizationConfig>(),
    Entry::of::<prelu::PreluConfig>(),
    Entry::of::<relu::Relu>(),
    Entry::of::<relu6::Relu6>(),
    Entry::of::<reshape::Reshape>(),
    Entry::of::<residual::ResidualConfig>(),
    Entry::of::<selu::Selu>(),
    Entry::of::<sequential::config::SequentialConfig>(),
    Entry::of::<sigmoid::Sigmoid>(),
    Entry::of::<silu::Silu>(),
    Entry::of::<softmax::Softmax>(),
    Entry::of::<softplus::Softplus>(),
    Entry::of::<softsign::Softsign>(),
    Entry::of::<tanh::Tanh>(),
];
