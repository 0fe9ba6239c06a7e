//! 工作代理人: who is asked to stand in hears of it, answers, and is warned of what speaks against it.

use std::collections::HashMap;

use app::api::{Code, Problem};
use app::day::{Day, Span};
use app::leave::api::{AnswerStandIn, LeaveRequest, ListStandIns, NameStandIn, StandIn, StandIns, Warning};
use app::leave::conflict::Hearing;
use app::leave::rules::{Stored, status};
use app::leave::stand_in::{Facts, StandInState, answer, has_left, may_answer, may_name, remarks};
use app::notice::rules::{News, NoticeKind};
use app::org::rules::OfficerStatus;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::act::{find_stand_in, record, stored};
use super::{FORM, conflict, stand_in_rule, store};
use crate::entity::{leave_request, officer};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::notice;
use crate::org::store::people;
use crate::state::AppState;

/// The longest word with an answer, in characters.
const NOTE_LIMIT: usize = 100;

pub(super) fn mount(api: Api) -> Api {
    let api = api.mount::<ListStandIns, _, _, _>(list_stand_ins).mount::<AnswerStandIn, _, _, _>(answer_stand_in);
    stand_in_rule::mount(api.mount::<NameStandIn, _, _, _>(name_stand_in))
}

/// The answer of a request's stand-in; nothing where nobody stands in.
pub(crate) fn state_of(row: &leave_request::Model) -> Option<StandInState> {
    row.stand_in_id?;
    Some(row.stand_in_answer.as_deref().and_then(StandInState::parse).unwrap_or(StandInState::Open))
}

/// Somebody who is to stand in for a request over a span; a preview has no request yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) request: Option<Uuid>,
    pub(crate) officer: Uuid,
    pub(crate) span: Span,
}

/// What could speak against some colleagues standing in.
pub(crate) struct Busy {
    away: HashMap<Uuid, (Vec<Span>, Vec<Span>)>,
    hearings: HashMap<Uuid, Vec<Hearing>>,
    /// By who stands in: the request, for whom, when.
    stands_in: HashMap<Uuid, Vec<(Uuid, String, Span)>>,
}

impl Busy {
    /// Three queries, whatever the number of those who are asked.
    ///
    /// # Errors
    /// The database fails.
    pub(crate) async fn load(connection: &impl ConnectionTrait, asked: &[Asked]) -> Result<Self, DbErr> {
        let first = asked.iter().map(|one| one.span.from().date).min();
        let last = asked.iter().map(|one| one.span.to().date).max();
        let officers: Vec<Uuid> = asked.iter().map(|one| one.officer).collect();
        let Some(days) = first.zip(last) else {
            return Ok(Self { away: HashMap::new(), hearings: HashMap::new(), stands_in: HashMap::new() });
        };
        Ok(Self {
            away: conflict::away(connection, officers.clone(), days).await?,
            hearings: conflict::hearings(connection, &officers, days).await?,
            stands_in: stands_in(connection, &officers, days).await?,
        })
    }

    /// What speaks against one of them, who has this name.
    pub(crate) fn of(&self, asked: Asked, name: &str) -> Vec<Warning> {
        let (away, requested) = self.away.get(&asked.officer).cloned().unwrap_or_default();
        let others = self.stands_in.get(&asked.officer).map(Vec::as_slice).unwrap_or_default();
        let others: Vec<(String, Span)> = others
            .iter()
            .filter(|(request, ..)| Some(*request) != asked.request)
            .map(|(_, name, span)| (name.clone(), *span))
            .collect();
        let facts = Facts {
            name,
            away: &away,
            asked: &requested,
            hearings: self.hearings.get(&asked.officer).map_or(&[], Vec::as_slice),
            stands_in: &others,
        };
        remarks(asked.span, facts)
    }
}

