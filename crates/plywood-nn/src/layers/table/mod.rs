//! The table of layers: rows from each layer's file, the same checks for every row.

mod row;
mod run;

pub(super) use row::Row;

/// Every row, from the files of the layers.
fn rows() -> Vec<Row> {
    let rows = [
        super::dropout::rows(),
        super::elu::rows(),
        super::flatten::rows(),
        super::gelu::rows(),
        super::hard_sigmoid::rows(),
        super::hard_swish::rows(),
        super::identity::rows(),
        super::leaky_relu::rows(),
        super::linear::rows(),
        super::log_sigmoid::rows(),
        super::log_softmax::rows(),
        super::mish::rows(),
        super::normalization::rows(),
        super::prelu::rows(),
        super::relu::rows(),
        super::relu6::rows(),
        super::reshape::rows(),
        super::residual::rows(),
        super::selu::rows(),
        super::sequential::rows(),
        super::sigmoid::rows(),
        super::silu::rows(),
        super::softmax::rows(),
        super::softplus::rows(),
        super::softsign::rows(),
        super::tanh::rows(),
    ];
    rows.into_iter().flatten().collect()
}
