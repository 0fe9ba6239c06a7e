//! Who is on record as not back, as 政治部 sees it, with the limits of the law.

use std::collections::{BTreeSet, HashMap};

use app::account::rules::Permission;
use app::api::{Code, Page, Problem};
use app::day::Day;
use app::leave::api::{Absent, GetAbsenceLimits, ListAbsences, SetAbsenceLimits};
use app::leave::rules::absence::{Deed, KnownBy, Limits, holding, in_year, periods, unexplained};
use app::org::rules::Category;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::overdue::{after, unreported};
use super::{absence, report, series};
use crate::audit::{self, Actor, Deed as AuditDeed};
use crate::calendar::of_officers;
use crate::entity::{absence_entry, leave_request, officer};
use crate::error::Failure;
use crate::leave::store;
use crate::mount::{Api, Call};
use crate::org::store::{people, scope};
use crate::setting;

/// The setting that holds [`Limits`] as JSON.
const SETTING: &str = "absence_limits";

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListAbsences, _, _, _>(list_absences)
        .mount::<GetAbsenceLimits, _, _, _>(get_absence_limits)
        .mount::<SetAbsenceLimits, _, _, _>(set_absence_limits)
}

/// The requests about which something is on record.
pub(super) fn on_record() -> SelectStatement {
    absence_entry::Entity::find().select_only().column(absence_entry::Column::RequestId).into_query()
}

async fn list_absences(call: Call<ListAbsences>) -> Result<Page<Absent>, Failure> {
    let (state, caller, today) = (&call.state, call.caller()?, call.state.today());
    let limit = usize::from(call.query.limit.unwrap_or(50).clamp(1, 100));
    let covered = officer::Entity::find()
        .filter(scope(&caller.grants, Permission::ConfirmReturn))
        .select_only()
        .column(officer::Column::Id)
        .into_query();
    let mut query = leave_request::Entity::find()
        .filter(unreported(today))
        .filter(leave_request::Column::Id.in_subquery(on_record()))
        .filter(leave_request::Column::OfficerId.in_subquery(covered));
    if let Some(cursor) = &call.query.cursor {
        query = query.filter(after(cursor)?);
    }
    let connection = state.database.read();
    let mut rows = query
        .order_by_asc(leave_request::Column::ToDay)
        .order_by_asc(leave_request::Column::Id)
        .limit(limit as u64 + 1)
        .all(connection)
        .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| format!("{}.{}", Day::from(row.to_day), row.id));

    let reference = state.reference.current(connection).await?;
    let limits = limits(connection).await?;
    let entries = absence::of(connection, rows.iter().map(|row| row.id)).await?;
    let named = rows.iter().map(|row| row.officer_id).chain(entries.iter().map(|entry| entry.made_by)).collect();
    let (officers, departments) = people(connection, named).await?;
    let absent = rows.iter().filter_map(|row| officers.get(&row.officer_id));
    let calendars = of_officers(connection, &state.secrets, &reference, absent).await?;
    let years = this_year(connection, rows.iter().map(|row| row.officer_id).collect(), today).await?;
    let first = years.values().flatten().map(|(first, _)| *first).min().unwrap_or(today);
    let explained = store::days_away(connection, rows.iter().map(|row| row.officer_id).collect(), first).await?;
    let none = BTreeSet::new();
    let links = series::links(&rows);
    let items = rows.iter().zip(&links).filter_map(|(row, link)| {
        let log = absence::log(&entries, row.id);
        let calendar = calendars.get(&row.officer_id)?;
        // What is listed is over and not reported: the series beside it says nothing more.
        let standing = app::leave::rules::series::Standing::of(&links, *link, calendar, 0);
        let open = holding(&standing, &log)?;
        let of_request: Vec<_> = entries.iter().filter(|entry| entry.request_id == row.id).collect();
        let recorded = of_request.get(open.at)?;
        let officer = officers.get(&row.officer_id)?;
        let leave = explained.get(&row.officer_id).unwrap_or(&none);
        let running = open.running(calendar, leave, today);
        let periods = years.get(&row.officer_id).map(Vec::as_slice).unwrap_or_default();
        let year = in_year(calendar, &unexplained(periods, leave), today.year());
        let category = Category::parse(&officer.category);
        let limit = category.and_then(|category| limits.of(category));
        Some(Absent {
            id: row.id,
            number: row.number.clone(),
            officer: officer.number.clone(),
            name: officer.name.clone(),
            department: departments.get(&officer.department_id).cloned().unwrap_or_default(),
            category,
            to: store::span(row).to(),
            since: open.since,
            recorded_by: officers.get(&recorded.made_by).map(|row| row.name.clone()).unwrap_or_default(),
            known_by: recorded.known_by.as_deref().and_then(KnownBy::parse),
            is_answered: log.iter().skip(open.at).any(|deed| *deed == Deed::Answered),
            running,
            in_year: year,
            limit,
            is_passed: limit.is_some_and(|limit| limit.is_passed(running, year)),
        })
    });
    Ok(Page { items: items.collect(), next })
}

