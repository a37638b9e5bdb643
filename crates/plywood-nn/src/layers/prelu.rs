//! The rectifier that learns what it lets through.

use crate::{Context, Initial, Initializer, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::{Param, Var};
use plywood_tensor::{Result, Seed, Shape};
use serde::{Deserialize, Serialize};

/// `y = x` where `x > 0`, `w x` elsewhere: the rectifier that learns its slope below 0, starting at 0.25.
///
/// # Shapes
/// `[.., C] → [.., C]`, `weight [1]`, or `[C]` for a slope of each channel.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Parameters, Prelu};
/// use plywood_tensor::Tensor;
///
/// let layer = Prelu::new(1)?;
/// let y = layer.forward(&Context::eval(), &Tensor::from([-2.0, 2.0]).into())?;
/// assert_eq!(y.value().as_slice(), [-0.5, 2.0]);
/// assert_eq!(Prelu::new(64)?.parameter_count(), 64);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.PReLU`, whose channels are on axis 1 where ours are last; Keras starts at 0 and has a slope for
/// each element. He, Zhang, Ren and Sun, *Delving deep into rectifiers*, 2015.
#[derive(Debug, Clone)]
#[doc(alias = "PReLU")]
pub struct Prelu {
    /// `[1]` or `[C]`
    pub weight: Param,
}
parameters!(Prelu { weight });

/// The settings of a [`Prelu`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreluConfig {
    /// How many slopes there are: 1, or one for each channel.
    pub slopes: usize,
    /// Where they start.
    #[serde(default = "quarter")]
    pub start: f64,
}

fn quarter() -> f64 {
    0.25
}

impl Prelu {
    /// A rectifier of one slope for all, or of as many as there are channels.
    ///
    /// # Errors
    /// [`NnError::Setting`] for 0 slopes.
    pub fn new(slopes: usize) -> Result<Prelu> {
        // The slopes start at a constant: no random number is drawn.
        PreluConfig::new(slopes).make(&Shape::new(&[slopes])?, &Initial::random(&Seed(0).stream()))
    }
}

impl PreluConfig {
    /// So many slopes, each starting at 0.25.
    pub fn new(slopes: usize) -> PreluConfig {
        PreluConfig { slopes, start: quarter() }
    }
}

impl LayerConfig for PreluConfig {
    const NAME: &'static str = "Prelu";
    type Layer = Prelu;

    fn make(&self, _: &Shape, initial: &Initial<'_>) -> Result<Prelu> {
        if self.slopes == 0 {
            let (layer, expected) = ("Prelu".into(), "at least one slope".into());
            return Err(NnError::Setting { layer, expected, got: "0".into() }.into());
        }
        let start = Initializer::Constant { value: self.start };
        Ok(Prelu { weight: initial.param("weight", [self.slopes], start)? })
    }
}

impl Module for Prelu {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        self.output_shape(x.shape())?;
        x.prelu(&cx.parameter(&self.weight))
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let slopes = self.weight.shape()[0];
        if slopes == 1 || input.last() == Some(&slopes) {
            return Ok(*input);
        }
        let expected = format!("[.., {slopes}]");
        Err(NnError::Input { layer: self.describe(), expected, got: *input }.into())
    }

    fn describe(&self) -> String {
        format!("Prelu({})", self.weight.shape()[0])
    }
}

impl Layer for Prelu {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(&PreluConfig::new(self.weight.shape()[0])))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("Prelu", || Prelu::new(1)).avoid(&[0.0]).parameters(&[("weight", &[1])]),
        Row::layer("Prelu", || Prelu::new(3))
            .avoid(&[0.0])
            .parameters(&[("weight", &[3])])
            .errors(&[
                (&[3, 2], "Prelu(3): expected input [.., 3], got [3, 2]"),
                (&[], "Prelu(3): expected input [.., 3], got []"),
            ])
            .refused([(|| Prelu::new(0).map(drop), "Prelu: expected at least one slope, got 0")]),
    ]
}
