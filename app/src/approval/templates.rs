//! The definitions that every court starts with.

use super::condition::Condition;
use super::definition::{ApproverRule, Definition, Field, FieldKind, Mode, Node, NodeKind};
use crate::leave::types;
use crate::org::rules::PostClass;

/// Leave: a day by the next leader, three days by the one above, longer by the president; a president's own leave by the
/// president of the court above.
///
/// It asks for the class of post (`post_class`), the type of leave (`leave_type`) and how many half days count, adjoining
/// requests added (`half_days`, at least 1).
pub fn leave() -> Definition {
    use PostClass::{CourtLeader, DepartmentDeputy, DepartmentHead, President, Staff};
    let members = [Staff, DepartmentDeputy];
    let choice = |key: &str, title: &str, values: Vec<String>| Field {
        key: key.to_owned(),
        title: title.to_owned(),
        kind: FieldKind::Choice { values },
    };
    let half_days = FieldKind::Integer { min: 1, max: 4000 };
    Definition {
        name: "请假审批".to_owned(),
        form: "leave".to_owned(),
        fields: vec![
            choice("post_class", "职务类别", PostClass::ALL.iter().map(|class| class.as_str().to_owned()).collect()),
            choice("leave_type", "假别", types::ALL.iter().map(|leave| leave.name.to_owned()).collect()),
            Field { key: "half_days".to_owned(), title: "计假半天数".to_owned(), kind: half_days },
        ],
        nodes: vec![
            leader(1, "department_head", "部门负责人审批", of(&members)),
            leader(
                2,
                "overseer",
                "分管院领导审批",
                Condition::Any(vec![Condition::All(vec![of(&members), half_days_from(3)]), of(&[DepartmentHead])]),
            ),
            leader(
                3,
                "president",
                "院长审批",
                Condition::Any(vec![
                    Condition::All(vec![of(&members), half_days_from(7)]),
                    Condition::All(vec![of(&[DepartmentHead]), half_days_from(3)]),
                    of(&[CourtLeader]),
                ]),
            ),
            leader(4, "president_above", "上级法院院长审批", of(&[President])),
        ],
    }
}

fn leader(levels: u8, key: &str, title: &str, when: Condition) -> Node {
    let kind = NodeKind::Decide { approvers: vec![ApproverRule::Leader { levels }], mode: Mode::Single };
    Node { key: key.to_owned(), title: title.to_owned(), when, kind, deadline: None }
}

fn of(classes: &[PostClass]) -> Condition {
    let values = classes.iter().map(|class| class.as_str().to_owned()).collect();
    Condition::OneOf { field: "post_class".to_owned(), values }
}

fn half_days_from(least: i64) -> Condition {
    Condition::Integer { field: "half_days".to_owned(), at_least: Some(least), below: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::approval::definition::{Value, Values};
    use crate::approval::matrix::{self, Approver};

    #[test]
    fn the_definition_of_leave_says_what_the_matrix_says() {
        let definition = leave();
        let asked = |approver: &Approver| match approver {
            Approver::DepartmentHead => 1,
            Approver::Overseer => 2,
            Approver::President => 3,
            Approver::PresidentAbove => 4,
            Approver::PoliticalRecords => unreachable!("not in the template"),
        };
        for &class in PostClass::ALL {
            for leave_type in types::ALL {
                for half_days in 1..=60 {
                    let values = Values::from([
                        ("post_class".to_owned(), Value::Choice(class.as_str().to_owned())),
                        ("leave_type".to_owned(), Value::Choice(leave_type.name.to_owned())),
                        ("half_days".to_owned(), Value::Integer(half_days)),
                    ]);
                    let levels = definition.nodes.iter().filter(|node| node.when.holds(&values)).map(|node| {
                        let NodeKind::Decide { approvers, mode: Mode::Single } = &node.kind else { panic!("{node:?}") };
                        let [ApproverRule::Leader { levels }] = approvers[..] else { panic!("{approvers:?}") };
                        levels
                    });
                    let expected = matrix::approvers(class, leave_type.name, half_days).iter().map(asked);
                    assert_eq!(levels.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{class:?} {half_days}");
                }
            }
        }
    }

    #[test]
    fn a_definition_survives_its_file() {
        let text = serde_json::to_string(&leave()).expect("plain data");
        assert_eq!(serde_json::from_str::<Definition>(&text).expect("a definition"), leave());
        let wrong = text.replacen("\"form\"", "\"fform\"", 1);
        assert!(serde_json::from_str::<Definition>(&wrong).is_err());
    }
}
