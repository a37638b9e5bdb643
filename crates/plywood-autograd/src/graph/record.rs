//! The door by which operations enter the graph.

use super::grad::pull;
use super::node::NodeRef;
use crate::Var;
use plywood_tensor::{Elem, Result, Shape, SharedShape, Tensor, simd};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// Which values an operation needs again for its gradient; the others can be freed at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// None: shapes are enough.
    Nothing,
    /// The inputs.
    Inputs,
    /// The output.
    Output,
    /// The inputs and the output.
    Both,
}

/// An input or the output of an operation, as its gradient rule sees it: a [`Var`] if it was kept, always a shape.
///
/// Where a first derivative is computed it is a constant, so that nothing is recorded; where the derivative is to be
/// differentiated again it has its place in the graph.
#[derive(Clone)]
pub struct Saved {
    value: Value,
    pub(crate) parent: NodeRef,
    wanted: bool,
}

/// A value, or all that is left of one.
#[derive(Clone)]
enum Value {
    Kept(Var),
    Shape(SharedShape),
}

/// The gradient for one input of an operation; `None` if nobody wants it.
pub type Gradient = Option<Result<Var>>;

impl Saved {
    #[inline]
    fn new(value: &Tensor, keep: bool, parent: Option<&NodeRef>) -> Saved {
        let value = if keep {
            Value::Kept(Var::constant(value.clone()))
        } else {
            Value::Shape(SharedShape::new(value.shape()))
        };
        Saved { value, parent: parent.cloned().unwrap_or(NodeRef::NONE), wanted: parent.is_some() }
    }

    /// The sizes along each axis; known even if the value was not kept.
    #[inline]
    pub fn shape(&self) -> &Shape {
        match &self.value {
            Value::Kept(var) => var.shape(),
            Value::Shape(shape) => shape,
        }
    }

    /// The gradient for this input, computed only if it is wanted.
    #[inline]
    pub fn wants(&self, gradient: impl FnOnce() -> Result<Var>) -> Gradient {
        self.wanted.then(gradient)
    }

    /// Whether the gradient for this input is wanted.
    #[inline]
    pub fn is_wanted(&self) -> bool {
        self.wanted
    }

    pub(crate) fn set_wanted(&mut self, wanted: bool) {
        self.wanted = wanted;
    }

    /// Gives the value its place in the graph: `node` for an output, its own parent for an input.
    pub(crate) fn attach(&mut self, node: NodeRef) {
        if let Value::Kept(var) = &mut self.value {
            var.set_node(node);
        }
    }
}

impl Deref for Saved {
    type Target = Var;
    #[inline]
    fn deref(&self) -> &Var {
        match &self.value {
            Value::Kept(var) => var,
            Value::Shape(_) => {
                panic!("a gradient rule reads a value that its operation did not ask to keep; see `Keep`")
            }
        }
    }
}

impl fmt::Debug for Saved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Kept(var) => write!(f, "{}", var.shape()),
            Value::Shape(shape) => write!(f, "{shape:?} (not kept)"),
        }
    }
}

/// A gradient rule, whatever the number of inputs; it can be shared by several walks.
#[derive(Clone)]
pub(crate) enum Rule {
    /// A rule that captures nothing.
    Static(&'static dyn Pullback),
    /// A rule with attributes.
    Counted(Arc<dyn Pullback>),
}

impl Rule {
    #[inline]
    fn new<P: Pullback + 'static>(rule: P) -> Rule {
        if size_of::<P>() == 0 && !std::mem::needs_drop::<P>() {
            // A box of nothing takes no memory: none is allocated, and none is leaked.
            return Rule::Static(Box::leak(Box::new(rule)));
        }
        Rule::Counted(Arc::new(rule))
    }
}

impl Deref for Rule {
    type Target = dyn Pullback;
    #[inline]
    fn deref(&self) -> &(dyn Pullback + 'static) {
        match self {
            Rule::Static(rule) => *rule,
            Rule::Counted(rule) => &**rule,
        }
    }
}

/// What [`Pullback::pull`] does with the gradient of an input: its index, the input if there is such a one, the gradient.
pub(crate) type Receiver<'a> = dyn FnMut(usize, Option<&mut Saved>, Gradient) -> Result<()> + 'a;

/// What a rule does, behind one type.
pub(crate) trait Pullback: Send + Sync {
    /// Computes the gradients of the inputs, then hands each to `send`.
    fn pull(
        &self,
        inputs: &mut [Saved],
        output: &Saved,
        gradient: Var,
        send: &mut Receiver<'_>,
    ) -> Result<()>;
}

struct RuleFor<const N: usize, F>(F);

