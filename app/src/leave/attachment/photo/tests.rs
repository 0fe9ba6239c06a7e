//! Pictures made by hand, with everything that a camera writes into them.

use proptest::prelude::*;

use super::*;

/// What a camera notes: the maker, and a way to the notes of the place (tag 0x8825), in either byte order.
fn notes(turned: u16, is_little: bool) -> Vec<u8> {
    let short = |value: u16| if is_little { value.to_le_bytes() } else { value.to_be_bytes() };
    let long = |value: u32| if is_little { value.to_le_bytes() } else { value.to_be_bytes() };
    let mut tiff = if is_little { b"II\x2a\0".to_vec() } else { b"MM\0\x2a".to_vec() };
    tiff.extend(long(8));
    tiff.extend(short(3));
    let mut entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        tiff.extend(short(tag));
        tiff.extend(short(kind));
        tiff.extend(long(count));
        tiff.extend(value);
    };
    entry(0x010f, 2, 8, long(50));
    let [a, b] = short(turned);
    entry(0x0112, 3, 1, [a, b, 0, 0]);
    entry(0x8825, 4, 1, long(58));
    tiff.extend(long(0));
    tiff.extend(b"CamMaker");
    tiff.extend(b"GPS 32.06N 118.79E");
    tiff
}

fn jpeg_segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    segment(&mut out, marker, content).expect("short");
    out
}

