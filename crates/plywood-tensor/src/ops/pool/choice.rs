//! Which elements were the largest.

use super::window::{Span, Spans};
use super::{Images, volume};
use crate::simd::{self, Kernel};
use crate::{Array, Float, IntTensor, Result, Shape, TensorError, par};

/// Which element of each window [`Array::max_pool_with_choice`] chose.
///
/// It takes one byte for each result, more only for windows of over 256 places.
#[derive(Debug, Clone)]
pub struct Choice {
    input: Shape,
    output: Shape,
    spans: [Spans; 3],
    /// For each row of results so many planes of bytes, the lowest first.
    bytes: Array<u8>,
    planes: usize,
}

impl Choice {
    pub(crate) fn new(input: &Shape, output: &Shape, spans: [Spans; 3]) -> Result<Choice> {
        let planes = match volume(&spans) {
            ..=0x100 => 1,
            0x101..=0x1_0000 => 2,
            _ => 4,
        };
        let bytes = Array::build(Shape::new(&[output.numel(), planes])?, |_| ());
        Ok(Choice { input: *input, output: *output, spans, bytes, planes })
    }

    pub(crate) fn parts(&mut self) -> (&[Spans; 3], usize, &mut [u8]) {
        (&self.spans, self.planes, self.bytes.as_mut_slice())
    }

    /// The gradient of the largest elements: each number of `g` at the place that was chosen, 0 elsewhere; numbers that
    /// meet add up in the order of the windows.
    ///
    /// ```
    /// # use plywood_tensor::{Tensor, Window};
    /// let x = Tensor::from([[[1.0], [5.0], [2.0], [4.0]]]);
    /// let (_, choice) = x.max_pool_with_choice(&Window::new([3]).stride([1]))?;
    /// assert_eq!(choice.spread(&Tensor::from([[[10.0], [20.0]]]))?.as_slice(), [0.0, 30.0, 0.0, 0.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`] if `g` does not have the shape of the largest elements.
    pub fn spread<T: Float>(&self, g: &Array<T>) -> Result<Array<T>> {
        if *g.shape() != self.output {
            let expected = format!("a gradient of shape {}", self.output);
            return Err(TensorError::Shape { op: "max_pool", expected, got: *g.shape() }.into());
        }
        Ok(Array::build(self.input, |out| (T::kernels().spread)(self, g.as_slice(), out)))
    }

    /// The place of each chosen element among all places of its image, in row-major order: `[N, windows, C]`.
    ///
    /// # References
    /// PyTorch: `return_indices=True`, with the channels last.
    pub fn indices(&self) -> IntTensor {
        let (images, results) = (Images::of(&self.input), Images::of(&self.output));
        let (row, channels) = (results.row(), results.channels);
        let shape = [results.samples, results.size.iter().product(), channels];
        Array::build(Shape::from_checked(&shape), |out| {
            for (i, out) in out.iter_mut().enumerate() {
                let (number, inside) = (i / row, i % row);
                let [_, depth, height] = results.place(number);
                let byte =
                    |plane: usize| self.bytes.as_slice()[(number * self.planes + plane) * row + inside];
                let mut k =
                    (0..self.planes).map(|plane| usize::from(byte(plane)) << (8 * plane)).sum::<usize>();
                let [d, h, w] = [depth, height, inside / channels];
                let spans = [self.spans[0].list[d], self.spans[1].list[h], self.spans[2].list[w]];
                let mut place = [0; 3];
                for axis in (0..3).rev() {
                    place[axis] = spans[axis].start + k % spans[axis].count * self.spans[axis].step;
                    k /= spans[axis].count;
                }
                *out = ((place[0] * images.size[1] + place[1]) * images.size[2] + place[2]) as i64;
            }
        })
    }
}

/// Writes the gradient of the input: each row of pixels is filled by one piece, from the rows of results that see it.
pub(crate) fn spread<T: Float>(choice: &Choice, g: &[T], out: &mut [T]) {
    let (images, results) = (Images::of(&choice.input), Images::of(&choice.output));
    let (row, width) = (images.row(), results.row());
    let (depths, heights) = (choice.spans[0].covers(), choice.spans[1].covers());
    let steps = out.len() + g.len() * volume(&choice.spans);
    let rows = (par::CHUNK / row.max(1)).max(1);
    par::chunks(out, rows * row, steps, |start, out| {
        for (i, out) in out.chunks_exact_mut(row).enumerate() {
            let [sample, depth, height] = images.place(start / row + i);
            out.fill(T::ZERO);
            for &(od, kd) in &depths[depth] {
                for &(oh, kh) in &heights[height] {
                    let number = (sample * results.size[0] + od) * results.size[1] + oh;
                    let line = kd * choice.spans[1].list[oh].count + kh;
                    simd::run(Spread {
                        out,
                        g: &g[number * width..][..width],
                        bytes: &choice.bytes.as_slice()[number * width * choice.planes..]
                            [..width * choice.planes],
                        line,
                        spans: &choice.spans[2].list,
                        step: choice.spans[2].step,
                        channels: images.channels,
                    });
                }
            }
        }
    });
}

/// Adds one row of results to a row of pixels.
struct Spread<'a, T> {
    out: &'a mut [T],
    g: &'a [T],
    bytes: &'a [u8],
    /// Which row of its windows the row of pixels is.
    line: usize,
    spans: &'a [Span],
    step: usize,
    channels: usize,
}

impl<T: Float> Kernel for Spread<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let (channels, width) = (self.channels, self.g.len());
        for (pixel, span) in self.spans.iter().enumerate() {
            let g = &self.g[pixel * channels..][..channels];
            let bytes = &self.bytes[pixel * channels..];
            for k in 0..span.count {
                let out = &mut self.out[(span.start + k * self.step) * channels..][..channels];
                let number = self.line * span.count + k;
                if self.bytes.len() == width {
                    let (bytes, number) = (&bytes[..channels], number as u8);
                    for ((out, &g), &byte) in out.iter_mut().zip(g).zip(bytes) {
                        *out += g.gate(byte == number);
                    }
                } else {
                    for (i, (out, &g)) in out.iter_mut().zip(g).enumerate() {
                        let planes = bytes[i..].iter().step_by(width).take(self.bytes.len() / width);
                        let chosen =
                            planes.enumerate().map(|(p, &b)| usize::from(b) << (8 * p)).sum::<usize>();
                        *out += g.gate(chosen == number);
                    }
                }
            }
        }
    }
}
