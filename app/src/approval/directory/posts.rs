//! Posts in order: the asked one first, then those that stand in.

use uuid::Uuid;

use super::{Directory, Found, Officer, Person, RoleHolder};
use crate::account::rules::{Role, roles_from_post};
use crate::org::rules::{POLITICAL_DEPARTMENT, POLITICAL_DIRECTOR, PostClass};

/// A post that acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Post {
    /// A person, whatever post he holds.
    Officer(Uuid),
    /// A 工号 that nobody has.
    Unknown(String),
    /// The head of a department.
    DepartmentHead(Uuid),
    /// A deputy of a department.
    DepartmentDeputy(Uuid),
    /// Who oversees a department.
    Overseer(Uuid),
    /// The president of a court.
    President(Uuid),
    /// The director of a court's political department.
    PoliticalDirector(Uuid),
    /// The same as the one who records a decision made outside.
    Recorder(Uuid),
    /// A member of a court's political department.
    PoliticalMember(Uuid),
    /// A class of post in a court or in one of its departments.
    Class(PostClass, Uuid, Option<Uuid>),
    /// A role that covers a court, held by a member of the department where one is given.
    Role(Role, Uuid, Option<Uuid>),
}

/// Posts seen from an applicant.
#[derive(Clone, Copy)]
pub(super) struct Posts<'a> {
    pub(super) directory: &'a Directory,
    pub(super) applicant: &'a Officer,
}

impl<'a> Posts<'a> {
    /// The president of a court and who stands in for him.
    pub(super) fn president_of(self, court: Uuid) -> Vec<Post> {
        let above = self.directory.above(court).map(Post::President);
        [Post::President(court), Post::PoliticalDirector(court)].into_iter().chain(above).collect()
    }

    /// The head of a department and who stands in for him.
    pub(super) fn head_of(self, department: Uuid, court: Uuid) -> Vec<Post> {
        let own = [Post::DepartmentHead(department), Post::DepartmentDeputy(department), Post::Overseer(department)];
        [own.to_vec(), self.president_of(court)].concat()
    }

    /// The leader so many levels up from the applicant's department.
    pub(super) fn leader(self, levels: u8) -> Vec<Post> {
        let (court, department) = (self.applicant.court_id, self.applicant.department_id);
        match levels {
            0 | 1 => self.head_of(department, court),
            2 => [vec![Post::Overseer(department)], self.president_of(court)].concat(),
            3 => self.president_of(court),
            _ => {
                let above = (3..levels).try_fold(court, |court, _| self.directory.above(court));
                above
                    .map_or(vec![Post::Recorder(court), Post::PoliticalMember(court)], |above| self.president_of(above))
            }
        }
    }

    /// A person and who stands in for him: the leaders of his own department and court.
    pub(super) fn of_person(self, id: Uuid) -> Vec<Post> {
        let (court, department) = match self.directory.officer(id) {
            Some(officer) => (officer.court_id, officer.department_id),
            None => (self.applicant.court_id, self.applicant.department_id),
        };
        [vec![Post::Officer(id)], self.head_of(department, court)].concat()
    }

    /// Who acts for an order of posts: every holder of the asked one who can, or only the first of them; else the first
    /// who stands in. Error: the asked post in Chinese.
    pub(super) fn able(self, order: &[Post], only_first: bool) -> Result<Vec<Found>, String> {
        let (asked, rest) = order.split_first().expect("every rule asks for a post");
        let mut holders = self.able_holders(asked).collect::<Vec<_>>();
        holders.sort_by(|one, other| one.officer.cmp(&other.officer));
        if only_first {
            holders.truncate(1);
        }
        if !holders.is_empty() {
            return Ok(holders.into_iter().map(|holder| self.found(asked, asked, holder)).collect());
        }
        let stand_in = rest.iter().find_map(|post| Some((post, self.first_able(post)?)));
        let (post, officer) = stand_in.ok_or_else(|| self.text(asked))?;
        Ok(vec![self.found(asked, post, officer)])
    }

    /// Everybody who could act for an order of posts, best first.
    pub(super) fn everybody(self, order: &[Post]) -> Vec<Found> {
        let asked = order.first().expect("every rule asks for a post");
        let mut everybody = Vec::<Found>::new();
        for post in order {
            let mut holders = self.able_holders(post).collect::<Vec<_>>();
            holders.sort_by(|one, other| one.officer.cmp(&other.officer));
            for holder in holders {
                if everybody.iter().all(|found| found.person.id != holder.id) {
                    everybody.push(self.found(asked, post, holder));
                }
            }
        }
        everybody
    }

