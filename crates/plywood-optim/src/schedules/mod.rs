//! Learning-rate schedules: functions of time that the learning rate is multiplied with.
//!
//! Each is a [`Schedule`](crate::Schedule). Times and lengths are in the caller's unit: epochs, or steps.
//!
//! | the rate | schedule | PyTorch | Keras |
//! |---|---|---|---|
//! | stays | [`Constant`] | `ConstantLR` | a number |
//! | falls at regular times | [`StepDecay`] | `StepLR` | `ExponentialDecay(staircase=True)` |
//! | falls at given times | [`MultiStep`] | `MultiStepLR` | `PiecewiseConstantDecay` |
//! | falls by a share of itself | [`Exponential`] | `ExponentialLR` | `ExponentialDecay` |
//! | goes from one number to another | [`Linear`] | `LinearLR` | `PolynomialDecay(power=1)` |
//! | falls by a power | [`Polynomial`] | `PolynomialLR` | `PolynomialDecay` |
//! | falls by half a wave | [`Cosine`] | `CosineAnnealingLR` | `CosineDecay` |
//! | falls again and again | [`CosineRestarts`] | `CosineAnnealingWarmRestarts` | `CosineDecayRestarts` |
//! | rises, then falls below its start | [`OneCycle`] | `OneCycleLR` | |
//! | rises, then falls by the root of the step | [`Noam`] | | |
//! | rises to where another begins | [`Warmup`] | `LinearLR` in `SequentialLR` | `CosineDecay(warmup_steps=…)` |
//! | follows one after the other | [`Sequence`] | `SequentialLR` | |
//! | is what you say | [`Custom`] | `LambdaLR` | `LearningRateScheduler` |
//!
//! ```
//! use plywood_optim::Schedule;
//! use plywood_optim::schedules::{Cosine, Warmup};
//!
//! // Five epochs up, 25 epochs down.
//! let schedule = Warmup::linear(0.0, 5.0, Cosine::new(25.0)?)?;
//! let rounded = |time| (schedule.factor(time) * 1e3).round() / 1e3;
//! assert_eq!([0.0, 2.5, 5.0, 10.0, 20.0, 30.0].map(rounded), [0.0, 0.5, 1.0, 0.905, 0.345, 0.0]);
//! # Ok::<(), plywood_tensor::Error>(())
//! ```

// In reading order: simple ones first, those of several phases, those around others.
mod constant;
mod exponential;
mod linear;
mod multi_step;
mod polynomial;
mod step_decay;

mod cosine;
mod cosine_restarts;
mod noam;
mod one_cycle;

mod custom;
mod sequence;
mod warmup;

// What several of them share.
mod annealing;
mod settings;

#[cfg(test)]
mod table;

pub use annealing::Annealing;
pub use constant::Constant;
pub use cosine::Cosine;
pub use cosine_restarts::CosineRestarts;
pub use custom::Custom;
pub use exponential::Exponential;
pub use linear::Linear;
pub use multi_step::MultiStep;
pub use noam::Noam;
pub use one_cycle::OneCycle;
pub use polynomial::Polynomial;
pub use sequence::Sequence;
pub use step_decay::StepDecay;
pub use warmup::Warmup;
