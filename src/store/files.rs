//! The content of materials: files in the data folder, `materials/INSTITUTION/MATERIAL`, with names of this server's
//! making. A file is whole and on the disk before its record is written; one without a record is nobody's.

use crate::ids::{InstitutionId, MaterialId};
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

/// Where materials are, and how much of them there may be.
#[derive(Clone, Debug)]
pub struct MaterialFolder {
    pub root: PathBuf,
    /// How many bytes an institution's files may have together.
    pub quota: u64,
}

/// A file that is being received; it is gone unless it is finished.
pub struct IncomingFile {
    file: File,
    partial: PathBuf,
    whole: PathBuf,
    bytes: u64,
    hash: ring::digest::Context,
    finished: bool,
}

impl MaterialFolder {
    fn path(&self, institution: InstitutionId, material: MaterialId) -> PathBuf {
        self.root.join(institution.to_string()).join(material.to_string())
    }

    /// Begins to receive a file.
    ///
    /// # Errors
    /// Where the folder can't be written.
    pub async fn receive(&self, institution: InstitutionId, material: MaterialId) -> io::Result<IncomingFile> {
        let whole = self.path(institution, material);
        let partial = whole.with_extension("part");
        if let Some(folder) = whole.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        let file = File::create(&partial).await?;
        let hash = ring::digest::Context::new(&ring::digest::SHA256);
        Ok(IncomingFile { file, partial, whole, bytes: 0, hash, finished: false })
    }

    /// Opens a file to be read.
    ///
    /// # Errors
    /// Where it is not there or can't be read.
    pub async fn open(&self, institution: InstitutionId, material: MaterialId) -> io::Result<File> {
        File::open(self.path(institution, material)).await
    }

    /// Removes a file; it is all the same where it is not there.
    ///
    /// # Errors
    /// Where the folder can't be written.
    pub async fn remove(&self, institution: InstitutionId, material: MaterialId) -> io::Result<()> {
        match tokio::fs::remove_file(self.path(institution, material)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl IncomingFile {
    /// How many bytes came.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// # Errors
    /// Where the disk is full or does not write.
    pub async fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.hash.update(chunk);
        self.bytes = self.bytes.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        self.file.write_all(chunk).await
    }

    /// Makes the file durable under its own name; gives its SHA-256 in lower-case hexadecimal.
    ///
    /// # Errors
    /// Where the disk is full or does not write.
    pub async fn finish(mut self) -> io::Result<String> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        tokio::fs::rename(&self.partial, &self.whole).await?;
        self.finished = true;
        if let Some(folder) = self.whole.parent() {
            sync_folder(folder).await?;
        }
        Ok(super::rows::hex_digest(self.hash.clone().finish().as_ref()))
    }
}

/// A new name is durable once its folder is.
async fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder).await?.sync_all().await
}

impl Drop for IncomingFile {
    fn drop(&mut self) {
        if !self.finished {
            // What broke off is nobody's; where it can't be removed now, it only takes space.
            let _ = std::fs::remove_file(&self.partial);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn folder() -> (tempfile::TempDir, MaterialFolder, InstitutionId, MaterialId) {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = MaterialFolder { root: temporary.path().join("materials"), quota: 1 };
        (temporary, folder, InstitutionId(Uuid::from_u128(1)), MaterialId(Uuid::from_u128(2)))
    }

    #[tokio::test]
    async fn a_file_is_there_once_it_is_whole() {
        let (_temporary, folder, institution, material) = folder();
        let mut incoming = folder.receive(institution, material).await.expect("begun");
        incoming.write(b"ab").await.expect("written");
        assert!(folder.open(institution, material).await.is_err());
        incoming.write(b"c").await.expect("written");
        assert_eq!(incoming.bytes(), 3);
        // FIPS 180-2, appendix B.1.
        let hash = incoming.finish().await.expect("finished");
        assert_eq!(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(folder.open(institution, material).await.is_ok());
        folder.remove(institution, material).await.expect("removed");
        folder.remove(institution, material).await.expect("removed already");
    }

    #[tokio::test]
    async fn what_broke_off_leaves_nothing() {
        let (temporary, folder, institution, material) = folder();
        let mut incoming = folder.receive(institution, material).await.expect("begun");
        incoming.write(b"half").await.expect("written");
        drop(incoming);
        let inside = temporary.path().join("materials").join(institution.to_string());
        assert_eq!(std::fs::read_dir(inside).expect("the folder").count(), 0);
    }
}
