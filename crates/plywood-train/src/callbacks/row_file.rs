//! A file of rows that grows while a training runs, and is cut where a resumed one goes on.

use crate::codec::Defect;
use crate::{Status, TrainError};
use plywood_tensor::Result;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file of rows, each of which knows where in its run it was written: one run after the other, each in its order.
#[derive(Debug)]
pub(super) struct RowFile {
    path: PathBuf,
    file: Option<File>,
}

/// Where in its run a row was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) epoch: u64,
    /// Whether it is the row of the whole epoch, which comes after those of its steps.
    pub(super) whole: bool,
    /// How many steps were taken in all epochs.
    pub(super) step: u64,
}

impl Place {
    /// Whether a row begins another run than that of the row before.
    fn begins_anew(self, previous: Place) -> bool {
        // In a run, nothing of an epoch comes after its row, and each step has one.
        let again = previous.whole || !self.whole && self.step == previous.step;
        self.epoch < previous.epoch || self.step < previous.step || self.epoch == previous.epoch && again
    }
}

/// Which rows of a file stay when a training begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Keep {
    /// None: the file begins anew.
    Nothing,
    /// All.
    Everything,
    /// Those of earlier runs; those of the last one up to this many complete epochs and steps.
    ///
    /// Both count: a run that was stopped at the last batch of an epoch has taken all of its steps, and its row is still to come.
    UpTo { epochs: u64, step: u64 },
}

impl Keep {
    /// What a run keeps: nothing unless it goes on with another one, or is told to append.
    pub(super) fn of(status: &Status<'_>, append: bool) -> Keep {
        match (status.resumed, append) {
            // At the beginning, the epoch is the last complete one.
            (true, _) => Keep::UpTo { epochs: status.epoch as u64, step: status.step },
            (false, true) => Keep::Everything,
            (false, false) => Keep::Nothing,
        }
    }

    /// Whether a row of the last run goes.
    fn cuts(self, place: Place) -> bool {
        match self {
            Keep::Nothing => true,
            Keep::Everything => false,
            Keep::UpTo { epochs, step } => place.step > step || place.whole && place.epoch > epochs,
        }
    }

    /// How many bytes of a text stay, of whole lines; the number of a line without a place is an error.
    fn end(
        self,
        text: &str,
        place: impl Fn(usize, &str) -> Result<Option<Place>, ()>,
    ) -> Result<usize, usize> {
        let (mut end, mut at, mut cut, mut previous) = (0, 0, false, None);
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let Some(row) = line.strip_suffix('\n') else { break };
            if let Some(place) = place(number, row).map_err(|()| number + 1)? {
                // What lies before a run that was appended is of another one, which is over: all of it stays.
                if previous.is_some_and(|previous| place.begins_anew(previous)) {
                    (end, cut) = (at, false);
                }
                cut |= self.cuts(place);
                previous = Some(place);
            }
            at += line.len();
            if !cut {
                end = at;
            }
        }
        Ok(end)
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
    /// `place` reads the place of a line, given the number of the line; none for a line that stays in any case. A last line
    /// without its end was being written when the process died: it goes.
    pub(super) fn open(
        &mut self,
        keep: Keep,
        place: impl Fn(usize, &str) -> Result<Option<Place>, ()>,
    ) -> Result<Option<String>> {
        let (file, first) = if keep == Keep::Nothing {
            File::create(&self.path).map(|file| (file, None)).map_err(|e| self.defect(e))?
        } else {
            let text = match std::fs::read_to_string(&self.path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
                other => other.map_err(|error| self.defect(error)),
            }?;
            // A file without places is none of ours: nothing of it is cut off.
            let end = keep.end(&text, place).map_err(|line| {
                let reason = format!("line {line} has no epoch and step");
                self.defect(Defect::Content(reason))
            })?;
            let file = self.cut(end as u64).map_err(|error| self.defect(error))?;
            (file, text[..end].lines().next().map(str::to_owned))
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

#[cfg(test)]
mod tests {
    use super::{Keep, Place};

    /// `s1.3` is the third step, in epoch 1; `e1.5` the end of epoch 1, after the fifth step.
    fn place(_: usize, row: &str) -> Result<Option<Place>, ()> {
        let Some((epoch, step)) = row[1..].split_once('.') else { return Ok(None) };
        let number = |text: &str| text.parse().map_err(drop);
        Ok(Some(Place { epoch: number(epoch)?, whole: row.starts_with('e'), step: number(step)? }))
    }

    #[test]
    fn what_stays_is_what_a_run_has_behind_it_and_all_of_earlier_runs() {
        for (rows, epochs, step, kept) in [
            ("", 0, 0, ""),
            ("head", 0, 0, "head"),
            ("head e1.5 e2.10 e3.15", 2, 14, "head e1.5 e2.10"),
            ("s1.3 e1.5 s2.6 s2.9 e2.10 s3.12", 1, 8, "s1.3 e1.5 s2.6"),
            // Stopped at the last batch, before the validation.
            ("s1.5 e1.5 s2.10 e2.10", 1, 10, "s1.5 e1.5 s2.10"),
            // A run from the beginning, one that was resumed, a shorter one.
            ("e1.5 e2.10 e1.5 e2.10", 1, 7, "e1.5 e2.10 e1.5"),
            ("e1.5 e2.10 e1.5 e2.10", 0, 3, "e1.5 e2.10"),
            ("s1.3 s2.6 s2.9 s1.3 s2.6 s2.9", 1, 7, "s1.3 s2.6 s2.9 s1.3 s2.6"),
            ("s1.3 s2.6 e9.70 s1.3 s2.6 s2.9", 1, 7, "s1.3 s2.6 e9.70 s1.3 s2.6"),
            ("e1.5 e1.5 e2.10", 1, 5, "e1.5 e1.5"),
            // A second training of the same trainer: its steps go on, its epochs begin again.
            ("e1.5 e2.10 e1.15 e2.20", 1, 17, "e1.5 e2.10 e1.15"),
            ("e1.5 e1.10", 0, 7, "e1.5"),
            ("s1.3 e1.5 s1.6 e1.10", 0, 7, "s1.3 e1.5 s1.6"),
        ] {
            let lines =
                |rows: &str| rows.split_whitespace().map(|row| format!("{row}\n")).collect::<String>();
            let (text, keep) = (lines(rows) + "e99.", Keep::UpTo { epochs, step });
            assert_eq!(&text[..keep.end(&text, place).unwrap()], lines(kept), "{rows}");
            assert_eq!(Keep::Everything.end(&text, place), Ok(lines(rows).len()), "{rows}");
        }
        assert_eq!(Keep::Everything.end("e1.5\ne2.x\n", place), Err(2));
    }
}
