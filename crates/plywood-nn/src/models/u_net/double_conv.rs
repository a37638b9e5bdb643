//! Two convolutions.

use crate::models::parts::{self, Parts};
use crate::{BatchNorm2d, Context, Conv2d, ConvConfig, Initial, Module, Outline, parameters};
use plywood_autograd::Var;
use plywood_autograd::ops::Activation;
use plywood_tensor::{At, Result, Shape, Stream};

/// Two convolutions of 3 × 3 that keep the size, each normalised and rectified: what a [`UNet`](crate::UNet) is made of.
///
/// # Shapes
/// `[N, H, W, C] → [N, H, W, outputs]`
///
/// # Example
/// ```
/// use plywood_nn::{Context, DoubleConv, Module};
/// use plywood_tensor::{Seed, Tensor};
///
/// let block = DoubleConv::new(3, 16, &Seed(7).stream())?;
/// let y = block.forward(&Context::eval(), &Tensor::zeros([1, 5, 7, 3])?.into())?;
/// assert_eq!(*y.shape(), [1, 5, 7, 16]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// Those of its layers, with their names.
///
/// # References
/// Ronneberger, Fischer and Brox, *U-Net: convolutional networks for biomedical image segmentation*, 2015.
#[derive(Debug, Clone)]
pub struct DoubleConv {
    /// From the input.
    pub conv1: Conv2d,
    /// Normalises what `conv1` gives.
    pub bn1: BatchNorm2d,
    /// From the first.
    pub conv2: Conv2d,
    /// Normalises what `conv2` gives.
    pub bn2: BatchNorm2d,
}
parameters!(DoubleConv { conv1, bn1, conv2, bn2 });

impl DoubleConv {
    /// For so many channels, with random weights.
    ///
    /// # Errors
    /// [`NnError::Setting`](crate::NnError::Setting) for sizes of 0.
    pub fn new(inputs: usize, outputs: usize, stream: &Stream) -> Result<DoubleConv> {
        DoubleConv::make(inputs, outputs, &Initial::random(stream))
    }

    pub(super) fn make(inputs: usize, outputs: usize, initial: &Initial<'_>) -> Result<DoubleConv> {
        let config = ConvConfig::new(outputs, 3).padding(1);
        Ok(DoubleConv {
            conv1: parts::conv(inputs, config, &initial.at(0)).at("conv1")?,
            bn1: parts::batch_norm(outputs, initial).at("bn1")?,
            conv2: parts::conv(outputs, config, &initial.at(1)).at("conv2")?,
            bn2: parts::batch_norm(outputs, initial).at("bn2")?,
        })
    }

    fn parts(&self) -> Parts<'_> {
        vec![
            ("conv1".into(), &self.conv1),
            ("bn1".into(), &self.bn1),
            ("conv2".into(), &self.conv2),
            ("bn2".into(), &self.bn2),
        ]
    }
}

impl Module for DoubleConv {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let y = self.conv1.forward(cx, x).at("conv1")?;
        let y = self.bn1.forward_activated(cx, &y, Activation::Relu).at("bn1")?;
        let y = self.conv2.forward(cx, &y).at("conv2")?;
        self.bn2.forward_activated(cx, &y, Activation::Relu).at("bn2")
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        parts::output_shape(&self.parts(), input)
    }

    fn describe(&self) -> String {
        format!("DoubleConv({} -> {})", self.conv1.inputs(), self.conv2.config().outputs)
    }

    fn multiply_adds(&self, input: &Shape) -> u64 {
        parts::multiply_adds(self, input)
    }

    fn outline(&self, input: &Shape, outline: &mut Outline) -> Result<Shape> {
        outline.group(self.describe(), self.output_shape(input)?);
        parts::outline(&self.parts(), input, outline)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<crate::models::table::Row> {
    use crate::models::table::Row;
    vec![
        Row::module("DoubleConv", |stream| DoubleConv::new(2, 3, stream))
            .shapes(&[2, 3, 4, 2], &[2, 3, 4, 3])
            .errors(&[(
                &[2, 3, 4, 1],
                "conv1: Conv2d(2 -> 3, 3, padding 1): expected input [N, H, W, 2], got [2, 3, 4, 1]",
            )])
            .refused(&[(
                || DoubleConv::new(2, 0, &plywood_tensor::Seed(0).stream()).map(drop),
                "conv1: Conv2d: expected at least one input and one output, got 2 -> 0",
            )]),
    ]
}
