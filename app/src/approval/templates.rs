//! The forms that the program knows, and the definitions that every court starts with.

use super::condition::Condition;
use super::definition::{
    ApproverRule, Choice, Definition, Field, FieldKind, Mode, Node, NodeKind, Unit, Value, Values,
};
use crate::account::rules::Role;
use crate::leave::types;
use crate::org::rules::PostClass;

/// The form of leave.
pub const LEAVE: &str = "leave";

/// The most half days that the form of leave can fill in, adjoining requests added.
pub const MOST_HALF_DAYS: i64 = 4000;

/// Every form, by name.
pub const FORMS: &[&str] = &[LEAVE];

/// The definition of a form that comes with the program; nothing for an unknown form. Its fields are those that the form
/// fills, so every version of the form's definition declares the same.
pub fn of_form(form: &str) -> Option<Definition> {
    (form == LEAVE).then(leave)
}

/// The values of a form's fields that follow from the applicant himself.
pub fn known_of(form: &str, applicant: PostClass) -> Values {
    match form {
        LEAVE => Values::from([("post_class".to_owned(), Value::Choice(applicant.as_str().to_owned()))]),
        _ => Values::new(),
    }
}

/// Leave: a day by the next leader, three days by the one above, longer by the president; a president's own leave by the
/// president of the court above. A report of leaving town goes to the next leader alone, however long it is for, and
/// 政治部 gets a copy.
///
/// It asks for the class of post (`post_class`), the type of leave (`leave_type`) and how many half days count, adjoining
/// requests added (`half_days`, at least 1).
pub fn leave() -> Definition {
    use PostClass::{CourtLeader, DepartmentDeputy, DepartmentHead, President, Staff};
    let members = [Staff, DepartmentDeputy];
    let value = |value: &str, title: &str| Choice { value: value.to_owned(), title: title.to_owned() };
    let choice = |key: &str, title: &str, values: Vec<Choice>| Field {
        key: key.to_owned(),
        title: title.to_owned(),
        kind: FieldKind::Choice { values },
    };
    let classes = PostClass::ALL.iter().map(|class| value(class.as_str(), class.text()));
    let leave_types = types::BUILTIN.iter().map(|leave| value(&leave.name, &leave.title));
    let half_days = FieldKind::Integer { min: 1, max: MOST_HALF_DAYS };
    Definition {
        name: "请假审批".to_owned(),
        form: LEAVE.to_owned(),
        fields: vec![
            choice("post_class", "职务类别", classes.collect()),
            choice("leave_type", "假别", leave_types.collect()),
            Field { key: "half_days".to_owned(), title: "计假半天数".to_owned(), kind: half_days },
        ],
        nodes: vec![
            leader(1, "department_head", "部门负责人审批", of(&members)),
            leader(
                2,
                "overseer",
                "分管院领导审批",
                Condition::Any(vec![
                    Condition::All(vec![of(&members), is_leave(), half_days_from(3)]),
                    of(&[DepartmentHead]),
                ]),
            ),
            leader(
                3,
                "president",
                "院长审批",
                Condition::Any(vec![
                    Condition::All(vec![of(&members), is_leave(), half_days_from(7)]),
                    Condition::All(vec![of(&[DepartmentHead]), is_leave(), half_days_from(3)]),
                    of(&[CourtLeader]),
                ]),
            ),
            leader(4, "president_above", "上级法院院长审批", of(&[President])),
            Node {
                key: "copy_political_department".to_owned(),
                title: "抄送政治部".to_owned(),
                when: is_report(),
                kind: NodeKind::Copy { to: vec![ApproverRule::Role { role: Role::Hr, unit: Unit::Court }] },
                deadline: None,
            },
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

fn is_report() -> Condition {
    Condition::OneOf { field: "leave_type".to_owned(), values: vec![types::LEAVING_TOWN.name.clone()] }
}

fn is_leave() -> Condition {
    Condition::Not(Box::new(is_report()))
}

fn half_days_from(least: i64) -> Condition {
    Condition::Integer { field: "half_days".to_owned(), at_least: Some(least), below: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leave_goes_as_high_as_class_of_post_and_half_days_ask() {
        let definition = leave();
        let expected = |class: PostClass, is_report: bool, half_days: i64| -> &[u8] {
            match (class, if is_report { 1 } else { half_days }) {
                (PostClass::Staff | PostClass::DepartmentDeputy, ..3) => &[1],
                (PostClass::Staff | PostClass::DepartmentDeputy, 3..7) => &[1, 2],
                (PostClass::Staff | PostClass::DepartmentDeputy, 7..) => &[1, 2, 3],
                (PostClass::DepartmentHead, ..3) => &[2],
                (PostClass::DepartmentHead, 3..) => &[2, 3],
                (PostClass::CourtLeader, _) => &[3],
                (PostClass::President, _) => &[4],
            }
        };
        for &class in PostClass::ALL {
            for leave_type in types::BUILTIN.iter() {
                for half_days in 1..=60 {
                    let values = Values::from([
                        ("post_class".to_owned(), Value::Choice(class.as_str().to_owned())),
                        ("leave_type".to_owned(), Value::Choice(leave_type.name.to_owned())),
                        ("half_days".to_owned(), Value::Integer(half_days)),
                    ]);
                    let nodes = definition.nodes.iter().filter(|node| node.when.holds(&values));
                    let (copies, deciding): (Vec<&Node>, Vec<&Node>) =
                        nodes.partition(|node| matches!(node.kind, NodeKind::Copy { .. }));
                    let is_report = leave_type.lane() == types::Lane::Report;
                    assert_eq!(copies.len(), usize::from(is_report), "政治部 has a copy of a report");
                    let levels = deciding.into_iter().map(|node| {
                        let NodeKind::Decide { approvers, mode: Mode::Single } = &node.kind else { panic!("{node:?}") };
                        let [ApproverRule::Leader { levels }] = approvers[..] else { panic!("{approvers:?}") };
                        levels
                    });
                    let expected = expected(class, is_report, half_days);
                    assert_eq!(levels.collect::<Vec<_>>(), expected, "{class:?} {half_days}");
                }
            }
        }
    }

    #[test]
    fn what_follows_from_the_applicant_is_declared() {
        for form in FORMS {
            let definition = of_form(form).expect("a form has a definition");
            assert_eq!(definition.form, *form);
            for &class in PostClass::ALL {
                for (key, value) in known_of(form, class) {
                    let Value::Choice(value) = value else { panic!("{value:?}") };
                    assert_eq!(definition.choice_title(&key, &value), class.text());
                }
            }
        }
        assert!(of_form("other").is_none() && known_of("other", PostClass::Staff).is_empty());
    }

    #[test]
    fn a_definition_survives_its_file() {
        let text = serde_json::to_string(&leave()).expect("plain data");
        assert_eq!(serde_json::from_str::<Definition>(&text).expect("a definition"), leave());
        let wrong = text.replacen("\"form\"", "\"fform\"", 1);
        assert!(serde_json::from_str::<Definition>(&wrong).is_err());
    }
}
