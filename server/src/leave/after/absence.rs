//! 逾期未归: the record that an officer is not back, what he says to it, and how it is lifted.

use std::collections::{BTreeSet, HashMap};

use app::api::{Code, Problem};
use app::day::{Day, HalfDay, Timestamp};
use app::leave::api::{
    AbsenceDeed, AbsenceEntry, AnswerLeaveAbsence, LeaveRequest, LiftLeaveAbsence, RecordLeaveAbsence,
};
use app::leave::rules::Viewer;
use app::leave::rules::absence::{Deed, KnownBy, current, lift, may_answer, record};
use app::leave::rules::series::Standing;
use app::notice::rules::{News, NoticeKind};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::series;
use crate::database::Transaction;
use crate::entity::{absence_entry, leave_request};
use crate::error::Failure;
use crate::leave::act::{REASON_LIMIT, bump, in_version, record as audit, stored};
use crate::leave::{FORM, one, store, view, visible_request};
use crate::mount::{Api, Call};
use crate::notice;
use crate::session::Caller;
use crate::state::AppState;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<RecordLeaveAbsence, _, _, _>(record_leave_absence)
        .mount::<AnswerLeaveAbsence, _, _, _>(answer_leave_absence)
        .mount::<LiftLeaveAbsence, _, _, _>(lift_leave_absence)
}

/// The stored name of [`Deed::Recorded`].
pub(crate) const RECORDED: &str = "recorded";
const ANSWERED: &str = "answered";
const BACK: &str = "back";
const MISTAKEN: &str = "mistaken";

