//! SRTP and SRTCP with AEAD_AES_128_GCM (RFC 7714), sealed and opened in place with `ring`.

use super::srtp::{MasterKeys, SRTCP_INDEX_MAX, SrtpError};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, Tag, UnboundKey};
use rtc::crypto::{BlockCipherAlgorithm, RTCCrypto};

pub(super) const TAG_BYTES: usize = 16;
/// The SSRCs whose packets one session opens, at most: every encoding of every source, and its RTX, a few times over.
const SSRCS_MAX: usize = 64;
/// How far behind the newest a packet may come, in packets. A 6 Mbit/s publisher's second is about 600.
const REPLAY_WINDOW: u64 = 1024;
const REPLAY_WORDS: usize = 16;
const _: () = assert!(REPLAY_WORDS as u64 * 64 == REPLAY_WINDOW);

/// Labels of the key derivation (RFC 3711 §4.3.1).
const LABEL_RTP_KEY: u8 = 0;
const LABEL_RTP_SALT: u8 = 2;
const LABEL_RTCP_KEY: u8 = 3;
const LABEL_RTCP_SALT: u8 = 5;

/// Key and salt of one direction of one protocol.
struct Cipher {
    key: LessSafeKey,
    salt: [u8; 12],
}

impl Cipher {
    fn derive(master: &MasterKeys<'_>, crypto: &dyn RTCCrypto, labels: (u8, u8)) -> Result<Self, SrtpError> {
        let key = derive(master, crypto, labels.0)?;
        let salt_block = derive(master, crypto, labels.1)?;
        let mut salt = [0; 12];
        salt.iter_mut().zip(salt_block).for_each(|(to, from)| *to = from);
        let key = UnboundKey::new(&AES_128_GCM, &key).map_err(|_| SrtpError::Keys)?;
        Ok(Self { key: LessSafeKey::new(key), salt })
    }

    /// RFC 7714 §8.1 and §9.1: zeros, SSRC, then 48 bits of rollover counter and sequence number, or 16 zero bits and
    /// the SRTCP index; xor the salt.
    fn nonce(&self, ssrc: u32, low: u64) -> Nonce {
        let mut bytes = [0; 12];
        let words = (u128::from(ssrc) << 48 | u128::from(low & 0xffff_ffff_ffff)).to_be_bytes();
        for ((to, word), salt) in bytes.iter_mut().zip(words.iter().skip(4)).zip(self.salt) {
            *to = word ^ salt;
        }
        Nonce::assume_unique_for_key(bytes)
    }
}

/// One block of the AES-CM key derivation with a 96-bit salt (RFC 3711 §4.3.3, RFC 7714 §11): enough for a 128-bit key.
fn derive(master: &MasterKeys<'_>, crypto: &dyn RTCCrypto, label: u8) -> Result<[u8; 16], SrtpError> {
    let mut block = [0_u8; 16];
    block.iter_mut().zip(master.salt).for_each(|(to, from)| *to = *from);
    if let Some(byte) = block.get_mut(7) {
        *byte ^= label;
    }
    crypto.block_encrypt(BlockCipherAlgorithm::Aes128, master.key, &mut block).map_err(|_| SrtpError::Keys)?;
    Ok(block)
}

/// What the server sends.
pub(super) struct Sealer {
    rtp: Cipher,
    rtcp: Cipher,
    rtcp_index: u32,
}

impl Sealer {
    pub fn new(master: &MasterKeys<'_>, crypto: &dyn RTCCrypto) -> Result<Self, SrtpError> {
        Ok(Self {
            rtp: Cipher::derive(master, crypto, (LABEL_RTP_KEY, LABEL_RTP_SALT))?,
            rtcp: Cipher::derive(master, crypto, (LABEL_RTCP_KEY, LABEL_RTCP_SALT))?,
            rtcp_index: 0,
        })
    }

    /// Seals `packet`, of which the first `header_bytes` stay readable; the result is the tag to append. `index` is
    /// the SRTP index, which must not repeat under one SSRC with other content.
    pub fn seal_rtp(
        &self,
        packet: &mut [u8],
        header_bytes: usize,
        ssrc: u32,
        index: u64,
    ) -> Result<[u8; TAG_BYTES], SrtpError> {
        let (header, payload) = packet.split_at_mut_checked(header_bytes).ok_or(SrtpError::Malformed)?;
        let nonce = self.rtp.nonce(ssrc, index);
        let tag = self.rtp.key.seal_in_place_separate_tag(nonce, Aad::from(header), payload);
        tag_bytes(&tag.map_err(|_| SrtpError::Keys)?)
    }

