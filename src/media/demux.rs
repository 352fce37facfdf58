use super::peer::Line;
use super::{ENCODINGS_MAX, LINES_MAX};
use crate::rtp::{Agreement, ExtensionIds, KnownExtensions, RtpPacket, Ssrc};

/// How many SSRCs one peer has at most: one for each encoding, and one for its repairs. A new one replaces the old.
const SSRCS_MAX: usize = LINES_MAX * ENCODINGS_MAX * 2;

/// Where a packet belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) line: u8,
    pub(super) encoding: u8,
    /// A retransmission (RFC 4588).
    pub(super) repair: bool,
}

/// Tells by its SSRC where a packet belongs, and learns SSRCs from header extensions (RFC 8852, RFC 9143 §9.2).
#[derive(Clone, Debug, Default)]
pub(super) struct Demux {
    /// Few, and looked through for each packet: the ones in use come to the front.
    known: Vec<(Ssrc, Route)>,
}

impl Demux {
    /// Takes over the SSRCs that an offer declares. Where encodings go by rid, the declared order says nothing, and
    /// the extensions tell.
    pub(super) fn declare(&mut self, lines: &[Line], agreement: &Agreement) {
        for sending in agreement.sending.iter().filter(|sending| sending.rids.is_empty()) {
            let Some(line) = lines.iter().position(|line| line.mid == sending.mid) else { continue };
            let Ok(line) = u8::try_from(line) else { continue };
            for ((ssrc, repair), encoding) in sending.ssrcs.iter().zip(0..ENCODINGS_MAX as u8) {
                self.learn(*ssrc, Route { line, encoding, repair: false });
                if let Some(repair) = repair {
                    self.learn(*repair, Route { line, encoding, repair: true });
                }
            }
        }
    }

    pub(super) fn find(&self, ssrc: Ssrc) -> Option<Route> {
        self.known.iter().find(|(known, _)| *known == ssrc).map(|(_, route)| *route)
    }

    /// Where a packet belongs, as its SSRC tells; of a new SSRC, as its extensions or its payload type tell.
    pub(super) fn origin(
        &mut self,
        lines: &[Line],
        ids: &ExtensionIds,
        packet: &RtpPacket<'_>,
        known: &KnownExtensions<'_>,
    ) -> Option<Route> {
        match self.known.iter().position(|(ssrc, _)| *ssrc == packet.ssrc) {
            Some(at) => {
                if at > 0 {
                    self.known.swap(at, at - 1);
                }
                self.known.get(at.saturating_sub(1)).map(|(_, route)| *route)
            }
            None => {
                let route = route(lines, ids, packet, known)?;
                self.learn(packet.ssrc, route);
                Some(route)
            }
        }
    }

    /// Learns a source from somebody who knows it.
    pub(super) fn teach(&mut self, ssrc: Ssrc, line: u8, encoding: u8, repair: bool) {
        let route = Route { line, encoding, repair };
        if self.find(ssrc) != Some(route) {
            self.learn(ssrc, route);
        }
    }

    fn learn(&mut self, ssrc: Ssrc, route: Route) {
        self.known.retain(|(known, old)| *known != ssrc && *old != route);
        self.known.push((ssrc, route));
        debug_assert!(self.known.len() <= SSRCS_MAX);
    }
}

/// Where a packet of an unknown SSRC says that it belongs.
fn route(lines: &[Line], ids: &ExtensionIds, packet: &RtpPacket<'_>, known: &KnownExtensions<'_>) -> Option<Route> {
    let open = || lines.iter().zip(0u8..).filter(|(line, _)| line.open);
    let by_rid = |line: &Line, rid: &[u8]| {
        let own = line.encodings.iter().zip(0u8..);
        own.filter_map(|(encoding, index)| Some((encoding.rid?, index)))
            .find(|(own, _)| own.as_bytes() == rid)
            .map(|(_, index)| index)
    };
    let rid = known.repaired_rid.or(known.rid);
    let (line, index) = match known.mid {
        Some(mid) => open().find(|(line, _)| line.mid.as_bytes() == mid)?,
        None => {
            // Without a mid only what belongs to exactly one m-line can be placed.
            let mut fitting = open().filter(|(line, _)| {
                line.payload(packet.payload_type).is_some() && rid.is_none_or(|rid| by_rid(line, rid).is_some())
            });
            let only = fitting.next()?;
            if fitting.next().is_some() {
                return None;
            }
            only
        }
    };
    let (_, repair) = line.payload(packet.payload_type)?;
    let by_name = line.encodings.iter().any(|encoding| encoding.rid.is_some());
    let encoding = match rid {
        Some(rid) if by_name => by_rid(line, rid)?,
        None if by_name && ids.rid.is_some() => return None,
        _ if line.encodings.len() > 1 => return None,
        _ => 0,
    };
    Some(Route { line: index, encoding, repair: repair || known.repaired_rid.is_some() })
}
