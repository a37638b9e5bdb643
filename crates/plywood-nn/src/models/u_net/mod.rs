//! From images to images.

pub(crate) mod double_conv;

use super::parts;
use crate::{
    Context, Conv2d, ConvConfig, ConvTranspose2d, ConvTransposeConfig, DoubleConv, Initial, Layer,
    LayerConfig, MaxPool2d, Module, NnError, Outline, SavedLayer, parameters,
};
use plywood_autograd::Var;
use plywood_tensor::{At, Result, Shape, Stream};
use serde::{Deserialize, Serialize};

/// A U-Net: what is in each pixel, or semantic segmentation. On the way down, in the encoder, images become smaller and their channels
/// more; on the way up, in the decoder, they grow again, and skip connections join them with those of the same size from the way down,
/// which know where things are.
///
/// # Shapes
/// `[N, H, W, C] → [N, H, W, classes]`; height and width are multiples of `2^depth`.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Parameters, UNet, UNetConfig};
/// use plywood_tensor::{Seed, Tensor};
///
/// let config = UNetConfig { width: 8, depth: 2, ..UNetConfig::new(3) };
/// let model = UNet::new(1, config, &Seed(7).stream())?;
/// let logits = model.forward(&Context::eval(), &Tensor::zeros([2, 32, 48, 1])?.into())?;
/// assert_eq!(*logits.shape(), [2, 32, 48, 3]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::Input`] for images that cannot be halved so many times; those of its layers, with their names.
///
/// # References
/// Ronneberger, Fischer and Brox, *U-Net: convolutional networks for biomedical image segmentation*, 2015. Here, as nowadays
/// usual, convolutions keep the size and are normalised, so nothing is cut off. There is none in torchvision; names are those of the
/// fields.
#[derive(Debug, Clone)]
pub struct UNet {
    /// The way down, or encoder, from large images to small ones.
    pub down: Vec<DoubleConv>,
    /// Where images are smallest.
    pub bottom: DoubleConv,
    /// Doubles the size, from small images to large ones.
    pub enlarge: Vec<ConvTranspose2d>,
    /// The way up, or decoder, from small images to large ones.
    pub up: Vec<DoubleConv>,
    /// To the classes of each pixel.
    pub head: Conv2d,
    config: UNetConfig,
}
parameters!(UNet { down, bottom, enlarge, up, head } skip { config });

/// The settings of a [`UNet`]; how many channels its images have follows from its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UNetConfig {
    /// How many numbers come out for each pixel.
    pub classes: usize,
    /// The channels of the largest images; each smaller size has twice as many.
    pub width: usize,
    /// How many times images are halved.
    pub depth: usize,
}

impl UNetConfig {
    /// The sizes of the paper: 64 channels, halved four times.
    pub fn new(classes: usize) -> UNetConfig {
        UNetConfig { classes, width: 64, depth: 4 }
    }
}

impl UNet {
    /// A network with random weights, for images of so many channels.
    ///
    /// # Errors
    /// [`NnError::Setting`] for sizes of 0, and for a depth that no image has.
    pub fn new(channels: usize, config: UNetConfig, stream: &Stream) -> Result<UNet> {
        config.make(&Shape::new(&[channels])?, &Initial::random(stream))
    }

    /// Refuses images that cannot be halved.
    fn check(&self, input: &Shape) -> Result<()> {
        let multiple = 1 << self.config.depth;
        match **input {
            [_, height, width, _] if [height, width].iter().all(|side| side % multiple == 0) => Ok(()),
            _ => {
                let expected = format!("[N, H, W, C] with H and W multiples of {multiple}");
                Err(NnError::Input { layer: self.describe(), expected, got: *input }.into())
            }
        }
    }
}

