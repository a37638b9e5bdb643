//! A run at one moment, in memory and as files.

use super::manifest::{Contents, Manifest, Monitored};
use super::memory::OptimizerMemory;
use crate::codec::{self, Defect, Kind};
use crate::trainer::position::Position;
use crate::{CallbackState, History};
use plywood_nn::StateDict;
use plywood_optim::OptimizerState;
use plywood_tensor::{Elem, Error};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const KIND: Kind = Kind::new("training run");
const MODEL: &str = "model.safetensors";
const OPTIMIZER: &str = "optimizer.safetensors";
const CALLBACKS: &str = "callbacks.safetensors";
const STATE: &str = "state.bin";

/// Every file that a checkpoint has besides the manifest.
pub(super) const FILES: [&str; 4] = [MODEL, OPTIMIZER, CALLBACKS, STATE];

/// Everything that the future of a run depends on. Tensors share the memory of the originals until those are changed.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) model: StateDict,
    pub(crate) optimizer: OptimizerState,
    pub(crate) steps: u64,
    pub(crate) history: History,
    pub(crate) position: Option<Position>,
    pub(crate) callbacks: Vec<CallbackState>,
    pub(crate) monitored: Option<Monitored>,
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
}

const WIDTH: u32 = Elem::MANTISSA_DIGITS.next_power_of_two();

impl Snapshot {
    /// What the manifest says of it, but for the files.
    pub(super) fn manifest(&self) -> Manifest {
        let (epochs, batch) = self.position.as_ref().map_or((0, 0), |at| (at.epochs, at.batch));
        Manifest::new(self.steps, epochs, batch, self.monitored.clone())
    }

    /// The files by name.
    pub(super) fn into_files(self) -> Result<BTreeMap<&'static str, Vec<u8>>, Defect> {
        let Snapshot { model, optimizer, steps, history, position, callbacks, monitored: _ } = self;
        let content = |error: Error| Defect::Content(error.to_string());
        let (optimizer, slots) = OptimizerMemory::split(optimizer);
        // The tensors of each under its number: two may have the same names.
        let tensors = callbacks.iter().enumerate().flat_map(|(number, state)| {
            state.tensors().0.iter().map(move |(name, value)| (format!("{number}.{name}"), value.clone()))
        });
        let tensors = StateDict(tensors.collect());
        let mut files = BTreeMap::from([
            (MODEL, model.to_safetensors().map_err(content)?),
            (OPTIMIZER, slots.to_safetensors().map_err(content)?),
        ]);
        if !tensors.0.is_empty() {
            files.insert(CALLBACKS, tensors.to_safetensors().map_err(content)?);
        }
        let state = State { width: WIDTH, steps, history, optimizer, position, callbacks };
        files.insert(STATE, codec::encode(KIND, &state)?);
        Ok(files)
    }

    /// A snapshot from its files, which are what the manifest says; with the name of the one that makes no sense.
    pub(super) fn from_files(
        mut files: BTreeMap<String, Vec<u8>>,
    ) -> Result<Snapshot, (&'static str, Defect)> {
        let mut file = |name| files.remove(name).ok_or((name, Defect::Missing));
        let state: State = codec::decode(KIND, &file(STATE)?).map_err(|defect| (STATE, defect))?;
        if state.width != WIDTH {
            let text = format!("expected numbers of {WIDTH} bits, got {}", state.width);
            return Err((STATE, Defect::Content(text)));
        }
        let tensors = |name, bytes: Vec<u8>| {
            let content = |error: Error| (name, Defect::Content(error.to_string()));
            StateDict::from_safetensors(&bytes).map_err(content)
        };
        let model = tensors(MODEL, file(MODEL)?)?;
        let slots = tensors(OPTIMIZER, file(OPTIMIZER)?)?;
        let of_callbacks =
            file(CALLBACKS).map_or(Ok(StateDict::default()), |bytes| tensors(CALLBACKS, bytes))?;
        let mut callbacks = state.callbacks;
        for (name, value) in of_callbacks.0 {
            let owner =
                name.split_once('.').and_then(|(number, name)| Some((number.parse::<usize>().ok()?, name)));
            let Some((callback, name)) =
                owner.and_then(|(number, name)| Some((callbacks.get_mut(number)?, name)))
            else {
                return Err((
                    CALLBACKS,
                    Defect::Content(format!("the tensor {name} belongs to no callback")),
                ));
            };
            callback.tensors_mut().0.insert(name.to_owned(), value);
        }
        let optimizer = state.optimizer.join(slots).map_err(|defect| (OPTIMIZER, defect))?;
        let State { steps, history, position, .. } = state;
        Ok(Snapshot { model, optimizer, steps, history, position, callbacks, monitored: None })
    }

    /// What the manifest must say of these files.
    pub(super) fn contents(files: &BTreeMap<&'static str, Vec<u8>>) -> BTreeMap<String, Contents> {
        files.iter().map(|(&name, bytes)| (name.to_owned(), Contents::of(bytes))).collect()
    }
}
