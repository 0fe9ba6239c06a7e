//! The work calendar: what it says of days, the papers brought in, and what courts and officers have of their own.

mod own;
pub mod papers;
mod store;

pub(crate) use store::{Current, court_days, of_court};
pub use store::{hold, of_officer, of_officers, set_recounted};

use app::api::Code;
use app::calendar::api::{
    CalendarDay, CalendarDays, CalendarHalf, CountDays, CountQuery, DayClass, DayCount, ListCalendarDays,
};
use app::calendar::rules::{DayKind, HalfKind, MAX_DAYS};
use sea_orm::EntityTrait;

use crate::entity::officer;
use crate::error::Failure;
use crate::mount::{Api, Call, signed_out};

/// The most days that a list shows.
const MOST_LISTED: i64 = 400;

/// Adds the calls of this noun.
pub fn mount(api: Api) -> Api {
    let api = api.mount::<CountDays, _, _, _>(count_days).mount::<ListCalendarDays, _, _, _>(list_calendar_days);
    own::mount(papers::mount(api))
}

fn refused(code: Code, most: i64) -> Failure {
    let detail = match code {
        Code::InvertedSpan => "结束日期早于开始日期，请调整后再试".to_owned(),
        _ => format!("一次最多计算 {most} 天，请缩短日期范围"),
    };
    Failure::new(code, detail)
}

async fn count_days(call: Call<CountDays>) -> Result<DayCount, Failure> {
    let query = call.query;
    let reference = call.state.reference.current(call.state.database.read()).await?;
    reference.calendar.count(query.from, query.to).map_err(|code| refused(code, MAX_DAYS))
}

async fn list_calendar_days(call: Call<ListCalendarDays>) -> Result<CalendarDays, Failure> {
    let caller = call.caller()?;
    let CountQuery { from, to } = call.query;
    if to < from {
        return Err(refused(Code::InvertedSpan, MOST_LISTED));
    }
    if to.days_since(from) >= MOST_LISTED {
        return Err(refused(Code::SpanTooLong, MOST_LISTED));
    }
    let connection = call.state.database.read();
    let own = officer::Entity::find_by_id(caller.id).one(connection).await?.ok_or_else(signed_out)?;
    let reference = call.state.reference.current(connection).await?;
    let calendar = of_officer(connection, &call.state.secrets, &reference, &own).await?;
    let half = |kind: HalfKind<'_>| CalendarHalf { works: kind.works(), why: kind.why() };
    let day = |date| {
        let (class, holiday) = match calendar.day(date) {
            DayKind::Workday { makeup: None } => (DayClass::Workday, None),
            DayKind::Workday { makeup: Some(name) } => (DayClass::MakeUp, Some(name)),
            DayKind::Rest { holiday: None } => (DayClass::Weekend, None),
            DayKind::Rest { holiday: Some(name) } => (DayClass::MovedRest, Some(name)),
            DayKind::Statutory(name) => (DayClass::Statutory, Some(name)),
        };
        let [am, pm] = calendar.halves(date).map(half);
        let provisional = calendar.is_provisional(date);
        CalendarDay { date, class, holiday: holiday.map(str::to_owned), provisional, am, pm }
    };
    Ok(CalendarDays { version: calendar.version(), days: from.through(to).map(day).collect() })
}
