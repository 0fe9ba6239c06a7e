//! Definitions with one fault each, and the template without any.

use super::*;
use crate::approval::definition::{Field, Node};
use crate::approval::directory::{Court, Department, Officer};
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
