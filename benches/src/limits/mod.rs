//! What the machine can do at most, measured.

mod bandwidth;
mod caches;
mod peak;
pub(crate) mod region;
mod streaming;
mod together;

pub use bandwidth::Level;

use crate::{Streams, Work};
use std::collections::BTreeMap;

/// Which way numbers go to memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stores {
    /// Whichever of the two is faster: the strictest limit.
    Best,
    /// Through the caches, as stores do unless told otherwise: a line is read before it is written.
    Regular,
}

/// What the machine can do at most; each figure is measured when it is first asked for, and the peak [again](Limits::renew_peak).
#[derive(Debug)]
pub struct Limits {
    seconds: f64,
    stores: Stores,
    /// The last two measurements of the peak, by the number of threads.
    peaks: BTreeMap<usize, [f64; 2]>,
    levels: BTreeMap<usize, Vec<Level>>,
}

impl Limits {
    /// Limits that take about `seconds` to measure each.
    pub fn new(seconds: f64) -> Limits {
        Limits { seconds, stores: Stores::Best, peaks: BTreeMap::new(), levels: BTreeMap::new() }
    }

    /// Compares with stores of one kind.
    #[must_use]
    pub fn stores(self, stores: Stores) -> Limits {
        Limits { stores, ..self }
    }

    /// Fused multiply-adds on that many threads, in GFLOP/s (two operations each).
    pub fn peak(&mut self, threads: usize) -> f64 {
        let seconds = self.seconds;
        let [before, last] =
            *self.peaks.entry(threads).or_insert_with(|| [0.0, peak::peak(threads, seconds)]);
        before.max(last)
    }

    /// Measures the peak once more, if it is in use: what was measured between the last two times is compared with the larger one.
    ///
    /// A processor is faster when it is cool, and a virtual one while its neighbours rest.
    pub fn renew_peak(&mut self, threads: usize) {
        if let Some(peaks) = self.peaks.get_mut(&threads) {
            *peaks = [peaks[1], peak::peak(threads, self.seconds)];
        }
    }

    /// Bandwidths of the caches and of memory for that many threads, smallest first.
    pub fn levels(&mut self, threads: usize) -> &[Level] {
        let seconds = self.seconds;
        self.levels.entry(threads).or_insert_with(|| bandwidth::levels(threads, seconds))
    }

    /// The bandwidth in GB/s for arrays of that many bytes in total.
    pub fn bandwidth(&mut self, streams: Streams, footprint: f64, threads: usize) -> f64 {
        let stores = self.stores;
        let levels = self.levels(threads);
        let last = levels.last().expect("there is always a memory");
        levels.iter().find(|level| footprint <= level.capacity).unwrap_or(last).rate(streams, stores)
    }

    /// The shortest time in microseconds that `work` can take; `None` if it is all overhead.
    pub fn floor(&mut self, work: &Work, threads: usize) -> Option<f64> {
        let mut micros = 0.0;
        if work.flops > 0.0 {
            micros += work.flops / self.peak(threads) / 1e3;
        }
        if work.bytes > 0.0 {
            micros += work.bytes / self.bandwidth(work.streams, work.footprint, threads) / 1e3;
        }
        (micros > 0.0).then_some(micros)
    }

    /// A time in microseconds as a share of the limit in per cent.
    pub fn share(&mut self, work: &Work, threads: usize, micros: f64) -> Option<f64> {
        self.floor(work, threads).map(|floor| 100.0 * floor / micros)
    }
}
