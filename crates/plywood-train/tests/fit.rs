//! Training: what it learns, how it counts, and that its numbers depend on nothing but the seed.

use crate::common::{Mlp, number, quiet, ring, trainer};
use plywood_autograd::{Param, Var};
use plywood_data::{ArrayDataset, Batch, Dataset};
use plywood_losses::{L2, Losses, MeanSquaredError};
use plywood_nn::{Context, Module, parameters};
use plywood_optim::Sgd;
use plywood_tensor::{Float, IntTensor, Result, Seed, Shape, Stream, Tensor, Threads};
use plywood_train::{Fit, Progress, Step, StepResult, Trainer, weights_hash};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What is drawn for a sample does not depend on whether others are held back.
#[test]
fn a_sample_is_augmented_alike_with_and_without_a_split() {
    let data = ring(20);
    let drawn = |fit: Fit<'_>| {
        let seen = Arc::new(Mutex::new(BTreeMap::new()));
        let note = seen.clone();
        let fit = fit.augment(move |x: Tensor, y, draw: &Stream| {
            note.lock().unwrap().insert(x.as_slice()[0].to_f64().to_bits(), draw.uniform(0).to_bits());
            Ok((x, y))
        });
        trainer().fit(&data, fit).unwrap();
        Arc::into_inner(seen).unwrap().into_inner().unwrap()
    };
    let (whole, part) = (drawn(quiet(1)), drawn(quiet(1).validation_split(0.5).workers(2)));
    assert_eq!((whole.len(), part.len()), (20, 10));
    assert!(part.iter().all(|(sample, number)| whole[sample] == *number));
}

/// Counts the threads that read it at the same time.
struct Busy {
    data: ArrayDataset,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Dataset for Busy {
    type Input = Tensor;
    type Target = IntTensor;

    fn len(&self) -> usize {
        self.data.len()
    }

    fn get(&self, index: usize) -> Result<(Tensor, IntTensor)> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(5));
        self.now.fetch_sub(1, Ordering::SeqCst);
        self.data.get(index)
    }
}

/// One batch ahead is one thread at work, also where the model is judged.
#[test]
fn validation_is_loaded_as_far_ahead_as_told() {
    let busy = Busy { data: ring(16), now: AtomicUsize::new(0), most: AtomicUsize::new(0) };
    let fit = quiet(1).batch_size(1).workers(4).prefetch(1).validation(&busy);
    trainer().fit(&ring(4), fit).unwrap();
    assert_eq!(busy.most.into_inner(), 1);
}

#[test]
fn a_toy_problem_is_learnt() {
    let (train, test) = ring(500).split(0.8, Seed(1)).unwrap();
    let mut trainer = trainer();
    let history = trainer.fit(&train, quiet(30).validation(&test)).unwrap();
    assert_eq!(history.len(), 30);
    assert!(history.last().unwrap().get("validation accuracy") > Some(0.95), "{history}");
    assert!(history.epochs()[0].training.loss() > 2.0 * history.epochs()[29].training.loss(), "{history}");
    assert_eq!(trainer.steps(), 30 * 13);
    assert_eq!(trainer.history(), &history);
    assert_eq!(history.last().unwrap().validation, Some(trainer.evaluate(&test).unwrap()));
}

#[test]
fn the_same_bits_for_every_number_of_threads() {
    let data = ring(100);
    let run = |threads: usize| {
        let run = || {
            let mut trainer = trainer();
            let history = trainer.fit(&data, quiet(3).validation_split(0.2)).unwrap();
            (weights_hash(trainer.model()), history.series("validation loss"))
        };
        Threads::new(threads).unwrap().split_always().install(run)
    };
    let one = run(1);
    for threads in [2, 3, 8] {
        assert_eq!(run(threads), one, "{threads} threads");
    }
}

