use super::peer::Line;
use crate::rtp::{Agreement, ExtensionIds, KnownExtensions, RtpPacket, Ssrc};

/// How many SSRCs one peer may use at a time: 16 m-lines with three encodings and their repairs, and as much again
/// for what replaced them. Packets of more are dropped.
pub(super) const SSRCS_MAX: usize = 192;

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

/// What a packet's origin turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Known(Route),
    /// The first packet of an SSRC, which has been learned.
    New(Route),
    Unknown,
}

impl Demux {
    /// Takes over the SSRCs that an offer declares. Where encodings go by rid, the declared order says nothing, and
    /// the extensions tell.
    pub(super) fn declare(&mut self, lines: &[Line], agreement: &Agreement) {
        for sending in agreement.sending.iter().filter(|sending| sending.rids.is_empty()) {
            let Some(line) = lines.iter().position(|line| line.mid == sending.mid) else { continue };
            let Ok(line) = u8::try_from(line) else { continue };
            for ((ssrc, repair), encoding) in sending.ssrcs.iter().zip(0..super::ENCODINGS_MAX as u8) {
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

    pub(super) fn origin(
        &mut self,
        lines: &[Line],
        ids: &ExtensionIds,
        packet: &RtpPacket<'_>,
        known: &KnownExtensions<'_>,
    ) -> Origin {
        match self.known.iter().position(|(ssrc, _)| *ssrc == packet.ssrc) {
            Some(at) => {
                if at > 0 {
                    self.known.swap(at, at - 1);
                }
                let at = at.saturating_sub(1);
                self.known.get(at).map_or(Origin::Unknown, |(_, route)| Origin::Known(*route))
            }
            None => match route(lines, ids, packet, known) {
                Some(route) if self.learn(packet.ssrc, route) => Origin::New(route),
                _ => Origin::Unknown,
            },
        }
    }

    /// Whether there was room. One encoding has one SSRC, and one for repairs; a new one replaces it.
    fn learn(&mut self, ssrc: Ssrc, route: Route) -> bool {
        self.known.retain(|(known, old)| *known != ssrc && *old != route);
        if self.known.len() >= SSRCS_MAX {
            return false;
        }
        self.known.push((ssrc, route));
        true
    }

    /// The source said goodbye.
    pub(super) fn forget(&mut self, ssrc: Ssrc) {
        self.known.retain(|(known, _)| *known != ssrc);
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
