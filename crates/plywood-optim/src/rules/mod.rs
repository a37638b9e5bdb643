//! The update rules, one to a file: formula, settings, one fused pass and test row together.

// In reading order: simple ones first, the one around others last.
pub(crate) mod adagrad;
pub(crate) mod adam;
pub(crate) mod adamw;
pub(crate) mod rmsprop;
pub(crate) mod sam;
pub(crate) mod sgd;

// What several of them share.
mod settle;

#[cfg(test)]
mod table;
