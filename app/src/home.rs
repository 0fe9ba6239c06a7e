//! What matters today, in one call.

use serde::{Deserialize, Serialize};

use crate::api::Access;
use crate::approval::api::Task;
use crate::day::Timestamp;
use crate::endpoint;
use crate::leave::api::{Balance, LeaveRequest};
use crate::training::api::Lesson;

/// The home screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Home {
    /// When the answer was made.
    pub at: Timestamp,
    /// The first open tasks, at most three.
    pub tasks: Vec<Task>,
    /// How many open tasks there are.
    pub task_count: i64,
    /// The caller's requests that are under way or wait for his return, at most five.
    pub requests: Vec<LeaveRequest>,
    /// The annual leave that is left.
    pub annual: Option<Balance>,
    /// Today's lessons of the caller, as trainee or as staff, and those he has not rated yet; at most eight.
    pub lessons: Vec<Lesson>,
    /// Who is away today among those whose leave the caller may read; absent for those who may read nobody's.
    pub away: Option<AwayToday>,
}

/// Who is away today.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AwayToday {
    /// How many officers.
    pub count: i64,
    /// The names of the first of them by 工号, at most five.
    pub names: Vec<String>,
}

endpoint! {
    /// Shows what matters to the caller today.
    GetHome: Get "/home", "get_home", Access::Own;
    reply: Home;
    offline: LastKnown;
}
