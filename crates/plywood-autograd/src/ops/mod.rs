//! The differentiable operations, one to a file: formula, forward, gradient and test row together.
//!
//! They are methods of [`Var`](crate::Var); what can fail on shapes returns a `Result`.

// In reading order: elements, sums and their kin, axes, parts, products; fused ones last.
mod add;
mod div;
mod mul;
mod neg;
mod operators;
mod relu;
mod scalar;
mod sub;
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

pub(crate) mod linear;

// What several of them share.
mod lanes;
mod reduced;

pub use einsum::einsum;
pub use linear::{Activation, linear};

#[cfg(test)]
mod table;
