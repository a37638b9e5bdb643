//! The loss of classifiers: a few classes, a vocabulary of letters, of ImageNet, of words.

use super::pass::both;
use crate::data::normal;
use crate::{Case, Streams, Work};
use plywood::autograd::ops::softmax_cross_entropy;
use plywood::prelude::*;
use std::hint::black_box;

/// Rows and classes.
const SHAPES: [[usize; 2]; 6] = [[32, 10], [128, 10], [768, 65], [128, 1000], [4096, 1000], [64, 50_257]];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for shape in SHAPES {
        let [rows, classes] = shape;
        let count = rows * classes;
        let inputs = move || {
            let stream = Seed(2).stream();
            let labels = (0..rows as u64).map(|row| stream.below(row, classes) as i64).collect();
            Ok::<_, Error>((normal(shape, 1)?, IntTensor::from_vec(labels, [rows])?))
        };
        let name = format!("forward/{rows}x{classes}");
        cases.push(Case::new(name, Work::traffic(Streams::Read, count, 1, 1), move || {
            let (logits, labels) = inputs()?;
            let logits = Var::constant(logits);
            Ok(move || {
                black_box(softmax_cross_entropy(black_box(&logits), &labels)?);
                Ok(())
            })
        }));
        // One visit could read the logits and write their gradient.
        let name = format!("forward_and_gradient/{rows}x{classes}");
        cases.push(Case::new(name, Work::traffic(Streams::Copy, count, 2, 2), move || {
            let (logits, labels) = inputs()?;
            let each = Tensor::full([rows], 1.0 / rows as Elem)?;
            Ok(move || both([&logits], &each, |[logits]| softmax_cross_entropy(logits, &labels)))
        }));
    }
    cases
}
