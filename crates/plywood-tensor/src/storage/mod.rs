//! Reference-counted memory that is recycled.
//!
//! A training step makes the same buffers again and again. [`Buffer`] takes its block from a pool and gives it
//! back when the last clone goes, so that after the first steps nothing is allocated and no page is touched
//! for the first time.

mod block;
mod buffer;
mod pages;
mod pool;

pub(crate) use buffer::Buffer;
pub use pool::{reserve, trim};
