//! Leave in figures: the monthly summary and a year's statistics, and what of it leaves the house.
//!
//! Each answer takes a fixed number of queries, which add up in the database; what they bring is shaped by
//! `app::leave::figures`.

mod workbooks;

use std::collections::HashMap;

use app::account::rules::{Permission, Scope};
use app::day::{Day, Month};
use app::leave::figures::{
    DayTaken, GetLeaveStatistics, GetLeaveSummary, Late, Person, Reported, Statistics, Summary, SummaryQuery, Taken,
    TypeFigure, UnitFigures, out_of_town, summarise, sums,
};
use app::leave::grant::Source;
use app::leave::ledger::Kind;
use app::leave::rules::{Outcome, Stored};
use app::leave::types::Lane;
use app::org::rules::OfficerStatus;
use sea_orm::sea_query::{Alias, Expr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::team::covered_courts;
use crate::entity::{court, department, leave_entry, leave_grant, leave_request, leave_slot, officer};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::org::store::scope;
use crate::session::Caller;
use crate::state::AppState;

/// The type whose unused part the statistics show.
const ANNUAL: &str = "annual";

/// Adds the calls of this part.
pub(super) fn mount(api: Api) -> Api {
    let api = workbooks::mount(api);
    api.mount::<GetLeaveSummary, _, _, _>(get_leave_summary).mount::<GetLeaveStatistics, _, _, _>(get_leave_statistics)
}

/// The court that is asked about, as far as the caller's role reaches into it.
async fn court_in_reach(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    asked: Option<Uuid>,
) -> Result<court::Model, Failure> {
    let id = asked.unwrap_or(caller.court);
    let reaches = caller.grants.iter().filter(|grant| grant.permits(Permission::ReadLeave)).any(|grant| {
        match &grant.scope {
            Scope::Province => true,
            Scope::Courts { ids } => ids.contains(&id),
            // Whoever heads or oversees departments does so in his own court.
            Scope::Departments { .. } => id == caller.court,
            Scope::Own | Scope::Classes { .. } => false,
        }
    });
    let found = if reaches { court::Entity::find_by_id(id).one(connection).await? } else { None };
    found.ok_or_else(|| Failure::not_found("这个法院"))
}

/// The officers of a court whose leave the caller may read.
fn covered(caller: &Caller, court: Uuid) -> Condition {
    Condition::all().add(officer::Column::CourtId.eq(court)).add(scope(&caller.grants, Permission::ReadLeave))
}

async fn get_leave_summary(call: Call<GetLeaveSummary>) -> Result<Summary, Failure> {
    summary(&call.state, call.caller()?, call.query).await
}

async fn summary(state: &AppState, caller: &Caller, query: SummaryQuery) -> Result<Summary, Failure> {
    let connection = state.database.read();
    let court = court_in_reach(connection, caller, query.court).await?;
    let month = query.month.unwrap_or_else(|| Month::of(state.today()));
    let whose = covered(caller, court.id);
    let (people, departments) = people(connection, &whose, court.id).await?;
    let taken = taken(connection, &whose, month).await?;
    let late = late(connection, &whose, month).await?;
    let reported = reported(connection, &whose, month).await?;
    let place = |id: Uuid| departments.iter().position(|row| row.id == id).unwrap_or(usize::MAX);
    let mut people: Vec<_> = people.into_iter().map(|row| (place(row.department), row)).collect();
    people.sort_by_key(|(at, _)| *at);
    let people = people.into_iter().map(|(at, row)| Person {
        id: row.id,
        officer: row.number,
        name: row.name,
        department: departments.get(at).map(|row| row.name.clone()).unwrap_or_default(),
    });
    let people = people.collect::<Vec<_>>();
    Ok(Summary {
        month,
        lines: summarise(&people, &taken, &late),
        reports: out_of_town(&people, &reported),
        courts: covered_courts(connection, caller).await?,
        court: court.id,
        court_name: court.name,
    })
}

struct PersonRow {
    id: Uuid,
    number: String,
    name: String,
    department: Uuid,
    in_service: bool,
}

/// Officers by 工号, whoever has left included: what he took stays. With the departments of the court in the order of
/// the roster.
async fn people(
    connection: &impl ConnectionTrait,
    whose: &Condition,
    court: Uuid,
) -> Result<(Vec<PersonRow>, Vec<department::Model>), DbErr> {
    use officer::Column;
    let rows: Vec<(Uuid, String, String, Uuid, String)> = officer::Entity::find()
        .filter(whose.clone())
        .order_by_asc(Column::Number)
        .select_only()
        .columns([Column::Id, Column::Number, Column::Name, Column::DepartmentId, Column::Status])
        .into_tuple()
        .all(connection)
        .await?;
    let departments = department::Entity::find()
        .filter(department::Column::CourtId.eq(court))
        .order_by_asc(department::Column::Position)
        .order_by_asc(department::Column::Name)
        .all(connection)
        .await?;
    let row = |(id, number, name, department, status): (Uuid, String, String, Uuid, String)| PersonRow {
        id,
        number,
        name,
        department,
        in_service: status == OfficerStatus::InService.as_str(),
    };
    Ok((rows.into_iter().map(row).collect(), departments))
}

/// The half days of leave between two days that count and are granted, with their requests and officers.
fn slots(whose: &Condition, first: Day, last: Day) -> sea_orm::Select<leave_slot::Entity> {
    kept(whose, first, last, Lane::Leave).filter(leave_slot::Column::Counts.eq(true))
}

/// The half days of a lane between two days that are granted, counted or not.
fn kept(whose: &Condition, first: Day, last: Day, lane: Lane) -> sea_orm::Select<leave_slot::Entity> {
    granted(whose, lane).filter(leave_slot::Column::Day.between(first.date(), last.date()))
}

/// The half days of a lane that are granted and were not given up since, counted or not, with their requests and officers.
fn granted(whose: &Condition, lane: Lane) -> sea_orm::Select<leave_slot::Entity> {
    use leave_slot::Column;
    let request =
        leave_slot::Entity::belongs_to(leave_request::Entity).from(Column::RequestId).to(leave_request::Column::Id);
    let of_officer = leave_slot::Entity::belongs_to(officer::Entity).from(Column::OfficerId).to(officer::Column::Id);
    leave_slot::Entity::find()
        .join(JoinType::InnerJoin, request.into())
        .join(JoinType::InnerJoin, of_officer.into())
        .filter(whose.clone())
        .filter(Column::Live.eq(true))
        .filter(Column::Lane.eq(lane.as_str()))
        .filter(leave_request::Column::State.is_in([Stored::Approved, Stored::Returned].map(Stored::as_str)))
        .select_only()
}

/// Whose a request is.
fn of_officer() -> RelationDef {
    leave_request::Entity::belongs_to(officer::Entity)
        .from(leave_request::Column::OfficerId)
        .to(officer::Column::Id)
        .into()
}

/// How often somebody came back: one return closes a leave with all that extends it.
const RETURNS: &str = "COUNT(DISTINCT COALESCE(leave_request.series_id, leave_request.id))";

/// The requests that were closed by a return for a day between two days; who is back in town comes from no leave, and
/// what was converted is closed with the leave of which it was a part.
fn returns(whose: &Condition, first: Day, last: Day) -> sea_orm::Select<leave_request::Entity> {
    use leave_request::Column;
    leave_request::Entity::find()
        .join(JoinType::InnerJoin, of_officer())
        .filter(whose.clone())
        .filter(Column::State.eq(Stored::Returned.as_str()))
        .filter(Column::Lane.ne(Lane::Report.as_str()))
        .filter(Column::ConvertsId.is_null())
        .filter(Column::BackDay.between(first.date(), last.date()))
        .select_only()
}

async fn taken(connection: &impl ConnectionTrait, whose: &Condition, month: Month) -> Result<Vec<Taken>, DbErr> {
    let rows: Vec<(Uuid, String, i64, i64)> = slots(whose, month.first(), month.last())
        .column(leave_slot::Column::OfficerId)
        .column(leave_request::Column::LeaveType)
        .column_as(leave_slot::Column::Day.count(), "half_days")
        .column_as(Expr::col((leave_slot::Entity, leave_slot::Column::RequestId)).count_distinct(), "requests")
        .group_by(leave_slot::Column::OfficerId)
        .group_by(leave_request::Column::LeaveType)
        .into_tuple()
        .all(connection)
        .await?;
    let row = |(officer, leave_type, half_days, requests)| Taken { officer, leave_type, half_days, requests };
    Ok(rows.into_iter().map(row).collect())
}

async fn reported(connection: &impl ConnectionTrait, whose: &Condition, month: Month) -> Result<Vec<Reported>, DbErr> {
    let rows: Vec<(Uuid, i64, i64)> = kept(whose, month.first(), month.last(), Lane::Report)
        .column(leave_slot::Column::OfficerId)
        .column_as(leave_slot::Column::Day.count(), "half_days")
        .column_as(Expr::col((leave_slot::Entity, leave_slot::Column::RequestId)).count_distinct(), "reports")
        .group_by(leave_slot::Column::OfficerId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|(officer, half_days, reports)| Reported { officer, half_days, reports }).collect())
}

