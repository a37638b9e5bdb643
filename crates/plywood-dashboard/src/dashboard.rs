//! The callback.

use crate::drawer::Surface;
use crate::live::Live;
use crate::screen::Screen;
use crate::state::Phase;
use plywood_tensor::Result;
use plywood_train::{Callback, Flow, Status, StopSignal};
use std::fmt;

/// Shows a training on the lower part of the terminal: curves, progress, speed, and the numbers beside their best.
///
/// ```text
/// epoch  4/12 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╸                           57/141
/// run         ━━━━━━━━━━━━━━━━╸                              12.1 s, 31 s left
/// loss  ─ 0.2310  • 0.2518            accuracy  ─ 0.9298  • 0.9123
/// 0.69│⡆                              0.95│                        ⢀⣀⣀⠤⠤•
///     │⢣                                  │            ⣀⣀⠤⠔⠒⠒⠊•⠉⠉⠁
///     │ ⠣⡀•                               │   ⢀⡠⠔⠊•⠉⠉
///     │  ⠈⠢⢄⣀•                            │ ⡠⠊
/// 0.22│      ⠉⠒⠢⠤⠤⠤•⠤⠤⠤⠤             0.55│⡜
///     └─────────────────────              └──────────────────────────
///     0                  3.4              0                        3.4
///            training  validation    best
/// loss         0.2310      0.2518  0.2518  epoch 3
/// accuracy     0.9298      0.9123  0.9123  epoch 3
/// 8.12k samples/s · step 480 · 61 MB                q stop · tab metric · l log
/// ```
///
/// | key | does |
/// |---|---|
/// | `q` | ends the training after the batch, as a callback does that stops; or gives the signal of [`Dashboard::stop_signal`] |
/// | tab, arrows | another metric, or the learning rate, in the second picture |
/// | `l` | logarithmic pictures, and back |
/// | Ctrl-L | draws anew what something else has overwritten |
/// | Ctrl-C, Ctrl-\, Ctrl-Z | what they do without a dashboard |
///
/// What the program prints while it trains appears above, as it would without a dashboard, and stays there; the last picture is
/// left below it when the training ends. By default no lines are printed for epochs then; [`Progress::Lines`] prints them.
///
/// Nothing is drawn where standard output is no terminal that a user looks at: not into a file or a pipe, not by a job in the
/// background, not by a second dashboard beside the first. Progress is shown there as if there were no dashboard, and the training
/// goes on. Keys go to the dashboard, not to a program that reads its standard input meanwhile.
///
/// The terminal is as it was before when the training ends, fails or panics; after a panic that the program catches, nothing is
/// drawn any more. A program that is killed by a signal from elsewhere has no time for that; the command `reset` helps then.
///
/// [`Progress::Lines`]: plywood_train::Progress::Lines
///
/// # Example
/// ```
/// use plywood_dashboard::Dashboard;
/// use plywood_losses::MeanSquaredError;
/// use plywood_nn::Linear;
/// use plywood_optim::Sgd;
/// use plywood_tensor::{Seed, Tensor};
/// use plywood_train::{Fit, StopSignal, Trainer};
///
/// let (x, y) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[3.0], [5.0]]));
/// let model = Linear::new(1, 1, &Seed(7).stream())?;
/// let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
/// let signal = StopSignal::new(); // or StopSignal::on_ctrl_c()
/// let dashboard = Dashboard::new().stop_signal(&signal);
/// trainer.fit_arrays(&x, &y, Fit::epochs(5).callback(dashboard).stop_signal(&signal))?;
/// assert_eq!(trainer.steps(), 5);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// burn: `TuiMetricsRenderer`, which takes the whole screen. Keras and Lightning have a bar in the terminal, and curves elsewhere.
#[doc(alias = "tui")]
pub struct Dashboard {
    /// What it is drawn on, asked for when a training begins.
    open: Box<Open>,
    signal: Option<StopSignal>,
    live: Option<Live>,
}

type Open = dyn Fn() -> Option<Box<dyn Surface>>;

impl Dashboard {
    /// On standard output, if that is a terminal.
    pub fn new() -> Dashboard {
        Dashboard::on(|| Screen::open().map(|screen| Box::new(screen) as Box<dyn Surface>))
    }

    /// On anything.
    pub(crate) fn on(open: impl Fn() -> Option<Box<dyn Surface>> + 'static) -> Dashboard {
        Dashboard { open: Box::new(open), signal: None, live: None }
    }

    /// The key `q` gives this signal, which [`Fit::stop_signal`](plywood_train::Fit::stop_signal) gets too.
    ///
    /// Then it does what Ctrl-C does in a program that asked for that: the weights stay as they are, also where
    /// [`EarlyStopping`](plywood_train::EarlyStopping) would have taken something back.
    #[must_use]
    pub fn stop_signal(self, signal: &StopSignal) -> Dashboard {
        Dashboard { signal: Some(signal.clone()), ..self }
    }
}

impl Default for Dashboard {
    fn default() -> Dashboard {
        Dashboard::new()
    }
}

impl Callback for Dashboard {
    fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        // One that failed before may still be there.
        self.live = None;
        self.live = (self.open)().map(|surface| Live::start(surface, self.signal.clone(), status));
        Ok(Flow::Continue)
    }

    fn on_epoch_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        Ok(self.live.as_mut().map_or(Flow::Continue, |live| live.begin_epoch(status)))
    }

    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        Ok(self.live.as_mut().map_or(Flow::Continue, |live| live.end_batch(status)))
    }

    fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        Ok(self.live.as_mut().map_or(Flow::Continue, |live| live.end_epoch(status)))
    }

    fn on_train_end(&mut self, status: &mut Status<'_>) -> Result<()> {
        if let Some(live) = self.live.take() {
            let phase = match status {
                _ if live.is_stopped() => Phase::StoppedByKey,
                Status { interrupted: true, .. } => Phase::Interrupted,
                _ if live.epochs_done() < status.epochs => Phase::Stopped,
                _ => Phase::Complete,
            };
            live.finish(status, phase);
        }
        Ok(())
    }

    fn shows_progress(&self) -> bool {
        Screen::is_possible()
    }
}

impl fmt::Debug for Dashboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dashboard").field("live", &self.live.is_some()).finish_non_exhaustive()
    }
}
