//! The traps that other systems fell into, by their names in the reference: W workflow, C concurrency, R rights.

use super::*;
use crate::approval::compile::{Member, PlanNode};
use crate::approval::definition::{ApproverRule, Mode};
use crate::approval::directory::{Court, Department, Directory, Officer};
use crate::approval::reroute::reroute;
use crate::org::rules::PostClass;

const APPLICANT: u128 = 100;
const COURT: Uuid = Uuid::from_u128(1000);
const DEPARTMENT: Uuid = Uuid::from_u128(1001);

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn person(number: u128) -> Person {
    Person { id: id(number), officer: number.to_string(), name: format!("干警{number}"), post: "庭长".to_owned() }
}

fn node(mode: Mode, members: &[u128]) -> PlanNode {
    let member = |number: &u128| Member {
        person: person(*number),
        post_class: PostClass::DepartmentHead,
        stands_in_for: None,
        records_outside: false,
        rule: ApproverRule::Officer { officer: number.to_string() },
        merged_into: None,
    };
    PlanNode {
        key: "node".to_owned(),
        title: "节点".to_owned(),
        kind: PlanKind::Decide { mode },
        members: members.iter().map(member).collect(),
        missing: Vec::new(),
        deadline: None,
    }
}

fn plan(nodes: Vec<PlanNode>) -> Plan {
    let (court_id, department_id) = (COURT, DEPARTMENT);
    Plan { form: "form".to_owned(), applicant: id(APPLICANT), submitter: None, court_id, department_id, nodes }
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_millis(0).plus_minutes(minute)
}

fn begin(nodes: Vec<PlanNode>) -> Process {
    Process::start(plan(nodes), at(0)).expect("people in every node")
}

fn try_to(process: &Process, actor: u128, action: Action) -> Result<Process, Refusal> {
    let entry =
        Entry { seq: process.next_seq(), actor: Actor::Officer(id(actor)), acting_for: None, at: at(1), action };
    process.act(&entry, &[], &Settings::default())
}

fn act(process: &Process, actor: u128, action: Action) -> Process {
    try_to(process, actor, action).expect("allowed")
}

/// The open task of a person, or else his latest, and its version.
fn of(process: &Process, number: u128) -> (i32, i64) {
    let own = process.tasks().iter().filter(|task| task.officer.id == id(number));
    let last = own.max_by_key(|task| (task.state == TaskState::Open, task.seq)).expect("he has a task");
    (last.seq, last.version)
}

fn state(process: &Process, number: u128) -> TaskState {
    process.task(of(process, number).0).expect("it was just found").state
}

fn approve(process: &Process, number: u128) -> Process {
    let (task, version) = of(process, number);
    act(process, number, Action::Approve { task, version, comment: String::new() })
}

fn refuse(process: &Process, number: u128) -> Process {
    let (task, version) = of(process, number);
    act(process, number, Action::Refuse { task, version, comment: "开庭期间".to_owned() })
}

fn send_back(process: &Process, number: u128, to_node: Option<usize>) -> Process {
    let (task, version) = of(process, number);
    act(process, number, Action::SendBack { task, version, to_node, comment: "请补材料".to_owned() })
}

fn take_back(process: &Process, number: u128) -> Result<Process, Refusal> {
    let (task, version) = of(process, number);
    try_to(process, number, Action::TakeBack { task, version })
}

fn open(process: &Process) -> Vec<u128> {
    process.open_tasks().map(|task| task.officer.id.as_u128()).collect()
}

#[test]
fn w1_a_return_from_a_joint_node_keeps_every_member_s_task() {
    let process = begin(vec![node(Mode::Single, &[1]), node(Mode::All, &[2, 3, 4])]);
    let process = approve(&approve(&process, 1), 2);
    let process = send_back(&process, 3, Some(0));
    assert_eq!(open(&process), [1]);
    let process = approve(&process, 1);
    assert_eq!(open(&process), [2, 3, 4], "who had approved decides again");
    let process = approve(&approve(&approve(&process, 2), 4), 3);
    assert_eq!(process.outcome(), Outcome::Approved);
}

