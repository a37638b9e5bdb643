//! The differentiable operations, one to a file: formula, forward, gradient and test row together.
//!
//! They are methods of [`Var`](crate::Var); what can fail on shapes returns a `Result`.

// The loops that operations on numbers are made of.
mod passes;

// In reading order: arithmetic, functions of one number, activations, sums and their kin, axes, parts, products; images
// and fused ones last.
mod add;
mod div;
mod maximum;
mod minimum;
mod mul;
mod neg;
mod operators;
mod pow;
mod reciprocal;
mod scalar;
mod select_where;
mod sub;

mod abs;
mod clamp;
mod cos;
mod erf;
mod exp;
mod expm1;
mod ln;
mod log1p;
mod sign;
mod sin;
mod sqrt;
mod square;

mod elu;
mod gelu;
mod gelu_tanh;
mod hard_sigmoid;
mod hard_swish;
mod leaky_relu;
mod log_sigmoid;
mod mish;
mod prelu;
mod relu;
mod relu6;
mod selu;
mod sigmoid;
mod silu;
mod softplus;
mod softsign;
mod tanh;

mod cumsum;
mod max;
mod mean;
mod norm;
mod prod;
mod sum;
mod variance;

mod axes;
mod broadcast_to;
mod flip;
mod reshape;
mod transpose;

mod concat;
mod gather;
mod index_select;
mod pad;
mod select;
mod slice;
mod split;

mod dot;
mod einsum;
mod matmul;

mod log_softmax;
mod logsumexp;
mod softmax;

mod conv;
mod conv_transpose;
pub(crate) mod linear;

mod average_pool;
mod max_pool;
mod pixel_shuffle;
mod upsample;

pub(crate) mod batch_norm;
mod finish;
mod group_norm;
mod layer_norm;
mod rms_norm;

mod against;
mod binary_cross_entropy;
mod binary_cross_entropy_with_logits;
mod distribution_cross_entropy;
mod softmax_cross_entropy;

// What several of them share.
mod activated;
mod cross_entropy_rows;
mod lanes;
mod normalized;
mod reduced;
mod resample;

pub use batch_norm::{BatchNormalized, batch_norm, batch_norm_by};
pub use binary_cross_entropy::binary_cross_entropy;
pub use binary_cross_entropy_with_logits::binary_cross_entropy_with_logits;
pub use conv::{conv, conv_weight_gradient};
pub use conv_transpose::{conv_input_gradient, conv_transpose};
pub use distribution_cross_entropy::distribution_cross_entropy;
pub use einsum::einsum;
pub use finish::Finish;
pub use group_norm::group_norm;
pub use layer_norm::layer_norm;
pub use linear::linear;
pub use plywood_tensor::{Activation, Conv};
pub use rms_norm::rms_norm;
pub use softmax_cross_entropy::{LabelOptions, softmax_cross_entropy, softmax_cross_entropy_with};

#[cfg(test)]
mod table;
