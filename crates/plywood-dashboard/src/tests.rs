//! The dashboard in a training, on a terminal that is made up.

use crate::Dashboard;
use crate::drawer::Surface;
use crate::keys::Raised;
use crate::state::{Phase, State};
use plywood_losses::MeanSquaredError;
use plywood_nn::Linear;
use plywood_optim::Sgd;
use plywood_tensor::{Error, Result, Seed, Tensor};
use plywood_train::{Fit, Progress, StopSignal, Trainer, on_batch_end, weights_hash};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A terminal on which someone presses keys, and what happened there.
#[derive(Debug, Clone, Default)]
struct Made(Arc<Mutex<Log>>);

#[derive(Debug, Default)]
struct Log {
    keys: Vec<KeyEvent>,
    drawn: usize,
    raised: Vec<Raised>,
    last: Option<State>,
    panics: bool,
}

impl Made {
    fn pressing(keys: &[(KeyCode, KeyModifiers)]) -> Made {
        let keys = keys.iter().rev().map(|&(code, modifiers)| KeyEvent::new(code, modifiers)).collect();
        Made(Arc::new(Mutex::new(Log { keys, ..Log::default() })))
    }

    fn dashboard(&self) -> Dashboard {
        let surface = self.clone();
        Dashboard::on(move || Some(Box::new(surface.clone())))
    }

    fn last(&self) -> State {
        self.0.lock().unwrap().last.clone().unwrap()
    }
}

impl Surface for Made {
    fn draw(&mut self, _: &State) {
        let panics = {
            let mut log = self.0.lock().unwrap();
            log.drawn += 1;
            log.panics
        };
        assert!(!panics, "a picture that cannot be drawn");
    }

    fn key(&mut self, _: Duration) -> Option<KeyEvent> {
        std::thread::sleep(Duration::from_millis(1));
        self.0.lock().unwrap().keys.pop()
    }

    fn forget(&mut self) {}

    fn raise(&mut self, signal: Raised, _: &State) {
        self.0.lock().unwrap().raised.push(signal);
    }

    fn close(&mut self, state: &State) {
        self.0.lock().unwrap().last = Some(state.clone());
    }
}

type Line = Trainer<Linear, Tensor, Tensor>;

/// A line through two points, and whatever else happens after each of 400 steps of a millisecond.
fn train(
    change: impl FnOnce(Fit<'static, Tensor, Tensor>) -> Fit<'static, Tensor, Tensor>,
    after: impl Fn(u64) -> Result<()> + 'static,
) -> (Line, Result<()>) {
    let (x, y) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[3.0], [5.0]]));
    let model = Linear::new(1, 1, &Seed(7).stream()).unwrap();
    let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
    let pause = on_batch_end(move |status| {
        std::thread::sleep(Duration::from_millis(1));
        after(status.step)
    });
    let fit = Fit::epochs(200).batch_size(1).callback(pause).progress(Progress::Silent);
    let result = trainer.fit_arrays(&x, &y, change(fit)).map(|_| ());
    (trainer, result)
}

#[test]
fn it_changes_nothing() {
    let (plain, _) = train(|fit| fit, |_| Ok(()));
    let made = Made::default();
    let dashboard = made.dashboard();
    let (watched, _) = train(move |fit| fit.callback(dashboard), |_| Ok(()));
    assert_eq!(weights_hash(watched.model()), weights_hash(plain.model()));
    let last = made.last();
    assert_eq!((last.phase, last.done, last.now.step), (Phase::Complete, 200, 400));
    assert!(made.0.lock().unwrap().drawn > 1);
    assert!(last.loss.training_curve.points().len() > 100);
}

#[test]
fn keys_do_what_they_say() {
    let none = KeyModifiers::NONE;
    let q = (KeyCode::Char('q'), none);
    let made = Made::pressing(&[(KeyCode::Char('l'), none), q]);
    let dashboard = made.dashboard();
    let (trainer, result) = train(move |fit| fit.callback(dashboard), |_| Ok(()));
    result.unwrap();
    let last = made.last();
    assert!(trainer.steps() < 400 && last.logarithmic);
    assert_eq!((last.phase, last.now.step), (Phase::StoppedByKey, trainer.steps()));

    let (made, signal) = (Made::pressing(&[q]), StopSignal::new());
    let dashboard = made.dashboard().stop_signal(&signal);
    let (trainer, result) = train(|fit| fit.callback(dashboard).stop_signal(&signal), |_| Ok(()));
    result.unwrap();
    assert!(trainer.steps() < 400 && signal.is_stopped());

    let made = Made::pressing(&[(KeyCode::Char('c'), KeyModifiers::CONTROL)]);
    let dashboard = made.dashboard();
    let (trainer, _) = train(move |fit| fit.callback(dashboard), |_| Ok(()));
    assert_eq!(made.0.lock().unwrap().raised, [Raised::Interrupt]);
    assert_eq!(trainer.steps(), 400);
}

#[test]
fn an_end_by_someone_else_is_told() {
    let made = Made::default();
    let dashboard = made.dashboard();
    let fail = |step| if step == 101 { Err(Error::new("failed")) } else { Ok(()) };
    let (_, result) = train(move |fit| fit.callback(dashboard), fail);
    result.unwrap_err();
    let last = made.last();
    // The callback that fails stands before the dashboard, which has not seen that step.
    assert_eq!((last.phase, last.now.epoch, last.now.batch, last.now.step), (Phase::Failed, 51, 0, 100));

    let (made, signal) = (Made::default(), StopSignal::new());
    let (dashboard, given) = (made.dashboard(), signal.clone());
    let give = move |step| {
        if step == 101 {
            given.stop();
        }
        Ok(())
    };
    train(|fit| fit.callback(dashboard).stop_signal(&signal), give).1.unwrap();
    let last = made.last();
    assert_eq!((last.phase, last.done, last.now.step), (Phase::Interrupted, 50, 101));
}

#[test]
fn a_picture_that_fails_does_not_end_the_training() {
    let made = Made::default();
    made.0.lock().unwrap().panics = true;
    let dashboard = made.dashboard();
    let (trainer, result) = train(move |fit| fit.callback(dashboard), |_| Ok(()));
    result.unwrap();
    assert_eq!(trainer.steps(), 400);
}
