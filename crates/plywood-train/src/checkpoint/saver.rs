//! Who writes checkpoints while a run goes on.

use super::snapshot::Snapshot;
use super::{Checkpoints, Folder};
use crate::TrainError;
use plywood_tensor::Result;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Writes checkpoints, here or on a thread of its own, and keeps those that are to be kept.
#[derive(Debug)]
pub(crate) struct Saver {
    pub(crate) checkpoints: Checkpoints,
    background: Option<Background>,
}

/// A thread that writes.
#[derive(Debug)]
struct Background {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

/// Where snapshots wait for the thread: one at most, the newest.
#[derive(Debug, Default)]
struct Desk {
    state: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    snapshot: Option<Snapshot>,
    error: Option<TrainError>,
    closed: bool,
}

impl Checkpoints {
    fn folder(&self) -> Folder<'_> {
        Folder { fs: &*self.fs, path: &self.folder }
    }

    fn write(&self, snapshot: Snapshot) -> Result<(), TrainError> {
        let folder = self.folder();
        folder.write(snapshot)?;
        folder.prune(self.keep_last, self.keep_best.as_deref())
    }
}

impl Saver {
    /// Begins with a run that has taken `steps`; `skipped` are the damaged checkpoints that it knows of.
    pub(crate) fn start(checkpoints: Checkpoints, steps: u64, skipped: &[PathBuf]) -> Result<Saver> {
        let folder = checkpoints.folder();
        folder.prepare()?;
        for (step, path) in folder.list()?.into_iter().filter(|(step, _)| *step > steps) {
            if !skipped.contains(&path) {
                return Err(TrainError::LaterCheckpoint { path, step, steps }.into());
            }
            folder.set_aside(&path)?;
        }
        let background = checkpoints.background.then(|| Background::start(checkpoints.clone()));
        Ok(Saver { checkpoints, background })
    }

    /// Writes a checkpoint, or leaves it to the thread that does.
    pub(crate) fn save(&self, snapshot: Snapshot) -> Result<()> {
        match &self.background {
            None => Ok(self.checkpoints.write(snapshot)?),
            Some(background) => background.save(snapshot),
        }
    }

    /// Waits until everything is written.
    pub(crate) fn finish(mut self) -> Result<()> {
        let Some(mut background) = self.background.take() else { return Ok(()) };
        background.close();
        let error = background.desk.lock().error.take();
        error.map_or(Ok(()), |error| Err(error.into()))
    }
}

impl Background {
    fn start(checkpoints: Checkpoints) -> Background {
        let desk = Arc::new(Desk::default());
        let of_thread = Arc::clone(&desk);
        let work = move || {
            while let Some(snapshot) = of_thread.wait() {
                // A panic of a file system of the user's own shall not be lost with the thread.
                let written = catch_unwind(AssertUnwindSafe(|| checkpoints.write(snapshot)));
                let written = written.unwrap_or_else(|_| {
                    Err(TrainError::file(
                        &checkpoints.folder,
                        std::io::Error::other("the writing thread has panicked"),
                    ))
                });
                if let Err(error) = written {
                    of_thread.lock().error.get_or_insert(error);
                }
            }
        };
        Background { desk, thread: Some(std::thread::spawn(work)) }
    }

    fn save(&self, snapshot: Snapshot) -> Result<()> {
        let mut waiting = self.desk.lock();
        if let Some(error) = waiting.error.take() {
            return Err(error.into());
        }
        // The newest wins; the old one is dropped when the desk is free again.
        let old = waiting.snapshot.replace(snapshot);
        drop(waiting);
        drop(old);
        self.desk.changed.notify_one();
        Ok(())
    }

    fn close(&mut self) {
        self.desk.lock().closed = true;
        self.desk.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // It catches its panics.
            let _ = thread.join();
        }
    }
}

/// A training that ends with an error leaves what it has saved before.
impl Drop for Background {
    fn drop(&mut self) {
        self.close();
    }
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next snapshot, as soon as there is one; none when no more will come.
    fn wait(&self) -> Option<Snapshot> {
        let mut waiting = self.lock();
        loop {
            if let Some(snapshot) = waiting.snapshot.take() {
                return Some(snapshot);
            }
            if waiting.closed {
                return None;
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
