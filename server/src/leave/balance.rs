//! Balances: on a day, explained line by line, and what HR gives or puts right.

use std::cmp::Reverse;
use std::collections::HashMap;

use app::account::rules::Permission;
use app::api::{Code, Problem};
use app::day::{Day, Timestamp};
use app::leave::api::{
    Balance, Balances, Expiring, FORESEEN_YEARS, GetStatement, GrantLeave, GrantLeaveToOfficer, ListBalances, Lost,
    Statement, StatementLine,
};
use app::leave::grant::{Grant, Lot, Source, give, lower};
use app::leave::ledger::{Entry, Kind};
use app::leave::statement::{About, brought_forward, lost, words, year_of};
use app::leave::types::{GrantRule, Lane, LeaveType, days_text};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::account::{self, Account};
use super::{accounts, recount, store, types};
use crate::audit::{self, Actor, Deed};
use crate::database::{Transaction, among};
use crate::entity::{leave_entry, leave_grant, leave_request, officer};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::org::store::lock_officer;
use crate::session::Caller;
use crate::state::AppState;

/// The longest reason of a grant, in characters.
const REASON_LIMIT: usize = 200;

/// The most that HR gives or takes at once, in half days: a year.
const MOST: i64 = 732;

/// The most grants that one deed of HR takes from.
const PARTS: u128 = 64;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListBalances, _, _, _>(list_balances)
        .mount::<GetStatement, _, _, _>(get_statement)
        .mount::<GrantLeaveToOfficer, _, _, _>(grant_leave)
}

async fn list_balances(call: Call<ListBalances>) -> Result<Balances, Failure> {
    let caller = call.caller()?;
    let asked = call.query.officer.as_deref();
    let officer = crate::org::visible_officer(&call.state, caller, Permission::ReadLeave, asked).await?;
    let on = call.query.on.unwrap_or_else(|| call.state.today());
    check_foreseeable(&call.state, on, call.state.today(), "on")?;
    balances(&call.state, &officer, on).await
}

/// What the rules will grant can be foreseen for some years. What they would have granted in years that are over is not
/// to be found out any more: statements tell what was.
fn check_foreseeable(state: &AppState, on: Day, first: Day, field: &str) -> Result<(), Failure> {
    let last = state.today().year() + FORESEEN_YEARS;
    if on >= first && on.year() <= last {
        return Ok(());
    }
    let text = format!("日期应在{}到{last}年底之间，以前的变化请看明细", first.text());
    Err(Failure::bad_input(field, text))
}

/// The balances of an officer on a day. On a day to come they are a forecast: what the rules will have granted and
/// ended by then, if nothing more is taken. A request of that day is judged by the same account, so that what is foreseen
/// as available can be asked for; what may go over until then cannot yet, and is told apart.
///
/// # Errors
/// The database fails.
pub async fn balances(state: &AppState, officer: &officer::Model, on: Day) -> Result<Balances, Failure> {
    let connection = state.database.read();
    let reference = state.reference.current(connection).await?;
    let catalogue = &reference.leave_types;
    let (year, today) = (on.year(), state.today());
    let years = Ord::min(year, today.year())..=year;
    let mut account = Account::load(connection, &reference, officer, years.clone()).await?;
    let as_of = Ord::max(today, on);
    for leave_type in account::yearly(catalogue) {
        // What this year still owes belongs to what it can leave over.
        account.grant_owed(leave_type, years.clone(), as_of, || state.clock.new_id());
    }
    let carried = |lots: &[Lot]| {
        let open = lots.iter().filter(|lot| lot.grant.source == Source::CarryOver && lot.grant.is_open(on));
        open.fold((0, on), |(sum, _), lot| (sum + lot.totals.available(), lot.grant.until))
    };
    let goes_over = |leave_type: &LeaveType| {
        leave_type.carry_over.filter(|_| on > today)?;
        let mut later = account.clone();
        later.end_over(leave_type, on, || state.clock.new_id());
        let (before, _) = carried(&account.lots(&leave_type.name));
        let (after, until) = carried(&later.lots(&leave_type.name));
        (after > before).then_some(Expiring { half_days: after - before, on: until })
    };
    let balance = |leave_type: &LeaveType| {
        let exclusions = account.exclusions(leave_type, year..=year, as_of);
        let lots = Lot::without_lost(&account.lots(&leave_type.name), &exclusions);
        let lost = exclusions.get(&year).map(|exclusion| Lost {
            half_days: lots.iter().map(|lot| lot.totals.lost).sum(),
            text: exclusion.words(year, &leave_type.title),
        });
        let of_year = account.of_year(&leave_type.name, year);
        let open = if leave_type.has_balance() { Lot::open_on(&lots, on) } else { of_year };
        Balance {
            leave_type: leave_type.name.clone(),
            minutes: leave_type.lane() == Lane::Hours,
            half_days: leave_type.has_balance().then(|| open.half_days()),
            held: open.held,
            available: leave_type.has_balance().then(|| open.available()),
            used: of_year.used,
            expiring: Lot::first_to_end(&lots, on).map(|(half_days, on)| Expiring { half_days, on }),
            lost,
            goes_over: goes_over(leave_type),
        }
    };
    Ok(Balances { year, balances: catalogue.active().map(balance).collect() })
}

