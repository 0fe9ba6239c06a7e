//! Pictures without what they tell beside the picture: where and when they were taken, with which device, by whom, and a
//! small copy of what was cut away. Nothing is decoded and nothing re-encoded: the parts that make the picture are
//! copied, all others are left out. What is not known to be needed is not kept, so that a new kind of note in a file
//! does not slip through.
//!
//! Formats: JPEG (ITU T.81, JFIF, Exif 2.3), PNG (W3C, third edition), WebP (RFC 9649).

use super::Kind;

#[cfg(test)]
mod tests;

/// The picture, or the document as it is. `None` for a file that does not hold together.
pub fn clean(kind: Kind, bytes: &[u8]) -> Option<Vec<u8>> {
    match kind {
        Kind::Jpeg => jpeg(bytes),
        Kind::Png => png(bytes),
        Kind::Webp => webp(bytes),
        Kind::Pdf => Some(bytes.to_vec()),
    }
}

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const EXIF: &[u8] = b"Exif\0\0";
/// How long the content of a JFIF header is that holds no picture.
const JFIF_HEADER: usize = 14;

/// Segment by segment up to the end of the picture. What stands after it goes too: phones put a second picture, or a
/// film, there, each with its own notes.
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.strip_prefix(&[0xff, SOI])?;
    out.extend([0xff, SOI]);
    let (mut turned, mut frames, mut scans) = (None, false, false);
    loop {
        rest = rest.strip_prefix(&[0xff])?;
        // A marker may be preceded by any number of fill bytes.
        while let Some(shorter) = rest.strip_prefix(&[0xff]) {
            rest = shorter;
        }
        let (&marker, after) = rest.split_first()?;
        rest = after;
        match marker {
            EOI => {
                out.extend([0xff, EOI]);
                return (frames && scans).then_some(out);
            }
            // Markers without a length: TEM and RST, which mean nothing outside of a scan.
            0x01 | 0xd0..=0xd7 => continue,
            0x00 | SOI => return None,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
        let content = rest.get(2..length)?;
        rest = rest.get(length..)?;
        if marker == 0xe1 && turned.is_none() {
            turned = content.strip_prefix(EXIF).and_then(orientation);
            if let Some(turned) = turned {
                segment(&mut out, 0xe1, &[EXIF, &exif(turned)].concat())?;
            }
        }
        if !is_of_the_picture(marker, content) {
            continue;
        }
        frames |= matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        segment(&mut out, marker, content)?;
        if marker == SOS {
            scans = true;
            let (data, after) = rest.split_at(scan(rest));
            out.extend(data);
            rest = after;
        }
    }
}

fn segment(out: &mut Vec<u8>, marker: u8, content: &[u8]) -> Option<()> {
    out.extend([0xff, marker]);
    out.extend(u16::try_from(content.len() + 2).ok()?.to_be_bytes());
    out.extend(content);
    Some(())
}

/// How long the data of a scan are: up to the next marker that is no restart.
fn scan(bytes: &[u8]) -> usize {
    let is_end = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7);
    bytes.windows(2).position(is_end).unwrap_or(bytes.len())
}

/// Whether a segment belongs to the picture: its tables and frames, the JFIF header, the colour profile, and Adobe's word
/// on how its colours are meant. Not the other application segments, and no comment.
fn is_of_the_picture(marker: u8, content: &[u8]) -> bool {
    match marker {
        // Without the small picture that it may hold, which can show what was cut off; the header may be left out.
        0xe0 => content.starts_with(b"JFIF\0") && content.len() == JFIF_HEADER,
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        0xc0..=0xcf | SOS | 0xdb..=0xdf => true,
        _ => false,
    }
}