/// A JPEG of a phone: two scans, notes before, between and after, a second picture behind the first.
fn photo(turned: u16, is_little: bool) -> Vec<u8> {
    let exif = [EXIF, &notes(turned, is_little)].concat();
    [
        vec![0xff, SOI],
        jpeg_segment(0xe0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"),
        jpeg_segment(0xe0, b"JFXX\0\x10 a small copy"),
        jpeg_segment(0xe1, &exif),
        jpeg_segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta GPSLatitude='32.06'/>"),
        jpeg_segment(0xe2, b"ICC_PROFILE\0\x01\x01 the colours"),
        jpeg_segment(0xe2, b"MPF\0 where the second picture is"),
        jpeg_segment(0xed, b"Photoshop 3.0\08BIM the author"),
        jpeg_segment(0xee, b"Adobe\0\x64\0\0\0\0\x01"),
        jpeg_segment(0xfe, b"a comment"),
        jpeg_segment(0xdb, &[0; 65]),
        jpeg_segment(0xc2, b"\x08\0\x10\0\x10\x01\x01\x11\0"),
        vec![0xff, 0xff],
        jpeg_segment(0xc4, &[0; 17]),
        jpeg_segment(SOS, b"\x01\x01\0\0\0\0"),
        vec![0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56],
        jpeg_segment(0xfe, b"another comment"),
        jpeg_segment(SOS, b"\x01\x01\0\x01\x05\0"),
        vec![0x78, 0xff, 0x00, 0x9a],
        vec![0xff, EOI],
        vec![0xff, SOI],
        jpeg_segment(0xe1, &exif),
        vec![0xff, EOI],
        b"ftypmp42 a film with GPS".to_vec(),
    ]
    .concat()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

const TELLING: [&str; 13] = [
    "Exif",
    "GPS",
    "CamMaker",
    "xmpmeta",
    "Photoshop",
    "8BIM",
    "comment",
    "MPF",
    "JFXX",
    "film",
    "author",
    "32.06",
    "Comment",
];

#[test]
fn a_photo_keeps_its_picture_and_nothing_else() {
    for is_little in [true, false] {
        let clean = jpeg(&photo(1, is_little)).expect("a photo");
        for telling in TELLING {
            assert!(!holds(&clean, telling), "{telling}");
        }
        assert!(holds(&clean, "ICC_PROFILE\0\x01\x01 the colours") && holds(&clean, "Adobe"), "its colours stay");
        assert!(clean.ends_with(&[0x78, 0xff, 0x00, 0x9a, 0xff, EOI]), "both scans, and nothing behind them");
        assert_eq!(jpeg(&clean), Some(clean.clone()), "there is nothing left to take");
    }
}

#[test]
fn a_header_with_a_small_picture_goes() {
    let header = [&b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01"[..], b"RGB"].concat();
    let whole = [vec![0xff, SOI], jpeg_segment(0xe0, &header), photo(1, true)[2..].to_vec()].concat();
    let clean = jpeg(&whole).expect("a photo");
    assert_eq!(clean, jpeg(&photo(1, true)).expect("a photo"));
}

#[test]
fn a_photo_that_was_taken_sideways_stays_turned() {
    for (turned, is_little) in [(3, true), (6, false), (8, true)] {
        let clean = jpeg(&photo(turned, is_little)).expect("a photo");
        let kept = [EXIF, &exif(u8::try_from(turned).expect("small"))].concat();
        let at = clean.windows(kept.len()).position(|window| window == kept).expect("one note");
        assert_eq!(orientation(&clean[at + EXIF.len()..]), u8::try_from(turned).ok());
        for telling in TELLING.iter().filter(|telling| **telling != "Exif") {
            assert!(!holds(&clean, telling), "{telling}");
        }
    }
    for nonsense in [0, 9, 512] {
        assert!(!holds(&jpeg(&photo(nonsense, true)).expect("a photo"), "Exif"), "{nonsense}");
    }
}

#[test]
fn a_photo_that_breaks_off_is_none() {
    let whole = photo(1, true);
    let end = whole.windows(4).position(|window| window == [0x9a, 0xff, EOI, 0xff]).expect("its end") + 3;
    for length in 0..end {
        assert_eq!(jpeg(&whole[..length]), None, "{length} of {end}");
    }
    assert!(jpeg(&whole[..end]).is_some());
    assert_eq!(jpeg(&[0xff, SOI, 0xff, EOI]), None, "no picture in it");
}

fn png_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("short").to_be_bytes();
    [&length, name.as_slice(), content, &[1, 2, 3, 4]].concat()
}

#[test]
fn a_picture_of_the_screen_keeps_its_picture_and_nothing_else() {
    let [head, colours, data, end] = [
        png_chunk(b"IHDR", &[0; 13]),
        png_chunk(b"iCCP", b"colours\0\0"),
        png_chunk(b"IDAT", b"the picture"),
        png_chunk(b"IEND", b""),
    ];
    let signature = b"\x89PNG\r\n\x1a\n".to_vec();
    let whole = [
        signature.clone(),
        head.clone(),
        png_chunk(b"tEXt", b"Author\0GPS"),
        png_chunk(b"eXIf", &notes(6, true)),
        colours.clone(),
        png_chunk(b"iTXt", b"XML:com.adobe.xmp"),
        data.clone(),
        png_chunk(b"tIME", &[0; 7]),
        png_chunk(b"zzZz", b"nobody knows"),
        end.clone(),
        b"behind it".to_vec(),
    ]
    .concat();
    assert_eq!(png(&whole), Some([signature, head, colours, data, end].concat()));
    assert_eq!(png(&whole[..whole.len() - 10]), None, "it breaks off");
}

#[test]
fn a_webp_says_that_there_are_no_notes() {
    let picture = |turned: u16| {
        let mut chunks = Vec::new();
        for (name, content) in [
            (b"VP8X", b"\x2c\0\0\0\x0f\0\0\x0f\0\0".as_slice()),
            (b"ICCP", b"odd"),
            (b"VP8 ", b"the picture"),
            (b"EXIF", &notes(turned, false)),
            (b"XMP ", b"<x:xmpmeta/>"),
            (b"ZZZZ", b"nobody knows"),
        ] {
            chunk(&mut chunks, name, content).expect("short");
        }
        let length = u32::try_from(chunks.len() + 4).expect("short").to_le_bytes();
        [b"RIFF".as_slice(), &length, b"WEBP", &chunks, b"behind it"].concat()
    };
    let clean = webp(&picture(1)).expect("a picture");
    assert_eq!(clean[20], 0x20, "the colour profile alone");
    assert!(holds(&clean, "odd\0VP8 ") && clean.ends_with(b"the picture\0"));
    let length = u32::from_le_bytes(*clean[4..].first_chunk().expect("a length"));
    assert_eq!(usize::try_from(length).ok(), Some(clean.len() - 8));
    let turned = webp(&picture(6)).expect("a picture");
    assert_eq!(turned[20], 0x28);
    assert!(turned.ends_with(&exif(6)) && !holds(&turned, "GPS"));
    assert_eq!(webp(b"RIFF\x04\0\0\0WEBP"), None, "no picture in it");
}

proptest! {
    /// Whatever comes: no panic, nothing grows by more than the one note, and what was cleaned stays as it is.
    #[test]
    fn anything_is_read_to_its_end(bytes in prop::collection::vec(any::<u8>(), 0..600), kind in 0usize..3, cut in 0usize..900) {
        let kind = Kind::ALL[kind];
        let head: &[u8] = match kind {
            Kind::Jpeg => &[0xff, SOI],
            Kind::Png => b"\x89PNG\r\n\x1a\n",
            _ => b"RIFF\xff\x01\0\0WEBP",
        };
        let mut broken = photo(6, true);
        broken.truncate(cut);
        for bytes in [[head, &bytes].concat(), [broken, bytes].concat()] {
            if let Some(clean) = clean(kind, &bytes) {
                prop_assert!(clean.len() <= bytes.len() + 36);
                prop_assert_eq!(super::clean(kind, &clean), Some(clean));
            }
        }
    }

    /// A note anywhere before the end of the picture is not kept, whatever it says.
    #[test]
    fn no_note_is_kept(marker in 0xe3u8..0xee, note in "[a-z]{8,40}", at in 0usize..4) {
        let whole = photo(1, true);
        let place = [2, 20, whole.windows(2).position(|two| two == [0xff, 0xdb]).expect("a table"),
            whole.windows(2).position(|two| two == [0xff, 0xc4]).expect("a table")][at];
        let noted = [&whole[..place], &jpeg_segment(marker, note.as_bytes()), &whole[place..]].concat();
        prop_assert_eq!(jpeg(&noted), jpeg(&whole));
    }
}
