//! What the crate promises, in one program: what the tests share is compiled once.
#![allow(clippy::unwrap_used)] // a panic is a failed test

mod bundled;
mod csv;
mod errors;
mod files;
mod hostile_files;
mod image_folder;
mod loader;
#[path = "../../plywood-nn/tests/mutate/memory.rs"]
mod memory;
#[path = "../../plywood-nn/tests/mutate/mod.rs"]
mod mutate;
mod npy;
mod preprocess;
mod smote;
mod split;
mod workers;
