//! Web Push (RFC 8030): encrypted for the browser (RFC 8291), signed by this server (VAPID, RFC 8292). No relay of a
//! vendor's own stands in between; the browser's push service sees neither text nor page.

use app::day::Timestamp;
use axum::body::Bytes;
use axum::http::{HeaderValue, Uri, header};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use serde_json::json;
use web_push_native::p256::elliptic_curve::sec1::ToEncodedPoint;
use web_push_native::p256::pkcs8::EncodePrivateKey;
use web_push_native::p256::{PublicKey, SecretKey};
use web_push_native::{Auth, WebPushBuilder};

use super::{Message, Outcome, is_passing};
use crate::notice::outbound::{Outbound, read_address};

/// How long a push service keeps a message for a browser that is offline.
const KEPT: std::time::Duration = std::time::Duration::from_secs(12 * 3600);
/// How long a signature is good for; RFC 8292 allows a day.
const SIGNED_SECONDS: i64 = 12 * 3600;

/// The longest address of a subscription, in characters.
const ENDPOINT_LIMIT: usize = 2048;

/// A browser that takes messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Browser {
    /// Where its push service takes messages for it.
    pub endpoint: String,
    /// Its public key, an uncompressed P-256 point.
    pub p256dh: Vec<u8>,
    /// The authentication secret.
    pub auth: [u8; 16],
}

impl Browser {
    /// Reads a subscription as browsers write it: base64url, with or without padding.
    ///
    /// # Errors
    /// The field that cannot be read.
    pub fn read(endpoint: &str, p256dh: &str, auth: &str) -> Result<Self, &'static str> {
        let decode = |text: &str| BASE64URL_NOPAD.decode(text.trim_end_matches('=').as_bytes()).ok();
        let p256dh = decode(p256dh).filter(|point| PublicKey::from_sec1_bytes(point).is_ok()).ok_or("p256dh")?;
        let auth = decode(auth).and_then(|bytes| bytes.try_into().ok()).ok_or("auth")?;
        if endpoint.len() > ENDPOINT_LIMIT || read_address(endpoint).is_err() {
            return Err("endpoint");
        }
        Ok(Self { endpoint: endpoint.to_owned(), p256dh, auth })
    }
}

/// The key that signs for this server.
#[derive(Clone)]
pub struct VapidKey(SecretKey);

impl std::fmt::Debug for VapidKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VapidKey")
    }
}

impl VapidKey {
    /// A new key.
    pub fn fresh() -> Self {
        // All but one in 2^32 of the numbers below 2^256 are keys of P-256.
        loop {
            if let Some(key) = Self::from_bytes(&rand::random::<[u8; 32]>()) {
                return key;
            }
        }
    }

    /// The key of these 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: [u8; 32] = bytes.try_into().ok()?;
        SecretKey::from_slice(&bytes).ok().map(Self)
    }

    /// The key as it is stored, sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes().to_vec()
    }

    /// The public key as browsers want it.
    pub fn public(&self) -> String {
        BASE64URL_NOPAD.encode(self.0.public_key().to_encoded_point(false).as_bytes())
    }

    /// The value of `Authorization` for a push service. The time is the server's, which is why the token is made here
    /// and not by the library that encrypts.
    fn authorize(&self, endpoint: &Uri, contact: &str, now: Timestamp) -> Result<HeaderValue, String> {
        #[derive(Serialize)]
        struct Claims<'a> {
            aud: &'a str,
            exp: i64,
            sub: &'a str,
        }
        let audience = origin(endpoint);
        let claims = Claims { aud: &audience, exp: now.millis() / 1000 + SIGNED_SECONDS, sub: contact };
        let key = self.0.to_pkcs8_der().map_err(|error| error.to_string())?;
        let key = EncodingKey::from_ec_der(key.as_bytes());
        let token =
            jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &key).map_err(|error| error.to_string())?;
        HeaderValue::try_from(format!("vapid t={token}, k={}", self.public())).map_err(|error| error.to_string())
    }
}

fn origin(address: &Uri) -> String {
    let authority = address.authority().map(ToString::to_string).unwrap_or_default();
    format!("{}://{authority}", address.scheme_str().unwrap_or("https"))
}

/// Whether a text is the origin of push services: `https://push.example`, `https://*.push.example`.
pub(super) fn is_service(pattern: &str) -> bool {
    let plain = pattern.replacen("://*.", "://any.", 1);
    let is_origin = |uri: &Uri| uri.path() == "/" && uri.query().is_none() && !plain.ends_with('/');
    !plain.contains('*') && read_address(&plain).is_ok_and(|uri| is_origin(&uri))
}

/// Whether a subscription at this endpoint is at one of the services. Officers send endpoints, so this list is what keeps them from making the server ask any address they like.
pub fn accepts(services: &[String], endpoint: &str) -> bool {
    let Ok(address) = read_address(endpoint) else { return false };
    let origin = origin(&address);
    let fits = |pattern: &str| match pattern.split_once("://*.") {
        Some((scheme, domain)) => origin
            .strip_prefix(scheme)
            .and_then(|rest| rest.strip_prefix("://"))
            .and_then(|host| host.strip_suffix(domain))
            .is_some_and(|name| name.len() > 1 && name.ends_with('.')),
        None => origin == pattern,
    };
    services.iter().any(|known| fits(known))
}

