//! A table of the epochs, in a file.

use super::row_file::{Keep, Place, ReadPlace, RowFile};
use crate::{Callback, CallbackState, Flow, Status, TrainError};
use plywood_tensor::Result;
use std::path::{Path, PathBuf};

/// Writes a row for each epoch into a CSV file, as soon as the epoch is over.
///
/// The columns are `epoch`, `step` (how many steps were taken in all epochs), every quantity of
/// [`EpochRecord::iter`](crate::EpochRecord::iter), and `seconds`. Numbers have as many digits as it takes to read them back
/// exactly. What is not finite is written as `NaN`, `inf` and `-inf`, as pandas and R read it.
///
/// A file that is there already is written anew, unless the run is [resumed](crate::Trainer::resume): then its rows later than
/// where it goes on are cut off, and the others stay, those of [earlier runs](CsvLog::append) too. The file of a run that was
/// killed and resumed has the rows of one that never was, but for the times.
///
/// # Example
/// ```
/// use plywood_losses::MeanSquaredError;
/// use plywood_nn::Linear;
/// use plywood_optim::Sgd;
/// use plywood_tensor::{Seed, Tensor};
/// use plywood_train::{CsvLog, Fit, Progress, Trainer};
///
/// # let folder = std::env::temp_dir().join(format!("plywood-csv-log-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("log.csv");
/// let (x, y) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[3.0], [5.0]]));
/// let model = Linear::new(1, 1, &Seed(7).stream())?;
/// let mut trainer = Trainer::compile(model, Sgd::new(0.125), MeanSquaredError);
/// trainer.fit_arrays(&x, &y, Fit::epochs(3).callback(CsvLog::new(&path)).progress(Progress::Silent))?;
///
/// let text = std::fs::read_to_string(&path)?;
/// let lines: Vec<&str> = text.lines().collect();
/// assert_eq!(lines[0], "epoch,step,loss,learning rate,seconds");
/// assert!(lines[3].starts_with("3,3,") && lines[3].contains(",0.125,"));
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// Training fails with [`TrainError::File`] if the file cannot be written, at its beginning where possible, and with
/// [`TrainError::Columns`] if the file of a resumed run has other columns.
/// # References
/// Keras: `CSVLogger`, whose `append` does not cut off rows that a resumed run writes again. Lightning: `CSVLogger`.
#[derive(Debug)]
#[doc(alias = "CSVLogger")]
pub struct CsvLog {
    epochs: Table,
    steps: Table,
    every: u64,
    append: bool,
}

impl CsvLog {
    /// Into this file, in a folder that is made where it is missing.
    pub fn new(path: impl Into<PathBuf>) -> CsvLog {
        let path = path.into();
        let steps = beside(&path);
        CsvLog {
            epochs: Table::new(path, place::<true>),
            steps: Table::new(steps, place::<false>),
            every: 0,
            append: false,
        }
    }

    /// Also writes a row after every so many steps; none if 0, as unless set.
    ///
    /// They are a table of their own, beside the other: `log.steps.csv` beside `log.csv` or `log`. Its columns are `epoch`, `step`,
    /// `batch`, `batch loss`, which is that of the batch alone, and `learning rate`.
    #[must_use]
    pub fn every_steps(self, steps: u64) -> CsvLog {
        CsvLog { every: steps, ..self }
    }

    /// Whether all rows of a file that is there stay where a run is not resumed, too.
    #[must_use]
    pub fn append(self, append: bool) -> CsvLog {
        CsvLog { append, ..self }
    }

    /// Before a checkpoint can say that this run has its rows here.
    fn settle(&mut self) -> Result<Flow> {
        self.epochs.file.settle()?;
        self.steps.file.settle()?;
        Ok(Flow::Continue)
    }
}

impl Callback for CsvLog {
    fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        let keep = Keep::of(status, self.append);
        self.epochs.open(keep)?;
        if self.every > 0 {
            self.steps.open(keep)?;
        }
        Ok(Flow::Continue)
    }

    fn on_epoch_begin(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        self.settle()
    }

    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        // A run that goes on within an epoch was not told of its beginning.
        self.settle()?;
        if self.every > 0 && status.step.is_multiple_of(self.every) {
            let rate = status.optimizer.current_learning_rate();
            let numbers = [("batch loss", status.batch_loss), ("learning rate", rate)];
            let cells = [
                ("epoch", status.epoch.to_string()),
                ("step", status.step.to_string()),
                ("batch", status.batch.to_string()),
            ];
            let numbers = numbers.map(|(name, value)| (name, number(value)));
            self.steps.write(cells.into_iter().chain(numbers))?;
        }
        Ok(Flow::Continue)
    }

    fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        if let Some(record) = status.record {
            let place = [("epoch", status.epoch.to_string()), ("step", status.step.to_string())];
            let mut cells: Vec<(String, String)> = place.map(|(name, cell)| (name.into(), cell)).into();
            cells.extend(record.iter().map(|(name, value)| (name, number(value))));
            cells.push(("seconds".into(), number(record.seconds)));
            self.epochs.write(cells)?;
        }
        Ok(Flow::Continue)
    }

    fn state(&self) -> Result<Option<CallbackState>> {
        let begin = (self.epochs.file.begin(), self.steps.file.begin());
        CallbackState::new(format!("csv log {}", self.epochs.file.name()), &begin).map(Some)
    }

    fn load_state(&mut self, state: &CallbackState) -> Result<()> {
        let (epochs, steps): (Option<u64>, Option<u64>) = state.value()?;
        self.epochs.begin_at(epochs)?;
        if self.every > 0 { self.steps.begin_at(steps) } else { Ok(()) }
    }
}

