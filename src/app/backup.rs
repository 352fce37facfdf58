//! `qism backup` and `qism restore`: everything that a server keeps, in one file.
//!
//! A backup is lines of JSON, compressed: a header, each table's records after its name, the files of the data folder,
//! and at the end how many there were and a hash over all of them. It is read to the end and found intact before
//! anything is restored.

use super::files::create_private_folder;
use super::{files, say};
use crate::config::Config;
use crate::store::{DumpSink, DumpSource, Store, StoreError, TABLES};
use anyhow::{Context, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

/// The format's version.
const FORMAT: u32 = 1;

/// The folders within the data folder that are kept.
const FOLDERS: [&str; 1] = ["materials"];

/// How many bytes of a file stand on one line.
const CHUNK_BYTES: usize = 48 * 1024;

/// What is not a record.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Mark {
    /// The first line.
    QismBackup {
        format: u32,
    },
    /// Records of this table follow.
    Table(String),
    /// Chunks of this file follow.
    File(String),
    Chunk(String),
    /// The last line.
    End {
        lines: u64,
        hash: String,
    },
}

/// What is in a backup, whatever its order: a count, and the sum of every line's SHA-256.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    lines: u64,
    sum: [u64; 4],
}

impl Tally {
    fn add(&mut self, kind: &str, line: &str) {
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        context.update(kind.as_bytes());
        context.update(&[0]);
        context.update(line.as_bytes());
        let digest = context.finish();
        for (sum, bytes) in self.sum.iter_mut().zip(digest.as_ref().chunks_exact(8)) {
            let word = bytes.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
            *sum = sum.wrapping_add(word);
        }
        self.lines += 1;
    }

    fn hash(&self) -> String {
        self.sum.iter().map(|word| format!("{word:016x}")).collect()
    }
}

/// Writes a backup, of a server that runs or one that does not.
///
/// # Errors
/// Where the store can't be read or the file can't be written; no half of a file is left then.
pub async fn write(config: &Config, file: &Path) -> anyhow::Result<()> {
    let store = Store::open_beside(&config.store_url()).await?;
    let unfinished = sibling(file, ".unfinished");
    ensure!(!file.exists(), "{} is there already; name another file", file.display());
    let output = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished);
    let output = output.with_context(|| format!("{} can't be written", unfinished.display()))?;
    let written = write_to(&store, &config.server.data_dir, output).await;
    store.close().await;
    match written {
        Ok(tally) => {
            std::fs::rename(&unfinished, file).with_context(|| format!("{} can't be written", file.display()))?;
            say(&format!("{}: {} lines, hash {}", file.display(), tally.lines, tally.hash()));
            Ok(())
        }
        Err(error) => {
            let _ = std::fs::remove_file(&unfinished);
            Err(error)
        }
    }
}

async fn write_to(store: &Store, data_dir: &Path, output: File) -> anyhow::Result<Tally> {
    let output = GzEncoder::new(BufWriter::new(output), Compression::fast());
    let mut writer = Writer { output, tally: Tally::default(), table: None };
    writer.mark(&Mark::QismBackup { format: FORMAT })?;
    // The records first: a file that they name is there by then, and stays.
    store.dump(&mut writer).await?;
    for folder in FOLDERS {
        for path in files_under(&data_dir.join(folder))? {
            writer.file(data_dir, &path)?;
        }
    }
    let Tally { lines, .. } = writer.tally;
    writer.mark(&Mark::End { lines, hash: writer.tally.hash() })?;
    let buffered = writer.output.finish()?;
    buffered.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok(writer.tally)
}

struct Writer {
    output: GzEncoder<BufWriter<File>>,
    tally: Tally,
    table: Option<&'static str>,
}

impl Writer {
    fn mark(&mut self, mark: &Mark) -> io::Result<()> {
        serde_json::to_writer(&mut self.output, mark)?;
        self.output.write_all(b"\n")
    }

    fn file(&mut self, data_dir: &Path, path: &Path) -> anyhow::Result<()> {
        let name = path.strip_prefix(data_dir)?.to_str().context("a file's name is not UTF-8")?.to_owned();
        let mut content = File::open(path).with_context(|| format!("{} can't be read", path.display()))?;
        self.mark(&Mark::File(name.clone()))?;
        loop {
            let mut chunk = Vec::with_capacity(CHUNK_BYTES);
            Read::by_ref(&mut content).take(CHUNK_BYTES as u64).read_to_end(&mut chunk)?;
            if chunk.is_empty() {
                return Ok(());
            }
            let chunk = STANDARD.encode(&chunk);
            self.tally.add(&name, &chunk);
            self.mark(&Mark::Chunk(chunk))?;
        }
    }
}

impl DumpSink for Writer {
    fn line(&mut self, table: &'static str, json: &str) -> io::Result<()> {
        if self.table != Some(table) {
            self.mark(&Mark::Table(table.into()))?;
            self.table = Some(table);
        }
        self.tally.add(table, json);
        self.output.write_all(json.as_bytes())?;
        self.output.write_all(b"\n")
    }
}

/// Fills an empty store from a backup.
///
/// # Errors
/// Where the backup is not intact, or the store is not empty; nothing was changed then.
pub async fn restore(config: &Config, file: &Path) -> anyhow::Result<()> {
    let damaged = || format!("{} is damaged or no backup; nothing was changed", file.display());
    let tally = Reader::open(file)?.verify().with_context(damaged)?;
    let data_dir = &config.server.data_dir;
    create_private_folder(data_dir).with_context(|| format!("{} can't be made", data_dir.display()))?;
    let store = Store::open(&config.store_url()).await?;
    let mut reader = Reader::open(file)?;
    match store.load(&mut reader).await {
        Err(StoreError::Conflict) => bail!(
            "the store is not empty; name an empty data folder with --data-dir, or another database with `url` in [store]"
        ),
        loaded => loaded.with_context(|| format!("{} can't be restored; nothing was changed", file.display()))?,
    }
    reader.restore_files(data_dir)?;
    let mut again = Recount(Tally::default());
    store.dump(&mut again).await?;
    store.close().await;
    for folder in FOLDERS {
        for path in files_under(&data_dir.join(folder))? {
            again.file(data_dir, &path)?;
        }
    }
    ensure!(again.0 == tally, "what was restored is not what the backup holds; use another backup");
    say(&format!("restored {} lines, hash {}", tally.lines, tally.hash()));
    Ok(())
}

