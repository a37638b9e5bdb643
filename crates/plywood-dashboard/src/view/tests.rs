//! Pictures, as text.

use super::{last, render, rows};
use crate::moment::Moment;
use crate::state::{Phase, State};
use plywood_train::{EpochRecord, Evaluation};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// A training at its beginning, with these metrics.
fn begin(metrics: &[&str]) -> State {
    let metrics = metrics.iter().map(|name| ((*name).to_owned(), f64::NAN, true)).collect();
    let now = Moment {
        epochs: 10,
        batches: 50,
        learning_rate: 0.01,
        samples_per_second: f64::NAN,
        metrics,
        ..Moment::default()
    };
    State { elapsed: 61.0, memory: Some(7_000_000), ..State::new(now) }
}

/// In the midst of an epoch, with this loss, and metrics of the same value.
fn tell(state: &mut State, epoch: usize, batch: usize, value: f64) {
    let metrics = state.now.metrics.iter().map(|(name, _, higher)| (name.clone(), value, *higher)).collect();
    state.tell(Moment {
        epoch,
        batch,
        step: ((epoch - 1) * 50 + batch) as u64,
        samples_per_second: 1234.0,
        left: 125.0,
        loss: value,
        recent_loss: Some(value),
        metrics,
        ..state.now.clone()
    });
}

/// At the end of an epoch: the loss, and metrics of the same value, in training and in validation.
fn end(state: &mut State, epoch: usize, training: f64, validation: Option<f64>) {
    let score = |value: f64| {
        let metrics = state.now.metrics.iter().map(|(name, ..)| (name.clone(), value));
        Evaluation::new(value, metrics.collect::<Vec<_>>(), 1)
    };
    let record = EpochRecord {
        epoch,
        training: score(training),
        validation: validation.map(score),
        skipped: 0,
        gradient_norm: None,
        learning_rate: 0.01,
        seconds: 1.0,
    };
    state.end_epoch(&record, 125.0, Some(training));
}

fn of(metrics: &[&str], change: impl FnOnce(&mut State)) -> State {
    let mut state = begin(metrics);
    change(&mut state);
    state
}

