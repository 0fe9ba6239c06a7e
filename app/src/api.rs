//! How a call is described: once, for the server, the phone, the tests and the API document.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use crate::account::rules::Permission;

/// Where the API lives; [`Endpoint::PATH`] is below it.
pub const BASE: &str = "/api/v1";

/// One call of the API.
///
/// `server::mount` builds the route and the document's operation from it, the phone's `net::call` and the tests'
/// client send it. [`endpoint!`](crate::endpoint) writes the implementations.
pub trait Endpoint: 'static {
    /// The operation's name, `verb_noun`, unique in the document.
    const NAME: &'static str;
    /// One sentence for the document.
    const SUMMARY: &'static str;
    /// The HTTP method.
    const METHOD: Method;
    /// The path below [`BASE`], parameters in braces: `/lessons/{id}/board`.
    const PATH: &'static str;
    /// Who may call it.
    const ACCESS: Access;
    /// What the phone does without a network.
    const OFFLINE: Offline;
    /// The problems a caller has to expect beside the general ones (bad input, not signed in, not allowed).
    const PROBLEMS: &'static [Code];
    /// How the body travels.
    const BODY: Media;
    /// How the reply travels.
    const REPLY: Media;
    /// The parameters in the path, by name.
    type Path: Params;
    /// The parameters in the query string.
    type Query: Params;
    /// The body; [`Empty`] where there is none.
    type Body: Wire;
    /// The reply; [`Empty`] stands for 204.
    type Reply: Wire;
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads; changes nothing.
    Get,
    /// Creates or acts.
    Post,
    /// Replaces.
    Put,
    /// Ends or takes away.
    Delete,
}

impl Method {
    /// The method's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// How a body or a reply travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// As JSON.
    Json,
    /// As the bytes of a file (`application/octet-stream`, or the file's own type in a reply).
    File,
    /// As server-sent events.
    Events,
}

/// Who may make a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody, signed in or not.
    Public,
    /// Every signed-in officer; what he sees is his own.
    Own,
    /// Every signed-in officer who has a part in the thing: its applicant, an approver of its chain, or somebody whose
    /// role covers it. The handler asks the store, because the path names a single thing.
    Party,
    /// Whoever holds the permission, for the part of the tree that his role covers.
    May(Permission),
    /// Whoever holds one of the two permissions; the handler knows which one the thing asks for.
    MayEither(Permission, Permission),
}

/// What the phone does with a call when there is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offline {
    /// Says so.
    Refuse,
    /// Keeps it in the outbox and sends it later.
    Queue,
    /// Shows the last answer with its time.
    LastKnown,
}

/// What crosses the wire.
pub trait Wire: Serialize + DeserializeOwned + Schema + Clone + Send + Sync + 'static {}
impl<T: Serialize + DeserializeOwned + Schema + Clone + Send + Sync + 'static> Wire for T {}

/// Parameters of a path or a query string: a flat struct of plain values.
pub trait Params: Serialize + DeserializeOwned + ParamsSchema + Clone + Send + Sync + 'static {}
impl<T: Serialize + DeserializeOwned + ParamsSchema + Clone + Send + Sync + 'static> Params for T {}

#[cfg(feature = "openapi")]
mod schema {
    /// Has a schema for the API document.
    pub trait Schema: utoipa::ToSchema {}
    impl<T: utoipa::ToSchema> Schema for T {}

    /// Has parameters for the API document.
    pub trait ParamsSchema: utoipa::IntoParams {}
    impl<T: utoipa::IntoParams> ParamsSchema for T {}
}

#[cfg(not(feature = "openapi"))]
mod schema {
    /// Has a schema for the API document; here, without the feature `openapi`, everything does.
    pub trait Schema {}
    impl<T> Schema for T {}

    /// Has parameters for the API document; here, without the feature `openapi`, everything does.
    pub trait ParamsSchema {}
    impl<T> ParamsSchema for T {}
}

pub use schema::{ParamsSchema, Schema};

/// No body, no parameters, or a reply of 204.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
pub struct Empty {}

/// A thing named by its UUID in the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Path))]
pub struct ById {
    /// The thing's id.
    pub id: uuid::Uuid,
}

/// An officer named by his 工号 in the path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Path))]
pub struct ByOfficer {
    /// The officer's 工号.
    pub officer: String,
}

/// A page of a list in keyset order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The page's items.
    pub items: Vec<T>,
    /// The cursor of the next page; absent on the last one.
    pub next: Option<String>,
}

/// What every failure looks like on the wire: problem+json (RFC 9457) with a stable `code`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `about:blank`: the code says more than a type address would.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short name of the problem, in Chinese.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code that programs act on.
    pub code: Code,
    /// What happened, where, and what to do next; in Chinese, for people.
    pub detail: String,
    /// The field of the body that is at fault, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The state that won, for the loser of a race (`stale_version`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub current: Option<serde_json::Value>,
}