/// Whose messages they are.
pub(super) struct Sender<'a> {
    pub contact: &'a str,
    pub services: &'a [String],
    pub key: &'a VapidKey,
}

pub(super) async fn deliver(
    outbound: &Outbound,
    sender: Sender<'_>,
    browser: &Browser,
    message: &Message,
    now: Timestamp,
) -> Outcome {
    if !accepts(sender.services, &browser.endpoint) {
        return Outcome::Refused("推送服务不在允许的名单中".to_owned());
    }
    let request = match compose(&sender, browser, message, now) {
        Ok(request) => request,
        Err(why) => return Outcome::Refused(format!("推送无法生成：{why}")),
    };
    match outbound.send(request).await {
        Ok(answer) if answer.status.is_success() => Outcome::Taken,
        // The browser has unsubscribed, or was taken away.
        Ok(answer) if matches!(answer.status.as_u16(), 404 | 410) => Outcome::Gone,
        Ok(answer) if is_passing(answer.status) => Outcome::of_status(&answer),
        Ok(answer) => Outcome::Refused(format!("推送服务拒绝：HTTP {}", answer.status.as_u16())),
        Err(why) => Outcome::failed(why),
    }
}

fn compose(
    sender: &Sender<'_>,
    browser: &Browser,
    message: &Message,
    now: Timestamp,
) -> Result<axum::http::Request<Bytes>, String> {
    let endpoint = read_address(&browser.endpoint)?;
    let authorization = sender.key.authorize(&endpoint, sender.contact, now)?;
    let public = PublicKey::from_sec1_bytes(&browser.p256dh).map_err(|error| error.to_string())?;
    let text = json!({ "kind": message.kind_name(), "text": message.text, "link": message.path }).to_string();
    let request = WebPushBuilder::new(endpoint, public, Auth::from(browser.auth))
        .with_valid_duration(KEPT)
        .build(text)
        .map_err(|error| error.to_string())?;
    let mut request = request.map(Bytes::from);
    let headers = request.headers_mut();
    headers.insert(header::AUTHORIZATION, authorization);
    // A newer message of the kind takes the place of one that the browser has not fetched yet.
    headers.insert("topic", HeaderValue::from_static(message.kind_name()));
    headers.insert("urgency", HeaderValue::from_static("normal"));
    Ok(request)
}

#[cfg(test)]
mod tests {
    use app::notice::rules::PUSH_SERVICES;

    use super::*;

    #[test]
    fn only_push_services_are_asked() {
        let common = PUSH_SERVICES.map(str::to_owned);
        for good in [
            "https://fcm.googleapis.com/fcm/send/x",
            "https://web.push.apple.com/x",
            "https://updates.push.services.mozilla.com/wpush/v2/x",
            "https://wns2-par02p.notify.windows.com/w/?token=x",
        ] {
            assert!(accepts(&common, good), "{good}");
        }
        for bad in [
            "http://fcm.googleapis.com/x",
            "https://fcm.googleapis.com.evil.example/x",
            "https://evilpush.apple.com/x",
            "https://push.apple.com/x",
            "https://127.0.0.1/x",
            "https://fcm.googleapis.com@127.0.0.1/x",
            "nonsense",
            "https://fcm.googleapis.com:8443/x",
        ] {
            assert!(!accepts(&common, bad), "{bad}");
        }
        let own = ["http://127.0.0.1:9000".to_owned(), "https://*.push.court.example".to_owned()];
        assert!(accepts(&own, "http://127.0.0.1:9000/p/1") && accepts(&own, "https://a.push.court.example/1"));
        assert!(!accepts(&own, "https://fcm.googleapis.com/1") && !accepts(&own, "http://127.0.0.1:9001/p/1"));
        assert!(own.iter().all(|service| is_service(service)) && common.iter().all(|service| is_service(service)));
        for bad in ["https://push.example/", "https://push.example/path", "push.example", "https://*", "*"] {
            assert!(!is_service(bad), "{bad}");
        }
    }

    #[test]
    fn a_key_survives_storing_and_says_the_same() {
        let key = VapidKey::fresh();
        let again = VapidKey::from_bytes(&key.to_bytes()).expect("its own bytes");
        assert_eq!(key.public(), again.public());
        assert_eq!(BASE64URL_NOPAD.decode(key.public().as_bytes()).map(|point| (point.len(), point[0])), Ok((65, 4)));
        assert!(VapidKey::from_bytes(&[0; 32]).is_none() && VapidKey::from_bytes(&[1; 31]).is_none());
    }

    #[test]
    fn kinds_are_topics() {
        // RFC 8030, 5.4: at most 32 characters of the base64url alphabet.
        for kind in app::notice::rules::NoticeKind::ALL {
            assert!(kind.as_str().len() <= 32 && kind.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        }
    }
}
