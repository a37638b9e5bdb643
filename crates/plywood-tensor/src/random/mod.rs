//! Random numbers as a function of where they are drawn.

mod philox;
mod stream;

pub use stream::{Seed, Stream};
