//! What checkpoints ask of a file system.

mod disk;

pub use disk::Disk;

use std::fmt::Debug;
use std::io::{self, Read, Write};
use std::path::Path;

/// What checkpoints ask of a file system, and nothing else: small enough to be replaced by one that fails on purpose.
///
/// [`Disk`] is the real one. A name that was made, renamed or removed is sure to last when [`Fs::sync_folder`] of its
/// folder has returned; the bytes of a file when [`NewFile::sync`] has.
pub trait Fs: Debug + Send + Sync {
    /// Makes a folder, and those above it that are missing.
    ///
    /// # Errors
    /// Those of the system, as with all methods.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Makes a file that is not there yet.
    ///
    /// # Errors
    /// Also if it is there.
    fn create_file(&self, path: &Path) -> io::Result<Box<dyn NewFile>>;

    /// Keeps everyone else from a folder that is there, until the result is dropped or the program ends.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] if someone else has it.
    fn lock_folder(&self, path: &Path) -> io::Result<Box<dyn Lock>>;

    /// Gives a folder another name, where none is.
    ///
    /// # Errors
    /// Those of the system.
    fn rename_folder(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Brings the names in a folder to the disk.
    ///
    /// # Errors
    /// Those of the system.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;

    /// Removes a folder with all that is in it.
    ///
    /// # Errors
    /// Those of the system.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;

    /// The names in a folder.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] if there is no such folder.
    fn list(&self, path: &Path) -> io::Result<Vec<String>>;

    /// How many bytes a file has.
    ///
    /// # Errors
    /// Those of the system.
    fn size(&self, path: &Path) -> io::Result<u64>;

    /// A file, to be read from its beginning.
    ///
    /// # Errors
    /// Those of the system.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>>;
}

/// A file that is being written.
pub trait NewFile: Write {
    /// Brings the bytes to the disk.
    ///
    /// # Errors
    /// Those of the system.
    fn sync(&mut self) -> io::Result<()>;
}

/// A folder that one program has for itself; dropped, it is free.
pub trait Lock: Debug + Send {}
