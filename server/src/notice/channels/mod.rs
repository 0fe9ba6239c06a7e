//! The channels: what each needs to know, how each says the same thing.

mod robot;
mod smtp;
mod web_push;
mod webhook;

use app::day::Timestamp;
use app::notice::api::{ChannelConfig, SmtpSecurity};
use app::notice::rules::{NoticeKind, is_email};
use axum::body::Bytes;
use axum::http::{Request, StatusCode, header};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

pub use web_push::{Browser, VapidKey, accepts};

use crate::error::Failure;
use crate::notice::outbound::{Answer, Outbound, read_address};

/// What goes out. Nothing in it says more than a lock screen may show.
#[derive(Clone, Debug)]
pub struct Message {
    /// The delivery's id: the same at each try.
    pub id: Uuid,
    /// The kind of notice; none for a test.
    pub kind: Option<NoticeKind>,
    /// The 工号 of the officer whose notice it is.
    pub officer: String,
    /// When he was told.
    pub told_at: Timestamp,
    /// How much there is to do, in Chinese.
    pub text: String,
    /// The page to open: a whole address where this server knows its own, else the path.
    pub link: String,
    /// The path of the page to open.
    pub path: String,
}

impl Message {
    /// The kind's name on the wire.
    pub fn kind_name(&self) -> &'static str {
        self.kind.map_or("test", NoticeKind::as_str)
    }

    /// The text for a group, in which nobody in particular is meant.
    fn group_text(&self) -> String {
        let what = self.kind.map_or_else(|| "一条测试消息".to_owned(), |kind| kind.summary(1));
        let line = format!("指尖办理：有 {what}，请相关同志登录查看");
        if self.link.starts_with("http") { format!("{line}\n{}", self.link) } else { line }
    }
}

/// Who gets it.
#[derive(Clone, Debug)]
pub enum Receiver {
    /// The group or the program behind the channel.
    Channel,
    /// A mailbox.
    Mailbox(String),
    /// A browser, with the key that signs for this server.
    Browser(Box<Browser>, VapidKey),
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The other side took it.
    Taken,
    /// It may go better later.
    Failed {
        /// What went wrong, in Chinese, with what the other side said.
        why: String,
        /// The seconds that the other side asks to wait.
        retry_after: Option<i64>,
    },
    /// It will never go.
    Refused(String),
    /// The receiver exists no longer.
    Gone,
}

impl Outcome {
    fn failed(why: impl Into<String>) -> Self {
        Self::Failed { why: why.into(), retry_after: None }
    }

    /// A status that says no.
    fn of_status(answer: &Answer) -> Self {
        let why = match answer.status {
            status if status.is_redirection() => format!("对方答复 HTTP {}（不跟随跳转）", status.as_u16()),
            status => format!("对方答复 HTTP {}", status.as_u16()),
        };
        Self::Failed { why, retry_after: answer.retry_after }
    }
}

/// Sends a message over a channel, once.
pub async fn deliver(
    outbound: &Outbound,
    config: &ChannelConfig,
    message: &Message,
    receiver: &Receiver,
    now: Timestamp,
) -> Outcome {
    match (config, receiver) {
        (ChannelConfig::Webhook { url, secret }, _) => webhook::deliver(outbound, url, secret, message, now).await,
        (ChannelConfig::Wecom { url }, _) => robot::wecom(outbound, url, message).await,
        (ChannelConfig::Dingtalk { url, secret }, _) => robot::dingtalk(outbound, url, secret, message, now).await,
        (ChannelConfig::Feishu { url, secret }, _) => robot::feishu(outbound, url, secret, message, now).await,
        (ChannelConfig::Smtp { .. }, Receiver::Mailbox(address)) => smtp::deliver(config, address, message, now).await,
        (ChannelConfig::WebPush { contact, services }, Receiver::Browser(browser, key)) => {
            let sender = web_push::Sender { contact, services, key };
            web_push::deliver(outbound, sender, browser, message, now).await
        }
        (ChannelConfig::Smtp { .. } | ChannelConfig::WebPush { .. }, _) => Outcome::Gone,
    }
}

