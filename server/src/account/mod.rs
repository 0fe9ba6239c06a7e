//! Log-in, sessions and roles.

pub mod password;
pub mod store;

mod roles;
mod sessions;

use app::account::api::{
    Activate, ActivateAccount, Activation, Boot, CreateActivation, CreateSession, GetBoot, GetMe, Login, Me,
    RefreshSession, Session, SessionMode,
};
use app::account::rules::{Grant, Permission, WRONG_PASSWORDS_BEFORE_WAIT, check_password, wait_after_failures};
use app::api::{Code, Problem};
use app::day::Timestamp;
use app::org::rules::OfficerStatus;
use axum::http::{HeaderMap, header};
use sea_orm::sea_query::{CaseStatement, Expr, OnConflict, SimpleExpr};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter};

use crate::audit::{self, Actor, Deed};
use crate::clock::Clock;
use crate::entity::{account, officer, session};
use crate::error::Failure;
use crate::mount::{Answer, Api, Call};
use crate::secrets::{Secrets, same};
use crate::session::{self as sessions_of, Caller, Opened, keeps_cookies};
use crate::state::AppState;

/// How long an activation code is good for.
const ACTIVATION_SECONDS: i64 = 7 * 24 * 3600;

/// Adds the calls of this noun.
pub fn mount(api: Api) -> Api {
    let api = api
        .mount::<CreateSession, _, _, _>(create_session)
        .mount::<ActivateAccount, _, _, _>(activate_account)
        .mount::<RefreshSession, _, _, _>(refresh_session)
        .mount::<GetMe, _, _, _>(get_me)
        .mount::<GetBoot, _, _, _>(get_boot)
        .mount::<CreateActivation, _, _, _>(create_activation);
    roles::mount(sessions::mount(api))
}

async fn create_session(call: Call<CreateSession>) -> Result<Answer<Session>, Failure> {
    let login = call.body()?;
    let mode = login.mode;
    let (opened, session) = sign_in(&call.state, &call.headers, login).await?;
    Ok(with_cookies(opened, session, mode))
}

async fn activate_account(call: Call<ActivateAccount>) -> Result<Answer<Session>, Failure> {
    let body = call.body()?;
    let mode = body.mode;
    let (opened, session) = activate(&call.state, &call.headers, body).await?;
    Ok(with_cookies(opened, session, mode))
}

fn with_cookies(cookies: Vec<String>, reply: Session, mode: SessionMode) -> Answer<Session> {
    Answer { reply, cookies: if mode == SessionMode::Cookie { cookies } else { Vec::new() } }
}

/// Signs in with 工号 and password; answers the cookies to set and the reply. Used by the API and the plain page.
///
/// # Errors
/// [`Code::WrongPassword`], [`Code::SlowDown`], [`Code::InsecureOrigin`].
pub async fn sign_in(state: &AppState, headers: &HeaderMap, login: Login) -> Result<(Vec<String>, Session), Failure> {
    refuse_lost_cookies(state, headers, login.mode)?;
    let officer = store::officer_by_number(state.database.read(), login.username.trim())
        .await?
        .filter(|officer| officer.status == OfficerStatus::InService.as_str());
    let account = match &officer {
        Some(officer) => store::account(state.database.read(), officer.id).await?,
        None => None,
    };
    if let Some(account) = &account {
        refuse_while_waiting(account, state.now())?;
    }
    let turn = password::turn(state).await?;
    if let Some(account) = &account {
        // Not before the turn has come: those who queue here have all read the account as it was.
        reserve_attempt(state, account.officer_id).await?;
    }
    let hash = account.and_then(|account| account.password_hash);
    let fits = password::fits(turn, login.password, hash.clone()).await?;
    match (officer, hash) {
        (Some(officer), Some(hash)) if fits => {
            enter(state, headers, &officer, login.mode, Proof::Password { hash }).await
        }
        _ => Err(wrong_password()),
    }
}

fn wrong_password() -> Failure {
    Failure::new(Code::WrongPassword, "工号或密码不正确；首次登录请先用激活码激活，忘记密码请联系本院政治部")
}

