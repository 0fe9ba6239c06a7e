//! A small province to test in: a high court above a basic one.

use uuid::Uuid;

use super::directory::{Court, Department, Directory, Officer, Oversight};
use crate::org::rules::PostClass;

pub(crate) const HIGH: Uuid = Uuid::from_u128(1);
pub(crate) const BASIC: Uuid = Uuid::from_u128(2);
pub(crate) const HIGH_LEADERS: Uuid = Uuid::from_u128(11);
pub(crate) const CIVIL: Uuid = Uuid::from_u128(12);
pub(crate) const POLITICAL: Uuid = Uuid::from_u128(13);
pub(crate) const LEADERS: Uuid = Uuid::from_u128(14);
pub(crate) const HIGH_POLITICAL: Uuid = Uuid::from_u128(15);

pub(crate) fn officer(number: u128, court_id: Uuid, department_id: Uuid, post: &str) -> Officer {
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

/// 101 president, 102 director and 103 a member of the political department above; 200 president, 201 and 202
/// vice-presidents, 203 director; 210 head, 211 deputy, 212 and 213 clerks of the civil division, which 201 oversees;
/// 220 a member of the political department.
pub(crate) fn province() -> Directory {
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
        roles: Vec::new(),
        submitter: None,
    }
}

/// The same province without these officers.
pub(crate) fn without(numbers: &[u128]) -> Directory {
    let mut directory = province();
    directory.officers.retain(|officer| !numbers.contains(&officer.id.as_u128()));
    directory
}
