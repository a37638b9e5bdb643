//! The Gaussian error linear unit.

use super::activation::activation;
use plywood_tensor::Result;
use serde::{Deserialize, Serialize};

/// The Gaussian error linear unit, `y = x Φ(x)`, `Φ` being the normal distribution function.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Gelu, GeluForm, Module};
/// use plywood_tensor::Tensor;
///
/// let x = Tensor::from([-1.0, 2.0]).into();
/// let exact = Gelu::default().forward(&Context::eval(), &x)?;
/// assert_eq!(format!("{:.4?}", exact.value().as_slice()), "[-0.1587, 1.9545]");
/// let quick = Gelu::new(GeluForm::Tanh).forward(&Context::eval(), &x)?;
/// assert_eq!(format!("{:.4?}", quick.value().as_slice()), "[-0.1588, 1.9546]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.GELU`, whose default is the exact form too; `jax.nn.gelu` takes the other. Hendrycks and Gimpel,
/// *Gaussian error linear units*, 2016.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[doc(alias = "GELU")]
pub struct Gelu {
    form: GeluForm,
}
activation!(Gelu { form }, |layer, x| match layer.form {
    GeluForm::Erf => x.gelu(),
    GeluForm::Tanh => x.gelu_tanh(),
});

/// How a [`Gelu`] computes `Φ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum GeluForm {
    /// By the error function, `Φ(x) = (1 + erf(x / √2)) / 2`.
    #[default]
    Erf,
    /// `Φ(x) ≈ (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2`: PyTorch's `approximate="tanh"`, as in GPT-2.
    Tanh,
}

impl Gelu {
    /// A unit that computes `Φ` in this way; the default is exact.
    pub fn new(form: GeluForm) -> Gelu {
        Gelu { form }
    }

    #[allow(clippy::unused_self, clippy::unnecessary_wraps)] // every form is good
    fn check(&self) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::layer("Gelu", || Ok(Gelu::default())), Row::layer("Gelu", || Ok(Gelu::new(GeluForm::Tanh)))]
}
