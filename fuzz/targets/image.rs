//! PNG and JPEG, through a folder of one file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plywood_data::{Dataset, ImageFolder};
use std::path::PathBuf;
use std::sync::LazyLock;

static FOLDER: LazyLock<(PathBuf, ImageFolder)> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("plywood-fuzz-{}", std::process::id()));
    let path = folder.join("class/image.png");
    std::fs::create_dir_all(folder.join("class")).expect("a temporary folder");
    std::fs::write(&path, b"").expect("a temporary file");
    let data = ImageFolder::open(&folder).max_decoded(1 << 20).read().expect("a folder of one file");
    (path, data)
});

fuzz_target!(|file: &[u8]| {
    let (path, data) = &*FOLDER;
    std::fs::write(path, file).expect("a temporary file");
    let _ = data.get(0);
});
