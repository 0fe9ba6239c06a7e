//! Who decides on leave in the small province, and who stands in.

use super::*;
use crate::api::Code;
use crate::approval::compile::{Member, Plan, compile};
use crate::approval::definition::{Definition, Mode, Node, NodeKind};
use crate::approval::province::{BASIC, CIVIL, LEADERS, POLITICAL, officer, province, without};
use crate::approval::templates;

fn plan(directory: &Directory, applicant: u128, half_days: i64) -> Plan {
    let id = Uuid::from_u128(applicant);
    let class = directory.officer(id).expect("in the directory").post_class;
    let mut values = templates::known_of(templates::LEAVE, class);
    values.insert("leave_type".to_owned(), Value::Choice("annual".to_owned()));
    values.insert("half_days".to_owned(), Value::Integer(half_days));
    compile(&templates::leave(), &values, id, directory).expect("it compiles")
}

/// Who decides in the first round, in order.
fn deciding(plan: &Plan) -> Vec<&Member> {
    plan.nodes.iter().flat_map(|node| &node.members).filter(|member| member.merged_into.is_none()).collect()
}

/// Each of them as `number post`.
fn seen(plan: &Plan) -> Vec<String> {
    deciding(plan).iter().map(|member| format!("{} {}", member.person.id.as_u128(), member.person.post)).collect()
}

/// The first of them with why he stands in.
fn first(plan: &Plan) -> String {
    format!("{} | {}", seen(plan)[0], deciding(plan)[0].stands_in_for.clone().unwrap_or_default())
}

#[test]
fn everybody_goes_to_the_leaders_above_him() {
    let province = province();
    let of = |applicant, half_days| seen(&plan(&province, applicant, half_days));
    assert_eq!(of(212, 2), ["210 民事审判第二庭负责人"]);
    assert_eq!(of(212, 6), ["210 民事审判第二庭负责人", "201 分管院领导"]);
    assert_eq!(of(212, 7), ["210 民事审判第二庭负责人", "201 分管院领导", "200 院长"]);
    assert_eq!(of(211, 2), ["210 民事审判第二庭负责人"]);
    assert_eq!(of(210, 2), ["201 分管院领导"]);
    assert_eq!(of(210, 3), ["201 分管院领导", "200 院长"]);
    assert_eq!(of(201, 1), ["200 院长"]);
    assert_eq!(of(200, 1), ["101 江州省高级人民法院院长"]);
    let plan = plan(&province, 212, 7);
    assert!(deciding(&plan).iter().all(|member| member.stands_in_for.is_none() && !member.records_outside));
}

#[test]
fn a_missing_head_is_stood_in_for_in_order() {
    let first = |missing: &[u128]| first(&plan(&without(missing), 212, 2));
    assert_eq!(first(&[210]), "211 民事审判第二庭副职 | 民事审判第二庭负责人空缺，由民事审判第二庭副职代行");
    assert_eq!(first(&[210, 211]), "201 分管院领导 | 民事审判第二庭负责人空缺，由分管院领导代行");
    assert_eq!(first(&[210, 211, 201]), "200 院长 | 民事审判第二庭负责人空缺，由院长代行");
    assert_eq!(first(&[210, 211, 201, 200]), "203 政治部主任 | 民事审判第二庭负责人空缺，由政治部主任代行");
    let above = first(&[210, 211, 201, 200, 203]);
    assert_eq!(above, "101 江州省高级人民法院院长 | 民事审判第二庭负责人空缺，由江州省高级人民法院院长代行");
}

#[test]
fn somebody_who_would_decide_twice_decides_once_at_his_last_turn() {
    let no_head_no_deputy = plan(&without(&[210, 211]), 212, 7);
    assert_eq!(seen(&no_head_no_deputy), ["201 分管院领导", "200 院长"]);
    assert_eq!(deciding(&no_head_no_deputy)[0].stands_in_for, None, "he decides in his own right");
    let no_leaders = plan(&without(&[210, 211, 201]), 212, 7);
    assert_eq!(seen(&no_leaders), ["200 院长"]);
    let no_president = plan(&without(&[200]), 212, 7);
    assert_eq!(seen(&no_president), ["210 民事审判第二庭负责人", "201 分管院领导", "203 政治部主任"]);
    let last = deciding(&no_president)[2];
    assert_eq!(last.stands_in_for.as_deref(), Some("院长空缺，由政治部主任代行"));
    assert_eq!(last.post_class, PostClass::President);
}

#[test]
fn a_leader_named_after_a_department_heads_it() {
    let mut province = without(&[203]);
    province.officers.push(officer(204, BASIC, POLITICAL, "政治部主任"));
    assert_eq!(seen(&plan(&province, 220, 2)), ["204 政治部负责人"]);
    assert_eq!(seen(&plan(&province, 212, 2)), ["210 民事审判第二庭负责人"]);
}

#[test]
fn an_oversight_that_is_not_set_falls_to_the_president() {
    let mut province = province();
    province.oversights.clear();
    let plan = plan(&province, 212, 6);
    assert_eq!(seen(&plan), ["210 民事审判第二庭负责人", "200 院长"]);
    assert_eq!(deciding(&plan)[1].stands_in_for.as_deref(), Some("未设分管院领导，由院长代行"));
}

