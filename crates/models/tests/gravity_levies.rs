//! What holds where part of what buyers pay is kept: tariffs, ways round a ban, customs unions, and the spread of results.
#![allow(clippy::unwrap_used)]

use equipoise_models::gravity::{
    Ban, Closure, CustomsUnion, Equilibrium, GravityError, Levy, Pair, Shock, ThirdState, Trade,
    elasticities, equilibrium, equilibrium_with_levies, spread, tariff_log_change,
};
use proptest::prelude::*;

const THETA: f64 = 4.0;
const CLOSURES: [Closure; 2] = [Closure::Additive, Closure::Multiplicative];

/// Four countries of unlike sizes with unlike balances.
fn world() -> Trade {
    let flows = vec![
        80.0, 6.0, 4.0, 2.0, //
        5.0, 120.0, 9.0, 3.0, //
        6.0, 8.0, 200.0, 7.0, //
        1.0, 3.0, 5.0, 40.0,
    ];
    Trade::new(4, flows).unwrap()
}

/// Tariffs of up to a third on every pair, before and after.
fn tariffs() -> impl Strategy<Value = (Shock, Vec<Levy>)> {
    prop::collection::vec((0.0..0.33f64, 0.0..0.33f64), 16).prop_map(|rates| {
        let mut log_change = vec![0.0; 16];
        let mut levies = Vec::new();
        for (cell, (old, new)) in rates.into_iter().enumerate().filter(|(cell, _)| cell / 4 != cell % 4) {
            log_change[cell] = tariff_log_change(THETA, old, new).unwrap();
            levies.push(Levy::tariff(cell / 4, cell % 4, old, new).unwrap());
        }
        (Shock::new(4, log_change).unwrap(), levies)
    })
}

fn still() -> Shock {
    Shock::new(4, vec![0.0; 16]).unwrap()
}