#[test]
fn w4_a_refusal_in_a_joint_node_ends_the_others() {
    let process = refuse(&begin(vec![node(Mode::All, &[1, 2, 3]), node(Mode::Single, &[4])]), 2);
    assert_eq!(process.outcome(), Outcome::Refused);
    assert_eq!([1, 3, 4].map(|number| state(&process, number)), [TaskState::Void; 3]);
}

#[test]
fn w5_in_order_stays_in_order_when_stored() {
    let plan = plan(vec![node(Mode::InOrder, &[3, 1, 2])]);
    let stored = serde_json::to_string(&plan).expect("plain data");
    let mut process = Process::start(serde_json::from_str(&stored).expect("a plan"), at(0)).expect("people");
    for next in [3, 1, 2] {
        assert_eq!(open(&process), [next]);
        process = approve(&process, next);
    }
    assert_eq!(process.outcome(), Outcome::Approved);
}

#[test]
fn w6_a_joint_node_is_not_complete_while_one_is_pending() {
    let process = begin(vec![node(Mode::All, &[1, 2, 3]), node(Mode::Single, &[4])]);
    let process = approve(&approve(&process, 3), 1);
    assert_eq!((process.progress(), process.current_node(), process.outcome()), ((0, 2), Some(0), Outcome::Running));
    assert_eq!(open(&process), [2]);
    assert_eq!(approve(&process, 2).progress(), (1, 2));

    let ratio = begin(vec![node(Mode::Ratio { percent: 60 }, &[1, 2, 3]), node(Mode::Single, &[4])]);
    let one = refuse(&ratio, 1);
    assert_eq!(one.outcome(), Outcome::Running, "two of three can still be reached");
    assert_eq!(refuse(&one, 2).outcome(), Outcome::Refused);
    let two = approve(&approve(&one, 2), 3);
    assert_eq!(open(&two), [4]);
    let any = approve(&begin(vec![node(Mode::Any, &[1, 2]), node(Mode::Single, &[4])]), 2);
    assert_eq!((open(&any), state(&any, 1)), (vec![4], TaskState::Void));
}

#[test]
fn w7_chosen_people_of_two_nodes_are_kept_on_resubmission() {
    let process = begin(vec![node(Mode::All, &[1, 2]), node(Mode::All, &[3, 4])]);
    let process = send_back(&approve(&approve(&process, 1), 2), 3, None);
    assert_eq!((process.outcome(), open(&process)), (Outcome::SentBack, vec![]));
    let again = act(&process, APPLICANT, Action::Resubmit { plan: None, comment: String::new() });
    assert_eq!(open(&again), [1, 2]);
    assert_eq!(open(&approve(&approve(&again, 1), 2)), [3, 4]);
    let other = Plan { form: "other".to_owned(), ..process.plan().clone() };
    let refused = try_to(&process, APPLICANT, Action::Resubmit { plan: Some(other), comment: String::new() });
    assert_eq!(refused.expect_err("another form").code, Code::BadInput);
}

#[test]
fn w7_who_was_merged_decides_again_after_a_return() {
    let mut nodes = vec![node(Mode::Single, &[1]), node(Mode::Single, &[2]), node(Mode::Single, &[1])];
    nodes[0].members[0].merged_into = Some(2);
    let process = begin(nodes);
    assert_eq!((open(&process), process.progress()), (vec![2], (0, 2)));
    let process = approve(&process, 2);
    assert_eq!(open(&process), [1]);
    let process = send_back(&process, 1, None);
    let again = act(&process, APPLICANT, Action::Resubmit { plan: None, comment: String::new() });
    assert_eq!((open(&again), again.progress()), (vec![1], (0, 3)));
}

