//! What an optimizer remembers, by path.

use super::Optimizer;
use super::accumulate::SUM;
use super::attach::Entry;
use crate::OptimError;
use crate::by_name::{by_name, try_by_name};
use crate::error::{names_of, shown};
use plywood_tensor::{Elem, Error, Result, Shape, Tensor};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All that an optimizer needs to go on where another stopped, to the bit; the settings of its rule are not part of it.
///
/// It can be written in any format of serde that gives numbers back exactly (`serde_json` does with its feature
/// `float_roundtrip`).
///
/// ```
/// use plywood_autograd::Gradients;
/// use plywood_nn::Linear;
/// use plywood_optim::{Adam, Optimizer};
/// use plywood_tensor::{Seed, Tensor};
///
/// let mut model = Linear::new(3, 2, &Seed(0).stream())?.without_bias();
/// let mut gradients = Gradients::default();
/// gradients.set(&model.weight, Tensor::ones([2, 3])?);
/// let mut optimizer = Optimizer::new(Adam::default());
/// optimizer.step(&mut model, &gradients)?;
///
/// let state = optimizer.state_dict();
/// assert_eq!(state.tensors().into_keys().collect::<Vec<_>>(), ["weight.m", "weight.v"]);
/// let mut resumed = Optimizer::new(Adam::default());
/// resumed.load_state_dict(&state)?;
/// assert_eq!(resumed.steps(), 1);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OptimizerState {
    /// The name of the rule.
    pub rule: String,
    /// How many steps were taken.
    pub steps: u64,
    /// The learning rate before the factor of a schedule, which is no part of the state: it follows from the time.
    pub learning_rate: f64,
    /// How many calls wait for their step; their sum is the slot `accumulated` of each parameter.
    #[serde(default)]
    pub accumulated: u64,
    /// What is known of each parameter, by path; frozen ones have taken no steps and have no slots.
    pub parameters: BTreeMap<String, ParamState>,
}

/// What an optimizer remembers of one parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Plain", into = "Plain")]
pub struct ParamState {
    /// The name of the rule that moves it: the optimizer's, that of its group, or the one that moves such shapes instead.
    pub rule: String,
    /// How many steps it took.
    pub count: u64,
    /// Its shape.
    pub shape: Shape,
    /// The slots of the rule by name, none before its first step; and the sum of gradients that wait for their step.
    pub slots: BTreeMap<String, Tensor>,
}

/// A [`ParamState`] as it is written: numbers and lists.
#[derive(Serialize, Deserialize)]
struct Plain {
    rule: String,
    count: u64,
    shape: Vec<usize>,
    slots: BTreeMap<String, Vec<Elem>>,
    /// The shapes of slots that are not those of the parameter.
    #[serde(default)]
    shapes: BTreeMap<String, Vec<usize>>,
}

impl OptimizerState {
    /// Every slot under the path of its parameter and its name, such as `layers.0.weight.m`.
    pub fn tensors(&self) -> BTreeMap<String, Tensor> {
        let mut tensors = BTreeMap::new();
        for (path, state) in &self.parameters {
            for (name, slot) in &state.slots {
                tensors.insert(format!("{path}.{name}"), slot.clone());
            }
        }
        tensors
    }
}

impl From<ParamState> for Plain {
    fn from(state: ParamState) -> Plain {
        let others = state.slots.iter().filter(|(_, slot)| *slot.shape() != state.shape);
        let shapes = by_name(others.map(|(name, slot)| (name.clone(), slot.shape().to_vec())));
        let slots = by_name(state.slots.into_iter().map(|(name, slot)| (name, slot.to_vec())));
        Plain { rule: state.rule, count: state.count, shape: state.shape.to_vec(), slots, shapes }
    }
}

impl TryFrom<Plain> for ParamState {
    type Error = Error;

    fn try_from(plain: Plain) -> Result<ParamState> {
        let shape = Shape::new(&plain.shape)?;
        let mut shapes = plain.shapes;
        let mut slot = |(name, data)| {
            let shape = shapes.remove(&name).map_or(Ok(shape), |own| Shape::new(&own))?;
            Ok((name, Tensor::from_vec(data, shape)?))
        };
        let slots = try_by_name(plain.slots.into_iter().map(&mut slot))?;
        Ok(ParamState { rule: plain.rule, count: plain.count, shape, slots })
    }
}

