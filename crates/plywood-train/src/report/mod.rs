//! A training as a page.

mod confusion;
mod date;
mod escape;
mod page;
mod residuals;
mod tables;

use crate::{Curve, History, LearningRateCurve, Resources, files};
use confusion::Confusion;
use plywood_nn::Summary;
use plywood_tensor::{Array, Result, Tensor};
use residuals::Residuals;
use std::fmt::Display;
use std::path::Path;

/// A training as a page: one HTML file that needs nothing else, no network and no script, to be read, sent and kept.
///
/// Say what shall be in it, then [`save`](Report::save) it. Curves of the loss and of every metric, of the learning rate where it
/// moves, the best epoch and its scores follow from the history. It is legible in light and in dark, on a screen and on paper. All
/// text is escaped.
///
/// # Example
/// ```
/// use plywood_data::datasets;
/// use plywood_losses::{Accuracy, ConfusionMatrix, CrossEntropy};
/// use plywood_nn::Sequential;
/// use plywood_optim::Adam;
/// use plywood_tensor::Seed;
/// use plywood_train::{Fit, Progress, Report, Trainer};
///
/// let (train, validation) = datasets::digits().split(0.8, Seed(7))?;
/// let model = Sequential::input([64]).linear(32).relu().linear(10).build(Seed(7))?;
/// let summary = model.summary()?;
/// let mut trainer = Trainer::compile(model, Adam::new(0.01), CrossEntropy::default()).metric(Accuracy);
/// let fit = Fit::epochs(5).validation(&validation).progress(Progress::Silent);
/// let history = trainer.fit(&train, fit)?;
///
/// let confusion = ConfusionMatrix.of(&trainer.predict(&validation)?, validation.y())?;
/// let report = Report::new("Handwritten digits")
///     .history(&history)
///     .model(&summary)
///     .confusion(confusion.matrix(), (0..10).map(|digit| digit.to_string()))
///     .data("training", "1437 digits of 8 by 8 pixels")
///     .data("validation", "360 digits, stratified")
///     .fact("seed", 7)
///     .note("Five epochs are few, but enough for nine digits of ten.");
/// # let path = std::env::temp_dir().join(format!("plywood-report-{}.html", std::process::id()));
/// report.save(&path)?;
///
/// let page = std::fs::read_to_string(&path)?;
/// assert!(page.contains("<h1>Handwritten digits</h1>") && page.contains("2,410")); // parameters
/// assert!(!page.contains("<script") && !page.contains("href="));
/// # std::fs::remove_file(path)?;
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Close to the model card of Mitchell and others, [Model Cards for Model Reporting](https://arxiv.org/abs/1810.03993), 2019, of
/// which it holds what the program knows; Keras and PyTorch have none.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Report {
    title: String,
    notes: Vec<String>,
    history: Option<History>,
    curves: Vec<(String, Vec<Curve>)>,
    learning_rates: Option<LearningRateCurve>,
    model: Option<Summary>,
    confusion: Option<Confusion>,
    residuals: Option<Residuals>,
    data: Vec<(String, String)>,
    facts: Vec<(String, String)>,
    texts: Vec<(String, String)>,
}

impl Report {
    /// A report with nothing but a title.
    pub fn new(title: impl Into<String>) -> Report {
        Report { title: title.into(), ..Report::default() }
    }

    /// What happened: scores of the best epoch, curves, and a table of all epochs.
    ///
    /// Of a run that was [resumed](crate::Trainer::resume) or went on, [`Trainer::history`](crate::Trainer::history) has all of it;
    /// what `fit` returns is its last part, and the page says then which epochs they are.
    pub fn history(self, history: &History) -> Report {
        Report { history: Some(history.clone()), ..self }
    }

    /// A picture more, of curves through the epochs, such as the norm of the gradients.
    pub fn curves(mut self, name: impl Into<String>, curves: impl IntoIterator<Item = Curve>) -> Report {
        self.curves.push((name.into(), curves.into_iter().collect()));
        self
    }

    /// How the learning rate was found.
    pub fn learning_rates(self, curve: &LearningRateCurve) -> Report {
        Report { learning_rates: Some(curve.clone()), ..self }
    }

    /// The layers of the model, and how many parameters it has.
    pub fn model(self, summary: &Summary) -> Report {
        Report { model: Some(summary.clone()), ..self }
    }

    /// Which classes were taken for which: a matrix `[C, C]` as of
    /// [`ConfusionMatrix`](plywood_losses::ConfusionMatrix), true classes down and predicted ones across, and a name for each class.
    pub fn confusion<N: Into<String>>(
        self,
        matrix: &Array<f64>,
        names: impl IntoIterator<Item = N>,
    ) -> Report {
        let names = names.into_iter().map(Into::into).collect();
        Report { confusion: Some(Confusion { matrix: matrix.clone(), names }), ..self }
    }

    /// How far predicted numbers are from their targets, of which there are as many, in the same order.
    pub fn residuals(self, predictions: &Tensor, targets: &Tensor) -> Report {
        let (predictions, targets) = (predictions.clone(), targets.clone());
        Report { residuals: Some(Residuals { predictions, targets }), ..self }
    }

    /// What was trained and judged on, in words: what it is called, and what there is to know.
    pub fn data(mut self, name: impl Into<String>, description: impl Into<String>) -> Report {
        self.data.push((name.into(), description.into()));
        self
    }

    /// Something that is needed to do it again, such as the seed or the batch size.
    pub fn fact(mut self, name: impl Into<String>, value: impl Display) -> Report {
        self.facts.push((name.into(), value.to_string()));
        self
    }

    /// What the training cost, as a fact.
    pub fn resources(self, resources: &Resources) -> Report {
        self.fact("cost", resources)
    }

    /// A section of text that is shown as it is, in letters of the same width.
    pub fn text(mut self, heading: impl Into<String>, text: impl Into<String>) -> Report {
        self.texts.push((heading.into(), text.into()));
        self
    }

    /// What you have to say, below the title.
    pub fn note(mut self, note: impl Into<String>) -> Report {
        self.notes.push(note.into());
        self
    }

    /// The page as text.
    ///
    /// # Errors
    /// [`TrainError::Confusion`](crate::TrainError::Confusion) for a matrix that is not square, or other names than it has classes;
    /// [`TrainError::Residuals`](crate::TrainError::Residuals) for more predictions than targets, or fewer.
    pub fn html(&self) -> Result<String> {
        page::html(self)
    }

    /// Writes the page into a file, in a folder that is made where it is missing.
    ///
    /// # Errors
    /// As [`Report::html`]; [`TrainError::File`](crate::TrainError::File) if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        Ok(files::write(path.as_ref(), &self.html()?)?)
    }
}