impl<const N: usize, F> Pullback for RuleFor<N, F>
where
    F: Fn([&Saved; N], &Saved, Var) -> [Gradient; N] + Send + Sync,
{
    fn pull(
        &self,
        inputs: &mut [Saved],
        output: &Saved,
        gradient: Var,
        send: &mut Receiver<'_>,
    ) -> Result<()> {
        let mut gradients = (self.0)(refer(inputs), output, gradient);
        send_each(&mut gradients, inputs, send)
    }
}

struct RuleForMany<F>(F);

impl<F> Pullback for RuleForMany<F>
where
    F: Fn(&[Saved], &Saved, Var) -> Vec<Gradient> + Send + Sync,
{
    fn pull(
        &self,
        inputs: &mut [Saved],
        output: &Saved,
        gradient: Var,
        send: &mut Receiver<'_>,
    ) -> Result<()> {
        let mut gradients = (self.0)(inputs, output, gradient);
        send_each(&mut gradients, inputs, send)
    }
}

// There are many rules: what does not depend on one stands in functions that are compiled once.

#[inline]
fn refer<const N: usize>(inputs: &[Saved]) -> [&Saved; N] {
    std::array::from_fn(|i| &inputs[i])
}

fn send_each(gradients: &mut [Gradient], inputs: &mut [Saved], send: &mut Receiver<'_>) -> Result<()> {
    for (i, gradient) in gradients.iter_mut().enumerate() {
        send(i, inputs.get_mut(i), gradient.take())?;
    }
    Ok(())
}

#[inline]
fn open(op: &'static str, keep: Keep, inputs: &[&Var], output: Tensor, rule: impl Pullback + 'static) -> Var {
    if inputs.iter().any(|input| input.is_recorded()) {
        attach(op, keep, inputs, output, Rule::new(rule))
    } else {
        Var::constant(output)
    }
}

#[inline(never)]
fn attach(op: &'static str, keep: Keep, inputs: &[&Var], output: Tensor, rule: Rule) -> Var {
    let watch = inputs.iter().filter_map(|input| input.node()).find_map(|node| node.watch().cloned());
    let keep_inputs = matches!(keep, Keep::Inputs | Keep::Both);
    let keep_output = matches!(keep, Keep::Output | Keep::Both);
    let after = inputs.iter().filter_map(|input| Some(input.node()?.id())).max().unwrap_or(0);
    let node = NodeRef::open(op, after, watch, |contents| {
        let saved = inputs.iter().map(|input| Saved::new(input.value(), keep_inputs, input.node()));
        contents.inputs.extend(saved);
        contents.result = Some((Saved::new(&output, keep_output, None), rule));
    });
    if let Some(watch) = node.watch() {
        watch.recorded(op, inputs, &output, node.id());
    }
    Var::with_node(output, node)
}

impl Var {
    /// The result of an operation, recorded with its gradient rule if one of the inputs is recorded.
    ///
    /// The rule is given the inputs, the output and the gradient of the output, and returns the gradient of each input.
    /// It is written with operations on `Var`s, and so can be differentiated itself. It captures attributes only, never a
    /// `Var`: what it needs of inputs and output it says by `keep`.
    ///
    /// ```
    /// use plywood_autograd::{Keep, Var, grad, gradcheck};
    /// use plywood_tensor::{Result, Tensor};
    ///
    /// /// y = x³
    /// fn cube(x: &Var) -> Var {
    ///     let y = x.value().map(|x| x * x * x);
    ///     Var::record("cube", Keep::Inputs, [x], y, |[x], _, g| [
    ///         x.wants(|| x.mul(x)?.mul_scalar(3.0).mul(&g)),
    ///     ])
    /// }
    ///
    /// gradcheck(|x| Ok(cube(&x[0])), &[Tensor::from([-1.0, 0.5, 2.0])])?;
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    pub fn record<const N: usize, F>(
        op: &'static str,
        keep: Keep,
        inputs: [&Var; N],
        output: Tensor,
        rule: F,
    ) -> Var
    where
        F: Fn([&Saved; N], &Saved, Var) -> [Gradient; N] + Send + Sync + 'static,
    {
        open(op, keep, &inputs, output, RuleFor(rule))
    }

