//! Reading and writing files.

mod archive;
mod atomic;
mod header;
mod kind;
mod numbers;
mod parent;
mod state_file;

use crate::NnError;
use plywood_tensor::{Error, Result};
use std::fs::File;
use std::io::Read;
use std::path::Path;

pub(crate) use archive::Archive;
pub use atomic::write_atomically;
pub use parent::create_parent;

/// The values in a file, and the entry of its metadata under this key.
pub(crate) fn open(path: &Path, key: &str) -> Result<Archive> {
    let cannot = |error: std::io::Error| file(path, format!("cannot be read: {error}"));
    let mut from = File::open(path).map_err(cannot)?;
    let about = from.metadata().map_err(cannot)?;
    let archive = if about.is_file() {
        Archive::read(&mut from, about.len(), key)
    } else {
        // A pipe does not tell how long it is.
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).map_err(cannot)?;
        Archive::from_bytes(&bytes, key)
    };
    archive.map_err(|error| in_file(path, &error))
}

/// The error of someone who reads bytes, with the file they are from.
pub(crate) fn in_file(path: &Path, error: &Error) -> Error {
    file(path, error.to_string()).into()
}

fn file(path: &Path, reason: String) -> NnError {
    NnError::File { path: path.display().to_string(), reason }
}
