//! Who watches, who stops, and what is printed.

use crate::common::{Mlp, RingTrainer, folder, quiet, ring, trainer};
use plywood_data::ArrayDataset;
use plywood_losses::{Accuracy, BinaryCrossEntropyWithLogits};
use plywood_nn::Parameters;
use plywood_optim::{Adam, Optimizer, Sam, Sgd};
use plywood_tensor::{Float, Result, Seed};
use plywood_train::{
    Callback, Checkpoints, CsvLog, EarlyStopping, Fit, Flow, History, Lines, ReduceOnPlateau, Restored,
    Status, StopSignal, Trainer, on_batch_end, on_epoch_end, weights_hash,
};
use std::cell::RefCell;
use std::path::Path;

/// Writes down when it is called.
struct Log<'a>(&'static str, &'a RefCell<Vec<String>>);

impl Log<'_> {
    fn note(&self, what: &str, status: &Status<'_>) -> Result<Flow> {
        let record = if status.record.is_some() { " with record" } else { "" };
        let (Log(name, log), place) = (self, format!("{}.{}", status.epoch, status.batch));
        log.borrow_mut().push(format!("{name} {what} {place}{record}"));
        Ok(Flow::Continue)
    }
}

impl Callback for Log<'_> {
    fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.note("train begins", status)
    }
    fn on_epoch_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.note("epoch begins", status)
    }
    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.note("batch ends", status)
    }
    fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.note("epoch ends", status)
    }
    fn on_train_end(&mut self, status: &mut Status<'_>) -> Result<()> {
        self.note("train ends", status).map(drop)
    }
}

#[test]
fn callbacks_are_called_in_order() {
    let log = RefCell::default();
    trainer().fit(&ring(40), quiet(2).callback(Log("a", &log)).callback(Log("b", &log))).unwrap();
    let both = [
        "train begins 0.0",
        "epoch begins 1.0",
        "batch ends 1.1",
        "batch ends 1.2",
        "epoch ends 1.2 with record",
        "epoch begins 2.0",
        "batch ends 2.1",
        "batch ends 2.2",
        "epoch ends 2.2 with record",
        "train ends 2.2 with record",
    ];
    let expected: Vec<String> =
        both.iter().flat_map(|line| [format!("a {line}"), format!("b {line}")]).collect();
    assert_eq!(log.into_inner(), expected);
}

/// Overwrites the weights with those of its list, so that the losses of the epochs are known.
struct Script<'a>(Vec<&'a plywood_nn::StateDict>);

impl Callback for Script<'_> {
    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        status.model.load_state_dict(self.0[status.epoch - 1])?;
        Ok(Flow::Continue)
    }
}

