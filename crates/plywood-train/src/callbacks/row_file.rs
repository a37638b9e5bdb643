//! A file of rows that grows while a training runs, and is cut where a resumed one goes on.

use crate::codec::Defect;
use crate::{Status, TrainError};
use plywood_nn::create_parent;
use plywood_tensor::Result;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file of rows, each of which knows where in its run it was written: one run after the other, each in its order.
#[derive(Debug)]
pub(super) struct RowFile {
    path: PathBuf,
    place: ReadPlace,
    file: Option<File>,
    keep: Keep,
    /// Where in the file the rows of this run begin; none before it was opened.
    begin: Option<u64>,
    /// Where the file is to be cut before the next row.
    cut: Option<u64>,
}

/// Reads the place of a line, given the number of the line; none for a line that stays in any case.
pub(super) type ReadPlace = fn(usize, &str) -> Result<Option<Place>, ()>;

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

    /// Where in a text the last run begins, and where it is to be cut, after whole lines; the number of a line without a place is
    /// an error.
    ///
    /// Where that run begins may be known. If not, it is where steps or epochs fall: but then a run that has left no row is taken
    /// for the one before.
    fn bounds(mut self, text: &str, known: Option<u64>, place: ReadPlace) -> Result<(usize, usize), usize> {
        // Of another file than this was, nothing is known.
        let known = known.and_then(|begin| usize::try_from(begin).ok());
        let known = known.filter(|&begin| begin == 0 || text.as_bytes().get(begin - 1) == Some(&b'\n'));
        let (mut begin, mut end) = (known.unwrap_or(0), 0);
        let (mut at, mut cut, mut previous) = (0, false, None);
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let Some(row) = line.strip_suffix('\n') else { break };
            if let Some(place) = place(number, row).map_err(|()| number + 1)? {
                let anew = previous.is_some_and(|previous| place.begins_anew(previous));
                if anew && known.is_none() {
                    // What lies before a run that was appended is of another one, which is over: all of it stays.
                    (begin, end, cut) = (at, at, false);
                } else if anew && at > begin {
                    // Others have come after it: rather a row twice than one of theirs lost.
                    (self, cut) = (Keep::Everything, false);
                }
                cut |= at >= begin && self.cuts(place);
                previous = Some(place);
            }
            at += line.len();
            if !cut {
                end = at;
            }
        }
        // One that adds to what is there begins behind it.
        Ok((if self == Keep::Everything { end } else { begin }, end))
    }
}

impl RowFile {
    pub(super) fn new(path: PathBuf, place: ReadPlace) -> RowFile {
        RowFile { path, place, file: None, keep: Keep::Nothing, begin: None, cut: None }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// By which a state of it is found again, also where its folder was moved.
    pub(super) fn name(&self) -> std::borrow::Cow<'_, str> {
        self.path.file_name().unwrap_or_default().to_string_lossy()
    }

    /// Where the rows of this run begin, to be remembered for [`RowFile::begin_at`].
    pub(super) fn begin(&self) -> Option<u64> {
        self.begin
    }

