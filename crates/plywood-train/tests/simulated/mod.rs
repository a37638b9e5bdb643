//! A file system in memory that loses power, breaks and runs full on demand.

use plywood_train::checkpoint::{Fs, Lock, NewFile};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

/// A file or a folder, by number: a name may change, this does not.
type Node = usize;

const ROOT: Node = 0;

/// What was asked for, as the disk sees it.
#[derive(Debug, Clone)]
pub(crate) enum Operation {
    /// A name in a folder appears, vanishes, or becomes another at one stroke.
    Name {
        folder: Node,
        removed: Option<String>,
        added: Option<(String, Node)>,
    },
    Write {
        file: Node,
        bytes: Vec<u8>,
    },
    SyncFile(Node),
    SyncFolder(Node),
}

/// How a disk ends up when the power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    /// Everything that was not synchronised.
    Everything,
    /// Of the bytes, what does not fill a sector.
    Torn,
    /// The second half of the bytes.
    Half,
    /// Nothing.
    Nothing,
}

/// Which call fails, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failure {
    pub(crate) call: usize,
    pub(crate) kind: io::ErrorKind,
    /// All later ones too.
    pub(crate) sticky: bool,
}

/// A method, and the path that it was given; for a rename, the new one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call(pub(crate) &'static str, pub(crate) PathBuf);

#[derive(Debug, Default, Clone)]
struct Disk {
    folders: BTreeMap<Node, BTreeMap<String, Node>>,
    files: BTreeMap<Node, Vec<u8>>,
}

#[derive(Debug, Default)]
struct Machine {
    disk: Disk,
    log: Vec<Operation>,
    nodes: usize,
    calls: usize,
    failure: Option<Failure>,
    /// What the first call that failed was to do.
    failed: Option<Call>,
    /// Calls that are refused, whenever they come.
    refuses: Option<fn(&Call) -> bool>,
    /// Says that everything is synchronised, and does nothing.
    forgets: bool,
}

/// A file system in memory. A clone is the same one.
#[derive(Debug, Clone)]
pub(crate) struct Simulated(Arc<Mutex<Machine>>);

impl Simulated {
    pub(crate) fn new() -> Simulated {
        Simulated::of(Disk { folders: BTreeMap::from([(ROOT, BTreeMap::new())]), files: BTreeMap::new() })
    }

    fn of(disk: Disk) -> Simulated {
        let named = disk.folders.values().flat_map(BTreeMap::values);
        let nodes =
            1 + disk.folders.keys().chain(disk.files.keys()).chain(named).max().expect("the root is there");
        Simulated(Arc::new(Mutex::new(Machine { disk, nodes, ..Machine::default() })))
    }

    /// One that only claims to synchronise.
    pub(crate) fn forgetful() -> Simulated {
        let new = Simulated::new();
        new.machine().forgets = true;
        new
    }

    pub(crate) fn failing(failure: Failure) -> Simulated {
        let new = Simulated::new();
        new.machine().failure = Some(failure);
        new
    }

    /// Refuses some calls from now on, with `PermissionDenied`.
    pub(crate) fn refuse(&self, which: fn(&Call) -> bool) {
        self.machine().refuses = Some(which);
    }

    pub(crate) fn mend(&self) {
        let mut machine = self.machine();
        (machine.failure, machine.refuses) = (None, None);
    }

    /// The first call that failed.
    pub(crate) fn failed(&self) -> Option<Call> {
        self.machine().failed.clone()
    }

    /// What is in a folder, in order.
    pub(crate) fn names(&self, path: &str) -> Vec<String> {
        let machine = self.machine();
        let node = machine.disk.node(Path::new(path)).unwrap();
        machine.disk.names(node).unwrap().keys().cloned().collect()
    }

    pub(crate) fn calls(&self) -> usize {
        self.machine().calls
    }

    pub(crate) fn log(&self) -> Vec<Operation> {
        self.machine().log.clone()
    }

