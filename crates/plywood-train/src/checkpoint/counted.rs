//! Bytes that are counted and summed up on their way.

use super::manifest::Contents;
use std::io::{self, Read, Write};

/// Bytes on their way to or from a file, counted and summed up.
pub(super) struct Counted<T> {
    inner: T,
    bytes: u64,
    crc32: crc32fast::Hasher,
    /// What went wrong, for whoever is told less.
    error: Option<io::ErrorKind>,
}

impl<T> Counted<T> {
    pub(super) fn new(inner: T) -> Counted<T> {
        Counted { inner, bytes: 0, crc32: crc32fast::Hasher::new(), error: None }
    }

    /// Where the bytes went or came from, and what they were.
    pub(super) fn finish(self) -> (T, Contents) {
        (self.inner, Contents::of_sum(self.bytes, self.crc32.finalize()))
    }

    /// The error of the system, if there was one.
    pub(super) fn error(&self) -> Option<io::Error> {
        self.error.map(io::Error::from)
    }

    fn count(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.crc32.update(bytes);
    }
}

impl<R: Read> Counted<R> {
    /// Reads what is left, so that all of it is counted.
    pub(super) fn drain(&mut self) -> io::Result<()> {
        let mut part = vec![0; 128 * 1024];
        while self.read(&mut part)? > 0 {}
        Ok(())
    }
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes).inspect_err(|error| self.error = Some(error.kind()))?;
        self.count(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes).inspect_err(|error| self.error = Some(error.kind()))?;
        self.count(&bytes[..read]);
        Ok(read)
    }
}
