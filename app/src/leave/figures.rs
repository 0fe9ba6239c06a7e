//! Leave in figures: what was taken in a month, and what a year adds up to.
//!
//! Everything is counted by half days as they were taken, not by the dates of requests: a leave over a month's end
//! stands in both months with its part. What is approved and lies ahead counts on its day. Days after an early return were
//! not taken, also where the type gives none of them back and the balance goes on having them as used. Reports of leaving town
//! (外出报备) are no leave: they stand apart, and no sum of leave has them in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, Permission};
use crate::day::{Day, Month};
use crate::endpoint;
use crate::leave::team::TeamPlace;
use crate::org::api::File;

/// An officer of a monthly summary, by the order in which he stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The officer's id.
    pub id: Uuid,
    /// The 工号.
    pub officer: String,
    /// The name.
    pub name: String,
    /// The department's name.
    pub department: String,
}

/// What an officer took of one type in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The officer's id.
    pub officer: Uuid,
    /// The type's name.
    pub leave_type: String,
    /// The half days that count.
    pub half_days: i64,
    /// The requests that they belong to.
    pub requests: i64,
}

/// The reports of an officer in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The officer's id.
    pub officer: Uuid,
    /// The half days out of town, rest days included.
    pub half_days: i64,
    /// The reports that they belong to.
    pub reports: i64,
}

/// The lines of the reports of a month, in the order of the people.
pub fn out_of_town(people: &[Person], reported: &[Reported]) -> Vec<ReportLine> {
    let line = |person: &Person| {
        let row = reported.iter().find(|row| row.officer == person.id)?;
        Some(ReportLine {
            officer: person.officer.clone(),
            name: person.name.clone(),
            department: person.department.clone(),
            half_days: row.half_days,
            reports: row.reports,
        })
    };
    people.iter().filter_map(line).collect()
}

/// Late returns of an officer in a month, of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    /// The officer's id.
    pub officer: Uuid,
    /// The type's name.
    pub leave_type: String,
    /// How often.
    pub times: i64,
}

/// The lines of a monthly summary: one for each officer and type that something is to be said of, in the order of the
/// people and then of the types' names.
pub fn summarise(people: &[Person], taken: &[Taken], late: &[Late]) -> Vec<SummaryLine> {
    let mut cells: BTreeMap<(Uuid, &str), (i64, i64, i64)> = BTreeMap::new();
    for row in taken {
        let cell = cells.entry((row.officer, &row.leave_type)).or_default();
        (cell.0, cell.1) = (cell.0 + row.half_days, cell.1 + row.requests);
    }
    for row in late {
        cells.entry((row.officer, &row.leave_type)).or_default().2 += row.times;
    }
    let of_person = |person: &Person| {
        let (first, last) = ((person.id, ""), (person.id, "\u{10ffff}"));
        let line = |(&(_, leave_type), &(half_days, requests, late)): (&(Uuid, &str), &(i64, i64, i64))| SummaryLine {
            officer: person.officer.clone(),
            name: person.name.clone(),
            department: person.department.clone(),
            leave_type: leave_type.to_owned(),
            half_days,
            requests,
            late,
        };
        cells.range(first..=last).map(line).collect::<Vec<_>>()
    };
    people.iter().flat_map(of_person).collect()
}

/// What the officers of a department took of one type on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayTaken {
    /// The department's id.
    pub department: Uuid,
    /// The type's name.
    pub leave_type: String,
    /// The day.
    pub day: Day,
    /// The half days that count.
    pub half_days: i64,
}

/// A year's half days by department, by type and by month, from January on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// By the department's id.
    pub by_department: BTreeMap<Uuid, i64>,
    /// By the type's name.
    pub by_type: BTreeMap<String, i64>,
    /// By month.
    pub by_month: [i64; 12],
}

/// Adds a year up three ways; each way comes to the same total.
pub fn sums(taken: &[DayTaken]) -> Sums {
    taken.iter().fold(Sums::default(), |mut sums, row| {
        *sums.by_department.entry(row.department).or_default() += row.half_days;
        *sums.by_type.entry(row.leave_type.clone()).or_default() += row.half_days;
        sums.by_month[usize::from(row.day.month() - 1)] += row.half_days;
        sums
    })
}

