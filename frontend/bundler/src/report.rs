//! The size table and the budget.

use anyhow::ensure;
use std::fmt::Write;

/// One line of the table; sizes in bytes.
pub(crate) struct Weight {
    pub(crate) path: String,
    pub(crate) raw: usize,
    pub(crate) brotli: Option<usize>,
    /// The most that the compressed file may weigh.
    pub(crate) budget: Option<usize>,
}

/// The table as text, the heaviest file first.
pub(crate) fn table(weights: &[Weight]) -> String {
    let mut ordered = weights.iter().collect::<Vec<_>>();
    ordered.sort_by_key(|weight| std::cmp::Reverse(weight.raw));
    let mut text = format!("{:<44} {:>10} {:>10} {:>10}\n", "file", "raw", "brotli", "budget");
    for weight in ordered {
        let cell = |size: Option<usize>| size.map_or_else(|| "-".to_owned(), kilobytes);
        let _ = writeln!(
            text,
            "{:<44} {:>10} {:>10} {:>10}",
            weight.path,
            kilobytes(weight.raw),
            cell(weight.brotli),
            cell(weight.budget)
        );
    }
    text
}

/// # Errors
/// Names every file that is heavier than its budget.
pub(crate) fn check(weights: &[Weight]) -> anyhow::Result<()> {
    let heavy = weights
        .iter()
        .filter_map(|weight| {
            let (size, budget) = weight.brotli.zip(weight.budget)?;
            (size > budget).then(|| format!("{} is {} of at most {}", weight.path, kilobytes(size), kilobytes(budget)))
        })
        .collect::<Vec<_>>();
    ensure!(heavy.is_empty(), "past the size budget: {}", heavy.join("; "));
    Ok(())
}

/// Thousands of bytes with one decimal, rounded up: a budget is not kept by rounding.
fn kilobytes(bytes: usize) -> String {
    let tenths = bytes.div_ceil(100);
    format!("{}.{} KB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(brotli: usize) -> Weight {
        Weight { path: "assets/app.css".to_owned(), raw: 40_000, brotli: Some(brotli), budget: Some(15_000) }
    }

    #[test]
    fn the_budget_is_a_limit() {
        assert!(check(&[weight(15_000)]).is_ok());
        let refusal = check(&[weight(15_001)]).unwrap_err().to_string();
        assert_eq!(refusal, "past the size budget: assets/app.css is 15.1 KB of at most 15.0 KB");
    }
}
