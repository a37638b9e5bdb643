//! A rate that falls by half a wave.

use super::{Annealing, settings};
use crate::Schedule;
use plywood_tensor::Result;

/// Falls from 1 to a floor as a cosine does in half a turn: slowly, quickly, slowly; and stays there.
///
/// `factor(t) = floor + (1 − floor) · (1 + cos(π t / over)) / 2` until `t = over`
///
/// # Example
/// ```
/// use plywood_optim::Schedule;
/// use plywood_optim::schedules::Cosine;
///
/// let schedule = Cosine::new(30.0)?;
/// let rounded = |time| (schedule.factor(time) * 1e3).round() / 1e3;
/// assert_eq!([0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0].map(rounded), [1.0, 0.933, 0.75, 0.5, 0.25, 0.067, 0.0]);
/// assert_eq!(schedule.floor(0.01)?.factor(40.0), 0.01);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017, without the restarts. PyTorch:
/// `CosineAnnealingLR(T_max, eta_min)`, whose `eta_min` is a rate, not a share of one, and which rises again after `T_max`. Keras:
/// `CosineDecay(alpha=floor)`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "CosineAnnealingLR")]
#[doc(alias = "CosineDecay")]
pub struct Cosine {
    over: f64,
    floor: f64,
}

impl Cosine {
    /// Over so much time, down to 0.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) if it is not above 0, or not finite.
    pub fn new(over: f64) -> Result<Cosine> {
        Ok(Cosine { over: settings::length("Cosine", over)?, floor: 0.0 })
    }

    /// The share of the rate at which it ends; 0 unless set.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) if it is not from 0 to 1.
    #[doc(alias = "eta_min")]
    pub fn floor(self, floor: f64) -> Result<Cosine> {
        Ok(Cosine { floor: settings::floor("Cosine", floor)?, ..self })
    }
}

impl Schedule for Cosine {
    fn factor(&self, time: f64) -> f64 {
        if time < self.over {
            Annealing::Cosine.between(1.0, self.floor, time / self.over)
        } else {
            self.floor
        }
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Cosine",
    smooth: &[
        ("cosine", || Ok(Box::new(Cosine::new(50.0)?))),
        ("cosine_floor", || Ok(Box::new(Cosine::new(30.0)?.floor(0.05)?))),
    ],
    jumping: &[],
    errors: &[
        (|| Ok(Box::new(Cosine::new(0.0)?)), "Cosine: expected a finite length above 0, got 0"),
        (|| Ok(Box::new(Cosine::new(1.0)?.floor(-0.1)?)), "Cosine: expected a floor from 0 to 1, got -0.1"),
        (
            || Ok(Box::new(Cosine::new(1.0)?.floor(f64::NAN)?)),
            "Cosine: expected a floor from 0 to 1, got NaN",
        ),
    ],
};
