//! What a tensor can do, one family to a file.

mod create;

mod arithmetic;
mod broadcast;
mod compare;
mod convert;
mod elementwise;
mod select_where;

pub(crate) mod kernels;

mod cumulate;
mod fold;
mod moments;
mod reduce;
mod softmax;

pub(crate) mod conv;
pub(crate) mod einsum;
pub(crate) mod linear;
pub(crate) mod matmul;

mod axes;
mod concat;
mod flip;
mod pad;
mod permute;
mod slice;
mod strided;

mod arg;
mod gather;
mod index;
mod one_hot;
mod sort;

pub(crate) mod normalize;
pub(crate) mod pool;
pub(crate) mod resample;
