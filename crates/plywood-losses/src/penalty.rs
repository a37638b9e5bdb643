//! What every penalty is.

use plywood_autograd::Var;
use plywood_nn::{Context, NnError, Parameters, Pattern};
use plywood_tensor::{Result, Tensor};
use std::collections::BTreeSet;

/// A loss of the parameters themselves, added to that of the predictions: it keeps weights small.
///
/// A penalty says what one parameter costs; the sum over the parameters of a model follows. Frozen parameters cost
/// nothing, and one that stands at two places costs once.
///
/// # Example
/// ```
/// use plywood_losses::{L2, Penalty};
/// use plywood_nn::{Context, Linear, parameters};
/// use plywood_tensor::{Seed, Tensor};
///
/// #[derive(Debug, Clone)]
/// struct Model { up: Linear, down: Linear }
/// parameters!(Model { up, down });
///
/// let stream = Seed(7).stream();
/// let mut model = Model { up: Linear::new(2, 1, &stream)?, down: Linear::new(1, 1, &stream)? };
/// *model.up.weight.value_mut() = Tensor::from([[1.0, 2.0]]);
/// *model.down.weight.value_mut() = Tensor::from([[3.0]]);
///
/// let cx = Context::train(Seed(7), 0);
/// let cost = L2(0.5).on("*.weight").penalty(&cx, &model)?; // biases cost nothing
/// assert_eq!(cost.value().item()?, 0.5 * (1.0 + 4.0 + 9.0));
/// assert_eq!(cost.backward()?.get(&model.up.weight).unwrap().as_slice(), [1.0, 2.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no penalty",
    note = "`L1(strength)`, `L2(strength)` and `ElasticNet` are; one of your own implements `Penalty::of`"
)]
pub trait Penalty: Send + Sync {
    /// What one parameter costs, a single number.
    ///
    /// # Errors
    /// [`LossError::Setting`](crate::LossError::Setting) for a strength that is negative or not finite.
    fn of(&self, parameter: &Var) -> Result<Var>;

    /// Which parameters cost, by path; all of them if there is no pattern.
    fn pattern(&self) -> Option<&Pattern> {
        None
    }

    /// What the parameters of a model cost together, a single number.
    ///
    /// # Errors
    /// As [`Penalty::of`]; [`NnError::NoMatch`] if no path fits the pattern.
    fn penalty(&self, cx: &Context, model: &dyn Parameters) -> Result<Var> {
        let named = model.named_parameters();
        let fits = |path: &str| self.pattern().is_none_or(|pattern| pattern.matches(path));
        if let Some(pattern) = self.pattern()
            && !named.iter().any(|(path, _)| fits(path))
        {
            let names = named.into_iter().map(|(path, _)| path).collect();
            return Err(NnError::NoMatch { pattern: pattern.as_str().into(), names }.into());
        }
        let mut seen = BTreeSet::new();
        let mut total: Option<Var> = None;
        for (path, param) in named {
            if fits(&path) && param.is_trainable() && seen.insert(param.id()) {
                let cost = self.of(&cx.parameter(param))?;
                total = Some(match total {
                    Some(total) => total.add(&cost)?,
                    None => cost,
                });
            }
        }
        Ok(total.unwrap_or_else(|| Var::constant(Tensor::from(0.0))))
    }
}

/// A penalty on the parameters whose path fits a pattern, such as `*.weight`.
#[derive(Debug, Clone)]
pub struct On<P> {
    penalty: P,
    pattern: Pattern,
}

impl<P: Penalty> On<P> {
    /// A penalty and the pattern of its paths; [`L2::on`](crate::L2::on) and its kin are shorter.
    pub fn new(penalty: P, pattern: impl Into<String>) -> On<P> {
        On { penalty, pattern: Pattern::new(pattern) }
    }
}

impl<P: Penalty> Penalty for On<P> {
    fn of(&self, parameter: &Var) -> Result<Var> {
        self.penalty.of(parameter)
    }

    fn pattern(&self) -> Option<&Pattern> {
        Some(&self.pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ElasticNet, L1, L2};
    use plywood_autograd::{Param, gradcheck, gradgradcheck};
    use plywood_nn::parameters;
    use plywood_tensor::Seed;

    #[derive(Debug, Clone)]
    struct Model {
        weight: Param,
        bias: Param,
    }
    parameters!(Model { weight, bias });

    fn model() -> Model {
        Model { weight: Param::new(Tensor::from([[1.0, -2.0]])), bias: Param::new(Tensor::from([-3.0])) }
    }

    fn cost(penalty: &dyn Penalty, model: &Model) -> (f64, Vec<f64>) {
        use plywood_tensor::Float;
        let total = penalty.penalty(&Context::train(Seed(0), 0), model).unwrap();
        let gradients = total.backward().unwrap();
        let slopes =
            [&model.weight, &model.bias].map(|p| gradients.get(p).map(Tensor::to_vec).unwrap_or_default());
        (total.value().item().unwrap().to_f64(), slopes.concat().into_iter().map(Float::to_f64).collect())
    }

    #[test]
    fn values_and_slopes() {
        let model = model();
        assert_eq!(cost(&L1(0.5), &model), (3.0, vec![0.5, -0.5, -0.5]));
        assert_eq!(cost(&L2(0.5), &model), (7.0, vec![1.0, -2.0, -3.0]));
        assert_eq!(cost(&ElasticNet { l1: 0.5, l2: 0.5 }, &model), (10.0, vec![1.5, -2.5, -3.5]));
        assert_eq!(cost(&L2(0.5).on("weight"), &model), (2.5, vec![1.0, -2.0]));
        assert_eq!(cost(&L1(0.5).on("b*"), &model), (1.5, vec![-0.5]));
        assert_eq!(cost(&ElasticNet { l1: 0.5, l2: 0.5 }.on("*"), &model).0, 10.0);
    }

    #[test]
    fn derivatives_agree_with_differences() {
        let penalties: [&dyn Penalty; 3] = [&L1(0.3), &L2(0.3), &ElasticNet { l1: 0.1, l2: 0.2 }];
        let weights = [Tensor::from([[0.5, -1.5], [2.0, -0.25]])];
        for penalty in penalties {
            gradcheck(|w| penalty.of(&w[0]), &weights).unwrap();
            gradgradcheck(|w| penalty.of(&w[0]), &weights).unwrap();
        }
    }

    #[test]
    fn frozen_parameters_cost_nothing_and_shared_ones_once() {
        let mut frozen = model();
        frozen.bias.set_trainable(false);
        assert_eq!(cost(&L1(1.0), &frozen).0, 3.0);
        let shared = [model(), model()];
        let twice = [shared[0].clone(), shared[0].clone(), shared[1].clone()];
        let total = L1(1.0).penalty(&Context::eval(), &twice).unwrap();
        assert_eq!(total.value().item().unwrap(), 12.0);
    }

    #[test]
    fn errors() {
        let cx = Context::eval();
        let text = |penalty: &dyn Penalty| penalty.penalty(&cx, &model()).unwrap_err().to_string();
        assert_eq!(text(&L2(0.1).on("*.weight")), "pattern \"*.weight\" matches none of weight, bias");
        assert_eq!(text(&L2(-0.1)), "l2: expected a strength of at least 0, got -0.1");
        assert_eq!(text(&L1(f64::NAN)), "l1: expected a strength of at least 0, got NaN");
    }
}
