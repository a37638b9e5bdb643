//! Several arrays in one file of NumPy's.

use super::FileProblem;
use super::bytes::read;
use super::zip::read::{Entry, directory};
use super::zip::write::archive;
use crate::data_error::SHOWN;
use crate::{DataError, Npy};
use plywood_nn::write_atomically;
use plywood_tensor::{Result, one_line, quoted};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Arrays by name, from an `.npz` file.
///
/// Each is unpacked when it is asked for. The file is not trusted: the directory is checked against its length, arrays do not
/// overlap, each unpacks to at most 1032 times its packed length and 2 GiB, and its checksum must be right. An archive of more than
/// 4 GiB (ZIP64) is an error.
///
/// # Example
/// ```
/// use plywood_data::{Npy, Npz};
/// use plywood_tensor::{IntTensor, Tensor};
///
/// let (x, y) = (Tensor::from([[1.0, 2.0], [3.0, 4.0]]), IntTensor::from([1, 0]));
/// let file = Npz::to_bytes([("x", Npy::from(&x)), ("y", Npy::from(&y))])?; // np.savez(path, x=x, y=y)
///
/// let arrays = Npz::read(&file)?;
/// assert_eq!(arrays.names().collect::<Vec<_>>(), ["x", "y"]);
/// assert_eq!(arrays.get("x")?.tensor()?, x);
/// assert_eq!(arrays.get("y")?.integers()?, y);
/// assert_eq!(arrays.get("z").unwrap_err().to_string(), r#"npz: expected one of "x", "y", got "z""#);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// NumPy: `np.load`, `np.savez` and `np.savez_compressed`.
#[derive(Clone)]
#[doc(alias("savez", "savez_compressed", "numpy"))]
pub struct Npz {
    name: String,
    file: Vec<u8>,
    entries: BTreeMap<String, Entry>,
}

impl Npz {
    /// A file.
    ///
    /// # Errors
    /// [`DataError::File`] with what is wrong.
    pub fn open(path: impl AsRef<Path>) -> Result<Npz> {
        let name = path.as_ref().display().to_string();
        match std::fs::read(path) {
            Ok(file) => Npz::parse(name, file),
            Err(error) => Err(DataError::File { file: name, problem: read(&error) }.into()),
        }
    }

    /// The bytes of a file, which errors call `npz`.
    ///
    /// # Errors
    /// [`DataError::File`] with what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Npz> {
        Npz::parse("npz".into(), bytes.to_vec())
    }

    fn parse(name: String, file: Vec<u8>) -> Result<Npz> {
        let fail = |problem| DataError::File { file: name.clone(), problem };
        let mut entries = BTreeMap::new();
        for entry in directory(&file).map_err(fail)? {
            let array = entry.name.strip_suffix(".npy").unwrap_or(&entry.name).to_owned();
            if let Some(twice) = entries.insert(array, entry) {
                let problem = FileProblem::Zip {
                    expected: "a name for each file".into(),
                    got: format!("two of {}", quoted(&twice.name, SHOWN)),
                };
                return Err(fail(problem).into());
            }
        }
        Ok(Npz { name, file, entries })
    }

    /// The names of the arrays, in the order of the alphabet.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// An array.
    ///
    /// # Errors
    /// [`FileProblem::NoArray`] if there is none of this name; otherwise what is wrong with it.
    pub fn get(&self, name: &str) -> Result<Npy> {
        let Some(entry) = self.entries.get(name) else {
            let expected = self.entries.keys().cloned().collect();
            let problem = FileProblem::NoArray { expected, got: name.to_owned() };
            return Err(DataError::File { file: self.name.clone(), problem }.into());
        };
        let place = format!("{}, {}", self.name, one_line(&entry.name, SHOWN));
        match entry.unpack(&self.file) {
            Ok(file) => Npy::parse(place, file),
            Err(problem) => Err(DataError::File { file: place, problem }.into()),
        }
    }

    /// The bytes of a file with these arrays, stored as they are.
    ///
    /// # Errors
    /// [`DataError::File`] for a name that comes twice, and for what could not be read again: more than 10 000 arrays, 2 GiB in one or
    /// 4 GiB in all.
    pub fn to_bytes<'a>(arrays: impl IntoIterator<Item = (&'a str, Npy)>) -> Result<Vec<u8>> {
        pack(arrays.into_iter().collect(), false)
    }

    /// The bytes of a file with these arrays, deflated.
    ///
    /// # Errors
    /// As [`Npz::to_bytes`].
    pub fn to_bytes_compressed<'a>(arrays: impl IntoIterator<Item = (&'a str, Npy)>) -> Result<Vec<u8>> {
        pack(arrays.into_iter().collect(), true)
    }

    /// Writes a file that `np.load` reads, complete or not at all, as `np.savez` does.
    ///
    /// # Errors
    /// As [`Npz::to_bytes`]; [`NnError::File`](plywood_nn::NnError::File) if it cannot be written.
    pub fn save<'a>(path: impl AsRef<Path>, arrays: impl IntoIterator<Item = (&'a str, Npy)>) -> Result<()> {
        write_atomically(path, &Npz::to_bytes(arrays)?)
    }

    /// Writes a file with the arrays deflated, as `np.savez_compressed` does.
    ///
    /// # Errors
    /// As [`Npz::save`].
    pub fn save_compressed<'a>(
        path: impl AsRef<Path>,
        arrays: impl IntoIterator<Item = (&'a str, Npy)>,
    ) -> Result<()> {
        write_atomically(path, &Npz::to_bytes_compressed(arrays)?)
    }
}

fn pack(arrays: Vec<(&str, Npy)>, deflate: bool) -> Result<Vec<u8>> {
    let fail = |problem| DataError::File { file: "npz".into(), problem };
    let mut names = BTreeSet::new();
    if let Some((twice, _)) = arrays.iter().find(|(name, _)| !names.insert(*name)) {
        let got = format!("two of {}", quoted(&format!("{twice}.npy"), SHOWN));
        let expected = "a name for each file".into();
        return Err(fail(FileProblem::Zip { expected, got }).into());
    }
    let files: Vec<(String, Vec<u8>)> =
        arrays.iter().map(|(name, array)| (format!("{name}.npy"), array.to_bytes())).collect();
    Ok(archive(&files, deflate).map_err(fail)?)
}

impl std::fmt::Debug for Npz {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.entries.keys()).finish()
    }
}
