//! Chains in a small province: a high court above a basic one.

use proptest::prelude::*;

use super::*;
use crate::approval::matrix::approvers;

const HIGH: Uuid = Uuid::from_u128(1);
const BASIC: Uuid = Uuid::from_u128(2);
const CIVIL: Uuid = Uuid::from_u128(12);
const POLITICAL: Uuid = Uuid::from_u128(13);
const LEADERS: Uuid = Uuid::from_u128(14);
const HIGH_LEADERS: Uuid = Uuid::from_u128(11);
const HIGH_POLITICAL: Uuid = Uuid::from_u128(15);

fn officer(number: u128, court_id: Uuid, department_id: Uuid, post: &str) -> Officer {
    Officer {
        id: Uuid::from_u128(number),
        officer: format!("{number:06}"),
        name: format!("干警{number}"),
        court_id,
        department_id,
        post: (!post.is_empty()).then(|| post.to_owned()),
        post_class: PostClass::from_post(post).expect("a known post"),
        can_log_in: true,
    }
}

/// 101 president and 102 director above; 200 president, 201 and 202 vice-presidents, 203 director; 210 head, 211 deputy,
/// 212 and 213 clerks of the civil division; 220 a member of the political department. 201 oversees the civil division.
fn province() -> Directory {
    let court = |id, name: &str, parent_id| Court { id, name: name.to_owned(), parent_id };
    let department = |id, court_id, name: &str| Department { id, court_id, name: name.to_owned() };
    Directory {
        courts: vec![court(HIGH, "江州省高级人民法院", None), court(BASIC, "城东区人民法院", Some(HIGH))],
        departments: vec![
            department(HIGH_LEADERS, HIGH, "院领导"),
            department(HIGH_POLITICAL, HIGH, "政治部"),
            department(LEADERS, BASIC, "院领导"),
            department(CIVIL, BASIC, "民事审判第二庭"),
            department(POLITICAL, BASIC, "政治部"),
        ],
        officers: vec![
            officer(101, HIGH, HIGH_LEADERS, "院长"),
            officer(102, HIGH, HIGH_LEADERS, "政治部主任"),
            officer(103, HIGH, HIGH_POLITICAL, ""),
            officer(200, BASIC, LEADERS, "院长"),
            officer(202, BASIC, LEADERS, "副院长"),
            officer(201, BASIC, LEADERS, "副院长"),
            officer(203, BASIC, LEADERS, "政治部主任"),
            officer(210, BASIC, CIVIL, "部门负责人"),
            officer(211, BASIC, CIVIL, "部门副职"),
            officer(212, BASIC, CIVIL, ""),
            officer(213, BASIC, CIVIL, ""),
            officer(220, BASIC, POLITICAL, ""),
        ],
        oversights: vec![Oversight { department_id: CIVIL, officer_id: Uuid::from_u128(201) }],
    }
}

fn without(numbers: &[u128]) -> Directory {
    let mut directory = province();
    directory.officers.retain(|officer| !numbers.contains(&officer.id.as_u128()));
    directory
}

fn chain(directory: &Directory, applicant: u128, half_days: i64) -> Vec<ResolvedStep> {
    let id = Uuid::from_u128(applicant);
    let class = directory.officers.iter().find(|officer| officer.id == id).map(|officer| officer.post_class);
    let steps = approvers(class.expect("in the directory"), "annual", half_days);
    resolve(steps, id, directory)
}

/// Each step as `number post`, `?` for nobody.
fn seen(steps: &[ResolvedStep]) -> Vec<String> {
    let line = |step: &ResolvedStep| {
        let number = step.officer.as_ref().map_or("?".to_owned(), |person| person.id.as_u128().to_string());
        format!("{number} {}", step.post)
    };
    steps.iter().map(line).collect()
}

