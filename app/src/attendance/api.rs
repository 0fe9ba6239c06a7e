//! Sign-in on the wire.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, ById, Permission};
use crate::attendance::rules::Status;
use crate::day::Timestamp;
use crate::endpoint;

/// What the board of a lesson shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Board {
    /// The typed code: six characters, none that look alike. Empty when sign-in is not open.
    pub code: String,
    /// The link inside the QR code, absolute. Empty when sign-in is not open.
    pub link: String,
    /// The QR code of the link as an SVG path: the `d` attribute and the size in modules.
    pub qr: Option<Qr>,
    /// The number of the window that code and link are of.
    pub window: i64,
    /// Milliseconds until the next window.
    pub remaining_ms: i64,
    /// The length of a window in milliseconds.
    pub window_ms: i64,
    /// The counts.
    pub counts: Counts,
}

/// A QR code to draw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Qr {
    /// Modules on a side, the quiet zone included.
    pub size: u32,
    /// The dark modules as an SVG path in units of one module.
    pub path: String,
}

/// How many of the list are where; the five add up to `trainees`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Trainees on the list.
    pub trainees: i64,
    /// Signed in on time.
    pub on_time: i64,
    /// Signed in late.
    pub late: i64,
    /// On approved leave.
    pub excused: i64,
    /// Not signed in yet.
    pub missing: i64,
    /// Not signed in, and the lesson is over.
    pub absent: i64,
}

/// One trainee's attendance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttendanceRow {
    /// The 工号.
    pub officer: String,
    /// The name.
    pub name: String,
    /// The court's name.
    pub court: String,
    /// The group in the class.
    pub group: String,
    /// What the attendance is.
    pub status: Status,
    /// When he signed in.
    pub at: Option<Timestamp>,
    /// Whether the same device signed somebody else in for this lesson; a hint for the class teacher, not a verdict.
    pub shared_device: bool,
}

/// The attendance of a lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attendance {
    /// The counts.
    pub counts: Counts,
    /// One row for each trainee, by 工号.
    pub rows: Vec<AttendanceRow>,
}

/// Signs the caller in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// The lesson's id; may be left out where `link` or the claim names it.
    #[serde(default)]
    pub lesson: Option<Uuid>,
    /// The typed code; spaces and letter case do not matter.
    #[serde(default)]
    pub code: Option<String>,
    /// The whole link of the QR code, or what follows its last `/`.
    #[serde(default)]
    pub link: Option<String>,
    /// Made by the caller for this attempt; a repeat with the same nonce is the same attempt.
    pub nonce: Uuid,
    /// When the phone thinks it scanned; kept as evidence, never decides.
    #[serde(default)]
    pub scanned_at: Option<Timestamp>,
}

/// The caller is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// The lesson's id.
    pub lesson: Uuid,
    /// The lesson's title.
    pub title: String,
    /// The officer's name.
    pub name: String,
    /// On time or late.
    pub status: Status,
    /// When, by the server's clock; a repeat answers the first time.
    pub at: Timestamp,
    /// False when the person had signed in before.
    pub first: bool,
}

endpoint! {
    /// Shows the rotating code and the counts of a lesson; for the people who run the class.
    GetBoard: Get "/lessons/{id}/board", "get_board", Access::May(Permission::RunLesson);
    path: ById;
    reply: Board;
    problems: NotFound;
}
endpoint! {
    /// Streams the board: an event `board` with the same JSON whenever code or counts change.
    WatchBoard: Get "/lessons/{id}/board/events", "watch_board", Access::May(Permission::RunLesson);
    path: ById;
    reply: Board;
    problems: NotFound;
    reply_media: Events;
}
endpoint! {
    /// Lists who attended a lesson and who is missing.
    GetAttendance: Get "/lessons/{id}/attendance", "get_attendance", Access::May(Permission::ReadAttendance);
    path: ById;
    reply: Attendance;
    problems: NotFound;
}
endpoint! {
    /// Signs the caller in to a lesson by the typed code, the link of the QR code, or the claim cookie.
    CreateSignIn: Post "/attendance/sign-ins", "create_sign_in", Access::Own;
    body: SignIn;
    reply: SignedIn;
    problems: NotOnRoster, CodeInvalid, CodeExpired, TooEarly, TooLate, SlowDown, Unavailable;
}
