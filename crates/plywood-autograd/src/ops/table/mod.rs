//! The table of operations: a row for each, the same checks for every row.

mod extremes;
pub(crate) mod naive;
mod row;
mod run;

pub(crate) use row::{Nan, Reference, Row};

/// Every row, from the files of the operations.
pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().copied().flatten()
}

const ROWS: &[&[Row]] = &[
    super::abs::ROWS,
    super::add::ROWS,
    super::broadcast_to::ROWS,
    super::clamp::ROWS,
    super::cos::ROWS,
    super::div::ROWS,
    super::elu::ROWS,
    super::erf::ROWS,
    super::exp::ROWS,
    super::expm1::ROWS,
    super::gelu::ROWS,
    super::gelu_tanh::ROWS,
    super::hard_sigmoid::ROWS,
    super::hard_swish::ROWS,
    super::leaky_relu::ROWS,
    super::linear::ROWS,
    super::ln::ROWS,
    super::log1p::ROWS,
    super::log_sigmoid::ROWS,
    super::matmul::ROWS,
    super::maximum::ROWS,
    super::minimum::ROWS,
    super::mish::ROWS,
    super::mul::ROWS,
    super::neg::ROWS,
    super::pow::ROWS,
    super::prelu::ROWS,
    super::reciprocal::ROWS,
    super::relu6::ROWS,
    super::relu::ROWS,
    super::reshape::ROWS,
    super::scalar::ROWS,
    super::select_where::ROWS,
    super::selu::ROWS,
    super::sigmoid::ROWS,
    super::sign::ROWS,
    super::silu::ROWS,
    super::sin::ROWS,
    super::softplus::ROWS,
    super::softsign::ROWS,
    super::sqrt::ROWS,
    super::square::ROWS,
    super::sub::ROWS,
    super::sum::ROWS,
    super::tanh::ROWS,
    super::transpose::ROWS,
    super::against::ROWS,
    super::binary_cross_entropy::ROWS,
    super::binary_cross_entropy_with_logits::ROWS,
    super::distribution_cross_entropy::ROWS,
    super::softmax_cross_entropy::ROWS,
];
