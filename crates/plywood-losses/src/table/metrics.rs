//! The table of metrics.

use super::golden::{assert_close, case, labels, tensor};
use super::implementors;
use crate::{Meter, MeterState, Metric, metrics};
use plywood_tensor::{Elem, IntTensor, Result, Tensor};

/// A metric; predictions, targets, weights and the value are golden ones of the same name.
#[derive(Clone, Copy)]
pub(crate) struct MetricRow {
    /// The metric's own name, with what is special about the row after a colon.
    name: &'static str,
    make: Make,
}

#[derive(Clone, Copy)]
enum Make {
    Labels(fn() -> Box<dyn Metric<IntTensor>>),
    Real(fn() -> Box<dyn Metric<Tensor>>),
}

impl MetricRow {
    pub(crate) const fn labels(name: &'static str, make: fn() -> Box<dyn Metric<IntTensor>>) -> MetricRow {
        MetricRow { name, make: Make::Labels(make) }
    }

    pub(crate) const fn real(name: &'static str, make: fn() -> Box<dyn Metric<Tensor>>) -> MetricRow {
        MetricRow { name, make: Make::Real(make) }
    }

    fn meter(&self) -> Any {
        match self.make {
            Make::Labels(make) => Any::Labels(Meter::from(make())),
            Make::Real(make) => Any::Real(Meter::from(make())),
        }
    }
}

/// A meter of either kind of target, fed with rows of its golden case.
enum Any {
    Labels(Meter<IntTensor>),
    Real(Meter<Tensor>),
}

impl Any {
    fn update(
        &mut self,
        name: &str,
        prediction: &Tensor,
        from: usize,
        to: usize,
        weighted: bool,
    ) -> Result<()> {
        let golden = case(name);
        let prediction = prediction.rows(from, to)?;
        let weights = weighted.then(|| tensor(&golden["weights"]).rows(from, to).unwrap());
        match self {
            Any::Labels(m) => {
                m.update(&prediction, &labels(&golden["target"]).rows(from, to)?, weights.as_ref())
            }
            Any::Real(m) => {
                m.update(&prediction, &tensor(&golden["target"]).rows(from, to)?, weights.as_ref())
            }
        }
    }

    fn value(&self) -> f64 {
        match self {
            Any::Labels(m) => m.value(),
            Any::Real(m) => m.value(),
        }
    }

    fn name(&self) -> &str {
        match self {
            Any::Labels(m) => m.name(),
            Any::Real(m) => m.name(),
        }
    }

    fn state(&self) -> &MeterState {
        match self {
            Any::Labels(m) => m.state(),
            Any::Real(m) => m.state(),
        }
    }

    fn load_state(&mut self, state: MeterState) -> Result<()> {
        match self {
            Any::Labels(m) => m.load_state(state),
            Any::Real(m) => m.load_state(state),
        }
    }

    fn reset(&mut self) {
        match self {
            Any::Labels(m) => m.reset(),
            Any::Real(m) => m.reset(),
        }
    }
}

fn rows() -> impl Iterator<Item = &'static MetricRow> {
    [
        metrics::accuracy::ROWS,
        metrics::confusion_matrix::ROWS,
        metrics::f_beta::ROWS,
        metrics::iou::ROWS,
        metrics::mean_errors::ROWS,
        metrics::precision::ROWS,
        metrics::r_squared::ROWS,
        metrics::recall::ROWS,
        metrics::roc_auc::ROWS,
        metrics::ssim::ROWS,
        metrics::top_k_accuracy::ROWS,
    ]
    .into_iter()
    .flatten()
}

fn prediction(row: &MetricRow) -> (Tensor, usize) {
    let prediction = tensor(&case(row.name)["prediction"]);
    let samples = prediction.shape()[0];
    (prediction, samples)
}

#[test]
fn values_are_those_of_the_formulas_in_batches_of_any_size() {
    for row in rows() {
        let golden = case(row.name);
        let (prediction, samples) = prediction(row);
        for (key, weighted) in [("value", false), ("weighted", true)] {
            for cuts in [vec![0, samples], vec![0, 1, 1, 4, samples]] {
                let mut meter = row.meter();
                for cut in cuts.windows(2) {
                    meter.update(row.name, &prediction, cut[0], cut[1], weighted).unwrap();
                }
                assert_close(row.name, key, &[meter.value()], &[golden[key].as_f64().unwrap()]);
            }
        }
    }
}

#[test]
fn saved_loaded_and_continued_is_uninterrupted_to_the_bit() {
    for row in rows() {
        let (prediction, samples) = prediction(row);
        let mut whole = row.meter();
        whole.update(row.name, &prediction, 0, 3, true).unwrap();
        let saved = serde_json::to_string(whole.state()).unwrap();
        whole.update(row.name, &prediction, 3, samples, true).unwrap();
        let mut again = row.meter();
        again.load_state(serde_json::from_str(&saved).unwrap()).unwrap();
        again.update(row.name, &prediction, 3, samples, true).unwrap();
        assert_eq!(again.value().to_bits(), whole.value().to_bits(), "{}", row.name);
        assert_eq!(again.state(), whole.state(), "{}", row.name);
    }
}

