//! Files that are complete or not there.

use super::{create_parent, file};
use plywood_tensor::{Error, Result};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes a file so that it is complete or not there, whatever happens on the way.
///
/// The bytes go to a new file beside the place, are brought to the disk, and the file is renamed: a reader sees the old
/// contents or the new ones, and a crash leaves the old ones. Folders that are missing are made. Who may read and write the old
/// file may do so with the new one.
///
/// ```
/// let path = std::env::temp_dir().join(format!("plywood-doc-atomic-{}", std::process::id()));
/// plywood_nn::write_atomically(&path, b"weights")?;
/// plywood_nn::write_atomically(&path, b"better weights")?;
/// assert_eq!(std::fs::read(&path)?, b"better weights");
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::File`](crate::NnError::File) if the folder cannot be made, or is not writable, or full.
pub fn write_atomically(path: impl AsRef<Path>, bytes: &[u8]) -> Result<()> {
    replace(path.as_ref(), |file| file.write_all(bytes).map_err(|error| cannot(path.as_ref(), error)))
}

/// As [`write_atomically`], for bytes that come one after the other.
pub(super) fn replace(path: &Path, fill: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    let Some(name) = path.file_name() else {
        return Err(file(path, "cannot be written: the path names no file".to_owned()).into());
    };
    // Several writers of one process do not meet; those of several processes have different ids.
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut sibling = std::ffi::OsString::from(".");
    sibling.push(name);
    sibling.push(format!(".{}-{number}.tmp", std::process::id()));
    let sibling = path.with_file_name(sibling);
    let cannot = |error| cannot(path, error);
    let write = || {
        create_parent(path).map_err(cannot)?;
        let mut file = File::create_new(&sibling).map_err(cannot)?;
        fill(&mut file)?;
        if let Ok(old) = fs::metadata(path) {
            // Where that is not possible, the contents still matter more.
            let _ = file.set_permissions(old.permissions());
        }
        file.sync_all().map_err(cannot)?;
        fs::rename(&sibling, path).map_err(cannot)
    };
    let written = write();
    if written.is_err() {
        // The first error says more than that of the tidying.
        let _ = fs::remove_file(&sibling);
    }
    written?;
    sync_folder(path);
    Ok(())
}

/// The error of a file that cannot be written.
pub(super) fn cannot(path: &Path, error: std::io::Error) -> Error {
    file(path, format!("cannot be written: {error}")).into()
}

/// Brings the new name to the disk too, where folders can be synchronised; the contents are there already.
fn sync_folder(path: &Path) {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_new_file_is_open_to_those_who_could_open_the_old_one() {
        use std::os::unix::fs::PermissionsExt;
        let path = std::env::temp_dir().join(format!("plywood-atomic-mode-{}", std::process::id()));
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        fs::write(&path, b"as usual").unwrap();
        let usual = mode();
        fs::remove_file(&path).unwrap();
        write_atomically(&path, b"old").unwrap();
        assert_eq!(mode(), usual);
        for chosen in [0o640, 0o604, 0o400] {
            fs::set_permissions(&path, fs::Permissions::from_mode(chosen)).unwrap();
            write_atomically(&path, b"new").unwrap();
            assert_eq!(mode(), chosen);
        }
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn folders_that_are_missing_are_made() {
        let folder = std::env::temp_dir().join(format!("plywood-atomic-folders-{}", std::process::id()));
        let path = folder.join("runs/first/model");
        write_atomically(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_other() {
        let folder = std::env::temp_dir().join(format!("plywood-atomic-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("model");
        write_atomically(&path, b"old").unwrap();
        write_atomically(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        // A folder in the way: the rename fails.
        let blocked = folder.join("blocked");
        fs::create_dir_all(blocked.join("inside")).unwrap();
        let error = write_atomically(&blocked, b"x").unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}: cannot be written: ", blocked.display())), "{error}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
        // Where a file is, no folder can be made.
        let error = write_atomically(path.join("beneath/model"), b"x").unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("{}: cannot be written: ", path.join("beneath/model").display())),
            "{error}"
        );
        fs::remove_dir_all(&folder).unwrap();
    }
}
