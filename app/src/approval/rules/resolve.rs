//! From posts to people: who decides each step of a chain.
//!
//! The holder of a post decides. Where he cannot, because there is none, he is the applicant himself or he is not in
//! service, the next one does who can, in this order: the deputy of the same department, the leader who oversees it, the
//! president, the director of the political department, the president of the court above. Nobody ever decides his own
//! request, and a step that nobody can decide stays in the chain without a person, so that the missing post is named.

use uuid::Uuid;

use super::{Mode, StepState};
use crate::api::{Code, Problem};
use crate::approval::api::ChainStep;
use crate::approval::matrix::Approver;
use crate::org::rules::{POLITICAL_DEPARTMENT, POLITICAL_DIRECTOR, PostClass};

pub use crate::approval::directory::{Court, Department, Officer, Oversight};

/// The facts that a chain is made from: the applicant's court and the one above, with their officers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// The courts.
    pub courts: Vec<Court>,
    /// The departments; at least the applicant's and the political department of his court.
    pub departments: Vec<Department>,
    /// The officers; at least the applicant, his department's, the political department's, and the leaders of both
    /// courts.
    pub officers: Vec<Officer>,
    /// Who oversees what.
    pub oversights: Vec<Oversight>,
}

/// Somebody who decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// His id.
    pub id: Uuid,
    /// His 工号.
    pub officer: String,
    /// His name.
    pub name: String,
}

/// A step of a chain with who decides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedStep {
    /// The step's position, from 1.
    pub position: i32,
    /// The class of post that the step asks for.
    pub post_class: PostClass,
    /// In which post the step is decided, in Chinese; where nobody could be found, the post that is missing.
    pub post: String,
    /// Who decides; none where nobody could be found.
    pub officer: Option<Person>,
    /// Why somebody else than the holder of the post decides, in Chinese, where that is so.
    pub stands_in_for: Option<String>,
    /// Whether the decision is made outside and only recorded here, with its number and date.
    pub records_outside: bool,
}

impl From<&ResolvedStep> for ChainStep {
    fn from(step: &ResolvedStep) -> Self {
        Self {
            step: step.position,
            mode: Mode::Single,
            officer: step.officer.as_ref().map(|person| person.officer.clone()),
            name: step.officer.as_ref().map(|person| person.name.clone()),
            post_class: step.post_class,
            post: step.post.clone(),
            stands_in_for: step.stands_in_for.clone(),
            state: StepState::Waiting,
            comment: None,
            decided_at: None,
        }
    }
}

/// The chain of these approvers for an applicant. Somebody who would decide twice decides once, at his last turn, which
/// is his highest. Empty where the directory does not know the applicant.
pub fn resolve(approvers: &[Approver], applicant: Uuid, directory: &Directory) -> Vec<ResolvedStep> {
    let Some(applicant) = directory.officers.iter().find(|officer| officer.id == applicant) else {
        return Vec::new();
    };
    let chain = Chain { applicant, directory };
    let steps = approvers.iter().map(|approver| chain.step(*approver)).collect::<Vec<_>>();
    let decides_later = |index: usize, step: &ResolvedStep| {
        let id = step.officer.as_ref().map(|person| person.id);
        let again = |later: &ResolvedStep| later.officer.as_ref().map(|person| person.id) == id;
        id.is_some() && steps[index + 1..].iter().any(again)
    };
    let kept = steps.iter().enumerate().filter(|(index, step)| !decides_later(*index, step));
    let numbered = kept.zip(1..).map(|((_, step), position)| ResolvedStep { position, ..step.clone() });
    numbered.collect()
}

/// Why a chain cannot decide, naming the posts that are missing ([`Code::EmptyChain`]); nothing where it can.
pub fn empty_chain(steps: &[ResolvedStep]) -> Option<Problem> {
    let missing = steps.iter().filter(|step| step.officer.is_none()).map(|step| step.post.as_str());
    let missing = missing.collect::<Vec<_>>().join("、");
    if steps.is_empty() {
        return Some(Problem::new(Code::EmptyChain, "找不到审批人，请联系本院政治部"));
    }
    let text = || format!("{missing}空缺，且无人可代为审批，请联系本院政治部");
    (!missing.is_empty()).then(|| Problem::new(Code::EmptyChain, text()))
}

/// A post that decides.
#[derive(Clone, Copy)]
enum Post {
    DepartmentHead(Uuid),
    DepartmentDeputy(Uuid),
    Overseer(Uuid),
    President(Uuid),
    PoliticalDirector(Uuid),
    PoliticalMember(Uuid),
}

struct Chain<'a> {
    applicant: &'a Officer,
    directory: &'a Directory,
}

impl<'a> Chain<'a> {
    fn step(&self, approver: Approver) -> ResolvedStep {
        let court = self.applicant.court_id;
        let department = self.applicant.department_id;
        let above = self.above(court);
        let mut records_outside = false;
        let posts = match (approver, above) {
            (Approver::DepartmentHead, _) => {
                let own =
                    [Post::DepartmentHead(department), Post::DepartmentDeputy(department), Post::Overseer(department)];
                [own.to_vec(), self.president_of(court)].concat()
            }
            (Approver::Overseer, _) => [vec![Post::Overseer(department)], self.president_of(court)].concat(),
            (Approver::President, _) => self.president_of(court),
            (Approver::PresidentAbove, Some(above)) => self.president_of(above),
            (Approver::PresidentAbove, None) | (Approver::PoliticalRecords, _) => {
                records_outside = true;
                vec![Post::PoliticalDirector(court), Post::PoliticalMember(court)]
            }
        };
        self.first_able(&posts, records_outside)
    }

