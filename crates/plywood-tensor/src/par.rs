//! Work on several threads, split by its size alone.
//!
//! Where a piece of work is cut depends on the shape of the data and on nothing else, unless no bit of the result depends on
//! the cut; threads decide who computes a piece, never what it is. Partial results have fixed slots and are combined in order. So the same bits
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
use std::cell::Cell;
use std::marker::PhantomData;

/// Work of fewer elementary steps than this stays on the calling thread: waking another costs about as much.
pub const SERIAL_BELOW: usize = 64 * 1024;

/// How many elements of a large array a thread takes at once.
pub const CHUNK: usize = 32 * 1024;

thread_local! {
    static ALWAYS: Cell<bool> = const { Cell::new(false) };
    static NEVER: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` with all of its operations on the calling thread, however large they are.
///
/// For threads that work beside the computation, as those that load data do: they take no thread away from it.
///
/// ```
/// use plywood_tensor::{Seed, Tensor, par};
///
/// let x = Tensor::normal([300, 300], 0.0, 1.0, &Seed(1).stream())?;
/// assert_eq!(par::on_this_thread(|| x.matmul(&x))?, x.matmul(&x)?);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
pub fn on_this_thread<R>(work: impl FnOnce() -> R) -> R {
    /// Puts back what was set before, even if the work panics.
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            NEVER.set(self.0);
        }
    }
    let _before = Before(NEVER.replace(true));
    work()
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

/// Calls `work(start, piece)` for every piece of `chunk` elements of `out`; the last may be shorter.
///
/// `steps` is how many elementary steps the whole takes: small work stays on the calling thread, in the same pieces.
#[inline]
pub fn chunks<T: Send>(out: &mut [T], chunk: usize, steps: usize, work: impl Fn(usize, &mut [T]) + Sync) {
    let (chunk, length) = (chunk.max(1), out.len());
    if length <= chunk {
        if length > 0 {
            work(0, out);
        }
        return;
    }
    let shared = Shared::new(out);
    pieces(length.div_ceil(chunk), steps, &|i| {
        let start = i * chunk;
        // SAFETY: pieces do not overlap, and each is asked for once.
        work(start, unsafe { shared.piece(start, chunk.min(length - start)) });
    });
}

/// A slice of which each thread takes pieces of its own.
pub(crate) struct Shared<'a, T> {
    first: *mut T,
    length: usize,
    slice: PhantomData<&'a mut [T]>,
}

// SAFETY: an element goes to one thread at a time, by the contract of `piece` and of those who write through `first`, and it may
// be sent to it.
unsafe impl<T: Send> Sync for Shared<'_, T> {}

