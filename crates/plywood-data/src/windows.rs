//! Windows of a series.

use crate::samples::check_indices;
use crate::{Dataset, Samples, SlidingWindow};
use plywood_tensor::{Result, Tensor};
use std::fmt;

/// Windows of a series, each with its target, cut when they are asked for: a data set made by [`SlidingWindow::cut`].
///
/// It holds the series once, however much the windows overlap, and a window is a view of it until it is put into a batch. A clone
/// costs little.
#[derive(Clone)]
pub struct Windows<Y = Tensor> {
    pub(crate) series: Tensor,
    pub(crate) targets: Y,
    pub(crate) window: SlidingWindow,
}

impl<Y: Samples> Windows<Y> {
    /// The series they are cut from.
    pub fn series(&self) -> &Tensor {
        &self.series
    }

    /// The step at which a window begins, and that of its target.
    ///
    /// # Errors
    /// [`DataError::Index`](crate::DataError::Index) for a window that does not exist.
    pub fn steps(&self, index: usize) -> Result<(usize, usize)> {
        check_indices(&[index], self.len())?;
        let begin = index * self.window.stride;
        Ok((begin, begin + self.window.length - 1 + self.window.ahead))
    }
}

impl<Y: Samples> Dataset for Windows<Y> {
    type Input = Tensor;
    type Target = Y;

    fn len(&self) -> usize {
        // `cut` has seen that there is a first one.
        let beyond = self.series.count() - self.window.length - self.window.ahead;
        beyond / self.window.stride + 1
    }

    fn get(&self, index: usize) -> Result<(Tensor, Y)> {
        let (begin, target) = self.steps(index)?;
        Ok((self.series.rows(begin, begin + self.window.length)?, self.targets.sample(target)?))
    }

    fn name(&self, index: usize) -> String {
        let begin = index * self.window.stride;
        format!("window {index} (steps {begin}..{})", begin + self.window.length)
    }
}

/// How many there are, and the shape of one: `2 windows of [3, 1], targets 2 ahead`.
impl<Y: Samples> fmt::Display for Windows<Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, sample) = (self.len(), [&[self.window.length], &self.series.shape()[1..]].concat());
        let windows = if count == 1 { "window" } else { "windows" };
        write!(f, "{count} {windows} of {sample:?}, targets {} ahead", self.window.ahead)
    }
}

/// As it is displayed.
impl<Y: Samples> fmt::Debug for Windows<Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Windows({self})")
    }
}