/// A file with a line of names on top.
#[derive(Debug)]
struct Table {
    file: RowFile,
    header: Option<String>,
}

impl Table {
    fn new(path: PathBuf, place: ReadPlace) -> Table {
        Table { file: RowFile::new(path, place), header: None }
    }

    fn open(&mut self, keep: Keep) -> Result<()> {
        self.header = self.file.open(keep)?;
        Ok(())
    }

    fn begin_at(&mut self, begin: Option<u64>) -> Result<()> {
        if let Some(begin) = begin {
            self.header = self.file.begin_at(begin)?;
        }
        Ok(())
    }

    /// A row, and the names before the first one.
    fn write<N: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = (N, String)>) -> Result<()> {
        let (names, cells): (Vec<String>, Vec<String>) =
            cells.into_iter().map(|(name, cell)| (quoted(name.as_ref()), cell)).unzip();
        let (names, row) = (names.join(","), cells.join(","));
        match &self.header {
            None => {
                self.file.write(&format!("{names}\n{row}\n"))?;
                self.header = Some(names);
                Ok(())
            }
            Some(header) if *header == names => self.file.write(&format!("{row}\n")),
            Some(header) => {
                let path = self.file.path().to_owned();
                Err(TrainError::Columns { path, expected: names, got: header.clone() }.into())
            }
        }
    }
}

/// Where in its run a row was written, of whole epochs or of steps; none for the names.
fn place<const WHOLE: bool>(line: usize, row: &str) -> Result<Option<Place>, ()> {
    if line == 0 {
        return Ok(None);
    }
    let mut cells = row.split(',').map(|cell| cell.parse().map_err(drop));
    let (epoch, step) = (cells.next().ok_or(())??, cells.next().ok_or(())??);
    Ok(Some(Place { epoch, whole: WHOLE, step }))
}

/// The file of the steps. Only `.csv` makes room for it: the end of `adam-0.01` is a part of its name.
fn beside(path: &Path) -> PathBuf {
    let bare = if path.extension().is_some_and(|end| end == "csv") { &path.with_extension("") } else { path };
    let mut name = bare.as_os_str().to_owned();
    name.push(".steps.csv");
    name.into()
}

/// As few digits as give the number back.
fn number(value: f64) -> String {
    format!("{value:?}")
}

/// A name as a cell, in quotes where it must be (RFC 4180); a file of one line for each row has no line breaks in names.
fn quoted(name: &str) -> String {
    let name = name.replace(['\n', '\r'], " ");
    if name.contains([',', '"']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name }
}

#[cfg(test)]
mod tests {
    use super::{beside, number, quoted};
    use std::path::Path;

    #[test]
    fn steps_have_a_file_of_their_own() {
        for (epochs, steps) in [
            ("log.csv", "log.steps.csv"),
            ("log", "log.steps.csv"),
            ("runs.csv/log.txt", "runs.csv/log.txt.steps.csv"),
            ("adam-0.01", "adam-0.01.steps.csv"),
            ("adam-0.001", "adam-0.001.steps.csv"),
            ("adam-0.01.csv", "adam-0.01.steps.csv"),
        ] {
            assert_eq!(beside(Path::new(epochs)), Path::new(steps));
        }
    }

    #[test]
    fn numbers_and_names_can_be_read_back() {
        for (value, text) in [
            (0.1, "0.1"),
            (1.0, "1.0"),
            (1e-10, "1e-10"),
            (1.0 / 3.0, "0.3333333333333333"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(number(value), text);
        }
        for (name, cell) in [
            ("validation loss", "validation loss"),
            ("f1, macro", "\"f1, macro\""),
            ("a \"b\"", "\"a \"\"b\"\"\""),
            ("a\nb", "a b"),
        ] {
            assert_eq!(quoted(name), cell);
        }
    }
}