    fn machine(&self) -> MutexGuard<'_, Machine> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// The bytes of a file; one whose bytes never reached the disk is empty.
    fn bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        let machine = self.call("read", path)?;
        let node = machine.disk.node(path)?;
        Ok(machine.disk.files.get(&node).cloned().unwrap_or_default())
    }

    /// A call; whether it fails.
    fn call(&self, method: &'static str, path: &Path) -> io::Result<MutexGuard<'_, Machine>> {
        let mut machine = self.machine();
        let (number, call) = (machine.calls, Call(method, path.to_owned()));
        machine.calls += 1;
        let refused = machine.refuses.filter(|refuses| refuses(&call));
        let kind = match (machine.failure, refused) {
            (Some(failure), _) if number == failure.call || (failure.sticky && number > failure.call) => {
                failure.kind
            }
            (_, Some(_)) => io::ErrorKind::PermissionDenied,
            _ => return Ok(machine),
        };
        machine.failed.get_or_insert(call);
        Err(kind.into())
    }

    /// What is on the disk when the power went after the first operations of a log: of those names that were not
    /// synchronised, the ones whose bit is set have made it.
    pub(crate) fn after_crash(log: &[Operation], lost: Lost, kept: u64) -> Simulated {
        let mut disk = Disk::default();
        disk.folders.insert(ROOT, BTreeMap::new());
        // What is sure, and what is pending since.
        let mut pending: Vec<&Operation> = Vec::new();
        let mut unsynced: BTreeMap<Node, Vec<u8>> = BTreeMap::new();
        for operation in log {
            match operation {
                Operation::Name { .. } => pending.push(operation),
                Operation::Write { file, bytes } => unsynced.entry(*file).or_default().extend(bytes),
                Operation::SyncFile(file) => {
                    let bytes = unsynced.remove(file).unwrap_or_default();
                    disk.files.entry(*file).or_default().extend(bytes);
                }
                Operation::SyncFolder(synced) => {
                    let of_folder = |operation: &&Operation| matches!(operation, Operation::Name { folder, .. } if folder == synced);
                    pending
                        .iter()
                        .filter(|operation| of_folder(operation))
                        .for_each(|operation| disk.apply(operation));
                    pending.retain(|operation| !of_folder(operation));
                }
            }
        }
        for (number, operation) in pending.into_iter().enumerate() {
            if kept >> number.min(63) & 1 == 1 {
                disk.apply(operation);
            }
        }
        for (file, bytes) in unsynced {
            let length = match lost {
                Lost::Everything => 0,
                Lost::Torn => bytes.len() / 512 * 512,
                Lost::Half => bytes.len() / 2,
                Lost::Nothing => bytes.len(),
            };
            disk.files.entry(file).or_default().extend(&bytes[..length]);
        }
        Simulated::of(disk)
    }

    /// How many names are not sure to last after a log.
    pub(crate) fn pending(log: &[Operation]) -> usize {
        let mut pending: Vec<Node> = Vec::new();
        for operation in log {
            match operation {
                Operation::Name { folder, .. } => pending.push(*folder),
                Operation::SyncFolder(synced) => pending.retain(|folder| folder != synced),
                _ => {}
            }
        }
        pending.len()
    }
}

impl Disk {
    fn apply(&mut self, operation: &Operation) {
        let Operation::Name { folder, removed, added } = operation else { return };
        let names = self.folders.entry(*folder).or_default();
        if let Some(name) = removed {
            names.remove(name);
        }
        if let Some((name, node)) = added {
            names.insert(name.clone(), *node);
        }
    }

    fn node(&self, path: &Path) -> io::Result<Node> {
        path.components().try_fold(ROOT, |folder, part| match part {
            Component::CurDir | Component::RootDir => Ok(folder),
            part => {
                let name = part.as_os_str().to_string_lossy();
                Ok(*self.names(folder)?.get(&*name).ok_or(io::ErrorKind::NotFound)?)
            }
        })
    }

