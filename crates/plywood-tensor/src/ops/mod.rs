//! What a tensor can do, one family to a file.

mod create;

mod arithmetic;
mod broadcast;
mod compare;
mod elementwise;
mod select_where;

mod reduce;

pub(crate) mod matmul;

mod axes;
mod concat;
mod flip;
mod pad;
mod permute;
mod slice;
mod strided;

mod gather;
mod index;
