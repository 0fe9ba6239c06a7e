//! The calendar, on a phone and at the desk.

use app::calendar::api::{
    CalendarDay, CalendarDays, CalendarHalf, CourtDay, CourtDays, DayChange, DayClass, KnownPaper, KnownWorkingWeek,
    PaperOutcome, PaperWarning, Papers, WorkingWeeks,
};
use app::calendar::own::WorkingWeek;
use app::day::{Day, Half};
use frontend::calendar::month_view::month;
use frontend::calendar::view::{
    CourtDayForm, court_day_form, court_days, half_holidays, outcome, papers, week_grid, week_text, weeks,
};
use frontend::format::Words;
use frontend::i18n::Locale;
use frontend::kit::Tab;
use leptos::prelude::*;

use crate::facts;
use crate::page::{draw, in_frame};

const ZH: Locale = Locale::zh_CN;

fn found(applied: bool) -> PaperOutcome {
    let warning = PaperWarning {
        code: "long_run".to_owned(),
        text: "调休后连续上班超过6天：2026-12-07起连续7天".to_owned(),
    };
    let change = |day, before: &str, after: &str, worked_after: bool| DayChange {
        date: facts::day(day),
        before: before.to_owned(),
        after: after.to_owned(),
        worked_before: !worked_after,
        worked_after,
    };
    PaperOutcome {
        applied,
        version: 12,
        year: 2027,
        warnings: vec![warning],
        changes: vec![change(27, "工作日", "元旦假期", false), change(28, "周末", "调休上班", true)],
        requests: 37,
    }
}

#[test]
fn a_notice_shows_what_it_changes_before_it_is_brought_in() {
    let of = |name: &str, found: &PaperOutcome| {
        draw(name, || {
            in_frame("工作日历", Tab::Me, outcome(facts::words(), found, false.into(), Callback::new(|()| ())))
        })
    };
    let html = of("calendar_outcome", &found(false));
    assert!(html.contains("尚未写入") && html.contains("导入并重新核算"));
    insta::assert_snapshot!(html);
    let html = of("calendar_applied", &found(true));
    assert!(html.contains("日历版本 12") && !html.contains("导入并重新核算"));
    let nothing = PaperOutcome { changes: Vec::new(), requests: 0, ..found(false) };
    assert!(of("calendar_same", &nothing).contains("无需导入"));
}

#[test]
fn papers_say_where_they_come_from() {
    let paper = |year, by: Option<&str>, at| KnownPaper {
        year,
        papers: vec!["https://www.gov.cn/a.htm".to_owned()],
        days_off: 33,
        days_worked: 6,
        at,
        by: by.map(str::to_owned),
    };
    let at = Some(facts::at(21, 10, 0));
    let items = vec![paper(2027, Some("褚主任"), at), paper(2027, None, at), paper(2026, None, None)];
    let html = draw("calendar_papers", || papers(facts::words(), &Papers { version: 12, items }));
    for text in ["日历版本 12", "褚主任", "命令行导入", "系统内置"] {
        assert!(html.contains(text), "{text}");
    }
    insta::assert_snapshot!(html);
    let signal = |text: &str| RwSignal::new(text.to_owned());
    let html = draw("calendar_half_holidays", || {
        half_holidays(ZH, signal("pm"), signal(""), false.into(), Callback::new(|()| ()))
    });
    insta::assert_snapshot!(html);
}

#[test]
fn only_the_latest_word_of_a_court_can_be_taken_back() {
    let word = |id, day, half, works| CourtDay {
        id: facts::id(id),
        court_id: facts::id(1),
        court: "江州市中级人民法院".to_owned(),
        date: facts::day(day),
        half,
        works,
        reason: "停电检修".to_owned(),
        inherited: id == 3,
        at: facts::at(20, 9, 0),
        by: "褚主任".to_owned(),
    };
    let items = vec![
        word(1, 27, None, None),
        word(2, 27, None, Some(false)),
        word(3, 28, Some(Half::Am), Some(true)),
        word(4, 2, None, Some(false)),
    ];
    let of = |name: &str, items: Vec<CourtDay>| {
        draw(name, || court_days(facts::words(), &CourtDays { items }, false.into(), Callback::new(|_| ())))
    };
    let html = of("calendar_court_days", items);
    assert_eq!(html.matches("<button").count(), 1, "the rest is taken back already, or past");
    insta::assert_snapshot!(html);
    assert!(of("calendar_no_court_days", Vec::new()).contains("还没有单独安排"));
    let form = draw("calendar_court_day_form", || {
        court_day_form(ZH, CourtDayForm::new(), false.into(), Callback::new(|()| ()))
    });
    assert!(form.lines().any(|line| line.contains("button-wide") && line.contains("disabled")), "{form}");
}

#[test]
fn a_working_week_reads_as_words() {
    let mut halves = WorkingWeek::STANDARD;
    (halves[3], halves[8], halves[9]) = (false, false, false);
    assert_eq!(week_text(facts::words(), &halves), "周一 · 周二 上午 · 周三 · 周四");
    let week = |halves| KnownWorkingWeek {
        id: facts::id(1),
        from: facts::day(23),
        halves,
        at: facts::at(20, 9, 0),
        by: "褚主任".to_owned(),
    };
    let items = vec![week(halves), week(WorkingWeek::STANDARD)];
    insta::assert_snapshot!(draw("calendar_weeks", || weeks(facts::words(), &WorkingWeeks { items })));
    let none = draw("calendar_no_weeks", || weeks(facts::words(), &WorkingWeeks { items: Vec::new() }));
    assert!(none.contains("周一至周五上班"));
    let grid = draw("calendar_week_grid", || week_grid(facts::words(), RwSignal::new(halves)));
    assert_eq!((grid.matches("<input").count(), grid.matches("checked").count()), (14, 7));
}

#[test]
fn a_month_says_what_is_special_about_it() {
    let half = |works: bool, why: &str| CalendarHalf { works, why: why.to_owned() };
    let february = (1..=28).map(|date| {
        let date = Day::new(2026, 2, date).expect("a day");
        let (class, works, why) = match date.day_of_month() {
            14 => (DayClass::MakeUp, true, "调休上班"),
            15 | 20..=23 => (DayClass::MovedRest, false, "春节假期"),
            16..=19 => (DayClass::Statutory, false, "春节（法定节假日）"),
            _ if date.is_weekend() => (DayClass::Weekend, false, "周末"),
            _ => (DayClass::Workday, true, "工作日"),
        };
        let pm = if date.day_of_month() == 26 { half(false, "本院休息：停电检修") } else { half(works, why) };
        CalendarDay { date, class, holiday: None, provisional: false, am: half(works, why), pm }
    });
    let mut days = CalendarDays { version: 1, days: february.collect() };
    let words = Words { today: Day::new(2026, 2, 10).expect("a day"), ..facts::words() };
    let html = draw("calendar_month", || month(words, &days));
    insta::assert_snapshot!(html);
    assert!(html.contains("2月16日 – 2月19日") && html.contains("上午工作日，下午本院休息：停电检修"));
    days.days.truncate(13);
    days.days[3].provisional = true;
    let html = draw("calendar_month_provisional", || month(words, &days));
    assert!(html.contains("尚未公布") && html.contains("没有特别的"));
}
