//! Requests and the monthly summary as workbooks: what leaves the house, for roles over the whole court alone, and written
//! down each time.

use std::collections::{BTreeMap, HashMap, HashSet};

use app::account::rules::Permission;
use app::day::{Span, Timestamp};
use app::leave::figures::{ExportLeave, ExportLeaveSummary, ExportQuery, ReportLine, SummaryLine};
use app::leave::rules::series::{Link, Standing};
use app::leave::rules::{Outcome, Stored};
use app::leave::types::Lane;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use super::{PersonRow, court_in_reach, covered, granted, of_officer, people, summary};
use crate::audit::{self, Actor, Deed};
use crate::entity::{court, leave_attachment, leave_request, leave_slot, officer};
use crate::error::Failure;
use crate::exporting::{self, Cell};
use crate::importing::report::MEDIA_TYPE;
use crate::leave::after::{report, series};
use crate::leave::store::{half_day, lane, span};
use crate::leave::team::no_window;
use crate::leave::words::{evidence_text, outcome_text, status_text};
use crate::mount::{Api, Call};
use crate::session::Caller;
use crate::state::AppState;

/// The most days of one export.
const EXPORT_DAYS: i64 = 366;

pub(super) fn mount(api: Api) -> Api {
    api.mount_response::<ExportLeave, _, _>(export_leave)
        .mount_response::<ExportLeaveSummary, _, _>(export_leave_summary)
}

/// What leaves the house takes a role over the whole court: a head or who oversees departments reads on the screen.
fn may_export(caller: &Caller, court: &court::Model) -> Result<(), Failure> {
    if caller.may(Permission::ReadLeave, court.id, None) { Ok(()) } else { Err(crate::mount::not_allowed()) }
}

async fn export_leave(call: Call<ExportLeave>) -> Result<Response, Failure> {
    let (state, caller, ExportQuery { from, to, department, .. }) = (&call.state, call.caller()?, call.query);
    let window = Span::days(from, to).ok_or_else(|| no_window(app::api::Code::InvertedSpan, "to"))?;
    if to.days_since(from) >= EXPORT_DAYS {
        let detail = format!("一次最多导出 {EXPORT_DAYS} 天，请缩短起止日期");
        return Err(app::api::Problem::new(app::api::Code::SpanTooLong, detail).at("to").into());
    }
    let connection = state.database.read();
    let court = court_in_reach(connection, caller, call.query.court).await?;
    may_export(caller, &court)?;
    let mut whose = covered(caller, court.id);
    if let Some(department) = department {
        whose = whose.add(officer::Column::DepartmentId.eq(department));
    }
    let rows = request_rows(state, &whose, court.id, window).await?;
    let bytes = exporting::workbook("请假记录", REQUEST_HEAD, &rows).map_err(Failure::internal)?;
    let exported = serde_json::json!({ "from": from, "to": to, "department": department, "rows": rows.len() });
    record(state, caller, "leave.export", &court, &exported).await?;
    file(bytes, &format!("leave-{from}-{to}.xlsx"))
}

const REQUEST_HEAD: &[&str] = &[
    "编号",
    "工号",
    "姓名",
    "部门",
    "假别",
    "开始日期",
    "开始",
    "结束日期",
    "结束",
    "天数",
    "实休天数",
    "状态",
    "事由",
    "去向",
    "提交时间",
    "到岗日期",
    "销假",
    "证明材料",
];

