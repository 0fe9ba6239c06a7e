//! What the settings of a type allow: for whom it is, when it may be asked for, how much of it.

use std::collections::BTreeMap;

use super::check::{Applicant, Check, Note, Why};
use crate::api::Code;
use crate::calendar::rules::WorkCalendar;
use crate::day::{Day, Span};
use crate::leave::entitlement::Exclusion;
use crate::leave::ledger::by_year;
use crate::leave::types::{LeaveType, Limit, days_text};

/// Why a type is not for an officer, in Chinese; nothing where it is.
pub fn not_eligible(leave_type: &LeaveType, applicant: Applicant, today: Day) -> Option<String> {
    let title = &leave_type.title;
    if !leave_type.active {
        return Some(format!("{title}已停用，请改选其他假别"));
    }
    if let (Some(wanted), Some(sex)) = (leave_type.sex, applicant.sex)
        && wanted != sex
    {
        return Some(format!("{title}只适用于{}性干警，请改选其他假别", wanted.text()));
    }
    if !leave_type.categories.is_empty() && !leave_type.categories.contains(&applicant.person.category) {
        let names: Vec<&str> = leave_type.categories.iter().map(|category| category.text()).collect();
        return Some(format!("{title}只适用于{}，请改选其他假别", names.join("、")));
    }
    let years = leave_type.service_years;
    (today < applicant.person.started_work_on.plus_years(years))
        .then(|| format!("{title}须工作满{years}年，请改选其他假别"))
}

pub(super) fn check_eligible(check: &mut Check, leave_type: &LeaveType, applicant: Applicant, today: Day) {
    if let Some(text) = not_eligible(leave_type, applicant, today) {
        check.remark(Why::Refused(Code::NotEligible), text);
    }
}

/// Not too late and not too early: so many days after the beginning at most (补办), so many workdays before it at least.
pub(super) fn check_window(check: &mut Check, leave_type: &LeaveType, span: Span, calendar: &WorkCalendar, today: Day) {
    let first = span.from().date;
    let late = today.days_since(first);
    if late > leave_type.backfill_days {
        let (title, window) = (&leave_type.title, leave_type.backfill_days);
        let text = format!("{title}须在开始后{window}天内补办，现已超过{}天；请联系政治部处理", late - window);
        check.remark(Why::Refused(Code::OutsideWindow), text);
    }
    if leave_type.notice_workdays > 0 && first >= today {
        let earliest = (0..leave_type.notice_workdays).fold(today, |day, _| calendar.next_workday(day));
        if first < earliest {
            let (title, notice, earliest) = (&leave_type.title, leave_type.notice_workdays, earliest.text());
            let text =
                format!("{title}须提前{notice}个工作日申请，最早可从{earliest}开始；紧急情况请先电话请示，返岗后补办");
            check.remark(Why::Refused(Code::OutsideWindow), text);
        }
    }
}

/// A year that gives none is only a reason where the request lies in it.
pub(super) fn check_exclusion(check: &mut Check, leave_type: &LeaveType, exclusions: &BTreeMap<i32, Exclusion>) {
    for year in by_year(&check.counted).into_keys() {
        if let Some(exclusion) = exclusions.get(&year) {
            let (what, limit) = match exclusion {
                Exclusion::Personal(limit) => ("事假", limit),
                Exclusion::Sick(limit) => ("病假", limit),
            };
            let (title, limit) = (&leave_type.title, days_text(*limit));
            let text = format!(
                "{year}年累计{what}已达{limit}，按《职工带薪年休假条例》第四条不享受当年{title}；如有出入请联系政治部"
            );
            check.remark(Why::Refused(Code::NotEntitled), text);
        }
    }
}

pub(super) fn check_limits(check: &mut Check, leave_type: &LeaveType, taken: &BTreeMap<i32, i64>) {
    let title = &leave_type.title;
    let asked = check.half_days();
    if let Some(limit) = leave_type.request_limit.filter(|limit| asked > limit.half_days) {
        let [most, asked] = [limit.half_days, asked].map(days_text);
        over(check, limit, &format!("{title}一次一般不超过{most}，本次为{asked}"));
    }
    let Some(limit) = leave_type.year_limit else { return };
    for (year, asked) in by_year(&check.counted) {
        let before = taken.get(&year).copied().unwrap_or(0);
        if before + asked > limit.half_days {
            let [most, before, asked] = [limit.half_days, before, asked].map(days_text);
            over(check, limit, &format!("{title}一年一般不超过{most}，{year}年已请{before}，本次为{asked}"));
        }
    }
}

fn over(check: &mut Check, limit: Limit, text: &str) {
    if limit.blocking {
        check.remark(Why::Refused(Code::OverLimit), format!("{text}；请缩短时间或联系政治部"));
    } else {
        check.remark(Why::Note(Note::OverLimit), format!("{text}；是否准假由审批人决定"));
    }
}
