//! What a sweep of learning rates finds, and that it leaves no trace.

use crate::common::{Mlp, folder, quiet, ring, trainer};
use plywood_autograd::Var;
use plywood_losses::{Losses, MeanSquaredError};
use plywood_optim::{NonFinite, Sgd};
use plywood_tensor::{Elem, Result, Tensor, math};
use plywood_train::{Checkpoints, LearningRateCurve, LearningRateFinder, Trainer, weights_hash};

fn finder() -> LearningRateFinder {
    LearningRateFinder::new()
}

#[test]
fn a_sweep_leaves_no_trace() {
    let data = ring(100);
    let mut plain = trainer();
    plain.fit(&data, quiet(4)).unwrap();

    let folder = folder("finder-run");
    let mut swept = trainer();
    finder().run(&mut swept, &data, quiet(1)).unwrap();
    swept.fit(&data, quiet(2).checkpoints(Checkpoints::new(&folder))).unwrap();
    finder().run(&mut swept, &data, quiet(1).batch_size(7)).unwrap();
    let steps = swept.steps();
    swept.save_weights(folder.join("weights.safetensors")).unwrap();

    // Also between the resumption of a run and its going on.
    let mut resumed = trainer();
    assert_eq!(resumed.resume(&folder).unwrap().steps, steps);
    finder().run(&mut resumed, &data, quiet(9)).unwrap();
    resumed.fit(&data, quiet(4)).unwrap();

    assert_eq!(weights_hash(resumed.model()), weights_hash(plain.model()));
    assert_eq!(resumed.optimizer().state_dict(), plain.optimizer().state_dict());
    assert_eq!(resumed.history().series("loss"), plain.history().series("loss"));
    assert_eq!(resumed.steps(), plain.steps());
}

#[test]
fn the_rates_are_those_that_were_asked_for() {
    let data = ring(64);
    let curve =
        finder().range(1e-5, 1e-1).unwrap().steps(41).unwrap().run(&mut trainer(), &data, quiet(1)).unwrap();
    let points = curve.points();
    assert_eq!(points.len(), 41);
    for (step, &(rate, loss)) in points.iter().enumerate() {
        let expected = math::pow(10.0, -5.0 + step as f64 / 10.0);
        assert!((rate / expected - 1.0).abs() < 1e-12, "{rate}");
        assert!(loss.is_finite());
    }
    let suggestion = curve.suggestion().unwrap();
    assert!((1e-5..1e-1).contains(&suggestion));
    assert!(points.iter().any(|&(rate, _)| Some(rate) == curve.minimum()));
    let path = folder("finder-plot").join("rates.svg");
    curve.plot(&path).unwrap();
    let svg = std::fs::read_to_string(path).unwrap();
    for text in ["learning rate", "1e-3", "loss, smoothed", &format!("suggestion {suggestion:.1e}")] {
        assert!(svg.contains(text), "{text}");
    }
}

