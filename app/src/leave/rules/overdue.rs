//! 逾期未销假: nobody has reported back from a leave that is over. It says nothing about where the officer is; 逾期未归 is
//! another thing, which a person has to record.

use crate::calendar::rules::{MAX_DAYS, WorkCalendar};
use crate::day::Day;

/// On how many workdays reminders go out. After that the leave stands in the list of 政治部 only.
pub const REMINDER_DAYS: i64 = 5;

/// How many workdays a return is overdue: day 1 is the first workday after the last day of the leave. 0 until then.
pub fn overdue_days(calendar: &WorkCalendar, last: Day, today: Day) -> i64 {
    if today <= last {
        return 0;
    }
    // Past ten years the exact figure is nobody's concern any more.
    let until = today.min(last.plus(MAX_DAYS));
    calendar.count(last.next(), until).map_or(0, |count| count.workdays)
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

/// The earliest last day of leave that a reminder can still be due for today: the job looks at nothing older.
pub fn earliest_reminded(calendar: &WorkCalendar, today: Day) -> Day {
    let is_reminded = |last: &Day| overdue_days(calendar, *last, today) <= REMINDER_DAYS;
    // Five workdays never take 60 days, whatever the holidays.
    (0..=60).map(|days| today.plus(-days)).take_while(is_reminded).last().unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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

    #[test]
    fn the_job_looks_back_over_five_workdays_and_no_further() {
        let calendar = WorkCalendar::builtin();
        let earliest = |today| earliest_reminded(&calendar, day(today));
        assert_eq!(earliest("2026-12-04"), day("2026-11-27"), "Monday to Friday are the five");
        assert_eq!(earliest("2026-12-07"), day("2026-11-30"));
        for today in day("2026-01-05").through(day("2026-12-20")) {
            let earliest = earliest_reminded(&calendar, today);
            assert!(overdue_days(&calendar, earliest, today) <= REMINDER_DAYS, "{today}");
            assert!(overdue_days(&calendar, earliest.previous(), today) > REMINDER_DAYS, "{today}");
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
            prop_assert!(overdue_days(&calendar, last, today) > REMINDER_DAYS || earliest_reminded(&calendar, today) <= last);
            prop_assert!(told.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(told.iter().all(|day| (1..=REMINDER_DAYS).contains(day)));
        }
    }
}
