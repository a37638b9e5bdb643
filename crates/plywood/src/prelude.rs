//! The names that most programs need, to be imported as one: `use plywood::prelude::*;`
//!
//! | from | names |
//! |---|---|
//! | [`tensor`](crate::tensor) | `Tensor`, `IntTensor`, `Elem`, `Shape`, `Seed`, `Threads`, `Result`, `Error`, `At`, `math` |
//! | [`autograd`](crate::autograd) | `Var` |
//! | [`nn`](crate::nn) | `Module`, `Parameters`, `parameters!`, `Context`, `Linear`, `Sequential` |
//! | [`optim`](crate::optim) | `Optimizer`, `Sgd`, `Adam`, `AdamW`, `RmsProp`, `Adagrad`, `Schedule`, `schedules` |
//! | [`losses`](crate::losses) | `Loss`, `Losses`, `BinaryCrossEntropy`, `BinaryCrossEntropyWithLogits`, `CrossEntropy`, `MeanSquaredError`, `MeanAbsoluteError`, `Accuracy`, `RocAuc`, `RSquared`, `RootMeanSquaredError`, `L1`, `L2`, `ElasticNet` |
//! | [`data`](crate::data) | `Dataset`, `ArrayDataset`, `DataLoader`, `Csv`, `datasets` |
//! | [`train`](crate::train) | `Trainer`, `Fit`, `Progress`, `Checkpoints`, `CsvLog`, `TensorBoard`, `Report`, `EarlyStopping`, `ReduceOnPlateau`, `History`, `plot_runs`, `weights_hash` |

pub use crate::autograd::Var;
pub use crate::data::{ArrayDataset, Csv, DataLoader, Dataset, datasets};
pub use crate::losses::{
    Accuracy, BinaryCrossEntropy, BinaryCrossEntropyWithLogits, CrossEntropy, ElasticNet, L1, L2, Loss,
    Losses, MeanAbsoluteError, MeanSquaredError, RSquared, RocAuc, RootMeanSquaredError,
};
pub use crate::nn::{Context, Linear, Module, Parameters, Sequential, parameters};
pub use crate::optim::{Adagrad, Adam, AdamW, Optimizer, RmsProp, Schedule, Sgd, schedules};
pub use crate::tensor::{At, Elem, Error, IntTensor, Result, Seed, Shape, Tensor, Threads, math};
pub use crate::train::{
    Checkpoints, CsvLog, EarlyStopping, Fit, History, Progress, ReduceOnPlateau, Report, TensorBoard,
    Trainer, plot_runs, weights_hash,
};
