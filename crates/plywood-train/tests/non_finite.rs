//! Numbers that are not finite and gradients that are missing: named, skipped, or ignored.

use crate::common::Mlp;
use plywood_autograd::Var;
use plywood_data::ArrayDataset;
use plywood_losses::{Loss, Losses, MeanSquaredError};
use plywood_nn::{Context, Linear, Module, Parameters, Sequential, parameters};
use plywood_optim::schedules::Exponential;
use plywood_optim::{Adam, NonFinite, Optimizer, Sgd};
use plywood_tensor::{Elem, Error, Float, Result, Seed, Shape, Tensor};
use plywood_train::{
    Callback, Checkpoints, Fit, Flow, Lines, Progress, Status, StepResult, TrainError, Trainer, on_batch_end,
    weights_hash,
};

type Values = ArrayDataset<Tensor, Tensor>;

fn fit<'a>(epochs: usize) -> Fit<'a, Tensor, Tensor> {
    Fit::epochs(epochs).batch_size(2).shuffle(false).progress(Progress::Silent)
}

/// Eight samples, one of them spoilt.
fn spoilt(bad: usize) -> Values {
    let mut x = Tensor::normal([8, 2], 0.0, 1.0, &Seed(3).stream()).unwrap();
    x.as_mut_slice()[2 * bad] = Elem::NAN;
    ArrayDataset::new(x, Tensor::normal([8, 1], 0.0, 1.0, &Seed(4).stream()).unwrap()).unwrap()
}

/// Running statistics, random numbers by step, and a rule that counts.
fn counting(policy: NonFinite) -> Trainer<Sequential, Tensor, Tensor> {
    let model = Sequential::input([2]).linear(6).batch_norm1d().relu().dropout(0.25).linear(1);
    let optimizer = Optimizer::new(Adam::new(0.05)).non_finite(policy);
    Trainer::compile(model.build(Seed(7)).unwrap(), optimizer, MeanSquaredError)
}

// -------------------------------------------------------------------------------------------------- missing gradients

/// One layer that is used, one that is not, and one whose result is detached.
#[derive(Debug)]
struct Forgetful {
    used: Linear,
    unused: Linear,
    detached: Linear,
}
parameters!(Forgetful { used, unused, detached });

impl Module for Forgetful {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        self.used.forward(cx, x)?.add(&self.detached.forward(cx, x)?.detach())
    }
    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        self.used.output_shape(input)
    }
}

#[test]
fn every_parameter_without_a_gradient_is_named_at_once() {
    let layer = |branch| Linear::new(2, 1, &Seed(7).stream().at(branch)).unwrap();
    let model = || Forgetful { used: layer(0), unused: layer(1), detached: layer(2) };
    let (x, y) = (Tensor::ones([4, 2]).unwrap(), Tensor::ones([4, 1]).unwrap());
    let advice = "freeze what shall not be trained; otherwise look for a layer that forward leaves out, \
                  or whose result it detaches";
    let rows: [(&str, Box<dyn Loss<Tensor>>, &str); 3] = [
        ("none", Box::new(MeanSquaredError), "unused.weight, unused.bias, detached.weight, detached.bias"),
        ("unused*", Box::new(MeanSquaredError), "detached.weight, detached.bias"),
        // A loss that depends on nothing.
        (
            "unused*",
            Box::new(|y: &Var, _: &Tensor| Losses::new(&y.detach())),
            "used.weight, used.bias, detached.weight, detached.bias",
        ),
    ];
    for (frozen, loss, lost) in rows {
        let mut model = model();
        if frozen != "none" {
            model.freeze(frozen).unwrap();
        }
        let loss = move |y: &Var, t: &Tensor| loss.losses(y, t);
        let mut trainer = Trainer::compile(model, Sgd::new(0.1), loss);
        let before = weights_hash(trainer.model());
        let error = trainer.fit_arrays(&x, &y, fit(1)).unwrap_err();
        assert_eq!(error.to_string(), format!("no gradient for {lost}: {advice}"));
        let parameters = lost.split(", ").map(str::to_owned).collect();
        assert_eq!(error.source_as(), Some(&TrainError::NoGradient { parameters }));
        assert_eq!((weights_hash(trainer.model()), trainer.steps()), (before, 0));
    }
    let mut model = model();
    model.freeze("unused*").unwrap();
    model.freeze("detached*").unwrap();
    Trainer::compile(model, Sgd::new(0.1), MeanSquaredError).fit_arrays(&x, &y, fit(1)).unwrap();
}

