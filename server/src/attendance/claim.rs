//! The claim: that somebody opened the link of a lesson in time. It is a signed value in a cookie of the browser that
//! scanned, keeps the time of the scan while its owner logs in, and is written nowhere on the server.

use app::attendance::rules::{CLAIM_SECONDS, Evidence};
use app::day::Timestamp;
use axum::http::HeaderMap;
use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

use crate::secrets::{Secrets, same};
use crate::session::{cookie, read_cookie};

/// The cookie's name. The prefix binds it to this host and to secure connections.
const NAME: &str = "__Host-claim";

/// A claim whose signature was checked; its age has not been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The lesson whose link was opened.
    pub lesson: Uuid,
    /// When, by the server's clock.
    pub scanned_at: Timestamp,
}

impl Claim {
    /// The cookie that carries the claim. It outlives the claim, so that a late one is told from none.
    pub fn cookie(&self, secrets: &Secrets) -> String {
        let (lesson, at) = (self.lesson.as_bytes(), self.scanned_at.millis().to_be_bytes());
        let signature = secrets.sign_claim(&[lesson, &at]);
        cookie(NAME, &BASE64URL_NOPAD.encode(&[lesson.as_slice(), &at, &signature].concat()), 10 * CLAIM_SECONDS)
    }

    /// The claim of the request's cookie, if it has one that this installation signed.
    pub fn read(secrets: &Secrets, headers: &HeaderMap) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(read_cookie(headers, NAME)?.as_bytes()).ok()?;
        let (lesson, rest) = bytes.split_first_chunk::<16>()?;
        let (at, signature) = rest.split_first_chunk::<8>()?;
        same(&secrets.sign_claim(&[lesson, at]), signature).then(|| Self {
            lesson: Uuid::from_bytes(*lesson),
            scanned_at: Timestamp::from_millis(i64::from_be_bytes(*at)),
        })
    }

    /// What the claim proves.
    pub fn evidence(&self) -> Evidence {
        Evidence::Claim { scanned_at: self.scanned_at }
    }

    /// An id that is the same each time the same claim is confirmed: confirming twice is one attempt.
    pub fn nonce(&self, secrets: &Secrets) -> Uuid {
        let bytes = secrets.sign_claim(&[b"nonce", self.lesson.as_bytes(), &self.scanned_at.millis().to_be_bytes()]);
        uuid::Builder::from_random_bytes(std::array::from_fn(|n| bytes[n])).into_uuid()
    }

    /// Seconds that are left of the claim; 0 once it has run out.
    pub fn seconds_left(&self, now: Timestamp) -> i64 {
        (CLAIM_SECONDS - now.seconds_since(self.scanned_at)).clamp(0, CLAIM_SECONDS)
    }

    /// The cookie that makes the browser forget its claim.
    pub fn forgetting_cookie() -> String {
        cookie(NAME, "", 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderValue, header};

    fn headers(cookie: &str) -> HeaderMap {
        let value = cookie.split(';').next().unwrap_or_default();
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(value).expect("plain"))])
    }

    #[test]
    fn a_claim_is_believed_only_as_it_was_signed() {
        let (ours, theirs) = (Secrets::from_master(&[1; 32]), Secrets::from_master(&[2; 32]));
        let claim = Claim { lesson: Uuid::from_u128(9), scanned_at: Timestamp::from_millis(1_790_000_000_123) };
        let cookie = claim.cookie(&ours);
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Secure"));
        assert_eq!(Claim::read(&ours, &headers(&cookie)), Some(claim));
        assert_eq!(Claim::read(&theirs, &headers(&cookie)), None);
        assert_eq!(Claim::read(&ours, &headers("__Host-claim=AAAA")), None);
        assert_eq!(Claim::read(&ours, &headers("__Host-claim=")), None);
        let other = Claim { lesson: Uuid::from_u128(8), ..claim }.cookie(&theirs);
        assert_eq!(Claim::read(&ours, &headers(&other)), None);
    }
}
