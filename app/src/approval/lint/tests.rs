//! Definitions with one fault each, and the template without any.

use super::*;
use crate::approval::definition::{Field, Node, Unit};
use crate::approval::directory::{Court, Department, Officer};
use crate::approval::province::province;
use crate::approval::templates;
use crate::org::rules::PostClass;

fn faults(definition: &Definition) -> Vec<Fault> {
    lint(definition, &[])
}

fn from(least: i64, below: Option<i64>) -> Condition {
    Condition::Integer { field: "n".to_owned(), at_least: Some(least), below }
}

/// A node for each condition on an integer `n` of 0 to 10.
fn over(conditions: Vec<Condition>) -> Definition {
    let node = |(index, when): (usize, Condition)| Node {
        key: index.to_string(),
        title: "节点".to_owned(),
        when,
        kind: NodeKind::Decide { approvers: vec![ApproverRule::Overseer], mode: Mode::Single },
        deadline: None,
    };
    Definition {
        name: "流程".to_owned(),
        form: "form".to_owned(),
        fields: vec![Field {
            key: "n".to_owned(),
            title: "天数".to_owned(),
            kind: FieldKind::Integer { min: 0, max: 10 },
        }],
        nodes: conditions.into_iter().enumerate().map(node).collect(),
    }
}

fn gap(n: i64) -> Fault {
    Fault::Gap { example: Values::from([("n".to_owned(), Value::Integer(n))]) }
}

#[test]
fn the_template_for_leave_has_no_fault() {
    assert_eq!(faults(&templates::leave()), []);
}

#[test]
fn a_gap_is_named_with_an_example() {
    assert_eq!(faults(&over(vec![from(0, Some(3)), from(3, None)])), []);
    // The rule of a real court left a day and a half undefined: 半天以内 and 两天以上.
    assert_eq!(faults(&over(vec![from(0, Some(3)), from(5, None)])), [gap(3)]);
    assert_eq!(faults(&over(vec![from(2, None)])), [gap(0)]);
    assert_eq!(faults(&over(vec![from(1, Some(2)), from(3, Some(4))])), [gap(0), gap(2), gap(4)]);
}

#[test]
fn a_node_that_never_applies_is_unreachable() {
    let never = Condition::All(vec![from(5, None), from(0, Some(5))]);
    assert_eq!(faults(&over(vec![Condition::Always, never])), [Fault::Unreachable { node: "1".to_owned() }]);
    assert_eq!(faults(&over(vec![Condition::Always, from(11, None)])), [Fault::Unreachable { node: "1".to_owned() }]);
}

#[test]
fn faults_of_writing_are_found() {
    let field = || Condition::Flag { field: "m".to_owned() };
    let undeclared = Fault::UndeclaredField { node: "1".to_owned(), field: "m".to_owned() };
    assert!(faults(&over(vec![Condition::Always, field()])).contains(&undeclared));
    let not_a_flag = Condition::Not(Box::new(Condition::Flag { field: "n".to_owned() }));
    let wrong_kind = Fault::UndeclaredField { node: "0".to_owned(), field: "n".to_owned() };
    assert!(faults(&over(vec![not_a_flag])).contains(&wrong_kind));
    assert!(
        faults(&over(vec![Condition::Always, from(3, Some(3))])).contains(&Fault::EmptyRange { field: "n".to_owned() })
    );

    let mut doubled = over(vec![Condition::Always, Condition::Always]);
    doubled.nodes[1].key = "0".to_owned();
    assert_eq!(faults(&doubled), [Fault::DuplicateKey("0".to_owned())]);

    let with = |approvers: Vec<ApproverRule>, mode| {
        let mut definition = over(vec![Condition::Always]);
        definition.nodes[0].kind = NodeKind::Decide { approvers, mode };
        faults(&definition)
    };
    for percent in [0, 101] {
        let ratio = with(vec![ApproverRule::Overseer], Mode::Ratio { percent });
        assert_eq!(ratio, [Fault::RatioOutOfRange { node: "0".to_owned() }]);
    }
    assert_eq!(with(vec![ApproverRule::Overseer], Mode::Ratio { percent: 100 }), []);
    assert_eq!(with(vec![], Mode::All), [Fault::NoApprover { node: "0".to_owned() }]);
    let chosen = ApproverRule::Chosen { field: "n".to_owned() };
    assert_eq!(with(vec![chosen], Mode::All), [Fault::UndeclaredField { node: "0".to_owned(), field: "n".to_owned() }]);
}

#[test]
fn what_has_no_name_is_found() {
    let mut definition = over(vec![Condition::Always, Condition::Always]);
    definition.name = " ".to_owned();
    definition.nodes[1].title = String::new();
    let untitled = |place: &str| Fault::Untitled { place: place.to_owned() };
    assert_eq!(faults(&definition), [untitled("流程"), untitled("第2个节点")]);
}

#[test]
fn a_role_that_everybody_has_decides_nothing() {
    for role in [Role::Officer, Role::ClassTeacher, Role::DepartmentClerk] {
        let mut definition = over(vec![Condition::Always]);
        let approvers = vec![ApproverRule::Role { role, unit: Unit::Court }];
        definition.nodes[0].kind = NodeKind::Decide { approvers, mode: Mode::All };
        assert_eq!(faults(&definition), [Fault::NoApprover { node: "0".to_owned() }]);
    }
}

