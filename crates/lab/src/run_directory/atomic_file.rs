//! Files that appear whole or not at all: written under a temporary name, synced, renamed.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::LabError;

/// Ending of temporary names.
const TEMPORARY: &str = "partial";

/// Size and checksum of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seal {
    /// Bytes.
    pub bytes: u64,
    /// BLAKE3, hexadecimal.
    pub blake3: String,
}

/// A file being written; it is not seen under its name until [`AtomicFile::commit`].
pub(crate) struct AtomicFile {
    path: PathBuf,
    temporary: PathBuf,
    file: BufWriter<File>,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl AtomicFile {
    pub(crate) fn create(path: &Path) -> Result<AtomicFile, LabError> {
        let mut temporary = path.as_os_str().to_owned();
        temporary.push(".");
        temporary.push(TEMPORARY);
        let temporary = PathBuf::from(temporary);
        let file = File::create(&temporary).map_err(LabError::io("write", path))?;
        Ok(AtomicFile {
            path: path.to_owned(),
            temporary,
            file: BufWriter::with_capacity(1 << 16, file),
            hasher: blake3::Hasher::new(),
            bytes: 0,
        })
    }

    /// Syncs the file and puts it in its place; [`sync_folder`] makes the new name durable.
    pub(crate) fn commit(self) -> Result<Seal, LabError> {
        let AtomicFile { path, temporary, file, hasher, bytes } = self;
        let file = file.into_inner().map_err(|error| LabError::io("write", &path)(error.into_error()))?;
        file.sync_all().map_err(LabError::io("write", &path))?;
        drop(file);
        fs::rename(&temporary, &path).map_err(LabError::io("write", &path))?;
        Ok(Seal { bytes, blake3: hasher.finalize().to_hex().to_string() })
    }
}

impl Write for AtomicFile {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.file.write(buffer)?;
        self.hasher.update(&buffer[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes a whole file atomically and durably.
pub(crate) fn write_atomically(path: &Path, content: &[u8]) -> Result<Seal, LabError> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(content).map_err(LabError::io("write", path))?;
    let seal = file.commit()?;
    if let Some(folder) = path.parent() {
        sync_folder(folder);
    }
    Ok(seal)
}

/// Size and checksum of a file as it is now; `None` if there is none.
pub(crate) fn seal_of(path: &Path) -> Result<Option<Seal>, LabError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(LabError::io("read", path)(error)),
    };
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer).map_err(LabError::io("read", path))?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
    Ok(Some(Seal { bytes, blake3: hasher.finalize().to_hex().to_string() }))
}

/// Removes what a killed process left half written in a folder; a missing folder is fine.
pub(crate) fn remove_temporary_files(folder: &Path) -> Result<(), LabError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(LabError::io("read", folder)(error)),
    };
    for entry in entries {
        let path = entry.map_err(LabError::io("read", folder))?.path();
        if is_temporary(&path) {
            fs::remove_file(&path).map_err(LabError::io("remove", &path))?;
        }
    }
    Ok(())
}

/// Whether a path is a temporary name of ours.
pub(crate) fn is_temporary(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == TEMPORARY)
}

/// Makes the renames in a folder durable. Some systems cannot sync a folder; the rename is then as durable as they make it.
pub(crate) fn sync_folder(folder: &Path) {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_whole_with_its_seal() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        let seal = write_atomically(&path, b"{}").unwrap();
        assert_eq!(seal_of(&path).unwrap(), Some(seal));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert_eq!(seal_of(&dir.path().join("b.json")).unwrap(), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_says_so_and_leaves_the_old_file_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        write_atomically(&path, b"old").unwrap();
        std::os::unix::fs::symlink("/dev/full", dir.path().join("a.json.partial")).unwrap();
        let message = write_atomically(&path, b"new").unwrap_err().to_string();
        assert!(message.contains("a.json") && message.contains("the disk is full"), "{message}");
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }
}
