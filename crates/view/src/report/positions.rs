//! Positions: how those of each actor on each issue spread over the histories, month by month.

use jiff::civil::Date;
use maud::{Markup, html};

use super::fans;
use crate::findings::{Fan, Findings};

pub(super) fn section(findings: &Findings) -> Markup {
    html! {
        @if !findings.positions.is_empty() {
            section id="positions" aria-labelledby="positions-heading" {
                h2 id="positions-heading" { "Positions over time" }
                (lines(&findings.positions, findings.ensemble.period))
            }
        }
    }
}

/// Every position over the whole period.
pub(super) fn lines(positions: &[Fan], (start, end): (Date, Date)) -> Markup {
    html! {
        p.quiet {
            "Where actors stand on the line of an issue from 0 to 100, over all histories: half of them in the dark band, "
            "90 % in the light one, the median as a line. A step is a round of bargaining, a shock, or a signal."
        }
        div.fans { @for fan in positions { (fans::whole_figure(fan, start, end)) } }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn positions_are_drawn_over_the_whole_period_and_left_out_where_there_are_none() {
        let mut findings = sample::findings();
        findings.positions.clear();
        assert!(section(&findings).into_string().is_empty());
        findings.positions = vec![findings.fans.remove(0)];
        let text = section(&findings).into_string();
        assert!(text.contains("frame always") && !text.contains("frame zoom"));
    }
}
