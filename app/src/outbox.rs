//! What becomes of a queued write: decided by its answer, and when to try again.
//!
//! The phone keeps a write that it could not send in its outbox. Each answer either ends the item or lets it wait.
//! Sending an item twice is always safe, because it carries an id that the phone made.

use serde::{Deserialize, Serialize};

use crate::api::{Code, Problem};

/// The longest wait between two tries of one item, in seconds.
pub const LONGEST_WAIT_SECONDS: u32 = 300;

/// What the network gave back for one try.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer<'a> {
    /// No answer at all: no network, or it broke off.
    Lost,
    /// An HTTP status, with the problem that came with it where there was one.
    Status(u16, Option<&'a Problem>),
}

/// What becomes of the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It waits for another try.
    Retry,
    /// It waits until its account signs in again; nobody else may send it.
    SignIn,
    /// The server has it; the item is gone.
    Done,
    /// Somebody was faster. It goes to the tray with the new state and is never sent again without a person.
    Tray,
    /// The server has decided against it. It is shown in the tray with the reason.
    Rejected,
}

/// What becomes of an item that got this answer.
///
/// No answer, 408, 425, 429 and every 5xx are tried again. Every other 4xx is an answer and ends the item:
/// `already_rated` means that an earlier try arrived, so it is done; `stale_version` goes to the tray. 401 alone
/// neither ends nor repeats it: the session has ended, not the wish.
pub fn outcome(answer: Answer<'_>) -> Outcome {
    let (status, problem) = match answer {
        Answer::Lost => return Outcome::Retry,
        Answer::Status(status, problem) => (status, problem),
    };
    match (status, problem.map(|problem| problem.code)) {
        (200..=299, _) | (_, Some(Code::AlreadyRated)) => Outcome::Done,
        (401, _) => Outcome::SignIn,
        (408 | 425 | 429 | 500..=599, _) => Outcome::Retry,
        (_, Some(Code::StaleVersion)) => Outcome::Tray,
        // A redirect or another answer that is none of the API's: a portal of a hotel's network, for example.
        (0..=399, _) => Outcome::Retry,
        _ => Outcome::Rejected,
    }
}

/// Seconds to wait before the next try.
///
/// `tries` counts the tries so far (1 after the first). The wait doubles from two seconds up to
/// [`LONGEST_WAIT_SECONDS`]; `draw`, a fresh random number from 0 to 999, spreads it between half and the whole, so
/// that a hall of phones does not come back at once.
pub fn wait_seconds(tries: u32, draw: u32) -> u32 {
    let whole = 2u32.saturating_pow(tries.clamp(1, 16)).min(LONGEST_WAIT_SECONDS);
    let half = whole.div_ceil(2);
    half + (whole - half) * draw.min(999) / 999
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(status: u16, code: Option<Code>, expected: Outcome) {
        let problem = code.map(|code| Problem::new(code, ""));
        assert_eq!(outcome(Answer::Status(status, problem.as_ref())), expected, "{status} {code:?}");
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        assert_eq!(outcome(Answer::Lost), Outcome::Retry);
        for status in [408, 425, 429, 500, 502, 503, 504] {
            check(status, None, Outcome::Retry);
        }
        check(429, Some(Code::SlowDown), Outcome::Retry);
        check(503, Some(Code::Unavailable), Outcome::Retry);
        check(302, None, Outcome::Retry);
    }

    #[test]
    fn an_answer_ends_the_item() {
        check(204, None, Outcome::Done);
        check(201, None, Outcome::Done);
        check(409, Some(Code::AlreadyRated), Outcome::Done);
        check(409, Some(Code::StaleVersion), Outcome::Tray);
        check(409, Some(Code::IdReused), Outcome::Rejected);
        check(409, Some(Code::WrongState), Outcome::Rejected);
        check(422, Some(Code::RatingClosed), Outcome::Rejected);
        check(403, Some(Code::NotSignedIn), Outcome::Rejected);
        check(400, Some(Code::BadInput), Outcome::Rejected);
        check(404, None, Outcome::Rejected);
    }

    #[test]
    fn an_ended_session_keeps_the_item() {
        check(401, Some(Code::SignedOut), Outcome::SignIn);
    }

    proptest! {
        #[test]
        fn waits_grow_and_stay_bounded(tries in 0u32..100, draw in 0u32..2000) {
            let wait = wait_seconds(tries, draw);
            prop_assert!((1..=LONGEST_WAIT_SECONDS).contains(&wait));
            prop_assert!(wait_seconds(tries + 1, 0) >= wait_seconds(tries, 0));
            prop_assert!(wait >= wait_seconds(tries, 0));
        }
    }
}
