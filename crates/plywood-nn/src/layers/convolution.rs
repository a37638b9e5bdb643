//! Convolution.

use super::padding_mode::PaddingMode;
use super::sides::{self, Sides, short};
use crate::{Context, Initial, Initializer, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::ops::{self, Activation, Conv};
use plywood_autograd::{Param, Var};
use plywood_tensor::{Result, Shape, Stream};
use serde::{Deserialize, Serialize};

/// Every output is a sum over its neighbourhood in the input, with the same weights everywhere:
/// `y[n, p, o] = Σ x[n, p · stride + k · dilation − padding, i] weight[o, i, k] + bias[o]`.
///
/// An activation behind the layer is computed in the same pass.
///
/// # Shapes
/// `[N, .., in] → [N, .., out]` with `D` axes between, each of
/// `⌊(size + 2 padding − dilation (kernel_size − 1) − 1) / stride⌋ + 1`, with the same padding `⌈size / stride⌉`;
/// `weight [out, in / groups, ..]`, `bias [out]`.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Conv2d, Module};
/// use plywood_tensor::{Seed, Tensor};
///
/// let layer = Conv2d::new(3, 64, 3, &Seed(0).stream())?;
/// let y = layer.forward(&Context::eval(), &Tensor::zeros([8, 32, 32, 3])?.into())?;
/// assert_eq!(*y.shape(), [8, 30, 30, 64]);
/// let error = layer.forward(&Context::eval(), &Tensor::zeros([8, 3, 32, 32])?.into()).unwrap_err();
/// assert_eq!(error.to_string(), "Conv2d(3 -> 64, 3): expected input [N, H, W, 3], got [8, 3, 32, 32]; \
/// channels are the last axis, as in [8, 32, 32, 3]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Conv1d` to `Conv3d`, with the channels first; names, layout of the weight and initial distribution,
/// U(−1/√fan, 1/√fan) with the fan `in / groups · kernel size`, are the same. Keras: `Conv2D`, whose kernel is `[.., in, out]`;
/// [`padding_same`](ConvConfig::padding_same) with a stride, which PyTorch refuses, is as there.
#[derive(Debug, Clone)]
#[doc(alias = "Conv2D")]
pub struct Convolution<const D: usize> {
    /// `[out, in / groups, ..]`
    pub weight: Param,
    /// `[out]`
    pub bias: Option<Param>,
    config: ConvConfig<D>,
}
parameters!([const D: usize] Convolution<D> { weight, bias } skip { config });

/// [`Convolution`] of sequences `[N, L, C]`.
pub type Conv1d = Convolution<1>;
/// [`Convolution`] of images `[N, H, W, C]`.
pub type Conv2d = Convolution<2>;
/// [`Convolution`] of volumes `[N, D, H, W, C]`.
pub type Conv3d = Convolution<3>;

/// The settings of a [`Convolution`]; how many channels it is given follows from its input.
///
/// ```
/// use plywood_nn::{ConvConfig, Sequential};
/// use plywood_tensor::Seed;
///
/// let model = Sequential::input([32, 32, 3])
///     .conv2d_with(ConvConfig::new(64, 3).stride(2).padding(1))
///     .relu()
///     .build(Seed(7))?;
/// assert_eq!(model[0].describe(), "Conv2d(3 -> 64, 3, stride 2, padding 1)");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvConfig<const D: usize> {
    /// How many channels come out.
    pub outputs: usize,
    /// How far the kernel reaches, along each axis.
    #[serde(with = "sides")]
    pub kernel_size: [usize; D],
    /// From one place of the kernel to the next.
    #[serde(with = "sides")]
    pub stride: [usize; D],
    /// Places in front of each axis and behind it.
    #[serde(with = "sides")]
    pub padding: [usize; D],
    /// Whether to pad instead so that the output is as long as the input, or as its part at a stride: the larger half behind.
    pub same: bool,
    /// What lies in the padding.
    pub padding_mode: PaddingMode,
    /// From one number under the kernel to the next.
    #[serde(with = "sides")]
    pub dilation: [usize; D],
    /// Parts into which the channels are cut, each convolved on its own.
    pub groups: usize,
    /// Whether a number is added to each output.
    pub bias: bool,
    /// Whether every product is computed as the definition says; see [`Conv::exact`](plywood_tensor::Conv::exact).
    pub exact: bool,
    /// How the weight starts: as in PyTorch, U(−1/√fan, 1/√fan), unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_initializer: Option<Initializer>,
    /// How the bias starts: as in PyTorch, U(−1/√fan, 1/√fan), unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias_initializer: Option<Initializer>,
}

