//! A run that is killed and resumed ends in the same bits.

use crate::common::{quiet, ring};
use plywood_data::{ArrayDataset, Dataset, datasets};
use plywood_losses::{Accuracy, BinaryCrossEntropyWithLogits, CrossEntropy, RocAuc};
use plywood_nn::{Parameters, Sequential, SequentialBuilder};
use plywood_optim::schedules::{Cosine, Exponential, OneCycle, Warmup};
use plywood_optim::{
    Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, Average, Lamb, Lion, Muon, NAdam, Optimizer,
    ParamGroup, RAdam, RmsProp, Rprop, Sam, Sgd,
};
use plywood_tensor::{Elem, Error, Float, Result, Seed, Stream, Tensor, Threads};
use plywood_train::checkpoint::{Disk, Fs};
use plywood_train::{
    Callback, Checkpoints, EarlyStopping, Fit, Flow, Lines, ReduceOnPlateau, Status, StopSignal, TrainError,
    Trainer, weights_hash,
};
use std::path::{Path, PathBuf};

type Net = Trainer<Sequential>;

const EPOCHS: usize = 6;

/// A folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("resume").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// With dropout, running statistics and two metrics, one of which keeps all it has seen.
fn net(optimizer: impl Into<Optimizer>) -> Net {
    let model = Sequential::input([2]).linear(16).batch_norm1d().relu().dropout(0.2).linear(1);
    Trainer::compile(model.build(Seed(7)).unwrap(), optimizer, BinaryCrossEntropyWithLogits)
        .metric(Accuracy.threshold(0.0))
        .metric(RocAuc)
}

/// Everything that can be random is.
fn fit<'a>() -> Fit<'a> {
    fit_until(EPOCHS)
}

fn fit_until<'a>(epochs: usize) -> Fit<'a> {
    let jitter = |x: Tensor, y, draw: &Stream| Ok((x.add_scalar(Elem::of(0.02 * draw.uniform(0))), y));
    quiet(epochs).batch_size(16).validation_split(0.2).seed(Seed(11)).augment(jitter)
}

/// Ends the training with an error, as if it were killed.
struct Kill(u64);

impl Callback for Kill {
    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        if status.step == self.0 { Err(Error::new("killed")) } else { Ok(Flow::Continue) }
    }
}

type Run = (&'static str, fn() -> Net, fn(Fit<'static>) -> Fit<'static>);

const RUNS: [Run; 27] = [
    ("sgd", || net(Sgd::new(0.1).momentum(0.9).nesterov()), |fit| fit),
    ("adam", || net(Adam::new(0.02)), |fit| fit),
    ("adamw", || net(AdamW::new(0.02)), |fit| fit),
    ("rmsprop", || net(RmsProp::new(0.01).momentum(0.5).centered()), |fit| fit),
    ("adagrad", || net(Adagrad::new(0.05)), |fit| fit),
    ("sam", || net(Sam::new(Sgd::new(0.1).momentum(0.9))), |fit| fit),
    ("adamax", || net(Adamax::new(0.02)), |fit| fit),
    ("nadam", || net(NAdam::new(0.02)), |fit| fit),
    ("radam", || net(RAdam::new(0.02)), |fit| fit),
    ("amsgrad", || net(Adam::new(0.02).amsgrad()), |fit| fit),
    ("adadelta", || net(Adadelta::new(1.0)), |fit| fit),
    ("rprop", || net(Rprop::new(0.01)), |fit| fit),
    ("lion", || net(Lion::new(0.003)), |fit| fit),
    ("lamb", || net(Lamb::new(0.02)), |fit| fit),
    ("adafactor", || net(Adafactor::new(0.02)), |fit| fit),
    ("muon", || net(Muon::new(0.02).others(AdamW::new(0.02))), |fit| fit),
    // A gradient may wait for others when it is killed.
    ("accumulated", || net(Optimizer::new(Adam::new(0.02)).accumulate(3)), |fit| fit),
    ("noisy", || net(Optimizer::new(Sgd::new(0.1)).gradient_noise(0.01, 0.55, Seed(3))), |fit| fit),
    ("averaged", || net(Adam::new(0.02)), |fit| fit.average(Average::exponential(0.9).warm_up().buffers())),
    (
        "averaged and stopped",
        || net(Adam::new(0.02)),
        |fit| fit.average(Average::uniform()).callback(EarlyStopping::new("validation loss").patience(4)),
    ),
    ("clipped", || net(Optimizer::new(Adam::new(0.02)).clip_global_norm(0.1)), |fit| fit),
    ("with norms", || net(Optimizer::new(Adam::new(0.02)).accumulate(3)), |fit| fit.gradient_norms(true)),
    ("by epoch", || net(Adam::new(0.02)), |fit| fit.schedule(Cosine::new(6.0).unwrap())),
    (
        "by step",
        || net(Adam::new(0.02)),
        |fit| fit.schedule_by_step(Warmup::linear(0.1, 9.0, OneCycle::of_steps(30).unwrap()).unwrap()),
    ),
    (
        "of a group",
        || net(Optimizer::new(Adam::new(0.02)).group(ParamGroup::new("0.*").learning_rate(0.05))),
        |fit| fit.schedule_group("0.*", Exponential::new(0.5).unwrap()),
    ),
    (
        "plateau",
        || net(Adam::new(0.02)),
        |fit| {
            // Nothing is better by so much: it acts every second epoch.
            fit.callback(ReduceOnPlateau::new("loss").patience(2).min_delta(9.0).factor(0.5).unwrap())
        },
    ),
    (
        "sampled",
        || net(Adam::new(0.02)),
        |fit| {
            fit.sampling_weights((0..150).map(f64::from).collect::<Vec<_>>())
                .class_weights([1.0, 3.0])
                .drop_last(true)
        },
    ),
];

