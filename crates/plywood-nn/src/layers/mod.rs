//! The layers, one to a file.

pub(crate) mod linear;
