//! Random definitions, directories and interleavings of all verbs by all actors, the wrong ones too.

use std::collections::{BTreeSet, HashSet};

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::account::rules::Role;
use crate::approval::compile::compile;
use crate::approval::condition::Condition;
use crate::approval::definition::{
    ApproverRule, Deadline, Definition, Field, FieldKind, Mode, Node, NodeKind, Unit, Value, Values,
};
use crate::approval::directory::{Court, Department, Directory, Officer, Oversight, RoleHolder};
use crate::approval::news::{news, turns};
use crate::approval::reroute;
use crate::notice::rules::NoticeKind;
use crate::org::rules::PostClass;

const HIGH: Uuid = Uuid::from_u128(1001);
const BASIC: Uuid = Uuid::from_u128(1002);
const HIGH_LEADERS: Uuid = Uuid::from_u128(1011);
const LEADERS: Uuid = Uuid::from_u128(1012);
const CIVIL: Uuid = Uuid::from_u128(1013);
const POLITICAL: Uuid = Uuid::from_u128(1014);

/// The officers, by their numbers from 0: staff, head, deputy, vice-president, president, director, president above,
/// staff, staff, member of the political department.
const POSTS: [(Uuid, Uuid, &str); 10] = [
    (BASIC, CIVIL, ""),
    (BASIC, CIVIL, "庭长"),
    (BASIC, CIVIL, "副庭长"),
    (BASIC, LEADERS, "副院长"),
    (BASIC, LEADERS, "院长"),
    (BASIC, LEADERS, "政治部主任"),
    (HIGH, HIGH_LEADERS, "院长"),
    (BASIC, CIVIL, ""),
    (BASIC, CIVIL, ""),
    (BASIC, POLITICAL, ""),
];

fn id(number: usize) -> Uuid {
    Uuid::from_u128(number as u128 + 1)
}

