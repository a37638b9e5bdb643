//! A state as a file.

use super::{Archive, atomic};
use crate::{NnError, StateDict};
use plywood_tensor::{Error, Result};
use std::io::{Read, Write};
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
        let (path, archive) = (path.as_ref(), Archive { state: self.clone(), note: None });
        atomic::replace(path, |file| archive.write(file, |_, error| atomic::cannot(path, error)))
    }

    /// Reads a `safetensors` file, whoever wrote it: `F64`, `F32`, `BF16` and `F16` become the numbers of the build, `BOOL` and
    /// all integers `i64`.
    ///
    /// The file is not trusted. All that it says of itself is checked against its length before anything is allocated for it;
    /// then each tensor is read into its place. Numbers of the build's own type take as much memory as the file, others as much as
    /// their wider form; whatever a file says, it is at most 16 times its length and 1 MiB.
    ///
    /// ```
    /// use plywood_nn::StateDict;
    ///
    /// // The first eight bytes promise a header that is longer than the file.
    /// let error = StateDict::from_safetensors(&[0, 1, 0, 0, 0, 0, 0, 0, b'{', b'}']).unwrap_err();
    /// assert_eq!(error.to_string(), "expected a safetensors file, got a header of 256 bytes in a file of 10");
    /// ```
    /// # Errors
    /// [`NnError::File`](crate::NnError::File) if the file cannot be read or is damaged: a header of more than 100 MB or that is
    /// longer than the file, tensors that overlap, leave a hole or do not fill their shape, names that come twice, more than eight
    /// axes, types of numbers other than these, numbers too large for the build.
    pub fn load_safetensors(path: impl AsRef<Path>) -> Result<StateDict> {
        Ok(super::open(path.as_ref(), "")?.state)
    }

    /// The bytes of the file that [`StateDict::save_safetensors`] writes; the same state gives the same bytes.
    ///
    /// # Errors
    /// [`NnError::Format`](crate::NnError::Format) for more names than a header holds.
    pub fn to_safetensors(&self) -> Result<Vec<u8>> {
        Archive { state: self.clone(), note: None }.to_bytes()
    }

    /// Writes the bytes of [`StateDict::to_safetensors`] one after the other, to whatever takes them.
    ///
    /// # Errors
    /// [`NnError::Format`](crate::NnError::Format) for more names than a header holds, and for what the writer says.
    pub fn write_safetensors(&self, to: &mut impl Write) -> Result<()> {
        let cannot = |_: &_, error: std::io::Error| -> Error {
            NnError::Format { reason: format!("cannot be written: {error}") }.into()
        };
        Archive { state: self.clone(), note: None }.write(to, cannot)
    }

    /// The state in a file of so many bytes, of which each tensor is read into its place.
    ///
    /// # Errors
    /// [`NnError::Format`](crate::NnError::Format) for what is wrong with them, and for what the reader says.
    pub fn read_safetensors(from: &mut impl Read, length: u64) -> Result<StateDict> {
        Ok(Archive::read(from, length, "")?.state)
    }

    /// The state in the bytes of a file.
    ///
    /// # Errors
    /// [`NnError::Format`](crate::NnError::Format) for what is wrong with them.
    pub fn from_safetensors(bytes: &[u8]) -> Result<StateDict> {
        Ok(Archive::from_bytes(bytes, "")?.state)
    }
}
