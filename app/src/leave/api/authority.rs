//! The approval authority of leave on the wire.
//!
//! A matrix travels as the JSON that it is stored and exported as. The working copy is one for the province; publishing it
//! makes the next version of the definition of leave, and running requests keep theirs.

use serde::{Deserialize, Serialize};

use crate::account::rules::Permission;
use crate::api::Access;
use crate::approval::api::ChainStep;
use crate::day::{HalfDay, Timestamp};
use crate::endpoint;
use crate::leave::authority::Matrix;
use crate::leave::authority::changes::Change;
use crate::leave::authority::lint::Finding;
use crate::org::rules::PostClass;

/// The matrix as it is being edited, and what is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Authority {
    /// Goes up each time the working copy is saved; 0 while nobody has.
    pub version: i64,
    /// The working copy; where nobody has saved one the matrix in force, else the one that comes with the program.
    pub matrix: Matrix,
    /// When the working copy was saved last.
    pub saved_at: Option<Timestamp>,
    /// The name of who saved it.
    pub saved_by: Option<String>,
    /// The version of the definition of leave by which new requests are decided.
    pub current: i32,
    /// The matrix that it was made of; absent where it was written as a definition.
    pub published: Option<Matrix>,
    /// The names of the types that a column or a question can name, those that HR added included.
    pub leave_types: Vec<String>,
}

/// Saves the working copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveMatrix {
    /// The version of the working copy that was edited.
    pub version: i64,
    /// The matrix; it may still have gaps.
    pub matrix: Matrix,
}

/// Publishes the working copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PublishMatrix {
    /// The version of the working copy that is meant.
    pub version: i64,
    /// The version of the definition that the caller saw in force.
    pub based_on: i32,
}

/// What is wrong with a matrix, and what it would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatrixLinted {
    /// The findings, those first that keep it from being published; at most a hundred.
    pub findings: Vec<Finding>,
    /// How many there are in all.
    pub total: i64,
    /// What it would change against what is in force, by what is decided and not by how it is written.
    pub changes: Vec<Change>,
}

/// The rule books to begin with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatrixTemplates {
    /// The templates, the one without gaps first.
    pub items: Vec<MatrixTemplate>,
}

/// A rule book to begin with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatrixTemplate {
    /// Its stable name.
    pub name: String,
    /// Its name on screen.
    pub title: String,
    /// Where it comes from, and what was added to it.
    pub source: String,
    /// How many places it leaves without an approver or contradicts itself in.
    pub faults: i64,
    /// The matrix.
    pub matrix: Matrix,
}

/// Asks who would decide. Either for an officer or for a class of post; either for so many half days or, for an officer,
/// for a time, so that the requests that adjoin it are added as they would be if he asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskAuthority {
    /// The 工号 of who would ask.
    #[serde(default)]
    pub officer: Option<String>,
    /// The class of post of who would ask, where no officer is named.
    #[serde(default)]
    pub post_class: Option<PostClass>,
    /// The type's name.
    pub leave_type: String,
    /// How much counts.
    #[serde(default)]
    pub half_days: Option<i64>,
    /// The first half day, where no number is given.
    #[serde(default)]
    pub from: Option<HalfDay>,
    /// The last half day, included.
    #[serde(default)]
    pub to: Option<HalfDay>,
    /// The matrix to ask; what is in force when absent.
    #[serde(default)]
    pub matrix: Option<Matrix>,
}

/// Who would decide, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthorityAnswer {
    /// The class of post of who would ask.
    pub post_class: PostClass,
    /// How much counts.
    pub half_days: i64,
    /// How much decides, adjoining requests added.
    pub routed_half_days: i64,
    /// The requests that were added.
    pub added: Vec<AddedRequest>,
    /// Where the matrix says it; absent where it says nothing, or where what is in force was not made of a matrix.
    pub said: Option<AuthoritySaid>,
    /// Who would decide, in order; without names where only a class of post was given.
    pub chain: Vec<ChainStep>,
    /// Who would get a copy, in Chinese.
    pub copies: Vec<String>,
    /// Why nothing could be submitted, in Chinese; absent where it could.
    pub problem: Option<String>,
}

/// A request that adjoins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddedRequest {
    /// Its number for people.
    pub number: String,
    /// The first half day.
    pub from: HalfDay,
    /// The last half day, included.
    pub to: HalfDay,
    /// What it counts.
    pub half_days: i64,
}

/// Where a matrix says who decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthoritySaid {
    /// The row, in Chinese.
    pub row: String,
    /// The column, in Chinese.
    pub column: String,
    /// The band as it is written, in Chinese.
    pub band: String,
    /// Who decides, in Chinese.
    pub route: String,
}

endpoint! {
    /// Shows the approval authority of leave: the working copy of the matrix, and what is in force.
    GetAuthority: Get "/leave/authority", "get_authority", Access::May(Permission::ManageApproval);
    reply: Authority;
}
endpoint! {
    /// Saves the working copy of the matrix; nothing comes into force. The loser of a race gets 409 with the present one
    /// in `current`.
    SaveAuthority: Put "/leave/authority", "save_authority", Access::May(Permission::ManageApproval);
    body: SaveMatrix;
    reply: Authority;
    problems: StaleVersion;
}
endpoint! {
    /// Lists rule books to begin with, each with its source.
    ListAuthorityTemplates: Get "/leave/authority/templates", "list_authority_templates", Access::May(Permission::ManageApproval);
    reply: MatrixTemplates;
}
endpoint! {
    /// Says what is wrong with a matrix and what it would change; nothing is saved.
    LintAuthority: Post "/leave/authority/lint", "lint_authority", Access::May(Permission::ManageApproval);
    body: Matrix;
    reply: MatrixLinted;
}
endpoint! {
    /// Makes the working copy the next version of the definition of leave; requests that run keep theirs. The loser of a
    /// race gets 409 with the present state in `current`.
    PublishAuthority: Post "/leave/authority/publish", "publish_authority", Access::May(Permission::ManageApproval);
    body: PublishMatrix;
    reply: Authority;
    problems: StaleVersion;
}
endpoint! {
    /// Says who would decide on so much leave, and why; nothing is saved.
    AskWhoDecides: Post "/leave/authority/who-decides", "ask_who_decides", Access::May(Permission::ManageApproval);
    body: AskAuthority;
    reply: AuthorityAnswer;
    problems: UnknownLeaveType;
}
