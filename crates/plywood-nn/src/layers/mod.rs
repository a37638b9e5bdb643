//! The layers, one to a file.

// In reading order: those with parameters, those that arrange, activations, those made of others.
pub(crate) mod linear;
pub(crate) mod normalization;

pub(crate) mod dropout;
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

#[cfg(test)]
mod table;
