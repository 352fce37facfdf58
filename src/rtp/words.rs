use std::fmt;

/// A synchronization source (RFC 3550 §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ssrc(pub u32);

impl fmt::Display for Ssrc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// A payload type, 0 to 127 (RFC 3550 §5.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PayloadType(pub u8);

/// Sound or pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaKind {
    Audio,
    Video,
}

/// What a payload is encoded with. Payloads pass through untouched; the codec decides how frames, keyframes and
/// picture ids are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    /// RFC 7587. RED (RFC 2198) around it passes as a codec of its own.
    Opus,
    /// Redundant audio data, RFC 2198, of Opus.
    Red,
    /// RFC 7741.
    Vp8,
    /// RFC 9628, by profile.
    Vp9 { profile: u8 },
    /// RFC 6184, by profile (the first byte of `profile-level-id`) and packetization mode.
    H264 { profile: u8, packetization_mode: u8 },
    /// The AV1 RTP payload format of the Alliance for Open Media, by profile.
    Av1 { profile: u8 },
}

impl Codec {
    /// Sound or pictures.
    #[must_use]
    pub fn kind(self) -> MediaKind {
        match self {
            Self::Opus | Self::Red => MediaKind::Audio,
            Self::Vp8 | Self::Vp9 { .. } | Self::H264 { .. } | Self::Av1 { .. } => MediaKind::Video,
        }
    }

    /// Ticks per second of its RTP timestamps.
    #[must_use]
    pub fn clock_rate(self) -> u32 {
        match self.kind() {
            MediaKind::Audio => 48_000,
            MediaKind::Video => 90_000,
        }
    }
}

/// The longest `mid` or `rid` that is accepted, in bytes. RFC 8852 §3.1 says that they should be short; one-byte
/// header extensions carry at most 16.
const TOKEN_BYTES_MAX: usize = 16;

/// A `mid` or `rid` that is empty, longer than 16 bytes or not ASCII alphanumeric, `-` or `_`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mid or rid is 1 to 16 ASCII letters, digits, '-' or '_'")]
pub struct TokenTooLong;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Token {
    bytes: [u8; TOKEN_BYTES_MAX],
    length: u8,
}

impl Token {
    fn parse(text: &[u8]) -> Result<Self, TokenTooLong> {
        let valid = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let length = u8::try_from(text.len()).map_err(|_| TokenTooLong)?;
        let mut bytes = [0; TOKEN_BYTES_MAX];
        let place = bytes.get_mut(..text.len()).ok_or(TokenTooLong)?;
        if text.is_empty() || !text.iter().all(valid) {
            return Err(TokenTooLong);
        }
        place.copy_from_slice(text);
        Ok(Self { bytes, length })
    }

    fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

macro_rules! token {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Token);

        impl $name {
            /// # Errors
            /// Where the text is empty, longer than 16 bytes, or has other characters than ASCII letters, digits, `-`
            /// and `_`.
            pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, TokenTooLong> {
                Token::parse(text.as_ref()).map(Self)
            }

            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            #[must_use]
            pub fn as_bytes(&self) -> &[u8] {
                self.0.as_str().as_bytes()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}

token! {
    /// The identity of an m-line in its session description (RFC 9143 §4).
    Mid,
    /// The identity of one encoding of a simulcast m-line (RFC 8851 §4).
    Rid,
}
