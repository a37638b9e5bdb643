//! A folder of checkpoints: written, found and thrown away.

use super::counted::Counted;
use super::manifest::{Contents, MANIFEST, Manifest};
use super::name::{self, DAMAGED, Number, OLD, UNFINISHED};
use super::snapshot::{FILES, Part, Snapshot};
use super::{Fs, Lock, NewFile, Skipped};
use crate::TrainError;
use crate::codec::Defect;
use plywood_tensor::quoted;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Take, Write};
use std::path::{Path, PathBuf};

/// A folder of checkpoints.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Folder<'a> {
    pub(crate) fs: &'a dyn Fs,
    pub(crate) path: &'a Path,
}

/// A checkpoint that is whole, and where.
type Found = (PathBuf, Snapshot);

/// How large a manifest may be; ours have a few hundred bytes.
const LARGEST_MANIFEST: u64 = 1 << 20;

impl Folder<'_> {
    /// The checkpoints in their order, whole or not; none if there is no folder.
    pub(crate) fn list(&self) -> Result<BTreeMap<Number, PathBuf>, TrainError> {
        let names = match self.fs.list(self.path) {
            Ok(names) => names,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(TrainError::file(self.path, error)),
        };
        let numbers = names.iter().filter_map(|name| Some((name::number(name)?, self.path.join(name))));
        Ok(numbers.collect())
    }

    /// Makes the folder, takes it for this program alone, and removes what was not finished in it.
    pub(crate) fn prepare(&self) -> Result<Box<dyn Lock>, TrainError> {
        let at = |error| TrainError::file(self.path, error);
        let mut new = Vec::new();
        for path in self.path.ancestors().filter(|path| !path.as_os_str().is_empty()) {
            match self.fs.list(path) {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::NotFound => new.push(path),
                Err(error) => return Err(TrainError::file(path, error)),
            }
        }
        self.fs.create_folder(self.path).map_err(at)?;
        // That of the folder itself in any case: an attempt that failed may have made it.
        let parents = new.into_iter().skip(1).chain([self.path]).filter_map(Path::parent);
        for path in parents {
            let above = if path.as_os_str().is_empty() { Path::new(".") } else { path };
            self.fs.sync_folder(above).map_err(at)?;
        }
        let lock = self.fs.lock_folder(self.path).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => TrainError::Busy { folder: self.path.to_owned() },
            _ => at(error),
        })?;
        for name in self.fs.list(self.path).map_err(at)? {
            if name.starts_with(UNFINISHED) {
                let path = self.path.join(&name);
                match self.fs.remove_folder(&path) {
                    // It is in nobody's way, and the next save tries again.
                    Err(_) if name.starts_with(OLD) => {}
                    removed => removed.map_err(|error| TrainError::file(&path, error))?,
                }
            }
        }
        Ok(lock)
    }

    /// Writes a checkpoint so that it is there and whole, or not there; returns where it is, and which older ones of the same step
    /// could not be removed.
    ///
    /// Everything goes to a folder with another name, is brought to the disk and read again. The manifest comes last. Then
    /// the folder gets its name.
    pub(crate) fn write(&self, snapshot: Snapshot) -> Result<(PathBuf, Vec<TrainError>), TrainError> {
        let step = snapshot.steps;
        let same: Vec<(Number, PathBuf)> = self
            .list()?
            .range((step, 0)..=(step, u64::MAX))
            .map(|(&number, path)| (number, path.clone()))
            .collect();
        let again = same.last().map_or(0, |((_, again), _)| again + 1);
        let path = name::path((step, again), self.path);
        let unfinished = name::beside(&path, UNFINISHED);
        let written = self.fill(&unfinished, snapshot).and_then(|()| {
            self.fs.rename_folder(&unfinished, &path).map_err(|error| TrainError::file(&path, error))?;
            self.fs.sync_folder(self.path).map_err(|error| TrainError::file(self.path, error))
        });
        if written.is_err() {
            // The first error says more than that of the tidying.
            let _ = self.fs.remove_folder(&unfinished);
        }
        written?;
        let left = same.iter().filter_map(|(_, old)| self.discard(old).err()).collect();
        Ok((path, left))
    }

    fn fill(&self, folder: &Path, snapshot: Snapshot) -> Result<(), TrainError> {
        let at_folder = |error| TrainError::file(folder, error);
        self.fs.create_folder(folder).map_err(at_folder)?;
        let mut manifest = snapshot.manifest();
        let files = snapshot.into_files().map_err(|defect| TrainError::file(folder, defect))?;
        for (name, part) in files {
            let contents = self.write_file(&folder.join(name), |file| part.write(file))?;
            manifest.files.insert(name.to_owned(), contents);
        }
        let text = manifest.to_text().map_err(|defect| TrainError::file(folder, defect))?;
        self.write_file(&folder.join(MANIFEST), |file| Ok(file.write_all(text.as_bytes())?))?;
        self.fs.sync_folder(folder).map_err(at_folder)?;
        // What the disk gives back is what was meant, or there is no checkpoint.
        let manifest = self.manifest(folder)?;
        manifest.files.iter().try_for_each(|(name, contents)| {
            self.read_file(&folder.join(name), contents, |file, _| Ok(file.drain()?))
        })
    }

    /// A new file, brought to the disk; returns what it holds.
    fn write_file(
        &self,
        path: &Path,
        write: impl FnOnce(&mut Counted<Box<dyn NewFile>>) -> Result<(), Defect>,
    ) -> Result<Contents, TrainError> {
        let write = || {
            let mut file = Counted::new(self.fs.create_file(path)?);
            write(&mut file)?;
            let (mut file, contents) = file.finish();
            file.flush()?;
            file.sync()?;
            Ok(contents)
        };
        write().map_err(|defect: Defect| TrainError::file(path, defect))
    }

    /// What is read of a file that must hold these contents.
    fn read_file<T>(
        &self,
        path: &Path,
        contents: &Contents,
        read: impl FnOnce(&mut Counted<Take<Box<dyn Read>>>, u64) -> Result<T, Defect>,
    ) -> Result<T, TrainError> {
        let read = || {
            let (expected, got) = (contents.bytes, self.fs.size(path)?);
            if got != expected {
                return Err(Defect::Length { expected, got });
            }
            // Whatever the system says of its length, no more is read.
            let mut file = Counted::new(self.fs.open(path)?.take(expected.saturating_add(1)));
            let value = read(&mut file, expected);
            if file.error().is_some() {
                return value;
            }
            file.drain()?;
            // That a file is damaged says more than what is odd about it.
            if file.finish().1 == *contents { value } else { Err(Defect::Checksum) }
        };
        read().map_err(|defect| TrainError::file(path, defect))
    }

    /// Removes a checkpoint; it loses its name first, so that no half of it is ever taken for a whole.
    fn discard(&self, path: &Path) -> Result<(), TrainError> {
        let unfinished = name::beside(path, OLD);
        let at = |error| TrainError::file(path, error);
        self.fs.rename_folder(path, &unfinished).map_err(at)?;
        self.fs.sync_folder(self.path).map_err(at)?;
        self.fs.remove_folder(&unfinished).map_err(at)
    }

    /// Takes the name of a checkpoint from what was found to be damaged.
    pub(crate) fn set_aside(&self, path: &Path) -> Result<(), TrainError> {
        let aside = name::beside(path, DAMAGED);
        let at = |error| TrainError::file(path, error);
        let name = aside.file_name().map(|name| name.to_string_lossy().into_owned());
        if self.fs.list(self.path).map_err(at)?.into_iter().any(|other| Some(other) == name) {
            self.fs.remove_folder(&aside).map_err(at)?;
        }
        self.fs.rename_folder(path, &aside).map_err(at)
    }

    /// Keeps the newest checkpoints and the best one, and removes all others, and what is left of earlier attempts; returns what could
    /// not be removed.
    pub(crate) fn prune(&self, last: usize, monitor: Option<&str>) -> Vec<TrainError> {
        let mut left = self.remove_leftovers();
        match self.old(last, monitor) {
            Ok(old) => left.extend(old.values().filter_map(|path| self.discard(path).err())),
            Err(error) => left.push(error),
        }
        left
    }

    /// Removes what has lost its name already.
    fn remove_leftovers(&self) -> Vec<TrainError> {
        let names = match self.fs.list(self.path) {
            Ok(names) => names,
            Err(error) => return vec![TrainError::file(self.path, error)],
        };
        let paths = names.iter().filter(|name| name.starts_with(OLD)).map(|name| self.path.join(name));
        let remove = |path: PathBuf| Some(TrainError::file(&path, self.fs.remove_folder(&path).err()?));
        paths.filter_map(remove).collect()
    }

    /// All but the newest checkpoints and the best one.
    fn old(&self, last: usize, monitor: Option<&str>) -> Result<BTreeMap<Number, PathBuf>, TrainError> {
        let mut old = self.list()?;
        for _ in 0..last.max(1) {
            old.pop_last();
        }
        if let Some(monitor) = monitor.filter(|_| !old.is_empty()) {
            let best = self.best(monitor)?;
            old.retain(|_, path| Some(&*path) != best.as_ref());
        }
        Ok(old)
    }

    /// The checkpoint with the best value of a quantity, the earliest of equals.
    pub(crate) fn best(&self, monitor: &str) -> Result<Option<PathBuf>, TrainError> {
        let mut best: Option<(f64, PathBuf)> = None;
        for path in self.list()?.into_values() {
            let manifest = match self.manifest(&path) {
                Ok(manifest) => manifest,
                // One that cannot be read now may be the best all the same.
                Err(error @ TrainError::File { defect: Defect::System(_), .. }) => return Err(error),
                Err(_) => continue,
            };
            let Some(monitored) = manifest.monitored.filter(|monitored| monitored.name == monitor) else {
                continue;
            };
            let value = if monitored.higher_is_better { -monitored.value } else { monitored.value };
            if best.as_ref().is_none_or(|(least, _)| value < *least) {
                best = Some((value, path));
            }
        }
        Ok(best.map(|(_, path)| path))
    }

    /// The newest checkpoint that is whole, and those that would have been newer.
    pub(crate) fn newest(&self) -> Result<(Option<Found>, Vec<Skipped>), TrainError> {
        let mut skipped = Vec::new();
        for ((step, _), path) in self.list()?.into_iter().rev() {
            match self.read(&path) {
                Ok(snapshot) if snapshot.steps == step => return Ok((Some((path, snapshot)), skipped)),
                Ok(snapshot) => {
                    let reason = format!("{}: expected step {step}, got {}", path.display(), snapshot.steps);
                    skipped.push(Skipped { path, reason });
                }
                // It may be whole all the same, and another time or another version can tell.
                Err(error @ TrainError::File { defect: Defect::System(_) | Defect::Version { .. }, .. }) => {
                    return Err(error);
                }
                Err(error) => skipped.push(Skipped { path, reason: error.to_string() }),
            }
        }
        if skipped.is_empty() {
            return Ok((None, skipped));
        }
        let reasons = skipped.into_iter().map(|skipped| skipped.reason).collect();
        Err(TrainError::NoCheckpoint { folder: self.path.to_owned(), reasons })
    }

    /// A checkpoint, if it is whole.
    pub(crate) fn read(&self, path: &Path) -> Result<Snapshot, TrainError> {
        let read = |(name, contents): (&String, &Contents)| {
            let part = |file: &mut _, length| Part::read(name, file, length);
            Ok((name.clone(), self.read_file(&path.join(name), contents, part)?))
        };
        let manifest = self.manifest(path)?;
        let files = manifest.files.iter().map(read).collect::<Result<_, TrainError>>()?;
        Snapshot::from_files(files, manifest)
            .map_err(|(name, defect)| TrainError::file(&path.join(name), defect))
    }

    fn manifest(&self, folder: &Path) -> Result<Manifest, TrainError> {
        let path = folder.join(MANIFEST);
        let read = || {
            let got = self.fs.size(&path)?;
            if got > LARGEST_MANIFEST {
                return Err(Defect::Length { expected: LARGEST_MANIFEST, got });
            }
            let mut bytes = Vec::new();
            self.fs.open(&path)?.take(LARGEST_MANIFEST).read_to_end(&mut bytes)?;
            Manifest::from_bytes(&bytes)
        };
        let manifest = read().map_err(|defect| TrainError::file(&path, defect))?;
        // Names of other files, or ways out of the folder, are none that we wrote.
        let ours: BTreeSet<&str> = FILES.into();
        if let Some(name) = manifest.files.keys().find(|name| !ours.contains(name.as_str())) {
            let text = format!("expected one of {}, got {}", FILES.join(", "), quoted(name, 100));
            return Err(TrainError::file(&path, Defect::Content(text)));
        }
        Ok(manifest)
    }
}
