//! What holds of every calendar, whatever papers, courts, weeks and people make it.

use std::collections::BTreeMap;

use super::*;
use crate::day::Span;

/// What a calendar is made of.
#[derive(Clone, Debug)]
struct Parts {
    has_builtin: bool,
    papers: Vec<Paper>,
    above: Vec<CourtWord>,
    own: Vec<CourtWord>,
    weeks: Vec<WorkingWeek>,
    person: Person,
    half_holidays: HalfHolidays,
}

impl Parts {
    /// What it is for everybody.
    fn everybody(&self) -> WorkCalendar {
        let base = if self.has_builtin { WorkCalendar::builtin() } else { WorkCalendar::new(&[]) };
        base.amended(self.papers.clone())
    }

    fn without_courts(&self, person: Person, weeks: Vec<WorkingWeek>) -> WorkCalendar {
        self.everybody().for_officer(person, self.half_holidays, weeks)
    }

    fn with(&self, person: Person, weeks: Vec<WorkingWeek>) -> WorkCalendar {
        self.without_courts(person, weeks).with_court(self.above.clone()).with_court(self.own.clone())
    }

    fn calendar(&self) -> WorkCalendar {
        self.with(self.person, self.weeks.clone())
    }
}

/// A day between the autumn of 2026, which has a notice, and the end of 2028.
fn day() -> impl Strategy<Value = Day> {
    (0i64..820).prop_map(|n| at("2026-10-01").plus(n))
}

/// A day of a holiday half a day long, or one beside it.
fn near_half_holiday() -> impl Strategy<Value = Day> {
    (prop::sample::select(vec!["2027-03-08", "2027-05-04", "2028-03-08", "2028-05-04"]), -1i64..2)
        .prop_map(|(day, n)| at(day).plus(n))
}

fn half() -> impl Strategy<Value = Half> {
    prop::sample::select(vec![Half::Am, Half::Pm])
}

fn paper(years: std::ops::Range<i32>) -> impl Strategy<Value = Paper> {
    let line = (prop_oneof![9 => day(), 1 => near_half_holiday()], any::<bool>())
        .prop_map(|(date, is_off_day)| PaperDay { name: "春节".to_owned(), date, is_off_day });
    (years, prop::collection::vec(line, 0..40)).prop_map(|(year, days)| Paper { year, papers: Vec::new(), days })
}

fn word() -> impl Strategy<Value = CourtWord> {
    let day = prop_oneof![3 => day(), 1 => near_half_holiday()];
    (day, prop::option::of(half()), prop::option::weighted(0.8, any::<bool>()))
        .prop_map(|(date, half, works)| CourtWord { date, half, works, reason: "停电检修".to_owned() })
}

fn week() -> impl Strategy<Value = WorkingWeek> {
    (day(), any::<[bool; 14]>()).prop_map(|(from, halves)| WorkingWeek { from, halves })
}

fn person() -> impl Strategy<Value = Person> {
    // Born so that some come of age, and some grow too old, within the days that are looked at.
    let born = prop_oneof![
        (0i64..1100).prop_map(|n| at("1998-01-01").plus(n)),
        (0i64..900).prop_map(|n| at("2012-06-01").plus(n))
    ];
    (any::<bool>(), prop::option::of(born)).prop_map(|(is_woman, born_on)| Person { is_woman, born_on })
}

fn parts() -> impl Strategy<Value = Parts> {
    let half_holidays = (prop::option::of(half()), prop::option::of(half()))
        .prop_map(|(womens_day, youth_day)| HalfHolidays { womens_day, youth_day });
    let words = || prop::collection::vec(word(), 0..8);
    (
        any::<bool>(),
        prop::collection::vec(paper(2026..2029), 0..4),
        words(),
        words(),
        prop::collection::vec(week(), 0..4),
        person(),
        half_holidays,
    )
        .prop_map(|(has_builtin, papers, above, own, weeks, person, half_holidays)| Parts {
            has_builtin,
            papers,
            above,
            own,
            weeks,
            person,
            half_holidays,
        })
}

/// A stretch of more than a year at most.
fn stretch() -> impl Strategy<Value = (Day, Day)> {
    (day(), 0i64..400).prop_map(|(from, days)| (from, from.plus(days)))
}

