//! A state as a file.

use super::Archive;
use crate::StateDict;
use plywood_tensor::Result;
use std::path::Path;

impl StateDict {
    /// Writes every value under its name to a `safetensors` file, complete or not at all.
    ///
    /// Real numbers are written in the precision of the build, integers as `I64`. PyTorch reads the file by
    /// `safetensors.torch.load_file`.
    ///
    /// ```
    /// use plywood_nn::{Linear, Parameters, StateDict};
    /// use plywood_tensor::Seed;
    ///
    /// let path = std::env::temp_dir().join(format!("plywood-doc-state-{}.safetensors", std::process::id()));
    /// let trained = Linear::new(3, 2, &Seed(0).stream())?;
    /// trained.state_dict().save_safetensors(&path)?;
    ///
    /// let mut fresh = Linear::new(3, 2, &Seed(1).stream())?;
    /// fresh.load_state_dict(&StateDict::load_safetensors(&path)?)?;
    /// assert_eq!(fresh.state_dict(), trained.state_dict());
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`NnError::File`](crate::NnError::File) if the file cannot be written.
    pub fn save_safetensors(&self, path: impl AsRef<Path>) -> Result<()> {
        super::write_atomically(path, &self.to_safetensors()?)
    }

    /// Reads a `safetensors` file, whoever wrote it: `F64`, `F32`, `BF16` and `F16` become the numbers of the build, all
    /// integers `i64`.
    ///
    /// # Errors
    /// [`NnError::File`](crate::NnError::File) if the file cannot be read or is damaged: lengths, shapes, names that come
    /// twice, more than eight axes, numbers too large for the build.
    pub fn load_safetensors(path: impl AsRef<Path>) -> Result<StateDict> {
        let bytes = super::read(path.as_ref())?;
        StateDict::from_safetensors(&bytes).map_err(|error| super::in_file(path.as_ref(), &error))
    }

    /// The bytes of the file that [`StateDict::save_safetensors`] writes; the same state gives the same bytes.
    ///
    /// # Errors
    /// [`NnError::Format`](crate::NnError::Format) for more names than a header holds.
    pub fn to_safetensors(&self) -> Result<Vec<u8>> {
        Archive { state: self.clone(), note: None }.to_bytes()
    }

    /// The state in the bytes of a file.
    ///
    /// # Errors
    /// [`NnError::Format`](crate::NnError::Format) for what is wrong with them.
    pub fn from_safetensors(bytes: &[u8]) -> Result<StateDict> {
        Ok(Archive::from_bytes(bytes, "")?.state)
    }
}
