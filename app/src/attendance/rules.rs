//! What becomes of a sign-in. Code, roster, window, device and leave are judged here and nowhere else.

use serde::{Deserialize, Serialize};

use crate::api::Code;
use crate::day::Timestamp;
use crate::training::rules::{LessonTimes, Phase};

/// What a person's attendance of a lesson is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Signed in before the late bound.
    OnTime,
    /// Signed in after it.
    Late,
    /// Not signed in, and the lesson is over.
    Absent,
    /// Not signed in, and on approved leave for the lesson's half day.
    Excused,
    /// Not signed in yet.
    Missing,
}

impl Status {
    /// The name as stored and as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnTime => "on_time",
            Self::Late => "late",
            Self::Absent => "absent",
            Self::Excused => "excused",
            Self::Missing => "missing",
        }
    }

    /// The status of this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::OnTime, Self::Late, Self::Absent, Self::Excused, Self::Missing]
            .into_iter()
            .find(|status| status.as_str() == name)
    }
}

/// How long a claim is good for, in seconds: the time to log in after the scan.
pub const CLAIM_SECONDS: i64 = 120;

/// What the server found out about the code of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The code is of the current or the previous window at the time of receipt.
    Fresh,
    /// A claim minted when the link was opened keeps that time.
    Claim {
        /// When the link was opened, by the server's clock.
        scanned_at: Timestamp,
    },
    /// The code is of this lesson but of an older window.
    Expired,
    /// The code is not of this lesson, or is no code.
    Invalid,
}

/// What a sign-in is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The lesson's times.
    pub times: LessonTimes,
    /// Whether the person is on the class list.
    pub on_roster: bool,
    /// What the code is worth.
    pub evidence: Evidence,
    /// The server's time of receipt.
    pub received_at: Timestamp,
}

/// A sign-in that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// On time or late.
    pub status: Status,
    /// The instant that decided: the receipt, or the scan that the claim keeps.
    pub at: Timestamp,
}

/// Judges a sign-in.
///
/// # Errors
/// The problem's code: [`Code::NotOnRoster`], [`Code::CodeInvalid`], [`Code::CodeExpired`], [`Code::TooEarly`],
/// [`Code::TooLate`]. The roster comes first, so that an outsider learns nothing about codes.
pub fn judge(facts: &Facts) -> Result<Accepted, Code> {
    if !facts.on_roster {
        return Err(Code::NotOnRoster);
    }
    let at = match facts.evidence {
        Evidence::Fresh => facts.received_at,
        Evidence::Claim { scanned_at } => {
            let age = facts.received_at.seconds_since(scanned_at);
            if !(0..=CLAIM_SECONDS).contains(&age) {
                return Err(Code::CodeExpired);
            }
            scanned_at
        }
        Evidence::Expired => return Err(Code::CodeExpired),
        Evidence::Invalid => return Err(Code::CodeInvalid),
    };
    match facts.times.phase(at) {
        Phase::Upcoming => Err(Code::TooEarly),
        Phase::OnTime => Ok(Accepted { status: Status::OnTime, at }),
        Phase::Late => Ok(Accepted { status: Status::Late, at }),
        Phase::Over => Err(Code::TooLate),
    }
}

/// What a person's attendance is who has not signed in.
pub fn without_sign_in(times: &LessonTimes, on_leave: bool, now: Timestamp) -> Status {
    if on_leave {
        Status::Excused
    } else if times.phase(now) == Phase::Over {
        Status::Absent
    } else {
        Status::Missing
    }
}

/// How many wrong typed codes a person may send within a minute: a typed code has 30 bits, so guessing needs many.
pub const WRONG_CODES_PER_MINUTE: i64 = 10;

/// Whether somebody who typed `wrong` wrong codes within the last minute has to wait. It hangs on the person, never on
/// an address: a whole class signs in from one.
pub fn too_many_wrong(wrong: i64) -> bool {
    wrong >= WRONG_CODES_PER_MINUTE
}
