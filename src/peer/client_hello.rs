//! Reads which SRTP profiles a ClientHello offers, before the handshake is configured.
//!
//! In DTLS 1.2 the client's order decides, and browsers list AES-CM first; so the server looks at the offer and then
//! configures the one profile it wants. The same walk bounds what a handshake may send: the DTLS crate keeps
//! fragments, and joins them by recursion.

/// The most handshake fragments that one peer may send. A handshake has about 8; retransmissions over a bad network
/// a few times that. What comes over is dropped.
pub(super) const FRAGMENTS_MAX: usize = 256;
/// The longest ClientHello that is put together, in bytes; Chromium's with post-quantum shares is under 2,000.
const HELLO_BYTES_MAX: usize = 8 * 1024;

const RECORD_HEADER: usize = 13;
const HANDSHAKE_HEADER: usize = 12;
const CONTENT_HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
/// RFC 5764 §4.1.1.
const EXTENSION_USE_SRTP: u16 = 14;

/// A piece of a handshake message in a record of epoch 0.
struct Fragment<'a> {
    kind: u8,
    length: usize,
    offset: usize,
    body: &'a [u8],
}

/// How many plaintext handshake fragments a datagram carries; `None` where its records do not add up.
pub(super) fn plaintext_fragments(datagram: &[u8]) -> Option<usize> {
    let mut count = 0_usize;
    walk(datagram, |_| count = count.saturating_add(1))?;
    Some(count)
}

/// Puts a ClientHello together from its fragments, in any order.
#[derive(Debug, Default)]
pub(super) struct HelloReader {
    bytes: Vec<u8>,
    /// Which bytes have come.
    present: Vec<bool>,
}

/// What a ClientHello says about SRTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OfferedProfiles(pub Vec<u16>);

impl HelloReader {
    /// Takes a datagram; the profiles once the whole hello has come.
    pub fn read(&mut self, datagram: &[u8]) -> Option<OfferedProfiles> {
        walk(datagram, |fragment| self.take(&fragment))?;
        if self.present.is_empty() || self.present.iter().any(|present| !present) {
            return None;
        }
        Some(OfferedProfiles(profiles(&self.bytes).unwrap_or_default()))
    }

    fn take(&mut self, fragment: &Fragment<'_>) {
        if fragment.kind != CLIENT_HELLO || fragment.length > HELLO_BYTES_MAX {
            return;
        }
        if self.bytes.len() != fragment.length {
            self.bytes = vec![0; fragment.length];
            self.present = vec![false; fragment.length];
        }
        let end = fragment.offset.saturating_add(fragment.body.len());
        let (Some(bytes), Some(present)) =
            (self.bytes.get_mut(fragment.offset..end), self.present.get_mut(fragment.offset..end))
        else {
            return;
        };
        bytes.copy_from_slice(fragment.body);
        present.fill(true);
    }
}

/// Visits the plaintext handshake fragments of a datagram (RFC 6347 §4.1, §4.2.2).
fn walk<'a>(mut datagram: &'a [u8], mut visit: impl FnMut(Fragment<'a>)) -> Option<()> {
    while !datagram.is_empty() {
        let header = datagram.get(..RECORD_HEADER)?;
        let epoch = be16(header, 3)?;
        let length = usize::from(be16(header, 11)?);
        let mut record = datagram.get(RECORD_HEADER..RECORD_HEADER.checked_add(length)?)?;
        datagram = datagram.get(RECORD_HEADER.checked_add(length)?..)?;
        if header.first() != Some(&CONTENT_HANDSHAKE) || epoch != 0 {
            continue;
        }
        while !record.is_empty() {
            let header = record.get(..HANDSHAKE_HEADER)?;
            let fragment_length = be24(header, 9)?;
            let end = HANDSHAKE_HEADER.checked_add(fragment_length)?;
            let body = record.get(HANDSHAKE_HEADER..end)?;
            visit(Fragment { kind: *header.first()?, length: be24(header, 1)?, offset: be24(header, 6)?, body });
            record = record.get(end..)?;
        }
    }
    Some(())
}

