//! Notices, their switches and their channels on the wire.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, ById};
use crate::day::Timestamp;
use crate::endpoint;
use crate::notice::rules::{NoticeKind, QuietHours};

mod channel;

pub use channel::{
    ChangeChannel, Channel, ChannelConfig, ChannelSettings, Channels, CreateChannel, DeleteChannel, Delivery,
    DeliveryQuery, ListChannels, ListDeliveries, NewChannel, ReplaceChannel, RetryDelivery, SmtpSecurity, TestChannel,
    TestOutcome,
};

/// Something that an officer was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    /// The notice's id.
    pub id: Uuid,
    /// Its place in the officer's list: 1, 2, 3 and so on, without a gap.
    pub position: i64,
    /// Why.
    pub kind: NoticeKind,
    /// What kind of thing it is about: `leave`.
    pub subject_kind: String,
    /// The thing's id.
    pub subject_id: Uuid,
    /// The thing's number for people; empty where it has none.
    pub number: String,
    /// The name of who caused it; null for the system itself. Shown in the app only.
    pub actor: Option<String>,
    /// The path of the page that it opens. The page decides nothing by being opened.
    pub link: String,
    /// When.
    pub at: Timestamp,
    /// Whether the officer has read it.
    pub read: bool,
}

/// Which notices to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct NoticeQuery {
    /// The cursor of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// Only those that are not read yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<bool>,
}

/// A page of the officer's notices, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notices {
    /// The page's notices.
    pub items: Vec<Notice>,
    /// The cursor of the next page; absent on the last one.
    pub next: Option<String>,
    /// How many notices are not read, on this page or any other.
    pub unread: i64,
}

/// How far the officer has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadThrough {
    /// The position of the newest notice that he saw: one that came meanwhile stays unread.
    pub through: i64,
}

/// What is left to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unread {
    /// How many notices are not read.
    pub unread: i64,
}

/// What an officer wants to hear outside the app, and when. The list in the app holds everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeSettings {
    /// The kinds that he switched off.
    #[serde(default)]
    pub muted: Vec<NoticeKind>,
    /// The hours in which his phone and his mailbox stay silent; what comes then is sent when they end.
    #[serde(default)]
    pub quiet: Option<QuietHours>,
    /// Where e-mail goes; none is sent without.
    #[serde(default)]
    pub email: Option<String>,
}

/// Where a stream of notices is taken up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct WatchQuery {
    /// The position of the last notice that arrived, for a client that cannot set `Last-Event-ID` itself; the header
    /// counts more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<i64>,
}

/// An event of the stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeUpdate {
    /// How many notices are not read now.
    pub unread: i64,
    /// The notice that came; null when only the count has changed.
    pub notice: Option<Notice>,
}

/// What a browser needs to subscribe to push.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushKey {
    /// The public VAPID key (RFC 8292), an uncompressed P-256 point in base64url: the `applicationServerKey`. Null
    /// while push is switched off.
    pub key: Option<String>,
}

/// A browser's push subscription, as `PushSubscription.toJSON()` has it, flat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPushSubscription {
    /// The id, made by the client.
    pub id: Uuid,
    /// Where the browser's push service takes messages for it.
    pub endpoint: String,
    /// The browser's public key, a P-256 point in base64url.
    pub p256dh: String,
    /// The authentication secret, 16 bytes in base64url.
    pub auth: String,
}

/// A push subscription of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushSubscription {
    /// The subscription's id.
    pub id: Uuid,
    /// Since when.
    pub at: Timestamp,
}

endpoint! {
    /// Lists the caller's notices, newest first.
    ListNotices: Get "/notices", "list_notices", Access::Own;
    query: NoticeQuery;
    reply: Notices;
    offline: LastKnown;
}
endpoint! {
    /// Marks one notice as read; marking it again changes nothing.
    MarkNoticeRead: Post "/notices/{id}/read", "mark_notice_read", Access::Own;
    path: ById;
    reply: Unread;
    problems: NotFound;
}
endpoint! {
    /// Marks every notice up to a position as read.
    MarkAllNoticesRead: Post "/notices/read", "mark_all_notices_read", Access::Own;
    body: ReadThrough;
    reply: Unread;
}
endpoint! {
    /// Streams the caller's notices: an event `notice` with the count of unread ones at once, then one for each new
    /// notice. Its id is the notice's position; `Last-Event-ID` takes the stream up again without a gap.
    WatchNotices: Get "/notices/watch", "watch_notices", Access::Own;
    query: WatchQuery;
    reply: NoticeUpdate;
    reply_media: Events;
}
endpoint! {
    /// Shows what the caller wants to hear outside the app.
    GetNoticeSettings: Get "/notices/settings", "get_notice_settings", Access::Own;
    reply: NoticeSettings;
}
endpoint! {
    /// Sets what the caller wants to hear outside the app.
    SetNoticeSettings: Put "/notices/settings", "set_notice_settings", Access::Own;
    body: NoticeSettings;
    reply: NoticeSettings;
}
endpoint! {
    /// Shows the key that browsers subscribe to push with.
    GetPushKey: Get "/notices/push-key", "get_push_key", Access::Own;
    reply: PushKey;
}
endpoint! {
    /// Sends the caller's notices to this browser as well, for as long as its session lasts.
    CreatePushSubscription: Post "/notices/push-subscriptions", "create_push_subscription", Access::Own;
    body: NewPushSubscription;
    reply: PushSubscription;
    problems: IdReused, WrongState;
}
endpoint! {
    /// Ends a push subscription of the caller.
    DeletePushSubscription: Delete "/notices/push-subscriptions/{id}", "delete_push_subscription", Access::Own;
    path: ById;
    problems: NotFound;
}