impl<const D: usize> ConvConfig<D> {
    /// So many outputs and a kernel of this size, at every place where it fits.
    pub fn new(outputs: usize, kernel_size: impl Sides<D>) -> Self {
        ConvConfig {
            outputs,
            kernel_size: kernel_size.sides(),
            stride: [1; D],
            padding: [0; D],
            same: false,
            padding_mode: PaddingMode::Zeros,
            dilation: [1; D],
            groups: 1,
            bias: true,
            exact: false,
            weight_initializer: None,
            bias_initializer: None,
        }
    }

    /// Places of the kernel so far apart.
    #[must_use]
    pub fn stride(self, stride: impl Sides<D>) -> Self {
        ConvConfig { stride: stride.sides(), ..self }
    }

    /// So many places in front of each axis and behind it.
    #[must_use]
    pub fn padding(self, padding: impl Sides<D>) -> Self {
        ConvConfig { padding: padding.sides(), same: false, ..self }
    }

    /// As many places around the input as keep its size, or its part at a stride.
    #[must_use]
    pub fn padding_same(self) -> Self {
        ConvConfig { same: true, ..self }
    }

    /// What lies in the padding.
    #[must_use]
    pub fn padding_mode(self, padding_mode: PaddingMode) -> Self {
        ConvConfig { padding_mode, ..self }
    }

    /// Numbers under the kernel so far apart.
    #[must_use]
    pub fn dilation(self, dilation: impl Sides<D>) -> Self {
        ConvConfig { dilation: dilation.sides(), ..self }
    }

    /// Channels in so many groups, each convolved on its own.
    #[must_use]
    pub fn groups(self, groups: usize) -> Self {
        ConvConfig { groups, ..self }
    }

    /// No bias, as in front of a normalisation.
    #[must_use]
    pub fn without_bias(self) -> Self {
        ConvConfig { bias: false, ..self }
    }

    /// Every product as the definition says: slower for kernels of 3×3, and a little more precise.
    #[must_use]
    pub fn exact(self) -> Self {
        ConvConfig { exact: true, ..self }
    }

    /// The settings for an input with these axes between batch and channels, padded as they say.
    fn conv(&self, input: &[usize]) -> Conv {
        let mut conv = Conv::new().stride(self.stride).dilation(self.dilation).groups(self.groups);
        conv.exact = self.exact;
        for i in 0..D {
            conv.padding[i] = [self.padding[i]; 2];
            if self.same {
                // Padding makes no pixels out of nothing.
                let last = input[i].div_ceil(self.stride[i].max(1)).checked_sub(1);
                let needed = |last: usize| last.saturating_mul(self.stride[i]).saturating_add(self.reach(i));
                let all = last.map_or(0, |last| needed(last).saturating_sub(input[i]));
                conv.padding[i] = [all / 2, all - all / 2];
            }
        }
        conv
    }

    /// How many places along an axis lie under the kernel, gaps included.
    fn reach(&self, axis: usize) -> usize {
        self.kernel_size[axis].saturating_sub(1).saturating_mul(self.dilation[axis]).saturating_add(1)
    }

    /// The smallest size along an axis, whatever the others are.
    fn least(&self, axis: usize) -> usize {
        let reach = self.reach(axis);
        let (fits, padding) = if self.same {
            (1, reach / 2) // the larger half, of all but one place
        } else {
            (reach.saturating_sub(self.padding[axis].saturating_mul(2)), self.padding[axis])
        };
        fits.max(self.padding_mode.least(padding))
    }

