//! Transposed convolution.

use super::convolution::ConvConfig;
use super::padding_mode::PaddingMode;
use super::sides::{self, Sides, short};
use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::ops::{self, Activation, Conv};
use plywood_autograd::{Param, Var};
use plywood_tensor::{Result, Shape, Stream};
use serde::{Deserialize, Serialize};

/// Every input adds a kernel to the output, `stride` places apart: what the gradient of a convolution does, to enlarge images.
///
/// # Shapes
/// `[N, .., in] → [N, .., out]` with `D` axes between, each of
/// `(size − 1) stride − 2 padding + dilation (kernel_size − 1) + 1 + output_padding`; `weight [in, out / groups, ..]`,
/// `bias [out]`.
///
/// # Example
/// ```
/// use plywood_nn::{ConvConfig, ConvTranspose2d, ConvTransposeConfig, Context, Module};
/// use plywood_tensor::{Seed, Tensor};
///
/// let config = ConvTransposeConfig::new(ConvConfig::new(32, 2).stride(2));
/// let layer = ConvTranspose2d::with(64, config, &Seed(0).stream())?;
/// let y = layer.forward(&Context::eval(), &Tensor::zeros([8, 16, 16, 64])?.into())?;
/// assert_eq!(*y.shape(), [8, 32, 32, 32]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.ConvTranspose1d` to `ConvTranspose3d`, with the channels first, the same names and initial distribution;
/// an `output_padding` that is below the dilation but not below the stride is taken there too. Keras: `Conv2DTranspose`.
#[derive(Debug, Clone)]
#[doc(alias = "Conv2DTranspose")]
pub struct ConvTranspose<const D: usize> {
    /// `[in, out / groups, ..]`
    pub weight: Param,
    /// `[out]`
    pub bias: Option<Param>,
    config: ConvTransposeConfig<D>,
}
parameters!([const D: usize] ConvTranspose<D> { weight, bias } skip { config });

/// [`ConvTranspose`] of sequences `[N, L, C]`.
pub type ConvTranspose1d = ConvTranspose<1>;
/// [`ConvTranspose`] of images `[N, H, W, C]`.
pub type ConvTranspose2d = ConvTranspose<2>;
/// [`ConvTranspose`] of volumes `[N, D, H, W, C]`.
pub type ConvTranspose3d = ConvTranspose<3>;

/// The settings of a [`ConvTranspose`].
///
/// ```
/// use plywood_nn::{ConvConfig, ConvTransposeConfig};
///
/// let config = ConvTransposeConfig::<2>::new(ConvConfig::new(32, 3).stride(2).padding(1)).output_padding(1);
/// assert_eq!(config.output_padding, [1, 1]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvTransposeConfig<const D: usize> {
    /// Those of the convolution that it is the transpose of; `padding` takes places away, and is of zeros alone.
    pub conv: ConvConfig<D>,
    /// Of the sizes that this convolution takes to that of the input, how far beyond the smallest to go: less than a stride.
    #[serde(with = "sides")]
    pub output_padding: [usize; D],
}

impl<const D: usize> ConvTransposeConfig<D> {
    /// The transpose of a convolution, of the smallest output.
    pub fn new(conv: ConvConfig<D>) -> Self {
        ConvTransposeConfig { conv, output_padding: [0; D] }
    }

    /// The convolution that it is the transpose of.
    fn conv(&self) -> Conv {
        let ConvConfig { stride, padding, dilation, groups, exact, .. } = self.conv;
        Conv { exact, ..Conv::new().stride(stride).padding(padding).dilation(dilation).groups(groups) }
    }

    /// An output so much larger.
    #[must_use]
    pub fn output_padding(self, output_padding: impl Sides<D>) -> Self {
        ConvTransposeConfig { output_padding: output_padding.sides(), ..self }
    }
}

impl<const D: usize> LayerConfig for ConvTransposeConfig<D> {
    const NAME: &'static str = sides::name(["ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"], D);
    type Layer = ConvTranspose<D>;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<ConvTranspose<D>> {
        let inputs = sides::channels(&|| Self::NAME.into(), input)?;
        let ConvTransposeConfig { conv, output_padding } = self;
        conv.check(Self::NAME, [inputs, conv.outputs])?;
        let refuse = |expected: &str, got: String| {
            Err(NnError::Setting { layer: Self::NAME.into(), expected: expected.into(), got }.into())
        };
        if conv.same {
            return refuse("padding as a number of places to take away", "padding same".into());
        }
        if conv.padding_mode != PaddingMode::Zeros {
            let expected = "padding mode zeros, for padding takes places away here";
            return refuse(expected, conv.padding_mode.name().into());
        }
        if (0..D).any(|i| output_padding[i] >= conv.stride[i]) {
            return refuse("an output padding below the stride", short(output_padding));
        }
        let shape = [&[inputs, conv.outputs / conv.groups], &conv.kernel_size[..]].concat();
        let (weight, bias) = conv.parameters(&shape, conv.outputs, initial)?;
        Ok(ConvTranspose { weight, bias, config: *self })
    }
}

impl<const D: usize> ConvTranspose<D> {
    /// A layer with random weights from a stream and a stride of 1.
    ///
    /// # Errors
    /// [`NnError::Setting`] for 0 inputs, outputs or a kernel of size 0.
    pub fn new(inputs: usize, outputs: usize, kernel_size: impl Sides<D>, stream: &Stream) -> Result<Self> {
        ConvTranspose::with(inputs, ConvTransposeConfig::new(ConvConfig::new(outputs, kernel_size)), stream)
    }

