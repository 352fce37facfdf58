//! Builds the web client into `OUT_DIR/web-client`, from where `src/http/files.rs` embeds it.
//!
//! `QISM_WEB_CLIENT` takes a folder that is built already instead, or `skip` for a page of one line.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// Where the font of the pages comes from, which reports on paper are written with too.
const FONTS: &str = "node_modules/@fontsource/ibm-plex-sans-arabic/files";

/// What the web client is built from; a change of anything else builds nothing again.
const SOURCES: [&str; 8] =
    ["src", "public", "build", "index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"];

const NODE_REMEDY: &str = "Node.js 20.19 or newer builds the web client: apt-get install -y nodejs npm (or set \
                           QISM_WEB_CLIENT to a built folder, or to skip)";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=QISM_WEB_CLIENT");
    if env::var_os("CARGO_FEATURE_SERVER").is_none() {
        return;
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("web-client");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("web-client");
    let result = match env::var("QISM_WEB_CLIENT").as_deref() {
        Ok("skip") => skip(&out, &root.join(FONTS)),
        Ok(built) if !built.is_empty() => take(Path::new(built), &out),
        _ => build(&root, &out),
    };
    if let Err(why) = result {
        // One line, which cargo shows below its own: a build script that panics buries it.
        println!("cargo::error={why}");
    }
}

/// A page of one line, and the font where npm has brought it.
fn skip(out: &Path, fonts: &Path) -> Result<(), String> {
    let page = "<!doctype html><title>Qism</title><p>This server was built without its web client.</p>\n";
    empty(out)?;
    fs::write(out.join("index.html"), page).map_err(|error| format!("{}: {error}", out.display()))?;
    if !fonts.is_dir() {
        return Ok(());
    }
    println!("cargo:rerun-if-changed={}", fonts.display());
    let assets = out.join("assets");
    fs::create_dir_all(&assets).map_err(|error| format!("{}: {error}", assets.display()))?;
    for part in ["arabic", "latin", "latin-ext"] {
        for weight in ["400", "600"] {
            let name = format!("ibm-plex-sans-arabic-{part}-{weight}-normal.woff2");
            let (from, to) = (fonts.join(&name), assets.join(&name));
            fs::copy(&from, &to).map_err(|error| format!("{} can't be copied: {error}", from.display()))?;
        }
    }
    Ok(())
}

fn take(built: &Path, out: &Path) -> Result<(), String> {
    println!("cargo:rerun-if-changed={}", built.display());
    if !built.join("index.html").is_file() {
        return Err(format!("QISM_WEB_CLIENT={}: there is no index.html in it", built.display()));
    }
    empty(out)?;
    copy(built, out).map_err(|error| format!("{} can't be copied: {error}", built.display()))
}

fn build(root: &Path, out: &Path) -> Result<(), String> {
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", root.join(source).display());
    }
    empty(out)?;
    // `npm ci` starts by emptying node_modules: once is enough for one state of the lock file.
    let installed = modified(&root.join("node_modules/.package-lock.json"));
    if installed.is_none() || installed < modified(&root.join("package-lock.json")) {
        run(root, "npm", &["ci", "--no-audit", "--no-fund", "--loglevel=error"])?;
    }
    let out = out.to_str().ok_or("the target folder's path is not UTF-8")?;
    run(root, "npx", &["--no-install", "vite", "build", "--logLevel", "warn", "--emptyOutDir", "--outDir", out])
}

fn run(root: &Path, program: &str, arguments: &[&str]) -> Result<(), String> {
    let command = format!("{program} {}", arguments.join(" "));
    let output = Command::new(program).args(arguments).current_dir(root).output();
    let output = output.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => NODE_REMEDY.to_owned(),
        _ => format!("{command}: {error}"),
    })?;
    if output.status.success() {
        return Ok(());
    }
    eprintln!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(format!("`{command}` failed in web-client (its words are above); {NODE_REMEDY}"))
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

fn empty(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
