//! Work on several threads, split by its size alone.
//!
//! Where a piece of work is cut depends on the shape of the data and on nothing else; threads decide who computes
//! a piece, never what it is. Partial results have fixed slots and are combined in order. So the same bits
//! come out for every number of threads.
//!
//! ```
//! use plywood_tensor::{Seed, Tensor, Threads};
//!
//! let x = Tensor::normal([300, 300], 0.0, 1.0, &Seed(1).stream())?;
//! let one = Threads::new(1)?.install(|| x.matmul(&x))?;
//! let three = Threads::new(3)?.install(|| x.matmul(&x))?;
//! assert_eq!(one, three);
//! # Ok::<(), plywood_tensor::Error>(())
//! ```

use crate::simd::Isa;
use crate::{Result, TensorError};
use rayon::prelude::*;
use std::cell::Cell;

/// Work of fewer elementary steps than this stays on the calling thread: waking another costs about as much.
pub const SERIAL_BELOW: usize = 64 * 1024;

/// How many elements of a large array a thread takes at once.
pub const CHUNK: usize = 32 * 1024;

thread_local! {
    static ALWAYS: Cell<bool> = const { Cell::new(false) };
}

/// A number of threads to compute with.
///
/// Without one, all cores are used. Numbers do not depend on it.
#[derive(Debug)]
pub struct Threads {
    pool: rayon::ThreadPool,
    always: bool,
}

impl Threads {
    /// A pool of `count` threads.
    ///
    /// # Errors
    /// [`TensorError::Argument`] for 0 threads; the system's error if it cannot start them.
    pub fn new(count: usize) -> Result<Threads> {
        Threads::start(count, None)
    }

    /// A pool of `count` threads that compute with this instruction set, as tests do to compare all that there are.
    ///
    /// ```
    /// use plywood_tensor::{Tensor, Threads, simd::Isa};
    ///
    /// let x = Tensor::arange(0.0, 100.0, 1.0)?;
    /// let portable = Threads::with_isa(1, Isa::Portable)?.install(|| x.exp());
    /// assert_eq!(portable, x.exp());
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Isa`] if this processor does not have it; otherwise as [`Threads::new`].
    pub fn with_isa(count: usize, isa: Isa) -> Result<Threads> {
        Threads::start(count, Some(isa.supported()?))
    }

    fn start(count: usize, isa: Option<Isa>) -> Result<Threads> {
        if count == 0 {
            return Err(TensorError::Argument { op: "threads", expected: "at least 1", got: 0.0 }.into());
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).start_handler(move |_| {
            if let Some(isa) = isa {
                isa.use_here();
            }
        });
        Ok(Threads { pool: pool.build().map_err(crate::Error::new)?, always: false })
    }

    /// Splits even the smallest work, as tests do to see that the split changes nothing.
    #[must_use]
    pub fn split_always(mut self) -> Threads {
        self.always = true;
        self
    }

    /// Runs `work` on these threads and returns what it returns.
    pub fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.pool.install(|| {
            let before = ALWAYS.replace(self.always);
            let result = work();
            ALWAYS.set(before);
            result
        })
    }
}

/// Whether work of that many elementary steps is worth several threads.
#[inline]
fn worth(steps: usize) -> bool {
    steps >= SERIAL_BELOW || ALWAYS.get()
}

/// Calls `work(start, piece)` for every piece of `chunk` elements of `out`; the last may be shorter.
///
/// `steps` is how many elementary steps the whole takes: small work stays on the calling thread, in the same pieces.
#[inline]
pub fn chunks<T: Send>(out: &mut [T], chunk: usize, steps: usize, work: impl Fn(usize, &mut [T]) + Sync) {
    let chunk = chunk.max(1);
    if out.len() > chunk && worth(steps) {
        out.par_chunks_mut(chunk).enumerate().for_each(|(i, piece)| work(i * chunk, piece));
    } else {
        for (i, piece) in out.chunks_mut(chunk).enumerate() {
            work(i * chunk, piece);
        }
    }
}

/// As [`chunks`] for two slices of the same length, which are cut alike.
pub(crate) fn chunks_of_two<T: Send, U: Send>(
    out: (&mut [T], &mut [U]),
    chunk: usize,
    work: impl Fn(usize, &mut [T], &mut [U]) + Sync,
) {
    let steps = out.0.len();
    if steps > chunk && worth(steps) {
        let pieces = out.0.par_chunks_mut(chunk).zip(out.1.par_chunks_mut(chunk));
        pieces.enumerate().for_each(|(i, (a, b))| work(i * chunk, a, b));
    } else {
        for (i, (a, b)) in out.0.chunks_mut(chunk).zip(out.1.chunks_mut(chunk)).enumerate() {
            work(i * chunk, a, b);
        }
    }
}

/// The results of `work(0)`, `work(1)`, … in order; `steps` is how many elementary steps the whole takes.
#[inline]
pub fn map<R: Send>(count: usize, steps: usize, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
    if count > 1 && worth(steps) {
        (0..count).into_par_iter().map(&work).collect()
    } else {
        (0..count).map(work).collect()
    }
}
