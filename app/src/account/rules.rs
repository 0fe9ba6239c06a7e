//! Who may do what: roles, the permissions they carry, the part of the tree they cover.

use serde::{Deserialize, Serialize};

use crate::org::rules::PostClass;

/// What an officer is in the system. The first five follow from his post in the roster, the rest are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 干警: everybody who can log in.
    Officer,
    /// 部门负责人 or, in his absence, the deputy.
    DepartmentHead,
    /// 分管院领导.
    VicePresident,
    /// 院长.
    President,
    /// 政治部 (HR): the head of the political department and its members.
    Hr,
    /// 教育培训管理员.
    TrainingAdmin,
    /// 班主任: of the classes that name him, and of every class of a court that he is given the role for.
    ClassTeacher,
    /// 系统管理员.
    Admin,
    /// 审计员.
    Auditor,
    /// 内勤 of one department: asks for leave in place of its officers, where they ask him to.
    DepartmentClerk,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::Officer,
        Self::DepartmentHead,
        Self::VicePresident,
        Self::President,
        Self::Hr,
        Self::TrainingAdmin,
        Self::ClassTeacher,
        Self::Admin,
        Self::Auditor,
        Self::DepartmentClerk,
    ];

    /// Whether somebody gives this role, as opposed to roles that follow from a post. A 班主任 is named by a class too;
    /// given over a court, the role lets him run all of its classes, in place of a colleague for example.
    pub fn is_given(self) -> bool {
        matches!(self, Self::TrainingAdmin | Self::ClassTeacher | Self::Admin | Self::Auditor | Self::DepartmentClerk)
    }

    /// Whether the role is given for one department, and for nothing larger.
    pub fn is_of_a_department(self) -> bool {
        self == Self::DepartmentClerk
    }

    /// The role's name as stored and as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::DepartmentHead => "department_head",
            Self::VicePresident => "vice_president",
            Self::President => "president",
            Self::Hr => "hr",
            Self::TrainingAdmin => "training_admin",
            Self::ClassTeacher => "class_teacher",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
            Self::DepartmentClerk => "department_clerk",
        }
    }

    /// The role of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// What the role permits, within the part of the tree it covers.
    pub fn permissions(self) -> &'static [Permission] {
        use Permission::{
            ConfirmReturn, GiveRoles, ImportRoster, ImportTraining, ManageApproval, ManageChannels, ManageLeave,
            ManageLeaveRules, ManageOrg, ReadAttendance, ReadAudit, ReadLeave, ReadLeavePapers, ReadOfficers,
            RecordAbsence, RunLesson, SubmitForOthers,
        };
        match self {
            Self::Officer => &[],
            Self::DepartmentHead => &[ReadLeave, RecordAbsence, SubmitForOthers],
            Self::VicePresident => &[ReadLeave],
            Self::President => &[ReadLeave, ReadOfficers],
            Self::Hr => &[
                ReadOfficers,
                ReadLeave,
                ReadLeavePapers,
                ConfirmReturn,
                RecordAbsence,
                ImportRoster,
                ManageOrg,
                ManageApproval,
                ManageLeave,
                ManageLeaveRules,
                SubmitForOthers,
            ],
            Self::TrainingAdmin => &[ImportTraining, RunLesson, ReadAttendance],
            Self::ClassTeacher => &[RunLesson, ReadAttendance],
            Self::Admin => &[
                ReadOfficers,
                ImportRoster,
                ImportTraining,
                ManageOrg,
                ManageApproval,
                ManageLeave,
                ManageLeaveRules,
                ManageChannels,
                GiveRoles,
            ],
            Self::Auditor => &[ReadAudit],
            Self::DepartmentClerk => &[SubmitForOthers],
        }
    }
}

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See the officers of a part of the tree.
    ReadOfficers,
    /// See the leave of a part of the tree.
    ReadLeave,
    /// See the papers of that leave too, which are medical ones most often, and say that they have been seen.
    ReadLeavePapers,
    /// Confirm that somebody is back from leave, where the settings ask for it; see who is on record as not back, with
    /// the limits of the law.
    ConfirmReturn,
    /// Say that somebody is not back from leave (逾期未归).
    RecordAbsence,
    /// Bring in rosters, balances and hearings.
    ImportRoster,
    /// Bring in training classes.
    ImportTraining,
    /// Set who oversees which department; hand out activation codes; see vacancies.
    ManageOrg,
    /// Change who decides on which requests. The definitions are the province's, so the role has to cover all of it.
    ManageApproval,
    /// Set up the duty and the closed periods of a court; give leave and put balances right.
    ManageLeave,
    /// Change the types of leave and the calendar. They are the province's, so the role has to cover all of it.
    ManageLeaveRules,
    /// Set up the channels that carry notices out of the house, with their keys.
    ManageChannels,
    /// Give and take roles.
    GiveRoles,
    /// Show the board of a lesson and close its rating.
    RunLesson,
    /// See who was in a lesson.
    ReadAttendance,
    /// Read the audit trail.
    ReadAudit,
    /// Ask for leave in place of somebody (代提交); whoever does never decides on it.
    SubmitForOthers,
}

