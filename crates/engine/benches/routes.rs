//! Planning anew on the network of the bundled scenario, as the engine has it: its contracts, netbacks and limits with every
//! parameter in the middle of its range. Run `cargo bench -p equipoise-engine --bench routes`.

use std::path::Path;

use equipoise_models::transit::Shippers;
use equipoise_scenario::Scenario;

fn main() {
    divan::main();
}

fn bundled() -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/kazakhstan-2022");
    match equipoise_scenario::load(&folder) {
        Ok(scenario) => scenario,
        Err(mistakes) => panic!("the bundled scenario does not load:\n{mistakes}"),
    }
}

/// The shippers of a scenario with a plan, and the route that carries most.
fn planned(scenario: &Scenario) -> (Shippers, usize) {
    let centres: Vec<f64> = scenario.parameters.iter().map(|parameter| parameter.draw(0.5, 0)).collect();
    let network = scenario.transit.as_ref().and_then(|transit| transit.network(&centres, &[], 0).ok());
    let Some(network) = network else { panic!("the bundled scenario has routes") };
    let mut shippers = Shippers::new(network);
    match shippers.solve() {
        Ok(flows) => {
            let busiest = (0..flows.flow.len()).max_by(|&a, &b| flows.flow[a].total_cmp(&flows.flow[b]));
            (shippers, busiest.unwrap_or(0))
        }
        Err(error) => panic!("the first plan: {error}"),
    }
}

/// The busiest route falls to a third and comes back: two plans, each from the last; half of it is one outage.
#[divan::bench]
fn bundled_outage_and_repair(bencher: divan::Bencher<'_, '_>) {
    let (mut shippers, busiest) = planned(&bundled());
    let edge = shippers.network().edges()[busiest].clone();
    bencher.bench_local(|| {
        let mut cost = 0.0;
        for share in [0.35, 1.0] {
            let set = shippers.set_edge(busiest, divan::black_box(share * edge.capacity), 0.0, edge.cost);
            let flows = set.and_then(|()| shippers.solve());
            cost += flows.map_or(f64::NAN, |flows| flows.objective);
        }
        cost
    });
}

/// The busiest route closes for good.
#[divan::bench]
fn bundled_closure(bencher: divan::Bencher<'_, '_>) {
    let (shippers, busiest) = planned(&bundled());
    bencher.with_inputs(|| shippers.clone()).bench_values(|mut shippers| {
        let closed = shippers.close(divan::black_box(busiest)).and_then(|()| shippers.solve());
        closed.map_or(f64::NAN, |flows| flows.objective)
    });
}

#[divan::bench]
fn bundled_from_scratch(bencher: divan::Bencher<'_, '_>) {
    let (shippers, _) = planned(&bundled());
    let network = shippers.network().clone();
    bencher
        .with_inputs(|| network.clone())
        .bench_values(|network| Shippers::new(network).solve().map_or(f64::NAN, |flows| flows.objective));
}
