use proptest::prelude::*;

use super::*;
use crate::calendar::paper::PaperDay;

mod properties;

fn at(text: &str) -> Day {
    text.parse().expect("a day")
}

fn count(from: &str, to: &str) -> (i64, i64, bool) {
    let count = WorkCalendar::builtin().count(at(from), at(to)).expect("a short stretch");
    (count.workdays, count.natural_days, count.provisional)
}

#[test]
fn stretches_of_2026_count_as_the_notice_says() {
    assert_eq!(count("2026-02-13", "2026-02-24"), (3, 12, false), "K1");
    assert_eq!(count("2026-02-14", "2026-02-14"), (1, 1, false), "K2");
    assert_eq!(count("2026-02-15", "2026-02-23"), (0, 9, false), "K3");
    assert_eq!(count("2026-01-01", "2026-01-04"), (1, 4, false), "K5");
    let makeup = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"];
    let calendar = WorkCalendar::builtin();
    let worked = at("2026-01-01")
        .through(at("2026-12-24"))
        .filter(|day| day.is_weekend() && calendar.is_workday(*day))
        .map(|day| day.to_string())
        .collect::<Vec<_>>();
    assert_eq!(worked, makeup);
}

#[test]
fn a_day_is_looked_up_over_all_years() {
    let calendar = WorkCalendar::builtin();
    assert_eq!(calendar.day(at("2018-12-29")), DayKind::Workday { makeup: Some("元旦") });
    assert_eq!(calendar.day(at("2018-12-31")), DayKind::Rest { holiday: Some("元旦") });
    assert_eq!(calendar.day(at("2022-12-31")), DayKind::Rest { holiday: Some("元旦") });
    assert_eq!(count("2018-12-29", "2019-01-01"), (1, 4, false), "K11");
}

#[test]
fn amended_years_stand_as_amended() {
    let calendar = WorkCalendar::builtin();
    assert_eq!(count("2019-04-28", "2019-05-05"), (4, 8, false), "K12: four days off at Labour Day");
    assert!(!calendar.is_workday(at("2020-01-31")), "K12: Spring Festival 2020 was extended");
    assert!(!calendar.is_workday(at("2020-02-02")));
    assert!(calendar.is_workday(at("2020-02-03")));
    assert_eq!(calendar.version(), 11, "nine notices and two amendments");
}

#[test]
fn a_weekend_beside_a_holiday_needs_no_listing() {
    let calendar = WorkCalendar::builtin();
    // K14: the two Saturdays before and after National Day 2018, one worked, one not.
    assert!(calendar.is_workday(at("2018-09-29")));
    assert_eq!(calendar.day(at("2018-10-13")), DayKind::Rest { holiday: None });
    // K15: what is off is off, what is worked is worked.
    assert_eq!(calendar.day(at("2026-10-01")).why(), "国庆节（法定节假日）");
    assert_eq!(calendar.day(at("2026-10-10")).why(), "调休上班");
}

#[test]
fn what_no_notice_has_said_is_provisional() {
    let calendar = WorkCalendar::builtin();
    for day in ["2017-12-29", "2026-12-25", "2026-12-31", "2027-01-01", "2027-06-15", "2031-10-01"] {
        assert!(calendar.is_provisional(at(day)), "{day}");
    }
    for day in ["2018-01-01", "2018-12-25", "2025-12-31", "2026-12-24", "2026-01-01"] {
        assert!(!calendar.is_provisional(at(day)), "{day}");
    }
    assert_eq!(count("2026-12-24", "2026-12-25"), (2, 2, true));
    // K13: in a year without a notice Monday to Friday count, except the statutory days of fixed date.
    for day in ["2027-01-01", "2027-05-01", "2027-10-01", "2028-05-02", "2029-10-03"] {
        assert!(!calendar.is_workday(at(day)), "{day}");
    }
    assert!(calendar.is_workday(at("2027-05-03")) && calendar.is_workday(at("2027-10-04")));
    assert_eq!(count("2027-01-01", "2027-12-31").0, 261 - 2, "1 January and 1 October are Fridays");
}