    /// Who acts now for an order of posts in place of somebody who acted in this post, best first: the holders of the
    /// asked one, else those who stand in. Nobody where he still acts rightly.
    pub(super) fn instead_of(self, order: &[Post], present: &Person) -> Vec<Found> {
        let asked = order.first().expect("every rule asks for a post");
        let holders = self.able_holders(asked).count();
        let mut everybody = self.everybody(order);
        let own = everybody.iter().position(|found| found.person.id == present.id);
        // Whoever stood in goes on doing so when the post is filled meanwhile: it was his turn rightly.
        let acts = |own: usize| own < holders.max(1) || everybody[own].person.post == present.post;
        if own.is_some_and(acts) {
            return Vec::new();
        }
        everybody.truncate(if holders > 0 { holders } else { own.unwrap_or(everybody.len()) });
        everybody
    }

    /// Who holds the asked post of an order and can act.
    pub(super) fn holding(self, order: &[Post]) -> Vec<Person> {
        let asked = order.first().expect("every rule asks for a post");
        self.able_holders(asked).map(|holder| self.found(asked, asked, holder).person).collect()
    }

    fn found(self, asked: &Post, post: &Post, officer: &Officer) -> Found {
        let mut stands_in_for = (asked != post).then(|| format!("{}，由{}代行", self.why_not(asked), self.text(post)));
        let records_outside = matches!(asked, Post::Recorder(_));
        if records_outside {
            let outside = "由上级机关批准，政治部登记批准文号和日期";
            stands_in_for = Some(stands_in_for.map_or(outside.to_owned(), |why| format!("{outside}；{why}")));
        }
        let (id, number, name) = (officer.id, officer.officer.clone(), officer.name.clone());
        Found {
            person: Person { id, officer: number, name, post: self.text(post) },
            post_class: self.class(asked),
            stands_in_for,
            records_outside,
        }
    }

