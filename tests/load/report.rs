//! The table.

use crate::load::Measured;

/// A line of the table.
#[derive(Debug)]
pub(crate) struct Line {
    database: &'static str,
    what: &'static str,
    measured: Measured,
}

impl Line {
    /// What was measured on a database.
    pub(crate) fn of(database: &'static str, what: &'static str, measured: Measured) -> Self {
        println!("{database}: {what}: {} requests in {:.2} s", measured.latencies.len(), measured.lasted.as_secs_f64());
        Self { database, what, measured }
    }
}

/// Prints the lines; the ratio is against the floor of the same database, which comes first.
pub(crate) fn print(lines: &[Line]) {
    println!();
    println!(
        "{:<11} {:<40} {:>8} {:>9} {:>8} {:>8} {:>8}",
        "database", "what", "count", "a second", "of floor", "p50 ms", "p99 ms"
    );
    let mut floor = 1;
    for line in lines {
        let rate = line.measured.rate();
        if line.what.starts_with("floor") {
            floor = rate.max(1);
        }
        let milliseconds = |percent| line.measured.percentile(percent).as_secs_f64() * 1000.0;
        println!(
            "{:<11} {:<40} {:>8} {:>9} {:>7}% {:>8.2} {:>8.2}",
            line.database,
            line.what,
            line.measured.latencies.len(),
            rate,
            rate * 100 / floor,
            milliseconds(50),
            milliseconds(99),
        );
    }
}
