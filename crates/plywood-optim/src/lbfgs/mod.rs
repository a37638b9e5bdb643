//! L-BFGS.

mod history;
pub(crate) mod report;
mod search;
pub(crate) mod state;
mod vector;

use crate::error::expect;
use crate::optimizer::attach::distinct;
use crate::{LbfgsReport, LbfgsState, OptimError};
use history::History;
use plywood_autograd::Gradients;
use plywood_nn::{Leaf, Parameters, Path};
use plywood_tensor::{At, Elem, Error, Result, Shape, Tensor};
use search::Point;
use state::Difference;
use vector::{add_to, dot, gather, largest, scatter};

/// Steps along a model of the curvature that is built from the gradients of earlier ones, each with a search for its length.
///
/// With the gradient `g`, all parameters together as one vector `p`, and `H` the estimate of the inverse Hessian matrix that
/// the last `h` differences of `p` and `g` make:
/// ```text
/// d = − H g
/// p ← p + t d      t such that loss(p + t d) ≤ loss(p) + 10⁻⁴ t gᵀd  and  |gradient(p + t d)ᵀ d| ≤ 0.9 |gᵀd|
/// ```
/// It is for problems of moderate size and for the gradient of all samples at once: on batches that change from call to call
/// the differences mean nothing. On smooth functions it comes to a minimum in far fewer evaluations than first-order rules.
/// It is no [`Rule`](crate::Rule), for it needs the loss and sees all parameters together; groups, clipping and schedules are
/// not for it.
///
/// A call of [`Lbfgs::step_with`] takes up to [`Lbfgs::iterations`] steps. It keeps `2 h + 2` vectors of all trainable
/// parameters, and has about ten more while it runs, besides those of the `2 h` that its steps have replaced: it goes back to
/// them if it fails.
///
/// # Example
/// ```
/// use plywood_autograd::{Param, Var};
/// use plywood_optim::Lbfgs;
/// use plywood_tensor::{Float, Tensor};
///
/// // Rosenbrock's valley, from the usual start: the minimum lies at (1, 1).
/// let mut model = vec![Param::new(Tensor::from([-1.2])), Param::new(Tensor::from([1.0]))];
/// let mut optimizer = Lbfgs::new();
/// for _ in 0..4 {
///     optimizer.step_with(&mut model, |model| {
///         let (x, y) = (Var::parameter(&model[0]), Var::parameter(&model[1]));
///         let (slope, height) = (x.neg().add_scalar(1.0), y.sub(&x.square())?);
///         let loss = slope.square().add(&height.square().mul_scalar(100.0))?.sum();
///         Ok((loss.value().item()?.to_f64(), loss.backward()?))
///     })?;
/// }
/// assert!((model[0].value().item()? - 1.0).abs() < 1e-2);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989; Nocedal and Wright, "Numerical
/// optimization", 2006, algorithms 3.5 and 3.6. In the form of `torch.optim.LBFGS` with `line_search_fn="strong_wolfe"`, with
/// its defaults, except that differences and directions are summed in double precision. Keras does not have it.
#[derive(Debug)]
#[doc(alias = "LBFGS")]
pub struct Lbfgs {
    learning_rate: f64,
    iterations: u64,
    evaluations: Option<u64>,
    history_size: usize,
    gradient_tolerance: f64,
    change_tolerance: f64,
    memory: Memory,
    /// A state that waits for the model it belongs to.
    pending: Option<LbfgsState>,
}

/// What it remembers from call to call.
#[derive(Debug, Default)]
struct Memory {
    /// Path and shape of every trainable parameter, in the order of the vectors.
    layout: Vec<(String, Shape)>,
    history: History,
    /// The last step, gradient and length of step.
    direction: Vec<Elem>,
    gradient: Vec<Elem>,
    length: f64,
    iterations: u64,
    evaluations: u64,
}

impl Lbfgs {
    /// With PyTorch's settings: 20 steps and 25 evaluations in a call, a history of 100 steps, a first length of 1.
    pub fn new() -> Lbfgs {
        Lbfgs {
            learning_rate: 1.0,
            iterations: 20,
            evaluations: None,
            history_size: 100,
            gradient_tolerance: 1e-7,
            change_tolerance: 1e-9,
            memory: Memory::default(),
            pending: None,
        }
    }

    /// The length with which the search begins; 1 unless set.
    #[must_use]
    #[doc(alias = "lr")]
    pub fn learning_rate(self, learning_rate: f64) -> Lbfgs {
        Lbfgs { learning_rate, ..self }
    }

    /// How many steps a call takes at most.
    #[must_use]
    #[doc(alias = "max_iter")]
    pub fn iterations(self, most: u64) -> Lbfgs {
        Lbfgs { iterations: most, ..self }
    }