impl Permission {
    /// Whether it is about something that the whole province has in common.
    fn is_of_the_province(self) -> bool {
        matches!(self, Self::ManageApproval | Self::ManageLeaveRules)
    }
}

/// The part of the court tree that a role covers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Scope {
    /// Only himself.
    Own,
    /// The departments of one court that he heads or oversees.
    Departments {
        /// The departments' ids.
        ids: Vec<uuid::Uuid>,
    },
    /// A court and the courts below it.
    Courts {
        /// The ids of the court and of all courts below it.
        ids: Vec<uuid::Uuid>,
    },
    /// The classes he teaches.
    Classes {
        /// The classes' ids.
        ids: Vec<uuid::Uuid>,
    },
    /// Everything.
    Province,
}

/// A role with the part of the tree that it covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where it holds.
    pub scope: Scope,
}

impl Grant {
    /// What the grant permits, within its scope.
    pub fn permissions(&self) -> impl Iterator<Item = Permission> {
        let province = self.scope == Scope::Province;
        let permissions = self.role.permissions().iter().copied();
        permissions.filter(move |permission| province || !permission.is_of_the_province())
    }

    /// Whether the grant permits this, within its scope.
    pub fn permits(&self, permission: Permission) -> bool {
        self.permissions().any(|own| own == permission)
    }
}

/// Whether one of the grants permits this at a place: a department of a court, both by id.
pub fn permits(grants: &[Grant], permission: Permission, court: uuid::Uuid, department: Option<uuid::Uuid>) -> bool {
    grants.iter().filter(|grant| grant.permits(permission)).any(|grant| match &grant.scope {
        Scope::Province => true,
        Scope::Courts { ids } => ids.contains(&court),
        Scope::Departments { ids } => department.is_some_and(|department| ids.contains(&department)),
        Scope::Own | Scope::Classes { .. } => false,
    })
}

/// Whether one of the grants permits this for a class: by teaching it, or by a role over the court that runs it.
pub fn permits_class(grants: &[Grant], permission: Permission, class: uuid::Uuid, court: uuid::Uuid) -> bool {
    permits(grants, permission, court, None)
        || grants.iter().any(|grant| {
            grant.permits(permission) && matches!(&grant.scope, Scope::Classes { ids } if ids.contains(&class))
        })
}

/// Whether one of the grants permits this for the whole province.
pub fn permits_everywhere(grants: &[Grant], permission: Permission) -> bool {
    grants.iter().any(|grant| grant.permits(permission) && grant.scope == Scope::Province)
}

/// Whether one of the grants permits this anywhere at all.
pub fn permits_somewhere(grants: &[Grant], permission: Permission) -> bool {
    grants.iter().any(|grant| grant.permits(permission))
}

/// The roles that follow from an officer's post and department. Given roles and classes come on top.
pub fn roles_from_post(post: PostClass, is_political_director: bool, in_political_department: bool) -> Vec<Role> {
    let mut roles = vec![Role::Officer];
    match post {
        PostClass::Staff | PostClass::DepartmentDeputy => {}
        PostClass::DepartmentHead => roles.push(Role::DepartmentHead),
        PostClass::CourtLeader => roles.push(Role::VicePresident),
        PostClass::President => roles.push(Role::President),
    }
    if is_political_director || in_political_department {
        roles.push(Role::Hr);
    }
    roles
}

/// How many wrong passwords in a row an account takes before it has to wait.
pub const WRONG_PASSWORDS_BEFORE_WAIT: u32 = 10;

/// How long an account waits after `failures` wrong passwords in a row, in seconds: nothing below ten, then doubling
/// from 30 seconds up to 15 minutes. The wait hangs on the account, never on an address: a whole class logs in
/// from one.
pub fn wait_after_failures(failures: u32) -> i64 {
    match failures.checked_sub(WRONG_PASSWORDS_BEFORE_WAIT) {
        None => 0,
        Some(over) => (30i64 << over.min(5)).min(900),
    }
}

/// Why a new password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeakPassword {
    /// Shorter than ten characters.
    TooShort,
    /// Longer than 128 characters.
    TooLong,
    /// One character over and over, or only digits.
    TooSimple,
    /// Contains the 工号.
    ContainsOfficer,
}

impl WeakPassword {
    /// What to tell the person.
    pub fn text(self) -> &'static str {
        match self {
            Self::TooShort => "密码至少 10 个字符",
            Self::TooLong => "密码最多 128 个字符",
            Self::TooSimple => "密码不能只有数字或同一个字符，请加入字母或符号",
            Self::ContainsOfficer => "密码中不能包含工号",
        }
    }
}