impl Problem {
    /// A problem of this code with a sentence for people.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".to_owned(),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: detail.into(),
            field: None,
            current: None,
        }
    }

    /// The same problem, at this field of the body.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// The same problem, with the state that won.
    #[must_use]
    pub fn with_current(mut self, current: serde_json::Value) -> Self {
        self.current = Some(current);
        self
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident $status:literal $title:literal;)+) => {
        /// The stable codes of problems. Codes cross the wire and never change their meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The HTTP status that carries the code.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }

            /// The problem's short name, in Chinese.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }
    };
}

codes! {
    /// The input cannot be read or breaks a plain bound; `field` says where.
    BadInput 400 "填写有误";
    /// Nobody is signed in, or the session has ended.
    SignedOut 401 "请先登录";
    /// 工号 or password is wrong.
    WrongPassword 401 "工号或密码不正确";
    /// The activation code is wrong or no longer valid.
    WrongActivationCode 401 "激活码无效";
    /// The account waits after too many wrong passwords.
    SlowDown 429 "尝试过于频繁";
    /// The caller's roles do not allow this.
    NotAllowed 403 "没有权限";
    /// A write that a page of another site tried to send.
    CrossSite 403 "来源不可信";
    /// Log-in over plain http from another machine, where the cookie would be dropped.
    InsecureOrigin 403 "需要安全连接";
    /// There is no such thing, or the caller may not know that there is.
    NotFound 404 "没有找到";
    /// Somebody else was faster; `current` has the new state.
    StaleVersion 409 "状态已变化";
    /// The id was used before with another body.
    IdReused 409 "编号已被使用";
    /// The action does not fit the state that the thing is in.
    WrongState 409 "当前状态不能这样操作";
    /// The body is larger than this call takes.
    TooLarge 413 "文件过大";
    /// The file cannot be read: not of a kind that can be imported, or damaged.
    UnreadableFile 422 "文件无法读取";
    /// What the file is, by its bytes, is not taken here.
    UnsupportedFile 415 "文件格式不支持";
    /// Something failed inside; the log has the details.
    Internal 500 "系统内部错误";
    /// The server cannot take the write now; sending it again later is safe.
    Unavailable 503 "系统繁忙";

    /// The span ends before it begins.
    InvertedSpan 422 "起止时间颠倒";
    /// The span is longer than a request may be.
    SpanTooLong 422 "请假时间过长";
    /// No half day of the span counts for this type of leave.
    NothingCounts 422 "所选时间不计假";
    /// The span overlaps another leave of the same officer.
    OverlappingLeave 422 "与已有假期重叠";
    /// The balance does not cover the request.
    InsufficientBalance 422 "余额不足";
    /// There is no such type of leave.
    UnknownLeaveType 422 "没有这种假别";
    /// The type of leave is not for this officer: sex, category, years of work, or it is not in use.
    NotEligible 422 "不适用此假别";
    /// Too late to be asked for afterwards, or too early notice is missing.
    OutsideWindow 422 "不在申请期限内";
    /// More than the type allows in one request or in one year.
    OverLimit 422 "超过上限";
    /// The year gives no leave of this type to this officer.
    NotEntitled 422 "本年不享受";
    /// No person can be found for a step of the chain.
    EmptyChain 422 "无人审批";
    /// A refusal needs a reason.
    ReasonRequired 422 "请填写理由";
    /// The leave has begun; from then on the officer reports back early instead.
    LeaveBegun 409 "假期已经开始";
    /// The reported return lies outside what the request allows.
    ReturnOutOfRange 422 "返回时间不对";
    /// The request has as many attachments as it may have.
    TooManyAttachments 422 "附件已满";
    /// The officer has as many drafts as he may have.
    TooManyDrafts 422 "草稿已满";
    /// The officer in whose place leave is asked for is not one for whom the caller may ask, or there is none.
    ForeignOfficer 403 "不能为此人提交";
    /// A request extends this leave, which has to be acted on instead.
    AlreadyExtended 409 "已有续假";
    /// The last day for asking for an extension is over.
    ExtendTooLate 409 "已过续假时间";

    /// The colleague who stands in has not agreed, and the court lets nobody approve before.
    StandInFirst 409 "代理人尚未同意";
    /// The papers that it depends on have neither been attached nor been seen.
    EvidenceMissing 409 "证明材料未交";

    /// A hearing of the officer lies in the span, and this installation blocks that.
    HearingConflict 422 "与庭审冲突";
    /// A lesson of a class that he is enrolled in lies in the span, and this installation blocks that.
    ClassConflict 422 "与培训冲突";
    /// The officer is on duty in the span, and this installation blocks that.
    DutyConflict 422 "与值班冲突";
    /// Nobody of his court or department may leave in the span.
    BlackoutPeriod 422 "严禁外出期";
    /// Too few of a group would be left; who asked first was let go.
    MinimumPresence 409 "在岗人数不足";

    /// The code has been replaced by a newer one.
    CodeExpired 422 "二维码已过期";
    /// The code is not one of this lesson.
    CodeInvalid 422 "二维码无效";
    /// Sign-in has not begun yet.
    TooEarly 422 "签到尚未开始";
    /// Sign-in is over.
    TooLate 422 "签到已结束";
    /// The person is not on the class list.
    NotOnRoster 403 "不在学员名单中";
    /// Only those who signed in may rate the lesson.
    NotSignedIn 403 "未签到不能评课";
    /// The rating has not begun yet.
    RatingNotOpen 422 "评课尚未开始";
    /// The rating is over.
    RatingClosed 422 "评课已结束";
    /// This person has rated this lesson before.
    AlreadyRated 409 "已经评过";
    /// The results are shown only after the rating has ended.
    ResultsNotOpen 403 "结果尚未公布";
}

