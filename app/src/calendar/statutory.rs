//! Which days are statutory holidays, as opposed to rest days that a notice moves beside them.
//!
//! Source: 《全国年节及纪念日放假办法》 art. 2, as amended on 2024-11-08 and in force from 2025-01-01: 元旦 1, 春节 4 (除夕
//! to 初三), 清明 1, 劳动节 2, 端午 1, 中秋 1, 国庆 3, together 13 days; before, 春节 had 3 (初一 to 初三) and 劳动节 1, together 11.
//! Days of the lunar calendar come from a table; a notice never says which of its days are the statutory ones.

use crate::day::Day;

/// The first year of the 13 days.
const THIRTEEN_FROM: i32 = 2025;

/// For each year: 春节 (正月初一), 端午 (五月初五), 中秋 (八月十五), as `month * 100 + day`.
const LUNAR: [(i32, u16, u16, u16); 33] = [
    (2018, 216, 618, 924),
    (2019, 205, 607, 913),
    (2020, 125, 625, 1001),
    (2021, 212, 614, 921),
    (2022, 201, 603, 910),
    (2023, 122, 622, 929),
    (2024, 210, 610, 917),
    (2025, 129, 531, 1006),
    (2026, 217, 619, 925),
    (2027, 206, 609, 915),
    (2028, 126, 528, 1003),
    (2029, 213, 616, 922),
    (2030, 203, 605, 912),
    (2031, 123, 624, 1001),
    (2032, 211, 612, 919),
    (2033, 131, 601, 908),
    (2034, 219, 620, 927),
    (2035, 208, 610, 916),
    (2036, 128, 530, 1004),
    (2037, 215, 618, 924),
    (2038, 204, 607, 913),
    (2039, 124, 527, 1002),
    (2040, 212, 614, 920),
    (2041, 201, 603, 910),
    (2042, 122, 622, 928),
    (2043, 210, 611, 917),
    (2044, 130, 531, 1005),
    (2045, 217, 619, 925),
    (2046, 206, 608, 915),
    (2047, 126, 529, 1004),
    (2048, 214, 615, 922),
    (2049, 202, 604, 911),
    (2050, 123, 623, 930),
];

/// A statutory day with its holiday. Two holidays can fall on one day (中秋 and 国庆 on 2020-10-01); each is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatutoryDay {
    /// The holiday, in Chinese.
    pub name: &'static str,
    /// The day.
    pub date: Day,
}

/// The statutory days of a year, 13 from 2025 on and 11 before. Outside of 2018 to 2050 only those of the solar
/// calendar are known.
pub fn of_year(year: i32) -> Vec<StatutoryDay> {
    let lunar = LUNAR.iter().find(|(listed, ..)| *listed == year);
    let day = |number: u16| {
        let [month, day] = [number / 100, number % 100].map(|part| u8::try_from(part).unwrap_or(0));
        Day::new(year, month, day)
    };
    let mut found = Vec::with_capacity(13);
    let mut add = |name: &'static str, first: Option<Day>, days: std::ops::Range<i64>| {
        found.extend(
            first
                .into_iter()
                .flat_map(|first| days.clone().map(move |offset| StatutoryDay { name, date: first.plus(offset) })),
        );
    };
    let thirteen = year >= THIRTEEN_FROM;
    add("元旦", day(101), 0..1);
    add("春节", lunar.and_then(|(_, spring, ..)| day(*spring)), if thirteen { -1..3 } else { 0..3 });
    add("清明节", day(400 + qingming(year)), 0..1);
    add("劳动节", day(501), if thirteen { 0..2 } else { 0..1 });
    add("端午节", lunar.and_then(|(_, _, dragon, _)| day(*dragon)), 0..1);
    add("中秋节", lunar.and_then(|(.., moon)| day(*moon)), 0..1);
    add("国庆节", day(1001), 0..3);
    found
}

/// The holiday whose statutory day this is; the first of them where two fall on it.
pub fn name_of(day: Day) -> Option<&'static str> {
    of_year(day.year()).into_iter().find(|statutory| statutory.date == day).map(|statutory| statutory.name)
}

/// The statutory days that fall on the same date each year: what can be said of a year before its notice. The lunar ones
/// and 清明 wait for the notice.
pub fn fixed_name(day: Day) -> Option<&'static str> {
    match (day.month(), day.day_of_month()) {
        (1, 1) => Some("元旦"),
        (5, 1 | 2) => Some("劳动节"),
        (10, 1..=3) => Some("国庆节"),
        _ => None,
    }
}

/// The day of April on which 清明 falls: the usual formula for the 21st century, in integers.
fn qingming(year: i32) -> u16 {
    let short = year.rem_euclid(100);
    u16::try_from((short * 2422 + 48_100) / 10_000 - short / 4).unwrap_or(5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::notices::NOTICES;
    use crate::calendar::rules::{DayKind, WorkCalendar};

    #[test]
    fn every_notice_gives_each_statutory_day_of_its_year_off() {
        let calendar = WorkCalendar::builtin();
        for notice in NOTICES {
            let days = of_year(notice.year);
            assert_eq!(days.len(), if notice.year >= 2025 { 13 } else { 11 }, "{}", notice.year);
            for day in days {
                assert!(matches!(calendar.day(day.date), DayKind::Statutory(_)), "{} {}", day.date, day.name);
            }
        }
    }

    #[test]
    fn days_of_2026_are_told_apart() {
        let names = |text: &str| name_of(text.parse().expect("a day"));
        assert_eq!(names("2026-02-16"), Some("春节"), "除夕");
        assert_eq!(names("2026-02-19"), Some("春节"), "初三");
        assert_eq!(names("2026-02-15"), None, "a Sunday");
        assert_eq!(names("2026-02-20"), None, "a moved rest day");
        assert_eq!(names("2026-04-05"), Some("清明节"));
        assert_eq!(names("2026-05-02"), Some("劳动节"));
        assert_eq!(names("2026-05-03"), None);
        assert_eq!(names("2024-05-02"), None, "before the amendment");
    }

    #[test]
    fn the_table_has_every_year_once() {
        assert!(LUNAR.iter().zip(2018..).all(|((listed, ..), year)| *listed == year));
        assert!(of_year(2060).iter().all(|day| day.name != "春节"), "beyond the table the lunar days are not known");
    }
}