/// The officers in the posts that they began in.
const FIRST_POSTS: [usize; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/// `posts` are the posts that the officers hold, by their position in [`POSTS`].
fn directory(in_service: &[bool], posts: &[usize; 10]) -> Directory {
    let held = posts.map(|post| POSTS[post]);
    let officer = |(number, (court_id, department_id, post)): (usize, (Uuid, Uuid, &str))| Officer {
        id: id(number),
        officer: number.to_string(),
        name: format!("干警{number}"),
        court_id,
        department_id,
        post: (!post.is_empty()).then(|| post.to_owned()),
        post_class: PostClass::from_post(post).expect("a known post"),
        can_log_in: in_service[number],
    };
    let department = |id, court_id, name: &str| Department { id, court_id, name: name.to_owned() };
    let court = |id, name: &str, parent_id| Court { id, name: name.to_owned(), parent_id };
    Directory {
        courts: vec![court(HIGH, "高级人民法院", None), court(BASIC, "城东区人民法院", Some(HIGH))],
        departments: vec![
            department(HIGH_LEADERS, HIGH, "院领导"),
            department(LEADERS, BASIC, "院领导"),
            department(CIVIL, BASIC, "民事审判庭"),
            department(POLITICAL, BASIC, "政治部"),
        ],
        officers: held.into_iter().enumerate().map(officer).collect(),
        oversights: vec![Oversight { department_id: CIVIL, officer_id: id(3) }],
        roles: [3, 8, 9].map(|number| RoleHolder { officer_id: id(number), role: Role::Hr, court_id: BASIC }).to_vec(),
        submitter: None,
    }
}

fn rule() -> impl Strategy<Value = ApproverRule> {
    let class = proptest::sample::select(PostClass::ALL);
    let unit = prop_oneof![Just(Unit::Department), Just(Unit::Court), Just(Unit::CourtAbove)];
    prop_oneof![
        4 => (0usize..10).prop_map(|number| ApproverRule::Officer { officer: number.to_string() }),
        2 => (class, unit).prop_map(|(class, unit)| ApproverRule::Post { class, unit }),
        3 => (1u8..6).prop_map(|levels| ApproverRule::Leader { levels }),
        1 => Just(ApproverRule::Overseer),
        1 => Just(ApproverRule::Role { role: Role::Hr, unit: Unit::Court }),
        1 => Just(ApproverRule::Chosen { field: "chosen".to_owned() }),
    ]
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![
        Just(Mode::Single),
        Just(Mode::All),
        (1u8..=100).prop_map(|percent| Mode::Ratio { percent }),
        Just(Mode::Any),
        Just(Mode::InOrder),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        3 => Just(Condition::Always),
        1 => Just(Condition::Flag { field: "flag".to_owned() }),
        1 => (0i64..10).prop_map(|n| Condition::Integer { field: "n".to_owned(), at_least: Some(n), below: None }),
    ];
    leaf.prop_recursive(2, 4, 2, |inner| {
        prop_oneof![
            3 => vec(inner.clone(), 0..3).prop_map(Condition::Any),
            1 => vec(inner.clone(), 0..3).prop_map(Condition::All),
            1 => inner.prop_map(|part| Condition::Not(Box::new(part))),
        ]
    })
}

fn node() -> impl Strategy<Value = Node> {
    let kind = prop_oneof![
        8 => (vec(rule(), 1..4), mode()).prop_map(|(approvers, mode)| NodeKind::Decide { approvers, mode }),
        1 => vec(rule(), 0..3).prop_map(|to| NodeKind::Copy { to }),
    ];
    let deadline = prop_oneof![
        Just(None),
        prop_oneof![Just(Overdue::Remind), Just(Overdue::Escalate)]
            .prop_map(|then| Some(Deadline { minutes: 60, then })),
    ];
    let when = prop_oneof![3 => Just(Condition::Always), 1 => condition()];
    (kind, when, deadline).prop_map(|(kind, when, deadline)| Node {
        key: String::new(),
        title: "节点".to_owned(),
        when,
        kind,
        deadline,
    })
}

fn definition() -> impl Strategy<Value = Definition> {
    let field = |key: &str, kind| Field { key: key.to_owned(), title: key.to_owned(), kind };
    vec(node(), 1..5).prop_map(move |mut nodes| {
        for (index, node) in nodes.iter_mut().enumerate() {
            node.key = index.to_string();
        }
        Definition {
            name: "流程".to_owned(),
            form: "form".to_owned(),
            fields: vec![
                field("n", FieldKind::Integer { min: 0, max: 10 }),
                field("flag", FieldKind::Flag),
                field("chosen", FieldKind::People { min: 0, max: 10 }),
            ],
            nodes,
        }
    })
}

/// Who does what; everything is taken modulo what there is, so that every step means something.
#[derive(Clone, Debug)]
struct Step {
    /// A verb by its number; some numbers are events of the system.
    what: usize,
    /// Whether an officer of an open task acts, instead of anybody.
    sensible: bool,
    actor: usize,
    /// For whom he acts, if he is not the one; and whether he really may.
    acting_for: Option<bool>,
    task: usize,
    target: usize,
    node: usize,
    stale: bool,
    silent: bool,
    minutes: i64,
}

fn step() -> impl Strategy<Value = Step> {
    let what = prop_oneof![5 => Just(0usize), 1 => Just(1), 2 => Just(2), 14 => 3usize..22, 2 => Just(22)];
    let flags = (proptest::bool::weighted(0.8), proptest::bool::weighted(0.05), proptest::bool::weighted(0.05));
    let acting_for = proptest::option::weighted(0.1, proptest::bool::weighted(0.9));
    (what, flags, 0usize..10, acting_for, 0usize..40, 0usize..10, 0usize..6, 0i64..200).prop_map(
        |(what, (sensible, stale, silent), actor, acting_for, task, target, node, minutes)| Step {
            what,
            sensible,
            actor,
            acting_for,
            task,
            target,
            node,
            stale,
            silent,
            minutes,
        },
    )
}

fn person(number: usize) -> Person {
    Person { id: id(number), officer: number.to_string(), name: format!("干警{number}"), post: String::new() }
}

fn action(verb: Verb, task: i32, version: i64, to: Person, to_node: Option<usize>, comment: &str) -> Action {
    let comment = comment.to_owned();
    let add = |place, comment| Action::Add { task, version, place, who: to.clone(), comment };
    match verb {
        Verb::Approve => Action::Approve { task, version, comment },
        Verb::Refuse => Action::Refuse { task, version, comment },
        Verb::SendBack => Action::SendBack { task, version, to_node, comment },
        Verb::Transfer => Action::Transfer { task, version, to, comment },
        Verb::Delegate => Action::Delegate { task, version, to, comment },
        Verb::GiveBack => Action::GiveBack { task, version, comment },
        Verb::AddBefore => add(Place::Before, comment),
        Verb::AddAfter => add(Place::After, comment),
        Verb::AddBeside => add(Place::Beside, comment),
        Verb::Remove => Action::Remove { task, version },
        Verb::TakeBack => Action::TakeBack { task, version },
        Verb::Withdraw => Action::Withdraw { comment },
        Verb::Resubmit => Action::Resubmit { plan: None, comment },
        Verb::Urge => Action::Urge,
        Verb::Copy => Action::Copy { to: vec![to] },
        Verb::Comment => Action::Comment { text: comment },
        Verb::Reroute => Action::Reroute { task, to: Some(to), stands_in_for: None },
        Verb::Escalate => Action::Escalate { task, to },
        Verb::Remind => Action::Remind { task },
    }
}

/// The verbs by number: those that move a request forward first.
fn verb(what: usize) -> Verb {
    let all = [&[Verb::Approve, Verb::Refuse, Verb::Approve][..], &Verb::OF_TASKS, &Verb::OF_REQUESTS].concat();
    all[what % all.len()]
}

/// A run: the process, its log, who is in service and who holds which post.
struct Run {
    plan: Plan,
    process: Process,
    log: Vec<Entry>,
    in_service: Vec<bool>,
    posts: [usize; 10],
    /// How many tasks of officers who had moved went to others.
    moved: usize,
    now: Timestamp,
    settings: Settings,
}

impl Run {
    fn entry(&self, actor: Actor, acting_for: Option<Uuid>, action: Action) -> Entry {
        Entry { seq: self.process.next_seq(), actor, acting_for, at: self.now, action }
    }

    fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        self.now = self.now.plus_minutes(step.minutes);
        match step.what {
            19 => {
                self.in_service[step.actor] = !self.in_service[step.actor];
                return self.reroute();
            }
            20 => return self.overdue(),
            21 => return self.resubmit(step),
            22 => {
                let holders = self.process.open_tasks().map(|task| task.officer.id.as_u128() as usize - 1);
                let moving = holders.filter(|_| step.sensible).last().unwrap_or(step.actor);
                self.posts[moving] = step.target;
                return self.reroute();
            }
            _ => {}
        }
        let tasks = self.process.tasks();
        let open = self.process.open_tasks().collect::<Vec<_>>();
        let task = match step.sensible && !open.is_empty() && !matches!(verb(step.what), Verb::TakeBack | Verb::Remove)
        {
            true => open[step.task % open.len()],
            false => &tasks[step.task % tasks.len()],
        };
        let verb = verb(step.what);
        let own = match verb {
            Verb::Remove => task.added_by.unwrap_or(task.officer.id),
            Verb::Withdraw | Verb::Resubmit | Verb::Urge => self.process.applicant(),
            _ => task.officer.id,
        };
        let (actor, acting_for) = match (step.acting_for, step.sensible) {
            (Some(_), _) => (id(step.actor), Some(task.officer.id)),
            (None, true) => (own, None),
            (None, false) => (id(step.actor), None),
        };
        let acts_for = if step.acting_for == Some(true) { vec![task.officer.id] } else { vec![] };
        let version = task.version - i64::from(step.stale);
        let visited = self.process.visited_nodes();
        let to_node = match visited.is_empty() || step.node == 0 {
            true => (step.node > 4).then_some(step.node),
            false => Some(visited[step.node % visited.len()]),
        };
        let comment = if step.silent { " " } else { "意见" };
        let action = action(verb, task.seq, version, person(step.target), to_node, comment);
        let entry = self.entry(Actor::Officer(actor), acting_for, action);
        if let Ok(next) = self.process.act(&entry, &acts_for, &self.settings) {
            prop_assert!(!step.stale || entry.action.version().is_none(), "a stale version was accepted");
            prop_assert!(!step.silent || !verb.needs_reason(), "silence was accepted");
            self.take(entry, next)?;
            self.reroute()?;
        }
        Ok(())
    }

    fn take(&mut self, entry: Entry, next: Process) -> Result<(), TestCaseError> {
        check_step(&self.process, &next, &entry)?;
        check_state(&next)?;
        check_news(&self.process, &next, &entry)?;
        self.process = next;
        self.log.push(entry);
        Ok(())
    }

    fn directory(&self) -> Directory {
        Directory { submitter: self.process.submitter(), ..directory(&self.in_service, &self.posts) }
    }

    fn reroute(&mut self) -> Result<(), TestCaseError> {
        let directory = self.directory();
        let rerouted = reroute::reroute(&self.process, &directory, self.now);
        for entry in rerouted.entries {
            let task = entry.action.task().and_then(|seq| self.process.task(seq)).expect("its task is known");
            if directory.in_service(task.officer.id) {
                self.moved += 1;
                check_moved(&self.process, &directory, task)?;
            }
            let next = self.process.apply(&entry);
            self.take(entry, next.expect("it has been applied before"))?;
        }
        prop_assert_eq!(&self.process, &rerouted.process);
        let again = reroute::reroute(&self.process, &directory, self.now);
        prop_assert_eq!(again.entries, vec![], "once is enough");
        let lost = self.process.tasks().iter().filter(|task| task.state.is_undecided());
        for task in lost.filter(|task| !directory.in_service(task.officer.id)) {
            prop_assert!(rerouted.missing.contains(&task.seq), "{task:?} is out of reach");
            if self.posts != FIRST_POSTS {
                continue;
            }
            // Only where president and director are away, asking themselves, or in the node already; the top court of this
            // province has nobody beside its president, and outside decisions are recorded by 政治部 alone.
            let member = task.member.map(|member| &self.process.plan().nodes[task.node].members[member]);
            let above = member.is_some_and(|member| matches!(member.rule, ApproverRule::Leader { levels: 4.. }));
            let free = |number: &usize| {
                let able = self.in_service[*number] && self.process.may_receive(task.seq, id(*number));
                able && task.officer.id != id(6) && !above
            };
            prop_assert_eq!([4, 5].into_iter().find(free), None, "{:?} could have been rerouted", task);
        }
        Ok(())
    }

    fn overdue(&mut self) -> Result<(), TestCaseError> {
        // An escalation may end the node and with it another task that was due.
        while let Some(due) = self.process.due(self.now).first().copied() {
            let action = reroute::act_on_due(&self.process, &self.directory(), due);
            let entry = self.entry(Actor::System, None, action);
            let next = self.process.apply(&entry);
            prop_assert!(next.is_ok(), "{:?}", next.err());
            self.take(entry, next.expect("just checked"))?;
            let again = self.process.due(self.now).contains(&due);
            prop_assert!(!again, "{due:?} is done with once");
        }
        prop_assert!(self.process.next_due().is_none_or(|at| at > self.now));
        Ok(())
    }

    fn resubmit(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let plan = (step.node > 2).then(|| self.plan.clone());
        let action = Action::Resubmit { plan, comment: String::new() };
        let entry = self.entry(Actor::Officer(self.process.applicant()), None, action);
        if let Ok(next) = self.process.act(&entry, &[], &self.settings) {
            prop_assert_eq!(self.process.outcome(), Outcome::SentBack);
            self.take(entry, next)?;
            self.reroute()?;
        }
        Ok(())
    }

    /// A verb is offered exactly where it succeeds.
    fn check_offers(&self, number: usize, principals: &[usize]) -> Result<(), TestCaseError> {
        let acts_for = principals.iter().map(|number| id(*number)).collect::<Vec<_>>();
        let offers = self.process.offers(id(number), &acts_for, self.now, &self.settings);
        let offers = offers.into_iter().collect::<HashSet<_>>();
        let someone = person(99);
        let try_out = |verb: Verb, task: Option<&Task>, acting_for: Option<Uuid>| {
            let (seq, version) = task.map_or((0, 0), |task| (task.seq, task.version));
            let action = action(verb, seq, version, someone.clone(), None, "意见");
            let entry = self.entry(Actor::Officer(id(number)), acting_for, action);
            let done = self.process.act(&entry, &acts_for, &self.settings);
            let offer = Offer { verb, task: task.map(|task| task.seq), acting_for };
            prop_assert_eq!(done.is_ok(), offers.contains(&offer), "{:?} {:?}", offer, done.err());
            Ok(())
        };
        for acting_for in [None].into_iter().chain(acts_for.iter().copied().map(Some)) {
            for verb in Verb::OF_REQUESTS {
                try_out(verb, None, acting_for)?;
            }
            for task in self.process.tasks() {
                for verb in Verb::OF_TASKS {
                    try_out(verb, Some(task), acting_for)?;
                }
            }
        }
        Ok(())
    }
}

