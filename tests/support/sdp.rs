//! Offers as browsers and encoders make them, as far as the server reads them.

/// An m-line of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    SendsAudio,
    SendsVideo,
    ReceivesAudio,
    ReceivesVideo,
}

/// An offer whose m-lines are numbered from 0. `certificate` tells connections apart, `ufrag` their ICE sessions.
pub fn offer(certificate: u8, ufrag: &str, lines: &[Line]) -> String {
    let mids: Vec<String> = (0..lines.len()).map(|line| line.to_string()).collect();
    let fingerprint = vec![format!("{certificate:02X}"); 32].join(":");
    let mut text = format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {}\r\na=ice-ufrag:{ufrag}\r\n\
         a=ice-pwd:{ufrag}0123456789012345678901\r\na=fingerprint:sha-256 {fingerprint}\r\na=setup:actpass\r\n",
        mids.join(" ")
    );
    for (line, mid) in lines.iter().zip(&mids) {
        let audio = matches!(line, Line::SendsAudio | Line::ReceivesAudio);
        text += if audio { "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" } else { "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n" };
        text += &format!("c=IN IP4 0.0.0.0\r\na=mid:{mid}\r\na=rtcp-mux\r\na=rtcp-rsize\r\n");
        text += if audio {
            "a=rtpmap:111 opus/48000/2\r\na=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
        } else {
            "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtpmap:97 rtx/90000\r\n\
             a=fmtp:97 apt=96\r\na=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
        };
        text += match line {
            Line::SendsAudio | Line::SendsVideo => "a=sendonly\r\n",
            Line::ReceivesAudio | Line::ReceivesVideo => "a=recvonly\r\n",
        };
    }
    text
}

/// What a trainer's browser offers: microphone 0, camera 1, screen 2, screen's sound 3, and slots.
pub const TRAINER: [Line; 8] = [
    Line::SendsAudio,
    Line::SendsVideo,
    Line::SendsVideo,
    Line::SendsAudio,
    Line::ReceivesAudio,
    Line::ReceivesVideo,
    Line::ReceivesVideo,
    Line::ReceivesVideo,
];

/// What a trainee's browser offers: microphone 0, camera 1, then a sound slot and two picture slots (3 and 4).
pub const TRAINEE: [Line; 5] =
    [Line::SendsAudio, Line::SendsVideo, Line::ReceivesAudio, Line::ReceivesVideo, Line::ReceivesVideo];