async fn request_rows(
    state: &AppState,
    whose: &Condition,
    court: Uuid,
    window: Span,
) -> Result<Vec<Vec<Cell>>, Failure> {
    use leave_request::Column;
    let connection = state.database.read();
    let (people, departments) = people(connection, whose, court).await?;
    let departments: HashMap<Uuid, String> = departments.into_iter().map(|row| (row.id, row.name)).collect();
    let people: HashMap<Uuid, PersonRow> = people.into_iter().map(|row| (row.id, row)).collect();
    let requests = leave_request::Entity::find()
        .join(JoinType::InnerJoin, of_officer())
        .filter(whose.clone())
        .filter(touches(window))
        .order_by_asc(Column::FromDay)
        .order_by_asc(officer::Column::Number)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?;
    let taken = taken(connection, whose, window).await?;
    let mut links: HashMap<Uuid, Vec<Link>> = HashMap::new();
    for row in requests.iter().chain(&extensions_after(connection, whose, window).await?) {
        links.entry(row.officer_id).or_default().push(series::link(row));
    }
    let reported = reported(connection, whose, window).await?;
    let attached = with_papers(connection, whose, window).await?;
    let reference = state.reference.current(connection).await?;
    let catalogue = &reference.leave_types;
    let zone = state.config.zone;
    let row = |row: leave_request::Model| {
        let span = span(&row);
        let person = people.get(&row.officer_id);
        let (stored, lane) = (Stored::parse(&row.state), lane(&row));
        let series = links.get(&row.officer_id).map(Vec::as_slice).unwrap_or_default();
        // Nobody asks here until when more can be asked for: no calendar of his own, no workdays before.
        let mut standing = Standing::of(series, series::link(&row), &reference.calendar, 0);
        standing.reported = reported.contains(&row.id);
        let is_reported = standing.needs_return || row.back_day.is_some();
        let status = stored.map(|_| standing.status(state.today()));
        let is_granted = matches!(stored, Some(Stored::Approved | Stored::Returned));
        let half = |half| if half == app::day::Half::Am { "上午" } else { "下午" };
        let text = |text: &str| Cell::Text(text.to_owned());
        // What came to nothing owes nothing any more.
        let is_owed = row.evidence_needed && stored.is_some_and(Stored::is_live);
        let evidence = evidence_text(is_owed, row.evidence_seen_at.is_some(), attached.contains(&row.id));
        let back = row.back_day.map(|day| half_day(day, row.back_half.as_deref().unwrap_or("am")));
        vec![
            Cell::Text(row.number),
            Cell::Text(person.map(|person| person.number.clone()).unwrap_or_default()),
            Cell::Text(person.map(|person| person.name.clone()).unwrap_or_default()),
            Cell::Text(person.and_then(|person| departments.get(&person.department)).cloned().unwrap_or_default()),
            Cell::Text(catalogue.title(&row.leave_type).to_owned()),
            Cell::Day(span.from().date),
            text(half(span.from().half)),
            Cell::Day(span.to().date),
            text(half(span.to().half)),
            // Days out of town are no days of leave: whoever adds the column up wants those alone.
            if lane == Lane::Report { text("") } else { Cell::HalfDays(row.half_days) },
            if lane == Lane::Report || !is_granted {
                text("")
            } else {
                Cell::HalfDays(taken.get(&row.id).copied().unwrap_or(0))
            },
            text(status.map_or("", |status| status_text(status, lane, is_reported))),
            Cell::Text(row.reason),
            Cell::Text(row.destination),
            Cell::Moment(zone, Timestamp::from_millis(row.submitted_at)),
            back.map_or(Cell::Text(String::new()), |back| Cell::Day(back.date)),
            text(row.outcome.as_deref().and_then(Outcome::parse).map_or("", outcome_text)),
            text(evidence),
        ]
    };
    Ok(requests.into_iter().map(row).collect())
}

/// The extensions that begin after a window, of leave that touches it: it goes on for as long as they do.
async fn extensions_after(
    connection: &impl ConnectionTrait,
    whose: &Condition,
    window: Span,
) -> Result<Vec<leave_request::Model>, DbErr> {
    use leave_request::Column;
    let first = Expr::cust("COALESCE(leave_request.series_id, leave_request.id)");
    let series = leave_request::Entity::find()
        .join(JoinType::InnerJoin, of_officer())
        .filter(whose.clone())
        .filter(touches(window))
        .select_only()
        .column_as(first, "first")
        .into_query();
    leave_request::Entity::find()
        .join(JoinType::InnerJoin, of_officer())
        .filter(whose.clone())
        .filter(Column::SeriesId.in_subquery(series))
        .filter(Column::FromDay.gt(window.to().date.date()))
        .all(connection)
        .await
}

/// Which of the requests that touch a window are reported back from, and nobody has confirmed it yet.
async fn reported(connection: &impl ConnectionTrait, whose: &Condition, window: Span) -> Result<HashSet<Uuid>, DbErr> {
    let ids: Vec<Uuid> = leave_request::Entity::find()
        .join(JoinType::InnerJoin, of_officer())
        .filter(whose.clone())
        .filter(touches(window))
        .filter(report::reported())
        .select_only()
        .column(leave_request::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().collect())
}

