//! The reference workloads and how they are timed.

mod timing;
mod workload;

pub use timing::{Timing, time};
pub use workload::{Step, WORKLOADS, Workload};
