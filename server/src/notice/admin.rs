//! The channels, for the administrators who look after them.

use std::collections::HashMap;

use app::account::rules::Permission;
use app::api::{Code, Empty, Problem};
use app::notice::api::{
    ChangeChannel, Channel, ChannelConfig, ChannelSettings, Channels, CreateChannel, DeleteChannel, ListChannels,
    TestChannel, TestOutcome,
};
use app::notice::rules::{ChannelKind, DeliveryState, kinds_of, names_of};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::audit::{self, Actor, Deed};
use crate::entity::{channel, court, delivery, department};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::notice::channels::{self, Message, Outcome, Receiver};
use crate::notice::settings::open_email;
use crate::notice::{deliver, push, queue, store};
use crate::secrets::sha256;
use crate::session::Caller;
use crate::state::AppState;

/// The longest name of a channel, in characters.
const NAME_LIMIT: usize = 60;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListChannels, _, _, _>(list_channels)
        .mount::<CreateChannel, _, _, _>(create_channel)
        .mount::<ChangeChannel, _, _, _>(change_channel)
        .mount::<DeleteChannel, _, _, _>(delete_channel)
        .mount::<TestChannel, _, _, _>(test_channel)
}

/// Whether the caller looks after the channels of this court, or of the whole province.
pub(super) fn covers(caller: &Caller, court: Option<Uuid>) -> bool {
    caller.may_throughout(Permission::ManageChannels, court)
}

fn missing() -> Failure {
    Failure::not_found("这个通知通道")
}

/// The channels that the caller looks after.
///
/// # Errors
/// The database fails.
pub(super) async fn of_caller(
    connection: &impl ConnectionTrait,
    caller: &Caller,
) -> Result<Vec<channel::Model>, DbErr> {
    let rows = channel::Entity::find()
        .order_by_asc(channel::Column::Name)
        .order_by_asc(channel::Column::Id)
        .all(connection)
        .await?;
    Ok(rows.into_iter().filter(|row| covers(caller, row.court_id)).collect())
}

/// A channel that the caller looks after, behind its lock.
async fn locked(tx: &impl ConnectionTrait, caller: &Caller, id: Uuid) -> Result<channel::Model, Failure> {
    let row = channel::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    row.filter(|row| row.deleted_at.is_none() && covers(caller, row.court_id)).ok_or_else(missing)
}

async fn list_channels(call: Call<ListChannels>) -> Result<Channels, Failure> {
    let connection = call.state.database.read();
    let rows = of_caller(connection, call.caller()?).await?;
    let rows = rows.into_iter().filter(|row| row.deleted_at.is_none());
    Ok(Channels { items: draw(connection, rows.collect()).await? })
}

async fn draw(connection: &impl ConnectionTrait, rows: Vec<channel::Model>) -> Result<Vec<Channel>, Failure> {
    let open = [DeliveryState::Waiting, DeliveryState::Dead].map(DeliveryState::as_str);
    let counts: HashMap<(Uuid, String), i64> = delivery::Entity::find()
        .filter(delivery::Column::ChannelId.is_in(rows.iter().map(|row| row.id)))
        .filter(delivery::Column::State.is_in(open))
        .select_only()
        .column(delivery::Column::ChannelId)
        .column(delivery::Column::State)
        .column_as(Expr::cust("COUNT(*)"), "count")
        .group_by(delivery::Column::ChannelId)
        .group_by(delivery::Column::State)
        .into_tuple::<(Uuid, String, i64)>()
        .all(connection)
        .await?
        .into_iter()
        .map(|(channel, state, count)| ((channel, state), count))
        .collect();
    let count = |id: Uuid, state: DeliveryState| counts.get(&(id, state.as_str().to_owned())).copied().unwrap_or(0);
    rows.into_iter()
        .map(|row| {
            Ok(Channel {
                version: row.version,
                kind: ChannelKind::parse(&row.kind).ok_or_else(|| Failure::internal("a stored channel has no kind"))?,
                waiting: count(row.id, DeliveryState::Waiting),
                dead: count(row.id, DeliveryState::Dead),
                id: row.id,
                settings: ChannelSettings {
                    name: row.name,
                    enabled: row.enabled,
                    court_id: row.court_id,
                    department_id: row.department_id,
                    kinds: kinds_of(&row.kinds),
                    quiet: store::quiet(row.quiet_from, row.quiet_to),
                },
                target: row.target,
            })
        })
        .collect()
}

async fn one(connection: &impl ConnectionTrait, row: channel::Model) -> Result<Channel, Failure> {
    draw(connection, vec![row]).await?.pop().ok_or_else(|| Failure::internal("one channel was drawn as none"))
}

