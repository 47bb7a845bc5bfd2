//! What a parameter rests on, followed back to the paragraph.

use serde::Serialize;

use crate::scenario::{Basis, ParameterId, Scenario};

/// What an evidenced parameter rests on, under each account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chain {
    /// Name of the parameter.
    pub parameter: String,
    /// Id of the subject.
    pub subject: String,
    /// What the subject is, for people.
    pub title: String,
    /// Hard bounds.
    pub bounds: [f64; 2],
    /// One entry per account.
    pub accounts: Vec<ChainAccount>,
}

/// What a parameter rests on under one account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChainAccount {
    /// Id of the account.
    pub account: String,
    /// The claims it trusts, lowest values first.
    pub claims: Vec<ChainLink>,
}

/// One claim behind a parameter, back to where it was printed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChainLink {
    /// Id of the claim.
    pub claim: String,
    /// The claim in our own words.
    pub text: String,
    /// Its share of the pool.
    pub weight: f64,
    /// The interval values are drawn from.
    pub interval: [f64; 2],
    /// From the outlet to the origin.
    pub attribution: Vec<String>,
    /// Id of the source.
    pub source: String,
    /// Who published it.
    pub outlet: String,
    /// Day of publication as far as known.
    pub date: String,
    /// Paragraph(s).
    pub paragraph: String,
}

impl Scenario {
    /// What a parameter rests on; `None` for an assumption, which rests on its reason.
    pub fn chain(&self, parameter: ParameterId) -> Option<Chain> {
        let parameter = &self.parameters[parameter];
        let Basis::Evidenced { subject, bounds, pools } = &parameter.basis else {
            return None;
        };
        let link = |part: &super::PoolPart| {
            let claim = &self.evidence.claims[part.claim];
            let source = &self.evidence.sources[claim.source];
            ChainLink {
                claim: claim.id.clone(),
                text: claim.text.clone(),
                weight: part.weight,
                interval: part.interval,
                attribution: claim.attribution.clone(),
                source: source.id.clone(),
                outlet: source.outlet.clone(),
                date: source.date.clone(),
                paragraph: claim.paragraph.clone(),
            }
        };
        let accounts = self.evidence.accounts.iter().zip(pools);
        Some(Chain {
            parameter: parameter.id.clone(),
            subject: self.evidence.subjects[*subject].id.clone(),
            title: self.evidence.subjects[*subject].title.clone(),
            bounds: *bounds,
            accounts: accounts
                .map(|(account, pool)| ChainAccount {
                    account: account.id.clone(),
                    claims: pool.parts.iter().map(link).collect(),
                })
                .collect(),
        })
    }

    /// Claims (indices) that nothing in the scenario rests on: no parameter's subject, no shock, no row of the record.
    pub fn unused_claims(&self) -> Vec<usize> {
        let feeds = |subject: usize| {
            self.parameters.iter().any(|parameter| match parameter.basis {
                Basis::Evidenced { subject: its, .. } => its == subject,
                Basis::Assumption { .. } => false,
            })
        };
        (0..self.evidence.claims.len())
            .filter(|claim| !feeds(self.evidence.claims[*claim].subject))
            .filter(|claim| !self.shocks.iter().any(|shock| shock.claims.contains(claim)))
            .filter(|claim| {
                !self.record.iter().any(|row| row.claim == *claim || row.expected.contains(claim))
            })
            .collect()
    }
}