/// Only a task that the plan gave to a post leaves somebody in service, and only where he does not answer to the rule.
fn check_moved(process: &Process, directory: &Directory, task: &Task) -> Result<(), TestCaseError> {
    prop_assert!(matches!(task.origin, Origin::Plan | Origin::Reroute(_)), "{task:?} was given to him in person");
    let member = task.member.map(|member| &process.plan().nodes[task.node].members[member]);
    let rule = &member.expect("a task of the plan stands for a member").rule;
    prop_assert!(!matches!(rule, ApproverRule::Officer { .. } | ApproverRule::Chosen { .. }), "{task:?}");
    let applicant = process.plan().applicant_then(directory).expect("he is known");
    let now = directory.find(rule, &applicant, &Values::new(), false).unwrap_or_default();
    prop_assert!(now.iter().all(|found| found.person.id != task.officer.id), "{task:?} answers to his rule");
    Ok(())
}

/// What holds in every state.
fn check_state(process: &Process) -> Result<(), TestCaseError> {
    let running = process.outcome() == Outcome::Running;
    let open = process.open_tasks().collect::<Vec<_>>();
    prop_assert_eq!(running, !open.is_empty());
    if !running {
        prop_assert!(process.tasks().iter().all(|task| !task.state.is_undecided()), "something waits after the end");
    }
    if let Some(node) = process.current_node() {
        let here = |task: &&Task| task.node == node && task.round == process.round();
        prop_assert!(open.iter().all(here), "a task outside the current node is open");
        let beside = process.tasks().iter().filter(here).any(|task| matches!(task.origin, Origin::Beside(_)));
        let several = matches!(process.plan().nodes[node].mode(), Some(Mode::All | Mode::Ratio { .. } | Mode::Any));
        prop_assert!(open.len() == 1 || several || beside, "{} are open", open.len());
    }
    let mut parts = BTreeSet::new();
    let mut votes = BTreeSet::new();
    for task in process.tasks() {
        prop_assert!(!process.plan().bars(task.officer.id), "the applicant, or who asked for him, has a task");
        if task.state.follows() || task.state.has_voted() {
            prop_assert!(parts.insert((task.node, task.round, task.officer.id)), "{task:?} is the second one");
        }
        if let Some(decision) = &task.decision {
            prop_assert!(!process.plan().bars(decision.by), "the applicant, or who asked for him, has decided");
            if task.state.has_voted() {
                prop_assert!(votes.insert((task.node, task.round, decision.by)), "{task:?} is a second vote");
            }
        }
        prop_assert_eq!(task.state.has_voted(), task.decision.is_some() && !moved(task));
    }
    let done = if process.outcome() == Outcome::Approved { process.plan().nodes.len() } else { process.node };
    for node in 0..done {
        check_done(process, node)?;
    }
    let (decided, nodes) = process.progress();
    prop_assert!(decided <= nodes && (process.outcome() != Outcome::Approved || decided == nodes));
    let copies = process.copies().iter().map(|copy| copy.person.id).collect::<BTreeSet<_>>();
    prop_assert!(copies.len() == process.copies().len() && !copies.contains(&process.applicant()));
    Ok(())
}