async fn late(connection: &impl ConnectionTrait, whose: &Condition, month: Month) -> Result<Vec<Late>, DbErr> {
    use leave_request::Column;
    let rows: Vec<(Uuid, String, i64)> = returns(whose, month.first(), month.last())
        .filter(Column::Outcome.eq(Outcome::Late.as_str()))
        .column(Column::OfficerId)
        .column(Column::LeaveType)
        .column_as(Column::Id.count(), "times")
        .group_by(Column::OfficerId)
        .group_by(Column::LeaveType)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|(officer, leave_type, times)| Late { officer, leave_type, times }).collect())
}

async fn get_leave_statistics(call: Call<GetLeaveStatistics>) -> Result<Statistics, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let year = call.query.year.unwrap_or_else(|| state.today().year());
    let bounds = (2000..=2100).contains(&year).then(|| Day::new(year, 1, 1).zip(Day::new(year, 12, 31))).flatten();
    let (first, last) = bounds.ok_or_else(|| Failure::bad_input("year", "年份应在 2000 至 2100 之间，请重新选择"))?;
    let connection = state.database.read();
    let court = court_in_reach(connection, caller, call.query.court).await?;
    let whose = covered(caller, court.id);
    let (people, departments) = people(connection, &whose, court.id).await?;
    let days: Vec<(Uuid, String, time::Date, i64)> = slots(&whose, first, last)
        .column(officer::Column::DepartmentId)
        .column(leave_request::Column::LeaveType)
        .column(leave_slot::Column::Day)
        .column_as(leave_slot::Column::OfficerId.count(), "half_days")
        .group_by(officer::Column::DepartmentId)
        .group_by(leave_request::Column::LeaveType)
        .group_by(leave_slot::Column::Day)
        .into_tuple()
        .all(connection)
        .await?;
    let days = days.into_iter().map(|(department, leave_type, day, half_days)| DayTaken {
        department,
        leave_type,
        day: day.into(),
        half_days,
    });
    let sums = sums(&days.collect::<Vec<_>>());
    let reports: Vec<(Uuid, i64)> = kept(&whose, first, last, Lane::Report)
        .column(officer::Column::DepartmentId)
        .column_as(Expr::col((leave_slot::Entity, leave_slot::Column::RequestId)).count_distinct(), "reports")
        .group_by(officer::Column::DepartmentId)
        .into_tuple()
        .all(connection)
        .await?;
    let unused = unused(connection, &whose, year).await?;
    // Of a leave and its extensions only the last one can be late.
    let late: Expr = Expr::case(leave_request::Column::Outcome.eq(Outcome::Late.as_str()), 1).into();
    let back: Vec<(Uuid, i64, i64)> = returns(&whose, first, last)
        .column(officer::Column::DepartmentId)
        .column_as(Expr::cust(RETURNS), "times")
        .column_as(late.count(), "late")
        .group_by(officer::Column::DepartmentId)
        .into_tuple()
        .all(connection)
        .await?;
    let unit = |row: &department::Model| {
        let in_service: Vec<_> =
            people.iter().filter(|person| person.department == row.id && person.in_service).collect();
        let half_days = sums.by_department.get(&row.id).copied().unwrap_or(0);
        let granted = in_service.iter().filter_map(|person| unused.get(&person.id));
        let returned = back.iter().find(|(department, ..)| *department == row.id);
        let figures = UnitFigures {
            name: row.name.clone(),
            officers: count(in_service.len()),
            half_days,
            unused: granted.clone().sum(),
            without_grant: count(in_service.len() - granted.count()),
            returns: returned.map_or(0, |(_, times, _)| *times),
            late: returned.map_or(0, |(.., late)| *late),
            reports: reports.iter().filter(|(department, _)| *department == row.id).map(|(_, times)| times).sum(),
        };
        // A department outside of the caller's reach has nobody in it that he may see.
        people.iter().any(|person| person.department == row.id).then_some(figures)
    };
    let mut by_type: Vec<TypeFigure> =
        sums.by_type.into_iter().map(|(leave_type, half_days)| TypeFigure { leave_type, half_days }).collect();
    by_type.sort_by_key(|figure| std::cmp::Reverse(figure.half_days));
    Ok(Statistics {
        year,
        half_days: sums.by_month.iter().sum(),
        by_unit: departments.iter().filter_map(unit).collect(),
        by_type,
        by_month: sums.by_month.to_vec(),
        courts: covered_courts(connection, caller).await?,
        court: court.id,
        court_name: court.name,
    })
}

fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

/// What nobody has taken of the annual leave of a year, by officer: the sum of the ledger of the year's own leave, without
/// what has expired of it. What went over into the next year is a part of it, as far as it was not taken there, and is no
/// part of that year. Whoever has no entry is not in it.
async fn unused(connection: &impl ConnectionTrait, whose: &Condition, year: i32) -> Result<HashMap<Uuid, i64>, DbErr> {
    use leave_entry::Column;
    let of_officer = leave_entry::Entity::belongs_to(officer::Entity).from(Column::OfficerId).to(officer::Column::Id);
    let of_grant =
        leave_entry::Entity::belongs_to(leave_grant::Entity).from(Column::GrantId).to(leave_grant::Column::Id);
    // PostgreSQL adds `bigint` up to `numeric`.
    let sum = Expr::col((leave_entry::Entity, Column::HalfDays)).sum().cast_as(Alias::new("bigint"));
    let carried = Source::CarryOver.as_str();
    let own = Condition::all().add(leave_grant::Column::Year.eq(year)).add(leave_grant::Column::Source.ne(carried));
    let taken_later = Condition::all()
        .add(leave_grant::Column::Year.eq(year + 1))
        .add(leave_grant::Column::Source.eq(carried))
        // What a lost year had let go over and was taken back, nobody took.
        .add(Column::Kind.is_not_in([Kind::Grant, Kind::Adjust].map(Kind::as_str)));
    let rows: Vec<(Uuid, i64)> = leave_entry::Entity::find()
        .join(JoinType::InnerJoin, of_officer.into())
        .join(JoinType::InnerJoin, of_grant.into())
        .filter(whose.clone())
        .filter(Column::LeaveType.eq(ANNUAL))
        .filter(Column::Year.is_in([year, year + 1]))
        .filter(Column::Kind.ne(Kind::Expire.as_str()))
        .filter(Condition::any().add(own).add(taken_later))
        .select_only()
        .column(Column::OfficerId)
        .column_as(sum, "half_days")
        .group_by(Column::OfficerId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}