#[test]
fn who_has_left_or_asks_himself_does_not_decide() {
    let mut province = province();
    for officer in &mut province.officers {
        officer.can_log_in = officer.officer != "000210";
    }
    let stood_in = "211 民事审判第二庭副职 | 民事审判第二庭负责人不在职，由民事审判第二庭副职代行";
    assert_eq!(first(&plan(&province, 212, 2)), stood_in);
    assert_eq!(seen(&plan(&province, 211, 2)), ["201 分管院领导"], "not by himself");

    province.oversights.push(Oversight { department_id: LEADERS, officer_id: Uuid::from_u128(201) });
    let overseer = province.officer(Uuid::from_u128(201)).expect("in the directory").clone();
    let found = province.find(&ApproverRule::Overseer, &overseer, &Values::new(), true).expect("the president");
    assert_eq!((found[0].person.id.as_u128(), found[0].person.post.as_str()), (200, "院长"));
    assert_eq!(found[0].stands_in_for.as_deref(), Some("分管院领导为申请人本人，由院长代行"));
}

#[test]
fn the_top_president_s_leave_is_recorded_by_the_political_department() {
    let by_director = plan(&province(), 101, 4);
    assert_eq!(seen(&by_director), ["102 政治部主任"]);
    assert!(deciding(&by_director)[0].records_outside);
    let by_member = plan(&without(&[102]), 101, 4);
    assert_eq!(seen(&by_member), ["103 政治部"]);
    assert!(deciding(&by_member)[0].records_outside && by_member.problem().is_none());
}

#[test]
fn an_empty_chain_names_the_missing_post() {
    let nobody = plan(&without(&[101, 200, 203]), 201, 2);
    assert_eq!((seen(&nobody).len(), nobody.missing()), (0, vec!["院长"]));
    let problem = nobody.problem().expect("nobody decides");
    assert!(problem.code == Code::EmptyChain && problem.detail.contains("院长空缺"), "{}", problem.detail);
    assert!(plan(&province(), 212, 7).problem().is_none());
}

#[test]
fn a_role_that_follows_from_a_post_is_held_in_the_own_court_alone() {
    let rule = ApproverRule::Role { role: Role::Hr, unit: Unit::Court };
    let node = Node {
        key: "hr".to_owned(),
        title: "政治部审核".to_owned(),
        when: Default::default(),
        kind: NodeKind::Decide { approvers: vec![rule.clone()], mode: Mode::All },
        deadline: None,
    };
    let definition =
        Definition { name: "政审".to_owned(), form: "form".to_owned(), fields: vec![], nodes: vec![node] };
    let hr = |directory: &Directory| {
        let plan = compile(&definition, &Values::new(), Uuid::from_u128(212), directory).expect("it compiles");
        deciding(&plan).iter().map(|member| member.person.id.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(hr(&province()), [203, 220], "neither 102 nor 103, who are of the court above");
    let mut given = province();
    given.roles.push(RoleHolder { officer_id: Uuid::from_u128(213), role: Role::Hr, court_id: BASIC });
    assert_eq!(hr(&given), [203, 213, 220]);
}

/// Who takes over from somebody who acted in a post, by number.
fn instead(directory: &Directory, levels: u8, present: u128, post: &str) -> Vec<u128> {
    let applicant = directory.officer(Uuid::from_u128(212)).expect("in the directory");
    let person = directory.person(Uuid::from_u128(present)).expect("in service");
    let present = Person { post: post.to_owned(), ..person };
    let found = directory.replacements(&ApproverRule::Leader { levels }, &present, applicant);
    found.iter().map(|found| found.person.id.as_u128()).collect()
}

#[test]
fn a_task_follows_its_post_and_not_its_officer() {
    let head = "民事审判第二庭负责人";
    assert_eq!(instead(&province(), 1, 210, head), Vec::<u128>::new(), "he still heads it");
    let moved = |department, post: &str| {
        let mut province = without(&[210]);
        province.officers.push(officer(210, BASIC, department, post));
        province
    };
    let away = moved(POLITICAL, "部门负责人");
    assert_eq!(instead(&away, 1, 210, head), [211, 201, 200, 203, 101], "those who stand in, best first");
    let mut succeeded = away;
    succeeded.officers.push(officer(214, BASIC, CIVIL, "庭长"));
    assert_eq!(instead(&succeeded, 1, 210, head), [214], "nobody stands in for a post that is held");

    let demoted = moved(CIVIL, "副庭长");
    assert_eq!(instead(&demoted, 1, 210, head), Vec::<u128>::new(), "as the first deputy he stands in for himself");
    let mut followed = demoted;
    followed.officers.push(officer(214, BASIC, CIVIL, "庭长"));
    assert_eq!(instead(&followed, 1, 210, head), [214]);
    let deputy = "民事审判第二庭副职";
    assert_eq!(instead(&followed, 1, 211, deputy), Vec::<u128>::new(), "who stood in rightly goes on");
}

#[test]
fn what_is_meant_for_a_person_stays_with_him() {
    let province = province();
    let applicant = province.officer(Uuid::from_u128(212)).expect("in the directory");
    let clerk = province.person(Uuid::from_u128(213)).expect("in service");
    let named = ApproverRule::Officer { officer: "000210".to_owned() };
    let chosen = ApproverRule::Chosen { field: "people".to_owned() };
    for rule in [named, chosen] {
        assert_eq!(province.replacements(&rule, &clerk, applicant), []);
    }
}

#[test]
fn who_submits_for_another_is_found_for_no_rule() {
    let of = |number: u128| Directory { submitter: Some(Uuid::from_u128(number)), ..province() };
    let plan = plan(&of(210), 212, 2);
    assert!(plan.bars(Uuid::from_u128(210)) && plan.bars(Uuid::from_u128(212)) && !plan.bars(Uuid::from_u128(211)));
    let members = plan.nodes.iter().flat_map(|node| &node.members);
    let found: Vec<(u128, Option<&str>)> =
        members.map(|member| (member.person.id.as_u128(), member.stands_in_for.as_deref())).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, 211, "the deputy decides in the place of the head, who has asked");
    assert!(found[0].1.is_some_and(|why| why.contains("代提交人")), "{found:?}");
}
