//! What members and audience believed of an attack from abroad, day after day, and what moved them.

use equipoise_engine::Hearing;
use equipoise_models::treaty::Span;
use equipoise_scenario::Scenario;

use super::spread;

/// Days told, from the first on which any belief moved: the story is old by then.
const DAYS: usize = 61;

/// The belief of one hearer, over the histories in which anybody was told of an attack from abroad.
#[derive(Debug, Clone, PartialEq)]
pub struct Beliefs {
    /// Index of the treaty.
    pub treaty: usize,
    /// Index of the hearer: members, then audience.
    pub hearer: usize,
    /// Histories in which beliefs moved.
    pub histories: u64,
    /// Its belief so many days after beliefs first moved: mean and nine tenths of the histories that last so long.
    pub days: Vec<Span>,
    /// How far the framing moved it in all, a mean.
    pub framing: f64,
    /// How far each voice moved it in all, means, in the treaty's order.
    pub voices: Vec<f64>,
    /// Its mean belief on the last of these days by the account a history follows; none where no history does.
    pub accounts: Vec<Option<f64>>,
}

/// The beliefs of every hearer of every treaty; `heard` and `accounts` have one entry for each history. Hearers whose
/// belief never moved are told too, as long as another's did.
pub(super) fn of_histories(scenario: &Scenario, heard: &[Vec<Hearing>], accounts: &[usize]) -> Vec<Beliefs> {
    let first = |history: &[Hearing], treaty: usize| {
        let of = history.iter().filter(|hearing| hearing.treaty == treaty);
        of.filter_map(|hearing| hearing.belief.iter().position(|belief| *belief > 0.0)).min()
    };
    let mut found = Vec::new();
    for (treaty, declared) in scenario.treaties.iter().enumerate() {
        let begun: Vec<(usize, &[Hearing], usize)> = heard
            .iter()
            .zip(accounts)
            .filter_map(|(history, account)| Some((first(history, treaty)?, history.as_slice(), *account)))
            .collect();
        if begun.is_empty() {
            continue;
        }
        for hearer in 0..declared.hearers().count() {
            let own = |history: &&[Hearing]| -> Option<Hearing> {
                history.iter().find(|hearing| (hearing.treaty, hearing.hearer) == (treaty, hearer)).cloned()
            };
            let told: Vec<(usize, Hearing, usize)> = begun
                .iter()
                .filter_map(|(day, history, account)| Some((*day, own(history)?, *account)))
                .collect();
            let count = told.len().max(1) as f64;
            let day = |after: usize| -> Vec<f64> {
                let of = told.iter().filter_map(|(day, hearing, _)| hearing.belief.get(day + after));
                of.map(|belief| f64::from(*belief)).collect()
            };
            let days: Vec<Vec<f64>> = (0..DAYS).map(day).take_while(|values| !values.is_empty()).collect();
            let last = days.len().saturating_sub(1);
            let by_account = |account: usize| {
                let of = told.iter().filter(|(.., of)| *of == account);
                let values: Vec<f64> = of
                    .filter_map(|(day, hearing, _)| hearing.belief.get(day + last).copied())
                    .map(f64::from)
                    .collect();
                (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
            };
            found.push(Beliefs {
                treaty,
                hearer,
                histories: told.len() as u64,
                framing: told.iter().map(|(_, hearing, _)| hearing.framing).sum::<f64>() / count,
                voices: (0..declared.voices.len())
                    .map(|voice| {
                        told.iter().map(|(_, hearing, _)| hearing.voices[voice]).sum::<f64>() / count
                    })
                    .collect(),
                accounts: (0..scenario.evidence.accounts.len()).map(by_account).collect(),
                days: days.into_iter().map(spread).collect(),
            });
        }
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use equipoise_scenario::{load_files, template};

    use super::*;

    fn hearing(hearer: usize, belief: &[f32]) -> Hearing {
        Hearing { treaty: 0, hearer, belief: belief.to_vec(), framing: 0.4, voices: Vec::new() }
    }

    #[test]
    fn beliefs_are_counted_from_the_day_they_first_moved() {
        let files = template("Varnia").into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        let scenario = load_files("varnia", files).unwrap();
        let heard = [
            vec![hearing(0, &[0.0, 0.0, 0.8, 0.6]), hearing(1, &[0.0, 0.0, 0.0, 0.1])],
            vec![hearing(0, &[0.4, 0.2, 0.2, 0.2]), hearing(1, &[0.2, 0.2, 0.2, 0.2])],
            vec![hearing(0, &[0.0; 4]), hearing(1, &[0.0; 4])],
        ];
        let found = of_histories(&scenario, &heard, &[0, 0, 0]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].histories, 2, "in the third nobody was told of an attack");
        let means: Vec<f64> = found[0].days.iter().map(|day| (day.mean * 1e6).round() / 1e6).collect();
        assert_eq!(means, [0.6, 0.4, 0.2, 0.2]);
        assert_eq!(found[1].days.len(), 4, "days only one history lasts for are told from that one");
        assert_eq!(found[0].framing, 0.4);
    }
}