    /// Seals a compound whose first eight bytes stay readable, and appends tag and index (RFC 7714 §9.2).
    pub fn seal_rtcp(&mut self, compound: &mut Vec<u8>, start: usize) -> Result<(), SrtpError> {
        if self.rtcp_index > SRTCP_INDEX_MAX {
            return Err(SrtpError::Exhausted);
        }
        let index = self.rtcp_index;
        self.rtcp_index += 1;
        let packet = compound.get_mut(start..).ok_or(SrtpError::Malformed)?;
        let (header, payload) = packet.split_at_mut_checked(8).ok_or(SrtpError::Malformed)?;
        let word = (index | 1 << 31).to_be_bytes();
        let (aad, ssrc) = rtcp_aad(header, word).ok_or(SrtpError::Malformed)?;
        let nonce = self.rtcp.nonce(ssrc, u64::from(index));
        let tag = self.rtcp.key.seal_in_place_separate_tag(nonce, Aad::from(aad), payload);
        compound.extend(tag.map_err(|_| SrtpError::Keys)?.as_ref());
        compound.extend(word);
        Ok(())
    }
}

/// What a client sends.
pub(super) struct Opener {
    rtp: Cipher,
    rtcp: Cipher,
    streams: Vec<(u32, ReplayWindow)>,
    rtcp_streams: Vec<(u32, ReplayWindow)>,
}

impl Opener {
    pub fn new(master: &MasterKeys<'_>, crypto: &dyn RTCCrypto) -> Result<Self, SrtpError> {
        Ok(Self {
            rtp: Cipher::derive(master, crypto, (LABEL_RTP_KEY, LABEL_RTP_SALT))?,
            rtcp: Cipher::derive(master, crypto, (LABEL_RTCP_KEY, LABEL_RTCP_SALT))?,
            streams: Vec::new(),
            rtcp_streams: Vec::new(),
        })
    }

    /// Opens a packet in place; what is left of it is `packet[..result]`.
    pub fn open_rtp(&mut self, packet: &mut [u8], header_bytes: usize) -> Result<usize, SrtpError> {
        let (sequence, ssrc) = rtp_identity(packet).ok_or(SrtpError::Malformed)?;
        let newest = newest_of(&self.streams, ssrc);
        let index = newest.map_or(u64::from(sequence), |newest| nearest_index(newest, sequence));
        check_replay(&self.streams, ssrc, index)?;
        let nonce = self.rtp.nonce(ssrc, index);
        let (header, sealed) = packet.split_at_mut_checked(header_bytes).ok_or(SrtpError::Malformed)?;
        let opened = self.rtp.key.open_in_place(nonce, Aad::from(&*header), sealed);
        let length = opened.map_err(|_| SrtpError::BadAuthentication)?.len();
        remember(&mut self.streams, ssrc, index)?;
        header_bytes.checked_add(length).ok_or(SrtpError::Malformed)
    }

    /// Opens a compound in place; what is left of it is `packet[..result]`.
    pub fn open_rtcp(&mut self, packet: &mut [u8]) -> Result<usize, SrtpError> {
        let body_end = packet.len().checked_sub(4).ok_or(SrtpError::Malformed)?;
        let (body, word) = packet.split_at_mut_checked(body_end).ok_or(SrtpError::Malformed)?;
        let word: [u8; 4] = (&*word).try_into().map_err(|_| SrtpError::Malformed)?;
        let index = u32::from_be_bytes(word);
        if index >> 31 == 0 {
            // Authenticated but not encrypted: no browser sends it, and it would be read by others.
            return Err(SrtpError::BadAuthentication);
        }
        let index = u64::from(index & SRTCP_INDEX_MAX);
        let (header, sealed) = body.split_at_mut_checked(8).ok_or(SrtpError::Malformed)?;
        let (aad, ssrc) = rtcp_aad(header, word).ok_or(SrtpError::Malformed)?;
        check_replay(&self.rtcp_streams, ssrc, index)?;
        let nonce = self.rtcp.nonce(ssrc, index);
        let opened = self.rtcp.key.open_in_place(nonce, Aad::from(aad), sealed);
        let length = opened.map_err(|_| SrtpError::BadAuthentication)?.len();
        remember(&mut self.rtcp_streams, ssrc, index)?;
        Ok(length + 8)
    }
}

