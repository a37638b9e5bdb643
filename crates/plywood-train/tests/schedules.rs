//! Learning rates that follow a schedule, in one run and in several.

use crate::common::{Mlp, RingTrainer, quiet, ring};
use plywood_losses::{Accuracy, BinaryCrossEntropyWithLogits};
use plywood_optim::schedules::{Cosine, Custom, Exponential, OneCycle, StepDecay, Warmup};
use plywood_optim::{Adam, Optimizer, ParamGroup, Schedule};
use plywood_tensor::Result;
use plywood_train::{Callback, Fit, Flow, Lines, ReduceOnPlateau, Status, TrainError, Trainer, weights_hash};
use std::path::PathBuf;

/// An epoch of `ring(100)`.
const BATCHES: usize = 4;

/// With a group, for schedules of its own.
fn trainer() -> RingTrainer {
    let optimizer = Optimizer::new(Adam::new(0.02)).group(ParamGroup::new("up.*").learning_rate(0.05));
    Trainer::compile(Mlp::new(2, 16, 1).noisy(), optimizer, BinaryCrossEntropyWithLogits)
        .metric(Accuracy.threshold(0.0))
}

type Schedules = (&'static str, fn(Fit<'static>) -> Fit<'static>);

const SCHEDULES: [Schedules; 5] = [
    ("by epoch", |fit| fit.schedule(Cosine::new(6.0).unwrap())),
    ("in steps of epochs", |fit| fit.schedule(StepDecay::new(1.5, 0.3).unwrap())),
    ("by step", |fit| fit.schedule_by_step(OneCycle::of_steps(24).unwrap())),
    ("of a group", |fit| fit.schedule_group("up.*", Exponential::new(0.5).unwrap())),
    ("of all and of a group", |fit| {
        let warmup = Warmup::linear(0.1, 5.0, Exponential::new(0.95).unwrap()).unwrap();
        fit.schedule_by_step(warmup).schedule_group("up.*", Cosine::new(5.0).unwrap())
    }),
];

#[test]
fn two_times_three_epochs_are_six() {
    let data = ring(100);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("scheduled");
    let mut plain = trainer();
    plain.fit(&data, quiet(6)).unwrap();
    let mut hashes = vec![weights_hash(plain.model())];
    for (name, scheduled) in SCHEDULES {
        let mut whole = trainer();
        whole.fit(&data, scheduled(quiet(6))).unwrap();
        let hash = weights_hash(whole.model());
        assert!(!hashes.contains(&hash), "{name} changes nothing");
        hashes.push(hash);

        let mut parts = trainer();
        parts.fit(&data, scheduled(quiet(3))).unwrap();
        let _ = std::fs::remove_dir_all(&folder);
        parts.save_checkpoint(&folder).unwrap();
        let mut resumed = trainer();
        let _ = resumed.resume(&folder).unwrap();
        for mut trainer in [parts, resumed] {
            trainer.fit(&data, scheduled(quiet(6)).initial_epoch(3)).unwrap();
            assert_eq!(weights_hash(trainer.model()), hash, "{name}");
            let rates = |trainer: &RingTrainer| trainer.history().series("learning rate");
            assert_eq!(rates(&trainer), rates(&whole), "{name}");
        }
    }
}

/// As many steps, as if the batches were three times as large.
#[test]
fn batches_that_make_a_step_together_have_one_time() {
    let (data, schedule) = (ring(96), || Warmup::linear(0.1, 4.0, Cosine::new(8.0).unwrap()).unwrap());
    let rates = |batch_size, calls| {
        let optimizer = Optimizer::new(Adam::new(0.02)).accumulate(calls);
        let mut trainer = Trainer::compile(Mlp::new(2, 16, 1), optimizer, BinaryCrossEntropyWithLogits);
        let fit = quiet(4).batch_size(batch_size).schedule_by_step(schedule());
        let mut rates = trainer.fit(&data, fit).unwrap().series("learning rate");
        rates.push((0, trainer.steps() as f64));
        rates
    };
    let (whole, parts) = (rates(48, 1), rates(16, 3));
    assert_eq!(whole[..4], parts[..4]);
    assert_eq!((whole[4].1, parts[4].1), (8.0, 24.0));
    assert_eq!(whole[3].1, 0.02 * schedule().factor(7.0));
}

#[test]
fn the_history_tells_the_rate_of_the_last_step_of_each_epoch() {
    let data = ring(100);
    let schedule = || Warmup::linear(0.1, 1.5, Cosine::new(4.0).unwrap()).unwrap();
    let history = trainer().fit(&data, quiet(6).schedule(schedule())).unwrap();
    for (epoch, rate) in history.series("learning rate") {
        let time = (epoch - 1) as f64 + (BATCHES - 1) as f64 / BATCHES as f64;
        assert_eq!(rate, 0.02 * schedule().factor(time), "epoch {epoch}");
    }
    let by_step = || Warmup::linear(0.1, 6.0, Cosine::new(16.0).unwrap()).unwrap();
    let history = trainer().fit(&data, quiet(6).schedule_by_step(by_step())).unwrap();
    for (epoch, rate) in history.series("learning rate") {
        assert_eq!(rate, 0.02 * by_step().factor((epoch * BATCHES - 1) as f64), "epoch {epoch}");
    }
}

