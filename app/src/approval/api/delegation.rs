//! 委托代理 on the wire.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, ById, Empty};
use crate::approval::delegation::{Kinds, Period};
use crate::endpoint;

/// A delegation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DelegationView {
    /// Its id.
    pub id: Uuid,
    /// The 工号 of the approver.
    pub from: String,
    /// His name.
    pub from_name: String,
    /// The 工号 of who acts for him.
    pub to: String,
    /// His name.
    pub to_name: String,
    /// For which forms.
    pub kinds: Kinds,
    /// When.
    pub period: Period,
    /// Where it stands.
    pub state: DelegationState,
    /// Whether it counts at this moment.
    pub active: bool,
}

/// Where a delegation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DelegationState {
    /// The delegate has not answered yet.
    Offered,
    /// He has agreed.
    Accepted,
    /// He has declined.
    Declined,
    /// One of the two has ended it.
    Revoked,
}

/// The caller's delegations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delegations {
    /// Those that the caller gave and those given to him, the newest first, ended ones of the last year included.
    pub items: Vec<DelegationView>,
}

/// Lets somebody act for the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewDelegation {
    /// An id made by the caller; a repeat answers as the first did.
    pub id: Uuid,
    /// The 工号 of who shall act.
    pub to: String,
    /// For which forms.
    pub kinds: Kinds,
    /// When.
    pub period: Period,
}

/// The delegate's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerDelegation {
    /// Whether he agrees.
    pub accept: bool,
}

endpoint! {
    /// Lists the delegations that the caller gave or was given.
    ListDelegations: Get "/delegations", "list_delegations", Access::Own;
    reply: Delegations;
    offline: LastKnown;
}
endpoint! {
    /// Lets a colleague decide in the caller's place; it counts once he has agreed.
    CreateDelegation: Post "/delegations", "create_delegation", Access::Own;
    body: NewDelegation;
    reply: DelegationView;
    problems: NotFound, IdReused;
}
endpoint! {
    /// Agrees to a delegation, or declines it.
    AnswerDelegationOffer: Post "/delegations/{id}/answer", "answer_delegation", Access::Own;
    path: ById;
    body: AnswerDelegation;
    reply: DelegationView;
    problems: NotFound, WrongState;
}
endpoint! {
    /// Ends a delegation; either side may.
    RevokeDelegation: Delete "/delegations/{id}", "revoke_delegation", Access::Own;
    path: ById;
    reply: Empty;
    problems: NotFound;
}
