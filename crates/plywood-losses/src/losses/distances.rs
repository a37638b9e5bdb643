//! Objects of a mask, and how far away they are.

/// What hangs together of one label other than 0, corners included: the number of each pixel's object, 0 for the background, and
/// how many there are.
pub(super) fn objects(labels: &[i64], width: usize) -> (Vec<usize>, usize) {
    let (mut object, mut count) = (vec![0; labels.len()], 0);
    let mut reached = Vec::new();
    for start in 0..labels.len() {
        if labels[start] == 0 || object[start] != 0 {
            continue;
        }
        count += 1;
        object[start] = count;
        reached.push(start);
        while let Some(pixel) = reached.pop() {
            for near in neighbours(pixel, width, labels.len()) {
                if labels[near] == labels[start] && object[near] == 0 {
                    object[near] = count;
                    reached.push(near);
                }
            }
        }
    }
    (object, count)
}

/// The up to eight pixels around one, and itself.
fn neighbours(pixel: usize, width: usize, length: usize) -> impl Iterator<Item = usize> {
    let (row, column, height) = (pixel / width, pixel % width, length / width);
    let around = |at: usize, end: usize| at.saturating_sub(1)..(at + 2).min(end);
    around(row, height).flat_map(move |row| around(column, width).map(move |column| row * width + column))
}

/// The square of each pixel's distance to the nearest of those that are `inside`; infinite if there are none.
///
/// Exact, in two passes: along columns, then along rows by the lower envelope of parabolas (Felzenszwalb, Huttenlocher,
/// "Distance Transforms of Sampled Functions", 2012).
pub(super) fn squared_distances(width: usize, inside: impl Fn(usize) -> bool, length: usize) -> Vec<f64> {
    let mut distances: Vec<f64> = (0..length).map(|i| if inside(i) { 0.0 } else { f64::INFINITY }).collect();
    for i in width..length {
        distances[i] = distances[i].min(distances[i - width] + 1.0);
    }
    for i in (width..length).rev() {
        distances[i - width] = distances[i - width].min(distances[i] + 1.0);
    }
    // The parabolas of the envelope, and where each begins to be the lowest.
    let (mut lowest, mut begins) = (Vec::with_capacity(width), Vec::with_capacity(width));
    for row in distances.chunks_exact_mut(width.max(1)) {
        let heights: Vec<f64> = row.iter().map(|d| d * d).collect();
        lowest.clear();
        begins.clear();
        for (at, height) in heights.iter().enumerate().filter(|(_, height)| height.is_finite()) {
            let at = at as f64;
            let meets =
                |&(other, its): &(f64, f64)| (height + at * at - its - other * other) / (2.0 * (at - other));
            while lowest.last().is_some_and(|last| meets(last) <= begins[begins.len() - 1]) {
                lowest.pop();
                begins.pop();
            }
            begins.push(lowest.last().map_or(f64::NEG_INFINITY, meets));
            lowest.push((at, *height));
        }
        let mut current = 0;
        for (x, out) in row.iter_mut().enumerate().filter(|_| !lowest.is_empty()) {
            let x = x as f64;
            while begins.get(current + 1).is_some_and(|&begin| begin <= x) {
                current += 1;
            }
            let (at, height) = lowest[current];
            *out = (x - at) * (x - at) + height;
        }
    }
    distances
}

#[cfg(test)]
mod tests {
    use super::*;
    use plywood_tensor::Seed;

    #[test]
    fn distances_are_those_of_the_nearest() {
        for (case, (height, width)) in [(1, 1), (1, 9), (9, 1), (7, 5), (12, 16)].into_iter().enumerate() {
            for share in [0.0, 0.03, 0.3, 1.0] {
                let stream = Seed(3).stream().at(case as u64);
                let inside = |i: usize| stream.uniform(i as u64) < share;
                let length = height * width;
                let got = squared_distances(width, inside, length);
                for (i, got) in got.into_iter().enumerate() {
                    let far = |j: usize| {
                        let (y, x) = ((i / width).abs_diff(j / width), (i % width).abs_diff(j % width));
                        (x * x + y * y) as f64
                    };
                    let expected = (0..length).filter(|&j| inside(j)).map(far).fold(f64::INFINITY, f64::min);
                    assert_eq!(got, expected, "{height}×{width}, {share}, {i}");
                }
            }
        }
    }

    #[test]
    fn objects_hang_together_by_corners_and_not_across_labels() {
        #[rustfmt::skip]
        let labels = [
            1, 0, 0, 2,
            0, 1, 0, 2,
            0, 0, 0, 1,
        ];
        let (object, count) = objects(&labels, 4);
        assert_eq!((object, count), (vec![1, 0, 0, 2, 0, 1, 0, 2, 0, 0, 0, 3], 3));
    }
}
