//! What holds of the gravity model for any flows, shock and elasticity.
#![allow(clippy::unwrap_used)]

use equipoise_models::gravity::parity::{Baseline, counterfactual};
use equipoise_models::gravity::{
    Closure, Equilibrium, GravityError, Obstacle, Pair, Shock, TOLERANCE, Trade, equilibrium,
};
use proptest::prelude::*;

const CLOSURES: [Closure; 2] = [Closure::Additive, Closure::Multiplicative];

/// Flows between 2 to 7 countries over four orders of magnitude, home sales the largest.
fn worlds() -> impl Strategy<Value = Trade> {
    (2usize..8)
        .prop_flat_map(|n| {
            (Just(n), prop::collection::vec(-4.0..0.0f64, n * n), prop::collection::vec(0.0..2.0f64, n))
        })
        .prop_map(|(n, abroad, home)| {
            let flow = |cell: usize| {
                let (i, j) = (cell / n, cell % n);
                if i == j { 10f64.powf(home[i]) } else { 10f64.powf(abroad[cell]) }
            };
            Trade::new(n, (0..n * n).map(flow).collect()).unwrap()
        })
}

/// A world and a change of every trade cost.
fn shocked() -> impl Strategy<Value = (Trade, Shock, f64)> {
    worlds().prop_flat_map(|trade| {
        let n = trade.countries();
        let changes = prop::collection::vec(-0.7..0.5f64, n * n);
        (Just(trade), changes.prop_map(move |c| Shock::new(n, c).unwrap()), 1.5..9.0f64)
    })
}

/// The largest relative gap between two lists.
fn gap(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max)
}

/// Solved, unless a surplus comes to exceed output, which only the additive closure can meet.
fn solved(trade: &Trade, shock: &Shock, elasticity: f64, closure: Closure) -> Option<Equilibrium> {
    match equilibrium(trade, shock, elasticity, closure) {
        Ok(found) => Some(found),
        Err(GravityError::NotConverged { obstacle: Obstacle::Expenditure { .. }, .. })
            if closure == Closure::Additive =>
        {
            None
        }
        Err(error) => panic!("{closure:?}: {error}"),
    }
}