// ------------------------------------------------------------------------------------------------------------ skipping

/// All that a run leaves behind, and the learning rate of each step.
type Trace = (u64, u64, u64, Vec<(usize, f64)>, Vec<u64>);

/// Notes the learning rate of each step.
#[derive(Default)]
struct Rates(Vec<u64>);

impl Callback for Rates {
    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.0.push(status.optimizer.current_learning_rate().to_bits());
        Ok(Flow::Continue)
    }
}

fn trace(
    mut trainer: Trainer<Sequential, Tensor, Tensor>,
    data: &Values,
    fit: Fit<'_, Tensor, Tensor>,
) -> Trace {
    let mut rates = Rates::default();
    let fit = fit.schedule_by_step(Exponential::new(0.8).unwrap()).callback(&mut rates);
    let history = trainer.fit(data, fit).unwrap();
    let weights = weights_hash(trainer.model());
    (weights, trainer.steps(), trainer.optimizer().steps(), history.series("loss"), rates.0)
}

/// PyTorch's GradScaler skips the optimizer's step, and the schedule goes on (pytorch#67590).
#[test]
fn a_skipped_step_leaves_no_trace() {
    for bad in [0, 5, 7] {
        let data = spoilt(bad);
        let others: Vec<usize> = (0..8).filter(|i| i / 2 != bad / 2).collect();
        let without = data.select(&others).unwrap();
        let expected = trace(counting(NonFinite::Error), &without, fit(3));
        assert_eq!((expected.1, expected.2, expected.4.len()), (9, 9, 9));
        let skipping = fit(3).non_finite(NonFinite::Skip);
        assert_eq!(trace(counting(NonFinite::Error), &data, skipping), expected, "told to fit");
        assert_eq!(trace(counting(NonFinite::Skip), &data, fit(3)), expected, "told to the optimizer");
        // What fit is told counts.
        let error = counting(NonFinite::Skip).fit(&data, fit(1).non_finite(NonFinite::Error)).unwrap_err();
        let batch = bad / 2 + 1;
        let text = format!(
            "epoch 1, batch {batch}: the loss is NaN; sample {bad} of the data set has an input that is not finite"
        );
        assert_eq!(error.to_string(), text);
    }
}

/// Finite, with a slope that is infinite where the target is 0.
fn steep(prediction: &Var, target: &Tensor) -> Result<Losses> {
    Losses::new(&prediction.square().mul(&target.clone().into())?.sqrt())
}

