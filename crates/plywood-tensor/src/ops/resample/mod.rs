//! Images of another size: means over windows, copies, straight lines between pixels.
//!
//! All of them are linear maps that treat each axis alone, and so are their gradients: one kernel serves all.

mod map;

use crate::ops::pool::Images;
use crate::simd::{self, Kernel};
use crate::{Array, Float, MAX_RANK, Result, Shape, TensorError, Window, par};
use map::AxisMap;

/// A linear map of the 1 to 3 axes between the batch and the channels of `[N, .., C]`, the same for each channel.
///
/// ```
/// # use plywood_tensor::{Resample, Tensor};
/// let x = Tensor::from([[[1.0], [5.0]]]);
/// let twice = Resample::nearest("upsample", x.shape(), &[4])?;
/// assert_eq!(twice.apply(&x)?.as_slice(), [1.0, 1.0, 5.0, 5.0]);
/// // The gradient of `⟨A x, g⟩` is `Aᵀ g`.
/// assert_eq!(twice.transposed().apply(&Tensor::from([[[1.0], [2.0], [3.0], [4.0]]]))?.as_slice(), [3.0, 7.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Resample {
    op: &'static str,
    axes: usize,
    maps: [AxisMap; 3],
}

impl Resample {
    /// The mean over each window. With `count_border` places of the border are zeros that count; a part of a window
    /// beyond the border never counts.
    ///
    /// # Errors
    /// As [`Window::output_shape`].
    pub fn average(op: &'static str, input: &Shape, window: &Window, count_border: bool) -> Result<Resample> {
        window.output_shape(op, input)?;
        let spans = window.spans(op, input)?;
        let maps = spans.each_ref().map(|spans| AxisMap::means(spans, count_border));
        Ok(Resample { op, axes: input.rank() - 2, maps })
    }

    /// The nearest pixel: result `i` of an axis is pixel `⌊i · in / out⌋`.
    ///
    /// # Errors
    /// [`TensorError::Shape`] unless the input has these axes, of at least one pixel, [`TensorError::Argument`] for a
    /// size of 0.
    pub fn nearest(op: &'static str, input: &Shape, sizes: &[usize]) -> Result<Resample> {
        Resample::sized(op, input, sizes, AxisMap::nearest)
    }

    /// The straight line between neighbouring pixels, along each axis. With `align_corners` the first and the last
    /// pixels of both images lie on each other, without the edges of the images do.
    ///
    /// # Errors
    /// As [`Resample::nearest`].
    pub fn linear(op: &'static str, input: &Shape, sizes: &[usize], align_corners: bool) -> Result<Resample> {
        Resample::sized(op, input, sizes, |from, to| AxisMap::linear(from, to, align_corners))
    }

    fn sized(
        op: &'static str,
        input: &Shape,
        sizes: &[usize],
        map: impl Fn(usize, usize) -> AxisMap,
    ) -> Result<Resample> {
        let axes = sizes.len();
        if !(1..=3).contains(&axes) || input.rank() != axes + 2 {
            let expected = format!("input {}", Window::letters(axes));
            return Err(TensorError::Shape { op, expected, got: *input }.into());
        }
        if input[1..=axes].contains(&0) {
            return Err(TensorError::Shape { op, expected: "at least one pixel".into(), got: *input }.into());
        }
        let mut maps = [const { None }; 3];
        for (axis, &size) in sizes.iter().enumerate() {
            if size == 0 {
                let expected = "a size of at least 1";
                return Err(TensorError::Argument { op, expected, got: 0.0 }.into());
            }
            input.with(1 + axis, size)?;
            maps[3 - axes + axis] = Some(map(input[1 + axis], size));
        }
        Ok(Resample { op, axes, maps: maps.map(|map| map.unwrap_or_else(AxisMap::single)) })
    }

    /// The map by which gradients go back.
    #[must_use]
    pub fn transposed(&self) -> Resample {
        Resample { op: self.op, axes: self.axes, maps: self.maps.each_ref().map(AxisMap::transposed) }
    }

    /// The images of another size.
    ///
    /// # Errors
    /// [`TensorError::Shape`] for images that are not of the size the map was made for.
    pub fn apply<T: Float>(&self, x: &Array<T>) -> Result<Array<T>> {
        let (input, maps) = (x.shape(), &self.maps[3 - self.axes..]);
        if input.rank() != self.axes + 2 || maps.iter().zip(&input[1..]).any(|(map, &size)| map.input != size)
        {
            let sizes: Vec<String> = maps.iter().map(|map| map.input.to_string()).collect();
            let expected = format!("[N, {}, C]", sizes.join(", "));
            return Err(TensorError::Shape { op: self.op, expected, got: *input }.into());
        }
        let mut dims = [1; MAX_RANK];
        dims[..input.rank()].copy_from_slice(input);
        for (dim, map) in dims[1..].iter_mut().zip(maps) {
            *dim = map.outputs();
        }
        let (shape, images) = (Shape::new(&dims[..input.rank()])?, Images::of(input));
        Ok(Array::build(shape, |out| (T::kernels().resample)(self, images, x.as_slice(), out)))
    }
}

