//! The two checks.

use super::differences::{derivatives, weights};
use crate::graph::grad::grad;
use crate::{AutogradError, Var};
use plywood_tensor::{Error, Result, Tensor};

/// Compares the first derivatives of any function with differences of its values.
///
/// Every element of every input is moved a little to both sides, so give it small inputs, away from kinks. Differences
/// have an error of their own: built with `--cfg plywood_f64` they must agree to 1e-8 of the largest
/// derivative, in single precision to 2e-3.
///
/// ```
/// use plywood_autograd::{Keep, Var, gradcheck};
/// use plywood_tensor::Tensor;
///
/// let x = Tensor::from([0.5, 2.0]);
/// gradcheck(|x| x[0].mul(&x[0]), &[x.clone()])?;
///
/// // A rule that forgets a factor of 2:
/// let wrong = |x: &[Var]| {
///     let y = x[0].value().square();
///     Ok(Var::record("square", Keep::Inputs, [&x[0]], y, |[x], _, g| [x.wants(|| g.mul(x))]))
/// };
/// let message = gradcheck(wrong, &[x]).unwrap_err().to_string();
/// assert!(message.starts_with("gradcheck: input 0, element 0: analytic "));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`AutogradError::Mismatch`](crate::AutogradError::Mismatch) names the first element that differs; errors of `f`.
pub fn gradcheck(f: impl Fn(&[Var]) -> Result<Var>, inputs: &[Tensor]) -> Result<()> {
    derivatives(&f, inputs)?.compare("gradcheck")
}

/// Compares the second derivatives of any function with differences of its first.
///
/// # Errors
/// As [`gradcheck`].
pub fn gradgradcheck(f: impl Fn(&[Var]) -> Result<Var>, inputs: &[Tensor]) -> Result<()> {
    derivatives(&slopes(&f), inputs)?.compare("gradgradcheck")
}

/// The function `x ↦ Σᵢ ⟨∂⟨f(x), v⟩/∂xᵢ, wᵢ⟩` with fixed `v` and `w`, which depends on all first derivatives of `f`.
pub(crate) fn slopes<'a>(f: &'a dyn Fn(&[Var]) -> Result<Var>) -> impl Fn(&[Var]) -> Result<Var> + 'a {
    move |inputs| {
        // Differences are taken of constants, but to differentiate they must be variables.
        let inputs: Vec<Var> = inputs
            .iter()
            .map(|x| if x.is_recorded() { x.clone() } else { Var::variable(x.value().clone()) })
            .collect();
        let y = f(&inputs)?;
        let y = y.mul(&weights(y.value())?.into())?.sum();
        let mut total = Var::constant(Tensor::from(0.0));
        for input in &inputs {
            let gradient = match grad(&y, &[input], true) {
                Ok(mut gradients) => gradients.remove(0),
                Err(error) if is_without_influence(&error) => continue, // it adds nothing
                Err(error) => return Err(error),
            };
            total = total.add(&gradient.mul(&weights(gradient.value())?.into())?.sum())?;
        }
        Ok(total)
    }
}

/// Whether the error says that the result does not depend on the input: its derivative is 0 then.
pub(super) fn is_without_influence(error: &Error) -> bool {
    matches!(error.source_as(), Some(AutogradError::Unused { .. } | AutogradError::Constant { .. }))
}