/// Steps of an epoch: 120 samples in batches of 16.
const STEPS: u64 = 8;

fn data() -> ArrayDataset {
    ring(150)
}

/// Kills a run at a step, and resumes it with other threads and workers.
fn killed_and_resumed(
    make: fn() -> Net,
    with: impl Fn(Fit<'static>) -> Fit<'static> + Sync,
    folder: &Path,
    kills: &[u64],
    checkpoints: &Checkpoints,
) -> Net {
    for (&step, (threads, workers)) in kills.iter().zip([(1, 2), (3, 0), (2, 1), (1, 0)]) {
        let mut trainer = make();
        let _ = trainer.resume(folder).unwrap();
        let run = || {
            let fit = with(fit()).checkpoints(checkpoints.clone()).callback(Kill(step)).workers(workers);
            trainer.fit(&data(), fit).unwrap_err().to_string()
        };
        assert_eq!(Threads::new(threads).unwrap().split_always().install(run), "killed");
    }
    let mut trainer = make();
    let resumed = trainer.resume(folder).unwrap();
    assert!(resumed.checkpoint.is_some() && resumed.skipped.is_empty(), "{resumed}");
    trainer.fit(&data(), with(fit()).checkpoints(checkpoints.clone()).workers(1)).unwrap();
    trainer
}

/// All that two runs must have in common; of the history all but the times.
fn assert_same(got: &Net, expected: &Net, name: &str) {
    assert_eq!(weights_hash(got.model()), weights_hash(expected.model()), "{name}");
    assert_eq!(got.optimizer().state_dict(), expected.optimizer().state_dict(), "{name}");
    assert_eq!(got.steps(), expected.steps(), "{name}");
    let bits = |trainer: &Net| -> Vec<Vec<(String, u64)>> {
        let epochs = trainer.history().epochs().iter();
        epochs.map(|record| record.iter().map(|(name, x)| (name, x.to_bits())).collect()).collect()
    };
    assert_eq!(bits(got), bits(expected), "{name}");
}

#[test]
fn wherever_it_is_killed_it_ends_in_the_same_bits() {
    for (number, (name, make, with)) in RUNS.into_iter().enumerate() {
        let mut whole = make();
        whole.fit(&data(), with(fit())).unwrap();
        // Somewhere, again before the next checkpoint, at the end of an epoch, and in the last one; each run elsewhere.
        let shift = number as u64 % STEPS;
        let kills = [6 + shift, 7 + shift, 3 * STEPS, 5 * STEPS - 1];
        let folder = folder(&name.replace(' ', "_"));
        let checkpoints = Checkpoints::new(&folder).every_steps(5);
        let resumed = killed_and_resumed(make, with, &folder, &kills, &checkpoints);
        assert_same(&resumed, &whole, name);
    }
}

/// Convolutions, statistics of channels, dropped channels, mirrored pictures: on any number of threads and workers.
#[test]
fn a_network_of_images_ends_in_the_same_bits() {
    let digits = datasets::digits();
    let digits = digits.batch(&(0..200).collect::<Vec<_>>()).unwrap();
    let data = ArrayDataset::new(digits.x.reshape([200, 8, 8, 1]).unwrap(), digits.y).unwrap();
    let make = || {
        let model =
            Sequential::input([8, 8, 1]).conv2d(16, 3).batch_norm2d().relu().max_pool2d(2).dropout2d(0.2);
        let model = model.conv2d(16, 3).relu().flatten().linear(10).build(Seed(7)).unwrap();
        Trainer::compile(model, AdamW::new(0.01), CrossEntropy::default()).metric(Accuracy)
    };
    let fit = || {
        let mirrored =
            |x: Tensor, y, draw: &Stream| Ok((if draw.uniform(0) < 0.5 { x.flip(&[1])? } else { x }, y));
        quiet(3).batch_size(32).validation_split(0.2).augment(mirrored).schedule(Cosine::new(3.0).unwrap())
    };
    let mut whole = make();
    whole.fit(&data, fit()).unwrap();
    let folder = folder("images");
    let checkpoints = Checkpoints::new(&folder).every_steps(2);
    for (kill, threads, workers) in [(4, 1, 2), (9, 3, 0), (u64::MAX, 2, 1)] {
        let mut trainer = make();
        let _ = trainer.resume(&folder).unwrap();
        let run = || {
            let fit = fit().checkpoints(checkpoints.clone()).callback(Kill(kill)).workers(workers);
            trainer.fit(&data, fit).is_ok()
        };
        let ended = Threads::new(threads).unwrap().split_always().install(run);
        assert_eq!(ended, kill == u64::MAX);
        if ended {
            assert_same(&trainer, &whole, "images");
        }
    }
}

#[test]
fn a_thread_that_writes_changes_nothing() {
    let (name, make, with) = RUNS[1];
    let mut whole = make();
    whole.fit(&data(), with(fit())).unwrap();
    let folder = folder("background");
    let checkpoints = Checkpoints::new(&folder).every_steps(3).keep_last(3).in_background();
    let resumed = killed_and_resumed(make, with, &folder, &[9, 20, 33], &checkpoints);
    assert_same(&resumed, &whole, name);
    // What waited was written at the end.
    assert_eq!(names(&folder).last().unwrap(), "step-0000000048");
}

#[test]
fn early_stopping_goes_on_waiting() {
    // Nothing is better by so much: the first epoch is the best, and it stops after the fourth.
    let make = || net(Adam::new(0.02));
    let stopping = || EarlyStopping::new("validation loss").patience(3).min_delta(9.0);
    let mut whole = make();
    whole.fit(&data(), fit().callback(stopping())).unwrap();
    assert_eq!(whole.history().len(), 4);
    let folder = folder("early_stopping");
    let checkpoints = Checkpoints::new(&folder).every_steps(5);
    for kills in [&[1 + 2 * STEPS, 3 * STEPS + 6][..], &[]] {
        // The second time it was ended by it before, and takes back the weights of the first epoch again.
        let with = |fit: Fit<'static>| {
            fit.callback(EarlyStopping::new("validation loss").patience(3).min_delta(9.0))
        };
        let resumed = killed_and_resumed(make, with, &folder, kills, &checkpoints);
        assert_same(&resumed, &whole, "early stopping");
    }
}

