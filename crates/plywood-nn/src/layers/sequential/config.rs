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
        // Not copied: each layer around others would keep one more copy while it is made.
        let steps = self.layers.iter().map(|layer| Box::new(layer) as Box<dyn Step + '_>);
        assemble(steps, input, initial)
    }
}
