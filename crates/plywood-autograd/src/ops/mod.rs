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

pub use linear::{Activation, linear};

#[cfg(test)]
mod table;