#[test]
fn early_stopping_restores_the_best_weights() {
    let data = ring(64);
    let states: Vec<_> = (0..3)
        .map(|epochs| {
            let mut trainer = trainer();
            trainer.fit(&data, quiet(40 * epochs)).unwrap();
            (trainer.model().state_dict(), weights_hash(trainer.model()))
        })
        .collect();
    let [bad, middle, good] = [&states[0], &states[1], &states[2]];
    for (script, patience, monitor, epochs, best, restored) in [
        ([bad, middle, good, middle, good, bad], 2, "validation loss", 5, good, Some(3)),
        ([bad, middle, good, middle, good, bad], 3, "validation loss", 6, good, Some(3)),
        ([good, bad, middle, bad, bad, bad], 1, "validation loss", 2, good, Some(1)),
        ([bad, good, bad, bad, bad, bad], 2, "validation accuracy", 4, good, Some(2)),
        // Under another name too more is better.
        ([bad, good, bad, bad, bad, bad], 2, "validation hits", 4, good, Some(2)),
        ([bad, bad, bad, middle, good, good], 9, "validation loss", 6, good, Some(5)),
        ([middle, bad, middle, bad, bad, bad], 2, "validation loss", 3, middle, Some(1)),
        // The last epoch is the best: nothing is taken back.
        ([bad, bad, bad, middle, middle, good], 9, "validation loss", 6, good, None),
    ] {
        let mut stopping = EarlyStopping::new(monitor).patience(patience);
        let script = Script(script.iter().map(|state| &state.0).collect());
        let mut trainer = trainer().metric_as("hits", Accuracy.threshold(0.0));
        let mut said = Vec::new();
        let fit = quiet(6)
            .validation(&data)
            .callback(script)
            .callback(Lines::to(&mut said))
            .callback(&mut stopping);
        let history = trainer.fit(&data, fit).unwrap();
        assert_eq!(history.len(), epochs, "{monitor} {patience}");
        // Which weights those are is said, and kept.
        assert_eq!(trainer.history(), &history);
        assert_eq!(history.restored().map(|restored| restored.epoch), restored, "{monitor} {patience}");
        let (said, table) = (String::from_utf8(said).unwrap(), history.to_string());
        let last = said.lines().last().unwrap();
        let stopped = said.contains(&format!("stopped in epoch {epochs} of 6 by EarlyStopping"));
        assert_eq!(stopped, epochs < 6, "{said}");
        match history.restored() {
            Some(Restored { epoch, monitor, value }) => {
                assert_eq!(Some(*value), history.epochs()[epoch - 1].get(monitor));
                assert_eq!(last, format!("restored the weights of epoch {epoch}: {monitor} {value:.4}"));
                assert_eq!(table.lines().last().unwrap(), last);
            }
            None => assert!(last.starts_with("epoch 6/6") && !table.contains("restored"), "{last}"),
        }
        assert_eq!(weights_hash(trainer.model()), best.1);
        assert!(stopping.best_epoch().is_some());
    }

    let script = Script(vec![&good.0, &bad.0, &bad.0]);
    let stopping = EarlyStopping::new("validation loss").restore_best(false);
    let mut trainer = trainer();
    trainer.fit(&data, quiet(3).validation(&data).callback(script).callback(stopping)).unwrap();
    assert_eq!(weights_hash(trainer.model()), bad.1);
}

