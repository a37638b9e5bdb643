//! What L-BFGS remembers.

use super::history::{History, Pair};
use super::vector::dot;
use super::{Lbfgs, Memory};
use crate::OptimError;
use crate::by_name::{by_name, try_by_name};
use plywood_tensor::{Elem, Error, Result, Shape, Tensor};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All that an [`Lbfgs`] needs to go on where another stopped, to the bit; its settings are not part of it.
///
/// It can be written in any format of serde that gives numbers back exactly; the tensors may go to a file of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Plain", into = "Plain")]
pub struct LbfgsState {
    /// How many steps were taken in all calls.
    pub iterations: u64,
    /// How often the loss was evaluated.
    pub evaluations: u64,
    /// How long the last step was, in units of its direction.
    pub length: f64,
    /// The inverse curvature of directions that no step has explored.
    pub scale: f64,
    /// Path and shape of the trainable parameters, in the order in which their numbers stand in the tensors.
    pub parameters: Vec<(String, Shape)>,
    /// The last `direction` and `gradient`, and the differences of earlier steps, oldest first: `gradients.0` and `places.0`,
    /// and so on. Each has all parameters in one row. None before the first step.
    pub tensors: BTreeMap<String, Tensor>,
}

/// An [`LbfgsState`] as it is written: numbers and lists.
#[derive(Serialize, Deserialize)]
struct Plain {
    iterations: u64,
    evaluations: u64,
    length: f64,
    scale: f64,
    parameters: Vec<(String, Vec<usize>)>,
    tensors: BTreeMap<String, Vec<Elem>>,
}

impl From<LbfgsState> for Plain {
    fn from(state: LbfgsState) -> Plain {
        let LbfgsState { iterations, evaluations, length, scale, parameters, tensors } = state;
        let parameters = parameters.into_iter().map(|(path, shape)| (path, shape.to_vec())).collect();
        let tensors = by_name(tensors.into_iter().map(|(name, x)| (name, x.to_vec())));
        Plain { iterations, evaluations, length, scale, parameters, tensors }
    }
}

impl TryFrom<Plain> for LbfgsState {
    type Error = Error;

    fn try_from(plain: Plain) -> Result<LbfgsState> {
        let Plain { iterations, evaluations, length, scale, parameters, tensors } = plain;
        let shaped = |(path, shape): (String, Vec<usize>)| Ok((path, Shape::new(&shape)?));
        let parameters = parameters.into_iter().map(shaped).collect::<Result<_>>()?;
        let row = |(name, x): (String, Vec<Elem>)| {
            let count = x.len();
            Ok((name, Tensor::from_vec(x, [count])?))
        };
        let tensors = try_by_name(tensors.into_iter().map(row))?;
        Ok(LbfgsState { iterations, evaluations, length, scale, parameters, tensors })
    }
}

impl Lbfgs {
    /// What it remembers.
    pub fn state_dict(&self) -> LbfgsState {
        self.pending.clone().unwrap_or_else(|| self.memory.state())
    }

    /// Goes on from a state, in place of what it remembers; it is compared with the model at the next call.
    pub fn load_state_dict(&mut self, state: &LbfgsState) {
        self.memory = Memory { iterations: state.iterations, ..Memory::default() };
        self.pending = Some(state.clone());
    }
}

impl Memory {
    fn state(&self) -> LbfgsState {
        let mut tensors = BTreeMap::new();
        let mut insert = |name: String, x: &[Elem]| {
            tensors.insert(name, Tensor::from_slice(x, [x.len()]).expect("a slice has its own length"));
        };
        if self.iterations > 0 {
            insert("direction".to_owned(), &self.direction);
            insert("gradient".to_owned(), &self.gradient);
        }
        for (i, pair) in self.history.pairs.iter().enumerate() {
            insert(format!("gradients.{i}"), &pair.gradient);
            insert(format!("places.{i}"), &pair.place);
        }
        LbfgsState {
            iterations: self.iterations,
            evaluations: self.evaluations,
            length: self.length,
            scale: self.history.scale,
            parameters: self.layout.clone(),
            tensors,
        }
    }

    /// The memory that a state describes, if it is of these parameters.
    pub(super) fn of(state: &LbfgsState, layout: Vec<(String, Shape)>) -> Result<Memory> {
        if state.iterations == 0 {
            return Ok(Memory { layout, evaluations: state.evaluations, ..Memory::default() });
        }
        if state.parameters != layout {
            let Difference { missing, unexpected, mismatched } = Difference::of(&layout, &state.parameters);
            return Err(OptimError::State { missing, unexpected, mismatched }.into());
        }
        let total: usize = layout.iter().map(|(_, shape)| shape.numel()).sum();
        let row = |name: &str| match state.tensors.get(name) {
            Some(x) if x.numel() == total => Ok(x.to_vec()),
            other => {
                let got = other.map_or("none".to_owned(), |x| x.shape().to_string());
                let mismatched = vec![format!("{name}: expected [{total}], got {got}")];
                Err(Error::from(OptimError::State {
                    missing: Vec::new(),
                    unexpected: Vec::new(),
                    mismatched,
                }))
            }
        };
        let mut pairs = Vec::new();
        while state.tensors.contains_key(&format!("gradients.{}", pairs.len())) {
            let i = pairs.len();
            let (gradient, place) = (row(&format!("gradients.{i}"))?, row(&format!("places.{i}"))?);
            let rho = 1.0 / dot(&gradient, &place);
            pairs.push(Arc::new(Pair { gradient, place, rho }));
        }
        Ok(Memory {
            layout,
            history: History { pairs, scale: state.scale },
            direction: row("direction")?,
            gradient: row("gradient")?,
            length: state.length,
            iterations: state.iterations,
            evaluations: state.evaluations,
        })
    }
}

/// How parameters differ from those that are expected, by path.
pub(super) struct Difference {
    pub(super) missing: Vec<String>,
    pub(super) unexpected: Vec<String>,
    pub(super) mismatched: Vec<String>,
}

impl Difference {
    pub(super) fn of(expected: &[(String, Shape)], got: &[(String, Shape)]) -> Difference {
        fn names(list: &[(String, Shape)]) -> BTreeMap<&str, ()> {
            by_name(list.iter().map(|(path, _)| (path.as_str(), ())))
        }
        let (of_expected, of_got) = (names(expected), names(got));
        let without = |list: &BTreeMap<&str, ()>, other: &BTreeMap<&str, ()>| {
            list.keys().filter(|path| !other.contains_key(*path)).map(|&path| path.to_owned()).collect()
        };
        let mismatch = |((path, shape), (other, got)): (&(String, Shape), &(String, Shape))| {
            if path == other && shape == got {
                return None;
            }
            Some(if path == other {
                format!("{path}: expected {shape}, got {got}")
            } else {
                format!("expected {path}, got {other} in its place")
            })
        };
        let alike = of_expected == of_got;
        Difference {
            missing: without(&of_expected, &of_got),
            unexpected: without(&of_got, &of_expected),
            mismatched: expected.iter().zip(got).filter(|_| alike).filter_map(mismatch).collect(),
        }
    }
}
