//! What parameters are before training.

pub(crate) mod fan;
pub mod gain;
mod orthogonal;
mod scaled;

use crate::{Fan, NnError};
use plywood_tensor::{Elem, Float, IntoShape, Result, Stream, Tensor};
use serde::{Deserialize, Serialize};

/// How a parameter is filled before training: a description that can be saved, and fills any shape.
///
/// *Fan in* and *fan out* are the numbers of inputs and outputs of one unit: of a weight `[out, in, ..receptive]` they
/// are `in · Πreceptive` and `out · Πreceptive`, as in PyTorch. A `gain` makes up for what the activation behind the
/// layer does to the variance; [`gain`](crate::gain) has those of the usual ones.
///
/// # Example
/// ```
/// use plywood_nn::{Fan, Initializer, gain};
/// use plywood_tensor::Seed;
///
/// let he = Initializer::HeNormal { gain: gain::relu(), fan: Fan::In };
/// let weight = he.fill([256, 128], &Seed(0).stream())?;
/// let variance = weight.square().mean().item()?;
/// assert!((variance * 128.0 - 2.0).abs() < 0.1); // gain² / fan in = 2 / 128
/// assert_eq!(he, Initializer::he_normal());
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.init`, with the same formulas. Keras' and JAX' normal forms are cut at two standard deviations
/// and widened to the same variance; PyTorch's and these are not cut.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Initializer {
    /// 0 everywhere.
    Zeros,
    /// 1 everywhere.
    Ones,
    /// One number everywhere.
    Constant {
        /// The number.
        value: f64,
    },
    /// Evenly distributed over `[low, high)`.
    Uniform {
        /// The least.
        low: f64,
        /// What all are below.
        high: f64,
    },
    /// Normally distributed.
    Normal {
        /// The mean.
        mean: f64,
        /// The standard deviation.
        deviation: f64,
    },
    /// Normally distributed, those outside `[low, high]` drawn again.
    TruncatedNormal {
        /// The mean before the cut.
        mean: f64,
        /// The standard deviation before the cut.
        deviation: f64,
        /// The least that is kept.
        low: f64,
        /// The most that is kept.
        high: f64,
    },
    /// `U(−a, a)`, `a = gain √(6 / (fan in + fan out))`. Glorot and Bengio, *Understanding the difficulty of training
    /// deep feedforward neural networks*, 2010.
    #[doc(alias = "GlorotUniform")]
    XavierUniform {
        /// For the activation behind the layer.
        gain: f64,
    },
    /// `N(0, gain² · 2 / (fan in + fan out))`. Glorot and Bengio, 2010.
    #[doc(alias = "GlorotNormal")]
    XavierNormal {
        /// For the activation behind the layer.
        gain: f64,
    },
    /// `U(−a, a)`, `a = gain √(3 / fan)`. He, Zhang, Ren and Sun, *Delving deep into rectifiers*, 2015.
    #[doc(alias = "KaimingUniform")]
    HeUniform {
        /// For the activation behind the layer.
        gain: f64,
        /// Which fan: in keeps the variance of values, out that of gradients.
        fan: Fan,
    },
    /// `N(0, gain² / fan)`. He, Zhang, Ren and Sun, 2015.
    #[doc(alias = "KaimingNormal")]
    HeNormal {
        /// For the activation behind the layer.
        gain: f64,
        /// Which fan: in keeps the variance of values, out that of gradients.
        fan: Fan,
    },
    /// `N(0, gain² / fan in)`. LeCun, Bottou, Orr and Müller, *Efficient backprop*, 1998.
    LecunNormal {
        /// For the activation behind the layer.
        gain: f64,
    },
    /// `gain` times a random matrix `[out, in · Πreceptive]` of orthonormal rows or columns, whichever are fewer: it
    /// keeps lengths. Saxe, McClelland and Ganguli, *Exact solutions to the nonlinear dynamics of learning in deep
    /// linear neural networks*, 2013.
    Orthogonal {
        /// The length of each row or column.
        gain: f64,
    },
}

impl Initializer {
    /// Xavier's with gain 1.
    pub fn xavier_uniform() -> Initializer {
        Initializer::XavierUniform { gain: 1.0 }
    }

    /// Xavier's normal form with gain 1.
    pub fn xavier_normal() -> Initializer {
        Initializer::XavierNormal { gain: 1.0 }
    }

    /// He's for rectifiers, by the fan in.
    pub fn he_uniform() -> Initializer {
        Initializer::HeUniform { gain: gain::relu(), fan: Fan::In }
    }

    /// He's normal form for rectifiers, by the fan in.
    pub fn he_normal() -> Initializer {
        Initializer::HeNormal { gain: gain::relu(), fan: Fan::In }
    }

    /// LeCun's with gain 1, as self-normalising networks want it.
    pub fn lecun_normal() -> Initializer {
        Initializer::LecunNormal { gain: 1.0 }
    }

    /// Orthonormal rows or columns.
    pub fn orthogonal() -> Initializer {
        Initializer::Orthogonal { gain: 1.0 }
    }

    /// A tensor of this shape; the same stream gives the same numbers.
    ///
    /// # Errors
    /// [`NnError::Setting`] for a number that is not finite, a negative deviation or an empty interval, and for fewer
    /// than two axes where a fan is needed; [`TensorError`](plywood_tensor::TensorError) for a shape that is too large
    /// or an interval that a normal distribution practically never hits.
    pub fn fill(&self, shape: impl IntoShape, stream: &Stream) -> Result<Tensor> {
        let shape = shape.into_shape()?;
        self.check()?;
        match *self {
            Initializer::Zeros => Tensor::zeros(shape),
            Initializer::Ones => Tensor::ones(shape),
            Initializer::Constant { value } => Tensor::full(shape, Elem::of(value)),
            Initializer::Uniform { low, high } => Tensor::uniform(shape, low, high, stream),
            Initializer::Normal { mean, deviation } => Tensor::normal(shape, mean, deviation, stream),
            Initializer::TruncatedNormal { mean, deviation, low, high } => {
                Tensor::truncated_normal(shape, mean, deviation, low, high, stream)
            }
            Initializer::XavierUniform { gain } => scaled::uniform(&shape, gain, Fan::Mean, stream),
            Initializer::XavierNormal { gain } => scaled::normal(&shape, gain, Fan::Mean, stream),
            Initializer::HeUniform { gain, fan } => scaled::uniform(&shape, gain, fan, stream),
            Initializer::HeNormal { gain, fan } => scaled::normal(&shape, gain, fan, stream),
            Initializer::LecunNormal { gain } => scaled::normal(&shape, gain, Fan::In, stream),
            Initializer::Orthogonal { gain } => orthogonal::fill(&shape, gain, stream),
        }
    }

    fn check(&self) -> Result<()> {
        let (good, expected) = match *self {
            Initializer::Zeros | Initializer::Ones => (true, ""),
            Initializer::Constant { value } => (value.is_finite(), "a finite number"),
            Initializer::Uniform { low, high } => {
                (low.is_finite() && high.is_finite() && low <= high, "finite bounds in order")
            }
            Initializer::Normal { mean, deviation } => {
                (mean.is_finite() && deviation.is_finite() && deviation >= 0.0, "a deviation of at least 0")
            }
            Initializer::TruncatedNormal { mean, deviation, low, high } => (
                mean.is_finite() && deviation.is_finite() && deviation >= 0.0 && low <= high,
                "a deviation of at least 0 and bounds in order",
            ),
            Initializer::XavierUniform { gain }
            | Initializer::XavierNormal { gain }
            | Initializer::HeUniform { gain, .. }
            | Initializer::HeNormal { gain, .. }
            | Initializer::LecunNormal { gain }
            | Initializer::Orthogonal { gain } => (gain.is_finite(), "a finite gain"),
        };
        if good {
            return Ok(());
        }
        let (layer, expected) = ("Initializer".into(), expected.into());
        Err(NnError::Setting { layer, expected, got: format!("{self:?}") }.into())
    }
}

#[cfg(test)]
mod tests;
