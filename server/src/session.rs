//! Sessions: a row in the database, a short-lived signed token that names it, and a refresh token that is replaced at
//! each use. Browsers carry both in `__Host-` cookies, programs carry them as bearer and body.

use std::net::IpAddr;
use std::sync::Arc;

use app::account::api::{Session, SessionMode};
use app::account::rules::{Grant, Permission, Role, permits, permits_class, permits_everywhere, permits_somewhere};
use app::api::Code;
use app::day::Timestamp;
use app::org::rules::PostClass;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::{self, Actor, Deed};
use crate::entity::session;
use crate::error::Failure;
use crate::secrets::{same, sha256, tag};
use crate::state::AppState;

/// How long an access token is good for.
pub const ACCESS_SECONDS: i64 = 15 * 60;
/// How long a session lasts.
const SESSION_SECONDS: i64 = 30 * 24 * 3600;
/// How long the refresh token before the last one is still taken: the answer that carried the new one may have been
/// lost, or two tabs refreshed at once. Later it is a stolen one, and the session ends.
const REUSE_SECONDS: i64 = 60;
/// How stale `last_seen_at` may be.
const SEEN_SECONDS: i64 = 5 * 60;

const ACCESS_COOKIE: &str = "__Host-session";
const REFRESH_COOKIE: &str = "__Host-refresh";

/// Who makes a call.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The session.
    pub session: Uuid,
    /// The officer's id.
    pub id: Uuid,
    /// The 工号.
    pub officer: String,
    /// The name.
    pub name: String,
    /// The court's id.
    pub court: Uuid,
    /// The court's name.
    pub court_name: String,
    /// The department's id.
    pub department: Uuid,
    /// The department's name.
    pub department_name: String,
    /// The post's name.
    pub post: Option<String>,
    /// The class of post.
    pub post_class: PostClass,
    /// The roles with what they cover.
    pub grants: Vec<Grant>,
}

impl Caller {
    /// The roles, each once.
    pub fn roles(&self) -> Vec<Role> {
        let mut roles: Vec<Role> = self.grants.iter().map(|grant| grant.role).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// Whether his roles permit this for a department of a court.
    pub fn may(&self, permission: Permission, court: Uuid, department: Option<Uuid>) -> bool {
        permits(&self.grants, permission, court, department)
    }

    /// Whether his roles permit this for a court, or for the whole province where none is named.
    pub fn may_throughout(&self, permission: Permission, court: Option<Uuid>) -> bool {
        court.map_or_else(|| permits_everywhere(&self.grants, permission), |court| self.may(permission, court, None))
    }

    /// Whether his roles permit this for a class of a court.
    pub fn may_for_class(&self, permission: Permission, class: Uuid, court: Uuid) -> bool {
        permits_class(&self.grants, permission, class, court)
    }

    /// Whether his roles permit this somewhere.
    pub fn may_somewhere(&self, permission: Permission) -> bool {
        permits_somewhere(&self.grants, permission)
    }
}

/// What the middleware found out about a request.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// Who calls, when somebody is signed in.
    pub caller: Option<Arc<Caller>>,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sid: Uuid,
    exp: i64,
}

/// The session that a valid access token names.
pub fn verify(state: &AppState, token: &str) -> Option<Uuid> {
    let mut validation = Validation::new(Algorithm::HS256);
    // The library reads the system's clock; the server's own clock is asked below.
    validation.validate_exp = false;
    let claims =
        jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(state.secrets.token_key()), &validation)
            .ok()?
            .claims;
    (claims.exp > state.now().millis() / 1000).then_some(claims.sid)
}

/// A new access token for a session.
///
/// # Errors
/// Never in practice: signing with HMAC cannot fail.
pub fn access_token(state: &AppState, session: Uuid) -> Result<String, Failure> {
    let claims = Claims { sid: session, exp: state.now().millis() / 1000 + ACCESS_SECONDS };
    jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(state.secrets.token_key()))
        .map_err(Failure::internal)
}

struct RefreshToken {
    session: Uuid,
    secret: [u8; 32],
}

impl RefreshToken {
    fn fresh(session: Uuid) -> Self {
        Self { session, secret: rand::random() }
    }

    /// The token that replaces this one. It follows from this one under the server's key, so that everybody who sends
    /// this one in time is given the same: only its digest is stored, and it could not be told a second time.
    fn next(&self, state: &AppState) -> Self {
        let parts = [b"refresh".as_slice(), self.session.as_bytes(), &self.secret];
        Self { session: self.session, secret: tag(state.secrets.token_key(), &parts) }
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (session, secret) = bytes.split_first_chunk::<16>()?;
        Some(Self { session: Uuid::from_bytes(*session), secret: secret.try_into().ok()? })
    }

    fn text(&self) -> String {
        BASE64URL_NOPAD.encode(&[self.session.as_bytes().as_slice(), &self.secret].concat())
    }

