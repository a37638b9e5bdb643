//! A model layer by layer.

use super::step::{Around, Described, Failed, Ready, Step, assemble};
use super::{advice, one};
use crate::layers::*;
use crate::{Features, GeluForm, Initial, Layer, LayerConfig, LinearConfig, Sequential};
use plywood_tensor::{At, IntoShape, Result, Seed, Shape};
use std::fmt::Debug;

/// A [`Sequential`] to be: [`Sequential::input`], then a method for each layer, then [`SequentialBuilder::build`].
///
/// Sizes that follow from the layer before are not repeated. The methods cannot fail: what is wrong is said by `build`,
/// with the position of the layer, before any data is touched.
///
/// ```
/// use plywood_nn::{Parameters, Sequential};
/// use plywood_tensor::Seed;
///
/// let model = Sequential::input([8, 8])
///     .flatten()
///     .linear(128).relu()
///     .residual(|b| b.linear(128).gelu())
///     .dropout(0.5)
///     .linear(10)
///     .build(Seed(7))?;
/// assert_eq!(model.parameter_count(), (64 + 1) * 128 + (128 + 1) * 128 + (128 + 1) * 10);
///
/// let error = Sequential::input([30]).linear(64).relu().reshape([4, 5]).linear(1).build(Seed(7)).unwrap_err();
/// assert_eq!(error.to_string(), "2: Reshape([4, 5]): expected samples of 20 elements, got [64]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a builder is nothing until `build`"]
pub struct SequentialBuilder {
    sample: Result<Shape>,
    pub(super) steps: Vec<Box<dyn Step>>,
}

impl SequentialBuilder {
    pub(super) fn for_samples(sample: impl IntoShape) -> SequentialBuilder {
        SequentialBuilder { sample: sample.into_shape(), steps: Vec::new() }
    }

    /// Makes the layers. The layer at position `i` draws its weights from branch `i` of the seed's stream.
    ///
    /// # Errors
    /// The first thing that is wrong with a layer, by its position; [`NnError::Built`](crate::NnError::Built) for samples that a
    /// layer does not take, with what to change.
    pub fn build(self, seed: Seed) -> Result<Sequential> {
        let begun_with = self.sample.as_ref().ok().copied();
        let built = self.build_from(&Initial::random(&seed.stream()));
        match begun_with {
            Some(sample) => advice::about_samples(built, &sample, "input"),
            None => built,
        }
    }

    pub(super) fn build_from(self, initial: &Initial<'_>) -> Result<Sequential> {
        let sample = self.sample.at("input")?;
        let mut model = assemble(self.steps, &one(&sample)?, initial)?;
        model.input = Some(sample);
        Ok(model)
    }

    fn step(mut self, step: impl Step + 'static) -> Self {
        self.steps.push(Box::new(step));
        self
    }

    pub(super) fn ready<L: Layer>(self, layer: Result<L>) -> Self {
        match layer {
            Ok(layer) => self.step(Ready(Box::new(layer))),
            Err(error) => self.step(Failed(error)),
        }
    }

    /// A layer of your own, or any other that is there already.
    pub fn layer(self, layer: impl Layer) -> Self {
        self.step(Ready(Box::new(layer)))
    }

    /// A layer by its description, made when the shape of its input is known.
    pub fn layer_with(self, config: impl LayerConfig + Debug + 'static) -> Self {
        self.step(Described(config))
    }

    /// A [`Linear`](crate::Linear) layer of so many outputs.
    #[doc(alias = "dense")]
    pub fn linear(self, outputs: usize) -> Self {
        self.linear_with(LinearConfig::new(outputs))
    }