/// The entries about these requests, each request's first one first.
///
/// # Errors
/// The database fails.
pub(crate) async fn of(
    connection: &impl ConnectionTrait,
    requests: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<absence_entry::Model>, DbErr> {
    absence_entry::Entity::find()
        .filter(absence_entry::Column::RequestId.is_in(requests))
        .order_by_asc(absence_entry::Column::Seq)
        .all(connection)
        .await
}

/// The log of one request, as the rules read it.
pub(crate) fn log(entries: &[absence_entry::Model], request: Uuid) -> Vec<Deed> {
    let of_request = entries.iter().filter(|entry| entry.request_id == request);
    of_request.map(deed).collect()
}

/// The days of leave of whoever some entries are about, which are no days of an absence: none are asked for where nothing
/// is on record.
///
/// # Errors
/// The database fails.
pub(crate) async fn explained(
    connection: &impl ConnectionTrait,
    entries: &[absence_entry::Model],
    officers: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, BTreeSet<Day>>, DbErr> {
    let Some(first) = entries.iter().filter_map(|entry| entry.day).min() else { return Ok(HashMap::new()) };
    store::days_away(connection, officers.into_iter().collect(), Day::from(first)).await
}

fn deed(entry: &absence_entry::Model) -> Deed {
    match (entry.deed.as_str(), entry.day) {
        (RECORDED, Some(day)) => Deed::Recorded(Day::from(day)),
        (BACK, Some(day)) => Deed::Back(Day::from(day)),
        (MISTAKEN, _) => Deed::Mistaken,
        // An entry that nobody can read accuses nobody.
        _ => Deed::Answered,
    }
}

/// An entry as it goes out; `by` is the name of who made it.
pub(crate) fn drawn(entry: &absence_entry::Model, by: String) -> AbsenceEntry {
    AbsenceEntry {
        deed: match deed(entry) {
            Deed::Recorded(_) => AbsenceDeed::Recorded,
            Deed::Answered => AbsenceDeed::Answered,
            Deed::Back(_) => AbsenceDeed::Back,
            Deed::Mistaken => AbsenceDeed::Mistaken,
        },
        by,
        at: Timestamp::from_millis(entry.at),
        day: entry.day.map(Day::from),
        known_by: entry.known_by.as_deref().and_then(KnownBy::parse),
        note: entry.note.clone(),
    }
}

/// A request that an absence is about, locked with its series, and the caller's part in it.
struct Case {
    row: leave_request::Model,
    standing: Standing,
    viewer: Viewer,
    entries: Vec<absence_entry::Model>,
    log: Vec<Deed>,
}

impl Case {
    async fn lock(tx: &Transaction, state: &AppState, caller: &Caller, id: Uuid) -> Result<Self, Failure> {
        let missing = || Failure::not_found("这份请假");
        let seen = store::request(tx, id).await?.ok_or_else(missing)?;
        let rows = series::lock(tx, &seen).await?;
        let row = rows.iter().find(|row| row.id == id).cloned().ok_or_else(missing)?;
        let standing = series::standing(tx, state, &rows, &row).await?;
        let viewer = view::viewer(tx, &row, caller).await?;
        let entries = of(tx, [id]).await?;
        let log = log(&entries, id);
        Ok(Self { row, standing, viewer, entries, log })
    }

    /// Writes an entry, tells somebody, and moves the request to its next version.
    async fn append(
        self,
        tx: &Transaction,
        state: &AppState,
        caller: &Caller,
        (deed, known_by, note): (Deed, Option<KnownBy>, &str),
        news: impl IntoIterator<Item = News>,
    ) -> Result<leave_request::Model, Failure> {
        let (name, day, action) = match deed {
            Deed::Recorded(since) => (RECORDED, Some(since), "leave.record_absence"),
            Deed::Answered => (ANSWERED, None, "leave.answer_absence"),
            Deed::Back(day) => (BACK, Some(day), "leave.lift_absence"),
            Deed::Mistaken => (MISTAKEN, None, "leave.lift_absence"),
        };
        let entry = absence_entry::Model {
            request_id: self.row.id,
            seq: i32::try_from(self.entries.len()).map_err(Failure::internal)?,
            deed: name.to_owned(),
            day: day.map(Day::date),
            known_by: known_by.map(|known| known.as_str().to_owned()),
            note: note.to_owned(),
            made_by: caller.id,
            at: state.now().millis(),
        };
        absence_entry::Entity::insert(entry.into_active_model()).exec_without_returning(tx).await?;
        let told = day.map_or_else(|| name.to_owned(), |day| format!("{name} {day}"));
        audit(tx, state, caller, action, self.row.id, None, Some(&told)).await?;
        let subject = notice::Subject { kind: FORM, id: self.row.id, number: &self.row.number };
        notice::send(tx, &state.clock, subject, news).await?;
        let state_now = stored(&self.row)?;
        Ok(bump(self.row, state_now).update(tx).await?)
    }
}

/// What somebody has to say, trimmed.
fn words(note: &str, missing: &str) -> Result<String, Failure> {
    let note = note.trim();
    if note.is_empty() {
        return Err(Problem::new(Code::ReasonRequired, missing).at("note").into());
    }
    if note.chars().count() > REASON_LIMIT {
        return Err(Failure::bad_input("note", format!("说明最多 {REASON_LIMIT} 字，请删减")));
    }
    Ok(note.to_owned())
}

async fn record_leave_absence(call: Call<RecordLeaveAbsence>) -> Result<LeaveRequest, Failure> {
    let (caller, body, state) = (call.caller()?, call.body()?, &call.state);
    let note = words(&body.note, "请写明已如何联系本人，本人会看到")?;
    visible_request(state, caller, call.path.id).await?;
    let tx = state.database.begin().await?;
    let case = Case::lock(&tx, state, caller, call.path.id).await?;
    let judged = record(&case.standing, case.viewer, &case.log, body.since, state.today());
    if judged == Err(Code::NotAllowed) {
        let text = "只有批准这份请假的领导、部门负责人或政治部可以记录未归";
        return Err(Failure::new(Code::NotAllowed, text));
    }
    in_version(&tx, state, caller, case.row.clone(), body.version).await?;
    let deed = judged.map_err(|code| match code {
        Code::BadInput => Failure::bad_input("since", "未归起始日应在假期结束之后、今天之前（含今天），请重新选择"),
        _ if case.standing.is_extension_in_the_way() => {
            Failure::new(code, "续假还没有结论，请先对续假作出决定，再视情况记录")
        }
        code => Failure::new(code, "只有假期已结束、尚未报到且没有未归记录的请假可以记录未归，请刷新查看最新状态"),
    })?;
    let officer = case.row.officer_id;
    if store::away(&tx, vec![officer], HalfDay::am(body.since)).await?.contains(&officer) {
        let text = "本人这一天在另一份已批准的请假中，不能记为未归；请核对后重新选择起始日";
        return Err(Failure::bad_input("since", text));
    }
    let news = News { officer, kind: NoticeKind::AbsenceRecorded, actor: Some(caller.id) };
    let row = case.append(&tx, state, caller, (deed, Some(body.known_by), &note), [news]).await?;
    tx.commit().await?;
    one(state, row, caller).await
}

async fn answer_leave_absence(call: Call<AnswerLeaveAbsence>) -> Result<LeaveRequest, Failure> {
    let (caller, body, state) = (call.caller()?, call.body()?, &call.state);
    let note = words(&body.note, "请填写说明，记录人会看到")?;
    let tx = state.database.begin().await?;
    let seen = store::request(&tx, call.path.id).await?;
    if seen.is_none_or(|row| row.officer_id != caller.id) {
        return Err(Failure::not_found("这份请假"));
    }
    let case = Case::lock(&tx, state, caller, call.path.id).await?;
    in_version(&tx, state, caller, case.row.clone(), body.version).await?;
    may_answer(&case.standing, case.viewer, &case.log)
        .map_err(|code| Failure::new(code, "没有需要说明的未归记录，请刷新查看最新状态"))?;
    let recorded_by = current(&case.log).and_then(|open| case.entries.get(open.at)).map(|entry| entry.made_by);
    let news = recorded_by.map(|officer| News { officer, kind: NoticeKind::StaffAbsent, actor: Some(caller.id) });
    let row = case.append(&tx, state, caller, (Deed::Answered, None, &note), news).await?;
    tx.commit().await?;
    one(state, row, caller).await
}

async fn lift_leave_absence(call: Call<LiftLeaveAbsence>) -> Result<LeaveRequest, Failure> {
    let (caller, body, state) = (call.caller()?, call.body()?, &call.state);
    let note = words(&body.note, "请填写解除记录的理由，本人会看到")?;
    visible_request(state, caller, call.path.id).await?;
    let tx = state.database.begin().await?;
    let case = Case::lock(&tx, state, caller, call.path.id).await?;
    let judged = lift(&case.standing, case.viewer, &case.log, body.back, state.today());
    if judged == Err(Code::NotAllowed) {
        let text = "只有批准这份请假的领导、部门负责人或政治部可以解除记录；本人已返岗的，请销假";
        return Err(Failure::new(Code::NotAllowed, text));
    }
    in_version(&tx, state, caller, case.row.clone(), body.version).await?;
    let deed = judged.map_err(|code| match code {
        Code::BadInput => Failure::bad_input("back", "返岗日应在未归起始日之后、今天之前（含今天），请重新选择"),
        code => Failure::new(code, "没有可以解除的未归记录，请刷新查看最新状态"),
    })?;
    let news = News { officer: case.row.officer_id, kind: NoticeKind::AbsenceRecorded, actor: Some(caller.id) };
    let row = case.append(&tx, state, caller, (deed, None, &note), [news]).await?;
    tx.commit().await?;
    one(state, row, caller).await
}
