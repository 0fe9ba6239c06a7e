//! 照上次填写: a new request filled in like the last one. Nothing is submitted by it.

use uuid::Uuid;

use super::api::LeaveRequest;
use super::rules::Status;
use super::types::Lane;
use crate::day::{Day, HalfDay, Span};

/// What a form is filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LikeLast {
    /// The request that it is like.
    pub of: Uuid,
    /// The type's name.
    pub leave_type: String,
    /// The first half day.
    pub from: HalfDay,
    /// The last half day, included.
    pub to: HalfDay,
    /// Why.
    pub reason: String,
    /// Where to.
    pub destination: String,
    /// How to reach him meanwhile.
    pub contact: String,
    /// The 工号 and the name of the colleague who stands in.
    pub stand_in: Option<(String, String)>,
}

/// A new request like the last one of this type, or like the last at all where there is none of the type. `requests` are
/// the officer's own, newest first; what extends or converts another leave is like nothing new. `is_eligible` says
/// whether a type is still for him.
pub fn like_last(
    requests: &[LeaveRequest],
    leave_type: &str,
    is_eligible: impl Fn(&str) -> bool,
    today: Day,
) -> Option<LikeLast> {
    let stands_alone = |request: &&LeaveRequest| {
        let known = request.leave_type.as_deref().is_some_and(&is_eligible);
        known && request.extends.is_none() && request.converts.is_none()
    };
    let usable = || requests.iter().filter(stands_alone);
    let of_type = |request: &&LeaveRequest| request.leave_type.as_deref() == Some(leave_type);
    let last = usable().find(of_type).or_else(|| usable().next())?;
    let span = Span::new(last.from, last.to)?;
    let is_for_work = last.lane != Lane::Report;
    let (from, to) = days(span, came_to_nothing(last.status), is_for_work, today);
    Some(LikeLast {
        of: last.id,
        leave_type: last.leave_type.clone()?,
        from,
        to,
        reason: last.reason.clone().unwrap_or_default(),
        destination: last.destination.clone().unwrap_or_default(),
        contact: last.contact.clone().unwrap_or_default(),
        stand_in: last.stand_in.clone().map(|officer| (officer, last.stand_in_name.clone().unwrap_or_default())),
    })
}

fn came_to_nothing(status: Status) -> bool {
    matches!(status, Status::Withdrawn | Status::Refused | Status::Cancelled | Status::Draft)
}

/// When it would be. Days to come of a request that came to nothing stay: he asks for them again. Otherwise it is the
/// same weekday, as soon as it comes, with the same halves and as many days: who took a Friday afternoon means a Friday
/// afternoon, and a leave that kept clear of a weekend keeps clear of it. Empty days would save nothing of what he wants
/// to save, and the preview beside them says at once what they mean.
fn days(span: Span, came_to_nothing: bool, is_for_work: bool, today: Day) -> (HalfDay, HalfDay) {
    let (from, to) = (span.from(), span.to());
    if came_to_nothing && from.date > today {
        return (from, to);
    }
    // What he has asked for already would be in its own way.
    let after = if came_to_nothing { today } else { today.max(to.date) };
    let weeks = after.days_since(from.date) / 7 + 1;
    let mut first = from.date.plus(weeks * 7);
    // A day on which a weekend was worked (调休) is none the next time. Weekends out of town are what reports are for.
    while is_for_work && first.is_weekend() {
        first = first.next();
    }
    let last = first.plus(to.date.days_since(from.date));
    (HalfDay { date: first, half: from.half }, HalfDay { date: last, half: to.half })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::day::Half;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn span(from: (&str, Half), to: (&str, Half)) -> Span {
        let half = |(date, half): (&str, Half)| HalfDay { date: day(date), half };
        Span::new(half(from), half(to)).expect("in order")
    }

    #[test]
    fn a_friday_afternoon_is_the_next_friday_afternoon() {
        let friday = span(("2026-11-20", Half::Pm), ("2026-11-20", Half::Pm));
        let (from, to) = days(friday, false, true, day("2026-11-23"));
        assert_eq!((from, to), (HalfDay::pm(day("2026-11-27")), HalfDay::pm(day("2026-11-27"))));
        // On that Friday itself it is the one after: a day that has begun is no suggestion.
        assert_eq!(days(friday, false, true, day("2026-11-27")).0.date, day("2026-12-04"));
    }

    #[test]
    fn what_was_withdrawn_is_asked_for_again_on_the_same_days() {
        let span = span(("2026-12-02", Half::Am), ("2026-12-04", Half::Am));
        assert_eq!(days(span, true, true, day("2026-11-23")), (span.from(), span.to()));
        let (from, to) = days(span, false, true, day("2026-11-23"));
        assert_eq!((from.date, to.date), (day("2026-12-09"), day("2026-12-11")), "what lives keeps its days");
    }

    #[test]
    fn a_worked_saturday_becomes_a_monday() {
        let saturday = span(("2026-10-10", Half::Am), ("2026-10-10", Half::Pm));
        assert_eq!(days(saturday, false, true, day("2026-11-23")).0.date, day("2026-11-30"));
    }

    #[test]
    fn a_weekend_out_of_town_is_the_next_weekend() {
        let weekend = span(("2026-11-28", Half::Am), ("2026-11-29", Half::Pm));
        let (from, to) = days(weekend, false, false, day("2026-12-01"));
        assert_eq!((from.date, to.date), (day("2026-12-05"), day("2026-12-06")));
    }

    proptest! {
        #[test]
        fn no_day_is_past_and_the_length_stays(
            start in -400i64..400, length in 0i64..60, nothing in any::<bool>(), am in any::<bool>(),
            is_for_work in any::<bool>(),
        ) {
            let today = day("2026-11-23");
            let half = if am { Half::Am } else { Half::Pm };
            let first = HalfDay { date: today.plus(start), half };
            let span = Span::new(first, HalfDay::pm(first.date.plus(length))).expect("in order");
            let (from, to) = days(span, nothing, is_for_work, today);
            prop_assert!(from.date > today, "{from:?}");
            prop_assert_eq!(to.date.days_since(from.date), length);
            prop_assert_eq!((from.half, to.half), (half, Half::Pm));
            prop_assert!(nothing || from.date > span.to().date || span.to().date <= today);
            let is_same = from.date == first.date;
            prop_assert!(is_same || !is_for_work || !from.date.is_weekend());
        }
    }
}
