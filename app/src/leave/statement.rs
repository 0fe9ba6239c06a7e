//! The ledger in words: what each line did and why, for the officer whose balance it is.

use crate::day::Span;
use crate::leave::grant::{Grant, Source};
use crate::leave::ledger::Kind;
use crate::leave::types::days_text;

/// What a line of the ledger belongs to.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// The grant that it adds to or draws on.
    pub grant: Option<Grant>,
    /// The number and the span of the request.
    pub request: Option<(&'a str, Span)>,
    /// What HR wrote beside it.
    pub note: Option<&'a str>,
    /// The minutes of a day, for a type that counts them.
    pub minutes: bool,
}

/// The year in whose statement an entry stands: its own, but what expires stands where its grant ended. What HR grants
/// can last into the next year.
pub fn year_of(kind: Kind, year: i32, grant: Option<Grant>) -> i32 {
    grant.filter(|_| kind == Kind::Expire).map_or(year, |grant| grant.until.year())
}

/// The first line of a year to which grants of the year before still give something: 上年登记的补休2天，仍在有效期内.
pub fn brought_forward(half_days: i64, title: &str) -> String {
    format!("上年登记的{title}{}，仍在有效期内", days_text(half_days))
}

/// The line of a year that gives none: why, and what of it was granted before and can no longer be taken.
pub fn lost(reason: &str, half_days: i64) -> String {
    if half_days == 0 { reason.to_owned() } else { format!("{reason}，未休的{}不能再休", days_text(half_days)) }
}

/// A line in words: 按工龄给予2026年度年休假5天.
pub fn words(kind: Kind, half_days: i64, title: &str, about: About<'_>) -> String {
    let amount = if about.minutes { format!("{}分钟", half_days.abs()) } else { days_text(half_days.abs()) };
    let note = about.note.map_or_else(String::new, |note| format!("（{note}）"));
    let request = about
        .request
        .map_or_else(String::new, |(number, span)| format!("{number}（{}至{}）", span.from().text(), span.to().text()));
    match kind {
        Kind::Grant => match about.grant {
            Some(Grant { source: Source::CarryOver, year, until, .. }) => {
                format!("{}年剩余的{title}{amount}结转，{}前有效", year - 1, until.text())
            }
            Some(Grant { source: Source::Earned, until, .. }) => {
                format!("登记{title}{amount}，{}前有效{note}", until.text())
            }
            Some(Grant { source: Source::Bracket, year, from, .. }) => {
                format!("工龄满年限，自{}起增加{year}年度{title}{amount}{note}", from.text())
            }
            Some(Grant { year, .. }) => format!("给予{year}年度{title}{amount}{note}"),
            None => format!("给予{title}{amount}{note}"),
        },
        // Drawn again: the note says on what.
        Kind::Hold if about.note.is_some() => format!("{request}{note}，暂扣{amount}"),
        Kind::Release if about.note.is_some() => format!("{request}{note}，退还暂扣的{amount}"),
        Kind::Commit if about.note.is_some() => format!("{request}{note}，使用{amount}"),
        Kind::Refund if about.note.is_some() => format!("{request}{note}，退回{amount}"),
        Kind::Hold => format!("申请{request}，暂扣{amount}"),
        Kind::Release => format!("{request}审批结束，退还暂扣的{amount}"),
        Kind::Commit => format!("{request}已批准，使用{amount}"),
        Kind::Refund => format!("{request}未休完或已撤销，退回{amount}"),
        Kind::Expire => match about.grant {
            Some(grant) => format!("{}到期，未休的{amount}作废", grant.until.text()),
            None => format!("到期作废{amount}"),
        },
        Kind::Adjust if half_days < 0 => format!("调减{amount}{note}"),
        Kind::Adjust => format!("调增{amount}{note}"),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::day::{Day, HalfDay};
    use crate::leave::types::CarryOver;

    #[test]
    fn every_line_says_what_happened() {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        let span = Span::new(HalfDay::pm(day("2026-06-10")), HalfDay::am(day("2026-06-12"))).expect("in order");
        let request = About { request: Some(("假2026-ABC", span)), ..About::default() };
        let of = |grant: Option<Grant>, note| About { grant, note, ..About::default() };
        let year = Grant::of_year(Uuid::nil(), 2026);
        let rule = CarryOver { half_days: 6, month: 3, day: 31 };
        let over = Grant::carried_into(Uuid::nil(), 2027, rule);
        let bracket = Grant::opening(Uuid::nil(), Source::Bracket, day("2026-08-01"));
        let redrawn = About { note: Some("改由上年结转的天数支付"), ..request };
        let earned = year.map(|grant| Grant { source: Source::Earned, until: day("2026-09-30"), ..grant });
        let lines = [
            (Kind::Grant, 10, of(year, None), "给予2026年度年休假5天"),
            (Kind::Grant, 10, of(year, Some("导入")), "给予2026年度年休假5天（导入）"),
            (Kind::Grant, 5, of(over, None), "2026年剩余的年休假2.5天结转，3月31日前有效"),
            (Kind::Grant, 2, of(earned, Some("五一值班")), "登记年休假1天，9月30日前有效（五一值班）"),
            (Kind::Grant, 10, of(bracket, None), "工龄满年限，自8月1日起增加2026年度年休假5天"),
            (Kind::Refund, 4, redrawn, "假2026-ABC（6月10日下午至6月12日上午）（改由上年结转的天数支付），退回2天"),
            (Kind::Hold, -4, request, "申请假2026-ABC（6月10日下午至6月12日上午），暂扣2天"),
            (Kind::Release, 4, request, "假2026-ABC（6月10日下午至6月12日上午）审批结束，退还暂扣的2天"),
            (Kind::Commit, -4, request, "假2026-ABC（6月10日下午至6月12日上午）已批准，使用2天"),
            (Kind::Refund, 1, request, "假2026-ABC（6月10日下午至6月12日上午）未休完或已撤销，退回0.5天"),
            (Kind::Expire, -3, of(year, None), "12月31日到期，未休的1.5天作废"),
            (Kind::Adjust, -2, of(year, Some("更正")), "调减1天（更正）"),
            (Kind::Adjust, 2, of(year, None), "调增1天"),
        ];
        for (kind, half_days, about, expected) in lines {
            assert_eq!(words(kind, half_days, "年休假", about), expected);
        }
        assert_eq!(lost("不享受", 0), "不享受");
        assert_eq!(lost("不享受", 3), "不享受，未休的1.5天不能再休");
        let hours = About { minutes: true, ..request };
        assert!(words(Kind::Commit, -120, "哺乳时间", hours).ends_with("使用120分钟"));
    }
}
