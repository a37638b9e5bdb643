//! Targets that do not vary, or never occur.

use super::Finding;
use plywood_data::Samples;
use plywood_tensor::{Float, IntTensor, Tensor};
use std::any::Any;
use std::collections::BTreeMap;

/// What targets were seen.
#[derive(Default)]
pub(super) struct Labels {
    /// How often each label was.
    pub(super) counts: BTreeMap<i64, usize>,
    range: Option<(f64, f64)>,
    samples: usize,
}

impl Labels {
    pub(super) fn see<Y: Samples>(&mut self, y: &Y) {
        self.samples += y.count();
        if let Some(labels) = (y as &dyn Any).downcast_ref::<IntTensor>() {
            labels.as_slice().iter().for_each(|&label| *self.counts.entry(label).or_default() += 1);
        }
        if let Some(targets) = (y as &dyn Any).downcast_ref::<Tensor>() {
            for target in targets.as_slice().iter().map(|y| y.to_f64()) {
                let (low, high) = self.range.unwrap_or((target, target));
                self.range = Some((low.min(target), high.max(target)));
            }
        }
    }

    pub(super) fn check<Y: Samples>(&self, prediction: &Tensor, y: &Y, findings: &mut Vec<Finding>) {
        let samples = self.samples;
        let single = self.counts.first_key_value().filter(|_| self.counts.len() == 1);
        let single = single.map(|(&label, _)| label as f64);
        let constant = self.range.filter(|(low, high)| low == high).map(|(low, _)| low);
        if let Some(target) = single.or(constant).filter(|_| samples >= 16) {
            findings.push(Finding::ConstantTargets { target, samples });
            return;
        }
        let Some(of) = classes(prediction, y).filter(|classes| samples >= 20 * classes) else { return };
        let classes: Vec<usize> =
            (0..of).filter(|&class| !self.counts.contains_key(&(class as i64))).collect();
        if !classes.is_empty() {
            findings.push(Finding::MissingClasses { classes, of, samples });
        }
    }
}

/// How many classes a prediction has a number for, where the targets are class labels.
pub(super) fn classes<Y: Samples>(prediction: &Tensor, y: &Y) -> Option<usize> {
    let labels = (y as &dyn Any).downcast_ref::<IntTensor>()?;
    let (&classes, rows) = prediction.shape().split_last()?;
    (classes > 1 && rows == &**labels.shape()).then_some(classes)
}
