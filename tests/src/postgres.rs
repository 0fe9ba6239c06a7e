//! The PostgreSQL server of a test run.

use std::process::Command;
use std::sync::OnceLock;

/// The address of the server: `TEST_POSTGRES_URL`, else one that `postgres.sh` starts and that ends with this process.
pub fn server() -> &'static str {
    static SERVER: OnceLock<String> = OnceLock::new();
    SERVER.get_or_init(|| std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty()).unwrap_or_else(start))
}

fn start() -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/postgres.sh");
    let output = Command::new("sh")
        .args([script, &std::process::id().to_string()])
        .env_remove("NEXTEST_ENV")
        .output()
        .expect("a shell can be started");
    let url = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    assert!(
        output.status.success() && url.starts_with("postgres"),
        "no PostgreSQL for the tests: {}Install PostgreSQL 14 or newer, set TEST_POSTGRES_URL, or set SKIP_POSTGRES=1",
        String::from_utf8_lossy(&output.stderr),
    );
    url
}

/// The same server, another database.
pub fn with_database(url: &str, name: &str) -> String {
    let (address, query) =
        url.split_once('?').map_or((url, String::new()), |(address, query)| (address, format!("?{query}")));
    let start = address.find("://").map_or(0, |at| at + 3);
    let end = address[start..].find('/').map_or(address.len(), |at| start + at);
    format!("{}/{name}{query}", &address[..end])
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn the_database_of_an_address_is_replaced() {
        assert_eq!(with_database("postgres://u@h:5432/postgres?host=/tmp/x", "a"), "postgres://u@h:5432/a?host=/tmp/x");
        assert_eq!(with_database("postgres://u:p@h/one", "two"), "postgres://u:p@h/two");
        assert_eq!(with_database("postgres://h", "two"), "postgres://h/two");
    }
}