async fn get_statement(call: Call<GetStatement>) -> Result<Statement, Failure> {
    let caller = call.caller()?;
    let state = &call.state;
    let asked = call.query.officer.as_deref();
    let officer = crate::org::visible_officer(state, caller, Permission::ReadLeave, asked).await?;
    let connection = state.database.read();
    let reference = state.reference.current(connection).await?;
    let leave_type = types::find(&reference.leave_types, &call.query.leave_type)?;
    let year = call.query.year.unwrap_or_else(|| state.today().year());
    let bounds = Day::new(year, 1, 1).zip(Day::new(year, 12, 31));
    let (first, last) = bounds.ok_or_else(|| Failure::bad_input("year", "年份无效，请重新选择"))?;
    let grants = leave_grant::Entity::find()
        .filter(leave_grant::Column::OfficerId.eq(officer.id))
        .filter(leave_grant::Column::LeaveType.eq(&leave_type.name))
        .filter(leave_grant::Column::ValidUntil.gte(first.date()))
        .filter(leave_grant::Column::ValidFrom.lte(last.date()))
        .all(connection)
        .await?;
    let grants: HashMap<Uuid, Grant> = grants.iter().filter_map(|row| Some((row.id, account::grant(row)?))).collect();
    let mut rows = leave_entry::Entity::find()
        .filter(leave_entry::Column::OfficerId.eq(officer.id))
        .filter(leave_entry::Column::LeaveType.eq(&leave_type.name))
        .filter(
            Condition::any()
                .add(leave_entry::Column::Year.eq(year))
                .add_option(among(leave_entry::Column::GrantId, grants.keys().copied())),
        )
        .all(connection)
        .await?;
    rows.sort_by_key(|row| (row.at, Kind::parse(&row.kind), row.id));
    let year_of = |row: &leave_entry::Model| {
        let grant = row.grant_id.and_then(|id| grants.get(&id).copied());
        Kind::parse(&row.kind).map_or(row.year, |kind| year_of(kind, row.year, grant))
    };
    let brought: i64 = rows.iter().filter(|row| year_of(row) < year).map(|row| row.half_days).sum();
    rows.retain(|row| year_of(row) == year);
    let requests = leave_request::Entity::find()
        .filter(leave_request::Column::Id.is_in(rows.iter().filter_map(|row| row.request_id)))
        .all(connection)
        .await?;
    let requests: HashMap<Uuid, &leave_request::Model> = requests.iter().map(|row| (row.id, row)).collect();
    let mut after = brought;
    let line = |row: leave_entry::Model| {
        let kind = Kind::parse(&row.kind)?;
        after += row.half_days;
        let request = row.request_id.and_then(|id| requests.get(&id));
        let about = About {
            grant: row.grant_id.and_then(|id| grants.get(&id).copied()),
            request: request.map(|request| (request.number.as_str(), store::span(request))),
            note: row.note.as_deref(),
            minutes: leave_type.lane() == Lane::Hours,
        };
        Some(StatementLine {
            at: Timestamp::from_millis(row.at),
            kind,
            half_days: row.half_days,
            after: if leave_type.has_balance() { after } else { -after },
            text: words(kind, row.half_days, &leave_type.title, about),
            request: row.request_id,
        })
    };
    let brought = (leave_type.has_balance() && brought != 0).then(|| StatementLine {
        at: state.config.zone.at(first, 0),
        kind: Kind::Grant,
        half_days: brought,
        after: brought,
        text: brought_forward(brought, &leave_type.title),
        request: None,
    });
    let mut lines: Vec<StatementLine> = brought.into_iter().chain(rows.into_iter().filter_map(line)).collect();
    // No entry takes a lost year away, since it follows from the absences and ends with them; the last line says so.
    let account = Account::load(connection, &reference, &officer, year..=year).await?;
    let exclusions = account.exclusions(leave_type, year..=year, Ord::max(state.today(), first));
    if let Some(exclusion) = exclusions.get(&year) {
        let lots = Lot::without_lost(&account.lots(&leave_type.name), &exclusions);
        let half_days: i64 = lots.iter().map(|lot| lot.totals.lost).sum();
        let before = lines.last().map(|line| (line.at, line.after));
        let (at, after) = before.unwrap_or_else(|| (state.config.zone.at(first, 0), 0));
        lines.push(StatementLine {
            at,
            kind: Kind::Expire,
            half_days: -half_days,
            after: after - half_days,
            text: lost(&exclusion.words(year, &leave_type.title), half_days),
            request: None,
        });
    }
    Ok(Statement { leave_type: leave_type.name.clone(), year, lines })
}

