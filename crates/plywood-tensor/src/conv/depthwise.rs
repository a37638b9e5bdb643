//! Convolutions whose channels are each on their own: the same formula in every lane.

use super::border::Part;
use super::gather::{Parts, Runs};
use super::geometry::Geometry;
use super::line::Line;
use super::weight;
use crate::gemm::part;
use crate::storage::Buffer;
use crate::{Float, par, simd};

/// Channels whose sums stay in registers.
const LANES: usize = 16;
/// Places that are summed in registers before the sum goes to memory; fixed, for it decides how sums round.
const PLACES: usize = 256;
/// Partial sums of the gradient for the weight, each over its own images.
const SUMS: usize = 16;

/// A pass, as [`super::gather::Gather`].
pub(super) struct Gather<'a, T> {
    pub(super) geometry: &'a Geometry,
    pub(super) lines: &'a [Line; 3],
    pub(super) source: &'a [T],
    pub(super) weight: &'a [T],
    pub(super) bias: Option<&'a [T]>,
    pub(super) rectify: bool,
}

impl<T: Float> Gather<'_, T> {
    pub(super) fn write(&self, target: &mut [T]) {
        let Geometry { batch, groups: channels, .. } = *self.geometry;
        if self.lines.iter().any(|line| line.count == 0) || batch == 0 {
            return;
        }
        let weight = self.by_taps();
        let results: usize = self.lines.iter().map(|line| line.count * line.taps.len()).product();
        let parts = Parts::new(self.lines, batch, channels, batch * results * channels);
        let steps = batch * results * channels;
        let target = par::Shared::new(target);
        par::pieces(parts.count, steps, &|i| {
            let part = parts.get(i);
            let view = part.view(self.lines, self.source, channels);
            let runs = Runs::new(self.lines, &view, channels, channels);
            for row in part.rows() {
                let columns = &self.lines[2];
                let (first, count) = (part.place(row, self.lines) * channels, part.results[2].len());
                let length = ((count - 1) * columns.target_step + 1) * channels;
                simd::run(Row {
                    // SAFETY: rows of results do not overlap but for places of other passes between them, which nobody touches
                    // meanwhile.
                    target: unsafe { target.piece(first, length) },
                    target_step: columns.target_step * channels,
                    source: &view.numbers()[part.at(&view, row, self.lines)..],
                    source_step: columns.step * channels,
                    count,
                    offsets: &runs.offsets,
                    weight: &weight,
                    bias: self.bias,
                    rectify: self.rectify,
                    channels,
                });
            }
        });
    }

    /// The weights of each tap side by side, taps in the order of the lines.
    fn by_taps(&self) -> Vec<T> {
        let places = self.geometry.kernel_places();
        let taps = Line::places(self.lines, self.geometry.kernel());
        taps.into_iter().flat_map(|tap| self.weight.iter().skip(tap).step_by(places)).copied().collect()
    }
}

/// A row of results.
struct Row<'a, T> {
    target: &'a mut [T],
    target_step: usize,
    source: &'a [T],
    source_step: usize,
    count: usize,
    offsets: &'a [usize],
    weight: &'a [T],
    bias: Option<&'a [T]>,
    rectify: bool,
    channels: usize,
}

// Loops and nothing else: what a closure does would run in the vectors of the oldest processor.
impl<T: Float> simd::Kernel for Row<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(mut self) {
        for result in 0..self.count {
            let mut channel = 0;
            while channel + LANES <= self.channels {
                self.result::<LANES>(result, channel);
                channel += LANES;
            }
            while channel < self.channels {
                self.result::<1>(result, channel);
                channel += 1;
            }
        }
    }
}

