//! As the days go by and nobody does anything, a request goes from 待休 over 休假中 to 待销假 and what is overdue of it grows;
//! it never goes back.

use uuid::Uuid;

use super::*;
use crate::leave::rules::overdue::{REMINDER_DAYS, overdue_days, reminder};
use crate::leave::rules::series::{Kind, Link, Standing, ended_status};

/// How far on its way a request is, where the day alone moves it.
fn way(status: Status) -> Option<u8> {
    match status {
        Status::Approved => Some(0),
        Status::OnLeave => Some(1),
        Status::AwaitingReturn => Some(2),
        Status::Returned => Some(3),
        _ => None,
    }
}

/// Whether a status can follow another one by the clock alone.
fn may_follow(stored: Stored, before: Status, after: Status) -> bool {
    match (way(before), way(after)) {
        (Some(before), Some(after)) if stored == Stored::Approved => before <= after,
        _ => stored != Stored::Approved && before == after,
    }
}

/// A leave with requests that extend it, one after the other, and maybe 病假 in place of its first half day; which of them
/// is looked at.
fn series() -> impl Strategy<Value = (Vec<Link>, usize)> {
    let part = (1usize..20, proptest::sample::select(Stored::ALL.to_vec()), any::<bool>());
    let parts = proptest::collection::vec(part, 1..5);
    (half_day(), parts, any::<bool>(), any::<bool>(), any::<proptest::sample::Index>()).prop_map(
        |(from, parts, is_present, is_converted, which)| {
            let (mut links, mut from) = (Vec::<Link>::new(), from);
            let kind = if is_present { Kind::Present } else { Kind::Absence };
            let needs_return = parts[0].2;
            for (at, (half_days, stored, _)) in parts.into_iter().enumerate() {
                let to = (1..half_days).fold(from, |at, _| at.next());
                let extends = links.last().map(|link| link.id);
                let span = Span::new(from, to).expect("in order");
                links.push(Link {
                    id: Uuid::from_u128(at as u128),
                    extends,
                    stored,
                    span,
                    kind,
                    needs_return,
                    counts: true,
                });
                from = to.next();
            }
            if is_converted {
                let leave = links[0];
                let span = Span::new(leave.span.from(), leave.span.from()).expect("in order");
                links.push(Link { id: Uuid::from_u128(99), span, kind: Kind::Converts(leave.id), ..leave });
            }
            let which = which.index(links.len());
            (links, which)
        },
    )
}

proptest! {
    #[test]
    fn a_status_never_goes_back_by_the_clock(
        (links, which) in series(),
        reported in any::<bool>(),
        start in -5i64..5,
        steps in proptest::collection::vec(0i64..4, 1..40),
    ) {
        let calendar = WorkCalendar::builtin();
        let own = links[which];
        let standing = Standing { reported, ..Standing::of(&links, own, &calendar, 2) };
        let mut today = links[0].span.from().date.plus(start);
        let seen = |today| (status(own.stored, own.span, today), ended_status(own.needs_return, own.stored, own.span, today), standing.status(today));
        let (mut before, mut overdue, mut reminded) = (seen(today), 0, 0);
        for days in steps {
            today = today.plus(days);
            let now = seen(today);
            prop_assert!(may_follow(own.stored, before.0, now.0), "{before:?} {now:?}");
            prop_assert!(may_follow(own.stored, before.1, now.1), "{before:?} {now:?}");
            prop_assert!(may_follow(own.stored, before.2, now.2), "{before:?} {now:?}");
            if own.needs_return {
                prop_assert_eq!(now.2 == Status::Returned, own.stored == Stored::Returned, "nobody is back by the clock");
            }
            // 逾期 comes after 待销假, and only ever grows.
            let last = standing.whole.to().date;
            let days = overdue_days(&calendar, last, today);
            prop_assert!(overdue <= days && days <= today.days_since(last).max(0));
            if days > 0 && own.stored == Stored::Approved {
                prop_assert!(matches!(now.2, Status::AwaitingReturn | Status::Returned));
            }
            if let Some(due) = reminder(&calendar, last, today, 2, None) {
                prop_assert!(reminded <= due.day && due.day <= REMINDER_DAYS);
                reminded = due.day;
            }
            (before, overdue) = (now, days);
        }
    }

    /// With an approved extension nobody is due back earlier than without it.
    #[test]
    fn an_extension_never_brings_the_end_forward((links, which) in series(), later in -5i64..120) {
        let calendar = WorkCalendar::builtin();
        let own = links[which];
        let today = own.span.from().date.plus(later);
        let with = Standing::of(&links, own, &calendar, 0).status(today);
        let without = Standing { needs_return: own.needs_return, ..Standing::alone(own.stored, own.span) }.status(today);
        prop_assert!(own.stored != Stored::Approved || way(with) <= way(without), "{with:?} {without:?}");
    }
}
