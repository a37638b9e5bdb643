//! What is refused, word for word, and that nothing is lost by it.

use crate::common::{Mlp, quiet, ring, trainer};
use plywood_autograd::Var;
use plywood_data::{ArrayDataset, Dataset};
use plywood_losses::{Accuracy, BinaryCrossEntropy, CrossEntropy, Losses, MeanSquaredError};
use plywood_nn::{Parameters, Sequential, SequentialBuilder};
use plywood_optim::{NonFinite, Sgd};
use plywood_tensor::{Elem, IntTensor, Result, Seed, Tensor};
use plywood_train::{
    Cause, Fit, Operation, Progress, TrainError, Trainer, balanced_class_weights, weights_hash,
};

fn silent<'a>(epochs: usize) -> Fit<'a, Tensor, Tensor> {
    Fit::epochs(epochs).batch_size(2).shuffle(false).progress(Progress::Silent)
}

/// Four samples of two inputs, one target.
fn values() -> (Tensor, Tensor) {
    (
        Tensor::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]),
        Tensor::from([[1.0], [2.0], [3.0], [4.0]]),
    )
}

#[test]
fn a_loss_that_is_not_finite_stops_training_and_names_the_operation() {
    let (x, y) = values();
    // The exponential of a number that grows by training without bound.
    let explosive = |prediction: &Var, _: &Tensor| Losses::new(&prediction.exp().neg());
    let mut trainer = Trainer::compile(Mlp::new(2, 3, 1), Sgd::new(1.0), explosive);
    let error = trainer.fit_arrays(&x, &y, silent(1000)).unwrap_err();
    let Some(TrainError::Loss { epoch, batch, cause, .. }) = error.source_as() else { panic!("{error}") };
    let exp = Operation { op: "exp", layer: Some("down".to_owned()), inside: false };
    assert_eq!(*cause, Cause::Operation(exp));
    assert_eq!(
        error.to_string(),
        format!(
            "epoch {epoch}, batch {batch}: the loss is -inf; first non-finite result: exp behind down; \
             if the loss grew before, try a smaller learning rate or Optimizer::clip_global_norm"
        )
    );
    // What was learnt before is kept, and finite.
    assert!(trainer.model().up.weight.value().is_finite());
    assert_ne!(weights_hash(trainer.model()), weights_hash(&Mlp::new(2, 3, 1)));
    assert_eq!(trainer.history().len(), epoch - 1);
}

/// Where a model is judged too, a row of the data set is named, and numbers that are not finite are no result.
#[test]
fn data_that_is_judged_is_looked_at_as_that_for_training() {
    let (x, y) = values();
    let mut bad = x.clone();
    bad.as_mut_slice()[5] = Elem::NAN;
    let mut bad_y = y.clone();
    bad_y.as_mut_slice()[3] = Elem::INFINITY;
    let good = ArrayDataset::new(x.clone(), y.clone()).unwrap();
    let trainer = || Trainer::compile(Mlp::new(2, 3, 1), Sgd::new(0.1), MeanSquaredError);
    for (x, y, expected) in [
        (&bad, &y, "the loss is NaN; sample 2 of the data set has an input that is not finite"),
        (&x, &bad_y, "the loss is inf; sample 3 of the data set has a target that is not finite"),
    ] {
        let mut trainer = trainer();
        assert_eq!(trainer.evaluate_arrays(x, y).unwrap_err().to_string(), expected);
        let validation = ArrayDataset::new(x.clone(), y.clone()).unwrap();
        let error = trainer.fit(&good, silent(1).validation(&validation)).unwrap_err();
        assert_eq!(error.to_string(), format!("validation data: {expected}"));
        // Whoever wants it so gets what there is.
        for policy in [NonFinite::Skip, NonFinite::Ignore] {
            trainer.optimizer_mut().set_non_finite(policy);
            assert!(!trainer.evaluate_arrays(x, y).unwrap().loss().is_finite());
        }
    }
}

