//! What the crate promises, in one program: what the tests share is compiled once.
#![allow(clippy::unwrap_used)] // a panic is a failed test

mod compare;
mod context;
mod files;
mod load;
mod sequential;
mod summary;
mod torch;
mod torch_files;
mod torch_images;
mod torch_models;
