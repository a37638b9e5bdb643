//! A block of a residual network.

use crate::models::parts::{self, Parts};
use crate::{
    BatchNorm2d, Context, Conv2d, ConvConfig, Initial, Module, Outline, ResNetBlock, Sequential, parameters,
};
use plywood_autograd::Var;
use plywood_autograd::ops::{Activation, Finish};
use plywood_tensor::{At, Result, Shape, Stream};

/// `y = relu(f(x) + x)`, where `f` is two convolutions, or three around a [bottleneck](ResNetBlock::Bottleneck), each normalised.
///
/// The way round `f` is a shortcut, or skip connection. Where the size or the channels change, it is a convolution of
/// 1 × 1 and a normalisation of its own.
///
/// # Shapes
/// `[N, H, W, C] → [N, ⌈H / stride⌉, ⌈W / stride⌉, width]`, with a bottleneck `4 width` channels.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, ResNetBlock, ResidualBlock};
/// use plywood_tensor::{Seed, Tensor};
///
/// let block = ResidualBlock::new(ResNetBlock::Bottleneck, 64, 32, 2, &Seed(7).stream())?;
/// let y = block.forward(&Context::eval(), &Tensor::zeros([1, 56, 56, 64])?.into())?;
/// assert_eq!(*y.shape(), [1, 28, 28, 128]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// Those of its layers, with their names.
///
/// # References
/// torchvision: `BasicBlock` and `Bottleneck` in `torchvision.models.resnet`, with the same names. He, Zhang, Ren and Sun, *Deep
/// residual learning for image recognition*, 2015.
#[derive(Debug, Clone)]
#[doc(alias("BasicBlock", "Bottleneck"))]
pub struct ResidualBlock {
    /// 3 × 3, or 1 × 1 to the bottleneck.
    pub conv1: Conv2d,
    /// Normalises what `conv1` gives.
    pub bn1: BatchNorm2d,
    /// 3 × 3.
    pub conv2: Conv2d,
    /// Normalises what `conv2` gives.
    pub bn2: BatchNorm2d,
    /// 1 × 1 out of the bottleneck.
    pub conv3: Option<Conv2d>,
    /// Normalises what `conv3` gives.
    pub bn3: Option<BatchNorm2d>,
    /// The shortcut: a convolution of 1 × 1 and a normalisation; `None` for the input itself.
    pub downsample: Option<Sequential>,
}
parameters!(ResidualBlock { conv1, bn1, conv2, bn2, conv3, bn3, downsample });

impl ResidualBlock {
    /// A block for so many channels, with random weights.
    ///
    /// # Errors
    /// [`NnError::Setting`](crate::NnError::Setting) for sizes of 0.
    pub fn new(
        block: ResNetBlock,
        inputs: usize,
        width: usize,
        stride: usize,
        stream: &Stream,
    ) -> Result<ResidualBlock> {
        ResidualBlock::make(block, inputs, width, stride, false, &Initial::random(stream))
    }

    pub(super) fn make(
        block: ResNetBlock,
        inputs: usize,
        width: usize,
        stride: usize,
        exact: bool,
        initial: &Initial<'_>,
    ) -> Result<ResidualBlock> {
        let small = |outputs| ConvConfig { exact, ..ConvConfig::new(outputs, 1) };
        let large = ConvConfig { exact, ..ConvConfig::new(width, 3).padding(1) };
        let (first, second, outputs) = match block {
            ResNetBlock::Basic => (large.stride(stride), large, width),
            ResNetBlock::Bottleneck => (small(width), large.stride(stride), width.saturating_mul(4)),
        };
        let (mut conv3, mut bn3, mut downsample) = (None, None, None);
        if block == ResNetBlock::Bottleneck {
            conv3 = Some(parts::conv(width, small(outputs), &initial.at(2)).at("conv3")?);
            bn3 = Some(parts::batch_norm(outputs, initial).at("bn3")?);
        }
        if stride != 1 || inputs != outputs {
            let conv =
                parts::conv(inputs, small(outputs).stride(stride), &initial.at(3)).at("downsample.0")?;
            let bn = parts::batch_norm(outputs, initial).at("downsample.1")?;
            downsample = Some(Sequential::new(vec![Box::new(conv), Box::new(bn)]));
        }
        Ok(ResidualBlock {
            conv1: parts::conv(inputs, first, &initial.at(0)).at("conv1")?,
            bn1: parts::batch_norm(width, initial).at("bn1")?,
            conv2: parts::conv(width, second, &initial.at(1)).at("conv2")?,
            bn2: parts::batch_norm(width, initial).at("bn2")?,
            conv3,
            bn3,
            downsample,
        })
    }