/// Turns an activation code into a password and signs in. Used by the API and the plain page.
///
/// # Errors
/// [`Code::WrongActivationCode`], [`Code::BadInput`] for a weak password, [`Code::SlowDown`], [`Code::InsecureOrigin`].
pub async fn activate(
    state: &AppState,
    headers: &HeaderMap,
    body: Activate,
) -> Result<(Vec<String>, Session), Failure> {
    refuse_lost_cookies(state, headers, body.mode)?;
    let wrong = || Failure::new(Code::WrongActivationCode, "激活码不正确、已使用或已过期，请向本院政治部重新领取");
    let number = body.username.trim();
    check_password(&body.new_password, number).map_err(|weak| Failure::bad_input("new_password", weak.text()))?;
    let officer = store::officer_by_number(state.database.read(), number)
        .await?
        .filter(|officer| officer.status == OfficerStatus::InService.as_str())
        .ok_or_else(wrong)?;
    let account = store::account(state.database.read(), officer.id).await?.ok_or_else(wrong)?;
    refuse_while_waiting(&account, state.now())?;
    reserve_attempt(state, officer.id).await?;
    if !fits_activation(&account, &password::activation_digest(state, &body.code), state.now()) {
        return Err(wrong());
    }
    let new_hash = password::hash(state, body.new_password).await?;
    let proof = Proof::Code { digest: account.activation_digest, new_hash };
    enter(state, headers, &officer, body.mode, proof).await
}

/// What somebody has shown that lets him in.
enum Proof {
    /// The password that this hash is of.
    Password { hash: String },
    /// The activation code with this digest, and the hash of the password that takes its place.
    Code { digest: Option<Vec<u8>>, new_hash: String },
}

/// Opens a session, if what was shown still stands: a password that was reset while it was looked at lets nobody in any
/// more, and a code works once even when two phones send it together.
async fn enter(
    state: &AppState,
    headers: &HeaderMap,
    officer: &officer::Model,
    mode: SessionMode,
    proof: Proof,
) -> Result<(Vec<String>, Session), Failure> {
    let (row, opened) = sessions_of::open(state, officer.id, mode, &device_in_words(headers))?;
    let tx = state.database.begin().await?;
    let mut change = account::Entity::update_many()
        .col_expr(account::Column::Failures, Expr::value(0))
        .col_expr(account::Column::WaitUntil, Expr::value(None::<i64>))
        .filter(account::Column::OfficerId.eq(officer.id));
    let (action, overtaken) = match proof {
        Proof::Password { hash } => {
            change = change.filter(account::Column::PasswordHash.eq(hash));
            ("session.create", wrong_password())
        }
        Proof::Code { digest, new_hash } => {
            change = change
                .col_expr(account::Column::PasswordHash, Expr::value(new_hash))
                .col_expr(account::Column::ActivationDigest, Expr::value(None::<Vec<u8>>))
                .filter(account::Column::ActivationDigest.eq(digest));
            let used = Failure::new(Code::WrongActivationCode, "激活码刚刚被使用过，请直接用新密码登录");
            ("account.activate", used)
        }
    };
    if change.exec(&tx).await?.rows_affected == 0 {
        tx.rollback().await?;
        return Err(overtaken);
    }
    session::Entity::insert(row).exec_without_returning(&tx).await?;
    let actor = Actor { officer: Some(officer.id), origin: opened.id.to_string(), ..Actor::default() };
    let deed = Deed { action, subject: "account", id: &officer.number };
    audit::record(&tx, &state.clock, &actor, deed, None::<&()>, None::<&()>).await?;
    tx.commit().await?;
    let roles = store::caller(state, officer.id, opened.id).await?.map(|caller| caller.roles());
    let cookies = opened.cookies();
    Ok((cookies, opened.reply(&officer.number, roles.unwrap_or_default(), mode)))
}