#[test]
fn the_same_bits_for_every_number_of_workers() {
    let data = ring(100);
    let noise =
        |x: Tensor, y: IntTensor, draw: &Stream| Ok((x.add(&Tensor::normal(x.shape(), 0.0, 0.1, draw)?)?, y));
    let mirrored = |mut batch: Batch, draw: &Stream| {
        batch.x = if draw.uniform(0) < 0.5 { batch.x.neg() } else { batch.x };
        Ok(batch)
    };
    let run = |fit: Fit<'_>| {
        let mut trainer = trainer();
        let history = trainer.fit(&data, fit.validation_split(0.2)).unwrap();
        (weights_hash(trainer.model()), history.series("validation loss"))
    };
    let augmented = || quiet(3).augment(noise).augment_batch(mirrored);
    let (plain, expected) = (run(quiet(3)), run(augmented()));
    assert_ne!(plain, expected);
    assert_ne!(run(quiet(3).augment(noise)), expected);
    for workers in [1, 4] {
        assert_eq!(run(quiet(3).workers(workers)), plain, "{workers} workers");
        assert_eq!(run(augmented().workers(workers).prefetch(1)), expected, "{workers} workers, augmented");
    }
    // The same samples are augmented alike when the run starts in a later epoch.
    let mut whole = trainer();
    whole.fit(&data, augmented()).unwrap();
    let mut parts = trainer();
    parts.fit(&data, quiet(1).augment(noise).augment_batch(mirrored)).unwrap();
    parts.fit(&data, augmented().initial_epoch(1).workers(2)).unwrap();
    assert_eq!(weights_hash(parts.model()), weights_hash(whole.model()));
}

#[test]
fn a_panic_of_a_worker_ends_the_training_with_an_error() {
    let bad = |x: Tensor, y: IntTensor, _: &Stream| -> Result<(Tensor, IntTensor)> {
        if x.as_slice()[0] < -0.9 { panic!("too far out") } else { Ok((x, y)) }
    };
    let error = trainer().fit(&ring(100), quiet(3).augment(bad).workers(2)).unwrap_err().to_string();
    assert!(error.ends_with(": a worker of the loader panicked: too far out"), "{error}");
}

#[test]
fn the_seed_decides_all() {
    let data = ring(100);
    let run = |fit: Fit<'_>| {
        let mut trainer = trainer();
        trainer.fit(&data, fit).unwrap();
        weights_hash(trainer.model())
    };
    let hash = run(quiet(2));
    assert_eq!(hash, run(quiet(2)));
    assert_ne!(hash, run(quiet(2).seed(Seed(1))));
    assert_ne!(hash, run(quiet(2).shuffle(false)));
    assert_ne!(hash, run(quiet(2).batch_size(50)));
    assert_ne!(run(quiet(2).batch_size(50)), run(quiet(2).batch_size(30).drop_last(true)));
}

/// Answers with its inputs; the parameter makes it trainable, and does nothing.
#[derive(Debug, Clone)]
struct Echo {
    idle: Param,
}
parameters!(Echo { idle });

impl Module for Echo {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        x.add(&cx.parameter(&self.idle).mul_scalar(0.0))
    }
    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        Ok(*input)
    }
}

fn echo() -> Echo {
    Echo { idle: Param::new(Tensor::from([0.0])) }
}

/// The prediction itself, as a loss.
fn itself(prediction: &Var, _: &Tensor) -> Result<Losses> {
    Losses::new(prediction)
}

#[test]
fn a_short_last_batch_counts_by_its_samples() {
    let x = Tensor::from([[10.0], [10.0], [9.0]]);
    let y = Tensor::zeros([3, 1]).unwrap();
    let mut trainer = Trainer::compile(echo(), Sgd::new(0.1), itself);
    let fit = Fit::epochs(1).batch_size(2).shuffle(false).progress(Progress::Silent);
    let history = trainer.fit_arrays(&x, &y, fit).unwrap();
    for loss in [history.last().unwrap().training.loss(), trainer.evaluate_arrays(&x, &y).unwrap().loss()] {
        assert!((loss - 29.0 / 3.0).abs() < 1e-6, "{loss}"); // 9.667, not 9.5
    }
}