fn moved(task: &Task) -> bool {
    matches!(task.state, TaskState::Transferred | TaskState::Answered)
}

/// A node that was passed was passed rightly.
fn check_done(process: &Process, node: usize) -> Result<(), TestCaseError> {
    let Some(mode) = process.plan().nodes[node].mode() else { return Ok(()) };
    let round = process.tasks().iter().filter(|task| task.node == node).map(|task| task.round).max();
    let here = process.tasks().iter().filter(|task| task.node == node && Some(task.round) == round);
    let here = here.collect::<Vec<_>>();
    prop_assert!(here.iter().all(|task| !task.state.is_undecided()));
    let approved = here.iter().filter(|task| task.leads && task.state == TaskState::Approved).count();
    if here.iter().all(|task| task.state == TaskState::Merged) {
        prop_assert_eq!(round, Some(1), "everybody decides again after a return");
        return Ok(());
    }
    prop_assert!(approved > 0, "node {node} was passed without a decision");
    match mode {
        Mode::Single | Mode::All | Mode::InOrder => {
            let left = |task: &&Task| matches!(task.state, TaskState::Void | TaskState::Refused);
            prop_assert_eq!(here.into_iter().find(left), None, "{:?} was passed while somebody was missing", mode);
        }
        Mode::Ratio { percent } => {
            let seated = here.iter().filter(|task| task.leads);
            let seated = seated.filter(|task| task.state.has_voted() || task.state == TaskState::Void);
            let seats = seated.map(|task| task.seat).collect::<BTreeSet<_>>();
            prop_assert!(approved * 100 >= seats.len() * usize::from(percent), "{approved} of {}", seats.len());
        }
        Mode::Any => {}
    }
    Ok(())
}