#[test]
fn w10_a_running_request_keeps_its_plan() {
    // The process owns its plan; an edited definition reaches it only through a resubmission that brings a new one.
    let process = begin(vec![node(Mode::Single, &[1])]);
    let edited = plan(vec![node(Mode::Single, &[2])]);
    let refused = try_to(&process, APPLICANT, Action::Resubmit { plan: Some(edited.clone()), comment: String::new() });
    assert_eq!(refused.expect_err("it runs").code, Code::WrongState);
    let back = send_back(&process, 1, None);
    let again = act(&back, APPLICANT, Action::Resubmit { plan: Some(edited), comment: String::new() });
    assert_eq!(open(&again), [2]);
}

#[test]
fn w11_a_decision_is_taken_back_only_while_the_next_has_not_acted() {
    let started = begin(vec![node(Mode::Single, &[1]), node(Mode::All, &[2, 3]), node(Mode::Single, &[4])]);
    let first = approve(&started, 1);
    let back = take_back(&first, 1).expect("nobody has acted");
    assert_eq!(open(&back), [1]);
    assert_eq!([2, 3].map(|number| state(&back, number)), [TaskState::Waiting; 2]);
    assert!(of(&back, 1).1 > of(&first, 1).1 && of(&back, 2).1 > of(&first, 2).1);

    let acted = approve(&first, 2);
    assert_eq!(take_back(&acted, 1).expect_err("the next has acted").code, Code::WrongState);
    assert_eq!(open(&take_back(&acted, 2).expect("his colleague has not finished the node")), [2, 3]);
    let last = approve(&acted, 3);
    assert_eq!(open(&take_back(&last, 2).expect("the node after has not acted")), [2]);
    let ended = approve(&last, 4);
    assert_eq!(take_back(&ended, 4).expect_err("it has ended").code, Code::WrongState);

    let (task, version) = of(&first, 2);
    let moved = act(&first, 2, Action::Transfer { task, version, to: person(9), comment: String::new() });
    assert!(take_back(&moved, 1).is_err(), "a transfer is an act");
}

#[test]
fn w11_votes_voided_by_the_first_decision_come_back_with_it() {
    let any = approve(&begin(vec![node(Mode::Any, &[1, 2]), node(Mode::Single, &[3])]), 1);
    assert_eq!(state(&any, 2), TaskState::Void);
    assert_eq!(open(&take_back(&any, 1).expect("the next has not acted")), [1, 2]);
}

#[test]
fn c2_the_second_tap_is_told_that_it_was_decided() {
    let process = begin(vec![node(Mode::Single, &[1]), node(Mode::Single, &[2])]);
    let (task, version) = of(&process, 1);
    let tap = Action::Approve { task, version, comment: String::new() };
    let once = act(&process, 1, tap.clone());
    let twice = try_to(&once, 1, tap).expect_err("decided already");
    assert_eq!((twice.code, twice.task), (Code::StaleVersion, Some(task)));
    assert_eq!(once.task(task).expect("it stays").state, TaskState::Approved);
}

#[test]
fn c3_of_two_at_the_same_instant_one_wins() {
    let process = begin(vec![node(Mode::Single, &[1])]);
    let (task, version) = of(&process, 1);
    let withdrawn = act(&process, APPLICANT, Action::Withdraw { comment: String::new() });
    let late = try_to(&withdrawn, 1, Action::Approve { task, version, comment: String::new() });
    assert_eq!(late.expect_err("withdrawn").code, Code::StaleVersion);
    let approved = approve(&process, 1);
    let late = try_to(&approved, APPLICANT, Action::Withdraw { comment: String::new() });
    assert_eq!(late.expect_err("approved").code, Code::WrongState);
    let same_seq = Entry {
        seq: process.next_seq(),
        actor: Actor::Officer(id(APPLICANT)),
        acting_for: None,
        at: at(1),
        action: Action::Comment { text: "请尽快".to_owned() },
    };
    assert_eq!(approved.apply(&same_seq).expect_err("the log has moved on").code, Code::StaleVersion);
}