/// A run that has ended is resumed, and has nothing left to do: no file changes, and it says so.
#[test]
fn a_finished_run_is_left_as_it_is() {
    let stopping = || EarlyStopping::new("validation loss").patience(3).min_delta(9.0);
    type With<'a> = &'a dyn Fn(Fit<'static>) -> Fit<'static>;
    let rows: [(&str, With<'_>, &str); 3] = [
        ("by itself", &|fit| fit, "nothing left to do: 6 of 6 epochs are done\n"),
        (
            "by a callback",
            &|fit| fit.callback(stopping()),
            "nothing left to do: EarlyStopping ends the run after epoch 4 of 6\nrestored the weights of epoch 1: validation loss ",
        ),
        (
            "averaged",
            &|fit| fit.average(Average::exponential(0.9)),
            "nothing left to do: 6 of 6 epochs are done\n",
        ),
    ];
    for (name, with, text) in rows {
        let folder = folder(&format!("finished {name}"));
        let with = || with(fit()).checkpoints(Checkpoints::new(&folder).keep_best("validation loss"));
        let mut whole = net(Adam::new(0.02));
        whole.fit(&data(), with()).unwrap();
        let state = || {
            let at = |name: String| {
                let manifest = folder.join(&name).join("MANIFEST.json");
                (
                    std::fs::metadata(&manifest).unwrap().modified().unwrap(),
                    std::fs::read(manifest).unwrap(),
                    name,
                )
            };
            names(&folder).into_iter().map(at).collect::<Vec<_>>()
        };
        let before = state();
        for _ in 0..2 {
            let (mut again, mut said) = (net(Adam::new(0.02)), Vec::new());
            let resumed = again.resume(&folder).unwrap();
            assert_eq!(resumed.differences, [], "{name}");
            let history = again.fit(&data(), with().callback(Lines::to(&mut said))).unwrap();
            assert!(history.is_empty(), "{name}");
            assert_eq!(history.restored(), whole.history().restored(), "{name}");
            let said = String::from_utf8(said).unwrap();
            assert!(said.starts_with(text), "{name}: {said}");
            assert!(state() == before, "{name}: {:?}", names(&folder));
            assert_same(&again, &whole, name);
        }
        // What was changed since is another run, which is saved.
        let mut changed = net(Adam::new(0.02));
        let _ = changed.resume(&folder).unwrap();
        changed.model_mut();
        changed.fit(&data(), with().callback(Stop)).unwrap();
        assert_eq!(state() == before, name != "by a callback", "{name}");
    }
}

/// Has had enough before the first batch.
struct Stop;

impl Callback for Stop {
    fn on_epoch_begin(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        Ok(Flow::Stop)
    }
}

/// Another program than the one that was killed, whose weights fit all the same.
#[test]
fn where_program_and_checkpoint_differ_is_told() {
    type Activate = fn(SequentialBuilder) -> SequentialBuilder;
    let folder = folder("differences");
    let plateau = || ReduceOnPlateau::new("loss").patience(1).min_delta(9.0).factor(0.5).unwrap();
    let fit = || fit_until(4).checkpoints(Checkpoints::new(&folder)).callback(plateau());
    net(Adam::new(0.02)).fit(&data(), fit()).unwrap();
    let other = |optimizer: Optimizer, activation: Activate| -> Net {
        let model = activation(Sequential::input([2]).linear(16).batch_norm1d()).dropout(0.2).linear(1);
        Trainer::compile(model.build(Seed(7)).unwrap(), optimizer, BinaryCrossEntropyWithLogits)
    };
    let set = |rate| {
        let mut optimizer = Optimizer::new(Adam::new(0.02));
        optimizer.set_learning_rate(rate);
        optimizer
    };
    let relu: Activate = |b| b.relu();
    let rows: [(Optimizer, Activate, &str); 7] = [
        // The plateau has lowered the rate: that is no other program.
        (Adam::new(0.02).into(), relu, ""),
        (
            Adam::new(0.1).into(),
            relu,
            "learning rate: goes on with 0.0025 of the checkpoint, not with 0.1 of the program",
        ),
        (set(0.1), relu, "learning rate: goes on with 0.0025 of the checkpoint, not with 0.1 of the program"),
        (set(0.0025), relu, ""),
        (
            Adam::new(0.02).betas(0.5, 0.999).into(),
            relu,
            "optimizer: goes on with betas: (0.5, 0.999) of the program, not with betas: (0.9, 0.999) of the checkpoint",
        ),
        (
            Adam::new(0.02).into(),
            |b| b.tanh(),
            "model: goes on with 2: Tanh of the program, not with 2: Relu of the checkpoint",
        ),
        (
            Adam::new(0.1).into(),
            |b| b.gelu(),
            "learning rate: goes on with 0.0025 of the checkpoint, not with 0.1 of the program; \
             model: goes on with 2: Gelu(Erf) of the program, not with 2: Relu of the checkpoint",
        ),
    ];
    for (optimizer, activation, expected) in rows {
        let mut trainer = other(optimizer, activation);
        let resumed = trainer.resume(&folder).unwrap();
        let told: Vec<String> = resumed.differences.iter().map(ToString::to_string).collect();
        assert_eq!(told.join("; "), expected);
        assert!(resumed.to_string().ends_with(expected), "{resumed}");
        assert_eq!(trainer.optimizer().learning_rate(), 0.0025);
        // One that is saved again before it has trained says of itself what it is.
        let elsewhere = self::folder("differences-elsewhere");
        trainer.save_checkpoint(&elsewhere).unwrap();
        let again = trainer.resume(&elsewhere).unwrap();
        assert_eq!(again.differences, [], "{expected}");
    }
}

/// What lies in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != ".lock")
        .collect();
    names.sort();
    names
}

#[test]
fn a_stop_signal_saves_the_run() {
    struct Press(StopSignal);
    impl Callback for Press {
        fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
            if status.step == 13 {
                self.0.stop();
            }
            Ok(Flow::Continue)
        }
    }
    let make = || net(Adam::new(0.02));
    let mut whole = make();
    whole.fit(&data(), fit()).unwrap();
    let folder = folder("signal");
    let mut first = make();
    let signal = StopSignal::new();
    let stopped =
        fit().checkpoints(Checkpoints::new(&folder)).stop_signal(&signal).callback(Press(signal.clone()));
    first.fit(&data(), stopped).unwrap();
    assert_eq!(names(&folder), ["step-0000000008", "step-0000000013"]);

    let mut second = make();
    let resumed = second.resume(&folder).unwrap();
    let expected =
        format!("resumed from {}: 13 steps, 1 epoch and 5 batches", folder.join("step-0000000013").display());
    assert_eq!(resumed.to_string(), expected);
    second.fit(&data(), fit().workers(4)).unwrap();
    assert_same(&second, &whole, "signal");
}

