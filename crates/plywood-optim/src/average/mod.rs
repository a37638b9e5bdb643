//! Averages of a model over many steps.

pub(crate) mod state;

use crate::by_name::by_name;
use crate::error::expect;
use crate::{AverageState, OptimError};
use plywood_autograd::BufferValue;
use plywood_nn::{Leaf, LeafMut, Parameters, Path};
use plywood_tensor::{Elem, Float, Result, Tensor, par, simd};
use std::collections::BTreeMap;

/// A running mean of the parameters of a model: it often does better than the model of the last step.
///
/// With the parameters `p` after update `t`, and `a = p` after the first:
/// ```text
/// exponential:  a ← a + (1 − d) (p − a)                   with warm-up: a ← a + (1 − d) / (1 − dᵗ) · (p − a)
/// uniform:      a ← a + (p − a) / t
/// ```
/// It is updated from the model when and as often as you like: after every step for an exponential mean, after every epoch
/// with a high learning rate for a uniform one (stochastic weight averaging). [`Average::swap`] puts it into the model, to be
/// evaluated or saved, and another swap takes it out again.
///
/// Buffers stay as they are in the model unless [`Average::buffers`] is set, and then integers do. Running statistics of a
/// uniform mean that is kept for good should be computed anew, by a pass over the data in training mode.
///
/// # Example
/// ```
/// use plywood_autograd::Param;
/// use plywood_optim::Average;
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([0.0, 8.0]))];
/// let mut average = Average::exponential(0.75);
/// average.update(&model)?;
/// *model[0].value_mut() = Tensor::from([4.0, 8.0]);
/// average.update(&model)?;
///
/// average.swap(&mut model)?;
/// assert_eq!(model[0].value().as_slice(), [1.0, 8.0]);
/// average.swap(&mut model)?;
/// assert_eq!(model[0].value().as_slice(), [4.0, 8.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992; Izmailov and others, "Averaging weights
/// leads to wider optima and better generalization", 2018. PyTorch: `torch.optim.swa_utils.AveragedModel` with
/// `get_ema_multi_avg_fn` or `get_swa_multi_avg_fn`, and `use_buffers` for [`Average::buffers`], where PyTorch averages integers
/// too. Keras: `use_ema` of its optimizers. The warm-up is the bias correction of Adam.
#[derive(Debug, Clone)]
#[doc(alias = "AveragedModel")]
#[doc(alias = "ExponentialMovingAverage")]
pub struct Average {
    /// Of an exponential mean.
    decay: Option<f64>,
    warm_up: bool,
    buffers: bool,
    updates: u64,
    /// Whether the model has the mean now, and the entries the numbers of the model.
    swapped: bool,
    /// In the order in which the model shows them; none before the first update.
    entries: Vec<Entry>,
    /// A state that waits for the model it belongs to.
    pending: Option<AverageState>,
}

/// The mean of one parameter or buffer.
#[derive(Debug, Clone)]
struct Entry {
    path: String,
    value: Tensor,
}

impl Average {
    /// A mean in which an update counts `decay` times as much as the next one; 0.999 is usual.
    pub fn exponential(decay: f64) -> Average {
        Average { decay: Some(decay), ..Average::uniform() }
    }

    /// A mean in which all updates count alike.
    #[doc(alias = "stochastic weight averaging")]
    pub fn uniform() -> Average {
        Average {
            decay: None,
            warm_up: false,
            buffers: false,
            updates: 0,
            swapped: false,
            entries: Vec::new(),
            pending: None,
        }
    }

    /// Forgets the first updates as fast as all others.
    ///
    /// Otherwise the first one counts as if it had been there for ever: after 1000 updates with a decay of 0.999, still for
    /// more than a third of the mean. No difference to a uniform mean.
    #[must_use]
    pub fn warm_up(self) -> Average {
        Average { warm_up: true, ..self }
    }

    /// Averages buffers of real numbers too, such as running statistics.
    #[must_use]
    #[doc(alias = "use_buffers")]
    pub fn buffers(self) -> Average {
        Average { buffers: true, ..self }
    }

    /// How many updates there were.
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// Whether it is in the model now.
    pub fn is_swapped(&self) -> bool {
        self.swapped
    }

    /// Takes the numbers of the model into the mean, in place; nothing is changed if an error is returned.
    ///
    /// # Errors
    /// [`OptimError::Swapped`] while the mean is in the model, [`OptimError::Average`] if the model has other parameters than
    /// before or than the state that was loaded, [`OptimError::Setting`] for a decay outside of 0 to 1.
    pub fn update(&mut self, model: &(impl Parameters + ?Sized)) -> Result<()> {
        if let Some(decay) = self.decay {
            expect("Average", "a decay of at least 0 and at most 1", decay, (0.0..=1.0).contains(&decay))?;
        }
        if self.swapped {
            return Err(OptimError::Swapped.into());
        }
        self.attach(model)?;
        let weight = self.weight();
        let (buffers, mut entries) = (self.buffers, self.entries.iter_mut());
        model.visit(&Path::root(), &mut |_, leaf| {
            if let Some(value) = averaged(leaf, buffers)
                && let Some(entry) = entries.next()
            {
                toward(&mut entry.value, value, weight);
            }
        });
        self.updates = self.updates.saturating_add(1);
        Ok(())
    }

