//! Layers, models and what they own.
//!
//! - A [`Module`] maps a [`Var`](plywood_autograd::Var) to another. It is plain data, pure in `forward`, and can be
//!   cloned, sent to another thread and kept in a `Box<dyn Module>`.
//! - [`Parameters`] lists what a module owns, by path; [`parameters!`] writes it for your structs.
//! - A [`Context`] tells `forward` whether it trains, hands out parameters and random numbers, and collects updates of
//!   running statistics.
//!
//! ```
//! use plywood_nn::{Context, Linear, Module, Parameters, parameters};
//! use plywood_autograd::Var;
//! use plywood_tensor::{At, Result, Seed, Shape, Tensor};
//!
//! #[derive(Debug, Clone)]
//! struct Block { up: Linear, down: Linear, scale: plywood_tensor::Elem }
//! parameters!(Block { up, down } skip { scale });
//!
//! impl Module for Block {
//!     fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
//!         let hidden = self.up.forward(cx, x).at("up")?.relu();
//!         Ok(self.down.forward(cx, &hidden).at("down")?.mul_scalar(self.scale))
//!     }
//!     fn output_shape(&self, input: &Shape) -> Result<Shape> {
//!         self.down.output_shape(&self.up.output_shape(input).at("up")?).at("down")
//!     }
//! }
//!
//! let stream = Seed(7).stream();
//! let block = Block { up: Linear::new(3, 8, &stream.at(0))?, down: Linear::new(8, 2, &stream.at(1))?, scale: 0.5 };
//! let y = block.forward(&Context::eval(), &Tensor::zeros([4, 3])?.into())?;
//! assert_eq!(*y.shape(), [4, 2]);
//! assert_eq!(block.parameter_count(), 3 * 8 + 8 + 8 * 2 + 2);
//!
//! let error = block.forward(&Context::eval(), &Tensor::zeros([4, 5])?.into()).unwrap_err();
//! assert_eq!(error.to_string(), "up: Linear(3 -> 8): expected input [.., 3], got [4, 5]");
//! # Ok::<(), plywood_tensor::Error>(())
//! ```
#![forbid(unsafe_code)]

// In reading order: what a layer is, what it owns, what it is given, then the layers.
mod module;

mod parameters;

mod context;

mod error;

mod layers;

pub use context::{Context, Mode};
pub use error::NnError;
pub use layers::linear::Linear;
pub use module::Module;
pub use parameters::Parameters;
pub use parameters::leaf::{Leaf, LeafMut};
pub use parameters::path::Path;
pub use parameters::pattern::Pattern;
pub use parameters::state_dict::StateDict;
