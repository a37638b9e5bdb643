//! Automatic differentiation: differentiable operations, gradients of any order, and checks that they are right.
//!
//! - [`Var`] is a value with, perhaps, a place in a graph. Operations on it compute at once; they are recorded exactly
//!   when an input is. There is no tape to open, no mode to set and nothing to reset.
//! - [`Var::backward`] walks the graph once, frees it and returns the [`Gradients`] of all [`Param`]s in it.
//! - [`grad`] returns gradients as `Var`s; with `create_graph` they can be differentiated again.
//! - [`Var::record`] is the door by which operations enter the graph, the built-in ones and yours.
//! - [`gradcheck`] and [`gradgradcheck`] compare any function's derivatives with finite differences.
//!
//! ```
//! use plywood_autograd::{Var, grad};
//! use plywood_tensor::Tensor;
//!
//! // y = x³ at 2: the slope is 3x² = 12, the slope of the slope 6x = 12.
//! let x = Var::variable(Tensor::from(2.0));
//! let y = x.mul(&x)?.mul(&x)?;
//! let slope = grad(&y, &[&x], true)?.remove(0);
//! assert_eq!(slope.value().item()?, 12.0);
//! let curvature = grad(&slope, &[&x], false)?.remove(0);
//! assert_eq!(curvature.value().item()?, 12.0);
//! # Ok::<(), plywood_tensor::Error>(())
//! ```
#![forbid(unsafe_code)]

// In reading order: the value, what an operation leaves behind, how gradients flow, what is trained, how it is checked.
mod var;

mod graph;

mod gradients;
mod param;

mod error;

mod check;

pub mod ops;

pub use check::{gradcheck, gradgradcheck};
pub use error::AutogradError;
pub use gradients::Gradients;
pub use graph::grad::{grad, pull};
pub use graph::record::{Gradient, Keep, Saved};
pub use graph::watch::{Observed, Sighting, Watch};
pub use param::{Buffer, BufferValue, Param, ParamId};
pub use var::Var;
