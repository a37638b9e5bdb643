//! The rectifier with a slope below 0.

use super::activation::{activation, finite};
use plywood_tensor::{Elem, Float, Result};
use serde::{Deserialize, Serialize};

/// The rectifier with a slope below 0, `y = x` where `x > 0`, `s x` elsewhere.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, LeakyRelu, Module};
/// use plywood_tensor::Tensor;
///
/// let y = LeakyRelu::new(0.25)?.forward(&Context::eval(), &Tensor::from([-2.0, 2.0]).into())?;
/// assert_eq!(y.value().as_slice(), [-0.5, 2.0]);
/// assert_eq!(LeakyRelu::default(), LeakyRelu::new(0.01)?);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.LeakyReLU`, with its slope of 0.01; Keras' slope is 0.3. Maas, Hannun and Ng, *Rectifier
/// nonlinearities improve neural network acoustic models*, 2013.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[doc(alias = "LeakyReLU")]
pub struct LeakyRelu {
    slope: f64,
}
activation!(LeakyRelu { slope }, |layer, x| x.leaky_relu(Elem::of(layer.slope)));

impl LeakyRelu {
    /// A rectifier with this slope below 0.
    ///
    /// # Errors
    /// [`NnError::Setting`](crate::NnError::Setting) for a slope that is not finite.
    pub fn new(slope: f64) -> Result<LeakyRelu> {
        let layer = LeakyRelu { slope };
        layer.check().map(|()| layer)
    }

    fn check(&self) -> Result<()> {
        finite("LeakyRelu", "slope", self.slope)
    }
}

impl Default for LeakyRelu {
    fn default() -> LeakyRelu {
        LeakyRelu { slope: 0.01 }
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("LeakyRelu", || Ok(LeakyRelu::default())).avoid(&[0.0]),
        Row::layer("LeakyRelu", || LeakyRelu::new(0.3)).avoid(&[0.0]).refused([(
            || LeakyRelu::new(f64::NAN).map(drop),
            "LeakyRelu: expected a finite slope, got NaN",
        )]),
    ]
}