impl Optimizer {
    /// What it remembers of the parameters that the model of the last step had, by the paths that they had there; tensors
    /// share their memory until the next step.
    pub fn state_dict(&self) -> OptimizerState {
        let mut state = OptimizerState {
            rule: self.rule.name().to_owned(),
            steps: self.steps,
            learning_rate: self.learning_rate,
            accumulated: self.accumulated,
            parameters: BTreeMap::new(),
        };
        if let Some(pending) = &self.pending {
            state.parameters.clone_from(&pending.parameters);
        }
        for entry in self.entries.values().filter(|entry| entry.present) {
            let (rule, _) = entry.rule(&*self.rule, &self.groups);
            let names = entry.slots_of(rule).map(|(name, ..)| name.to_owned());
            let sum = entry.sum.iter().map(|sum| (SUM.to_owned(), sum.clone()));
            let slots = by_name(names.zip(entry.slots.iter().cloned()).chain(sum));
            let rule = rule.name().to_owned();
            let of_parameter = ParamState { rule, count: entry.count, shape: entry.shape, slots };
            state.parameters.insert(entry.path.clone(), of_parameter);
        }
        state
    }

    /// Goes on from a state, in place of what it remembers; nothing is changed if the state does not fit.
    ///
    /// Before the first step the parameters are not known yet: the state is then compared with them at that step.
    ///
    /// # Errors
    /// [`OptimError::OtherRule`] for the state of another rule; [`OptimError::State`] lists every path that is missing,
    /// unexpected, or has other shapes, slots, or a state of another rule.
    pub fn load_state_dict(&mut self, state: &OptimizerState) -> Result<()> {
        if state.rule != self.rule.name() {
            let (expected, got) = (self.rule.name().to_owned(), state.rule.clone());
            return Err(OptimError::OtherRule { expected, got }.into());
        }
        if state.parameters.is_empty() {
            // It was saved before the first step.
            self.entries.clear();
            self.pending = None;
        } else if self.entries.is_empty() {
            self.pending = Some(state.clone());
        } else {
            self.adopt(state)?;
        }
        self.steps = state.steps;
        self.accumulated = state.accumulated;
        self.learning_rate = state.learning_rate;
        Ok(())
    }

    /// Gives each entry its part of a state; nothing is changed if the state does not fit.
    pub(super) fn adopt(&mut self, state: &OptimizerState) -> Result<()> {
        let (mut missing, mut mismatched) = (Vec::new(), Vec::new());
        let mut unexpected = by_name(state.parameters.keys().map(|path| (path.as_str(), ())));
        for entry in self.entries.values().filter(|entry| entry.present) {
            unexpected.remove(entry.path.as_str());
            match state.parameters.get(&entry.path) {
                None => missing.push(entry.path.clone()),
                Some(saved) => mismatched.extend(self.mismatch(entry, saved)),
            }
        }
        if !(missing.is_empty() && unexpected.is_empty() && mismatched.is_empty()) {
            let unexpected = unexpected.into_keys().map(str::to_owned).collect();
            return Err(OptimError::State { missing, unexpected, mismatched }.into());
        }
        let Optimizer { rule, groups, entries, .. } = self;
        entries.retain(|_, entry| entry.present);
        for entry in entries.values_mut() {
            if let Some(saved) = state.parameters.get(&entry.path) {
                let (rule, _) = entry.rule(&**rule, groups);
                let slots = entry.slots_of(rule).filter_map(|(name, ..)| saved.slots.get(name).cloned());
                entry.slots = slots.collect();
                entry.sum = saved.slots.get(SUM).cloned();
                entry.count = saved.count;
            }
        }
        Ok(())
    }

    /// In words, why the state of a parameter does not fit.
    fn mismatch(&self, entry: &Entry, saved: &ParamState) -> Option<String> {
        let (path, (rule, _)) = (&entry.path, entry.rule(&*self.rule, &self.groups));
        let own = || entry.slots_of(rule).map(|(name, _, shape)| (name, shape));
        let slots = own().chain([(SUM, entry.shape)]);
        let pairs = slots.filter_map(|(name, expected)| Some((expected, *saved.slots.get(name)?.shape())));
        if let Some((expected, got)) =
            std::iter::once((entry.shape, saved.shape)).chain(pairs).find(|(expected, got)| expected != got)
        {
            return Some(format!("{path}: expected {expected}, got {got}"));
        }
        let got: Vec<&str> = saved.slots.keys().map(String::as_str).filter(|&name| name != SUM).collect();
        // A parameter that has taken no step has no slots yet, nor anything else that a rule has left.
        if got.is_empty() && saved.count == 0 {
            return None;
        }
        if saved.rule != rule.name() {
            let got = shown(&saved.rule);
            return Some(format!("{path}: expected the state of {}, got one of {got}", rule.name()));
        }
        // Names in a state are in order.
        let mut expected: Vec<&str> = own().map(|(name, _)| name).collect();
        expected.sort_unstable();
        if got == expected {
            return None;
        }
        let list = |names: Vec<&str>| {
            let names: Vec<String> = names.into_iter().map(shown).collect();
            if names.is_empty() { "none".to_owned() } else { names_of(&names) }
        };
        Some(format!("{path}: expected the slots {}, got {}", list(expected), list(got)))
    }
}
