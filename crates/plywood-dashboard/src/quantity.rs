//! Something that is measured.

use crate::series::Series;

/// Something that is measured: the loss, a metric, the learning rate.
#[derive(Debug, Clone)]
pub(crate) struct Quantity {
    pub(crate) name: String,
    /// Whether more of it is better.
    pub(crate) higher: bool,
    /// The latest values.
    pub(crate) training: Option<f64>,
    pub(crate) validation: Option<f64>,
    /// The best at the end of an epoch, of validation if there is one, and the epoch.
    pub(crate) best: Option<(f64, usize)>,
    pub(crate) training_curve: Series,
    pub(crate) validation_curve: Series,
}

impl Quantity {
    pub(crate) fn new(name: &str, higher: bool) -> Quantity {
        Quantity {
            name: name.to_owned(),
            higher,
            training: None,
            validation: None,
            best: None,
            training_curve: Series::new(),
            validation_curve: Series::new(),
        }
    }

    /// At the end of an epoch, how it did in training and in validation.
    pub(crate) fn end_epoch(&mut self, epoch: usize, training: f64, validation: Option<f64>) {
        self.training = Some(training);
        self.validation = validation;
        if let Some(value) = validation {
            self.validation_curve.push(epoch as f64, value);
        }
        let value = validation.unwrap_or(training);
        let better = |best: f64| if self.higher { value > best } else { value < best };
        if value.is_finite() && self.best.is_none_or(|(best, _)| better(best)) {
            self.best = Some((value, epoch));
        }
    }
}
