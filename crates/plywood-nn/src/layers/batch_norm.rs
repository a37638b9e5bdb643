//! Channels of mean 0 and variance 1 over a batch.

use super::affine::{self, or_constant};
use super::sides;
use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::ops::{Activation, BatchNormalized, Finish, batch_norm, batch_norm_by};
use plywood_autograd::{Buffer, Param, Var};
use plywood_tensor::{Elem, Float, IntTensor, Result, Seed, Shape};
use serde::{Deserialize, Serialize};

/// `y = (x − mean) / √(variance + ε) ⊙ weight + bias`, mean and variance those of each channel: in training over the batch,
/// else what was seen in training on the whole.
///
/// A training step moves `running_mean` and `running_var` by `momentum` towards those of its batch, the variance
/// corrected for the size of the batch; [`Context::commit`] writes them down. An activation behind the layer is
/// computed in the same pass.
///
/// # Shapes
/// `[N, .., C] → [N, .., C]` with `D` axes between, for `BatchNorm1d` also `[N, C]`; `weight [C]`, `bias [C]`,
/// `running_mean [C]`, `running_var [C]`, `num_batches_tracked []`.
///
/// # Example
/// ```
/// use plywood_nn::{BatchNorm1d, Context, Module};
/// use plywood_tensor::{Seed, Tensor};
///
/// let mut layer = BatchNorm1d::new(2)?;
/// let x = Tensor::from([[1.0, 10.0], [3.0, 30.0]]).into();
/// let cx = Context::train(Seed(7), 0);
/// let y = layer.forward(&cx, &x)?;
/// assert!(y.value().all_close(&Tensor::from([[-1.0, -1.0], [1.0, 1.0]]), 1e-4, 0.0));
/// cx.commit(&mut layer)?;
/// let mean = layer.running_mean.as_ref().and_then(|mean| mean.value().as_float()).expect("it is tracked");
/// assert!(mean.all_close(&Tensor::from([0.2, 2.0]), 1e-6, 0.0)); // a tenth of the way
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::Input`] for other axes or channels, and in training for a single value per channel, which has no variance.
///
/// # References
/// PyTorch: `torch.nn.BatchNorm1d` to `BatchNorm3d`, with the channels first, the same names, ε = 1e-5 and momentum 0.1; a
/// momentum that is not from 0 to 1 is refused here alone.
/// Keras: `BatchNormalization`, with ε = 1e-3, momentum 0.99 for what PyTorch calls 0.01, and a running variance that is
/// not corrected. Ioffe and Szegedy, *Batch normalization: accelerating deep network training by reducing internal
/// covariate shift*, 2015.
#[derive(Debug, Clone)]
#[doc(alias = "BatchNormalization")]
pub struct BatchNorm<const D: usize> {
    /// `[C]`
    pub weight: Option<Param>,
    /// `[C]`
    pub bias: Option<Param>,
    /// `[C]`
    pub running_mean: Option<Buffer>,
    /// `[C]`
    pub running_var: Option<Buffer>,
    /// `[]`, an integer
    pub num_batches_tracked: Option<Buffer>,
    channels: usize,
    config: BatchNormConfig<D>,
}
parameters!([const D: usize] BatchNorm<D> { weight, bias, running_mean, running_var, num_batches_tracked } skip { channels, config });

/// [`BatchNorm`] of features `[N, C]` and sequences `[N, L, C]`.
pub type BatchNorm1d = BatchNorm<1>;
/// [`BatchNorm`] of images `[N, H, W, C]`.
pub type BatchNorm2d = BatchNorm<2>;
/// [`BatchNorm`] of volumes `[N, D, H, W, C]`.
pub type BatchNorm3d = BatchNorm<3>;

/// The settings of a [`BatchNorm`]; how many channels it has follows from its input.
///
/// ```
/// use plywood_nn::{BatchNormConfig, Sequential};
/// use plywood_tensor::Seed;
///
/// let config = BatchNormConfig { momentum: Some(0.01), ..Default::default() };
/// let model = Sequential::input([8, 8, 3]).batch_norm2d_with(config).relu().build(Seed(7))?;
/// assert_eq!(model[0].describe(), "BatchNorm2d(3)");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchNormConfig<const D: usize> {
    /// Keeps the square root away from 0.
    pub epsilon: f64,
    /// How far a step moves the running statistics; `None` for the mean of all steps.
    pub momentum: Option<f64>,
    /// Whether there are a weight and a bias.
    pub affine: bool,
    /// Whether running statistics are kept; without, those of the batch count always.
    pub track_running_stats: bool,
}

impl<const D: usize> Default for BatchNormConfig<D> {
    fn default() -> Self {
        BatchNormConfig { epsilon: 1e-5, momentum: Some(0.1), affine: true, track_running_stats: true }
    }
}

