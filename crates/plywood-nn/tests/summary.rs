//! Tables of models, as they print.

use plywood_autograd::{Buffer, Var};
use plywood_nn::{
    Context, Layer, Linear, Module, Outline, Parameters, Sequential, Summary, SummaryRow, parameters, summary,
};
use plywood_tensor::{At, Elem, IntTensor, Result, Seed, Shape, Tensor};

/// A block of the user's own that tells of its parts.
#[derive(Debug, Clone)]
struct Block {
    up: Linear,
    down: Linear,
    steps: Buffer,
}
parameters!(Block { up, down, steps });

impl Module for Block {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let hidden = self.up.forward(cx, x).at("up")?.relu();
        self.down.forward(cx, &hidden).at("down")
    }
    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        self.down.output_shape(&self.up.output_shape(input).at("up")?).at("down")
    }
    fn outline(&self, input: &Shape, outline: &mut Outline) -> Result<Shape> {
        outline.group(self.describe(), self.output_shape(input)?);
        let hidden = outline.part("up", &self.up, input)?;
        outline.part("down", &self.down, &hidden)
    }
}
impl Layer for Block {}

#[test]
fn a_summary_is_a_table() {
    let mut model = Sequential::input([30])
        .normalization(&Tensor::uniform([9, 30], 0.0, 5.0, &Seed(2).stream()).unwrap())
        .linear(128)
        .relu()
        .residual(|b| b.linear(64).silu().dropout(0.5).linear(128))
        .linear(1)
        .sigmoid()
        .build(Seed(7))
        .unwrap();
    model.freeze("1.*").unwrap();
    let table = model.summary().unwrap();
    assert_eq!(table.parameters(), model.parameter_count());
    if size_of::<Elem>() == 4 {
        assert_eq!(table.to_string(), TABLE.trim_matches('\n'));
    }
    assert_eq!(table.bytes(), (table.parameters() + 60) * size_of::<Elem>());
    assert_eq!((table.frozen(), table.buffers()), (31 * 128, 60));
    // A batch takes as many multiplications as it has samples.
    let batch = summary(&model, [32, 30]).unwrap();
    assert_eq!(batch.multiply_adds(), 32 * table.multiply_adds());
    assert_eq!(batch.multiply_adds(), model.multiply_adds(&Shape::new(&[32, 30]).unwrap()));
    assert_eq!(summary(&model, [32, 31]).unwrap_err().path(), "0");
}

/// Depth, whether it is a group, bytes: whether it is shown, and whether with numbers.
#[test]
fn a_row_is_shown_where_it_says_something() {
    for (depth, is_group, bytes, shown, numbers) in [
        (0, true, 0, false, false),
        (0, true, 8, true, true),
        (0, false, 0, true, true),
        (1, true, 0, true, false),
        (1, true, 8, true, true),
        (1, false, 0, true, true),
    ] {
        let shape = Shape::new(&[1, 30]).unwrap();
        let row = SummaryRow {
            path: String::new(),
            depth,
            layer: "Block".into(),
            output: shape,
            trainable: bytes,
            frozen: 0,
            buffers: 0,
            bytes,
            multiply_adds: 9,
            is_group,
        };
        assert_eq!(row.has_numbers(), numbers, "{row:?}");
        let summary = Summary { input: shape, output: shape, rows: vec![row] };
        assert_eq!(summary.shown().count(), usize::from(shown), "{summary:?}");
    }
}

const TABLE: &str = "
           layer                      output    parameters   bytes  multiply-adds
─────────────────────────────────────────────────────────────────────────────────
0          Normalization(30)          [1, 30]            0     240              0
1          Linear(30 -> 128), frozen  [1, 128]       3,968  15,872          3,840
2          Relu                       [1, 128]           0       0              0
3          Residual                   [1, 128]
3.inner      Sequential(4 layers)     [1, 128]
3.inner.0      Linear(128 -> 64)      [1, 64]        8,256  33,024          8,192
3.inner.1      Silu                   [1, 64]            0       0              0
3.inner.2      Dropout(0.5)           [1, 64]            0       0              0
3.inner.3      Linear(64 -> 128)      [1, 128]       8,320  33,280          8,192
4          Linear(128 -> 1)           [1, 1]           129     516            128
5          Sigmoid                    [1, 1]             0       0              0
─────────────────────────────────────────────────────────────────────────────────
           total                      [1, 1]        20,673  82,932         20,352
input [1, 30]; trainable 16,705, frozen 3,968, buffers 60
";

#[test]
fn modules_of_ones_own_tell_of_their_parts_or_stand_whole() {
    let stream = Seed(0).stream();
    let steps = Buffer::new(IntTensor::from([1, 2]));
    let block =
        Block { up: Linear::new(3, 8, &stream).unwrap(), down: Linear::new(8, 3, &stream).unwrap(), steps };
    let table = summary(&block, [2, 3]).unwrap();
    // The buffer lies in none of the parts.
    assert_eq!((table.parameters(), table.buffers(), table.rows[0].buffers), (block.parameter_count(), 2, 2));
    let rows = table.rows;
    let paths: Vec<(&str, &str)> = rows.iter().map(|row| (row.path.as_str(), row.layer.as_str())).collect();
    assert_eq!(paths, [("", "Block"), ("up", "Linear(3 -> 8)"), ("down", "Linear(8 -> 3)")]);

    let linear = Linear::new(3, 8, &stream).unwrap();
    let whole = summary(&linear, [2, 3]).unwrap();
    assert_eq!((whole.rows.len(), whole.parameters(), whole.multiply_adds()), (1, 32, 48));

    // One layer in two places: its numbers count once, its work twice.
    let square = Linear::new(3, 3, &stream).unwrap();
    let twice = Sequential::new(vec![Box::new(square.clone()), Box::new(square)]);
    let table = summary(&twice, [1, 3]).unwrap();
    assert_eq!((table.parameters(), table.multiply_adds()), (12, 18));
    if size_of::<Elem>() == 4 {
        assert_eq!(whole.to_string(), WHOLE.trim_matches('\n'));
    }
}

const WHOLE: &str = "
layer           output  parameters  bytes  multiply-adds
────────────────────────────────────────────────────────
Linear(3 -> 8)  [2, 8]          32    128             48
────────────────────────────────────────────────────────
total           [2, 8]          32    128             48
input [2, 3]; trainable 32, frozen 0, buffers 0
";
