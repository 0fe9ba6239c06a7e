//! Leave in figures.

use app::day::Month;
use app::leave::figures::{ReportLine, Statistics, Summary, SummaryLine, TypeFigure, UnitFigures};
use frontend::leave::figures_view::{statistics, summary};

use crate::facts;
use crate::page::draw;

fn line(name: &str, leave_type: &str, half_days: i64, late: i64) -> SummaryLine {
    SummaryLine {
        officer: "000123".to_owned(),
        name: name.to_owned(),
        department: "民事审判第二庭".to_owned(),
        leave_type: leave_type.to_owned(),
        half_days,
        requests: 1,
        late,
    }
}

fn month(lines: Vec<SummaryLine>) -> Summary {
    Summary {
        month: Month::of(facts::day(1)),
        court: facts::id(1),
        court_name: "江州市中级人民法院".to_owned(),
        lines,
        reports: vec![],
        courts: vec![],
    }
}

#[test]
fn a_month_lists_who_took_what_and_adds_it_up() {
    let data = month(vec![line("王晓燕", "annual", 3, 0), line("王晓燕", "sick", 4, 1), line("赵倩", "annual", 2, 0)]);
    let html = draw("summary", || summary(facts::words(), &data));
    assert!(html.contains("江州市中级人民法院 2026-11 请销假汇总"), "{html}");
    insta::assert_snapshot!(html);
    let html = draw("summary_empty", || summary(facts::words(), &month(vec![])));
    assert!(html.contains("本月没有请假记录"), "{html}");
}

#[test]
fn reports_of_leaving_town_stand_in_a_table_of_their_own() {
    let report = ReportLine {
        officer: "000123".to_owned(),
        name: "王晓燕".to_owned(),
        department: "民事审判第二庭".to_owned(),
        half_days: 5,
        reports: 2,
    };
    let data = Summary { reports: vec![report], ..month(vec![]) };
    let html = draw("summary_reports", || summary(facts::words(), &data));
    assert!(html.contains("外出报备（不计入请假）") && html.contains("2.5"), "{html}");
    insta::assert_snapshot!(html);
}

#[test]
fn a_year_is_drawn_and_told() {
    let unit = |name: &str, half_days: i64, unused: i64, without_grant: i64, late: i64| UnitFigures {
        name: name.to_owned(),
        officers: 12,
        half_days,
        unused,
        without_grant,
        returns: 9,
        late,
        reports: 2,
    };
    let data = Statistics {
        year: 2026,
        court: facts::id(1),
        court_name: "江州市中级人民法院".to_owned(),
        half_days: 61,
        by_unit: vec![unit("民事审判第二庭", 41, 120, 0, 2), unit("刑事审判庭", 20, -2, 3, 0)],
        by_type: [("annual", 50), ("sick", 11)]
            .map(|(name, half_days)| TypeFigure { leave_type: name.to_owned(), half_days })
            .to_vec(),
        by_month: vec![0, 10, 0, 0, 0, 0, 21, 20, 0, 10, 0, 0],
        courts: vec![],
    };
    let html = draw("statistics", || statistics(facts::words(), &data));
    assert!(html.contains("-1 天、另有 3 人的年休假额度尚未入账"), "a negative figure has words and no length: {html}");
    insta::assert_snapshot!(html);
}