    /// Exchanges the numbers of the model with the mean, without copying any; a second call takes it back.
    ///
    /// # Errors
    /// [`OptimError::Average`] if the model has other parameters than before, or if there was no update yet.
    pub fn swap(&mut self, model: &mut (impl Parameters + ?Sized)) -> Result<()> {
        if self.updates == 0 && self.pending.is_none() {
            return Err(OptimError::NoAverage.into());
        }
        self.attach(model)?;
        let (buffers, mut entries) = (self.buffers, self.entries.iter_mut());
        model.visit_mut(&Path::root(), &mut |_, leaf| {
            let value = match leaf {
                LeafMut::Param(param) => Some(param.value_mut()),
                LeafMut::Buffer(buffer) if buffers => match buffer.value_mut() {
                    BufferValue::Float(value) => Some(value),
                    BufferValue::Int(_) => None,
                },
                LeafMut::Buffer(_) => None,
            };
            if let Some(value) = value
                && let Some(entry) = entries.next()
            {
                std::mem::swap(value, &mut entry.value);
            }
        });
        self.swapped = !self.swapped;
        Ok(())
    }

    /// How far the mean moves towards the model.
    fn weight(&self) -> f64 {
        let count = self.updates.saturating_add(1);
        match self.decay {
            _ if count == 1 => 1.0,
            None => 1.0 / count as f64,
            Some(decay) if self.warm_up && decay < 1.0 => {
                // The correction reaches 1 long before the count reaches the end of its type.
                (1.0 - decay) / (1.0 - decay.powi(i32::try_from(count).unwrap_or(i32::MAX)))
            }
            // Without forgetting, all count alike.
            Some(_) if self.warm_up => 1.0 / count as f64,
            Some(decay) => 1.0 - decay,
        }
    }

    /// Makes entries for a model that is seen for the first time, and checks that it is the one of before otherwise.
    fn attach(&mut self, model: &(impl Parameters + ?Sized)) -> Result<()> {
        let (mut entries, mut fits) = (self.entries.iter(), !self.entries.is_empty());
        model.visit(&Path::root(), &mut |path, leaf| {
            let Some(value) = averaged(leaf, self.buffers) else { return };
            fits = fits
                && entries.next().is_some_and(|entry| {
                    *path == entry.path.as_str() && entry.value.shape() == value.shape()
                });
        });
        if fits && entries.next().is_none() {
            return Ok(());
        }
        let mut seen = Vec::new();
        model.visit(&Path::root(), &mut |path, leaf| {
            if let Some(value) = averaged(leaf, self.buffers) {
                seen.push((path.to_string(), value));
            }
        });
        self.start(&seen)
    }

    /// Makes the entries, or puts those that there are, or wait in a state, into the order of the model.
    #[cold]
    fn start(&mut self, seen: &[(String, &Tensor)]) -> Result<()> {
        let known: BTreeMap<&str, &Tensor> = match &self.pending {
            Some(state) => by_name(state.tensors.iter().map(|(path, value)| (path.as_str(), value))),
            None => by_name(self.entries.iter().map(|entry| (entry.path.as_str(), &entry.value))),
        };
        if known.is_empty() {
            let copy = |value: &Tensor| Tensor::from_slice(value.as_slice(), *value.shape());
            let entries =
                seen.iter().map(|(path, value)| Ok(Entry { path: path.clone(), value: copy(value)? }));
            self.entries = entries.collect::<Result<_>>()?;
            return Ok(());
        }
        let (mut missing, mut mismatched, mut entries) = (Vec::new(), Vec::new(), Vec::new());
        let mut unexpected = by_name(known.keys().map(|&path| (path, ())));
        for (path, value) in seen {
            unexpected.remove(path.as_str());
            match known.get(path.as_str()) {
                None => missing.push(path.clone()),
                Some(saved) if saved.shape() != value.shape() => {
                    mismatched.push(format!("{path}: expected {}, got {}", value.shape(), saved.shape()));
                }
                Some(saved) => entries.push(Entry { path: path.clone(), value: Tensor::clone(saved) }),
            }
        }
        if !(missing.is_empty() && unexpected.is_empty() && mismatched.is_empty()) {
            let unexpected = unexpected.into_keys().map(str::to_owned).collect();
            return Err(OptimError::Average { missing, unexpected, mismatched }.into());
        }
        // In the order of the model, which may have changed.
        self.entries = entries;
        self.pending = None;
        Ok(())
    }
}

/// The numbers of a parameter or buffer, if they are averaged.
fn averaged(leaf: Leaf<'_>, buffers: bool) -> Option<&Tensor> {
    match leaf {
        Leaf::Param(param) => Some(param.value()),
        Leaf::Buffer(buffer) if buffers => buffer.value().as_float(),
        Leaf::Buffer(_) => None,
    }
}

/// Moves a mean a part of the way to a value, in one pass over both.
fn toward(mean: &mut Tensor, value: &Tensor, weight: f64) {
    let (mean, value) = (mean.as_mut_slice(), value.as_slice());
    let steps = mean.len();
    let all = weight == 1.0;
    let weight = Elem::of(weight);
    par::chunks(mean, par::CHUNK, steps, |start, mean| {
        let value = &value[start..start + mean.len()];
        if all {
            // The whole way, without rounding.
            return mean.copy_from_slice(value);
        }
        simd::dispatch(move || {
            for (a, &p) in mean.iter_mut().zip(value) {
                *a += (p - *a) * weight;
            }
        });
    });
}
