//! Groups of channels of mean 0 and variance 1 in each image.

use super::affine::{self, or_constant};
use super::sides;
use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::{Param, Var, ops};
use plywood_tensor::{Result, Seed, Shape};
use serde::{Deserialize, Serialize};

/// `y = (x − mean) / √(variance + ε) ⊙ weight + bias`, mean and variance over neighbouring channels of each sample: what
/// batch normalisation does, for batches of any size.
///
/// # Shapes
/// `[N, .., C] → [N, .., C]`, `weight [C]`, `bias [C]`.
///
/// # Example
/// ```
/// use plywood_nn::{Context, GroupNorm, Module};
/// use plywood_tensor::Tensor;
///
/// let layer = GroupNorm::new(2, 4)?;
/// let y = layer.forward(&Context::eval(), &Tensor::from([[1.0, 3.0, 0.0, 80.0]]).into())?;
/// assert!(y.value().all_close(&Tensor::from([[-1.0, 1.0, -1.0, 1.0]]), 1e-4, 0.0));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::Input`] for other channels, and for a single sample with a single value per group, which has no variance. In a
/// larger batch such values become the bias.
///
/// # References
/// PyTorch: `torch.nn.GroupNorm`, with the channels first, the same names and ε = 1e-5. Wu and He, *Group
/// normalization*, 2018.
#[derive(Debug, Clone)]
#[doc(alias = "GroupNormalization")]
pub struct GroupNorm {
    /// `[C]`
    pub weight: Option<Param>,
    /// `[C]`
    pub bias: Option<Param>,
    channels: usize,
    config: GroupNormConfig,
}
parameters!(GroupNorm { weight, bias } skip { channels, config });

/// The settings of a [`GroupNorm`]; how many channels it has follows from its input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupNormConfig {
    /// How many groups there are; the number of channels must be a multiple.
    pub groups: usize,
    /// Keeps the square root away from 0.
    pub epsilon: f64,
    /// Whether there are a weight and a bias.
    pub affine: bool,
}

impl GroupNormConfig {
    /// So many groups, and PyTorch's settings.
    pub fn new(groups: usize) -> GroupNormConfig {
        GroupNormConfig { groups, epsilon: 1e-5, affine: true }
    }
}

impl LayerConfig for GroupNormConfig {
    const NAME: &'static str = "GroupNorm";
    type Layer = GroupNorm;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<GroupNorm> {
        let channels = sides::channels(&|| Self::NAME.into(), input)?;
        if self.groups == 0 || !channels.is_multiple_of(self.groups) {
            let (layer, expected) = (Self::NAME.into(), "channels that are a multiple of the groups".into());
            let got = format!("{channels} channels in {} groups", self.groups);
            return Err(NnError::Setting { layer, expected, got }.into());
        }
        affine::check_epsilon(Self::NAME, self.epsilon)?;
        let [weight, bias] = affine::parameters([self.affine; 2], &Shape::new(&[channels])?, initial)?;
        Ok(GroupNorm { weight, bias, channels, config: *self })
    }
}

impl GroupNorm {
    /// So many channels in so many groups.
    ///
    /// # Errors
    /// [`NnError::Setting`] for 0 channels or groups, and if the channels cannot be divided.
    pub fn new(groups: usize, channels: usize) -> Result<GroupNorm> {
        GroupNorm::with(channels, GroupNormConfig::new(groups))
    }

    /// So many channels, with options.
    ///
    /// # Errors
    /// As [`GroupNorm::new`], and for a negative epsilon.
    pub fn with(channels: usize, config: GroupNormConfig) -> Result<GroupNorm> {
        config.make(&Shape::new(&[1, channels])?, &Initial::random(&Seed(0).stream()))
    }
}

impl Module for GroupNorm {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        self.output_shape(x.shape())?;
        let shape = Shape::new(&[self.channels])?;
        let weight = or_constant(cx, self.weight.as_ref(), &shape, 1.0)?;
        let bias = or_constant(cx, self.bias.as_ref(), &shape, 0.0)?;
        ops::group_norm(x, self.config.groups, &weight, &bias, self.config.epsilon)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let refuse = |expected| Err(NnError::Input { layer: self.describe(), expected, got: *input }.into());
        if input.rank() < 2 || input.last() != Some(&self.channels) {
            return refuse(format!("[N, .., {}]", self.channels));
        }
        if input.numel() == self.config.groups {
            return refuse("of more than one value per group, for the variance of one is 0".into());
        }
        Ok(*input)
    }

    fn describe(&self) -> String {
        format!("GroupNorm({}, {})", self.config.groups, self.channels)
    }
}

impl Layer for GroupNorm {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(&self.config))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("GroupNorm", || GroupNorm::new(2, 4))
            .shapes(&[2, 3, 2, 4], &[2, 3, 2, 4])
            .parameters(&[("weight", &[4]), ("bias", &[4])])
            .errors(&[
                (&[4, 2], "GroupNorm(2, 4): expected input [N, .., 4], got [4, 2]"),
                (&[4], "GroupNorm(2, 4): expected input [N, .., 4], got [4]"),
            ])
            .refused([
                (
                    || GroupNorm::new(3, 4).map(drop),
                    "GroupNorm: expected channels that are a multiple of the groups, got 4 channels in 3 groups",
                ),
                (
                    || {
                        GroupNorm::with(4, GroupNormConfig { epsilon: -1.0, ..GroupNormConfig::new(2) })
                            .map(drop)
                    },
                    "GroupNorm: expected an epsilon of at least 0, got -1",
                ),
            ]),
        Row::layer("GroupNorm", || {
            GroupNorm::with(6, GroupNormConfig { affine: false, ..GroupNormConfig::new(2) })
        })
        .shapes(&[3, 6], &[3, 6]),
        // PyTorch's rule: in a batch one value per group is the bias, alone it is refused.
        Row::layer("GroupNorm", || GroupNorm::new(4, 4))
            .shapes(&[2, 3, 4], &[2, 3, 4])
            .parameters(&[("weight", &[4]), ("bias", &[4])])
            .errors(&[(
                &[1, 1, 4],
                "GroupNorm(4, 4): expected input of more than one value per group, for the variance of one is 0, \
                 got [1, 1, 4]",
            )]),
    ]
}