    fn digest(&self) -> Vec<u8> {
        sha256(&self.secret).to_vec()
    }
}

/// A session that has begun or goes on, with the cookies to set.
#[derive(Debug)]
pub struct Opened {
    /// The session's id.
    pub id: Uuid,
    access: String,
    refresh: String,
}

impl Opened {
    /// The cookies of a browser session.
    pub fn cookies(&self) -> Vec<String> {
        vec![
            cookie(ACCESS_COOKIE, &self.access, ACCESS_SECONDS),
            cookie(REFRESH_COOKIE, &self.refresh, SESSION_SECONDS),
        ]
    }

    /// The answer to whoever signed in.
    pub fn reply(self, officer: &str, roles: Vec<Role>, mode: SessionMode) -> Session {
        let bearer = mode == SessionMode::Bearer;
        Session {
            officer: officer.to_owned(),
            roles,
            access_token: bearer.then_some(self.access),
            refresh_token: bearer.then_some(self.refresh),
            expires_in: bearer.then_some(ACCESS_SECONDS),
        }
    }
}

/// A cookie that no script reads, no other site sends and no plain connection carries.
pub fn cookie(name: &str, value: &str, seconds: i64) -> String {
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Lax")
}

/// The cookies that make a browser forget its session.
pub fn forgetting_cookies() -> Vec<String> {
    vec![cookie(ACCESS_COOKIE, "", 0), cookie(REFRESH_COOKIE, "", 0)]
}

/// The row of a new session, not yet stored, and what its owner carries.
///
/// # Errors
/// Never in practice.
pub fn open(
    state: &AppState,
    officer: Uuid,
    mode: SessionMode,
    device: &str,
) -> Result<(session::ActiveModel, Opened), Failure> {
    let now = state.now();
    let id = state.clock.new_id();
    let refresh = RefreshToken::fresh(id);
    let row = session::ActiveModel {
        id: Set(id),
        officer_id: Set(officer),
        mode: Set(if mode == SessionMode::Bearer { "bearer" } else { "cookie" }.to_owned()),
        refresh_digest: Set(refresh.digest()),
        previous_digest: Set(None),
        rotated_at: Set(now.millis()),
        device: Set(device.chars().take(60).collect()),
        created_at: Set(now.millis()),
        last_seen_at: Set(now.millis()),
        expires_at: Set(now.plus_seconds(SESSION_SECONDS).millis()),
        revoked_at: Set(None),
    };
    Ok((row, Opened { id, access: access_token(state, id)?, refresh: refresh.text() }))
}

/// Continues a session by its refresh token, which is replaced. Who sends the replaced one within a minute is given the
/// one in its place.
///
/// # Errors
/// [`Code::SignedOut`] when the session has ended, or when the token was replaced more than a minute ago: then
/// somebody else holds a copy, and the session is ended for both.
pub async fn refresh(state: &AppState, token: &str) -> Result<(Uuid, Opened), Failure> {
    let ended = || Failure::new(Code::SignedOut, "登录已失效，请重新登录");
    let presented = RefreshToken::parse(token).ok_or_else(ended)?;
    let now = state.now();
    let tx = state.database.begin().await?;
    // Of those who refresh at once, each waits for the one before and sees what he has made of the row.
    let row = session::Entity::find_by_id(presented.session)
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now.millis()))
        .lock_exclusive()
        .one(&tx)
        .await?
        .ok_or_else(ended)?;
    let digest = presented.digest();
    let next = presented.next(state);
    let officer = row.officer_id;
    let id = row.id;
    let opened = Opened { id, access: access_token(state, id)?, refresh: next.text() };
    if same(&digest, &row.refresh_digest) {
        let mut change = row.into_active_model();
        change.refresh_digest = Set(next.digest());
        change.previous_digest = Set(Some(digest));
        change.rotated_at = Set(now.millis());
        change.last_seen_at = Set(now.millis());
        change.update(&tx).await?;
        tx.commit().await?;
        return Ok((officer, opened));
    }
    if !row.previous_digest.as_deref().is_some_and(|previous| same(&digest, previous)) {
        tx.rollback().await?;
        return Err(ended());
    }
    if now.seconds_since(Timestamp::from_millis(row.rotated_at)) <= REUSE_SECONDS {
        // The next tab waits for the row; a transaction that is only dropped ends later.
        tx.rollback().await?;
        return Ok((officer, opened));
    }
    let mut change = row.into_active_model();
    change.revoked_at = Set(Some(now.millis()));
    change.update(&tx).await?;
    // The owner did not end it, and who did is not known.
    let deed = Deed { action: "session.revoke", subject: "session", id: &id.to_string() };
    audit::record(&tx, &state.clock, &Actor::system(), deed, None::<&()>, None::<&()>).await?;
    tx.commit().await?;
    state.callers.invalidate(&id).await;
    tracing::warn!(session = %id, "A replaced refresh token was used again; the session was ended.");
    Err(ended())
}