/// What was really taken of the requests that touch a window, or will be as far as anybody knows: the half days that the
/// monthly summary has, by request.
async fn taken(
    connection: &impl ConnectionTrait,
    whose: &Condition,
    window: Span,
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let rows: Vec<(Uuid, i64)> = granted(whose, Lane::Leave)
        .filter(leave_slot::Column::Counts.eq(true))
        .filter(touches(window))
        .column(leave_slot::Column::RequestId)
        .column_as(leave_slot::Column::Day.count(), "half_days")
        .group_by(leave_slot::Column::RequestId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Which of the requests that touch a window need papers and have a file attached.
async fn with_papers(
    connection: &impl ConnectionTrait,
    whose: &Condition,
    window: Span,
) -> Result<HashSet<Uuid>, DbErr> {
    use leave_attachment::Column;
    let request = leave_attachment::Entity::belongs_to(leave_request::Entity)
        .from(Column::RequestId)
        .to(leave_request::Column::Id);
    let rows: Vec<Uuid> = leave_attachment::Entity::find()
        .join(JoinType::InnerJoin, request.into())
        .join(JoinType::InnerJoin, of_officer())
        .filter(whose.clone())
        .filter(touches(window))
        .filter(leave_request::Column::EvidenceNeeded.eq(true))
        .filter(Column::RemovedAt.is_null())
        .select_only()
        .column(Column::RequestId)
        .group_by(Column::RequestId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

fn touches(window: Span) -> Condition {
    use leave_request::Column;
    Condition::all().add(Column::ToDay.gte(window.from().date.date())).add(Column::FromDay.lte(window.to().date.date()))
}

async fn export_leave_summary(call: Call<ExportLeaveSummary>) -> Result<Response, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let court = court_in_reach(state.database.read(), caller, call.query.court).await?;
    may_export(caller, &court)?;
    let summary = summary(state, caller, call.query).await?;
    let month = summary.month;
    let reference = state.reference.current(state.database.read()).await?;
    let catalogue = &reference.leave_types;
    let nothing = || Cell::Text(String::new());
    let leave = |line: SummaryLine| {
        vec![
            Cell::Text(line.officer),
            Cell::Text(line.name),
            Cell::Text(line.department),
            Cell::Text(catalogue.title(&line.leave_type).to_owned()),
            Cell::HalfDays(line.half_days),
            Cell::Count(line.requests),
            Cell::Count(line.late),
            nothing(),
            nothing(),
        ]
    };
    // In columns of their own, so that nobody adds days out of town up to days of leave.
    let report = |line: ReportLine| {
        vec![
            Cell::Text(line.officer),
            Cell::Text(line.name),
            Cell::Text(line.department),
            Cell::Text("外出报备".to_owned()),
            nothing(),
            nothing(),
            nothing(),
            Cell::HalfDays(line.half_days),
            Cell::Count(line.reports),
        ]
    };
    let rows: Vec<_> = summary.lines.into_iter().map(leave).chain(summary.reports.into_iter().map(report)).collect();
    let head = &["工号", "姓名", "部门", "假别", "天数", "请假次数", "逾期销假次数", "外出天数", "外出次数"];
    let bytes = exporting::workbook(&format!("请销假汇总 {month}"), head, &rows).map_err(Failure::internal)?;
    let exported = BTreeMap::from([("month", month.to_string()), ("rows", rows.len().to_string())]);
    record(state, caller, "leave.export_summary", &court, &exported).await?;
    file(bytes, &format!("leave-summary-{month}.xlsx"))
}

/// Writes down that personal data leave the house; without that they do not.
async fn record(
    state: &AppState,
    caller: &Caller,
    action: &str,
    court: &court::Model,
    exported: &(impl serde::Serialize + Sync),
) -> Result<(), Failure> {
    let id = court.id.to_string();
    let tx = state.database.begin().await?;
    let deed = Deed { action, subject: "court", id: &id };
    audit::record(&tx, &state.clock, &Actor::from(caller), deed, None::<&()>, Some(exported)).await?;
    Ok(tx.commit().await?)
}

fn file(bytes: Vec<u8>, name: &str) -> Result<Response, Failure> {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(Failure::internal)?;
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