fn newest_of(streams: &[(u32, ReplayWindow)], ssrc: u32) -> Option<u64> {
    streams.iter().find(|(known, _)| *known == ssrc).map(|(_, window)| window.newest)
}

fn check_replay(streams: &[(u32, ReplayWindow)], ssrc: u32, index: u64) -> Result<(), SrtpError> {
    let seen = streams.iter().find(|(known, _)| *known == ssrc).is_some_and(|(_, window)| window.refuses(index));
    if seen { Err(SrtpError::Replayed) } else { Ok(()) }
}

/// Only after the tag held: strangers can't fill the table.
fn remember(streams: &mut Vec<(u32, ReplayWindow)>, ssrc: u32, index: u64) -> Result<(), SrtpError> {
    if let Some((_, window)) = streams.iter_mut().find(|(known, _)| *known == ssrc) {
        window.accept(index);
        return Ok(());
    }
    if streams.len() >= SSRCS_MAX {
        return Err(SrtpError::TooManySources);
    }
    streams.push((ssrc, ReplayWindow::starting_at(index)));
    Ok(())
}

/// Which of the last indices have been seen (RFC 3711 §3.3.2).
struct ReplayWindow {
    newest: u64,
    /// Bit `index % REPLAY_WINDOW` of a ring.
    seen: [u64; REPLAY_WORDS],
}

impl ReplayWindow {
    fn starting_at(index: u64) -> Self {
        let mut window = Self { newest: index, seen: [0; REPLAY_WORDS] };
        window.mark(index, true);
        window
    }

    fn refuses(&self, index: u64) -> bool {
        if index > self.newest {
            return false;
        }
        self.newest - index >= REPLAY_WINDOW || self.is_marked(index)
    }

    fn accept(&mut self, index: u64) {
        if index > self.newest {
            let ahead = (index - self.newest).min(REPLAY_WINDOW);
            for step in 1..=ahead {
                self.mark(index - (ahead - step), false);
            }
            self.newest = index;
        }
        self.mark(index, true);
    }

    fn place(index: u64) -> (usize, u64) {
        let position = index % REPLAY_WINDOW;
        (usize::try_from(position / 64).unwrap_or_default(), 1 << (position % 64))
    }

    fn is_marked(&self, index: u64) -> bool {
        let (word, bit) = Self::place(index);
        self.seen.get(word).is_some_and(|word| word & bit != 0)
    }

    fn mark(&mut self, index: u64, seen: bool) {
        let (word, bit) = Self::place(index);
        if let Some(word) = self.seen.get_mut(word) {
            if seen { *word |= bit } else { *word &= !bit }
        }
    }
}

/// The index with this sequence number that is nearest to `newest` (RFC 3711 §3.3.1).
fn nearest_index(newest: u64, sequence: u16) -> u64 {
    let base = newest & !0xffff;
    let candidate = base | u64::from(sequence);
    if candidate.saturating_add(0x8000) < newest {
        candidate.saturating_add(0x1_0000)
    } else if candidate > newest.saturating_add(0x8000) && base > 0 {
        candidate - 0x1_0000
    } else {
        candidate
    }
}

/// Sequence number and SSRC of an RTP packet.
pub(super) fn rtp_identity(packet: &[u8]) -> Option<(u16, u32)> {
    let sequence = u16::from_be_bytes(packet.get(2..4)?.try_into().ok()?);
    let ssrc = u32::from_be_bytes(packet.get(8..12)?.try_into().ok()?);
    Some((sequence, ssrc))
}

fn rtcp_aad(header: &[u8], word: [u8; 4]) -> Option<([u8; 12], u32)> {
    let header: [u8; 8] = header.try_into().ok()?;
    let mut aad = [0; 12];
    aad.iter_mut().zip(header.iter().chain(&word)).for_each(|(to, from)| *to = *from);
    let ssrc = u32::from_be_bytes(header.get(4..8)?.try_into().ok()?);
    Some((aad, ssrc))
}

