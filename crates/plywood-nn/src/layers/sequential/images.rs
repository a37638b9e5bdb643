//! The builder's methods for images and for normalisation.

use super::builder::SequentialBuilder;
use crate::layers::*;
use crate::{BatchNormConfig, ConvConfig, ConvTransposeConfig, InstanceNormConfig};
use crate::{FlattenOrder, Sides, StochasticDepthMode};

impl SequentialBuilder {
    /// [`Conv1d`](crate::Conv1d) of so many outputs at every place where a kernel of this size fits; for other settings see
    /// [`SequentialBuilder::conv1d_with`].
    ///
    /// ```
    /// use plywood_nn::{ConvConfig, Sequential};
    /// use plywood_tensor::Seed;
    ///
    /// let model = Sequential::input([28, 28, 1])
    ///     .conv2d(32, 3).relu()
    ///     .conv2d_with(ConvConfig::new(64, 3).stride(2)).relu()
    ///     .flatten()
    ///     .linear(10)
    ///     .build(Seed(7))?;
    /// assert_eq!(model.summary()?.parameters(), 320 + 18_496 + 92_170);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    pub fn conv1d(self, outputs: usize, kernel_size: impl Sides<1>) -> Self {
        self.conv1d_with(ConvConfig::new(outputs, kernel_size))
    }

    /// [`Conv1d`](crate::Conv1d) with options.
    pub fn conv1d_with(self, config: ConvConfig<1>) -> Self {
        self.layer_with(config)
    }

    /// [`Conv2d`](crate::Conv2d) of so many outputs at every place where a kernel of this size fits.
    pub fn conv2d(self, outputs: usize, kernel_size: impl Sides<2>) -> Self {
        self.conv2d_with(ConvConfig::new(outputs, kernel_size))
    }

    /// [`Conv2d`](crate::Conv2d) with options.
    pub fn conv2d_with(self, config: ConvConfig<2>) -> Self {
        self.layer_with(config)
    }

    /// [`Conv3d`](crate::Conv3d) of so many outputs at every place where a kernel of this size fits.
    pub fn conv3d(self, outputs: usize, kernel_size: impl Sides<3>) -> Self {
        self.conv3d_with(ConvConfig::new(outputs, kernel_size))
    }

    /// [`Conv3d`](crate::Conv3d) with options.
    pub fn conv3d_with(self, config: ConvConfig<3>) -> Self {
        self.layer_with(config)
    }

    /// [`ConvTranspose1d`](crate::ConvTranspose1d) of so many outputs and this stride.
    pub fn conv_transpose1d(self, outputs: usize, kernel_size: impl Sides<1>, stride: impl Sides<1>) -> Self {
        self.conv_transpose1d_with(ConvTransposeConfig::new(
            ConvConfig::new(outputs, kernel_size).stride(stride),
        ))
    }

    /// [`ConvTranspose1d`](crate::ConvTranspose1d) with options.
    ///
    /// ```
    /// use plywood_nn::{ConvConfig, ConvTransposeConfig, Module, Sequential};
    /// use plywood_tensor::{Seed, Shape};
    ///
    /// let config = ConvTransposeConfig::new(ConvConfig::new(16, 3).stride(2).padding(1)).output_padding(1);
    /// let model = Sequential::input([8, 3]).conv_transpose1d_with(config).build(Seed(7))?;
    /// assert_eq!(*model.output_shape(&Shape::new(&[1, 8, 3])?)?, [1, 16, 16]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    pub fn conv_transpose1d_with(self, config: ConvTransposeConfig<1>) -> Self {
        self.layer_with(config)
    }

    /// [`ConvTranspose2d`](crate::ConvTranspose2d) of so many outputs and this stride.
    pub fn conv_transpose2d(self, outputs: usize, kernel_size: impl Sides<2>, stride: impl Sides<2>) -> Self {
        self.conv_transpose2d_with(ConvTransposeConfig::new(
            ConvConfig::new(outputs, kernel_size).stride(stride),
        ))
    }

    /// [`ConvTranspose2d`](crate::ConvTranspose2d) with options.
    pub fn conv_transpose2d_with(self, config: ConvTransposeConfig<2>) -> Self {
        self.layer_with(config)
    }

    /// [`ConvTranspose3d`](crate::ConvTranspose3d) of so many outputs and this stride.
    pub fn conv_transpose3d(self, outputs: usize, kernel_size: impl Sides<3>, stride: impl Sides<3>) -> Self {
        self.conv_transpose3d_with(ConvTransposeConfig::new(
            ConvConfig::new(outputs, kernel_size).stride(stride),
        ))
    }

    /// [`ConvTranspose3d`](crate::ConvTranspose3d) with options.
    pub fn conv_transpose3d_with(self, config: ConvTransposeConfig<3>) -> Self {
        self.layer_with(config)
    }

    /// [`MaxPool1d`](crate::MaxPool1d) with windows of this size side by side; for others see
    /// [`SequentialBuilder::layer`].
    ///
    /// ```
    /// use plywood_nn::{MaxPool2d, Sequential};
    /// use plywood_tensor::Seed;
    ///
    /// let model = Sequential::input([32, 32, 3])
    ///     .max_pool2d(2)
    ///     .layer(MaxPool2d::new(3).stride(2).padding(1))
    ///     .batch_norm2d().relu()
    ///     .global_average_pool2d()
    ///     .linear(10)
    ///     .build(Seed(7))?;
    /// assert_eq!(model.summary()?.rows.len(), 7);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    pub fn max_pool1d(self, kernel_size: impl Sides<1>) -> Self {
        self.layer(max_pool::MaxPool1d::new(kernel_size))
    }

    /// [`MaxPool2d`](crate::MaxPool2d) with windows of this size side by side.
    pub fn max_pool2d(self, kernel_size: impl Sides<2>) -> Self {
        self.layer(max_pool::MaxPool2d::new(kernel_size))
    }

    /// [`MaxPool3d`](crate::MaxPool3d) with windows of this size side by side.
    pub fn max_pool3d(self, kernel_size: impl Sides<3>) -> Self {
        self.layer(max_pool::MaxPool3d::new(kernel_size))
    }

    /// [`AveragePool1d`](crate::AveragePool1d) with windows of this size side by side.
    pub fn average_pool1d(self, kernel_size: impl Sides<1>) -> Self {
        self.layer(average_pool::AveragePool1d::new(kernel_size))
    }

    /// [`AveragePool2d`](crate::AveragePool2d) with windows of this size side by side.
    pub fn average_pool2d(self, kernel_size: impl Sides<2>) -> Self {
        self.layer(average_pool::AveragePool2d::new(kernel_size))
    }

    /// [`AveragePool3d`](crate::AveragePool3d) with windows of this size side by side.
    pub fn average_pool3d(self, kernel_size: impl Sides<3>) -> Self {
        self.layer(average_pool::AveragePool3d::new(kernel_size))
    }

    /// [`GlobalAveragePool1d`](crate::GlobalAveragePool1d).
    pub fn global_average_pool1d(self) -> Self {
        self.layer(global_average_pool::GlobalAveragePool1d::new())
    }

    /// [`GlobalAveragePool2d`](crate::GlobalAveragePool2d).
    pub fn global_average_pool2d(self) -> Self {
        self.layer(global_average_pool::GlobalAveragePool2d::new())
    }

    /// [`GlobalAveragePool3d`](crate::GlobalAveragePool3d).
    pub fn global_average_pool3d(self) -> Self {
        self.layer(global_average_pool::GlobalAveragePool3d::new())
    }

    /// [`GlobalMaxPool1d`](crate::GlobalMaxPool1d).
    pub fn global_max_pool1d(self) -> Self {
        self.layer(global_max_pool::GlobalMaxPool1d::new())
    }

    /// [`GlobalMaxPool2d`](crate::GlobalMaxPool2d).
    pub fn global_max_pool2d(self) -> Self {
        self.layer(global_max_pool::GlobalMaxPool2d::new())
    }

    /// [`GlobalMaxPool3d`](crate::GlobalMaxPool3d).
    pub fn global_max_pool3d(self) -> Self {
        self.layer(global_max_pool::GlobalMaxPool3d::new())
    }

    /// [`AdaptiveAveragePool1d`](crate::AdaptiveAveragePool1d) to this size.
    pub fn adaptive_average_pool1d(self, output_size: impl Sides<1>) -> Self {
        self.layer(adaptive_average_pool::AdaptiveAveragePool1d::new(output_size))
    }

    /// [`AdaptiveAveragePool2d`](crate::AdaptiveAveragePool2d) to this size.
    pub fn adaptive_average_pool2d(self, output_size: impl Sides<2>) -> Self {
        self.layer(adaptive_average_pool::AdaptiveAveragePool2d::new(output_size))
    }

    /// [`AdaptiveAveragePool3d`](crate::AdaptiveAveragePool3d) to this size.
    pub fn adaptive_average_pool3d(self, output_size: impl Sides<3>) -> Self {
        self.layer(adaptive_average_pool::AdaptiveAveragePool3d::new(output_size))
    }

    /// [`AdaptiveMaxPool1d`](crate::AdaptiveMaxPool1d) to this size.
    pub fn adaptive_max_pool1d(self, output_size: impl Sides<1>) -> Self {
        self.layer(adaptive_max_pool::AdaptiveMaxPool1d::new(output_size))
    }

    /// [`AdaptiveMaxPool2d`](crate::AdaptiveMaxPool2d) to this size.
    pub fn adaptive_max_pool2d(self, output_size: impl Sides<2>) -> Self {
        self.layer(adaptive_max_pool::AdaptiveMaxPool2d::new(output_size))
    }

    /// [`AdaptiveMaxPool3d`](crate::AdaptiveMaxPool3d) to this size.
    pub fn adaptive_max_pool3d(self, output_size: impl Sides<3>) -> Self {
        self.layer(adaptive_max_pool::AdaptiveMaxPool3d::new(output_size))
    }

    /// [`BatchNorm1d`](crate::BatchNorm1d) with PyTorch's settings; for others see
    /// [`SequentialBuilder::batch_norm1d_with`].
    pub fn batch_norm1d(self) -> Self {
        self.batch_norm1d_with(BatchNormConfig::default())
    }

    /// [`BatchNorm1d`](crate::BatchNorm1d) with options.
    pub fn batch_norm1d_with(self, config: BatchNormConfig<1>) -> Self {
        self.layer_with(config)
    }

    /// [`BatchNorm2d`](crate::BatchNorm2d) with PyTorch's settings.
    pub fn batch_norm2d(self) -> Self {
        self.batch_norm2d_with(BatchNormConfig::default())
    }

    /// [`BatchNorm2d`](crate::BatchNorm2d) with options.
    pub fn batch_norm2d_with(self, config: BatchNormConfig<2>) -> Self {
        self.layer_with(config)
    }

    /// [`BatchNorm3d`](crate::BatchNorm3d) with PyTorch's settings.
    pub fn batch_norm3d(self) -> Self {
        self.batch_norm3d_with(BatchNormConfig::default())
    }

    /// [`BatchNorm3d`](crate::BatchNorm3d) with options.
    pub fn batch_norm3d_with(self, config: BatchNormConfig<3>) -> Self {
        self.layer_with(config)
    }

    /// [`InstanceNorm1d`](crate::InstanceNorm1d) with PyTorch's settings.
    pub fn instance_norm1d(self) -> Self {
        self.instance_norm1d_with(InstanceNormConfig::default())
    }

    /// [`InstanceNorm1d`](crate::InstanceNorm1d) with options.
    pub fn instance_norm1d_with(self, config: InstanceNormConfig<1>) -> Self {
        self.layer_with(config)
    }

    /// [`InstanceNorm2d`](crate::InstanceNorm2d) with PyTorch's settings.
    pub fn instance_norm2d(self) -> Self {
        self.instance_norm2d_with(InstanceNormConfig::default())
    }

    /// [`InstanceNorm2d`](crate::InstanceNorm2d) with options.
    pub fn instance_norm2d_with(self, config: InstanceNormConfig<2>) -> Self {
        self.layer_with(config)
    }

    /// [`InstanceNorm3d`](crate::InstanceNorm3d) with PyTorch's settings.
    pub fn instance_norm3d(self) -> Self {
        self.instance_norm3d_with(InstanceNormConfig::default())
    }

    /// [`InstanceNorm3d`](crate::InstanceNorm3d) with options.
    pub fn instance_norm3d_with(self, config: InstanceNormConfig<3>) -> Self {
        self.layer_with(config)
    }

    /// [`LayerNorm`](crate::LayerNorm) over the last axis.
    pub fn layer_norm(self) -> Self {
        self.layer_with(layer_norm::LayerNormConfig::default())
    }

    /// [`RmsNorm`](crate::RmsNorm) over the last axis.
    pub fn rms_norm(self) -> Self {
        self.layer_with(rms_norm::RmsNormConfig::default())
    }

    /// [`GroupNorm`](crate::GroupNorm) with so many groups.
    pub fn group_norm(self, groups: usize) -> Self {
        self.layer_with(group_norm::GroupNormConfig::new(groups))
    }

    /// [`Upsample`](crate::Upsample) by this factor, each pixel that of the nearest; for straight lines see
    /// [`Upsample::linear`](crate::Upsample::linear).
    pub fn upsample(self, factor: usize) -> Self {
        self.ready(upsample::Upsample::by(factor))
    }

    /// [`PixelShuffle`](crate::PixelShuffle) by this factor.
    pub fn pixel_shuffle(self, factor: usize) -> Self {
        self.ready(pixel_shuffle::PixelShuffle::new(factor))
    }

    /// [`PixelUnshuffle`](crate::PixelUnshuffle) by this factor.
    pub fn pixel_unshuffle(self, factor: usize) -> Self {
        self.ready(pixel_unshuffle::PixelUnshuffle::new(factor))
    }

    /// [`Dropout1d`](crate::Dropout1d) with probability `p`.
    pub fn dropout1d(self, p: f64) -> Self {
        self.ready(channel_dropout::Dropout1d::new(p))
    }

    /// [`Dropout2d`](crate::Dropout2d) with probability `p`.
    pub fn dropout2d(self, p: f64) -> Self {
        self.ready(channel_dropout::Dropout2d::new(p))
    }

    /// [`Dropout3d`](crate::Dropout3d) with probability `p`.
    pub fn dropout3d(self, p: f64) -> Self {
        self.ready(channel_dropout::Dropout3d::new(p))
    }

    /// [`StochasticDepth`](crate::StochasticDepth) with probability `p`.
    pub fn stochastic_depth(self, p: f64, mode: StochasticDepthMode) -> Self {
        self.ready(stochastic_depth::StochasticDepth::new(p, mode))
    }

    /// [`SqueezeExcite`](crate::SqueezeExcite) with so many numbers between its two linear layers.
    pub fn squeeze_excite(self, squeeze: usize) -> Self {
        self.layer_with(squeeze_excite::SqueezeExciteConfig { squeeze })
    }

    /// [`Flatten`](crate::Flatten) in this order.
    pub fn flatten_with(self, order: FlattenOrder) -> Self {
        self.layer(flatten::Flatten::new(order))
    }
}
