//! A live dashboard of a training, in the terminal: [`Dashboard`], a callback.
//!
//! ```
//! use plywood_dashboard::Dashboard;
//! use plywood_losses::MeanSquaredError;
//! use plywood_nn::Linear;
//! use plywood_optim::Sgd;
//! use plywood_tensor::{Result, Seed, Tensor};
//! use plywood_train::{Fit, Trainer};
//!
//! fn main() -> Result<()> {
//!     let (x, y) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[3.0], [5.0]]));
//!     let model = Linear::new(1, 1, &Seed(7).stream())?;
//!     let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
//!     // Here, where standard output is no terminal, there is a line for each epoch instead.
//!     let history = trainer.fit_arrays(&x, &y, Fit::epochs(3).callback(Dashboard::new()))?;
//!     assert_eq!(history.len(), 3);
//!     Ok(())
//! }
//! ```
//!
//! What it costs: the training reads the clock after each step, and ten times a second it tells where it stands. A thread of
//! its own draws.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

// In reading order: the callback, what it tells to whom, what is shown, where, and who draws it.
mod dashboard;
mod live;
mod moment;

mod quantity;
mod series;
mod shared;
mod state;
mod view;

mod keys;
mod screen;

mod drawer;
#[cfg(test)]
mod tests;

pub use dashboard::Dashboard;