#[test]
fn the_next_notice_settles_the_end_of_the_year() {
    let until_2024 = &NOTICES[..NOTICES.iter().position(|notice| notice.year == 2025).expect("known")];
    assert!(WorkCalendar::new(until_2024).is_provisional(at("2024-12-30")));
    assert!(!WorkCalendar::builtin().is_provisional(at("2024-12-30")));
    // 2023's notice lists 31 December 2022, so that day is settled even without 2022's own notice.
    let only_2023 = NOTICES.iter().copied().filter(|notice| notice.year == 2023).collect::<Vec<_>>();
    assert!(!WorkCalendar::new(&only_2023).is_provisional(at("2022-12-31")));
    assert!(WorkCalendar::new(&only_2023).is_provisional(at("2022-12-30")));
}

#[test]
fn the_notices_are_sound() {
    for (notice, year) in NOTICES.iter().zip(2018..) {
        assert_eq!(notice.year, year);
        assert!(notice.papers.iter().all(|paper| paper.contains("gov.cn/zhengce/zhengceku/")));
        for holiday in notice.holidays {
            assert!(holiday.first <= holiday.last, "{year} {}", holiday.name);
        }
        let worked = Paper::from(notice).days.into_iter().filter(|line| !line.is_off_day);
        let weekdays = worked.filter(|line| !line.date.is_weekend()).map(|line| line.date.to_string());
        assert!(weekdays.eq(Some("2020-02-03".to_owned()).into_iter().filter(|_| year == 2020)), "{year}");
    }
    assert_eq!(NOTICES.last().map(|notice| notice.year), Some(2026));
}

#[test]
fn a_stretch_is_bounded() {
    let calendar = WorkCalendar::builtin();
    assert_eq!(calendar.count(at("2026-01-02"), at("2026-01-01")), Err(Code::InvertedSpan));
    let from = at("2020-01-01");
    assert!(calendar.count(from, from.plus(MAX_DAYS - 1)).is_ok());
    assert_eq!(calendar.count(from, from.plus(MAX_DAYS)), Err(Code::SpanTooLong));
}

#[test]
fn statutory_and_moved_rest_days_are_told_apart() {
    let calendar = WorkCalendar::builtin();
    let kinds = [
        ("2026-02-15", DayKind::Rest { holiday: Some("春节") }),
        ("2026-02-16", DayKind::Statutory("春节")),
        ("2026-02-19", DayKind::Statutory("春节")),
        ("2026-02-20", DayKind::Rest { holiday: Some("春节") }),
        ("2026-02-28", DayKind::Workday { makeup: Some("春节") }),
        ("2026-03-01", DayKind::Rest { holiday: None }),
        ("2026-03-02", DayKind::Workday { makeup: None }),
        ("2027-05-02", DayKind::Statutory("劳动节")),
    ];
    for (day, kind) in kinds {
        assert_eq!(calendar.day(at(day)), kind, "{day}");
    }
}

#[test]
fn a_later_paper_wins_by_day() {
    let amendment = |date: &str, is_off_day| Paper {
        year: 2027,
        papers: Vec::new(),
        days: vec![PaperDay { name: "春节".to_owned(), date: at(date), is_off_day }],
    };
    let once = WorkCalendar::builtin().amended([amendment("2027-02-10", true)]);
    assert!(once.knows(2027) && !once.is_workday(at("2027-02-10")));
    assert!(!once.is_provisional(at("2026-12-30")) && once.is_provisional(at("2027-12-30")));
    let twice = once.clone().amended([amendment("2027-02-10", false)]);
    assert!(twice.is_workday(at("2027-02-10")));
    assert!(!twice.says_the_same(&once));
    let nothing = Paper { days: Vec::new(), ..amendment("2027-02-10", true) };
    assert!(WorkCalendar::builtin().amended([nothing]).says_the_same(&WorkCalendar::builtin()));
}

fn word(date: &str, half: Option<Half>, works: Option<bool>) -> CourtWord {
    CourtWord { date: at(date), half, works, reason: "停电检修".to_owned() }
}

