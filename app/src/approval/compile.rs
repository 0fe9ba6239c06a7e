//! From a definition, the values of a form and an applicant to a pinned plan: the nodes that apply, with people's names.
//!
//! A request keeps its plan for life: neither an edit of the definition nor a change of posts alters it; people who can
//! no longer act are replaced one by one (see `reroute`), and each replacement is on record.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::definition::{ApproverRule, Deadline, Definition, Mode, Node, NodeKind, Values};
use super::directory::{Directory, Found, Officer, Person};
use crate::api::{Code, Problem};
use crate::org::rules::PostClass;

/// The pinned nodes of one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The kind of form.
    pub form: String,
    /// Who asks; he is in no node.
    pub applicant: Uuid,
    /// Who asked for him (代提交), where he did not himself; he is in no node either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitter: Option<Uuid>,
    /// His court when he asked. Where he moves while the request runs, its leaders still decide.
    pub court_id: Uuid,
    /// His department when he asked.
    pub department_id: Uuid,
    /// The nodes that apply, in order.
    pub nodes: Vec<PlanNode>,
}

/// A node of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanNode {
    /// The definition's key of the node.
    pub key: String,
    /// Its name on screen.
    pub title: String,
    /// What it does.
    pub kind: PlanKind,
    /// Who acts, in order.
    pub members: Vec<Member>,
    /// The posts that are missing, in Chinese, where nobody could be found for a rule.
    #[serde(default)]
    pub missing: Vec<String>,
    /// How long a task may wait here.
    #[serde(default)]
    pub deadline: Option<Deadline>,
}

/// What a node of a plan does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PlanKind {
    /// Its members decide.
    Decide {
        /// How.
        mode: Mode,
    },
    /// Its members get a copy.
    Copy,
}

/// A member of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// The class of post that the rule asks for.
    pub post_class: PostClass,
    /// Why somebody else than the holder of the post acts, in Chinese, where that is so.
    pub stands_in_for: Option<String>,
    /// Whether the decision is made outside and only recorded here.
    pub records_outside: bool,
    /// The rule that found him.
    pub rule: ApproverRule,
    /// The node, by its index in the plan, in which he decides for this one too: a later one in which nothing passes
    /// without him, or this one where he is a member of it twice. Merging into a later node ends with the first return:
    /// from then on everybody decides again.
    pub merged_into: Option<usize>,
}

/// A node of a definition as a simulation shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The node's key.
    pub key: String,
    /// Its name on screen.
    pub title: String,
    /// Whether it applies.
    pub applies: bool,
    /// Its condition in Chinese.
    pub condition: String,
    /// The node of the plan, where it applies.
    pub node: Option<PlanNode>,
}

impl PlanNode {
    /// How its members decide; nothing where they only get a copy.
    pub fn mode(&self) -> Option<Mode> {
        match self.kind {
            PlanKind::Decide { mode } => Some(mode),
            PlanKind::Copy => None,
        }
    }
}

impl Plan {
    /// The plan of a simulation for this applicant.
    pub fn of(definition: &Definition, applicant: &Officer, submitter: Option<Uuid>, explained: &[Explained]) -> Self {
        Self {
            form: definition.form.clone(),
            applicant: applicant.id,
            submitter,
            court_id: applicant.court_id,
            department_id: applicant.department_id,
            nodes: explained.iter().filter_map(|node| node.node.clone()).collect(),
        }
    }

    /// Whether this person decides nothing here, by whatever door: it is his own request, or he asked for the applicant.
    pub fn bars(&self, person: Uuid) -> bool {
        person == self.applicant || Some(person) == self.submitter
    }

    /// The applicant as he was when he asked, for the rules to look up from; nothing where the directory does not know
    /// him.
    pub fn applicant_then(&self, directory: &Directory) -> Option<Officer> {
        let now = directory.officer(self.applicant)?.clone();
        Some(Officer { court_id: self.court_id, department_id: self.department_id, ..now })
    }

    /// The rules that found its members.
    pub fn rules(&self) -> impl Iterator<Item = &ApproverRule> {
        self.nodes.iter().flat_map(|node| &node.members).map(|member| &member.rule)
    }

    /// The posts for which nobody could be found, in Chinese; nothing may be submitted while there is one.
    pub fn missing(&self) -> Vec<&str> {
        self.nodes.iter().flat_map(|node| node.missing.iter().map(String::as_str)).collect()
    }

    /// Why the plan cannot decide ([`Code::EmptyChain`]): a post is missing, or no node decides; nothing where it can.
    pub fn problem(&self) -> Option<Problem> {
        let missing = self.missing().join("、");
        let decides = |node: &PlanNode| node.mode().is_some() && !node.members.is_empty();
        let empty = |node: &PlanNode| node.mode().is_some() && node.members.is_empty();
        if !missing.is_empty() {
            return Some(Problem::new(Code::EmptyChain, format!("{missing}空缺，且无人可代为审批，请联系本院政治部")));
        }
        if !self.nodes.iter().any(decides) || self.nodes.iter().any(empty) {
            return Some(Problem::new(Code::EmptyChain, "找不到审批人，请联系本院政治部"));
        }
        None
    }
}

