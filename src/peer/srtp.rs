//! SRTP (RFC 3711) as DTLS keys it (RFC 5764): AEAD_AES_128_GCM wherever the client can, AES-CM with SHA-1 where not.

use super::srtp_gcm::{Opener, Sealer, rtp_identity};
use crate::rtp::Ssrc;
use bytes::BytesMut;
use rtc::crypto::RTCCrypto;
use rtc::srtp::context::Context;
use rtc::srtp::option::{srtcp_replay_protection, srtp_replay_protection};
use rtc::srtp::protection_profile::ProtectionProfile;
use std::ops::Range;

/// The SRTCP index has 31 bits (RFC 3711 §3.4).
pub(super) const SRTCP_INDEX_MAX: u32 = (1 << 31) - 1;
/// What sealing adds to a packet at most: a GCM tag and the SRTCP word.
const OVERHEAD_MAX: usize = 20;
const REPLAY_WINDOW: usize = 1024;

/// A protection profile that the server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SrtpProfile {
    AeadAes128Gcm,
    Aes128CmHmacSha1_80,
}

impl SrtpProfile {
    /// The one to configure for a client that offers these (RFC 5764 §4.1.2, RFC 7714 §14.2): GCM costs a third of
    /// AES-CM with SHA-1, whatever order the client lists them in.
    pub(super) fn choose(offered: &[u16]) -> Option<Self> {
        [(0x0007, Self::AeadAes128Gcm), (0x0001, Self::Aes128CmHmacSha1_80)]
            .into_iter()
            .find(|(number, _)| offered.contains(number))
            .map(|(_, profile)| profile)
    }

    fn protection(self) -> ProtectionProfile {
        match self {
            Self::AeadAes128Gcm => ProtectionProfile::AeadAes128Gcm,
            Self::Aes128CmHmacSha1_80 => ProtectionProfile::Aes128CmHmacSha1_80,
        }
    }

    /// Two keys and two salts.
    pub(super) fn keying_material_bytes(self) -> usize {
        2 * (self.protection().key_len() + self.protection().salt_len())
    }
}

/// Why a packet was not opened or sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SrtpError {
    #[error("not an RTP or RTCP packet")]
    Malformed,
    #[error("the authentication does not hold")]
    BadAuthentication,
    #[error("seen before, or too old")]
    Replayed,
    #[error("more sources than one client may have")]
    TooManySources,
    #[error("the keys do not fit")]
    Keys,
    #[error("the key is used up")]
    Exhausted,
    #[error("the handshake has not finished")]
    NotReady,
}

/// The master key and salt of one direction.
pub(super) struct MasterKeys<'a> {
    pub key: &'a [u8],
    pub salt: &'a [u8],
}

/// Where a sealed packet stands in its arena.
pub type SealedAt = Range<usize>;

/// An RTP packet before its seal. On the wire it is `header`, then `prefix`, `payload` and padding encrypted together.
#[derive(Clone, Copy, Debug)]
pub struct PlainRtp<'a> {
    pub header: &'a [u8],
    pub prefix: &'a [u8],
    pub payload: &'a [u8],
    /// How many bytes of padding follow, the last of which is this number (RFC 3550 §5.1).
    pub padding: u8,
    pub ssrc: Ssrc,
    /// `ROC << 16 | SEQ` (RFC 3711 §3.3.1); must not repeat under one SSRC with other content.
    pub index: u64,
}

/// Both directions of one peer.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every client has GCM; its keys stand where the packets need them"
)]
pub(super) enum Srtp {
    Gcm { sealer: Sealer, opener: Opener },
    Cm { sealer: Box<Context>, opener: Box<Context> },
}

