//! A rate that falls by a power.

use super::settings;
use crate::Schedule;
use crate::error::expect;
use plywood_tensor::{Result, math};

/// Falls from 1 to a floor by a power of the time that is left, and stays there.
///
/// `factor(t) = floor + (1 − floor) · (1 − t / over) ^ power` until `t = over`
///
/// # Example
/// ```
/// use plywood_optim::Schedule;
/// use plywood_optim::schedules::Polynomial;
///
/// let schedule = Polynomial::new(4.0, 2.0)?;
/// assert_eq!([0.0, 1.0, 2.0, 4.0, 9.0].map(|time| schedule.factor(time)), [1.0, 0.5625, 0.25, 0.0, 0.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch: `PolynomialLR(total_iters, power)`, down to 0. Keras: `PolynomialDecay`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "PolynomialLR")]
#[doc(alias = "PolynomialDecay")]
pub struct Polynomial {
    over: f64,
    power: f64,
    floor: f64,
}

impl Polynomial {
    /// Over so much time, by this power, down to 0.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) if one of them is not above 0, or not finite.
    pub fn new(over: f64, power: f64) -> Result<Polynomial> {
        let over = settings::length("Polynomial", over)?;
        expect("Polynomial", "a finite power above 0", power, power > 0.0 && power.is_finite())?;
        Ok(Polynomial { over, power, floor: 0.0 })
    }

    /// The share of the rate at which it ends; 0 unless set.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) if it is not from 0 to 1.
    #[doc(alias = "end_learning_rate")]
    pub fn floor(self, floor: f64) -> Result<Polynomial> {
        Ok(Polynomial { floor: settings::floor("Polynomial", floor)?, ..self })
    }
}

impl Schedule for Polynomial {
    fn factor(&self, time: f64) -> f64 {
        if time < self.over {
            self.floor + (1.0 - self.floor) * math::pow(1.0 - time / self.over, self.power)
        } else {
            self.floor
        }
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Polynomial",
    smooth: &[
        ("polynomial", || Ok(Box::new(Polynomial::new(36.0, 2.0)?))),
        ("polynomial_line", || Ok(Box::new(Polynomial::new(5.0, 1.0)?))),
        ("polynomial_root", || Ok(Box::new(Polynomial::new(45.0, 0.75)?))),
        ("polynomial_floor", || Ok(Box::new(Polynomial::new(30.0, 3.0)?.floor(0.1)?))),
    ],
    jumping: &[],
    errors: &[
        (|| Ok(Box::new(Polynomial::new(0.0, 1.0)?)), "Polynomial: expected a finite length above 0, got 0"),
        (|| Ok(Box::new(Polynomial::new(1.0, 0.0)?)), "Polynomial: expected a finite power above 0, got 0"),
        (
            || Ok(Box::new(Polynomial::new(1.0, 1.0)?.floor(2.0)?)),
            "Polynomial: expected a floor from 0 to 1, got 2",
        ),
    ],
};
