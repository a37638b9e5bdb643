//! Reading.

use super::{CENTRAL, CENTRAL_LENGTH, DEFLATED, END, END_LENGTH, ENTRIES, LOCAL, LOCAL_LENGTH, STORED};
use crate::FileProblem;
use crate::data_error::SHOWN;
use crate::files::bytes::{RATIO, UNPACKED};
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use plywood_tensor::quoted;
use std::io::Read;
use std::ops::Range;

/// The mark of the record that leads to another kind of directory, for archives of more than 4 GiB.
const LOCATOR: u32 = 0x0706_4b50;
/// What such archives have in place of a number.
const ELSEWHERE: u32 = u32::MAX;

/// A file in an archive.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) name: String,
    method: u16,
    crc: u32,
    /// From the record in front of it on; two do not meet.
    whole: Range<usize>,
    packed: Range<usize>,
    unpacked: u64,
}

fn refuse(expected: impl Into<String>, got: impl ToString) -> FileProblem {
    FileProblem::Zip { expected: expected.into(), got: got.to_string() }
}

/// Numbers of a record, the smallest byte first.
struct Record<'a>(&'a [u8]);

impl Record<'_> {
    fn short(&self, at: usize) -> u16 {
        u16::from_le_bytes([self.0[at], self.0[at + 1]])
    }

    fn long(&self, at: usize) -> u32 {
        u32::from(self.short(at)) | u32::from(self.short(at + 2)) << 16
    }
}

/// So many bytes from a place on, which begin with this mark.
fn record<'a>(
    file: &'a [u8],
    at: usize,
    length: usize,
    mark: u32,
    what: &str,
) -> Result<Record<'a>, FileProblem> {
    let found = at.checked_add(length).and_then(|end| file.get(at..end)).map(Record);
    found.filter(|found| found.long(0) == mark).ok_or_else(|| refuse(what, format!("none at byte {at}")))
}

/// The files of an archive, as its directory lists them; each is checked to lie where the directory says, on its own.
pub(crate) fn directory(file: &[u8]) -> Result<Vec<Entry>, FileProblem> {
    let end = end(file)?;
    let record = Record(&file[end..]);
    let (count, size, start) = (record.short(10), record.long(12), record.long(16));
    let elsewhere = count == u16::MAX || size == ELSEWHERE || start == ELSEWHERE;
    if elsewhere || end.checked_sub(20).is_some_and(|at| Record(&file[at..]).long(0) == LOCATOR) {
        return Err(refuse("an archive of less than 4 GiB", "the extension ZIP64"));
    }
    if (record.short(4), record.short(6), record.short(8)) != (0, 0, count) {
        return Err(refuse("an archive in one file", "several"));
    }
    let (start, size) = (start as usize, size as usize);
    if start.checked_add(size) != Some(end) {
        return Err(refuse(
            format!("a directory that ends at byte {end}"),
            format!("{size} bytes from {start} on"),
        ));
    }
    if usize::from(count) > ENTRIES {
        let (limit, got) = (ENTRIES as u64, count.into());
        return Err(FileProblem::Limit { of: "files in an archive", limit, got });
    }
    let mut entries = Vec::new();
    let mut at = start;
    for _ in 0..count {
        let (entry, length) = entry(&file[..end], at, start)?;
        entries.push(entry);
        at += length;
    }
    if at != end {
        return Err(refuse(format!("{count} files in the directory"), "more"));
    }
    let mut places: Vec<&Range<usize>> = entries.iter().map(|entry| &entry.whole).collect();
    places.sort_unstable_by_key(|place| place.start);
    if places.windows(2).any(|pair| pair[0].end > pair[1].start) {
        return Err(refuse("files that lie apart", "two that overlap"));
    }
    Ok(entries)
}

/// Where the last record begins: behind it is a comment as long as it says.
fn end(file: &[u8]) -> Result<usize, FileProblem> {
    let none = || refuse("the end of an archive", "none");
    let last = file.len().checked_sub(END_LENGTH).ok_or_else(none)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let is_end = |&at: &usize| {
        let record = Record(&file[at..]);
        record.long(0) == END && at + END_LENGTH + usize::from(record.short(20)) == file.len()
    };
    (first..=last).rev().find(is_end).ok_or_else(none)
}