/// Counts what a store holds, as a backup of it would.
struct Recount(Tally);

impl DumpSink for Recount {
    fn line(&mut self, table: &'static str, json: &str) -> io::Result<()> {
        self.0.add(table, json);
        Ok(())
    }
}

impl Recount {
    fn file(&mut self, data_dir: &Path, path: &Path) -> anyhow::Result<()> {
        let name = path.strip_prefix(data_dir)?.to_str().context("a file's name is not UTF-8")?;
        let content = std::fs::read(path)?;
        for chunk in content.chunks(CHUNK_BYTES) {
            self.0.add(name, &STANDARD.encode(chunk));
        }
        Ok(())
    }
}

struct Reader {
    lines: io::Lines<BufReader<GzDecoder<BufReader<File>>>>,
    /// A line that was read and belongs to what comes next.
    next: Option<String>,
}

impl Reader {
    fn open(file: &Path) -> anyhow::Result<Self> {
        let input = File::open(file).with_context(|| format!("{} can't be read", file.display()))?;
        let mut lines = BufReader::new(GzDecoder::new(BufReader::new(input))).lines();
        let first = lines.next().transpose().ok().flatten().and_then(|line| serde_json::from_str(&line).ok());
        match first {
            Some(Mark::QismBackup { format: FORMAT }) => Ok(Self { lines, next: None }),
            Some(Mark::QismBackup { .. }) => {
                bail!("{} was made by a newer Qism; restore it with that version", file.display())
            }
            _ => bail!("{} is no backup of Qism", file.display()),
        }
    }

    fn read(&mut self) -> io::Result<Option<String>> {
        match self.next.take() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next().transpose(),
        }
    }

    /// Reads to the end; gives what is in it where that is what its last line says.
    fn verify(mut self) -> anyhow::Result<Tally> {
        let (mut tally, mut kind) = (Tally::default(), String::new());
        while let Some(line) = self.read()? {
            match mark(&line) {
                Some(Mark::Table(table)) if TABLES.contains(&table.as_str()) => kind = table,
                Some(Mark::File(name)) => {
                    within(Path::new(""), &name)?;
                    kind = name;
                }
                Some(Mark::Chunk(chunk)) => tally.add(&kind, &chunk),
                Some(Mark::End { lines, hash }) => {
                    ensure!(lines == tally.lines && hash == tally.hash(), "its hash is another");
                    ensure!(self.read()?.is_none(), "something follows its end");
                    return Ok(tally);
                }
                Some(_) => bail!("it has an unknown part"),
                None => tally.add(&kind, &line),
            }
        }
        bail!("it breaks off")
    }

    /// Writes the files that follow the records.
    fn restore_files(&mut self, data_dir: &Path) -> anyhow::Result<()> {
        let mut open: Option<(PathBuf, Vec<u8>)> = None;
        loop {
            let line = self.read()?.context("it breaks off")?;
            match mark(&line) {
                Some(Mark::Chunk(chunk)) => {
                    let (_, content) = open.as_mut().context("a chunk belongs to no file")?;
                    content.extend(STANDARD.decode(chunk)?);
                }
                other => {
                    if let Some((path, content)) = open.take() {
                        files::write_private(&path, &content)
                            .with_context(|| format!("{} can't be written", path.display()))?;
                    }
                    match other {
                        Some(Mark::File(name)) => {
                            let path = within(data_dir, &name)?;
                            if let Some(folder) = path.parent() {
                                create_private_folder(folder)?;
                            }
                            open = Some((path, Vec::new()));
                        }
                        Some(Mark::End { .. }) => return Ok(()),
                        _ => bail!("it has an unknown part"),
                    }
                }
            }
        }
    }
}

impl DumpSource for Reader {
    fn line(&mut self, table: &'static str) -> io::Result<Option<String>> {
        let Some(line) = self.read()? else { return Ok(None) };
        match mark(&line) {
            Some(Mark::Table(name)) if name == table => self.read(),
            // What belongs to another table, or is no record: this table is at its end.
            Some(_) => {
                self.next = Some(line);
                Ok(None)
            }
            None => Ok(Some(line)),
        }
    }
}

/// The mark on a line; records are objects with other keys.
fn mark(line: &str) -> Option<Mark> {
    const WORDS: [&str; 5] = ["{\"qism_backup\"", "{\"table\":\"", "{\"file\":\"", "{\"chunk\":\"", "{\"end\":{"];
    WORDS.iter().any(|word| line.starts_with(word)).then(|| serde_json::from_str(line).ok()).flatten()
}

/// A file's path within a folder; a name that leads out of it, or elsewhere than to what is kept, is refused.
fn within(folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let path = Path::new(name);
    let plain = path.components().all(|component| matches!(component, Component::Normal(_)));
    let kept = FOLDERS.iter().any(|kept| path.starts_with(kept));
    ensure!(plain && kept, "it names the file {name:?}, which no backup of Qism holds");
    Ok(folder.join(path))
}

/// The files in a folder and those below, in order; none where it is not there.
fn files_under(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("{} can't be read", folder.display())),
        };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

fn sibling(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