#[test]
fn a_small_gain_does_not_count() {
    let data = ring(64);
    let stopping = || EarlyStopping::new("loss").patience(2).min_delta(1e9);
    assert_eq!(trainer().fit(&data, quiet(20).callback(stopping())).unwrap().len(), 3);
    let error = trainer().fit(&data, quiet(2).callback(EarlyStopping::new("val_loss"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"early stopping: expected one of "loss", "accuracy", "learning rate", got "val_loss"; there is no validation data: give some by `Fit::validation` or `validation_split`"#
    );
}

const NO_VALIDATION: &str =
    "; there is no validation data: give some by `Fit::validation` or `validation_split`";

/// Who watches a quantity that no epoch will have says so before the first step, and nothing is written.
#[test]
fn quantities_that_there_are_not_are_named_at_once() {
    type Watch = for<'a> fn(Fit<'a>, &str, &Path) -> Fit<'a>;
    let watchers: [(&str, Watch); 3] = [
        ("early stopping", |fit, name, _| fit.callback(EarlyStopping::new(name))),
        ("reduce on plateau", |fit, name, _| fit.callback(ReduceOnPlateau::new(name))),
        ("checkpoints", |fit, name, folder| fit.checkpoints(Checkpoints::new(folder).keep_best(name))),
    ];
    let data = ring(64);
    for (owner, watch) in watchers {
        let folder = crate::common::folder("callbacks-monitor").join(owner);
        for (name, validated, fits) in [
            ("loss", false, true),
            ("accuracy", false, true),
            ("learning rate", false, true),
            ("validation loss", false, false),
            ("validation loss", true, true),
            ("validation accuracy", true, true),
            ("validation learning rate", true, false),
            ("val_loss", true, false),
            ("f1", false, false),
            ("", true, false),
        ] {
            let fit = if validated { quiet(1).validation(&data) } else { quiet(1) };
            let mut trainer = trainer();
            let outcome = trainer.fit(&data, watch(fit, name, &folder));
            if fits {
                outcome.unwrap();
                let _ = std::fs::remove_dir_all(&folder);
                continue;
            }
            let validation = if validated { r#""validation loss", "validation accuracy", "# } else { "" };
            let known = format!(r#""loss", "accuracy", {validation}"learning rate""#);
            let error = outcome.unwrap_err().to_string();
            let advice = match (name, validated) {
                ("val_loss", true) => "; did you mean \"validation loss\"?",
                ("validation loss", false) => NO_VALIDATION,
                _ => "",
            };
            assert_eq!(error, format!("{owner}: expected one of {known}, got {name:?}{advice}"));
            assert_eq!((trainer.steps(), trainer.history().len()), (0, 0), "{owner}: {name}");
            assert!(!folder.exists(), "{owner}: {name}");
        }
    }
}

/// Gives a signal after so many steps.
struct After(u64, StopSignal);

impl Callback for After {
    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        if status.step == self.0 {
            self.1.stop();
        }
        Ok(Flow::Continue)
    }
}

#[test]
fn a_stop_keeps_what_was_learnt() {
    let data = ring(96);
    let signal = StopSignal::new();
    let mut stopped = trainer();
    let fit = quiet(10).stop_signal(&signal).callback(After(7, signal.clone()));
    let history = stopped.fit(&data, fit).unwrap();
    assert_eq!((history.len(), stopped.steps()), (2, 7)); // the third epoch was not completed
    assert_ne!(weights_hash(stopped.model()), weights_hash(trainer().model()));

    // Nothing is taken back then, even if an epoch before was better.
    signal.reset();
    let (mut watched, mut stopping) = (trainer(), EarlyStopping::new("loss").patience(9).min_delta(1e9));
    let fit = quiet(10).stop_signal(&signal).callback(After(7, signal.clone())).callback(&mut stopping);
    watched.fit(&data, fit).unwrap();
    assert_eq!(weights_hash(watched.model()), weights_hash(stopped.model()));
    assert_eq!(stopping.best_epoch(), Some(1));

    // A callback that says stop at the end of an epoch ends training there.
    struct Enough;
    impl Callback for Enough {
        fn on_epoch_end(&mut self, _: &mut Status<'_>) -> Result<Flow> {
            Ok(Flow::Stop)
        }
    }
    assert_eq!(trainer().fit(&data, quiet(10).callback(Enough)).unwrap().len(), 1);

    // The first one is named, by its type unless it says otherwise.
    let closure = || on_epoch_end(|_| Flow::Stop);
    let rows: [(&str, Fit<'_>); 4] = [
        ("Enough", quiet(3).callback(Enough)),
        ("a closure", quiet(3).callback(closure())),
        ("Enough", quiet(3).callback(Enough).callback(closure())),
        ("a closure", quiet(3).callback(closure()).callback(Enough)),
    ];
    for (name, fit) in rows {
        let mut said = Vec::new();
        trainer().fit(&data, fit.callback(Lines::to(&mut said))).unwrap();
        let said = String::from_utf8(said).unwrap();
        assert_eq!(said.lines().last(), Some(format!("stopped in epoch 1 of 3 by {name}").as_str()));
    }
}

#[test]
fn a_callback_sets_the_learning_rate() {
    struct Halve;
    impl Callback for Halve {
        fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
            status.optimizer.set_learning_rate(status.optimizer.learning_rate() / 2.0);
            Ok(Flow::Continue)
        }
    }
    let history = trainer().fit(&ring(32), quiet(3).callback(Halve)).unwrap();
    assert_eq!(history.series("learning rate"), [(1, 0.02), (2, 0.01), (3, 0.005)]);
}

/// With digits of measured numbers and times replaced by `#`, whose last digits differ between widths of numbers.
fn masked(text: &str) -> String {
    let line = |line: &str| {
        let mut words = Vec::new();
        let (numbers, _time) = line.split_once("  (").unwrap();
        for (i, word) in numbers.split(' ').enumerate() {
            words.push(if i > 0 && word.contains('.') { "#.####".to_owned() } else { word.to_owned() });
        }
        format!("{}  (#)\n", words.join(" "))
    };
    text.lines().map(line).collect()
}

#[test]
fn lines_look_like_this() {
    let (train, validation) = ring(60).split(0.8, Seed(1)).unwrap();
    let mut text = Vec::new();
    trainer().fit(&train, quiet(10).validation(&validation).callback(Lines::to(&mut text))).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert_eq!(text.lines().count(), 10);
    assert_eq!(
        masked(&text).lines().nth(2).unwrap(),
        "epoch  3/10  loss #.####  accuracy #.####  validation loss #.####  validation accuracy #.####  (#)"
    );
    assert!(masked(&text).ends_with(
        "epoch 10/10  loss #.####  accuracy #.####  validation loss #.####  validation accuracy #.####  (#)\n"
    ));
}

#[test]
fn nobody_reading_the_lines_is_no_reason_to_stop() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    assert_eq!(trainer().fit(&ring(32), quiet(2).callback(Lines::to(Closed))).unwrap().len(), 2);
}

/// Looks at the gradients of every third step, and keeps their norms.
struct Look<'a>(&'a RefCell<Vec<(u64, f64)>>);

