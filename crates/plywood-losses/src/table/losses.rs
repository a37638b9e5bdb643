//! The table of losses.

use super::golden::{assert_close, case, labels, numbers, tensor, to_f64};
use super::implementors;
use crate::{Losses, losses};
use plywood_autograd::{Var, grad, gradcheck, gradgradcheck};
use plywood_tensor::{Elem, IntTensor, Result, Tensor};

/// A loss, and where it is taken to its limits; predictions, targets and values are golden ones of the same name.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    /// The function, with what is special about the row after a colon.
    name: &'static str,
    call: Call,
    /// Predictions at which values and gradients must be finite.
    extremes: &'static [Elem],
}

#[derive(Clone, Copy)]
enum Call {
    Labels(fn(&Var, &IntTensor) -> Result<Losses>),
    Real(fn(&Var, &Tensor) -> Result<Losses>),
}

/// A loss against a target of its own.
type Against = dyn Fn(&Var) -> Result<Losses>;

impl Row {
    pub(crate) const fn labels(name: &'static str, call: fn(&Var, &IntTensor) -> Result<Losses>) -> Row {
        Row { name, call: Call::Labels(call), extremes: &[] }
    }

    pub(crate) const fn real(name: &'static str, call: fn(&Var, &Tensor) -> Result<Losses>) -> Row {
        Row { name, call: Call::Real(call), extremes: &[] }
    }

    pub(crate) const fn extremes(self, extremes: &'static [Elem]) -> Row {
        Row { extremes, ..self }
    }

    /// The golden prediction, and the loss against the golden target.
    fn prepare(&self) -> (Tensor, Box<Against>) {
        let golden = case(self.name);
        let prediction = tensor(&golden["prediction"]);
        match self.call {
            Call::Labels(call) => {
                let target = labels(&golden["target"]);
                (prediction, Box::new(move |x| call(x, &target)))
            }
            Call::Real(call) => {
                let target = tensor(&golden["target"]);
                (prediction, Box::new(move |x| call(x, &target)))
            }
        }
    }
}

fn rows() -> impl Iterator<Item = &'static Row> {
    [
        losses::binary_cross_entropy::ROWS,
        losses::binary_cross_entropy_with_logits::ROWS,
        losses::boundary_weighted::ROWS,
        losses::cosine_distance::ROWS,
        losses::cross_entropy::ROWS,
        losses::dice::ROWS,
        losses::focal::ROWS,
        losses::hinge::ROWS,
        losses::huber::ROWS,
        losses::jaccard::ROWS,
        losses::kl_divergence::ROWS,
        losses::mean_absolute_error::ROWS,
        losses::mean_squared_error::ROWS,
        losses::negative_log_likelihood::ROWS,
        losses::ssim::ROWS,
    ]
    .into_iter()
    .flatten()
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    rows().map(|row| row.name)
}

#[test]
fn values_means_and_gradients_are_those_of_pytorch() {
    for row in rows() {
        let golden = case(row.name);
        let (prediction, call) = row.prepare();
        let x = Var::variable(prediction);
        let losses = call(&x).unwrap_or_else(|error| panic!("{}: {error}", row.name));
        let mean = losses.mean();
        assert_close(row.name, "value", &to_f64(losses.values().value()), &numbers(&golden["values"]));
        assert_close(row.name, "mean", &to_f64(mean.value()), &[golden["mean"].as_f64().unwrap()]);
        let gradient = grad(&mean, &[&x], false).unwrap().remove(0);
        assert_close(row.name, "slope", &to_f64(gradient.value()), &numbers(&golden["gradient"]));
    }
}

#[test]
fn derivatives_agree_with_differences() {
    for row in rows() {
        let (prediction, call) = row.prepare();
        let values = |x: &[Var]| Ok(call(&x[0])?.values().clone());
        gradcheck(values, std::slice::from_ref(&prediction))
            .unwrap_or_else(|error| panic!("{}: {error}", row.name));
        gradgradcheck(values, std::slice::from_ref(&prediction))
            .unwrap_or_else(|error| panic!("{}: {error}", row.name));
    }
}

