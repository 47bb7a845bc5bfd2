//! Accounts: whom each one trusts, resolved to a trust for every claim.

use super::names::Index;
use crate::diagnostic::Report;
use crate::evidence::{Account, Claim};
use crate::format::accounts_file::{AccountTable, AccountsFile, TrustTable};
use crate::format::{At, Field};

/// Reads accounts.toml; `whole` tells whether the files that list claims and sources could be read.
pub(crate) fn read(
    file: &AccountsFile,
    claims: &Index,
    sources: &Index,
    claim_items: &[Option<Claim>],
    whole: bool,
    report: &mut Report,
) -> Option<Vec<Account>> {
    let list = file.accounts.given()?;
    if list.value.is_empty() {
        report.error(list.spot, "there is no account").expected("at least one");
        return None;
    }
    Index::new("account", list.value.iter().map(|account| account.value.id.given()), report);
    let mut sum = 0.0;
    let mut credences = true;
    for account in &list.value {
        match account.value.credence.given() {
            Some(credence) if (0.0..=1.0).contains(&credence.value) => sum += credence.value,
            Some(credence) => {
                credences = false;
                report
                    .error(credence.spot, format!("the credence {} is no share", credence.value))
                    .expected("0 to 1");
            }
            None => credences = false,
        }
    }
    if credences && (sum - 1.0_f64).abs() > 1e-9 {
        let last = list.value.last().and_then(|account| account.value.credence.given());
        let sum = (sum * 1e9).round() / 1e9;
        report
            .error(last.map_or(list.spot, |credence| credence.spot), format!("the credences sum to {sum}"))
            .expected("a sum of 1");
    }
    list.value
        .iter()
        .map(|table| account(&table.value, claims, sources, claim_items, whole, report))
        .collect()
}

fn account(
    table: &AccountTable,
    claims: &Index,
    sources: &Index,
    claim_items: &[Option<Claim>],
    whole: bool,
    report: &mut Report,
) -> Option<Account> {
    let empty = Vec::new();
    let rules: Vec<&TrustTable> =
        table.trust.value().unwrap_or(&empty).iter().map(|rule| &rule.value).collect();
    let mut sound = true;
    for rule in &rules {
        sound &= check_rule(rule, claims, sources, claim_items, whole, report);
    }
    if !sound {
        return None;
    }
    let trust = |claim: &Claim| {
        let rule = rules.iter().find(|rule| matches(rule, claim, sources));
        rule.map_or(Some(claim.status.default_trust()), |rule| rule.weight.value().copied())
    };
    Some(Account {
        id: table.id.value()?.clone(),
        title: table.title.value()?.clone(),
        explanation: table.explanation.value()?.clone(),
        credence: *table.credence.value()?,
        trust: claim_items
            .iter()
            .map(|claim| claim.as_ref().map_or(Some(0.0), trust))
            .collect::<Option<_>>()?,
    })
}

/// Whether a rule names only what exists; notes what does not.
fn check_rule(
    rule: &TrustTable,
    claims: &Index,
    sources: &Index,
    claim_items: &[Option<Claim>],
    whole: bool,
    report: &mut Report,
) -> bool {
    let mut sound = true;
    if let Some(weight) = rule.weight.given().filter(|weight| !(0.0..=1.0).contains(&weight.value)) {
        report.error(weight.spot, format!("the weight {} is no share", weight.value)).expected("0 to 1");
        sound = false;
    }
    for claim in rule.claims.value().into_iter().flatten() {
        sound &= claims.get(claim, report).is_some();
    }
    for source in rule.sources.value().into_iter().flatten() {
        sound &= sources.get(source, report).is_some();
    }
    if !whole || claim_items.iter().any(Option::is_none) {
        return sound;
    }
    let mut exists = |name: &At<String>, what: &str, names: Vec<&str>| {
        if !names.contains(&name.value.as_str()) {
            report
                .error(name.spot, format!("no claim has the {what} `{}`", name.value))
                .near(&name.value, names);
            sound = false;
        }
    };
    let known = || claim_items.iter().flatten();
    if let Some(group) = rule.group.given() {
        exists(group, "group", known().map(|claim| claim.group.as_str()).collect());
    }
    for link in rule.attributions.value().into_iter().flatten() {
        exists(
            link,
            "attribution",
            known().flat_map(|claim| claim.attribution.iter().map(String::as_str)).collect(),
        );
    }
    sound
}

/// Whether every selector of a rule that is given matches the claim.
fn matches(rule: &TrustTable, claim: &Claim, sources: &Index) -> bool {
    let lists = |field: &Field<Vec<At<String>>>, test: &dyn Fn(&str) -> bool| match field {
        Field::Absent => true,
        Field::Broken => false,
        Field::Given(list) => list.value.iter().any(|name| test(&name.value)),
    };
    let group = match &rule.group {
        Field::Absent => true,
        Field::Broken => false,
        Field::Given(group) => group.value == claim.group,
    };
    let status = match &rule.statuses {
        Field::Absent => true,
        Field::Broken => false,
        Field::Given(list) => list.value.iter().any(|word| word.value.0 == claim.status),
    };
    group
        && status
        && lists(&rule.claims, &|name| name == claim.id)
        && lists(&rule.sources, &|name| sources.peek(name) == Some(claim.source))
        && lists(&rule.attributions, &|name| claim.attribution.iter().any(|link| link == name))
}
