//! How large the caches are.

/// A cache of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cache {
    pub(super) level: u8,
    pub(super) bytes: usize,
    /// Whether several cores share it.
    pub(super) shared: bool,
}

/// The data caches of the first core, smallest first; usual sizes where the system does not tell.
pub(super) fn caches() -> Vec<Cache> {
    let mut found = Vec::new();
    for index in 0..8 {
        let read = |file: &str| {
            std::fs::read_to_string(format!("/sys/devices/system/cpu/cpu0/cache/index{index}/{file}")).ok()
        };
        let (Some(level), Some(kind), Some(size), Some(cores)) =
            (read("level"), read("type"), read("size"), read("shared_cpu_list"))
        else {
            continue;
        };
        if let (Ok(level), Some(bytes)) = (level.trim().parse(), bytes(size.trim()))
            && kind.trim() != "Instruction"
        {
            found.push(Cache { level, bytes, shared: cores.contains([',', '-']) });
        }
    }
    found.sort_by_key(|cache| cache.level);
    if found.is_empty() {
        let usual = [(1, 32 << 10, false), (2, 1 << 20, false), (3, 32 << 20, true)];
        found.extend(usual.map(|(level, bytes, shared)| Cache { level, bytes, shared }));
    }
    found
}

/// `"512K"` or `"32M"` as a number of bytes.
fn bytes(text: &str) -> Option<usize> {
    let unit = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: usize = text[..unit].parse().ok()?;
    match &text[unit..] {
        "" => Some(number),
        "K" => Some(number << 10),
        "M" => Some(number << 20),
        "G" => Some(number << 30),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, caches};

    #[test]
    fn sizes_are_read() {
        for (text, size) in
            [("512K", Some(524_288)), ("32M", Some(33_554_432)), ("64", Some(64)), ("8X", None), ("K", None)]
        {
            assert_eq!(bytes(text), size, "{text}");
        }
        let sizes: Vec<usize> = caches().iter().map(|cache| cache.bytes).collect();
        assert!(sizes.is_sorted() && sizes[0] > 0, "{sizes:?}");
    }
}
