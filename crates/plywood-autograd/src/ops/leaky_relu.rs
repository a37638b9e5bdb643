//! The rectifier that lets a little through.

use crate::Var;
use plywood_tensor::Elem;

impl Var {
    /// `y = x` where `x > 0`, `s x` elsewhere, for a slope `s`.
    ///
    /// Gradient: `∂x = g` where `x > 0`, `s g` elsewhere, at the kink too (as PyTorch).
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([-2.0, 0.0, 2.0])).leaky_relu(0.25);
    /// assert_eq!(y.value().as_slice(), [-0.5, 0.0, 2.0]);
    /// ```
    /// # References
    /// Maas et al., "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.
    /// The default slope is 0.01 in PyTorch and 0.3 in Keras.
    pub fn leaky_relu(&self, negative_slope: Elem) -> Var {
        let slope = move |x| if x > 0.0 { 1.0 } else { negative_slope };
        self.by_input(
            "leaky_relu",
            move |x| x * slope(x),
            slope,
            move |x| Var::constant(x.value().map(slope)),
        )
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = &[super::table::Row::unary(
    "leaky_relu",
    |x| Ok(x[0].leaky_relu(0.25)),
    |x| if x > 0.0 { x } else { 0.25 * x },
)
.avoid(&[0.0])
.kinks(&[(0.0, 0.25)])];
