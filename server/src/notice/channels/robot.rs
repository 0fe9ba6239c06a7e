//! Group robots of 企业微信, 钉钉 and 飞书: one line of text, signed where the robot asks for it.
//!
//! All three answer 200 also when they refuse, and say so in the body.

use app::api::percent;
use app::day::Timestamp;
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::{Message, Outcome, hmac_sha256, post_json};
use crate::notice::outbound::Outbound;

/// <https://developer.work.weixin.qq.com/document/path/99110>
pub(super) async fn wecom(outbound: &Outbound, url: &str, message: &Message) -> Outcome {
    post(outbound, url, &json!({ "msgtype": "text", "text": { "content": message.group_text() } })).await
}

/// <https://open.dingtalk.com/document/robots/customize-robot-security-settings>: milliseconds and the secret, signed
/// with the secret, in the query.
pub(super) async fn dingtalk(
    outbound: &Outbound,
    url: &str,
    secret: &str,
    message: &Message,
    now: Timestamp,
) -> Outcome {
    let timestamp = now.millis();
    let signature = BASE64.encode(&hmac_sha256(secret.as_bytes(), format!("{timestamp}\n{secret}").as_bytes()));
    let separator = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{separator}timestamp={timestamp}&sign={}", percent(&signature));
    post(outbound, &url, &json!({ "msgtype": "text", "text": { "content": message.group_text() } })).await
}

/// <https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot>: nothing, signed with the seconds and the
/// secret, in the body.
pub(super) async fn feishu(outbound: &Outbound, url: &str, secret: &str, message: &Message, now: Timestamp) -> Outcome {
    let timestamp = (now.millis() / 1000).to_string();
    let body = json!({
        "sign": BASE64.encode(&hmac_sha256(format!("{timestamp}\n{secret}").as_bytes(), b"")),
        "timestamp": timestamp,
        "msg_type": "text",
        "content": { "text": message.group_text() },
    });
    post(outbound, url, &body).await
}

async fn post(outbound: &Outbound, url: &str, body: &Value) -> Outcome {
    let request = match post_json(url, body.to_string().into_bytes()) {
        Ok(request) => request,
        Err(outcome) => return outcome,
    };
    match outbound.send(request).await {
        Ok(answer) if answer.status.is_success() => judge(&answer.body),
        Ok(answer) => Outcome::of_status(&answer),
        Err(why) => Outcome::failed(why),
    }
}

/// `{"errcode": 0}` of 企业微信 and 钉钉, `{"code": 0}` or, of older robots, `{"StatusCode": 0}` of 飞书.
fn judge(body: &[u8]) -> Outcome {
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return Outcome::failed("对方的答复无法识别，请检查机器人地址");
    };
    let field = |names: &[&str]| names.iter().find_map(|name| answer.get(*name).cloned());
    match field(&["errcode", "code", "StatusCode"]).and_then(|code| code.as_i64()) {
        Some(0) => Outcome::Taken,
        Some(code) => {
            let text = field(&["errmsg", "msg", "StatusMessage"]).and_then(|text| text.as_str().map(str::to_owned));
            let text: String = text.unwrap_or_default().chars().take(120).collect();
            Outcome::failed(format!("机器人拒绝（{code}）：{text}"))
        }
        None => Outcome::failed("对方的答复无法识别，请检查机器人地址"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_robot_that_refuses_is_not_believed_to_have_sent() {
        for taken in [r#"{"errcode":0,"errmsg":"ok"}"#, r#"{"code":0,"msg":"success"}"#, r#"{"StatusCode":0}"#] {
            assert_eq!(judge(taken.as_bytes()), Outcome::Taken, "{taken}");
        }
        for refused in [
            r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#,
            r#"{"code":19021,"msg":"sign match fail"}"#,
            "{}",
            "<html>",
            "",
        ] {
            assert!(matches!(judge(refused.as_bytes()), Outcome::Failed { .. }), "{refused}");
        }
    }
}