/// Checks the settings, and that the caller may set a channel up for this part of the tree.
async fn check(connection: &impl ConnectionTrait, caller: &Caller, settings: &ChannelSettings) -> Result<(), Failure> {
    let name = settings.name.trim();
    if name.is_empty() || name.chars().count() > NAME_LIMIT {
        return Err(Failure::bad_input("settings.name", format!("请填写通道名称，最多 {NAME_LIMIT} 字")));
    }
    if settings.kinds.is_empty() {
        return Err(Failure::bad_input("settings.kinds", "请至少选择一类通知"));
    }
    if settings.quiet.is_some_and(|quiet| !quiet.is_valid()) {
        return Err(Failure::bad_input("settings.quiet", "静默的起止时间应为一天内两个不同的分钟数（0 至 1439）"));
    }
    let department = match settings.department_id {
        Some(id) => Some(
            department::Entity::find_by_id(id).one(connection).await?.ok_or_else(|| Failure::not_found("这个部门"))?,
        ),
        None => None,
    };
    let court = match settings.court_id {
        Some(id) => court::Entity::find_by_id(id).one(connection).await?.map(|row| row.id),
        None => None,
    };
    if settings.court_id != court || !covers(caller, court) {
        return Err(Failure::not_found("这个法院"));
    }
    if department.is_some_and(|department| court.is_some_and(|court| department.court_id != court)) {
        return Err(Failure::bad_input("settings.department_id", "这个部门不属于所选法院"));
    }
    Ok(())
}

fn set(row: channel::Model, settings: &ChannelSettings) -> channel::Model {
    channel::Model {
        name: settings.name.trim().to_owned(),
        enabled: settings.enabled,
        court_id: settings.court_id,
        department_id: settings.department_id,
        kinds: names_of(&settings.kinds),
        quiet_from: settings.quiet.map(|quiet| quiet.from),
        quiet_to: settings.quiet.map(|quiet| quiet.to),
        ..row
    }
}

fn seal(state: &AppState, config: &ChannelConfig) -> Result<Vec<u8>, Failure> {
    Ok(state.secrets.seal(&serde_json::to_vec(config).map_err(Failure::internal)?))
}

async fn create_channel(call: Call<CreateChannel>) -> Result<Channel, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    channels::check(&body.config)?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    check(&tx, caller, &body.settings).await?;
    if let Some(stored) = channel::Entity::find_by_id(body.id).one(&tx).await? {
        let is_same = stored.deleted_at.is_none()
            && covers(caller, stored.court_id)
            && set(stored.clone(), &body.settings) == stored
            && deliver::open_config(state, &stored)? == body.config;
        return if is_same {
            one(&tx, stored).await
        } else {
            Err(Problem::new(Code::IdReused, "这个编号已用于另一个通道，请刷新页面后重试").at("id").into())
        };
    }
    let blank = channel::Model {
        id: body.id,
        kind: body.config.kind().as_str().to_owned(),
        name: String::new(),
        enabled: false,
        court_id: None,
        department_id: None,
        kinds: String::new(),
        quiet_from: None,
        quiet_to: None,
        target: channels::target(&body.config),
        config: seal(state, &body.config)?,
        version: 1,
        next_at: 0,
        created_at: state.now().millis(),
        deleted_at: None,
    };
    let row = set(blank, &body.settings);
    channel::Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
    if body.config.kind() == ChannelKind::WebPush {
        push::ensure_key(&tx, &state.secrets).await?;
    }
    record(&tx, state, caller, "channel.create", None, Some(&row)).await?;
    let drawn = one(&tx, row).await?;
    tx.commit().await?;
    Ok(drawn)
}

async fn change_channel(call: Call<ChangeChannel>) -> Result<Channel, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    if let Some(config) = &body.config {
        channels::check(config)?;
    }
    let state = &call.state;
    let tx = state.database.begin().await?;
    let before = locked(&tx, caller, call.path.id).await?;
    check(&tx, caller, &body.settings).await?;
    if before.version != body.version {
        let current = serde_json::to_value(one(&tx, before).await?).map_err(Failure::internal)?;
        let problem = Problem::new(Code::StaleVersion, "这个通道刚刚被其他管理员修改，请按最新状态操作");
        return Err(problem.with_current(current).into());
    }
    let mut row = set(before.clone(), &body.settings);
    row.version += 1;
    if let Some(config) = &body.config {
        if config.kind().as_str() != row.kind {
            return Err(Failure::bad_input("config.kind", "通道的类型不能修改，请另建一个通道"));
        }
        row.config = seal(state, config)?;
        row.target = channels::target(config);
    }
    row.clone().into_active_model().reset_all().update(&tx).await?;
    record(&tx, state, caller, "channel.change", Some(&before), Some(&row)).await?;
    let drawn = one(&tx, row).await?;
    // What waited while the channel was off may go out now.
    tx.announce(crate::events::Event::Queued);
    tx.commit().await?;
    Ok(drawn)
}

