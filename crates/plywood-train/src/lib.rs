//! x
#![forbid(unsafe_code)]
mod train_error;
pub mod codec;
mod evaluation;
mod history;
mod number;
mod plot;
mod stop_signal;
mod weights_hash;

pub use evaluation::Evaluation;
pub use history::{EpochRecord, History};
pub use plot::{Curve, Plot, plot_runs};
pub use stop_signal::StopSignal;
pub use train_error::{Cause, TrainError};
pub use weights_hash::weights_hash;