#[test]
fn a_gradient_that_is_not_finite_is_skipped_too() {
    let x = Tensor::ones([4, 2]).unwrap();
    let y = Tensor::from([[1.0], [1.0], [0.0], [1.0]]);
    let run = |policy| {
        let mut trainer = Trainer::compile(Mlp::new(2, 3, 1), Sgd::new(0.01), steep);
        let history = trainer.fit_arrays(&x, &y, fit(2).non_finite(policy));
        (history, trainer)
    };
    let (history, trainer) = run(NonFinite::Skip);
    let history = history.unwrap();
    assert_eq!(history.epochs().iter().map(|epoch| epoch.skipped).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(history.epochs()[0].training.samples(), 2);
    assert_eq!((trainer.steps(), trainer.optimizer().steps()), (2, 2));
    // The policy was that of one training.
    assert_eq!(trainer.optimizer().non_finite_policy(), NonFinite::Error);

    let error = run(NonFinite::Error).0.unwrap_err().to_string();
    assert_eq!(
        error,
        "epoch 1, batch 2: the gradient of up.weight is not finite; first non-finite gradient: that of sqrt behind down; \
         if the loss grew before, try a smaller learning rate or Optimizer::clip_global_norm"
    );

    // Whoever wants it so goes on with a model of NaN.
    let (history, trainer) = run(NonFinite::Ignore);
    assert!(history.unwrap().last().unwrap().training.loss().is_nan());
    assert!(!trainer.model().up.weight.value().is_finite());
    assert_eq!(trainer.steps(), 4);
}

/// Wherever it was killed: before the skipped batch, behind it, and in the first batch of all.
#[test]
fn a_run_with_skipped_steps_is_resumed_to_the_same_bits() {
    let data = spoilt(3);
    let run = |trainer: &mut Trainer<Sequential, Tensor, Tensor>, fit: Fit<'_, Tensor, Tensor>| {
        let schedule = Exponential::new(0.8).unwrap();
        trainer.fit(&data, fit.non_finite(NonFinite::Skip).schedule_by_step(schedule)).map(drop)
    };
    let outcome = |trainer: &Trainer<Sequential, Tensor, Tensor>| {
        let records = trainer.history().epochs().iter();
        let epochs: Vec<(u64, usize)> =
            records.map(|record| (record.training.loss().to_bits(), record.skipped)).collect();
        (weights_hash(trainer.model()), trainer.steps(), epochs)
    };
    let mut whole = counting(NonFinite::Error);
    run(&mut whole, fit(3)).unwrap();
    assert_eq!(outcome(&whole).2.iter().map(|epoch| epoch.1).collect::<Vec<_>>(), [1, 1, 1]);
    for kill in 1..9 {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("skipped-{kill}"));
        let _ = std::fs::remove_dir_all(&folder);
        let checkpoints = || fit(3).checkpoints(Checkpoints::new(&folder).every_steps(1));
        let killer =
            on_batch_end(|status| if status.step == kill { Err(Error::new("killed")) } else { Ok(()) });
        let error = run(&mut counting(NonFinite::Error), checkpoints().callback(killer)).unwrap_err();
        assert_eq!(error.to_string(), "killed");
        let mut resumed = counting(NonFinite::Error);
        let _ = resumed.resume(&folder).unwrap();
        run(&mut resumed, checkpoints()).unwrap();
        assert_eq!(outcome(&resumed), outcome(&whole), "killed at step {kill}");
    }
}

#[test]
fn an_epoch_without_any_step_is_an_error() {
    let data = spoilt(0).select(&[0, 1]).unwrap();
    let error = counting(NonFinite::Skip).fit(&data, fit(3)).unwrap_err();
    assert_eq!(error.source_as(), Some(&TrainError::AllSkipped { epoch: 1, steps: 1 }));
    assert_eq!(
        error.to_string(),
        "epoch 1: all of its 1 steps were skipped, for the loss or a gradient was not finite in each; \
         without NonFinite::Skip the error names where it arose"
    );
}

#[test]
fn progress_tells_of_skipped_steps() {
    struct Skipped(Vec<usize>);
    impl Callback for Skipped {
        fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
            self.0.push(status.skipped);
            Ok(Flow::Continue)
        }
    }
    let (mut lines, mut skipped) = (Vec::new(), Skipped(Vec::new()));
    let watched = fit(1).non_finite(NonFinite::Skip).callback(Lines::to(&mut lines)).callback(&mut skipped);
    let history = counting(NonFinite::Error).fit(&spoilt(3), watched).unwrap();
    let line = String::from_utf8(lines).unwrap();
    assert!(line.contains("  1 step skipped  ("), "{line}");
    assert_eq!(skipped.0, [0, 1, 1]);
    let mut record = history.epochs()[0].clone();
    (record.skipped, record.seconds) = (12, 0.0);
    assert!(record.to_string().ends_with("  12 steps skipped  (0 ms)"), "{record}");
    record.skipped = 0;
    assert!(!record.to_string().contains("skipped"), "{record}");
}

