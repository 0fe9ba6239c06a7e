//! What to say of a paper before it is taken: sanity checks, which warn and never refuse (the notice wins), and which
//! days it changes.

use std::collections::BTreeSet;

use super::api::{DayChange, PaperWarning};
use super::paper::Paper;
use super::rules::WorkCalendar;
use super::statutory;
use crate::day::Day;

/// How many workdays in a row 调休 normally makes at most: 《全国年节及纪念日放假办法》 art. 7.
const LONGEST_RUN: usize = 6;
/// How far outside of its year a paper's days normally lie, in days.
const AROUND_YEAR: i64 = 31;
/// How many days a warning names.
const NAMED: usize = 5;

/// What looks wrong about a paper, in the order in which it is worth looking at. `before` is the calendar without it.
pub fn warnings(paper: &Paper, before: &WorkCalendar) -> Vec<PaperWarning> {
    let after = before.clone().amended([paper.clone()]);
    let mut found = Vec::new();
    let mut warn = |code: &str, text: String| found.push(PaperWarning { code: code.to_owned(), text });
    let year = paper.year;
    if paper.days.is_empty() {
        warn("no_days", format!("文件中没有任何日期，{year}年的放假通知可能尚未发布，导入不会改变日历"));
        return found;
    }
    if before.knows(year) {
        warn("known_year", format!("{year}年已有放假通知，本次将作为修改：列出的日期以新文件为准，未列出的保持原样"));
    }
    if paper.papers.is_empty() {
        warn("no_address", "文件没有注明通知的网址，以后无法核对出处".to_owned());
    }
    let missing = statutory::of_year(year).into_iter().filter(|day| after.day(day.date).is_workday());
    let missing: Vec<String> = missing.map(|day| format!("{}{}", day.name, day.date)).collect();
    if !missing.is_empty() {
        let all = if year >= 2025 { 13 } else { 11 };
        let text = format!("{year}年法定节假日应有{all}天，以下未列为放假：{}", named(&missing));
        warn("statutory_missing", text);
    }
    let mut seen = BTreeSet::new();
    let twice = paper.days.iter().filter(|line| !seen.insert(line.date)).map(|line| line.date.to_string());
    let twice: Vec<String> = twice.collect();
    if !twice.is_empty() {
        warn("listed_twice", format!("同一天列出多次，以最后一次为准：{}", named(&twice)));
    }
    let list = |wanted: &dyn Fn(&super::paper::PaperDay) -> bool| {
        paper.days.iter().filter(|line| wanted(line)).map(|line| line.date.to_string()).collect::<Vec<_>>()
    };
    let weekdays = list(&|line| !line.is_off_day && !line.date.is_weekend());
    if !weekdays.is_empty() {
        warn("makeup_on_weekday", format!("调休上班日不是周末：{}", named(&weekdays)));
    }
    let unnamed = list(&|line| line.name.trim().is_empty());
    if !unnamed.is_empty() {
        warn("unnamed", format!("没有写明是什么节日：{}", named(&unnamed)));
    }
    let far = list(&|line| is_far(year, line.date));
    if !far.is_empty() {
        warn("far_from_year", format!("日期离{year}年较远，请核对年份：{}", named(&far)));
    }
    let runs: Vec<String> =
        long_runs(paper, &after).into_iter().map(|(first, days)| format!("{first}起连续{days}天")).collect();
    if !runs.is_empty() {
        warn("long_run", format!("调休后连续上班超过{LONGEST_RUN}天：{}", named(&runs)));
    }
    found
}

/// The days that are something else by the calendar with a paper than by the one without it, in order.
pub fn changes(paper: &Paper, before: &WorkCalendar) -> Vec<DayChange> {
    let after = before.clone().amended([paper.clone()]);
    let mut days: BTreeSet<Day> = paper.days.iter().map(|line| line.date).collect();
    // A year that becomes known also settles the days that the paper does not name.
    let ends = Day::new(paper.year, 1, 1).zip(Day::new(paper.year, 12, 31));
    days.extend(ends.into_iter().flat_map(|(first, last)| first.through(last)));
    let changed = days.into_iter().filter(|day| before.day(*day) != after.day(*day));
    changed
        .map(|date| DayChange {
            date,
            before: before.day(date).why(),
            after: after.day(date).why(),
            worked_before: before.day(date).is_workday(),
            worked_after: after.day(date).is_workday(),
        })
        .collect()
}

fn is_far(year: i32, date: Day) -> bool {
    let ends = Day::new(year, 1, 1).zip(Day::new(year, 12, 31));
    ends.is_none_or(|(first, last)| date < first.plus(-AROUND_YEAR) || last.plus(AROUND_YEAR) < date)
}

