//! Files attached to a request (附件): added and taken off by the applicant, or by who submitted it in his place, read by
//! those who decide, and HR.
//!
//! A file is written before its row commits, so that a row never lacks its file; what is left over by an upload that
//! came to nothing, or was taken off, is swept up later ([`sweep`]). Reading takes two steps: opening is a POST that
//! leaves a row in the audit trail and answers with a link for a minute, the link itself is a GET that changes nothing.

use std::collections::BTreeSet;

use app::api::{BASE, Code, Problem};
use app::leave::api::{
    AddAttachment, Attachment, AttachmentLink, AttachmentPath, Attachments, LeaveSettings, ListAttachments,
    OpenAttachment, ReadAttachment, RemoveAttachment,
};
use app::leave::attachment::{Kind, LINK_SECONDS, add, is_news, name, photo, remove, room};
use app::leave::sight::Sight;
use app::notice::rules::{News, NoticeKind};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, SqlErr};
use uuid::Uuid;

use self::store::file_name;
use super::act::{bump, stored};
use super::after::overdue::leader;
use super::after::{report, settings};
use super::{FORM, visible_request};
use crate::audit::{self, Actor, Deed};
use crate::database::Transaction;
use crate::entity::{leave_attachment, leave_request, officer};
use crate::error::Failure;
use crate::files::Found;
use crate::mount::{Api, Call};
use crate::notice;
use crate::secrets::{same, sha256};
use crate::session::Caller;
use crate::state::AppState;

pub(crate) mod store;
pub mod sweep;

/// What a megabyte is here, in bytes.
const MEGABYTE: i64 = 1024 * 1024;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListAttachments, _, _, _>(list)
        .mount::<AddAttachment, _, _, _>(add_attachment)
        .mount::<RemoveAttachment, _, _, _>(remove_attachment)
        .mount::<OpenAttachment, _, _, _>(open)
        .mount_response::<ReadAttachment, _, _>(read)
}

fn missing() -> Failure {
    Failure::not_found("这个附件")
}

async fn list(call: Call<ListAttachments>) -> Result<Attachments, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let (row, sight) = with_files(state, caller, call.path.id).await?;
    listed(state.database.read(), (&row, sight), caller).await
}

/// A request of which the caller may read files: all, or those that he attached in the applicant's place.
async fn with_files(
    state: &AppState,
    caller: &Caller,
    request: Uuid,
) -> Result<(leave_request::Model, Sight), Failure> {
    let (row, sight) = visible_request(state, caller, request).await?;
    if sight.has_papers() || is_party(&row, caller) { Ok((row, sight)) } else { Err(missing()) }
}

/// Whether it is the caller's own request, or he submitted it in the applicant's place.
fn is_party(row: &leave_request::Model, caller: &Caller) -> bool {
    row.officer_id == caller.id || row.submitted_by == Some(caller.id)
}

/// Whether the caller attached a file in the applicant's place.
fn is_own(file: &leave_attachment::Model, caller: &Caller) -> bool {
    file.attached_by == Some(caller.id)
}

/// A file of a request that the caller may read.
async fn readable(
    state: &AppState,
    caller: &Caller,
    path: AttachmentPath,
) -> Result<(leave_request::Model, leave_attachment::Model), Failure> {
    let (request, sight) = with_files(state, caller, path.id).await?;
    let file = leave_attachment::Entity::find_by_id(path.attachment)
        .one(state.database.read())
        .await?
        .filter(|file| file.request_id == request.id && file.removed_at.is_none())
        .filter(|file| sight.has_file(is_own(file, caller)));
    Ok((request, file.ok_or_else(missing)?))
}

/// The files of a request that the caller may read, with what he may do to them.
async fn listed(
    connection: &impl ConnectionTrait,
    (row, sight): (&leave_request::Model, Sight),
    caller: &Caller,
) -> Result<Attachments, Failure> {
    let settings = settings::current(connection).await?;
    let files = store::of(connection, row.id).await?;
    let is_applicant = row.officer_id == caller.id;
    let decided = store::last_decision(connection, row.id).await?;
    let (state, is_relied_on) = (stored(row)?, is_relied_on(row, decided));
    let may_remove =
        |file: &leave_attachment::Model| remove(state, is_relied_on, is_applicant || is_own(file, caller)).is_ok();
    let has_room = room(since(&files, decided), settings.attachments_a_request).is_ok();
    Ok(Attachments {
        may_add: may_add(row, is_party(row, caller))?.is_ok() && has_room,
        largest: settings.attachment_megabytes * MEGABYTE,
        most: settings.attachments_a_request,
        items: files
            .into_iter()
            .filter(|file| sight.has_file(is_own(file, caller)))
            .map(|file| {
                let may_remove = may_remove(&file);
                shown(file, may_remove)
            })
            .collect::<Result<_, _>>()?,
    })
}

