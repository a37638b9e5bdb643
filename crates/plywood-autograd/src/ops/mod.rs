//! The differentiable operations, one to a file: formula, forward, gradient and test row together.
//!
//! They are methods of [`Var`](crate::Var); what can fail on shapes returns a `Result`.

// In reading order: simple ones first, fused ones last.
mod add;
mod broadcast_to;
mod div;
mod matmul;
mod mul;
mod neg;
mod operators;
mod relu;
mod reshape;
mod scalar;
mod sub;
mod sum;
mod tanh;
mod transpose;

pub(crate) mod linear;

pub use linear::{Activation, linear};

#[cfg(test)]
mod table;
