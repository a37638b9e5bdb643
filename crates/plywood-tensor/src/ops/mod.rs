//! What a tensor can do, one family to a file.

mod arithmetic;
mod broadcast;
mod create;
mod elementwise;
pub(crate) mod matmul;
mod permute;
mod reduce;
