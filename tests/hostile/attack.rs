//! Malformed datagrams of every kind that a media port may get.

/// Where a datagram comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// An address that no check has proven.
    Stranger,
    /// The publisher's own address: forged, or from behind the same NAT.
    Proven,
}

/// A kind of malformed datagram, and the counter that must rise with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Noise,
    BadIntegrity,
    BrokenStun,
    EarlyHandshake,
    ForgedGoodbye,
    Replay,
    Flipped,
    Cut,
    StrangeMedia,
}

impl Kind {
    pub const ALL: [(Self, From, &str); 10] = [
        (Self::Noise, From::Stranger, "dropped_not_media"),
        (Self::Noise, From::Proven, "dropped_not_media"),
        (Self::BadIntegrity, From::Stranger, "dropped_bad_stun"),
        (Self::BadIntegrity, From::Proven, "dropped_bad_stun"),
        (Self::BrokenStun, From::Stranger, "dropped_bad_stun"),
        (Self::EarlyHandshake, From::Stranger, "dropped_unknown_address"),
        (Self::StrangeMedia, From::Stranger, "dropped_unknown_address"),
        (Self::Replay, From::Proven, "dropped_replayed"),
        (Self::Flipped, From::Proven, "dropped_bad_auth"),
        (Self::Cut, From::Proven, "dropped_bad_auth"),
    ];

    /// Sent too, but what counts it depends on where the handshake stands.
    pub const UNCOUNTED: (Self, From) = (Self::ForgedGoodbye, From::Proven);
}

/// Makes datagrams; the same ones in the same order each time.
pub struct Forge {
    state: u64,
    ufrag: String,
    genuine: Vec<Vec<u8>>,
}

impl Forge {
    /// `ufrag` is the server's, as its answer named it; `genuine` are sealed packets that were sent before.
    pub fn new(ufrag: String, genuine: Vec<Vec<u8>>) -> Self {
        assert!(!genuine.is_empty(), "nothing to replay");
        Self { state: 0x9e37_79b9_7f4a_7c15, ufrag, genuine }
    }

    pub fn make(&mut self, kind: Kind) -> Vec<u8> {
        match kind {
            // First bytes of no protocol that shares the port (RFC 7983).
            Kind::Noise => self.noise(1_200, 192..=255),
            Kind::BadIntegrity => self.check_with_bad_integrity(),
            Kind::BrokenStun => self.noise(100, 0..=3),
            Kind::EarlyHandshake => self.client_hello(),
            // A DTLS 1.2 alert, close_notify, in the clear: the epoch of before the handshake.
            Kind::ForgedGoodbye => vec![21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 1, 0],
            Kind::Replay => self.genuine(),
            Kind::Flipped => {
                let mut packet = self.unseen();
                // A bit of the sealed payload's end: the seal covers it.
                if let Some(last) = packet.last_mut() {
                    *last ^= 1;
                }
                packet
            }
            // Header and extensions are whole, the seal is not.
            Kind::Cut => {
                let mut packet = self.unseen();
                packet.truncate(20 + (self.next() % 16) as usize);
                packet
            }
            Kind::StrangeMedia => self.noise(1_200, 128..=191),
        }
    }

    fn next(&mut self) -> u64 {
        // xorshift64: Marsaglia, "Xorshift RNGs", 2003.
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    fn genuine(&mut self) -> Vec<u8> {
        let at = self.next() as usize % self.genuine.len();
        self.genuine[at].clone()
    }

    /// A genuine packet under a number that is still to come, so that only its seal tells that it is forged.
    fn unseen(&mut self) -> Vec<u8> {
        let mut packet = self.genuine();
        let number = u16::from_be_bytes([packet[2], packet[3]]).wrapping_add(0x2000);
        packet[2..4].copy_from_slice(&number.to_be_bytes());
        packet
    }

    fn noise(&mut self, longest: u64, first: std::ops::RangeInclusive<u8>) -> Vec<u8> {
        let length = 1 + self.next() % longest;
        let mut bytes: Vec<u8> = (0..length).map(|_| self.next() as u8).collect();
        bytes[0] = first.start() + (bytes[0] % (first.end() - first.start() + 1));
        bytes
    }

    /// A well-formed binding request to the right user, under a wrong password.
    fn check_with_bad_integrity(&mut self) -> Vec<u8> {
        let mut message = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
        message.extend((0..12).map(|_| self.next() as u8));
        put_attribute(&mut message, 0x0006, format!("{}:forged", self.ufrag).as_bytes());
        let forged: Vec<u8> = (0..20).map(|_| self.next() as u8).collect();
        put_attribute(&mut message, 0x0008, &forged);
        let length = (message.len() - 20 + 8) as u16;
        message[2..4].copy_from_slice(&length.to_be_bytes());
        let fingerprint = crc32(&message) ^ 0x5354_554e;
        put_attribute(&mut message, 0x8028, &fingerprint.to_be_bytes());
        message
    }

    /// The start of a DTLS handshake: a record with a ClientHello's header and nothing sensible in it.
    fn client_hello(&mut self) -> Vec<u8> {
        let mut record = vec![22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 76, 1, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 64];
        record.extend((0..64).map(|_| self.next() as u8));
        record
    }
}

fn put_attribute(message: &mut Vec<u8>, kind: u16, value: &[u8]) {
    message.extend_from_slice(&kind.to_be_bytes());
    message.extend_from_slice(&(value.len() as u16).to_be_bytes());
    message.extend_from_slice(value);
    message.resize(message.len().next_multiple_of(4), 0);
}

/// ISO 3309, as RFC 8489 §14.7 asks.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}