/// Writes all rows of the result, each by one piece.
pub(crate) fn resample<T: Float>(map: &Resample, images: Images, x: &[T], out: &mut [T]) {
    let [depths, heights, widths] = &map.maps;
    let results = Images { size: [depths.outputs(), heights.outputs(), widths.outputs()], ..images };
    let row = results.row();
    let longest: usize = map.maps.iter().map(|map| map.longest().max(1)).product();
    let rows = (par::CHUNK / (row * longest).max(1)).max(1);
    let weights: Vec<T> = widths.weights().map(T::of).collect();
    par::chunks(out, rows * row, x.len() + results.samples * results.sample() * longest, |start, out| {
        let (mut lines, mut buffer) = (Vec::new(), vec![T::ZERO; images.row()]);
        for (i, out) in out.chunks_exact_mut(row).enumerate() {
            let [sample, depth, height] = results.place(start / row + i);
            let x = &x[sample * images.sample()..][..images.sample()];
            lines.clear();
            for &(d, depth_weight) in depths.terms(depth) {
                for &(h, height_weight) in heights.terms(height) {
                    let line = &x[(d * images.size[1] + h) * images.row()..][..images.row()];
                    lines.push((line, T::of(depth_weight * height_weight)));
                }
            }
            let line = match lines[..] {
                [(line, weight)] if weight == T::ONE => line,
                _ => {
                    simd::run(Lines { sum: &mut buffer, lines: &lines });
                    &buffer
                }
            };
            let divisor = depths.divisor(depth) * heights.divisor(height);
            simd::run(Line { out, line, widths, weights: &weights, divisor, channels: images.channels });
        }
    });
}

/// The weighted sum of rows of pixels.
struct Lines<'a, T> {
    sum: &'a mut [T],
    lines: &'a [(&'a [T], T)],
}

impl<T: Float> Kernel for Lines<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let rest = match *self.lines {
            [] => {
                self.sum.fill(T::ZERO);
                return;
            }
            [(a, weight)] => {
                for (sum, &a) in self.sum.iter_mut().zip(a) {
                    *sum = weight * a;
                }
                return;
            }
            // Two at once: most have no more.
            [(a, left), (b, right), ref rest @ ..] => {
                for ((sum, &a), &b) in self.sum.iter_mut().zip(a).zip(b) {
                    *sum = left * a + right * b;
                }
                rest
            }
        };
        for &(line, weight) in rest {
            for (sum, &x) in self.sum.iter_mut().zip(line) {
                *sum += weight * x;
            }
        }
    }
}

/// One row of results from one row of pixels.
struct Line<'a, T> {
    out: &'a mut [T],
    line: &'a [T],
    widths: &'a AxisMap,
    weights: &'a [T],
    divisor: f64,
    channels: usize,
}

impl<T: Float> Kernel for Line<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(mut self) {
        for pixel in 0..self.widths.outputs() {
            let divisor = T::of(self.divisor * self.widths.divisor(pixel));
            let mut channel = 0;
            while channel + 32 <= self.channels {
                self.block::<32>(pixel, channel, divisor);
                channel += 32;
            }
            while channel + 8 <= self.channels {
                self.block::<8>(pixel, channel, divisor);
                channel += 8;
            }
            while channel < self.channels {
                self.block::<1>(pixel, channel, divisor);
                channel += 1;
            }
        }
    }
}

impl<T: Float> Line<'_, T> {
    /// So many channels of one result, summed side by side in registers.
    #[inline(always)]
    fn block<const L: usize>(&mut self, pixel: usize, channel: usize, divisor: T) {
        let mut sums = [T::ZERO; L];
        for (&(place, _), &weight) in
            self.widths.terms(pixel).iter().zip(&self.weights[self.widths.range(pixel)])
        {
            let at = place * self.channels + channel;
            let x: &[T] = &self.line[at..at + L];
            for lane in 0..L {
                sums[lane] += weight * x[lane];
            }
        }
        if divisor != T::ONE {
            for sum in &mut sums {
                *sum = *sum / divisor;
            }
        }
        let place = pixel * self.channels + channel;
        self.out[place..place + L].copy_from_slice(&sums);
    }
}
