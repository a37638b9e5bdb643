//! Who writes checkpoints while a run goes on.

use super::snapshot::Snapshot;
use super::{Checkpoints, Folder, Lock};
use crate::TrainError;
use plywood_tensor::Result;
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
    /// Whoever sends waits until the thread has nothing else to write; it ends when there is no sender any more.
    desk: Option<SyncSender<Snapshot>>,
    thread: Option<JoinHandle<Result<(), TrainError>>>,
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
        let (desk, snapshots) = sync_channel(0);
        let write_all = move || snapshots.iter().try_for_each(|snapshot| checkpoints.write(snapshot, &left));
        let thread = std::thread::spawn(write_all);
        Background { desk: Some(desk), thread: Some(thread) }
    }

    fn save(&mut self, snapshot: Snapshot) -> Result<(), TrainError> {
        let sent = self.desk.as_ref().is_some_and(|desk| desk.send(snapshot).is_ok());
        // The thread takes nothing more after an error.
        if sent { Ok(()) } else { self.close() }
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
