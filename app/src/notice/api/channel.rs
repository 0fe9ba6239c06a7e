//! Channels and the log of deliveries, for administrators.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, ById, Page, Permission};
use crate::day::Timestamp;
use crate::endpoint;
use crate::notice::rules::{ChannelKind, DeliveryState, NoticeKind, QuietHours};

/// How the connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SmtpSecurity {
    /// TLS from the first byte; usually port 465.
    Tls,
    /// `STARTTLS`, or nothing is sent; usually port 587.
    Starttls,
    /// Not at all, for a relay within the house; then without a user name.
    None,
}

/// What a channel needs to know to send. It goes in and never comes out again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChannelConfig {
    /// A POST of JSON for each notice, in order, signed: `X-Fingertip-Signature: sha256=` and the hexadecimal
    /// HMAC-SHA-256 over `X-Fingertip-Timestamp`, a full stop and the body.
    Webhook {
        /// The address; plain http where the administrator trusts the way.
        url: String,
        /// The key of the signature, 16 to 200 characters.
        secret: String,
    },
    /// A group robot of 企业微信.
    Wecom {
        /// The robot's whole address, with its key.
        url: String,
    },
    /// A group robot of 钉钉 with 加签.
    Dingtalk {
        /// The robot's whole address, with its token.
        url: String,
        /// The secret of 加签.
        secret: String,
    },
    /// A group robot of 飞书 with 签名校验.
    Feishu {
        /// The robot's whole address.
        url: String,
        /// The secret of 签名校验.
        secret: String,
    },
    /// A mail server, for the officers who gave an address.
    Smtp {
        /// The server's name.
        host: String,
        /// The server's port.
        port: u16,
        /// How the connection is protected.
        security: SmtpSecurity,
        /// The user name; empty for a server that asks for none.
        #[serde(default)]
        username: String,
        /// The password.
        #[serde(default)]
        password: String,
        /// The sender's address.
        from: String,
    },
    /// Push to the browsers that subscribed.
    WebPush {
        /// Whom the push service may write to when something is wrong: `mailto:` or `https:` (RFC 8292).
        contact: String,
        /// The push services that subscriptions may be at, as origins; `*.` stands for any name before. The services of
        /// the common browsers when empty.
        #[serde(default)]
        services: Vec<String>,
    },
}

impl ChannelConfig {
    /// The kind of channel that it is for.
    pub fn kind(&self) -> ChannelKind {
        match self {
            Self::Webhook { .. } => ChannelKind::Webhook,
            Self::Wecom { .. } => ChannelKind::Wecom,
            Self::Dingtalk { .. } => ChannelKind::Dingtalk,
            Self::Feishu { .. } => ChannelKind::Feishu,
            Self::Smtp { .. } => ChannelKind::Smtp,
            Self::WebPush { .. } => ChannelKind::WebPush,
        }
    }
}

/// What a channel carries, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelSettings {
    /// The name, for administrators.
    pub name: String,
    /// Whether it carries anything.
    pub enabled: bool,
    /// Only for the officers of this court and the courts below it; for the whole province when null.
    #[serde(default)]
    pub court_id: Option<Uuid>,
    /// Only for the officers of this department.
    #[serde(default)]
    pub department_id: Option<Uuid>,
    /// The kinds of notices that it carries; at least one.
    pub kinds: Vec<NoticeKind>,
    /// The hours in which the channel itself stays silent. On a personal channel the officer's own hours count instead.
    #[serde(default)]
    pub quiet: Option<QuietHours>,
}

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Channel {
    /// The channel's id.
    pub id: Uuid,
    /// The channel's version.
    pub version: i64,
    /// The kind of channel.
    pub kind: ChannelKind,
    /// What it carries, and for whom.
    pub settings: ChannelSettings,
    /// Where it leads, as far as that may be shown: the host, or the sender's address. Never a key.
    pub target: String,
    /// How many deliveries wait.
    pub waiting: i64,
    /// How many deliveries were given up.
    pub dead: i64,
}

/// The channels that the caller looks after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Channels {
    /// The channels, by name.
    pub items: Vec<Channel>,
}

/// A new channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewChannel {
    /// The id, made by the client.
    pub id: Uuid,
    /// What it carries, and for whom.
    pub settings: ChannelSettings,
    /// What it needs to know to send.
    pub config: ChannelConfig,
}

/// A channel as it shall be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplaceChannel {
    /// The version that the caller saw.
    pub version: i64,
    /// What it carries, and for whom.
    pub settings: ChannelSettings,
    /// What it needs to know to send, of the same kind; it stays as it is when null.
    #[serde(default)]
    pub config: Option<ChannelConfig>,
}

/// What became of a test message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestOutcome {
    /// Whether the other side took it.
    pub delivered: bool,
    /// Why not; in Chinese, with what the other side said.
    pub detail: Option<String>,
}

/// Which deliveries to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct DeliveryQuery {
    /// One channel only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Uuid>,
    /// One state only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<DeliveryState>,
    /// The cursor of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

/// A line of the log: one notice over one channel to one receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// The delivery's id; receivers of webhooks see it and recognise a repeat by it.
    pub id: Uuid,
    /// The channel's id.
    pub channel_id: Uuid,
    /// The channel's name.
    pub channel: String,
    /// Why the officer is told.
    pub kind: NoticeKind,
    /// The 工号 of the officer whose notice it is.
    pub officer: String,
    /// Where it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub tries: i32,
    /// When it was put in line, the last time.
    pub queued_at: Timestamp,
    /// Not before this; of a waiting one.
    pub due_at: Timestamp,
    /// When it came to an end.
    pub done_at: Option<Timestamp>,
    /// Why the last try failed, or why it was not sent.
    pub last_error: Option<String>,
}

endpoint! {
    /// Lists the channels that carry notices out of the house.
    ListChannels: Get "/notices/channels", "list_channels", Access::May(Permission::ManageChannels);
    reply: Channels;
}
endpoint! {
    /// Adds a channel.
    CreateChannel: Post "/notices/channels", "create_channel", Access::May(Permission::ManageChannels);
    body: NewChannel;
    reply: Channel;
    problems: NotFound, IdReused;
}
endpoint! {
    /// Changes a channel.
    ChangeChannel: Put "/notices/channels/{id}", "change_channel", Access::May(Permission::ManageChannels);
    path: ById;
    body: ReplaceChannel;
    reply: Channel;
    problems: NotFound, StaleVersion;
}
endpoint! {
    /// Takes a channel away, with its keys; its log stays, what waits for it is given up.
    DeleteChannel: Delete "/notices/channels/{id}", "delete_channel", Access::May(Permission::ManageChannels);
    path: ById;
    problems: NotFound;
}
endpoint! {
    /// Sends a test message at once: to the group or the program, or to the caller's own address or browsers.
    TestChannel: Post "/notices/channels/{id}/test", "test_channel", Access::May(Permission::ManageChannels);
    path: ById;
    reply: TestOutcome;
    problems: NotFound, WrongState;
}
endpoint! {
    /// Lists what went out, newest first.
    ListDeliveries: Get "/notices/deliveries", "list_deliveries", Access::May(Permission::ManageChannels);
    query: DeliveryQuery;
    reply: Page<Delivery>;
}
endpoint! {
    /// Puts a delivery that was given up in line again.
    RetryDelivery: Post "/notices/deliveries/{id}/retry", "retry_delivery", Access::May(Permission::ManageChannels);
    path: ById;
    reply: Delivery;
    problems: NotFound, WrongState;
}