#[test]
fn extreme_predictions_have_finite_losses_and_slopes() {
    for row in rows() {
        for &first in row.extremes {
            let (mut prediction, call) = row.prepare();
            // Every sample sees every extreme in some place, and some see the same one everywhere.
            let width = prediction.shape().last().copied().unwrap_or(1);
            for (i, x) in prediction.as_mut_slice().iter_mut().enumerate() {
                *x = if i / width % 2 == 0 { first } else { row.extremes[i % row.extremes.len()] };
            }
            let x = Var::variable(prediction);
            let mean = call(&x).unwrap().mean();
            for again in [true, false] {
                let slope = grad(&mean, &[&x], again).unwrap().remove(0);
                let finite = mean.value().is_finite() && slope.value().is_finite();
                assert!(finite, "{} at {first}: {mean:?} {slope:?}", row.name);
            }
        }
    }
}

#[test]
fn a_prediction_that_is_not_a_number_has_no_loss() {
    for row in rows() {
        let (mut prediction, call) = row.prepare();
        prediction.as_mut_slice()[0] = Elem::NAN;
        let losses = call(&prediction.into()).unwrap_or_else(|error| panic!("{}: {error}", row.name));
        assert!(losses.values().value().as_slice()[0].is_nan(), "{}", row.name);
    }
}

#[test]
fn predictions_without_gradients_record_nothing() {
    for row in rows() {
        let (prediction, call) = row.prepare();
        assert!(!call(&prediction.into()).unwrap().mean().is_recorded(), "{}", row.name);
    }
}

#[test]
fn an_empty_batch_has_a_mean_of_0() {
    for row in rows() {
        let golden = case(row.name);
        let none = tensor(&golden["prediction"]).rows(0, 0).unwrap().into();
        let losses = match row.call {
            Call::Labels(call) => call(&none, &labels(&golden["target"]).rows(0, 0).unwrap()),
            Call::Real(call) => call(&none, &tensor(&golden["target"]).rows(0, 0).unwrap()),
        };
        let losses = losses.unwrap_or_else(|error| panic!("{}: {error}", row.name));
        assert_eq!((losses.len(), losses.mean().value().item().unwrap()), (0, 0.0), "{}", row.name);
    }
}

/// In every row, a target that would broadcast against the prediction is refused.
#[test]
fn nothing_broadcasts() {
    for row in rows() {
        let golden = case(row.name);
        let prediction = Var::from(tensor(&golden["prediction"]));
        let refused = match row.call {
            Call::Labels(call) => {
                let target = labels(&golden["target"]);
                [call(&prediction, &target.rows(0, 1).unwrap()), call(&prediction, &IntTensor::from(0))]
            }
            Call::Real(call) => {
                let target = tensor(&golden["target"]);
                [call(&prediction, &target.rows(0, 1).unwrap()), call(&prediction, &Tensor::from(0.5))]
            }
        };
        for result in refused {
            let text = result.map(|losses| losses.len()).unwrap_err().to_string();
            let function = row.name.split(':').next().unwrap();
            assert!(text.starts_with(&format!("{function}: expected ")), "{}: {text}", row.name);
        }
    }
}

/// Every loss and every function of one has rows, named after the function.
#[test]
fn every_loss_has_a_row() {
    let names: Vec<&str> = rows().map(|row| row.name.split(':').next().unwrap()).collect();
    for (file, line) in implementors("losses", "pub fn ") {
        let function = line["pub fn ".len()..].split(['(', '<']).next().unwrap();
        assert!(names.contains(&function), "{file}: `{function}` has no row");
    }
    for (file, line) in implementors("losses", "impl Loss<") {
        let real = line.contains("Loss<Tensor>");
        let source = std::fs::read_to_string(format!("{}/src/losses/{file}.rs", env!("CARGO_MANIFEST_DIR")));
        let has = source.unwrap().contains(if real { "Row::real(" } else { "Row::labels(" });
        assert!(has, "{file}: `{line}` has no row");
    }
}