    /// Opens the file, and returns the first line that stays.
    ///
    /// What does not stay is cut off when the first epoch begins, or before the next row: a training that is refused, or has
    /// nothing to do, leaves the file as it was. A last line without its end was being written when the process died: it goes.
    pub(super) fn open(&mut self, keep: Keep) -> Result<Option<String>> {
        self.keep = keep;
        // One that begins anew may take the place of anything.
        let first = if keep == Keep::Nothing {
            (self.begin, self.cut) = (Some(0), Some(0));
            None
        } else {
            self.find(None)?
        };
        create_parent(&self.path).map_err(|error| self.defect(error))?;
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).open(&self.path);
        self.file = Some(file.map_err(|error| self.defect(error))?);
        Ok(first)
    }

    /// Goes on with a run whose rows begin here, after the file was opened; returns the first line that stays.
    pub(super) fn begin_at(&mut self, begin: u64) -> Result<Option<String>> {
        self.find(Some(begin))
    }

    /// Finds where the run begins and where the file is to be cut.
    fn find(&mut self, known: Option<u64>) -> Result<Option<String>> {
        let mut bytes = match std::fs::read(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            other => other.map_err(|error| self.defect(error)),
        }?;
        // A line without its end, which goes in any case, may end within a letter.
        bytes.truncate(bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1));
        let text = String::from_utf8(bytes).map_err(|error| {
            let reason = format!("byte {} is none of a text", error.utf8_error().valid_up_to());
            self.defect(Defect::Content(reason))
        })?;
        // A file without places is none of ours: nothing of it is cut off.
        let (begin, end) = self.keep.bounds(&text, known, self.place).map_err(|line| {
            let reason = format!("line {line} has no epoch and step");
            self.defect(Defect::Content(reason))
        })?;
        (self.begin, self.cut) = (Some(begin as u64), Some(end as u64));
        Ok(text[..end].lines().next().map(str::to_owned))
    }

    /// Cuts off what does not stay, unless that is done.
    pub(super) fn settle(&mut self) -> Result<()> {
        let (Some(file), Some(end)) = (&mut self.file, self.cut.take()) else { return Ok(()) };
        cut_at(file, end).map_err(|error| self.defect(error).into())
    }

    /// Writes rows, each with its end, at once; nothing before the file was opened.
    pub(super) fn write(&mut self, rows: &str) -> Result<()> {
        self.settle()?;
        let Some(file) = &mut self.file else { return Ok(()) };
        Ok(file.write_all(rows.as_bytes()).map_err(|error| TrainError::file(&self.path, error))?)
    }

    fn defect(&self, defect: impl Into<Defect>) -> TrainError {
        TrainError::file(&self.path, defect)
    }
}

/// Leaves so many bytes, behind which the next are written.
fn cut_at(file: &mut File, end: u64) -> io::Result<()> {
    // What is no file on a disk, such as a pipe, can do neither, and need not.
    if file.metadata()?.len() != end {
        file.set_len(end)?;
    }
    if end > 0 {
        file.seek(SeekFrom::Start(end))?;
    }
    Ok(())
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
            // That of another file, or none.
            for known in [None, Some(2), Some(999)] {
                let (begin, end) = keep.bounds(&text, known, place).unwrap();
                assert_eq!(&text[..end], lines(kept), "{rows}");
                assert!(begin <= end && (begin == 0 || text[..begin].ends_with('\n')), "{rows}");
                // What was found is found again, and is the same when it is known.
                assert_eq!(keep.bounds(&text[..end], Some(begin as u64), place), Ok((begin, end)), "{rows}");
                assert_eq!(keep.bounds(&text, Some(begin as u64), place), Ok((begin, end)), "{rows}");
            }
            let all = lines(rows).len();
            assert_eq!(Keep::Everything.bounds(&text, None, place), Ok((all, all)), "{rows}");
        }
        assert_eq!(Keep::Everything.bounds("e1.5\ne2.x\n", None, place), Err(2));
    }

    #[test]
    fn a_run_that_has_left_no_row_takes_none_of_the_run_before() {
        let text = "head\ns1.3\ne1.5\n";
        let keep = Keep::UpTo { epochs: 0, step: 2 };
        assert_eq!(keep.bounds(text, None, place), Ok((0, 5)));
        assert_eq!(keep.bounds(text, Some(0), place), Ok((0, 5)));
        assert_eq!(keep.bounds(text, Some(10), place), Ok((10, 10)));
        assert_eq!(keep.bounds(text, Some(15), place), Ok((15, 15)));
        // Others came after it.
        let keep_first = Keep::UpTo { epochs: 1, step: 7 };
        assert_eq!(keep_first.bounds("e1.5\ne2.10\ne1.5\ne2.10\n", Some(0), place), Ok((22, 22)));
        let later = text.to_owned() + "s1.2\ns1.3\n";
        assert_eq!(keep.bounds(&later, Some(15), place), Ok((15, 20)));
    }
}