async fn grant_leave(call: Call<GrantLeaveToOfficer>) -> Result<Balances, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let state = &call.state;
    let reason = body.reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_LIMIT {
        return Err(Failure::bad_input("reason", format!("请填写原因，最多{REASON_LIMIT}字，会显示在余额明细里")));
    }
    if body.half_days == 0 || body.half_days.abs() > MOST {
        return Err(Failure::bad_input("half_days", "天数应不为0，且不超过一年"));
    }
    let found = accounts::managed(state, caller, &body.officer).await?;
    let tx = state.database.begin().await?;
    let officer = lock_officer(&tx, found.id).await?.ok_or_else(|| Failure::not_found("这名干警"))?;
    let from = body.from.unwrap_or_else(|| state.today());
    let reference = state.reference.current(&tx).await?;
    let leave_type = types::find(&reference.leave_types, &body.leave_type)?;
    if let Some(stored) = leave_entry::Entity::find_by_id(body.id).one(&tx).await? {
        let same = stored.officer_id == officer.id
            && stored.leave_type == body.leave_type
            && stored.note.as_deref() == Some(reason)
            && recorded(&tx, body.id).await? == body.half_days
            && same_window(&tx, &stored, &body, leave_type).await?;
        tx.rollback().await?;
        return if same {
            granted(state, caller, &officer, &body.leave_type, from.max(state.today())).await
        } else {
            Err(Problem::new(Code::IdReused, "这个编号已用于另一次登记，请刷新后重新填写").at("id").into())
        };
    }
    // What is given for an event may be of the year before; the balance of a year that is over is not touched any more.
    let is_earned = matches!(leave_type.grant, GrantRule::Earned { .. });
    let first = Day::new(state.today().year() - i32::from(is_earned), 1, 1).unwrap_or(from);
    check_foreseeable(state, from, first, "from")?;
    let entries = entries(&tx, state, &officer, leave_type, &body, from).await?;
    let at = state.now().millis();
    let rows = entries.iter().zip(ids(body.id)).map(|(entry, id)| leave_entry::ActiveModel {
        id: Set(id),
        officer_id: Set(officer.id),
        leave_type: Set(leave_type.name.clone()),
        year: Set(entry.year),
        kind: Set(entry.kind.as_str().to_owned()),
        half_days: Set(entry.half_days),
        request_id: Set(None),
        at: Set(at),
        grant_id: Set(entry.grant),
        note: Set(Some(reason.to_owned())),
        made_by: Set(Some(caller.id)),
    });
    leave_entry::Entity::insert_many(rows).exec_without_returning(&tx).await?;
    let deed = Deed { action: "leave.grant", subject: "officer", id: &officer.number };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, None::<&()>, Some(&body)).await?;
    if body.half_days > 0 {
        recount::settle(&tx, state, &officer).await?;
    }
    tx.commit().await?;
    granted(state, caller, &officer, &body.leave_type, from.max(state.today())).await
}

/// What the one who granted sees of the account: the type itself, and the others where he may read the officer's leave.
async fn granted(
    state: &AppState,
    caller: &Caller,
    officer: &officer::Model,
    leave_type: &str,
    on: Day,
) -> Result<Balances, Failure> {
    let mut all = balances(state, officer, on).await?;
    if !caller.may(Permission::ReadLeave, officer.court_id, Some(officer.department_id)) {
        all.balances.retain(|balance| balance.leave_type == leave_type);
    }
    Ok(all)
}

/// The ids of the entries of one deed of HR: its own, and those that follow it where several grants have to pay.
fn ids(deed: Uuid) -> impl Iterator<Item = Uuid> {
    (0..PARTS).map(move |part| Uuid::from_u128(deed.as_u128().wrapping_add(part)))
}

/// What a deed of HR recorded, all of its entries together.
async fn recorded(tx: &Transaction, deed: Uuid) -> Result<i64, DbErr> {
    let entries = leave_entry::Entity::find().filter(leave_entry::Column::Id.is_in(ids(deed))).all(tx).await?;
    Ok(entries.iter().map(|entry| entry.half_days).sum())
}

