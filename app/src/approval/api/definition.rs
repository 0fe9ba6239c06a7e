//! Definitions of approval on the wire, for the page on which they are edited.
//!
//! A definition travels as the JSON that it is stored, exported and imported as: a file is saved as it is, and a key that
//! nobody knows is refused with its place.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::StepMode;
use crate::account::rules::Permission;
use crate::api::Access;
use crate::approval::definition::{Definition, Value};
use crate::day::Timestamp;
use crate::endpoint;

/// A form named in the path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Path))]
pub struct ByForm {
    /// The form's name, like `leave`.
    pub form: String,
}

/// The forms with the definitions that decide on them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DefinitionList {
    /// One for each form.
    pub items: Vec<DefinitionItem>,
}

/// A form with its current definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DefinitionItem {
    /// The form's name, like `leave`.
    pub form: String,
    /// The current version.
    #[serde(flatten)]
    pub version: DefinitionVersion,
}

/// A version of a definition, without its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DefinitionVersion {
    /// The version; 0 is the one that comes with the program.
    pub version: i32,
    /// The definition's name then.
    pub name: String,
    /// When it was saved; absent for version 0.
    pub made_at: Option<Timestamp>,
    /// The name of who saved it; absent for version 0.
    pub made_by: Option<String>,
}

/// Which version is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct DefinitionQuery {
    /// The version; the current one when absent.
    pub version: Option<i32>,
}

/// A definition in one of its versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DefinitionView {
    /// The form's name.
    pub form: String,
    /// The version that is shown.
    pub version: i32,
    /// The version by which new requests are decided.
    pub current: i32,
    /// The definition as it is exported and saved.
    pub definition: Definition,
    /// The versions, the newest first; the last hundred and version 0.
    pub versions: Vec<DefinitionVersion>,
}

/// What is wrong with a definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Linted {
    /// The faults, those first that keep it from being saved; at most a hundred.
    pub faults: Vec<DefinitionFault>,
    /// How many there are in all.
    pub total: i64,
}

/// Something wrong with a definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DefinitionFault {
    /// What, by a stable name: `gap`, `unreachable`, `empty_approver` and so on.
    pub code: String,
    /// The key of the node at fault, where it is one.
    pub node: Option<String>,
    /// The key of the field at fault, where it is one.
    pub field: Option<String>,
    /// Values for which it happens, where it happens for some only.
    pub example: Option<BTreeMap<String, FormValue>>,
    /// Whether a definition with it is not saved.
    pub blocking: bool,
    /// What is wrong and what to do, in Chinese.
    pub text: String,
}

/// A value of a form's field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum FormValue {
    /// Of a flag.
    Flag(bool),
    /// Of an integer.
    Integer(i64),
    /// Of a choice.
    Choice(String),
    /// Of a field of people: their 工号.
    People(Vec<String>),
}

impl FormValue {
    /// The 工号 in a field of people; nothing in others.
    pub fn people(&self) -> &[String] {
        match self {
            Self::People(people) => people,
            _ => &[],
        }
    }

    /// The value as the engine reads it. Error: the 工号 that `id_of` does not know.
    pub fn read(self, id_of: impl Fn(&String) -> Option<Uuid>) -> Result<Value, String> {
        Ok(match self {
            Self::Flag(flag) => Value::Flag(flag),
            Self::Integer(integer) => Value::Integer(integer),
            Self::Choice(choice) => Value::Choice(choice),
            Self::People(people) => {
                Value::People(people.into_iter().map(|number| id_of(&number).ok_or(number)).collect::<Result<_, _>>()?)
            }
        })
    }
}

/// Asks what would happen to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Simulate {
    /// The 工号 of who would ask.
    pub officer: String,
    /// What he would fill in. What follows from the officer himself, like his class of post, may be left out.
    #[serde(default)]
    pub values: BTreeMap<String, FormValue>,
    /// The definition; the current one when absent.
    #[serde(default)]
    pub definition: Option<Definition>,
}

/// What would happen to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Simulated {
    /// The values, those that follow from the officer included.
    pub values: BTreeMap<String, FormValue>,
    /// Every node of the definition, in order.
    pub nodes: Vec<SimulatedNode>,
    /// Why nothing could be submitted, in Chinese; absent where it could.
    pub problem: Option<String>,
}

/// A node of a simulated request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimulatedNode {
    /// The node's key.
    pub key: String,
    /// Its name.
    pub title: String,
    /// Whether it applies.
    pub applies: bool,
    /// Its condition, in Chinese.
    pub condition: String,
    /// How its members decide; absent where they only get a copy, and where the node does not apply.
    pub mode: Option<StepMode>,
    /// Who acts.
    pub members: Vec<SimulatedMember>,
    /// The posts for which nobody could be found.
    pub missing: Vec<String>,
}

/// A member of a simulated node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimulatedMember {
    /// The 工号.
    pub officer: String,
    /// The name.
    pub name: String,
    /// In which post he acts, in Chinese.
    pub post: String,
    /// Why somebody else than the holder of the post acts, where that is so.
    pub stands_in_for: Option<String>,
    /// The key of the node in which he decides for this one too, where he does.
    pub merged_into: Option<String>,
}

/// Saves the next version of a definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewVersion {
    /// The version that was edited; another one may have been saved meanwhile.
    pub based_on: i32,
    /// The definition, as a file holds it.
    pub definition: Definition,
}

endpoint! {
    /// Lists the forms with their current definitions.
    ListDefinitions: Get "/approval-definitions", "list_definitions", Access::May(Permission::ManageApproval);
    reply: DefinitionList;
}
endpoint! {
    /// Shows a definition: the current version or another one, with the list of all.
    GetDefinition: Get "/approval-definitions/{form}", "get_definition", Access::May(Permission::ManageApproval);
    path: ByForm;
    query: DefinitionQuery;
    reply: DefinitionView;
    problems: NotFound;
}
endpoint! {
    /// Saves the next version; requests that run keep theirs. The loser of a race gets 409 with the present one in
    /// `current`.
    SaveDefinition: Post "/approval-definitions/{form}", "save_definition", Access::May(Permission::ManageApproval);
    path: ByForm;
    body: NewVersion;
    reply: DefinitionView;
    problems: NotFound, StaleVersion;
}
endpoint! {
    /// Says what is wrong with a definition; nothing is saved.
    LintDefinition: Post "/approval-definitions/{form}/lint", "lint_definition", Access::May(Permission::ManageApproval);
    path: ByForm;
    body: Definition;
    reply: Linted;
    problems: NotFound;
}
endpoint! {
    /// Says who would decide on an officer's request with these values; nothing is saved.
    SimulateDefinition: Post "/approval-definitions/{form}/simulate", "simulate_definition", Access::May(Permission::ManageApproval);
    path: ByForm;
    body: Simulate;
    reply: Simulated;
    problems: NotFound;
}
