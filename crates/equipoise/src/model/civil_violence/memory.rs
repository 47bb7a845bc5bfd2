//! Whether there is memory enough, asked before anything is begun.

use std::fs;

use equipoise_models::civil_violence::{Crowd, Rules, Setting};

use crate::failure::Failure;

/// Where Linux says how much memory is left.
const MEMORY: &str = "/proc/meminfo";

/// Says how much memory is missing; where the system does not tell, nothing is said.
///
/// # Errors
/// More is needed than there is.
pub(super) fn check(rules: &Rules, setting: &Setting, crowd: bool, seeds: u64) -> Result<(), Failure> {
    let needed = if crowd {
        Crowd::bytes(rules, setting)
    } else {
        setting.bytes() * (rayon::current_num_threads() as u64).min(seeds) as f64
    };
    suffices(needed, "a smaller --size")
}

/// Says that these bytes are more than there are, and what to choose instead.
///
/// # Errors
/// They are.
pub(super) fn suffices(needed: f64, choose: &str) -> Result<(), Failure> {
    match fs::read_to_string(MEMORY).ok().and_then(|text| available(&text)) {
        Some(available) => enough(needed, available, choose),
        None => Ok(()),
    }
}

/// Bytes available, by the system's own account.
fn available(text: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok()? * 1024.0)
}

fn enough(needed: f64, available: f64, choose: &str) -> Result<(), Failure> {
    if needed <= available {
        return Ok(());
    }
    Err(Failure::Wrong(format!(
        "this takes about {:.1} GB of memory and {:.1} GB are available; choose {choose}",
        needed / 1e9,
        available / 1e9
    )))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn more_memory_than_there_is_is_refused_with_both_figures() {
        let text = "MemTotal:       24000000 kB\nMemAvailable:    2000000 kB\n";
        let there = available(text).unwrap();
        assert_eq!(there, 2.048e9);
        assert!(enough(2e9, there, "a smaller --size").is_ok());
        let message = enough(9.5e9, there, "a smaller --size").unwrap_err().to_string();
        assert!(message.contains("about 9.5 GB of memory and 2.0 GB are available"), "{message}");
        assert_eq!(available("nothing of the kind"), None);
    }
}