#[test]
fn weights_of_samples_and_classes_multiply() {
    let x = Tensor::from([[1.0], [2.0], [5.0]]);
    let y = IntTensor::from([0, 1, 1]);
    let data = ArrayDataset::new(x, y).unwrap().with_weights(Tensor::from([1.0, 2.0, 0.0])).unwrap();
    let loss = |prediction: &Var, _: &IntTensor| Losses::new(prediction);
    let mut trainer = Trainer::compile(echo(), Sgd::new(0.1), loss);
    let fit = || Fit::epochs(1).progress(Progress::Silent).validation(&data);
    for (fit, training) in [(fit(), 5.0 / 3.0), (fit().class_weights([1.0, 3.0]), 13.0 / 7.0)] {
        let history = trainer.fit(&data, fit).unwrap();
        let record = history.last().unwrap();
        assert!((record.training.loss() - training).abs() < 1e-6, "{}", record.training);
        // Validation knows the weights of samples, not those of classes.
        assert!((record.get("validation loss").unwrap() - 5.0 / 3.0).abs() < 1e-6, "{record}");
    }
}

#[test]
fn penalties_are_part_of_the_loss() {
    let data = ring(64);
    let plain = trainer().evaluate(&data).unwrap();
    let mut penalised = trainer().penalty(L2(0.1).on("*.weight"));
    let squares = |p: &Param| p.value().as_slice().iter().map(|x| x.to_f64().powi(2)).sum::<f64>();
    let cost = 0.1 * (squares(&penalised.model().up.weight) + squares(&penalised.model().down.weight));
    assert!((penalised.evaluate(&data).unwrap().loss() - plain.loss() - cost).abs() < 1e-5);

    let before = squares(&penalised.model().up.weight);
    let history = penalised.fit(&data, quiet(40).batch_size(64)).unwrap();
    assert!(squares(&penalised.model().up.weight) < before, "{history}");
    let mut free = trainer();
    free.fit(&data, quiet(40).batch_size(64)).unwrap();
    assert!(squares(&free.model().up.weight) > squares(&penalised.model().up.weight));
}

#[test]
fn evaluation_is_the_loss_of_all_samples_at_once() {
    let data = ring(101);
    let trainer = trainer();
    let score = trainer.evaluate(&data).unwrap();
    let cx = Context::eval();
    let logits = trainer.model().forward(&cx, &cx.input(data.x().clone())).unwrap();
    let loss = plywood_losses::binary_cross_entropy_with_logits(&logits, data.y()).unwrap().mean();
    assert!((score.loss() - number(loss.value())).abs() < 1e-6);
    let right =
        logits.value().as_slice().iter().zip(data.y().as_slice()).filter(|&(&z, &y)| (z > 0.0) == (y == 1));
    assert!((score.get("accuracy").unwrap() - right.count() as f64 / 101.0).abs() < 1e-12);
    assert_eq!(score.samples(), 101);
    assert_eq!(score.get("recall"), None);
}

#[test]
fn predictions_come_in_the_order_of_the_samples() {
    let data = ring(70);
    let trainer = trainer();
    let of_arrays = trainer.predict(data.x()).unwrap();
    assert_eq!(*of_arrays.shape(), [70, 1]);
    assert_eq!(of_arrays, trainer.predict(&data).unwrap());
    for i in [0, 31, 32, 69] {
        let alone = trainer.predict(&data.x().rows(i, i + 1).unwrap()).unwrap();
        assert!((number(&alone) - of_arrays.as_slice()[i].to_f64()).abs() < 1e-6);
    }
}

