//! A rate that stays as it is.

use super::settings;
use crate::Schedule;
use plywood_tensor::Result;

/// The same factor at all times: `factor(t) = c`.
///
/// # Example
/// ```
/// use plywood_optim::Schedule;
/// use plywood_optim::schedules::{Constant, Sequence};
///
/// assert_eq!(Constant::new(0.5)?.factor(1000.0), 0.5);
///
/// // A third of the rate for five epochs, then all of it.
/// let schedule = Sequence::new(Constant::new(1.0 / 3.0)?).then(5.0, Constant::default())?;
/// assert_eq!([0.0, 4.9, 5.0].map(|time| schedule.factor(time)), [1.0 / 3.0, 1.0 / 3.0, 1.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch's `ConstantLR` returns to 1 after a while: see the example.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "ConstantLR")]
pub struct Constant(f64);

impl Constant {
    /// This factor, at least 0.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) if it is negative or not finite.
    pub fn new(factor: f64) -> Result<Constant> {
        Ok(Constant(settings::factor("Constant", factor)?))
    }
}

impl Default for Constant {
    /// The learning rate as it was given: a factor of 1.
    fn default() -> Constant {
        Constant(1.0)
    }
}

impl Schedule for Constant {
    fn factor(&self, _: f64) -> f64 {
        self.0
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Constant",
    smooth: &[],
    jumping: &[("constant", || {
        Ok(Box::new(super::Sequence::new(Constant::new(0.25)?).then(7.0, Constant::default())?))
    })],
    errors: &[
        (|| Ok(Box::new(Constant::new(-0.5)?)), "Constant: expected a finite factor of at least 0, got -0.5"),
        (
            || Ok(Box::new(Constant::new(f64::NAN)?)),
            "Constant: expected a finite factor of at least 0, got NaN",
        ),
    ],
};
