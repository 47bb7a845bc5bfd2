//! Why: the causal chain in one history as a tree, and how common it is in all.

use super::{Style, hanging, tame};
use crate::findings::WhyTold;
use crate::wording;

/// The tree of causes, then how often the chain and the outcome come about.
pub fn why(told: &WhyTold, style: Style) -> String {
    let width = style.columns();
    let mut out = style.bold(hanging("", &tame(&told.heading), width).trim_end());
    out.push('\n');
    out.push_str(&hanging("", &tame(&told.basis), width));
    out.push('\n');
    for (i, branch) in told.tree.iter().enumerate() {
        // An event is the last at its depth if none of its depth follows before a shallower one.
        let last = |depth: usize| {
            told.tree[i + 1..].iter().take_while(|next| next.depth >= depth).all(|next| next.depth > depth)
        };
        let mut stem: String =
            (1..branch.depth).map(|depth| if last(depth) { "   " } else { "│  " }).collect();
        if branch.depth > 0 {
            stem.push_str(if last(branch.depth) { "└─ " } else { "├─ " });
        }
        let repeated = if branch.repeated { " (causes above)" } else { "" };
        let first = format!("{stem}{}  ", branch.date);
        out.push_str(&hanging(&first, &tame(&format!("{}{repeated}", branch.text)), width));
    }
    if told.histories > 0 {
        let of = |count: u64| {
            format!(
                "{} of {}",
                wording::whole(count),
                wording::counted(told.histories, "history", "histories")
            )
        };
        out.push('\n');
        out.push_str(&hanging("", &tame(&format!("{}: {}.", told.occurrence, of(told.occurs))), width));
        if !told.chain.is_empty() {
            let same = format!(
                "The same main chain, whatever the places and members: {}. Its links here: {}.",
                of(told.same_chain),
                told.chain
            );
            out.push_str(&hanging("", &tame(&same), width));
            out.push_str("\nThe commonest chains:\n");
        }
        for (chain, histories) in &told.commonest {
            out.push_str(
                &style.quiet(hanging("  ", &tame(&format!("{}: {chain}", of(*histories))), width).trim_end()),
            );
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn causes_hang_below_their_effects() {
        insta::assert_snapshot!(why(&sample::why(), Style { colour: false, width: 100 }));
    }
}