#[test]
fn nothing_counted_is_no_number_and_reset_forgets() {
    for row in rows() {
        let (prediction, samples) = prediction(row);
        let mut meter = row.meter();
        assert!(meter.value().is_nan(), "{}: {}", row.name, meter.value());
        meter.update(row.name, &prediction, 0, samples, false).unwrap();
        meter.reset();
        assert!(meter.value().is_nan(), "{}", row.name);
    }
}

#[test]
fn nan_is_refused_and_leaves_the_counts_alone() {
    for row in rows() {
        let (mut prediction, samples) = prediction(row);
        let width = prediction.numel() / samples;
        prediction.as_mut_slice()[2 * width] = Elem::NAN;
        let mut meter = row.meter();
        meter.update(row.name, &prediction, 0, 2, false).unwrap();
        let before = meter.state().clone();
        let text = meter.update(row.name, &prediction, 1, samples, false).unwrap_err().to_string();
        assert!(text.ends_with(": row 1: expected a number as prediction, got NaN"), "{}: {text}", row.name);
        assert_eq!(*meter.state(), before, "{}", row.name);
    }
}

#[test]
fn a_damaged_or_foreign_state_is_an_error_and_never_a_panic() {
    for row in rows() {
        let (prediction, samples) = prediction(row);
        let mut meter = row.meter();
        let foreign = MeterState { metric: "another".into(), counts: vec![1.0] };
        let text = meter.load_state(foreign).unwrap_err().to_string();
        let name = meter.name().to_owned();
        assert_eq!(text, format!("{name}: expected a state of its own, got that of another"));
        for length in 1..12 {
            meter.load_state(MeterState { metric: name.clone(), counts: vec![1.0; length] }).unwrap();
            meter.value();
            // Whether the length is one that the metric could have, only the metric knows.
            let _ = meter.update(row.name, &prediction, 0, samples, true);
            meter.value();
        }
    }
}

#[test]
fn names_lead_the_rows_and_errors_are_worse_when_higher() {
    for row in rows() {
        let meter = row.meter();
        assert_eq!(meter.name(), row.name.split(':').next().unwrap());
        let higher = match &meter {
            Any::Labels(m) => m.metric().higher_is_better(),
            Any::Real(m) => m.metric().higher_is_better(),
        };
        assert_eq!(higher, !meter.name().contains("error"), "{}", row.name);
    }
}