/// For whom officers stand in between two days, as far as they have not declined.
async fn stands_in(
    connection: &impl ConnectionTrait,
    officers: &[Uuid],
    days: (Day, Day),
) -> Result<HashMap<Uuid, Vec<(Uuid, String, Span)>>, DbErr> {
    use leave_request::Column::StandInAnswer;
    let not_declined = StandInAnswer.is_null().or(StandInAnswer.ne(StandInState::Declined.as_str()));
    standing_in(connection, officers, days, not_declined).await
}

/// For whom officers have agreed to stand in between two days, and when: one query.
///
/// # Errors
/// The database fails.
pub(crate) async fn agreed(
    connection: &impl ConnectionTrait,
    officers: &[Uuid],
    days: (Day, Day),
) -> Result<HashMap<Uuid, Vec<(String, Span)>>, DbErr> {
    let accepted = leave_request::Column::StandInAnswer.eq(StandInState::Accepted.as_str());
    let found = standing_in(connection, officers, days, accepted).await?;
    let plain = |list: Vec<(Uuid, String, Span)>| list.into_iter().map(|(_, name, span)| (name, span)).collect();
    Ok(found.into_iter().map(|(officer, list)| (officer, plain(list))).collect())
}

async fn standing_in(
    connection: &impl ConnectionTrait,
    officers: &[Uuid],
    (first, last): (Day, Day),
    answer: Expr,
) -> Result<HashMap<Uuid, Vec<(Uuid, String, Span)>>, DbErr> {
    use leave_request::Column;
    let rows: Vec<(leave_request::Model, Option<officer::Model>)> = leave_request::Entity::find()
        .filter(Column::StandInId.is_in(officers.iter().copied()))
        .filter(Column::State.is_in([Stored::InApproval, Stored::Approved].map(Stored::as_str)))
        .filter(Column::ToDay.gte(first.date()))
        .filter(Column::FromDay.lte(last.date()))
        .filter(answer)
        .order_by_asc(Column::FromDay)
        .order_by_asc(Column::Id)
        .join(
            sea_orm::JoinType::InnerJoin,
            leave_request::Entity::belongs_to(officer::Entity).from(Column::OfficerId).to(officer::Column::Id).into(),
        )
        .select_also(officer::Entity)
        .all(connection)
        .await?;
    let mut found: HashMap<Uuid, Vec<(Uuid, String, Span)>> = HashMap::new();
    for (request, applicant) in rows {
        let (Some(id), Some(applicant)) = (request.stand_in_id, applicant) else { continue };
        found.entry(id).or_default().push((request.id, applicant.name, store::span(&request)));
    }
    Ok(found)
}

/// What speaks against a colleague, named by his 工号, standing in; nothing for one whom nobody knows.
///
/// # Errors
/// The database fails.
pub(super) async fn warnings(
    connection: &impl ConnectionTrait,
    number: Option<&str>,
    request: Option<Uuid>,
    span: Option<Span>,
) -> Result<Vec<Warning>, DbErr> {
    let number = number.map(str::trim).filter(|number| !number.is_empty());
    let (Some(number), Some(span)) = (number, span) else { return Ok(Vec::new()) };
    let Some(row) = crate::account::store::officer_by_number(connection, number).await? else {
        return Ok(Vec::new());
    };
    if row.status != OfficerStatus::InService.as_str() {
        return Ok(vec![Warning { code: "stand_in_left".to_owned(), blocking: true, text: has_left(&row.name) }]);
    }
    let asked = Asked { request, officer: row.id, span };
    Ok(Busy::load(connection, &[asked]).await?.of(asked, &row.name))
}

/// Asks somebody to stand in: he is told.
///
/// # Errors
/// The database fails.
pub(super) async fn ask(
    tx: &crate::database::Transaction,
    state: &AppState,
    request: Uuid,
    number: &str,
    applicant: Uuid,
    stand_in: Option<Uuid>,
) -> Result<(), Failure> {
    let Some(officer) = stand_in else { return Ok(()) };
    let news = News { officer, kind: NoticeKind::StandInAsked, actor: Some(applicant) };
    notice::send(tx, &state.clock, notice::Subject { kind: FORM, id: request, number }, [news]).await?;
    Ok(())
}

