//! The work calendar on the wire.

use serde::{Deserialize, Serialize};

use crate::api::Access;
use crate::day::Day;
use crate::endpoint;

/// The days to count.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct CountQuery {
    /// The first day.
    pub from: Day,
    /// The last day, included.
    pub to: Day,
}

/// How many days lie in a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayCount {
    /// Days on which courts work.
    pub workdays: i64,
    /// All days.
    pub natural_days: i64,
    /// Whether a day of the stretch has no notice of the State Council yet, so that the count may change.
    pub provisional: bool,
}

endpoint! {
    /// Counts the workdays and the natural days of a stretch.
    CountDays: Get "/calendar/count", "count_days", Access::Own;
    query: CountQuery;
    reply: DayCount;
    problems: InvertedSpan, SpanTooLong;
}