/// What holds from one state to the next.
fn check_step(old: &Process, new: &Process, entry: &Entry) -> Result<(), TestCaseError> {
    let verb = entry.action.verb();
    if old.outcome().is_terminal() {
        prop_assert!(matches!(verb, Verb::Comment | Verb::Copy), "{verb:?} after the end");
        prop_assert_eq!((old.outcome(), old.tasks()), (new.outcome(), new.tasks()));
    }
    if verb == Verb::TakeBack {
        let own = entry.action.task().and_then(|seq| old.task(seq)).expect("it was taken back");
        let later = |task: &&Task| task.round == own.round && task.node > own.node;
        let acted = |task: &Task| task.state.has_voted() || moved(task) || task.origin.made_by().is_some();
        prop_assert!(!old.tasks().iter().filter(later).any(acted), "the next one had acted");
    }
    for task in old.tasks() {
        let now = new.task(task.seq);
        prop_assert!(now.is_some(), "{task:?} is gone");
        let now = now.expect("just checked");
        prop_assert!(now.version >= task.version);
        if now.version == task.version {
            let unchanged = Task { answers: now.answers, reminded: now.reminded, ..task.clone() };
            prop_assert_eq!(&unchanged, now, "a task changed without its version");
        }
        let colleague = entry.action.task() != Some(task.seq) && task.state == TaskState::Open;
        if colleague && now.state == TaskState::Open {
            prop_assert_eq!(now.version, task.version, "{:?} changed a colleague's task", verb);
        }
    }
    Ok(())
}

