//! One block of memory: a header with the reference count and the shape, then the bytes.

use super::pages;
use crate::Shape;
use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, handle_alloc_error};
use std::ptr::{NonNull, null_mut};
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// The least alignment of headers and of the bytes behind them: a cache line, and the widest vector.
const LINE: usize = 64;
/// From this size on an allocator hands out pages that the system clears when they are first touched: by all threads at once, and
/// not twice.
const LAZY: usize = 32 << 20;
/// The smallest pages that a system has.
const PAGE: usize = 4096;
/// Blocks from this size on start at differing offsets within a page; see [`Block::allocate`].
const STAGGERED: usize = 16 * 1024;

/// What is read together lies in the first lines.
#[repr(C, align(64))]
pub(super) struct Header {
    count: AtomicUsize,
    class: usize,
    /// The block that waits behind this one; used by [`List`] alone, while nobody holds the block.
    next: AtomicPtr<Header>,
    pub(super) shown: Shown,
    base: *mut u8,
    layout: Layout,
}

/// The elements that a block stands for, in its own bytes or in those of another block.
///
/// Written once, when a block has its next owner and nobody else knows it; then only read.
#[repr(C)]
pub(super) struct Shown {
    pub(super) first: *mut u8,
    pub(super) len: usize,
    /// The block in whose bytes they lie, which is held for it; none if these are its own.
    pub(super) lender: Option<Block>,
    pub(super) shape: Shape,
}

/// An owning pointer to a header and the bytes behind it; copied only by [`super::Buffer`], which counts.
#[derive(Clone, Copy)]
pub(super) struct Block(pub(super) NonNull<Header>);

// SAFETY: a block is plain memory; who may read or write it is decided by the count in its header.
unsafe impl Send for Block {}

/// Size classes, four to a power of two, the smallest of 64 bytes: at most a fifth of a block is unused.
pub(super) const CLASSES: usize = 4 * (usize::BITS as usize - 6);

/// The smallest class that holds `bytes`.
#[inline]
pub(super) fn class_of(bytes: usize) -> usize {
    let lines = bytes.div_ceil(LINE).max(1);
    if lines <= 4 {
        return lines - 1;
    }
    let power = (lines - 1).ilog2() as usize;
    let quarter = (lines - 1) >> (power - 2);
    4 * (power - 2) + quarter
}

/// How many bytes the blocks of a class hold.
#[inline]
pub(super) fn class_bytes(class: usize) -> usize {
    if class < 4 {
        return (class + 1) * LINE;
    }
    let (power, quarter) = (class / 4 + 1, class % 4);
    ((5 + quarter) << (power - 2)) * LINE
}

impl Block {
    /// A new block of a class, its bytes zero and its count one.
    ///
    /// Large blocks start at one of 32 cache lines of a page in turn. Allocators hand out large blocks at one fixed
    /// offset, and loads from one then collide with stores to another that has the same low 12 address bits. Turns are 13
    /// lines apart: blocks made one after the other are often walked together, and neighbouring lines would collide a few
    /// steps later.
    pub(super) fn allocate(class: usize, turn: usize) -> Block {
        let bytes = class_bytes(class);
        let shift = if bytes >= STAGGERED { (turn * 13 % 32) * LINE } else { 0 };
        let room = if bytes >= STAGGERED { 32 * LINE } else { 0 };
        let size = size_of::<Header>() + bytes + room;
        let huge = bytes >= 2 * pages::HUGE;
        let lazy = bytes >= LAZY;
        // Asked for zeros that are aligned, an allocator writes them itself: it is asked for others, with room to align them.
        let (unaligned, align) = match (lazy, huge) {
            (true, _) => (pages::HUGE, 1),
            (false, true) => (0, pages::HUGE),
            (false, false) => (0, LINE),
        };
        let layout =
            Layout::from_size_align(size + unaligned, align).expect("a checked shape fits in a layout");
        // SAFETY: the layout is not empty, since the header is not.
        let base = unsafe { if lazy { alloc_zeroed(layout) } else { alloc(layout) } };
        if base.is_null() {
            handle_alloc_error(layout);
        }
        let start = if lazy { base.addr().wrapping_neg() % pages::HUGE } else { 0 };
        // SAFETY: there is room for a shift to the next multiple of the size of a huge page.
        let first = unsafe { base.add(start) };
        if huge {
            // Before the first touch, which decides on the pages.
            pages::advise(first, size);
        }
        if !lazy {
            // SAFETY: `size` bytes from here on were just allocated.
            unsafe { first.write_bytes(0, size) };
        }
        // SAFETY: `shift` is a multiple of the alignment and at most `room`, so the header and `bytes` bytes
        // behind it lie inside the `size` bytes from `first` on, which the allocation holds.
        unsafe {
            let header = first.add(shift).cast::<Header>();
            let next = AtomicPtr::new(null_mut());
            let shown = Shown { first: null_mut(), len: 0, lender: None, shape: Shape::SCALAR };
            header.write(Header { count: AtomicUsize::new(1), class, next, shown, base, layout });
            Block(NonNull::new_unchecked(header))
        }
    }