#[test]
fn the_nearest_court_has_the_last_word() {
    let above = [word("2026-11-25", None, Some(false))];
    let calendar = WorkCalendar::builtin().with_court(above.clone());
    assert!(!calendar.is_workday(at("2026-11-25")));
    assert_eq!(calendar.half(HalfDay::am(at("2026-11-25"))).why(), "本院休息：停电检修");
    let own = [word("2026-11-25", Some(Half::Am), Some(true)), word("2026-11-28", None, Some(true))];
    let calendar = calendar.with_court(own);
    assert!(calendar.works(HalfDay::am(at("2026-11-25"))) && !calendar.works(HalfDay::pm(at("2026-11-25"))));
    assert!(calendar.is_workday(at("2026-11-28")), "a Saturday that the court works");
    // A court takes back its own word; what the courts above have said stays.
    let taken_back = [word("2026-11-25", None, Some(true)), word("2026-11-25", None, None)];
    let calendar = WorkCalendar::builtin().with_court(above).with_court(taken_back);
    assert!(!calendar.is_workday(at("2026-11-25")));
    assert_eq!(calendar.count(at("2026-11-25"), at("2026-11-25")).expect("short").workdays, 1, "for everybody");
    let of = |from, to| calendar.workdays(at(from), at(to));
    assert_eq!((of("2026-11-25", "2026-11-25"), of("2026-11-25", "2026-11-27")), (0, 2), "for the officer");
    assert_eq!((of("2026-11-27", "2026-11-26"), of("2026-11-28", "2026-11-29")), (0, 0));
}

#[test]
fn a_week_holds_from_its_day_on_and_yields_to_notices() {
    let mut mornings = WorkingWeek::STANDARD;
    (0..5).for_each(|day| mornings[day * 2 + 1] = false);
    let weeks = [
        WorkingWeek { from: at("2026-12-07"), halves: WorkingWeek::STANDARD },
        WorkingWeek { from: at("2026-02-02"), halves: mornings },
    ];
    let calendar = WorkCalendar::builtin().for_officer(Person::default(), HalfHolidays::default(), weeks);
    let works = |day: &str| calendar.halves(at(day)).map(HalfKind::works);
    assert_eq!(works("2026-01-30"), [true, true], "before the first week");
    assert_eq!(works("2026-02-02"), [true, false]);
    assert_eq!(works("2026-02-14"), [true, true], "a make-up day is worked by everybody");
    assert_eq!(works("2026-02-17"), [false, false], "春节");
    assert_eq!(works("2026-12-04"), [true, false]);
    assert_eq!(works("2026-12-07"), [true, true], "the next week holds");
}

#[test]
fn half_a_holiday_leaves_the_other_half() {
    // H2: 8 March 2027 is a Monday, 8 March 2026 a Sunday, which nobody makes up.
    let woman = Person { is_woman: true, born_on: None };
    let calendar = WorkCalendar::builtin().for_officer(woman, HalfHolidays::default(), []);
    let [am, pm] = calendar.halves(at("2027-03-08"));
    assert!(am.works() && !pm.works());
    assert_eq!(pm.why(), "妇女节放假半天");
    assert_eq!(calendar.halves(at("2026-03-08")).map(HalfKind::why), ["周末", "周末"]);
    assert!(calendar.works(HalfDay::pm(at("2026-03-09"))));
}

proptest! {
    #[test]
    fn without_anything_of_ones_own_both_halves_are_the_day(n in 0i64..5000) {
        let calendar = WorkCalendar::builtin();
        let day = at("2017-01-01").plus(n);
        let kind = HalfKind::Day(calendar.day(day));
        prop_assert_eq!(calendar.halves(day), [kind, kind]);
        prop_assert_eq!(calendar.is_workday(day), calendar.day(day).is_workday());
    }

    #[test]
    fn counting_adds_up(start in 0i64..5000, first in 0i64..700, second in 1i64..700) {
        let calendar = WorkCalendar::builtin();
        let from = at("2016-01-01").plus(start);
        let (middle, to) = (from.plus(first), from.plus(first + second));
        let whole = calendar.count(from, to).expect("in order");
        let left = calendar.count(from, middle).expect("in order");
        let right = calendar.count(middle.next(), to).expect("in order");
        prop_assert_eq!(whole.natural_days, first + second + 1);
        prop_assert!(0 <= whole.workdays && whole.workdays <= whole.natural_days);
        prop_assert_eq!(whole.workdays, left.workdays + right.workdays);
        prop_assert_eq!(whole.natural_days, left.natural_days + right.natural_days);
        prop_assert_eq!(whole.provisional, left.provisional || right.provisional);
    }
}