#[test]
fn what_ends_with_another_request_is_withdrawn_by_nobody_in_person() {
    let process = begin(vec![node(Mode::Single, &[1])]);
    let entry = |process: &Process, actor, action| Entry {
        seq: process.next_seq(),
        actor,
        acting_for: None,
        at: at(1),
        action,
    };
    let withdraw = |process: &Process| {
        process.apply(&entry(process, Actor::System, Action::Withdraw { comment: "假2026-000122已撤销".to_owned() }))
    };
    let (task, version) = of(&process, 1);
    let sent_back = act(&process, 1, Action::SendBack { task, version, to_node: None, comment: "请补充".to_owned() });
    assert_eq!(withdraw(&sent_back).expect("nobody has decided").outcome(), Outcome::Withdrawn);
    assert_eq!(withdraw(&process).expect("nobody has decided").outcome(), Outcome::Withdrawn);
    assert_eq!(withdraw(&approve(&process, 1)).expect_err("decided").code, Code::WrongState);
    let others = [Action::Resubmit { plan: None, comment: String::new() }, Action::Urge];
    for action in others {
        let refused = sent_back.apply(&entry(&sent_back, Actor::System, action)).expect_err("a person's own");
        assert_eq!(refused.code, Code::NotAllowed);
    }
    let stranger = entry(&sent_back, Actor::Officer(id(1)), Action::Withdraw { comment: String::new() });
    assert_eq!(sent_back.apply(&stranger).expect_err("not his").code, Code::NotAllowed);
}

#[test]
fn c3_a_colleague_s_vote_does_not_change_mine() {
    let process = begin(vec![node(Mode::All, &[1, 2])]);
    let seen = of(&process, 2);
    let process = approve(&process, 1);
    assert_eq!(of(&process, 2), seen);
    assert_eq!(approve(&process, 2).outcome(), Outcome::Approved);
}

#[test]
fn r1_nobody_decides_his_own_request_by_any_door() {
    let process = begin(vec![node(Mode::Single, &[1])]);
    let (task, version) = of(&process, 1);
    let (to, comment) = (person(APPLICANT), String::new());
    let doors = [
        Action::Transfer { task, version, to: to.clone(), comment: comment.clone() },
        Action::Delegate { task, version, to: to.clone(), comment: comment.clone() },
        Action::Add { task, version, place: Place::Before, who: to.clone(), comment: comment.clone() },
        Action::Add { task, version, place: Place::After, who: to.clone(), comment: comment.clone() },
        Action::Add { task, version, place: Place::Beside, who: to.clone(), comment: comment.clone() },
    ];
    for door in doors {
        assert_eq!(try_to(&process, 1, door).expect_err("his own request").code, Code::NotAllowed);
    }
    let approve = Action::Approve { task, version, comment };
    assert_eq!(try_to(&process, APPLICANT, approve.clone()).expect_err("his own").code, Code::NotAllowed);
    let entry = |actor, acting_for, action| Entry { seq: 1, actor, acting_for, at: at(1), action };
    let as_delegate = entry(Actor::Officer(id(APPLICANT)), Some(id(1)), approve);
    let refused = process.act(&as_delegate, &[id(1)], &Settings::default());
    assert_eq!(refused.expect_err("the delegate asks himself").code, Code::NotAllowed);
    let reroute = Action::Reroute { task, to: Some(to.clone()), stands_in_for: None };
    assert_eq!(process.apply(&entry(Actor::System, None, reroute)).expect_err("by the system").code, Code::NotAllowed);
    let escalate = Action::Escalate { task, to };
    assert_eq!(process.apply(&entry(Actor::System, None, escalate)).expect_err("by the system").code, Code::NotAllowed);
}