impl Srtp {
    /// Keys the server's end from the exporter's output (RFC 5764 §4.2: client key, server key, client salt, server
    /// salt).
    pub fn new(profile: SrtpProfile, material: &[u8], crypto: &dyn RTCCrypto) -> Result<Self, SrtpError> {
        let protection = profile.protection();
        let (key, salt) = (protection.key_len(), protection.salt_len());
        let part = |from: usize, length: usize| {
            from.checked_add(length).and_then(|to| material.get(from..to)).ok_or(SrtpError::Keys)
        };
        let theirs = MasterKeys { key: part(0, key)?, salt: part(2 * key, salt)? };
        let ours = MasterKeys { key: part(key, key)?, salt: part(2 * key + salt, salt)? };
        match profile {
            SrtpProfile::AeadAes128Gcm => {
                Ok(Self::Gcm { sealer: Sealer::new(&ours, crypto)?, opener: Opener::new(&theirs, crypto)? })
            }
            SrtpProfile::Aes128CmHmacSha1_80 => {
                let context = |keys: &MasterKeys<'_>| {
                    let replay = Some(srtp_replay_protection(REPLAY_WINDOW));
                    let rtcp_replay = Some(srtcp_replay_protection(REPLAY_WINDOW));
                    Context::new(keys.key, keys.salt, protection, replay, rtcp_replay, crypto)
                        .map(Box::new)
                        .map_err(|_| SrtpError::Keys)
                };
                Ok(Self::Cm { sealer: context(&ours)?, opener: context(&theirs)? })
            }
        }
    }

    /// Opens an RTP packet in place; what is left of it is `packet[..result]`.
    pub fn open_rtp(&mut self, packet: &mut [u8]) -> Result<usize, SrtpError> {
        let header = rtp_header_bytes(packet).ok_or(SrtpError::Malformed)?;
        match self {
            Self::Gcm { opener, .. } => opener.open_rtp(packet, header),
            Self::Cm { opener, .. } => {
                rtp_identity(packet).ok_or(SrtpError::Malformed)?;
                let opened = opener.decrypt_rtp(packet);
                copy_back(packet, opened)
            }
        }
    }

    /// Opens an RTCP compound in place; what is left of it is `packet[..result]`.
    pub fn open_rtcp(&mut self, packet: &mut [u8]) -> Result<usize, SrtpError> {
        match self {
            Self::Gcm { opener, .. } => opener.open_rtcp(packet),
            Self::Cm { opener, .. } => {
                let opened = opener.decrypt_rtcp(packet);
                copy_back(packet, opened)
            }
        }
    }

    /// Appends a packet to the arena and seals it there.
    pub fn seal_rtp(&mut self, arena: &mut Vec<u8>, packet: &PlainRtp<'_>) -> Result<SealedAt, SrtpError> {
        let start = arena.len();
        let length = packet.header.len() + packet.prefix.len() + packet.payload.len() + usize::from(packet.padding);
        arena.reserve(length + OVERHEAD_MAX);
        arena.extend_from_slice(packet.header);
        arena.extend_from_slice(packet.prefix);
        arena.extend_from_slice(packet.payload);
        if packet.padding > 0 {
            arena.resize(start + length - 1, 0);
            arena.push(packet.padding);
        }
        match self {
            Self::Gcm { sealer, .. } => {
                let place = arena.get_mut(start..).ok_or(SrtpError::Malformed)?;
                let tag = sealer.seal_rtp(place, packet.header.len(), packet.ssrc.0, packet.index)?;
                arena.extend_from_slice(&tag);
            }
            Self::Cm { sealer, .. } => {
                let sealed = sealer.encrypt_rtp(arena.get(start..).unwrap_or_default());
                arena.truncate(start);
                arena.extend_from_slice(&sealed.map_err(|_| SrtpError::Malformed)?);
            }
        }
        Ok(start..arena.len())
    }

    /// Appends a compound to the arena and seals it there.
    pub fn seal_rtcp(&mut self, arena: &mut Vec<u8>, compound: &[u8]) -> Result<SealedAt, SrtpError> {
        let start = arena.len();
        match self {
            Self::Gcm { sealer, .. } => {
                arena.extend_from_slice(compound);
                sealer.seal_rtcp(arena, start)?;
            }
            Self::Cm { sealer, .. } => {
                let sealed = sealer.encrypt_rtcp(compound).map_err(|_| SrtpError::Malformed)?;
                arena.extend_from_slice(&sealed);
            }
        }
        Ok(start..arena.len())
    }
}

fn copy_back(packet: &mut [u8], opened: rtc::shared::error::Result<BytesMut>) -> Result<usize, SrtpError> {
    let opened = opened.map_err(|error| match error {
        rtc::shared::error::Error::SrtpSsrcDuplicated(..) | rtc::shared::error::Error::SrtcpSsrcDuplicated(..) => {
            SrtpError::Replayed
        }
        _ => SrtpError::BadAuthentication,
    })?;
    packet.get_mut(..opened.len()).ok_or(SrtpError::Malformed)?.copy_from_slice(&opened);
    Ok(opened.len())
}

/// The bytes of an RTP header with CSRCs and extension block: what stays readable (RFC 3550 §5.1, §5.3.1).
pub(super) fn rtp_header_bytes(packet: &[u8]) -> Option<usize> {
    let first = *packet.first()?;
    if first >> 6 != 2 {
        return None;
    }
    let fixed = 12 + 4 * usize::from(first & 0x0f);
    let header = if first & 0x10 == 0 {
        fixed
    } else {
        let words = u16::from_be_bytes(packet.get(fixed + 2..fixed + 4)?.try_into().ok()?);
        fixed + 4 + 4 * usize::from(words)
    };
    (packet.len() >= header).then_some(header)
}