fn tag_bytes(tag: &Tag) -> Result<[u8; TAG_BYTES], SrtpError> {
    tag.as_ref().try_into().map_err(|_| SrtpError::Keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peer::srtp::rtp_header_bytes;

    const KEY: [u8; 16] = [1; 16];
    const SALT: [u8; 12] = [2; 12];

    fn pair() -> (Sealer, Opener) {
        let crypto = rtc::crypto::default_provider().expect("crypto");
        let master = MasterKeys { key: &KEY, salt: &SALT };
        (Sealer::new(&master, crypto.crypto()).expect("keys"), Opener::new(&master, crypto.crypto()).expect("keys"))
    }

    fn packet(sequence: u16) -> Vec<u8> {
        let mut packet = vec![0x80, 96];
        packet.extend(sequence.to_be_bytes());
        packet.extend([0, 0, 0, 9, 0, 0, 0, 5]);
        packet.extend(b"a frame of the lesson");
        packet
    }

    fn seal(sealer: &Sealer, plain: &[u8], rollovers: u64) -> Vec<u8> {
        let mut sealed = plain.to_vec();
        let (sequence, ssrc) = rtp_identity(plain).expect("a header");
        let header = rtp_header_bytes(plain).expect("a header");
        let tag = sealer.seal_rtp(&mut sealed, header, ssrc, rollovers << 16 | u64::from(sequence)).expect("sealed");
        sealed.extend(tag);
        sealed
    }

    fn open(opener: &mut Opener, sealed: &[u8]) -> Result<Vec<u8>, SrtpError> {
        let mut packet = sealed.to_vec();
        let header = rtp_header_bytes(sealed).expect("a header");
        let length = opener.open_rtp(&mut packet, header)?;
        packet.truncate(length);
        Ok(packet)
    }

    #[test]
    fn what_is_sealed_opens_over_two_rollovers_and_never_twice() {
        let (sealer, mut opener) = pair();
        for step in 0..150_000_u32 {
            let plain = packet(step as u16);
            let sealed = seal(&sealer, &plain, u64::from(step >> 16));
            if step % 7 == 0 {
                assert_eq!(open(&mut opener, &sealed), Ok(plain), "step {step}");
                assert_eq!(open(&mut opener, &sealed), Err(SrtpError::Replayed), "step {step}");
            }
        }
    }

    #[test]
    fn one_changed_bit_anywhere_is_refused() {
        let (sealer, mut opener) = pair();
        let sealed = seal(&sealer, &packet(1), 0);
        for bit in (0..sealed.len() * 8).filter(|bit| bit / 8 != 0) {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open(&mut opener, &changed), Err(SrtpError::BadAuthentication), "bit {bit}");
        }
    }

    #[test]
    fn late_packets_open_once_and_too_late_ones_never() {
        let (sealer, mut opener) = pair();
        let sealed: Vec<_> = (0..3000).map(|sequence| seal(&sealer, &packet(sequence), 0)).collect();
        assert!(open(&mut opener, &sealed[2999]).is_ok());
        assert!(open(&mut opener, &sealed[2500]).is_ok());
        assert_eq!(open(&mut opener, &sealed[2500]), Err(SrtpError::Replayed));
        assert_eq!(open(&mut opener, &sealed[1000]), Err(SrtpError::Replayed));
    }

    #[test]
    fn the_family_s_own_implementation_opens_what_is_sealed_and_the_other_way_round() {
        use rtc::srtp::{context::Context, protection_profile::ProtectionProfile};
        let crypto = rtc::crypto::default_provider().expect("crypto");
        let context = || {
            Context::new(&KEY, &SALT, ProtectionProfile::AeadAes128Gcm, None, None, crypto.crypto()).expect("context")
        };
        let (mut sealer, mut opener) = pair();
        let plain = packet(65_535);
        assert_eq!(context().decrypt_rtp(&seal(&sealer, &plain, 0)).expect("opens").to_vec(), plain);
        assert_eq!(open(&mut opener, &context().encrypt_rtp(&plain).expect("seals")), Ok(plain));

        let report =
            [0x80, 200, 0, 6, 0, 0, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];
        let mut sealed = report.to_vec();
        sealer.seal_rtcp(&mut sealed, 0).expect("sealed");
        assert_eq!(context().decrypt_rtcp(&sealed).expect("opens").to_vec(), report);
        let mut foreign = context().encrypt_rtcp(&report).expect("seals").to_vec();
        let length = opener.open_rtcp(&mut foreign).expect("opens");
        assert_eq!(foreign[..length], report);
    }
}
