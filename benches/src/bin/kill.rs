//! Kills a training at random moments, starts it again, and checks that nothing was lost by it.
//!
//! `cargo run --release -p plywood-benches --bin kill -- [--rounds 200] [--background] [--interrupt]`
//!
//! Each round starts the training of a small network as a program of its own, which saves a checkpoint every few steps, and kills
//! it (`kill -9`) after a time drawn at random. The next round resumes with other numbers of threads and workers. Every resume
//! must succeed, no round may lose more than one interval (two where another thread writes), and a training that gets to its
//! end must have the weights of one that nobody has disturbed. With `--interrupt` it is asked to end instead, as by Ctrl-C, and must
//! lose nothing.

use plywood::optim::schedules::OneCycle;
use plywood::prelude::*;
use plywood::tensor::{Float, Stream};
use plywood::train::{Callback, Checkpoints, Flow, Status, StopSignal, weights_hash};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Steps between two checkpoints, and of the whole training: 4 epochs of 45.
const INTERVAL: u64 = 5;
const EPOCHS: usize = 4;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let text: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let how = How { background: text.contains(&"--background"), interrupt: text.contains(&"--interrupt") };
    match text[..] {
        ["--train", folder, threads, workers, ..] => {
            let (threads, workers) = (number(threads), number(workers));
            Threads::new(threads)?.install(|| train(Path::new(folder), workers, how))
        }
        _ => {
            let rounds = text.iter().position(|&text| text == "--rounds");
            let rounds = rounds.and_then(|at| text.get(at + 1)).map_or(200, |rounds| number(rounds));
            kill(rounds, how)
        }
    }
}

/// How trainings save, and how they are ended.
#[derive(Clone, Copy)]
struct How {
    background: bool,
    interrupt: bool,
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or_else(|_| panic!("expected a number, got {text:?}"))
}

/// The training: says where it begins, every step, and the hash of its weights at the end.
fn train(folder: &Path, workers: usize, how: How) -> Result<()> {
    let (data, validation) = datasets::digits().split(0.8, Seed(1))?;
    let model =
        Sequential::input([64]).linear(32).batch_norm1d().relu().dropout(0.2).linear(10).build(Seed(1))?;
    let mut trainer = Trainer::compile(model, Adam::default(), CrossEntropy::default()).metric(Accuracy);
    let signal = StopSignal::on_ctrl_c()?;
    let resumed = trainer.resume(folder)?;
    tell("resumed", resumed.steps);
    let checkpoints = Checkpoints::new(folder).every_steps(INTERVAL).keep_best("validation loss");
    let noise = |x: Tensor, y, draw: &Stream| Ok((x.add_scalar(Elem::of(0.1 * draw.uniform(0))), y));
    let fit = Fit::epochs(EPOCHS)
        .validation(&validation)
        .schedule_by_step(OneCycle::of_steps(180)?)
        .callback(EarlyStopping::new("validation loss").patience(3))
        .callback(Tell)
        .augment(noise)
        .workers(workers)
        .checkpoints(if how.background { checkpoints.in_background() } else { checkpoints })
        .stop_signal(&signal)
        .progress(Progress::Silent);
    trainer.fit(&data, fit)?;
    let ended = if signal.is_stopped() { "stopped" } else { "done" };
    tell(ended, weights_hash(trainer.model()));
    Ok(())
}

/// Writes a line at once, so that it is read even if the program is killed right after.
fn tell(what: &str, number: u64) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{what} {number}").and_then(|()| out.flush());
}

/// Says every step.
struct Tell;

impl Callback for Tell {
    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        tell("step", status.step);
        Ok(Flow::Continue)
    }
}

/// What a training has said.
#[derive(Debug, Default)]
struct Said {
    resumed: Option<u64>,
    step: Option<u64>,
    stopped: bool,
    done: Option<u64>,
}

fn start(folder: &Path, round: usize, how: How) -> std::io::Result<Child> {
    let (threads, workers) = (1 + round % 3, [0, 2, 1, 3][round % 4]);
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--train").arg(folder).args([threads.to_string(), workers.to_string()]);
    if how.background {
        command.arg("--background");
    }
    command.stdout(Stdio::piped()).spawn()
}

fn listen(child: &mut Child) -> Said {
    let mut said = Said::default();
    for line in child
        .stdout
        .take()
        .into_iter()
        .flat_map(|out| BufReader::new(out).lines())
        .map_while(|line| line.ok())
    {
        match line.split_once(' ').map(|(what, number)| (what, number.parse().ok())) {
            Some(("resumed", step)) => said.resumed = step,
            Some(("step", step)) => said.step = step,
            Some(("stopped", _)) => said.stopped = true,
            Some(("done", hash)) => said.done = hash,
            _ => println!("{line}"),
        }
    }
    said
}

fn kill(rounds: usize, how: How) -> Result<()> {
    let root = std::env::temp_dir().join(format!("plywood-kill-{}", std::process::id()));
    let undisturbed = {
        let mut child = start(&root.join("undisturbed"), 0, how)?;
        let said = listen(&mut child);
        child.wait()?;
        said.done.expect("a training that nobody disturbs ends")
    };
    let draws = Seed(std::process::id().into()).stream();
    let allowed = match how {
        How { interrupt: true, .. } => 0,
        How { background: true, .. } => 2 * INTERVAL,
        _ => INTERVAL,
    };
    let (mut reached, mut killed, mut finished, mut most, mut resumed) = (0, 0, 0, 0, 0);
    let mut folder: PathBuf = root.join("run 0");
    for round in 0..rounds {
        let mut child = start(&folder, round, how)?;
        let time = Duration::from_micros((draws.uniform(round as u64) * 120e3) as u64);
        std::thread::sleep(time);
        if how.interrupt {
            // By the shell, which has the command everywhere.
            Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status()?;
        } else {
            child.kill()?;
        }
        let said = listen(&mut child);
        let status = child.wait()?;
        assert!(
            said.done.is_some() || said.stopped || !status.success(),
            "round {round}: it ended early without a word"
        );
        assert!(status.code().is_none_or(|code| code == 0), "round {round}: it failed: {status}");
        if let Some(step) = said.resumed {
            let lost = reached - step.min(reached);
            assert!(lost <= allowed, "round {round}: {lost} steps lost, at most {allowed} expected");
            most = most.max(lost);
            resumed += usize::from(step > 0);
            reached = step;
        }
        reached = said.step.unwrap_or(reached);
        match said.done {
            Some(hash) => {
                assert_eq!(hash, undisturbed, "round {round}: other weights than undisturbed");
                finished += 1;
                (folder, reached) = (root.join(format!("run {finished}")), 0);
            }
            None => killed += 1,
        }
    }
    let mut child = start(&folder, rounds, how)?;
    let said = listen(&mut child);
    child.wait()?;
    assert_eq!(said.done, Some(undisturbed), "the last training has other weights than undisturbed");
    // A program that is started behind `nohup` or with `&` by a script ignores interrupts, and hands that on.
    let advice = if how.interrupt { "; does this program ignore interrupts?" } else { "" };
    assert!(resumed * 4 >= rounds, "only {resumed} of {rounds} rounds had something to resume{advice}");
    std::fs::remove_dir_all(&root)?;
    println!(
        "rounds {rounds}, resumed {resumed}, killed {killed}, trainings finished {}, most steps lost {most} of {allowed} allowed",
        finished + 1
    );
    Ok(())
}
