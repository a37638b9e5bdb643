//! The differentiable operations, one to a file: formula, forward, gradient and test row together.
//!
//! They are methods of [`Var`](crate::Var); what can fail on shapes returns a `Result`.

// In reading order: simple ones first, fused ones last.
mod abs;
mod add;
mod broadcast_to;
mod clamp;
mod cos;
mod div;
mod elu;
mod erf;
mod exp;
mod expm1;
mod gelu;
mod gelu_tanh;
mod hard_sigmoid;
mod hard_swish;
mod leaky_relu;
mod ln;
mod log1p;
mod log_sigmoid;
mod matmul;
mod maximum;
mod minimum;
mod mish;
mod mul;
mod neg;
mod operators;
mod pow;
mod prelu;
mod reciprocal;
mod relu;
mod relu6;
mod reshape;
mod scalar;
mod select_where;
mod selu;
mod sigmoid;
mod sign;
mod silu;
mod sin;
mod softplus;
mod softsign;
mod sqrt;
mod square;
mod sub;
mod sum;
mod tanh;
mod transpose;

pub(crate) mod linear;

mod against;
mod binary_cross_entropy;
mod binary_cross_entropy_with_logits;
mod distribution_cross_entropy;
mod softmax_cross_entropy;

pub use linear::{Activation, linear};

pub use binary_cross_entropy::binary_cross_entropy;
pub use binary_cross_entropy_with_logits::binary_cross_entropy_with_logits;
pub use distribution_cross_entropy::distribution_cross_entropy;
pub use softmax_cross_entropy::{LabelOptions, softmax_cross_entropy, softmax_cross_entropy_with};

#[cfg(test)]
mod table;