#[test]
fn a_validation_split_is_disjoint_random_and_repeatable() {
    /// Remembers which samples were asked for.
    struct Seen(ArrayDataset, std::sync::Mutex<Vec<usize>>);
    impl Dataset for Seen {
        type Input = Tensor;
        type Target = IntTensor;
        fn len(&self) -> usize {
            self.0.len()
        }
        fn get(&self, index: usize) -> Result<(Tensor, IntTensor)> {
            self.1.lock().unwrap().push(index);
            self.0.get(index)
        }
    }
    let seen = |fit: Fit<'_>| {
        let seen = Seen(ring(50), std::sync::Mutex::default());
        trainer().fit(&seen, fit.validation_split(0.2)).unwrap();
        seen.1.into_inner().unwrap()
    };
    let order = |seed: u64| seen(quiet(1).seed(Seed(seed)));
    let first = order(0);
    assert_eq!(first, order(0));
    // Some of what is held back was looked at before the training, all of it after.
    let (looked, rest) = first.split_at(8);
    let (mut all, held) = (rest.to_vec(), &rest[40..]);
    all.sort_unstable();
    assert_eq!(all, (0..50).collect::<Vec<_>>());
    assert!(looked.iter().all(|index| held.contains(index)));
    assert_ne!(held, (40..50).collect::<Vec<_>>()); // not the last ones as they lie
    assert_ne!(held, &order(1)[48..]);

    // Weights to draw by belong to samples of the whole; what is held back does not depend on them.
    let odd: Vec<f64> = (0..50).map(|i| f64::from(i % 2)).collect();
    let drawn = seen(quiet(1).sampling_weights(odd));
    assert!(drawn[8..48].iter().all(|i| i % 2 == 1), "{drawn:?}");
    assert_eq!(drawn[48..], first[48..]);
}

#[test]
fn a_custom_step_that_does_the_same_gives_the_same_bits() {
    let data = ring(100);
    let mut ordinary = trainer();
    let history = ordinary.fit(&data, quiet(2)).unwrap();

    let by_hand = |step: &mut Step<'_, Mlp>| {
        let cx = step.context();
        let prediction = step.model.forward(&cx, &cx.input(step.batch.x.clone()))?;
        let losses = step.loss.losses(&prediction, &step.batch.y)?;
        let loss = losses.mean();
        let gradients = loss.backward()?;
        step.optimizer.step(step.model, &gradients)?;
        cx.commit(step.model)?;
        let (loss, weight) = (loss.value().item()?.to_f64(), losses.weight_total());
        Ok(StepResult { loss, weight, prediction: Some(prediction.into_value()), ..StepResult::default() })
    };
    let mut custom = trainer().custom_step(by_hand);
    let same = custom.fit(&data, quiet(2)).unwrap();
    assert_eq!(weights_hash(ordinary.model()), weights_hash(custom.model()));
    for name in ["loss", "accuracy"] {
        assert_eq!(history.series(name), same.series(name));
    }

    let mut wrapped = trainer().custom_step(|step| step.run());
    wrapped.fit(&data, quiet(2)).unwrap();
    assert_eq!(weights_hash(ordinary.model()), weights_hash(wrapped.model()));
}

/// Weights of samples and classes and penalties, which a loss by hand leaves out.
#[test]
fn the_objective_of_a_custom_step_is_that_of_the_ordinary_one() {
    let data = ring(100).with_weights(Tensor::uniform([100], 0.5, 2.0, &Seed(5).stream()).unwrap()).unwrap();
    let make = || trainer().penalty(L2(0.1).on("*.weight"));
    let fit = || quiet(2).class_weights([1.0, 3.0]);
    let mut ordinary = make();
    let history = ordinary.fit(&data, fit()).unwrap();
    let custom_step = |whole: bool| {
        move |step: &mut Step<'_, Mlp>| {
            let cx = step.context();
            let prediction = step.model.forward(&cx, &cx.input(step.batch.x.clone()))?;
            let (mut loss, weight) = step.objective(&cx, &prediction)?;
            if !whole {
                loss = step.loss.losses(&prediction, &step.batch.y)?.mean();
            }
            step.optimizer.step(step.model, &loss.backward()?)?;
            cx.commit(step.model)?;
            Ok(StepResult { loss: loss.value().item()?.to_f64(), weight, ..StepResult::default() })
        }
    };
    for whole in [true, false] {
        let mut custom = make().custom_step(custom_step(whole));
        let same = custom.fit(&data, fit()).unwrap();
        assert_eq!(weights_hash(ordinary.model()) == weights_hash(custom.model()), whole);
        assert_eq!(history.series("loss") == same.series("loss"), whole);
    }
}