#[test]
fn a_loss_of_ones_own_that_broadcasts_is_refused() {
    let (x, y) = values();
    let own = |prediction: &Var, target: &Tensor| {
        Losses::new(&prediction.sub(&Var::constant(target.clone()))?.square())
    };
    let trainer = || Trainer::compile(Mlp::new(2, 3, 1), Sgd::new(0.1), own);
    let flat = y.reshape([4]).unwrap();
    let expected =
        "loss: expected a target of the prediction's shape [2, 1], got [2]; reshape the target to [2, 1]";
    assert_eq!(trainer().fit_arrays(&x, &flat, silent(1)).unwrap_err().to_string(), expected);
    let error = trainer().evaluate_arrays(&x, &flat).unwrap_err().to_string();
    assert_eq!(error, expected.replace("[2", "[4"));
    trainer().fit_arrays(&x, &y, silent(1)).unwrap();
    // One number for the whole batch, and one target for several outputs, are somebody's intention.
    let whole = |prediction: &Var, _: &Tensor| Losses::new(&prediction.square().mean());
    Trainer::compile(Mlp::new(2, 3, 1), Sgd::new(0.1), whole).fit_arrays(&x, &flat, silent(1)).unwrap();
    Trainer::compile(Mlp::new(2, 3, 5), Sgd::new(0.1), own).fit_arrays(&x, &y, silent(1)).unwrap();
    // So is a number for each pair of samples, which are more than the batch of answers and of targets has.
    let pairs = |prediction: &Var, _: &Tensor| Losses::new(&prediction.matmul(&prediction.transpose()?)?);
    Trainer::compile(Mlp::new(2, 3, 3), Sgd::new(0.1), pairs)
        .fit_arrays(&x, &flat, silent(1).batch_size(4))
        .unwrap();
}

#[test]
fn a_metric_names_the_row_of_the_data_set_as_the_loss_does() {
    let (x, _) = values();
    let labels = IntTensor::from([0, 1, 0, 1]);
    // It is the metric that says what is wrong with a prediction.
    let nothing = |prediction: &Var, _: &IntTensor| Losses::new(&prediction.mul_scalar(0.0).square());
    let mut trainer =
        Trainer::compile(Mlp::new(2, 3, 1), Sgd::new(0.1), nothing).metric(Accuracy.threshold(0.0));
    trainer.optimizer_mut().set_non_finite(NonFinite::Ignore);
    // In batches of two from now on.
    trainer.fit_arrays(&x, &labels, Fit::epochs(1).batch_size(2).progress(Progress::Silent)).unwrap();
    let mut bad = x.clone();
    bad.as_mut_slice()[2 * 3] = Elem::NAN;
    let error = trainer.evaluate_arrays(&bad, &labels).unwrap_err().to_string();
    assert_eq!(error, "accuracy: row 3: expected a number as prediction, got NaN");
}

#[test]
fn numbers_that_are_not_finite_are_traced() {
    let (x, y) = values();
    let with_nan = |tensor: &Tensor, position: usize| {
        let mut tensor = tensor.clone();
        tensor.as_mut_slice()[position] = Elem::NAN;
        tensor
    };
    let fresh = || Trainer::compile(Mlp::new(2, 3, 1), Sgd::new(0.1), MeanSquaredError);
    let mut spoilt = fresh();
    spoilt.model_mut().down.bias.as_mut().unwrap().value_mut().as_mut_slice()[0] = Elem::INFINITY;

    let rows = [
        (
            fresh(),
            with_nan(&x, 5),
            y.clone(),
            "epoch 1, batch 2: the loss is NaN; sample 2 of the data set has an input that is not finite",
        ),
        (
            fresh(),
            x.clone(),
            with_nan(&y, 3),
            "epoch 1, batch 2: the loss is NaN; sample 3 of the data set has a target that is not finite",
        ),
        (
            spoilt,
            x.clone(),
            y.clone(),
            "epoch 1, batch 1: the loss is inf; parameter down.bias is not finite",
        ),
    ];
    for (mut trainer, x, y, text) in rows {
        assert_eq!(trainer.fit_arrays(&x, &y, silent(1)).unwrap_err().to_string(), text);
    }

    // The square root of 0 is finite, its slope is not.
    let steep = |prediction: &Var, _: &Tensor| Losses::new(&prediction.mul_scalar(0.0).sqrt());
    let mut trainer = Trainer::compile(Mlp::new(2, 3, 1), Sgd::new(0.1), steep);
    let before = weights_hash(trainer.model());
    let error = trainer.fit_arrays(&x, &y, silent(1)).unwrap_err().to_string();
    assert_eq!(
        error,
        "epoch 1, batch 1: the gradient of up.weight is not finite; first non-finite gradient: that of sqrt behind down"
    );
    assert_eq!(weights_hash(trainer.model()), before);
}

#[test]
fn a_custom_step_is_watched_too() {
    let (x, y) = values();
    let mut trainer =
        Trainer::compile(Mlp::new(2, 3, 1), Sgd::new(0.1), MeanSquaredError).custom_step(|step| {
            let mut result = step.run()?;
            result.loss = if step.number == 2 { f64::NAN } else { result.loss };
            Ok(result)
        });
    let error = trainer.fit_arrays(&x, &y, silent(1)).unwrap_err().to_string();
    assert_eq!(error, "epoch 1, batch 2: the loss is NaN");
}

