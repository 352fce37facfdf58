use super::*;
use crate::rtp::{NtpTime, Seq};
use crate::units::Bitrate;
use proptest::prelude::*;

fn only(bytes: &[u8]) -> Rtcp<'_> {
    let mut packets = Compound::new(bytes);
    let packet = packets.next().unwrap().unwrap();
    assert!(packets.next().is_none());
    packet
}

#[test]
fn a_sender_report_with_blocks_reads_back() {
    let info = SenderInfo { ntp: NtpTime(0x0102_0304_0506_0708), timestamp: 9, packets: 10, octets: 11 };
    let block = ReportBlock {
        ssrc: Ssrc(5),
        fraction_lost: 3,
        cumulative_lost: -4,
        highest_sequence: 0x1_0002,
        jitter: 6,
        last_sender_report: 7,
        delay_since: 8,
    };
    let mut buffer = [0; 200];
    let mut writer = RtcpWriter::new(&mut buffer);
    assert!(writer.sender_report(Ssrc(1), &info, &[block]));
    assert!(writer.cname(Ssrc(1), "name"));
    assert!(writer.bye(Ssrc(1)));
    let packets: Vec<_> = Compound::new(writer.written()).map(Result::unwrap).collect();
    let [Rtcp::SenderReport { sender, info: read, blocks }, Rtcp::Other, Rtcp::Bye { sources }] = packets[..] else {
        panic!("other packets: {packets:?}");
    };
    assert_eq!((sender, read), (Ssrc(1), info));
    assert_eq!(blocks.collect::<Vec<_>>(), [block]);
    assert_eq!(sources.collect::<Vec<_>>(), [Ssrc(1)]);
}

#[test]
fn a_nack_names_the_same_numbers_across_the_wrap() {
    let lost = [65_530, 65_531, 65_535, 0, 9, 30].map(Seq);
    let mut buffer = [0; 100];
    let mut writer = RtcpWriter::new(&mut buffer);
    assert!(writer.nack(Ssrc(1), Ssrc(2), lost));
    let Rtcp::Nack { media, pairs } = only(writer.written()) else { panic!() };
    assert_eq!(media, Ssrc(2));
    assert_eq!(pairs.lost().collect::<Vec<_>>(), lost);
}

#[test]
fn keyframe_requests_and_estimates_read_back() {
    let mut buffer = [0; 100];
    let mut writer = RtcpWriter::new(&mut buffer);
    writer.picture_loss(Ssrc(1), Ssrc(2));
    assert!(matches!(only(writer.written()), Rtcp::PictureLoss { media: Ssrc(2) }));
    writer.clear();
    writer.full_intra(Ssrc(1), Ssrc(3), 9);
    let Rtcp::FullIntra { mut sources } = only(writer.written()) else { panic!() };
    assert_eq!(sources.next(), Some(Ssrc(3)));
    writer.clear();
    writer.remb(Ssrc(1), Bitrate(2_500_000), Ssrc(3));
    let Rtcp::Remb(remb) = only(writer.written()) else { panic!() };
    assert!(remb.bitrate.bps().abs_diff(2_500_000) < 20, "{remb:?}");
}

#[test]
fn what_does_not_fit_leaves_nothing_behind() {
    let mut buffer = [0; 20];
    let mut writer = RtcpWriter::new(&mut buffer);
    assert!(writer.picture_loss(Ssrc(1), Ssrc(2)));
    assert!(!writer.picture_loss(Ssrc(1), Ssrc(3)));
    assert!(matches!(only(writer.written()), Rtcp::PictureLoss { media: Ssrc(2) }));
}

#[test]
fn transport_feedback_tells_who_arrived_and_when() {
    let mut arrivals: Vec<Option<u64>> = vec![Some(1_000_000), Some(1_000_250), None, Some(1_100_000)];
    arrivals.extend(vec![None; 20]);
    arrivals.extend((0..30).map(|n| Some(1_200_000 + n * 1_000)));
    arrivals.push(Some(1_190_000));
    let mut buffer = [0; 1_160];
    let mut writer = RtcpWriter::new(&mut buffer);
    let told = write_transport_feedback(&mut writer, Ssrc(1), Ssrc(2), Seq(65_534), 7, arrivals.iter().copied());
    assert_eq!(usize::from(told), arrivals.len());
    let Rtcp::TransportFeedback(feedback) = only(writer.written()) else { panic!() };
    let read: Vec<_> = feedback.arrivals().collect();
    assert_eq!(read.len(), arrivals.len());
    for (place, (seq, arrival)) in read.iter().enumerate() {
        assert_eq!(*seq, Seq(65_534).plus(place as u16));
        let expected = arrivals[place].map(|micros| micros as i64 / 250 * 250);
        assert_eq!(arrival.map(|arrival| arrival.micros), expected);
    }
}

#[test]
fn feedback_on_more_packets_than_fit_speaks_of_the_first() {
    let mut buffer = [0; 100];
    let mut writer = RtcpWriter::new(&mut buffer);
    let told = write_transport_feedback(&mut writer, Ssrc(1), Ssrc(2), Seq(0), 0, (0..500).map(|n| Some(n * 300)));
    assert!((10..100).contains(&told), "{told}");
    let Rtcp::TransportFeedback(feedback) = only(writer.written()) else { panic!() };
    assert_eq!(feedback.arrivals().filter(|(_, arrival)| arrival.is_some()).count(), usize::from(told));
}

#[test]
fn a_few_bytes_cannot_ask_for_much_work() {
    let bytes = [0x8f, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0x1f, 0xff, 0x1f, 0xff];
    assert!(Compound::new(&bytes).all(|packet| packet.is_err()));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..120), kind in 199u8..208) {
        // A plausible header, so that bodies are reached.
        let words = (bytes.len() / 4).saturating_sub(1) as u8;
        if let [first, second, high, low, ..] = &mut bytes[..] {
            (*first, *second, *high, *low) = (0x80 | (*first & 0x3f), kind, 0, words);
        }
        for packet in Compound::new(&bytes).flatten() {
            match packet {
                Rtcp::SenderReport { blocks, .. } | Rtcp::ReceiverReport { blocks, .. } => drop(blocks.count()),
                Rtcp::Nack { pairs, .. } => drop(pairs.lost().count()),
                Rtcp::TransportFeedback(feedback) => drop(feedback.arrivals().count()),
                Rtcp::FullIntra { sources } => drop(sources.count()),
                Rtcp::Bye { sources } => drop(sources.count()),
                _ => {}
            }
        }
    }

    #[test]
    fn any_arrivals_read_back(
        base: u16,
        arrivals in proptest::collection::vec(proptest::option::of(0u64..20_000_000), 1..600),
    ) {
        let mut buffer = [0; 1_160];
        let mut writer = RtcpWriter::new(&mut buffer);
        let told = write_transport_feedback(&mut writer, Ssrc(1), Ssrc(2), Seq(base), 0, arrivals.iter().copied());
        if told > 0 {
            let Rtcp::TransportFeedback(feedback) = only(writer.written()) else { panic!() };
            let read: Vec<_> = feedback.arrivals().map(|(_, arrival)| arrival.map(|at| at.micros)).collect();
            let expected: Vec<_> = arrivals[..told as usize].iter().map(|at| at.map(|at| at as i64 / 250 * 250)).collect();
            prop_assert_eq!(read, expected);
        }
    }
}
