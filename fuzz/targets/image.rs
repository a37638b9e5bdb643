//! PNG and JPEG.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plywood_data::ImageFolder;
use std::sync::LazyLock;

/// Any folder of images: it holds the limits.
static FOLDER: LazyLock<ImageFolder> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/plywood-data/tests/images/folder");
    ImageFolder::open(folder).max_decoded(1 << 20).read().expect("the images of the tests")
});

fuzz_target!(|file: &[u8]| {
    let _ = FOLDER.decode(file);
});
