//! The differentiable operations, one to a file: formula, forward, gradient and test row together.
//!
//! They are methods of [`Var`](crate::Var); what can fail on shapes returns a `Result`.

// In reading order: simple ones first, fused ones last.
mod abs;
mod add;
mod broadcast_to;
mod cos;
mod div;
mod exp;
mod expm1;
mod ln;
mod log1p;
mod log_sigmoid;
mod matmul;
mod mul;
mod neg;
mod operators;
mod reciprocal;
mod relu;
mod reshape;
mod scalar;
mod sigmoid;
mod sign;
mod sin;
mod softplus;
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
