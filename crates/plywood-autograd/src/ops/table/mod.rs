//! The table of operations: a row for each, the same checks for every row.

pub(crate) mod naive;
mod row;
mod run;
mod subsets;

pub(crate) use row::{Nan, Reference, Row};

/// Every row, from the files of the operations.
pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().copied().flatten()
}

const ROWS: &[&[Row]] = &[
    super::add::ROWS,
    super::axes::ROWS,
    super::broadcast_to::ROWS,
    super::concat::ROWS,
    super::cumsum::ROWS,
    super::div::ROWS,
    super::dot::ROWS,
    super::einsum::ROWS,
    super::flip::ROWS,
    super::gather::ROWS,
    super::index_select::ROWS,
    super::linear::ROWS,
    super::log_softmax::ROWS,
    super::logsumexp::ROWS,
    super::matmul::ROWS,
    super::max::ROWS,
    super::mean::ROWS,
    super::mul::ROWS,
    super::neg::ROWS,
    super::norm::ROWS,
    super::pad::ROWS,
    super::prod::ROWS,
    super::relu::ROWS,
    super::reshape::ROWS,
    super::scalar::ROWS,
    super::select::ROWS,
    super::slice::ROWS,
    super::softmax::ROWS,
    super::split::ROWS,
    super::sub::ROWS,
    super::sum::ROWS,
    super::tanh::ROWS,
    super::transpose::ROWS,
    super::variance::ROWS,
];
