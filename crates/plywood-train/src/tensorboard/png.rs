//! A PNG file, the simplest there is: one byte for each channel, no filters, no palette.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write;

/// The file for rows of pixels; 1, 2, 3 or 4 channels are grey, grey with opacity, colours, colours with opacity.
pub(super) fn png([height, width, channels]: [usize; 3], pixels: &[u8]) -> std::io::Result<Vec<u8>> {
    let kind = [0, 0, 4, 2, 6][channels];
    let mut header = Vec::with_capacity(13);
    header.extend((width as u32).to_be_bytes());
    header.extend((height as u32).to_be_bytes());
    // Eight bits for each channel, and the only compression, filters and order that there are.
    header.extend([8, kind, 0, 0, 0]);
    let mut rows = ZlibEncoder::new(Vec::new(), Compression::default());
    for row in pixels.chunks(width * channels) {
        rows.write_all(&[0])?; // no filter
        rows.write_all(row)?;
    }
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in [(b"IHDR", header), (b"IDAT", rows.finish()?), (b"IEND", Vec::new())] {
        file.extend((content.len() as u32).to_be_bytes());
        let start = file.len();
        file.extend(name);
        file.extend(content);
        file.extend(crc32fast::hash(&file[start..]).to_be_bytes());
    }
    Ok(file)
}