/// Checks a new password: length first (NIST SP 800-63B prefers it to composition rules), then the two things that
/// people really choose.
pub fn check_password(password: &str, officer: &str) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if length < 10 {
        return Err(WeakPassword::TooShort);
    }
    if length > 128 {
        return Err(WeakPassword::TooLong);
    }
    let first = password.chars().next();
    if password.chars().all(|c| c.is_ascii_digit()) || password.chars().all(|c| Some(c) == first) {
        return Err(WeakPassword::TooSimple);
    }
    if !officer.is_empty() && password.contains(officer) {
        return Err(WeakPassword::ContainsOfficer);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_wrong_passwords_slow_an_account_down() {
        assert_eq!(wait_after_failures(9), 0);
        assert_eq!(wait_after_failures(10), 30);
        assert_eq!(wait_after_failures(11), 60);
        assert!((10..2000).all(|n| (30..=900).contains(&wait_after_failures(n))));
        assert!((0..2000).all(|n| wait_after_failures(n) <= wait_after_failures(n + 1)));
    }

    #[test]
    fn a_password_must_be_long_and_ones_own() {
        assert_eq!(check_password("short", "000001"), Err(WeakPassword::TooShort));
        assert_eq!(check_password("12345678901", "000001"), Err(WeakPassword::TooSimple));
        assert_eq!(check_password("aaaaaaaaaaaa", "000001"), Err(WeakPassword::TooSimple));
        assert_eq!(check_password("my-000001-pass", "000001"), Err(WeakPassword::ContainsOfficer));
        assert_eq!(check_password("江州法院的第一个密码", "000001"), Ok(()));
    }

    #[test]
    fn a_role_reaches_only_its_part_of_the_tree() {
        let (court, other, department) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2), uuid::Uuid::from_u128(3));
        let hr = [Grant { role: Role::Hr, scope: Scope::Courts { ids: vec![court] } }];
        assert!(permits(&hr, Permission::ReadLeave, court, None));
        assert!(!permits(&hr, Permission::ReadLeave, other, None));
        assert!(!permits(&hr, Permission::GiveRoles, court, None));
        let head = [Grant { role: Role::DepartmentHead, scope: Scope::Departments { ids: vec![department] } }];
        assert!(permits(&head, Permission::ReadLeave, court, Some(department)));
        assert!(!permits(&head, Permission::ReadLeave, court, None));
        let teacher = [Grant { role: Role::ClassTeacher, scope: Scope::Classes { ids: vec![other] } }];
        assert!(permits_class(&teacher, Permission::RunLesson, other, court));
        assert!(!permits_class(&teacher, Permission::RunLesson, court, court));
    }

    #[test]
    fn a_class_teacher_of_a_court_runs_its_classes_and_does_no_more() {
        let (court, other, class) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2), uuid::Uuid::from_u128(3));
        assert!(Role::ClassTeacher.is_given());
        let given = [Grant { role: Role::ClassTeacher, scope: Scope::Courts { ids: vec![court] } }];
        assert!(permits_class(&given, Permission::RunLesson, class, court));
        assert!(permits_class(&given, Permission::ReadAttendance, class, court));
        assert!(!permits_class(&given, Permission::RunLesson, class, other));
        assert!(!permits(&given, Permission::ImportTraining, court, None));
        let from_posts = [Role::Officer, Role::DepartmentHead, Role::VicePresident, Role::President, Role::Hr];
        assert!(from_posts.iter().all(|role| !role.is_given()));
    }

    #[test]
    fn a_clerk_asks_for_his_department_and_reads_nothing() {
        let (court, department) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let clerk = [Grant { role: Role::DepartmentClerk, scope: Scope::Departments { ids: vec![department] } }];
        assert!(Role::DepartmentClerk.is_given() && Role::DepartmentClerk.is_of_a_department());
        assert!(permits(&clerk, Permission::SubmitForOthers, court, Some(department)));
        assert!(!permits(&clerk, Permission::SubmitForOthers, court, Some(court)));
        assert!(!permits_somewhere(&clerk, Permission::ReadLeave));
        let asks = |role: &Role| role.permissions().contains(&Permission::SubmitForOthers);
        let asking: Vec<Role> = Role::ALL.into_iter().filter(asks).collect();
        assert_eq!(asking, [Role::DepartmentHead, Role::Hr, Role::DepartmentClerk]);
    }

    #[test]
    fn what_is_the_province_s_is_changed_only_by_who_covers_it() {
        let court = || Scope::Courts { ids: vec![uuid::Uuid::from_u128(1)] };
        for permission in [Permission::ManageApproval, Permission::ManageLeaveRules] {
            let of = |role, scope| permits_somewhere(&[Grant { role, scope }], permission);
            assert!(of(Role::Hr, Scope::Province) && of(Role::Admin, Scope::Province));
            assert!(!of(Role::Hr, court()) && !of(Role::Admin, court()));
            assert!(!of(Role::President, Scope::Province));
        }
        let leave = |role, scope| permits_somewhere(&[Grant { role, scope }], Permission::ManageLeave);
        assert!(
            leave(Role::Hr, court()) && !leave(Role::President, court()),
            "periods and grants are each court's own"
        );
    }
}