#[test]
fn r1_a_delegate_has_one_vote_for_himself_and_others() {
    let process = begin(vec![node(Mode::All, &[1, 2, 3])]);
    let vote = |process: &Process, actor, principal| {
        let (task, version) = of(process, principal);
        let action = Action::Approve { task, version, comment: String::new() };
        let (actor, acting_for) = (Actor::Officer(id(actor)), Some(id(principal)));
        let entry = Entry { seq: process.next_seq(), actor, acting_for, at: at(1), action };
        process.act(&entry, &[id(1), id(2)], &Settings::default())
    };
    assert_eq!(vote(&process, 3, 1).expect_err("he sits there himself").code, Code::NotAllowed);
    let once = vote(&process, 9, 1).expect("the first vote");
    let task = once.task(of(&once, 1).0).expect("the principal's");
    assert_eq!((task.officer.id, task.decision.as_ref().map(|vote| vote.by)), (id(1), Some(id(9))));
    assert_eq!(vote(&once, 9, 2).expect_err("a second vote").code, Code::NotAllowed);
}

#[test]
fn r4_a_disabled_approver_s_tasks_go_to_who_stands_in() {
    let officer = |number: u128, post: &str, can_log_in| Officer {
        id: id(number),
        officer: number.to_string(),
        name: format!("干警{number}"),
        court_id: COURT,
        department_id: DEPARTMENT,
        post: Some(post.to_owned()),
        post_class: PostClass::from_post(post).expect("a known post"),
        can_log_in,
    };
    let directory = |head| Directory {
        courts: vec![Court { id: COURT, name: "城东区人民法院".to_owned(), parent_id: None }],
        departments: vec![Department { id: DEPARTMENT, court_id: COURT, name: "民事审判庭".to_owned() }],
        officers: vec![
            officer(APPLICANT, "干警", true),
            officer(1, "庭长", head),
            officer(2, "副庭长", true),
            officer(3, "院长", true),
        ],
        ..Directory::default()
    };
    let process = begin(vec![node(Mode::Single, &[1]), node(Mode::Single, &[3]), node(Mode::Single, &[1])]);
    assert_eq!(reroute(&process, &directory(true), at(5)).entries, []);
    let rerouted = reroute(&process, &directory(false), at(5));
    assert_eq!((rerouted.entries.len(), rerouted.missing.len()), (2, 0), "the open task and the waiting one");
    assert_eq!(open(&rerouted.process), [2]);
    let process = approve(&rerouted.process, 2);
    assert_eq!(state(&process, 1), TaskState::Rerouted);
    assert!(process.plan().nodes[0].members[0].stands_in_for.as_deref().is_some_and(|why| why.contains("不在职")));
    let back = send_back(&process, 3, Some(0));
    assert_eq!(open(&back), [2], "the next round asks who took over");
}

#[test]
fn added_signers_stand_where_they_were_added() {
    let add = |process: &Process, by: u128, place, who: u128| {
        let (task, version) = of(process, by);
        act(process, by, Action::Add { task, version, place, who: person(who), comment: String::new() })
    };
    let started = begin(vec![node(Mode::Single, &[1]), node(Mode::Single, &[5])]);
    let process = add(&add(&started, 1, Place::After, 3), 1, Place::Before, 2);
    assert_eq!(open(&process), [2]);
    let process = approve(&process, 2);
    assert_eq!(open(&process), [1]);
    let process = approve(&process, 1);
    assert_eq!(open(&process), [3]);
    assert_eq!(open(&approve(&process, 3)), [5]);
    let (task, version) = of(&process, 3);
    let removed = act(&process, 1, Action::Remove { task, version });
    assert_eq!(open(&removed), [5], "without him the node is done");
    let beside = add(&started, 1, Place::Beside, 2);
    assert_eq!(open(&beside), [1, 2]);
    assert_eq!(open(&approve(&beside, 1)), [2]);
    assert_eq!(refuse(&beside, 2).outcome(), Outcome::Refused);
}

