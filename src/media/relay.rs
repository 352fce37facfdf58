//! What a room is asked and told where a peer's media passes from one shard to another: on the shard that has the
//! peer's transport, and on those that have a mirror of it. To everything else here a mirror is a peer like any other.

use super::keyframes::Urgency;
use super::peer::EncodingRef;
use super::publication::Feed;
use super::room::Room;
use super::{ENCODINGS_MAX, PeerKey};
use crate::ids::PublicationId;
use crate::rtp::{MediaKind, Mid, Ssrc};

/// Encodings of one m-line, each by its index in the agreement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EncodingSet(u8);

const _: () = assert!(ENCODINGS_MAX <= u8::BITS as usize);

impl EncodingSet {
    #[must_use]
    pub fn with(self, encoding: u8) -> Self {
        Self(self.0 | 1_u8.checked_shl(u32::from(encoding)).unwrap_or(0))
    }

    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[must_use]
    pub fn contains(self, encoding: u8) -> bool {
        self.0.checked_shr(u32::from(encoding)).unwrap_or(0) & 1 == 1
    }

    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Which m-line and encoding a source (an SSRC) of a peer is, as it was learned from the offer or from packets that
/// named them. A client names them only until it has been heard, so whoever listens later has to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourcePlace {
    pub mid: Mid,
    pub encoding: u8,
    /// The source carries retransmissions (RFC 4588).
    pub repair: bool,
}

impl Room {
    /// The publication that a source of a peer belongs to, and its place; `None` where it is not published.
    #[must_use]
    pub fn published_source(&self, key: PeerKey, ssrc: Ssrc) -> Option<(PublicationId, SourcePlace)> {
        let peer = self.peers.get(self.seat(key)?.at())?;
        let route = peer.demux.find(ssrc)?;
        let line = peer.lines.get(usize::from(route.line)).filter(|line| line.open)?;
        let publication = self.publications.get(line.publication?.at())?;
        let place = SourcePlace { mid: line.mid, encoding: route.encoding, repair: route.repair };
        Some((publication.id, place))
    }

    /// Takes over what another shard knows of a source.
    pub fn learn_source(&mut self, key: PeerKey, ssrc: Ssrc, place: SourcePlace) {
        let Some(peer) = self.seat(key).and_then(|index| self.peers.get_mut(index.at())) else { return };
        let Some(line) = peer.line(place.mid) else { return };
        if peer.encoding(line, place.encoding).is_some() {
            peer.demux.teach(ssrc, line, place.encoding, place.repair);
        }
    }

    /// For each picture that a peer publishes, the encodings that somebody in this room watches or waits for.
    pub fn wanted_of(&self, key: PeerKey) -> impl Iterator<Item = (PublicationId, EncodingSet)> + '_ {
        let peer = self.seat(key).and_then(|index| self.peers.get(index.at()));
        let lines = peer.into_iter().flat_map(|peer| &peer.lines).filter(|line| line.kind == MediaKind::Video);
        lines.filter_map(|line| {
            let publication = self.publications.get(line.publication?.at())?;
            let feeds = publication.feeds.iter().zip(0u8..).filter(|(feed, _)| feed.has_receivers());
            Some((publication.id, feeds.fold(EncodingSet::default(), |set, (_, encoding)| set.with(encoding))))
        })
    }

    /// The encodings of a publication that other shards want: they are repaired although nobody here may watch them.
    pub fn set_wanted_elsewhere(&mut self, publication: PublicationId, encodings: EncodingSet) {
        let Some(publication) = self.publication_mut(publication) else { return };
        for (feed, encoding) in publication.feeds.iter_mut().zip(0u8..) {
            feed.wanted_elsewhere = encodings.contains(encoding);
        }
    }

    /// Asks for a keyframe on behalf of another shard, as for anybody who waits in this room: once, however many ask.
    pub fn ask_for_keyframe(&mut self, publication: PublicationId, encoding: u8) {
        let Some(found) = self.publication_mut(publication) else { return };
        if found.source.is_audio() || found.feed_mut(encoding).is_none_or(|feed| !Feed::is_wanted(feed)) {
            return;
        }
        let which = EncodingRef { peer: found.owner, line: found.line, encoding };
        self.want_keyframe(which, Urgency::Picture);
    }
}
