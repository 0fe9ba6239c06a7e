//! The work calendar.

use app::api::Code;
use app::calendar::api::{CountDays, DayCount};
use app::calendar::rules::MAX_DAYS;

use crate::error::Failure;
use crate::mount::{Api, Call};

/// Adds the calls of this noun.
pub fn mount(api: Api) -> Api {
    api.mount::<CountDays, _, _, _>(count_days)
}

async fn count_days(call: Call<CountDays>) -> Result<DayCount, Failure> {
    let query = call.query;
    call.state.calendar.count(query.from, query.to).map_err(|code| {
        let detail = match code {
            Code::InvertedSpan => "结束日期早于开始日期，请调整后再试".to_owned(),
            _ => format!("一次最多计算 {MAX_DAYS} 天，请缩短日期范围"),
        };
        Failure::new(code, detail)
    })
}
