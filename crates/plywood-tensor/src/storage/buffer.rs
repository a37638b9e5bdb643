//! A counted, typed block.

use super::block::Block;
use super::pool;
use crate::Element;
use std::marker::PhantomData;
use std::sync::atomic::Ordering;

/// `len` elements of a block, from element `start` on; the block is shared by all clones, and writable while there is
/// only one.
pub(crate) struct Buffer<T: Element> {
    block: Block,
    start: usize,
    len: usize,
    element: PhantomData<T>,
}

// SAFETY: clones on several threads only read, since writing needs `&mut` and a count of one, and `T` is `Send + Sync`.
unsafe impl<T: Element> Send for Buffer<T> {}
// SAFETY: as above.
unsafe impl<T: Element> Sync for Buffer<T> {}

impl<T: Element> Buffer<T> {
    /// A buffer whose contents are unspecified numbers, to be overwritten by the caller.
    pub(crate) fn recycled(len: usize) -> Self {
        // Checked here too, so that no mistake in a shape can make a slice that is longer than its block.
        let bytes = len.checked_mul(size_of::<T>()).filter(|&bytes| bytes <= isize::MAX as usize / 2);
        let block = pool::take(bytes.expect("a checked shape fits in memory"));
        Buffer { block, start: 0, len, element: PhantomData }
    }

    /// The elements `start..start + len` of these, in the same memory; panics if there are no such.
    #[inline]
    pub(crate) fn window(&self, start: usize, len: usize) -> Self {
        assert!(start <= self.len && len <= self.len - start, "a window lies within its buffer");
        let mut window = self.clone();
        window.start += start;
        window.len = len;
        window
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    fn first(&self) -> *mut T {
        // SAFETY: `start + len` elements lie in the block: `recycled` begins with 0 and what it asked for, `window` only
        // narrows it.
        unsafe { self.block.bytes().cast::<T>().add(self.start) }
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        // SAFETY: the block holds `start + len` elements behind its header, aligned to 64 bytes and initialised (new
        // blocks are zeroed, used ones hold old numbers, and every bit pattern is a `T`). Nobody writes while `self` is
        // borrowed, since writing needs `&mut` to the only clone.
        unsafe { std::slice::from_raw_parts(self.first(), self.len) }
    }

    /// The elements for writing, if this is the only clone.
    #[inline]
    pub(crate) fn get_mut(&mut self) -> Option<&mut [T]> {
        // Acquire pairs with the release in `drop`: what other clones read happened before.
        if self.block.header().count.load(Ordering::Acquire) != 1 {
            return None;
        }
        // SAFETY: as in `as_slice`; the count is one and `self` is borrowed mutably, so there is no other clone and
        // none can be made meanwhile.
        Some(unsafe { std::slice::from_raw_parts_mut(self.first(), self.len) })
    }
}

impl<T: Element> Clone for Buffer<T> {
    #[inline]
    fn clone(&self) -> Self {
        let before = self.block.header().count.fetch_add(1, Ordering::Relaxed);
        // Clones that are forgotten, again and again, must not carry the count around to 0, as with `Arc`.
        if before > isize::MAX as usize {
            std::process::abort();
        }
        Buffer { block: self.block, start: self.start, len: self.len, element: PhantomData }
    }
}

impl<T: Element> Drop for Buffer<T> {
    #[inline]
    fn drop(&mut self) {
        let count = &self.block.header().count;
        // The only owner has nobody to tell: no other clone is left, and none can be made meanwhile.
        if count.load(Ordering::Acquire) == 1 {
            pool::give(self.block);
        } else if count.fetch_sub(1, Ordering::Release) == 1 {
            // What other clones read happened before. A fence would do, but the thread sanitizer knows none.
            count.load(Ordering::Acquire);
            pool::give(self.block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_buffer_cannot_be_written() {
        let mut a = Buffer::<i64>::recycled(3);
        a.get_mut().unwrap().copy_from_slice(&[1, 2, 3]);
        let b = a.clone();
        assert!(a.get_mut().is_none());
        drop(b);
        assert_eq!(a.get_mut().unwrap(), [1, 2, 3]);
    }

    #[test]
    fn a_window_shows_its_part_and_no_more() {
        let mut a = Buffer::<i64>::recycled(5);
        a.get_mut().unwrap().copy_from_slice(&[1, 2, 3, 4, 5]);
        let mut part = a.window(1, 3).window(1, 2);
        assert_eq!((part.as_slice(), part.len()), (&[3, 4][..], 2));
        assert_eq!(a.window(5, 0).as_slice(), [0; 0]);
        drop(a);
        part.get_mut().unwrap()[0] = 7;
        assert_eq!(part.as_slice(), [7, 4]);
        for (start, len) in [(1, 2), (3, 0), (usize::MAX, 2), (1, usize::MAX)] {
            assert!(std::panic::catch_unwind(|| part.window(start, len).len()).is_err(), "{start}, {len}");
        }
    }

    #[test]
    #[should_panic(expected = "a checked shape fits in memory")]
    fn a_length_whose_bytes_overflow_is_refused() {
        let _ = Buffer::<i64>::recycled(usize::MAX / 4);
    }

    /// Two threads let go of a buffer at the same time, and write into the next one, which may be in the same memory.
    #[test]
    fn memory_is_written_only_after_all_have_read_it() {
        let read = |buffer: Buffer<i64>, expected: i64| {
            assert!(buffer.as_slice().iter().all(|&x| x == expected));
            drop(buffer);
            Buffer::<i64>::recycled(64).get_mut().unwrap().fill(-1);
        };
        let rounds = 0..2000;
        // Without room, so that sender and receiver go on together.
        let (sender, receiver) = std::sync::mpsc::sync_channel(0);
        // Moved: a panic drops the sender, so that nobody waits for more.
        std::thread::scope(move |scope| {
            let rounds_there = rounds.clone();
            scope.spawn(move || rounds_there.zip(receiver).for_each(|(round, buffer)| read(buffer, round)));
            for round in rounds {
                let mut buffer = Buffer::recycled(64);
                buffer.get_mut().unwrap().fill(round);
                sender.send(buffer.clone()).unwrap();
                read(buffer, round);
            }
        });
    }

    #[test]
    fn memory_is_recycled_within_and_across_threads() {
        let address = |b: &Buffer<u8>| b.as_slice().as_ptr() as usize;
        let a = Buffer::<u8>::recycled(1000);
        let first = address(&a);
        drop(a);
        let b = Buffer::<u8>::recycled(990);
        assert_eq!(address(&b), first);
        assert_eq!(first % 64, 0);
        let handle = std::thread::spawn(move || b.as_slice().len());
        assert_eq!(handle.join().unwrap(), 990);
    }
}
