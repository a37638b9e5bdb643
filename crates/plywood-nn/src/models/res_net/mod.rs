//! Residual networks.

pub(crate) mod block;
pub(crate) mod config;

use super::parts::{self, Parts};
use crate::{
    BatchNorm2d, Context, Conv2d, ConvConfig, GlobalAveragePool2d, Initial, Layer, LayerConfig, Linear,
    LinearConfig, MaxPool2d, Module, NnError, Outline, ResNetConfig, ResNetStem, ResidualBlock, SavedLayer,
    parameters,
};
use plywood_autograd::Var;
use plywood_autograd::ops::Activation;
use plywood_tensor::{At, Result, Shape, Stream};

/// A residual network: a convolution, up to four groups of [`ResidualBlock`]s, each group with twice the channels of the one
/// before and half its height and width, the mean of each channel, and a linear layer to the classes. Round each block leads a
/// shortcut, or skip connection, through which gradients reach the first layers of a deep network.
///
/// [`ResNetConfig`] has the usual sizes, from 20 layers for small images to 152 for large ones.
///
/// # Shapes
/// `[N, H, W, C] → [N, classes]`; any height and width.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Parameters, ResNet, ResNetConfig};
/// use plywood_tensor::{Seed, Tensor};
///
/// let model = ResNet::new(3, ResNetConfig::resnet20(10), &Seed(7).stream())?;
/// assert_eq!(model.parameter_count(), 272_474);
/// let logits = model.forward(&Context::eval(), &Tensor::zeros([2, 32, 32, 3])?.into())?;
/// assert_eq!(*logits.shape(), [2, 10]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// Weights of torchvision fit as they are; for other classes the last layer is exchanged:
/// ```
/// use plywood_nn::{Linear, Parameters, ResNet, ResNetConfig};
/// use plywood_tensor::Seed;
///
/// let stream = Seed(7).stream();
/// let mut model = ResNet::new(3, ResNetConfig::resnet18(1000), &stream)?;
/// # let _ = r#"
/// model.load_state_dict(&StateDict::load_safetensors("resnet18.safetensors")?)?;
/// # "#;
/// model.freeze("*")?;
/// model.fc = Linear::new(512, 5, &stream)?; // five classes, and the only layer that is trained
/// let trained = model.named_parameters().iter().filter(|(_, param)| param.is_trainable()).count();
/// assert_eq!(trained, 2);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// Those of its layers, with their names.
///
/// # References
/// torchvision: `torchvision.models.resnet18` to `resnet152`, with the same names, shapes and initial distribution. Keras:
/// `keras.applications.ResNet50`, which has biases and its stride in the first convolution of a block. He, Zhang, Ren and Sun,
/// *Deep residual learning for image recognition*, 2015.
#[derive(Debug, Clone)]
#[doc(alias("resnet18", "resnet34", "resnet50"))]
pub struct ResNet {
    /// From the channels of the image to those of the first group.
    pub conv1: Conv2d,
    /// Normalises what `conv1` gives.
    pub bn1: BatchNorm2d,
    /// The first group of blocks.
    pub layer1: Vec<ResidualBlock>,
    /// The second group; empty if there is none.
    pub layer2: Vec<ResidualBlock>,
    /// The third group; empty if there is none.
    pub layer3: Vec<ResidualBlock>,
    /// The fourth group; empty if there is none.
    pub layer4: Vec<ResidualBlock>,
    /// From what the blocks found to the classes.
    pub fc: Linear,
    config: ResNetConfig,
}
parameters!(ResNet { conv1, bn1, layer1, layer2, layer3, layer4, fc } skip { config });

impl ResNet {
    /// A network with random weights, for images of so many channels.
    ///
    /// # Errors
    /// [`NnError::Setting`] for sizes of 0, and for no group of blocks or more than four.
    pub fn new(channels: usize, config: ResNetConfig, stream: &Stream) -> Result<ResNet> {
        config.make(&Shape::new(&[channels])?, &Initial::random(stream))
    }

    /// The pooling behind the first convolution.
    fn maxpool(&self) -> Option<MaxPool2d> {
        let pool = || MaxPool2d::new(3).stride(2).padding(1);
        (self.config.stem == ResNetStem::ImageNet).then(pool)
    }

    fn blocks(&self) -> impl Iterator<Item = (String, &ResidualBlock)> {
        let groups = [&self.layer1, &self.layer2, &self.layer3, &self.layer4];
        groups.into_iter().enumerate().flat_map(|(group, blocks)| {
            blocks.iter().enumerate().map(move |(i, block)| (format!("layer{}.{i}", group + 1), block))
        })
    }

    /// All but the blocks' insides, in order.
    fn parts<'a>(&'a self, maxpool: &'a Option<MaxPool2d>) -> Parts<'a> {
        let mut parts: Parts<'a> = vec![("conv1".into(), &self.conv1), ("bn1".into(), &self.bn1)];
        parts.extend(maxpool.iter().map(|pool| ("maxpool".into(), pool as &dyn Module)));
        parts.extend(self.blocks().map(|(name, block)| (name, block as &dyn Module)));
        parts.push(("avgpool".into(), const { &GlobalAveragePool2d {} }));
        parts.push(("fc".into(), &self.fc));
        parts
    }
}

