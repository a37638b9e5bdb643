//! What the README says about the examples, on the data sets that come with the crate.

use plywood::prelude::*;
use plywood::tensor::Float;

/// The program of the quickstart: its validation accuracy and the hash of its weights.
fn quickstart(seed: Seed) -> Result<(f64, u64)> {
    let (train, validation) = datasets::breast_cancer().split(0.8, seed)?;
    let model = Sequential::input([30])
        .normalization(&train)
        .linear(128)
        .relu()
        .linear(64)
        .relu()
        .linear(1)
        .sigmoid()
        .build(seed)?;
    let mut trainer = Trainer::compile(model, Adam::default(), BinaryCrossEntropy).metric(Accuracy);
    let fit = Fit::epochs(10).batch_size(32).validation(&validation).progress(Progress::Silent);
    trainer.fit(&train, fit)?;
    let accuracy = trainer.evaluate(&validation)?.get("accuracy").unwrap_or(0.0);
    Ok((accuracy, weights_hash(trainer.model())))
}

#[test]
fn the_quickstart_reaches_96_per_cent() {
    let accuracies: Vec<f64> = (0..8).map(|seed| quickstart(Seed(seed)).unwrap().0).collect();
    let mean = accuracies.iter().sum::<f64>() / 8.0;
    assert!(mean >= 0.96, "{mean}: {accuracies:?}");
}

#[test]
fn the_quickstart_ends_in_the_same_bits_with_every_number_of_threads() {
    let (_, expected) = quickstart(Seed(7)).unwrap();
    for count in [1, 2, 3, 8] {
        // Split even the smallest work, or most of it would run on one thread anyway.
        let threads = Threads::new(count).unwrap().split_always();
        assert_eq!(threads.install(|| quickstart(Seed(7))).unwrap().1, expected, "{count} threads");
    }
    assert_ne!(quickstart(Seed(8)).unwrap().1, expected);
}

#[test]
fn digits_reach_97_per_cent() {
    let accuracy = |seed: u64| -> Result<f64> {
        let (train, test) = datasets::digits().split(0.8, Seed(seed))?;
        let (train, validation) = train.split(0.85, Seed(seed))?;
        let model = Sequential::input([64])
            .normalization(&train)
            .linear(256)
            .relu()
            .dropout(0.3)
            .linear(128)
            .relu()
            .dropout(0.3)
            .linear(10)
            .build(Seed(seed))?;
        let mut trainer = Trainer::compile(model, Adam::default(), CrossEntropy::default())
            .metric(Accuracy)
            .penalty(L2(1e-4).on("*.weight"));
        let fit = Fit::epochs(60)
            .batch_size(32)
            .seed(Seed(seed))
            .validation(&validation)
            .callback(EarlyStopping::new("validation loss").patience(8).restore_best(true))
            .progress(Progress::Silent);
        trainer.fit(&train, fit)?;
        Ok(trainer.evaluate(&test)?.get("accuracy").unwrap_or(0.0))
    };
    let accuracies: Vec<f64> = (0..5).map(|seed| accuracy(seed).unwrap()).collect();
    let mean = accuracies.iter().sum::<f64>() / 5.0;
    assert!(mean >= 0.97, "{mean}: {accuracies:?}");
}

#[test]
fn wine_is_judged_as_well_as_by_ridge_regression() {
    let (mut network, mut ridge, mut count) = (0.0, 0.0, 0);
    for fold in datasets::wine_quality().k_fold(5, Seed(1)) {
        let (train, test) = fold.unwrap();
        network += squared_errors(&network_predictions(&train, test.x()).unwrap(), test.y());
        ridge += squared_errors(&ridge_predictions(&train, test.x()), test.y());
        count += test.len();
    }
    let [network, ridge] = [network, ridge].map(|sum| (sum / count as f64).sqrt());
    println!("network {network:.4}, ridge regression {ridge:.4}");
    assert!(network <= 0.65 && network <= ridge, "network {network}, ridge regression {ridge}");
}

type Wine = ArrayDataset<Tensor, Tensor>;

fn squared_errors(prediction: &Tensor, target: &Tensor) -> f64 {
    prediction.sub(target).unwrap().square().sum().item().unwrap().to_f64()
}

fn network_predictions(train: &Wine, x: &Tensor) -> Result<Tensor> {
    let mean = train.y().mean().item()?;
    let centred = ArrayDataset::new(train.x().clone(), train.y().add_scalar(-mean))?;
    let model = Sequential::input([11])
        .normalization(train.x())
        .linear(64)
        .relu()
        .dropout(0.2)
        .linear(1)
        .build(Seed(3))?;
    let mut trainer = Trainer::compile(model, AdamW::new(3e-3), MeanSquaredError);
    trainer.fit(&centred, Fit::epochs(40).batch_size(32).progress(Progress::Silent))?;
    Ok(trainer.predict(x)?.add_scalar(mean))
}

/// Ridge regression with λ = 1 on standardised features, by the normal equations.
fn ridge_predictions(train: &Wine, x: &Tensor) -> Tensor {
    let scaler = plywood::data::Standardize::fit(train.x()).unwrap();
    let (a, mean) = (scaler.apply(train.x()).unwrap(), train.y().mean().item().unwrap());
    let mut gram = a.transpose().unwrap().matmul(&a).unwrap();
    for diagonal in gram.as_mut_slice().iter_mut().step_by(12) {
        *diagonal += 1.0;
    }
    let right = a.transpose().unwrap().matmul(&train.y().add_scalar(-mean)).unwrap();
    let weights = solve(&gram, &right);
    scaler.apply(x).unwrap().matmul(&weights).unwrap().add_scalar(mean)
}

/// Gaussian elimination; the matrix is positive definite, so no pivot is 0.
fn solve(matrix: &Tensor, right: &Tensor) -> Tensor {
    let n = right.numel();
    let mut rows: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            let row = &matrix.as_slice()[i * n..(i + 1) * n];
            row.iter().chain([&right.as_slice()[i]]).map(|v| v.to_f64()).collect()
        })
        .collect();
    for i in 0..n {
        let pivot = rows[i].clone();
        for (j, row) in rows.iter_mut().enumerate() {
            if j != i {
                let factor = row[i] / pivot[i];
                row.iter_mut().zip(&pivot).for_each(|(v, p)| *v -= factor * p);
            }
        }
    }
    Tensor::from_vec((0..n).map(|i| Elem::of(rows[i][n] / rows[i][i])).collect(), [n, 1]).unwrap()
}