    /// As [`Var::record`], for an operation of any number of inputs.
    pub fn record_many<F>(op: &'static str, keep: Keep, inputs: &[&Var], output: Tensor, rule: F) -> Var
    where
        F: Fn(&[Saved], &Saved, Var) -> Vec<Gradient> + Send + Sync + 'static,
    {
        open(op, keep, inputs, output, RuleForMany(rule))
    }

    /// As [`Var::record`], for an operation that computes its first derivative by a kernel of its own.
    ///
    /// `rule` works on values. `definition` says the same operation in simpler ones; it serves the higher derivatives,
    /// and tests compare the two. Both need the inputs, so `keep` is at least [`Keep::Inputs`].
    pub fn record_fused<const N: usize, F, D>(
        op: &'static str,
        keep: Keep,
        inputs: [&Var; N],
        output: Tensor,
        rule: F,
        definition: D,
    ) -> Var
    where
        F: Fn([&Saved; N], &Saved, Var) -> [Gradient; N] + Send + Sync + 'static,
        D: Fn([&Var; N]) -> Result<Var> + Send + Sync + 'static,
    {
        Var::record(op, keep, inputs, output, move |inputs, output, gradient| {
            let again = gradient.is_recorded() || inputs.iter().any(|input| input.is_recorded());
            if again { pull(&definition, inputs, &gradient) } else { rule(inputs, output, gradient) }
        })
    }

    /// `f` of each element, where the derivative is known from the input: `slope(x)`, as a number and as `Var`s.
    ///
    /// The numbers serve the first derivative, in one pass; the `Var`s serve the higher ones. Short closures run in full
    /// vectors; for long ones see [`Var::by_input_pieces`].
    pub fn by_input(
        &self,
        op: &'static str,
        f: impl Fn(Elem) -> Elem + Sync,
        slope: impl Fn(Elem) -> Elem + Send + Sync + 'static,
        slope_var: impl Fn(&Var) -> Var + Send + Sync + 'static,
    ) -> Var {
        let y = self.value().map(f);
        self.by_input_pieces(op, y, move |g, v| simd::run(TimesSlope { g, v, slope: &slope }), slope_var)
    }

    /// `f` of each element, where the derivative is known from the output: `slope(y)`, as a number and as `Var`s.
    pub fn by_output(
        &self,
        op: &'static str,
        f: impl Fn(Elem) -> Elem + Sync,
        slope: impl Fn(Elem) -> Elem + Send + Sync + 'static,
        slope_var: impl Fn(&Var) -> Var + Send + Sync + 'static,
    ) -> Var {
        let y = self.value().map(f);
        self.by_output_pieces(op, y, move |g, v| simd::run(TimesSlope { g, v, slope: &slope }), slope_var)
    }

    /// As [`Var::by_input`] with `y` computed already, where `times_slope(g, x)` multiplies a piece of the gradient by the
    /// slope at the same piece of the input.
    ///
    /// A [`simd::Kernel`] inside it runs in full vectors however long it is.
    pub fn by_input_pieces(
        &self,
        op: &'static str,
        y: Tensor,
        times_slope: impl Fn(&mut [Elem], &[Elem]) + Send + Sync + 'static,
        slope_var: impl Fn(&Var) -> Var + Send + Sync + 'static,
    ) -> Var {
        Var::record(op, Keep::Inputs, [self], y, move |[x], _, g| {
            [x.wants(|| chain(op, x, g, &times_slope, &slope_var))]
        })
    }

    /// As [`Var::by_input_pieces`], with the slope known from the output.
    pub fn by_output_pieces(
        &self,
        op: &'static str,
        y: Tensor,
        times_slope: impl Fn(&mut [Elem], &[Elem]) + Send + Sync + 'static,
        slope_var: impl Fn(&Var) -> Var + Send + Sync + 'static,
    ) -> Var {
        Var::record(op, Keep::Output, [self], y, move |[x], y, g| {
            [x.wants(|| chain(op, y, g, &times_slope, &slope_var))]
        })
    }
}

/// `g ← g · slope(v)` of each pair.
struct TimesSlope<'a, F> {
    g: &'a mut [Elem],
    v: &'a [Elem],
    slope: &'a F,
}

impl<F: Fn(Elem) -> Elem> simd::Kernel for TimesSlope<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for (g, &v) in self.g.iter_mut().zip(self.v) {
            *g *= (self.slope)(v);
        }
    }
}

/// `g · slope(v)`: in one pass where nothing is recorded, as operations where it is.
fn chain(
    op: &'static str,
    v: &Var,
    g: Var,
    times_slope: &(dyn Fn(&mut [Elem], &[Elem]) + Sync),
    slope_var: &dyn Fn(&Var) -> Var,
) -> Result<Var> {
    if v.is_recorded() || g.is_recorded() {
        return slope_var(v).mul(&g);
    }
    // The gradient is this walk's alone as a rule, and then its memory serves for the result.
    let mut g = g.into_value();
    g.combine_pieces(op, v.value(), times_slope)?;
    Ok(Var::constant(g))
}