async fn refresh_session(call: Call<RefreshSession>) -> Result<Session, Failure> {
    let (officer, opened): (_, Opened) = sessions_of::refresh(&call.state, &call.body()?.refresh_token).await?;
    let caller = store::caller(&call.state, officer, opened.id)
        .await?
        .ok_or_else(|| Failure::new(Code::SignedOut, "账号已停用，请联系本院政治部"))?;
    Ok(opened.reply(&caller.officer, caller.roles(), SessionMode::Bearer))
}

async fn get_me(call: Call<GetMe>) -> Result<Me, Failure> {
    Ok(me(call.caller()?))
}

/// Who is signed in, as the phone sees it.
pub fn me(caller: &Caller) -> Me {
    let mut permissions: Vec<Permission> = caller.grants.iter().flat_map(Grant::permissions).collect();
    permissions.sort_unstable();
    permissions.dedup();
    Me {
        officer: caller.officer.clone(),
        name: caller.name.clone(),
        court: caller.court_name.clone(),
        court_id: caller.court,
        department: caller.department_name.clone(),
        post: caller.post.clone(),
        roles: caller.roles(),
        scopes: caller.grants.clone(),
        permissions,
    }
}

async fn get_boot(call: Call<GetBoot>) -> Result<Boot, Failure> {
    Ok(boot(&call.state, call.identity.caller.as_deref()))
}

/// What the app needs before its first screen.
pub fn boot(state: &AppState, caller: Option<&Caller>) -> Boot {
    Boot {
        me: caller.map(me),
        today: state.today(),
        now: state.now(),
        zone: state.config.zone,
        demo: state.demo,
        build: crate::BUILD.to_owned(),
        first: None,
    }
}

async fn create_activation(call: Call<CreateActivation>) -> Result<Activation, Failure> {
    let caller = call.caller()?;
    let state = &call.state;
    let officer = store::officer_by_number(state.database.read(), &call.path.officer)
        .await?
        .filter(|officer| caller.may(Permission::ManageOrg, officer.court_id, Some(officer.department_id)))
        .ok_or_else(|| Failure::not_found("这名干警"))?;
    let activation = issue_activation(state, &state.secrets, &state.clock, &Actor::from(&**caller), &officer).await?;
    state.callers.invalidate_all();
    Ok(activation)
}

/// Makes a one-time activation code. An active account is reset: its password and its sessions end.
///
/// # Errors
/// [`Code::WrongState`] for somebody who has left the service.
pub async fn issue_activation(
    state: &AppState,
    secrets: &Secrets,
    clock: &Clock,
    actor: &Actor,
    officer: &officer::Model,
) -> Result<Activation, Failure> {
    if officer.status != OfficerStatus::InService.as_str() {
        return Err(Failure::new(Code::WrongState, format!("{} 已不在职，不能登录，无需激活", officer.name)));
    }
    let code = password::activation_code();
    let expires_at = clock.now().plus_seconds(ACTIVATION_SECONDS);
    let tx = state.database.begin().await?;
    let row = account::ActiveModel {
        officer_id: Set(officer.id),
        password_hash: Set(None),
        activation_digest: Set(Some(password::digest_of(secrets, &code).to_vec())),
        activation_expires_at: Set(Some(expires_at.millis())),
        failures: Set(0),
        wait_until: Set(None),
    };
    account::Entity::insert(row)
        .on_conflict(
            OnConflict::column(account::Column::OfficerId)
                .update_columns([
                    account::Column::PasswordHash,
                    account::Column::ActivationDigest,
                    account::Column::ActivationExpiresAt,
                    account::Column::Failures,
                    account::Column::WaitUntil,
                ])
                .to_owned(),
        )
        .exec_without_returning(&tx)
        .await?;
    end_sessions(&tx, officer.id, clock.now()).await?;
    let deed = Deed { action: "account.issue_activation", subject: "account", id: &officer.number };
    audit::record(&tx, clock, actor, deed, None::<&()>, None::<&()>).await?;
    tx.commit().await?;
    Ok(Activation { officer: officer.number.clone(), code, expires_at })
}

async fn end_sessions(connection: &impl ConnectionTrait, officer: uuid::Uuid, now: Timestamp) -> Result<(), DbErr> {
    session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(now.millis()))
        .filter(session::Column::OfficerId.eq(officer).and(session::Column::RevokedAt.is_null()))
        .exec(connection)
        .await?;
    Ok(())
}