    fn first_able(self, post: &Post) -> Option<&'a Officer> {
        self.able_holders(post).min_by(|one, other| one.officer.cmp(&other.officer))
    }

    fn able_holders(self, post: &Post) -> impl Iterator<Item = &'a Officer> {
        let (applicant, submitter) = (self.applicant.id, self.directory.submitter);
        let is_barred = move |officer: Uuid| officer == applicant || Some(officer) == submitter;
        self.holders(post).filter(move |officer| officer.can_log_in && !is_barred(officer.id))
    }

    fn holders(self, post: &Post) -> impl Iterator<Item = &'a Officer> {
        self.directory.officers.iter().filter(move |officer| self.holds(officer, post))
    }

    fn holds(self, officer: &Officer, post: &Post) -> bool {
        let directory = self.directory;
        match post {
            Post::Officer(id) => officer.id == *id,
            Post::Unknown(_) => false,
            Post::DepartmentHead(department) => officer.department_id == *department && self.heads(officer),
            Post::DepartmentDeputy(department) => {
                officer.department_id == *department && officer.post_class == PostClass::DepartmentDeputy
            }
            Post::Overseer(department) => directory
                .oversights
                .iter()
                .any(|oversight| oversight.department_id == *department && oversight.officer_id == officer.id),
            Post::President(court) => officer.court_id == *court && officer.post_class == PostClass::President,
            Post::PoliticalDirector(court) | Post::Recorder(court) => {
                officer.court_id == *court && officer.post.as_deref() == Some(POLITICAL_DIRECTOR)
            }
            Post::PoliticalMember(court) => officer.court_id == *court && self.is_political(officer),
            Post::Class(class, court, department) => {
                officer.post_class == *class && within(officer, *court, *department)
            }
            Post::Role(role, court, department) => {
                let given = RoleHolder { officer_id: officer.id, role: *role, court_id: *court };
                let covers = directory.roles.contains(&given) || self.has_by_post(officer, *role, *court);
                covers && department.is_none_or(|department| officer.department_id == department)
            }
        }
    }

    /// Whether a role follows from an officer's post in this court; a role over the courts below is not meant here.
    fn has_by_post(self, officer: &Officer, role: Role, court: Uuid) -> bool {
        let is_director = officer.post.as_deref() == Some(POLITICAL_DIRECTOR);
        let roles = || roles_from_post(officer.post_class, is_director, self.is_political(officer));
        officer.court_id == court && roles().contains(&role)
    }

    /// Whether an officer belongs to a political department.
    fn is_political(self, officer: &Officer) -> bool {
        let own = self.directory.departments.iter().find(|department| department.id == officer.department_id);
        own.is_some_and(|department| department.name == POLITICAL_DEPARTMENT)
    }

    fn heads(self, officer: &Officer) -> bool {
        officer.post_class.heads(officer.post.as_deref(), &self.department(officer.department_id))
    }

    fn why_not(self, post: &Post) -> String {
        let text = self.text(post);
        if self.holders(post).any(|holder| holder.id == self.applicant.id) {
            return format!("{text}为申请人本人");
        }
        if self.holders(post).any(|holder| Some(holder.id) == self.directory.submitter) {
            return format!("{text}为代提交人");
        }
        match (self.holders(post).next(), post) {
            (Some(_), _) => format!("{text}不在职"),
            (None, Post::Overseer(_)) => "未设分管院领导".to_owned(),
            (None, _) => format!("{text}空缺"),
        }
    }

    fn class(self, post: &Post) -> PostClass {
        match post {
            Post::DepartmentHead(_) => PostClass::DepartmentHead,
            Post::DepartmentDeputy(_) => PostClass::DepartmentDeputy,
            Post::Overseer(_) | Post::PoliticalDirector(_) | Post::Recorder(_) => PostClass::CourtLeader,
            Post::President(_) => PostClass::President,
            Post::Class(class, ..) => *class,
            Post::Officer(id) => self.directory.officer(*id).map_or(PostClass::Staff, |officer| officer.post_class),
            Post::Unknown(_) | Post::PoliticalMember(_) | Post::Role(..) => PostClass::Staff,
        }
    }

    /// The post in Chinese; of another court with its name.
    fn text(self, post: &Post) -> String {
        match post {
            Post::Officer(id) => match self.directory.officer(*id) {
                Some(officer) => {
                    let post = officer.post.as_deref().unwrap_or_else(|| officer.post_class.text());
                    format!("{post}{}", officer.name)
                }
                None => "指定的审批人".to_owned(),
            },
            Post::Unknown(officer) => format!("工号{officer}"),
            Post::DepartmentHead(department) => format!("{}负责人", self.department(*department)),
            Post::DepartmentDeputy(department) => format!("{}副职", self.department(*department)),
            Post::Overseer(_) => "分管院领导".to_owned(),
            Post::President(court) => format!("{}院长", self.other_court(*court)),
            Post::PoliticalDirector(court) | Post::Recorder(court) => {
                format!("{}{POLITICAL_DIRECTOR}", self.other_court(*court))
            }
            Post::PoliticalMember(court) => format!("{}{POLITICAL_DEPARTMENT}", self.other_court(*court)),
            Post::Class(class, court, department) => {
                format!("{}{}", self.unit(*court, *department), class.text())
            }
            Post::Role(role, court, department) => format!("{}{}", self.unit(*court, *department), role_text(*role)),
        }
    }

    fn unit(self, court: Uuid, department: Option<Uuid>) -> String {
        department.map_or_else(|| self.other_court(court), |department| self.department(department))
    }

    fn department(self, id: Uuid) -> String {
        let found = self.directory.departments.iter().find(|department| department.id == id);
        found.map_or_else(|| "部门".to_owned(), |department| department.name.clone())
    }

    fn other_court(self, id: Uuid) -> String {
        let found = self.directory.courts.iter().find(|court| court.id == id && id != self.applicant.court_id);
        found.map_or_else(String::new, |court| court.name.clone())
    }
}

/// The word for who holds a role.
fn role_text(role: Role) -> &'static str {
    match role {
        Role::Officer => "干警",
        Role::DepartmentHead => "部门负责人",
        Role::VicePresident => "分管院领导",
        Role::President => "院长",
        Role::Hr => "政治部人员",
        Role::TrainingAdmin => "教育培训管理员",
        Role::ClassTeacher => "班主任",
        Role::Admin => "系统管理员",
        Role::Auditor => "审计员",
        Role::DepartmentClerk => "内勤",
    }
}

fn within(officer: &Officer, court: Uuid, department: Option<Uuid>) -> bool {
    officer.court_id == court && department.is_none_or(|department| officer.department_id == department)
}
