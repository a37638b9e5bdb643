//! Files for people, in folders that need not be there yet.

use crate::TrainError;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Makes the folder of a file, and those above it, where they are missing.
pub(crate) fn create_parent(path: &Path) -> io::Result<()> {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.map_err(|error| match error.kind() {
        // What is there, since something is, is no folder.
        ErrorKind::AlreadyExists => ErrorKind::NotADirectory.into(),
        _ => error,
    })
}

/// Writes a file, in place of one that is there.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), TrainError> {
    let written = create_parent(path).and_then(|()| std::fs::write(path, text));
    written.map_err(|error| TrainError::file(path, error))
}
