//! The epochs as JSON, a line each, in a file.

use super::row_file::{Keep, Place, RowFile};
use crate::{Callback, CallbackState, Flow, Status};
use plywood_tensor::Result;
use std::path::PathBuf;

/// Writes a JSON object on a line of its own for each epoch, as soon as the epoch is over.
///
/// Its names are `epoch`, `step` (how many steps were taken in all epochs), every quantity of
/// [`EpochRecord::iter`](crate::EpochRecord::iter), and `seconds`. JSON has no number that is not finite: NaN is written as
/// `null`, which pandas reads as NaN, and an infinity as the text `"Infinity"` or `"-Infinity"`, which `float` of Python and
/// `Number` of JavaScript turn back.
///
/// Existing files are treated as by [`CsvLog`](crate::CsvLog): written anew, or cut where a resumed run goes on.
///
/// # Example
/// ```
/// use plywood_losses::MeanSquaredError;
/// use plywood_nn::Linear;
/// use plywood_optim::Sgd;
/// use plywood_tensor::{Seed, Tensor};
/// use plywood_train::{Fit, JsonLines, Progress, Trainer};
///
/// # let folder = std::env::temp_dir().join(format!("plywood-json-lines-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("log.jsonl");
/// let (x, y) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[3.0], [5.0]]));
/// let model = Linear::new(1, 1, &Seed(7).stream())?;
/// let mut trainer = Trainer::compile(model, Sgd::new(0.125), MeanSquaredError);
/// let log = JsonLines::new(&path).every_steps(1);
/// trainer.fit_arrays(&x, &y, Fit::epochs(2).batch_size(1).callback(log).progress(Progress::Silent))?;
///
/// let text = std::fs::read_to_string(&path)?;
/// let rows: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
/// assert_eq!(rows.len(), 6); // two steps, an epoch, two steps, an epoch
/// assert_eq!((&rows[4]["batch"], &rows[4]["step"], &rows[5]["epoch"]), (&2.into(), &4.into(), &2.into()));
/// assert_eq!(rows[5]["learning rate"], 0.125);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// Training fails with [`TrainError::File`](crate::TrainError::File) if the file cannot be written, at its beginning where
/// possible.
/// # References
/// No rival has it; Keras users write it with `LambdaCallback`.
#[derive(Debug)]
pub struct JsonLines {
    file: RowFile,
    every: u64,
    append: bool,
}

impl JsonLines {
    /// Into this file, in a folder that is made where it is missing.
    pub fn new(path: impl Into<PathBuf>) -> JsonLines {
        JsonLines { file: RowFile::new(path.into(), place), every: 0, append: false }
    }

    /// Also writes an object after every so many steps; none if 0, as unless set.
    ///
    /// Its names are `epoch`, `step`, `batch`, `batch loss`, which is that of the batch alone, and `learning rate`.
    #[must_use]
    pub fn every_steps(self, steps: u64) -> JsonLines {
        JsonLines { every: steps, ..self }
    }

    /// Whether all rows of a file that is there stay where a run is not resumed, too.
    #[must_use]
    pub fn append(self, append: bool) -> JsonLines {
        JsonLines { append, ..self }
    }

    fn write<N: AsRef<str>>(
        &mut self,
        counts: &[(&str, u64)],
        numbers: impl IntoIterator<Item = (N, f64)>,
    ) -> Result<()> {
        let counts = counts.iter().map(|(name, count)| format!("{}:{count}", quoted(name)));
        let numbers = numbers.into_iter();
        let numbers = numbers.map(|(name, value)| format!("{}:{}", quoted(name.as_ref()), number(value)));
        let members: Vec<String> = counts.chain(numbers).collect();
        self.file.write(&format!("{{{}}}\n", members.join(",")))
    }
}

impl Callback for JsonLines {
    fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.file.open(Keep::of(status, self.append))?;
        Ok(Flow::Continue)
    }

    fn on_epoch_begin(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        // Before a checkpoint can say that this run has its rows here.
        self.file.settle()?;
        Ok(Flow::Continue)
    }

    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        // A run that goes on within an epoch was not told of its beginning.
        self.file.settle()?;
        if self.every > 0 && status.step.is_multiple_of(self.every) {
            let rate = status.optimizer.current_learning_rate();
            let counts =
                [("epoch", status.epoch as u64), ("step", status.step), ("batch", status.batch as u64)];
            self.write(&counts, [("batch loss", status.batch_loss), ("learning rate", rate)])?;
        }
        Ok(Flow::Continue)
    }

    fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        if let Some(record) = status.record {
            let numbers = record.iter().chain([("seconds".to_owned(), record.seconds)]);
            self.write(&[("epoch", status.epoch as u64), ("step", status.step)], numbers)?;
        }
        Ok(Flow::Continue)
    }

    fn state(&self) -> Result<Option<CallbackState>> {
        CallbackState::new(format!("json lines {}", self.file.name()), &self.file.begin()).map(Some)
    }

    fn load_state(&mut self, state: &CallbackState) -> Result<()> {
        if let Some(begin) = state.value()? {
            self.file.begin_at(begin)?;
        }
        Ok(())
    }
}

/// Where in its run a row was written.
fn place(_: usize, row: &str) -> Result<Option<Place>, ()> {
    let row: serde_json::Value = serde_json::from_str(row).map_err(drop)?;
    let count = |name| row.get(name).and_then(serde_json::Value::as_u64).ok_or(());
    // Only an epoch has a time.
    let whole = row.get("seconds").is_some();
    Ok(Some(Place { epoch: count("epoch")?, whole, step: count("step")? }))
}

/// A text of JSON.
fn quoted(name: &str) -> String {
    serde_json::Value::from(name).to_string()
}

/// A number, or what stands for one that JSON does not have.
fn number(value: f64) -> String {
    match value {
        f64::INFINITY => "\"Infinity\"".into(),
        f64::NEG_INFINITY => "\"-Infinity\"".into(),
        // NaN becomes null.
        _ => serde_json::Value::from(value).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{number, quoted};

    #[test]
    fn numbers_and_names_are_json() {
        for (value, text) in [
            (0.1, "0.1"),
            (1e-10, "1e-10"),
            (f64::NAN, "null"),
            (f64::INFINITY, "\"Infinity\""),
            (f64::NEG_INFINITY, "\"-Infinity\""),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(quoted("a \"b\"\n"), r#""a \"b\"\n""#);
    }
}