    /// A folder of which no name has reached the disk is empty.
    fn names(&self, folder: Node) -> io::Result<&BTreeMap<String, Node>> {
        static EMPTY: BTreeMap<String, Node> = BTreeMap::new();
        if self.files.contains_key(&folder) {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(self.folders.get(&folder).unwrap_or(&EMPTY))
    }

    /// The folder above, and the name in it.
    fn place(&self, path: &Path) -> io::Result<(Node, String)> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy().into_owned();
        Ok((self.node(path.parent().unwrap_or(Path::new("")))?, name))
    }
}

impl Machine {
    fn record(&mut self, operation: Operation) {
        self.disk.apply(&operation);
        self.log.push(operation);
    }

    fn add(&mut self, folder: Node, name: String) -> Node {
        let node = self.nodes;
        self.nodes += 1;
        self.record(Operation::Name { folder, removed: None, added: Some((name, node)) });
        node
    }
}

impl Fs for Simulated {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        let mut machine = self.call("create_folder", path)?;
        let missing = |path: &&Path| machine.disk.node(path).is_err();
        let new: Vec<PathBuf> = path.ancestors().take_while(missing).map(Path::to_owned).collect();
        for path in new.iter().rev() {
            let (above, name) = machine.disk.place(path)?;
            let node = machine.add(above, name);
            machine.disk.folders.insert(node, BTreeMap::new());
        }
        Ok(())
    }

    fn create_file(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        let mut machine = self.call("create_file", path)?;
        let (folder, name) = machine.disk.place(path)?;
        if machine.disk.names(folder)?.contains_key(&name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let file = machine.add(folder, name);
        machine.disk.files.insert(file, Vec::new());
        Ok(Box::new(Writing { fs: self.clone(), file }))
    }

    fn lock_folder(&self, path: &Path) -> io::Result<Box<dyn Lock>> {
        drop(self.call("lock_folder", path)?);
        Ok(Box::new(Locked))
    }

    fn rename_folder(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut machine = self.call("rename_folder", to)?;
        let node = machine.disk.node(from)?;
        let ((folder, old), (same, new)) = (machine.disk.place(from)?, machine.disk.place(to)?);
        assert_eq!(folder, same, "checkpoints stay in their folder");
        if machine.disk.names(folder)?.contains_key(&new) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        machine.record(Operation::Name { folder, removed: Some(old), added: Some((new, node)) });
        Ok(())
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let mut machine = self.call("sync_folder", path)?;
        let node = machine.disk.node(path)?;
        if !machine.forgets {
            machine.record(Operation::SyncFolder(node));
        }
        Ok(())
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        let mut machine = self.call("remove_folder", path)?;
        let (node, (above, name)) = (machine.disk.node(path)?, machine.disk.place(path)?);
        let inside: Vec<String> = machine.disk.names(node)?.keys().cloned().collect();
        for name in inside {
            machine.record(Operation::Name { folder: node, removed: Some(name), added: None });
        }
        machine.record(Operation::Name { folder: above, removed: Some(name), added: None });
        Ok(())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        let machine = self.call("list", path)?;
        let node = machine.disk.node(path)?;
        Ok(machine.disk.names(node)?.keys().cloned().collect())
    }

    fn size(&self, path: &Path) -> io::Result<u64> {
        Ok(self.bytes(path)?.len() as u64)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(io::Cursor::new(self.bytes(path)?)))
    }
}

/// A file that is being written.
struct Writing {
    fs: Simulated,
    file: Node,
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let failure = self.fs.call("write", Path::new("")).err();
        let mut machine = self.fs.machine();
        // A disk that runs full has taken a part.
        let bytes = if failure.is_some() { &bytes[..bytes.len() / 2] } else { bytes };
        machine.disk.files.entry(self.file).or_default().extend(bytes);
        machine.log.push(Operation::Write { file: self.file, bytes: bytes.to_vec() });
        failure.map_or(Ok(bytes.len()), Err)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl NewFile for Writing {
    fn sync(&mut self) -> io::Result<()> {
        let mut machine = self.fs.call("sync", Path::new(""))?;
        if !machine.forgets {
            machine.record(Operation::SyncFile(self.file));
        }
        Ok(())
    }
}

/// Nobody else is here.
#[derive(Debug)]
struct Locked;

impl Lock for Locked {}
