//! Deep learning on CPUs in pure Rust: fast, the same to the bit, and errors that teach.
//!
//! This crate re-exports the crates of the stack, and a [`prelude`] with the names that most programs need.
//!
//! ```
//! use plywood::prelude::*;
//!
//! fn main() -> Result<()> {
//!     let (train, validation) = datasets::breast_cancer().split(0.8, Seed(7))?;
//!     let model = Sequential::input([30])
//!         .normalization(&train)
//!         .linear(16)
//!         .relu()
//!         .linear(1)
//!         .sigmoid()
//!         .build(Seed(7))?;
//!     let mut trainer = Trainer::compile(model, Adam::new(0.01), BinaryCrossEntropy).metric(Accuracy);
//!     trainer.fit(&train, Fit::epochs(5).progress(Progress::Silent))?;
//!     assert!(trainer.evaluate(&validation)?.get("accuracy") > Some(0.9));
//!     Ok(())
//! }
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | [`tensor`] | tensors, random streams, threads, the error of the workspace |
//! | [`autograd`] | differentiable operations, gradients of any order, gradient checks |
//! | [`nn`] | layers, `Sequential`, initialisers, state dicts |
//! | [`optim`] | update rules, the optimizer, learning-rate schedules |
//! | [`losses`] | losses, metrics, penalties |
//! | [`augment`] | random transforms of images, masks, boxes, tables, sequences |
//! | [`data`] | data sets, loaders, CSV, images, three included data sets |
//! | [`train`] | `Trainer`, callbacks, checkpoints, audit, history, plots, reports |
//! | `dashboard` | a training live in the terminal, with the feature `dashboard` |
//! | [`guide`] | pages for newcomers |
#![forbid(unsafe_code)]

#[doc(inline)]
pub use plywood_augment as augment;
#[doc(inline)]
pub use plywood_autograd as autograd;
#[cfg(feature = "dashboard")]
#[doc(inline)]
pub use plywood_dashboard as dashboard;
#[doc(inline)]
pub use plywood_data as data;
#[doc(inline)]
pub use plywood_losses as losses;
#[doc(inline)]
pub use plywood_nn as nn;
#[doc(inline)]
pub use plywood_optim as optim;
#[doc(inline)]
pub use plywood_tensor as tensor;
#[doc(inline)]
pub use plywood_train as train;

pub mod guide;
pub mod prelude;