/// Whoever has to do something, or has waited for something, hears of it; nobody hears of his own doing.
fn check_news(old: &Process, new: &Process, entry: &Entry) -> Result<(), TestCaseError> {
    let by = match entry.actor {
        Actor::Officer(officer) => Some(officer),
        Actor::System => None,
    };
    let told = news(Some(old), new, std::slice::from_ref(entry));
    let hear = |kind| told.iter().filter(move |news| news.kind == kind).map(|news| news.officer);
    prop_assert!(told.iter().all(|news| Some(news.officer) != by), "{told:?} tells {by:?} what he did");
    let now = turns(new);
    for kind in NoticeKind::ASKING {
        prop_assert!(hear(kind).all(|officer| now.contains(&officer)), "{kind:?} to somebody whose turn it is not");
    }
    for officer in now.difference(&turns(old)).filter(|officer| Some(**officer) != by) {
        prop_assert!(hear(NoticeKind::TaskWaiting).any(|told| told == *officer), "{officer} does not know of his turn");
    }
    let ended = old.outcome() != new.outcome() && matches!(new.outcome(), Outcome::Approved | Outcome::Refused);
    let expected = ended.then_some(new.applicant()).into_iter().collect::<Vec<_>>();
    prop_assert_eq!(hear(NoticeKind::Decided).collect::<Vec<_>>(), expected);
    let judged = ended || (old.outcome() != new.outcome() && new.outcome() == Outcome::SentBack);
    let expected: Vec<_> = new.submitter().filter(|_| judged).into_iter().collect();
    prop_assert_eq!(hear(NoticeKind::DecidedFor).collect::<Vec<_>>(), expected);
    let taken_back = old.outcome() != new.outcome() && new.outcome() == Outcome::Withdrawn;
    let other = match new.submitter().filter(|_| taken_back) {
        Some(submitter) if by == Some(submitter) => vec![new.applicant()],
        Some(submitter) => vec![submitter],
        None => Vec::new(),
    };
    prop_assert_eq!(hear(NoticeKind::WithdrawnFor).collect::<Vec<_>>(), other);
    Ok(())
}

