//! The file system of the machine.

use super::{Fs, Lock, NewFile};
use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::Path;

/// The file system of the machine. New files and folders have the modes that the user's umask gives them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Fs for Disk {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn create_file(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        Ok(Box::new(File::create_new(path)?))
    }

    fn lock_folder(&self, path: &Path) -> io::Result<Box<dyn Lock>> {
        let file = File::options().create(true).append(true).open(path.join(".lock"))?;
        // The system frees it when the program ends, however it does.
        match file.try_lock() {
            Ok(()) => Ok(Box::new(file)),
            Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            // Some file systems know no locks: better without than not at all.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                Ok(Box::new(file))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn rename_folder(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        // Elsewhere a folder cannot be opened, and its names are brought to the disk by the system alone.
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir_all(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        // A name that is no text is none of ours.
        let names = fs::read_dir(path)?.filter_map(|entry| match entry {
            Ok(entry) => entry.file_name().into_string().ok().map(Ok),
            Err(error) => Some(Err(error)),
        });
        names.collect()
    }

    fn size(&self, path: &Path) -> io::Result<u64> {
        let about = fs::metadata(path)?;
        // A device or a pipe has no length, and perhaps no end.
        if about.is_file() { Ok(about.len()) } else { Err(io::ErrorKind::InvalidInput.into()) }
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(File::open(path)?))
    }
}

impl NewFile for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

impl Lock for File {}
