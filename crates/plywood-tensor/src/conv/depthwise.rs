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
/// Results of a row that are computed side by side.
const RESULTS: usize = 4;
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
        // A phase of a stride may have no tap at all.
        if let Some(last) = self.offsets.iter().max() {
            let end = (self.count - 1) * self.source_step + last + self.channels;
            assert!(self.source.len() >= end, "every place has all channels");
            assert!(self.weight.len() >= self.offsets.len() * self.channels);
        }
        let mut result = 0;
        while result + RESULTS <= self.count {
            self.channels::<RESULTS>(result);
            result += RESULTS;
        }
        while result < self.count {
            self.channels::<1>(result);
            result += 1;
        }
    }
}

impl<T: Float> Row<'_, T> {
    #[inline(always)]
    fn channels<const COUNT: usize>(&mut self, result: usize) {
        let mut channel = 0;
        while channel + LANES <= self.channels {
            self.results::<COUNT, LANES>(result, channel);
            channel += LANES;
        }
        while channel < self.channels {
            self.results::<COUNT, 1>(result, channel);
            channel += 1;
        }
    }

    /// Some results side by side, for some channels: a weight is loaded once for all, and their sums do not wait for each other.
    #[inline(always)]
    fn results<const COUNT: usize, const WIDTH: usize>(&mut self, result: usize, channel: usize) {
        let mut sums = [[T::ZERO; WIDTH]; COUNT];
        let source = &self.source[result * self.source_step + channel..];
        for (tap, &offset) in self.offsets.iter().enumerate() {
            // SAFETY: there are as many weights as taps and channels, which `run` has checked.
            let w = unsafe { lanes::<T, WIDTH>(self.weight, tap * self.channels + channel) };
            for (i, sums) in sums.iter_mut().enumerate() {
                // SAFETY: `run` has checked that the source has all channels of the last place of the last result.
                let x = unsafe { lanes::<T, WIDTH>(source, offset + i * self.source_step) };
                for lane in 0..WIDTH {
                    sums[lane] = x[lane].mul_add(w[lane], sums[lane]);
                }
            }
        }
        for (i, mut sums) in sums.into_iter().enumerate() {
            if let Some(bias) = self.bias {
                let bias = &bias[channel..][..WIDTH];
                for lane in 0..WIDTH {
                    sums[lane] += bias[lane];
                }
            }
            if self.rectify {
                for lane in 0..WIDTH {
                    sums[lane] = if sums[lane] < T::ZERO { T::ZERO } else { sums[lane] };
                }
            }
            self.target[(result + i) * self.target_step + channel..][..WIDTH].copy_from_slice(&sums);
        }
    }
}

/// As many numbers as vectors take at once.
///
/// # Safety
/// There must be so many from the `first` on.
#[inline(always)]
unsafe fn lanes<T: Copy, const WIDTH: usize>(numbers: &[T], first: usize) -> [T; WIDTH] {
    debug_assert!(first + WIDTH <= numbers.len());
    // SAFETY: by contract; numbers lie where their type wants them, and so do arrays of them.
    unsafe { numbers.as_ptr().add(first).cast::<[T; WIDTH]>().read() }
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
        if let Some(last) = self.offsets.iter().max() {
            let end = (self.g.len() / self.channels - 1) * self.step + last + self.channels;
            assert!(self.x.len() >= end, "every place has all channels");
        }
        let mut tap = 0;
        while tap < self.offsets.len() {
            // The sums of a tap wait for each other, those of several taps do not; none is left alone where it can be helped.
            match self.offsets.len() - tap {
                1 => tap += self.taps::<1>(tap),
                2 => tap += self.taps::<2>(tap),
                3 => tap += self.taps::<3>(tap),
                5 => tap += self.taps::<5>(tap),
                _ => tap += self.taps::<4>(tap),
            }
        }
    }
}

impl<T: Float> Sums<'_, T> {
    /// Adds up so many taps from the `first` on, and returns how many they are.
    #[inline(always)]
    fn taps<const TAPS: usize>(&mut self, first: usize) -> usize {
        let mut channel = 0;
        while channel + LANES <= self.channels {
            self.add::<TAPS, LANES>(first, channel);
            channel += LANES;
        }
        while channel < self.channels {
            self.add::<TAPS, 1>(first, channel);
            channel += 1;
        }
        TAPS
    }

    #[inline(always)]
    fn add<const TAPS: usize, const WIDTH: usize>(&mut self, first: usize, channel: usize) {
        let mut sums = [[T::ZERO; WIDTH]; TAPS];
        let mut offsets = [0; TAPS];
        offsets.copy_from_slice(&self.offsets[first..first + TAPS]);
        for place in 0..self.g.len() / self.channels {
            // SAFETY: a place of the gradient has all channels.
            let by = unsafe { lanes::<T, WIDTH>(self.g, place * self.channels + channel) };
            for (sums, offset) in sums.iter_mut().zip(offsets) {
                // SAFETY: `run` has checked that the source has all channels of the last place of each tap.
                let from = unsafe { lanes::<T, WIDTH>(self.x, place * self.step + offset + channel) };
                for lane in 0..WIDTH {
                    sums[lane] = from[lane].mul_add(by[lane], sums[lane]);
                }
            }
        }
        for (tap, sums) in sums.into_iter().enumerate() {
            let to = &mut self.sums[(first + tap) * self.channels + channel..][..WIDTH];
            for lane in 0..WIDTH {
                to[lane] += sums[lane];
            }
        }
    }
}
