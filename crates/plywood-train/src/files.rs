//! Files for people, in folders that need not be there yet.

use crate::TrainError;
use plywood_nn::create_parent;
use std::path::Path;

/// Writes a file, in place of one that is there.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), TrainError> {
    let written = create_parent(path).and_then(|()| std::fs::write(path, text));
    written.map_err(|error| TrainError::file(path, error))
}