fn fits_activation(account: &account::Model, digest: &[u8], now: Timestamp) -> bool {
    account.activation_expires_at.is_some_and(|end| end > now.millis())
        && account.activation_digest.as_deref().is_some_and(|stored| same(stored, digest))
}

fn refuse_while_waiting(account: &account::Model, now: Timestamp) -> Result<(), Failure> {
    match account.wait_until {
        Some(until) if until > now.millis() => Err(slow_down(until, now)),
        _ => Ok(()),
    }
}

fn slow_down(until: i64, now: Timestamp) -> Failure {
    let seconds = (until - now.millis()).div_euclid(1000) + 1;
    Failure::new(Code::SlowDown, format!("密码连续输错多次，请 {seconds} 秒后再试；忘记密码请联系本院政治部"))
}

/// Counts an attempt as a failure before it is looked at, in one statement that refuses while the account has to wait:
/// however many guesses are sent at once, no more are looked at than of those sent one after the other. Whoever gets in
/// starts the count anew.
async fn reserve_attempt(state: &AppState, officer: uuid::Uuid) -> Result<(), Failure> {
    let now = state.now();
    let reserved = account::Entity::update_many()
        .col_expr(account::Column::Failures, Expr::col(account::Column::Failures).add(1))
        .col_expr(account::Column::WaitUntil, wait_after_one_more(now))
        .filter(account::Column::OfficerId.eq(officer))
        .filter(account::Column::WaitUntil.is_null().or(account::Column::WaitUntil.lte(now.millis())))
        .exec(state.database.write())
        .await?;
    if reserved.rows_affected == 1 {
        return Ok(());
    }
    let account = store::account(state.database.read(), officer).await?;
    let until = account.and_then(|account| account.wait_until).filter(|until| *until > now.millis());
    Err(slow_down(until.unwrap_or(now.millis()), now))
}

/// Until when an account waits that fails once more, as the database computes it from the failures before.
fn wait_after_one_more(now: Timestamp) -> SimpleExpr {
    let grows = |failures: &u32| wait_after_failures(*failures) > wait_after_failures(failures - 1);
    let steps: Vec<u32> = (WRONG_PASSWORDS_BEFORE_WAIT..).take_while(grows).collect();
    let mut wait = CaseStatement::new();
    for failures in steps.into_iter().rev() {
        let until = now.plus_seconds(wait_after_failures(failures)).millis();
        wait = wait.case(account::Column::Failures.gte(i64::from(failures) - 1), Expr::value(until));
    }
    wait.finally(Expr::value(None::<i64>)).into()
}

fn refuse_lost_cookies(state: &AppState, headers: &HeaderMap, mode: SessionMode) -> Result<(), Failure> {
    if mode == SessionMode::Bearer || keeps_cookies(state, headers) {
        return Ok(());
    }
    Err(Problem::new(
        Code::InsecureOrigin,
        "当前是未加密的 http 连接，浏览器会丢弃登录凭证。请改用 https 地址；管理员可用 serve --tls self-signed 启动，\
         或配置证书、反向代理",
    )
    .into())
}

/// A device in words that its owner knows: 微信 · 安卓.
fn device_in_words(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let pick = |table: &[(&str, &'static str)], otherwise: &'static str| {
        table.iter().find(|(mark, _)| agent.contains(mark)).map_or(otherwise, |(_, name)| *name)
    };
    let browser = pick(
        &[
            ("MicroMessenger", "微信"),
            ("DingTalk", "钉钉"),
            ("Lark", "飞书"),
            ("Edg", "Edge"),
            ("Firefox", "Firefox"),
            ("Chrome", "Chrome"),
            ("Safari", "Safari"),
        ],
        "其他程序",
    );
    let system = pick(
        &[
            ("HarmonyOS", "鸿蒙"),
            ("Android", "安卓"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS", "Mac"),
            ("Linux", "Linux"),
        ],
        "未知系统",
    );
    format!("{browser} · {system}")
}
