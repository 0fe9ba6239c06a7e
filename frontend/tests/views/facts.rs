//! The people and things that the snapshots show.

use app::account::api::{Me, SessionItem};
use app::account::rules::{Grant, Permission, Role, Scope};
use app::approval::api::{ChainStep, StepMode, Subject, Task};
use app::approval::process::TaskState;
use app::attendance::rules::Status as Attendance;
use app::day::{Day, Half, HalfDay, Timestamp, Zone};
use app::leave::api::{Balance, Cancellation, LeaveRequest, LeaveType, PreviewDay, PreviewResult, Warning};
use app::leave::rules::{Action, Status};
use app::leave::stand_in::StandInState;
use app::leave::types::Lane;
use app::org::rules::PostClass;
use app::training::api::{Lesson, Part};
use app::training::rules::Phase;
use frontend::format::Words;
use frontend::i18n::Locale;
use uuid::Uuid;

/// Saturday, 21 November 2026, in Chinese.
pub fn words() -> Words {
    Words { locale: Locale::zh_CN, zone: Zone::SHANGHAI, today: day(21) }
}

/// A day of November 2026.
pub fn day(date: u8) -> Day {
    Day::new(2026, 11, date).expect("a day of November")
}

/// An instant of November 2026 in Shanghai.
pub fn at(date: u8, hour: i32, minute: i32) -> Timestamp {
    Zone::SHANGHAI.at(day(date), hour * 60 + minute)
}

/// An id that is the same in every run.
pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub fn step(number: i32, name: Option<&str>, post: &str, state: TaskState) -> ChainStep {
    ChainStep {
        step: number,
        mode: StepMode::Single,
        officer: name.map(|_| format!("G00{number}")),
        name: name.map(str::to_owned),
        post_class: Some(PostClass::DepartmentHead),
        post: post.to_owned(),
        stands_in_for: None,
        state,
        comment: (state == TaskState::Approved).then(|| "同意，注意工作交接。".to_owned()),
        decided_at: (state == TaskState::Approved).then(|| at(20, 16, 5)),
    }
}

pub fn chain() -> Vec<ChainStep> {
    vec![
        step(1, Some("周明远"), "民事审判第二庭负责人", TaskState::Approved),
        step(2, Some("陈海涛"), "分管院领导", TaskState::Open),
        step(3, Some("李静"), "院长", TaskState::Waiting),
    ]
}

pub fn request(status: Status, actions: Vec<Action>) -> LeaveRequest {
    LeaveRequest {
        id: id(7),
        number: "假2026-000123".to_owned(),
        officer: "G0123".to_owned(),
        name: "王晓燕".to_owned(),
        department: "民事审判第二庭".to_owned(),
        leave_type: Some("annual".to_owned()),
        from: HalfDay { date: day(23), half: Half::Am },
        to: HalfDay { date: day(24), half: Half::Am },
        half_days: 3,
        minutes: None,
        lane: Lane::Leave,
        needs_return: true,
        reason: Some("回乡探望父母".to_owned()),
        destination: Some("邻市".to_owned()),
        stand_in: Some("G0124".to_owned()),
        stand_in_name: Some("赵倩".to_owned()),
        stand_in_state: Some(StandInState::Accepted),
        stand_in_note: None,
        contact: Some("13800000000".to_owned()),
        status,
        version: 2,
        submitted_at: at(20, 9, 12),
        chain: chain(),
        back: None,
        returned_at: None,
        outcome: None,
        cancelled: None,
        evidence: None,
        attachments: Some(0),
        extends: None,
        extension: None,
        return_report: None,
        overdue_days: None,
        absence: None,
        converts: None,
        conversions: Vec::new(),
        submitted_by: None,
        submitted_by_name: None,
        recounted: None,
        provisional: false,
        actions,
    }
}

/// A report of leaving town on Saturday and Sunday.
pub fn report(status: Status, actions: Vec<Action>) -> LeaveRequest {
    LeaveRequest {
        number: "报2026-000123".to_owned(),
        leave_type: Some("leaving_town".to_owned()),
        from: HalfDay::am(day(28)),
        to: HalfDay::pm(day(29)),
        half_days: 0,
        lane: Lane::Report,
        reason: Some("看望父母".to_owned()),
        destination: Some("临江市".to_owned()),
        stand_in: None,
        stand_in_name: None,
        stand_in_state: None,
        ..request(status, actions)
    }
}

pub fn cancellation() -> Cancellation {
    Cancellation { by: "王建国".to_owned(), at: at(21, 16, 5), reason: "当日有紧急庭审".to_owned() }
}

pub fn balances() -> Vec<Balance> {
    let balance = |leave_type: &str, half_days: Option<i64>, held: i64, used: i64| Balance {
        leave_type: leave_type.to_owned(),
        minutes: false,
        half_days,
        held,
        available: half_days.map(|half_days| half_days - held),
        used,
        expiring: None,
        lost: None,
        goes_over: None,
    };
    vec![balance("annual", Some(16), 3, 4), balance("personal", None, 0, 2), balance("sick", None, 0, 0)]
}

