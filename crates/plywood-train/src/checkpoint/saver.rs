//! Who writes checkpoints while a run goes on.

use super::snapshot::Snapshot;
use super::{Checkpoints, Folder, Lock};
use crate::TrainError;
use plywood_tensor::Result;
use std::ffi::OsString;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Writes checkpoints, here or on a thread of its own, and keeps those that are to be kept.
#[derive(Debug)]
pub(crate) struct Saver {
    pub(crate) checkpoints: Checkpoints,
    background: Option<Background>,
    /// No other program saves here meanwhile.
    _lock: Box<dyn Lock>,
}

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

    fn write(&self, snapshot: Snapshot) -> Result<(), TrainError> {
        let folder = self.folder();
        folder.write(snapshot)?;
        folder.prune(self.keep_last, self.keep_best.as_deref())
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
        let background = checkpoints.background.then(|| Background::start(checkpoints.clone()));
        Ok(Saver { checkpoints, background, _lock: lock })
    }

    /// Writes a checkpoint, or leaves it to the thread that does.
    pub(crate) fn save(&mut self, snapshot: Snapshot) -> Result<()> {
        match &mut self.background {
            None => Ok(self.checkpoints.write(snapshot)?),
            Some(background) => Ok(background.save(snapshot)?),
        }
    }

    /// Waits until everything is written.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.background.as_mut().map_or(Ok(()), |background| Ok(background.close()?))
    }
}

impl Background {
    fn start(checkpoints: Checkpoints) -> Background {
        let (desk, snapshots) = sync_channel(0);
        let thread =
            std::thread::spawn(move || snapshots.iter().try_for_each(|snapshot| checkpoints.write(snapshot)));
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
