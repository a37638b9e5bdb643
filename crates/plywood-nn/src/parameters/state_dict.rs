//! All that a model knows, by path.

use super::whole::{Whole, WholeMut};
use crate::{Leaf, LeafMut, NnError};
use plywood_autograd::BufferValue;
use plywood_tensor::{Result, Shape};
use std::collections::BTreeMap;

/// The value of every parameter and buffer of a model, by path.
///
/// ```
/// use plywood_nn::{Linear, Parameters};
/// use plywood_tensor::Seed;
///
/// let trained = Linear::new(3, 2, &Seed(0).stream())?;
/// let mut fresh = Linear::new(3, 2, &Seed(1).stream())?;
/// fresh.load_state_dict(&trained.state_dict())?;
/// assert_eq!(fresh.state_dict(), trained.state_dict());
///
/// let error = Linear::new(4, 2, &Seed(1).stream())?.load_state_dict(&trained.state_dict()).unwrap_err();
/// assert_eq!(error.to_string(), "state does not fit the model: weight: expected [2, 4], got [2, 3]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StateDict(pub BTreeMap<String, BufferValue>);

impl StateDict {
    pub(crate) fn of(model: &dyn Whole<'_>) -> StateDict {
        let mut state = BTreeMap::new();
        model.show(&mut |path, leaf| {
            let value = match leaf {
                Leaf::Param(param) => BufferValue::Float(param.value().clone()),
                Leaf::Buffer(buffer) => buffer.value().clone(),
            };
            state.insert(path.to_string(), value);
        });
        StateDict(state)
    }

    /// Writes the values to a model, if all of them fit.
    pub(crate) fn load(&self, model: &mut dyn WholeMut) -> Result<()> {
        self.check(model)?;
        model.show_mut(&mut |path, leaf| {
            let Some(value) = self.0.get(&path.to_string()) else { return };
            match (leaf, value) {
                (LeafMut::Param(param), BufferValue::Float(value)) => *param.value_mut() = value.clone(),
                (LeafMut::Buffer(buffer), value) => *buffer.value_mut() = value.clone(),
                (LeafMut::Param(_), BufferValue::Int(_)) => {} // `check` refused it
            }
        });
        Ok(())
    }

    /// Whether the state fits a model.
    fn check(&self, model: &mut dyn WholeMut) -> Result<()> {
        let (mut missing, mut mismatched) = (Vec::new(), Vec::new());
        let mut unexpected: BTreeMap<&str, ()> = self.0.keys().map(|name| (name.as_str(), ())).collect();
        model.show_mut(&mut |path, leaf| {
            let name = path.to_string();
            unexpected.remove(name.as_str());
            let (shape, real): (Shape, bool) = match leaf {
                LeafMut::Param(param) => (*param.shape(), true),
                LeafMut::Buffer(buffer) => (*buffer.value().shape(), buffer.value().as_float().is_some()),
            };
            match self.0.get(&name) {
                None => missing.push(name),
                Some(value) if value.as_float().is_some() != real => {
                    let words = if real {
                        "expected real numbers, got integers"
                    } else {
                        "expected integers, got real numbers"
                    };
                    mismatched.push(format!("{name}: {words}"));
                }
                Some(value) if *value.shape() != shape => {
                    mismatched.push(format!("{name}: expected {shape}, got {}", value.shape()));
                }
                Some(_) => {}
            }
        });
        let unexpected: Vec<String> = unexpected.into_keys().map(str::to_owned).collect();
        if missing.is_empty() && unexpected.is_empty() && mismatched.is_empty() {
            return Ok(());
        }
        Err(NnError::State { missing, unexpected, mismatched }.into())
    }
}
