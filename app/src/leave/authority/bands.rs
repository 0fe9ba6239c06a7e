//! Bands of days: from what a rule book writes to half-open ranges.

use serde::{Deserialize, Serialize};

use super::{Band, Bound};
use crate::leave::types::days_text;

/// The shortest leave.
pub const LEAST: i64 = 1;

/// Half days from one number up to another, which is not in it any more; without an end every greater number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = HalfDayRange))]
pub struct Range {
    /// The least, included.
    pub from: i64,
    /// One more than the greatest; absent where there is none.
    pub below: Option<i64>,
}

impl Range {
    /// Whether so many half days lie in it.
    pub fn contains(self, half_days: i64) -> bool {
        self.from <= half_days && self.below.is_none_or(|below| half_days < below)
    }

    /// Whether nothing lies in it.
    pub fn is_empty(self) -> bool {
        self.below.is_some_and(|below| below <= self.from)
    }

    /// What lies in both.
    pub fn shared(self, other: Self) -> Option<Self> {
        let below = [self.below, other.below].into_iter().flatten().min();
        let shared = Self { from: self.from.max(other.from), below };
        (!shared.is_empty()).then_some(shared)
    }

    /// The days that lie in it: 0.5天, 1.5至2天, 2.5天以上.
    pub fn text(self) -> String {
        match self.below.map(|below| below.saturating_sub(1)) {
            None if self.from <= LEAST => "不论天数".to_owned(),
            None => format!("{}以上", days_text(self.from)),
            Some(last) if last <= self.from => days_text(self.from),
            Some(last) => format!("{}至{}", days_text(self.from).trim_end_matches('天'), days_text(last)),
        }
    }
}

impl Bound {
    /// So many half days, in the band: 2天以上, 2天以内.
    pub fn at(half_days: i64) -> Self {
        Self { half_days, included: true }
    }

    /// So many half days, no longer in the band: 超过2天, 不满2天.
    pub fn beyond(half_days: i64) -> Self {
        Self { half_days, included: false }
    }

    fn first(self) -> i64 {
        if self.included { self.half_days } else { self.half_days.saturating_add(1) }
    }

    fn end(self) -> i64 {
        if self.included { self.half_days.saturating_add(1) } else { self.half_days }
    }
}

impl Band {
    /// The band among those of its cell: one that stands alone without bounds is for every number of days.
    pub fn text_among(&self, bands: &[Self]) -> String {
        let is_all = bands.len() == 1 && self.from.is_none() && self.to.is_none();
        if is_all { "不论天数".to_owned() } else { self.text() }
    }

    /// The band as a rule book writes it: 0.5天以内, 超过2天, 1至3天, 其余天数.
    pub fn text(&self) -> String {
        let days = |bound: Bound| days_text(bound.half_days);
        match (self.from, self.to) {
            (None, None) => "其余天数".to_owned(),
            (Some(from), Some(to)) if from.included && to.included => {
                format!("{}至{}", days(from).trim_end_matches('天'), days(to))
            }
            (from, to) => {
                let from = from.map(|from| match from.included {
                    true => format!("{}以上", days(from)),
                    false => format!("超过{}", days(from)),
                });
                let to = to.map(|to| match to.included {
                    true => format!("{}以内", days(to)),
                    false => format!("不满{}", days(to)),
                });
                from.into_iter().chain(to).collect::<Vec<_>>().join("、")
            }
        }
    }
}

/// The bands of a cell as half-open ranges, in the order in which they are written. A band without a lower bound goes on
/// where the one below it ends, so that 0.5天以内 and 1天以内 do not contradict each other; one without an upper bound ends
/// where the next one begins. What is written on both sides is taken at its word, so that it can leave a gap or overlap.
pub fn read(bands: &[Band]) -> Vec<Range> {
    let ends = bands.iter().filter_map(|band| band.to.map(Bound::end)).collect::<Vec<_>>();
    let starts = bands.iter().filter_map(|band| band.from.map(Bound::first)).collect::<Vec<_>>();
    let range = |band: &Band| {
        let own_end = band.to.map(Bound::end);
        let before = || ends.iter().copied().filter(|end| own_end.is_none_or(|own| *end < own)).max();
        let from = band.from.map(Bound::first).or_else(before).unwrap_or(LEAST).max(LEAST);
        let next = || starts.iter().copied().filter(|start| *start > from).min();
        Range { from, below: own_end.or_else(next) }
    };
    bands.iter().map(range).collect()
}

/// All half days from the first on, cut where another band begins to decide: each stretch with the first band that has
/// it, by its place, or with none.
pub fn pieces(bands: &[Band]) -> Vec<(Range, Option<usize>)> {
    let ranges = read(bands);
    let edges = ranges.iter().flat_map(|range| [Some(range.from), range.below]).flatten().filter(|edge| *edge > LEAST);
    let mut edges = edges.chain([LEAST]).collect::<Vec<_>>();
    edges.sort_unstable();
    edges.dedup();
    let mut pieces = Vec::<(Range, Option<usize>)>::new();
    for (place, from) in edges.iter().copied().enumerate() {
        let below = edges.get(place + 1).copied();
        let band = ranges.iter().position(|range| range.contains(from));
        match pieces.last_mut().filter(|(_, before)| *before == band) {
            Some((range, _)) => range.below = below,
            None => pieces.push((Range { from, below }, band)),
        }
    }
    pieces
}
