//! The generic webhook: JSON for a program of the court, signed, in order.
//!
//! The receiver checks `X-Fingertip-Signature`, which is `sha256=` and the hexadecimal HMAC-SHA-256, under the
//! channel's secret, of `X-Fingertip-Timestamp` (seconds since 1970), a full stop and the body as it came; it refuses
//! timestamps that are minutes old. `X-Fingertip-Delivery` is the same at each try. Any 2xx takes the message;
//! everything else is tried again, and the next message of the channel waits until then. `link` is a whole address
//! where the server was told its own (`serve --origin`), else a path.

use app::day::Timestamp;
use axum::http::HeaderValue;
use data_encoding::HEXLOWER;
use serde::Serialize;
use uuid::Uuid;

use super::{Message, Outcome, hmac_sha256, post_json};
use crate::notice::outbound::Outbound;

/// The body.
#[derive(Serialize)]
struct Body<'a> {
    id: Uuid,
    kind: &'a str,
    officer: &'a str,
    at: Timestamp,
    text: &'a str,
    link: &'a str,
}

pub(super) async fn deliver(
    outbound: &Outbound,
    url: &str,
    secret: &str,
    message: &Message,
    now: Timestamp,
) -> Outcome {
    let body = Body {
        id: message.id,
        kind: message.kind_name(),
        officer: &message.officer,
        at: message.told_at,
        text: &message.text,
        link: &message.link,
    };
    let body = serde_json::to_vec(&body).expect("plain fields");
    let timestamp = (now.millis() / 1000).to_string();
    let signature = sign(secret, &timestamp, &body);
    let mut request = match post_json(url, body) {
        Ok(request) => request,
        Err(outcome) => return outcome,
    };
    let headers = [
        ("x-fingertip-delivery", message.id.to_string()),
        ("x-fingertip-timestamp", timestamp),
        ("x-fingertip-signature", signature),
    ];
    for (name, value) in headers {
        request.headers_mut().insert(name, HeaderValue::try_from(value).expect("digits and letters"));
    }
    match outbound.send(request).await {
        Ok(answer) if answer.status.is_success() => Outcome::Taken,
        Ok(answer) => Outcome::of_status(&answer),
        Err(why) => Outcome::failed(why),
    }
}

/// The value of the signature's header.
fn sign(secret: &str, timestamp: &str, body: &[u8]) -> String {
    let signed = [timestamp.as_bytes(), b".", body].concat();
    format!("sha256={}", HEXLOWER.encode(&hmac_sha256(secret.as_bytes(), &signed)))
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn the_signature_is_the_one_that_any_library_computes() {
        // printf '1763856000.{}' | openssl dgst -sha256 -hmac 0123456789abcdef
        assert_eq!(
            sign("0123456789abcdef", "1763856000", b"{}"),
            "sha256=7cb376827935074c4d50389593fdb259cad05a2a07f346c7987139a6c6190851"
        );
    }
}
