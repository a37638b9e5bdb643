//! The update rules, one to a file: formula, settings, one fused pass and test row together.

pub(crate) mod adadelta;
pub(crate) mod adafactor;
pub(crate) mod adagrad;
pub(crate) mod adam;
pub(crate) mod adamax;
pub(crate) mod adamw;
pub(crate) mod lamb;
pub(crate) mod lion;
pub(crate) mod muon;
pub(crate) mod muon_scale;
pub(crate) mod nadam;
pub(crate) mod radam;
pub(crate) mod rmsprop;
pub(crate) mod rprop;
pub(crate) mod sam;
pub(crate) mod sgd;

// What several of them share.
mod floor;
mod settle;

#[cfg(test)]
mod table;

use crate::error::expect;
use plywood_tensor::Result;

/// Refuses decay rates of running means that never forget, or that are none.
fn check_betas(owner: &str, (beta1, beta2): (f64, f64)) -> Result<()> {
    expect(owner, "a beta1 of at least 0 and below 1", beta1, (0.0..1.0).contains(&beta1))?;
    expect(owner, "a beta2 of at least 0 and below 1", beta2, (0.0..1.0).contains(&beta2))
}