/// The plan of a definition for these values and this applicant. Nodes whose condition does not hold are left out;
/// somebody who is in several nodes is marked as merged into the last one in which nothing passes without him, which is
/// his highest.
///
/// Errors: [`Code::BadInput`] where the values are not those that the definition declares, [`Code::NotFound`] where the
/// directory does not know the applicant. A missing post is no error here: the plan names it, so that a preview can.
pub fn compile(
    definition: &Definition,
    values: &Values,
    applicant: Uuid,
    directory: &Directory,
) -> Result<Plan, Box<Problem>> {
    let explained = simulate(definition, values, applicant, directory)?;
    Ok(Plan::of(definition, known_applicant(applicant, directory)?, directory.submitter, &explained))
}

/// Every node of a definition for these values and this applicant, with why it applies or does not. The errors are
/// those of [`compile`].
pub fn simulate(
    definition: &Definition,
    values: &Values,
    applicant: Uuid,
    directory: &Directory,
) -> Result<Vec<Explained>, Box<Problem>> {
    definition.check_values(values, applicant)?;
    let applicant = known_applicant(applicant, directory)?;
    let explain = |node: &Node| {
        let applies = node.when.holds(values);
        Explained {
            key: node.key.clone(),
            title: node.title.clone(),
            applies,
            condition: node.when.text(definition),
            node: applies.then(|| plan_node(node, values, applicant, directory)),
        }
    };
    let mut explained = definition.nodes.iter().map(explain).collect::<Vec<_>>();
    let mut nodes = explained.iter_mut().filter_map(|explained| explained.node.as_mut()).collect::<Vec<_>>();
    merge(&mut nodes);
    Ok(explained)
}

fn known_applicant(applicant: Uuid, directory: &Directory) -> Result<&Officer, Box<Problem>> {
    directory.officer(applicant).ok_or_else(|| Box::new(Problem::new(Code::NotFound, "没有找到申请人")))
}

fn plan_node(node: &Node, values: &Values, applicant: &Officer, directory: &Directory) -> PlanNode {
    let (mut members, mut missing) = (Vec::new(), Vec::new());
    let member = |rule: &ApproverRule, found: Found| Member {
        person: found.person,
        post_class: found.post_class,
        stands_in_for: found.stands_in_for,
        records_outside: found.records_outside,
        rule: rule.clone(),
        merged_into: None,
    };
    let kind = match &node.kind {
        NodeKind::Decide { approvers, mode } => {
            let single = *mode == Mode::Single;
            for rule in approvers {
                match directory.find(rule, applicant, values, single) {
                    Ok(found) => members.extend(found.into_iter().map(|found| member(rule, found))),
                    Err(post) => missing.push(post),
                }
            }
            // Of several rules of a node where one person decides, the first that finds somebody speaks.
            if single && !members.is_empty() {
                members.truncate(1);
                missing.clear();
            }
            PlanKind::Decide { mode: *mode }
        }
        NodeKind::Copy { to } => {
            for rule in to {
                let found = directory.holders(rule, applicant, values).into_iter().map(|person| Found {
                    post_class: directory.officer(person.id).map_or(PostClass::Staff, |officer| officer.post_class),
                    person,
                    stands_in_for: None,
                    records_outside: false,
                });
                members.extend(found.map(|found| member(rule, found)));
            }
            PlanKind::Copy
        }
    };
    let (key, title) = (node.key.clone(), node.title.clone());
    PlanNode { key, title, kind, members, missing, deadline: node.deadline }
}

/// Marks who decides in a later node too, and who is twice in one node.
fn merge(nodes: &mut [&mut PlanNode]) {
    for index in 0..nodes.len() {
        for position in 0..nodes[index].members.len() {
            let person = nodes[index].members[position].person.id;
            let again = nodes[index].members[position + 1..].iter().any(|member| member.person.id == person);
            let later = (index + 1..nodes.len()).rev().find(|later| decides_for_sure(nodes[*later], person));
            let merged_into = if again { Some(index) } else { later.filter(|_| nodes[index].mode().is_some()) };
            nodes[index].members[position].merged_into = merged_into;
        }
    }
}

/// Whether nothing passes a node without this person. In 或签 and in 会签 by ratio others can decide without him, so
/// his earlier turn has to stay.
fn decides_for_sure(node: &PlanNode, person: Uuid) -> bool {
    let member = node.members.iter().any(|member| member.person.id == person);
    member && matches!(node.mode(), Some(Mode::Single | Mode::All | Mode::InOrder))
}

#[cfg(test)]
mod tests;
