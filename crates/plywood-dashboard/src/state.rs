//! What is shown.

use crate::moment::Moment;
use crate::quantity::Quantity;
use crate::series::Series;
use plywood_train::EpochRecord;

/// What is shown: everything that the picture depends on, but for its size.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) now: Moment,
    /// How many epochs are done.
    pub(crate) done: usize,
    pub(crate) loss: Quantity,
    /// The metrics, and the learning rate at last.
    pub(crate) others: Vec<Quantity>,
    /// Which of the others has a picture.
    pub(crate) chosen: usize,
    pub(crate) logarithmic: bool,
    pub(crate) phase: Phase,
    /// How long it runs, in seconds.
    pub(crate) elapsed: f64,
    /// The most memory that was in use, in bytes, where that is known.
    pub(crate) memory: Option<u64>,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Running,
    /// The user has asked for its end.
    Stopping,
    Complete,
    StoppedByKey,
    /// By a signal.
    Interrupted,
    /// By some callback.
    Stopped,
    Failed,
}

const LEARNING_RATE: &str = "learning rate";

impl State {
    /// At the beginning of a training.
    pub(crate) fn new(now: Moment) -> State {
        let metrics = now.metrics.iter().map(|(name, _, higher)| Quantity::new(name, *higher));
        State {
            done: now.epoch,
            loss: Quantity::new("loss", false),
            others: metrics.chain([Quantity::new(LEARNING_RATE, false)]).collect(),
            chosen: 0,
            logarithmic: false,
            phase: Phase::Running,
            elapsed: 0.0,
            memory: None,
            now,
        }
    }

    /// In the midst of an epoch.
    pub(crate) fn tell(&mut self, now: Moment) {
        let time = now.time();
        self.loss.training = Some(now.loss);
        if let Some(recent) = now.recent_loss {
            self.loss.training_curve.push(time, recent);
        }
        for (name, value, _) in &now.metrics {
            if let Some(metric) = self.others.iter_mut().find(|other| other.name == *name) {
                metric.training = Some(*value);
                if metric.best.is_none() {
                    metric.training_curve.push(time, *value);
                }
            }
        }
        self.learning_rate(time, now.learning_rate);
        self.now = now;
    }

    /// Epoch, batch and step, without anything that is measured.
    pub(crate) fn move_to(&mut self, (epoch, batch, step): (usize, usize, u64)) {
        (self.now.epoch, self.now.batch, self.now.step) = (epoch, batch, step);
    }

    /// At the end of an epoch, with the mean loss of the batches of which nothing was told yet.
    pub(crate) fn end_epoch(&mut self, record: &EpochRecord, left: f64, recent_loss: Option<f64>) {
        let epoch = record.epoch;
        if let Some(recent) = recent_loss {
            self.loss.training_curve.push(epoch as f64, recent);
        }
        let validation = |name: &str| record.validation.as_ref().and_then(|scores| scores.get(name));
        self.loss.end_epoch(epoch, record.training.loss(), validation("loss"));
        for (name, value) in record.training.metrics() {
            if let Some(metric) = self.others.iter_mut().find(|other| other.name == name) {
                // What was measured of half an epoch gives way to what was measured of whole ones.
                if metric.best.is_none() {
                    metric.training_curve = Series::new();
                }
                metric.end_epoch(epoch, value, validation(name));
                metric.training_curve.push(epoch as f64, value);
            }
        }
        self.learning_rate(epoch as f64, record.learning_rate);
        self.done = epoch;
        (self.now.epoch, self.now.batch, self.now.left) = (epoch, self.now.batches, left);
    }

    fn learning_rate(&mut self, time: f64, rate: f64) {
        if let Some(last) = self.others.last_mut() {
            last.training = Some(rate);
            last.training_curve.push(time, rate);
        }
    }

    /// Shows another of the others.
    pub(crate) fn choose(&mut self, forward: bool) {
        let count = self.others.len().max(1);
        self.chosen = (self.chosen + if forward { 1 } else { count - 1 }) % count;
    }

    /// The quantity that has the second picture.
    pub(crate) fn second(&self) -> Option<&Quantity> {
        self.others.get(self.chosen)
    }

    pub(crate) fn is_over(&self) -> bool {
        !matches!(self.phase, Phase::Running | Phase::Stopping)
    }
}