fn shown(file: leave_attachment::Model, may_remove: bool) -> Result<Attachment, Failure> {
    Ok(Attachment {
        kind: kind_of(&file)?,
        id: file.id,
        name: file.name,
        bytes: file.bytes,
        attached_at: app::day::Timestamp::from_millis(file.attached_at),
        may_remove,
    })
}

fn kind_of(file: &leave_attachment::Model) -> Result<Kind, Failure> {
    Kind::parse(&file.kind).ok_or_else(|| Failure::internal(format!("unknown kind of an attachment: {}", file.kind)))
}

fn may_add(row: &leave_request::Model, is_party: bool) -> Result<Result<(), Code>, Failure> {
    Ok(add(stored(row)?, row.evidence_needed && row.evidence_seen_at.is_none(), is_party))
}

/// Whether somebody has decided on the request, or has said that he has seen its papers.
fn is_relied_on(row: &leave_request::Model, decided: Option<i64>) -> bool {
    row.evidence_seen_at.is_some() || decided.is_some()
}

/// How many files came after the last decision. Those before it can no longer be taken off, so they leave room: whoever is
/// asked for a better paper can file it.
fn since(files: &[leave_attachment::Model], decided: Option<i64>) -> usize {
    files.iter().filter(|file| decided.is_none_or(|decided| file.attached_at > decided)).count()
}

/// The caller's own request, or one that he submitted in another's place.
fn own(row: Option<leave_request::Model>, caller: &Caller) -> Result<leave_request::Model, Failure> {
    row.filter(|row| is_party(row, caller)).ok_or_else(|| Failure::not_found("这份请假"))
}

async fn add_attachment(call: Call<AddAttachment>) -> Result<Attachments, Failure> {
    let (state, caller, path) = (&call.state, call.caller()?, call.path);
    let read = state.database.read();
    let row = own(super::store::request(read, path.id).await?, caller)?;
    let (_, sight) = visible_request(state, caller, path.id).await?;
    let by = (row.officer_id != caller.id).then_some(caller.id);
    let body = sha256(&[path.id.as_bytes(), call.query.name.as_bytes(), b"\0", &call.bytes].concat()).to_vec();
    if !admit(read, &row, path, (&body, by)).await? {
        return listed(read, (&row, sight), caller).await;
    }
    let settings = settings::current(read).await?;
    let kind = sniff(&call, settings)?;
    let bytes = call.bytes.clone();
    let clean = tokio::task::spawn_blocking(move || photo::clean(kind, &bytes)).await.map_err(Failure::internal)?;
    let clean =
        clean.ok_or_else(|| Failure::new(Code::UnreadableFile, "文件不完整或已损坏，请重新拍照或导出后再上传"))?;
    let file = leave_attachment::Model {
        id: path.attachment,
        request_id: row.id,
        name: name(&call.query.name, kind),
        kind: kind.as_str().to_owned(),
        bytes: i64::try_from(clean.len()).map_err(Failure::internal)?,
        digest: sha256(&clean).to_vec(),
        body_digest: body.clone(),
        attached_at: state.now().millis(),
        removed_at: None,
        attached_by: by,
    };
    state.files.put(&file_name(file.id, &file.digest), clean).await?;

    let tx = state.database.begin().await?;
    let row = own(super::store::lock_request(&tx, path.id).await?, caller)?;
    if admit(&tx, &row, path, (&body, by)).await? {
        let shown = shown(file.clone(), true)?;
        leave_attachment::Entity::insert(file.into_active_model())
            .exec_without_returning(&tx)
            .await
            .map_err(reused_or)?;
        record(&tx, state, (caller, &row), "leave.attachment.add", path.attachment, Some(&shown)).await?;
        tell_who_sees_papers(&tx, state, (caller, &row), path.attachment).await?;
        touch(&tx, row.clone()).await?;
        tx.commit().await?;
    } else {
        tx.rollback().await?;
    }
    listed(read, (&row, sight), caller).await
}