/// A POST of JSON.
fn post_json(url: &str, body: Vec<u8>) -> Result<Request<Bytes>, Outcome> {
    let address = read_address(url).map_err(Outcome::failed)?;
    Request::post(address)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Bytes::from(body))
        .map_err(|error| Outcome::failed(error.to_string()))
}

/// Whether a status asks to come again later, as opposed to one that will not change its mind.
fn is_passing(status: StatusCode) -> bool {
    !status.is_client_error() || matches!(status.as_u16(), 408 | 425 | 429)
}

fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// The longest address, in characters.
const ADDRESS_LIMIT: usize = 2048;
/// The longest name or secret, in characters.
const WORD_LIMIT: usize = 200;
/// The most push services of a channel.
const SERVICE_LIMIT: usize = 20;

/// Checks what an administrator typed.
///
/// # Errors
/// [`app::api::Code::BadInput`] at the field that is at fault.
pub fn check(config: &ChannelConfig) -> Result<(), Failure> {
    let wrong = |field: &str, why: &str| Err(Failure::bad_input(&format!("config.{field}"), why));
    let address = |url: &str| match url.len() {
        ..=ADDRESS_LIMIT => read_address(url).err(),
        _ => Some("地址过长，最多 2048 个字符"),
    };
    let is_short = |secret: &str, least: usize| !(least..=WORD_LIMIT).contains(&secret.len());
    match config {
        ChannelConfig::Webhook { url, secret } => {
            if let Some(why) = address(url) {
                return wrong("url", why);
            }
            if is_short(secret, 16) {
                return wrong("secret", "签名密钥应为 16 至 200 个字符");
            }
        }
        ChannelConfig::Wecom { url } => {
            if let Some(why) = address(url) {
                return wrong("url", why);
            }
        }
        ChannelConfig::Dingtalk { url, secret } | ChannelConfig::Feishu { url, secret } => {
            if let Some(why) = address(url) {
                return wrong("url", why);
            }
            if is_short(secret, 1) {
                return wrong("secret", "请填写机器人的签名密钥");
            }
        }
        ChannelConfig::Smtp { host, security, username, password, from, .. } => {
            if let Err(why) = smtp::check_host(host) {
                return wrong("host", why);
            }
            if !is_email(from) {
                return wrong("from", "发件地址不是有效的邮箱");
            }
            if *security == SmtpSecurity::None && !username.is_empty() {
                return wrong("security", "不加密的连接不能使用用户名和密码");
            }
            if username.len() > WORD_LIMIT || password.len() > WORD_LIMIT {
                return wrong("password", "用户名和密码各不超过 200 个字符");
            }
            if username.is_empty() != password.is_empty() {
                return wrong("password", "用户名和密码应同时填写或同时留空");
            }
        }
        ChannelConfig::WebPush { contact, services } => {
            let is_contact = contact.strip_prefix("mailto:").is_some_and(is_email)
                || (contact.starts_with("https://") && address(contact).is_none());
            if !is_contact {
                return wrong("contact", "请填写 mailto: 邮箱或 https:// 地址，供推送服务联系");
            }
            if services.is_empty() || services.len() > SERVICE_LIMIT {
                return wrong("services", "请写明允许的推送服务，1 至 20 个：消息会（加密）经过它们");
            }
            if let Some(service) = services.iter().find(|service| !web_push::is_service(service)) {
                return wrong("services", &format!("不是推送服务的源地址：{service}"));
            }
        }
    }
    Ok(())
}

/// Where a channel leads, as far as administrators are shown it: never a key.
pub fn target(config: &ChannelConfig) -> String {
    match config {
        ChannelConfig::Webhook { url, .. }
        | ChannelConfig::Wecom { url }
        | ChannelConfig::Dingtalk { url, .. }
        | ChannelConfig::Feishu { url, .. } => {
            read_address(url).ok().and_then(|uri| uri.authority().map(ToString::to_string)).unwrap_or_default()
        }
        ChannelConfig::Smtp { host, port, from, .. } => format!("{from} ({host}:{port})"),
        ChannelConfig::WebPush { contact, .. } => contact.clone(),
    }
}
