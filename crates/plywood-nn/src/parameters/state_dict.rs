//! All that a model knows, by path.

use super::whole::Whole;
use crate::Leaf;
use plywood_autograd::BufferValue;
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
}