#[test]
fn a_definition_declares_what_its_form_fills() {
    let leave = templates::leave();
    let of = |definition: &Definition| {
        let findings = judge(definition, &leave, &leave.fields, &[]).into_iter();
        findings.filter(|finding| finding.blocking).map(|finding| finding.fault).collect::<Vec<_>>()
    };
    assert_eq!(of(&leave), []);
    let mut retitled = leave.clone();
    retitled.fields.reverse();
    retitled.fields[0].title = "天数".to_owned();
    assert_eq!(of(&retitled), [], "names on screen and order are free");

    let mut other = leave.clone();
    let half_days = other.fields.pop().expect("half_days");
    assert!(of(&other).contains(&Fault::MissingField { field: "half_days".to_owned() }));
    other.fields.push(Field { kind: FieldKind::Integer { min: 1, max: 10 }, ..half_days });
    assert_eq!(of(&other), [Fault::OtherKind { field: "half_days".to_owned() }]);
    let mut more = leave.clone();
    more.fields.push(Field { key: "abroad".to_owned(), title: "出境".to_owned(), kind: FieldKind::Flag });
    assert_eq!(of(&more), [Fault::UnfilledField { field: "abroad".to_owned() }]);
}

#[test]
fn a_hole_in_the_roster_blocks_no_version_but_a_new_one_does() {
    let province = province();
    let mut nobody = province.clone();
    nobody.officers.retain(|officer| officer.id.as_u128() == 212);
    let known = templates::known_of(templates::LEAVE, PostClass::Staff);
    let sample = |unit, directory| Sample { unit, applicant: Uuid::from_u128(212), known: &known, directory };
    let samples = [sample("城东", &province), sample("城西", &nobody)];
    let leave = templates::leave();
    let blocking = |definition: &Definition| {
        let findings = judge(definition, &leave, &leave.fields, &samples).into_iter();
        findings.map(|finding| (finding.fault.text(definition), finding.blocking)).collect::<Vec<_>>()
    };
    let holes = blocking(&leave);
    assert_eq!(holes.len(), 3, "{holes:?}");
    assert!(holes.iter().all(|(text, blocking)| !blocking && text.starts_with("城西申请时")), "{holes:?}");

    let mut stricter = leave.clone();
    let approvers = vec![ApproverRule::Officer { officer: "999999".to_owned() }];
    stricter.nodes[0].kind = NodeKind::Decide { approvers, mode: Mode::Single };
    assert!(blocking(&stricter).iter().all(|(_, blocking)| !blocking), "the president stands in for an unknown 工号");
    let by_role =
        ApproverRule::Role { role: Role::Auditor, unit: Unit::NamedDepartment { name: "督察室".to_owned() } };
    let mut without_leaders = province.clone();
    without_leaders.officers.retain(|officer| ![101, 200, 203].contains(&officer.id.as_u128()));
    let samples = [sample("城东", &without_leaders)];
    stricter.nodes[0].kind = NodeKind::Decide { approvers: vec![by_role], mode: Mode::Single };
    let before = templates::leave();
    let first_only = Definition { nodes: before.nodes[..1].to_vec(), ..before.clone() };
    let stricter = Definition { nodes: stricter.nodes[..1].to_vec(), ..stricter };
    let findings = judge(&stricter, &first_only, &before.fields, &samples);
    let empty = |finding: &&Finding| matches!(finding.fault, Fault::EmptyApprover { .. });
    let found = findings.iter().find(empty).expect("nobody holds the role");
    assert!(found.blocking && found.fault.text(&stricter).contains("审计员空缺"), "{found:?}");
}

#[test]
fn faults_are_said_with_the_titles_of_the_definition() {
    let mut definition = templates::leave();
    definition.nodes.remove(3);
    let findings = judge(&definition, &templates::leave(), &definition.fields, &[]);
    let said = findings.iter().map(|finding| finding.fault.text(&definition)).collect::<Vec<_>>();
    assert_eq!(said.len(), MAX_EXAMPLES, "one for each type and stretch of half days, as many as are told");
    assert_eq!(said[0], "计假半天数为1、假别为年休假、职务类别为院长时没有节点审批，请补上条件");
}

#[test]
fn a_unit_without_an_approver_is_named_where_the_node_applies_to_it() {
    let (court, department, applicant) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
    let directory = Directory {
        courts: vec![Court { id: court, name: "城东区人民法院".to_owned(), parent_id: None }],
        departments: vec![Department { id: department, court_id: court, name: "立案庭".to_owned() }],
        officers: vec![Officer {
            id: applicant,
            officer: "000003".to_owned(),
            name: "赵一".to_owned(),
            court_id: court,
            department_id: department,
            post: None,
            post_class: PostClass::Staff,
            can_log_in: true,
        }],
        ..Directory::default()
    };
    let known = |n| Values::from([("n".to_owned(), Value::Integer(n))]);
    let definition = over(vec![from(3, None), from(0, Some(3))]);
    let of = |n| {
        let known = known(n);
        lint(&definition, &[Sample { unit: "立案庭", applicant, known: &known, directory: &directory }])
    };
    let empty = |node: &str| Fault::EmptyApprover {
        node: node.to_owned(),
        unit: "立案庭".to_owned(),
        post: "分管院领导".to_owned(),
    };
    assert_eq!(of(7), [empty("0")]);
    assert_eq!(of(2), [empty("1")]);
}

#[test]
fn more_cases_than_can_be_looked_at_are_said() {
    let flags = (0..17).map(|number| format!("flag{number}"));
    let mut definition = over(flags.clone().map(|field| Condition::Flag { field }).collect());
    let field = |key: String| Field { title: key.clone(), key, kind: FieldKind::Flag };
    definition.fields = flags.map(field).collect();
    assert_eq!(faults(&definition), [Fault::TooManyCases]);
}
