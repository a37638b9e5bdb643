//! Update rules, and the optimizer that applies them to the parameters of a model.
//!
//! - A [`Rule`] is the arithmetic alone: one pass over the memory of a parameter, its gradient and its state.
//!   [`Sgd`], [`Adam`], [`AdamW`] and their relatives and, around any of them, [`Sam`]; yours enter by the same trait.
//! - An [`Optimizer`] is everything else, the same for all rules: groups of parameters, clipping, what happens to
//!   gradients that are not finite, state that is saved and loaded by path.
//! - A [`Schedule`] is what the learning rate is multiplied with as time goes by; [`schedules`] has the usual ones, and
//!   [`Optimizer::set_rate_factor`] is their door.
//! - An [`Average`] is a running mean of the parameters, which can take their place for an evaluation.
//!
//! ```
//! use plywood_nn::{Context, Linear, Module};
//! use plywood_optim::{Adam, Optimizer};
//! use plywood_tensor::{Seed, Tensor};
//!
//! // Four points on the line y = 2x + 1.
//! let x = Tensor::from([[-1.0], [0.0], [1.0], [2.0]]);
//! let y = Tensor::from([[-1.0], [1.0], [3.0], [5.0]]);
//! let mut model = Linear::new(1, 1, &Seed(7).stream())?;
//! let mut optimizer = Optimizer::new(Adam::new(0.05)).clip_global_norm(10.0);
//! for step in 0..1000 {
//!     let cx = Context::train(Seed(7), step);
//!     let error = model.forward(&cx, &cx.input(x.clone()))?.sub(&cx.input(y.clone()))?;
//!     let gradients = error.mul(&error)?.sum().backward()?;
//!     optimizer.step(&mut model, &gradients)?;
//! }
//! assert_eq!(optimizer.steps(), 1000);
//! assert!((model.weight.value().item()? - 2.0).abs() < 1e-3);
//! # Ok::<(), plywood_tensor::Error>(())
//! ```
//!
//! | to … | see |
//! |---|---|
//! | choose a rule | [`Sgd`]; [`Adam`], [`AdamW`], [`Adamax`], [`NAdam`], [`RAdam`]; [`RmsProp`], [`Adagrad`], [`Adadelta`] |
//! | … with less memory | [`Lion`], [`Adafactor`] |
//! | … for large batches, or matrices | [`Lamb`], [`Muon`] |
//! | … for all samples at once | [`Rprop`] |
//! | … that finds flat minima | [`Sam`] |
//! | … by the curvature, for small problems and all samples at once | [`Lbfgs`] |
//! | write one | [`Rule`], [`Step`], [`WeightDecay`] |
//! | take a step | [`Optimizer::step`], [`Optimizer::step_with`], [`StepReport`] |
//! | treat some parameters differently | [`ParamGroup`] |
//! | let the learning rate follow a schedule | [`schedules`], [`Schedule`], [`Optimizer::set_rate_factor`] |
//! | clip gradients, or go on after a NaN | [`Optimizer::clip_global_norm`], [`Optimizer::clip_adaptive`], [`NonFinite`] |
//! | sum the gradients of several batches, or add noise | [`Optimizer::accumulate`], [`Optimizer::gradient_noise`] |
//! | average the parameters of many steps | [`Average`] |
//! | save and resume | [`OptimizerState`], [`AverageState`], [`LbfgsState`] |
#![forbid(unsafe_code)]

// In reading order: what a rule is, the rules, what applies them, when their rate changes, means
// of what they do, what can be wrong, sums.
mod rule;
mod step;
mod weight_decay;
mod whole;

mod rules;

mod optimizer;

mod schedule;
pub mod schedules;

mod average;

mod lbfgs;

mod by_name;
mod error;
mod norm;

pub use average::Average;
pub use average::state::AverageState;
pub use error::OptimError;
pub use lbfgs::Lbfgs;
pub use lbfgs::report::LbfgsReport;
pub use lbfgs::state::LbfgsState;
pub use optimizer::Optimizer;
pub use optimizer::group::ParamGroup;
pub use optimizer::non_finite::NonFinite;
pub use optimizer::report::StepReport;
pub use optimizer::state::{OptimizerState, ParamState};
pub use rule::{MAX_SLOTS, Rule};
pub use rules::adadelta::Adadelta;
pub use rules::adafactor::Adafactor;
pub use rules::adagrad::Adagrad;
pub use rules::adam::Adam;
pub use rules::adamax::Adamax;
pub use rules::adamw::AdamW;
pub use rules::lamb::Lamb;
pub use rules::lion::Lion;
pub use rules::muon::Muon;
pub use rules::muon_scale::MuonScale;
pub use rules::nadam::NAdam;
pub use rules::radam::RAdam;
pub use rules::rmsprop::RmsProp;
pub use rules::rprop::Rprop;
pub use rules::sam::Sam;
pub use rules::sgd::Sgd;
pub use schedule::Schedule;
pub use step::Step;
pub use weight_decay::WeightDecay;
