//! Log-in, sessions, roles on the wire.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::rules::{Grant, Permission, Role};
use crate::api::{Access, ById, ByOfficer, Empty};
use crate::day::{Day, Timestamp, Zone};
use crate::endpoint;

/// How the caller carries its session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SessionMode {
    /// In HttpOnly cookies; for browsers.
    #[default]
    Cookie,
    /// As a bearer token; for programs.
    Bearer,
}

/// Log-in with 工号 and password.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Login {
    /// The 工号.
    pub username: String,
    /// The password.
    pub password: String,
    /// Cookie or bearer.
    #[serde(default)]
    pub mode: SessionMode,
}

/// First log-in (or one after a reset): the one-time code becomes a password of one's own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Activate {
    /// The 工号.
    pub username: String,
    /// The one-time activation code that HR handed out.
    pub code: String,
    /// The new password, 10 to 128 characters.
    pub new_password: String,
    /// Cookie or bearer.
    #[serde(default)]
    pub mode: SessionMode,
}

/// A session has begun or goes on.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The 工号.
    pub officer: String,
    /// The officer's roles.
    pub roles: Vec<Role>,
    /// Bearer mode only: the token for `Authorization: Bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// Bearer mode only: the token for `POST /session/refresh`; each use gives a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Bearer mode only: seconds until the access token ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<i64>,
}

/// A bearer session goes on.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refresh {
    /// The refresh token of the last answer.
    pub refresh_token: String,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The 工号.
    pub officer: String,
    /// The name.
    pub name: String,
    /// The court's name.
    pub court: String,
    /// The court's id.
    pub court_id: Uuid,
    /// The department's name.
    pub department: String,
    /// The post's name (职务), where he holds one.
    pub post: Option<String>,
    /// The roles.
    pub roles: Vec<Role>,
    /// Each role with the part of the tree it covers.
    pub scopes: Vec<Grant>,
    /// All that the roles permit somewhere; the phone draws its menus from it.
    pub permissions: Vec<Permission>,
}

/// What the app needs before its first screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Boot {
    /// Who is signed in; nobody on the log-in page.
    pub me: Option<Me>,
    /// The server's day in the configured zone.
    pub today: Day,
    /// The server's clock.
    pub now: Timestamp,
    /// The zone that every time is shown in.
    pub zone: Zone,
    /// Whether this is demonstration data; each screen says 演示 then.
    pub demo: bool,
    /// The build of the server, so that an old page knows it is old.
    pub build: String,
    /// The first screen's reply, where the shell brings it along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<FirstRead>,
}

/// A reply that the first screen would ask for, brought along so that it needs no further round trip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FirstRead {
    /// The address that the screen would read: `/api/v1/home`.
    pub address: String,
    /// What it would answer.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub reply: serde_json::Value,
}

/// A session in the owner's list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionItem {
    /// The session's id.
    pub id: Uuid,
    /// The device in words, from the user agent: 微信 · 安卓.
    pub device: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to about five minutes.
    pub last_seen_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The owner's sessions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sessions {
    /// The sessions, last used first.
    pub items: Vec<SessionItem>,
}

/// A one-time activation code, shown once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Activation {
    /// The 工号.
    pub officer: String,
    /// The code to hand over.
    pub code: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A role that somebody was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleGrant {
    /// The grant's id.
    pub id: Uuid,
    /// The 工号.
    pub officer: String,
    /// The officer's name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The court that it covers, with those below; the whole province when absent.
    pub court_id: Option<Uuid>,
    /// That court's name.
    pub court: Option<String>,
    /// The one department that it covers, for a role of a department.
    #[serde(default)]
    pub department_id: Option<Uuid>,
    /// That department's name.
    #[serde(default)]
    pub department: Option<String>,
}

/// All given roles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleGrants {
    /// The grants by officer.
    pub items: Vec<RoleGrant>,
}

/// Gives a role.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GiveRole {
    /// An id made by the caller; a repeat answers as the first did.
    pub id: Uuid,
    /// The 工号.
    pub officer: String,
    /// One of the roles that are given: `training_admin`, `class_teacher`, `admin`, `auditor`,
    /// `department_clerk`.
    pub role: Role,
    /// The court that it covers, with those below; the whole province when absent.
    #[serde(default)]
    pub court_id: Option<Uuid>,
    /// The department of that court, for `department_clerk`, which needs one; for no other role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department_id: Option<Uuid>,
}

endpoint! {
    /// Signs in with 工号 and password.
    CreateSession: Post "/session", "create_session", Access::Public;
    body: Login;
    reply: Session;
    problems: WrongPassword, SlowDown, InsecureOrigin;
}
endpoint! {
    /// Turns a one-time activation code into a password and signs in.
    ActivateAccount: Post "/session/activate", "activate_account", Access::Public;
    body: Activate;
    reply: Session;
    problems: WrongActivationCode, SlowDown, InsecureOrigin;
}
endpoint! {
    /// Continues a bearer session; the refresh token is replaced, and its reuse ends the session.
    RefreshSession: Post "/session/refresh", "refresh_session", Access::Public;
    body: Refresh;
    reply: Session;
    problems: SignedOut;
}
endpoint! {
    /// Ends the session that asks.
    EndSession: Delete "/session", "end_session", Access::Own;
}
endpoint! {
    /// Says who is signed in.
    GetMe: Get "/me", "get_me", Access::Own;
    reply: Me;
    offline: LastKnown;
}
endpoint! {
    /// Gives the app what it needs before its first screen.
    GetBoot: Get "/boot", "get_boot", Access::Public;
    reply: Boot;
    offline: LastKnown;
}
endpoint! {
    /// Lists the caller's sessions.
    ListSessions: Get "/sessions", "list_sessions", Access::Own;
    reply: Sessions;
}
endpoint! {
    /// Ends one of the caller's sessions.
    RevokeSession: Delete "/sessions/{id}", "revoke_session", Access::Own;
    path: ById;
    problems: NotFound;
}
endpoint! {
    /// Makes a one-time activation code for an officer; an active account is reset and its sessions end.
    CreateActivation: Post "/officers/{officer}/activation", "create_activation", Access::May(Permission::ManageOrg);
    path: ByOfficer;
    body: Empty;
    reply: Activation;
    problems: NotFound, WrongState;
}
endpoint! {
    /// Lists the roles that were given.
    ListRoleGrants: Get "/role-grants", "list_role_grants", Access::May(Permission::GiveRoles);
    reply: RoleGrants;
}
endpoint! {
    /// Gives a role to an officer.
    CreateRoleGrant: Post "/role-grants", "create_role_grant", Access::May(Permission::GiveRoles);
    body: GiveRole;
    reply: RoleGrant;
    problems: NotFound, IdReused;
}
endpoint! {
    /// Takes a given role away.
    DeleteRoleGrant: Delete "/role-grants/{id}", "delete_role_grant", Access::May(Permission::GiveRoles);
    path: ById;
    problems: NotFound;
}
