//! What the training tells whoever draws, and what it hears from there.

use crate::drawer::{self, Surface};
use crate::moment::Moment;
use crate::shared::Shared;
use crate::state::{Phase, State};
use plywood_train::{Flow, Pace, Status, StopSignal};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The training tells where it stands at most so often.
const EVERY: Duration = Duration::from_millis(100);
/// That takes at most this share of the time: some metrics look at all that they have seen when they are asked.
const SHARE: u32 = 20;

/// The side of the training.
#[derive(Debug)]
pub(crate) struct Live {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    pace: Pace,
    /// When it is told next where the training stands.
    due: Instant,
    /// Epoch, batch and step of the last batch.
    place: (usize, usize, u64),
    /// The sum of the losses of the batches since then, and their number.
    losses: (f64, u32),
}

impl Live {
    pub(crate) fn start(surface: Box<dyn Surface>, signal: Option<StopSignal>, status: &Status<'_>) -> Live {
        let mut pace = Pace::new();
        pace.begin(status);
        let state = State::new(Moment::of(status, &pace, None));
        let shared = Arc::new(Shared::new(state, signal));
        let drawing = Arc::clone(&shared);
        let draw = move || drawer::run(surface, &drawing);
        // Without a thread nothing is drawn; that is no reason not to train.
        let thread = std::thread::Builder::new().name("plywood-dashboard".to_owned()).spawn(draw).ok();
        let place = (status.epoch, status.batch, status.step);
        Live { shared, thread, pace, due: Instant::now(), place, losses: (0.0, 0) }
    }

    pub(crate) fn begin_epoch(&mut self, status: &Status<'_>) -> Flow {
        self.pace.begin(status);
        self.place = (status.epoch, status.batch, status.step);
        self.flow()
    }

    pub(crate) fn end_batch(&mut self, status: &Status<'_>) -> Flow {
        self.losses = (self.losses.0 + status.batch_loss, self.losses.1 + 1);
        self.place = (status.epoch, status.batch, status.step);
        let now = Instant::now();
        if now >= self.due {
            self.tell(status);
            self.due = now + EVERY.max(now.elapsed() * SHARE);
        } else if status.batch == status.batches {
            // The validation that follows may take long.
            self.shared.state().move_to(self.place);
        }
        self.flow()
    }

    pub(crate) fn end_epoch(&mut self, status: &Status<'_>) -> Flow {
        self.pace.end(status);
        if let Some(record) = status.record {
            let left = self.pace.left(status);
            // A few batches alone would be a jump in the curve: they wait for others.
            let recent = if self.has_half_of(status) { self.recent_loss() } else { None };
            self.shared.state().end_epoch(record, left, recent);
        }
        self.flow()
    }

    /// How many epochs are done, in earlier parts of a resumed run too.
    pub(crate) fn epochs_done(&self) -> usize {
        self.shared.state().done
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.shared.is_stopped()
    }

    /// At the end of the training.
    pub(crate) fn finish(mut self, status: &Status<'_>, phase: Phase) {
        if !self.has_half_of(status) {
            self.losses = (0.0, 0);
        }
        self.tell(status);
        self.shared.state().phase = phase;
    }

    fn tell(&mut self, status: &Status<'_>) {
        let recent = self.recent_loss();
        let moment = Moment::of(status, &self.pace, recent);
        self.shared.state().tell(moment);
    }

    /// Whether half of the batches of this epoch were not told of yet.
    fn has_half_of(&self, status: &Status<'_>) -> bool {
        2 * self.losses.1 as usize >= status.batch
    }

    /// The mean of the batches since this was last asked for.
    fn recent_loss(&mut self) -> Option<f64> {
        let (sum, count) = std::mem::take(&mut self.losses);
        (count > 0).then(|| sum / f64::from(count))
    }

    fn flow(&self) -> Flow {
        // A signal stops by itself, and in another way.
        let stop = !self.shared.has_signal() && self.is_stopped();
        if stop { Flow::Stop } else { Flow::Continue }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        // After an error it is worth knowing where it was.
        self.shared.state().move_to(self.place);
        self.shared.end();
        // Whoever draws may have failed: that has been said already, and the training is more than its picture.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