/// Tells whoever approved the leave and 政治部 that papers have come, where that is news.
async fn tell_who_sees_papers(
    tx: &Transaction,
    state: &AppState,
    (caller, row): (&Caller, &leave_request::Model),
    filed: Uuid,
) -> Result<(), Failure> {
    let decided = store::last_decision(tx, row.id).await?;
    let mut files = store::of(tx, row.id).await?;
    files.retain(|file| file.id != filed);
    let is_owed = row.evidence_needed && row.evidence_seen_at.is_none();
    if !is_news(stored(row)?, is_owed, since(&files, decided)) {
        return Ok(());
    }
    let applicant = officer::Entity::find_by_id(row.officer_id).one(tx).await?;
    let applicant = applicant.ok_or_else(|| Failure::internal("the applicant is gone"))?;
    let mut told: BTreeSet<Uuid> =
        report::political(tx, &applicant).await?.into_iter().chain(leader(tx, row).await?).collect();
    told.remove(&caller.id);
    let news =
        told.into_iter().map(|officer| News { officer, kind: NoticeKind::PapersFiled, actor: Some(applicant.id) });
    let subject = notice::Subject { kind: FORM, id: row.id, number: &row.number };
    Ok(notice::send(tx, &state.clock, subject, news).await?)
}

/// Whether an upload adds something; not where it repeats one.
async fn admit(
    connection: &impl ConnectionTrait,
    row: &leave_request::Model,
    path: AttachmentPath,
    (body, by): (&[u8], Option<Uuid>),
) -> Result<bool, Failure> {
    if let Some(before) = leave_attachment::Entity::find_by_id(path.attachment).one(connection).await? {
        let is_same = before.body_digest == body && before.attached_by == by;
        let is_repeat = before.request_id == row.id && is_same && before.removed_at.is_none();
        return if is_repeat { Ok(false) } else { Err(reused()) };
    }
    may_add(row, true)?
        .map_err(|code| Failure::new(code, "这份请假已经结束，不能再添加附件；如需补交材料，请联系政治部"))?;
    let most = settings::current(connection).await?.attachments_a_request;
    let decided = store::last_decision(connection, row.id).await?;
    room(since(&store::of(connection, row.id).await?, decided), most).map_err(|code| {
        Failure::new(code, format!("每份请假最多 {most} 个附件，请合并后上传，或先移除不需要的附件"))
    })?;
    Ok(true)
}

fn reused() -> Failure {
    Problem::new(Code::IdReused, "这个编号已用于另一个附件，请重新选择文件").at("attachment").into()
}

/// Two uploads under one id to two requests race past the check; the loser hears why.
fn reused_or(error: DbErr) -> Failure {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => reused(),
        _ => error.into(),
    }
}

/// Moves the request to its next version: whoever says that he has seen its papers has seen these.
async fn touch(tx: &impl ConnectionTrait, row: leave_request::Model) -> Result<(), Failure> {
    let state = stored(&row)?;
    bump(row, state).update(tx).await?;
    Ok(())
}

/// What a file is, by its bytes alone.
fn sniff(call: &Call<AddAttachment>, settings: LeaveSettings) -> Result<Kind, Failure> {
    let (size, most) = (i64::try_from(call.bytes.len()).unwrap_or(i64::MAX), settings.attachment_megabytes);
    if size > most * MEGABYTE {
        let text = format!("文件超过 {most} MB 上限，请压缩或重新拍照（降低分辨率）后再上传");
        return Err(Failure::new(Code::TooLarge, text));
    }
    let found = infer::get(&call.bytes).map(|kind| kind.mime_type());
    found.and_then(Kind::of_media_type).ok_or_else(|| {
        let text = match found {
            Some("image/heif" | "image/avif") => {
                "暂不支持 HEIC 照片：请在手机相机设置中选择“兼容性最佳”（JPEG）后重拍，或截屏后上传截图"
            }
            _ => "只能上传 JPG、PNG、WebP 图片或 PDF 文件（按内容识别，改扩展名无效），请转换格式后再上传",
        };
        Failure::new(Code::UnsupportedFile, text)
    })
}

