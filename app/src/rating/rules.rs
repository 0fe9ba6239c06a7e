//! Who may rate, and what may be shown. Results open after the window and from [`THRESHOLD`] answers on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::api::Code;
use crate::attendance::rules::Status;
use crate::day::Timestamp;
use crate::training::rules::LessonTimes;

/// Below this many answers nothing is shown: fewer would let the raters subtract themselves.
pub const THRESHOLD: i64 = 5;

/// The scores that can be given.
pub const RATING_SCORES: [u8; 5] = [1, 2, 3, 4, 5];

/// The longest text, in characters.
pub const TEXT_LIMIT: usize = 1000;

/// What is rated from 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// 教学内容.
    Content,
    /// 教学方法.
    Method,
    /// 联系实际.
    Relevance,
    /// 组织服务.
    Organisation,
}

impl Dimension {
    /// Every dimension, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Content, Self::Method, Self::Relevance, Self::Organisation];

    /// The name as stored and as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Method => "method",
            Self::Relevance => "relevance",
            Self::Organisation => "organisation",
        }
    }
}

/// Whether a person may rate a lesson now: whoever signed in, from its end until the rating closes.
///
/// # Errors
/// [`Code::NotSignedIn`] for everybody who was not there (staff and lecturers included), [`Code::RatingNotOpen`] before
/// the lesson has ended, [`Code::RatingClosed`] afterwards.
pub fn may_rate(times: &LessonTimes, mine: Option<Status>, now: Timestamp) -> Result<(), Code> {
    if !matches!(mine, Some(Status::OnTime | Status::Late)) {
        return Err(Code::NotSignedIn);
    }
    if now >= times.rating_closes_at() {
        return Err(Code::RatingClosed);
    }
    if now < times.ends_at {
        return Err(Code::RatingNotOpen);
    }
    Ok(())
}

/// Checks the answers: each dimension once, from 1 to 5, and a text of bounded length.
///
/// # Errors
/// The field at fault and what to do, in Chinese.
pub fn check_answers(scores: &BTreeMap<Dimension, u8>, text: &str) -> Result<(), (&'static str, String)> {
    for dimension in Dimension::ALL {
        match scores.get(&dimension) {
            Some(1..=5) => {}
            Some(_) => return Err(("scores", "每项请打 1 到 5 分".to_owned())),
            None => return Err(("scores", "四项都要打分，请补全后再提交".to_owned())),
        }
    }
    if text.chars().count() > TEXT_LIMIT {
        return Err(("text", format!("意见最多 {TEXT_LIMIT} 字，请删减后再提交")));
    }
    Ok(())
}

/// What is shown of one dimension: nothing below the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summary {
    /// How many people gave 1, 2, 3, 4 and 5.
    pub counts: [i64; 5],
    /// The mean in hundredths: 437 is 4.37.
    pub mean_hundredths: i64,
}

/// Sums a dimension up; `None` below the threshold.
pub fn summarise(counts: [i64; 5]) -> Option<Summary> {
    let answers: i64 = counts.iter().sum();
    if answers < THRESHOLD {
        return None;
    }
    let points: i64 = (1i64..).zip(counts).map(|(score, count)| score * count).sum();
    Some(Summary { counts, mean_hundredths: (points * 200 + answers) / (answers * 2) })
}
