//! Where pixels go: maps of the plane, moves, and how they are carried out.

// In reading order: maps, what a move is, how one is carried out, and the other way to a new size.
pub(crate) mod border;
pub(crate) mod interpolation;
pub(crate) mod projection;

pub(crate) mod warp;

pub(crate) mod finish;
pub(crate) mod inner;
pub(crate) mod line;
pub(crate) mod point;
pub(crate) mod run;

pub(crate) mod resample;