#[test]
fn a_custom_step_says_itself_that_it_skips() {
    let custom = |skipped| {
        counting(NonFinite::Error).custom_step(move |step| {
            let loss = if step.number == 2 { f64::NAN } else { step.run()?.loss };
            let skipped = skipped && step.number == 2;
            Ok(StepResult { loss, weight: 2.0, skipped, ..StepResult::default() })
        })
    };
    let data = spoilt(0).select(&[1, 2, 3, 4, 5, 6]).unwrap();
    let history = custom(true).fit(&data, fit(1)).unwrap();
    assert_eq!((history.epochs()[0].skipped, history.epochs()[0].training.samples()), (1, 4));
    // It may have changed anything: such a step is not skipped by looking away.
    let error = custom(false).fit(&data, fit(1).non_finite(NonFinite::Skip)).unwrap_err().to_string();
    assert_eq!(error, "epoch 1, batch 2: the loss is NaN");
}

// ----------------------------------------------------------------------------------------------------------- anomalies

#[test]
fn looking_for_anomalies_changes_no_bit() {
    let data = spoilt(0).select(&[1, 2, 3, 4, 5, 6]).unwrap();
    for frozen in [false, true] {
        let run = |detect| {
            let mut trainer = counting(NonFinite::Error);
            if frozen {
                trainer.model_mut().freeze("0.*").unwrap();
            }
            trainer.fit(&data, fit(3).detect_anomaly(detect)).unwrap();
            weights_hash(trainer.model())
        };
        assert_eq!(run(true), run(false));
    }
}

/// A loss, and what is said of it.
type Anomalous = (Box<dyn Loss<Tensor>>, Option<&'static str>);

#[test]
fn anomalies_are_found_where_the_loss_is_finite() {
    let x = Tensor::ones([2, 2]).unwrap();
    let y = Tensor::ones([2, 1]).unwrap();
    let huge = Elem::MAX.sqrt();
    // The result overflows, or only the gradient: neither reaches a parameter.
    let forward =
        move |y: &Var, _: &Tensor| Losses::new(&y.add_scalar(10.0).mul_scalar(huge).square().reciprocal());
    let backward = |y: &Var, _: &Tensor| {
        let zero = y.mul_scalar(0.0);
        Losses::new(&Var::select_where(&Tensor::zeros([1])?, &zero.sqrt(), &zero)?.add(y)?)
    };
    let rows: [Anomalous; 3] = [
        (Box::new(forward), Some("a number is not finite; first non-finite result: square behind down")),
        (
            Box::new(backward),
            Some("a number is not finite; first non-finite gradient: that of sqrt behind down"),
        ),
        (Box::new(MeanSquaredError), None),
    ];
    for (loss, text) in rows {
        let loss = move |y: &Var, t: &Tensor| loss.losses(y, t);
        let mut trainer = Trainer::compile(Mlp::new(2, 3, 1), Sgd::new(0.0), loss);
        let detected = trainer.fit_arrays(&x, &y, fit(1).detect_anomaly(true)).map(drop);
        let text = text.map(|text| format!("epoch 1, batch 1: {text}"));
        assert_eq!(detected.err().map(|error| error.to_string()), text);
        let Some(text) = text else { continue };

        let mut trainer = trainer.custom_step(|step| {
            let cx = step.context();
            let prediction = step.model.forward(&cx, &cx.input(step.batch.x.clone()))?;
            let loss = step.loss.losses(&prediction, &step.batch.y)?.mean();
            loss.backward()?;
            Ok(StepResult { loss: loss.value().item()?.to_f64(), weight: 1.0, ..StepResult::default() })
        });
        let error = trainer.fit_arrays(&x, &y, fit(1).detect_anomaly(true)).unwrap_err().to_string();
        assert_eq!(error, text);
        // Nothing is left to train on when every step is skipped.
        let skipping = fit(1).detect_anomaly(true).non_finite(NonFinite::Skip);
        assert_eq!(
            trainer.fit_arrays(&x, &y, skipping).unwrap_err().to_string(),
            text,
            "a step of one's own"
        );
    }
}