/// The absences of some officers, from whichever leave: three queries.
async fn this_year(
    connection: &impl ConnectionTrait,
    officers: Vec<Uuid>,
    today: Day,
) -> Result<HashMap<Uuid, Vec<(Day, Day)>>, DbErr> {
    let rows = leave_request::Entity::find()
        .filter(leave_request::Column::OfficerId.is_in(officers))
        .filter(leave_request::Column::Id.in_subquery(on_record()))
        .all(connection)
        .await?;
    let entries = absence::of(connection, rows.iter().map(|row| row.id)).await?;
    let reports = report::of(connection, rows.iter().map(|row| row.id)).await?;
    let mut found: HashMap<Uuid, Vec<(Day, Day)>> = HashMap::new();
    for row in rows {
        let waiting = report::last(&reports, row.id).filter(|report| report.state == report::WAITING);
        let back = row.back_day.or(waiting.map(|report| report.back_day)).map(Day::from);
        found.entry(row.officer_id).or_default().extend(periods(&absence::log(&entries, row.id), back, today));
    }
    Ok(found)
}

/// The limits that hold.
async fn limits(connection: &impl ConnectionTrait) -> Result<Limits, DbErr> {
    let stored = setting::get(connection, SETTING).await?;
    let read = |text: String| {
        serde_json::from_str(&text).unwrap_or_else(|error| {
            tracing::error!(%error, "the stored limits for absences cannot be read: the statute's hold");
            Limits::default()
        })
    };
    Ok(stored.map(read).unwrap_or_default())
}

async fn get_absence_limits(call: Call<GetAbsenceLimits>) -> Result<Limits, Failure> {
    Ok(limits(call.state.database.read()).await?)
}

async fn set_absence_limits(call: Call<SetAbsenceLimits>) -> Result<Limits, Failure> {
    let (caller, body, state) = (call.caller()?, call.body()?, &call.state);
    if !body.limits.are_sound() {
        return Err(Failure::bad_input("limits", "每类人员各填一行，天数应在 1 至 366 之间"));
    }
    let tx = state.database.begin().await?;
    setting::lock(&tx, SETTING).await?;
    let before = limits(&tx).await?;
    if before != body.limits {
        if before != body.seen {
            let text = "界限刚被他人修改，已显示最新内容，请核对后再改";
            let current = serde_json::to_value(before).map_err(Failure::internal)?;
            return Err(Problem::new(Code::StaleVersion, text).with_current(current).into());
        }
        setting::set(&tx, SETTING, &serde_json::to_string(&body.limits).map_err(Failure::internal)?).await?;
        let deed = AuditDeed { action: "absence_limits.set", subject: "setting", id: SETTING };
        audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, Some(&before), Some(&body.limits)).await?;
        tx.commit().await?;
    }
    Ok(body.limits)
}
