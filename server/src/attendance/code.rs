//! The rotating code of a lesson: made from the lesson's key and the number of the window, stored nowhere.
//!
//! A link carries lesson, window and 96 bits of HMAC-SHA-256; the typed code is six characters (30 bits) of the same
//! window, which is why wrong ones are counted for each person. No code stops a live relay: somebody in the room can
//! always read it out.

use app::attendance::rules::Evidence;
use app::day::Timestamp;
use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

use crate::secrets::{Secrets, Tag, same, tag};

/// Bytes of the tag inside a link.
const TOKEN: usize = 12;
/// Typed characters: digits and capitals without 0, 1, I and O, which look like others.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Characters of a typed code.
const TYPED: usize = 6;
/// Windows before the accepted ones in which a typed code is called expired rather than wrong: about two minutes.
const REMEMBERED: i64 = 12;

/// The codes of one lesson.
#[derive(Clone, Copy)]
pub struct Codes {
    lesson: Uuid,
    key: Tag,
    window_millis: i64,
}

impl std::fmt::Debug for Codes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Codes({})", self.lesson)
    }
}

impl Codes {
    /// The codes of a lesson, with windows of this many seconds.
    pub fn new(secrets: &Secrets, lesson: Uuid, window_seconds: i64) -> Self {
        Self { lesson, key: secrets.lesson_key(lesson), window_millis: window_seconds.max(1) * 1000 }
    }

    /// The number of the window that an instant lies in.
    pub fn window(&self, at: Timestamp) -> i64 {
        at.millis().div_euclid(self.window_millis)
    }

    /// The length of a window in milliseconds.
    pub fn window_millis(&self) -> i64 {
        self.window_millis
    }

    /// Milliseconds until the next window; at least 1.
    pub fn remaining_millis(&self, at: Timestamp) -> i64 {
        self.window_millis - at.millis().rem_euclid(self.window_millis)
    }

    /// The last part of the link of a window: `{lesson}.{window}.{token}`.
    pub fn token(&self, window: i64) -> String {
        let lesson = BASE64URL_NOPAD.encode(self.lesson.as_bytes());
        format!("{lesson}.{window}.{}", BASE64URL_NOPAD.encode(&self.proof(window)))
    }

    /// The typed code of a window.
    pub fn typed(&self, window: i64) -> String {
        let bytes = tag(&self.key, &[b"typed", &window.to_be_bytes()]);
        bytes[..TYPED].iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
    }

    fn proof(&self, window: i64) -> [u8; TOKEN] {
        let bytes = tag(&self.key, &[b"link", &window.to_be_bytes()]);
        std::array::from_fn(|n| bytes[n])
    }

    /// What a link of this lesson is worth at an instant.
    pub fn judge_link(&self, link: &Link, at: Timestamp) -> Evidence {
        let now = self.window(at);
        if link.lesson != self.lesson || link.window > now || !same(&self.proof(link.window), &link.token) {
            Evidence::Invalid
        } else if link.window >= now - 1 {
            Evidence::Fresh
        } else {
            Evidence::Expired
        }
    }

    /// What a typed code is worth at an instant. Every window is compared, so that the time tells nothing.
    pub fn judge_typed(&self, code: &str, at: Timestamp) -> Evidence {
        let code = normalise(code);
        let now = self.window(at);
        let fits = |window: i64| same(self.typed(window).as_bytes(), code.as_bytes());
        let fresh = fits(now) | fits(now - 1);
        let expired = (2..=REMEMBERED).fold(false, |found, age| found | fits(now - age));
        match (fresh, expired) {
            (true, _) => Evidence::Fresh,
            (false, true) => Evidence::Expired,
            (false, false) => Evidence::Invalid,
        }
    }
}

/// What people type on a phone: small letters, full-width letters, spaces and dashes in between.
fn normalise(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            other => other,
        })
        .map(|c| c.to_ascii_uppercase())
        .take(TYPED + 1)
        .collect()
}

/// What a link says, not yet believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The lesson.
    pub lesson: Uuid,
    window: i64,
    token: [u8; TOKEN],
}

