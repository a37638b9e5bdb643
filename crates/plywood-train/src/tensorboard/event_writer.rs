//! A file that TensorBoard shows.

use super::histogram::Histogram;
use super::protobuf::Message;
use super::{event, png, record};
use crate::TrainError;
use plywood_tensor::{Float, Result, Tensor};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Writes a file that TensorBoard shows: numbers, histograms, images and texts, each with a name and a step.
///
/// Names with slashes are shown in groups: `loss/total` in the group `loss`. The file is written without TensorFlow: its
/// records (TFRecord) and messages (protocol buffers) are written by hand, and compared with those of the `tensorboard`
/// package of Python. What is written is seen at [`EventWriter::flush`], or when the writer is dropped.
///
/// It is also the way to show what a callback cannot see, such as gradients, from within a
/// [custom step](crate::Trainer::custom_step).
///
/// # Example
/// ```
/// use plywood_tensor::Tensor;
/// use plywood_train::EventWriter;
///
/// # let folder = std::env::temp_dir().join(format!("plywood-event-writer-{}", std::process::id()));
/// let mut writer = EventWriter::create(&folder)?;
/// for step in 0..3 {
///     writer.scalar("temperature", step, 20.0 + step as f64)?;
/// }
/// writer.histogram("noise", 2, &Tensor::from([0.1, -0.3, 0.2]))?;
/// writer.image("checks", 2, &Tensor::from([[[0.0], [1.0]], [[1.0], [0.0]]]))?;
/// writer.text("notes", 2, "a **good** run")?;
/// writer.flush()?;
/// // One event tells the version of the format, one that the run begins; six are ours.
/// assert_eq!(writer.events(), 8);
/// assert!(std::fs::metadata(writer.path())?.len() > 500);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch: `torch.utils.tensorboard.SummaryWriter`. TensorFlow: `tf.summary.create_file_writer`.
#[derive(Debug)]
#[doc(alias = "SummaryWriter")]
pub struct EventWriter {
    path: PathBuf,
    file: BufWriter<File>,
    events: u64,
}

impl EventWriter {
    /// Begins a file in this folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`TrainError::File`] if that cannot be done.
    pub fn create(folder: impl AsRef<Path>) -> Result<EventWriter> {
        EventWriter::resume(folder, 0)
    }

    /// Begins a file in this folder for a run that goes on before this step: what earlier files of the folder say of it
    /// and of later ones is not shown any more.
    ///
    /// # Errors
    /// [`TrainError::File`] if that cannot be done.
    #[doc(alias = "purge_step")]
    pub fn resume(folder: impl AsRef<Path>, step: u64) -> Result<EventWriter> {
        let folder = folder.as_ref();
        let (path, file) = begin(folder).map_err(|error| TrainError::file(folder, error))?;
        let mut writer = EventWriter { path, file: BufWriter::new(file), events: 0 };
        writer.write(&event::version(now()))?;
        // Also at the beginning: TensorBoard does not take the first of its kind for a restart.
        writer.write(&event::start(now(), step))?;
        Ok(writer)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many events were written, those about the file itself included.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Writes a number; the file holds it in single precision.
    ///
    /// # Errors
    /// [`TrainError::File`] if the file cannot be written.
    #[doc(alias = "add_scalar")]
    pub fn scalar(&mut self, name: &str, step: u64, value: f64) -> Result<()> {
        self.summary(step, event::scalar(name, value as f32))
    }

    /// Writes how often values occur, in intervals of the same width; those that are not finite do not count, and where
    /// there are no others, nothing is written.
    ///
    /// # Errors
    /// [`TrainError::File`] if the file cannot be written.
    #[doc(alias = "add_histogram")]
    pub fn histogram(&mut self, name: &str, step: u64, values: &Tensor) -> Result<()> {
        match Histogram::of(values.as_slice()) {
            Some(histogram) => self.summary(step, event::histogram(name, &histogram)),
            None => Ok(()),
        }
    }

    /// Writes an image `[H, W, C]` of values from 0 to 1 as PNG; what lies beyond is cut off, NaN is black.
    ///
    /// One channel is grey, three are red, green and blue, a fourth is opacity.
    ///
    /// # Errors
    /// [`TrainError::Image`] for another shape; [`TrainError::File`] if the file cannot be written.
    #[doc(alias = "add_image")]
    pub fn image(&mut self, name: &str, step: u64, image: &Tensor) -> Result<()> {
        let size = match image.shape()[..] {
            [height, width, channels @ (1 | 3 | 4)] if height * width > 0 => [height, width, channels],
            _ => return Err(TrainError::Image { got: *image.shape() }.into()),
        };
        // A cast of NaN is 0, and one of what is too large is 255.
        let pixels: Vec<u8> = image.as_slice().iter().map(|x| (x.to_f64() * 255.0).round() as u8).collect();
        let png = png::png(size, &pixels).map_err(|error| TrainError::file(&self.path, error))?;
        self.summary(step, event::image(name, size, &png))
    }

    /// Writes a text in Markdown.
    ///
    /// # Errors
    /// [`TrainError::File`] if the file cannot be written.
    #[doc(alias = "add_text")]
    pub fn text(&mut self, name: &str, step: u64, text: &str) -> Result<()> {
        self.summary(step, event::text(name, text))
    }

    /// Hands what was written to the system, so that TensorBoard sees it.
    ///
    /// # Errors
    /// [`TrainError::File`] if the file cannot be written.
    pub fn flush(&mut self) -> Result<()> {
        Ok(self.file.flush().map_err(|error| TrainError::file(&self.path, error))?)
    }

    fn summary(&mut self, step: u64, value: Message) -> Result<()> {
        self.write(&event::summary(now(), step, value))
    }

    fn write(&mut self, event: &Message) -> Result<()> {
        let record = record::framed(event.bytes());
        self.file.write_all(&record).map_err(|error| TrainError::file(&self.path, error))?;
        self.events += 1;
        Ok(())
    }
}

/// Seconds since 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}

/// A new file, whose name readers know for one of theirs, and which comes after all others of the folder by name: that is the
/// order in which TensorBoard reads them.
fn begin(folder: &Path) -> io::Result<(PathBuf, File)> {
    const START: &str = "events.out.tfevents.";
    std::fs::create_dir_all(folder)?;
    let seconds = |entry: io::Result<std::fs::DirEntry>| {
        let name = entry.ok()?.file_name();
        name.to_str()?.strip_prefix(START)?.split('.').next()?.parse::<u64>().ok()
    };
    let last = std::fs::read_dir(folder)?.filter_map(seconds).max();
    let mut second = (now() as u64).max(last.map_or(0, |last| last + 1));
    // Linux tells the name of the machine here; elsewhere the name does without.
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = if host.trim().is_empty() { "localhost" } else { host.trim() };
    loop {
        let path = folder.join(format!("{START}{second:010}.{host}.{}.0", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => second += 1,
            Err(error) => return Err(error),
        }
    }
}