#[test]
fn a_stop_after_the_last_batch_or_before_the_first_loses_nothing() {
    /// Stops after a step, or before an epoch.
    struct Stop(u64, usize);
    impl Callback for Stop {
        fn on_epoch_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
            Ok(if status.epoch == self.1 { Flow::Stop } else { Flow::Continue })
        }
        fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
            Ok(if status.step == self.0 { Flow::Stop } else { Flow::Continue })
        }
    }
    let with = |fit: Fit<'static>| fit.schedule(Cosine::new(6.0).unwrap()).average(Average::exponential(0.9));
    let make = || net(Adam::new(0.02));
    let mut whole = make();
    whole.fit(&data(), with(fit())).unwrap();
    for (stop, name) in [(Stop(2 * STEPS, 0), "step-0000000016"), (Stop(0, 4), "step-0000000024")] {
        let folder = folder("stopped");
        let checkpoints = Checkpoints::new(&folder).every_epochs(9);
        make().fit(&data(), with(fit()).checkpoints(checkpoints.clone()).callback(stop)).unwrap();
        assert_eq!(names(&folder), [name]);
        let mut resumed = make();
        let _ = resumed.resume(&folder).unwrap();
        resumed.fit(&data(), with(fit()).checkpoints(checkpoints)).unwrap();
        assert_same(&resumed, &whole, name);
    }
}

