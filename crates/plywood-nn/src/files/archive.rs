//! A state and a note, as the bytes of a `safetensors` file.

use super::{header, numbers};
use crate::{NnError, StateDict};
use plywood_tensor::Result;
use safetensors::SafeTensors;
use safetensors::tensor::{SafeTensorError, TensorView};
use std::collections::HashMap;

/// What a file holds: values by name, and perhaps one entry of its `__metadata__`.
///
/// One entry only: the format keeps several in no order, and the same model shall give the same bytes.
#[derive(Debug)]
pub(crate) struct Archive {
    pub(crate) state: StateDict,
    /// Key and text.
    pub(crate) note: Option<(String, String)>,
}

impl Archive {
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>> {
        let data: Vec<_> =
            self.state.0.iter().map(|(name, value)| (name, value, numbers::bytes(value))).collect();
        let view = |(name, value, (dtype, bytes))| -> Result<_, SafeTensorError> {
            let (name, value): (&String, &plywood_autograd::BufferValue) = (name, value);
            Ok((name, TensorView::new(dtype, value.shape().to_vec(), bytes)?))
        };
        let views = data.iter().map(|(name, value, (dtype, bytes))| view((*name, *value, (*dtype, bytes))));
        let note = self.note.iter().cloned().collect::<HashMap<_, _>>();
        let note = if note.is_empty() { None } else { Some(note) };
        let bytes =
            views.collect::<Result<Vec<_>, _>>().and_then(|views| safetensors::serialize(views, note));
        Ok(bytes.map_err(|error| NnError::Format { reason: error.to_string() })?)
    }

    /// The values, and the entry of this key.
    pub(crate) fn from_bytes(bytes: &[u8], key: &str) -> Result<Archive> {
        header::check(bytes)?;
        let broken = |error: SafeTensorError| NnError::Format { reason: error.to_string() };
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(broken)?;
        let text = metadata.metadata().as_ref().and_then(|entries| entries.get(key));
        let note = text.map(|text| (key.to_owned(), text.clone()));
        let mut state = StateDict::default();
        for (name, view) in SafeTensors::deserialize(bytes).map_err(broken)?.iter() {
            state.0.insert(name.to_owned(), numbers::value(name, &view)?);
        }
        Ok(Archive { state, note })
    }
}
