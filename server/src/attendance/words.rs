//! What a refused sign-in tells the person: which lesson, what happened, what to do now.

use app::api::{Code, Problem};
use app::attendance::rules::CLAIM_SECONDS;
use app::day::{Timestamp, Zone};
use app::training::rules::{LessonTimes, Phase};

use crate::attendance::queue::{Attempt, Source};
use crate::entity::lesson;
use crate::error::Failure;

/// A code's name as stored and as on the wire.
pub(super) fn name(code: Code) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// The refusal of an attempt, in words.
pub(super) fn refusal(
    code: Code,
    lesson: Option<(&lesson::Model, LessonTimes)>,
    attempt: &Attempt,
    zone: Zone,
) -> Failure {
    Problem::new(code, detail(code, lesson, attempt.source, attempt.received_at, zone)).into()
}

/// What to tell somebody whose sign-in is refused with this code at `now`.
pub fn detail(
    code: Code,
    lesson: Option<(&lesson::Model, LessonTimes)>,
    source: Source,
    now: Timestamp,
    zone: Zone,
) -> String {
    let title = lesson.map(|(lesson, _)| lesson.title.as_str()).unwrap_or_default();
    let times = lesson.map(|(_, times)| times);
    match (code, times) {
        (Code::NotOnRoster, _) => "您不在这个培训班的学员名单中，不能签到；如有疑问请联系班主任".to_owned(),
        (Code::TooEarly, Some(times)) => {
            let minutes = (times.opens_at().millis() - now.millis() + 59_999).div_euclid(60_000);
            format!("《{title}》{} 开始签到，还有 {minutes} 分钟，请到时再扫", zone.clock(times.opens_at()))
        }
        (Code::TooLate, Some(times)) => over(title, times, zone),
        (Code::CodeExpired, Some(times)) if times.phase(now) == Phase::Over => over(title, times, zone),
        (Code::CodeExpired, Some(_)) if source == Source::Claim => {
            format!("距离扫码已超过 {CLAIM_SECONDS} 秒，请重新扫描《{title}》大屏幕上的二维码")
        }
        (Code::CodeExpired, Some(_)) => format!("《{title}》的签到码已更新，请扫描大屏幕上最新的二维码"),
        (Code::CodeExpired, None) => "签到码已过期，请扫描大屏幕上最新的二维码".to_owned(),
        (Code::SlowDown, _) => "一分钟内输错次数过多，请稍等一分钟再试，或改用扫码".to_owned(),
        (Code::IdReused, _) => "这个提交编号已用于另一节课，请重新扫码".to_owned(),
        _ if source == Source::Typed => "签到码不正确，请核对大屏幕上的六位签到码".to_owned(),
        _ => "这不是本系统的签到二维码，或内容不完整，请重新扫描大屏幕上的二维码".to_owned(),
    }
}

fn over(title: &str, times: LessonTimes, zone: Zone) -> String {
    format!(
        "这是《{title}》（{}–{}）的签到，已于 {} 结束；如有特殊情况请联系班主任",
        zone.clock(times.starts_at),
        zone.clock(times.ends_at),
        zone.clock(times.closes_at()),
    )
}