    /// How many evaluations a call makes at most, but for those that end a search; a quarter more than steps unless set.
    #[must_use]
    #[doc(alias = "max_eval")]
    pub fn evaluations(self, most: u64) -> Lbfgs {
        Lbfgs { evaluations: Some(most), ..self }
    }

    /// From how many steps the curvature is estimated.
    #[must_use]
    pub fn history_size(self, steps: usize) -> Lbfgs {
        Lbfgs { history_size: steps, ..self }
    }

    /// A call ends where no element of the gradient is larger.
    #[must_use]
    #[doc(alias = "tolerance_grad")]
    pub fn gradient_tolerance(self, tolerance: f64) -> Lbfgs {
        Lbfgs { gradient_tolerance: tolerance, ..self }
    }

    /// A call ends where neither the loss nor a parameter changes by more.
    #[must_use]
    #[doc(alias = "tolerance_change")]
    pub fn change_tolerance(self, tolerance: f64) -> Lbfgs {
        Lbfgs { change_tolerance: tolerance, ..self }
    }

    /// How many steps were taken in all calls.
    pub fn steps(&self) -> u64 {
        self.memory.iterations
    }

    /// Moves the parameters step by step; `evaluate` returns the loss and its gradients for the parameters as they are.
    ///
    /// It is called once at the start, and in each step as often as the search for the length wants. If it fails, or if the
    /// loss or a gradient is not finite where the call begins, the parameters are where they were; where a search comes upon
    /// such numbers, it turns back.
    ///
    /// # Errors
    /// Those of `evaluate`; with the path of the parameter [`OptimError::NoGradient`], [`OptimError::GradientShape`] and
    /// [`OptimError::Twin`];
    /// [`OptimError::Loss`] and [`OptimError::NonFinite`] for numbers that are not finite at the start;
    /// [`OptimError::Setting`]; once a step was taken, [`OptimError::OtherParameters`] if the model has other trainable
    /// parameters than before, and [`OptimError::State`] if it has others than the state that was loaded.
    pub fn step_with<M: Parameters + ?Sized>(
        &mut self,
        model: &mut M,
        mut evaluate: impl FnMut(&mut M) -> Result<(f64, Gradients)>,
    ) -> Result<LbfgsReport> {
        self.check()?;
        self.attach(model)?;
        let origin = gather(model, &self.memory.layout);
        let outcome = self.steps_from(model, &origin, &mut evaluate);
        if outcome.is_err() {
            scatter(model, &origin);
        }
        outcome
    }

    fn steps_from<M: Parameters + ?Sized>(
        &mut self,
        model: &mut M,
        origin: &[Elem],
        evaluate: &mut impl FnMut(&mut M) -> Result<(f64, Gradients)>,
    ) -> Result<LbfgsReport> {
        let layout = self.memory.layout.clone();
        let mut at = |model: &mut M, x: &[Elem]| -> Result<(f64, Vec<Elem>)> {
            scatter(model, x);
            let (loss, gradients) = evaluate(model)?;
            Ok((loss, flat(model, &gradients, &layout)?))
        };
        let mut x = origin.to_vec();
        let (mut loss, mut gradient) = at(model, &x)?;
        expect_finite(loss, &gradient, &layout)?;
        // What is remembered changes only once nothing can fail.
        let mut memory = self.memory.copy();
        let first_loss = loss;
        let most = self.evaluations.unwrap_or(self.iterations.saturating_add(self.iterations / 4));
        let (mut evaluations, mut iterations) = (1, 0);
        while iterations < self.iterations && largest(&gradient) > self.gradient_tolerance {
            iterations += 1;
            memory.iterations = memory.iterations.saturating_add(1);
            let direction = memory.direction(&gradient, self.history_size);
            let start = if memory.iterations == 1 {
                let sum: f64 = vector::sum_of_sizes(&gradient);
                (1.0 / sum).min(1.0) * self.learning_rate
            } else {
                self.learning_rate
            };
            let slope = dot(&gradient, &direction);
            memory.gradient.clone_from(&gradient);
            memory.direction.clone_from(&direction);
            memory.length = start;
            // Along a direction that does not go down there is nothing to find.
            if slope.is_nan() || slope > -self.change_tolerance {
                break;
            }
            let here = Point { length: 0.0, loss, slope, gradient };
            let before = loss;
            let found = search::strong_wolfe(
                here,
                start,
                largest(&direction),
                self.change_tolerance,
                most.saturating_sub(evaluations),
                &mut |length| {
                    let mut there = x.clone();
                    add_to(&mut there, length, &direction);
                    let (loss, gradient) = at(model, &there)?;
                    let slope = dot(&gradient, &direction);
                    Ok(Point { length, loss, slope, gradient })
                },
            )?;
            evaluations += found.evaluations;
            memory.length = found.point.length;
            add_to(&mut x, found.point.length, &direction);
            (loss, gradient) = (found.point.loss, found.point.gradient);
            let moved = found.point.length * largest(&direction);
            let still = moved <= self.change_tolerance || (loss - before).abs() < self.change_tolerance;
            if evaluations >= most || still {
                break;
            }
        }
        scatter(model, &x);
        memory.evaluations = memory.evaluations.saturating_add(evaluations);
        self.memory = memory;
        Ok(LbfgsReport { first_loss, loss, iterations, evaluations })
    }