    /// A layer with options.
    ///
    /// # Errors
    /// [`NnError::Setting`] for sizes of 0, channels that are no multiple of the groups, a padding other than zeros, and an
    /// output padding that is not below the stride; those of the initializers.
    pub fn with(inputs: usize, config: ConvTransposeConfig<D>, stream: &Stream) -> Result<Self> {
        config.make(&Shape::new(&[inputs])?, &Initial::random(stream))
    }

    /// The settings.
    pub fn config(&self) -> &ConvTransposeConfig<D> {
        &self.config
    }
}

impl<const D: usize> Module for ConvTranspose<D> {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        self.output_shape(x.shape())?;
        let bias = self.bias.as_ref().map(|bias| cx.parameter(bias));
        let (weight, conv) = (cx.parameter(&self.weight), self.config.conv());
        let mut extra = [0; 3];
        extra[..D].copy_from_slice(&self.config.output_padding);
        ops::conv_transpose(x, &weight, bias.as_ref(), &conv, extra, Activation::Identity)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let ConvTransposeConfig { conv, output_padding } = &self.config;
        let inputs = self.weight.shape()[0];
        let refuse = |expected: String| -> Result<Shape> {
            Err(NnError::Input { layer: self.describe(), expected, got: *input }.into())
        };
        if input.rank() != D + 2 || input[D + 1] != inputs {
            return refuse(sides::with_channels(D, inputs));
        }
        let (mut output, settings) = (*input, self.config.conv());
        for i in 0..D {
            let size = settings.transposed_size(i, input[1 + i], conv.kernel_size[i], output_padding[i]);
            let Some(size) = size else {
                return refuse(format!("more along axis {} than the padding takes away", 1 + i));
            };
            output = output.with(1 + i, size)?;
        }
        let output = output.with(D + 1, conv.outputs)?;
        // It is a convolution backwards, whose input is what comes out here.
        settings.padded("conv", &output, input)?;
        Ok(output)
    }

    fn describe(&self) -> String {
        let mut text = self.config.conv.describe_as(ConvTransposeConfig::<D>::NAME, self.weight.shape()[0]);
        text.truncate(text.len() - 1);
        text + &sides::settings(&[("output padding", self.config.output_padding, [0; D])]) + ")"
    }

    fn multiply_adds(&self, input: &Shape) -> u64 {
        let places = input[..input.rank().saturating_sub(1)].iter().product::<usize>();
        (places as u64).saturating_mul(self.weight.shape().numel() as u64)
    }
}

impl<const D: usize> Layer for ConvTranspose<D> {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(&self.config))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    fn refuse(config: ConvTransposeConfig<2>) -> Result<()> {
        ConvTranspose::with(3, config, &plywood_tensor::Seed(0).stream()).map(drop)
    }
    vec![
        Row::seeded("ConvTranspose1d", |stream| ConvTranspose1d::new(3, 4, 3, stream))
            .shapes(&[2, 3, 3], &[2, 5, 4])
            .parameters(&[("weight", &[3, 4, 3]), ("bias", &[4])]),
        Row::seeded("ConvTranspose2d", |stream| {
            let conv = ConvConfig::new(4, 3).stride(2).padding(1).groups(2).without_bias();
            ConvTranspose2d::with(2, ConvTransposeConfig::new(conv).output_padding(1), stream)
        })
        .shapes(&[2, 2, 3, 2], &[2, 4, 6, 4])
        .parameters(&[("weight", &[2, 2, 3, 3])])
        .errors(&[
            (
                &[2, 3, 2],
                "ConvTranspose2d(2 -> 4, 3, stride 2, padding 1, groups 2, output padding 1): expected input [N, H, W, 2], \
                 got [2, 3, 2]; add a batch dimension, as in [1, 2, 3, 2]",
            ),
            (
                &[2, 0, 3, 2],
                "ConvTranspose2d(2 -> 4, 3, stride 2, padding 1, groups 2, output padding 1): expected input more along axis \
                 1 than the padding takes away, got [2, 0, 3, 2]",
            ),
        ])
        .refused([
            (
                || refuse(ConvTransposeConfig::new(ConvConfig::new(4, 3)).output_padding([0, 1])),
                "ConvTranspose2d: expected an output padding below the stride, got [0, 1]",
            ),
            (
                || refuse(ConvTransposeConfig::new(ConvConfig::new(4, 3).dilation(2)).output_padding(1)),
                "ConvTranspose2d: expected an output padding below the stride, got 1",
            ),
            (
                || refuse(ConvTransposeConfig::new(ConvConfig::new(4, 3).padding_same())),
                "ConvTranspose2d: expected padding as a number of places to take away, got padding same",
            ),
            (
                || {
                    let conv = ConvConfig::new(4, 3).padding(1).padding_mode(PaddingMode::Reflect);
                    refuse(ConvTransposeConfig::new(conv))
                },
                "ConvTranspose2d: expected padding mode zeros, for padding takes places away here, got reflect",
            ),
        ]),
        Row::seeded("ConvTranspose3d", |stream| ConvTranspose3d::new(2, 3, 2, stream))
            .shapes(&[1, 1, 2, 2, 2], &[1, 2, 3, 3, 3])
            .parameters(&[("weight", &[2, 3, 2, 2, 2]), ("bias", &[3])]),
    ]
}