/// Every metric has rows in its own file.
#[test]
fn every_metric_has_a_row() {
    let named = |line: &str| match line.split_once('(') {
        // `figure!(Precision);` and `mean_error!(MeanSquaredError, …`
        Some((_, rest)) => rest.split([',', ')']).next().unwrap().to_owned(),
        None => line.rsplit("for ").next().unwrap().trim_end_matches(" {").to_owned(),
    };
    for (file, line) in
        ["impl Metric<", "figure!(", "mean_error!("].iter().flat_map(|of| implementors("metrics", of))
    {
        let path = format!("{}/src/metrics/{file}.rs", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(path).unwrap();
        let rows = source.split("const ROWS").nth(1).unwrap_or_else(|| panic!("{file}: no rows"));
        let name = named(&line);
        // A type that is made by a method of another stands under that one's name.
        let made = match name.as_str() {
            "AccuracyAbove" => "Accuracy.threshold",
            "ConfusionMatrixAbove" => "ConfusionMatrix.threshold",
            "RocAucOfLogits" => "RocAuc.of_logits",
            name => name,
        };
        assert!(rows.contains(&format!("Box::new({made}")), "{file}: `{name}` has no row");
    }
}

/// No golden values are left over: each belongs to a row of either table.
#[test]
fn every_golden_case_is_used() {
    let used: Vec<&str> = rows().map(|row| row.name).chain(super::losses::names()).collect();
    for name in super::golden::names() {
        assert!(used.contains(&name.as_str()), "{name} is in no row");
    }
}

#[test]
fn errors_say_exactly_this() {
    use crate::*;
    fn of<Y: 'static>(metric: impl Metric<Y> + 'static, prediction: Tensor, target: Y) -> String {
        Meter::new(metric).update(&prediction, &target, None).unwrap_err().to_string()
    }
    let zeros = |dims: &[usize]| Tensor::zeros(dims).unwrap();
    let logits = Tensor::from([0.5, -2.5]);
    let rows = [
        (
            of(Accuracy, zeros(&[2, 3]), IntTensor::from([0, 3])),
            "accuracy: row 1: expected a label in 0..3, got 3; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes",
        ),
        (
            of(Accuracy, zeros(&[2, 1]), IntTensor::from([0, 2])),
            "accuracy: row 1: expected a label in 0..2, got 2; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes",
        ),
        (
            of(Accuracy, zeros(&[2, 3]), IntTensor::from([0])),
            "accuracy: expected labels of shape [2] for a prediction of shape [2, 3], got [1]",
        ),
        (
            of(Accuracy, zeros(&[2, 3]), zeros(&[2])),
            "accuracy: expected a target of the prediction's shape [2, 3], got [2]; class labels are integers: to_int makes them",
        ),
        (
            of(Accuracy, zeros(&[2, 1]), zeros(&[2])),
            "accuracy: expected a target of the prediction's shape [2, 1], got [2]; reshape the target to [2, 1]",
        ),
        (
            of(Accuracy, zeros(&[1, 2]), Tensor::from([[0.5, Elem::NAN]])),
            "accuracy: row 0: expected a share from 0 to 1 as target (for other numbers there are RSquared and MeanAbsoluteError), got NaN",
        ),
        (
            of(Accuracy, zeros(&[2, 1]), Tensor::from([[1.0], [5.5]])),
            "accuracy: row 1: expected a share from 0 to 1 as target (for other numbers there are RSquared and MeanAbsoluteError), got 5.5",
        ),
        (
            of(Accuracy, logits.clone(), IntTensor::from([1, 0])),
            "accuracy: row 1: expected a probability from 0 to 1 (for logits there is `threshold(0.0)`), got -2.5",
        ),
        (
            of(Precision, logits.clone(), IntTensor::from([1, 0])),
            "precision: row 1: expected a probability from 0 to 1 (for logits there is `threshold(0.0)`), got -2.5",
        ),
        (
            of(Recall.average(Average::Micro), logits.clone(), IntTensor::from([1, 0])),
            "recall: row 1: expected a probability from 0 to 1 (for logits there is `threshold(0.0)`), got -2.5",
        ),
        (
            of(ConfusionMatrix, logits.clone(), IntTensor::from([1, 0])),
            "confusion_matrix: row 1: expected a probability from 0 to 1 (for logits there is `threshold(0.0)`), got -2.5",
        ),
        (
            of(RocAuc, Tensor::from([[0.5, 0.5], [0.75, 0.5]]), IntTensor::from([1, 0])),
            "roc_auc: row 1: expected probabilities that sum to 1 (for logits there is `of_logits()`), got 1.25",
        ),
        (
            of(TopKAccuracy::new(4), zeros(&[1, 3]), IntTensor::from([0])),
            "top_k_accuracy: expected a k of at most the number of classes, got 4 of 3 classes",
        ),
        (
            of(TopKAccuracy::new(2), zeros(&[2, 3]), zeros(&[1, 3])),
            "top_k_accuracy: expected a target of the prediction's shape [2, 3], got [1, 3]",
        ),
        (
            of(TopKAccuracy::new(0), zeros(&[1, 3]), IntTensor::from([0])),
            "top_k_accuracy: expected a k of at least 1, got 0",
        ),
        (
            of(TopKAccuracy::new(2), zeros(&[1, 1]), IntTensor::from([0])),
            "top_k_accuracy: expected a prediction of shape [.., classes], got [1, 1]",
        ),
        (
            of(RocAuc, zeros(&[2, 3]), IntTensor::from([0, 3])),
            "roc_auc: row 1: expected a label in 0..3, got 3; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes",
        ),
        (
            of(RSquared, zeros(&[3, 1]), zeros(&[3])),
            "r_squared: expected a target of the prediction's shape [3, 1], got [3]; reshape the target to [3, 1]",
        ),
    ];
    for (got, text) in rows {
        assert_eq!(got, text);
    }
    let mut meter = Meter::new(Accuracy);
    let weights = Tensor::from([1.0]);
    let text = meter.update(&zeros(&[2]), &IntTensor::from([0, 1]), Some(&weights)).unwrap_err().to_string();
    assert_eq!(text, "accuracy: expected sample weights of shape [2], got [1]");
    // A second batch of other classes.
    let mut meter = Meter::new(ConfusionMatrix);
    meter.update(&zeros(&[1, 3]), &IntTensor::from([0]), None).unwrap();
    let text = meter.update(&zeros(&[1, 4]), &IntTensor::from([0]), None).unwrap_err().to_string();
    assert_eq!(text, "confusion_matrix: expected a state of its own, got 9 numbers instead of 16");
    let mut meter = Meter::new(RocAuc);
    meter.update(&Tensor::from([[0.5, 0.25, 0.25]]), &IntTensor::from([0]), None).unwrap();
    let text = meter.update(&zeros(&[1]), &IntTensor::from([0]), None).unwrap_err().to_string();
    assert_eq!(text, "roc_auc: expected a state of its own, got 3 scores a label instead of 1");
}
