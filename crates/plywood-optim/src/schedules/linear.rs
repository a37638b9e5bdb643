//! A rate that goes straight from one number to another.

use super::settings;
use crate::Schedule;
use plywood_tensor::Result;

/// Goes straight from one factor to another, and stays there.
///
/// `factor(t) = from + (to − from) · min(t / over, 1)`
///
/// # Example
/// ```
/// use plywood_optim::Schedule;
/// use plywood_optim::schedules::Linear;
///
/// let schedule = Linear::new(1.0, 0.0, 8.0)?;
/// assert_eq!([0.0, 2.0, 4.0, 8.0, 9.0].map(|time| schedule.factor(time)), [1.0, 0.75, 0.5, 0.0, 0.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch: `LinearLR(start_factor, end_factor, total_iters)`. Keras: `PolynomialDecay` with `power=1`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "LinearLR")]
pub struct Linear {
    from: f64,
    to: f64,
    over: f64,
}

impl Linear {
    /// From one factor to another, over so much time.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) for a factor below 0, a time that is not above 0, and what is not
    /// finite.
    pub fn new(from: f64, to: f64, over: f64) -> Result<Linear> {
        let [from, to] = [settings::factor("Linear", from)?, settings::factor("Linear", to)?];
        Ok(Linear { from, to, over: settings::length("Linear", over)? })
    }
}

impl Schedule for Linear {
    fn factor(&self, time: f64) -> f64 {
        if time < self.over { self.from + (self.to - self.from) * (time / self.over) } else { self.to }
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Linear",
    smooth: &[
        ("linear_up", || Ok(Box::new(Linear::new(1.0 / 3.0, 1.0, 5.0)?))),
        ("linear_down", || Ok(Box::new(Linear::new(1.0, 0.1, 30.0)?))),
    ],
    jumping: &[],
    errors: &[
        (
            || Ok(Box::new(Linear::new(1.0, -1.0, 5.0)?)),
            "Linear: expected a finite factor of at least 0, got -1",
        ),
        (
            || Ok(Box::new(Linear::new(f64::INFINITY, 1.0, 5.0)?)),
            "Linear: expected a finite factor of at least 0, got inf",
        ),
        (|| Ok(Box::new(Linear::new(1.0, 0.0, -5.0)?)), "Linear: expected a finite length above 0, got -5"),
    ],
};