async fn delete_channel(call: Call<DeleteChannel>) -> Result<Empty, Failure> {
    let caller = call.caller()?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    let before = locked(&tx, caller, call.path.id).await?;
    let mut change = before.clone().into_active_model();
    change.deleted_at = Set(Some(state.now().millis()));
    change.enabled = Set(false);
    // The keys go; the row stays for the log.
    change.config = Set(Vec::new());
    change.version = Set(before.version + 1);
    change.update(&tx).await?;
    delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(DeliveryState::Dead.as_str()))
        // Whoever is just sending one does not put it back in line.
        .col_expr(delivery::Column::Claim, Expr::value(None::<Uuid>))
        .col_expr(delivery::Column::DoneAt, Expr::value(state.now().millis()))
        .col_expr(delivery::Column::LastError, Expr::value("通道已删除"))
        .filter(delivery::Column::ChannelId.eq(before.id))
        .filter(delivery::Column::State.eq(DeliveryState::Waiting.as_str()))
        .exec(&tx)
        .await?;
    record(&tx, state, caller, "channel.delete", Some(&before), None).await?;
    tx.commit().await?;
    Ok(Empty {})
}

async fn record(
    tx: &impl ConnectionTrait,
    state: &AppState,
    caller: &Caller,
    action: &str,
    before: Option<&channel::Model>,
    after: Option<&channel::Model>,
) -> Result<(), DbErr> {
    // The sealed configuration stands for the keys: a digest of the keys themselves could be guessed at.
    let traced = |row: &channel::Model| {
        let settings =
            (&row.name, row.enabled, row.court_id, row.department_id, &row.kinds, row.quiet_from, row.quiet_to);
        serde_json::json!([settings, row.kind, row.target, sha256(&row.config)])
    };
    let id = before.or(after).map(|row| row.id.to_string()).unwrap_or_default();
    let deed = Deed { action, subject: "channel", id: &id };
    let (before, after) = (before.map(traced), after.map(traced));
    audit::record(tx, &state.clock, &Actor::from(caller), deed, before.as_ref(), after.as_ref()).await
}

async fn test_channel(call: Call<TestChannel>) -> Result<TestOutcome, Failure> {
    let caller = call.caller()?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    let row = locked(&tx, caller, call.path.id).await?;
    let id = row.id.to_string();
    let deed = Deed { action: "channel.test", subject: "channel", id: &id };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, None::<&()>, None::<&()>).await?;
    // The other side may take its time; nobody waits for it behind a lock.
    tx.commit().await?;
    let config = deliver::open_config(state, &row)?;
    let path = "/notices".to_owned();
    let message = Message {
        id: state.clock.new_id(),
        kind: None,
        officer: caller.officer.clone(),
        told_at: state.now(),
        text: "这是一条测试消息".to_owned(),
        link: deliver::whole_link(state, &path),
        path,
    };
    let receivers = receivers(state, caller, &config).await?;
    let tries =
        receivers.iter().map(|receiver| channels::deliver(&state.outbound, &config, &message, receiver, state.now()));
    let outcomes = futures_util::future::join_all(tries).await;
    // Of several browsers one that took it shows that the channel works; else the first says why not.
    let taken = outcomes.iter().position(|outcome| *outcome == Outcome::Taken).unwrap_or(0);
    Ok(match outcomes.into_iter().nth(taken).unwrap_or(Outcome::Gone) {
        Outcome::Taken => TestOutcome { delivered: true, detail: None },
        Outcome::Failed { why, .. } | Outcome::Refused(why) => TestOutcome { delivered: false, detail: Some(why) },
        Outcome::Gone => TestOutcome { delivered: false, detail: Some("接收端已取消订阅".to_owned()) },
    })
}

/// Where a test goes: what is personal, to the caller himself.
async fn receivers(state: &AppState, caller: &Caller, config: &ChannelConfig) -> Result<Vec<Receiver>, Failure> {
    let connection = state.database.read();
    match config.kind() {
        ChannelKind::Smtp => {
            let email = store::preference(connection, caller.id).await?.and_then(|row| row.email);
            let email = email
                .ok_or_else(|| Failure::new(Code::WrongState, "测试邮件发给您本人：请先在通知设置中填写您的邮箱"))?;
            Ok(vec![Receiver::Mailbox(open_email(&state.secrets, &email)?)])
        }
        ChannelKind::WebPush => {
            let mut receivers = Vec::new();
            for browser in queue::browsers(connection, caller.id, state.now()).await? {
                receivers.push(push::receiver(state, &browser).await?);
            }
            if receivers.is_empty() {
                return Err(Failure::new(Code::WrongState, "测试推送发给您本人：请先在这台设备上开启推送"));
            }
            Ok(receivers)
        }
        _ => Ok(vec![Receiver::Channel]),
    }
}
