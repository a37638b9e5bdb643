//! Training: compile, fit, evaluate, predict.
//!
//! - A [`Trainer`] owns a model and trains it; [`Fit`] says how. Its step is the loop that you would write by hand
//!   ([`Step::run`]), and [`Trainer::custom_step`] replaces it.
//! - A [`Callback`] watches, steers and stops: [`EarlyStopping`], [`ReduceOnPlateau`], a [`StopSignal`].
//! - An [`AuditReport`] says what commonly goes wrong and does so here: of [`Trainer::audit`], and of the first look that
//!   `fit` has.
//! - A [`History`] is what happened, epoch by epoch: a table, a [`Plot`], a file. An [`Evaluation`] is what a model
//!   scored. A [`Report`] puts all there is to know on one page.
//! - [`Checkpoints`] save a run as it goes, and [`Trainer::resume`] continues it.
//! - [`codec`] writes everything that is not a weight: checksummed, versioned, and refused when damaged.
//!
//! ```
//! use plywood_data::datasets;
//! use plywood_losses::{Accuracy, CrossEntropy};
//! use plywood_nn::Linear;
//! use plywood_optim::Adam;
//! use plywood_tensor::{Result, Seed};
//! use plywood_train::{Fit, Progress, Trainer};
//!
//! fn main() -> Result<()> {
//!     let (train, validation) = datasets::digits().split(0.8, Seed(7))?;
//!     let model = Linear::new(64, 10, &Seed(7).stream())?; // logistic regression
//!     let mut trainer = Trainer::compile(model, Adam::new(0.01), CrossEntropy::default()).metric(Accuracy);
//!     let fit = Fit::epochs(5).validation(&validation).progress(Progress::Silent);
//!     let history = trainer.fit(&train, fit)?;
//!     assert_eq!(history.len(), 5);
//!     let score = trainer.evaluate(&validation)?;
//!     assert!(score.get("accuracy") > Some(0.9), "{score}");
//!     Ok(())
//! }
//! ```
//!
//! | to … | see |
//! |---|---|
//! | train | [`Trainer::compile`], [`Trainer::fit`], [`Fit`] |
//! | judge, and use | [`Trainer::evaluate`], [`Trainer::predict`] |
//! | let rare classes count as much as frequent ones | [`Fit::class_weights`], [`balanced_class_weights`] |
//! | let the learning rate follow a schedule | [`Fit::schedule`], [`Fit::schedule_by_step`], [`ReduceOnPlateau`] |
//! | know beforehand what will go wrong | [`Trainer::audit`], [`Fit::audit`] |
//! | find, skip or ignore numbers that are not finite | [`Fit::non_finite`], [`Fit::detect_anomaly`] |
//! | find a learning rate to begin with | [`LearningRateFinder`], [`LearningRateCurve`] |
//! | stop early, or from outside | [`EarlyStopping`], [`TimeLimit`], [`StopFile`], [`StopSignal`] |
//! | watch by a closure | [`on_epoch_end`], [`on_batch_end`], [`on_train_begin`], [`on_train_end`] |
//! | measure time and memory | [`Resources`], [`Pace`] |
//! | see what happened | [`History`], [`History::plot`], [`plot_runs`], [`Report`] |
//! | write down what happens | [`CsvLog`], [`JsonLines`], [`TensorBoard`], [`EventWriter`] |
//! | be killed, and go on in the same bits | [`Checkpoints`], [`Trainer::resume`], [`checkpoint`] |
//! | take weights elsewhere | [`Trainer::save_weights`], [`Trainer::load_weights`] |
//! | tell one set of weights from another | [`weights_hash`] |
#![forbid(unsafe_code)]
#![warn(missing_docs)]

// In reading order: the trainer, who watches it, what is looked for beforehand, what it reports, what it writes.
mod trainer;

mod callbacks;
mod learning_rate_finder;
mod stop_signal;
mod tensorboard;

mod audit;

mod evaluation;
mod files;
mod history;
mod number;
mod plot;
mod report;

pub mod checkpoint;
pub mod codec;
mod weights_hash;

mod cause;
mod train_error;

pub use audit::{Audit, AuditReport, Finding, Severity};
pub use callbacks::{
    Callback, CallbackState, CsvLog, EarlyStopping, Flow, JsonLines, Lines, Outcome, Pace, Progress,
    ReduceOnPlateau, Resources, Restored, Status, StopFile, TimeLimit, on_batch_end, on_epoch_end,
    on_gradients, on_train_begin, on_train_end,
};
pub use cause::{Cause, Operation};
pub use checkpoint::{Checkpoints, Difference, Resumed};
pub use evaluation::Evaluation;
pub use history::{EpochRecord, History};
pub use learning_rate_finder::{LearningRateCurve, LearningRateFinder};
/// How numbers are written for people, for the crates of the workspace that show some.
#[doc(hidden)]
pub use number::{Left, Number, Seconds, Thousands};
pub use plot::{Curve, Plot, plot_runs};
pub use report::Report;
pub use stop_signal::StopSignal;
pub use tensorboard::{EventWriter, TensorBoard};
pub use train_error::TrainError;
pub use trainer::class_weights::balanced_class_weights;
pub use trainer::fit::Fit;
pub use trainer::input::Input;
pub use trainer::step::Step;
pub use trainer::step_result::StepResult;
pub use trainer::{Inputs, Trainer};
pub use weights_hash::weights_hash;
