//! Scalers and categories: values, ways back, and what is saved.

use plywood_data::{Categories, MinMax, Standardize, datasets};
use plywood_tensor::{Elem, Seed, Tensor};

fn close(a: &Tensor, b: &Tensor, tolerance: f64) -> bool {
    a.shape() == b.shape()
        && a.as_slice()
            .iter()
            .zip(b.as_slice())
            .all(|(a, b)| (f64::from(*a) - f64::from(*b)).abs() <= tolerance)
}

/// Inputs, standardised, brought to 0 to 1.
#[test]
fn scalers_do_what_their_formula_says_and_back() {
    let root = 1.5_f64.sqrt() as Elem;
    let rows = [
        (
            "two features",
            Tensor::from([[1.0, 10.0], [2.0, 30.0], [3.0, 50.0]]),
            Tensor::from([[-root, -root], [0.0, 0.0], [root, root]]),
            Tensor::from([[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]]),
        ),
        (
            "the same everywhere",
            Tensor::from([[0.1, 1.0], [0.1, 3.0]]),
            Tensor::from([[0.0, -1.0], [0.0, 1.0]]),
            Tensor::from([[0.0, 0.0], [0.0, 1.0]]),
        ),
        ("one sample", Tensor::from([[4.0, -4.0]]), Tensor::from([[0.0, 0.0]]), Tensor::from([[0.0, 0.0]])),
        (
            "channels last",
            Tensor::from([[[1.0, 0.0], [3.0, 0.0]], [[1.0, 4.0], [3.0, 4.0]]]),
            Tensor::from([[[-1.0, -1.0], [1.0, -1.0]], [[-1.0, 1.0], [1.0, 1.0]]]),
            Tensor::from([[[0.0, 0.0], [1.0, 0.0]], [[0.0, 1.0], [1.0, 1.0]]]),
        ),
        (
            "far from 0",
            Tensor::from([[10_000.0], [10_001.0]]),
            Tensor::from([[-1.0], [1.0]]),
            Tensor::from([[0.0], [1.0]]),
        ),
    ];
    for (name, x, standard, unit) in rows {
        let scaler = Standardize::fit(&x).unwrap();
        let z = scaler.apply(&x).unwrap();
        assert!(close(&z, &standard, 1e-6), "{name}: {z}");
        assert!(close(&scaler.inverse(&z).unwrap(), &x, 1e-5), "{name}");
        let scaler = MinMax::fit(&x).unwrap();
        let z = scaler.apply(&x).unwrap();
        assert!(close(&z, &unit, 1e-6), "{name}: {z}");
        assert!(close(&scaler.inverse(&z).unwrap(), &x, 1e-5), "{name}");
    }
    let scaler = MinMax::fit_range(&Tensor::from([[1.0], [3.0]]), -1.0, 1.0).unwrap();
    assert_eq!(
        scaler.apply(&Tensor::from([[1.0], [2.0], [3.0], [4.0]])).unwrap().as_slice(),
        [-1.0, 0.0, 1.0, 2.0]
    );
}

#[test]
fn a_constant_column_of_rounded_numbers_stays_0() {
    // Their mean is not exactly 0.1, which must not blow up the difference.
    let x = Tensor::full([1001, 1], 0.1).unwrap();
    let scaler = Standardize::fit(&x).unwrap();
    assert_eq!(scaler.deviation(), [1.0]);
    assert_eq!(scaler.apply(&x).unwrap(), Tensor::zeros([1001, 1]).unwrap());
}

#[test]
fn real_data_gets_mean_0_and_deviation_1() {
    let (train, _) = datasets::breast_cancer().split(0.8, Seed(7)).unwrap();
    let scaler = Standardize::fit(train.x()).unwrap();
    assert_eq!((scaler.mean().len(), scaler.deviation().len()), (30, 30));
    let again = Standardize::fit(&scaler.apply(train.x()).unwrap()).unwrap();
    assert!(again.mean().iter().all(|mean| mean.abs() < 1e-6));
    assert!(again.deviation().iter().all(|deviation| (deviation - 1.0).abs() < 1e-6));
}

#[test]
fn what_was_fitted_is_saved_and_loaded_to_the_bit() {
    let data = datasets::wine_quality();
    let (standardize, min_max) = (Standardize::fit(data.x()).unwrap(), MinMax::fit(data.x()).unwrap());
    let loaded: Standardize = serde_json::from_str(&serde_json::to_string(&standardize).unwrap()).unwrap();
    assert_eq!(loaded.apply(data.x()).unwrap(), standardize.apply(data.x()).unwrap());
    let loaded: MinMax = serde_json::from_str(&serde_json::to_string(&min_max).unwrap()).unwrap();
    assert_eq!(loaded.apply(data.x()).unwrap(), min_max.apply(data.x()).unwrap());

    let colours = Categories::new(["red", "blue"]).unwrap();
    let text = serde_json::to_string(&colours).unwrap();
    assert_eq!(text, r#"["red","blue"]"#);
    assert_eq!(serde_json::from_str::<Categories>(&text).unwrap(), colours);
    assert!(serde_json::from_str::<Categories>(r#"["red","red"]"#).is_err(), "two numbers for one name");
}

#[test]
fn categories_are_sorted_by_number_or_by_letter() {
    let rows: &[(&[&str], &[&str])] = &[
        (&["b", "a", "b"], &["a", "b"]),
        (&["10", "9", "-1", "2.5"], &["-1", "2.5", "9", "10"]),
        (&["10", "9", "x"], &["10", "9", "x"]),
        (&["1.0", "1"], &["1", "1.0"]),
        (&["nan", "2", "10"], &["10", "2", "nan"]),
    ];
    for (column, names) in rows {
        assert_eq!(Categories::fit(column.iter().copied()).unwrap().names(), *names);
    }
}
