//! The sizes of residual networks.

use serde::{Deserialize, Serialize};

/// The settings of a [`ResNet`](crate::ResNet); how many channels its images have follows from its input.
///
/// ```
/// use plywood_nn::{ResNetConfig, Sequential};
/// use plywood_tensor::Seed;
///
/// let config = ResNetConfig { width: 8, ..ResNetConfig::resnet20(10) }; // half as wide
/// assert_eq!(config.depth(), 20);
/// let model = Sequential::input([32, 32, 3]).layer_with(config).build(Seed(7))?;
/// assert_eq!(model[0].describe(), "ResNet(20 layers of 8 channels -> 10)");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResNetConfig {
    /// How many numbers come out.
    pub classes: usize,
    /// What is in front of the blocks.
    pub stem: ResNetStem,
    /// What the blocks are.
    pub block: ResNetBlock,
    /// The channels of the first group of blocks; each further one has twice as many.
    pub width: usize,
    /// How many blocks each group has: one to four groups.
    pub blocks: Vec<usize>,
    /// Whether every product is computed as the definition says; see [`Conv::exact`](plywood_tensor::Conv::exact).
    #[serde(default)]
    pub exact: bool,
}

/// What is in front of the blocks of a [`ResNet`](crate::ResNet).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ResNetStem {
    /// A convolution of 3 × 3 that keeps the size: for images of about 32 × 32 pixels.
    Cifar,
    /// A convolution of 7 × 7 and a pooling, each halving the size: for images of about 224 × 224 pixels.
    ImageNet,
}

/// What the blocks of a [`ResNet`](crate::ResNet) are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ResNetBlock {
    /// Two convolutions of 3 × 3.
    Basic,
    /// A convolution of 3 × 3 between two of 1 × 1, the last of which has four times the channels.
    Bottleneck,
}

impl ResNetConfig {
    /// The network of 20 layers for images of 32 × 32 pixels.
    ///
    /// Where the size changes, the way round a block is a convolution of 1 × 1, as in all ResNets here (option B of the paper,
    /// which on CIFAR has zeros in place of the new channels, option A).
    pub fn resnet20(classes: usize) -> ResNetConfig {
        ResNetConfig::cifar(3, classes)
    }

    /// The network of 32 layers for images of 32 × 32 pixels.
    pub fn resnet32(classes: usize) -> ResNetConfig {
        ResNetConfig::cifar(5, classes)
    }

    /// The network of 44 layers for images of 32 × 32 pixels.
    pub fn resnet44(classes: usize) -> ResNetConfig {
        ResNetConfig::cifar(7, classes)
    }

    /// The network of 56 layers for images of 32 × 32 pixels.
    pub fn resnet56(classes: usize) -> ResNetConfig {
        ResNetConfig::cifar(9, classes)
    }

    /// The network of 18 layers for images of 224 × 224 pixels.
    pub fn resnet18(classes: usize) -> ResNetConfig {
        ResNetConfig::image_net(ResNetBlock::Basic, [2, 2, 2, 2], classes)
    }

    /// The network of 34 layers for images of 224 × 224 pixels.
    pub fn resnet34(classes: usize) -> ResNetConfig {
        ResNetConfig::image_net(ResNetBlock::Basic, [3, 4, 6, 3], classes)
    }

    /// The network of 50 layers for images of 224 × 224 pixels.
    pub fn resnet50(classes: usize) -> ResNetConfig {
        ResNetConfig::image_net(ResNetBlock::Bottleneck, [3, 4, 6, 3], classes)
    }

    /// The network of 101 layers for images of 224 × 224 pixels.
    pub fn resnet101(classes: usize) -> ResNetConfig {
        ResNetConfig::image_net(ResNetBlock::Bottleneck, [3, 4, 23, 3], classes)
    }

    /// The network of 152 layers for images of 224 × 224 pixels.
    pub fn resnet152(classes: usize) -> ResNetConfig {
        ResNetConfig::image_net(ResNetBlock::Bottleneck, [3, 8, 36, 3], classes)
    }

    fn cifar(blocks: usize, classes: usize) -> ResNetConfig {
        let (stem, block, blocks) = (ResNetStem::Cifar, ResNetBlock::Basic, vec![blocks; 3]);
        ResNetConfig { classes, stem, block, width: 16, blocks, exact: false }
    }

    fn image_net(block: ResNetBlock, blocks: [usize; 4], classes: usize) -> ResNetConfig {
        let (stem, blocks) = (ResNetStem::ImageNet, blocks.to_vec());
        ResNetConfig { classes, stem, block, width: 64, blocks, exact: false }
    }

    /// How many layers with weights lie one behind the other.
    pub fn depth(&self) -> usize {
        let each = match self.block {
            ResNetBlock::Basic => 2,
            ResNetBlock::Bottleneck => 3,
        };
        self.blocks.iter().fold(2, |depth: usize, blocks| depth.saturating_add(blocks.saturating_mul(each)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_depth_beyond_counting_is_the_largest_number() {
        let config = ResNetConfig { blocks: vec![usize::MAX; 3], ..ResNetConfig::resnet50(1) };
        assert_eq!(config.depth(), usize::MAX);
    }
}