/// Tells whoever stands in, or is asked to, that nothing comes of it, that it ends early, or that somebody else does:
/// unless he had declined anyway.
///
/// # Errors
/// The database fails.
pub(super) async fn tell_changed(
    tx: &crate::database::Transaction,
    state: &AppState,
    row: &leave_request::Model,
) -> Result<(), DbErr> {
    let (Some(officer), Some(StandInState::Open | StandInState::Accepted)) = (row.stand_in_id, state_of(row)) else {
        return Ok(());
    };
    let news = News { officer, kind: NoticeKind::StandInChanged, actor: Some(row.officer_id) };
    let subject = notice::Subject { kind: FORM, id: row.id, number: &row.number };
    notice::send(tx, &state.clock, subject, [news]).await
}

async fn name_stand_in(call: Call<NameStandIn>) -> Result<LeaveRequest, Failure> {
    let (caller, body, state) = (call.caller()?, call.body()?, &call.state);
    let tx = state.database.begin().await?;
    let row = store::lock_request(&tx, call.path.id)
        .await?
        .filter(|row| row.officer_id == caller.id)
        .ok_or_else(|| Failure::not_found("这份请假"))?;
    let named = find_stand_in(&tx, Some(&body.stand_in), caller.id).await?;
    let named = named.ok_or_else(|| Failure::bad_input("stand_in", "请选择代理人"))?;
    if row.stand_in_id == Some(named) {
        tx.rollback().await?;
        return super::one(state, row, caller).await;
    }
    if !may_name(stored(&row)?, store::span(&row), state_of(&row), state.today()) {
        let text = "代理人已同意或假期已结束，不能再换代理人；请刷新查看最新状态";
        return Err(Failure::new(Code::WrongState, text));
    }
    let before = match row.stand_in_id {
        Some(id) => officer::Entity::find_by_id(id).one(&tx).await?.map(|row| row.number),
        None => None,
    };
    if before.as_deref() != Some(body.instead_of.trim()) {
        let row = super::one(state, row, caller).await?;
        let current = serde_json::to_value(row).map_err(Failure::internal)?;
        return Err(Problem::new(Code::StaleVersion, "代理人刚刚已更换，请核对").with_current(current).into());
    }
    let names = [before, Some(body.stand_in.trim().to_owned())];
    record(&tx, state, caller, "leave.name_stand_in", row.id, names[0].as_ref(), names[1].as_ref()).await?;
    tell_changed(&tx, state, &row).await?;
    ask(&tx, state, row.id, &row.number, caller.id, Some(named)).await?;
    // Like his answer, who it is is no part of what is approved: the version stays.
    let mut change = row.into_active_model();
    change.stand_in_id = Set(Some(named));
    change.stand_in_answer = Set(None);
    change.stand_in_note = Set(None);
    change.stand_in_answered_at = Set(None);
    let row = change.update(&tx).await?;
    tx.commit().await?;
    super::one(state, row, caller).await
}

async fn draw(
    connection: &impl ConnectionTrait,
    state: &AppState,
    rows: Vec<leave_request::Model>,
) -> Result<Vec<StandIn>, Failure> {
    let asked: Vec<Asked> = rows
        .iter()
        .filter_map(|row| Some(Asked { request: Some(row.id), officer: row.stand_in_id?, span: store::span(row) }))
        .collect();
    let busy = Busy::load(connection, &asked).await?;
    let named = rows.iter().flat_map(|row| [Some(row.officer_id), row.stand_in_id]).flatten().collect();
    let (officers, departments) = people(connection, named).await?;
    let today = state.today();
    rows.into_iter()
        .zip(asked)
        .map(|(row, asked)| {
            let now = stored(&row)?;
            let (span, answered) = (asked.span, state_of(&row).unwrap_or(StandInState::Open));
            let applicant = officers.get(&row.officer_id).ok_or_else(|| Failure::internal("the applicant is gone"))?;
            let own_name = officers.get(&asked.officer).map_or("", |row| row.name.as_str());
            Ok(StandIn {
                id: row.id,
                officer: applicant.number.clone(),
                name: applicant.name.clone(),
                department: departments.get(&applicant.department_id).cloned().unwrap_or_default(),
                from: span.from(),
                to: span.to(),
                contact: row.contact,
                status: status(now, span, today),
                state: answered,
                note: row.stand_in_note.unwrap_or_default(),
                may_answer: may_answer(now, span, answered, today),
                warnings: busy.of(asked, own_name).into_iter().map(|warning| warning.text).collect(),
            })
        })
        .collect()
}