impl<'a, T> Shared<'a, T> {
    pub(crate) fn new(slice: &'a mut [T]) -> Shared<'a, T> {
        Shared { first: slice.as_mut_ptr(), length: slice.len(), slice: PhantomData }
    }

    /// The first element; who writes through it sees to it that nobody else has a share of what is written.
    pub(crate) fn first(&self) -> *mut T {
        self.first
    }

    /// Elements `start..start + length`; panics if there are no such.
    ///
    /// # Safety
    /// While the piece lives, nobody else may read or write what is read or written through it.
    #[allow(clippy::mut_from_ref)] // by contract no two of them meet
    pub(crate) unsafe fn piece(&self, start: usize, length: usize) -> &mut [T] {
        assert!(start <= self.length && length <= self.length - start, "a piece lies within its slice");
        // SAFETY: it lies inside the slice, which is borrowed for as long as `self` lives.
        unsafe { std::slice::from_raw_parts_mut(self.first.add(start), length) }
    }
}

/// As [`chunks`] for two slices of the same length, which are cut alike.
pub(crate) fn chunks_of_two<T: Send, U: Send>(
    out: (&mut [T], &mut [U]),
    chunk: usize,
    work: impl Fn(usize, &mut [T], &mut [U]) + Sync,
) {
    let (chunk, length) = (chunk.max(1), out.0.len());
    assert!(length == out.1.len(), "two slices that are cut alike are of one length");
    let (first, second) = (Shared::new(out.0), Shared::new(out.1));
    pieces(length.div_ceil(chunk), length, &|i| {
        let (start, count) = (i * chunk, chunk.min(length - i * chunk));
        // SAFETY: as in `chunks`, for both.
        unsafe { work(start, first.piece(start, count), second.piece(start, count)) }
    });
}

/// As [`chunks`] for two slices of different lengths, each cut into as many pieces of its own size.
///
/// The second may be empty: then so are its pieces. Not generic over the work, so that it is compiled once.
#[allow(clippy::type_complexity)] // two slices in: a name for it would say less
pub(crate) fn chunks_beside<T: Send, U: Send>(
    out: (&mut [T], &mut [U]),
    chunk: (usize, usize),
    steps: usize,
    work: &(dyn Fn(usize, &mut [T], &mut [U]) + Sync),
) {
    let (first, second) = out;
    let chunk = (chunk.0.max(1), chunk.1);
    let count = first.len().div_ceil(chunk.0);
    assert!(count.saturating_sub(1) * chunk.1 <= second.len(), "both slices have as many pieces");
    let lengths = (first.len(), second.len());
    let (first, second) = (Shared::new(first), Shared::new(second));
    pieces(count, steps, &|i| {
        let starts = (i * chunk.0, i * chunk.1);
        let sizes = (chunk.0.min(lengths.0 - starts.0), chunk.1.min(lengths.1 - starts.1));
        // SAFETY: as in `chunks`, for both.
        unsafe { work(starts.0, first.piece(starts.0, sizes.0), second.piece(starts.1, sizes.1)) }
    });
}

/// The results of `work(0)`, `work(1)`, … in order; `steps` is how many elementary steps the whole takes.
#[inline]
pub fn map<R: Send>(count: usize, steps: usize, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
    let mut results: Vec<Option<R>> = (0..count).map(|_| None).collect();
    chunks(&mut results, 1, steps, |i, result| result[0] = Some(work(i)));
    results.into_iter().flatten().collect()
}

/// How many threads share the work here. Only what comes out the same for every cut may depend on it.
pub(crate) fn threads() -> usize {
    if NEVER.get() { 1 } else { rayon::current_num_threads() }
}

/// Calls `work(i)` for each of `count` pieces; `steps` is how many elementary steps the whole takes.
///
/// Not generic: what forks and joins is compiled once, not for each kernel of each operation.
pub(crate) fn pieces(count: usize, steps: usize, work: &(dyn Fn(usize) + Sync)) {
    let worth = steps >= SERIAL_BELOW || ALWAYS.get();
    if count > 1 && worth && threads() > 1 {
        halve(0, count, work);
    } else {
        (0..count).for_each(work);
    }
}

/// Halves of halves, so that a thread which looks for work finds a large piece of it.
fn halve(start: usize, end: usize, work: &(dyn Fn(usize) + Sync)) {
    if end - start == 1 {
        return work(start);
    }
    let middle = start + (end - start) / 2;
    rayon::join(|| halve(start, middle, work), || halve(middle, end, work));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::thread;

    #[test]
    fn on_this_thread_nothing_is_handed_to_another() {
        let ids = || map(64, usize::MAX, |_| thread::current().id());
        Threads::new(3).unwrap().split_always().install(|| {
            let own = thread::current().id();
            let nested = on_this_thread(|| {
                on_this_thread(|| ());
                ids()
            });
            assert!(nested.iter().all(|&id| id == own));
            let panicked = catch_unwind(AssertUnwindSafe(|| on_this_thread(|| panic!("on purpose"))));
            assert!(panicked.is_err() && !NEVER.get(), "what was set before is put back");
        });
    }
}
