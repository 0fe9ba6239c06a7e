//! The team calendar: who of a department or a court is away, as far as the caller may know.

use std::collections::HashMap;

use app::account::rules::{Permission, Scope};
use app::api::{Code, Problem};
use app::day::Span;
use app::home::AwayToday;
use app::leave::rules::Stored;
use app::leave::team::{GetTeam, Leave, MAX_DAYS, Reader, Team, TeamMember, TeamPlace, away, window};
use app::leave::types::Lane;
use app::org::rules::OfficerStatus;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use super::after::report;
use super::store::half_day;
use crate::calendar::of_court;
use crate::entity::{court, department, leave_request, officer};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::org::store::scope;
use crate::session::Caller;
use crate::state::AppState;

/// How many the home screen names; of more it says how many there are.
const NAMED: usize = 5;

/// Adds the calls of this part.
pub(super) fn mount(api: Api) -> Api {
    api.mount::<GetTeam, _, _, _>(get_team)
}

async fn get_team(call: Call<GetTeam>) -> Result<Team, Failure> {
    let (state, caller, query) = (&call.state, call.caller()?, &call.query);
    let window = window(query.from, query.to, state.today()).map_err(|code| no_window(code, "to"))?;
    let connection = state.database.read();
    let (court, department) = match (query.department, query.court) {
        (Some(_), Some(_)) => {
            return Err(Failure::bad_input("court", "请只选部门或只选全院，不能同时指定"));
        }
        (None, Some(court)) => (court, None),
        (None, None) => (caller.court, Some(caller.department)),
        (Some(id), None) => {
            let found = department::Entity::find_by_id(id).one(connection).await?;
            let row = found.ok_or_else(|| Failure::not_found("这个部门"))?;
            (row.court_id, Some(id))
        }
    };
    if !may_look(caller, court, department) {
        return Err(Failure::not_found(if department.is_some() { "这个部门" } else { "这个法院" }));
    }
    let departments = departments(connection, court).await?;
    let chosen = match department {
        Some(id) => officer::Column::DepartmentId.eq(id),
        None => officer::Column::CourtId.eq(court),
    };
    let people = people(state, caller, Condition::all().add(chosen), &departments, window).await?;
    let reference = state.reference.current(connection).await?;
    let calendar = of_court(&reference, court);
    let visible = departments.into_iter().filter(|row| may_look(caller, court, Some(row.id)));
    Ok(Team {
        department,
        court,
        from: window.from().date,
        to: window.to().date,
        rest_days: window.from().date.through(window.to().date).filter(|day| !calendar.is_workday(*day)).collect(),
        people,
        departments: visible.map(|row| TeamPlace { id: row.id, name: row.name }).collect(),
        courts: covered_courts(connection, caller).await?,
    })
}

/// Why these days cannot be shown.
pub(super) fn no_window(code: Code, field: &str) -> Failure {
    let detail = match code {
        Code::SpanTooLong => format!("一次最多查看 {MAX_DAYS} 天，请缩短起止日期"),
        _ => "结束日期早于开始日期，请重新选择".to_owned(),
    };
    Problem::new(code, detail).at(field).into()
}

/// Everybody sees his own department; another, or a whole court, takes a role that covers it.
fn may_look(caller: &Caller, court: Uuid, department: Option<Uuid>) -> bool {
    department == Some(caller.department) || caller.may(Permission::ReadLeave, court, department)
}

/// How much of an officer's leave the caller sees.
fn reader(caller: &Caller, officer: Uuid, court: Uuid, department: Uuid) -> Reader {
    if officer == caller.id || caller.may(Permission::ReadLeave, court, Some(department)) {
        Reader::Whole
    } else {
        Reader::Colleague
    }
}

async fn departments(connection: &impl ConnectionTrait, court: Uuid) -> Result<Vec<department::Model>, DbErr> {
    department::Entity::find()
        .filter(department::Column::CourtId.eq(court))
        .order_by_asc(department::Column::Position)
        .order_by_asc(department::Column::Name)
        .all(connection)
        .await
}

/// The courts whose leave the caller may read as a whole.
pub(super) async fn covered_courts(
    connection: &impl ConnectionTrait,
    caller: &Caller,
) -> Result<Vec<TeamPlace>, DbErr> {
    let mut covered = Condition::any().add(court::Column::Id.is_in(Vec::<Uuid>::new()));
    for grant in caller.grants.iter().filter(|grant| grant.permits(Permission::ReadLeave)) {
        covered = match &grant.scope {
            Scope::Province => covered.add(court::Column::Id.is_not_null()),
            Scope::Courts { ids } => covered.add(court::Column::Id.is_in(ids.iter().copied())),
            Scope::Own | Scope::Departments { .. } | Scope::Classes { .. } => covered,
        };
    }
    let rows = court::Entity::find().filter(covered).order_by_asc(court::Column::Position).all(connection).await?;
    Ok(rows.into_iter().map(|row| TeamPlace { id: row.id, name: row.name }).collect())
}

type OfficerRow = (Uuid, String, String, Uuid, Uuid);
type LeaveRow = (
    Uuid,
    Uuid,
    Option<Uuid>,
    String,
    String,
    time::Date,
    String,
    time::Date,
    String,
    Option<time::Date>,
    Option<String>,
);

