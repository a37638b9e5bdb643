//! How windows are cut from a series.

use crate::{DataError, Samples, Windows};
use plywood_tensor::{Result, Tensor};

/// How windows are cut from a series: how long they are, how far apart, and where the target of each lies.
///
/// The window that begins at step `s` holds steps `s` to `s + length − 1`; its target is step `s + length − 1 + ahead`. Windows begin
/// at steps `0, stride, 2 · stride, …` as long as their target is still in the series.
///
/// # Shapes
/// A series `[T, ..]` becomes inputs `[length, ..]` with the targets `[..]`, or with those that stand beside the series. A series of
/// single numbers is best `[T, 1]`, for layers of sequences take `[N, L, C]`.
///
/// # Example
/// ```
/// use plywood_data::{Dataset, SlidingWindow};
/// use plywood_tensor::Tensor;
///
/// let series = Tensor::from([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]).reshape([8, 1])?;
/// let data = SlidingWindow::new(3).stride(2).ahead(2).cut(&series)?; // the next number but one
/// assert_eq!(data.len(), 2);
/// assert_eq!(data.get(1)?, (Tensor::from([[2.0], [3.0], [4.0]]), Tensor::from([6.0])));
///
/// // In time there is no shuffled split: cut the series first, so that no window lies in both parts.
/// let (train, validation) = (series.rows(0, 6)?, series.rows(6, 8)?);
/// assert_eq!(SlidingWindow::new(3).cut(&train)?.len(), 3);
/// let error = SlidingWindow::new(3).cut(&validation).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "windows: expected a series of at least 4 steps, 3 for a window and its target 1 ahead of it, got 2"
/// );
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Keras: `timeseries_dataset_from_array`, whose `sequence_stride` is `stride` here, and which is given the targets moved by hand: the
/// first of them belongs to the first window. For every `k`-th step, its `sampling_rate`, thin out the series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[doc(alias("timeseries_dataset_from_array", "TimeseriesGenerator", "lookback"))]
#[must_use = "a window is nothing until `cut`"]
pub struct SlidingWindow {
    pub(crate) length: usize,
    pub(crate) stride: usize,
    pub(crate) ahead: usize,
}

impl SlidingWindow {
    /// Windows of so many steps, one at each step, with the step after it for a target.
    pub fn new(length: usize) -> SlidingWindow {
        SlidingWindow { length, stride: 1, ahead: 1 }
    }

    /// Windows that begin so many steps apart.
    pub fn stride(self, stride: usize) -> SlidingWindow {
        SlidingWindow { stride, ..self }
    }

    /// Targets so many steps after the last one of their window; 0 is that step itself.
    #[doc(alias = "horizon")]
    pub fn ahead(self, ahead: usize) -> SlidingWindow {
        SlidingWindow { ahead, ..self }
    }

    /// The windows of a series `[T, ..]`, whose targets are steps of the series itself. Nothing is copied.
    ///
    /// # Errors
    /// [`DataError::WindowSetting`] for a length or a stride of 0, [`DataError::WindowSeries`] for a series without a single window
    /// and its target.
    pub fn cut(&self, series: &Tensor) -> Result<Windows> {
        self.cut_with(series, series)
    }

    /// The same with other targets, one for each step of the series: one column of it, or labels.
    ///
    /// ```
    /// use plywood_data::{Dataset, SlidingWindow};
    /// use plywood_tensor::{IntTensor, Tensor};
    ///
    /// let series = Tensor::from([[1.0], [3.0], [2.0], [4.0]]);
    /// let rises = IntTensor::from([0, 1, 0, 1]);
    /// let data = SlidingWindow::new(2).ahead(0).cut_with(&series, &rises)?; // the label of the last step that is seen
    /// assert_eq!(data.get(0)?, (Tensor::from([[1.0], [3.0]]), IntTensor::from(1)));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`SlidingWindow::cut`]; [`DataError::WindowTargets`] for more or fewer targets than steps.
    pub fn cut_with<Y: Samples>(&self, series: &Tensor, targets: &Y) -> Result<Windows<Y>> {
        for (what, got) in [("length", self.length), ("stride", self.stride)] {
            if got == 0 {
                return Err(DataError::WindowSetting { what }.into());
            }
        }
        let (steps, got) = (series.count(), targets.count());
        if got != steps {
            return Err(DataError::WindowTargets { steps, got }.into());
        }
        let SlidingWindow { length, ahead, .. } = *self;
        if steps < length.saturating_add(ahead) {
            return Err(DataError::WindowSeries { length, ahead, got: steps }.into());
        }
        Ok(Windows { series: series.clone(), targets: targets.clone(), window: *self })
    }
}