/// The path and query of a call: `/api/v1/leave/requests/{id}` with its parameters filled in.
pub fn url<E: Endpoint>(path: &E::Path, query: &E::Query) -> String {
    fill(E::PATH, &flat(path), &flat(query))
}

fn flat<T: Serialize>(params: &T) -> Vec<(String, String)> {
    let value = serde_json::to_value(params).expect("parameters are plain structs");
    let serde_json::Value::Object(map) = value else { return Vec::new() };
    map.into_iter()
        .filter_map(|(name, value)| match value {
            serde_json::Value::Null => None,
            serde_json::Value::String(text) => Some((name, text)),
            other => Some((name, other.to_string())),
        })
        .collect()
}

fn fill(template: &str, path: &[(String, String)], query: &[(String, String)]) -> String {
    let mut url = format!("{BASE}{template}");
    for (name, value) in path {
        url = url.replace(&format!("{{{name}}}"), &percent(value));
    }
    for (position, (name, value)) in query.iter().enumerate() {
        url.push(if position == 0 { '?' } else { '&' });
        url.push_str(name);
        url.push('=');
        url.push_str(&percent(value));
    }
    url
}

/// Percent-encodes everything but the unreserved characters of RFC 3986.
pub fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}

/// Describes a call: `endpoint! { /// Summary. Name: Get "/path", "name", Access::Own; query: Q; reply: R; }`.
///
/// After the header come, in this order and each optional: `path`, `query`, `body`, `reply` (types), `offline`,
/// `problems`, `body_media`, `reply_media`. What is left out is [`Empty`], [`Offline::Refuse`], no problems, JSON.
#[macro_export]
macro_rules! endpoint {
    (
        $(#[doc = $summary:literal])+
        $name:ident: $method:ident $path:literal, $operation:literal, $access:expr;
        $(path: $path_type:ty;)?
        $(query: $query:ty;)?
        $(body: $body:ty;)?
        $(reply: $reply:ty;)?
        $(offline: $offline:ident;)?
        $(problems: $($code:ident),+;)?
        $(body_media: $body_media:ident;)?
        $(reply_media: $reply_media:ident;)?
    ) => {
        $(#[doc = $summary])+
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl $crate::api::Endpoint for $name {
            const NAME: &'static str = $operation;
            const SUMMARY: &'static str = concat!($($summary),+);
            const METHOD: $crate::api::Method = $crate::api::Method::$method;
            const PATH: &'static str = $path;
            const ACCESS: $crate::api::Access = $access;
            const OFFLINE: $crate::api::Offline = $crate::endpoint!(@offline $($offline)?);
            const PROBLEMS: &'static [$crate::api::Code] = &[$($($crate::api::Code::$code),+)?];
            const BODY: $crate::api::Media = $crate::endpoint!(@media $($body_media)?);
            const REPLY: $crate::api::Media = $crate::endpoint!(@media $($reply_media)?);
            type Path = $crate::endpoint!(@type $($path_type)?);
            type Query = $crate::endpoint!(@type $($query)?);
            type Body = $crate::endpoint!(@type $($body)?);
            type Reply = $crate::endpoint!(@type $($reply)?);
        }
    };
    (@type) => { $crate::api::Empty };
    (@type $type:ty) => { $type };
    (@offline) => { $crate::api::Offline::Refuse };
    (@offline $offline:ident) => { $crate::api::Offline::$offline };
    (@media) => { $crate::api::Media::Json };
    (@media $media:ident) => { $crate::api::Media::$media };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_filled_and_escaped() {
        let path = [("id".to_owned(), "a/b 中".to_owned())];
        let query = [("q".to_owned(), "张&".to_owned())];
        assert_eq!(fill("/x/{id}/y", &path, &query), "/api/v1/x/a%2Fb%20%E4%B8%AD/y?q=%E5%BC%A0%26");
    }
}