#[test]
fn a_delegated_task_comes_back_with_an_opinion() {
    let process = begin(vec![node(Mode::Single, &[1])]);
    let (task, version) = of(&process, 1);
    let asked = act(&process, 1, Action::Delegate { task, version, to: person(2), comment: String::new() });
    assert_eq!((open(&asked), state(&asked, 1)), (vec![2], TaskState::Delegated));
    let (opinion, version) = of(&asked, 2);
    let decide = Action::Approve { task: opinion, version, comment: String::new() };
    assert_eq!(try_to(&asked, 2, decide).expect_err("only an opinion").code, Code::WrongState);
    let silent = Action::GiveBack { task: opinion, version, comment: " ".to_owned() };
    assert_eq!(try_to(&asked, 2, silent).expect_err("no opinion").code, Code::ReasonRequired);
    let answered = act(&asked, 2, Action::GiveBack { task: opinion, version, comment: "同意办理".to_owned() });
    assert_eq!((open(&answered), state(&answered, 2)), (vec![1], TaskState::Answered));
    assert_eq!(open(&take_back(&asked, 1).expect("he has not answered")), [1]);
}

#[test]
fn urging_is_limited_and_reasons_are_required() {
    let process = begin(vec![node(Mode::Single, &[1])]);
    let urge = |process: &Process, minute| {
        let (actor, action) = (Actor::Officer(id(APPLICANT)), Action::Urge);
        let entry = Entry { seq: process.next_seq(), actor, acting_for: None, at: at(minute), action };
        process.act(&entry, &[], &Settings::default())
    };
    assert_eq!(urge(&process, 119).expect_err("too soon").code, Code::SlowDown);
    let urged = urge(&process, 120).expect("after two hours");
    assert_eq!(urge(&urged, 121).expect_err("too often").code, Code::SlowDown);
    assert!(urge(&urged, 120 + 12 * 60).is_ok());
    let (task, version) = of(&process, 1);
    let silent = Action::Refuse { task, version, comment: " ".to_owned() };
    assert_eq!(try_to(&process, 1, silent).expect_err("no reason").code, Code::ReasonRequired);
    let long = Action::Approve { task, version, comment: "好".repeat(MAX_COMMENT + 1) };
    assert_eq!(try_to(&process, 1, long).expect_err("too long").code, Code::BadInput);
}

#[test]
fn who_was_added_and_is_the_only_one_left_cannot_be_removed() {
    let process = begin(vec![node(Mode::Single, &[1]), node(Mode::Single, &[2])]);
    let (task, version) = of(&process, 1);
    let beside = Action::Add { task, version, place: Place::Beside, who: person(3), comment: String::new() };
    let process = act(&process, 1, beside);
    // Officer 1 leaves the court: 3 decides without him. Then 1 comes back.
    let left = Entry {
        seq: process.next_seq(),
        actor: Actor::System,
        acting_for: None,
        at: at(1),
        action: Action::Reroute { task, to: None, stands_in_for: None },
    };
    let process = process.apply(&left).expect("somebody is left");
    assert_eq!(open(&process), [3]);
    let (task, version) = of(&process, 3);
    let refused = try_to(&process, 1, Action::Remove { task, version }).expect_err("nobody would have decided");
    assert_eq!(refused.code, Code::WrongState);
    assert_eq!(open(&approve(&process, 3)), [2]);
}

