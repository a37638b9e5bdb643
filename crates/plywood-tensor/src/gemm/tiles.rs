//! Rows in tiles, and tiles in groups.

use super::split::balanced;
use std::ops::Range;

/// Rows in tiles that are as high as the widest panel allows; narrower ones are computed in the same.
#[derive(Clone, Copy)]
pub(super) struct Tiles {
    pub(super) rows: usize,
    /// The most rows of a tile.
    pub(super) most: usize,
}

/// Some tiles, by their number, and their rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) tiles: Range<usize>,
    pub(super) rows: Range<usize>,
}

impl Tiles {
    pub(super) fn count(self) -> usize {
        self.rows.div_ceil(self.most)
    }

    pub(super) fn highest(self) -> usize {
        self.rows.div_ceil(self.count())
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Range<usize>> + Clone {
        balanced(self.rows, self.count())
    }

    /// So many near equal groups of whole tiles, or as many as there are tiles.
    pub(super) fn groups(self, count: usize) -> impl Iterator<Item = Group> {
        let mut next = 0;
        balanced(self.count(), count.min(self.count())).map(move |tiles| {
            let rows = next..self.iter().nth(tiles.end - 1).map_or(next, |last| last.end);
            next = rows.end;
            Group { tiles, rows }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_whole_tiles_and_all_of_them() {
        for rows in [1, 5, 6, 7, 23, 128, 1000] {
            for most in [1, 6, 14] {
                let tiles = Tiles { rows, most };
                let all: Vec<Range<usize>> = tiles.iter().collect();
                for count in [1, 2, 3, 8, 5000] {
                    let groups: Vec<Group> = tiles.groups(count).collect();
                    assert_eq!(groups.len(), count.min(all.len()));
                    for group in &groups {
                        let own = &all[group.tiles.clone()];
                        assert_eq!(group.rows, own[0].start..own[own.len() - 1].end, "{rows} {most} {count}");
                    }
                    let tiles: Vec<usize> = groups.into_iter().flat_map(|group| group.tiles).collect();
                    assert_eq!(tiles, (0..all.len()).collect::<Vec<_>>());
                }
            }
        }
    }
}
