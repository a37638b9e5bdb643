//! The largest element in each window.

use super::window::{Span, Spans};
use super::{Choice, Images, volume};
use crate::simd::{self, Kernel};
use crate::{Array, Float, Result, Window, par};

/// Channels that are compared side by side, in a register.
const LANES: usize = 16;

/// What [`max_pool`] is for one width: sizes, windows, images, results, and bytes in so many planes.
pub(crate) type MaxPool<T> = fn(Images, &[Spans; 3], &[T], &mut [T], Option<(&mut [u8], usize)>);

impl<T: Float> Array<T> {
    /// The largest element in each window, channel by channel; NaN if one of them is.
    ///
    /// A border never counts. See [`Window`] for the shapes.
    ///
    /// ```
    /// # use plywood_tensor::{Tensor, Window};
    /// let x = Tensor::from([[[1.0], [5.0], [2.0], [4.0]]]);
    /// assert_eq!(x.max_pool(&Window::new([2]))?.as_slice(), [5.0, 4.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Window::output_shape`].
    pub fn max_pool(&self, window: &Window) -> Result<Self> {
        let shape = window.output_shape("max_pool", self.shape())?;
        let spans = window.spans("max_pool", self.shape())?;
        Ok(Array::build(shape, |out| {
            (T::kernels().max_pool)(Images::of(self.shape()), &spans, self.as_slice(), out, None);
        }))
    }

    /// As [`Array::max_pool`], and which element was chosen: the first of equal ones, the last NaN.
    ///
    /// # Errors
    /// As [`Window::output_shape`].
    pub fn max_pool_with_choice(&self, window: &Window) -> Result<(Self, Choice)> {
        let shape = window.output_shape("max_pool", self.shape())?;
        let spans = window.spans("max_pool", self.shape())?;
        let mut choice = Choice::new(self.shape(), &shape, spans)?;
        let y = Array::build(shape, |out| {
            let (spans, planes, bytes) = choice.parts();
            let images = Images::of(self.shape());
            (T::kernels().max_pool)(images, spans, self.as_slice(), out, Some((bytes, planes)));
        });
        Ok((y, choice))
    }
}

/// Writes the largest elements of all windows, and where each stood: its number in the window, byte by byte in so many
/// planes for each row of the result.
pub(crate) fn max_pool<T: Float>(
    images: Images,
    spans: &[Spans; 3],
    x: &[T],
    out: &mut [T],
    choice: Option<(&mut [u8], usize)>,
) {
    let results = Images { size: spans.each_ref().map(|axis| axis.list.len()), ..images };
    let row = results.row();
    let steps = out.len() * volume(spans);
    let rows = (par::CHUNK / (row * volume(spans)).max(1)).max(1);
    let (bytes, planes) = choice.unwrap_or((&mut [], 0));
    par::chunks_beside((out, bytes), (rows * row, rows * row * planes), steps, &|start, out, bytes| {
        let mut lines = Vec::new();
        let bytes_of = |i: usize| i * row * planes..(i + 1) * row * planes;
        for (i, y) in out.chunks_exact_mut(row).enumerate() {
            let [sample, depth, height] = results.place(start / row + i);
            let (depths, heights) = (spans[0].list[depth], spans[1].list[height]);
            lines.clear();
            for d in 0..depths.count {
                for h in 0..heights.count {
                    let line = (depths.start + d * spans[0].step) * images.size[1];
                    lines.push((line + heights.start + h * spans[1].step) * images.row());
                }
            }
            let x = &x[sample * images.sample()..][..images.sample()];
            let (channels, step, spans) = (images.channels, spans[2].step, &spans[2].list[..]);
            let (bytes, lines) = (&mut bytes[bytes_of(i)], &lines[..]);
            match planes {
                0 => simd::run(Line::<T, false> { y, bytes, planes, x, lines, spans, step, channels }),
                _ => simd::run(Line::<T, true> { y, bytes, planes, x, lines, spans, step, channels }),
            }
        }
    });
}

/// One row of results.
struct Line<'a, T, const CHOICE: bool> {
    y: &'a mut [T],
    /// Planes of numbers within the window, if they are asked for.
    bytes: &'a mut [u8],
    planes: usize,
    /// The image.
    x: &'a [T],
    /// Where the rows of pixels begin that the windows lie on.
    lines: &'a [usize],
    spans: &'a [Span],
    step: usize,
    channels: usize,
}