fn start(
    definition: &Definition,
    (applicant, submitter): (usize, Option<usize>),
    chosen: &BTreeSet<usize>,
    (n, flag): (i64, bool),
    in_service: Vec<bool>,
) -> Option<Run> {
    let chosen = chosen.iter().filter(|number| **number != applicant).map(|number| id(*number)).collect();
    let values = Values::from([
        ("n".to_owned(), Value::Integer(n)),
        ("flag".to_owned(), Value::Flag(flag)),
        ("chosen".to_owned(), Value::People(chosen)),
    ]);
    let submitter = submitter.filter(|number| *number != applicant).map(id);
    let directory = Directory { submitter, ..directory(&in_service, &FIRST_POSTS) };
    let plan = compile(definition, &values, id(applicant), &directory).expect("the values are declared");
    let now = Timestamp::from_millis(0);
    let process = Process::start(plan.clone(), now);
    assert_eq!(process.is_err(), plan.problem().is_some());
    let settings = Settings { urge_after_minutes: 30, urge_every_minutes: 60, take_back: true };
    let process = process.ok()?;
    Some(Run { plan, process, log: Vec::new(), in_service, posts: FIRST_POSTS, moved: 0, now, settings })
}

proptest! {
    #[test]
    fn the_invariants_hold_in_every_interleaving(
        definition in definition(),
        applicant in (0usize..10, proptest::option::weighted(0.3, 0usize..10)),
        chosen in proptest::collection::btree_set(0usize..10, 0..4),
        values in (0i64..=10, any::<bool>()),
        in_service in vec(proptest::bool::weighted(0.9), 10),
        steps in vec(step(), 0..40),
        (watched, principals) in (0usize..10, vec(0usize..10, 0..3)),
    ) {
        let Some(mut run) = start(&definition, applicant, &chosen, values, in_service) else { return Ok(()) };
        check_state(&run.process)?;
        for (index, step) in steps.iter().enumerate() {
            run.step(step)?;
            if index % 8 == 7 {
                run.check_offers((watched + index / 8) % 10, &principals)?;
            }
        }
        let replayed = Process::replay(run.plan.clone(), Timestamp::from_millis(0), &run.log);
        prop_assert_eq!(replayed, Ok(run.process));
    }

    #[test]
    fn a_log_survives_its_storage(
        definition in definition(),
        steps in vec(step(), 0..20),
    ) {
        let text = serde_json::to_string(&definition).expect("plain data");
        prop_assert_eq!(&serde_json::from_str::<Definition>(&text).expect("a definition"), &definition);
        let Some(mut run) = start(&definition, (0, None), &BTreeSet::from([7]), (5, true), vec![true; 10]) else { return Ok(()) };
        for step in &steps {
            run.step(step)?;
        }
        let stored = serde_json::to_string(&(&run.plan, &run.log)).expect("plain data");
        let (plan, log) = serde_json::from_str::<(Plan, Vec<Entry>)>(&stored).expect("a plan and a log");
        prop_assert_eq!(Process::replay(plan, Timestamp::from_millis(0), &log), Ok(run.process));
    }
}

/// The model would prove nothing if its steps were all refused.
#[test]
fn every_verb_and_every_outcome_occurs_in_the_model() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let (mut verbs, mut outcomes, mut rounds, mut started, mut moved) = (BTreeSet::new(), HashSet::new(), 0, 0, 0);
    for _ in 0..600 {
        let strategy = (definition(), 0usize..10, vec(step(), 0..40));
        let (definition, applicant, steps) = strategy.new_tree(&mut runner).expect("no filters").current();
        let chosen = BTreeSet::from([7, 8]);
        let Some(mut run) = start(&definition, (applicant, None), &chosen, (5, true), vec![true; 10]) else { continue };
        for step in &steps {
            run.step(step).expect("the invariants hold");
        }
        started += 1;
        verbs.extend(run.log.iter().map(|entry| entry.action.verb()));
        outcomes.insert(run.process.outcome());
        rounds = rounds.max(run.process.round());
        moved += run.moved;
    }
    let all = Verb::OF_TASKS.into_iter().chain(Verb::OF_REQUESTS);
    let all = all.chain([Verb::Reroute, Verb::Escalate, Verb::Remind]).collect::<BTreeSet<_>>();
    assert_eq!(verbs, all);
    assert_eq!(outcomes.len(), 5);
    assert!(rounds > 2 && started > 300 && moved > 30, "{rounds} rounds, {started} started, {moved} moved");
}