#[test]
fn everybody_goes_to_the_leaders_above_him() {
    let province = province();
    let of = |applicant, half_days| seen(&chain(&province, applicant, half_days));
    assert_eq!(of(212, 2), ["210 民事审判第二庭负责人"]);
    assert_eq!(of(212, 6), ["210 民事审判第二庭负责人", "201 分管院领导"]);
    assert_eq!(of(212, 7), ["210 民事审判第二庭负责人", "201 分管院领导", "200 院长"]);
    assert_eq!(of(211, 2), ["210 民事审判第二庭负责人"]);
    assert_eq!(of(210, 2), ["201 分管院领导"]);
    assert_eq!(of(210, 3), ["201 分管院领导", "200 院长"]);
    assert_eq!(of(201, 1), ["200 院长"]);
    assert_eq!(of(200, 1), ["101 江州省高级人民法院院长"]);
    assert!(chain(&province, 212, 7).iter().all(|step| step.stands_in_for.is_none() && !step.records_outside));
}

#[test]
fn a_missing_head_is_stood_in_for_in_order() {
    let first = |missing: &[u128]| {
        let steps = chain(&without(missing), 212, 2);
        format!("{} | {}", seen(&steps)[0], steps[0].stands_in_for.clone().unwrap_or_default())
    };
    assert_eq!(first(&[210]), "211 民事审判第二庭副职 | 民事审判第二庭负责人空缺，由民事审判第二庭副职代行");
    assert_eq!(first(&[210, 211]), "201 分管院领导 | 民事审判第二庭负责人空缺，由分管院领导代行");
    assert_eq!(first(&[210, 211, 201]), "200 院长 | 民事审判第二庭负责人空缺，由院长代行");
    assert_eq!(first(&[210, 211, 201, 200]), "203 政治部主任 | 民事审判第二庭负责人空缺，由政治部主任代行");
    let above = first(&[210, 211, 201, 200, 203]);
    assert_eq!(above, "101 江州省高级人民法院院长 | 民事审判第二庭负责人空缺，由江州省高级人民法院院长代行");
}

#[test]
fn somebody_who_would_decide_twice_decides_once_at_his_last_turn() {
    let no_head_no_deputy = chain(&without(&[210, 211]), 212, 7);
    assert_eq!(seen(&no_head_no_deputy), ["201 分管院领导", "200 院长"]);
    assert_eq!(no_head_no_deputy[0].stands_in_for, None, "he decides in his own right");
    let no_leaders = chain(&without(&[210, 211, 201]), 212, 7);
    assert_eq!(seen(&no_leaders), ["200 院长"]);
    let no_president = chain(&without(&[200]), 212, 7);
    assert_eq!(seen(&no_president), ["210 民事审判第二庭负责人", "201 分管院领导", "203 政治部主任"]);
    assert_eq!(no_president[2].stands_in_for.as_deref(), Some("院长空缺，由政治部主任代行"));
    assert_eq!((no_president[2].position, no_president[2].post_class), (3, PostClass::President));
}

#[test]
fn a_leader_named_after_a_department_heads_it() {
    let mut province = without(&[203]);
    province.officers.push(officer(204, BASIC, POLITICAL, "政治部主任"));
    assert_eq!(seen(&chain(&province, 220, 2)), ["204 政治部负责人"]);
    assert_eq!(seen(&chain(&province, 212, 2)), ["210 民事审判第二庭负责人"]);
}

#[test]
fn an_oversight_that_is_not_set_falls_to_the_president() {
    let mut province = province();
    province.oversights.clear();
    let steps = chain(&province, 212, 6);
    assert_eq!(seen(&steps), ["210 民事审判第二庭负责人", "200 院长"]);
    assert_eq!(steps[1].stands_in_for.as_deref(), Some("未设分管院领导，由院长代行"));
}