    /// Refuses settings that make no sense, in the name of a layer.
    pub(super) fn check(&self, layer: &str, divided: [usize; 2]) -> Result<()> {
        let refuse = |expected: &str, got: String| {
            Err(NnError::Setting { layer: layer.into(), expected: expected.into(), got }.into())
        };
        for (name, sizes) in
            [("kernel", self.kernel_size), ("stride", self.stride), ("dilation", self.dilation)]
        {
            if sizes.contains(&0) {
                return refuse(&format!("a {name} of at least 1"), short(&sizes));
            }
        }
        let [inputs, outputs] = divided;
        if inputs == 0 || outputs == 0 {
            return refuse("at least one input and one output", format!("{inputs} -> {outputs}"));
        }
        if self.groups == 0 || !inputs.is_multiple_of(self.groups) || !outputs.is_multiple_of(self.groups) {
            let got = format!("{inputs} -> {outputs}");
            return refuse(&format!("inputs and outputs that are multiples of {} groups", self.groups), got);
        }
        Ok(())
    }

    /// Weight and bias of this shape and length.
    pub(super) fn parameters(
        &self,
        weight: &[usize],
        outputs: usize,
        initial: &Initial<'_>,
    ) -> Result<(Param, Option<Param>)> {
        let fan = weight[1..].iter().fold(1.0, |fan, &size| fan * size as f64);
        let bound = 1.0 / fan.sqrt();
        let usual = Initializer::Uniform { low: -bound, high: bound };
        let weight = initial.param("weight", weight, self.weight_initializer.unwrap_or(usual))?;
        let bias =
            self.bias.then(|| initial.param("bias", [outputs], self.bias_initializer.unwrap_or(usual)));
        Ok((weight, bias.transpose()?))
    }

    /// `Conv2d(3 -> 64, 3, stride 2)`.
    pub(super) fn describe_as(&self, name: &str, inputs: usize) -> String {
        let mut text = format!("{name}({inputs} -> {}, {}", self.outputs, short(&self.kernel_size));
        let padding = if self.same { [0; D] } else { self.padding };
        text += &sides::settings(&[
            ("stride", self.stride, [1; D]),
            ("padding", padding, [0; D]),
            ("dilation", self.dilation, [1; D]),
        ]);
        if self.same {
            text += ", padding same";
        }
        if self.padding_mode != PaddingMode::Zeros {
            text += &format!(", {}", self.padding_mode.name());
        }
        if self.groups != 1 {
            text += &format!(", groups {}", self.groups);
        }
        text + ")"
    }
}

impl<const D: usize> LayerConfig for ConvConfig<D> {
    const NAME: &'static str = sides::name(["Conv1d", "Conv2d", "Conv3d"], D);
    type Layer = Convolution<D>;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<Convolution<D>> {
        let inputs = sides::channels(&|| Self::NAME.into(), input)?;
        self.check(Self::NAME, [inputs, self.outputs])?;
        let shape = [&[self.outputs, inputs / self.groups], &self.kernel_size[..]].concat();
        let (weight, bias) = self.parameters(&shape, self.outputs, initial)?;
        Ok(Convolution { weight, bias, config: *self })
    }
}

impl<const D: usize> Convolution<D> {
    /// A layer with random weights from a stream, at every place where the kernel fits.
    ///
    /// # Errors
    /// [`NnError::Setting`] for 0 inputs, outputs or a kernel of size 0.
    pub fn new(inputs: usize, outputs: usize, kernel_size: impl Sides<D>, stream: &Stream) -> Result<Self> {
        Convolution::with(inputs, ConvConfig::new(outputs, kernel_size), stream)
    }

    /// A layer with options.
    ///
    /// # Errors
    /// [`NnError::Setting`] for sizes of 0 and for channels that are no multiple of the groups; those of the initializers.
    pub fn with(inputs: usize, config: ConvConfig<D>, stream: &Stream) -> Result<Self> {
        config.make(&Shape::new(&[inputs])?, &Initial::random(stream))
    }

    /// The settings.
    pub fn config(&self) -> &ConvConfig<D> {
        &self.config
    }

    pub(crate) fn inputs(&self) -> usize {
        self.weight.shape()[1] * self.config.groups
    }

