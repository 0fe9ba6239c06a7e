//! Push subscriptions of officers, and the key that signs for this server.

use app::api::{Code, Empty};
use app::day::Timestamp;
use app::notice::api::{
    ChannelConfig, CreatePushSubscription, DeletePushSubscription, GetPushKey, PushKey, PushSubscription,
};
use data_encoding::BASE64;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::audit::{self, Actor, Deed};
use crate::entity::{channel, officer, push_subscription, setting};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::notice::channels::{Browser, Receiver, VapidKey, accepts};
use crate::notice::{deliver, queue};
use crate::org::store::lock_officer;
use crate::secrets::Secrets;
use crate::session::Caller;
use crate::state::AppState;

/// The setting that holds the key, sealed, in base64.
const KEY: &str = "vapid_key";
/// The most browsers of one officer; the oldest makes room.
const MOST: u64 = 10;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<GetPushKey, _, _, _>(get_push_key)
        .mount::<CreatePushSubscription, _, _, _>(create_push_subscription)
        .mount::<DeletePushSubscription, _, _, _>(delete_push_subscription)
}

/// Makes the key where there is none. Of two that make one at once, the first one counts for both.
pub(super) async fn ensure_key(tx: &impl ConnectionTrait, secrets: &Secrets) -> Result<(), DbErr> {
    let sealed = BASE64.encode(&secrets.seal(&VapidKey::fresh().to_bytes()));
    setting::Entity::insert(setting::ActiveModel { name: Set(KEY.to_owned()), value: Set(sealed) })
        .on_conflict_do_nothing_on([setting::Column::Name])
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

async fn key(state: &AppState) -> Result<Option<VapidKey>, Failure> {
    let Some(text) = crate::setting::get(state.database.read(), KEY).await? else { return Ok(None) };
    let sealed = BASE64.decode(text.as_bytes()).map_err(Failure::internal)?;
    let bytes = state.secrets.open(&sealed).map_err(Failure::internal)?;
    VapidKey::from_bytes(&bytes).map(Some).ok_or_else(|| Failure::internal("the stored VAPID key is none"))
}

/// A browser with the key that signs for it.
///
/// # Errors
/// The key file does not belong to the database, or nobody ever switched push on.
pub(super) async fn receiver(state: &AppState, row: &push_subscription::Model) -> Result<Receiver, Failure> {
    let key = key(state).await?.ok_or_else(|| Failure::internal("there is a subscription, but no VAPID key"))?;
    let bytes = state.secrets.open(&row.sealed).map_err(Failure::internal)?;
    let browser: Browser = serde_json::from_slice(&bytes).map_err(Failure::internal)?;
    Ok(Receiver::Browser(Box::new(browser), key))
}

/// The channel by which the caller's browsers are reached, where there is one.
async fn channel_of(state: &AppState, caller: &Caller) -> Result<Option<channel::Model>, Failure> {
    let connection = state.database.read();
    let officer = officer::Entity::find_by_id(caller.id).one(connection).await?;
    let officer = officer.ok_or_else(|| Failure::internal("a caller is no officer"))?;
    Ok(queue::Carriers::load(connection).await?.push_channel(&officer).cloned())
}

async fn get_push_key(call: Call<GetPushKey>) -> Result<PushKey, Failure> {
    if channel_of(&call.state, call.caller()?).await?.is_none() {
        return Ok(PushKey { key: None });
    }
    Ok(PushKey { key: key(&call.state).await?.map(|key| key.public()) })
}

async fn create_push_subscription(call: Call<CreatePushSubscription>) -> Result<PushSubscription, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let state = &call.state;
    let browser = Browser::read(&body.endpoint, &body.p256dh, &body.auth)
        .map_err(|field| Failure::bad_input(field, "浏览器的推送订阅无法识别，请刷新页面后重新开启"))?;
    let Some(channel) = channel_of(state, caller).await? else {
        return Err(Failure::new(Code::WrongState, "本单位没有启用浏览器推送，请联系管理员"));
    };
    let is_known = match deliver::open_config(state, &channel)? {
        ChannelConfig::WebPush { services, .. } => accepts(&services, &browser.endpoint),
        _ => false,
    };
    if !is_known {
        return Err(Failure::bad_input(
            "endpoint",
            "这个浏览器的推送服务不在允许的名单中，请换用其他浏览器或联系管理员",
        ));
    }

    let row = push_subscription::Model {
        id: body.id,
        officer_id: caller.id,
        session_id: caller.session,
        endpoint_digest: state.secrets.digest(browser.endpoint.as_bytes()).to_vec(),
        sealed: state.secrets.seal(&serde_json::to_vec(&browser).map_err(Failure::internal)?),
        created_at: state.now().millis(),
    };
    let tx = state.database.begin().await?;
    // Tabs of one browser that subscribe at once wait for each other, or all but one would fail on the unique address.
    lock_officer(&tx, caller.id).await?;
    if let Some(stored) = push_subscription::Entity::find_by_id(body.id).one(&tx).await? {
        if stored.officer_id != caller.id || stored.endpoint_digest != row.endpoint_digest {
            return Err(Failure::new(Code::IdReused, "这个编号已用于另一个订阅，请刷新页面后重试"));
        }
        // A browser whose officer has signed in anew goes on with its new session; the old one hears nothing more.
        if stored.session_id == caller.session {
            return Ok(wire(&stored));
        }
    }
    // One browser, one account: whoever signs in to it last hears what comes.
    push_subscription::Entity::delete_many()
        .filter(push_subscription::Column::EndpointDigest.eq(row.endpoint_digest.clone()))
        .exec(&tx)
        .await?;
    make_room(&tx, caller.id).await?;
    push_subscription::Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
    let id = row.id.to_string();
    let deed = Deed { action: "push.subscribe", subject: "push_subscription", id: &id };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, None::<&()>, Some(&row.endpoint_digest)).await?;
    tx.commit().await?;
    Ok(wire(&row))
}

async fn make_room(tx: &impl ConnectionTrait, officer: uuid::Uuid) -> Result<(), DbErr> {
    let kept: Vec<uuid::Uuid> = push_subscription::Entity::find()
        .filter(push_subscription::Column::OfficerId.eq(officer))
        .order_by_desc(push_subscription::Column::CreatedAt)
        .order_by_desc(push_subscription::Column::Id)
        .limit(MOST - 1)
        .select_only()
        .column(push_subscription::Column::Id)
        .into_tuple()
        .all(tx)
        .await?;
    push_subscription::Entity::delete_many()
        .filter(push_subscription::Column::OfficerId.eq(officer))
        .filter(push_subscription::Column::Id.is_not_in(kept))
        .exec(tx)
        .await?;
    Ok(())
}

fn wire(row: &push_subscription::Model) -> PushSubscription {
    PushSubscription { id: row.id, at: Timestamp::from_millis(row.created_at) }
}

async fn delete_push_subscription(call: Call<DeletePushSubscription>) -> Result<Empty, Failure> {
    let caller = call.caller()?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    let row = push_subscription::Entity::find_by_id(call.path.id)
        .one(&tx)
        .await?
        .filter(|row| row.officer_id == caller.id)
        .ok_or_else(|| Failure::not_found("这个订阅"))?;
    let id = row.id.to_string();
    let deed = Deed { action: "push.unsubscribe", subject: "push_subscription", id: &id };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, Some(&row.endpoint_digest), None::<&()>).await?;
    row.delete(&tx).await?;
    tx.commit().await?;
    Ok(Empty {})
}
