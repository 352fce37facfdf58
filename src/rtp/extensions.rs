use super::{ExtensionIds, Extensions, Seq};

/// How loud a packet of sound is (RFC 6464).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioLevel {
    /// Below the loudest that can be said: 0 to 127, in dB (−dBov).
    pub below_full_db: u8,
    /// The sender holds it to be speech.
    pub voice: bool,
}

impl AudioLevel {
    /// From the byte of the extension.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        Self { below_full_db: byte & 0x7f, voice: byte & 0x80 != 0 }
    }
}

/// The header extensions of one packet that mean something to us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownExtensions<'a> {
    pub mid: Option<&'a [u8]>,
    pub rid: Option<&'a [u8]>,
    pub repaired_rid: Option<&'a [u8]>,
    /// The byte of RFC 6464; see [`AudioLevel::from_byte`].
    pub audio_level: Option<u8>,
    pub transport_sequence: Option<Seq>,
    pub dependency_descriptor: Option<&'a [u8]>,
    /// The byte of `urn:3gpp:video-orientation`.
    pub video_orientation: Option<u8>,
}

impl ExtensionIds {
    /// Reads a packet's extensions by these ids. One that has the wrong length is as good as absent.
    #[must_use]
    pub fn read<'a>(&self, extensions: Extensions<'a>) -> KnownExtensions<'a> {
        let mut known = KnownExtensions::default();
        for (id, data) in extensions {
            let id = Some(id);
            if id == self.transport_sequence {
                known.transport_sequence = data.first_chunk().map(|bytes| Seq(u16::from_be_bytes(*bytes)));
            } else if id == self.audio_level {
                known.audio_level = data.first().copied();
            } else if id == self.dependency_descriptor {
                known.dependency_descriptor = Some(data);
            } else if id == self.video_orientation {
                known.video_orientation = data.first().copied();
            } else if id == self.mid {
                known.mid = Some(data);
            } else if id == self.rid {
                known.rid = Some(data);
            } else if id == self.repaired_rid {
                known.repaired_rid = Some(data);
            }
        }
        known
    }
}
