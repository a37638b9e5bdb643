//! A `Sequential` as it is written to a file.

use super::step::{Step, assemble};
use crate::{Initial, LayerConfig, SavedLayer, Sequential};
use plywood_tensor::{Result, Shape};
use serde::{Deserialize, Serialize};

/// The layers, as they are saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SequentialConfig {
    pub(crate) layers: Vec<SavedLayer>,
}

impl LayerConfig for SequentialConfig {
    const NAME: &'static str = "Sequential";
    type Layer = Sequential;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<Sequential> {
        let steps = self.layers.iter().cloned().map(|layer| Box::new(layer) as Box<dyn Step>);
        assemble(steps, input, initial)
    }
}