/// How a picture is to be turned, from its notes (a TIFF structure; tag 0x0112); nothing where it stands upright.
fn orientation(tiff: &[u8]) -> Option<u8> {
    let is_little = match tiff.get(..4)? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let short = |at: usize| {
        let pair = *tiff.get(at..)?.first_chunk()?;
        Some(if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let four = *tiff.get(4..)?.first_chunk()?;
    let first = if is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) };
    let first = usize::try_from(first).ok()?;
    let entries = usize::from(short(first)?);
    let entry = |number: usize| first.checked_add(2 + 12 * number);
    let found = (0..entries).map_while(entry).find(|at| short(*at) == Some(0x0112))?;
    let value = short(found.checked_add(8)?)?;
    u8::try_from(value).ok().filter(|value| (2..=8).contains(value))
}

/// Notes that say nothing but how the picture is to be turned.
fn exif(turned: u8) -> [u8; 26] {
    let mut tiff = *b"II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\0\0\0\0\0\0\0\0";
    tiff[18] = turned;
    tiff
}

/// Chunks that make the picture and its colours; a moving picture stands still.
const PNG_CHUNKS: [&[u8; 4]; 12] =
    [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"pHYs"];

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
    let mut rest = bytes.strip_prefix(SIGNATURE)?;
    let mut out = Vec::with_capacity(bytes.len());
    out.extend(SIGNATURE);
    let (mut has_head, mut has_data) = (false, false);
    loop {
        let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
        // Length, name, content, check sum: copied whole, so that the check sum stays right.
        let chunk = rest.get(..length.checked_add(12)?)?;
        rest = rest.get(chunk.len()..)?;
        let name: &[u8; 4] = chunk[4..].first_chunk()?;
        has_head |= name == b"IHDR";
        has_data |= name == b"IDAT";
        if PNG_CHUNKS.contains(&name) {
            out.extend(chunk);
        }
        if name == b"IEND" {
            return (has_head && has_data).then_some(out);
        }
    }
}

/// The bits of a WebP's header that say there are notes: Exif and XMP.
const WEBP_EXIF: u8 = 0x08;
const WEBP_XMP: u8 = 0x04;

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let rest = bytes.strip_prefix(b"RIFF")?;
    let length = usize::try_from(u32::from_le_bytes(*rest.first_chunk()?)).ok()?;
    // What the length leaves out is no part of the picture.
    let mut rest = rest.get(4..length.checked_add(4)?)?.strip_prefix(b"WEBP")?;
    let mut chunks = Vec::with_capacity(bytes.len());
    let (mut turned, mut header, mut has_data) = (None, None, false);
    while !rest.is_empty() {
        let (name, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*after.first_chunk()?)).ok()?;
        let content = after.get(4..)?.get(..length)?;
        // Contents of odd length are followed by one byte, which writers forget at the very end.
        rest = after.get(4 + length + length % 2..).unwrap_or_default();
        match name {
            b"EXIF" => turned = orientation(content.strip_prefix(EXIF).unwrap_or(content)),
            b"VP8X" | b"ICCP" | b"ALPH" | b"VP8 " | b"VP8L" | b"ANIM" | b"ANMF" => {
                has_data |= matches!(name, b"VP8 " | b"VP8L" | b"ANMF");
                if name == b"VP8X" {
                    header = Some(chunks.len() + 8);
                }
                chunk(&mut chunks, name, content)?;
            }
            _ => {}
        }
    }
    if let Some(flags) = header.and_then(|at| chunks.get_mut(at)) {
        *flags &= !(WEBP_EXIF | WEBP_XMP);
        if let Some(turned) = turned {
            *flags |= WEBP_EXIF;
            chunk(&mut chunks, b"EXIF", &exif(turned))?;
        }
    }
    let length = u32::try_from(chunks.len() + 4).ok()?.to_le_bytes();
    has_data.then(|| [b"RIFF".as_slice(), &length, b"WEBP", &chunks].concat())
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) -> Option<()> {
    out.extend(name);
    out.extend(u32::try_from(content.len()).ok()?.to_le_bytes());
    out.extend(content);
    out.extend(std::iter::repeat_n(0, content.len() % 2));
    Some(())
}
