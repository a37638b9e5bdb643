//! The fully connected layer.

use crate::{Context, Initial, Initializer, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::ops::{self, Activation};
use plywood_autograd::{Param, Var};
use plywood_tensor::{Result, Shape, Stream};
use serde::{Deserialize, Serialize};

/// `Y = X Wᵀ + b`: every output depends on every input.
///
/// # Shapes
/// `[.., in] → [.., out]`, `weight [out, in]`, `bias [out]`.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Linear, Module};
/// use plywood_tensor::{Seed, Tensor};
///
/// let layer = Linear::new(64, 256, &Seed(0).stream())?;
/// assert_eq!(*layer.forward(&Context::eval(), &Tensor::zeros([32, 64])?.into())?.shape(), [32, 256]);
/// let error = layer.forward(&Context::eval(), &Tensor::zeros([32, 65])?.into()).unwrap_err();
/// assert_eq!(error.to_string(), "Linear(64 -> 256): expected input [.., 64], got [32, 65]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Linear`, with the same names, layout and initial distribution, U(−1/√in, 1/√in) for both.
/// Keras: `Dense`, whose kernel is the transpose.
#[derive(Debug, Clone)]
#[doc(alias = "Dense")]
pub struct Linear {
    /// `[out, in]`
    pub weight: Param,
    /// `[out]`
    pub bias: Option<Param>,
}
parameters!(Linear { weight, bias });

/// The settings of a [`Linear`] layer; what it is given follows from its input.
///
/// ```
/// use plywood_nn::{Initializer, LinearConfig};
///
/// let config = LinearConfig { weight_initializer: Some(Initializer::he_normal()), ..LinearConfig::new(64) };
/// assert!(config.bias);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinearConfig {
    /// How many numbers come out.
    pub outputs: usize,
    /// Whether a number is added to each.
    #[serde(default = "yes")]
    pub bias: bool,
    /// How the weight starts: as in PyTorch, U(−1/√in, 1/√in), unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_initializer: Option<Initializer>,
    /// How the bias starts: as in PyTorch, U(−1/√in, 1/√in), unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias_initializer: Option<Initializer>,
}

fn yes() -> bool {
    true
}

impl LinearConfig {
    /// So many outputs, a bias, and PyTorch's initial distribution.
    pub fn new(outputs: usize) -> LinearConfig {
        LinearConfig { outputs, bias: true, weight_initializer: None, bias_initializer: None }
    }
}

impl LayerConfig for LinearConfig {
    const NAME: &'static str = "Linear";
    type Layer = Linear;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<Linear> {
        let Some(&inputs) = input.last() else {
            let (layer, expected) = (Self::NAME.into(), "[.., in]".into());
            return Err(NnError::Input { layer, expected, got: *input }.into());
        };
        let outputs = self.outputs;
        if inputs == 0 || outputs == 0 {
            let (layer, expected) = (Self::NAME.into(), "at least one input and one output".into());
            return Err(NnError::Setting { layer, expected, got: format!("{inputs} -> {outputs}") }.into());
        }
        let bound = 1.0 / (inputs as f64).sqrt();
        let usual = Initializer::Uniform { low: -bound, high: bound };
        let weight = initial.param("weight", [outputs, inputs], self.weight_initializer.unwrap_or(usual))?;
        let bias =
            self.bias.then(|| initial.param("bias", [outputs], self.bias_initializer.unwrap_or(usual)));
        Ok(Linear { weight, bias: bias.transpose()? })
    }
}

impl Linear {
    /// A layer with random weights from a stream.
    ///
    /// # Errors
    /// [`NnError::Setting`] for 0 inputs or outputs.
    pub fn new(inputs: usize, outputs: usize, stream: &Stream) -> Result<Linear> {
        Linear::with(inputs, LinearConfig::new(outputs), stream)
    }

