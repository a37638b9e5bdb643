//! Who writes checkpoints while a run goes on.

use super::snapshot::Snapshot;
use super::{Checkpoints, Folder, Lock};
use crate::TrainError;
use plywood_tensor::{Result, reserve_pool};
use std::ffi::OsString;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// Writes checkpoints, here or on a thread of its own, and keeps those that are to be kept.
#[derive(Debug)]
pub(crate) struct Saver {
    pub(crate) checkpoints: Checkpoints,
    background: Option<Background>,
    left: Left,
    /// No other program saves here meanwhile.
    _lock: Box<dyn Lock>,
}

/// Old checkpoints that could not be removed when the last one was written.
type Left = Arc<Mutex<Vec<TrainError>>>;

/// A thread that writes.
#[derive(Debug)]
struct Background {
    /// Whoever sends waits until the thread has nothing else to do; it ends when there is no sender any more.
    desk: Option<SyncSender<Work>>,
    thread: Option<JoinHandle<Result<(), TrainError>>>,
    /// Whether it was told of the memory.
    reserved: bool,
}

/// What such a thread does.
#[derive(Debug)]
enum Work {
    /// Gets memory for the copies that the step after a save makes: so many bytes for each tensor.
    Reserve(Vec<usize>),
    Write(Box<Snapshot>),
}

impl Checkpoints {
    fn folder(&self) -> Folder<'_> {
        Folder { fs: &*self.fs, path: &self.folder }
    }

    /// Writes one, and removes old ones; those that cannot be removed are in nobody's way.
    fn write(&self, snapshot: Snapshot, left: &Left) -> Result<(), TrainError> {
        let folder = self.folder();
        let (_, mut not_removed) = folder.write(snapshot)?;
        not_removed.extend(folder.prune(self.keep_last, self.keep_best.as_deref()));
        *left.lock().unwrap_or_else(PoisonError::into_inner) = not_removed;
        Ok(())
    }
}

impl Saver {
    /// Begins with a run that has taken `steps`; `skipped` are the names of damaged checkpoints that it knows of.
    pub(crate) fn start(checkpoints: Checkpoints, steps: u64, skipped: &[OsString]) -> Result<Saver> {
        let folder = checkpoints.folder();
        let lock = folder.prepare()?;
        for ((step, _), path) in folder.list()?.into_iter().filter(|((step, _), _)| *step > steps) {
            if !skipped.iter().any(|name| path.ends_with(name)) {
                return Err(TrainError::LaterCheckpoint { path, step, steps }.into());
            }
            folder.set_aside(&path)?;
        }
        let left = Left::default();
        let background =
            checkpoints.background.then(|| Background::start(checkpoints.clone(), Arc::clone(&left)));
        Ok(Saver { checkpoints, background, left, _lock: lock })
    }

    /// Has a thread of its own make ready for the first save, as soon as it is known how many bytes of each tensor a step changes.
    pub(crate) fn reserve(&mut self, changed: impl FnOnce() -> Vec<usize>) {
        if let Some(background) = self.background.as_mut().filter(|background| !background.reserved) {
            background.reserved = true;
            // A thread that is gone has its error told by the next save.
            let _ = background.send(Work::Reserve(changed()));
        }
    }

    /// Writes a checkpoint, or leaves it to the thread that does.
    pub(crate) fn save(&mut self, snapshot: Snapshot) -> Result<()> {
        match &mut self.background {
            None => Ok(self.checkpoints.write(snapshot, &self.left)?),
            Some(background) => Ok(background.save(snapshot)?),
        }
    }

    /// Old checkpoints that could not be removed when the last one was written.
    pub(crate) fn left(&self) -> Vec<TrainError> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until everything is written.
    pub(crate) fn finish(&mut self) -> Result<()> {
        self.background.as_mut().map_or(Ok(()), |background| Ok(background.close()?))
    }
}

impl Background {
    fn start(checkpoints: Checkpoints, left: Left) -> Background {
        let (desk, works) = sync_channel(0);
        let work = move |work| match work {
            Work::Write(snapshot) => checkpoints.write(*snapshot, &left),
            Work::Reserve(bytes) => {
                reserve_pool(bytes);
                Ok(())
            }
        };
        let thread = std::thread::spawn(move || works.iter().try_for_each(work));
        Background { desk: Some(desk), thread: Some(thread), reserved: false }
    }

    fn send(&self, work: Work) -> bool {
        self.desk.as_ref().is_some_and(|desk| desk.send(work).is_ok())
    }

    fn save(&mut self, snapshot: Snapshot) -> Result<(), TrainError> {
        // The thread takes nothing more after an error.
        if self.send(Work::Write(Box::new(snapshot))) { Ok(()) } else { self.close() }
    }

    /// Waits until everything is written, or says why it is not.
    fn close(&mut self) -> Result<(), TrainError> {
        self.desk = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(written)) => written,
            Some(Err(_)) => Err(TrainError::SavingPanicked),
            None => Ok(()),
        }
    }
}

/// A training that ends with an error leaves what it has saved before.
impl Drop for Background {
    fn drop(&mut self) {
        // The error that ended the training says more.
        let _ = self.close();
    }
}