/// Gradient descent on a line diverges without bound at large rates.
#[test]
fn a_sweep_ends_where_it_diverges() {
    let x = Tensor::from([[1.0], [2.0], [3.0], [4.0]]);
    let (y, one) = (x.mul_scalar(3.0), Mlp::new(1, 4, 1));
    let fit = || plywood_train::Fit::epochs(1).progress(plywood_train::Progress::Silent);
    let data = plywood_data::ArrayDataset::new(x.clone(), y.clone()).unwrap();
    let mut trainer = Trainer::compile(one, Sgd::new(0.1), MeanSquaredError);
    let before = weights_hash(trainer.model());
    let mut curves = Vec::new();
    for largest in [10.0, 1e30] {
        let curve = finder().range(1e-4, largest).unwrap().run(&mut trainer, &data, fit()).unwrap();
        curves.push(curve.clone());
        assert!((10..90).contains(&curve.points().len()), "{}", curve.points().len());
        assert_eq!(weights_hash(trainer.model()), before);
        assert_eq!(trainer.optimizer().learning_rate(), 0.1);
    }
    // Whatever a training would do about it, and whatever it would look at.
    for of_optimizer in [NonFinite::Error, NonFinite::Skip, NonFinite::Ignore] {
        trainer.optimizer_mut().set_non_finite(of_optimizer);
        for (name, fit) in [
            ("plain", fit()),
            ("error", fit().non_finite(NonFinite::Error)),
            ("skip", fit().non_finite(NonFinite::Skip)),
            ("ignore", fit().non_finite(NonFinite::Ignore)),
            ("anomaly", fit().detect_anomaly(true)),
            ("audit", fit().audit(true)),
        ] {
            let curve = finder().range(1e-4, 1e30).unwrap().run(&mut trainer, &data, fit);
            assert_eq!(curve.unwrap(), curves[1], "{of_optimizer:?} {name}");
            assert_eq!(weights_hash(trainer.model()), before);
            assert_eq!(trainer.optimizer().non_finite_policy(), of_optimizer);
            assert!(trainer.first_look().is_none());
        }
    }
    trainer.optimizer_mut().set_non_finite(NonFinite::Error);
    // One that uses infinities on purpose, as masks do.
    let masked = |prediction: &Var, target: &Tensor| {
        let nothing = prediction.add_scalar(Elem::INFINITY).reciprocal();
        Losses::new(&prediction.sub(&target.clone().into())?.square().add(&nothing)?)
    };
    let one = Mlp::new(1, 4, 1);
    let mut on_purpose = Trainer::compile(one, Sgd::new(0.1), masked);
    let curve =
        |trainer: &mut Trainer<_, _, _>, fit| finder().range(1e-4, 10.0).unwrap().run(trainer, &data, fit);
    let anomaly = curve(&mut on_purpose, fit().detect_anomaly(true)).unwrap();
    assert_eq!(anomaly, curve(&mut on_purpose, fit()).unwrap());
    // What is wrong from the beginning is an error, and leaves no trace either.
    let mut bad = x.clone();
    bad.as_mut_slice()[2] = Elem::NAN;
    let data = plywood_data::ArrayDataset::new(bad, y).unwrap();
    let error = finder().run(&mut trainer, &data, fit()).unwrap_err().to_string();
    let text = "epoch 1, batch 1: the loss is NaN; sample 2 of the data set has an input that is not finite";
    assert_eq!(error, text);
    assert_eq!((weights_hash(trainer.model()), trainer.steps()), (before, 0));
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    const NAN: f64 = f64::NAN;
    let rows: [(Result<LearningRateFinder>, &str); 6] = [
        (finder().range(0.0, 1.0), "a finite smallest rate above 0, got 0"),
        (finder().range(NAN, 1.0), "a finite smallest rate above 0, got NaN"),
        (finder().range(0.1, 0.1), "a finite largest rate above the smallest, got 0.1"),
        (finder().range(0.1, f64::INFINITY), "a finite largest rate above the smallest, got inf"),
        (finder().range(0.1, NAN), "a finite largest rate above the smallest, got NaN"),
        (finder().steps(1), "at least 2 steps, got 1"),
    ];
    for (outcome, text) in rows {
        assert_eq!(outcome.unwrap_err().to_string(), format!("learning rate finder: expected {text}"));
    }
}

#[test]
fn curves_without_a_slope_suggest_nothing() {
    let curve = |points: &[f64]| LearningRateCurve::new((1..).map(f64::from).zip(points.iter().copied()));
    let falling: Vec<f64> = (0..17).map(|i| 1.0 - f64::from(i * i) / 1e3).collect();
    let nan = [f64::NAN; 30];
    assert_eq!(curve(&falling).suggestion(), Some(11.0));
    for (points, minimum) in
        [(&falling[..16], Some(16.0)), (&[1.0; 30], Some(1.0)), (&nan, None), (&[], None)]
    {
        assert_eq!((curve(points).suggestion(), curve(points).minimum()), (None, minimum), "{points:?}");
    }
    let error = curve(&nan).svg().unwrap_err().to_string();
    assert_eq!(error, "plot: expected at least one finite value of loss, got none");
}