impl Link {
    /// Reads a whole link or what follows its last `/`; `None` for anything that is not written like one.
    pub fn parse(text: &str) -> Option<Self> {
        let last = text.trim().rsplit('/').next()?;
        let last = last.split(['?', '#']).next()?;
        let mut parts = last.split('.');
        let (lesson, window, token) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || window.is_empty() || !window.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let lesson: [u8; 16] = BASE64URL_NOPAD.decode(lesson.as_bytes()).ok()?.try_into().ok()?;
        let token = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?.try_into().ok()?;
        Some(Self { lesson: Uuid::from_bytes(lesson), window: window.parse().ok()?, token })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(lesson: u128) -> Codes {
        Codes::new(&Secrets::from_master(&[7; 32]), Uuid::from_u128(lesson), 10)
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_790_000_000_000).plus_seconds(seconds)
    }

    fn link(codes: &Codes, window: i64) -> Link {
        Link::parse(&format!("https://court.example/c/{}", codes.token(window))).expect("own link")
    }

    #[test]
    fn a_code_lives_for_its_window_and_the_next() {
        let codes = codes(1);
        let window = codes.window(at(0));
        let link = link(&codes, window);
        let typed = codes.typed(window);
        for (seconds, expected) in [
            (0, Evidence::Fresh),
            (9, Evidence::Fresh),
            (10, Evidence::Fresh),
            (19, Evidence::Fresh),
            (20, Evidence::Expired),
        ] {
            assert_eq!(codes.judge_link(&link, at(seconds)), expected, "{seconds}");
            assert_eq!(codes.judge_typed(&typed, at(seconds)), expected, "{seconds}");
        }
        assert_eq!(codes.judge_link(&link, at(86_400)), Evidence::Expired);
        assert_eq!(codes.judge_link(&link, at(-1)), Evidence::Invalid, "a window that has not come yet");
        assert_eq!(codes.judge_typed(&typed, at(86_400)), Evidence::Invalid);
    }

    #[test]
    fn the_first_code_shown_lives_for_at_least_a_whole_window() {
        let codes = codes(1);
        for offset in 0..10 {
            let shown = at(offset);
            let link = link(&codes, codes.window(shown));
            assert_eq!(codes.judge_link(&link, shown.plus_seconds(10)), Evidence::Fresh);
        }
    }

    #[test]
    fn consecutive_windows_differ_in_the_part_that_is_verified() {
        let codes = codes(1);
        for window in 0..500 {
            assert_ne!(codes.proof(window), codes.proof(window + 1));
            // The window alone may not be changed.
            let mut moved = link(&codes, window);
            moved.window += 1;
            assert_eq!(codes.judge_link(&moved, Timestamp::from_millis((window + 1) * 10_000)), Evidence::Invalid);
        }
    }

    #[test]
    fn another_lessons_code_is_worth_nothing() {
        let (ours, theirs) = (codes(1), codes(2));
        let window = ours.window(at(0));
        assert_eq!(ours.judge_link(&link(&theirs, window), at(0)), Evidence::Invalid);
        let mut moved = link(&theirs, window);
        moved.lesson = Uuid::from_u128(1);
        assert_eq!(ours.judge_link(&moved, at(0)), Evidence::Invalid);
        assert_eq!(ours.judge_typed(&theirs.typed(window), at(0)), Evidence::Invalid);
    }

    #[test]
    fn what_is_no_link_is_not_read_as_one() {
        let good = codes(1).token(5);
        for text in ["", "/", "\0\0", "a.b.c", "https://x/c/", &good[1..], &format!("{good}.x"), &good.replace('.', "")]
        {
            assert_eq!(Link::parse(text), None, "{text:?}");
        }
        assert!(Link::parse(&format!("http://x/c/{good}?from=timeline#x")).is_some());
        assert!(Link::parse(&good).is_some());
    }

    #[test]
    fn a_typed_code_forgives_how_it_is_typed_and_nothing_else() {
        let codes = codes(1);
        let typed = codes.typed(codes.window(at(0)));
        let wide: String = typed.chars().map(|c| char::from_u32(c as u32 + 0xfee0).expect("full width")).collect();
        for text in [typed.to_lowercase(), format!("{} {}", &typed[..3], &typed[3..]), wide] {
            assert_eq!(codes.judge_typed(&text, at(0)), Evidence::Fresh, "{text}");
        }
        for text in ["", "\0\0\0\0\0\0", &typed[..5], &format!("{typed}2")] {
            assert_eq!(codes.judge_typed(text, at(0)), Evidence::Invalid, "{text:?}");
        }
        assert!(typed.bytes().all(|byte| ALPHABET.contains(&byte)));
    }
}