pub fn leave_types() -> Vec<LeaveType> {
    ["annual", "personal", "sick"]
        .map(|name| LeaveType {
            name: name.to_owned(),
            title: String::new(),
            counts_workdays_only: true,
            has_balance: name == "annual",
            minutes_a_day: None,
            lane: Lane::Leave,
            eligible: true,
            help: "按工作日计算，可以半天为单位。".to_owned(),
        })
        .to_vec()
}

pub fn preview() -> PreviewResult {
    let half = |date: u8, half: Half, counts: bool, why: &str| PreviewDay {
        date: day(date),
        half,
        counts,
        why: why.to_owned(),
    };
    PreviewResult {
        half_days: 3,
        minutes: None,
        lane: Lane::Leave,
        routed_half_days: 3,
        available_after: Some(10),
        provisional: true,
        days: vec![
            half(22, Half::Am, false, "周末"),
            half(22, Half::Pm, false, "周末"),
            half(23, Half::Am, true, "工作日"),
            half(23, Half::Pm, true, "工作日"),
            half(24, Half::Am, true, "工作日"),
        ],
        chain: vec![
            step(1, Some("周明远"), "民事审判第二庭负责人", TaskState::Waiting),
            step(2, None, "分管院领导", TaskState::Waiting),
        ],
        warnings: vec![Warning {
            code: "adjoining".to_owned(),
            blocking: false,
            text: "与已提交的年休假相连，按合计天数确定审批人。".to_owned(),
        }],
    }
}

pub fn subject(number: u128, name: &str) -> Subject {
    Subject {
        subject_id: id(number),
        number: "假2026-000123".to_owned(),
        kind: "leave".to_owned(),
        officer: "G0123".to_owned(),
        name: name.to_owned(),
        department: "民事审判第二庭".to_owned(),
        leave_type: Some("annual".to_owned()),
        from: HalfDay::am(day(23)),
        to: HalfDay::pm(day(25)),
        half_days: 6,
        lane: Lane::Leave,
        destination: "邻市".to_owned(),
        reason: "回乡探望父母".to_owned(),
        submitted_at: at(20, 9, 12),
        submitted_by: None,
    }
}

pub fn task() -> Task {
    Task {
        id: id(11),
        version: 1,
        subject: subject(7, "王晓燕"),
        available_after: Some(7),
        also_away: Vec::new(),
        also_away_count: 0,
        conflicts: Vec::new(),
        provisional: false,
        attachments: 0,
        node: "分管院领导".to_owned(),
        step: 2,
        steps: 3,
        opened_at: at(20, 16, 5),
        acting_for: None,
        opinion_only: false,
    }
}

pub fn lesson(title: &str, phase: Phase, signed_in: bool, can_rate: bool) -> Lesson {
    Lesson {
        id: id(21),
        class_id: id(20),
        class_name: "全省法院青年干警业务培训班".to_owned(),
        title: title.to_owned(),
        lecturer: "何立新".to_owned(),
        lecturer_unit: "国家法官学院".to_owned(),
        room: "报告厅".to_owned(),
        starts_at: at(21, 9, 0),
        ends_at: at(21, 11, 30),
        sign_in_opens_at: at(21, 8, 30),
        late_from: at(21, 9, 5),
        sign_in_closes_at: at(21, 11, 30),
        credit_halves: 8,
        phase,
        rating_closes_at: at(23, 11, 30),
        rating_closed: false,
        part: Part::Trainee,
        my_status: signed_in.then_some(Attendance::OnTime),
        my_at: signed_in.then(|| at(21, 8, 52)),
        my_rated: false,
        can_rate,
    }
}

pub fn me() -> Me {
    Me {
        officer: "G0002".to_owned(),
        name: "孙悦".to_owned(),
        court: "江州市中级人民法院".to_owned(),
        court_id: id(1),
        department: "政治部".to_owned(),
        post: Some("政治部主任".to_owned()),
        roles: vec![Role::Officer, Role::Hr],
        scopes: vec![Grant { role: Role::Hr, scope: Scope::Province }],
        permissions: vec![
            Permission::ReadOfficers,
            Permission::ReadLeave,
            Permission::ImportRoster,
            Permission::ManageOrg,
        ],
    }
}

pub fn sessions() -> Vec<SessionItem> {
    vec![
        SessionItem {
            id: id(31),
            device: "微信 · 安卓".to_owned(),
            created_at: at(1, 8, 0),
            last_seen_at: at(21, 8, 40),
            current: true,
        },
        SessionItem {
            id: id(32),
            device: "Chrome · Windows".to_owned(),
            created_at: at(2, 9, 0),
            last_seen_at: at(20, 17, 30),
            current: false,
        },
    ]
}
