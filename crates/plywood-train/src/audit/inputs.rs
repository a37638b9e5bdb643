//! Inputs that are not scaled, or say nothing.

use super::Finding;
use super::look::{Look, width};
use plywood_autograd::Observed;
use plywood_data::Samples;
use plywood_tensor::{Elem, Float, Shape, Tensor};
use std::any::Any;
use std::collections::BTreeMap;

/// Looks at what enters the first layer, behind a normalisation if there is one.
pub(super) fn check_scale(look: &Look<'_>, findings: &mut Vec<Finding>) {
    let first = look.results.iter().find(|result| result.operation.inside);
    let Some((first, x)) = first.and_then(|first| Some((first, first.input.as_ref()?))) else { return };
    // One that normalises takes anything.
    if !["linear", "conv", "matmul"].iter().any(|op| first.operation.op.starts_with(op)) || x.numel() == 0 {
        return;
    }
    let layer = look.operation(first.operation).layer.unwrap_or_default();
    let (features, rows) = (width(x), (x.numel() / width(x)) as f64);
    let (mut sums, mut squares) = (vec![0.0; features], vec![0.0; features]);
    for row in x.as_slice().chunks(features) {
        row.iter().zip(&mut sums).for_each(|(x, sum)| *sum += x.to_f64() / rows);
    }
    for row in x.as_slice().chunks(features) {
        let pairs = row.iter().zip(&sums).zip(&mut squares);
        pairs.for_each(|((x, mean), square)| *square += (x.to_f64() - mean).powi(2) / rows);
    }
    let size = (sums.iter().zip(&squares).map(|(mean, square)| mean * mean + square).sum::<f64>()
        / features as f64)
        .sqrt();
    if size > 30.0 {
        findings.push(Finding::Large { layer, size });
        return;
    }
    let ratio = |feature: &usize| sums[*feature].abs() / squares[*feature].sqrt();
    let off = (0..features).filter(|&feature| squares[feature] > 0.0 && sums[feature].abs() > 3.0);
    let off: Vec<usize> = off.filter(|feature| ratio(feature) > 10.0).collect();
    if let Some(&feature) = off.iter().max_by(|a, b| ratio(a).total_cmp(&ratio(b))) {
        let (mean, deviation) = (sums[feature], squares[feature].sqrt());
        findings.push(Finding::OffCentre { layer, feature, mean, deviation, count: off.len() });
    }
}

/// Looks at the shape of what enters the first convolution.
pub(super) fn check_channels(look: &Look<'_>, findings: &mut Vec<Finding>) {
    let is_convolution =
        |result: &&Observed| result.operation.inside && result.operation.op.starts_with("conv");
    let first = look.results.iter().find(is_convolution);
    let Some((first, x)) = first.and_then(|first| Some((first, first.input.as_ref()?))) else { return };
    let &[_, rows, columns, channels] = &x.shape()[..] else { return };
    let like_channels = (3..=4).contains(&rows) || rows == 1 && columns == channels;
    if like_channels && columns > 4 && channels > 4 {
        let layer = look.operation(first.operation).layer.unwrap_or_default();
        if let Ok(shape) = Shape::new(&[rows, columns, channels]) {
            findings.push(Finding::ChannelsFirst { layer, shape });
        }
    }
}

/// The columns of a table that have not changed so far.
#[derive(Default)]
pub(super) struct Features {
    first: Option<Tensor>,
    constant: Vec<bool>,
    samples: usize,
    /// Whether batches had rows of different length, as texts have, in which a column is no feature.
    uneven: bool,
}

impl Features {
    pub(super) fn see<X: Samples>(&mut self, x: &X) {
        let Some(x) = (x as &dyn Any).downcast_ref::<Tensor>() else { return };
        if x.shape().rank() != 2 || x.numel() == 0 {
            return;
        }
        let features = width(x);
        let first = self.first.get_or_insert_with(|| x.clone());
        if width(first) != features {
            self.uneven = true;
            return;
        }
        self.constant.resize(features, true);
        for row in x.as_slice().chunks(features) {
            for ((constant, &x), &first) in self.constant.iter_mut().zip(row).zip(first.as_slice()) {
                *constant &= x == first;
            }
        }
        self.samples += x.shape()[0];
    }

    pub(super) fn check(&self, findings: &mut Vec<Finding>) {
        let (Some(first), of, samples) = (&self.first, self.constant.len(), self.samples) else { return };
        if samples < 16 || self.uneven {
            return;
        }
        let mut features: Vec<usize> = (0..of).filter(|&feature| self.constant[feature]).collect();
        if 2 * features.len() < of {
            // The background of pictures is no mistake.
            let value = |feature: &usize| -> Elem { first.as_slice()[*feature] };
            let mut counts = BTreeMap::new();
            features.iter().for_each(|feature| *counts.entry(value(feature).to_bits()).or_insert(0) += 1);
            features.retain(|feature| value(feature) != 0.0 && counts[&value(feature).to_bits()] == 1);
        }
        if !features.is_empty() {
            findings.push(Finding::ConstantFeatures { features, of, samples });
        }
    }
}