#[test]
fn a_resume_is_not_used_up_by_a_fit_that_does_not_begin() {
    struct Refuse;
    impl Callback for Refuse {
        fn on_train_begin(&mut self, _: &mut Status<'_>) -> Result<Flow> {
            Err(Error::new("not now"))
        }
    }
    let with = |fit: Fit<'static>| fit.average(Average::exponential(0.9));
    let (folder, make) = (folder("refused_to_begin"), || net(Adam::new(0.02)));
    let mut whole = make();
    whole.fit(&data(), with(fit())).unwrap();
    let checkpoints = Checkpoints::new(&folder).every_steps(5);
    make().fit(&data(), with(fit()).checkpoints(checkpoints).callback(Kill(21))).unwrap_err();
    let mut resumed = make();
    let _ = resumed.resume(&folder).unwrap();
    assert_eq!(resumed.fit(&data(), with(fit()).callback(Refuse)).unwrap_err().to_string(), "not now");
    // What was resumed can be saved elsewhere, and is the same run there.
    let elsewhere = self::folder("elsewhere");
    assert_eq!(resumed.save_checkpoint(&elsewhere).unwrap(), elsewhere.join("step-0000000020"));
    let mut moved = make();
    let _ = moved.resume(&elsewhere).unwrap();
    for mut trainer in [resumed, moved] {
        trainer.fit(&data(), with(fit())).unwrap();
        assert_same(&trainer, &whole, "refused to begin");
    }
}

