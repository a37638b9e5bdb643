//! Known networks, one to a file.

// In reading order: what they are built of, then those that tell what is in an image, then the one that tells of each pixel.
mod parts;

pub(crate) mod le_net;
pub(crate) mod mobile_net_v2;
pub(crate) mod res_net;

pub(crate) mod u_net;

#[cfg(test)]
mod table;