impl Module for ResNet {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let maxpool = self.maxpool();
        let x = self.conv1.forward(cx, x).at("conv1")?;
        let x = self.bn1.forward_activated(cx, &x, Activation::Relu).at("bn1")?;
        parts::forward(&self.parts(&maxpool)[2..], cx, &x)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        parts::output_shape(&self.parts(&self.maxpool()), input)
    }

    fn describe(&self) -> String {
        let ResNetConfig { width, .. } = self.config;
        format!("ResNet({} layers of {width} channels -> {})", self.config.depth(), self.fc.weight.shape()[0])
    }

    fn multiply_adds(&self, input: &Shape) -> u64 {
        parts::multiply_adds(self, input)
    }

    fn outline(&self, input: &Shape, outline: &mut Outline) -> Result<Shape> {
        outline.group(self.describe(), self.output_shape(input)?);
        parts::outline(&self.parts(&self.maxpool()), input, outline)
    }
}

impl Layer for ResNet {
    fn saved(&self) -> Option<SavedLayer> {
        // Someone may have exchanged the last layer.
        let classes = self.fc.weight.shape()[0];
        Some(SavedLayer::of(&ResNetConfig { classes, ..self.config.clone() }))
    }
}

impl LayerConfig for ResNetConfig {
    const NAME: &'static str = "ResNet";
    type Layer = ResNet;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<ResNet> {
        if self.blocks.is_empty() || self.blocks.len() > 4 || self.blocks.contains(&0) {
            let (layer, expected) = (Self::NAME.into(), "one to four groups of at least one block".into());
            return Err(NnError::Setting { layer, expected, got: format!("{:?}", self.blocks) }.into());
        }
        let channels = input.last().copied().unwrap_or(0);
        let stem = match self.stem {
            ResNetStem::Cifar => ConvConfig::new(self.width, 3).padding(1),
            ResNetStem::ImageNet => ConvConfig::new(self.width, 7).stride(2).padding(3),
        };
        let stem = ConvConfig { exact: self.exact, ..stem };
        let mut inputs = self.width;
        let mut group = |index: usize| -> Result<Vec<ResidualBlock>> {
            let count = self.blocks.get(index).copied().unwrap_or(0);
            let mut blocks = Vec::new();
            for i in 0..count {
                let stride = if index > 0 && i == 0 { 2 } else { 1 };
                let initial = initial.at(1 + index).at(i);
                let width = self.width.saturating_mul(1 << index);
                let name = format!("layer{}.{i}", index + 1);
                let block =
                    ResidualBlock::make(self.block, inputs, width, stride, self.exact, &initial).at(name)?;
                inputs = block.outputs();
                blocks.push(block);
            }
            Ok(blocks)
        };
        Ok(ResNet {
            conv1: parts::conv(channels, stem, &initial.at(0)).at("conv1")?,
            bn1: parts::batch_norm(self.width, initial).at("bn1")?,
            layer1: group(0)?,
            layer2: group(1)?,
            layer3: group(2)?,
            layer4: group(3)?,
            fc: LinearConfig::new(self.classes).make(&Shape::new(&[inputs])?, &initial.at(5)).at("fc")?,
            config: self.clone(),
        })
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    use crate::ResNetBlock::{self, Basic, Bottleneck};
    fn small(block: ResNetBlock, stem: ResNetStem, blocks: &[usize]) -> ResNetConfig {
        ResNetConfig { classes: 3, stem, block, width: 2, blocks: blocks.to_vec(), exact: false }
    }
    let mut rows = block::rows();
    rows.extend([
        Row::new("ResNet", |stream| ResNet::new(2, small(Basic, ResNetStem::Cifar, &[1, 2]), stream))
            .shapes(&[2, 6, 7, 2], &[2, 3])
            .errors(&[(
                &[2, 6, 7, 1],
                "conv1: Conv2d(2 -> 2, 3, padding 1): expected input [N, H, W, 2], got [2, 6, 7, 1]",
            )])
            .refused(&[
                (
                    || {
                        let config = small(Basic, ResNetStem::Cifar, &[1, 0]);
                        ResNet::new(2, config, &plywood_tensor::Seed(0).stream()).map(drop)
                    },
                    "ResNet: expected one to four groups of at least one block, got [1, 0]",
                ),
                (
                    || {
                        let config = ResNetConfig { width: 0, ..small(Basic, ResNetStem::Cifar, &[1]) };
                        ResNet::new(2, config, &plywood_tensor::Seed(0).stream()).map(drop)
                    },
                    "conv1: Conv2d: expected at least one input and one output, got 2 -> 0",
                ),
            ]),
        Row::new("ResNet", |stream| {
            ResNet::new(1, small(Bottleneck, ResNetStem::ImageNet, &[1, 1, 1, 1]), stream)
        })
        .shapes(&[2, 33, 40, 1], &[2, 3]),
    ]);
    rows
}
