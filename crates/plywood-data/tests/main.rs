//! What the crate promises, in one program: what the tests share is compiled once.
#![allow(clippy::unwrap_used)] // a panic is a failed test

mod bundled;
mod csv;
mod errors;
mod files;
mod image_folder;
mod loader;
mod npy;
mod preprocess;
mod smote;
mod split;
mod windows;
mod workers;