#[test]
fn who_has_left_or_asks_himself_does_not_decide() {
    let mut province = province();
    for officer in &mut province.officers {
        officer.can_log_in = officer.officer != "000210";
    }
    let steps = chain(&province, 212, 2);
    assert_eq!(seen(&steps), ["211 民事审判第二庭副职"]);
    assert_eq!(steps[0].stands_in_for.as_deref(), Some("民事审判第二庭负责人不在职，由民事审判第二庭副职代行"));
    let deputy = chain(&province, 211, 2);
    assert_eq!(seen(&deputy), ["201 分管院领导"], "not by himself");

    province.oversights.push(Oversight { department_id: LEADERS, officer_id: Uuid::from_u128(201) });
    let himself = resolve(&[Approver::Overseer], Uuid::from_u128(201), &province);
    assert_eq!(seen(&himself), ["200 院长"]);
    assert_eq!(himself[0].stands_in_for.as_deref(), Some("分管院领导为申请人本人，由院长代行"));
}

#[test]
fn the_top_president_s_leave_is_recorded_by_the_political_department() {
    let steps = chain(&province(), 101, 4);
    assert_eq!(seen(&steps), ["102 政治部主任"]);
    assert!(steps[0].records_outside);
    let by_member = chain(&without(&[102]), 101, 4);
    assert_eq!(seen(&by_member), ["103 政治部"]);
    assert!(by_member[0].records_outside && empty_chain(&by_member).is_none());
}

#[test]
fn an_empty_chain_names_the_missing_post() {
    let nobody = chain(&without(&[101, 200, 203]), 201, 2);
    assert_eq!(seen(&nobody), ["? 院长"]);
    let problem = empty_chain(&nobody).expect("nobody decides");
    assert_eq!(problem.code, Code::EmptyChain);
    assert!(problem.detail.contains("院长空缺"), "{}", problem.detail);
    assert!(empty_chain(&[]).is_some());
    assert!(empty_chain(&chain(&province(), 212, 7)).is_none());
    assert_eq!(resolve(&[Approver::President], Uuid::from_u128(999), &province()), []);
}

#[test]
fn a_step_goes_on_the_wire_as_waiting() {
    let steps = chain(&province(), 212, 2);
    let wire = ChainStep::from(&steps[0]);
    assert_eq!((wire.step, wire.officer.as_deref(), wire.state), (1, Some("000210"), StepState::Waiting));
}

proptest! {
    #[test]
    fn nobody_decides_his_own_request_or_twice(
        gone in proptest::collection::btree_set(0usize..12, 0..12),
        retired in proptest::collection::btree_set(0usize..12, 0..12),
        overseer in 0usize..12,
        applicant in 0usize..12,
        half_days in 1i64..40,
    ) {
        let mut directory = province();
        let applicant = directory.officers[applicant].clone();
        directory.oversights[0].officer_id = directory.officers[overseer].id;
        let keep = directory.officers.clone().into_iter().enumerate().filter(|(index, officer)| {
            officer.id == applicant.id || !gone.contains(index)
        });
        directory.officers =
            keep.map(|(index, officer)| Officer { can_log_in: !retired.contains(&index), ..officer }).collect();

        let steps = chain(&directory, applicant.id.as_u128(), half_days);
        let deciding = steps.iter().filter_map(|step| step.officer.as_ref()).map(|person| person.id).collect::<Vec<_>>();
        prop_assert!(!steps.is_empty());
        prop_assert!(!deciding.contains(&applicant.id));
        for (index, id) in deciding.iter().enumerate() {
            prop_assert!(!deciding[index + 1..].contains(id));
            let officer = directory.officers.iter().find(|officer| officer.id == *id).expect("from the directory");
            prop_assert!(officer.can_log_in);
        }
        prop_assert!(steps.iter().zip(1..).all(|(step, position)| step.position == position));
        prop_assert_eq!(empty_chain(&steps).is_none(), deciding.len() == steps.len());
        prop_assert_eq!(resolve(&[], applicant.id, &directory), vec![]);
    }
}