    /// A [`Linear`](crate::Linear) layer with options.
    ///
    /// ```
    /// use plywood_nn::{Initializer, LinearConfig, Parameters, Sequential};
    /// use plywood_tensor::Seed;
    ///
    /// let config = LinearConfig { bias: false, weight_initializer: Some(Initializer::orthogonal()), ..LinearConfig::new(64) };
    /// let model = Sequential::input([30]).linear_with(config).build(Seed(7))?;
    /// assert_eq!(model.parameter_count(), 30 * 64);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    pub fn linear_with(self, config: LinearConfig) -> Self {
        self.layer_with(config)
    }

    /// A [`Normalization`](crate::Normalization) fitted on the inputs of a tensor or a data set.
    pub fn normalization(self, data: &(impl Features + ?Sized)) -> Self {
        self.ready(normalization::Normalization::fit(data))
    }

    /// [`Dropout`](crate::Dropout) with probability `p`.
    pub fn dropout(self, p: f64) -> Self {
        self.ready(dropout::Dropout::new(p))
    }

    /// [`Flatten`](crate::Flatten): all axes of a sample as one, images channel by channel.
    pub fn flatten(self) -> Self {
        self.layer(flatten::Flatten::default())
    }

    /// [`Reshape`](crate::Reshape): samples of this shape.
    pub fn reshape(self, sample: impl IntoShape) -> Self {
        self.ready(reshape::Reshape::new(sample))
    }

    /// [`Residual`](crate::Residual): `x + f(x)`, with the layers of `f` added to the builder that the closure is given.
    pub fn residual(self, f: impl FnOnce(SequentialBuilder) -> SequentialBuilder) -> Self {
        // The sizes are found when this one is built; what the inner one was begun with does not matter.
        let inner = f(SequentialBuilder::for_samples([]));
        self.step(Around(inner.steps))
    }

    /// [`Prelu`](crate::Prelu) with one slope for all.
    pub fn prelu(self) -> Self {
        self.layer_with(prelu::PreluConfig::new(1))
    }

    /// [`Relu`](crate::Relu).
    pub fn relu(self) -> Self {
        self.layer(relu::Relu)
    }

    /// [`Relu6`](crate::Relu6).
    pub fn relu6(self) -> Self {
        self.layer(relu6::Relu6)
    }

    /// [`LeakyRelu`](crate::LeakyRelu) with this slope below 0.
    pub fn leaky_relu(self, slope: f64) -> Self {
        self.ready(leaky_relu::LeakyRelu::new(slope))
    }

    /// [`Elu`](crate::Elu) with an `α` of 1.
    pub fn elu(self) -> Self {
        self.layer(elu::Elu::default())
    }

    /// [`Selu`](crate::Selu).
    pub fn selu(self) -> Self {
        self.layer(selu::Selu)
    }

    /// [`Gelu`](crate::Gelu), the exact form.
    pub fn gelu(self) -> Self {
        self.layer(gelu::Gelu::default())
    }

    /// [`Gelu`](crate::Gelu), the form by the hyperbolic tangent.
    pub fn gelu_tanh(self) -> Self {
        self.layer(gelu::Gelu::new(GeluForm::Tanh))
    }

    /// [`Silu`](crate::Silu).
    pub fn silu(self) -> Self {
        self.layer(silu::Silu)
    }

    /// [`Mish`](crate::Mish).
    pub fn mish(self) -> Self {
        self.layer(mish::Mish)
    }

    /// [`HardSwish`](crate::HardSwish).
    pub fn hard_swish(self) -> Self {
        self.layer(hard_swish::HardSwish)
    }

    /// [`HardSigmoid`](crate::HardSigmoid).
    pub fn hard_sigmoid(self) -> Self {
        self.layer(hard_sigmoid::HardSigmoid)
    }

    /// [`Softplus`](crate::Softplus).
    pub fn softplus(self) -> Self {
        self.layer(softplus::Softplus)
    }

    /// [`Softsign`](crate::Softsign).
    pub fn softsign(self) -> Self {
        self.layer(softsign::Softsign)
    }

    /// [`Sigmoid`](crate::Sigmoid).
    pub fn sigmoid(self) -> Self {
        self.layer(sigmoid::Sigmoid)
    }

    /// [`LogSigmoid`](crate::LogSigmoid).
    pub fn log_sigmoid(self) -> Self {
        self.layer(log_sigmoid::LogSigmoid)
    }

    /// [`Tanh`](crate::Tanh).
    pub fn tanh(self) -> Self {
        self.layer(tanh::Tanh)
    }

    /// [`Softmax`](crate::Softmax) along the last axis.
    pub fn softmax(self) -> Self {
        self.layer(softmax::Softmax::default())
    }

    /// [`LogSoftmax`](crate::LogSoftmax) along the last axis.
    pub fn log_softmax(self) -> Self {
        self.layer(log_softmax::LogSoftmax::default())
    }

    /// [`Identity`](crate::Identity).
    pub fn identity(self) -> Self {
        self.layer(identity::Identity)
    }
}
