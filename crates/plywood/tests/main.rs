//! What the crate promises, in one program: what the tests share is compiled once.
#![allow(clippy::unwrap_used)] // a panic is a failed test

mod architecture;
mod bits;
mod claims;
mod errors;
mod reliability;
mod whole_run;