/// Country 0 raises a tariff on all imports, with its revenue kept or wasted.
fn tariff_of_country_0(rate: f64, kept: bool) -> Equilibrium {
    let pairs: Vec<Pair> = (1..4)
        .map(|exporter| Pair { exporter, importer: 0, value: tariff_log_change(THETA, 0.0, rate).unwrap() })
        .collect();
    let levies: Vec<Levy> = (1..4).map(|exporter| Levy::tariff(exporter, 0, 0.0, rate).unwrap()).collect();
    let levies = if kept { levies } else { vec![] };
    let shock = Shock::from_pairs(4, &pairs).unwrap();
    equilibrium_with_levies(&world(), &shock, &levies, THETA, Closure::Multiplicative).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn tariffs_that_stay_change_nothing((_, levies) in tariffs()) {
        let same: Vec<Levy> = levies.iter().map(|l| Levy { new_share: l.old_share, ..*l }).collect();
        for closure in CLOSURES {
            let found = equilibrium_with_levies(&world(), &still(), &same, THETA, closure).unwrap();
            prop_assert!(found.welfare.iter().all(|w| (w - 1.0).abs() < 1e-10));
            prop_assert!(found.flows.iter().zip(world().flows()).all(|(a, b)| (a / b - 1.0).abs() < 1e-9));
        }
    }

    #[test]
    fn exporters_get_what_buyers_do_not_leave_with_the_state((shock, levies) in tariffs()) {
        let trade = world();
        for closure in CLOSURES {
            let found = equilibrium_with_levies(&trade, &shock, &levies, THETA, closure).unwrap();
            let scale = found.world_spending;
            for i in 0..4 {
                let sold: f64 = found.flows[4 * i..4 * i + 4].iter().sum();
                prop_assert!((sold / (trade.output()[i] * found.factory_price[i] * scale) - 1.0).abs() < 1e-9);
                // Revenue is the tariff on what is bought.
                let revenue: f64 = levies
                    .iter()
                    .filter(|l| l.keeper == i)
                    .map(|l| l.new_share / (1.0 - l.new_share) * found.flows[4 * l.exporter + i])
                    .sum();
                prop_assert!((found.kept[i] - revenue).abs() < 1e-9 * trade.output()[i]);
                // What is bought, tariffs included, is what is spent.
                let bought: f64 = (0..4).map(|k| found.flows[4 * k + i]).sum::<f64>() + revenue;
                let before: f64 = (0..4).map(|k| trade.flows()[4 * k + i]).sum::<f64>()
                    + levies.iter().filter(|l| l.keeper == i)
                        .map(|l| l.old_share / (1.0 - l.old_share) * trade.flows()[4 * l.exporter + i]).sum::<f64>();
                prop_assert!((bought / before / found.expenditure[i] - 1.0).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn leaving_a_union_and_joining_it_again_changes_nothing(
        own in 0.0..0.3f64, external in 0.0..0.3f64, agreement in 0.0..0.6f64,
    ) {
        let union = CustomsUnion { members: vec![0, 2], agreement, external_tariff: external };
        let (shock, levies) = union.leave(0, own, 4, THETA).unwrap();
        let alone = CustomsUnion { members: vec![2], ..union };
        let (back, back_levies) = alone.join(0, own, 4, THETA).unwrap();
        let left = equilibrium_with_levies(&world(), &shock, &levies, THETA, Closure::Additive).unwrap();
        let without = Trade::new(4, left.flows.clone()).unwrap();
        let again = equilibrium_with_levies(&without, &back, &back_levies, THETA, Closure::Additive).unwrap();
        for (out, back) in left.welfare.iter().zip(&again.welfare) {
            prop_assert!((out * back - 1.0).abs() < 1e-9);
        }
    }
}

#[test]
fn a_small_tariff_pays_if_its_revenue_is_kept_and_never_if_it_is_wasted() {
    // The optimal tariff of the Armington model is positive (Gros 1987, recalled).
    assert!(tariff_of_country_0(0.05, true).welfare[0] > 1.0);
    assert!(tariff_of_country_0(0.05, false).welfare[0] < 1.0);
    assert!(tariff_of_country_0(2.0, true).welfare[0] < tariff_of_country_0(0.2, true).welfare[0]);
    assert!(tariff_of_country_0(0.05, true).welfare[1..].iter().all(|w| *w < 1.0));
}

#[test]
fn without_levies_nothing_is_kept_and_the_answer_is_the_plain_one() {
    let shock = Shock::from_pairs(4, &[Pair { exporter: 1, importer: 2, value: -0.5 }]).unwrap();
    let plain = equilibrium(&world(), &shock, THETA, Closure::Additive).unwrap();
    assert_eq!(plain.kept, [0.0; 4]);
    let none = Levy { exporter: 1, importer: 2, keeper: 3, old_share: 0.0, new_share: 0.0 };
    let same = equilibrium_with_levies(&world(), &shock, &[none], THETA, Closure::Additive).unwrap();
    assert!(plain.welfare.iter().zip(&same.welfare).all(|(a, b)| (a - b).abs() < 1e-12));
}

/// Country 0 is banned from selling to country 1; country 3 lets goods pass as far as it does not comply.
fn evaded(compliance_share: f64) -> Equilibrium {
    let way =
        ThirdState { country: 3, reach_share: 0.8, cost_factor: 1.15, compliance_share, earned_share: 1.0 };
    let ban =
        Ban { exporter: 1, importer: 0, covered_share: 0.9, compliance_share: 1.0, ways_round: vec![way] };
    let leak = ban.leak(THETA).unwrap();
    let shock = Shock::from_pairs(4, &[Pair { exporter: 1, importer: 0, value: leak.log_change }]).unwrap();
    equilibrium_with_levies(&world(), &shock, &leak.levies, THETA, Closure::Additive).unwrap()
}

#[test]
fn a_state_that_lets_goods_pass_earns_on_it_and_softens_the_ban() {
    let (open, closed) = (evaded(0.0), evaded(1.0));
    assert!(open.kept[3] > 0.0 && closed.kept[3] == 0.0);
    assert!(open.welfare[3] > closed.welfare[3]);
    assert!(open.welfare[0] > closed.welfare[0] && closed.welfare[0] < 1.0);
    assert!(open.flows[4] > closed.flows[4]);
}

#[test]
fn leaving_a_union_costs_the_leaver() {
    let union = CustomsUnion { members: vec![0, 2], agreement: 0.4, external_tariff: 0.06 };
    let (shock, levies) = union.leave(0, 0.06, 4, THETA).unwrap();
    let found = equilibrium_with_levies(&world(), &shock, &levies, THETA, Closure::Multiplicative).unwrap();
    assert!(found.welfare[0] < 1.0 && found.welfare[2] < 1.0);
    assert_eq!(union.leave(1, 0.06, 4, THETA), Err(GravityError::Membership { country: 1, member: false }));
    assert_eq!(union.join(2, 0.06, 4, THETA), Err(GravityError::Membership { country: 2, member: true }));
}

#[test]
fn a_wider_elasticity_gives_wider_figures_around_the_same_middle() {
    let shock = Shock::from_pairs(4, &[Pair { exporter: 1, importer: 0, value: -1.0 }]).unwrap();
    let over = |sd: f64| {
        spread(&elasticities(THETA, sd, 21).unwrap(), |theta| {
            equilibrium(&world(), &shock, theta, Closure::Additive)
        })
        .unwrap()
    };
    let (narrow, wide) = (over(0.3), over(1.2));
    let plain = equilibrium(&world(), &shock, THETA, Closure::Additive).unwrap();
    for c in 0..4 {
        assert!((wide.median.welfare[c] - plain.welfare[c]).abs() < 1e-9);
        assert!(wide.low.welfare[c] < narrow.low.welfare[c] && narrow.low.welfare[c] < plain.welfare[c]);
        assert!(wide.high.welfare[c] > narrow.high.welfare[c] && narrow.high.welfare[c] > plain.welfare[c]);
    }
}

#[test]
fn levies_that_cannot_be_are_refused() {
    let refused =
        |levies: &[Levy]| equilibrium_with_levies(&world(), &still(), levies, THETA, Closure::Additive);
    let levy = Levy { exporter: 0, importer: 1, keeper: 1, old_share: 0.6, new_share: 0.1 };
    assert!(matches!(refused(&[levy, levy]), Err(GravityError::Share { .. })));
    assert!(matches!(
        refused(&[Levy { keeper: 9, ..levy }]),
        Err(GravityError::UnknownCountry { country: 9, .. })
    ));
    assert!(matches!(refused(&[Levy { new_share: 1.0, ..levy }]), Err(GravityError::Share { .. })));
    assert!(Levy::tariff(0, 1, -0.1, 0.0).is_err());
}
