//! What the settings of a type allow: for whom it is, when it may be asked for, how much of it.

use std::collections::BTreeMap;

use super::check::{Applicant, Ask, Check, Facts, Note, Why};
use super::routing::{Piece, routed};
use crate::api::Code;
use crate::calendar::rules::WorkCalendar;
use crate::day::{Day, HalfDay, Span};
use crate::leave::entitlement::Exclusion;
use crate::leave::ledger::by_year;
use crate::leave::types::{Basis, LeaveType, Limit, days_text};

/// What was said of a request before it is asked for, as far as it has to come in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    /// It extends a leave (续假). How early that is to be asked for is a setting of its own.
    pub is_extension: bool,
    /// It was submitted before and sent back: from when on it was asked for the last time, and the day on which that
    /// beginning, or an earlier one, was first asked for.
    pub submitted: Option<(Day, HalfDay)>,
}

impl Earlier {
    /// The day on which a beginning was asked for, once it is submitted on a day: as before, unless it begins earlier now.
    pub fn asked_on(self, from: HalfDay, today: Day) -> Day {
        self.submitted.filter(|(_, before)| from >= *before).map_or(today, |(on, _)| on)
    }
}

/// A request with the requests of its type that adjoin it: what the most of one request and the papers are measured by, so
/// that nobody passes them by cutting his leave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// What all of it counts, in half days; nothing where the type counts minutes, or nothing at all.
    pub half_days: i64,
    /// The numbers of the requests that were added, in the order of the calendar.
    pub added: Vec<String>,
}

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

/// The request with the requests of its type that adjoin it, as the chain adds up leave of every type.
pub(super) fn stretch(half_days: i64, leave_type: &LeaveType, span: Span, facts: &Facts<'_>) -> Stretch {
    if half_days == 0 {
        return Stretch::default();
    }
    let mut others = Vec::new();
    for other in facts.existing {
        let Some(kept) = other.occupied() else { continue };
        for part in other.parts.iter().filter(|part| part.leave_type == leave_type.name) {
            let (from, to) = (part.span.from().max(kept.from()), part.span.to().min(kept.to()));
            let Some(span) = Span::new(from, to) else { continue };
            let (half_days, counts_rest_days) = (part.half_days, part.counts_rest_days);
            others.push((other.number.as_str(), Piece { span, half_days, counts_rest_days }));
        }
    }
    others.sort_by_key(|(_, piece)| piece.span.from());
    let asked = Piece { span, half_days, counts_rest_days: leave_type.basis == Basis::NaturalDays };
    let pieces = others.iter().map(|(_, piece)| *piece).collect::<Vec<_>>();
    let found = routed(facts.calendar, asked, &pieces);
    let mut added = found.joined.iter().map(|place| others[*place].0.to_owned()).collect::<Vec<_>>();
    added.dedup();
    Stretch { half_days: found.half_days, added }
}

/// Not too late and not too early: so many days after the beginning at most (补办), so many workdays before it at least.
/// Who was in time when he first submitted is in time after it was sent back, unless it begins earlier by now.
pub(super) fn check_window(check: &mut Check, ask: Ask<'_>, calendar: &WorkCalendar, today: Day) {
    let Some(text) = outside_window(ask, calendar, today) else { return };
    let before = ask.earlier.submitted.filter(|(_, from)| ask.from >= *from);
    if before.is_none_or(|(on, _)| outside_window(ask, calendar, on).is_some()) {
        check.remark(Why::Refused(Code::OutsideWindow), text);
    }
}

/// Why a request comes too late or too early on a day, in Chinese.
fn outside_window(ask: Ask<'_>, calendar: &WorkCalendar, on: Day) -> Option<String> {
    let (leave_type, first) = (ask.leave_type, ask.from.date);
    let (title, window, notice) = (&leave_type.title, leave_type.backfill_days, leave_type.notice_workdays);
    let late = on.days_since(first);
    if late > window {
        return Some(format!("{title}须在开始后{window}天内补办，现已超过{}天；请联系政治部处理", late - window));
    }
    if ask.earlier.is_extension || first < on {
        return None;
    }
    let earliest = (0..notice).fold(on, |day, _| calendar.next_workday(day));
    (first < earliest).then(|| {
        let earliest = earliest.text();
        format!("{title}须提前{notice}个工作日申请，最早可从{earliest}开始；紧急情况请先电话请示，返岗后补办")
    })
}

/// A year that gives none is only a reason for half days that nothing else pays for: what went over into it is the leave
/// of the year before.
pub(super) fn check_exclusion(check: &mut Check, leave_type: &LeaveType, exclusions: &BTreeMap<i32, Exclusion>) {
    for year in by_year(&check.draw.short).into_keys() {
        if let Some(exclusion) = exclusions.get(&year) {
            let text = format!("{}；如有出入请联系政治部", exclusion.words(year, &leave_type.title));
            check.remark(Why::Refused(Code::NotEntitled), text);
        }
    }
}

pub(super) fn check_limits(check: &mut Check, leave_type: &LeaveType, taken: &BTreeMap<i32, i64>) {
    let title = &leave_type.title;
    let all = check.stretch.half_days;
    if let Some(limit) = leave_type.request_limit.filter(|limit| all > limit.half_days) {
        let [most, asked, all] = [limit.half_days, check.half_days(), all].map(days_text);
        let sum = match check.stretch.added.as_slice() {
            [] => String::new(),
            added => format!("，与前后相连的{}合并为{all}", added.join("、")),
        };
        over(check, limit, &format!("{title}一次一般不超过{most}，本次为{asked}{sum}"));
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

#[cfg(test)]
mod tests;