#[test]
fn a_run_that_ended_with_an_error_is_not_saved_by_hand() {
    let folder = folder("astray");
    let mut trainer = net(Adam::new(0.02));
    trainer.fit(&data(), fit().callback(Kill(13))).unwrap_err();
    let error = trainer.save_checkpoint(&folder).unwrap_err();
    assert_eq!(error.source_as(), Some(&TrainError::Astray));
    assert_eq!(
        error.to_string(),
        "the last fit has ended with an error: expected a run that stands after a step"
    );
    trainer.fit(&data(), fit()).unwrap();
    trainer.save_checkpoint(&folder).unwrap();
}

#[test]
fn one_run_saves_in_a_folder() {
    let folder = folder("busy");
    std::fs::create_dir_all(&folder).unwrap();
    let lock = Disk.lock_folder(&folder).unwrap();
    let save = || net(Adam::new(0.02)).fit(&data(), fit().checkpoints(Checkpoints::new(&folder)));
    let text = format!("{}: another run saves its checkpoints here", folder.display());
    assert_eq!(save().unwrap_err().to_string(), text);
    assert_eq!(net(Adam::new(0.02)).save_checkpoint(&folder).unwrap_err().to_string(), text);
    drop(lock);
    save().unwrap();
}

#[test]
fn the_newest_and_the_best_are_kept() {
    /// Makes the loss of later epochs large.
    struct Spoil;
    impl Callback for Spoil {
        fn on_epoch_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
            if status.epoch > 2 {
                status.optimizer.set_learning_rate(3.0);
            }
            Ok(Flow::Continue)
        }
    }
    /// The validation loss and the weights of each epoch.
    #[derive(Default)]
    struct Judged(Vec<(f64, u64)>);
    impl Callback for Judged {
        fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
            let loss = status.record.unwrap().get("validation loss").unwrap();
            self.0.push((loss, weights_hash(&*status.model)));
            Ok(Flow::Continue)
        }
    }
    let folder = folder("kept");
    let checkpoints = Checkpoints::new(&folder).keep_last(2).keep_best("validation accuracy");
    let mut trainer = net(Adam::new(0.05));
    trainer.fit(&data(), fit().checkpoints(checkpoints).callback(Spoil)).unwrap();
    let accuracy = trainer.history().series("validation accuracy");
    // The earliest of equals.
    let (best, _) =
        accuracy.iter().copied().reduce(|best, next| if next.1 > best.1 { next } else { best }).unwrap();
    let expected: Vec<String> = (1..=EPOCHS)
        .filter(|&epoch| epoch == best || epoch + 2 > EPOCHS)
        .map(|epoch| format!("step-{:010}", epoch as u64 * STEPS))
        .collect();
    assert!(best + 2 <= EPOCHS, "{accuracy:?}");
    assert_eq!(names(&folder), expected);
    for average in [false, true] {
        let folder = folder.join(format!("judged {average}"));
        let mut judged = Judged::default();
        let with = fit().checkpoints(Checkpoints::new(&folder).keep_last(1).keep_best("validation loss"));
        let with = if average { with.average(Average::exponential(0.7)) } else { with };
        let mut trainer = net(Adam::new(0.05));
        trainer.fit(&data(), with.callback(Spoil).callback(&mut judged)).unwrap();
        let best =
            judged.0.into_iter().reduce(|best, next| if next.0 < best.0 { next } else { best }).unwrap();
        trainer.load_best(&folder, "validation loss").unwrap();
        assert_eq!(weights_hash(trainer.model()), best.1, "average {average}");
    }
    let path = trainer.load_best(&folder, "validation accuracy").unwrap();
    assert_eq!(path, folder.join(&expected[0]));

    let error = trainer.load_best(&folder, "loss").unwrap_err();
    let text =
        format!("{}: expected a whole checkpoint, got none: none has measured \"loss\"", folder.display());
    assert_eq!(error.to_string(), text);
    let fit = fit().checkpoints(Checkpoints::new(folder.join("other")).keep_best("f1"));
    let error = net(Adam::new(0.02)).fit(&data(), fit).unwrap_err();
    assert!(error.to_string().starts_with("checkpoints: expected one of \"loss\", \"accuracy\""), "{error}");
}

