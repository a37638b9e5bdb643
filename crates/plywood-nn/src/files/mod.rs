//! Reading and writing files.

mod archive;
mod atomic;
mod header;
mod numbers;
mod state_file;

use crate::NnError;
use plywood_tensor::{Error, Result};
use std::path::Path;

pub(crate) use archive::Archive;
pub use atomic::write_atomically;

/// All bytes of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    Ok(std::fs::read(path).map_err(|error| file(path, format!("cannot be read: {error}")))?)
}

/// The error of someone who reads bytes, with the file they are from.
pub(crate) fn in_file(path: &Path, error: &Error) -> Error {
    file(path, error.to_string()).into()
}

fn file(path: &Path, reason: String) -> NnError {
    NnError::File { path: path.display().to_string(), reason }
}