/// The lines of a picture, without what is empty at their ends.
fn picture(state: &State, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| render(state, frame.area(), frame.buffer_mut())).unwrap();
    let buffer = terminal.backend().buffer();
    let lines = buffer.content.chunks(width.into()).map(|row| {
        let line: String = row.iter().map(|cell| cell.symbol()).collect();
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Four epochs, and a part of the fifth.
fn four_epochs(state: &mut State) {
    for epoch in 1..=4_u8 {
        let loss = 1.0 / f64::from(epoch);
        tell(state, epoch.into(), 25, loss);
        end(state, epoch.into(), loss, Some(loss + 0.1));
    }
    tell(state, 5, 10, 0.19);
}

/// What is shown, in how many columns and rows, and how it looks.
type Case = (State, (u16, u16), &'static [&'static str]);

#[rustfmt::skip]
fn cases() -> Vec<Case> {
    vec![
        // A training that has just begun.
        (begin(&["accuracy"]), (50, 11), &[
            "epoch  1/10 ───────────────────────────       0/50",
            "run         ─────────────────────────── 1 min 01 s",
            "loss                      accuracy",
            "nothing yet               nothing yet",
            "",
            "",
            "",
            "",
            "loss",
            "accuracy",
            "step 0 · 7 MB          q stop · tab metric · l log",
        ]),
        // A single point.
        (of(&["accuracy"], |state| tell(state, 1, 25, 0.5)), (50, 11), &[
            "epoch  1/10 ━━━━━━━╸───────                  25/50",
            "run         ━────────────── 1 min 01 s, 2 min left",
            "loss  ─ 0.5000            accuracy  ─ 0.5000",
            "0.5500│                   0.5500│",
            "      │        ⠄                │        ⠄",
            "0.4500│                   0.4500│",
            "      └─────────────────        └─────────────────",
            "    0.5              0.5      0.5              0.5",
            "loss        0.5000",
            "accuracy    0.5000",
            "1.23k samples/s        q stop · tab metric · l log",
        ]),
        // Four epochs.
        (of(&["accuracy"], four_epochs), (50, 15), &[
            "epoch  5/10 ━━━────────────                  10/50",
            "run         ━━━━━━╸──────── 1 min 01 s, 2 min left",
            "loss  ─ 0.1900  • 0.3500  accuracy  ─ 0.1900",
            "1.1000│⠤⠤•                1.1000│•",
            "      │  ⠘⡄                     │ ⠑⢄",
            "0.6450│   ⠘⡄ •            0.6750│   ⠑⢄•",
            "      │    ⠘⠒⠒⠤⣀  •   •         │     ⠑⠢⠤⣀  •",
            "0.1900│         ⠉⠉⠉⠒⠤⠤⠤⢄  0.2500│         ⠉⠑⠒⠢⠤⠤⢄•",
            "      └─────────────────        └─────────────────",
            "    0.5              4.2        1                4",
            "               training  validation        best",
            "loss             0.1900      0.3500      0.3500",
            "accuracy         0.1900      0.3500      1.1000",
            "learning rate    0.0100",
            "1.23k samples/s        q stop · tab metric · l log",
        ]),
        // What is not finite is in no picture, and stands out among the numbers.
        (of(&["accuracy"], |state| {
            end(state, 1, 1.0, Some(2.0));
            end(state, 2, f64::NAN, Some(f64::INFINITY));
            tell(state, 3, 10, f64::NEG_INFINITY);
        }), (50, 12), &[
            "epoch  3/10 ━━━────────────                  10/50",
            "run         ━━━╸─────────── 1 min 01 s, 2 min left",
            "loss  ─ -inf  • inf       accuracy  ─ -inf  • inf",
            "2.0000│        •          2.0000│        •",
            "      │                         │",
            "1.0000│        ⡀          1.0000│        ⡀",
            "      └─────────────────        └─────────────────",
            "      1                1        1                1",
            "          training  validation        best",
            "loss          -inf         inf      2.0000",
            "accuracy      -inf         inf      2.0000",
            "1.23k samples/s        q stop · tab metric · l log",
        ]),
        // A training that is over after its only epoch.
        (of(&[], |state| {
            state.now.epochs = 1;
            end(state, 1, 1.0, None);
            state.phase = Phase::Complete;
        }), (50, 10), &[
            "epoch 1/1 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━      50/50",
            "run       ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 1 min 01 s",
            "               training  validation        best",
            "loss             1.0000                  1.0000",
            "learning rate    0.0100",
            "complete · 1 of 1 epochs · step 0 · 1 min 01 s",
            "",
            "",
            "",
            "",
        ]),
        // Ten thousand points.
        (of(&[], |state| {
            for step in 0..10_000_u32 {
                let (epoch, batch) = (step as usize / 50 + 1, step as usize % 50 + 1);
                tell(state, epoch, batch, (f64::from(step) - 5000.0).abs());
            }
            state.now.epochs = 200;
        }), (30, 14), &[
            "epoch 200/200       validation",
            "run     1 min 01 s, 2 min left",
            "loss  ─ 4999.0000",
            "4991.5000│⠙⢦⡀              ⢀⡤⠊",
            "         │  ⠙⢦⡀          ⢀⡴⠋",
            "2497.7500│    ⠙⢦⡀      ⢀⡴⠋",
            "         │      ⠙⢦⡀  ⢀⡴⠋",
            "4.0000   │        ⠙⢦⡴⠋",
            "         └────────────────────",
            "       0.2               199.8",
            "          training  validation",
            "loss     4999.0000",
            "learnin…    0.0100",
            "1.23k samples/s         q stop",
        ]),
        // The fall at the beginning does not set the scale.
        (of(&[], |state| {
            (1..=40).for_each(|batch| tell(state, 1, batch, if batch < 4 { 100.0 } else { 2.0 - batch as f64 / 40.0 }));
        }), (30, 12), &[
            "epoch  1/10              40/50",
            "run     1 min 01 s, 2 min left",
            "loss  ─ 1.0000",
            "1.8750│  ⠈⠑⠒⠤⠤⣀⣀",
            "      │         ⠉⠉⠒⠢⠤⢄⣀",
            "1.0000│                ⠉⠉⠑⠒⠤⠤⣀",
            "      └───────────────────────",
            "      0                    0.8",
            "          training  validation",
            "loss        1.0000",
            "learnin…    0.0100",
            "1.23k samples/s         q stop",
        ]),
        // The largest numbers.
        (of(&[], |state| {
            end(state, 1, f64::MAX, Some(f64::MIN));
            end(state, 2, f64::MIN, Some(f64::MAX));
        }), (44, 13), &[
            "epoch  2/10 ━━━━━━━━━                  50/50",
            "run         ━━─────── 1 min 01 s, 2 min left",
            "loss  ─ -1.798e308  • 1.798e308",
            "1.798e308 │⠉⠑⠒⠢⠤⢄⣀⣀                        •",
            "          │        ⠉⠉⠒⠒⠤⠤⢄⣀⡀",
            "0.0000    │                ⠈⠉⠑⠒⠒⠤⠤⣀⣀",
            "-1.798e308│•                        ⠉⠉⠑⠒⠢⠤⢄⣀",
            "          └─────────────────────────────────",
            "          1                                2",
            "               training  validation",
            "loss         -1.798e308   1.798e308",
            "learning rate    0.0100",
            "step 0 · 7 MB    q stop · tab metric · l log",
        ]),
        // Logarithmic.
        (of(&[], |state| {
            (1..=5).for_each(|epoch| end(state, epoch, 10_f64.powi(-(epoch as i32)), None));
            state.logarithmic = true;
        }), (30, 12), &[
            "epoch  5/10              50/50",
            "run     1 min 01 s, 2 min left",
            "loss  ─ 1.000e-5  log",
            "0.1000  │⠉⠒⠒⠤⢄⣀",
            "        │      ⠉⠉⠒⠒⠤⠤⣀⣀⡀",
            "1.000e-5│              ⠈⠉⠑⠒⠢⠤⣀",
            "        └─────────────────────",
            "        1                    5",
            "          training  validation",
            "loss      1.000e-5",
            "learnin…    0.0100",
            "step 0     q stop · tab metric",
        ]),
        // A name that is too long, and one of wide letters.
        (of(&["a_metric_of_a_name_that_nobody_would_type_twice", "精度"], |state| end(state, 1, 0.5, Some(0.5))), (44, 7), &[
            "epoch  1/10 ━━━━━━━━━                  50/50",
            "run         ━──────── 1 min 01 s, 2 min left",
            "                        training  validation",
            "loss                      0.5000      0.5000",
            "a_metric_of_a_name_th…    0.5000      0.5000",
            "精 度                       0.5000      0.5000",
            "step 0 · 7 MB    q stop · tab metric · l log",
        ]),
        // More metrics than rows: the chosen one is there.
        (of(&["m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7"], |state| {
            end(state, 1, 0.5, None);
            (0..5).for_each(|_| state.choose(true));
        }), (50, 13), &[
            "epoch  1/10 ━━━━━━━━━━━━━━━                  50/50",
            "run         ━╸───────────── 1 min 01 s, 2 min left",
            "loss  ─ 0.5000            m5  ─ 0.5000",
            "0.5500│                   0.5500│",
            "      │        ⠄                │        ⠄",
            "0.4500│                   0.4500│",
            "      └─────────────────        └─────────────────",
            "      1                1        1                1",
            "          training  validation        best",
            "loss        0.5000                  0.5000",
            "m4          0.5000                  0.5000",
            "m5          0.5000                  0.5000",
            "step 0 · 7 MB          q stop · tab metric · l log",
        ]),
        // A training that shall stop.
        (of(&[], |state| {
            tell(state, 1, 3, 0.5);
            state.phase = Phase::Stopping;
        }), (40, 4), &[
            "epoch  1/10 ╸────                   3/50",
            "run         ───── 1 min 01 s, 2 min left",
            "loss        0.5000",
            "stops after this batch",
        ]),
        // A small terminal.
        (of(&["accuracy"], four_epochs), (30, 8), &[
            "epoch  5/10              10/50",
            "run     1 min 01 s, 2 min left",
            "          training  validation",
            "loss        0.1900      0.3500",
            "accuracy    0.1900      0.3500",
            "learnin…    0.0100",
            "1.23k samples/s         q stop",
            "",
        ]),
        // A smaller one.
        (of(&["accuracy"], four_epochs), (20, 4), &[
            "epoch  5/10    10/50",
            "run",
            "loss        0.1900",
            "1.23k samples/s",
        ]),
        // The smallest.
        (of(&["accuracy"], four_epochs), (1, 1), &[
            "…",
        ]),
    ]
}

#[test]
fn pictures_are_as_expected() {
    for (state, (width, height), expected) in cases() {
        let found = picture(&state, width, height);
        assert_eq!(found, expected.join("\n"), "{width}x{height}\n{found}\n");
    }
}

#[test]
fn there_is_a_picture_for_every_size() {
    for (state, ..) in cases() {
        for (width, height) in
            (1..130).step_by(3).flat_map(|width| (1..45).map(move |height| (width, height)))
        {
            picture(&state, width, height);
        }
        assert!((1..100).all(|width| last(&state, width).area.width == width));
    }
}

#[test]
fn some_rows_are_left_for_what_is_printed() {
    for (height, expected) in [(0, 0), (1, 0), (2, 0), (3, 1), (10, 8), (24, 20), (40, 32), (100, 32)] {
        assert_eq!(rows(height), expected, "{height}");
    }
}