    #[inline]
    pub(super) fn header(&self) -> &Header {
        // SAFETY: the header was written by `allocate` and lives until `release`, which takes the last copy.
        unsafe { self.0.as_ref() }
    }

    /// One owner more.
    #[inline]
    pub(super) fn hold(&self) {
        let before = self.header().count.fetch_add(1, Ordering::Relaxed);
        // Owners that are forgotten, again and again, must not carry the count around to 0, as with `Arc`.
        if before > isize::MAX as usize {
            std::process::abort();
        }
    }

    /// One owner less; whether it was the last.
    #[inline]
    pub(super) fn let_go(&self) -> bool {
        // The only owner has nobody to tell: no other is left, and none can be made meanwhile.
        if self.is_unshared() {
            return true;
        }
        let count = &self.header().count;
        let last = count.fetch_sub(1, Ordering::Release) == 1;
        if last {
            // What other owners read happened before. A fence would do, but the thread sanitizer knows none.
            count.load(Ordering::Acquire);
        }
        last
    }

    /// Whether there is one owner.
    #[inline]
    pub(super) fn is_unshared(&self) -> bool {
        // Acquire pairs with the release in `let_go`: what other owners read happened before.
        self.header().count.load(Ordering::Acquire) == 1
    }

    #[inline]
    pub(super) fn class(&self) -> usize {
        self.header().class
    }

    /// The first byte behind the header.
    #[inline]
    pub(super) fn bytes(&self) -> *mut u8 {
        // SAFETY: `allocate` reserved the header and at least 64 bytes behind it.
        unsafe { self.0.as_ptr().add(1).cast() }
    }

    /// Makes a block that nobody holds any more ready for its next owner.
    #[inline]
    pub(super) fn renew(self) -> Block {
        self.header().count.store(1, Ordering::Relaxed);
        self
    }

    /// Writes to each page, so that the system need not fetch and clear it later.
    ///
    /// # Safety
    /// Nobody else may hold the block.
    pub(super) unsafe fn touch(self) {
        for at in (0..class_bytes(self.class())).step_by(PAGE) {
            // SAFETY: the block holds so many bytes, and by contract nobody else reads or writes them.
            unsafe { self.bytes().add(at).write_volatile(0) };
        }
    }

    /// Gives the memory back to the system.
    ///
    /// # Safety
    /// No other copy of this block may be used again.
    pub(super) unsafe fn release(self) {
        let (base, layout) = (self.header().base, self.header().layout);
        // SAFETY: `base` was allocated with this layout, and by contract nobody uses it any more.
        unsafe { dealloc(base, layout) }
    }
}

/// Blocks that nobody holds, the last one put in front: a list that costs no memory of its own.
#[derive(Clone, Copy)]
pub(super) struct List {
    first: Option<Block>,
    count: usize,
}

impl List {
    pub(super) const EMPTY: List = List { first: None, count: 0 };

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.count
    }

    #[inline]
    pub(super) fn push(&mut self, block: Block) {
        let next = self.first.map_or(null_mut(), |first| first.0.as_ptr());
        block.header().next.store(next, Ordering::Relaxed);
        *self = List { first: Some(block), count: self.count + 1 };
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Block> {
        let block = self.first?;
        let next = NonNull::new(block.header().next.load(Ordering::Relaxed));
        *self = List { first: next.map(Block), count: self.count - 1 };
        Some(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_what_they_are_asked_for_with_little_waste() {
        for bytes in (0..10_000).chain((1..40).map(|p| (1 << p) + 1)) {
            let class = class_of(bytes);
            assert!(class_bytes(class) >= bytes, "{bytes}");
            assert!(class == 0 || class_bytes(class - 1) < bytes, "{bytes}");
            assert!(class < CLASSES);
        }
    }
}