/// Which month of which court.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct SummaryQuery {
    /// The month; the present one when absent.
    pub month: Option<Month>,
    /// The court; the caller's own when absent.
    pub court: Option<Uuid>,
}

/// The monthly summary of a court for its political department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summary {
    /// The month.
    pub month: Month,
    /// The court's id.
    pub court: Uuid,
    /// The court's name.
    pub court_name: String,
    /// The lines.
    pub lines: Vec<SummaryLine>,
    /// Who reported to be out of town; no leave, and in none of the lines.
    #[serde(default)]
    pub reports: Vec<ReportLine>,
    /// The courts that the caller may look at.
    pub courts: Vec<TeamPlace>,
}

/// What one officer took of one type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummaryLine {
    /// The 工号.
    pub officer: String,
    /// The name.
    pub name: String,
    /// The department's name.
    pub department: String,
    /// The type's name.
    pub leave_type: String,
    /// The half days of this month that count, approved ones that lie ahead included.
    pub half_days: i64,
    /// The requests that they belong to.
    pub requests: i64,
    /// How often he reported back late in this month.
    pub late: i64,
}

/// How often and how long one officer reported to be out of town.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportLine {
    /// The 工号.
    pub officer: String,
    /// The name.
    pub name: String,
    /// The department's name.
    pub department: String,
    /// The half days of this month, rest days included.
    pub half_days: i64,
    /// The approved reports that they belong to.
    pub reports: i64,
}

/// Which year of which court.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct StatisticsQuery {
    /// The year, 2000 to 2100; the present one when absent.
    pub year: Option<i32>,
    /// The court; the caller's own when absent.
    pub court: Option<Uuid>,
}

/// A year of leave of a court, as far as the caller's role covers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Statistics {
    /// The year.
    pub year: i32,
    /// The court's id.
    pub court: Uuid,
    /// The court's name.
    pub court_name: String,
    /// The half days that count, in all.
    pub half_days: i64,
    /// By department, in the order of the roster.
    pub by_unit: Vec<UnitFigures>,
    /// By type, the most first.
    pub by_type: Vec<TypeFigure>,
    /// By month: twelve figures in half days, from January on.
    pub by_month: Vec<i64>,
    /// The courts that the caller may look at.
    pub courts: Vec<TeamPlace>,
}

/// A year of leave of a department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitFigures {
    /// The department's name.
    pub name: String,
    /// Its officers in service.
    pub officers: i64,
    /// The half days that count, of every type.
    pub half_days: i64,
    /// Annual leave of the year that nobody has taken or asked for, in half days, by the ledger: what has expired and what
    /// went over and was not taken since included. A year that gives none by article 4 of the 条例 is not left out.
    pub unused: i64,
    /// The officers in service whose annual leave of the year is not in the ledger yet, and so not in `unused`.
    pub without_grant: i64,
    /// The returns that were reported in the year.
    pub returns: i64,
    /// Those of them that were late.
    pub late: i64,
    /// The approved reports of leaving town that touch the year; no leave.
    #[serde(default)]
    pub reports: i64,
}

/// A year of one type of leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TypeFigure {
    /// The type's name.
    pub leave_type: String,
    /// The half days that count.
    pub half_days: i64,
}

/// Which requests leave the house in a workbook.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ExportQuery {
    /// The first day.
    pub from: Day,
    /// The last day, included; at most 366 days in all.
    pub to: Day,
    /// The court; the caller's own when absent.
    pub court: Option<Uuid>,
    /// One department of it; all when absent.
    pub department: Option<Uuid>,
}

