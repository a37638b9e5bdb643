//! A counted, typed block.

use super::block::{Block, Shown};
use super::pool;
use crate::{Element, Shape};
use std::marker::PhantomData;

/// Elements with a shape; shared by all clones, and writable while there is only one.
///
/// One pointer: shape and place of the elements stand in the header of the block, so that to move a buffer, or to share
/// it, copies nothing else.
pub(crate) struct Buffer<T: Element> {
    block: Block,
    element: PhantomData<T>,
}

// SAFETY: clones on several threads only read, since writing needs `&mut` and a count of one, and `T` is `Send + Sync`.
unsafe impl<T: Element> Send for Buffer<T> {}
// SAFETY: as above.
unsafe impl<T: Element> Sync for Buffer<T> {}

impl<T: Element> Buffer<T> {
    /// A buffer of this shape whose contents are unspecified numbers, to be overwritten by the caller.
    #[inline]
    pub(crate) fn new(shape: &Shape) -> Self {
        let len = shape.numel();
        // Checked here too, so that no mistake in a shape can make a slice that is longer than its block.
        let bytes = len.checked_mul(size_of::<T>()).filter(|&bytes| bytes <= isize::MAX as usize / 2);
        let block = pool::take(bytes.expect("a checked shape fits in memory"));
        let first = block.bytes();
        Buffer::show(block, Shown { first, len, lender: None, shape: *shape })
    }

    /// As [`Buffer::new`], for so many elements along one axis.
    pub(crate) fn recycled(len: usize) -> Self {
        Buffer::new(&Shape::from_checked(&[len]))
    }

    /// No elements at all, under the shape of an array that has some.
    pub(crate) fn hollow(shape: &Shape) -> Self {
        let block = pool::take(0);
        let first = block.bytes();
        Buffer::show(block, Shown { first, len: 0, lender: None, shape: *shape })
    }

    #[inline]
    fn show(block: Block, shown: Shown) -> Self {
        // SAFETY: the pool has just handed out the block, so nobody else knows its header.
        unsafe { (*block.0.as_ptr()).shown = shown };
        Buffer { block, element: PhantomData }
    }

    /// The elements from `start` on as an array of this shape, in the same memory; panics if there are not so many.
    pub(crate) fn window(&self, start: usize, shape: &Shape) -> Self {
        let (all, len) = (self.shown(), shape.numel());
        assert!(start <= all.len && len <= all.len - start, "a window lies within its buffer");
        // SAFETY: `start` is at most `len`, and so many elements lie there.
        let first = unsafe { all.first.cast::<T>().add(start).cast() };
        let lender = all.lender.unwrap_or(self.block);
        lender.hold();
        Buffer::show(pool::take(0), Shown { first, len, lender: Some(lender), shape: *shape })
    }

    #[inline]
    fn shown(&self) -> &Shown {
        &self.block.header().shown
    }

    /// The sizes along each axis.
    #[inline]
    pub(crate) fn shape(&self) -> &Shape {
        &self.shown().shape
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.shown().len
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        let shown = self.shown();
        // SAFETY: `len` elements lie from `first` on: `new` asked for as many, behind a header and so aligned to 64 bytes,
        // and `window` only narrows that, in a block which it holds. They are initialised (new blocks are zeroed, used
        // ones hold old numbers, and every bit pattern is a `T`). Nobody writes while `self` is borrowed, since writing
        // needs `&mut` to the only clone.
        unsafe { std::slice::from_raw_parts(shown.first.cast(), shown.len) }
    }

    /// The elements for writing, if this is the only clone and no other shows a part of them.
    #[inline]
    pub(crate) fn get_mut(&mut self) -> Option<&mut [T]> {
        let shown = self.shown();
        if !self.block.is_unshared() || shown.lender.is_some_and(|lender| !lender.is_unshared()) {
            return None;
        }
        // SAFETY: as in `as_slice`; the counts are one and `self` is borrowed mutably, so there is nobody else who sees the
        // elements and none can come meanwhile.
        Some(unsafe { std::slice::from_raw_parts_mut(shown.first.cast(), shown.len) })
    }
}

impl<T: Element> Clone for Buffer<T> {
    #[inline]
    fn clone(&self) -> Self {
        self.block.hold();
        Buffer { block: self.block, element: PhantomData }
    }
}

impl<T: Element> Drop for Buffer<T> {
    #[inline]
    fn drop(&mut self) {
        if self.block.let_go() {
            // The header may be another's as soon as the pool has the block.
            let lender = self.shown().lender;
            pool::give(self.block);
            if let Some(lender) = lender.filter(Block::let_go) {
                pool::give(lender);
            }
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
    fn a_buffer_is_one_pointer_that_is_never_null() {
        assert_eq!(size_of::<Option<Buffer<i64>>>(), size_of::<usize>());
    }

    #[test]
    fn a_window_shows_its_part_and_no_more() {
        let mut a = Buffer::<i64>::recycled(5);
        a.get_mut().unwrap().copy_from_slice(&[1, 2, 3, 4, 5]);
        let window = |of: &Buffer<i64>, start, len| of.window(start, &Shape::from_checked(&[len]));
        let whole = window(&a, 1, 3);
        let mut part = window(&whole, 1, 2);
        assert_eq!((part.as_slice(), part.len(), part.shape()[0]), (&[3, 4][..], 2, 2));
        assert_eq!(window(&a, 5, 0).as_slice(), [0; 0]);
        drop(a);
        assert!(part.get_mut().is_none(), "the other window shows it too");
        drop(whole);
        let again = part.clone();
        assert!(part.get_mut().is_none());
        drop(again);
        part.get_mut().unwrap()[0] = 7;
        assert_eq!(part.as_slice(), [7, 4]);
        for (start, len) in [(1, 2), (3, 0), (usize::MAX, 2), (1, usize::MAX)] {
            assert!(std::panic::catch_unwind(|| window(&part, start, len).len()).is_err(), "{start}, {len}");
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
