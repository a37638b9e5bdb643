//! What `forward` is given besides its input.

use crate::parameters::whole::WholeMut;
use crate::{LeafMut, Parameters};
use plywood_autograd::{Buffer, BufferValue, Param, ParamId, Sighting, Var, Watch};
use plywood_tensor::{Result, Seed, Stream, Tensor};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Whether a model is trained or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Dropout drops, batch statistics count, parameters receive gradients.
    Train,
    /// Nothing is random, running statistics count, nothing is recorded.
    Eval,
}

/// What one pass through a model shares: the mode, the random numbers, and the updates of buffers.
///
/// ```
/// use plywood_nn::{Context, Linear, Module};
/// use plywood_tensor::{Seed, Tensor};
///
/// let layer = Linear::new(3, 2, &Seed(0).stream())?;
/// let cx = Context::train(Seed(7), 0);
/// let loss = layer.forward(&cx, &cx.input(Tensor::ones([4, 3])?))?.sum();
/// assert_eq!(loss.backward()?.len(), 2); // weight and bias
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug)]
pub struct Context {
    mode: Mode,
    gradients: bool,
    stream: Stream,
    draws: AtomicU64,
    updates: Mutex<BTreeMap<ParamId, BufferValue>>,
    watch: Option<Arc<Watch>>,
}

impl Context {
    /// For a training step; `step` counts through all epochs, so that each step draws its own random numbers.
    pub fn train(seed: Seed, step: u64) -> Context {
        Context::new(Mode::Train, true, seed.stream().at(step))
    }

    /// For evaluation: nothing is random and nothing is recorded.
    pub fn eval() -> Context {
        Context::new(Mode::Eval, false, Seed(0).stream())
    }

    fn new(mode: Mode, gradients: bool, stream: Stream) -> Context {
        let updates = Mutex::new(BTreeMap::new());
        Context { mode, gradients, stream, draws: AtomicU64::new(0), updates, watch: None }
    }

    /// The same, whether or not parameters receive gradients: evaluation with gradients, or training without.
    #[must_use]
    pub fn with_gradients(self, gradients: bool) -> Context {
        Context { gradients, ..self }
    }

    /// The same, looking at every result and every gradient for the first that is not finite; slower.
    ///
    /// ```
    /// use plywood_nn::{Context, Linear, Module};
    /// use plywood_tensor::{Seed, Tensor};
    ///
    /// let layer = Linear::new(1, 1, &Seed(0).stream())?;
    /// let cx = Context::train(Seed(7), 0).watching();
    /// let y = layer.forward(&cx, &cx.input(Tensor::from([[1.0]])))?;
    /// y.square().mul_scalar(1e5).exp().reciprocal(); // overflows, though the result is 0
    /// assert_eq!(cx.first_non_finite().unwrap().op, "exp");
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    #[must_use]
    pub fn watching(self) -> Context {
        self.watched_by(Arc::new(Watch::default()))
    }

    /// The same, with every operation reported to a watch, also those in front of the first parameter that is trained.
    #[must_use]
    pub fn watched_by(self, watch: Arc<Watch>) -> Context {
        Context { watch: Some(watch), ..self }
    }

    /// The first operation whose result or gradient was not finite, if the context was told to watch and saw one.
    pub fn first_non_finite(&self) -> Option<Sighting> {
        self.watch.as_ref().and_then(|watch| watch.first())
    }

    /// Whether the model is trained or used.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether the model is trained.
    pub fn is_training(&self) -> bool {
        self.mode == Mode::Train
    }

    /// An input of the model.
    pub fn input(&self, x: Tensor) -> Var {
        match &self.watch {
            Some(watch) if self.gradients => Var::watched_variable(x, watch.clone()),
            _ => Var::constant(x),
        }
    }

    /// A parameter as it enters the computation: with a place for its gradient, or a constant where none is wanted.
    pub fn parameter(&self, param: &Param) -> Var {
        if self.gradients {
            Var::watched_parameter(param, self.watch.clone())
        } else {
            Var::constant(param.value().clone())
        }
    }

    /// Random numbers for the layer that asks: those of the seed, the step, and how many layers asked before it.
    pub fn stream(&self) -> Stream {
        self.stream.at(self.draws.fetch_add(1, Ordering::Relaxed))
    }

    /// What a buffer shall hold after the step.
    pub fn update(&self, buffer: &Buffer, value: impl Into<BufferValue>) {
        self.pending().insert(buffer.id(), value.into());
    }

    /// What a buffer will hold after the step: its pending update, or what it holds now.
    pub fn buffer(&self, buffer: &Buffer) -> BufferValue {
        self.pending().get(&buffer.id()).unwrap_or(buffer.value()).clone()
    }

    /// Writes the updates into the buffers of the model, and forgets them; those of another model go on waiting.
    ///
    /// # Errors
    /// [`NnError::BufferShape`](crate::NnError::BufferShape) for an update of another shape than its buffer.
    pub fn commit(&self, model: &mut (impl Parameters + ?Sized)) -> Result<()> {
        self.commit_to(&mut { model })
    }

    fn commit_to(&self, model: &mut dyn WholeMut) -> Result<()> {
        let mut updates = self.pending();
        if updates.is_empty() {
            return Ok(());
        }
        let mut result = Ok(());
        model.show_mut(&mut |path, leaf| {
            let LeafMut::Buffer(buffer) = leaf else { return };
            let Some(value) = updates.remove(&buffer.id()) else { return };
            if value.shape() == buffer.value().shape() {
                *buffer.value_mut() = value;
            } else if result.is_ok() {
                let (expected, got) = (*buffer.value().shape(), *value.shape());
                result = Err(crate::NnError::BufferShape { path: path.to_string(), expected, got });
            }
        });
        Ok(result?)
    }

    fn pending(&self) -> std::sync::MutexGuard<'_, BTreeMap<ParamId, BufferValue>> {
        self.updates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
