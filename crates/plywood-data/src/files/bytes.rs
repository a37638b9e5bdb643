//! The bytes of a file, unpacked if it is compressed, never more of them than it can honestly hold.

use super::FileProblem;
use crate::DataError;
use flate2::bufread::MultiGzDecoder;
use plywood_tensor::Result;
use std::io::Read;
use std::path::{Path, PathBuf};

/// What a file compressed with gzip begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// A byte of gzip stands for at most so many: the longest repetition, 258 bytes, takes 2 bits.
pub(super) const RATIO: u64 = 1032;
/// A file unpacks to at most so many bytes, whatever it says: 2 GiB, three times the largest set in use.
pub(super) const UNPACKED: u64 = 2 << 30;

/// A file in memory, and what errors call it.
pub(crate) struct Bytes {
    pub(crate) name: String,
    packed: Vec<u8>,
}

impl Bytes {
    /// A file.
    pub(crate) fn open(path: &Path) -> Result<Bytes> {
        let name = path.display().to_string();
        match std::fs::read(path) {
            Ok(packed) => Ok(Bytes { name, packed }),
            Err(error) => Err(DataError::File { file: name, problem: read(&error) }.into()),
        }
    }

    /// The first of these files that there is in the folder, compressed or not.
    pub(crate) fn first(folder: &Path, names: &[&str]) -> Result<Bytes> {
        let expected: Vec<String> =
            names.iter().flat_map(|name| [(*name).to_owned(), format!("{name}.gz")]).collect();
        let found: Option<PathBuf> =
            expected.iter().map(|name| folder.join(name)).find(|path| path.is_file());
        match found {
            Some(path) => Bytes::open(&path),
            None => {
                let file = folder.display().to_string();
                Err(DataError::File { file, problem: FileProblem::NoFile { expected } }.into())
            }
        }
    }

    /// Bytes that are there already.
    pub(crate) fn of(name: &str, packed: Vec<u8>) -> Bytes {
        Bytes { name: name.to_owned(), packed }
    }

    /// This problem, with the name of the file.
    pub(crate) fn problem(&self, problem: FileProblem) -> plywood_tensor::Error {
        DataError::File { file: self.name.clone(), problem }.into()
    }

    /// All of it, for a format without a header, unpacked to at most `limit` bytes.
    pub(crate) fn all(&mut self, limit: u64) -> Result<Vec<u8>> {
        let packed = std::mem::take(&mut self.packed);
        whole(packed, limit).map_err(|problem| self.problem(problem))
    }

    /// What lies behind a header that tells how much that is: `header` reads it from the first `longest` bytes, or as
    /// many as there are, and returns what it learnt, its own length, and how many bytes follow.
    ///
    /// Memory grows with what is there: at most twice the bytes unpacked, whatever the header says.
    pub(crate) fn body<T>(
        &self,
        longest: usize,
        header: impl FnOnce(&[u8]) -> Result<(T, usize, u64), FileProblem>,
    ) -> Result<(T, Vec<u8>)> {
        let gzip = self.packed.starts_with(&GZIP);
        let mut rest: Box<dyn Read + '_> =
            if gzip { Box::new(MultiGzDecoder::new(&self.packed[..])) } else { Box::new(&self.packed[..]) };
        let mut first = Vec::new();
        let cannot = |error: &std::io::Error| self.problem(unpack(error));
        rest.by_ref().take(longest as u64).read_to_end(&mut first).map_err(|error| cannot(&error))?;
        let (learnt, length, expected) = header(&first).map_err(|problem| self.problem(problem))?;
        let limit = if gzip { (self.packed.len() as u64 * RATIO).min(UNPACKED) } else { u64::MAX };
        if expected > limit {
            return Err(self.problem(FileProblem::Limit { of: "bytes unpacked", limit, got: expected }));
        }
        let mut body = first.split_off(length);
        let more = expected.saturating_add(1).saturating_sub(body.len() as u64);
        // One byte more than expected, so that the checksum at the end of the file is looked at.
        rest.take(more).read_to_end(&mut body).map_err(|error| cannot(&error))?;
        if body.len() as u64 != expected {
            let (of, got) = ("data".to_owned(), body.len() as u64);
            return Err(self.problem(FileProblem::Size { of, expected, got }));
        }
        Ok((learnt, body))
    }
}

/// All bytes, unpacked if they are compressed and are no more than `limit` then.
fn whole(packed: Vec<u8>, limit: u64) -> Result<Vec<u8>, FileProblem> {
    if !packed.starts_with(&GZIP) {
        return Ok(packed);
    }
    let mut out = Vec::new();
    MultiGzDecoder::new(&packed[..])
        .take(limit.saturating_add(1))
        .read_to_end(&mut out)
        .map_err(|error| unpack(&error))?;
    let got = out.len() as u64;
    if got > limit {
        return Err(FileProblem::Limit { of: "bytes unpacked", limit, got });
    }
    Ok(out)
}

/// As [`whole`], for a table.
pub(crate) fn whole_table(packed: Vec<u8>) -> Result<Vec<u8>, std::io::Error> {
    whole(packed, UNPACKED).map_err(|problem| match problem {
        FileProblem::Unpack { reason } => std::io::Error::other(reason),
        problem => std::io::Error::other(problem),
    })
}

/// The system's words.
pub(crate) fn read(error: &std::io::Error) -> FileProblem {
    FileProblem::Read { reason: error.to_string() }
}

fn unpack(error: &std::io::Error) -> FileProblem {
    FileProblem::Unpack { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    #[test]
    fn no_more_is_unpacked_than_the_limit() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![7; 1 << 20]).unwrap();
        let bomb = encoder.finish().unwrap();
        assert!(bomb.len() as u64 * RATIO >= 1 << 20 && bomb.len() < 2000);
        assert_eq!(whole(bomb.clone(), 1 << 20).unwrap().len(), 1 << 20);
        let limit = (1 << 20) - 1;
        let refused = FileProblem::Limit { of: "bytes unpacked", limit, got: limit + 1 };
        assert_eq!(whole(bomb, limit).unwrap_err(), refused);
        // What is not compressed is as long as it is.
        assert_eq!(whole(vec![1, 2, 3], 2).unwrap(), [1, 2, 3]);
    }
}
