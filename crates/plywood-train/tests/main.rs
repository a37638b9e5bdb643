//! What the crate promises, in one program: what the tests share is compiled once.
#![allow(clippy::unwrap_used)] // a panic is a failed test

mod audit;
mod callbacks;
mod codec;
mod common;
mod crash;
mod ctrl_c;
mod damage;
mod errors;
mod every_callback;
mod fit;
mod formats;
mod learning_rate_finder;
mod logs;
mod non_finite;
mod north_star;
mod plot;
mod report;
mod resume;
mod schedules;
mod simulated;
mod small_callbacks;
mod tensorboard;
