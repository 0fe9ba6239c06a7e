//! A notice as data that come in: the file of a year, in the form that public collections of the notices use.

use serde::{Deserialize, Serialize};

use super::notices::Notice;
use crate::day::Day;

/// A paper of the State Council: what it says of single days. The same form on disk, on the wire and in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Paper {
    /// The year that the paper is about; its days may lie outside.
    pub year: i32,
    /// The addresses at which it is published.
    #[serde(default)]
    pub papers: Vec<String>,
    /// What it says of which day. A day twice: the later line holds.
    #[serde(default)]
    pub days: Vec<PaperDay>,
}

/// What a paper says of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaperDay {
    /// The holiday that it is about, in Chinese.
    #[serde(default)]
    pub name: String,
    /// The day.
    pub date: Day,
    /// Whether courts rest: a holiday, or a rest day moved beside it. Otherwise they work (调休上班).
    #[serde(rename = "isOffDay")]
    pub is_off_day: bool,
}

impl From<&Notice> for Paper {
    fn from(notice: &Notice) -> Self {
        let days = notice.holidays.iter().flat_map(|holiday| {
            let line = move |date, is_off_day| PaperDay { name: holiday.name.to_owned(), date, is_off_day };
            let off = day(holiday.first).through(day(holiday.last)).map(move |date| line(date, true));
            off.chain(holiday.makeup.iter().map(move |&number| line(day(number), false)))
        });
        Self {
            year: notice.year,
            papers: notice.papers.iter().map(|&address| address.to_owned()).collect(),
            days: days.collect(),
        }
    }
}

/// The day of a decimal number `YYYYMMDD`.
fn day(number: u32) -> Day {
    let [year, month, day] = [number / 10_000, number / 100 % 100, number % 100];
    i32::try_from(year)
        .ok()
        .zip(u8::try_from(month).ok())
        .zip(u8::try_from(day).ok())
        .and_then(|((year, month), day)| Day::new(year, month, day))
        .expect("a notice lists days of the calendar")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_the_public_collections_is_read() {
        let text = r#"{"$schema": "x", "$id": "y", "year": 2027, "papers": ["https://www.gov.cn/a.htm"],
            "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}"#;
        let paper: Paper = serde_json::from_str(text).expect("it reads");
        assert_eq!((paper.year, paper.papers.len()), (2027, 1));
        let date = "2027-01-01".parse().expect("a day");
        assert_eq!(paper.days, [PaperDay { name: "元旦".to_owned(), date, is_off_day: true }]);
        let nothing: Paper = serde_json::from_str(r#"{"year": 2027, "papers": [], "days": []}"#).expect("it reads");
        assert!(nothing.days.is_empty());
        assert!(serde_json::from_str::<Paper>(r#"{"year": 2027, "days": [{"date": "2027-02-30"}]}"#).is_err());
    }
}
