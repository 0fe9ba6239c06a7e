//! From rules to people: who answers to an approver rule, and who stands in where nobody can.
//!
//! Who holds the asked post decides. Where he cannot, because there is none, he is the applicant himself or he is not
//! in service, the next one does who can, in this order: the deputy of the same department, the leader who oversees it,
//! the president, the director of the political department, the president of the court above. Nobody ever decides his
//! own request, nor one that he submitted for somebody else.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::definition::{ApproverRule, Unit, Value, Values};
use crate::account::rules::Role;
use crate::org::rules::PostClass;

mod posts;

use posts::{Post, Posts};

/// An officer, as far as chains are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// His id.
    pub id: Uuid,
    /// His 工号.
    pub officer: String,
    /// His name.
    pub name: String,
    /// His court.
    pub court_id: Uuid,
    /// His department.
    pub department_id: Uuid,
    /// His post's name, where he holds one.
    pub post: Option<String>,
    /// His class of post.
    pub post_class: PostClass,
    /// Whether he is in service. An account that is not activated yet still counts: he can activate it.
    pub can_log_in: bool,
}

/// A court, as far as chains are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Court {
    /// Its id.
    pub id: Uuid,
    /// Its full name.
    pub name: String,
    /// The court above; none at the top.
    pub parent_id: Option<Uuid>,
}

/// A department, as far as chains are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Its id.
    pub id: Uuid,
    /// Its court.
    pub court_id: Uuid,
    /// Its name.
    pub name: String,
}

/// A court leader oversees a department.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Oversight {
    /// The department.
    pub department_id: Uuid,
    /// The leader.
    pub officer_id: Uuid,
}

/// An officer holds a role in a court.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleHolder {
    /// The officer.
    pub officer_id: Uuid,
    /// The role.
    pub role: Role,
    /// The court that the role covers.
    pub court_id: Uuid,
}

/// The facts that plans are made from: the applicant's court and those above, with the officers that rules may ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// The courts.
    pub courts: Vec<Court>,
    /// The departments; at least the applicant's, those that rules name, and the political department of his court.
    pub departments: Vec<Department>,
    /// The officers; at least the applicant, his department's, the political department's, the leaders of the courts,
    /// and whoever a rule or a task names.
    pub officers: Vec<Officer>,
    /// Who oversees what.
    pub oversights: Vec<Oversight>,
    /// Who holds which role.
    pub roles: Vec<RoleHolder>,
    /// Who asks for the applicant (代提交), where he does not himself: like him he can be found for no rule.
    pub submitter: Option<Uuid>,
}

/// Somebody who acts, as a plan pins him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// His id.
    pub id: Uuid,
    /// His 工号.
    pub officer: String,
    /// His name.
    pub name: String,
    /// In which post he acts, in Chinese: 民事审判第二庭负责人.
    pub post: String,
}

/// Somebody found for a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Who.
    pub person: Person,
    /// The class of post that the rule asks for.
    pub post_class: PostClass,
    /// Why somebody else than the holder of the post acts, in Chinese, where that is so.
    pub stands_in_for: Option<String>,
    /// Whether the decision is made outside and only recorded here, with its number and date.
    pub records_outside: bool,
}

impl Directory {
    /// The officer of this id.
    pub fn officer(&self, id: Uuid) -> Option<&Officer> {
        self.officers.iter().find(|officer| officer.id == id)
    }

    /// Whether this officer is known and in service.
    pub fn in_service(&self, id: Uuid) -> bool {
        self.officer(id).is_some_and(|officer| officer.can_log_in)
    }

    /// An officer in service as somebody to whom a task can be given; nobody where he is unknown or not in service.
    pub fn person(&self, id: Uuid) -> Option<Person> {
        let officer = self.officer(id).filter(|officer| officer.can_log_in)?;
        let post = officer.post.clone().unwrap_or_else(|| officer.post_class.text().to_owned());
        Some(Person { id, officer: officer.officer.clone(), name: officer.name.clone(), post })
    }

    /// Who answers to a rule for an applicant: all holders of the asked post who can act, else the first who stands in.
    /// `only_first` keeps one holder, the one with the lowest 工号, so that the choice is stable.
    ///
    /// Error: the posts that are missing, in Chinese.
    pub fn find(
        &self,
        rule: &ApproverRule,
        applicant: &Officer,
        values: &Values,
        only_first: bool,
    ) -> Result<Vec<Found>, String> {
        let posts = Posts { directory: self, applicant };
        let wanted = self.wanted(rule, applicant, values);
        if wanted.is_empty() {
            return Err("申请人选择的审批人".to_owned());
        }
        let mut found = Vec::new();
        for order in &wanted {
            found.extend(posts.able(order, only_first)?);
            if only_first {
                break;
            }
        }
        Ok(found)
    }