/// Ends a session of the caller: the one in which he calls, or another of his own.
///
/// # Errors
/// The database fails. Ending an ended or foreign session changes nothing and answers `false`.
pub async fn revoke(state: &AppState, caller: &Caller, id: Uuid) -> Result<bool, Failure> {
    let tx = state.database.begin().await?;
    let done = session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(state.now().millis()))
        .filter(session::Column::Id.eq(id).and(session::Column::OfficerId.eq(caller.id)))
        .filter(session::Column::RevokedAt.is_null())
        .exec(&tx)
        .await?;
    let ended = done.rows_affected == 1;
    if ended {
        let action = if id == caller.session { "session.end" } else { "session.revoke" };
        let deed = Deed { action, subject: "session", id: &id.to_string() };
        audit::record(&tx, &state.clock, &Actor::from(caller), deed, None::<&()>, None::<&()>).await?;
    }
    tx.commit().await?;
    state.callers.invalidate(&id).await;
    Ok(ended)
}

/// Finds out who calls, refuses writes that another site sent, and goes on with an expired browser session.
pub async fn authenticate(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let mut cookies = Vec::new();
    let headers = request.headers();
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(str::trim);
    let session = if let Some(token) = bearer {
        verify(&state, token)
    } else {
        if is_write(request.method()) && !is_same_site(&state, headers) {
            return Failure::new(Code::CrossSite, "这个操作来自其他网站的页面，已被拒绝；请在本系统内操作")
                .into_response();
        }
        match read_cookie(headers, ACCESS_COOKIE).and_then(|token| verify(&state, token)) {
            Some(session) => Some(session),
            None => match read_cookie(headers, REFRESH_COOKIE) {
                Some(token) => match refresh(&state, token).await {
                    Ok((_, opened)) => {
                        cookies = opened.cookies();
                        Some(opened.id)
                    }
                    Err(Failure::Problem(_)) => {
                        cookies = forgetting_cookies();
                        None
                    }
                    Err(failure) => return failure.into_response(),
                },
                None => None,
            },
        }
    };
    let caller = match session {
        Some(session) => match find_caller(&state, session).await {
            Ok(caller) => caller,
            Err(failure) => return failure.into_response(),
        },
        None => None,
    };
    request.extensions_mut().insert(Identity { caller });
    let mut response = next.run(request).await;
    // A handler that signs in or out has the last word; one that sets another cookie has not.
    let own = format!("{ACCESS_COOKIE}=");
    let mut set = response.headers().get_all(header::SET_COOKIE).iter();
    if !set.any(|value| value.as_bytes().starts_with(own.as_bytes())) {
        append_cookies(response.headers_mut(), &cookies);
    }
    response
}

/// Adds `Set-Cookie` headers.
pub fn append_cookies(headers: &mut HeaderMap, cookies: &[String]) {
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(cookie) {
            headers.append(header::SET_COOKIE, value);
        }
    }
}

async fn find_caller(state: &AppState, session: Uuid) -> Result<Option<Arc<Caller>>, Failure> {
    if let Some(found) = state.callers.get(&session).await {
        return Ok(found);
    }
    let now = state.now();
    let row = session::Entity::find_by_id(session).one(state.database.read()).await?;
    let Some(row) = row.filter(|row| row.revoked_at.is_none() && row.expires_at > now.millis()) else {
        state.callers.insert(session, None).await;
        return Ok(None);
    };
    let caller = crate::account::store::caller(state, row.officer_id, session).await?.map(Arc::new);
    if now.seconds_since(Timestamp::from_millis(row.last_seen_at)) > SEEN_SECONDS {
        let mut change = row.into_active_model();
        change.last_seen_at = Set(now.millis());
        change.update(state.database.write()).await?;
    }
    state.callers.insert(session, caller.clone()).await;
    Ok(caller)
}

/// The value of a cookie.
pub fn read_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
}

fn is_write(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Browsers say where a request comes from: newer ones by `Sec-Fetch-Site`, older ones by `Origin`. What says neither is
/// no browser, and carries no cookie that it was not given on purpose.
fn is_same_site(state: &AppState, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else { return true };
    let host = text("host").unwrap_or_default();
    state.config.origin.as_deref() == Some(origin) || origin.split_once("://").is_some_and(|(_, rest)| rest == host)
}

/// Whether a session cookie set in answer to this request would be kept: over TLS, behind a proxy that has it, or on the
/// machine itself.
pub fn keeps_cookies(state: &AppState, headers: &HeaderMap) -> bool {
    if state.tls || state.config.origin.as_deref().is_some_and(|origin| origin.starts_with("https://")) {
        return true;
    }
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name == "localhost" || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
