//! Pages for newcomers.

#[doc = include_str!("own_data.md")]
pub mod own_data {}

#[doc = include_str!("images.md")]
pub mod images {}

#[cfg(feature = "images")]
#[doc = include_str!("photographs.md")]
pub mod photographs {}

#[doc = include_str!("saving_and_freezing.md")]
pub mod saving_and_freezing {}

#[doc = include_str!("watching_a_training.md")]
pub mod watching_a_training {}

#[doc = include_str!("pytorch_users.md")]
pub mod pytorch_users {}

#[doc = include_str!("adding_an_operation.md")]
pub mod adding_an_operation {}

#[doc = include_str!("adding_a_layer.md")]
pub mod adding_a_layer {}

#[doc = include_str!("errors.md")]
pub mod errors {}
