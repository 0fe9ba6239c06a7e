//! Ratings on the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, ById, Permission};
use crate::day::Timestamp;
use crate::endpoint;
use crate::rating::rules::{Dimension, Summary};

/// Rates a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rate {
    /// An id made by the caller; the same id answers 204 again.
    pub id: Uuid,
    /// Each dimension from 1 to 5.
    pub scores: BTreeMap<Dimension, u8>,
    /// What else there is to say; at most 1000 characters.
    #[serde(default)]
    pub text: String,
}

/// The results of a lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Results {
    /// How many signed in and could have rated.
    pub attended: i64,
    /// How many rated; null below the threshold.
    pub answers: Option<i64>,
    /// The smallest number of answers that is shown.
    pub threshold: i64,
    /// When the rating ended.
    pub closed_at: Timestamp,
    /// Each dimension; null below the threshold.
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<Dimension, Summary>))]
    pub dimensions: BTreeMap<Dimension, Option<Summary>>,
    /// The texts in random order; null below the threshold, and for everybody but the class staff.
    pub texts: Option<Vec<String>>,
}

endpoint! {
    /// Rates a lesson; anonymous. The same id answers 204 again, another one 409.
    RateLesson: Post "/lessons/{id}/ratings", "rate_lesson", Access::Own;
    path: ById;
    body: Rate;
    offline: Queue;
    problems: NotFound, NotSignedIn, RatingNotOpen, RatingClosed, AlreadyRated;
}
endpoint! {
    /// Closes the rating of a lesson before its time; it cannot be opened again.
    CloseRating: Post "/lessons/{id}/ratings/close", "close_rating", Access::May(Permission::RunLesson);
    path: ById;
    problems: NotFound, RatingNotOpen;
}
endpoint! {
    /// Shows the results of a lesson after its rating has ended; null cells below the threshold.
    GetResults: Get "/lessons/{id}/results", "get_results", Access::Party;
    path: ById;
    reply: Results;
    problems: NotFound, ResultsNotOpen;
}