/// The `use_srtp` profiles of a ClientHello's body (RFC 5246 §7.4.1.2, RFC 6347 §4.2.1).
fn profiles(hello: &[u8]) -> Option<Vec<u16>> {
    // client_version and random
    let rest = hello.get(34..)?;
    let (_, rest) = vector8(rest)?; // session_id
    let (_, rest) = vector8(rest)?; // cookie
    let (_, rest) = vector16(rest)?; // cipher_suites
    let (_, rest) = vector8(rest)?; // compression_methods
    let (mut extensions, _) = vector16(rest)?;
    while !extensions.is_empty() {
        let kind = be16(extensions, 0)?;
        let (body, rest) = vector16(extensions.get(2..)?)?;
        if kind == EXTENSION_USE_SRTP {
            let (list, _) = vector16(body)?;
            return Some(list.chunks_exact(2).filter_map(|pair| be16(pair, 0)).collect());
        }
        extensions = rest;
    }
    Some(Vec::new())
}

fn vector8(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::from(*bytes.first()?);
    bytes.get(1..)?.split_at_checked(length)
}

fn vector16(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::from(be16(bytes, 0)?);
    bytes.get(2..)?.split_at_checked(length)
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(pair.try_into().ok()?))
}

fn be24(bytes: &[u8], at: usize) -> Option<usize> {
    let [high, middle, low] = bytes.get(at..at.checked_add(3)?)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes([0, high, middle, low])).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hello(profiles: &[u16]) -> Vec<u8> {
        let mut body = vec![0xfe, 0xfd];
        body.extend([7; 32]);
        body.push(0);
        body.push(0);
        body.extend([0, 2, 0xc0, 0x2b]);
        body.extend([1, 0]);
        let list: Vec<u8> = profiles.iter().flat_map(|profile| profile.to_be_bytes()).collect();
        let length = |bytes: usize| u16::try_from(bytes).expect("short").to_be_bytes();
        let mut extension = vec![0, 10, 0, 2, 0, 0, 0, 14];
        extension.extend(length(list.len() + 3));
        extension.extend(length(list.len()));
        extension.extend(list);
        extension.push(0);
        body.extend(length(extension.len()));
        body.extend(extension);
        body
    }

    fn record(body: &[u8], offset: usize, total: usize) -> Vec<u8> {
        let be24 = |value: usize| u32::try_from(value).expect("short").to_be_bytes()[1..].to_vec();
        let mut fragment = vec![CLIENT_HELLO];
        fragment.extend(be24(total));
        fragment.extend([0, 0]);
        fragment.extend(be24(offset));
        fragment.extend(be24(body.len()));
        fragment.extend(body);
        let mut record = vec![CONTENT_HANDSHAKE, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0];
        record.extend(u16::try_from(fragment.len()).expect("short").to_be_bytes());
        record.extend(fragment);
        record
    }

    #[test]
    fn the_profiles_of_a_whole_hello_are_read_in_the_clients_order() {
        let body = hello(&[1, 7, 8]);
        let found = HelloReader::default().read(&record(&body, 0, body.len()));
        assert_eq!(found, Some(OfferedProfiles(vec![1, 7, 8])));
    }

    #[test]
    fn a_hello_in_pieces_is_read_once_its_last_piece_has_come_in_any_order() {
        let body = hello(&[1, 7]);
        let (head, tail) = body.split_at(50);
        let mut reader = HelloReader::default();
        assert_eq!(reader.read(&record(tail, 50, body.len())), None);
        assert_eq!(reader.read(&record(head, 0, body.len())), Some(OfferedProfiles(vec![1, 7])));
    }

    #[test]
    fn fragments_are_counted_over_records_and_messages() {
        let body = hello(&[7]);
        let mut datagram = record(&body, 0, body.len());
        datagram.extend(record(&body, 0, body.len()));
        assert_eq!(plaintext_fragments(&datagram), Some(2));
        datagram.pop();
        assert_eq!(plaintext_fragments(&datagram), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut record = vec![CONTENT_HANDSHAKE, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0];
            record.extend(u16::try_from(bytes.len()).expect("short").to_be_bytes());
            record.extend(&bytes);
            for datagram in [&bytes, &record] {
                let _ = HelloReader::default().read(datagram);
                let _ = plaintext_fragments(datagram);
            }
            let _ = profiles(&bytes);
        }
    }
}
