//! What an administrator writes: the declared fields of a form and the ordered nodes that decide on it.
//!
//! A definition is data: it is stored, imported and exported as JSON, and unknown keys are refused, so that a typing
//! mistake in a file is never a silent default. It names no version: whoever stores it counts versions, and a running
//! request keeps the plan that was compiled from its own one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::rules::Role;
use crate::api::{Code, Problem};
use crate::approval::condition::Condition;
use crate::org::rules::PostClass;

/// A flow of approval for one kind of form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The name on screen.
    pub name: String,
    /// The kind of form that it decides on, like `leave`.
    pub form: String,
    /// The fields that conditions and rules may ask for.
    pub fields: Vec<Field>,
    /// The nodes in the order in which they decide.
    pub nodes: Vec<Node>,
}

/// A declared field of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its key in the values.
    pub key: String,
    /// Its name on screen.
    pub title: String,
    /// What it may hold.
    pub kind: FieldKind,
}

/// What a field may hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FieldKind {
    /// A whole number.
    Integer {
        /// The least, included.
        min: i64,
        /// The greatest, included.
        max: i64,
    },
    /// One of these values.
    Choice {
        /// The values, in the order of the screen.
        values: Vec<Choice>,
    },
    /// Yes or no.
    Flag,
    /// People whom the applicant chooses, in his order.
    People {
        /// The fewest; a rule that asks for the field needs at least one.
        min: u32,
        /// The most.
        max: u32,
    },
}

/// A value of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The value as the form writes it.
    pub value: String,
    /// Its name on screen.
    pub title: String,
}

/// A node: who acts, and when it is needed at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Its key, unique in the definition.
    pub key: String,
    /// Its name on screen.
    pub title: String,
    /// When it is needed.
    #[serde(default)]
    pub when: Condition,
    /// Who acts, and how.
    pub kind: NodeKind,
    /// How long a task may wait here.
    #[serde(default)]
    pub deadline: Option<Deadline>,
}

/// What a node does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum NodeKind {
    /// People decide.
    Decide {
        /// Who, in order; each rule finds one person or, in the modes of several, all who answer to it.
        approvers: Vec<ApproverRule>,
        /// How they decide together.
        mode: Mode,
    },
    /// People get a copy (抄送); nobody waits for them.
    Copy {
        /// Who.
        to: Vec<ApproverRule>,
    },
}

/// How the members of a node decide together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Mode {
    /// One person decides.
    Single,
    /// 会签: everybody has to approve; one refusal ends the request.
    All,
    /// 会签 by ratio: this share of the members has to approve; a refusal ends the request once that cannot be reached.
    Ratio {
        /// The share in percent, 1 to 100, rounded up to whole members.
        percent: u8,
    },
    /// 或签: the first decision decides.
    Any,
    /// 依次: one after the other in the written order; one refusal ends the request.
    InOrder,
}

/// Somebody who decides, seen from the applicant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ApproverRule {
    /// A person by his 工号.
    Officer {
        /// The 工号.
        officer: String,
    },
    /// Who holds a post of this class in a unit.
    Post {
        /// The class of post.
        class: PostClass,
        /// Where.
        unit: Unit,
    },
    /// The leader so many levels up from the applicant's department: 1 its head, 2 the court leader who oversees it,
    /// 3 the president, 4 the president of the court above, and so on. Past the top court the political department
    /// records the decision that was made outside.
    Leader {
        /// How many levels up, from 1.
        levels: u8,
    },
    /// 分管院领导 of the applicant's department.
    Overseer,
    /// Who holds a role in a unit.
    Role {
        /// The role.
        role: Role,
        /// Where.
        unit: Unit,
    },
    /// Whom the applicant chose in a field of people.
    Chosen {
        /// The field's key.
        field: String,
    },
}

/// A unit, seen from the applicant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Unit {
    /// The applicant's department.
    Department,
    /// The applicant's court.
    Court,
    /// The court above; at the top court that court itself.
    CourtAbove,
    /// The department of this name in the applicant's court, like 政治部.
    NamedDepartment {
        /// The name.
        name: String,
    },
}

/// How long a task may wait, and what happens then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// Minutes from the moment the task opens.
    pub minutes: u32,
    /// What happens then.
    pub then: Overdue,
}

