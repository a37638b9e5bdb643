//! How a folder of images is to be read.

use super::decode::Decode;
use super::{ImageFolder, Skipped, broken};
use crate::files::bytes::read;
use crate::{ArrayDataset, FileProblem};
use plywood_tensor::{IntTensor, Result, quoted};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::ScopedJoinHandle;

/// How the names of files that may be images end; [`FileProblem::NoImage`] tells them.
const ENDINGS: [&str; 3] = ["png", "jpg", "jpeg"];

/// What becomes of a file that is broken, or above a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OnBroken {
    /// It is an error when it is needed.
    #[default]
    Error,
    /// It is left out and reported: all files are decoded once when the folder is read, to know them.
    Skip,
}

/// How a folder of images is to be read; from [`ImageFolder::open`].
///
/// ```
/// use plywood_data::{Dataset, ImageFolder};
///
/// # fn main() -> plywood_tensor::Result<()> {
/// # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/images/folder");
/// let gray = ImageFolder::open(folder).gray().read()?;
/// assert_eq!(gray.get(0)?.0.shape()[2], 1);
///
/// let error = ImageFolder::open(folder).max_side(4).read()?.get(0).unwrap_err();
/// assert!(error.to_string().contains("expected at most 4 pixels a side"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct OpenImages {
    folder: PathBuf,
    on_broken: OnBroken,
    decode: Decode,
}

impl OpenImages {
    pub(super) fn new(folder: PathBuf) -> OpenImages {
        OpenImages { folder, on_broken: OnBroken::Error, decode: Decode::default() }
    }

    /// One channel, the brightness of each pixel, in place of red, green and blue.
    ///
    /// `0.299 R + 0.587 G + 0.114 B`, as Pillow does it.
    pub fn gray(mut self) -> Self {
        self.decode.gray = true;
        self
    }

    /// What becomes of broken files; an error unless told.
    pub fn on_broken(self, on_broken: OnBroken) -> Self {
        OpenImages { on_broken, ..self }
    }

    /// The most pixels that an image may be wide or high; 16 384 unless told.
    pub fn max_side(mut self, pixels: u32) -> Self {
        self.decode.side = pixels;
        self
    }

    /// The most bytes that an image may take when it is decoded, before a tensor is made of it; 256 MiB unless told.
    ///
    /// The tensor takes four bytes for each number, eight with `plywood_f64`: that is four or eight times as much for the usual
    /// byte a number.
    pub fn max_decoded(mut self, bytes: u64) -> Self {
        self.decode.decoded = bytes;
        self
    }

    /// The most bytes that a file may have; 64 MiB unless told.
    pub fn max_file(mut self, bytes: u64) -> Self {
        self.decode.file = bytes;
        self
    }

    /// Looks for classes and files.
    ///
    /// # Errors
    /// [`DataError::File`](crate::DataError::File) if a folder cannot be read, there is no class, or none of the files of a class can
    /// be an image or, with [`OnBroken::Skip`], is a sound one.
    pub fn read(self) -> Result<ImageFolder> {
        let (mut files, mut labels, mut class_names) = (Vec::new(), Vec::new(), Vec::new());
        let (mut skipped, mut others) = (Vec::new(), Vec::new());
        let (folders, loose): (Vec<_>, Vec<_>) =
            entries(&self.folder)?.into_iter().partition(|path| path.is_dir());
        if folders.is_empty() {
            let images = loose.iter().filter(|path| may_be_an_image(path)).count();
            return Err(broken(&self.folder, FileProblem::NoClasses { images }));
        }
        for (label, folder) in (0..).zip(folders) {
            let (mut found, beside): (Vec<_>, Vec<_>) =
                entries(&folder)?.into_iter().partition(|path| may_be_an_image(path));
            let candidates = found.len();
            if self.on_broken == OnBroken::Skip {
                found = self.sound(found, &mut skipped);
            }
            if found.is_empty() {
                let got = instead(&beside, &skipped[skipped.len() - candidates..]);
                return Err(broken(&folder, FileProblem::NoImage { got }));
            }
            others.extend(beside.into_iter().filter(|path| path.is_file()));
            labels.resize(labels.len() + found.len(), label);
            files.append(&mut found);
            class_names.push(name(&folder));
        }
        let numbers = IntTensor::from_vec((0..files.len() as i64).collect(), [files.len()])?;
        Ok(ImageFolder {
            data: ArrayDataset::new(numbers, IntTensor::from_vec(labels, [files.len()])?)?,
            files: Arc::new(files),
            class_names: Arc::new(class_names),
            skipped: Arc::new(skipped),
            others: Arc::new(others),
            decode: self.decode,
            size: None,
        })
    }

    /// Those of the files that can be decoded, in their order; the others are reported.
    fn sound(&self, files: Vec<PathBuf>, skipped: &mut Vec<Skipped>) -> Vec<PathBuf> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = files.len().div_ceil(threads).max(1);
        let look =
            |files: &[PathBuf]| -> Vec<_> { files.iter().map(|file| self.decode.file(file).err()).collect() };
        let problems: Vec<Option<FileProblem>> = std::thread::scope(|scope| {
            let parts: Vec<_> = files.chunks(share).map(|part| scope.spawn(move || look(part))).collect();
            let join =
                |part: ScopedJoinHandle<'_, Vec<_>>| part.join().unwrap_or_else(|bug| resume_unwind(bug));
            parts.into_iter().flat_map(join).collect()
        });
        let mut sound = Vec::with_capacity(files.len());
        for (path, problem) in files.into_iter().zip(problems) {
            match problem {
                Some(problem) => skipped.push(Skipped { path, problem }),
                None => sound.push(path),
            }
        }
        sound
    }
}

/// What the folder of a class holds in place of images, and what can be done.
fn instead(others: &[PathBuf], broken: &[Skipped]) -> String {
    let shown = |path: &Path| quoted(&name(path), 100);
    if let Some(first) = broken.first() {
        let problem = &first.problem;
        return format!(
            "none that is whole; {} broken, such as {}: {problem}",
            broken.len(),
            shown(&first.path)
        );
    }
    let file = others.iter().find(|path| path.is_file());
    match (file, others.first()) {
        (Some(file), _) => {
            format!("none but others, such as {}; convert images to PNG or JPEG", shown(file))
        }
        (None, Some(folder)) => {
            format!(
                "only folders, such as {}; if these are the classes, open the folder they lie in",
                shown(folder)
            )
        }
        (None, None) => "an empty folder; fill it or take it away".into(),
    }
}

/// What there is in a folder, by name; what begins with a dot is hidden.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let listed = || -> std::io::Result<Vec<PathBuf>> {
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
    };
    let mut found = listed().map_err(|error| broken(folder, read(&error)))?;
    found.retain(|path| !name(path).starts_with('.'));
    found.sort();
    Ok(found)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn may_be_an_image(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    path.is_file() && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}
