//! Convolutions with a kernel of 3×3 and stride 1 in fewer multiplications: F(4×4, 3×3).
//!
//! A tile of 4×4 results takes 36 products for each pair of channels instead of 144. Tiles and kernels are transformed, multiplied
//! at each of 36 points over all channels, and transformed back. Results differ from the direct form by rounding: see
//! [`transform`] for what keeps it small.

mod gather;
mod kernel;
mod multiply;
mod tiles;
mod transform;
pub(crate) mod vectors;
mod weight;

use super::geometry::{Axis, Geometry};
use crate::Float;
use gather::Gather;
use kernel::Weights;
use tiles::{Grid, SIDE, Source};
use weight::Gradient;

/// Below so many channels the transforms cost what the products save.
const CHANNELS: usize = 16;

impl Geometry {
    /// Whether this form is taken: a matter of the sizes alone.
    pub(super) fn is_winograd(&self) -> bool {
        let [depth, height, width] = self.axes;
        let suits = |axis: Axis| axis.kernel == 3 && axis.stride == 1 && axis.dilation == 1;
        // Places of tiles beyond the end are computed for nothing: 36 products for each tile must be far fewer than 9 for each
        // place, in the gradients too.
        let pays = |height: usize, width: usize| {
            let tiles = height.div_ceil(SIDE) * width.div_ceil(SIDE);
            tiles * 36 * 2 < height * width * 9
        };
        depth == Axis::NONE
            && suits(height)
            && suits(width)
            && !self.exact
            && self.groups == 1
            && self.inputs.min(self.outputs) >= CHANNELS
            && pays(height.output, width.output)
            && pays(height.input, width.input)
    }

    pub(super) fn winograd_forward<T: Float>(
        &self,
        x: &[T],
        weight: &[T],
        bias: Option<&[T]>,
        rectify: bool,
        y: &mut [T],
    ) {
        let (source, grid) = (self.input_source(x), self.output_grid());
        let weights = Weights { numbers: weight, steps: [self.inputs * 9, 9], turned: false };
        Gather { source, grid, targets: self.outputs, weights, bias, rectify }.write(y);
    }

    pub(super) fn winograd_input_gradient<T: Float>(&self, g: &[T], weight: &[T], x: &mut [T]) {
        let [_, height, width] = self.axes;
        let before = [height, width].map(|axis| 2 - axis.low as isize);
        let source = Source { before, ..self.output_source(g) };
        let grid = Grid { batch: self.batch, height: height.input, width: width.input };
        let weights = Weights { numbers: weight, steps: [9, self.inputs * 9], turned: true };
        Gather { source, grid, targets: self.inputs, weights, bias: None, rectify: false }.write(x);
    }

    pub(super) fn winograd_weight_gradient<T: Float>(&self, x: &[T], g: &[T], to: &mut [T]) {
        let (x, g, grid) = (self.input_source(x), self.output_source(g), self.output_grid());
        Gradient { x, g, grid }.write(to);
    }

    fn input_source<'a, T>(&self, numbers: &'a [T]) -> Source<'a, T> {
        let [_, height, width] = self.axes;
        let before = [height.low as isize, width.low as isize];
        Source { numbers, height: height.input, width: width.input, channels: self.inputs, before }
    }

    fn output_source<'a, T>(&self, numbers: &'a [T]) -> Source<'a, T> {
        let [_, height, width] = self.axes;
        let channels = self.outputs;
        Source { numbers, height: height.output, width: width.output, channels, before: [0, 0] }
    }

    fn output_grid(&self) -> Grid {
        let [_, height, width] = self.axes;
        Grid { batch: self.batch, height: height.output, width: width.output }
    }
}