/// Writes down the learning rate of each step.
#[derive(Default)]
struct Rates(Vec<f64>);

impl Callback for Rates {
    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.0.push(status.optimizer.current_learning_rate());
        Ok(Flow::Continue)
    }
}

#[test]
fn every_step_has_the_rate_of_its_time() {
    let data = ring(100);
    let quarter = || Custom::new(|time| time);
    let mut rates = Rates::default();
    let mut trainer = trainer();
    trainer.fit(&data, quiet(2).schedule(quarter()).callback(&mut rates)).unwrap();
    assert_eq!(rates.0, [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75].map(|factor| 0.02 * factor));

    // Steps are counted from the beginning of the trainer, epochs from where the run goes on.
    let mut rates = Rates::default();
    trainer.fit(&data, quiet(1).schedule_by_step(quarter()).callback(&mut rates)).unwrap();
    assert_eq!(rates.0, [8.0, 9.0, 10.0, 11.0].map(|factor| 0.02 * factor));
    let mut rates = Rates::default();
    trainer.fit(&data, quiet(8).initial_epoch(7).schedule(quarter()).callback(&mut rates)).unwrap();
    assert_eq!(rates.0, [7.0, 7.25, 7.5, 7.75].map(|factor| 0.02 * factor));

    // The last of two schedules counts.
    let mut rates = Rates::default();
    let twice = quiet(1).schedule_by_step(quarter()).schedule(Custom::new(|_| 0.5)).callback(&mut rates);
    trainer.fit(&data, twice).unwrap();
    assert_eq!(rates.0, [0.01; BATCHES]);
}

#[test]
fn a_factor_ends_with_the_training() {
    let data = ring(100);
    let mut trainer = trainer();
    trainer.fit(&data, quiet(1).schedule(Custom::new(|_| 0.25))).unwrap();
    assert_eq!(trainer.optimizer().rate_factor(), 1.0);
    // One that was set by hand stays as it is.
    trainer.optimizer_mut().set_rate_factor(0.5).unwrap();
    let history = trainer.fit(&data, quiet(1)).unwrap();
    assert_eq!(history.series("learning rate"), [(1, 0.01)]);
    assert_eq!(trainer.optimizer().rate_factor(), 0.5);
}

#[test]
fn schedules_that_make_no_sense_are_refused_at_their_step() {
    let data = ring(100);
    for (got, text) in [(-1.0, "-1"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let mut trainer = trainer();
        let bad = Custom::new(move |time| if time < 1.5 { 0.5 } else { got });
        let error = trainer.fit(&data, quiet(3).schedule(bad)).unwrap_err();
        let expected = format!("schedule Custom at 1.5: expected a finite factor of at least 0, got {text}");
        assert_eq!(error.to_string(), expected);
        assert!(matches!(error.source_as(), Some(TrainError::Schedule { .. })));
        assert_eq!((trainer.steps(), trainer.optimizer().rate_factor()), (6, 1.0));
    }
    let error = trainer().fit(&data, quiet(1).schedule_group("down.*", Custom::new(|_| 1.0))).unwrap_err();
    assert_eq!(error.to_string(), r#"expected the pattern of a group, one of "up.*", got "down.*""#);
}

#[test]
fn a_plateau_multiplies_with_a_schedule() {
    let data = ring(100);
    // Nothing is ever better by so much.
    let plateau = ReduceOnPlateau::new("loss").patience(2).min_delta(1e9).factor(0.5).unwrap();
    let schedule = StepDecay::new(4.0, 0.25).unwrap();
    let mut trainer = trainer();
    let history = trainer.fit(&data, quiet(6).schedule(schedule).callback(plateau)).unwrap();
    let factors: Vec<f64> = history.series("learning rate").iter().map(|(_, rate)| rate / 0.02).collect();
    assert_eq!(factors, [1.0, 1.0, 1.0, 0.5, 0.125, 0.0625]);
    // What the plateau did lasts, and is saved.
    assert_eq!(trainer.optimizer().state_dict().learning_rate, 0.02 * 0.25);

    let error = trainer.fit(&data, quiet(1).callback(ReduceOnPlateau::new("val_loss"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"reduce on plateau: expected one of "loss", "accuracy", "learning rate", got "val_loss"; there is no validation data: give some by `Fit::validation` or `validation_split`"#
    );
}

#[test]
fn lines_tell_a_rate_that_has_moved() {
    let data = ring(100);
    let mut text = Vec::new();
    let schedule = StepDecay::new(1.0, 0.5).unwrap();
    trainer().fit(&data, quiet(3).schedule(schedule).callback(Lines::to(&mut text))).unwrap();
    let text = String::from_utf8(text).unwrap();
    let rates: Vec<Option<&str>> =
        text.lines().map(|line| Some(line.split_once("  learning rate ")?.1.split_once("  (")?.0)).collect();
    assert_eq!(rates, [None, Some("0.0100"), Some("0.0050")]);
}