    fn check(&self) -> Result<()> {
        let (rate, size) = (self.learning_rate, self.history_size);
        expect("Lbfgs", "a finite learning rate above 0", rate, rate > 0.0 && rate.is_finite())?;
        expect("Lbfgs", "a history of at least 1 step", size as f64, size > 0)?;
        let tolerances = [self.gradient_tolerance, self.change_tolerance];
        tolerances
            .into_iter()
            .try_for_each(|got| expect("Lbfgs", "a tolerance of at least 0", got, got >= 0.0))
    }

    /// Notes the trainable parameters, or compares them with those of before.
    fn attach(&mut self, model: &(impl Parameters + ?Sized)) -> Result<()> {
        distinct(&model)?;
        let mut layout = Vec::new();
        model.visit(&Path::root(), &mut |path, leaf| {
            if let Leaf::Param(param) = leaf
                && param.is_trainable()
            {
                layout.push((path.to_string(), *param.shape()));
            }
        });
        if let Some(pending) = &self.pending {
            self.memory = Memory::of(pending, layout)?;
            self.pending = None;
        } else if self.memory.iterations == 0 {
            // Nothing depends on them yet: a call that failed may have named one that has been frozen since.
            self.memory.layout = layout;
        } else if self.memory.layout != layout {
            let Difference { missing, unexpected, mismatched } = Difference::of(&self.memory.layout, &layout);
            return Err(OptimError::OtherParameters { missing, unexpected, mismatched }.into());
        }
        Ok(())
    }
}

impl Default for Lbfgs {
    fn default() -> Lbfgs {
        Lbfgs::new()
    }
}

impl Memory {
    /// The next direction, after what the last step showed has been learned.
    fn direction(&mut self, gradient: &[Elem], size: usize) -> Vec<Elem> {
        if self.iterations > 1 {
            self.history.learn(gradient, &self.gradient, &self.direction, self.length, size);
        }
        self.history.direction(gradient)
    }

    /// What a call changes; differences are shared with the original.
    fn copy(&self) -> Memory {
        Memory {
            layout: self.layout.clone(),
            history: self.history.clone(),
            direction: self.direction.clone(),
            gradient: self.gradient.clone(),
            ..*self
        }
    }
}

/// The gradients as one vector.
fn flat(
    model: &(impl Parameters + ?Sized),
    gradients: &Gradients,
    layout: &[(String, Shape)],
) -> Result<Vec<Elem>> {
    let total = layout.iter().map(|(_, shape)| shape.numel()).sum();
    let (mut flat, mut result) = (Vec::with_capacity(total), Ok(()));
    model.visit(&Path::root(), &mut |path, leaf| {
        let Leaf::Param(param) = leaf else { return };
        if result.is_err() || !param.is_trainable() {
            return;
        }
        let expected = *param.shape();
        result = match gradients.get(param) {
            None => Err(Error::from(OptimError::NoGradient)).at(path),
            Some(gradient) if *gradient.shape() != expected => {
                Err(Error::from(OptimError::GradientShape { expected, got: *gradient.shape() })).at(path)
            }
            Some(gradient) => {
                flat.extend_from_slice(gradient.as_slice());
                Ok(())
            }
        };
    });
    result.map(|()| flat)
}

/// Refuses numbers that are not finite, by path.
fn expect_finite(loss: f64, gradient: &[Elem], layout: &[(String, Shape)]) -> Result<()> {
    if !loss.is_finite() {
        return Err(OptimError::Loss { got: loss }.into());
    }
    let mut rest = gradient;
    for (path, shape) in layout {
        let (of_parameter, after) = rest.split_at(shape.numel());
        rest = after;
        if of_parameter.iter().any(|g| !g.is_finite()) {
            let gradient = Tensor::from_slice(of_parameter, *shape)?;
            return Err(Error::from(crate::optimizer::look::first_non_finite(&gradient))).at(path);
        }
    }
    Ok(())
}