async fn one(
    connection: &impl ConnectionTrait,
    state: &AppState,
    row: leave_request::Model,
) -> Result<StandIn, Failure> {
    let mut drawn = draw(connection, state, vec![row]).await?;
    drawn.pop().ok_or_else(|| Failure::internal("one request was drawn as none"))
}

async fn list_stand_ins(call: Call<ListStandIns>) -> Result<StandIns, Failure> {
    let caller = call.caller()?;
    let connection = call.state.database.read();
    let states = [Stored::InApproval, Stored::SentBack, Stored::Approved].map(Stored::as_str);
    let rows = leave_request::Entity::find()
        .filter(leave_request::Column::StandInId.eq(caller.id))
        .filter(leave_request::Column::State.is_in(states))
        .filter(leave_request::Column::ToDay.gte(call.state.today().date()))
        .order_by_asc(leave_request::Column::FromDay)
        .order_by_asc(leave_request::Column::Id)
        .all(connection)
        .await?;
    Ok(StandIns { items: draw(connection, &call.state, rows).await? })
}

async fn answer_stand_in(call: Call<AnswerStandIn>) -> Result<StandIn, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let note = body.note.trim();
    if note.chars().count() > NOTE_LIMIT {
        return Err(Failure::bad_input("note", format!("留言最多 {NOTE_LIMIT} 字，请删减")));
    }
    let state = &call.state;
    let tx = state.database.begin().await?;
    let row = store::lock_request(&tx, call.path.id)
        .await?
        .filter(|row| row.stand_in_id == Some(caller.id))
        .ok_or_else(|| Failure::not_found("这份代理请求"))?;
    let span = store::span(&row);
    if (span.from(), span.to()) != (body.from, body.to) {
        let current = serde_json::to_value(one(&tx, state, row).await?).map_err(Failure::internal)?;
        let text = "申请人刚修改了时间，请按新的时间答复";
        return Err(Problem::new(Code::StaleVersion, text).with_current(current).into());
    }
    let before = state_of(&row).unwrap_or(StandInState::Open);
    let after = answer(stored(&row)?, span, before, body.accept, state.today())
        .map_err(|code| Failure::new(code, "这次请假已经开始或已结束，不能再改代理答复；请直接与申请人联系"))?;
    if after == before && row.stand_in_note.as_deref().unwrap_or_default() == note {
        return one(&tx, state, row).await;
    }
    let names = [before, after].map(|state| state.as_str().to_owned());
    record(&tx, state, caller, "leave.stand_in", row.id, Some(&names[0]), Some(&names[1])).await?;
    if after != before {
        let news = News { officer: row.officer_id, kind: NoticeKind::StandInAnswered, actor: Some(caller.id) };
        let subject = notice::Subject { kind: FORM, id: row.id, number: &row.number };
        notice::send(&tx, &state.clock, subject, [news]).await?;
    }
    // Not a change of the request itself: its version stays, so that nobody's decision comes too late for it.
    let mut change = row.into_active_model();
    change.stand_in_answer = Set(Some(after.as_str().to_owned()));
    change.stand_in_note = Set(Some(note.to_owned()).filter(|note| !note.is_empty()));
    change.stand_in_answered_at = Set(Some(state.now().millis()));
    let row = change.update(&tx).await?;
    let drawn = one(&tx, state, row).await?;
    tx.commit().await?;
    Ok(drawn)
}