impl<const D: usize> LayerConfig for BatchNormConfig<D> {
    const NAME: &'static str = sides::name(["BatchNorm1d", "BatchNorm2d", "BatchNorm3d"], D);
    type Layer = BatchNorm<D>;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<BatchNorm<D>> {
        affine::check_epsilon(Self::NAME, self.epsilon)?;
        if let Some(momentum) = self.momentum.filter(|momentum| !(0.0..=1.0).contains(momentum)) {
            let (layer, expected) = (Self::NAME.into(), "a momentum of at least 0 and at most 1".into());
            return Err(NnError::Setting { layer, expected, got: momentum.to_string() }.into());
        }
        let channels = sides::channels(&|| Self::NAME.into(), input)?;
        let [weight, bias] = affine::parameters([self.affine; 2], &Shape::new(&[channels])?, initial)?;
        let buffer = |value| self.track_running_stats.then(|| initial.buffer([channels], value)).transpose();
        Ok(BatchNorm {
            weight,
            bias,
            running_mean: buffer(0.0)?,
            running_var: buffer(1.0)?,
            num_batches_tracked: self.track_running_stats.then(|| initial.counter()).transpose()?,
            channels,
            config: *self,
        })
    }
}

impl<const D: usize> BatchNorm<D> {
    /// For so many channels, with PyTorch's settings.
    ///
    /// # Errors
    /// [`NnError::Setting`] for 0 channels.
    pub fn new(channels: usize) -> Result<Self> {
        BatchNorm::with(channels, BatchNormConfig::default())
    }

    /// For so many channels, with options.
    ///
    /// # Errors
    /// [`NnError::Setting`] for 0 channels, a negative epsilon, and a momentum outside of 0 to 1.
    pub fn with(channels: usize, config: BatchNormConfig<D>) -> Result<Self> {
        // It starts at constants: no random number is drawn.
        config.make(&Shape::new(&[1, channels])?, &Initial::random(&Seed(0).stream()))
    }

    /// `f(forward(x))` in one pass.
    ///
    /// # Errors
    /// As [`Module::forward`].
    pub fn forward_activated(&self, cx: &Context, x: &Var, activation: Activation) -> Result<Var> {
        self.forward_finished(cx, x, activation.into())
    }

    /// `f(forward(x) + residual)` in one pass: the end of a residual block.
    ///
    /// # Errors
    /// As [`Module::forward`]; [`TensorError::Shape`](plywood_tensor::TensorError::Shape) for a residual of another shape.
    pub fn forward_finished(&self, cx: &Context, x: &Var, finish: Finish<'_>) -> Result<Var> {
        self.output_shape(x.shape())?;
        let (epsilon, shape) = (self.config.epsilon, Shape::new(&[self.channels])?);
        let weight = or_constant(cx, self.weight.as_ref(), &shape, 1.0)?;
        let bias = or_constant(cx, self.bias.as_ref(), &shape, 0.0)?;
        let running = self.running_mean.as_ref().zip(self.running_var.as_ref());
        if let Some((mean, variance)) = running.filter(|_| !cx.is_training()) {
            let [mean, variance] = [
                sides::float(&|| self.describe(), cx, mean)?,
                sides::float(&|| self.describe(), cx, variance)?,
            ];
            return batch_norm_by([&mean, &variance], x, &weight, &bias, epsilon, finish);
        }
        let rows = x.value().numel() / self.channels;
        if rows == 1 {
            let expected = "of more than one value per channel, for the variance of one is 0".into();
            return Err(NnError::Input { layer: self.describe(), expected, got: *x.shape() }.into());
        }
        let BatchNormalized { y, mean, variance } = batch_norm(x, &weight, &bias, epsilon, finish)?;
        // A batch of nothing says nothing.
        if let Some((running_mean, running_var)) = running.filter(|_| rows > 0) {
            let share = self.count(cx)?;
            let unbiased = rows as f64 / (rows as f64 - 1.0);
            for (buffer, seen, factor) in [(running_mean, mean, 1.0), (running_var, variance, unbiased)] {
                let mut value = sides::float(&|| self.describe(), cx, buffer)?;
                let (keep, take) = (Elem::of(1.0 - share), Elem::of(share * factor));
                value.combine("batch_norm", &seen, |old, new| keep * old + take * new)?;
                cx.update(buffer, value);
            }
        }
        Ok(y)
    }

