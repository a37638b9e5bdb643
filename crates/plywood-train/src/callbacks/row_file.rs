//! A file of rows that grows while a training runs, and is cut where a resumed one goes on.

use crate::codec::Defect;
use crate::{Status, TrainError};
use plywood_tensor::Result;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file of rows, each of which knows after which step it was written; rows are in the order of their steps.
#[derive(Debug)]
pub(super) struct RowFile {
    path: PathBuf,
    file: Option<File>,
}

/// Which rows of a file stay when a training begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Keep {
    /// None: the file begins anew.
    Nothing,
    /// Those up to this step.
    UpTo(u64),
}

impl Keep {
    /// What a run keeps: nothing unless it goes on with another one, or is told to append.
    pub(super) fn of(status: &Status<'_>, append: bool) -> Keep {
        match (status.resumed, append) {
            (true, _) => Keep::UpTo(status.step),
            (false, true) => Keep::UpTo(u64::MAX),
            (false, false) => Keep::Nothing,
        }
    }
}

impl RowFile {
    pub(super) fn new(path: PathBuf) -> RowFile {
        RowFile { path, file: None }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the file, cuts off what does not stay, and returns its first line.
    ///
    /// `step` reads the step of a line, given the number of the line; none for a line that stays in any case. A last line
    /// without its end was being written when the process died: it goes.
    pub(super) fn open(
        &mut self,
        keep: Keep,
        step: impl Fn(usize, &str) -> Result<Option<u64>, ()>,
    ) -> Result<Option<String>> {
        let (file, first) = match keep {
            Keep::Nothing => File::create(&self.path).map(|file| (file, None)).map_err(|e| self.defect(e))?,
            Keep::UpTo(last) => {
                let text = match std::fs::read_to_string(&self.path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
                    other => other.map_err(|error| self.defect(error)),
                }?;
                let mut end = 0;
                for (number, line) in text.split_inclusive('\n').enumerate() {
                    let Some(row) = line.strip_suffix('\n') else { break };
                    // A file without steps is none of ours: nothing of it is cut off.
                    let Ok(step) = step(number, row) else {
                        let reason = format!("line {} has no step", number + 1);
                        return Err(self.defect(Defect::Content(reason)).into());
                    };
                    if step.is_some_and(|step| step > last) {
                        break;
                    }
                    end += line.len();
                }
                let file = self.cut(end as u64).map_err(|error| self.defect(error))?;
                (file, text[..end].lines().next().map(str::to_owned))
            }
        };
        self.file = Some(file);
        Ok(first)
    }

    /// The file without what comes after `end`, ready to be appended to.
    fn cut(&self, end: u64) -> io::Result<File> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(&self.path)?;
        file.set_len(end)?;
        file.seek(SeekFrom::End(0))?;
        Ok(file)
    }

    /// Writes rows, each with its end, at once; nothing before the file was opened.
    pub(super) fn write(&mut self, rows: &str) -> Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        Ok(file.write_all(rows.as_bytes()).map_err(|error| TrainError::file(&self.path, error))?)
    }

    fn defect(&self, defect: impl Into<Defect>) -> TrainError {
        TrainError::file(&self.path, defect)
    }
}
