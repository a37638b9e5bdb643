//! The gradient for the weight: at each point a product over all tiles.

use super::tiles::{Grid, POINTS, Planes, SIDE, Source, spread};
use super::vectors::Collect;
use crate::conv::pack::{Panel, panels};
use crate::conv::room::Room;
use crate::gemm::{Call, Engine, balanced};
use crate::simd::Isa;
use crate::{Float, par};

/// Tiles that are transformed at a time.
const TILES: usize = 256;
/// Tiles whose products are summed before the sum goes to memory; fixed, for it decides how sums round.
const DEPTH: usize = 32;
/// Rows that are gathered at once.
const ROWS: usize = 64;

/// Writes the gradient for the weight, `[outputs, inputs, 3, 3]`, from the input and the gradient for the result.
pub(super) fn write<T: Float>(x: &Source<'_, T>, g: &Source<'_, T>, grid: &Grid, weight: &mut [T]) {
    let engine = T::engine(Isa::current());
    let (inputs, outputs) = (x.channels, g.channels);
    let tiles = grid.count();
    let strips = tiles.div_ceil(TILES);
    let rows = tiles.div_ceil(strips);
    let (mut v, mut e) = (Planes::new(rows, inputs), Planes::new(rows, outputs));
    let mut sums = Planes::new(inputs, outputs);
    let panels = panels(engine, outputs, engine.vectors(inputs), rows);
    for (i, strip) in balanced(tiles, strips).enumerate() {
        spread(x, grid, strip.clone(), 6, engine.transforms.input, &mut v, false);
        spread(g, grid, strip.clone(), SIDE, engine.transforms.gradient, &mut e, false);
        multiply(engine, &panels, [&v, &e], strip.len(), i > 0, &mut sums);
    }
    finish(engine, &sums, inputs, outputs, weight);
}

/// `S = Vᵀ E`, or adds it, at each point.
fn multiply<T: Float>(
    engine: &Engine<T>,
    panels: &[Panel],
    [v, e]: [&Planes<T>; 2],
    tiles: usize,
    more: bool,
    sums: &mut Planes<T>,
) {
    let (inputs, outputs, step) = (v.channels, e.channels, sums.step);
    let to = sums.shared();
    par::pieces(POINTS, POINTS * tiles * inputs * outputs, &|point| {
        // SAFETY: each piece has its own plane.
        let to = unsafe { to.piece(point * step, inputs * outputs) }.as_mut_ptr();
        let width: usize = panels.iter().map(|panel| panel.width).sum();
        let mut left_room = Room::new(engine.gathers, inputs, tiles * ROWS);
        let mut right_room = Room::new(engine.gathers, outputs, v.step / inputs * width);
        let g = e.plane(point);
        let right = right_room.right(g, outputs, tiles, panels);
        for chunk in balanced(inputs, inputs.div_ceil(ROWS)) {
            let from = &v.plane(point)[chunk.start..];
            let left = left_room.left(from, &[0], tiles, inputs, chunk.len());
            for panel in panels {
                let (b, b_step) = match right {
                    Some(b) => (&b[panel.at..], panel.width),
                    None => (&g[panel.channels.start..], outputs),
                };
                let (a, a_step) = match left {
                    Some(a) => (a, chunk.len()),
                    None => (from, inputs),
                };
                for (i, block) in balanced(tiles, tiles.div_ceil(DEPTH)).enumerate() {
                    let product =
                        Call::product(block.len(), [a_step, b_step, outputs], panel.tail(engine.lanes));
                    let call = Call { accumulate: more || i > 0, ..product };
                    let (a, b) = (&a[block.start * a_step..], &b[block.start * b_step..]);
                    for (tile, kernel) in engine.tiles(chunk.len(), panel.vectors, true) {
                        let at = (chunk.start + tile.start) * outputs + panel.channels.start;
                        // SAFETY: both operands hold all that is summed; the tile lies inside the plane.
                        unsafe { kernel(&call, a[tile.start..].as_ptr(), b.as_ptr(), to.add(at)) }
                    }
                }
            }
        }
    });
}

/// Transforms sums to gradients.
fn finish<T: Float>(engine: &Engine<T>, sums: &Planes<T>, inputs: usize, outputs: usize, weight: &mut [T]) {
    /// Inputs that a thread transforms at once.
    const CHUNK: usize = 4;
    let to = par::Shared::new(weight);
    par::pieces(inputs.div_ceil(CHUNK), POINTS * inputs * outputs, &|i| {
        // The gradients of one input, those of each place side by side.
        let mut places = vec![T::ZERO; 9 * outputs];
        for input in (i * CHUNK..inputs).take(CHUNK) {
            // SAFETY: all planes have a row for each input; there is room for the outputs of all places; the transform is one of
            // an instruction set that this thread may use.
            unsafe {
                (engine.transforms.weight_gradient)(&Collect {
                    from: sums.plane(0)[input * outputs..].as_ptr(),
                    step: sums.step,
                    channels: outputs,
                    to: places.as_mut_ptr(),
                    steps: [3 * outputs, outputs],
                    size: [3, 3],
                    bias: std::ptr::null(),
                    rectify: false,
                });
            }
            for output in 0..outputs {
                // SAFETY: the weights of an input are written by the thread alone that has it.
                let to = unsafe { to.piece((output * inputs + input) * 9, 9) };
                for k in 0..9 {
                    to[k] = places[k * outputs + output];
                }
            }
        }
    });
}