/// What happens to a task past its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Overdue {
    /// Its officer is reminded once.
    Remind,
    /// It goes to the next one in the order of fallbacks, once.
    Escalate,
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Of a flag.
    Flag(bool),
    /// Of an integer.
    Integer(i64),
    /// Of a choice.
    Choice(String),
    /// Of a field of people: their ids.
    People(Vec<Uuid>),
}

/// The values of a form, by the key of the field.
pub type Values = BTreeMap<String, Value>;

impl Definition {
    /// The field of this key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Every rule of every node.
    pub fn rules(&self) -> impl Iterator<Item = &ApproverRule> {
        self.nodes.iter().flat_map(|node| node.kind.rules())
    }

    /// The name of a field on screen; its key where it is not declared.
    pub fn title_of<'a>(&'a self, key: &'a str) -> &'a str {
        self.field(key).map_or(key, |field| &field.title)
    }

    /// Lets a field of choices take one more, where it does not know it yet.
    pub fn admit(&mut self, key: &str, value: &str, title: &str) {
        let field = self.fields.iter_mut().find(|field| field.key == key);
        if let Some(Field { kind: FieldKind::Choice { values }, .. }) = field
            && values.iter().all(|known| known.value != value)
        {
            values.push(Choice { value: value.to_owned(), title: title.to_owned() });
        }
    }

    /// The name of a choice's value on screen; the value itself where it is not declared.
    pub fn choice_title<'a>(&'a self, key: &str, value: &'a str) -> &'a str {
        let Some(FieldKind::Choice { values }) = self.field(key).map(|field| &field.kind) else { return value };
        values.iter().find(|choice| choice.value == value).map_or(value, |choice| &choice.title)
    }

    /// Whether the values are those that the definition declares: each field once, of its kind, within its bounds, and
    /// nothing else; nobody is chosen twice, and the applicant never.
    ///
    /// Error: [`Code::BadInput`] at the field.
    pub fn check_values(&self, values: &Values, applicant: Uuid) -> Result<(), Box<Problem>> {
        let refuse = |key: &str, why: String| Err(Box::new(Problem::new(Code::BadInput, why).at(key)));
        if let Some(key) = values.keys().find(|key| self.field(key).is_none()) {
            return refuse(key, format!("流程没有声明字段“{key}”"));
        }
        for field in &self.fields {
            let fits = values.get(&field.key).is_some_and(|value| field.kind.fits(value, applicant));
            if !fits {
                return refuse(&field.key, format!("“{}”没有填写或不在范围内", field.title));
            }
        }
        Ok(())
    }
}

impl ApproverRule {
    /// Whether it asks for whoever holds a post or a role, instead of for certain people.
    pub fn asks_for_a_post(&self) -> bool {
        !matches!(self, Self::Officer { .. } | Self::Chosen { .. })
    }
}

impl NodeKind {
    /// The rules that say who acts.
    pub fn rules(&self) -> &[ApproverRule] {
        match self {
            Self::Decide { approvers, .. } => approvers,
            Self::Copy { to } => to,
        }
    }
}

impl FieldKind {
    /// Whether two fields hold the same values, whatever their names on screen and their order.
    pub fn holds_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Choice { values: one }, Self::Choice { values: other }) => {
                let values = |of: &[Choice]| of.iter().map(|choice| choice.value.clone()).collect::<BTreeSet<_>>();
                values(one) == values(other)
            }
            _ => self == other,
        }
    }

    fn fits(&self, value: &Value, applicant: Uuid) -> bool {
        match (self, value) {
            (Self::Integer { min, max }, Value::Integer(value)) => min <= value && value <= max,
            (Self::Choice { values }, Value::Choice(value)) => values.iter().any(|choice| choice.value == *value),
            (Self::Flag, Value::Flag(_)) => true,
            (Self::People { min, max }, Value::People(people)) => {
                let distinct = people.iter().enumerate().all(|(index, person)| !people[..index].contains(person));
                let count = people.len() as u64;
                distinct && !people.contains(&applicant) && u64::from(*min) <= count && count <= u64::from(*max)
            }
            _ => false,
        }
    }
}