impl<T: Float, const CHOICE: bool> Kernel for Line<'_, T, CHOICE> {
    type Output = ();
    #[inline(always)]
    fn run(mut self) {
        for pixel in 0..self.spans.len() {
            let mut channel = 0;
            while channel + 4 * LANES <= self.channels {
                self.four_blocks(pixel, channel);
                channel += 4 * LANES;
            }
            while channel + LANES <= self.channels {
                self.block::<LANES>(pixel, channel);
                channel += LANES;
            }
            while channel + LANES / 2 <= self.channels {
                self.block::<{ LANES / 2 }>(pixel, channel);
                channel += LANES / 2;
            }
            while channel < self.channels {
                self.block::<1>(pixel, channel);
                channel += 1;
            }
        }
    }
}

/// The largest so far of so many channels, and their numbers in the window.
struct Best<T, const L: usize> {
    value: [T; L],
    number: [u32; L],
}

impl<T: Float, const L: usize> Best<T, L> {
    #[inline(always)]
    fn new() -> Self {
        Best { value: [-T::INFINITY; L], number: [0; L] }
    }

    #[inline(always)]
    fn take<const CHOICE: bool>(&mut self, x: &[T], number: u32) {
        let x = &x[..L];
        for lane in 0..L {
            let better = takes(x[lane], self.value[lane]);
            self.value[lane] = if better { x[lane] } else { self.value[lane] };
            if CHOICE {
                self.number[lane] = if better { number } else { self.number[lane] };
            }
        }
    }
}

impl<T: Float, const CHOICE: bool> Line<'_, T, CHOICE> {
    /// `L` channels of one result, side by side in a register.
    #[inline(always)]
    fn block<const L: usize>(&mut self, pixel: usize, channel: usize) {
        let span = self.spans[pixel];
        let (first, step) = (span.start * self.channels + channel, self.step * self.channels);
        let (mut best, mut number) = (Best::<T, L>::new(), 0);
        for &line in self.lines {
            let mut at = line + first;
            for _ in 0..span.count {
                best.take::<CHOICE>(&self.x[at..at + L], number);
                at += step;
                number += 1;
            }
        }
        self.put(pixel * self.channels + channel, &best);
    }

    /// Four blocks in four registers: while one comparison waits for the one before it, others go on. Four names, for the
    /// compiler keeps a list of them in memory.
    #[inline(always)]
    fn four_blocks(&mut self, pixel: usize, channel: usize) {
        let span = self.spans[pixel];
        let (first, step) = (span.start * self.channels + channel, self.step * self.channels);
        let (mut a, mut b) = (Best::<T, LANES>::new(), Best::<T, LANES>::new());
        let (mut c, mut d) = (Best::<T, LANES>::new(), Best::<T, LANES>::new());
        let mut number = 0;
        for &line in self.lines {
            let mut at = line + first;
            for _ in 0..span.count {
                let x = &self.x[at..at + 4 * LANES];
                a.take::<CHOICE>(x, number);
                b.take::<CHOICE>(&x[LANES..], number);
                c.take::<CHOICE>(&x[2 * LANES..], number);
                d.take::<CHOICE>(&x[3 * LANES..], number);
                at += step;
                number += 1;
            }
        }
        let place = pixel * self.channels + channel;
        self.put(place, &a);
        self.put(place + LANES, &b);
        self.put(place + 2 * LANES, &c);
        self.put(place + 3 * LANES, &d);
    }

    #[inline(always)]
    fn put<const L: usize>(&mut self, place: usize, best: &Best<T, L>) {
        self.y[place..place + L].copy_from_slice(&best.value);
        if CHOICE {
            for plane in 0..self.planes {
                let bytes = &mut self.bytes[plane * self.y.len() + place..][..L];
                for (byte, number) in bytes.iter_mut().zip(&best.number) {
                    *byte = (number >> (8 * plane)) as u8;
                }
            }
        }
    }
}

/// Whether `x` takes the place of the best so far; a NaN does, and nothing but another takes its place.
#[inline(always)]
#[allow(clippy::eq_op)] // the definition of NaN
fn takes<T: Float>(x: T, best: T) -> bool {
    (x > best) | (x != x)
}