/// Whether a repeat names the days, or the year, that the entry was made with, where it names any.
async fn same_window(
    tx: &Transaction,
    stored: &leave_entry::Model,
    body: &GrantLeave,
    leave_type: &LeaveType,
) -> Result<bool, DbErr> {
    let GrantRule::Earned { lasts_days } = leave_type.grant else {
        return Ok(body.from.is_none_or(|from| from.year() == stored.year));
    };
    let Some(id) = stored.grant_id.filter(|_| body.half_days > 0) else { return Ok(true) };
    let grant = leave_grant::Entity::find_by_id(id).one(tx).await?;
    let grant = grant.as_ref().and_then(account::grant);
    Ok(grant.is_none_or(|grant| {
        let until = body.until.unwrap_or_else(|| grant.from.plus(lasts_days));
        body.from.is_none_or(|from| from == grant.from) && until == grant.until
    }))
}

/// The entries that give or correct: what HR gives for an event gets a grant of its own, a balance of a year is adjusted.
/// What is taken back comes from as many grants as it needs, none of which falls below zero.
async fn entries(
    tx: &Transaction,
    state: &AppState,
    officer: &officer::Model,
    leave_type: &LeaveType,
    body: &GrantLeave,
    from: Day,
) -> Result<Vec<Entry>, Failure> {
    let (title, year, today) = (&leave_type.title, from.year(), state.today());
    let reference = state.reference.current(tx).await?;
    match leave_type.grant {
        GrantRule::None => Err(Failure::bad_input("leave_type", format!("{title}不设额度，不需要登记或调整"))),
        GrantRule::Earned { lasts_days } if body.half_days > 0 => {
            let until = body.until.unwrap_or_else(|| from.plus(lasts_days));
            if until < from.max(today) {
                return Err(Failure::bad_input("until", "有效期的最后一天不能早于开始日期和今天"));
            }
            let grant = Grant { id: state.clock.new_id(), source: Source::Earned, year, from, until };
            begin(tx, state, officer, leave_type, &grant).await?;
            Ok(vec![give(&grant, body.half_days)])
        }
        GrantRule::Earned { .. } => {
            // What was recorded for a day to come by mistake is taken back as well.
            let account = Account::load(tx, &reference, officer, today.year()..=today.year() + FORESEEN_YEARS).await?;
            let lots = account.lots(&leave_type.name).into_iter();
            let mut lots: Vec<Lot> = lots.filter(|lot| lot.grant.until >= today).collect();
            // A mistake is found soon: the last one that was given comes first.
            lots.sort_by_key(|lot| Reverse(lot.grant.id));
            taken_back(&lots, -body.half_days, title)
        }
        GrantRule::ByService { .. } | GrantRule::Yearly { .. } => {
            let mut account = Account::load(tx, &reference, officer, year..=year).await?;
            let owed = account.grant_owed(leave_type, year..=year, today, || state.clock.new_id());
            account.write(tx, &state.clock, &owed).await?;
            let lots = account.lots(&leave_type.name).into_iter();
            let lots: Vec<Lot> = lots.filter(|lot| lot.grant.source.is_own() && lot.grant.year == year).collect();
            if body.half_days < 0 {
                return taken_back(&lots, -body.half_days, &format!("{year}年{title}"));
            }
            let grant = match lots.iter().find(|lot| lot.grant.source == Source::Year) {
                Some(lot) => lot.grant,
                None => {
                    let grant = Grant::of_year(state.clock.new_id(), year)
                        .ok_or_else(|| Failure::bad_input("from", "日期超出范围"))?;
                    begin(tx, state, officer, leave_type, &grant).await?;
                    grant
                }
            };
            Ok(vec![Entry { kind: Kind::Adjust, year, half_days: body.half_days, grant: Some(grant.id) }])
        }
    }
}

async fn begin(
    tx: &Transaction,
    state: &AppState,
    officer: &officer::Model,
    leave_type: &LeaveType,
    grant: &Grant,
) -> Result<(), DbErr> {
    let row = account::grant_row(officer.id, &leave_type.name, grant, state.now().millis());
    leave_grant::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// The entries that take half days back from these grants, all of them or none.
fn taken_back(lots: &[Lot], half_days: i64, whose: &str) -> Result<Vec<Entry>, Failure> {
    let (entries, missing) = lower(&lots[..lots.len().min(PARTS as usize)], half_days);
    if missing == 0 {
        return Ok(entries);
    }
    let left = days_text(half_days - missing);
    let text = format!("{whose}只剩{left}可以调减，请核对天数；审批中的申请所占的天数不能调减");
    Err(Problem::new(Code::InsufficientBalance, text).at("half_days").into())
}