#[test]
fn wrong_settings_are_refused() {
    let data = ring(20);
    let empty = data.select(&[]).unwrap();
    let mut wide = trainer();
    let mut classifier = Trainer::compile(Mlp::new(2, 4, 3), Sgd::new(0.1), CrossEntropy::default());
    let before = weights_hash(classifier.model());
    let (mut frozen, mut untouched) = (trainer(), trainer());
    frozen.model_mut().freeze("*").unwrap();
    let wider = ArrayDataset::new(Tensor::zeros([20, 3]).unwrap(), data.y().clone()).unwrap();
    let rows: [(Result<_>, &str); 23] = [
        (trainer().fit(&empty, quiet(1)), "the data set is empty"),
        (trainer().fit(&data, quiet(1).validation(&empty)), "validation data: the data set is empty"),
        (
            trainer().fit(&data, quiet(1).validation(relabelled(&data))),
            "validation data: binary_cross_entropy_with_logits: row 3: expected a label in 0..2, got 7",
        ),
        (
            trainer().fit(&data, quiet(1).validation(from_1())),
            "validation data: binary_cross_entropy_with_logits: row 0: expected a label in 0..2, got 2; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes",
        ),
        (
            trainer().fit(&from_1(), quiet(1).class_weights([1.0, 1.0])),
            "class weights: sample 0: expected a label in 0..2, got 2; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes",
        ),
        (trainer().fit(&data, quiet(1).batch_size(0)), "batch size: expected at least 1, got 0"),
        (
            trainer().fit(&data, quiet(1).batch_size(21).drop_last(true)),
            "batch size: expected at most 20 when short batches are dropped, got 21",
        ),
        (
            trainer().fit(&data, quiet(1).validation_split(1.0)),
            "validation split: expected a fraction that leaves both parts samples, got 1 of 20",
        ),
        (
            trainer().fit(&data, quiet(1).validation_split(f64::NAN)),
            "validation split: expected a fraction that leaves both parts samples, got NaN of 20",
        ),
        (
            trainer().fit(&data, quiet(1).class_weights([1.0, -1.0])),
            "class weights: expected finite numbers of at least 0, got -1 for class 1",
        ),
        (
            trainer().fit(&data, quiet(1).class_weights([1.0; 20])),
            "class weights: expected one for each of 2 classes, got 20: balanced_class_weights makes them; \
             balancing_weights of the data are one for each sample, not for each class, and belong into sampling_weights",
        ),
        (
            trainer().fit(&data, quiet(1).class_weights([1.0])),
            "class weights: expected one for each of 2 classes, got 1: balanced_class_weights makes them; \
             balancing_weights of the data are one for each sample, not for each class, and belong into sampling_weights",
        ),
        (
            classifier.fit(&data, quiet(1).class_weights([1.0; 4])),
            "class weights: expected one for each of 3 classes, got 4: balanced_class_weights makes them; \
             balancing_weights of the data are one for each sample, not for each class, and belong into sampling_weights",
        ),
        (
            trainer().fit(&relabelled(&data), quiet(1).shuffle(false).class_weights([1.0, 1.0])),
            "class weights: sample 3: expected a label in 0..2, got 7",
        ),
        // The row of the data set, not of the batch.
        (
            trainer().fit(&relabelled(&data), quiet(1).batch_size(2)),
            "binary_cross_entropy_with_logits: row 3: expected a label in 0..2, got 7",
        ),
        (
            wide.fit_arrays(&Tensor::zeros([4, 3]).unwrap(), &IntTensor::from([0, 1, 0, 1]), quiet(1)),
            "up: Linear(2 -> 16): expected input [.., 2], got [4, 3]",
        ),
        (
            trainer().fit_arrays(data.x(), &IntTensor::from([0]), quiet(1)),
            "expected one target for each of 20 inputs, got 1",
        ),
        (
            trainer().fit(&data, quiet(1).sampling_weights([1.0])),
            "weights: expected one for each of 20 samples, got 1",
        ),
        (
            trainer().fit(&data, quiet(1).sampling_weights([1.0; 10]).validation_split(0.5)),
            "weights: expected one for each of 20 samples, got 10",
        ),
        (
            trainer().metric(Accuracy).fit(&data, quiet(1)),
            "expected metrics of different names, got \"accuracy\" twice; measure one of them under another, with metric_as(name, metric)",
        ),
        (
            frozen.fit(&data, quiet(1)),
            "expected a parameter to train, got 4 that are all frozen; unfreeze some, or add a layer",
        ),
        (
            untouched.fit(&data, quiet(1).validation(wider)),
            "validation data.up: Linear(2 -> 16): expected input [.., 2], got [8, 3]",
        ),
        (
            trainer().penalty(plywood_losses::L2(0.1).on("conv*")).fit(&data, quiet(1)),
            "pattern \"conv*\" matches none of up.weight, up.bias, down.weight, down.bias",
        ),
    ];
    for (result, text) in rows {
        assert_eq!(result.unwrap_err().to_string(), text);
    }
    assert_eq!(weights_hash(classifier.model()), before);
    assert_eq!(untouched.steps(), 0);
    let (x, y) = values();
    let mut trainer = Trainer::compile(Mlp::new(2, 3, 1), Sgd::new(0.1), MeanSquaredError);
    let error = trainer.fit_arrays(&x, &y, silent(1).class_weights([1.0])).unwrap_err();
    assert_eq!(error.to_string(), "class weights: expected targets that are class labels");
    assert_eq!(trainer.predict(&x.rows(0, 0).unwrap()).unwrap_err().to_string(), "the data set is empty");
}