/// Runs of more workdays than usual around a make-up day of the paper: the first day and how many.
fn long_runs(paper: &Paper, calendar: &WorkCalendar) -> Vec<(Day, usize)> {
    let worked = |day: Day| calendar.day(day).is_workday();
    let makeup = paper.days.iter().filter(|line| !line.is_off_day && worked(line.date));
    let runs: BTreeSet<(Day, usize)> = makeup
        .map(|line| {
            // Two weeks to either side: no run is longer in a calendar that anybody would publish.
            let first = (1..=14).map(|n| line.date.plus(-n)).take_while(|day| worked(*day)).last().unwrap_or(line.date);
            (first, first.through(line.date.plus(14)).take_while(|day| worked(*day)).count())
        })
        .collect();
    runs.into_iter().filter(|(_, days)| *days > LONGEST_RUN).collect()
}

fn named(texts: &[String]) -> String {
    let shown = texts.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join("、");
    if texts.len() > NAMED { format!("{shown}等{}处", texts.len()) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::notices::NOTICES;
    use crate::calendar::paper::PaperDay;

    fn line(name: &str, date: &str, is_off_day: bool) -> PaperDay {
        PaperDay { name: name.to_owned(), date: date.parse().expect("a day"), is_off_day }
    }

    fn codes(paper: &Paper, before: &WorkCalendar) -> Vec<String> {
        warnings(paper, before).into_iter().map(|warning| warning.code).collect()
    }

    fn paper(days: Vec<PaperDay>) -> Paper {
        Paper { year: 2027, papers: vec!["https://www.gov.cn/x.htm".to_owned()], days }
    }

    #[test]
    fn the_notices_of_nine_years_are_warned_of_where_they_are_unusual() {
        for (at, notice) in NOTICES.iter().enumerate() {
            let found = codes(&Paper::from(notice), &WorkCalendar::new(&NOTICES[..at]));
            // Runs of seven workdays have occurred; 3 February 2020 is a Monday that a paper names as worked.
            let usual = ["long_run", "makeup_on_weekday"];
            assert!(found.iter().all(|code| usual.contains(&code.as_str())), "{}: {found:?}", notice.year);
            assert_eq!(found.contains(&"makeup_on_weekday".to_owned()), notice.year == 2020);
        }
    }

    #[test]
    fn each_oddity_has_its_warning() {
        let known = WorkCalendar::builtin();
        assert_eq!(codes(&paper(Vec::new()), &known), ["no_days"]);
        let odd = paper(vec![
            line("元旦", "2027-01-01", true),
            line("", "2027-01-02", true),
            line("元旦", "2027-01-01", false),
            line("春节", "2027-02-03", false),
            line("春节", "2028-03-01", true),
        ]);
        let found = codes(&odd, &known);
        for code in ["statutory_missing", "listed_twice", "makeup_on_weekday", "unnamed", "far_from_year"] {
            assert!(found.contains(&code.to_owned()), "{code} in {found:?}");
        }
        let amended = Paper { year: 2026, ..paper(vec![line("国庆节", "2026-10-08", true)]) };
        assert_eq!(codes(&amended, &known), ["known_year"]);
        let nowhere = Paper { papers: Vec::new(), ..amended };
        assert!(codes(&nowhere, &known).contains(&"no_address".to_owned()));
        let run = Paper {
            year: 2026,
            ..paper(vec![line("国庆节", "2026-11-28", false), line("国庆节", "2026-11-29", false)])
        };
        let text = warnings(&run, &known).pop().expect("warned").text;
        assert!(text.contains("2026-11-23起连续12天"), "{text}");
    }

    #[test]
    fn changes_name_days_the_old_and_the_new() {
        let known = WorkCalendar::builtin();
        let found = changes(&paper(vec![line("春节", "2027-02-08", true), line("春节", "2027-02-20", false)]), &known);
        let told: Vec<(String, &str, &str)> =
            found.iter().map(|change| (change.date.to_string(), &*change.before, &*change.after)).collect();
        let told: Vec<(&str, &str, &str)> =
            told.iter().map(|(date, before, after)| (&**date, *before, *after)).collect();
        // What stood there for want of a notice is gone with it.
        let expected = [
            ("2027-01-01", "元旦（法定节假日）", "工作日"),
            ("2027-02-08", "工作日", "春节（法定节假日）"),
            ("2027-02-20", "周末", "调休上班"),
        ];
        assert_eq!(told[..3], expected);
        let again = known.clone().amended([paper(vec![line("春节", "2027-02-08", true)])]);
        assert!(changes(&paper(vec![line("春节", "2027-02-08", true)]), &again).is_empty());
    }
}
