//! Channels that are weighed by what is in the image.

use super::linear::{Linear, LinearConfig};
use super::sides;
use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, Outline, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_autograd::ops::Activation;
use plywood_tensor::{At, Result, Shape, Stream};
use serde::{Deserialize, Serialize};

/// `y = x ⊙ sigmoid(fc2(relu(fc1(mean x))))`: each channel of an image by a factor that follows from the means of all.
///
/// # Shapes
/// `[N, .., C] → [N, .., C]` with 1 to 3 axes between, `fc1.weight [squeeze, C]`, `fc2.weight [C, squeeze]`, and biases.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Parameters, SqueezeExcite};
/// use plywood_tensor::{Seed, Tensor};
///
/// let layer = SqueezeExcite::new(64, 4, &Seed(7).stream())?;
/// assert_eq!(layer.parameter_count(), 64 * 4 + 4 + 4 * 64 + 64);
/// let y = layer.forward(&Context::eval(), &Tensor::ones([2, 7, 7, 64])?.into())?;
/// assert!(y.value().as_slice().iter().all(|&y| y > 0.0 && y < 1.0));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::Input`] for other axes or channels, and for images without pixels.
///
/// # References
/// torchvision: `torchvision.ops.SqueezeExcitation`, with the same names; its weights are those of 1 × 1 convolutions, of
/// shapes `[squeeze, C, 1, 1]` and `[C, squeeze, 1, 1]`, to be reshaped. Hu, Shen and Sun, *Squeeze-and-excitation
/// networks*, 2018.
#[derive(Debug, Clone)]
#[doc(alias = "SqueezeExcitation")]
pub struct SqueezeExcite {
    /// From all channels to a few.
    pub fc1: Linear,
    /// From the few to a factor for each channel.
    pub fc2: Linear,
}
parameters!(SqueezeExcite { fc1, fc2 });

/// The settings of a [`SqueezeExcite`]; how many channels it has follows from its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqueezeExciteConfig {
    /// How many numbers there are between the two linear layers.
    pub squeeze: usize,
}

impl LayerConfig for SqueezeExciteConfig {
    const NAME: &'static str = "SqueezeExcite";
    type Layer = SqueezeExcite;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<SqueezeExcite> {
        let channels = sides::channels(&|| Self::NAME.into(), input)?;
        let fc1 =
            LinearConfig::new(self.squeeze).make(&Shape::new(&[channels])?, &initial.at(0)).at("fc1")?;
        let fc2 =
            LinearConfig::new(channels).make(&Shape::new(&[self.squeeze])?, &initial.at(1)).at("fc2")?;
        Ok(SqueezeExcite { fc1, fc2 })
    }
}

impl SqueezeExcite {
    /// So many channels, and so many numbers between the two linear layers.
    ///
    /// # Errors
    /// [`NnError::Setting`] for 0 of either.
    pub fn new(channels: usize, squeeze: usize, stream: &Stream) -> Result<SqueezeExcite> {
        SqueezeExciteConfig { squeeze }.make(&Shape::new(&[channels])?, &Initial::random(stream))
    }

    fn channels(&self) -> usize {
        self.fc1.weight.shape()[1]
    }
}

impl Module for SqueezeExcite {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let input = self.output_shape(x.shape())?;
        let axes: Vec<isize> = (1..input.rank() as isize - 1).collect();
        let few = self.fc1.forward_activated(cx, &x.mean_axes(&axes, true)?, Activation::Relu).at("fc1")?;
        x.mul(&self.fc2.forward_activated(cx, &few, Activation::Sigmoid).at("fc2")?)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let refuse = |expected| Err(NnError::Input { layer: self.describe(), expected, got: *input }.into());
        match **input {
            [_, ref image @ .., channels]
                if channels == self.channels() && (1..=3).contains(&image.len()) =>
            {
                if image.contains(&0) {
                    refuse("of at least one pixel".into())
                } else {
                    Ok(*input)
                }
            }
            _ => refuse(format!("[N, .., {}]", self.channels())),
        }
    }

    fn describe(&self) -> String {
        format!("SqueezeExcite({}, {})", self.channels(), self.fc1.weight.shape()[0])
    }

    fn multiply_adds(&self, input: &Shape) -> u64 {
        let batch = input.first().map_or(0, |&batch| batch as u64);
        batch.saturating_mul(2 * self.fc1.weight.shape().numel() as u64)
    }

    fn outline(&self, input: &Shape, outline: &mut Outline) -> Result<Shape> {
        let output = self.output_shape(input)?;
        outline.group(self.describe(), output);
        let means = Shape::new(&[input[0], self.channels()])?;
        let few = outline.part("fc1", &self.fc1, &means)?;
        outline.part("fc2", &self.fc2, &few)?;
        Ok(output)
    }
}

impl Layer for SqueezeExcite {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(&SqueezeExciteConfig { squeeze: self.fc1.weight.shape()[0] }))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    use plywood_tensor::Seed;
    vec![
        Row::seeded("SqueezeExcite", |stream| SqueezeExcite::new(3, 2, stream))
            .shapes(&[2, 2, 3, 3], &[2, 2, 3, 3])
            .parameters(&[
                ("fc1.weight", &[2, 3]),
                ("fc1.bias", &[2]),
                ("fc2.weight", &[3, 2]),
                ("fc2.bias", &[3]),
            ])
            .errors(&[
                (&[2, 2, 4], "SqueezeExcite(3, 2): expected input [N, .., 3], got [2, 2, 4]"),
                (&[2, 0, 3], "SqueezeExcite(3, 2): expected input of at least one pixel, got [2, 0, 3]"),
            ])
            .refused([(
                || SqueezeExcite::new(3, 0, &Seed(0).stream()).map(drop),
                "fc1: Linear: expected at least one input and one output, got 3 -> 0",
            )]),
    ]
}
