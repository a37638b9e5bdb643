//! What the crate promises, in one program: what the tests share is compiled once.
#![allow(clippy::unwrap_used)] // a panic is a failed test

mod compare;
mod graph;
mod torch_convolution;
mod torch_elementwise;
mod torch_images;
mod torch_structural;
