//! A model as one file: what it is made of, and what it learnt.

use super::step::Step;
use crate::error::brief;
use crate::files::{self, Archive};
use crate::{Initial, NnError, Parameters, SavedLayer, Sequential, SequentialBuilder, StateDict};
use plywood_tensor::{At, Result};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::path::Path;

/// The key in the file's `__metadata__`.
const KEY: &str = "plywood.sequential";
/// Raised when files change in a way that older versions cannot read.
const VERSION: u32 = 1;

/// What the file says besides the weights.
#[derive(Debug, Serialize, Deserialize)]
struct Architecture {
    version: u32,
    /// The shape of a sample.
    input: Vec<usize>,
    layers: Vec<SavedLayer>,
    /// The parameters that are not trained.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    frozen: Vec<String>,
}

impl Sequential {
    /// Writes the model, its layers and all that it knows, to one `safetensors` file.
    ///
    /// The weights have PyTorch's names and layout, so that `safetensors.torch.load_file` reads them; the layers stand in
    /// the file's metadata. The file is complete or not there: it is written beside its place and renamed.
    ///
    /// ```
    /// use plywood_nn::{Context, Module, Sequential};
    /// use plywood_tensor::{Seed, Tensor};
    ///
    /// let path = std::env::temp_dir().join(format!("plywood-doc-{}.safetensors", std::process::id()));
    /// let model = Sequential::input([3]).linear(8).tanh().linear(2).build(Seed(7))?;
    /// model.save(&path)?;
    ///
    /// let loaded = Sequential::load(&path)?; // without the code that built it
    /// let x = Tensor::ones([4, 3])?.into();
    /// assert_eq!(
    ///     loaded.forward(&Context::eval(), &x)?.value(),
    ///     model.forward(&Context::eval(), &x)?.value(),
    /// );
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`NnError::NotSaveable`] names a layer of your own, which no file can rebuild: save the
    /// [`state_dict`](Parameters::state_dict) instead. [`NnError::NoInput`] if the model does not know the shape of its
    /// samples. [`NnError::Format`] for layers that lie too deep in others to be [loaded](Sequential::load). [`NnError::File`] if
    /// the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        files::write_atomically(path, &self.to_safetensors()?)
    }

    /// Reads a model that [`Sequential::save`] wrote: the layers and all that they know.
    ///
    /// The file is not trusted. It holds settings and numbers, no code; what it says is checked before anything is allocated, and its
    /// layers have no more parameters than it has numbers: in all at most 64 times its length and 1 MiB of memory. Lists and objects
    /// lie at most 32 deep in the settings of a layer, which bounds the layers in layers. What running the
    /// model takes is another matter, which [`Sequential::summary`] tells.
    ///
    /// # Errors
    /// [`NnError::File`] if the file cannot be read, is damaged, holds weights without layers, or layers that this version
    /// does not know.
    pub fn load(path: impl AsRef<Path>) -> Result<Sequential> {
        let path = path.as_ref();
        Sequential::from_archive(files::open(path, KEY)?).map_err(|error| files::in_file(path, &error))
    }

    /// The bytes of the file that [`Sequential::save`] writes.
    ///
    /// # Errors
    /// As [`Sequential::save`].
    pub fn to_safetensors(&self) -> Result<Vec<u8>> {
        let sample = self.input_shape().ok_or(NnError::NoInput)?;
        let mut layers = Vec::new();
        for (index, layer) in self.layers().iter().enumerate() {
            let saved = layer.saved().ok_or_else(|| NnError::NotSaveable { layer: layer.describe() });
            layers.push(saved.at(index)?);
        }
        let frozen = self.named_parameters().into_iter().filter(|(_, param)| !param.is_trainable());
        let architecture = Architecture {
            version: VERSION,
            input: sample.to_vec(),
            layers,
            frozen: frozen.map(|(name, _)| name).collect(),
        };
        let text = serde_json::to_string(&architecture).expect("names and numbers have a place in JSON");
        // Layers in layers in layers could be too many: better now than when the file is needed.
        let read = serde_json::from_str::<Architecture>(&text);
        read.map_err(|error| NnError::Format { reason: format!("cannot be read again: {}", brief(error)) })?;
        Archive { state: self.state_dict(), note: Some((KEY.to_owned(), text)) }.to_bytes()
    }

    /// A model from the bytes of a file.
    ///
    /// # Errors
    /// As [`Sequential::load`], with [`NnError::Format`] for what is wrong with the bytes.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Sequential> {
        Sequential::from_archive(Archive::from_bytes(bytes, KEY)?)
    }

    fn from_archive(archive: Archive) -> Result<Sequential> {
        let Archive { state, note } = archive;
        let Some((_, text)) = note else {
            let reason = "weights without layers: build the model, then give it StateDict::load_safetensors";
            return Err(NnError::Format { reason: reason.into() }.into());
        };
        let broken = |error: serde_json::Error| NnError::Format {
            reason: format!("damaged layers: {}", brief(error)),
        };
        let version: Version = serde_json::from_str(&text).map_err(broken)?;
        if version.version != VERSION {
            let reason = format!("layers in format {}, this version reads {VERSION}", version.version);
            return Err(NnError::Format { reason }.into());
        }
        let Architecture { input, layers, frozen, .. } = serde_json::from_str(&text).map_err(broken)?;
        rebuild(input, layers, &state, &frozen)
    }
}

/// The part of [`Architecture`] that every version has.
#[derive(Debug, Deserialize)]
struct Version {
    version: u32,
}

fn rebuild(
    input: Vec<usize>,
    layers: Vec<SavedLayer>,
    state: &StateDict,
    frozen: &[String],
) -> Result<Sequential> {
    let mut builder = SequentialBuilder::for_samples(input);
    builder.steps = layers.into_iter().map(|layer| Box::new(layer) as Box<dyn Step>).collect();
    let numbers = Cell::new(state.0.values().map(|value| value.shape().numel()).sum());
    let mut model = builder.build_from(&Initial::blank(&numbers))?;
    model.load_state_dict(state)?;
    for name in frozen {
        model.freeze(name)?;
    }
    Ok(model)
}