proptest! {
    #[test]
    fn no_shock_is_no_change(trade in worlds(), elasticity in 0.5..12.0f64) {
        let n = trade.countries();
        for closure in CLOSURES {
            let found = equilibrium(&trade, &Shock::new(n, vec![0.0; n * n]).unwrap(), elasticity, closure).unwrap();
            for change in [&found.factory_price, &found.price_index, &found.welfare] {
                prop_assert!(change.iter().all(|c| (c - 1.0).abs() < 1e-9));
            }
            prop_assert!(gap(&found.flows, trade.flows()) < 1e-9);
        }
    }

    #[test]
    fn the_unit_of_the_flows_does_not_matter((trade, shock, elasticity) in shocked(), unit in 1e-6..1e6f64) {
        let n = trade.countries();
        let other = Trade::new(n, trade.flows().iter().map(|f| f * unit).collect()).unwrap();
        for closure in CLOSURES {
            if let (Some(a), Some(b)) =
                (solved(&trade, &shock, elasticity, closure), solved(&other, &shock, elasticity, closure))
            {
                prop_assert!(gap(&a.factory_price, &b.factory_price) < 1e-8);
                prop_assert!(gap(&a.welfare, &b.welfare) < 1e-8);
            }
        }
    }

    #[test]
    fn every_market_clears_and_the_world_spends_what_it_earns((trade, shock, elasticity) in shocked()) {
        let n = trade.countries();
        for closure in CLOSURES {
            let Some(found) = solved(&trade, &shock, elasticity, closure) else { continue };
            prop_assert!(found.residual < TOLERANCE);
            for i in 0..n {
                let sold: f64 = found.flows[i * n..(i + 1) * n].iter().sum();
                let earned = trade.output()[i] * found.factory_price[i] * found.world_spending;
                prop_assert!((sold / earned - 1.0).abs() < 1e-9);
                let bought: f64 = (0..n).map(|k| found.flows[k * n + i]).sum();
                prop_assert!((bought / (trade.expenditure()[i] * found.expenditure[i]) - 1.0).abs() < 1e-9);
            }
            if closure == Closure::Additive {
                prop_assert!((found.world_spending - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn even_a_huge_shock_ends_in_cleared_markets(
        (trade, shock, elasticity) in shocked(), times in 4.0..10.0f64,
    ) {
        let n = trade.countries();
        let huge = Shock::new(n, shock.log_change().iter().map(|c| c * times).collect()).unwrap();
        let found = solved(&trade, &huge, elasticity, Closure::Multiplicative).unwrap();
        prop_assert!(found.residual < TOLERANCE);
        if let Some(found) = solved(&trade, &huge, elasticity, Closure::Additive) {
            prop_assert!(found.residual < TOLERANCE);
        }
    }

    #[test]
    fn a_symmetric_world_stays_symmetric(
        n in 2usize..9, home in 1.0..100.0f64, change in -2.0..2.0f64, elasticity in 0.5..10.0f64,
    ) {
        let square = |diagonal: f64, off: f64| -> Vec<f64> {
            (0..n * n).map(|cell| if cell / n == cell % n { diagonal } else { off }).collect()
        };
        let trade = Trade::new(n, square(home, 1.0)).unwrap();
        for closure in CLOSURES {
            let found = equilibrium(&trade, &Shock::new(n, square(0.0, change)).unwrap(), elasticity, closure).unwrap();
            for change in [&found.factory_price, &found.price_index, &found.welfare] {
                prop_assert!(change.iter().all(|c| (c - change[0]).abs() < 1e-11));
            }
        }
    }

    #[test]
    fn higher_import_costs_of_ones_own_lower_ones_welfare((trade, _, elasticity) in shocked(), dearer in -2.0..-0.05f64) {
        let n = trade.countries();
        let change = |cell: usize| if cell.is_multiple_of(n) && cell != 0 { dearer } else { 0.0 };
        let shock = Shock::new(n, (0..n * n).map(change).collect()).unwrap();
        let found = solved(&trade, &shock, elasticity, Closure::Multiplicative).unwrap();
        prop_assert!(found.welfare[0] < 1.0);
    }

    #[test]
    fn welfare_is_the_domestic_share_to_the_power_of_minus_one_over_the_elasticity((trade, shock, elasticity) in shocked()) {
        // Arkolakis, Costinot and Rodríguez-Clare 2012 (recalled), with the home cost unchanged.
        let n = trade.countries();
        let kept = (0..n * n).map(|c| if c / n == c % n { 0.0 } else { shock.log_change()[c] }).collect();
        let found = solved(&trade, &Shock::new(n, kept).unwrap(), elasticity, Closure::Multiplicative).unwrap();
        for j in 0..n {
            let old = trade.flows()[j * n + j] / trade.expenditure()[j];
            let new = found.flows[j * n + j] / (trade.expenditure()[j] * found.expenditure[j]);
            prop_assert!((found.welfare[j] / (new / old).powf(-1.0 / elasticity) - 1.0).abs() < 1e-8);
        }
    }

    #[test]
    fn the_order_of_the_countries_does_not_matter((trade, shock, elasticity) in shocked()) {
        let n = trade.countries();
        let turned = |m: &[f64]| -> Vec<f64> { (0..n * n).map(|c| m[(n - 1 - c / n) * n + n - 1 - c % n]).collect() };
        let trade_turned = Trade::new(n, turned(trade.flows())).unwrap();
        let shock_turned = Shock::new(n, turned(shock.log_change())).unwrap();
        let a = solved(&trade, &shock, elasticity, Closure::Multiplicative).unwrap();
        let mut b = solved(&trade_turned, &shock_turned, elasticity, Closure::Multiplicative).unwrap();
        b.welfare.reverse();
        prop_assert!(gap(&a.welfare, &b.welfare) < 1e-8);
    }
}

#[test]
fn a_surplus_that_can_no_longer_be_earned_is_named() {
    // Country 1 must go on lending a third of its output to country 0, to which it can hardly sell.
    let trade = Trade::new(2, vec![1.0, 1.0, 50.0, 100.0]).unwrap();
    let shock = Shock::from_pairs(2, &[Pair { exporter: 1, importer: 0, value: -30.0 }]).unwrap();
    let refused = equilibrium(&trade, &shock, 4.0, Closure::Additive);
    let named = Obstacle::Expenditure { country: 1 };
    assert!(
        matches!(refused, Err(GravityError::NotConverged { obstacle, .. }) if obstacle == named),
        "{refused:?}"
    );
    assert!(equilibrium(&trade, &shock, 4.0, Closure::Multiplicative).is_ok());
}

#[test]
fn a_shock_that_cuts_the_world_in_two_is_refused() {
    let trade = Trade::new(2, vec![10.0, 1.0, 1.0, 10.0]).unwrap();
    let shut = Shock::new(2, vec![0.0, -800.0, -800.0, 0.0]).unwrap();
    let refused = equilibrium(&trade, &shut, 4.0, Closure::Multiplicative);
    assert_eq!(refused, Err(GravityError::Unconnected { country: 1, from: 0 }));
    let never = f64::NEG_INFINITY;
    let banned = Shock::new(2, vec![0.0, never, never, 0.0]).unwrap();
    let refused = equilibrium(&trade, &banned, 4.0, Closure::Multiplicative);
    assert_eq!(refused, Err(GravityError::Unconnected { country: 1, from: 0 }));
    let nearly = Shock::new(2, vec![0.0, -60.0, -60.0, 0.0]).unwrap();
    let unpinned = equilibrium(&trade, &nearly, 4.0, Closure::Multiplicative);
    assert!(
        matches!(unpinned, Err(GravityError::NotConverged { obstacle: Obstacle::Unpinned, .. })),
        "{unpinned:?}"
    );
}

#[test]
fn a_pair_banned_altogether_trades_nothing_and_both_lose() {
    let trade = Trade::new(3, vec![50.0, 3.0, 2.0, 4.0, 70.0, 1.0, 2.0, 5.0, 20.0]).unwrap();
    let mut log_change = vec![0.0; 9];
    log_change[1] = f64::NEG_INFINITY;
    let found =
        equilibrium(&trade, &Shock::new(3, log_change.clone()).unwrap(), 4.0, Closure::Additive).unwrap();
    assert_eq!(found.flows[1], 0.0);
    assert!(found.welfare[0] < 1.0 && found.welfare[1] < 1.0, "{:?}", found.welfare);
    log_change[1] = -40.0;
    let nearly =
        equilibrium(&trade, &Shock::new(3, log_change.clone()).unwrap(), 4.0, Closure::Additive).unwrap();
    for (all, most) in found.welfare.iter().zip(&nearly.welfare) {
        assert!((all - most).abs() < 1e-9);
    }
    log_change[1] = f64::NEG_INFINITY;
    let baseline = Baseline::of_trade(&trade, 0).unwrap();
    let refused = counterfactual(&baseline, &Shock::new(3, log_change).unwrap(), 4.0);
    assert_eq!(refused, Err(GravityError::CostTerm { exporter: 0, importer: 1, value: 0.0 }));
}

#[test]
fn figures_that_no_number_holds_are_no_answer() {
    let trade = Trade::new(3, vec![50.0, 3.0, 2.0, 4.0, 70.0, 1.0, 2.0, 5.0, 20.0]).unwrap();
    let mut log_change = vec![0.0; 9];
    log_change[1] = 0.1;
    let shock = Shock::new(3, log_change).unwrap();
    let overflow = |found: Result<(), GravityError>| {
        matches!(found, Err(GravityError::NotConverged { obstacle: Obstacle::Overflow, .. }))
    };
    for closure in [Closure::Additive, Closure::Multiplicative] {
        let found = equilibrium(&trade, &shock, 1e-308, closure);
        assert!(overflow(found.clone().map(|_| ())), "{found:?}");
    }
    let baseline = Baseline::of_trade(&trade, 0).unwrap();
    let found = counterfactual(&baseline, &shock, 1e-308);
    assert!(overflow(found.clone().map(|_| ())), "{found:?}");
}

#[test]
fn a_bad_elasticity_or_a_shock_of_another_size_is_refused() {
    let trade = Trade::new(2, vec![10.0, 1.0, 1.0, 10.0]).unwrap();
    let still = Shock::new(2, vec![0.0; 4]).unwrap();
    for elasticity in [0.0, -4.0, f64::NAN, f64::INFINITY] {
        let refused = equilibrium(&trade, &still, elasticity, Closure::Additive);
        assert!(matches!(refused, Err(GravityError::Elasticity { .. })));
    }
    let wide = Shock::new(3, vec![0.0; 9]).unwrap();
    assert!(matches!(equilibrium(&trade, &wide, 4.0, Closure::Additive), Err(GravityError::Count { .. })));
}
