//! Units that are dead or saturated.

use super::Finding;
use super::look::{Look, width};
use plywood_tensor::{Elem, Tensor};

/// Fewer samples say too little.
const ENOUGH: usize = 16;

pub(super) fn check(look: &Look<'_>, samples: usize, findings: &mut Vec<Finding>) {
    for result in look.results.iter().filter(|_| samples >= ENOUGH) {
        let (op, y) = (result.operation.op, &result.output);
        if y.numel() == 0 {
            continue;
        }
        let operation = || look.operation(result.operation);
        if is(op, "relu") || op == "relu6" {
            let (units, dead) = (width(y), dead(y));
            if 4 * dead >= 3 * units {
                findings.push(Finding::DeadUnits { operation: operation(), dead, units, samples });
            }
        }
        // What the model ends in may well be sure of itself.
        let share = match op {
            _ if look.is_prediction(result) => 0.0,
            _ if is(op, "tanh") => share(y, |y| y.abs() > 0.99),
            _ if is(op, "sigmoid") => share(y, |y| !(0.01..=0.99).contains(&y)),
            _ => 0.0,
        };
        if share >= 0.5 {
            findings.push(Finding::Saturated { operation: operation(), share });
        }
    }
}

/// Whether this is the activation, or a layer that ends in it.
pub(super) fn is(op: &str, activation: &str) -> bool {
    let layer = op.strip_suffix(activation).and_then(|layer| layer.strip_suffix('_'));
    op == activation || layer.is_some_and(|layer| ["linear", "conv", "batch_norm"].contains(&layer))
}

/// How many units, along the last axis, are 0 in every row.
fn dead(y: &Tensor) -> usize {
    let mut alive = vec![false; width(y)];
    for row in y.as_slice().chunks(alive.len()) {
        alive.iter_mut().zip(row).for_each(|(alive, &y)| *alive |= y != 0.0);
    }
    alive.iter().filter(|&&alive| !alive).count()
}

fn share(y: &Tensor, beyond: impl Fn(Elem) -> bool) -> f64 {
    y.as_slice().iter().filter(|&&y| beyond(y)).count() as f64 / y.numel() as f64
}
