//! Functions of one number, the same to the bit on every processor and for every length of vector.
//!
//! The standard library calls the system's mathematics library, whose last bits differ between platforms and
//! versions. Kernels, update rules and losses call these functions instead; a lint keeps the others out.
//!
//! Each is one formula without a branch, made of operations that IEEE 754 rounds correctly: sums, products, quotients,
//! and products fused with a sum. So a loop over one of them becomes vector instructions as it stands, and a number on
//! its own, the rest of a row and a full vector all give the same bits.
//!
//! | function | errs by less than so many units of the last place: `f32` | `f64` |
//! |---|---|---|
//! | [`sin`], [`cos`], [`pow`] | 0.51 | 1 |
//! | [`exp`], [`ln`], [`log1p`] | 1 | 1 |
//! | [`quotient`] | 1.8 | 0.5 |
//! | [`expm1`], [`tanh`], [`erf`] | 1.5 | 1 |
//! | [`sigmoid`] | 2.5 | 2 |
//! | [`softplus`] | 3 | 2 |
//! | [`erfc`], [`mish`] | 4 | 4 |
//! | [`gelu`], [`normal_share`] | 6 | 5 |
//!
//! Zeros keep their sign, numbers too small for their format's usual precision are right to half their distance, and
//! infinities and NaN give what the limits say.
//!
//! Call them from a kernel: see [`simd::run`](crate::simd::run). Outside of one, a program for the oldest x86-64
//! processors must ask the system for every fused product, which is right but ten times slower.
//!
//! ```
//! use plywood_tensor::math;
//! assert_eq!(math::exp(0.0_f32), 1.0);
//! assert_eq!(math::sigmoid(-1000.0_f32), 0.0);
//! assert_eq!(math::softplus(1000.0_f64), 1000.0);
//! ```
// Coefficients stand as they were found; the digits that a width cannot hold belong to the other one.
#![allow(clippy::excessive_precision)]

// In reading order: how numbers are taken apart, the functions, what activations are made of.
mod real;

mod exp;
mod expm1;
mod ln;
mod log1p;
mod pow;

mod cos;
mod sin;
mod turns;

mod erf;
mod erfc;
mod tanh;

mod gelu;
mod mish;
mod sigmoid;
mod softplus;

mod quotient;
mod simple;

pub use cos::cos;
pub use erf::erf;
pub use erfc::erfc;
pub use exp::exp;
pub use expm1::expm1;
pub use gelu::{gelu, gelu_slope, normal_share};
pub use ln::ln;
pub use log1p::log1p;
pub use mish::{mish, mish_slope};
pub use pow::pow;
pub use quotient::quotient;
pub use real::Transcendental;
pub use sigmoid::sigmoid;
pub use simple::{abs, maximum, minimum, sqrt};
pub use sin::sin;
pub use softplus::{logistic, softplus};
pub use tanh::tanh;

#[doc(hidden)]
pub use {cos::cos_near, sin::sin_near, turns::is_far};
