//! A metric at work.

use crate::{LossError, Metric};
use plywood_tensor::{Result, Tensor};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A metric and what it has counted so far.
///
/// ```
/// use plywood_losses::{Accuracy, Meter, MeterState};
/// use plywood_tensor::{IntTensor, Tensor};
///
/// let mut meter = Meter::new(Accuracy);
/// meter.update(&Tensor::from([[0.9], [0.2]]), &IntTensor::from([1, 1]), None)?;
/// assert_eq!(meter.value(), 0.5);
///
/// // Saved, loaded and continued.
/// let saved: MeterState = meter.state().clone();
/// let mut again = Meter::new(Accuracy);
/// again.load_state(saved)?;
/// again.update(&Tensor::from([[0.8], [0.7]]), &IntTensor::from([1, 1]), None)?;
/// assert_eq!(again.value(), 0.75);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
pub struct Meter<Y: ?Sized> {
    metric: Arc<dyn Metric<Y>>,
    state: MeterState,
}

/// What a metric has counted so far, for a file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MeterState {
    /// The name of the metric.
    pub metric: String,
    /// Its counts; only the metric knows what they mean.
    pub counts: Vec<f64>,
}

impl<Y: ?Sized> Meter<Y> {
    /// A metric that has counted nothing.
    pub fn new(metric: impl Metric<Y> + 'static) -> Self {
        Meter::from(Box::new(metric) as Box<dyn Metric<Y>>)
    }

    /// The same under another name, to tell it from a metric of the same kind.
    ///
    /// ```
    /// use plywood_losses::{Accuracy, Meter};
    /// use plywood_tensor::IntTensor;
    ///
    /// let meter = Meter::<IntTensor>::new(Accuracy).named("share of hits");
    /// assert_eq!(meter.name(), "share of hits");
    /// ```
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.state.metric = name.into();
        self
    }

    /// The name of the metric.
    pub fn name(&self) -> &str {
        &self.state.metric
    }

    /// The metric.
    pub fn metric(&self) -> &dyn Metric<Y> {
        &*self.metric
    }

    /// Counts a batch; `weights`, `[N]`, says how much each sample counts.
    ///
    /// # Errors
    /// As [`Metric::update`].
    pub fn update(&mut self, prediction: &Tensor, target: &Y, weights: Option<&Tensor>) -> Result<()> {
        self.metric.update(&mut self.state.counts, prediction, target, weights)
    }

    /// The figure for all batches since the start; NaN if there were none.
    pub fn value(&self) -> f64 {
        self.metric.value(&self.state.counts)
    }

    /// Forgets what was counted.
    pub fn reset(&mut self) {
        self.state.counts.clear();
    }

    /// What was counted, for saving.
    pub fn state(&self) -> &MeterState {
        &self.state
    }

    /// Goes on from a saved state.
    ///
    /// # Errors
    /// [`LossError::State`] for the state of a metric of another name.
    pub fn load_state(&mut self, state: MeterState) -> Result<()> {
        if state.metric != self.state.metric {
            let (metric, got) = (self.state.metric.clone(), format!("that of {}", state.metric));
            return Err(LossError::State { metric, got }.into());
        }
        self.state = state;
        Ok(())
    }
}

impl<Y: ?Sized> From<Box<dyn Metric<Y>>> for Meter<Y> {
    fn from(metric: Box<dyn Metric<Y>>) -> Self {
        let state = MeterState { metric: metric.name(), counts: Vec::new() };
        Meter { metric: metric.into(), state }
    }
}

impl<Y: ?Sized> Clone for Meter<Y> {
    fn clone(&self) -> Self {
        Meter { metric: self.metric.clone(), state: self.state.clone() }
    }
}

impl<Y: ?Sized> fmt::Debug for Meter<Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name(), self.value())
    }
}
