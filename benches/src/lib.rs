//! What the benchmarks measure, and the limits of the machine that they are measured against.
//!
//! - A [`Workload`] is a whole training step, the same as in the programs for the rivals.
//! - A [`Case`] is one kernel or one small job with the [`Work`] that it cannot do without; [`GROUPS`] lists them all.
//!   The criterion suite and the `kernels` program run the same cases.
//! - [`Limits`] measures what the machine can do at most: arithmetic, bandwidth, threads, the clock.
//!
//! How to read and repeat all of it: `docs/benchmarks.md`.
#![deny(unsafe_code)] // but for the rival's door and what limits need of the processor, each in its own file

mod arguments;
mod timing;

mod limits;
mod work;

mod case;
mod cases;
mod data;
mod growth;
mod rival;
mod workload;

pub use arguments::Arguments;
pub use case::{Call, Case, Measured};
pub use cases::{GROUPS, Group, choose};
pub use growth::{Curve, Panel, panels};
pub use limits::region::region;
pub use limits::{Level, Limits, Stores};
pub use timing::{Sampler, Timing, time, timer};
pub use work::{Streams, Work};
pub use workload::images::small_network;
pub use workload::{Step, WORKLOADS, Workload};
