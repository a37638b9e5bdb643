//! Folders that need not be there yet.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Makes the folder of a file, and those above it, where they are missing.
///
/// ```
/// let folder = std::env::temp_dir().join(format!("plywood-doc-parent-{}", std::process::id()));
/// plywood_nn::create_parent(folder.join("runs/first.csv"))?;
/// assert!(folder.join("runs").is_dir());
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), std::io::Error>(())
/// ```
/// # Errors
/// Those of the system; [`ErrorKind::NotADirectory`] where a file stands in the place of a folder.
pub fn create_parent(path: impl AsRef<Path>) -> io::Result<()> {
    let made = path.as_ref().parent().map_or(Ok(()), fs::create_dir_all);
    made.map_err(|error| match error.kind() {
        // What is there, since something is, is no folder.
        ErrorKind::AlreadyExists => ErrorKind::NotADirectory.into(),
        _ => error,
    })
}
