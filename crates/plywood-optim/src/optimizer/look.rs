//! The look at all gradients before anything is changed.

use super::clip::{Clip, factor, is_finite};
use super::group::check_learning_rate;
use super::{Optimizer, adaptive};
use crate::norm::squares;
use crate::whole::Whole;
use crate::{NonFinite, OptimError, StepReport};
use plywood_autograd::{Gradients, Param};
use plywood_nn::{Leaf, Path};
use plywood_tensor::{Elem, Error, Float, Result, Tensor};

/// What a look found.
pub(super) struct Look {
    /// The norm over all gradients, if it was asked for.
    pub(super) norm: Option<f64>,
    /// The first parameter whose gradient is not finite, where that is no error.
    pub(super) skipped: Option<String>,
}

/// Whether norms of gradients are found.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Norms {
    Unknown,
    /// Somebody wants to see them: one that is not finite does no harm by itself.
    Watched,
    /// The step depends on them.
    Needed,
}

/// Why a look ended early.
enum Stop {
    /// A parameter that the optimizer has not seen before, or not there, or that the model has no more.
    Changed,
    /// A gradient that is not finite, or whose norm is not.
    NonFinite(Error),
    Error(Error),
}

impl From<OptimError> for Stop {
    fn from(error: OptimError) -> Stop {
        Stop::Error(error.into())
    }
}

impl Optimizer {
    /// Checks every gradient and finds the norms; nothing is changed but the scale of each entry.
    pub(super) fn look(
        &mut self,
        model: &dyn Whole,
        gradients: &Gradients,
        clip: &Clip,
        norms: Norms,
    ) -> Result<Look> {
        check_learning_rate(self.rule.name(), self.learning_rate)?;
        // A factor can be finite, and its product with the rate not.
        check_learning_rate(self.rule.name(), self.current_learning_rate())?;
        let mut attached = false;
        loop {
            self.looks += 1;
            let (mut squares, mut stop, mut count) = (0.0, None, 0);
            model.show(&mut |path, leaf| {
                let Leaf::Param(param) = leaf else { return };
                if stop.is_some() {
                    return;
                }
                count += 1;
                match self.look_at(param, path, gradients, clip, norms) {
                    Ok(more) => squares += more,
                    Err(found) => stop = Some((path.to_string(), found)),
                }
            });
            if stop.is_none() && count != self.entries.values().filter(|entry| entry.present).count() {
                stop = Some((String::new(), Stop::Changed));
            }
            let norm = (norms != Norms::Unknown).then(|| squares.sqrt());
            return match stop {
                None => Ok(Look { norm, skipped: None }),
                Some((_, Stop::Changed)) if !attached => {
                    attached = true;
                    self.attach(model)?;
                    continue;
                }
                Some((path, Stop::NonFinite(_))) if self.non_finite == NonFinite::Skip => {
                    Ok(Look { norm: None, skipped: Some(path) })
                }
                Some((path, Stop::NonFinite(error) | Stop::Error(error))) => Err(error.at(path)),
                Some((path, Stop::Changed)) => unreachable!("{path} was attached before"),
            };
        }
    }

    /// The sum of squares of a parameter's gradient as it will be used, or 0 if it is frozen or norms do not matter.
    #[inline]
    fn look_at(
        &mut self,
        param: &Param,
        path: &Path<'_>,
        gradients: &Gradients,
        clip: &Clip,
        norms: Norms,
    ) -> Result<f64, Stop> {
        let entry = self.entries.get_mut(&param.id()).ok_or(Stop::Changed)?;
        if !entry.present || *path != entry.path.as_str() {
            return Err(Stop::Changed);
        }
        if !param.is_trainable() {
            return Ok(0.0);
        }
        let (shape, look) = (param.shape(), std::mem::replace(&mut entry.look, self.looks));
        if look == self.looks {
            return Err(OptimError::Twin { other: entry.path.clone() }.into());
        }
        if entry.shape != *shape {
            return Err(OptimError::ParameterShape { expected: entry.shape, got: *shape }.into());
        }
        if entry.count == 0 {
            entry.check(entry.rule(&*self.rule, &self.groups).0).map_err(Stop::Error)?;
        }
        let gradient = gradients.get(param).ok_or(OptimError::NoGradient)?;
        if gradient.shape() != shape {
            return Err(OptimError::GradientShape { expected: *shape, got: *gradient.shape() }.into());
        }
        entry.scale = 1.0;
        entry.units.clear();
        if norms == Norms::Unknown {
            expect_finite(gradient, self.non_finite)?;
            return Ok(0.0);
        }
        let exempt = entry.group.is_some_and(|index| !self.groups[index].clips_adaptively);
        let sum = match clip.adaptive {
            Some(limit) if !exempt => {
                adaptive::factors(param.value(), gradient, clip.limit(), limit, &mut entry.units)
            }
            _ => squares(gradient.as_slice(), clip.limit()),
        };
        // A finite sum of squares shows that every element is finite, unless the limit has hidden one that is not.
        if clip.value.is_some() || !sum.is_finite() {
            expect_finite(gradient, self.non_finite)?;
        }
        let norm = sum.sqrt();
        if !norm.is_finite() && norms == Norms::Needed {
            return Err(Stop::NonFinite(OptimError::Norm { got: norm }.into()));
        }
        entry.scale = factor(clip.parameter_norm, norm);
        Ok(sum * entry.scale * entry.scale)
    }
}

#[inline]
fn expect_finite(gradient: &Tensor, policy: NonFinite) -> Result<(), Stop> {
    if policy == NonFinite::Ignore || is_finite(gradient.as_slice()) {
        return Ok(());
    }
    Err(Stop::NonFinite(first_non_finite(gradient).into()))
}

/// The error that names the first element which is not finite.
#[cold]
pub(crate) fn first_non_finite(gradient: &Tensor) -> OptimError {
    let bad = |&(_, g): &(usize, &Elem)| !g.is_finite();
    let (mut position, got) = gradient.as_slice().iter().enumerate().find(bad).expect("one was found");
    let mut index = vec![0; gradient.shape().rank()];
    for (i, &size) in index.iter_mut().zip(&**gradient.shape()).rev() {
        *i = position % size;
        position /= size;
    }
    OptimError::NonFinite { got: got.to_f64(), index }
}

impl Look {
    pub(super) fn into_report(self, global: bool) -> StepReport {
        StepReport { norm: self.norm.filter(|_| global), skipped: self.skipped, accumulated: None }
    }
}