    /// `f(forward(x))` in one pass.
    ///
    /// # Errors
    /// As [`Module::forward`].
    pub fn forward_activated(&self, cx: &Context, x: &Var, activation: Activation) -> Result<Var> {
        self.output_shape(x.shape())?;
        let mut conv = self.config.conv(&x.shape()[1..=D]);
        let mut padded = None;
        if self.config.padding_mode != PaddingMode::Zeros {
            padded = Some(self.config.padding_mode.pad(x, &conv.padding[..D])?);
            conv.padding = Conv::new().padding;
        }
        let bias = self.bias.as_ref().map(|bias| cx.parameter(bias));
        ops::conv(padded.as_ref().unwrap_or(x), &cx.parameter(&self.weight), bias.as_ref(), &conv, activation)
    }
}

impl<const D: usize> Module for Convolution<D> {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        self.forward_activated(cx, x, Activation::Identity)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let inputs = self.inputs();
        let refuse = |expected: String| -> Result<Shape> {
            Err(NnError::Input { layer: self.describe(), expected, got: *input }.into())
        };
        if input.rank() != D + 2 || input[D + 1] != inputs {
            return refuse(sides::with_channels(D, inputs));
        }
        let (config, conv) = (&self.config, self.config.conv(&input[1..=D]));
        let mut output = *input;
        for axis in 0..D {
            let (size, [low, high]) = (input[1 + axis], conv.padding[axis]);
            let places = conv.output_size(axis, size, config.kernel_size[axis]);
            let Some(places) = places.filter(|_| size >= config.padding_mode.least(low.max(high))) else {
                return refuse(format!("at least {} along axis {}", config.least(axis), 1 + axis));
            };
            output = output.with(1 + axis, places)?;
        }
        let output = output.with(D + 1, self.config.outputs)?;
        // What is computed may be as large as the padded input, however few the outputs are.
        conv.padded("conv", input, &output)?;
        Ok(output)
    }

    fn describe(&self) -> String {
        self.config.describe_as(ConvConfig::<D>::NAME, self.inputs())
    }

    fn multiply_adds(&self, input: &Shape) -> u64 {
        let places = self.output_shape(input).map_or(0, |output| output[..=D].iter().product::<usize>());
        (places as u64).saturating_mul(self.weight.shape().numel() as u64)
    }
}