/// Whether the sample is trained on or held back.
#[test]
fn errors_of_a_part_name_the_sample_of_the_whole() {
    let data = relabelled(&ring(20));
    let loss = "binary_cross_entropy_with_logits: row 3: expected a label in 0..2, got 7";
    let mut mapped = 0;
    for seed in 0..6 {
        let fit = || quiet(1).batch_size(4).validation_split(0.5).seed(Seed(seed));
        let same = || fit().augment(|x, y, _| Ok((x, y)));
        let moody = || {
            fit().augment(|x, y: IntTensor, _| {
                if y.item()? == 7 { Err(std::io::Error::other("no sevens").into()) } else { Ok((x, y)) }
            })
        };
        for workers in [0, 2] {
            for (fit, text) in [(fit(), loss), (same(), loss), (moody(), "sample 3: no sevens")] {
                let error = trainer().fit(&data, fit.workers(workers)).unwrap_err().to_string();
                // What judges the model is not augmented.
                assert!(error == text || error == format!("validation data: {loss}"), "{error}");
                mapped += usize::from(error == "sample 3: no sevens");
            }
        }
    }
    assert!((1..12).contains(&mapped), "sample 3 should be in either part for some seeds: {mapped}");
}

/// A label 2 where there are 0 and 1.
fn from_1() -> ArrayDataset {
    ArrayDataset::new(Tensor::zeros([1, 2]).unwrap(), IntTensor::from([2])).unwrap()
}

fn relabelled(data: &ArrayDataset) -> ArrayDataset {
    let mut labels = data.y().to_vec();
    labels[3] = 7;
    let count = data.len();
    ArrayDataset::new(data.x().clone(), IntTensor::from_vec(labels, [count]).unwrap()).unwrap()
}

#[test]
fn weights_of_classes_are_balanced_or_refused() {
    let of = |labels: &[i64]| {
        let labels = IntTensor::from_slice(labels, [labels.len()]).unwrap();
        let data = ArrayDataset::new(Tensor::zeros([labels.numel(), 1]).unwrap(), labels).unwrap();
        balanced_class_weights(&data.class_counts())
    };
    // compute_class_weight("balanced", classes=np.unique(y), y=y) of scikit-learn 1.9.
    assert_eq!(of(&[0, 0, 0, 1, 2, 2]).unwrap(), [0.6666666666666666, 2.0, 1.0]);
    assert_eq!(of(&[1, 0, 1, 0]).unwrap(), [1.0, 1.0]);
    assert_eq!(of(&[]).unwrap(), Vec::<f64>::new());
    for (labels, text) in [
        (&[0, 2, 2][..], "class weights: expected a sample of each class in 0..3, got none of class 1"),
        (&[1, 2], "class weights: expected a sample of each class in 0..3, got none of class 0"),
        (
            &[i64::MAX],
            "class weights: expected a sample of each class in 0..9223372036854775807, got none of class 0",
        ),
        (&[-1, 0, 1], "class weights: expected labels that count from 0, got -1"),
    ] {
        assert_eq!(of(labels).unwrap_err().to_string(), text);
    }
}

#[test]
fn a_batch_size_of_0_does_not_last() {
    let data = ring(20);
    let mut trainer = trainer();
    trainer.fit(&data, quiet(1).batch_size(0)).unwrap_err();
    assert_eq!(*trainer.predict(&data).unwrap().shape(), [20, 1]);
}

