//! Every initializer against the mean and the variance it promises.

use super::*;
use plywood_tensor::{Seed, Transposed};

/// What, its shape, its mean, its variance, its least and its most.
type Row = (Initializer, &'static [usize], f64, f64, f64, f64);

const INFINITE: f64 = f64::INFINITY;

fn rows() -> Vec<Row> {
    let relu = gain::relu();
    let uniform =
        |initializer, shape: &'static [usize], a: f64| (initializer, shape, 0.0, a * a / 3.0, -a, a);
    let normal = |initializer, shape: &'static [usize], variance| {
        (initializer, shape, 0.0, variance, -INFINITE, INFINITE)
    };
    use Initializer as I;
    vec![
        (I::Zeros, &[200, 100], 0.0, 0.0, 0.0, 0.0),
        (I::Ones, &[200, 100], 1.0, 0.0, 1.0, 1.0),
        (I::Constant { value: -2.5 }, &[200, 100], -2.5, 0.0, -2.5, -2.5),
        (I::Uniform { low: -1.0, high: 3.0 }, &[20_000], 1.0, 16.0 / 12.0, -1.0, 3.0),
        (I::Normal { mean: 2.0, deviation: 0.5 }, &[20_000], 2.0, 0.25, -INFINITE, INFINITE),
        // Var = 1 − 4 φ(2) / (2 Φ(2) − 1) for a cut at two deviations.
        (
            I::TruncatedNormal { mean: 0.0, deviation: 1.0, low: -2.0, high: 2.0 },
            &[20_000],
            0.0,
            0.7737,
            -2.0,
            2.0,
        ),
        uniform(I::xavier_uniform(), &[200, 100], (6.0_f64 / 300.0).sqrt()),
        uniform(I::XavierUniform { gain: 2.0 }, &[200, 100], 2.0 * (6.0_f64 / 300.0).sqrt()),
        normal(I::xavier_normal(), &[200, 100], 2.0 / 300.0),
        normal(I::XavierNormal { gain: gain::tanh() }, &[100, 200], 25.0 / 9.0 * 2.0 / 300.0),
        uniform(I::he_uniform(), &[200, 100], (6.0_f64 / 100.0).sqrt()),
        uniform(I::HeUniform { gain: relu, fan: Fan::Out }, &[200, 100], (6.0_f64 / 200.0).sqrt()),
        // PyTorch's default: U(±1/√fan in).
        uniform(I::HeUniform { gain: gain::leaky_relu(5.0_f64.sqrt()), fan: Fan::In }, &[200, 100], 0.1),
        normal(I::he_normal(), &[200, 100], 2.0 / 100.0),
        normal(I::HeNormal { gain: 1.0, fan: Fan::Out }, &[40, 50, 3, 3], 1.0 / 360.0),
        normal(I::HeNormal { gain: 1.0, fan: Fan::In }, &[40, 50, 3, 3], 1.0 / 450.0),
        normal(I::HeNormal { gain: gain::selu(), fan: Fan::Mean }, &[40, 60, 3, 3], 0.5625 / 450.0),
        normal(I::lecun_normal(), &[200, 100], 1.0 / 100.0),
        normal(I::LecunNormal { gain: 3.0 }, &[100, 50, 4], 9.0 / 200.0),
        normal(I::orthogonal(), &[60, 100], 1.0 / 100.0),
        normal(I::Orthogonal { gain: 2.0 }, &[100, 10, 6], 4.0 / 100.0),
    ]
}

#[test]
fn mean_and_variance_are_those_of_the_formula() {
    for (initializer, shape, mean, variance, least, most) in rows() {
        let x = initializer.fill(shape, &Seed(3).stream()).unwrap();
        assert_eq!(&**x.shape(), shape);
        let x: Vec<f64> = x.as_slice().iter().map(|x| x.to_f64()).collect();
        let count = x.len() as f64;
        let got = x.iter().sum::<f64>() / count;
        // Five standard errors.
        assert!((got - mean).abs() <= 5.0 * (variance / count).sqrt(), "{initializer:?}: mean {got}");
        let got = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
        assert!((got - variance).abs() <= 0.05 * variance, "{initializer:?}: variance {got}, not {variance}");
        let room = 1e-6 * most.abs().min(1e3);
        assert!(x.iter().all(|&x| x >= least - room && x <= most + room), "{initializer:?}: out of bounds");
        assert_eq!(x.iter().any(|&other| other != x[0]), variance > 0.0, "{initializer:?}");
    }
}

#[test]
fn orthogonal_is_orthogonal() {
    for (shape, gain) in [([5, 5], 1.0), ([7, 3], 1.5), ([3, 7], -2.0), ([1, 4], 1.0), ([64, 48], 1.0)] {
        let q = Initializer::Orthogonal { gain }.fill(shape, &Seed(1).stream()).unwrap();
        let transposed = if shape[0] <= shape[1] { Transposed::Right } else { Transposed::Left };
        let product = q.matmul_with(&q, transposed).unwrap();
        let expected = Tensor::eye(shape[0].min(shape[1])).unwrap().mul_scalar(Elem::of(gain * gain));
        let error = product.sub(&expected).unwrap().abs().max_axes(&[], false).unwrap().item().unwrap();
        let close = if size_of::<Elem>() == 8 { 1e-13 } else { 5e-6 };
        assert!(error.to_f64() < close, "{shape:?}: {error}");
    }
}

#[test]
fn the_same_stream_gives_the_same_numbers_and_a_description_survives_json() {
    for (initializer, shape, ..) in rows() {
        let text = serde_json::to_string(&initializer).unwrap();
        let again: Initializer = serde_json::from_str(&text).unwrap();
        assert_eq!(again, initializer, "{text}");
        let stream = Seed(3).stream();
        assert_eq!(again.fill(shape, &stream).unwrap(), initializer.fill(shape, &stream).unwrap());
    }
}

#[test]
fn shapes_without_elements_and_wrong_settings() {
    for (initializer, ..) in rows() {
        assert_eq!(initializer.fill([0, 3], &Seed(0).stream()).unwrap().numel(), 0);
        assert_eq!(initializer.fill([3, 0], &Seed(0).stream()).unwrap().numel(), 0);
    }
    for (initializer, shape, text) in [
        (
            Initializer::he_normal(),
            &[3][..],
            "Initializer: expected a weight [out, in, ..] to count its fan, got [3]",
        ),
        (
            Initializer::orthogonal(),
            &[3],
            "Initializer: expected a weight [out, in, ..] to make orthogonal, got [3]",
        ),
        (
            Initializer::Uniform { low: 1.0, high: 0.0 },
            &[3],
            "Initializer: expected finite bounds in order, got Uniform { low: 1.0, high: 0.0 }",
        ),
        (
            Initializer::Normal { mean: 0.0, deviation: -1.0 },
            &[3],
            "Initializer: expected a deviation of at least 0, got Normal { mean: 0.0, deviation: -1.0 }",
        ),
        (
            Initializer::XavierNormal { gain: f64::NAN },
            &[3, 3],
            "Initializer: expected a finite gain, got XavierNormal { gain: NaN }",
        ),
    ] {
        assert_eq!(initializer.fill(shape, &Seed(0).stream()).unwrap_err().to_string(), text);
    }
}
