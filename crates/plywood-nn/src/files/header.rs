//! What the `safetensors` crate lets pass and we do not.

use crate::NnError;
use plywood_tensor::Result;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use std::collections::BTreeSet;
use std::fmt;

/// Refuses a file that holds no whole header, or names a tensor twice.
pub(super) fn check(bytes: &[u8]) -> Result<()> {
    let fail = |reason: String| Err(NnError::Format { reason }.into());
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
        return fail(format!("expected a safetensors file, got {} bytes", bytes.len()));
    };
    let length = u64::from_le_bytes(*length);
    let Some(header) = usize::try_from(length).ok().and_then(|length| rest.get(..length)) else {
        return fail(format!(
            "expected a safetensors file, got a header of {length} bytes in a file of {}",
            bytes.len()
        ));
    };
    let mut json = serde_json::Deserializer::from_slice(header);
    match json.deserialize_map(Names) {
        Ok(()) => Ok(()),
        Err(error) => fail(format!("damaged header: {error}")),
    }
}

/// Reads the names of a JSON object and refuses one that comes twice.
struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tensors by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(name) = map.next_key::<String>()? {
            map.next_value::<IgnoredAny>()?;
            if let Some(twice) = seen.replace(name) {
                return Err(A::Error::custom(format!("{twice:?} comes twice")));
            }
        }
        Ok(())
    }
}
