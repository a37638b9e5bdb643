//! Bandwidth of the caches and of memory.

use super::caches::caches;
use super::together::together;
use super::{Stores, streaming};
use crate::Streams;
use plywood::prelude::{Elem, Tensor};
use plywood::tensor::simd::dispatch;
use serde::Serialize;
use std::hint::black_box;

/// Bandwidths for arrays that fit into one cache, or only into memory, in GB/s: bytes read and written by all threads.
#[derive(Debug, Clone, Serialize)]
pub struct Level {
    /// `L1`, `L2`, `L3` or `memory`.
    pub name: String,
    /// How many bytes fit, for all threads together; for memory without end.
    #[serde(skip)]
    pub capacity: f64,
    /// How many bytes the arrays had that were measured, for all threads together.
    pub footprint: f64,
    /// One array is read.
    pub read: f64,
    /// `y = a x`.
    pub copy: f64,
    /// `y = a x` with stores that go round the caches, where there are such.
    pub copy_streaming: Option<f64>,
    /// `z = x + a y`.
    pub triad: f64,
    /// `z = x + a y` with stores that go round the caches, where there are such.
    pub triad_streaming: Option<f64>,
    /// `x = a x` in place.
    pub update: f64,
}

impl Level {
    pub(super) fn rate(&self, streams: Streams, stores: Stores) -> f64 {
        let with = |regular: f64, streaming: Option<f64>| match stores {
            Stores::Best => streaming.map_or(regular, |rate| rate.max(regular)),
            Stores::Regular => regular,
        };
        match streams {
            Streams::Read => self.read,
            Streams::Copy => with(self.copy, self.copy_streaming),
            Streams::Triad => with(self.triad, self.triad_streaming),
            Streams::Update => self.update,
        }
    }
}

/// All levels for that many threads, smallest first; each figure takes about `seconds`.
pub(super) fn levels(threads: usize, seconds: f64) -> Vec<Level> {
    let caches = caches();
    let largest = caches.last().map_or(32 << 20, |cache| cache.bytes);
    let mut levels: Vec<Level> = caches
        .iter()
        .map(|cache| {
            let bytes = cache.bytes * if cache.shared { 1 } else { threads };
            // Half of a cache: the rest of the program needs some of it, too. A shared one may have other users.
            let part = if cache.shared { bytes / 4 } else { bytes / 2 };
            measure(format!("L{}", cache.level), bytes as f64, part, threads, seconds)
        })
        .collect();
    let bytes = (8 * largest).clamp(128 << 20, 512 << 20);
    levels.push(measure("memory".into(), f64::INFINITY, bytes, threads, seconds));
    levels
}

/// The arrays of one thread, taken from where tensors get their memory: same alignment, same pages.
struct Arrays {
    x: Tensor,
    y: Tensor,
    z: Tensor,
}

/// A round moves about this many bytes, so that the start of the threads costs nothing beside it.
const ROUND: usize = 96 << 20;

fn measure(name: String, capacity: f64, footprint: usize, threads: usize, seconds: f64) -> Level {
    let count = footprint / threads / size_of::<Elem>();
    let part = |parts: usize| (count / parts).next_multiple_of(64);
    let array = |parts| Tensor::ones([part(parts)]).expect("a cache's size fits into memory");
    let mut arrays: Vec<Arrays> =
        (0..threads).map(|_| Arrays { x: array(1), y: array(2), z: array(3) }).collect();
    let mut rate = |passes: usize, parts: usize, work: fn(&mut Arrays, usize)| {
        let bytes = passes * part(parts) * size_of::<Elem>();
        let repeats = (ROUND / bytes / threads).max(1);
        let time = together(&mut arrays, seconds, |arrays| {
            for _ in 0..repeats {
                work(arrays, part(parts));
                black_box(&mut *arrays);
            }
        });
        (bytes * repeats * threads) as f64 / time / 1e9
    };
    let read = rate(1, 1, |a, count| {
        black_box(read(&a.x.as_slice()[..count]));
    });
    let copy = rate(2, 2, |a, count| scale(a.y.as_mut_slice(), &a.x.as_slice()[..count]));
    let triad = rate(3, 3, |a, count| {
        triad(a.z.as_mut_slice(), &a.x.as_slice()[..count], &a.y.as_slice()[..count]);
    });
    let update = rate(2, 1, |a, count| update(&mut a.x.as_mut_slice()[..count]));
    let mut probe = Tensor::ones([64]).expect("64 numbers fit into memory");
    let has_streaming = streaming::scale(probe.as_mut_slice(), &[1.0; 64], 1.0);
    let mut streamed = |passes, parts, work| has_streaming.then(|| rate(passes, parts, work));
    let copy_streaming = streamed(2, 2, |a, count| {
        streaming::scale(a.y.as_mut_slice(), &a.x.as_slice()[..count], black_box(1.0));
    });
    let triad_streaming = streamed(3, 3, |a, count| {
        let (x, y) = (&a.x.as_slice()[..count], &a.y.as_slice()[..count]);
        streaming::triad(a.z.as_mut_slice(), x, y, black_box(1.0));
    });
    let footprint = (count * threads * size_of::<Elem>()) as f64;
    Level { name, capacity, footprint, read, copy, copy_streaming, triad, triad_streaming, update }
}

/// Reads everything. Bits are combined instead of numbers added: that has no order, so the compiler makes vectors of it.
fn read(x: &[Elem]) -> u64 {
    dispatch(move || u64::from(x.iter().fold(0, |bits, x| bits ^ x.to_bits())))
}

fn scale(out: &mut [Elem], x: &[Elem]) {
    let factor: Elem = black_box(1.0);
    dispatch(move || {
        for (out, x) in out.iter_mut().zip(x) {
            *out = factor * x;
        }
    });
}

fn triad(out: &mut [Elem], x: &[Elem], y: &[Elem]) {
    let factor: Elem = black_box(1.0);
    dispatch(move || {
        for ((out, x), y) in out.iter_mut().zip(x).zip(y) {
            *out = x + factor * y;
        }
    });
}

fn update(x: &mut [Elem]) {
    let factor: Elem = black_box(1.0);
    dispatch(move || {
        for x in x {
            *x *= factor;
        }
    });
}
