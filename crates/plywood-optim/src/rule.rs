//! What every update rule is.

use crate::{Step, WeightDecay};
use plywood_tensor::{Elem, Result, Shape};
use std::fmt::Debug;

/// The largest number of state tensors a rule may keep for each parameter.
pub const MAX_SLOTS: usize = 8;

/// How a parameter moves, given its gradient: the arithmetic of an optimizer and nothing else.
///
/// A rule holds its settings. What it remembers of a parameter lies in *slots*: tensors of the parameter's shape that the
/// [`Optimizer`](crate::Optimizer) keeps, saves and hands to [`Rule::update`]. The rule works on each element by itself,
/// so a large parameter may be handed over in pieces, on several threads; if it cannot, because it needs a norm or a matrix,
/// it says so by [`Rule::is_whole`].
///
/// Keep the loop short and give [`simd::dispatch`](plywood_tensor::simd::dispatch) a `move` closure: constants that it owns
/// stay in registers, while behind a reference the loop would have to load them again after every number it writes.
///
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{Optimizer, Rule, Step};
/// use plywood_tensor::{Elem, Float, Tensor, simd};
///
/// /// Moves by the learning rate against the sign of the gradient.
/// #[derive(Debug)]
/// struct SignDescent(f64);
///
/// impl Rule for SignDescent {
///     fn name(&self) -> &'static str { "SignDescent" }
///     fn learning_rate(&self) -> f64 { self.0 }
///     fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], _: &mut [&mut [Elem]]) {
///         let rate = Elem::of(step.learning_rate);
///         simd::dispatch(move || {
///             for (p, &g) in parameter.iter_mut().zip(gradient) {
///                 *p -= rate * g.signum();
///             }
///         });
///     }
/// }
///
/// let mut model = vec![Param::new(Tensor::from([1.0, -1.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([10.0, -0.1]));
/// Optimizer::new(SignDescent(0.25)).step(&mut model, &gradients)?;
/// assert_eq!(model[0].value().as_slice(), [0.75, -0.75]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
pub trait Rule: Debug + Send + Sync {
    /// The name of the rule, which errors and saved states give.
    fn name(&self) -> &'static str;

    /// The learning rate it starts with.
    fn learning_rate(&self) -> f64;

    /// How it pulls parameters towards 0; none unless said otherwise.
    fn weight_decay(&self) -> WeightDecay {
        WeightDecay::Coupled(0.0)
    }

    /// Refuses settings that make no sense; learning rate and weight decay are checked by the optimizer.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting), as a rule.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// The names of the slots it keeps for each parameter, at most [`MAX_SLOTS`]; `accumulated` is none, for sums of gradients
    /// are saved under it.
    fn slots(&self) -> &'static [&'static str] {
        &[]
    }

    /// The shape of a slot for a parameter of this shape, or `None` if such a parameter has no such slot; that of the parameter
    /// unless said otherwise.
    ///
    /// Only rules that [see whole parameters](Rule::is_whole) may choose another shape. [`Rule::update`] is given the slots
    /// that the parameter has, in order.
    fn slot_shape(&self, slot: usize, parameter: &Shape) -> Option<Shape> {
        let _ = slot;
        Some(*parameter)
    }

    /// What fills a slot before the first step of its parameter.
    fn start(&self, slot: usize) -> f64 {
        let _ = slot;
        0.0
    }

    /// Refuses parameters that it cannot move, by their shape; frozen ones are not asked.
    ///
    /// # Errors
    /// [`OptimError::Parameter`](crate::OptimError::Parameter), as a rule.
    fn check_shape(&self, parameter: &Shape) -> Result<()> {
        let _ = parameter;
        Ok(())
    }

    /// The rule that moves parameters of this shape in its place, with slots, learning rate and weight decay of its own; none
    /// unless said otherwise.
    ///
    /// When the optimizer's learning rate changes, that of the other rule changes in proportion.
    fn instead(&self, parameter: &Shape) -> Option<&dyn Rule> {
        let _ = parameter;
        None
    }

    /// Whether [`Rule::update`] must see a parameter as a whole, for example because it needs a norm. It is then called once,
    /// with [`Step::shape`], and may use several threads itself ([`par`](plywood_tensor::par)).
    fn is_whole(&self) -> bool {
        false
    }

    /// Whether [`Rule::update`] does a decoupled weight decay in its own pass, multiplying the parameter with
    /// [`Step::keep`]. Otherwise the optimizer does it before.
    fn decays(&self) -> bool {
        false
    }

    /// Numbers that depend on the step alone, such as corrections of a bias, for [`Step::constants`]; none unless said
    /// otherwise.
    ///
    /// They are computed once for all parameters that take the same step, where [`Rule::update`] would compute them again
    /// for each piece. A rule that wraps another hands its constants on.
    fn constants(&self, step: &Step) -> Option<[f64; 2]> {
        let _ = step;
        None
    }

    /// Moves a parameter, or a piece of it, in one pass over its memory; the slots are as many and as long as they should.
    ///
    /// Clipping and weight decay were done before: a coupled decay is in the gradient, a decoupled one in the parameter.
    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]);

    /// How many gradients a step takes: more than one for rules that look around before they move.
    fn evaluations(&self) -> usize {
        1
    }

    /// Moves a parameter to where the next gradient shall be taken; only for rules of several evaluations.
    ///
    /// It is called before each evaluation but the first, `evaluation` counting from 1, at the place where the step began,
    /// with the gradients of the evaluation before and the norm over all of them. Parameters are back at that place when
    /// [`Rule::update`] is called, with the gradients of the last evaluation.
    fn probe(&self, evaluation: usize, norm: f64, parameter: &mut [Elem], gradient: &[Elem]) {
        let _ = (evaluation, norm, parameter, gradient);
    }
}