impl<T: Float> Row<'_, T> {
    #[inline(always)]
    fn result<const WIDTH: usize>(&mut self, result: usize, channel: usize) {
        let mut sums = [T::ZERO; WIDTH];
        let source = &self.source[result * self.source_step + channel..];
        let mut weight = &self.weight[channel..];
        for &offset in self.offsets {
            let (x, w) = (lanes::<T, WIDTH>(&source[offset..]), lanes::<T, WIDTH>(weight));
            for lane in 0..WIDTH {
                sums[lane] = x[lane].mul_add(w[lane], sums[lane]);
            }
            weight = weight.get(self.channels..).unwrap_or_default();
        }
        if let Some(bias) = self.bias {
            let bias = lanes::<T, WIDTH>(&bias[channel..]);
            for lane in 0..WIDTH {
                sums[lane] += bias[lane];
            }
        }
        if self.rectify {
            for lane in 0..WIDTH {
                sums[lane] = if sums[lane] < T::ZERO { T::ZERO } else { sums[lane] };
            }
        }
        self.target[result * self.target_step + channel..][..WIDTH].copy_from_slice(&sums);
    }
}

/// The first numbers, as many as vectors take at once.
#[inline(always)]
fn lanes<T, const WIDTH: usize>(numbers: &[T]) -> &[T; WIDTH] {
    match numbers.first_chunk() {
        Some(lanes) => lanes,
        None => panic!("every place has all channels"),
    }
}

/// Writes the gradient for the weight, `[channels, 1, ..]`.
pub(super) fn weight_gradient<T: Float>(geometry: &Geometry, x: &[T], g: &[T], weight: &mut [T]) {
    let lines = geometry.axes.map(|axis| Line::forward(&axis));
    let (batch, channels) = (geometry.batch, geometry.groups);
    let places = Line::places(&lines, geometry.kernel());
    let (count, taps) = (SUMS.min(batch), places.len());
    let mut room = Buffer::recycled(count * taps * channels);
    let partial = room.get_mut().expect("a new buffer has one owner");
    let row = geometry.axes[2].output * channels;
    par::chunks(partial, taps * channels, geometry.steps(), |start, sums| {
        sums.fill(T::ZERO);
        for image in part(batch, count, 1, start / (taps * channels)) {
            let all = Part::whole(&lines, image..image + 1);
            let view = all.view(&lines, x, channels);
            let runs = Runs::new(&lines, &view, channels, channels);
            let first = image * geometry.output_places() * channels;
            for (i, place) in all.rows().enumerate() {
                let g = &g[first + i * row..][..row];
                let x = &view.numbers()[all.at(&view, place, &lines)..];
                let (step, offsets) = (lines[2].step * channels, &runs.offsets);
                for (i, g) in g.chunks(PLACES * channels).enumerate() {
                    let x = &x[i * PLACES * step..];
                    simd::run(Sums { sums, g, x, step, offsets, channels });
                }
            }
        }
    });
    // To sums, the channels look like the outputs of a single input.
    weight::finish(partial, weight, [1, channels, 1, geometry.kernel_places()], &places);
}

/// Adds what a row of results has to say.
struct Sums<'a, T> {
    sums: &'a mut [T],
    g: &'a [T],
    x: &'a [T],
    step: usize,
    offsets: &'a [usize],
    channels: usize,
}

impl<T: Float> simd::Kernel for Sums<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(mut self) {
        for tap in 0..self.offsets.len() {
            let mut channel = 0;
            while channel + LANES <= self.channels {
                self.add::<LANES>(tap, channel);
                channel += LANES;
            }
            while channel < self.channels {
                self.add::<1>(tap, channel);
                channel += 1;
            }
        }
    }
}

impl<T: Float> Sums<'_, T> {
    #[inline(always)]
    fn add<const WIDTH: usize>(&mut self, tap: usize, channel: usize) {
        let mut sums = [T::ZERO; WIDTH];
        let (mut x, mut g) = (&self.x[self.offsets[tap] + channel..], &self.g[channel..]);
        for _ in 0..self.g.len() / self.channels {
            let (from, by) = (lanes::<T, WIDTH>(x), lanes::<T, WIDTH>(g));
            for lane in 0..WIDTH {
                sums[lane] = from[lane].mul_add(by[lane], sums[lane]);
            }
            (x, g) = (x.get(self.step..).unwrap_or_default(), g.get(self.channels..).unwrap_or_default());
        }
        let to = &mut self.sums[tap * self.channels + channel..][..WIDTH];
        for lane in 0..WIDTH {
            to[lane] += sums[lane];
        }
    }
}
