//! Where blocks wait for their next owner: a short list for each thread, a shared one behind it.

use super::block::{Block, CLASSES, List, class_bytes, class_of};
use std::cell::Cell;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A thread keeps at most this many blocks of a class; the rest goes to the shared list, so that a thread which
/// only drops what another makes does not hoard.
const LOCAL_BLOCKS: usize = 64;
/// A thread keeps at most this many bytes of a class; larger blocks all go to the shared list.
const LOCAL_BYTES: usize = 16 << 20;
/// The shared list keeps at most this many bytes; more goes back to the system.
const SHARED_BYTES: u64 = 4 << 30;

/// One list for each class. `Cell`s of small `Copy` values: nothing to check, nothing to poison.
struct Local([Cell<List>; CLASSES]);

impl Local {
    #[inline]
    fn take(&self, class: usize) -> Option<Block> {
        let mut list = self.0[class].get();
        let block = list.pop()?;
        self.0[class].set(list);
        Some(block)
    }

    /// Keeps the block if there is room for it.
    #[inline]
    fn give(&self, class: usize, block: Block) -> bool {
        let mut list = self.0[class].get();
        let room = list.len() < LOCAL_BLOCKS && (list.len() + 1) * class_bytes(class) <= LOCAL_BYTES;
        if room {
            list.push(block);
            self.0[class].set(list);
        }
        room
    }

    fn drain(&self) -> impl Iterator<Item = Block> {
        (0..CLASSES).flat_map(move |class| std::iter::from_fn(move || self.take(class)))
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        self.drain().for_each(give_shared);
    }
}

thread_local! {
    static LOCAL: Local = const { Local([const { Cell::new(List::EMPTY) }; CLASSES]) };
    static TURN: Cell<usize> = const { Cell::new(0) };
}

struct Shared {
    lists: [List; CLASSES],
    bytes: usize,
}

static SHARED: Mutex<Shared> = Mutex::new(Shared { lists: [List::EMPTY; CLASSES], bytes: 0 });

fn shared() -> MutexGuard<'static, Shared> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A block for `bytes` bytes, used before or new; what is in it is unspecified but initialised.
#[inline]
pub(super) fn take(bytes: usize) -> Block {
    let class = class_of(bytes);
    match LOCAL.try_with(|local| local.take(class)) {
        Ok(Some(block)) => block.renew(),
        // The lists are gone when the thread is ending.
        _ => take_shared(class).map_or_else(|| allocate(class), Block::renew),
    }
}

#[cold]
fn allocate(class: usize) -> Block {
    let turn = TURN.try_with(|turn| turn.replace(turn.get().wrapping_add(1))).unwrap_or(0);
    Block::allocate(class, turn)
}

#[cold]
fn take_shared(class: usize) -> Option<Block> {
    let mut shared = shared();
    let block = shared.lists[class].pop()?;
    shared.bytes -= class_bytes(class);
    Some(block)
}

/// Takes back a block that nobody holds any more.
#[inline]
pub(super) fn give(block: Block) {
    let class = block.class();
    if !LOCAL.try_with(|local| local.give(class, block)).unwrap_or(false) {
        give_shared(block);
    }
}

#[cold]
fn give_shared(block: Block) {
    let class = block.class();
    let mut shared = shared();
    if (shared.bytes + class_bytes(class)) as u64 > SHARED_BYTES {
        drop(shared);
        // SAFETY: the pool is given only blocks that nobody holds any more, and does not keep this one.
        unsafe { block.release() };
        return;
    }
    shared.bytes += class_bytes(class);
    shared.lists[class].push(block);
}

/// Gets memory from the system for tensors of so many bytes each, before they are needed.
///
/// Memory that nobody has used before is slow the first time: a thread that has nothing else to do can wait for it, so that
/// another one has not to. Tensors recycle memory, and only what would be new is worth it. What is more than the 4 GiB that wait
/// at most is left out.
///
/// ```
/// use plywood_tensor::{Tensor, reserve_pool};
///
/// std::thread::spawn(|| reserve_pool([4_000_000; 3])).join().unwrap();
/// let there_at_once = Tensor::zeros([1000, 1000])?;
/// assert_eq!(there_at_once.numel(), 1_000_000);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
pub fn reserve(bytes: impl IntoIterator<Item = usize>) {
    let mut left = SHARED_BYTES;
    for bytes in bytes {
        if bytes as u64 > left {
            continue;
        }
        left -= bytes as u64;
        let block = allocate(class_of(bytes));
        // SAFETY: the block is new.
        unsafe { block.touch() };
        give_shared(block);
    }
}

/// Gives the memory that waits to be used again back to the system: this thread's and the shared part.
///
/// Tensors recycle their memory. After a large model was dropped, a program that goes on with small ones can
/// return what it no longer needs. Numbers never depend on it.
pub fn trim() {
    let mut blocks: Vec<Block> = Vec::new();
    // A thread that is ending has handed its blocks to the shared list already.
    let _ = LOCAL.try_with(|local| blocks.extend(local.drain()));
    {
        let mut shared = shared();
        for list in &mut shared.lists {
            blocks.extend(std::iter::from_fn(|| list.pop()));
        }
        shared.bytes = 0;
    }
    for block in blocks {
        // SAFETY: blocks in the lists are held by nobody else, and these were just taken out.
        unsafe { block.release() };
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::class_of;
    use super::{give, reserve, shared, take, trim};
    use std::sync::Mutex;

    /// A trim would take what another test expects.
    static ALONE: Mutex<()> = Mutex::new(());

    #[test]
    fn memory_is_there_again_after_a_trim() {
        let _alone = ALONE.lock();
        let blocks: Vec<_> = (0..100).map(|_| take(100)).collect();
        // More than a thread keeps: some go to the shared list.
        blocks.into_iter().for_each(give);
        trim();
        let block = take(100);
        assert_eq!(block.bytes() as usize % 64, 0);
        give(block);
    }

    #[test]
    fn what_is_reserved_waits_for_any_thread() {
        let _alone = ALONE.lock();
        // No other test has blocks of this size, of which two cannot be had.
        let (bytes, endless) = (33 << 20, usize::MAX);
        let waiting = || shared().lists[class_of(bytes)].len();
        std::thread::spawn(move || reserve([bytes, endless, bytes])).join().unwrap();
        assert_eq!(waiting(), 2);
        let blocks = [take(bytes), take(bytes)];
        assert_eq!(waiting(), 0);
        assert_ne!(blocks[0].bytes(), blocks[1].bytes());
        blocks.into_iter().for_each(give);
        trim();
    }
}
