//! Event files, which TensorBoard shows.

mod event;
mod event_writer;
mod histogram;
mod png;
mod protobuf;
mod record;
mod tensor_board;
#[cfg(test)]
mod tests;

pub use event_writer::EventWriter;
pub use tensor_board::TensorBoard;
