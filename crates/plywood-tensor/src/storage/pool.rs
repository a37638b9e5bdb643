//! Where blocks wait for their next owner: a short list for each thread, a shared one behind it.

use super::block::{Block, CLASSES, class_bytes, class_of};
use std::cell::{Cell, RefCell};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A thread keeps at most this many blocks of a class; the rest goes to the shared list, so that a thread which
/// only drops what another makes does not hoard.
const LOCAL_BLOCKS: usize = 64;
/// A thread keeps at most this many bytes of a class; larger blocks all go to the shared list.
const LOCAL_BYTES: usize = 16 << 20;
/// The shared list keeps at most this many bytes; more goes back to the system.
const SHARED_BYTES: u64 = 4 << 30;

struct Local(RefCell<Vec<Vec<Block>>>);

impl Drop for Local {
    fn drop(&mut self) {
        for block in self.0.get_mut().drain(..).flatten() {
            give_shared(block);
        }
    }
}

thread_local! {
    static LOCAL: Local = Local(RefCell::new((0..CLASSES).map(|_| Vec::new()).collect()));
    static TURN: Cell<usize> = const { Cell::new(0) };
}

struct Shared {
    blocks: Vec<Vec<Block>>,
    bytes: usize,
}

static SHARED: Mutex<Shared> = Mutex::new(Shared { blocks: Vec::new(), bytes: 0 });

fn shared() -> MutexGuard<'static, Shared> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A block for `bytes` bytes, used before or new; what is in it is unspecified but initialised.
pub(super) fn take(bytes: usize) -> Block {
    let class = class_of(bytes);
    let local = LOCAL.try_with(|local| local.0.borrow_mut()[class].pop()).ok().flatten();
    local.or_else(|| take_shared(class)).map_or_else(|| allocate(class), Block::renew)
}

#[cold]
fn allocate(class: usize) -> Block {
    let turn = TURN.try_with(|turn| turn.replace(turn.get().wrapping_add(1))).unwrap_or(0);
    Block::allocate(class, turn)
}

#[cold]
fn take_shared(class: usize) -> Option<Block> {
    let mut shared = shared();
    let block = shared.blocks.get_mut(class)?.pop()?;
    shared.bytes -= class_bytes(class);
    Some(block)
}

/// Takes back a block that nobody holds any more.
pub(super) fn give(block: Block) {
    let class = block.class();
    let kept = LOCAL.try_with(|local| {
        let list = &mut local.0.borrow_mut()[class];
        let room = list.len() < LOCAL_BLOCKS && (list.len() + 1) * class_bytes(class) <= LOCAL_BYTES;
        if room {
            list.push(block);
        }
        room
    });
    // The list is gone when the thread is ending.
    if !kept.unwrap_or(false) {
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
    if shared.blocks.is_empty() {
        shared.blocks = (0..CLASSES).map(|_| Vec::new()).collect();
    }
    shared.bytes += class_bytes(class);
    shared.blocks[class].push(block);
}

/// Gives the memory that waits to be used again back to the system: this thread's and the shared part.
///
/// Tensors recycle their memory. After a large model was dropped, a program that goes on with small ones can
/// return what it no longer needs. Numbers never depend on it.
pub fn trim() {
    let mut blocks: Vec<Block> = Vec::new();
    // A thread that is ending has handed its blocks to the shared list already.
    let _ = LOCAL.try_with(|local| blocks.extend(local.0.borrow_mut().iter_mut().flat_map(std::mem::take)));
    {
        let mut shared = shared();
        blocks.extend(shared.blocks.iter_mut().flat_map(std::mem::take));
        shared.bytes = 0;
    }
    for block in blocks {
        // SAFETY: blocks in the lists are held by nobody else, and these were just taken out.
        unsafe { block.release() };
    }
}

#[cfg(test)]
mod tests {
    use super::{give, take, trim};

    #[test]
    fn memory_is_there_again_after_a_trim() {
        let blocks: Vec<_> = (0..100).map(|_| take(100)).collect();
        // More than a thread keeps: some go to the shared list.
        blocks.into_iter().for_each(give);
        trim();
        let block = take(100);
        assert_eq!(block.bytes() as usize % 64, 0);
        give(block);
    }
}