/// A file as the directory lists it at a place, and how long that is; `directory` is where all files end.
fn entry(file: &[u8], at: usize, directory: usize) -> Result<(Entry, usize), FileProblem> {
    let listed = record(file, at, CENTRAL_LENGTH, CENTRAL, "a file in the directory")?;
    let [name_length, extra, comment] = [28, 30, 32].map(|at| usize::from(listed.short(at)));
    let length = CENTRAL_LENGTH + name_length + extra + comment;
    let rest = file.get(at + CENTRAL_LENGTH..at + length);
    let rest = rest.ok_or_else(|| refuse("a whole directory", "one that is cut off"))?;
    let Ok(name) = std::str::from_utf8(&rest[..name_length]) else {
        return Err(refuse("a name in UTF-8", "other bytes"));
    };
    let shown = quoted(name, SHOWN);
    let (method, crc) = (listed.short(10), listed.long(16));
    let [size, unpacked, offset] = [20, 24, 42].map(|at| listed.long(at));
    if [size, unpacked, offset].contains(&ELSEWHERE) {
        return Err(refuse("an archive of less than 4 GiB", "the extension ZIP64"));
    }
    if listed.short(8) & 1 == 1 {
        return Err(refuse(format!("{shown} to be readable"), "an encrypted file"));
    }
    let (size, unpacked) = (size as usize, u64::from(unpacked));
    match method {
        STORED if size as u64 != unpacked => {
            return Err(refuse(format!("{unpacked} bytes of {shown}"), size));
        }
        STORED | DEFLATED => {}
        _ => return Err(refuse(format!("{shown} stored or deflated"), format!("method {method}"))),
    }
    let limit = if method == STORED { UNPACKED } else { (size as u64 * RATIO).min(UNPACKED) };
    if unpacked > limit {
        return Err(FileProblem::Limit { of: "bytes unpacked", limit, got: unpacked });
    }
    let offset = offset as usize;
    let local = record(file, offset, LOCAL_LENGTH, LOCAL, "a file where the directory says")?;
    let name_again = offset + LOCAL_LENGTH..offset + LOCAL_LENGTH + usize::from(local.short(26));
    if local.short(8) != method || file.get(name_again.clone()) != Some(name.as_bytes()) {
        return Err(refuse(format!("{shown} as in the directory"), "another file"));
    }
    let start = name_again.end + usize::from(local.short(28));
    let end = start.saturating_add(size);
    if end > directory {
        return Err(refuse(format!("{size} bytes of {shown} in front of the directory"), "fewer"));
    }
    let (whole, packed) = (offset..end, start..end);
    Ok((Entry { name: name.to_owned(), method, crc, whole, packed, unpacked }, length))
}

impl Entry {
    /// The bytes of the file, checked. Memory grows with what is there, not with what is promised.
    pub(crate) fn unpack(&self, archive: &[u8]) -> Result<Vec<u8>, FileProblem> {
        let packed = &archive[self.packed.clone()];
        let mut out = Vec::new();
        if self.method == STORED {
            out.extend_from_slice(packed);
        } else {
            let mut decoder = DeflateDecoder::new(packed).take(self.unpacked + 1);
            let read = decoder.read_to_end(&mut out);
            read.map_err(|error| FileProblem::Unpack { reason: error.to_string() })?;
        }
        let got = out.len() as u64;
        if got != self.unpacked {
            return Err(FileProblem::Size { of: quoted(&self.name, SHOWN), expected: self.unpacked, got });
        }
        let mut crc = Crc::new();
        crc.update(&out);
        if crc.sum() != self.crc {
            return Err(refuse(
                format!("the checksum {:08x} of {}", self.crc, quoted(&self.name, SHOWN)),
                format!("{:08x}", crc.sum()),
            ));
        }
        Ok(out)
    }
}
