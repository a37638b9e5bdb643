//! The fully connected layer.

use crate::{Context, Module, NnError, parameters};
use plywood_autograd::ops::{self, Activation};
use plywood_autograd::{Param, Var};
use plywood_tensor::{Result, Shape, Stream, Tensor};

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

impl Linear {
    /// A layer with random weights from a stream.
    ///
    /// # Errors
    /// [`NnError::Setting`] for 0 inputs or outputs.
    pub fn new(inputs: usize, outputs: usize, stream: &Stream) -> Result<Linear> {
        if inputs == 0 || outputs == 0 {
            let (layer, expected) = ("Linear".into(), "at least one input and one output".into());
            return Err(NnError::Setting { layer, expected, got: format!("{inputs} -> {outputs}") }.into());
        }
        let bound = 1.0 / (inputs as f64).sqrt();
        let weight = Tensor::uniform([outputs, inputs], -bound, bound, &stream.named("weight"))?;
        let bias = Tensor::uniform([outputs], -bound, bound, &stream.named("bias"))?;
        Ok(Linear { weight: Param::new(weight), bias: Some(Param::new(bias)) })
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
        let rows: usize = input[..input.rank() - 1].iter().product();
        (rows * self.weight.shape().numel()) as u64
    }
}
