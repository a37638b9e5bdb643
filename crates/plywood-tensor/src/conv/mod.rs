//! Convolutions, channels last, in up to three dimensions.
//!
//! A result is gathered from the source by the micro-kernel of products: its rows are neighbouring places of the result, its
//! inner index walks through the kernel, of which a row lies in one run, next to each other in the source. No matrix of
//! patches is made; where a kernel reaches beyond the source, a strip of it is copied into a border of zeros.
//!
//! [`gather`] serves the convolution and the gradient for its input, which is a convolution with the kernel turned around, one
//! for each phase of the stride. [`weight`] sums over all places instead. [`depthwise`] does all three where every channel is
//! on its own. [`winograd`] does kernels of 3×3 in fewer multiplications. Fewer dimensions
//! are three, the first of size 1.

mod border;
mod depthwise;
mod gather;
mod geometry;
mod line;
mod pack;
mod room;
mod weight;
pub(crate) mod winograd;

pub(crate) use geometry::{Axis, Geometry};

use crate::Float;
use crate::gemm::Product;
use gather::Gather;
use line::Line;

impl Geometry {
    /// Panics if the input, the weight and the result are not as long as the sizes say: all that is done without looking rests on
    /// that.
    fn check(&self, lengths: [usize; 3]) {
        let weight = self.inputs / self.groups * self.outputs * self.kernel_places();
        let (input, output) = (self.input_places() * self.inputs, self.output_places() * self.outputs);
        assert_eq!(lengths, [self.batch * input, weight, self.batch * output], "{self:?}");
    }

    /// `y = x * weight + bias`, then 0 where it is below if `rectify`.
    pub(crate) fn forward<T: Float>(
        &self,
        x: &[T],
        weight: &[T],
        bias: Option<&[T]>,
        rectify: bool,
        y: &mut [T],
    ) {
        self.check([x.len(), weight.len(), y.len()]);
        assert!(bias.is_none_or(|bias| bias.len() == self.outputs));
        if y.is_empty() {
            return;
        }
        if self.is_product() {
            let size = [self.batch * self.input_places(), self.outputs, self.inputs];
            let (a_transposed, b_transposed) = (false, true);
            return Product { size, a: x, a_transposed, b: weight, b_transposed, bias, rectify }.write(y);
        }
        if self.is_winograd() {
            return self.winograd_forward(x, weight, bias, rectify, y);
        }
        let lines = self.axes.map(|axis| Line::forward(&axis));
        if self.is_depthwise() {
            return depthwise::Gather { geometry: self, lines: &lines, source: x, weight, bias, rectify }
                .write(y);
        }
        let kernel = self.kernel_places();
        let steps = [self.inputs / self.groups * kernel, kernel];
        let channels = [self.inputs, self.outputs];
        Gather { geometry: self, lines: &lines, source: x, channels, weight, steps, bias, rectify }.write(y);
    }

    /// The gradient for `x`, from that for `y`.
    pub(crate) fn input_gradient<T: Float>(&self, g: &[T], weight: &[T], x: &mut [T]) {
        self.check([x.len(), weight.len(), g.len()]);
        if x.is_empty() {
            return;
        }
        if self.is_product() {
            let size = [self.batch * self.input_places(), self.inputs, self.outputs];
            let (a_transposed, b_transposed) = (false, false);
            return Product { size, a: g, a_transposed, b: weight, b_transposed, bias: None, rectify: false }
                .write(x);
        }
        if self.is_winograd() {
            return self.winograd_input_gradient(g, weight, x);
        }
        let phases =
            self.axes.map(|axis| (0..axis.stride.min(axis.input)).map(move |p| Line::backward(&axis, p)));
        let [planes, rows, columns] = phases.map(Iterator::collect::<Vec<_>>);
        if [&planes, &rows, &columns].iter().any(|lines| lines.iter().any(|line| line.taps.is_empty())) {
            // Places that no kernel reaches.
            x.fill(T::ZERO);
        }
        let kernel = self.kernel_places();
        let steps = [kernel, self.inputs / self.groups * kernel];
        let channels = [self.outputs, self.inputs];
        let (bias, rectify) = (None, false);
        for plane in &planes {
            for row in &rows {
                for column in &columns {
                    let lines = &[plane.clone(), row.clone(), column.clone()];
                    if lines.iter().any(|line| line.taps.is_empty()) {
                        continue;
                    }
                    if self.is_depthwise() {
                        depthwise::Gather { geometry: self, lines, source: g, weight, bias, rectify }
                            .write(x);
                    } else {
                        Gather { geometry: self, lines, source: g, channels, weight, steps, bias, rectify }
                            .write(x);
                    }
                }
            }
        }
    }

    /// The gradient for the weight, from that for `y`.
    pub(crate) fn weight_gradient<T: Float>(&self, x: &[T], g: &[T], weight: &mut [T]) {
        self.check([x.len(), weight.len(), g.len()]);
        if weight.is_empty() {
            return;
        }
        if g.is_empty() {
            return weight.fill(T::ZERO);
        }
        if self.is_product() {
            let size = [self.outputs, self.inputs, self.batch * self.input_places()];
            let (a_transposed, b_transposed) = (true, false);
            return Product { size, a: g, a_transposed, b: x, b_transposed, bias: None, rectify: false }
                .write(weight);
        }
        if self.is_depthwise() {
            return depthwise::weight_gradient(self, x, g, weight);
        }
        if self.is_winograd() {
            return self.winograd_weight_gradient(x, g, weight);
        }
        weight::gradient(self, x, g, weight);
    }
}