async fn remove_attachment(call: Call<RemoveAttachment>) -> Result<Attachments, Failure> {
    let (state, caller, path) = (&call.state, call.caller()?, call.path);
    let tx = state.database.begin().await?;
    let row = own(super::store::lock_request(&tx, path.id).await?, caller)?;
    let file = leave_attachment::Entity::find_by_id(path.attachment).one(&tx).await?;
    let is_his = |file: &leave_attachment::Model| row.officer_id == caller.id || is_own(file, caller);
    let file = file.filter(|file| file.request_id == row.id && is_his(file)).ok_or_else(missing)?;
    if file.removed_at.is_none() {
        let decided = store::last_decision(&tx, row.id).await?;
        remove(stored(&row)?, is_relied_on(&row, decided), true).map_err(|code| {
            Failure::new(
                code,
                "已有人审批、查验过材料，或这份请假已有结论，附件须保留；传错的请补传正确的，并在评论中说明",
            )
        })?;
        record(&tx, state, (caller, &row), "leave.attachment.remove", file.id, None).await?;
        let mut change = file.into_active_model();
        change.removed_at = Set(Some(state.now().millis()));
        change.update(&tx).await?;
        touch(&tx, row.clone()).await?;
        tx.commit().await?;
    } else {
        tx.rollback().await?;
    }
    let (_, sight) = visible_request(state, caller, path.id).await?;
    listed(state.database.read(), (&row, sight), caller).await
}

async fn open(call: Call<OpenAttachment>) -> Result<AttachmentLink, Failure> {
    let (state, caller, path) = (&call.state, call.caller()?, call.path);
    let (request, file) = readable(state, caller, path).await?;
    if request.officer_id != caller.id && !is_own(&file, caller) {
        let tx = state.database.begin().await?;
        record(&tx, state, (caller, &request), "leave.attachment.read", file.id, None).await?;
        tx.commit().await?;
    }
    let until = state.now().plus_seconds(LINK_SECONDS);
    let signature = BASE64URL_NOPAD.encode(&state.secrets.sign_link(caller.id, file.id, until.millis()));
    let AttachmentPath { id, attachment } = path;
    let until_millis = until.millis();
    let link =
        format!("{BASE}/leave/requests/{id}/attachments/{attachment}/file?until={until_millis}&signature={signature}");
    Ok(AttachmentLink { link, until })
}

/// The bytes, for whom a link was made and who may still read them.
async fn read(call: Call<ReadAttachment>) -> Result<Response, Failure> {
    let (state, caller, ticket) = (&call.state, call.caller()?, &call.query);
    let expected = state.secrets.sign_link(caller.id, call.path.attachment, ticket.until);
    let signature = BASE64URL_NOPAD.decode(ticket.signature.as_bytes()).unwrap_or_default();
    if !same(&expected, &signature) || ticket.until < state.now().millis() {
        return Err(Failure::new(Code::NotFound, "这个附件链接已失效，请回到请假页面重新打开"));
    }
    let (_, file) = readable(state, caller, call.path).await?;
    match state.files.get(&file_name(file.id, &file.digest)).await? {
        Found::File(bytes) if sha256(&bytes).as_slice() == file.digest => served(&file, bytes),
        found => Err(Failure::internal(format!("the file of attachment {} is {found:?}", file.id))),
    }
}

/// A picture is shown, a document is saved. Neither may do anything: a document could hold a script.
fn served(file: &leave_attachment::Model, bytes: Vec<u8>) -> Result<Response, Failure> {
    let kind = kind_of(file)?;
    let mut response = bytes.into_response();
    let headers: &mut HeaderMap = response.headers_mut();
    let manner = if kind.is_picture() { "inline" } else { "attachment" };
    let disposition = format!("{manner}; filename*=UTF-8''{}", app::api::percent(&file.name));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Failure::internal)?);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.media_type()));
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

async fn record(
    tx: &impl ConnectionTrait,
    state: &AppState,
    (caller, row): (&Caller, &leave_request::Model),
    action: &str,
    attachment: Uuid,
    after: Option<&Attachment>,
) -> Result<(), Failure> {
    let id = attachment.to_string();
    let deed = Deed { action, subject: "leave_attachment", id: &id };
    // Who submitted the request in the applicant's place files its papers in his place as well.
    let acting_for = (row.submitted_by == Some(caller.id)).then_some(row.officer_id);
    let actor = Actor { acting_for, ..Actor::from(caller) };
    Ok(audit::record(tx, &state.clock, &actor, deed, None::<&()>, after).await?)
}