endpoint! {
    /// Sums up a month: what each officer took of each type, and who reported back late.
    GetLeaveSummary: Get "/leave/summary", "get_leave_summary", Access::May(Permission::ReadLeave);
    query: SummaryQuery;
    reply: Summary;
    problems: NotFound;
}
endpoint! {
    /// Adds a year up: by department, type and month, with unused annual leave and late returns.
    GetLeaveStatistics: Get "/leave/statistics", "get_leave_statistics", Access::May(Permission::ReadLeave);
    query: StatisticsQuery;
    reply: Statistics;
    problems: NotFound;
}
endpoint! {
    /// Writes the requests that touch a stretch of days into an Excel workbook. Personal data leave the house with it,
    /// so it takes a role over the whole court, and leaves an audit row.
    ExportLeave: Post "/leave/export.xlsx", "export_leave", Access::May(Permission::ReadLeave);
    query: ExportQuery;
    reply: File;
    problems: NotFound, InvertedSpan, SpanTooLong;
    reply_media: File;
}
endpoint! {
    /// Writes a monthly summary into an Excel workbook; under the same conditions as the export of requests.
    ExportLeaveSummary: Post "/leave/summary.xlsx", "export_leave_summary", Access::May(Permission::ReadLeave);
    query: SummaryQuery;
    reply: File;
    problems: NotFound;
    reply_media: File;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn person(n: u128) -> Person {
        let text = n.to_string();
        Person { id: Uuid::from_u128(n), officer: text.clone(), name: text.clone(), department: text }
    }

    proptest! {
        #[test]
        fn a_summary_neither_loses_nor_invents(
            taken in prop::collection::vec((0u128..5, 0usize..3, 1i64..20, 1i64..3), 0..12),
            late in prop::collection::vec((0u128..5, 0usize..3, 1i64..3), 0..6),
        ) {
            let types = ["annual", "personal", "sick"].map(str::to_owned);
            let people: Vec<Person> = (0..5).rev().map(person).collect();
            let taken: Vec<Taken> = taken
                .into_iter()
                .map(|(of, kind, half_days, requests)| Taken {
                    officer: Uuid::from_u128(of), leave_type: types[kind].clone(), half_days, requests,
                })
                .collect();
            let late: Vec<Late> = late
                .into_iter()
                .map(|(of, kind, times)| Late { officer: Uuid::from_u128(of), leave_type: types[kind].clone(), times })
                .collect();
            let lines = summarise(&people, &taken, &late);
            prop_assert_eq!(lines.iter().map(|line| line.half_days).sum::<i64>(), taken.iter().map(|row| row.half_days).sum::<i64>());
            prop_assert_eq!(lines.iter().map(|line| line.requests).sum::<i64>(), taken.iter().map(|row| row.requests).sum::<i64>());
            prop_assert_eq!(lines.iter().map(|line| line.late).sum::<i64>(), late.iter().map(|row| row.times).sum::<i64>());
            // Each officer and type once, in the order of the people.
            let keys: Vec<_> = lines.iter().map(|line| (std::cmp::Reverse(line.officer.clone()), line.leave_type.clone())).collect();
            prop_assert!(keys.is_sorted() && keys.windows(2).all(|pair| pair[0] != pair[1]));
        }

        #[test]
        fn reports_stand_in_the_order_of_the_people(of in prop::collection::btree_set(0u128..6, 0..6)) {
            let people: Vec<Person> = (0..5).rev().map(person).collect();
            let reported = |n: &u128| Reported { officer: Uuid::from_u128(*n), half_days: 4, reports: 1 };
            let lines = out_of_town(&people, &of.iter().map(reported).collect::<Vec<_>>());
            let expected: Vec<String> = of.iter().rev().filter(|n| **n < 5).map(u128::to_string).collect();
            prop_assert_eq!(lines.into_iter().map(|line| line.officer).collect::<Vec<_>>(), expected);
        }

        #[test]
        fn a_year_comes_to_the_same_three_ways(rows in prop::collection::vec((0u128..4, 0u8..3, 0i64..365, 1i64..9), 0..40)) {
            let taken: Vec<DayTaken> = rows
                .into_iter()
                .map(|(department, kind, day, half_days)| DayTaken {
                    department: Uuid::from_u128(department),
                    leave_type: kind.to_string(),
                    day: Day::new(2026, 1, 1).expect("exists").plus(day),
                    half_days,
                })
                .collect();
            let total: i64 = taken.iter().map(|row| row.half_days).sum();
            let sums = sums(&taken);
            prop_assert_eq!(sums.by_department.values().sum::<i64>(), total);
            prop_assert_eq!(sums.by_type.values().sum::<i64>(), total);
            prop_assert_eq!(sums.by_month.iter().sum::<i64>(), total);
        }
    }
}