#[test]
fn what_does_not_belong_is_refused() {
    let folder = folder("refused");
    let mut trained = net(Adam::new(0.02));
    trained.fit(&data(), fit().checkpoints(Checkpoints::new(&folder))).unwrap();

    // A new run does not tread on an old one.
    let again = |trainer: &mut Net| trainer.fit(&data(), fit().checkpoints(Checkpoints::new(&folder)));
    let mut fresh = net(Adam::new(0.02));
    let error = again(&mut fresh).unwrap_err();
    let text = format!(
        "{} is of step 40, and this run is at 0: call resume before fit, or choose another folder",
        folder.join("step-0000000040").display()
    );
    assert_eq!(error.to_string(), text);
    assert_eq!(fresh.steps(), 0);

    // Other batches.
    let _ = fresh.resume(&folder).unwrap();
    let error = fresh.fit(&data(), fit().batch_size(20).seed(Seed(12))).unwrap_err();
    assert!(matches!(error.source_as(), Some(TrainError::OtherCourse { .. })));
    let text = "the run was begun with other settings: seed: expected 11, got 12, batch size: expected 16, got 20, \
                batches: expected 8, got 6; \
                call leave_course to begin a course of its own";
    assert_eq!(error.to_string(), text);
    // Nothing is lost by it.
    assert_eq!(again(&mut fresh).unwrap().len(), 0);
    fresh.leave_course();
    assert_eq!(fresh.fit(&data(), fit().batch_size(20)).unwrap().len(), EPOCHS);

    // Another model, another rule.
    let model = Sequential::input([2]).linear(16).linear(1).build(Seed(7)).unwrap();
    let mut other = Trainer::compile(model, Adam::new(0.02), BinaryCrossEntropyWithLogits);
    let error = Trainer::<Sequential>::resume(&mut other, &folder).unwrap_err();
    assert!(
        error.to_string().contains("step-0000000048: state does not fit the model: unexpected 1.num_batches"),
        "{error}"
    );
    let mut other = net(Sgd::new(0.02));
    let before = weights_hash(other.model());
    let error = other.resume(&folder).unwrap_err().to_string();
    assert!(error.ends_with("step-0000000048: expected a state of Sgd, got one of Adam"), "{error}");
    assert_eq!((weights_hash(other.model()), other.steps()), (before, 0));
}

#[test]
fn damaged_ones_are_skipped_and_set_aside() {
    let folder = folder("damaged");
    let make = || net(Adam::new(0.02));
    let mut whole = make();
    whole.fit(&data(), fit().checkpoints(Checkpoints::new(&folder).keep_last(3))).unwrap();
    let damage = |name: &str, file: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let path = folder.join(name).join(file);
        let mut bytes = std::fs::read(&path).unwrap();
        change(&mut bytes);
        std::fs::write(path, bytes).unwrap();
    };
    damage("step-0000000048", "model.safetensors", &|bytes| bytes[300] ^= 4);
    damage("step-0000000040", "state.bin", &|bytes| bytes.truncate(99));
    let length = std::fs::metadata(folder.join("step-0000000032/state.bin")).unwrap().len();
    assert!(length > 99);

    let mut trainer = make();
    let resumed = trainer.resume(&folder).unwrap();
    assert_eq!((resumed.steps, resumed.epochs, resumed.batch), (32, 4, 0));
    let reasons: Vec<&str> = resumed.skipped.iter().map(|skipped| skipped.reason.as_str()).collect();
    let at = |name: &str| folder.join(name).display().to_string();
    assert_eq!(
        reasons[0],
        at("step-0000000048/model.safetensors") + ": the checksum differs: the file is damaged"
    );
    let start = at("step-0000000040/state.bin") + ": expected ";
    assert!(
        reasons[1].starts_with(&start)
            && reasons[1].ends_with(" bytes of content, got 99: the file is damaged")
    );
    assert!(resumed.to_string().ends_with(&format!("; skipped {}; skipped {}", reasons[0], reasons[1])));

    // The run goes on beside them.
    trainer.fit(&data(), fit().checkpoints(Checkpoints::new(&folder).keep_last(1))).unwrap();
    assert_same(&trainer, &whole, "damaged");
    let expected = ["damaged-step-0000000040", "damaged-step-0000000048", "step-0000000048"];
    assert_eq!(names(&folder), expected);

    damage("step-0000000048", "MANIFEST.json", &|bytes| bytes[20] ^= 1);
    let error = trainer.resume(&folder).unwrap_err();
    let manifest = at("step-0000000048/MANIFEST.json");
    let text = format!(
        "{}: expected a whole checkpoint, got none: {manifest}: the checksum differs: the file is damaged",
        folder.display()
    );
    assert_eq!(error.to_string(), text);
}

