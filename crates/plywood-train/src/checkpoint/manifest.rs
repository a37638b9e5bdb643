//! The last file of a checkpoint: what makes it one.

use super::program::Program;
use crate::codec::Defect;
use plywood_tensor::one_line;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name of the file.
pub(super) const MANIFEST: &str = "MANIFEST.json";

/// The version of the format of checkpoints.
const FORMAT: u32 = 1;

/// What a checkpoint consists of: written last, so that its being there and whole says that everything else is.
///
/// As a file it is JSON for people and tools. Its last field is the CRC-32 of all bytes before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// The version of the format.
    format: u32,
    /// The version of the library that wrote it.
    plywood: String,
    /// How many steps were taken.
    pub(super) step: u64,
    /// How many epochs are complete.
    pub(super) epochs: usize,
    /// How many batches of the epoch after them are done.
    pub(super) batch: usize,
    /// The quantity by which the best checkpoint is chosen, where it was measured.
    pub(super) monitored: Option<Monitored>,
    /// What the program says of itself; there is none in those of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) program: Option<Program>,
    /// Every other file.
    pub(super) files: BTreeMap<String, Contents>,
}

/// A quantity of an epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Monitored {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) higher_is_better: bool,
}

/// What a file must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Contents {
    pub(super) bytes: u64,
    pub(super) crc32: String,
}

impl Contents {
    pub(super) fn of_sum(bytes: u64, crc32: u32) -> Contents {
        Contents { bytes, crc32: format!("{crc32:08x}") }
    }
}

impl Manifest {
    pub(super) fn new(step: u64, epochs: usize, batch: usize, monitored: Option<Monitored>) -> Manifest {
        let plywood = env!("CARGO_PKG_VERSION").to_owned();
        // JSON has no NaN, and no best one is chosen by it.
        let monitored = monitored.filter(|monitored| monitored.value.is_finite());
        let files = BTreeMap::new();
        Manifest { format: FORMAT, plywood, step, epochs, batch, monitored, program: None, files }
    }

    pub(super) fn to_text(&self) -> Result<String, Defect> {
        let mut text =
            serde_json::to_string_pretty(self).map_err(|error| Defect::Content(error.to_string()))?;
        // The closing brace makes room for the checksum.
        text.truncate(text.len() - "\n}".len());
        text.push_str(",\n");
        let tail = tail(&text);
        Ok(text + &tail)
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Manifest, Defect> {
        let text = std::str::from_utf8(bytes).map_err(|_| Defect::Checksum)?;
        let length = tail("").len();
        let Some((head, end)) = text.len().checked_sub(length).and_then(|at| text.split_at_checked(at))
        else {
            return Err(Defect::Header);
        };
        if end != tail(head) {
            return Err(Defect::Checksum);
        }
        let body = head.strip_suffix(",\n").unwrap_or(head).to_owned() + "}";
        let wrong = |error: serde_json::Error| Defect::Content(one_line(&error.to_string(), 200));
        let version: Version = serde_json::from_str(&body).map_err(wrong)?;
        if version.format != FORMAT {
            return Err(Defect::Version { expected: FORMAT, got: version.format });
        }
        serde_json::from_str(&body).map_err(wrong)
    }
}

/// What is read before anything else is believed.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// How a manifest ends.
fn tail(head: &str) -> String {
    format!("  \"checksum\": \"{:08x}\"\n}}\n", crc32fast::hash(head.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let monitored = Monitored { name: "loss".into(), value: 0.25, higher_is_better: false };
        let mut manifest = Manifest::new(12, 3, 4, Some(monitored));
        let layers = vec!["0: Relu".to_owned()];
        manifest.program = Some(Program::new("Sgd { learning_rate: 0.1 }", 0.1, Some(&[1, 2]), layers));
        manifest.files.insert("state.bin".into(), Contents::of_sum(5, 7));
        manifest
    }

    #[test]
    fn it_is_json_that_ends_with_its_checksum() {
        let text = manifest().to_text().unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&json["step"], &json["files"]["state.bin"]["bytes"]), (&12.into(), &5.into()));
        assert!(text.ends_with(&format!("{}\"\n}}\n", json["checksum"].as_str().unwrap())));
        assert_eq!(Manifest::from_bytes(text.as_bytes()).unwrap(), manifest());
    }

    #[test]
    fn those_of_earlier_versions_say_nothing_of_the_program() {
        let older = Manifest { program: None, ..manifest() };
        let text = older.to_text().unwrap();
        assert!(!text.contains("program"));
        assert_eq!(Manifest::from_bytes(text.as_bytes()).unwrap(), older);
    }

    #[test]
    fn a_quantity_that_is_no_number_is_left_out() {
        let monitored = Monitored { name: "loss".into(), value: f64::NAN, higher_is_better: false };
        assert_eq!(Manifest::new(1, 1, 0, Some(monitored)).monitored, None);
    }

    #[test]
    fn every_change_is_seen() {
        let bytes = manifest().to_text().unwrap().into_bytes();
        for cut in 0..bytes.len() {
            assert!(Manifest::from_bytes(&bytes[..cut]).is_err(), "cut at {cut}");
        }
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Manifest::from_bytes(&flipped).is_err(), "bit {bit}");
        }
        assert!(Manifest::from_bytes(&[&bytes[..], b"\n"].concat()).is_err());
    }

    #[test]
    fn another_format_is_named() {
        let text = Manifest { format: 9, ..manifest() }.to_text().unwrap();
        let error = Manifest::from_bytes(text.as_bytes()).unwrap_err();
        assert_eq!(error, Defect::Version { expected: 1, got: 9 });
    }
}
