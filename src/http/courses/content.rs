//! What a file is, by its content: the few kinds that a course may teach with. Names and what senders say count for
//! nothing, but to tell one office document from another, which are all archives.

/// How much of a file its kind is read from, in bytes.
pub(super) const HEAD_BYTES: usize = 4 * 1024;

/// Archives that are documents, by the end of their names.
const DOCUMENTS: [(&str, &str); 6] = [
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
];

/// The media type of a file with this beginning, where it is of a kind that is taken.
pub(super) fn media_type(head: &[u8], file_name: &str) -> Option<&'static str> {
    let at = |offset: usize, wanted: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(wanted));
    let known = if at(0, b"%PDF-") {
        "application/pdf"
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        "image/png"
    } else if at(0, b"\xff\xd8\xff") {
        "image/jpeg"
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        "image/webp"
    } else if at(4, b"ftypM4A") || at(4, b"ftypM4B") {
        "audio/mp4"
    } else if at(4, b"ftyp") {
        "video/mp4"
    } else if at(0, b"\x1a\x45\xdf\xa3") && has(head, b"webm") {
        "video/webm"
    } else if at(0, b"OggS") {
        "audio/ogg"
    } else if at(0, b"ID3") || is_mpeg_audio(head) {
        "audio/mpeg"
    } else if at(0, b"PK\x03\x04") {
        archive(file_name)
    } else if is_text(head) {
        "text/plain"
    } else {
        return None;
    };
    Some(known)
}

fn archive(file_name: &str) -> &'static str {
    let ending = file_name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let document = DOCUMENTS.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known));
    document.map_or("application/zip", |(_, media_type)| media_type)
}

/// A frame's header (ISO/IEC 11172-3 §2.4.1.3): eleven bits of synchronisation, then layer III.
fn is_mpeg_audio(head: &[u8]) -> bool {
    matches!(head, [0xFF, second, ..] if second & 0xE6 == 0xE2)
}

fn has(head: &[u8], wanted: &[u8]) -> bool {
    head.windows(wanted.len()).take(64).any(|window| window == wanted)
}

/// UTF-8 that may be cut off at its end, without control characters but those of lines and tabs.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && head.len() == HEAD_BYTES => {
            let whole = head.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(whole).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty() && !text.chars().any(|character| character.is_control() && !"\t\n\r\u{c}".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_kind_is_what_is_in_it() {
        let cases: [(&[u8], &str, Option<&str>); 15] = [
            (b"%PDF-1.7\n", "x.exe", Some("application/pdf")),
            (b"\x89PNG\r\n\x1a\n\0\0", "x", Some("image/png")),
            (b"\xff\xd8\xff\xe0", "x", Some("image/jpeg")),
            (b"RIFF\0\0\0\0WEBPVP8 ", "x", Some("image/webp")),
            (b"\0\0\0\x20ftypM4A ", "x", Some("audio/mp4")),
            (b"\0\0\0\x20ftypisom", "x", Some("video/mp4")),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", "x", Some("video/webm")),
            (b"OggS\0", "x", Some("audio/ogg")),
            (b"\xff\xfb\x90\x64", "x", Some("audio/mpeg")),
            (b"PK\x03\x04", "plan.DOCX", Some(DOCUMENTS[0].1)),
            (b"PK\x03\x04", "photos.zip", Some("application/zip")),
            ("سلامة العمل\n".as_bytes(), "x.html", Some("text/plain")),
            (b"MZ\x90\0\x03", "course.pdf", None),
            (b"\x7fELF\x02\x01", "x.txt", None),
            (b"", "x.txt", None),
        ];
        for (head, name, expected) in cases {
            assert_eq!(media_type(head, name), expected, "{head:?} {name}");
        }
    }

    #[test]
    fn a_page_or_a_drawing_with_scripts_is_plain_text() {
        for page in ["<html><script>alert(1)</script>", "<svg xmlns=\"x\" onload=\"alert(1)\"/>"] {
            assert_eq!(media_type(page.as_bytes(), "x.svg"), Some("text/plain"));
        }
    }

    #[test]
    fn text_that_is_cut_within_a_letter_is_text_still() {
        let mut head = "a".repeat(HEAD_BYTES - 1).into_bytes();
        head.push(0xD8);
        assert_eq!(media_type(&head, "x"), Some("text/plain"));
        assert_eq!(media_type(&[b'a', 0xD8], "x"), None);
    }
}
