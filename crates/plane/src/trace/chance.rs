//! How likely it is that so many rows are found by chance.

/// The decimal logarithm of the probability that of `rows` rows at least `found` are found, when each is found by chance
/// with probability `each` on average.
///
/// The rows have chances of their own; among all of one average the tail is largest when all are alike (Hoeffding 1956,
/// for `found` at or above the expected number and one more), so this says never too little there.
pub(super) fn tail_log10(rows: u64, found: u64, each: f64) -> f64 {
    if found == 0 || each >= 1.0 {
        return 0.0;
    }
    if found > rows || each <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let (n, p) = (real(rows), each);
    // The first term, and the others as multiples of it: each is the one before times (n-k)/(k+1) · p/(1-p).
    let first = ln_factorial(rows) - ln_factorial(found) - ln_factorial(rows - found)
        + real(found) * p.ln()
        + (n - real(found)) * (-p).ln_1p();
    let (mut sum, mut term, mut k) = (1.0_f64, 1.0_f64, found);
    while k < rows {
        term *= real(rows - k) / real(k + 1) * p / (1.0 - p);
        sum += term;
        k += 1;
        if term < sum * 1e-12 && real(k) > n * p {
            break;
        }
        // Below the expected number the terms grow; what is that likely needs no figure.
        if sum > 1e200 {
            return 0.0;
        }
    }
    ((first + sum.ln()) / std::f64::consts::LN_10).min(0.0)
}

/// `ln n!`, by Stirling's series above a few.
fn ln_factorial(n: u64) -> f64 {
    if n < 32 {
        return (2..=n).map(|k| real(k).ln()).sum();
    }
    let x = real(n);
    let series = 1.0 / (12.0 * x) - 1.0 / (360.0 * x.powi(3)) + 1.0 / (1260.0 * x.powi(5));
    x * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI * x).ln() + series
}

/// The binary logarithm of `k` out of `n` with regard to order on one side only: in how many ways `cells` cells of one row
/// can be paired with cells of another of `others`.
pub(super) fn pairings_log2(cells: u64, others: u64, paired: u64) -> f64 {
    let choose = |n: u64| ln_factorial(n) - ln_factorial(paired) - ln_factorial(n.saturating_sub(paired));
    (choose(cells) + choose(others) + ln_factorial(paired)) / std::f64::consts::LN_2
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
pub(super) fn real(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6 * expected.abs().max(1e-3), "{found} is not {expected}");
    }

    #[test]
    fn tails_are_those_of_the_binomial_distribution() {
        // Computed by hand: 1 - 0.9^3; 3·0.01·0.9 + 0.001; 0.5^100; and of 50 each 1e-6, one or more.
        close(tail_log10(3, 1, 0.1), 0.271_f64.log10());
        close(tail_log10(3, 2, 0.1), 0.028_f64.log10());
        close(tail_log10(100, 100, 0.5), 100.0 * 0.5_f64.log10());
        close(tail_log10(50, 1, 1e-6), 4.999_877_5e-5_f64.log10());
        close(tail_log10(1_000, 1, 0.5), 0.0);
        assert_eq!(tail_log10(50, 0, 1e-6), 0.0);
        assert_eq!(tail_log10(50, 10, 1.0), 0.0);
        assert!(tail_log10(50, 50, 1e-9) < -440.0);
    }

    #[test]
    fn pairings_are_counted() {
        close(pairings_log2(4, 4, 2), 72_f64.log2());
        close(pairings_log2(1, 8, 1), 3.0);
        close(pairings_log2(3, 3, 3), 6_f64.log2());
    }
}
