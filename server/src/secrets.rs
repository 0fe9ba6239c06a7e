//! The keys of this installation, and what is done with them. They live in a file outside the database.

use std::fs;
use std::io::Write;
use std::path::Path;

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use data_encoding::BASE64;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// A keyed digest.
pub type Tag = [u8; 32];

/// All keys, derived from one master key of 256 bits.
#[derive(Clone)]
pub struct Secrets {
    sealing: Aes256Gcm,
    digest: Tag,
    token: Tag,
    lesson: Tag,
    claim: Tag,
    rating: Tag,
    feed: Tag,
    link: Tag,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}

/// A sealed text that cannot be opened: another key, or damaged.
#[derive(Debug, thiserror::Error)]
#[error("a sealed value cannot be opened: the key file does not belong to this database, or the value is damaged")]
pub struct CannotOpen;

impl Secrets {
    /// Reads the master key from `secret.key` in the folder; makes it at the first start, readable by its owner only.
    ///
    /// # Errors
    /// The file cannot be read or written, or does not hold a key.
    pub fn load(folder: &Path) -> std::io::Result<Self> {
        let path = folder.join("secret.key");
        match fs::read_to_string(&path) {
            Ok(text) => {
                let bytes = BASE64.decode(text.trim().as_bytes()).unwrap_or_default();
                let master: Tag = bytes.try_into().map_err(|_| {
                    std::io::Error::other(format!(
                        "{}: expected 32 bytes in base64; restore it from a back-up",
                        path.display()
                    ))
                })?;
                Ok(Self::from_master(&master))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let master: Tag = rand::random();
                write_new_private(&path, BASE64.encode(&master).as_bytes())?;
                // Two first starts at once: whoever wrote the file wins, and both read the same key.
                Self::load(folder)
            }
            Err(error) => Err(error),
        }
    }

    /// The keys that follow from a master key.
    pub fn from_master(master: &Tag) -> Self {
        let derive = |label: &str| tag(master, &[label.as_bytes()]);
        Self {
            sealing: Aes256Gcm::new(&Key::<Aes256Gcm>::from(derive("sealing"))),
            digest: derive("digest"),
            token: derive("token"),
            lesson: derive("lesson"),
            claim: derive("claim"),
            rating: derive("rating"),
            feed: derive("feed"),
            link: derive("link"),
        }
    }

    /// Encrypts with AES-256-GCM under a fresh nonce, which comes first in the result.
    pub fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; 12] = rand::random();
        let sealed = self.sealing.encrypt(&Nonce::from(nonce), plain).expect("a short text can always be encrypted");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Decrypts what [`Secrets::seal`] made.
    ///
    /// # Errors
    /// [`CannotOpen`].
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, CannotOpen> {
        let (nonce, text) = sealed.split_first_chunk::<12>().ok_or(CannotOpen)?;
        self.sealing.decrypt(&Nonce::from(*nonce), text).map_err(|_| CannotOpen)
    }

    /// A keyed digest for comparing what must not be readable in the database, such as identity numbers.
    pub fn digest(&self, text: &[u8]) -> Tag {
        tag(&self.digest, &[text])
    }

    /// The key that signs access tokens.
    pub fn token_key(&self) -> &Tag {
        &self.token
    }

    /// The key of one lesson's rotating codes; leaking it harms that lesson only.
    pub fn lesson_key(&self, lesson: uuid::Uuid) -> Tag {
        tag(&self.lesson, &[lesson.as_bytes()])
    }

    /// The keyed digest that signs a claim.
    pub fn sign_claim(&self, parts: &[&[u8]]) -> Tag {
        tag(&self.claim, parts)
    }

    /// The token of a calendar feed: 128 bits that nobody can guess who only knows the feed's id.
    pub fn feed_token(&self, feed: uuid::Uuid) -> [u8; 16] {
        let tag = tag(&self.feed, &[feed.as_bytes()]);
        *tag.first_chunk().expect("a digest is longer than a token")
    }

    /// The keyed digest that signs a link to a file, for one officer up to an instant (in milliseconds since 1970).
    pub fn sign_link(&self, officer: uuid::Uuid, file: uuid::Uuid, until: i64) -> Tag {
        tag(&self.link, &[officer.as_bytes(), file.as_bytes(), &until.to_be_bytes()])
    }

    /// The keyed digest that names a buffered rating without naming its receipt.
    pub fn rating_tag(&self, lesson: uuid::Uuid, request: uuid::Uuid) -> Tag {
        tag(&self.rating, &[lesson.as_bytes(), request.as_bytes()])
    }
}

/// HMAC-SHA-256 over parts of known length.
pub fn tag(key: &Tag, parts: &[&[u8]]) -> Tag {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> Tag {
    Sha256::digest(bytes).into()
}

/// Compares without telling by its time where two digests differ.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

fn write_new_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => {
            file.write_all(content)?;
            file.sync_all()
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_only() {
        let (ours, theirs) = (Secrets::from_master(&[1; 32]), Secrets::from_master(&[2; 32]));
        let sealed = ours.seal("13000010001".as_bytes());
        assert_ne!(sealed, ours.seal("13000010001".as_bytes()), "a nonce is never used twice");
        assert_eq!(ours.open(&sealed).expect("own key"), "13000010001".as_bytes());
        assert!(theirs.open(&sealed).is_err());
        assert!(ours.open(&sealed[..20]).is_err());
        assert!(ours.open(&[]).is_err());
    }

    #[test]
    fn a_key_is_made_once_and_kept_private() {
        let folder = std::env::temp_dir().join(format!("fingertip-key-{}", uuid::Uuid::new_v4()));
        fs::create_dir_all(&folder).expect("temporary folder");
        let first = Secrets::load(&folder).expect("made");
        let again = Secrets::load(&folder).expect("read");
        assert_eq!(first.digest(b"x"), again.digest(b"x"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.join("secret.key")).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(folder.join("secret.key"), "nonsense").expect("write");
        assert!(Secrets::load(&folder).is_err());
        fs::remove_dir_all(&folder).expect("clean");
    }
}
