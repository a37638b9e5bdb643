//! What is done with the columns of a block of rows.

use super::{Groups, lanes};
use crate::Float;
use crate::simd::{self, Kernel, prefetch};

/// The slices of a result that belong to the blocks.
pub(super) fn parts<'a, T>(groups: &Groups, out: &'a mut [T]) -> Vec<&'a mut [T]> {
    let mut parts = Vec::with_capacity(groups.samples * groups.blocks());
    let mut rest = out;
    for _ in 0..groups.samples {
        for block in 0..groups.blocks() {
            let rows = groups.block().min(groups.rows - block * groups.block());
            let (part, later) = rest.split_at_mut(rows * groups.channels);
            parts.push(part);
            rest = later;
        }
    }
    parts
}

/// Fills `K` tiles of equal length with what `values` says of each channel, again and again.
pub(super) fn tile<T: Copy, const K: usize>(
    tiles: &mut [T],
    channels: usize,
    values: impl Fn(usize) -> [T; K],
) {
    let width = tiles.len() / K;
    for channel in 0..channels {
        let values = values(channel);
        for (k, &value) in values.iter().enumerate() {
            for place in (channel..width).step_by(channels) {
                tiles[k * width + place] = value;
            }
        }
    }
}

/// Writes the sum over all lanes of each channel.
pub(super) fn fold<T: Float>(sums: &mut [f64], lanes: &[T]) {
    sums.fill(0.0);
    for lanes in lanes.chunks_exact(sums.len().max(1)) {
        for (sum, &lane) in sums.iter_mut().zip(lanes) {
            *sum += lane.to_f64();
        }
    }
}

/// Writes the mean of each channel of a block, then the sum of its squared distances from that mean.
pub(super) fn block_moments<T: Float>(x: &[T], channels: usize, slot: &mut [f64]) {
    let (width, count) = (lanes(channels), (x.len() / channels) as f64);
    let mut buffer = vec![T::ZERO; 3 * width];
    let (centres, rest) = buffer.split_at_mut(width);
    let (sums, squares) = rest.split_at_mut(width);
    let (means, distances) = slot.split_at_mut(channels);
    simd::run(Sum { x, sums });
    fold(means, sums);
    tile(centres, channels, |channel| [T::of(means[channel] / count)]);
    sums.fill(T::ZERO);
    simd::run(Distances { x, centres, sums, squares });
    // The first mean was rounded: the second round says by how much, and takes it out of the squares too.
    fold(means, sums);
    fold(distances, squares);
    for channel in 0..channels {
        let lost = means[channel];
        means[channel] = centres[channel].to_f64() + lost / count;
        distances[channel] = (distances[channel] - lost * lost / count).max(0.0);
    }
}

/// Adds all rows, four at a time: chains are a quarter as long.
struct Sum<'a, T> {
    x: &'a [T],
    sums: &'a mut [T],
}

impl<T: Float> Kernel for Sum<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let width = self.sums.len();
        let mut fours = self.x.chunks_exact(4 * width);
        for four in &mut fours {
            ahead(four);
            let ((a, b), (c, d)) = quarters(four, width);
            for ((((sum, &a), &b), &c), &d) in self.sums.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                *sum += (a + b) + (c + d);
            }
        }
        for row in fours.remainder().chunks(width) {
            for (sum, &x) in self.sums.iter_mut().zip(row) {
                *sum += x;
            }
        }
    }
}

/// Asks for what lies a page behind rows that are read: in a pass that writes nothing, a processor has too little on the way by itself.
#[inline(always)]
pub(super) fn ahead<T>(rows: &[T]) {
    const BYTES: usize = 4096;
    prefetch(rows.as_ptr().wrapping_byte_add(BYTES), rows.len());
}

#[inline(always)]
#[allow(clippy::type_complexity)] // four slices
fn quarters<T>(four: &[T], width: usize) -> ((&[T], &[T]), (&[T], &[T])) {
    let (left, right) = four.split_at(2 * width);
    (left.split_at(width), right.split_at(width))
}

/// Adds the distances of all rows from their centres, and their squares.
struct Distances<'a, T> {
    x: &'a [T],
    centres: &'a [T],
    sums: &'a mut [T],
    squares: &'a mut [T],
}

impl<T: Float> Kernel for Distances<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let width = self.sums.len();
        let mut fours = self.x.chunks_exact(4 * width);
        for four in &mut fours {
            let ((a, b), (c, d)) = quarters(four, width);
            let sums = self.sums.iter_mut().zip(&mut *self.squares).zip(self.centres);
            for (((((sum, square), &centre), &a), &b), (&c, &d)) in sums.zip(a).zip(b).zip(c.iter().zip(d)) {
                let (a, b, c, d) = (a - centre, b - centre, c - centre, d - centre);
                *sum += (a + b) + (c + d);
                *square += (a * a + b * b) + (c * c + d * d);
            }
        }
        for row in fours.remainder().chunks(width) {
            let sums = self.sums.iter_mut().zip(&mut *self.squares).zip(self.centres);
            for (((sum, square), &centre), &x) in sums.zip(row) {
                let distance = x - centre;
                *sum += distance;
                *square += distance * distance;
            }
        }
    }
}