impl Callback for Look<'_> {
    fn wants_gradients(&self, status: &Status<'_>) -> bool {
        (status.step + 1).is_multiple_of(3)
    }
    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        assert_eq!(status.gradients.is_some(), status.step.is_multiple_of(3));
        let Some(gradients) = status.gradients else { return Ok(Flow::Continue) };
        assert_eq!(gradients.len(), status.model.named_parameters().len());
        let squares =
            gradients.iter().flat_map(|(_, gradient)| gradient.as_slice()).map(|g| g.to_f64() * g.to_f64());
        let norm = squares.sum::<f64>().sqrt();
        assert!((norm / status.gradient_norm.unwrap() - 1.0).abs() < 1e-6);
        self.0.borrow_mut().push((status.step, norm));
        Ok(Flow::Continue)
    }
    fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        assert!(status.gradients.is_none());
        Ok(Flow::Continue)
    }
}

#[test]
fn gradients_are_seen_by_those_who_want_them_and_change_nothing() {
    let data = ring(100);
    // Of the two gradients that Sam takes, the second one moves the parameters.
    for make in [trainer as fn() -> RingTrainer, || with(Sam::new(Sgd::new(0.1))), || with(Adam::new(0.02))] {
        look(&data, make(), make());
    }
}

fn with(optimizer: impl Into<Optimizer>) -> RingTrainer {
    Trainer::compile(Mlp::new(2, 16, 1), optimizer, BinaryCrossEntropyWithLogits)
}

fn look(data: &ArrayDataset, mut seen: RingTrainer, mut unseen: RingTrainer) {
    let log = RefCell::default();
    let norms = RefCell::new(Vec::new());
    let each = on_batch_end(|status| norms.borrow_mut().extend(status.gradient_norm));
    let history = seen.fit(data, quiet(3).gradient_norms(true).callback(Look(&log)).callback(each)).unwrap();
    let plain = unseen.fit(data, quiet(3)).unwrap();
    assert_eq!(weights_hash(seen.model()), weights_hash(unseen.model()));
    assert_eq!(log.borrow().iter().map(|(step, _)| *step).collect::<Vec<_>>(), [3, 6, 9, 12]);
    assert_eq!((history.series("gradient norm").len(), plain.series("gradient norm").len()), (3, 0));
    // The trainer's own wish ends with the call.
    assert_eq!(seen.fit(data, quiet(1)).unwrap().last().unwrap().gradient_norm, None);
    let norms = norms.into_inner();
    for (epoch, of_epoch) in history.epochs().iter().zip(norms.chunks(norms.len() / 3)) {
        assert_eq!(epoch.gradient_norm, Some(of_epoch.iter().sum::<f64>() / of_epoch.len() as f64));
    }
}

/// Three batches, of which four make a step: the first epoch has no step, and no norm.
#[test]
fn an_epoch_without_a_step_has_the_columns_of_the_others() {
    let folder = folder("no-step");
    let mut trainer = with(Optimizer::new(Adam::new(0.02)).accumulate(4));
    let fit = quiet(3).gradient_norms(true).callback(CsvLog::new(folder.join("log.csv")));
    let history =
        trainer.fit(&ring(96), fit.callback(EarlyStopping::new("gradient norm").patience(9))).unwrap();
    let norms: Vec<bool> = history.series("gradient norm").iter().map(|(_, norm)| norm.is_nan()).collect();
    assert_eq!(norms, [true, false, false]);
    assert_eq!(std::fs::read_to_string(folder.join("log.csv")).unwrap().lines().count(), 4);
    // In a file of JSON too, a number that is none is another thing than one that is not there.
    let copy: History = serde_json::from_str(&serde_json::to_string(&history).unwrap()).unwrap();
    assert!(copy.epochs()[0].gradient_norm.is_some_and(f64::is_nan));
    assert_eq!(copy.epochs()[1].gradient_norm, history.epochs()[1].gradient_norm);
}
