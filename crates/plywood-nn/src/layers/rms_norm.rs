//! Samples of mean square 1.

use super::affine::{self, or_constant};
use super::layer_norm::{check, last};
use crate::{Context, Initial, Layer, LayerConfig, Module, SavedLayer, parameters};
use plywood_autograd::{Param, Var, ops};
use plywood_tensor::{Elem, Float, IntoShape, Result, Seed, Shape};
use serde::{Deserialize, Serialize};

/// `y = x / √(mean(x²) + ε) ⊙ weight`, the mean over the last axes of each sample.
///
/// # Shapes
/// `[.., S] → [.., S]`, `weight [S]`, where `S` is one axis or several.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, RmsNorm};
/// use plywood_tensor::Tensor;
///
/// let y = RmsNorm::new([2])?.forward(&Context::eval(), &Tensor::from([[3.0, -3.0], [0.0, 8.0]]).into())?;
/// assert!(y.value().all_close(&Tensor::from([[1.0, -1.0], [0.0, 1.4142135]]), 1e-5, 0.0));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::Input`](crate::NnError::Input) for an input that does not end with these axes.
///
/// # References
/// PyTorch: `torch.nn.RMSNorm`, whose ε too is the distance from 1 to the next number unless told. Keras:
/// `RMSNormalization`. Zhang and Sennrich, *Root mean square layer normalization*, 2019.
#[derive(Debug, Clone)]
#[doc(alias("RMSNorm", "RMSNormalization"))]
pub struct RmsNorm {
    /// `[S]`
    pub weight: Option<Param>,
    shape: Shape,
    config: RmsNormConfig,
}
parameters!(RmsNorm { weight } skip { shape, config });

/// The settings of an [`RmsNorm`]; the sizes follow from its input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RmsNormConfig {
    /// Over how many axes, from the last one.
    pub axes: usize,
    /// Keeps the square root away from 0; `None` for the distance from 1 to the next number.
    pub epsilon: Option<f64>,
    /// Whether there is a weight.
    pub affine: bool,
}

impl Default for RmsNormConfig {
    fn default() -> Self {
        RmsNormConfig { axes: 1, epsilon: None, affine: true }
    }
}

impl RmsNormConfig {
    fn epsilon(&self) -> f64 {
        self.epsilon.unwrap_or(Float::to_f64(Elem::EPSILON))
    }
}

impl LayerConfig for RmsNormConfig {
    const NAME: &'static str = "RmsNorm";
    type Layer = RmsNorm;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<RmsNorm> {
        let shape = last(Self::NAME, self.axes, self.epsilon(), input)?;
        let [weight, _] = affine::parameters([self.affine, false], &shape, initial)?;
        Ok(RmsNorm { weight, shape, config: *self })
    }
}

impl RmsNorm {
    /// Over last axes of these sizes.
    ///
    /// # Errors
    /// [`NnError::Setting`](crate::NnError::Setting) for no axes, and for sizes of 0.
    pub fn new(shape: impl IntoShape) -> Result<RmsNorm> {
        RmsNorm::with(shape, RmsNormConfig::default())
    }

    /// Over last axes of these sizes, with options; their number takes the place of `axes`.
    ///
    /// # Errors
    /// As [`RmsNorm::new`], and for a negative epsilon.
    pub fn with(shape: impl IntoShape, config: RmsNormConfig) -> Result<RmsNorm> {
        let shape = shape.into_shape()?;
        RmsNormConfig { axes: shape.rank(), ..config }.make(&shape, &Initial::random(&Seed(0).stream()))
    }
}

impl Module for RmsNorm {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        self.output_shape(x.shape())?;
        let weight = or_constant(cx, self.weight.as_ref(), &self.shape, 1.0)?;
        ops::rms_norm(x, &weight, self.config.epsilon())
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        check(self, &self.shape, input)
    }

    fn describe(&self) -> String {
        format!("RmsNorm({})", super::sides::list(&self.shape))
    }
}

impl Layer for RmsNorm {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(&self.config))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("RmsNorm", || RmsNorm::new([3]))
            .shapes(&[4, 3], &[4, 3])
            .parameters(&[("weight", &[3])])
            .errors(&[(&[4, 2], "RmsNorm(3): expected input [.., 3], got [4, 2]")])
            .refused([(
                || RmsNorm::new([0]).map(drop),
                "RmsNorm: expected at least one element to normalise, got [0]",
            )]),
        Row::layer("RmsNorm", || {
            RmsNorm::with([2, 3], RmsNormConfig { affine: false, epsilon: Some(1e-3), ..Default::default() })
        })
        .shapes(&[4, 2, 3], &[4, 2, 3]),
    ]
}
