//! A run at one moment, in memory and as files.

use super::counted::Counted;
use super::manifest::Manifest;
use super::memory::OptimizerMemory;
use super::program::Program;
use crate::codec::{self, Defect, Kind};
use crate::trainer::position::Position;
use crate::trainer::stand::Stand;
use crate::{CallbackState, History};
use plywood_autograd::BufferValue;
use plywood_nn::StateDict;
use plywood_optim::{AverageState, OptimizerState};
use plywood_tensor::{Elem, Error, one_line};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{Read, Write};

const KIND: Kind = Kind::new("training run");
const MODEL: &str = "model.safetensors";
const OPTIMIZER: &str = "optimizer.safetensors";
const AVERAGE: &str = "average.safetensors";
const CALLBACKS: &str = "callbacks.safetensors";
const STATE: &str = "state.bin";

/// Every file that a checkpoint has besides the manifest.
pub(super) const FILES: [&str; 5] = [MODEL, OPTIMIZER, AVERAGE, CALLBACKS, STATE];

/// Everything that the future of a run depends on. Tensors share the memory of the originals until those are changed.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) model: StateDict,
    pub(crate) optimizer: OptimizerState,
    pub(crate) steps: u64,
    pub(crate) history: History,
    /// None before the first `fit`.
    pub(crate) stand: Option<Stand>,
    /// What the program says of itself; older checkpoints do not have it.
    pub(crate) program: Option<Program>,
}

/// What lies in `state.bin`.
#[derive(Serialize, Deserialize)]
struct State {
    /// How many bits a number has.
    width: u32,
    steps: u64,
    history: History,
    optimizer: OptimizerMemory,
    position: Option<Position>,
    callbacks: Vec<CallbackState>,
    /// How many updates the average has seen.
    average: Option<u64>,
}

/// A run of more steps is none; a count that goes on from less cannot overflow.
pub(super) const MOST_STEPS: u64 = 1 << 53;

const WIDTH: u32 = Elem::MANTISSA_DIGITS.next_power_of_two();

impl Snapshot {
    /// What the manifest says of it, but for the files.
    pub(super) fn manifest(&self) -> Manifest {
        let (position, monitored) =
            self.stand.as_ref().map(|at| (&at.position, at.monitored.clone())).unzip();
        let (epochs, batch) = position.map_or((0, 0), |at| (at.epochs, at.batch));
        let mut manifest = Manifest::new(self.steps, epochs, batch, monitored.flatten());
        manifest.program.clone_from(&self.program);
        manifest
    }