impl Module for UNet {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        self.check(x.shape())?;
        let halve = MaxPool2d::new(2);
        let (mut x, mut seen) = (x.clone(), Vec::new());
        for (i, block) in self.down.iter().enumerate() {
            let large = block.forward(cx, &x).at(i).at("down")?;
            x = halve.forward(cx, &large)?;
            seen.push(large);
        }
        x = self.bottom.forward(cx, &x).at("bottom")?;
        for (i, (enlarge, block)) in self.enlarge.iter().zip(&self.up).enumerate() {
            x = enlarge.forward(cx, &x).at(i).at("enlarge")?;
            if let Some(large) = seen.pop() {
                x = Var::concat(&[&large, &x], -1)?;
            }
            x = block.forward(cx, &x).at(i).at("up")?;
        }
        self.head.forward(cx, &x).at("head")
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        self.outline(input, &mut Outline::default())
    }

    fn describe(&self) -> String {
        let UNetConfig { width, depth, .. } = self.config;
        format!("UNet(width {width}, depth {depth} -> {})", self.head.config().outputs)
    }

    fn multiply_adds(&self, input: &Shape) -> u64 {
        parts::multiply_adds(self, input)
    }

    fn outline(&self, input: &Shape, outline: &mut Outline) -> Result<Shape> {
        self.check(input)?;
        let last = input.rank() - 1;
        outline.group(self.describe(), input.with(last, self.head.config().outputs)?);
        let (halve, mut shape, mut seen) = (MaxPool2d::new(2), *input, Vec::new());
        for (i, block) in self.down.iter().enumerate() {
            let large = outline.part(format!("down.{i}"), block, &shape)?;
            shape = halve.output_shape(&large)?;
            seen.push(large);
        }
        shape = outline.part("bottom", &self.bottom, &shape)?;
        for (i, (enlarge, block)) in self.enlarge.iter().zip(&self.up).enumerate() {
            shape = outline.part(format!("enlarge.{i}"), enlarge, &shape)?;
            if let Some(large) = seen.pop() {
                shape = shape.with(last, large[last] + shape[last])?;
            }
            shape = outline.part(format!("up.{i}"), block, &shape)?;
        }
        outline.part("head", &self.head, &shape)
    }
}

impl Layer for UNet {
    fn saved(&self) -> Option<SavedLayer> {
        // Someone may have exchanged the last layer.
        Some(SavedLayer::of(&UNetConfig { classes: self.head.config().outputs, ..self.config }))
    }
}

impl LayerConfig for UNetConfig {
    const NAME: &'static str = "UNet";
    type Layer = UNet;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<UNet> {
        let most = 16; // images of 65,536 pixels a side
        if self.depth == 0 || self.depth > most {
            let (layer, expected) = (Self::NAME.into(), format!("a depth of 1 to {most}"));
            return Err(NnError::Setting { layer, expected, got: self.depth.to_string() }.into());
        }
        let mut channels = input.last().copied().unwrap_or(0);
        let (mut down, mut enlarge, mut up) = (Vec::new(), Vec::new(), Vec::new());
        let width = |level: usize| self.width.saturating_mul(1 << level);
        for level in 0..self.depth {
            let block = DoubleConv::make(channels, width(level), &initial.at(level));
            down.push(block.at(level).at("down")?);
            channels = width(level);
        }
        let bottom = DoubleConv::make(channels, width(self.depth), &initial.at(self.depth)).at("bottom")?;
        for (i, level) in (0..self.depth).rev().enumerate() {
            let half = ConvTransposeConfig::<2>::new(ConvConfig::new(width(level), 2).stride(2));
            let branch = initial.at(self.depth + 1 + level);
            let larger = half.make(&Shape::new(&[width(level + 1)])?, &branch.at(0));
            enlarge.push(larger.at(i).at("enlarge")?);
            up.push(DoubleConv::make(width(level + 1), width(level), &branch.at(1)).at(i).at("up")?);
        }
        let head = ConvConfig::new(self.classes, 1);
        let head = head.make(&Shape::new(&[self.width])?, &initial.at(2 * self.depth + 1)).at("head")?;
        Ok(UNet { down, bottom, enlarge, up, head, config: *self })
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    fn small(depth: usize) -> UNetConfig {
        UNetConfig { classes: 3, width: 2, depth }
    }
    let mut rows = double_conv::rows();
    rows.extend([
        Row::new("UNet", |stream| UNet::new(2, small(2), stream))
            .shapes(&[2, 8, 4, 2], &[2, 8, 4, 3])
            .errors(&[
                (
                    &[2, 8, 6, 2],
                    "UNet(width 2, depth 2 -> 3): expected input [N, H, W, C] with H and W multiples of 4, got [2, 8, 6, 2]",
                ),
                (
                    &[2, 8, 4, 1],
                    "down.0.conv1: Conv2d(2 -> 2, 3, padding 1): expected input [N, H, W, 2], got [2, 8, 4, 1]",
                ),
            ])
            .refused(&[(
                || UNet::new(2, small(0), &plywood_tensor::Seed(0).stream()).map(drop),
                "UNet: expected a depth of 1 to 16, got 0",
            )]),
    ]);
    rows
}
