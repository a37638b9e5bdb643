//! The table of layers: rows from each layer's file, the same checks for every row.

pub(crate) mod hostile;
mod row;
mod run;

pub(super) use row::Row;

/// Every row, from the files of the layers.
fn rows() -> Vec<Row> {
    let rows = [
        super::adaptive_average_pool::rows(),
        super::adaptive_max_pool::rows(),
        super::average_pool::rows(),
        super::batch_norm::rows(),
        super::channel_dropout::rows(),
        super::dropout::rows(),
        super::elu::rows(),
        super::flatten::rows(),
        super::gelu::rows(),
        super::global_average_pool::rows(),
        super::global_max_pool::rows(),
        super::group_norm::rows(),
        super::hard_sigmoid::rows(),
        super::hard_swish::rows(),
        super::identity::rows(),
        super::instance_norm::rows(),
        super::layer_norm::rows(),
        super::leaky_relu::rows(),
        super::linear::rows(),
        super::log_sigmoid::rows(),
        super::log_softmax::rows(),
        super::conv_transpose::rows(),
        super::convolution::rows(),
        super::max_pool::rows(),
        super::mish::rows(),
        super::normalization::rows(),
        super::pixel_shuffle::rows(),
        super::pixel_unshuffle::rows(),
        super::prelu::rows(),
        super::relu6::rows(),
        super::relu::rows(),
        super::reshape::rows(),
        super::residual::rows(),
        super::rms_norm::rows(),
        super::selu::rows(),
        super::sequential::rows(),
        super::sigmoid::rows(),
        super::silu::rows(),
        super::softmax::rows(),
        super::softplus::rows(),
        super::softsign::rows(),
        super::squeeze_excite::rows(),
        super::stochastic_depth::rows(),
        super::tanh::rows(),
        super::upsample::rows(),
    ];
    rows.into_iter().flatten().collect()
}
