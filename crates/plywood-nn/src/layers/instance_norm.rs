//! Channels of mean 0 and variance 1 in each image.

use super::affine::{self, or_constant};
use super::sides;
use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::{Param, Var, ops};
use plywood_tensor::{Result, Seed, Shape};
use serde::{Deserialize, Serialize};

/// `y = (x − mean) / √(variance + ε) ⊙ weight + bias`, mean and variance over each channel of each image; weight and bias
/// only if asked for.
///
/// # Shapes
/// `[N, .., C] → [N, .., C]` with `D` axes between, `weight [C]`, `bias [C]`.
///
/// # Example
/// ```
/// use plywood_nn::{Context, InstanceNorm1d, Module};
/// use plywood_tensor::Tensor;
///
/// let layer = InstanceNorm1d::new(1)?;
/// let y = layer.forward(&Context::eval(), &Tensor::from([[[1.0], [3.0]], [[80.0], [0.0]]]).into())?;
/// assert!(y.value().all_close(&Tensor::from([[[-1.0], [1.0]], [[1.0], [-1.0]]]), 1e-4, 0.0));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::Input`] for other axes or channels, and for a single pixel, which has no variance.
///
/// # References
/// PyTorch: `torch.nn.InstanceNorm1d` to `InstanceNorm3d`, with the channels first, the same names and ε = 1e-5; running
/// statistics, off there unless asked for, are not kept. Ulyanov, Vedaldi and Lempitsky, *Instance normalization: the missing
/// ingredient for fast stylization*, 2016.
#[derive(Debug, Clone)]
pub struct InstanceNorm<const D: usize> {
    /// `[C]`
    pub weight: Option<Param>,
    /// `[C]`
    pub bias: Option<Param>,
    channels: usize,
    config: InstanceNormConfig<D>,
}
parameters!([const D: usize] InstanceNorm<D> { weight, bias } skip { channels, config });

/// [`InstanceNorm`] of sequences `[N, L, C]`.
pub type InstanceNorm1d = InstanceNorm<1>;
/// [`InstanceNorm`] of images `[N, H, W, C]`.
pub type InstanceNorm2d = InstanceNorm<2>;
/// [`InstanceNorm`] of volumes `[N, D, H, W, C]`.
pub type InstanceNorm3d = InstanceNorm<3>;

/// The settings of an [`InstanceNorm`]; how many channels it has follows from its input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceNormConfig<const D: usize> {
    /// Keeps the square root away from 0.
    pub epsilon: f64,
    /// Whether there are a weight and a bias.
    pub affine: bool,
}

impl<const D: usize> Default for InstanceNormConfig<D> {
    fn default() -> Self {
        InstanceNormConfig { epsilon: 1e-5, affine: false }
    }
}

impl<const D: usize> LayerConfig for InstanceNormConfig<D> {
    const NAME: &'static str = sides::name(["InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"], D);
    type Layer = InstanceNorm<D>;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<InstanceNorm<D>> {
        affine::check_epsilon(Self::NAME, self.epsilon)?;
        let channels = sides::channels(&|| Self::NAME.into(), input)?;
        let [weight, bias] = affine::parameters([self.affine; 2], &Shape::new(&[channels])?, initial)?;
        Ok(InstanceNorm { weight, bias, channels, config: *self })
    }
}

impl<const D: usize> InstanceNorm<D> {
    /// For so many channels, with PyTorch's settings.
    ///
    /// # Errors
    /// [`NnError::Setting`] for 0 channels.
    pub fn new(channels: usize) -> Result<Self> {
        InstanceNorm::with(channels, InstanceNormConfig::default())
    }

    /// For so many channels, with options.
    ///
    /// # Errors
    /// [`NnError::Setting`] for 0 channels and a negative epsilon.
    pub fn with(channels: usize, config: InstanceNormConfig<D>) -> Result<Self> {
        config.make(&Shape::new(&[1, channels])?, &Initial::random(&Seed(0).stream()))
    }
}

impl<const D: usize> Module for InstanceNorm<D> {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        self.output_shape(x.shape())?;
        let shape = Shape::new(&[self.channels])?;
        let weight = or_constant(cx, self.weight.as_ref(), &shape, 1.0)?;
        let bias = or_constant(cx, self.bias.as_ref(), &shape, 0.0)?;
        ops::group_norm(x, self.channels, &weight, &bias, self.config.epsilon)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let refuse = |expected| Err(NnError::Input { layer: self.describe(), expected, got: *input }.into());
        if input.rank() != D + 2 || input.last() != Some(&self.channels) {
            return refuse(sides::with_channels(D, self.channels));
        }
        if input[1..=D].iter().product::<usize>() == 1 {
            return refuse("of more than one value per channel, for the variance of one is 0".into());
        }
        Ok(*input)
    }

    fn describe(&self) -> String {
        format!("{}({})", InstanceNormConfig::<D>::NAME, self.channels)
    }
}

impl<const D: usize> Layer for InstanceNorm<D> {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(&self.config))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("InstanceNorm1d", || InstanceNorm1d::new(3)).shapes(&[2, 4, 3], &[2, 4, 3]).refused([
            (|| InstanceNorm1d::new(0).map(drop), "InstanceNorm1d: expected at least one channel, got 0"),
            (
                || {
                    let config = InstanceNormConfig { epsilon: -1.0, affine: true };
                    InstanceNorm1d::with(3, config).map(drop)
                },
                "InstanceNorm1d: expected an epsilon of at least 0, got -1",
            ),
        ]),
        Row::layer("InstanceNorm2d", || {
            InstanceNorm2d::with(3, InstanceNormConfig { affine: true, ..Default::default() })
        })
        .shapes(&[2, 2, 3, 3], &[2, 2, 3, 3])
        .parameters(&[("weight", &[3]), ("bias", &[3])])
        .errors(&[
            (&[4, 3], "InstanceNorm2d(3): expected input [N, H, W, 3], got [4, 3]"),
            (
                &[2, 1, 1, 3],
                "InstanceNorm2d(3): expected input of more than one value per channel, for the variance of one is 0, \
                 got [2, 1, 1, 3]",
            ),
        ]),
        Row::layer("InstanceNorm3d", || InstanceNorm3d::new(2)).shapes(&[1, 2, 2, 2, 2], &[1, 2, 2, 2, 2]),
    ]
}