#[test]
fn whoever_records_a_decision_from_outside_says_which() {
    let mut first = node(Mode::Single, &[1]);
    first.members[0].records_outside = true;
    let process = begin(vec![first, node(Mode::Single, &[2])]);
    let say = |process: &Process, officer, comment: &str| {
        let (task, version) = of(process, officer);
        try_to(process, officer, Action::Approve { task, version, comment: comment.to_owned() })
    };
    let refused = say(&process, 1, " ").expect_err("nobody could look it up");
    assert_eq!((refused.code, refused.field), (Code::ReasonRequired, Some("comment")));
    let (task, version) = of(&process, 1);
    let moved = act(&process, 1, Action::Transfer { task, version, to: person(3), comment: String::new() });
    assert!(say(&moved, 3, "").is_err(), "nor does handing it on change what is asked for");
    let done = say(&moved, 3, "省委组织部〔2026〕12号，11月20日").expect("it says which");
    assert!(say(&done, 2, "").is_ok(), "everybody else decides without a word");
}

#[test]
fn a_comment_is_a_repeat_for_a_minute_only_and_of_its_author_only() {
    let say = |officer, second, text: &str| Entry {
        seq: 1,
        actor: Actor::Officer(id(officer)),
        acting_for: None,
        at: at(0).plus_seconds(second),
        action: Action::Comment { text: text.to_owned() },
    };
    let first = say(1, 0, "请说明去向");
    assert!(say(1, 0, "请说明去向").repeats(&first) && say(1, 59, "请说明去向").repeats(&first));
    for other in [say(1, 60, "请说明去向"), say(2, 1, "请说明去向"), say(1, 1, "请说明去向。")] {
        assert!(!other.repeats(&first), "{other:?}");
    }
    let urged = Entry { action: Action::Urge, ..first.clone() };
    assert!(!urged.repeats(&urged), "only comments have nothing else to tell them by");
}

#[test]
fn r1_who_submits_for_another_decides_by_no_door() {
    const SUBMITTER: u128 = 7;
    let plan = |nodes| Plan { submitter: Some(id(SUBMITTER)), ..plan(nodes) };
    let begun = |nodes| Process::start(plan(nodes), at(0)).expect("people in every node");
    let process = begun(vec![node(Mode::Single, &[1]), node(Mode::Single, &[2])]);
    let (task, version) = of(&process, 1);
    let code = |actor: u128, acting_for: Option<u128>, action| {
        let (seq, acting_for) = (process.next_seq(), acting_for.map(id));
        let entry = Entry { seq, actor: Actor::Officer(id(actor)), acting_for, at: at(1), action };
        process.act(&entry, &[id(1)], &Settings::default()).map_err(|refusal| refusal.code)
    };
    let comment = || "意见".to_owned();
    let approve = Action::Approve { task, version, comment: comment() };
    // Under a delegation, by transfer, by delegating the task, by being added.
    assert_eq!(code(SUBMITTER, Some(1), approve).err(), Some(Code::NotAllowed));
    for action in [
        Action::Transfer { task, version, to: person(SUBMITTER), comment: comment() },
        Action::Delegate { task, version, to: person(SUBMITTER), comment: comment() },
        Action::Add { task, version, place: Place::Beside, who: person(SUBMITTER), comment: comment() },
    ] {
        assert_eq!(code(1, None, action).err(), Some(Code::NotAllowed));
    }
    assert!(!process.can_stand_in(id(SUBMITTER), id(1)) && process.can_stand_in(id(8), id(1)));
    assert!(!process.may_receive(task, id(SUBMITTER)));
    // Even a plan that names him gives him no vote.
    let named = begun(vec![node(Mode::Single, &[SUBMITTER])]);
    let (task, version) = of(&named, SUBMITTER);
    let approve = Action::Approve { task, version, comment: comment() };
    assert_eq!(try_to(&named, SUBMITTER, approve).map_err(|refusal| refusal.code).err(), Some(Code::NotAllowed));
    // He can take back what he asked for, and nothing more; the applicant can too.
    assert_eq!(code(SUBMITTER, None, Action::Urge).err(), Some(Code::NotAllowed));
    for who in [SUBMITTER, APPLICANT] {
        assert_eq!(
            code(who, None, Action::Withdraw { comment: String::new() }).map(|next| next.outcome()),
            Ok(Outcome::Withdrawn)
        );
    }
}
