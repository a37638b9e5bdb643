//! What the networks are built of.

use crate::{
    BatchNorm2d, BatchNormConfig, Context, Conv2d, ConvConfig, Fan, Initial, Initializer, LayerConfig,
    Module, Outline, Relu6, Sequential, gain,
};
use plywood_autograd::Var;
use plywood_tensor::{At, Result, Shape};

/// Layers by the names that they have in their network.
pub(super) type Parts<'a> = Vec<Part<'a>>;

type Part<'a> = (String, &'a dyn Module);

/// A convolution in front of a normalisation, as torchvision makes it: no bias, the variance of gradients kept.
pub(super) fn conv(inputs: usize, config: ConvConfig<2>, initial: &Initial<'_>) -> Result<Conv2d> {
    let he = Initializer::HeNormal { gain: gain::relu(), fan: Fan::Out };
    let config = ConvConfig { bias: false, weight_initializer: Some(he), ..config };
    config.make(&Shape::new(&[inputs])?, initial)
}

pub(super) fn batch_norm(channels: usize, initial: &Initial<'_>) -> Result<BatchNorm2d> {
    BatchNormConfig::default().make(&Shape::new(&[channels])?, initial)
}

/// A convolution, a normalisation and the rectifier that stops at 6, numbered as in torchvision's `Conv2dNormActivation`.
pub(super) fn conv_norm_relu6(
    inputs: usize,
    config: ConvConfig<2>,
    initial: &Initial<'_>,
) -> Result<Sequential> {
    let conv = conv(inputs, config, initial).at(0)?;
    let norm = batch_norm(config.outputs, initial).at(1)?;
    Ok(Sequential::new(vec![Box::new(conv), Box::new(norm), Box::new(Relu6)]))
}

/// What becomes of an input, part after part.
pub(super) fn forward(parts: &[Part<'_>], cx: &Context, x: &Var) -> Result<Var> {
    let mut x = x.clone();
    for (name, part) in parts {
        x = part.forward(cx, &x).at(name)?;
    }
    Ok(x)
}

/// The shape of what becomes of it.
pub(super) fn output_shape(parts: &[Part<'_>], input: &Shape) -> Result<Shape> {
    let mut shape = *input;
    for (name, part) in parts {
        shape = part.output_shape(&shape).at(name)?;
    }
    Ok(shape)
}

/// The rows of the parts.
pub(super) fn outline(parts: &[Part<'_>], input: &Shape, outline: &mut Outline) -> Result<Shape> {
    let mut shape = *input;
    for (name, part) in parts {
        shape = outline.part(name, *part, &shape)?;
    }
    Ok(shape)
}

/// The sum over a network's own rows.
pub(super) fn multiply_adds(model: &impl Module, input: &Shape) -> u64 {
    crate::summary(model, input).map_or(0, |summary| summary.multiply_adds())
}