    /// How many channels come out.
    pub(super) fn outputs(&self) -> usize {
        self.conv3.as_ref().unwrap_or(&self.conv2).config().outputs
    }

    /// `f` in order.
    fn parts(&self) -> Parts<'_> {
        let mut parts: Parts<'_> = vec![
            ("conv1".into(), &self.conv1),
            ("bn1".into(), &self.bn1),
            ("conv2".into(), &self.conv2),
            ("bn2".into(), &self.bn2),
        ];
        parts.extend(self.conv3.iter().map(|conv| ("conv3".into(), conv as &dyn Module)));
        parts.extend(self.bn3.iter().map(|bn| ("bn3".into(), bn as &dyn Module)));
        parts
    }
}

impl Module for ResidualBlock {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let y = self.conv1.forward(cx, x).at("conv1")?;
        let y = self.bn1.forward_activated(cx, &y, Activation::Relu).at("bn1")?;
        let y = self.conv2.forward(cx, &y).at("conv2")?;
        let round =
            self.downsample.as_ref().map(|layers| layers.forward(cx, x).at("downsample")).transpose()?;
        let finish = Finish { residual: Some(round.as_ref().unwrap_or(x)), activation: Activation::Relu };
        if let Some((conv3, bn3)) = self.conv3.as_ref().zip(self.bn3.as_ref()) {
            let y = self.bn2.forward_activated(cx, &y, Activation::Relu).at("bn2")?;
            let y = conv3.forward(cx, &y).at("conv3")?;
            return bn3.forward_finished(cx, &y, finish).at("bn3");
        }
        self.bn2.forward_finished(cx, &y, finish).at("bn2")
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        parts::output_shape(&self.parts(), input)
    }

    fn describe(&self) -> String {
        let kind = if self.conv3.is_some() { "bottleneck, " } else { "" };
        format!("ResidualBlock({kind}{} -> {})", self.conv1.inputs(), self.outputs())
    }

    fn multiply_adds(&self, input: &Shape) -> u64 {
        parts::multiply_adds(self, input)
    }

    fn outline(&self, input: &Shape, outline: &mut Outline) -> Result<Shape> {
        outline.group(self.describe(), self.output_shape(input)?);
        let output = parts::outline(&self.parts(), input, outline)?;
        if let Some(downsample) = &self.downsample {
            outline.part("downsample", downsample, input)?;
        }
        Ok(output)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<crate::models::table::Row> {
    use crate::models::table::Row;
    use ResNetBlock::{Basic, Bottleneck};
    vec![
        Row::module("ResidualBlock", |stream| ResidualBlock::new(Basic, 3, 3, 1, stream))
            .shapes(&[2, 3, 4, 3], &[2, 3, 4, 3])
            .errors(&[(
                &[2, 3, 4, 1],
                "conv1: Conv2d(3 -> 3, 3, padding 1): expected input [N, H, W, 3], got [2, 3, 4, 1]; channels are the last axis, as in [2, 4, 1, 3]",
            )])
            .refused(&[(
                || ResidualBlock::new(Basic, 3, 0, 1, &plywood_tensor::Seed(0).stream()).map(drop),
                "downsample.0: Conv2d: expected at least one input and one output, got 3 -> 0",
            )]),
        Row::module("ResidualBlock", |stream| ResidualBlock::new(Bottleneck, 3, 2, 2, stream))
            .shapes(&[2, 3, 4, 3], &[2, 2, 2, 8]),
    ]
}