    /// Who answers to a rule directly; nobody stands in. For copies.
    pub fn holders(&self, rule: &ApproverRule, applicant: &Officer, values: &Values) -> Vec<Person> {
        let posts = Posts { directory: self, applicant };
        let orders = self.wanted(rule, applicant, values);
        orders.iter().flat_map(|order| posts.holding(order)).collect()
    }

    /// Who can take over a task, best first: the order of fallbacks of the rule that the task came from, without who has
    /// it now. Of a rule that asks for several people only the fallbacks of that one person count.
    pub fn successors(&self, rule: Option<&ApproverRule>, present: Uuid, applicant: &Officer) -> Vec<Found> {
        let posts = Posts { directory: self, applicant };
        let order = match rule.filter(|rule| rule.asks_for_a_post()) {
            Some(rule) => self.wanted(rule, applicant, &Values::new()).concat(),
            None => posts.of_person(present),
        };
        posts.everybody(&order).into_iter().filter(|found| found.person.id != present).collect()
    }

    /// Who answers to a rule now in place of somebody who acted in this post, best first; nobody where he still holds it,
    /// or answers to the rule in another way. Nobody stands in where the asked post is held.
    pub fn replacements(&self, rule: &ApproverRule, present: &Person, applicant: &Officer) -> Vec<Found> {
        if !rule.asks_for_a_post() {
            return Vec::new();
        }
        let order = self.wanted(rule, applicant, &Values::new()).concat();
        Posts { directory: self, applicant }.instead_of(&order, present)
    }

    /// The orders of posts that a rule asks for; the first post of each is the asked one, the others stand in.
    fn wanted(&self, rule: &ApproverRule, applicant: &Officer, values: &Values) -> Vec<Vec<Post>> {
        let posts = Posts { directory: self, applicant };
        let order = match rule {
            ApproverRule::Officer { officer } => {
                let known = self.officers.iter().find(|known| known.officer == *officer);
                match known {
                    Some(known) => posts.of_person(known.id),
                    None => [vec![Post::Unknown(officer.clone())], posts.president_of(applicant.court_id)].concat(),
                }
            }
            ApproverRule::Post { class, unit } => self.post_in(posts, *class, unit),
            ApproverRule::Leader { levels } => posts.leader(*levels),
            ApproverRule::Overseer => posts.leader(2),
            ApproverRule::Role { role, unit } => {
                let (court, department) = self.unit(applicant, unit);
                [vec![Post::Role(*role, court, department)], posts.president_of(court)].concat()
            }
            ApproverRule::Chosen { field } => {
                let Some(Value::People(people)) = values.get(field) else { return Vec::new() };
                return people.iter().map(|id| posts.of_person(*id)).collect();
            }
        };
        vec![order]
    }

    fn post_in(&self, posts: Posts<'_>, class: PostClass, unit: &Unit) -> Vec<Post> {
        let (court, department) = self.unit(posts.applicant, unit);
        match (class, department) {
            (PostClass::President, _) => posts.president_of(court),
            (PostClass::DepartmentHead, Some(department)) => posts.head_of(department, court),
            (PostClass::DepartmentDeputy, Some(department)) => {
                let rest = [Post::DepartmentHead(department), Post::Overseer(department)].to_vec();
                [vec![Post::DepartmentDeputy(department)], rest, posts.president_of(court)].concat()
            }
            (class, department) => [vec![Post::Class(class, court, department)], posts.president_of(court)].concat(),
        }
    }

    /// The court and, where the unit is one, the department. An unknown name is a department that nobody is in, so that
    /// it is named as missing.
    fn unit(&self, applicant: &Officer, unit: &Unit) -> (Uuid, Option<Uuid>) {
        let court = applicant.court_id;
        match unit {
            Unit::Department => (court, Some(applicant.department_id)),
            Unit::Court => (court, None),
            Unit::CourtAbove => (self.above(court).unwrap_or(court), None),
            Unit::NamedDepartment { name } => {
                let named = |department: &&Department| department.court_id == court && department.name == *name;
                (court, Some(self.departments.iter().find(named).map_or(Uuid::nil(), |department| department.id)))
            }
        }
    }

    fn above(&self, court: Uuid) -> Option<Uuid> {
        self.courts.iter().find(|known| known.id == court)?.parent_id
    }
}

#[cfg(test)]
mod tests;
