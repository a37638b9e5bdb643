//! Checkpoints: a run that is killed goes on as if it had not been.
//!
//! A checkpoint is a folder:
//!
//! | file | what |
//! |---|---|
//! | `model.safetensors` | parameters and buffers, by PyTorch's names |
//! | `optimizer.safetensors` | what the optimizer remembers of each parameter |
//! | `average.safetensors` | the average of the weights; only if there is one |
//! | `callbacks.safetensors` | tensors that callbacks keep, such as the best weights so far; only if there are some |
//! | `state.bin` | everything else: steps, epochs, the place in the shuffled epoch, metrics, history ([`codec`](crate::codec)) |
//! | `MANIFEST.json` | size and checksum of each file, what the program said of its optimizer and its layers, and its own checksum; written last |
//!
//! It is written under another name, brought to the disk, read again and compared, and only then renamed: it is whole or
//! not there, whenever the program or the machine stops. What follows from seeds and steps, such as dropout, the order of
//! samples or the factor of a schedule, is in no file: it is computed again.
//!
//! [`Checkpoints`] says when to save and what to keep, [`Trainer::resume`](crate::Trainer::resume) goes on:
//!
//! ```
//! use plywood_data::datasets;
//! use plywood_losses::CrossEntropy;
//! use plywood_nn::Linear;
//! use plywood_optim::Adam;
//! use plywood_tensor::{Result, Seed};
//! use plywood_train::{Checkpoints, Fit, Progress, Trainer, weights_hash};
//!
//! # let folder = std::env::temp_dir().join(format!("plywood-doc-checkpoint-{}", std::process::id()));
//! /// A program that can be killed at any time, and started again.
//! fn program(folder: &std::path::Path, epochs: usize) -> Result<Trainer<Linear>> {
//!     let data = datasets::digits();
//!     let model = Linear::new(64, 10, &Seed(7).stream())?;
//!     let mut trainer = Trainer::compile(model, Adam::new(0.01), CrossEntropy::default());
//!     println!("{}", trainer.resume(folder)?); // "no checkpoint …" the first time
//!     let checkpoints = Checkpoints::new(folder).every_steps(20);
//!     trainer.fit(&data, Fit::epochs(epochs).checkpoints(checkpoints).progress(Progress::Silent))?;
//!     Ok(trainer)
//! }
//!
//! program(&folder, 2)?; // it gets this far,
//! let resumed = program(&folder, 3)?; // and goes on
//! # std::fs::remove_dir_all(&folder)?;
//! let undisturbed = program(&folder, 3)?;
//! # std::fs::remove_dir_all(&folder)?;
//! assert_eq!(weights_hash(resumed.model()), weights_hash(undisturbed.model()));
//! # Ok::<(), plywood_tensor::Error>(())
//! ```

// In reading order: when to save, what is saved, how it becomes files, who writes them, what a resume tells.
mod checkpoints;

mod memory;
pub(crate) mod snapshot;

mod counted;
mod folder;
mod fs;
pub(crate) mod manifest;
mod name;

pub(crate) mod saver;

mod difference;
pub(crate) mod program;
mod resumed;

pub use checkpoints::Checkpoints;
pub use difference::Difference;
pub(crate) use folder::Folder;
pub use fs::{Disk, Fs, Lock, NewFile};
pub use resumed::{Resumed, Skipped};
