//! Plans in the small province.

use proptest::prelude::*;

use super::*;
use crate::approval::definition::{Field, FieldKind, Unit, Value};
use crate::approval::province::province;
use crate::approval::templates;

fn one_node(approvers: Vec<ApproverRule>, mode: Mode) -> Definition {
    let kind = FieldKind::People { min: 1, max: 3 };
    let node = |key: &str, kind| Node {
        key: key.to_owned(),
        title: key.to_owned(),
        when: Default::default(),
        kind,
        deadline: None,
    };
    Definition {
        name: "外出审批".to_owned(),
        form: "travel".to_owned(),
        fields: vec![Field { key: "people".to_owned(), title: "会签人".to_owned(), kind }],
        nodes: vec![node("decide", NodeKind::Decide { approvers, mode })],
    }
}

fn chosen(numbers: &[u128]) -> Values {
    let people = numbers.iter().map(|number| Uuid::from_u128(*number)).collect();
    Values::from([("people".to_owned(), Value::People(people))])
}

fn members(plan: &Plan) -> Vec<Vec<u128>> {
    let of = |node: &PlanNode| node.members.iter().map(|member| member.person.id.as_u128()).collect();
    plan.nodes.iter().map(of).collect()
}

#[test]
fn a_rule_finds_one_person_or_all_who_answer_to_it() {
    let leaders = || ApproverRule::Post { class: PostClass::CourtLeader, unit: Unit::Court };
    let applicant = Uuid::from_u128(212);
    let of = |rule, mode| {
        members(&compile(&one_node(vec![rule], mode), &chosen(&[213]), applicant, &province()).expect("it compiles"))
    };
    assert_eq!(of(leaders(), Mode::All), [[201, 202, 203]]);
    assert_eq!(of(leaders(), Mode::Single), [[201]]);
    assert_eq!(of(ApproverRule::Officer { officer: "000220".to_owned() }, Mode::Single), [[220]]);
    assert_eq!(of(ApproverRule::Officer { officer: "999999".to_owned() }, Mode::Single), [[200]], "the president");
    assert_eq!(of(ApproverRule::Overseer, Mode::All), [[201]]);
    let political = Unit::NamedDepartment { name: "政治部".to_owned() };
    assert_eq!(of(ApproverRule::Post { class: PostClass::Staff, unit: political }, Mode::Any), [[220]]);
    assert_eq!(of(ApproverRule::Post { class: PostClass::President, unit: Unit::CourtAbove }, Mode::All), [[101]]);
}

#[test]
fn the_applicant_s_choice_keeps_his_order_and_never_includes_him() {
    let definition = one_node(vec![ApproverRule::Chosen { field: "people".to_owned() }], Mode::InOrder);
    let applicant = Uuid::from_u128(212);
    let plan = compile(&definition, &chosen(&[220, 213, 201]), applicant, &province()).expect("it compiles");
    assert_eq!(members(&plan), [[220, 213, 201]]);
    for wrong in [&[212][..], &[213, 213], &[], &[201, 202, 203, 220]] {
        let problem = compile(&definition, &chosen(wrong), applicant, &province()).expect_err("not a choice");
        assert_eq!((problem.code, problem.field.as_deref()), (Code::BadInput, Some("people")));
    }
    let undeclared = Values::from([("other".to_owned(), Value::Flag(true))]);
    assert!(compile(&definition, &undeclared, applicant, &province()).is_err());
    let stranger = compile(&definition, &chosen(&[213]), Uuid::from_u128(999), &province());
    assert_eq!(stranger.expect_err("unknown").code, Code::NotFound);
}

#[test]
fn a_turn_is_merged_only_into_one_that_cannot_be_passed_without_him() {
    let head = || vec![ApproverRule::Leader { levels: 1 }];
    let mut definition = one_node(head(), Mode::Single);
    let again = |mode| Node {
        key: "again".to_owned(),
        kind: NodeKind::Decide { approvers: [head(), vec![ApproverRule::Leader { levels: 3 }]].concat(), mode },
        ..one_node(head(), mode).nodes.remove(0)
    };
    for (mode, merged) in [(Mode::All, Some(1)), (Mode::InOrder, Some(1)), (Mode::Any, None)] {
        definition.nodes.truncate(1);
        definition.nodes.push(again(mode));
        let plan = compile(&definition, &chosen(&[213]), Uuid::from_u128(212), &province()).expect("it compiles");
        assert_eq!(plan.nodes[0].members[0].merged_into, merged, "{mode:?}");
        assert_eq!(members(&plan), [vec![210], vec![210, 200]], "the earlier turn stays in the plan");
    }
}

#[test]
fn a_missing_post_is_named_and_never_skipped() {
    let mut province = province();
    province.officers.retain(|officer| officer.id.as_u128() == 212);
    let definition = one_node(vec![ApproverRule::Leader { levels: 1 }], Mode::Single);
    let plan = compile(&definition, &chosen(&[213]), Uuid::from_u128(212), &province).expect("it compiles");
    assert_eq!(plan.missing(), ["民事审判第二庭负责人"]);
    let problem = plan.problem().expect("nobody decides");
    assert!(problem.code == Code::EmptyChain && problem.detail.contains("民事审判第二庭负责人空缺"));
    let nothing = Plan { nodes: vec![], ..plan };
    assert!(nothing.problem().is_some());
}

#[test]
fn a_simulation_says_which_nodes_apply_and_why() {
    let values = leave_values(PostClass::Staff, 4);
    let nodes = simulate(&templates::leave(), &values, Uuid::from_u128(212), &province()).expect("it compiles");
    assert_eq!(nodes.iter().map(|node| node.applies).collect::<Vec<_>>(), [true, true, false, false, false]);
    assert_eq!(nodes[0].condition, "职务类别为一般干警、部门副职");
    assert!(nodes[1].condition.contains("计假半天数≥3"), "{}", nodes[1].condition);
    assert!(nodes[2].node.is_none());
}

fn leave_values(class: PostClass, half_days: i64) -> Values {
    Values::from([
        ("post_class".to_owned(), Value::Choice(class.as_str().to_owned())),
        ("leave_type".to_owned(), Value::Choice("annual".to_owned())),
        ("half_days".to_owned(), Value::Integer(half_days)),
    ])
}

proptest! {
    #[test]
    fn everybody_in_a_plan_can_decide_and_an_empty_post_is_named(
        gone in proptest::collection::btree_set(0usize..12, 0..12),
        retired in proptest::collection::btree_set(0usize..12, 0..12),
        overseer in 0usize..12,
        applicant in 0usize..12,
        half_days in 1i64..40,
    ) {
        let mut directory = province();
        let applicant = directory.officers[applicant].clone();
        directory.oversights[0].officer_id = directory.officers[overseer].id;
        let kept = directory.officers.into_iter().enumerate();
        let kept = kept.filter(|(index, officer)| officer.id == applicant.id || !gone.contains(index));
        directory.officers =
            kept.map(|(index, officer)| Officer { can_log_in: !retired.contains(&index), ..officer }).collect();

        let values = leave_values(applicant.post_class, half_days);
        let plan = compile(&templates::leave(), &values, applicant.id, &directory).expect("it compiles");
        let decides = |member: &Member| member.person.id != applicant.id && directory.in_service(member.person.id);
        prop_assert!(plan.nodes.iter().flat_map(|node| &node.members).all(decides));
        prop_assert!(plan.nodes.iter().all(|node| node.members.is_empty() != node.missing.is_empty()));
        prop_assert_eq!(plan.problem().is_some(), plan.nodes.iter().any(|node| node.members.is_empty()));
    }
}
