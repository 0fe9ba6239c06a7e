//! Passwords and activation codes.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use data_encoding::BASE32_NOPAD;
use tokio::sync::OwnedSemaphorePermit;

use crate::error::Failure;
use crate::secrets::Tag;
use crate::state::AppState;

/// A hash that no password fits, so that an unknown 工号 takes as long as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWxvZ3MtaW4$Hq5dEWSk0Wj6zOSVJCfHk0Y9VQpzSgBcWIx5pUt0fDk";

/// Queues for a turn on the bounded pool. Who holds one hashes next.
///
/// # Errors
/// The pool is shutting down.
pub async fn turn(state: &AppState) -> Result<OwnedSemaphorePermit, Failure> {
    state.hashing.clone().acquire_owned().await.map_err(Failure::internal)
}

/// Hashes with Argon2id at the library's recommended cost, on the bounded pool.
///
/// # Errors
/// The pool is shutting down.
pub async fn hash(state: &AppState, password: String) -> Result<String, Failure> {
    let turn = turn(state).await?;
    let work = move || {
        let hashed = hash_now(&password);
        drop(turn);
        hashed
    };
    tokio::task::spawn_blocking(work).await.map_err(Failure::internal)?
}

/// Hashes on the calling thread; for the command line.
///
/// # Errors
/// The system gives no random salt.
pub fn hash_now(password: &str) -> Result<String, Failure> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(Failure::internal)
}

/// Whether a password fits a hash, on one's turn; without a hash it takes as long and does not fit.
///
/// # Errors
/// The pool is shutting down.
pub async fn fits(turn: OwnedSemaphorePermit, password: String, hash: Option<String>) -> Result<bool, Failure> {
    let work = move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let fits = Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok();
        drop(turn);
        known && fits
    };
    tokio::task::spawn_blocking(work).await.map_err(Failure::internal)
}

/// A one-time activation code: 80 random bits in groups of four letters and digits, none of which look alike.
pub fn activation_code() -> String {
    let random: [u8; 10] = rand::random();
    let text = BASE32_NOPAD.encode(&random);
    text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
}

/// What is stored of an activation code. It has 80 random bits, so a plain keyed digest is enough. Case, spaces and
/// hyphens do not matter.
pub fn activation_digest(state: &AppState, code: &str) -> Tag {
    digest_of(&state.secrets, code)
}

/// As [`activation_digest`], for the command line.
pub fn digest_of(secrets: &crate::secrets::Secrets, code: &str) -> Tag {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    secrets.digest(plain.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_that_nobody_has_is_well_formed_and_costs_the_same() {
        let parsed = argon2::password_hash::phc::PasswordHash::new(NOBODY).expect("well formed");
        let fresh = hash_now("a password of one's own").expect("hashed");
        let fresh = argon2::password_hash::phc::PasswordHash::new(&fresh).expect("well formed");
        assert_eq!(parsed.params.to_string(), fresh.params.to_string());
        assert!(Argon2::default().verify_password(b"nobody", NOBODY).is_err());
    }

    #[test]
    fn activation_codes_differ() {
        assert_ne!(activation_code(), activation_code());
        assert_eq!(activation_code().len(), 19);
    }
}