/// How many half days of a stretch are worked; none of one that is empty.
fn worked(calendar: &WorkCalendar, from: Day, to: Day) -> i64 {
    Span::days(from, to).map_or(0, |span| span.half_days().filter(|at| calendar.works(*at)).count() as i64)
}

proptest! {
    #[test]
    fn counting_adds_up_and_grows_with_the_stretch(
        parts in parts(),
        (from, to) in stretch(),
        cut in any::<prop::sample::Index>(),
        more in 0i64..60,
    ) {
        let calendar = parts.calendar();
        let count = |from, to| calendar.count(from, to).expect("in order and short");
        let whole = count(from, to);
        let days = to.days_since(from);
        if days > 0 {
            let middle = from.plus(cut.index(days as usize) as i64);
            let (left, right) = (count(from, middle), count(middle.next(), to));
            prop_assert_eq!(whole.workdays, left.workdays + right.workdays);
            prop_assert_eq!(whole.natural_days, left.natural_days + right.natural_days);
            prop_assert_eq!(whole.provisional, left.provisional || right.provisional);
        }
        for longer in [count(from.plus(-more), to), count(from, to.plus(more))] {
            prop_assert!(whole.workdays <= longer.workdays && longer.workdays <= whole.workdays + more);
            prop_assert!(whole.natural_days + more == longer.natural_days && (longer.provisional || !whole.provisional));
        }
    }

    /// What is counted for everybody knows nothing of a court, a week or a person; for everybody both halves are the day.
    #[test]
    fn half_days_agree_with_the_count(parts in parts(), (from, to) in stretch()) {
        let (own, everybody) = (parts.calendar(), parts.everybody());
        let count = everybody.count(from, to).expect("in order and short");
        prop_assert_eq!(own.count(from, to), Ok(count));
        prop_assert_eq!(worked(&everybody, from, to), 2 * count.workdays);
        for date in from.through(to) {
            let [am, pm] = own.halves(date);
            prop_assert_eq!([am, pm], [own.half(HalfDay::am(date)), own.half(HalfDay::pm(date))]);
            prop_assert_eq!([am.works(), pm.works()], [own.works(HalfDay::am(date)), own.works(HalfDay::pm(date))]);
            prop_assert_eq!(own.is_workday(date), am.works() || pm.works());
            prop_assert_eq!(own.day(date), everybody.day(date));
        }
    }

    #[test]
    fn a_court_s_word_changes_its_own_half_days_and_no_others(parts in parts(), word in word(), (from, to) in stretch()) {
        let before = parts.calendar();
        let after = before.clone().with_court([word.clone()]);
        let half_days: Vec<HalfDay> = word.half_days().collect();
        for at in Span::days(from, to).expect("in order").half_days() {
            let expected = word.works.filter(|_| half_days.contains(&at)).unwrap_or_else(|| before.works(at));
            prop_assert_eq!(after.works(at), expected, "{:?}", at);
        }
        let within = half_days.iter().filter(|at| (from..=to).contains(&at.date));
        let moved: i64 = within.map(|at| word.works.map_or(0, |works| i64::from(works) - i64::from(before.works(*at)))).sum();
        prop_assert_eq!(worked(&after, from, to) - worked(&before, from, to), moved);
        // What a court takes back it has never said.
        let back = CourtWord { works: None, ..word.clone() };
        let silent = before.clone().with_court([word, back]);
        prop_assert_eq!(worked(&silent, from, to), worked(&before, from, to));
    }

    #[test]
    fn weeks_count_piece_by_piece(parts in parts(), order in any::<prop::sample::Index>(), (from, to) in stretch()) {
        let mut weeks = BTreeMap::new();
        weeks.extend(parts.weeks.iter().map(|week| (week.from, *week)));
        let mut expected = 0;
        let mut ends: Vec<Day> = weeks.keys().map(|from| from.previous()).collect();
        let first = ends.first().copied().unwrap_or(to);
        expected += worked(&parts.with(parts.person, Vec::new()), from, to.min(first));
        ends.push(to);
        for (week, end) in weeks.values().zip(&ends[1..]) {
            // As if it had always held.
            let always = parts.with(parts.person, vec![WorkingWeek { from: from.min(week.from), ..*week }]);
            expected += worked(&always, from.max(week.from), to.min(*end));
        }
        prop_assert_eq!(worked(&parts.calendar(), from, to), expected);
        // The order in which they were written down does not matter where no two begin on one day.
        let mut turned: Vec<WorkingWeek> = weeks.values().copied().collect();
        if !turned.is_empty() {
            let by = order.index(turned.len());
            turned.rotate_left(by);
        }
        prop_assert_eq!(worked(&parts.with(parts.person, turned), from, to), expected);
    }

    #[test]
    fn half_a_holiday_counts_once_and_for_whom_it_is(parts in parts(), years in Just([2027, 2028])) {
        let (own, nobody) = (parts.calendar(), parts.with(Person::default(), parts.weeks.clone()));
        let court = parts.above.iter().chain(&parts.own);
        let spoken: Vec<HalfDay> = court.flat_map(CourtWord::half_days).collect();
        let Person { is_woman, born_on } = parts.person;
        // Completed years of life on 4 May.
        let age = |year: i32| born_on.map(|born| {
            year - born.year() - i32::from((born.month(), born.day_of_month()) > (5, 4))
        });
        let mut off = 0;
        for year in years {
            let holidays = [
                (Day::new(year, 3, 8), parts.half_holidays.womens_day, is_woman),
                (Day::new(year, 5, 4), parts.half_holidays.youth_day, age(year).is_some_and(|age| (14..=28).contains(&age))),
            ];
            for (date, half, is_his) in holidays {
                let date = date.expect("a day");
                let had = worked(&nobody, date, date);
                let has = worked(&own, date, date);
                let his = half.filter(|_| is_his).map(|half| HalfDay { date, half });
                let is_off = his.is_some_and(|at| nobody.works(at) && !own.works(at));
                prop_assert_eq!(had - has, i64::from(is_off), "half a day at most");
                off += i64::from(is_off);
                if let Some(at) = his && !spoken.contains(&at) {
                    prop_assert!(!own.works(at), "nobody works on his own holiday unless his court says so");
                }
            }
        }
        // It is nobody's gain or loss on any other day.
        let (first, last) = (at("2027-01-01"), at("2028-12-31"));
        prop_assert_eq!(worked(&nobody, first, last) - worked(&own, first, last), off);
    }

    #[test]
    fn an_amendment_is_as_if_the_notice_had_said_so(parts in parts(), notice in paper(2027..2028), newer in paper(2027..2028)) {
        let mut lines = BTreeMap::new();
        for line in notice.days.iter().chain(&newer.days) {
            lines.insert(line.date, line.clone());
        }
        let merged = Paper { days: lines.into_values().collect(), ..notice.clone() };
        let once = parts.everybody().amended([merged]);
        let twice = parts.everybody().amended([notice.clone()]).amended([newer.clone()]);
        prop_assert!(twice.says_the_same(&once));
        prop_assert!(parts.everybody().amended([notice, newer.clone()]).says_the_same(&once), "in one go or in two");
        prop_assert!(twice.clone().amended([newer]).says_the_same(&twice), "bringing it in again changes nothing");
        for date in at("2026-12-20").through(at("2028-01-10")) {
            prop_assert_eq!((once.day(date), once.is_provisional(date)), (twice.day(date), twice.is_provisional(date)));
        }
    }

    #[test]
    fn provisional_is_what_no_notice_can_have_said(parts in parts(), (from, to) in stretch()) {
        let parts = Parts { has_builtin: false, ..parts };
        let calendar = parts.calendar();
        let has_notice = |year: i32| parts.papers.iter().any(|paper| paper.year == year && !paper.days.is_empty());
        let is_listed = |date: Day| parts.papers.iter().any(|paper| paper.days.iter().any(|line| line.date == date));
        let is_provisional = |date: Day| {
            let may_be_moved = date.month() == 12 && date.day_of_month() > 24 && !has_notice(date.year() + 1);
            !is_listed(date) && (!has_notice(date.year()) || may_be_moved)
        };
        for date in from.through(to) {
            prop_assert_eq!(calendar.is_provisional(date), is_provisional(date), "{}", date);
            prop_assert_eq!(calendar.knows(date.year()), has_notice(date.year()));
        }
        let counted = calendar.count(from, to).expect("in order and short");
        prop_assert_eq!(counted.provisional, from.through(to).any(is_provisional));
    }
}
