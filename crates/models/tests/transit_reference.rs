//! Flows on the oil network against the answers on which three independent solvers agree.
#![allow(clippy::unwrap_used)]

#[path = "fixtures/transit/oil_network.rs"]
mod oil_network;

use equipoise_models::transit::{
    Flows, Shippers, TransitError, dependence, double_outages, loss_without, share_through, single_outages,
};
use oil_network::{RUSSIA, cpc, network, rows};

/// What the case leaves of the pipeline's capacity.
fn case_capacity(case: &str) -> f64 {
    match case {
        "baseline" => 60_000.0,
        "cpc_spm_1_of_3" => 21_000.0,
        "cpc_closed" => 0.0,
        other => panic!("unknown case {other}"),
    }
}

fn check(found: &Flows, shippers: &Shippers, expected: &std::collections::HashMap<String, String>) {
    let number = |name: &str| expected[name].parse::<f64>().unwrap();
    assert!((found.objective - number("objective")).abs() < 1e-6, "{} for {expected:?}", found.objective);
    assert!((found.delivered - number("exported_kt")).abs() < 1e-6);
    assert!((found.total_shut_in - number("shut_in_kt")).abs() < 1e-6);
    assert!((found.mean_cost().unwrap() - number("mean_transport_cost_usd_t")).abs() < 6e-4);
    let share = share_through(shippers.network(), found).unwrap()[RUSSIA];
    assert!((share - number("share_over_russia")).abs() < 6e-5, "{share}");
}

#[test]
fn every_case_costs_what_three_solvers_say() {
    for expected in rows("summary.csv") {
        let mut shippers = Shippers::new(network(&expected["year"]));
        shippers.set_edge(cpc(), case_capacity(&expected["case"]), 0.0, 38.0).unwrap();
        check(&shippers.solve().unwrap(), &shippers, &expected);
    }
}

#[test]
fn solving_again_after_an_outage_finds_the_same_as_from_scratch_in_fewer_pivots() {
    let mut warm = Shippers::new(network("2021"));
    let cold = warm.solve().unwrap().pivots;
    for expected in rows("summary.csv").iter().filter(|r| r["year"] == "2021") {
        warm.set_edge(cpc(), case_capacity(&expected["case"]), 0.0, 38.0).unwrap();
        let found = warm.solve().unwrap();
        assert!(found.pivots < cold, "{} of {cold}", found.pivots);
        check(&found, &warm, expected);
    }
}

#[test]
fn dependence_is_the_loss_net_of_rerouting() {
    let mut shippers = Shippers::new(network("2021"));
    let planned = shippers.solve().unwrap();
    // Every way round Russia is already full, so that all that crosses it is lost.
    let loss = &dependence(&shippers).unwrap()[RUSSIA];
    let through = share_through(shippers.network(), &planned).unwrap()[RUSSIA] * planned.delivered;
    assert!((loss.delivered - through).abs() < 1e-6 && loss.suspended.is_empty());
    assert!((planned.objective + loss.netback - WITHOUT_RUSSIA).abs() < 1e-6);
    // The largest route alone can be replaced in part, and costs what the reference says.
    let pipeline = loss_without(&shippers, &[cpc()]).unwrap();
    assert!(pipeline.delivered < planned.flow[cpc()]);
    assert!((pipeline.netback - (32_517_100.0 - 2_978_300.0)).abs() < 1e-6);
}

/// What networkx 3.6.1 finds for 2021 with every edge that crosses Russia closed.
const WITHOUT_RUSSIA: f64 = 52_889_600.0;

#[test]
fn outages_are_ranked_and_two_cost_at_least_as_much_as_either() {
    let shippers = Shippers::new(network("2021"));
    let single = single_outages(&shippers).unwrap();
    assert_eq!(single.len(), shippers.network().edges().len());
    assert!(single.windows(2).all(|w| w[0].loss.netback >= w[1].loss.netback));
    let alone = |edge: usize| single.iter().find(|o| o.edges == [edge]).unwrap().loss.netback;
    let double = double_outages(&shippers).unwrap();
    assert_eq!(double.len(), 28 * 27 / 2);
    for outage in &double {
        let either = alone(outage.edges[0]).max(alone(outage.edges[1]));
        assert!(outage.loss.netback >= either - 1e-6);
    }
}

#[test]
fn a_better_netback_draws_oil_to_a_market_and_a_contract_forces_it() {
    let mut shippers = Shippers::new(network("2021"));
    let to_china = rows("edges.csv").iter().position(|r| r["to"] == "MARKET_CHN").unwrap();
    let china = shippers.network().edges()[to_china].to;
    let before = shippers.solve().unwrap();
    shippers.set_market(china, 20_000.0, -60.0).unwrap();
    let shunned = shippers.solve().unwrap();
    assert!(shunned.sold[china] < before.sold[china]);
    shippers.set_edge(to_china, 20_000.0, 9_000.0, 0.0).unwrap();
    let forced = shippers.solve().unwrap();
    assert!(forced.sold[china] >= 9_000.0 - 1e-6);
    assert!(forced.objective > shunned.objective);
    assert!(forced.contract_price[to_china] > 0.0);
}

#[test]
fn contracts_that_cannot_all_be_kept_are_named() {
    let mut shippers = Shippers::new(network("2021"));
    let listed = rows("edges.csv");
    let edge = |from: &str, to: &str| listed.iter().position(|r| r["from"] == from && r["to"] == to).unwrap();
    // 10 Mt at most reach Alashankou; a contract for 12 Mt from there cannot be kept.
    let china = edge("ALASHANKOU", "MARKET_CHN");
    shippers.set_edge(china, 20_000.0, 12_000.0, 0.0).unwrap();
    match shippers.solve() {
        Err(TransitError::Conflict { contracts, promised, possible, .. }) => {
            assert_eq!(contracts, [china]);
            assert_eq!((promised, possible), (12_000.0, 10_000.0));
        }
        other => panic!("{other:?}"),
    }
    shippers.set_edge(china, 20_000.0, 9_000.0, 0.0).unwrap();
    shippers.solve().unwrap();
    // Closing Kazakhstan's own leg to China makes that contract impossible: it rests, and is named.
    let loss = loss_without(&shippers, &[edge("ATASU", "ALASHANKOU")]).unwrap();
    assert_eq!(loss.suspended, [china]);
}
