//! What the crate promises, in one program: what the tests share is compiled once.
#![allow(clippy::unwrap_used)] // a panic is a failed test

mod average;
mod lbfgs;
mod optimizer;
mod sam;