/// What a newcomer stumbles over, and what to do about it.
#[test]
fn a_single_sample_needs_an_axis_for_the_batch() {
    let dense = Sequential::input([6]).linear(2).build(Seed(7)).unwrap();
    let images = Sequential::input([6, 5, 1]).conv2d(2, 3).relu().flatten().linear(2).build(Seed(7)).unwrap();
    for (model, sample, expected) in [
        (
            dense,
            &[6][..],
            "expected samples of shape [6] along the first axis, got a single one: add a batch dimension, as in [1, 6]",
        ),
        (
            images,
            &[6, 5, 1],
            "expected samples of shape [6, 5, 1] along the first axis, got a single one: add a batch dimension, as in [1, 6, 5, 1]",
        ),
    ] {
        let mut trainer = Trainer::compile(model, Sgd::new(0.1), CrossEntropy::default());
        let single = Tensor::zeros(sample).unwrap();
        // Before a training nobody knows what a sample is.
        trainer.predict(&single).unwrap_err();
        let x = Tensor::zeros([&[4], sample].concat()).unwrap();
        // Batches that are smaller than the first axis of the sample, and larger.
        for batch_size in [4, 32] {
            trainer.fit_arrays(&x, &IntTensor::from([0, 1, 0, 1]), quiet(1).batch_size(batch_size)).unwrap();
            assert_eq!(trainer.predict(&single).unwrap_err().to_string(), expected);
            let row = single.reshape([&[1], sample].concat()).unwrap();
            assert_eq!(*trainer.predict(&row).unwrap().shape(), [1, 2]);
        }
    }
}

#[test]
fn outputs_that_do_not_fit_the_targets_come_with_advice() {
    let images = || Sequential::input([6, 5, 1]).conv2d(2, 3).relu();
    let x = Tensor::zeros([4, 6, 5, 1]).unwrap();
    let labels = IntTensor::from([0, 1, 0, 1]);
    let flat = "flatten or pool before the last linear layer, to have one answer for each sample";
    let one =
        "with one output take binary_cross_entropy_with_logits, or binary_cross_entropy behind a sigmoid";
    let fit = |model: SequentialBuilder, loss: Box<dyn Fn(Sequential) -> Trainer<Sequential>>| {
        loss(model.build(Seed(7)).unwrap()).fit_arrays(&x, &labels, quiet(1)).unwrap_err().to_string()
    };
    let several = || -> Box<dyn Fn(Sequential) -> Trainer<Sequential>> {
        Box::new(|model| Trainer::compile(model, Sgd::new(0.1), CrossEntropy::default()))
    };
    let binary = || -> Box<dyn Fn(Sequential) -> Trainer<Sequential>> {
        Box::new(|model| Trainer::compile(model, Sgd::new(0.1), BinaryCrossEntropy))
    };
    for (got, expected) in [
        (
            fit(images().linear(10), several()),
            format!("cross_entropy: expected labels of shape [4, 4, 3] for a prediction of shape [4, 4, 3, 10], got [4]; {flat}"),
        ),
        (
            fit(images().linear(1).sigmoid(), binary()),
            format!("binary_cross_entropy: expected labels of shape [4, 4, 3] for a prediction of shape [4, 4, 3, 1], got [4]; {flat}"),
        ),
        (
            fit(images().flatten().linear(1), several()),
            format!("cross_entropy: expected a prediction with a score for each of at least two classes, got [4, 1]; {one}"),
        ),
        (
            fit(images().flatten().linear(2).sigmoid(), binary()),
            "binary_cross_entropy: expected labels of shape [4, 2] for a prediction of shape [4, 2], got [4]; \
             for one of 2 classes take cross_entropy, for 0 or 1 a model with one output".to_owned(),
        ),
    ] {
        assert_eq!(got, expected);
    }
}

#[test]
fn a_model_must_answer_each_sample() {
    use plywood_nn::{Context, Module, parameters};
    #[derive(Debug)]
    struct Sum;
    parameters!(Sum {});
    impl Module for Sum {
        fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
            Ok(x.sum())
        }
        fn output_shape(&self, _: &plywood_tensor::Shape) -> Result<plywood_tensor::Shape> {
            Ok(plywood_tensor::Shape::SCALAR)
        }
    }
    let trainer: Trainer<Sum, Tensor, Tensor> = Trainer::compile(Sum, Sgd::new(0.1), MeanSquaredError);
    let error = trainer.predict(&values().0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected one prediction for each of 4 samples, got 1; samples lie along the first axis, that of the batch"
    );
}
