//! A small province, and random definitions of approvals in it.

use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use crate::account::rules::Role;
use crate::approval::condition::Condition;
use crate::approval::definition::{
    ApproverRule, Deadline, Definition, Field, FieldKind, Mode, Node, NodeKind, Overdue, Unit,
};
use crate::approval::directory::{Court, Department, Directory, Officer, Oversight, RoleHolder};
use crate::org::rules::PostClass;

pub(super) const HIGH: Uuid = Uuid::from_u128(1001);
pub(super) const BASIC: Uuid = Uuid::from_u128(1002);
pub(super) const HIGH_LEADERS: Uuid = Uuid::from_u128(1011);
pub(super) const LEADERS: Uuid = Uuid::from_u128(1012);
pub(super) const CIVIL: Uuid = Uuid::from_u128(1013);
pub(super) const POLITICAL: Uuid = Uuid::from_u128(1014);

/// The officers, by their numbers from 0: staff, head, deputy, vice-president, president, director, president above,
/// staff, staff, member of the political department.
pub(super) const POSTS: [(Uuid, Uuid, &str); 10] = [
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

pub(super) fn id(number: usize) -> Uuid {
    Uuid::from_u128(number as u128 + 1)
}

/// The officers in the posts that they began in.
pub(super) const FIRST_POSTS: [usize; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/// `posts` are the posts that the officers hold, by their position in [`POSTS`].
pub(super) fn directory(in_service: &[bool], posts: &[usize; 10]) -> Directory {
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

pub(super) fn rule() -> impl Strategy<Value = ApproverRule> {
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

pub(super) fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![
        Just(Mode::Single),
        Just(Mode::All),
        (1u8..=100).prop_map(|percent| Mode::Ratio { percent }),
        Just(Mode::Any),
        Just(Mode::InOrder),
    ]
}

pub(super) fn condition() -> impl Strategy<Value = Condition> {
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

pub(super) fn node() -> impl Strategy<Value = Node> {
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

pub(super) fn definition() -> impl Strategy<Value = Definition> {
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
