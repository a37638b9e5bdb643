//! A layer as a file describes it.

use super::registry::{self, Entry};
use super::settings::{Settings, Writer};
use crate::error::shown;
use crate::{Initial, Layer, LayerConfig, NnError};
use plywood_tensor::{Result, Shape};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};
use std::fmt;

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
#[derive(Debug, Clone, PartialEq)]
pub struct SavedLayer {
    layer: String,
    settings: Settings,
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
        SavedLayer { layer: name.to_owned(), settings: Settings::of(settings) }
    }

    /// The name of the layer.
    pub fn name(&self) -> &str {
        &self.layer
    }

    pub(crate) fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<Box<dyn Layer>> {
        let Some(Entry { make, .. }) = registry::find(&self.layer) else {
            let layer = shown(&self.layer);
            let reason = format!("unknown layer {layer}; was the file written by a newer version?");
            return Err(NnError::Format { reason }.into());
        };
        make(&self.settings, input, initial)
    }
}

/// The name under `layer`, and the settings beside it.
impl Serialize for SavedLayer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let settings: Map<String, Value> =
            serde_json::from_str(self.settings.text()).map_err(S::Error::custom)?;
        let mut map = serializer.serialize_map(Some(1 + settings.len()))?;
        map.serialize_entry("layer", &self.layer)?;
        for (name, value) in &settings {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'d> Deserialize<'d> for SavedLayer {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<SavedLayer, D::Error> {
        deserializer.deserialize_map(Described)
    }
}

/// An object with a name and settings.
struct Described;

impl<'d> Visitor<'d> for Described {
    type Value = SavedLayer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the name of a layer and its settings")
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<SavedLayer, A::Error> {
        let (mut layer, mut settings) = (None, Writer::new());
        while let Some(name) = map.next_key::<String>()? {
            if name != "layer" {
                settings.next(&name, &mut map)?;
            } else if layer.replace(map.next_value::<String>()?).is_some() {
                return Err(A::Error::duplicate_field("layer"));
            }
        }
        let layer = layer.ok_or_else(|| A::Error::missing_field("layer"))?;
        Ok(SavedLayer { layer, settings: settings.finish() })
    }
}

impl fmt::Display for SavedLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}
