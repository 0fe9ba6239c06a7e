//! Files attached to a request (附件): what is taken, what it is called, when it may come and go. Who may read it stands in
//! [`super::sight`].

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::rules::Stored;
use crate::api::Code;

pub mod photo;

#[cfg(test)]
mod tests;

/// How large a file can be allowed to be, in megabytes. A photo of a phone has 2 to 8.
pub const ATTACHMENT_MEGABYTES: RangeInclusive<i64> = 1..=20;
/// How many files a request can be allowed to have.
pub const ATTACHMENTS_A_REQUEST: RangeInclusive<i64> = 1..=20;
/// The longest name that is kept, in characters, its ending included.
const NAME_LIMIT: usize = 100;
/// How long a link to a file lasts, in seconds: enough to begin a download, too short to keep.
pub const LINK_SECONDS: i64 = 60;

/// What is taken. HEIC is not: nothing but Apple's own devices shows it in a browser, and it cannot be turned into JPEG
/// without decoding it. Phones make JPEG of it when they are asked for JPEG, which the form does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AttachmentKind))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A photo.
    Jpeg,
    /// A picture of the screen.
    Png,
    /// A picture.
    Webp,
    /// A document.
    Pdf,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Jpeg, Self::Png, Self::Webp, Self::Pdf];

    /// The kind's name as stored and as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
        }
    }

    /// The kind of this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The media type, as in RFC 9110.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
        }
    }

    /// The kind of this media type.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == media_type)
    }

    /// Whether a browser shows it as a picture.
    pub fn is_picture(self) -> bool {
        self != Self::Pdf
    }

    /// The endings under which it is known; the first one is given to a file without any of them.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Webp => &["webp"],
            Self::Pdf => &["pdf"],
        }
    }
}

/// What a file is called from now on: the last part of the name that its sender gave it, without characters that draw
/// nothing or turn the writing round (which hide an ending), and with the ending of what it is.
pub fn name(given: &str, kind: Kind) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_plain = |letter: &char| !letter.is_control() && !is_invisible(*letter) && !"\"<>:|?*".contains(*letter);
    let name: String = last.chars().filter(is_plain).collect();
    let name = name.trim_matches(|letter: char| letter == '.' || letter.is_whitespace());
    let has_ending = |ending: &&str| {
        name.rsplit_once('.').is_some_and(|(stem, end)| !stem.is_empty() && end.eq_ignore_ascii_case(ending))
    };
    let (stem, ending) = match kind.endings().iter().find(|ending| has_ending(ending)) {
        Some(ending) => (&name[..name.len() - ending.len() - 1], *ending),
        None => (name, kind.endings()[0]),
    };
    let stem = if stem.is_empty() { "附件" } else { stem };
    let stem: String = stem.chars().take(NAME_LIMIT - ending.len() - 1).collect();
    format!("{}.{ending}", stem.trim_end())
}

/// Marks that draw nothing or change the direction of what follows (Unicode's format characters, as far as they are
/// used for that).
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether the applicant, or who submitted it in his place (`is_party`), may attach something now: until the leave is
/// closed by its 销假, and after it as long as papers are owed, because they may follow later.
///
/// Errors: [`Code::NotFound`] for others, [`Code::WrongState`] for what has come to nothing or is closed.
pub fn add(stored: Stored, is_owed: bool, is_party: bool) -> Result<(), Code> {
    if !is_party {
        return Err(Code::NotFound);
    }
    match stored {
        Stored::InApproval | Stored::SentBack | Stored::Approved => Ok(()),
        Stored::Returned if is_owed => Ok(()),
        Stored::Returned | Stored::Withdrawn | Stored::Refused | Stored::Cancelled => Err(Code::WrongState),
    }
}

/// Whether one more finds room. Error: [`Code::TooManyAttachments`].
pub fn room(present: usize, most: i64) -> Result<(), Code> {
    let present = i64::try_from(present).unwrap_or(i64::MAX);
    if present < most { Ok(()) } else { Err(Code::TooManyAttachments) }
}

/// Whether somebody may take a file off again that is his (`is_his`), as all are to the applicant, and to who submitted
/// the request in his place those that he attached himself: what somebody has decided on, or has confirmed to have seen, stays
/// as he saw it.
///
/// Errors: [`Code::NotFound`] for others, [`Code::WrongState`] once it is relied on, or the request is no longer open.
pub fn remove(stored: Stored, is_relied_on: bool, is_his: bool) -> Result<(), Code> {
    if !is_his {
        return Err(Code::NotFound);
    }
    if stored == Stored::InApproval && !is_relied_on { Ok(()) } else { Err(Code::WrongState) }
}

/// Whether a file that comes is told to whoever approved the leave and to 政治部: only where it was owed, and once, with
/// the first one after the approval. Before it, who decides finds it with the request. `since_decision` are the files
/// that came after the last decision, without this one.
pub fn is_news(stored: Stored, is_owed: bool, since_decision: usize) -> bool {
    matches!(stored, Stored::Approved | Stored::Returned) && is_owed && since_decision == 0
}
