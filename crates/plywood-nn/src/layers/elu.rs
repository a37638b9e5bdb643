//! The exponential linear unit.

use super::activation::{activation, finite};
use plywood_tensor::{Elem, Float, Result};
use serde::{Deserialize, Serialize};

/// The exponential linear unit, `y = x` where `x > 0`, `α (eˣ − 1)` elsewhere.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Elu, Module};
/// use plywood_tensor::Tensor;
///
/// let y = Elu::default().forward(&Context::eval(), &Tensor::from([-1.0, 2.0]).into())?;
/// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[-0.6321, 2.0000]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.ELU`, with its `α` of 1. Clevert, Unterthiner and Hochreiter, *Fast and accurate deep network
/// learning by exponential linear units*, 2015.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[doc(alias = "ELU")]
pub struct Elu {
    alpha: f64,
}
activation!(Elu { alpha }, |layer, x| x.elu(Elem::of(layer.alpha)));

impl Elu {
    /// A unit that falls to `−alpha`.
    ///
    /// # Errors
    /// [`NnError::Setting`](crate::NnError::Setting) for an `alpha` that is not finite.
    pub fn new(alpha: f64) -> Result<Elu> {
        let layer = Elu { alpha };
        layer.check().map(|()| layer)
    }

    fn check(&self) -> Result<()> {
        finite("Elu", "alpha", self.alpha)
    }
}

impl Default for Elu {
    fn default() -> Elu {
        Elu { alpha: 1.0 }
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("Elu", || Ok(Elu::default())).avoid(&[0.0]),
        Row::layer("Elu", || Elu::new(0.5))
            .avoid(&[0.0])
            .refused([(|| Elu::new(f64::INFINITY).map(drop), "Elu: expected a finite alpha, got inf")]),
    ]
}
