//! Known networks, one to a file.

// In reading order: what they are built of, then those that tell what is in an image, then those that paint one.
mod parts;

pub(crate) mod res_net;