    /// The files by name.
    pub(super) fn into_files(self) -> Result<BTreeMap<&'static str, Part>, Defect> {
        let Snapshot { model, optimizer, steps, history, stand, program: _ } = self;
        let (position, callbacks, average) = match stand {
            Some(Stand { position, callbacks, average, .. }) => (Some(position), callbacks, average),
            None => (None, Vec::new(), None),
        };
        let (optimizer, slots) = OptimizerMemory::split(optimizer);
        // The tensors of each under its number: two may have the same names.
        let tensors = callbacks.iter().enumerate().flat_map(|(number, state)| {
            state.tensors().0.iter().map(move |(name, value)| (format!("{number}.{name}"), value.clone()))
        });
        let tensors = StateDict(tensors.collect());
        let mut files = BTreeMap::from([(MODEL, Part::Tensors(model)), (OPTIMIZER, Part::Tensors(slots))]);
        if !tensors.0.is_empty() {
            files.insert(CALLBACKS, Part::Tensors(tensors));
        }
        // A checkpoint is made while the model has its own weights.
        let average = average.map(|AverageState { updates, tensors, .. }| {
            let tensors = tensors.into_iter().map(|(name, value)| (name, BufferValue::Float(value)));
            files.insert(AVERAGE, Part::Tensors(StateDict(tensors.collect())));
            updates
        });
        let state = State { width: WIDTH, steps, history, optimizer, position, callbacks, average };
        files.insert(STATE, Part::Bytes(codec::encode(KIND, &state)?));
        Ok(files)
    }

    /// A snapshot from its files; with the name of the one that makes no sense.
    pub(super) fn from_files(
        mut files: BTreeMap<String, Part>,
        manifest: Manifest,
    ) -> Result<Snapshot, (&'static str, Defect)> {
        let Some(Part::Bytes(state)) = files.remove(STATE) else { return Err((STATE, Defect::Missing)) };
        let state: State = codec::decode(KIND, &state).map_err(|defect| (STATE, defect))?;
        if state.width != WIDTH {
            let text = format!("expected numbers of {WIDTH} bits, got {}", state.width);
            return Err((STATE, Defect::Content(text)));
        }
        let counts = [state.steps, state.average.unwrap_or(0)];
        if state.steps != manifest.step || counts.into_iter().any(|count| count > MOST_STEPS) {
            let text = format!("expected {} steps, got {}", manifest.step, state.steps);
            return Err((STATE, Defect::Content(text)));
        }
        let mut tensors = |name| match files.remove(name) {
            Some(Part::Tensors(tensors)) => Ok(tensors),
            _ => Err((name, Defect::Missing)),
        };
        let (model, slots) = (tensors(MODEL)?, tensors(OPTIMIZER)?);
        let average = match state.average {
            Some(updates) => {
                let values = tensors(AVERAGE)?.0.into_iter();
                let values = values.filter_map(|(name, value)| Some((name, value.as_float()?.clone())));
                Some(AverageState { updates, swapped: false, tensors: values.collect() })
            }
            None => None,
        };
        let of_callbacks = tensors(CALLBACKS).unwrap_or_default();
        let mut callbacks = state.callbacks;
        for (name, value) in of_callbacks.0 {
            let owner =
                name.split_once('.').and_then(|(number, name)| Some((number.parse::<usize>().ok()?, name)));
            let Some((callback, name)) =
                owner.and_then(|(number, name)| Some((callbacks.get_mut(number)?, name)))
            else {
                return Err((
                    CALLBACKS,
                    Defect::Content(format!("the tensor {} belongs to no callback", one_line(&name, 100))),
                ));
            };
            callback.tensors_mut().0.insert(name.to_owned(), value);
        }
        let optimizer = state.optimizer.join(slots).map_err(|defect| (OPTIMIZER, defect))?;
        let State { steps, history, position, .. } = state;
        let monitored = manifest.monitored;
        let stand = position.map(|position| Stand { position, weights: None, callbacks, average, monitored });
        Ok(Snapshot { model, optimizer, steps, history, stand, program: manifest.program })
    }
}

/// What a file holds.
#[derive(Debug)]
pub(super) enum Part {
    Tensors(StateDict),
    Bytes(Vec<u8>),
}

impl Part {
    pub(super) fn write<W: Write>(&self, to: &mut Counted<W>) -> Result<(), Defect> {
        match self {
            Part::Bytes(bytes) => Ok(to.write_all(bytes)?),
            Part::Tensors(tensors) => tensors.write_safetensors(to).map_err(|error| content(to, &error)),
        }
    }

    /// What the file of this name and of so many bytes holds.
    pub(super) fn read<R: Read>(name: &str, from: &mut Counted<R>, length: u64) -> Result<Part, Defect> {
        if name == STATE {
            let mut bytes = Vec::new();
            from.read_to_end(&mut bytes)?;
            return Ok(Part::Bytes(bytes));
        }
        StateDict::read_safetensors(from, length).map(Part::Tensors).map_err(|error| content(from, &error))
    }
}

/// An error about a file, which is that of the system if that had one.
fn content<T>(file: &Counted<T>, error: &Error) -> Defect {
    file.error().map_or_else(|| Defect::Content(error.to_string()), Defect::from)
}