/// The people of a place and when they are away: two queries of few columns, however many there are.
///
/// # Errors
/// The database fails.
async fn people(
    state: &AppState,
    caller: &Caller,
    chosen: Condition,
    departments: &[department::Model],
    window: Span,
) -> Result<Vec<TeamMember>, DbErr> {
    let connection = state.database.read();
    let in_service = chosen.add(officer::Column::Status.eq(OfficerStatus::InService.as_str()));
    let rows: Vec<OfficerRow> = officer::Entity::find()
        .filter(in_service.clone())
        .order_by_asc(officer::Column::Number)
        .select_only()
        .columns([
            officer::Column::Id,
            officer::Column::Number,
            officer::Column::Name,
            officer::Column::CourtId,
            officer::Column::DepartmentId,
        ])
        .into_tuple()
        .all(connection)
        .await?;
    let mut leaves = leaves(connection, in_service, window).await?;
    let places: HashMap<Uuid, (usize, &str)> =
        departments.iter().enumerate().map(|(at, row)| (row.id, (at, row.name.as_str()))).collect();
    let mut people: Vec<(usize, TeamMember)> = rows
        .into_iter()
        .map(|(id, number, name, court, department)| {
            let (at, place) = places.get(&department).copied().unwrap_or((usize::MAX, ""));
            let of_officer = leaves.remove(&id).unwrap_or_default();
            let reader = reader(caller, id, court, department);
            let away = away(&of_officer, reader, window);
            (at, TeamMember { officer: number, name, department: place.to_owned(), away })
        })
        .collect();
    people.sort_by_key(|(at, _)| *at);
    Ok(people.into_iter().map(|(_, member)| member).collect())
}

/// The requests of these officers that touch a window and have not come to nothing, by officer: two queries.
async fn leaves(
    connection: &impl ConnectionTrait,
    whose: Condition,
    window: Span,
) -> Result<HashMap<Uuid, Vec<Leave>>, DbErr> {
    use leave_request::Column;
    let states = [Stored::InApproval, Stored::SentBack, Stored::Approved, Stored::Returned].map(Stored::as_str);
    let officers = officer::Entity::find().filter(whose.clone()).select_only().column(officer::Column::Id).into_query();
    let rows: Vec<LeaveRow> = leave_request::Entity::find()
        // Joined, SQLite would begin with all requests of these states, which it takes to be few.
        .filter(Column::OfficerId.in_subquery(officers))
        .filter(Column::State.is_in(states))
        // Who is at work, or out of town on his days off, is missed by nobody.
        .filter(Column::Lane.eq(Lane::Leave.as_str()))
        .filter(Column::ToDay.gte(window.from().date.date()))
        .filter(Column::FromDay.lte(window.to().date.date()))
        .select_only()
        .columns([Column::Id, Column::OfficerId, Column::SeriesId, Column::LeaveType, Column::State])
        .columns([Column::FromDay, Column::FromHalf, Column::ToDay, Column::ToHalf, Column::BackDay, Column::BackHalf])
        .into_tuple()
        .all(connection)
        .await?;
    let waiting = report::waiting(connection, whose, window.from().date).await?;
    let mut leaves: HashMap<Uuid, Vec<Leave>> = HashMap::new();
    for (request, officer, series, leave_type, state, from_day, from_half, to_day, to_half, back_day, back_half) in rows
    {
        let span = Span::new(half_day(from_day, &from_half), half_day(to_day, &to_half));
        let Some((span, stored)) = span.zip(Stored::parse(&state)) else { continue };
        let back = back_day.map(|day| half_day(day, back_half.as_deref().unwrap_or("am")));
        let reported = || waiting.get(&series.unwrap_or(request)).copied();
        let back = back.or_else(|| reported().filter(|_| stored == Stored::Approved));
        leaves.entry(officer).or_default().push(Leave { request, leave_type, stored, span, back });
    }
    Ok(leaves)
}

/// Who is away today among those in the caller's own court whose leave he may read, by 工号; `None` when he may read
/// nobody's. One query.
///
/// # Errors
/// The database fails.
pub(crate) async fn away_today(state: &AppState, caller: &Caller) -> Result<Option<AwayToday>, DbErr> {
    use leave_request::Column;
    if !caller.may_somewhere(Permission::ReadLeave) {
        return Ok(None);
    }
    let today = state.today().date();
    let leave_of_today = leave_request::Entity::find()
        .filter(
            Expr::col((leave_request::Entity, Column::OfficerId)).eq(Expr::col((officer::Entity, officer::Column::Id))),
        )
        .filter(Column::State.eq(Stored::Approved.as_str()))
        // An hour a day is no absence, and neither is a report of leaving town.
        .filter(Column::Lane.eq(Lane::Leave.as_str()))
        .filter(Column::FromDay.lte(today))
        .filter(Column::ToDay.gte(today))
        .filter(report::reported_of_series().not())
        .select_only()
        .expr(Expr::val(1))
        .into_query();
    // Officer by officer: the leave of all courts together would be the longer list.
    let names: Vec<String> = officer::Entity::find()
        .filter(officer::Column::CourtId.eq(caller.court))
        .filter(scope(&caller.grants, Permission::ReadLeave))
        .filter(officer::Column::Status.eq(OfficerStatus::InService.as_str()))
        .filter(Expr::exists(leave_of_today))
        .select_only()
        .column(officer::Column::Name)
        .order_by_asc(officer::Column::Number)
        .into_tuple()
        .all(state.database.read())
        .await?;
    Ok(Some(AwayToday {
        count: i64::try_from(names.len()).unwrap_or(i64::MAX),
        names: names.into_iter().take(NAMED).collect(),
    }))
}

/// When the officers of one department are away, as a colleague of theirs sees it: for the calendar feed.
///
/// # Errors
/// The database fails.
pub(crate) async fn colleagues_away(state: &AppState, caller: &Caller, window: Span) -> Result<Vec<TeamMember>, DbErr> {
    let colleague = Caller { grants: Vec::new(), id: Uuid::nil(), ..caller.clone() };
    let chosen = Condition::all().add(officer::Column::DepartmentId.eq(caller.department));
    people(state, &colleague, chosen, &[], window).await
}
