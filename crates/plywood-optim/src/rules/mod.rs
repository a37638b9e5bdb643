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
