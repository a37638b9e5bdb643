//! Samples of mean 0 and variance 1.

use super::affine::{self, or_constant};
use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::{Param, Var, ops};
use plywood_tensor::{IntoShape, Result, Seed, Shape};
use serde::{Deserialize, Serialize};

/// `y = (x − mean) / √(variance + ε) ⊙ weight + bias`, mean and variance over the last axes of each sample.
///
/// # Shapes
/// `[.., S] → [.., S]`, `weight [S]`, `bias [S]`, where `S` is one axis or several.
///
/// # Example
/// ```
/// use plywood_nn::{Context, LayerNorm, Module};
/// use plywood_tensor::Tensor;
///
/// let layer = LayerNorm::new([2])?;
/// let y = layer.forward(&Context::eval(), &Tensor::from([[1.0, 3.0], [80.0, 0.0]]).into())?;
/// assert!(y.value().all_close(&Tensor::from([[-1.0, 1.0], [1.0, -1.0]]), 1e-4, 0.0));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::Input`] for an input that does not end with these axes.
///
/// # References
/// PyTorch: `torch.nn.LayerNorm`, with the same names and ε = 1e-5; normalised over whole images, the weight is
/// `[H, W, C]` here and `[C, H, W]` there. Keras: `LayerNormalization`, with ε = 1e-3. Ba, Kiros and Hinton, *Layer
/// normalization*, 2016.
#[derive(Debug, Clone)]
#[doc(alias = "LayerNormalization")]
pub struct LayerNorm {
    /// `[S]`
    pub weight: Option<Param>,
    /// `[S]`
    pub bias: Option<Param>,
    shape: Shape,
    config: LayerNormConfig,
}
parameters!(LayerNorm { weight, bias } skip { shape, config });

/// The settings of a [`LayerNorm`]; the sizes follow from its input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LayerNormConfig {
    /// Over how many axes, from the last one.
    pub axes: usize,
    /// Keeps the square root away from 0.
    pub epsilon: f64,
    /// Whether there is a weight.
    pub affine: bool,
    /// Whether there is a bias too.
    pub bias: bool,
}

impl Default for LayerNormConfig {
    fn default() -> Self {
        LayerNormConfig { axes: 1, epsilon: 1e-5, affine: true, bias: true }
    }
}

/// The last sizes of an input, as many as a normalisation goes over.
pub(super) fn last(name: &str, axes: usize, epsilon: f64, input: &Shape) -> Result<Shape> {
    let refuse = |expected: &str, got: String| {
        let (layer, expected) = (name.to_owned(), expected.to_owned());
        Err(NnError::Setting { layer, expected, got }.into())
    };
    affine::check_epsilon(name, epsilon)?;
    let sizes = input.rank().checked_sub(axes).map(|at| &input[at..]);
    match sizes {
        Some(sizes) if axes > 0 && !sizes.contains(&0) => Shape::new(sizes),
        Some(_) if axes > 0 => refuse("at least one element to normalise", input.to_string()),
        _ => refuse("at least one axis, and no more than the input has", axes.to_string()),
    }
}

/// Whether an input ends with these sizes.
pub(super) fn check(layer: &dyn Module, shape: &Shape, input: &Shape) -> Result<Shape> {
    if input.ends_with(shape) {
        return Ok(*input);
    }
    let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
    let expected = format!("[.., {}]", sizes.join(", "));
    Err(NnError::Input { layer: layer.describe(), expected, got: *input }.into())
}

impl LayerConfig for LayerNormConfig {
    const NAME: &'static str = "LayerNorm";
    type Layer = LayerNorm;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<LayerNorm> {
        let shape = last(Self::NAME, self.axes, self.epsilon, input)?;
        let [weight, bias] = affine::parameters([self.affine, self.affine && self.bias], &shape, initial)?;
        Ok(LayerNorm { weight, bias, shape, config: *self })
    }
}

impl LayerNorm {
    /// Over last axes of these sizes.
    ///
    /// # Errors
    /// [`NnError::Setting`] for no axes, and for sizes of 0.
    pub fn new(shape: impl IntoShape) -> Result<LayerNorm> {
        LayerNorm::with(shape, LayerNormConfig::default())
    }

    /// Over last axes of these sizes, with options; their number takes the place of `axes`.
    ///
    /// # Errors
    /// As [`LayerNorm::new`], and for a negative epsilon.
    pub fn with(shape: impl IntoShape, config: LayerNormConfig) -> Result<LayerNorm> {
        let shape = shape.into_shape()?;
        LayerNormConfig { axes: shape.rank(), ..config }.make(&shape, &Initial::random(&Seed(0).stream()))
    }
}

impl Module for LayerNorm {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        self.output_shape(x.shape())?;
        let weight = or_constant(cx, self.weight.as_ref(), &self.shape, 1.0)?;
        let bias = or_constant(cx, self.bias.as_ref(), &self.shape, 0.0)?;
        ops::layer_norm(x, &weight, &bias, self.config.epsilon)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        check(self, &self.shape, input)
    }

    fn describe(&self) -> String {
        format!("LayerNorm({})", super::sides::list(&self.shape))
    }
}

impl Layer for LayerNorm {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(&self.config))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("LayerNorm", || LayerNorm::new([3]))
            .shapes(&[4, 3], &[4, 3])
            .parameters(&[("weight", &[3]), ("bias", &[3])])
            .errors(&[
                (&[4, 2], "LayerNorm(3): expected input [.., 3], got [4, 2]"),
                (&[], "LayerNorm(3): expected input [.., 3], got []"),
            ])
            .refused([
                (
                    || LayerNorm::new([]).map(drop),
                    "LayerNorm: expected at least one axis, and no more than the input has, got 0",
                ),
                (
                    || LayerNorm::new([2, 0]).map(drop),
                    "LayerNorm: expected at least one element to normalise, got [2, 0]",
                ),
                (
                    || {
                        LayerNorm::with([2], LayerNormConfig { epsilon: f64::NAN, ..Default::default() })
                            .map(drop)
                    },
                    "LayerNorm: expected an epsilon of at least 0, got NaN",
                ),
            ]),
        Row::layer("LayerNorm", || {
            LayerNorm::with([2, 3], LayerNormConfig { bias: false, ..Default::default() })
        })
        .shapes(&[4, 2, 3], &[4, 2, 3])
        .parameters(&[("weight", &[2, 3])]),
        Row::layer("LayerNorm", || {
            LayerNorm::with([3], LayerNormConfig { affine: false, ..Default::default() })
        })
        .shapes(&[2, 3], &[2, 3]),
    ]
}