    /// Counts the batch, and says how much it shall count.
    fn count(&self, cx: &Context) -> Result<f64> {
        let Some(buffer) = &self.num_batches_tracked else { return Ok(self.config.momentum.unwrap_or(1.0)) };
        let Some(count) = cx.buffer(buffer).as_int().and_then(|count| count.item().ok()) else {
            let (layer, expected) = (self.describe(), "an integer as num_batches_tracked".into());
            return Err(NnError::Setting { layer, expected, got: "real numbers".into() }.into());
        };
        let count = count.max(0).saturating_add(1); // a damaged file may say anything
        cx.update(buffer, IntTensor::from(count));
        Ok(self.config.momentum.unwrap_or(1.0 / count as f64))
    }
}

impl<const D: usize> Module for BatchNorm<D> {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        self.forward_activated(cx, x, Activation::Identity)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        // Features are sequences of one.
        let features = D == 1 && input.rank() == 2;
        if (features || input.rank() == D + 2) && input.last() == Some(&self.channels) {
            return Ok(*input);
        }
        let expected = sides::with_channels(D, self.channels);
        Err(NnError::Input { layer: self.describe(), expected, got: *input }.into())
    }

    fn describe(&self) -> String {
        format!("{}({})", BatchNormConfig::<D>::NAME, self.channels)
    }
}

impl<const D: usize> Layer for BatchNorm<D> {
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
    const ALL: &[(&str, &[usize])] = &[
        ("weight", &[3]),
        ("bias", &[3]),
        ("running_mean", &[3]),
        ("running_var", &[3]),
        ("num_batches_tracked", &[]),
    ];
    vec![
        Row::layer("BatchNorm1d", || BatchNorm1d::new(3))
            .shapes(&[4, 3], &[4, 3])
            .parameters(ALL)
            .errors(&[
                (&[4, 2], "BatchNorm1d(3): expected input [N, L, 3], got [4, 2]"),
                (&[2, 2, 2, 3], "BatchNorm1d(3): expected input [N, L, 3], got [2, 2, 2, 3]"),
            ])
            .refused([
                (|| BatchNorm1d::new(0).map(drop), "BatchNorm1d: expected at least one channel, got 0"),
                (
                    || {
                        let config = BatchNormConfig { momentum: Some(1.5), ..Default::default() };
                        BatchNorm1d::with(3, config).map(drop)
                    },
                    "BatchNorm1d: expected a momentum of at least 0 and at most 1, got 1.5",
                ),
                (
                    || {
                        let config = BatchNormConfig { epsilon: -1.0, ..Default::default() };
                        BatchNorm1d::with(3, config).map(drop)
                    },
                    "BatchNorm1d: expected an epsilon of at least 0, got -1",
                ),
                (
                    || {
                        let x = plywood_tensor::Tensor::ones([1, 3])?.into();
                        BatchNorm1d::new(3)?.forward(&Context::train(Seed(0), 0), &x).map(drop)
                    },
                    "BatchNorm1d(3): expected input of more than one value per channel, for the variance of one is 0, \
                     got [1, 3]",
                ),
            ]),
        Row::layer("BatchNorm2d", || BatchNorm2d::new(3))
            .shapes(&[2, 2, 3, 3], &[2, 2, 3, 3])
            .parameters(ALL)
            .errors(&[(&[4, 3], "BatchNorm2d(3): expected input [N, H, W, 3], got [4, 3]")]),
        Row::layer("BatchNorm2d", || {
            let (affine, track_running_stats) = (false, false);
            BatchNorm2d::with(2, BatchNormConfig { affine, track_running_stats, ..Default::default() })
        })
        .shapes(&[2, 2, 3, 2], &[2, 2, 3, 2]),
        Row::layer("BatchNorm3d", || BatchNorm3d::with(3, BatchNormConfig { momentum: None, ..Default::default() }))
            .shapes(&[1, 2, 2, 2, 3], &[1, 2, 2, 2, 3])
            .parameters(ALL),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use plywood_tensor::Tensor;

    /// A counter of a damaged file counts as none: it must not become a division by 0.
    #[test]
    fn a_counter_below_0_counts_from_0() {
        let x = Tensor::from([[1.0], [3.0]]);
        for count in [i64::MIN, -1, 0] {
            let mut layer =
                BatchNorm1d::with(1, BatchNormConfig { momentum: None, ..Default::default() }).unwrap();
            layer.num_batches_tracked = Some(Buffer::new(IntTensor::from(count)));
            let cx = Context::train(Seed(0), 0);
            layer.forward(&cx, &x.clone().into()).unwrap();
            cx.commit(&mut layer).unwrap();
            let counter = layer.num_batches_tracked.as_ref().unwrap().value().as_int().unwrap();
            assert_eq!(counter.as_slice(), [1]);
            let mean = layer.running_mean.as_ref().unwrap().value().as_float().unwrap();
            assert_eq!(mean.as_slice(), [2.0], "after {count}");
        }
    }
}
