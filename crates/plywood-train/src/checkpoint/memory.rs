//! What an optimizer remembers, tensors apart from the rest.

use super::snapshot::MOST_STEPS;
use crate::codec::Defect;
use plywood_autograd::BufferValue;
use plywood_nn::StateDict;
use plywood_optim::{OptimizerState, ParamState};
use plywood_tensor::{Shape, quoted};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An [`OptimizerState`] without its tensors, which lie in a file that other programs read too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct OptimizerMemory {
    rule: String,
    steps: u64,
    learning_rate: f64,
    /// How many gradients wait for others, before a step is taken.
    accumulated: u64,
    parameters: BTreeMap<String, ParamMemory>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct ParamMemory {
    rule: String,
    count: u64,
    shape: Vec<usize>,
    /// The names of its slots.
    slots: Vec<String>,
}

impl OptimizerMemory {
    /// The tensors are named as by [`OptimizerState::tensors`].
    pub(super) fn split(state: OptimizerState) -> (OptimizerMemory, StateDict) {
        let tensors = state.tensors().into_iter().map(|(name, slot)| (name, BufferValue::Float(slot)));
        let tensors = StateDict(tensors.collect());
        let of = |(path, state): (String, ParamState)| {
            let (shape, slots) = (state.shape.to_vec(), state.slots.into_keys().collect());
            (path, ParamMemory { rule: state.rule, count: state.count, shape, slots })
        };
        let parameters = state.parameters.into_iter().map(of).collect();
        let OptimizerState { rule, steps, learning_rate, accumulated, .. } = state;
        (OptimizerMemory { rule, steps, learning_rate, accumulated, parameters }, tensors)
    }

    /// The whole state again.
    pub(super) fn join(self, mut tensors: StateDict) -> Result<OptimizerState, Defect> {
        let counts = self.parameters.values().map(|memory| memory.count);
        if let Some(count) = counts.chain([self.steps, self.accumulated]).find(|&count| count > MOST_STEPS) {
            return Err(Defect::Content(format!("expected at most {MOST_STEPS} steps, got {count}")));
        }
        let mut of = |(path, memory): (String, ParamMemory)| {
            let shape = Shape::new(&memory.shape).map_err(|error| Defect::Content(error.to_string()))?;
            let mut slots = BTreeMap::new();
            for slot in memory.slots {
                let name = format!("{path}.{slot}");
                let Some(BufferValue::Float(value)) = tensors.0.remove(&name) else {
                    let name = quoted(&name, 100);
                    return Err(Defect::Content(format!("expected the tensor {name}, got none")));
                };
                slots.insert(slot, value);
            }
            Ok((path, ParamState { rule: memory.rule, count: memory.count, shape, slots }))
        };
        let parameters = self.parameters.into_iter().map(&mut of).collect::<Result<_, _>>()?;
        let OptimizerMemory { rule, steps, learning_rate, accumulated, .. } = self;
        Ok(OptimizerState { rule, steps, learning_rate, accumulated, parameters })
    }
}
