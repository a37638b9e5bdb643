//! A picture of curves.

mod axis;
mod curve;
mod draw;
mod legend;
mod ticks;

pub use curve::Curve;

use crate::{History, TrainError, files};
use plywood_tensor::Result;
use std::path::Path;

/// A picture of curves through the epochs: one panel for each quantity, side by side, as an SVG file.
///
/// The legend stands where it hides least. Curves over something else than the epoch say so by [`Plot::across`].
///
/// ```
/// use plywood_train::{Curve, Plot};
///
/// let fast = Curve::new("Adam", [(1, 0.9), (2, 0.3), (3, 0.1)]);
/// let slow = Curve::new("gradient descent", [(1, 0.9), (2, 0.8), (3, 0.7)]);
/// let svg = Plot::new().panel("loss", [fast, slow]).svg()?;
/// assert!(svg.starts_with("<svg") && svg.contains("gradient descent"));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plot {
    panels: Vec<Panel>,
}

/// One quantity.
#[derive(Debug, Clone, PartialEq)]
struct Panel {
    name: String,
    across: Across,
    curves: Vec<Curve>,
    /// An epoch that stands out.
    marked: Option<usize>,
}

/// What stands at the lower edge of a panel.
#[derive(Debug, Clone, PartialEq)]
enum Across {
    Epochs,
    /// Learning rates, at their decimal logarithms.
    Rates,
    /// Another quantity, of this name.
    Values(String),
}

impl Plot {
    /// A picture without panels.
    pub fn new() -> Plot {
        Plot::default()
    }

    /// The same with one panel more: the name of a quantity, and its curves.
    #[must_use]
    pub fn panel(self, name: impl Into<String>, curves: impl IntoIterator<Item = Curve>) -> Plot {
        self.with(name, Across::Epochs, curves)
    }

    /// The same with one panel more, of curves over learning rates.
    pub(crate) fn panel_of_rates(self, name: &str, curves: impl IntoIterator<Item = Curve>) -> Plot {
        self.with(name, Across::Rates, curves)
    }

    /// The same with another quantity at the lower edge of the last panel, where `epoch` stands unless told.
    ///
    /// ```
    /// use plywood_train::{Curve, Plot};
    ///
    /// let error = Curve::over("error", [(0.0, 0.31), (0.25, 0.24), (0.5, 0.29)]);
    /// let svg = Plot::new().panel("error", [error]).across("dropout").svg()?;
    /// assert!(svg.contains("dropout") && !svg.contains("epoch"));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    #[must_use]
    #[doc(alias = "xlabel")]
    pub fn across(mut self, name: impl Into<String>) -> Plot {
        if let Some(panel) = self.panels.last_mut() {
            panel.across = Across::Values(name.into());
        }
        self
    }

    /// The same with an epoch that stands out in the last panel.
    pub(crate) fn marked(mut self, epoch: Option<usize>) -> Plot {
        self.panels.iter_mut().last().into_iter().for_each(|panel| panel.marked = epoch);
        self
    }

    fn with(
        mut self,
        name: impl Into<String>,
        across: Across,
        curves: impl IntoIterator<Item = Curve>,
    ) -> Plot {
        let curves = curves.into_iter().collect();
        self.panels.push(Panel { name: name.into(), across, curves, marked: None });
        self
    }

    /// The loss and every metric of a run, in training and in validation.
    pub fn of(history: &History) -> Plot {
        quantities(history).fold(Plot::new(), |plot, (name, curves)| plot.panel(name, curves))
    }

    /// One quantity of several runs, such as `validation loss`.
    pub fn compare<'h>(runs: impl IntoIterator<Item = (&'h str, &'h History)>, name: &str) -> Plot {
        let curves = runs.into_iter().map(|(run, history)| Curve::new(run, history.series(name)));
        Plot::new().panel(name, curves)
    }

    /// The picture as text.
    ///
    /// # Errors
    /// [`TrainError::EmptyPlot`] for a panel, or a picture, without a finite value.
    pub fn svg(&self) -> Result<String> {
        Ok(self.draw()?)
    }

    pub(crate) fn draw(&self) -> Result<String, TrainError> {
        draw::svg(&self.panels)
    }

    /// Writes the picture into a file, in a folder that is made where it is missing.
    ///
    /// # Errors
    /// As [`Plot::svg`]; [`TrainError::File`] if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        Ok(files::write(path.as_ref(), &self.svg()?)?)
    }
}

/// The loss and every metric of a run, with their curves in training and in validation.
pub(crate) fn quantities(history: &History) -> impl Iterator<Item = (String, Vec<Curve>)> {
    let names = history.last().map(|record| record.training.iter().map(|(name, _)| name.to_owned()));
    names.into_iter().flatten().map(|name| {
        let validation = Curve::new("validation", history.series(&format!("validation {name}")));
        let curves = [Curve::new("training", history.series(&name)), validation];
        (name, curves.into_iter().filter(|curve| !curve.is_empty()).collect())
    })
}

/// Draws one quantity of several runs into an SVG file: `plot_runs([("Adam", &history)], "loss", "runs.svg")`.
///
/// # Errors
/// As [`Plot::save`].
pub fn plot_runs<'h>(
    runs: impl IntoIterator<Item = (&'h str, &'h History)>,
    name: &str,
    path: impl AsRef<Path>,
) -> Result<()> {
    Plot::compare(runs, name).save(path)
}
