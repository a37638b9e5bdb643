//! The layers, one to a file.

// In reading order: those with parameters, those of images, those that normalise, drop and arrange, activations, those made of others.
pub(crate) mod linear;
pub(crate) mod normalization;

pub(crate) mod adaptive_average_pool;
pub(crate) mod adaptive_max_pool;
pub(crate) mod affine;
pub(crate) mod average_pool;
pub(crate) mod conv_transpose;
pub(crate) mod convolution;
pub(crate) mod global_average_pool;
pub(crate) mod global_max_pool;
pub(crate) mod max_pool;
pub(crate) mod padding_mode;
pub(crate) mod pixel_shuffle;
pub(crate) mod pixel_unshuffle;
pub(crate) mod sides;
pub(crate) mod upsample;

pub(crate) mod batch_norm;
pub(crate) mod group_norm;
pub(crate) mod instance_norm;
pub(crate) mod layer_norm;
pub(crate) mod rms_norm;

pub(crate) mod channel_dropout;
pub(crate) mod dropout;
pub(crate) mod stochastic_depth;

pub(crate) mod flatten;
pub(crate) mod identity;
pub(crate) mod reshape;

mod activation;
pub(crate) mod elu;
pub(crate) mod gelu;
pub(crate) mod hard_sigmoid;
pub(crate) mod hard_swish;
pub(crate) mod leaky_relu;
pub(crate) mod log_sigmoid;
pub(crate) mod log_softmax;
pub(crate) mod mish;
pub(crate) mod prelu;
pub(crate) mod relu;
pub(crate) mod relu6;
pub(crate) mod selu;
pub(crate) mod sigmoid;
pub(crate) mod silu;
pub(crate) mod softmax;
pub(crate) mod softplus;
pub(crate) mod softsign;
pub(crate) mod tanh;

pub(crate) mod residual;
pub(crate) mod sequential;
pub(crate) mod squeeze_excite;

#[cfg(test)]
pub(crate) mod table;
