//! The table of operations: a row for each, the same checks for every row.

mod extremes;
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
    super::abs::ROWS,
    super::add::ROWS,
    super::against::ROWS,
    super::axes::ROWS,
    super::binary_cross_entropy::ROWS,
    super::binary_cross_entropy_with_logits::ROWS,
    super::broadcast_to::ROWS,
    super::clamp::ROWS,
    super::concat::ROWS,
    super::cos::ROWS,
    super::cumsum::ROWS,
    super::distribution_cross_entropy::ROWS,
    super::div::ROWS,
    super::dot::ROWS,
    super::einsum::ROWS,
    super::elu::ROWS,
    super::erf::ROWS,
    super::exp::ROWS,
    super::expm1::ROWS,
    super::flip::ROWS,
    super::gather::ROWS,
    super::gelu::ROWS,
    super::gelu_tanh::ROWS,
    super::hard_sigmoid::ROWS,
    super::hard_swish::ROWS,
    super::index_select::ROWS,
    super::leaky_relu::ROWS,
    super::linear::ROWS,
    super::ln::ROWS,
    super::log1p::ROWS,
    super::log_sigmoid::ROWS,
    super::log_softmax::ROWS,
    super::logsumexp::ROWS,
    super::matmul::ROWS,
    super::max::ROWS,
    super::maximum::ROWS,
    super::mean::ROWS,
    super::minimum::ROWS,
    super::mish::ROWS,
    super::mul::ROWS,
    super::neg::ROWS,
    super::norm::ROWS,
    super::pad::ROWS,
    super::pow::ROWS,
    super::prelu::ROWS,
    super::prod::ROWS,
    super::reciprocal::ROWS,
    super::relu::ROWS,
    super::relu6::ROWS,
    super::reshape::ROWS,
    super::scalar::ROWS,
    super::select::ROWS,
    super::select_where::ROWS,
    super::selu::ROWS,
    super::sigmoid::ROWS,
    super::sign::ROWS,
    super::silu::ROWS,
    super::sin::ROWS,
    super::slice::ROWS,
    super::softmax::ROWS,
    super::softmax_cross_entropy::ROWS,
    super::softplus::ROWS,
    super::softsign::ROWS,
    super::split::ROWS,
    super::sqrt::ROWS,
    super::square::ROWS,
    super::sub::ROWS,
    super::sum::ROWS,
    super::tanh::ROWS,
    super::transpose::ROWS,
    super::variance::ROWS,
];