#[test]
fn a_checkpoint_by_hand_is_one() {
    let folder = folder("by_hand");
    let make = || net(Adam::new(0.02));
    let mut whole = make();
    whole.fit(&data(), fit()).unwrap();
    let mut first = make();
    first.fit(&data(), fit_until(3)).unwrap();
    assert_eq!(first.save_checkpoint(&folder).unwrap(), folder.join("step-0000000024"));
    let mut second = make();
    let _ = second.resume(&folder).unwrap();
    second.fit(&data(), fit()).unwrap();
    assert_same(&second, &whole, "by hand");
    // What is there already is replaced.
    second.save_checkpoint(&folder).unwrap();
    second.save_checkpoint(&folder).unwrap();
    assert_eq!(names(&folder), ["step-0000000024", "step-0000000048-1"]);
}

/// At the end the model has the best weights of its mean; a run that is saved then goes on as if it had not ended.
#[test]
fn a_run_that_is_saved_by_hand_at_its_end_goes_on() {
    let folder = folder("by_hand_at_the_end");
    let with = |epochs| {
        let stopping = EarlyStopping::new("validation loss").patience(9);
        fit_until(epochs).callback(stopping).average(Average::exponential(0.9))
    };
    let make = || net(Adam::new(0.02));
    let mut whole = make();
    whole.fit(&data(), with(EPOCHS)).unwrap();
    let mut first = make();
    first.fit(&data(), with(3)).unwrap();
    let ended = weights_hash(first.model());
    first.save_checkpoint(&folder).unwrap();
    let mut second = make();
    let _ = second.resume(&folder).unwrap();
    assert_ne!(weights_hash(second.model()), ended);
    // With no epoch left, it ends as before.
    second.fit(&data(), with(3)).unwrap();
    assert_eq!(weights_hash(second.model()), ended);
    second.save_checkpoint(&folder).unwrap();
    let mut third = make();
    let _ = third.resume(&folder).unwrap();
    third.fit(&data(), with(EPOCHS)).unwrap();
    assert_same(&third, &whole, "saved at the end");

    // What was changed by hand is what is saved.
    first.model_mut().load_state_dict(&whole.model().state_dict()).unwrap();
    first.save_checkpoint(&folder).unwrap();
    let _ = third.resume(&folder).unwrap();
    assert_eq!(weights_hash(third.model()), weights_hash(whole.model()));
}

#[test]
fn every_epoch_but_some() {
    let folder = folder("some");
    let checkpoints = Checkpoints::new(&folder).every_epochs(4).keep_last(9);
    net(Adam::new(0.02)).fit(&data(), fit().checkpoints(checkpoints)).unwrap();
    // The last one in any case.
    assert_eq!(names(&folder), ["step-0000000032", "step-0000000048"]);
}

#[cfg(unix)]
#[test]
fn files_have_the_modes_that_the_umask_gives() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("modes");
    let path = net(Adam::new(0.02)).save_checkpoint(&folder).unwrap();
    let plain = folder.join("plain");
    std::fs::write(&plain, "").unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for name in ["model.safetensors", "optimizer.safetensors", "state.bin", "MANIFEST.json"] {
        assert_eq!(mode(&path.join(name)), mode(&plain), "{name}");
    }
}