    /// The president of a court and who stands in for him.
    fn president_of(&self, court: Uuid) -> Vec<Post> {
        let above = self.above(court).map(Post::President);
        [Post::President(court), Post::PoliticalDirector(court)].into_iter().chain(above).collect()
    }

    fn first_able(&self, posts: &[Post], records_outside: bool) -> ResolvedStep {
        let asked = posts.first().copied().expect("every approver has a post");
        let found = posts.iter().enumerate().find_map(|(rank, post)| Some((rank, *post, self.able(*post)?)));
        let mut step = ResolvedStep {
            position: 1,
            post_class: asked.class(),
            post: self.text(asked),
            officer: None,
            stands_in_for: None,
            records_outside,
        };
        if let Some((rank, post, officer)) = found {
            step.post = self.text(post);
            let name = officer.name.clone();
            step.officer = Some(Person { id: officer.id, officer: officer.officer.clone(), name });
            step.stands_in_for = (rank > 0).then(|| format!("{}，由{}代行", self.why_not(asked), self.text(post)));
        }
        if records_outside {
            let outside = "由上级机关批准，政治部登记批准文号和日期";
            step.stands_in_for = Some(step.stands_in_for.map_or(outside.to_owned(), |why| format!("{outside}；{why}")));
        }
        step
    }

    /// Who holds a post and can decide here; of several the one with the lowest 工号, so that the choice is stable.
    fn able(&self, post: Post) -> Option<&'a Officer> {
        let able = |officer: &&Officer| officer.can_log_in && officer.id != self.applicant.id;
        self.holders(post).filter(able).min_by(|one, other| one.officer.cmp(&other.officer))
    }

    fn holders(&self, post: Post) -> impl Iterator<Item = &'a Officer> {
        let directory = self.directory;
        directory.officers.iter().filter(move |officer| match post {
            Post::DepartmentHead(department) => officer.department_id == department && self.heads(officer),
            Post::DepartmentDeputy(department) => {
                officer.department_id == department && officer.post_class == PostClass::DepartmentDeputy
            }
            Post::Overseer(department) => directory
                .oversights
                .iter()
                .any(|oversight| oversight.department_id == department && oversight.officer_id == officer.id),
            Post::President(court) => officer.court_id == court && officer.post_class == PostClass::President,
            Post::PoliticalDirector(court) => {
                officer.court_id == court && officer.post.as_deref() == Some(POLITICAL_DIRECTOR)
            }
            Post::PoliticalMember(court) => {
                let political = |department: &Department| department.name == POLITICAL_DEPARTMENT;
                let mut own = directory.departments.iter().filter(|own| own.id == officer.department_id);
                officer.court_id == court && own.any(political)
            }
        })
    }

    /// Whether an officer heads his department: as its head, or as a court leader whose post is named after it, like a
    /// 政治部主任 whom the roster lists in the 政治部.
    fn heads(&self, officer: &Officer) -> bool {
        let named_after = |post: &String| post.starts_with(self.department(officer.department_id));
        match officer.post_class {
            PostClass::DepartmentHead => true,
            PostClass::CourtLeader => officer.post.as_ref().is_some_and(named_after),
            _ => false,
        }
    }

    fn why_not(&self, post: Post) -> String {
        let text = self.text(post);
        if self.holders(post).any(|holder| holder.id == self.applicant.id) {
            return format!("{text}为申请人本人");
        }
        match (self.holders(post).next(), post) {
            (Some(_), _) => format!("{text}不在职"),
            (None, Post::Overseer(_)) => "未设分管院领导".to_owned(),
            (None, _) => format!("{text}空缺"),
        }
    }

    /// The post in Chinese; of another court with its name.
    fn text(&self, post: Post) -> String {
        match post {
            Post::DepartmentHead(department) => format!("{}负责人", self.department(department)),
            Post::DepartmentDeputy(department) => format!("{}副职", self.department(department)),
            Post::Overseer(_) => "分管院领导".to_owned(),
            Post::President(court) => format!("{}院长", self.other_court(court)),
            Post::PoliticalDirector(court) => format!("{}{POLITICAL_DIRECTOR}", self.other_court(court)),
            Post::PoliticalMember(court) => format!("{}{POLITICAL_DEPARTMENT}", self.other_court(court)),
        }
    }

    fn department(&self, id: Uuid) -> &'a str {
        let found = self.directory.departments.iter().find(|department| department.id == id);
        found.map_or("部门", |department| department.name.as_str())
    }

    fn other_court(&self, id: Uuid) -> &'a str {
        let found = self.directory.courts.iter().find(|court| court.id == id && id != self.applicant.court_id);
        found.map_or("", |court| court.name.as_str())
    }

    fn above(&self, court: Uuid) -> Option<Uuid> {
        self.directory.courts.iter().find(|known| known.id == court)?.parent_id
    }
}

impl Post {
    fn class(self) -> PostClass {
        match self {
            Self::DepartmentHead(_) => PostClass::DepartmentHead,
            Self::DepartmentDeputy(_) => PostClass::DepartmentDeputy,
            Self::Overseer(_) | Self::PoliticalDirector(_) => PostClass::CourtLeader,
            Self::President(_) => PostClass::President,
            Self::PoliticalMember(_) => PostClass::Staff,
        }
    }
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
