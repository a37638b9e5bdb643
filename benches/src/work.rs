//! What a case has to do at least, whoever does it.

use plywood::prelude::Elem;

/// How memory is used: what is read and written for each number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Streams {
    /// One array is read.
    Read,
    /// One array is read, another written.
    Copy,
    /// Two arrays are read, a third written.
    Triad,
    /// One array is read and written in place.
    Update,
}

/// The arithmetic and the memory traffic that a case cannot do without.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    /// Multiplications and additions.
    pub flops: f64,
    /// Bytes read and written, each array once.
    pub bytes: f64,
    /// Bytes of the arrays that are touched: which cache they fit into.
    pub footprint: f64,
    /// The pattern of `bytes`.
    pub streams: Streams,
}

impl Work {
    /// Nothing that a machine would need time for: what is measured is overhead.
    pub const NONE: Work = Work { flops: 0.0, bytes: 0.0, footprint: 0.0, streams: Streams::Read };

    /// The product of `m x k` and `k x n`: arithmetic alone.
    pub fn product(m: usize, n: usize, k: usize) -> Work {
        Work { flops: 2.0 * m as f64 * n as f64 * k as f64, ..Work::NONE }
    }

    /// Traffic of arrays of `count` numbers: `passes` arrays read or written, `arrays` different ones.
    pub fn traffic(streams: Streams, count: usize, passes: usize, arrays: usize) -> Work {
        let bytes = (count * size_of::<Elem>()) as f64;
        Work { flops: 0.0, bytes: bytes * passes as f64, footprint: bytes * arrays as f64, streams }
    }

    /// The arithmetic of one and the traffic of the other.
    #[must_use]
    pub fn and(self, other: Work) -> Work {
        Work { flops: self.flops + other.flops, ..other }
    }

    /// The rate that a time in microseconds means: in 10⁹ operations or bytes a second, with its unit.
    pub fn rate(&self, micros: f64) -> Option<(f64, &'static str)> {
        if self.flops > 0.0 {
            Some((self.flops / micros / 1e3, "GFLOP/s"))
        } else if self.bytes > 0.0 {
            Some((self.bytes / micros / 1e3, "GB/s"))
        } else {
            None
        }
    }
}