impl<const D: usize> Layer for Convolution<D> {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(&self.config))
    }

    fn forward_fused(&self, cx: &Context, x: &Var, activation: Activation) -> Option<Result<Var>> {
        Some(self.forward_activated(cx, x, activation))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    const WEIGHT: &[(&str, &[usize])] = &[("weight", &[5, 3, 3]), ("bias", &[5])];
    fn refuse(inputs: usize, config: ConvConfig<1>) -> Result<()> {
        Convolution::with(inputs, config, &plywood_tensor::Seed(0).stream()).map(drop)
    }
    vec![
        Row::seeded("Conv1d", |stream| Conv1d::new(3, 5, 3, stream))
            .shapes(&[2, 6, 3], &[2, 4, 5])
            .parameters(WEIGHT)
            .errors(&[
                (&[2, 6], "Conv1d(3 -> 5, 3): expected input [N, L, 3], got [2, 6]"),
                (&[2, 6, 2], "Conv1d(3 -> 5, 3): expected input [N, L, 3], got [2, 6, 2]"),
                (&[2, 2, 3], "Conv1d(3 -> 5, 3): expected input at least 3 along axis 1, got [2, 2, 3]"),
            ])
            .refused([
                (|| refuse(3, ConvConfig::new(5, 0)), "Conv1d: expected a kernel of at least 1, got 0"),
                (|| refuse(3, ConvConfig::new(5, 3).stride(0)), "Conv1d: expected a stride of at least 1, got 0"),
                (|| refuse(3, ConvConfig::new(5, 3).dilation(0)), "Conv1d: expected a dilation of at least 1, got 0"),
                (|| refuse(3, ConvConfig::new(0, 3)), "Conv1d: expected at least one input and one output, got 3 -> 0"),
                (
                    || refuse(3, ConvConfig::new(4, 3).groups(2)),
                    "Conv1d: expected inputs and outputs that are multiples of 2 groups, got 3 -> 4",
                ),
            ]),
        Row::seeded("Conv2d", |stream| Conv2d::with(3, ConvConfig::new(4, [3, 2]).stride([2, 1]).padding([1, 0]), stream))
            .shapes(&[2, 5, 4, 3], &[2, 3, 3, 4])
            .parameters(&[("weight", &[4, 3, 3, 2]), ("bias", &[4])]),
        Row::seeded("Conv2d", |stream| {
            Conv2d::with(4, ConvConfig::new(4, 3).groups(4).dilation(2).padding_same().without_bias(), stream)
        })
        .shapes(&[2, 3, 4, 4], &[2, 3, 4, 4])
        .described("Conv2d(4 -> 4, 3, dilation 2, padding same, groups 4)")
        .parameters(&[("weight", &[4, 1, 3, 3])]),
        Row::seeded("Conv2d", |stream| Conv2d::with(2, ConvConfig::new(3, 2).stride(2).padding_same(), stream))
            .shapes(&[1, 3, 4, 2], &[1, 2, 2, 3])
            .parameters(&[("weight", &[3, 2, 2, 2]), ("bias", &[3])])
            .errors(&[(
                &[1, 0, 4, 2],
                "Conv2d(2 -> 3, 2, stride 2, padding same): expected input at least 1 along axis 1, got [1, 0, 4, 2]",
            )]),
        Row::seeded("Conv2d", |stream| {
            Conv2d::with(2, ConvConfig::new(3, 3).padding(2).padding_mode(PaddingMode::Reflect), stream)
        })
        .shapes(&[1, 3, 4, 2], &[1, 5, 6, 3])
        .parameters(&[("weight", &[3, 2, 3, 3]), ("bias", &[3])])
        .errors(&[(
            &[1, 2, 4, 2],
            "Conv2d(2 -> 3, 3, padding 2, reflect): expected input at least 3 along axis 1, got [1, 2, 4, 2]",
        )]),
        Row::seeded("Conv1d", |stream| {
            Conv1d::with(2, ConvConfig::new(3, 3).padding(1).padding_mode(PaddingMode::Replicate), stream)
        })
        .shapes(&[1, 3, 2], &[1, 3, 3])
        .parameters(&[("weight", &[3, 2, 3]), ("bias", &[3])])
        .errors(&[(
            &[1, 0, 2],
            "Conv1d(2 -> 3, 3, padding 1, replicate): expected input at least 1 along axis 1, got [1, 0, 2]",
        )])
        .refused([(
            || {
                let config = ConvConfig::new(1, 1).padding(1 << 62).stride(1 << 62);
                let config = config.padding_mode(PaddingMode::Replicate);
                let layer = Conv1d::with(1, config, &plywood_tensor::Seed(0).stream())?;
                layer.output_shape(&Shape::new(&[1, 1, 1])?).map(drop)
            },
            "conv: expected input that can be addressed with its padding, got [1, 1, 1]",
        )]),
        // Three outputs, and 2^33 places between them.
        Row::seeded("Conv1d", |stream| Conv1d::with(1, ConvConfig::new(1, 2).stride(3).padding(3), stream))
            .shapes(&[1, 4, 1], &[1, 3, 1])
            .parameters(&[("weight", &[1, 1, 2]), ("bias", &[1])])
            .refused([(
                || {
                    let config = ConvConfig::new(1, 2).stride(1 << 32).padding(1 << 32);
                    let layer = Conv1d::with(1, config, &plywood_tensor::Seed(0).stream())?;
                    layer.output_shape(&Shape::new(&[1, 4, 1])?).map(drop)
                },
                "conv: expected at most 268435456 numbers with the padding, or 64 for each of input and result, got [1, 4, 1]",
            )]),
        Row::seeded("Conv1d", |stream| {
            Conv1d::with(2, ConvConfig::new(3, 3).padding(2).padding_mode(PaddingMode::Circular), stream)
        })
        .shapes(&[1, 3, 2], &[1, 5, 3])
        .parameters(&[("weight", &[3, 2, 3]), ("bias", &[3])])
        .errors(&[(
            &[1, 1, 2],
            "Conv1d(2 -> 3, 3, padding 2, circular): expected input at least 2 along axis 1, got [1, 1, 2]",
        )]),
        Row::seeded("Conv3d", |stream| Conv3d::new(2, 3, 2, stream))
            .shapes(&[1, 2, 3, 3, 2], &[1, 1, 2, 2, 3])
            .parameters(&[("weight", &[3, 2, 2, 2, 2]), ("bias", &[3])]),
    ]
}