    /// A layer with options.
    ///
    /// # Errors
    /// As [`Linear::new`]; those of the initializers.
    pub fn with(inputs: usize, config: LinearConfig, stream: &Stream) -> Result<Linear> {
        config.make(&Shape::new(&[inputs])?, &Initial::random(stream))
    }

    /// The same without a bias.
    #[must_use]
    pub fn without_bias(self) -> Linear {
        Linear { bias: None, ..self }
    }

    /// `f(X Wᵀ + b)` in one pass: what `Sequential` makes of a linear layer and the activation behind it.
    ///
    /// # Errors
    /// [`NnError::Input`] if the last axis of `x` is not as long as the layer has inputs.
    pub fn forward_activated(&self, cx: &Context, x: &Var, activation: Activation) -> Result<Var> {
        self.output_shape(x.shape())?;
        let bias = self.bias.as_ref().map(|bias| cx.parameter(bias));
        ops::linear(x, &cx.parameter(&self.weight), bias.as_ref(), activation)
    }
}

impl Module for Linear {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        self.forward_activated(cx, x, Activation::Identity)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let &[outputs, inputs] = &**self.weight.shape() else { unreachable!("a weight has two axes") };
        match input.last() {
            Some(&last) if last == inputs => input.with(input.rank() - 1, outputs),
            _ => {
                let expected = format!("[.., {inputs}]");
                Err(NnError::Input { layer: self.describe(), expected, got: *input }.into())
            }
        }
    }

    fn describe(&self) -> String {
        format!("Linear({} -> {})", self.weight.shape()[1], self.weight.shape()[0])
    }

    fn multiply_adds(&self, input: &Shape) -> u64 {
        let rows: u64 = input.iter().rev().skip(1).map(|&size| size as u64).product();
        rows.saturating_mul(self.weight.shape().numel() as u64)
    }
}

impl Layer for Linear {
    fn saved(&self) -> Option<SavedLayer> {
        let config = LinearConfig::new(self.weight.shape()[0]);
        Some(SavedLayer::of(&LinearConfig { bias: self.bias.is_some(), ..config }))
    }

    fn forward_fused(&self, cx: &Context, x: &Var, activation: Activation) -> Option<Result<Var>> {
        Some(self.forward_activated(cx, x, activation))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    use plywood_tensor::Seed;
    vec![
        Row::seeded("Linear", |stream| Linear::new(3, 5, stream))
            .shapes(&[4, 3], &[4, 5])
            .parameters(&[("weight", &[5, 3]), ("bias", &[5])])
            .errors(&[
                (&[4, 2], "Linear(3 -> 5): expected input [.., 3], got [4, 2]"),
                (&[], "Linear(3 -> 5): expected input [.., 3], got []"),
            ])
            .refused([
                (
                    || Linear::new(0, 5, &Seed(0).stream()).map(drop),
                    "Linear: expected at least one input and one output, got 0 -> 5",
                ),
                (
                    || {
                        let weight_initializer = Some(Initializer::XavierNormal { gain: f64::NAN });
                        let config = LinearConfig { weight_initializer, ..LinearConfig::new(5) };
                        Linear::with(3, config, &Seed(0).stream()).map(drop)
                    },
                    "Initializer: expected a finite gain, got XavierNormal { gain: NaN }",
                ),
            ]),
        Row::seeded("Linear", |stream| Ok(Linear::new(3, 1, stream)?.without_bias()))
            .shapes(&[2, 2, 3], &[2, 2, 1])
            .parameters(&[("weight", &[1, 3])]),
        Row::seeded("Linear", |stream| {
            let weight_initializer = Some(Initializer::orthogonal());
            Linear::with(
                3,
                LinearConfig {
                    weight_initializer,
                    bias_initializer: Some(Initializer::Zeros),
                    ..LinearConfig::new(2)
                },
                stream,
            )
        })
        .shapes(&[3], &[2])
        .parameters(&[("weight", &[2, 3]), ("bias", &[2])]),
    ]
}
