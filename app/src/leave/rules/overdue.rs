//! 逾期未销假: nobody has reported back from a leave that is over. It says nothing about where the officer is; 逾期未归 is
//! another thing, which a person has to record.

use crate::calendar::rules::WorkCalendar;
use crate::day::Day;

/// On how many workdays reminders go out. After that the leave stands in the list of 政治部 only.
pub const REMINDER_DAYS: i64 = 5;
/// How far the job looks back, in days: nobody's five workdays take longer, even of who works on one day of the week.
const LOOK_BACK_DAYS: i64 = 60;

/// How many workdays a return is overdue: day 1 is the first workday after the last day of the leave. 0 until then. The
/// calendar is the officer's own, as it is for what his return says: who is not due yet is not overdue.
pub fn overdue_days(calendar: &WorkCalendar, last: Day, today: Day) -> i64 {
    calendar.workdays(last.next(), today)
}

/// Who is reminded on a day that a return is overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// Which workday it is, 1 and up.
    pub day: i64,
    /// Whether his leader is told as well.
    pub leader: bool,
}

/// The reminder that is due today, if one is: on workdays only, from `leader_from_day` on to his leader as well.
/// `reminded` is the last day that was reminded of; a day that was missed is not made up for.
pub fn reminder(
    calendar: &WorkCalendar,
    last: Day,
    today: Day,
    leader_from_day: i64,
    reminded: Option<i64>,
) -> Option<Reminder> {
    let day = overdue_days(calendar, last, today);
    let is_due = (1..=REMINDER_DAYS).contains(&day)
        && calendar.is_workday(today)
        && reminded.is_none_or(|reminded| reminded < day);
    is_due.then_some(Reminder { day, leader: day >= leader_from_day })
}

/// The earliest last day of leave that a reminder can still be due for today, whoever's it is: the job looks at nothing
/// older.
pub fn earliest_reminded(today: Day) -> Day {
    today.plus(-LOOK_BACK_DAYS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::own::{CourtWord, HalfHolidays, Person, WorkingWeek};

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn the_first_overdue_day_is_the_first_workday_after_the_last_day() {
        let calendar = WorkCalendar::builtin();
        // Friday 25 September 2026 begins 中秋节; Monday 28 is worked.
        let of = |last, today| overdue_days(&calendar, day(last), day(today));
        assert_eq!(of("2026-09-24", "2026-09-24"), 0);
        assert_eq!(of("2026-09-24", "2026-09-27"), 0, "nothing but rest days since");
        assert_eq!(of("2026-09-24", "2026-09-28"), 1);
        assert_eq!(of("2026-09-24", "2026-09-29"), 2);
        assert_eq!(of("2026-06-12", "2026-06-15"), 1, "over a weekend");
        assert_eq!(of("2026-02-13", "2026-02-14"), 1, "a worked Saturday");
    }

    #[test]
    fn the_leader_hears_of_it_from_his_day_on() {
        let calendar = WorkCalendar::builtin();
        let on = |today, reminded| reminder(&calendar, day("2026-06-12"), day(today), 2, reminded);
        assert_eq!(on("2026-06-14", None), None, "a Sunday");
        assert_eq!(on("2026-06-15", None), Some(Reminder { day: 1, leader: false }));
        assert_eq!(on("2026-06-15", Some(1)), None, "once a day");
        assert_eq!(on("2026-06-16", Some(1)), Some(Reminder { day: 2, leader: true }));
        assert_eq!(
            on("2026-06-18", Some(2)),
            Some(Reminder { day: 4, leader: true }),
            "a missed day is not made up for"
        );
        assert_eq!(on("2026-06-22", None), Some(Reminder { day: 5, leader: true }), "Friday was 端午节");
        assert_eq!(on("2026-06-23", None), None, "from the sixth workday on it is left to the list");
    }

    fn only(day: usize) -> WorkCalendar {
        let mut halves = [false; 14];
        halves[day * 2] = true;
        let week = WorkingWeek { from: self::day("2025-01-01"), halves };
        WorkCalendar::builtin().for_officer(Person::default(), HalfHolidays::default(), [week])
    }

    #[test]
    fn a_day_on_which_his_court_rests_or_he_does_is_none() {
        let everybody = WorkCalendar::builtin();
        let word =
            |date, works| CourtWord { date: day(date), half: None, works: Some(works), reason: "检修".to_owned() };
        // Leave until a Thursday, the court closed on the Friday and at work on the Saturday.
        let closed = everybody.clone().with_court([word("2026-06-12", false)]);
        let last = day("2026-06-11");
        let of = |calendar: &WorkCalendar, today| overdue_days(calendar, last, day(today));
        assert_eq!((of(&everybody, "2026-06-12"), of(&closed, "2026-06-12"), of(&closed, "2026-06-15")), (1, 0, 1));
        assert_eq!(reminder(&closed, last, day("2026-06-12"), 2, None), None);
        let due = reminder(&closed, last, day("2026-06-15"), 2, None);
        assert_eq!(due, Some(Reminder { day: 1, leader: false }), "and his leader is not told yet");
        let opened = closed.with_court([word("2026-06-13", true)]);
        assert_eq!(reminder(&opened, last, day("2026-06-13"), 2, None), Some(Reminder { day: 1, leader: false }));
        // Who works on Wednesday mornings only.
        let own = only(2);
        assert_eq!((of(&own, "2026-06-16"), of(&own, "2026-06-17"), of(&own, "2026-06-24")), (0, 1, 2));
        assert_eq!(reminder(&own, last, day("2026-06-18"), 2, None), None);
    }

    #[test]
    fn nobodys_five_workdays_take_longer_than_the_job_looks_back() {
        for calendar in [WorkCalendar::builtin(), only(0), only(2), only(4)] {
            for today in day("2026-01-05").through(day("2026-12-20")) {
                let before = earliest_reminded(today).previous();
                assert!(overdue_days(&calendar, before, today) > REMINDER_DAYS, "{today}");
            }
        }
    }

    proptest! {
        /// Whenever the job looks, in whatever rhythm, nobody is reminded twice of one day, and no day goes back.
        #[test]
        fn however_often_the_job_looks_each_day_is_told_once(looks in proptest::collection::vec(0i64..3, 0..60)) {
            let calendar = WorkCalendar::builtin();
            let last = day("2026-09-18");
            let (mut today, mut reminded, mut told) = (last, None, Vec::new());
            for days in looks {
                today = today.plus(days);
                if let Some(reminder) = reminder(&calendar, last, today, 2, reminded) {
                    prop_assert!(calendar.is_workday(today));
                    prop_assert_eq!(reminder.day, overdue_days(&calendar, last, today));
                    reminded = Some(reminder.day);
                    told.push(reminder.day);
                }
            }
            prop_assert!(overdue_days(&calendar, last, today) > REMINDER_DAYS || earliest_reminded(today) <= last);
            prop_assert!(told.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(told.iter().all(|day| (1..=REMINDER_DAYS).contains(day)));
        }
    }
}
