//! A layer as a file describes it.

use super::registry::{self, Entry};
use crate::{Initial, Layer, LayerConfig, NnError};
use plywood_tensor::{Result, Shape};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The name and the settings of a built-in layer, as JSON: `{"layer": "Dropout", "p": 0.5}`.
///
/// ```
/// use plywood_nn::{Dropout, Layer};
///
/// let saved = Dropout::new(0.5)?.saved().expect("dropout is built in");
/// assert_eq!(saved.name(), "Dropout");
/// assert_eq!(saved.to_string(), r#"{"layer":"Dropout","p":0.5}"#);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedLayer {
    layer: String,
    #[serde(flatten)]
    settings: Map<String, Value>,
}

impl SavedLayer {
    pub(crate) fn of<C: LayerConfig>(config: &C) -> SavedLayer {
        SavedLayer::new(C::NAME, serde_json::to_value(config))
    }

    /// Apart from `of`, so that it is compiled once.
    fn new(name: &str, settings: serde_json::Result<Value>) -> SavedLayer {
        let settings = match settings {
            Ok(Value::Object(settings)) => settings,
            Ok(Value::Null) => Map::new(), // a layer without settings
            other => unreachable!("a config is a struct of named settings, not {other:?}"),
        };
        SavedLayer { layer: name.to_owned(), settings }
    }

    /// The name of the layer.
    pub fn name(&self) -> &str {
        &self.layer
    }

    pub(crate) fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<Box<dyn Layer>> {
        let Some(Entry { make, .. }) = registry::find(&self.layer) else {
            let reason = format!("unknown layer {:?}; was the file written by a newer version?", self.layer);
            return Err(NnError::Format { reason }.into());
        };
        make(&self.settings, input, initial)
    }
}

impl std::fmt::Display for SavedLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| std::fmt::Error)?)
    }
}
