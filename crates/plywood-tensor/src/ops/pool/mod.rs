//! Windows over images: the largest element, the mean.

mod choice;
mod max;
pub(crate) mod window;

pub use choice::Choice;
pub(crate) use choice::spread;
pub(crate) use max::{MaxPool, max_pool};

use crate::Shape;
use window::Spans;

/// The sizes of a batch of images, depth and height 1 where they are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Images {
    pub(crate) samples: usize,
    pub(crate) size: [usize; 3],
    pub(crate) channels: usize,
}

impl Images {
    /// Of a shape with 1 to 3 axes between the batch and the channels.
    pub(crate) fn of(shape: &Shape) -> Images {
        let rank = shape.rank();
        let mut size = [1; 3];
        size[3 - (rank - 2)..].copy_from_slice(&shape[1..rank - 1]);
        Images { samples: shape[0], size, channels: shape[rank - 1] }
    }

    /// Elements in a row of pixels.
    pub(crate) fn row(&self) -> usize {
        self.size[2] * self.channels
    }

    /// Elements in an image.
    pub(crate) fn sample(&self) -> usize {
        self.size[0] * self.size[1] * self.row()
    }

    /// Sample, depth and height of a row of pixels.
    pub(crate) fn place(&self, row: usize) -> [usize; 3] {
        let [depth, height, _] = self.size;
        [row / (depth * height), row / height % depth, row % height]
    }
}

/// How many places the largest window has, the border left out.
fn volume(spans: &[Spans; 3]) -> usize {
    spans.iter().map(|axis| axis.list.iter().map(|span| span.count).max().unwrap_or(0)).product()
}
