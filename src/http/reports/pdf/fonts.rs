//! The font of the web client, as a PDF needs it.

use super::PdfFault;
use crate::http::files::font;
use krilla::text::Font;
use rustybuzz::Face;
use std::sync::{Arc, OnceLock};

/// The parts that the font is cut into, the first that has a character draws it.
const PARTS: [&str; 3] = ["latin", "arabic", "latin-ext"];

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Strong,
}

impl Weight {
    fn word(self) -> &'static str {
        match self {
            Self::Regular => "400",
            Self::Strong => "600",
        }
    }
}

/// The files as they were unpacked, once: they are the program's own.
type Unpacked = [Vec<Arc<Vec<u8>>>; 2];

/// One part of the font, to shape with and to draw with.
pub struct Part<'a> {
    pub face: Face<'a>,
    pub drawn: Font,
}

/// Both weights of the font.
pub struct Fonts<'a> {
    regular: Vec<Part<'a>>,
    strong: Vec<Part<'a>>,
}

/// Unpacks the font at the first call.
///
/// # Errors
/// Where this build has none.
pub fn unpacked() -> Result<&'static Unpacked, PdfFault> {
    static FILES: OnceLock<Option<Unpacked>> = OnceLock::new();
    let load = |weight: Weight| -> Option<Vec<Arc<Vec<u8>>>> {
        let files = PARTS.iter().map(|part| {
            let packed = font(&format!("ibm-plex-sans-arabic-{part}-{}-normal", weight.word()))?;
            wuff::decompress_woff2(&packed).ok().map(Arc::new)
        });
        files.collect()
    };
    let files = FILES.get_or_init(|| Some([load(Weight::Regular)?, load(Weight::Strong)?]));
    files.as_ref().ok_or(PdfFault::NoFont)
}

impl<'a> Fonts<'a> {
    /// # Errors
    /// Where a file is no font.
    pub fn of(files: &'a Unpacked) -> Result<Self, PdfFault> {
        let [regular, strong] = files;
        Ok(Self { regular: parts(regular)?, strong: parts(strong)? })
    }

    pub fn parts(&self, weight: Weight) -> &[Part<'a>] {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Strong => &self.strong,
        }
    }
}

fn parts(files: &[Arc<Vec<u8>>]) -> Result<Vec<Part<'_>>, PdfFault> {
    let mut parts = Vec::with_capacity(files.len());
    for file in files {
        let drawn = Font::new(Arc::clone(file).into(), 0);
        let (Some(face), Some(drawn)) = (Face::from_slice(file, 0), drawn) else {
            return Err(PdfFault::Failed("a file of the font can't be read".into()));
        };
        parts.push(Part { face, drawn });
    }
    Ok(parts)
}