#[test]
fn token_ids_enter_as_integers() {
    /// Sums the weights of the tokens of a sequence.
    #[derive(Debug, Clone)]
    struct Bag {
        weights: Param,
    }
    parameters!(Bag { weights });
    impl Module<IntTensor> for Bag {
        fn forward(&self, cx: &Context, ids: &IntTensor) -> Result<Var> {
            // One row for each sequence, with the number of times each token occurs.
            let mut counts = Tensor::zeros([ids.shape()[0], 4])?;
            for (row, ids) in ids.as_slice().chunks(ids.shape()[1]).enumerate() {
                ids.iter().for_each(|&id| counts.as_mut_slice()[row * 4 + id as usize] += 1.0);
            }
            cx.input(counts).matmul(&cx.parameter(&self.weights))
        }
        fn output_shape(&self, input: &Shape) -> Result<Shape> {
            input.with(1, 1)
        }
    }
    let x = IntTensor::from([[0, 1], [2, 3], [0, 0], [3, 1]]);
    let y = Tensor::from([[3.0], [7.0], [2.0], [6.0]]); // token i is worth i + 1
    let model = Bag { weights: Param::new(Tensor::zeros([4, 1]).unwrap()) };
    let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
    trainer.fit_arrays(&x, &y, Fit::epochs(2000).progress(Progress::Silent)).unwrap();
    let answer = number(&trainer.predict(&IntTensor::from([[2, 2]])).unwrap());
    assert!((answer - 6.0).abs() < 0.01, "{answer}");
}

#[test]
fn fitting_again_goes_on() {
    let data = ring(64);
    let mut trainer = trainer();
    trainer.fit(&data, quiet(2)).unwrap();
    let second = trainer.fit(&data, quiet(3).initial_epoch(2)).unwrap();
    assert_eq!(second.epochs()[0].epoch, 3);
    assert_eq!(trainer.history().len(), 3);
    assert_eq!(trainer.steps(), 6);
    assert!(trainer.fit(&data, quiet(3).initial_epoch(3)).unwrap().is_empty());
    assert_eq!(trainer.history().len(), 3);
    // Without that it is a run of its own, whose epochs count from 1; steps go on.
    let other = trainer.fit(&data, quiet(2)).unwrap();
    assert_eq!(trainer.history(), &other);
    assert_eq!(trainer.history().epochs().iter().map(|record| record.epoch).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(trainer.steps(), 10);
    // One that is refused leaves the history as it is.
    trainer.fit(&data, quiet(2).batch_size(0)).unwrap_err();
    assert_eq!(trainer.history(), &other);
}

#[test]
fn a_history_survives_json_even_with_nan() {
    let mut trainer = trainer();
    trainer.fit(&ring(64), quiet(2).validation_split(0.5)).unwrap();
    let text = serde_json::to_string(trainer.history()).unwrap();
    assert_eq!(&serde_json::from_str::<plywood_train::History>(&text).unwrap(), trainer.history());

    let undefined = plywood_train::Evaluation::new(0.5, [("roc auc".to_owned(), f64::NAN)], 3);
    let text = serde_json::to_string(&undefined).unwrap();
    let back: plywood_train::Evaluation = serde_json::from_str(&text).unwrap();
    assert!(back.get("roc auc").unwrap().is_nan());
}
