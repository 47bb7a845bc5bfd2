//! `--parity gegravity`: the figures of that package, from its own kind of files.

use std::process::ExitCode;

use equipoise_models::gravity::GravityError;
use equipoise_models::gravity::parity::{Baseline, Counterfactual, counterfactual};
use equipoise_scenario::{Diagnostics, Sheet};
use serde_json::{Value, json};

use super::files::{self, Countries, FlowRows};
use super::{GravityArgs, changes};
use crate::failure::Failure;
use crate::model::listing::{Listing, grouped};
use crate::screen::Screen;

/// Finds the package's answer.
///
/// # Errors
/// The files cannot be used; there is no answer; the output cannot be written.
pub fn parity(args: &GravityArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let (names, mut rows) = files::pairs_of_flows(&args.flows)?;
    let reference = match &args.reference {
        None => 0,
        Some(id) => names.find(id).ok_or_else(|| {
            let known: Vec<&str> = names.names.iter().map(String::as_str).collect();
            Failure::unknown("country", id, &known)
        })?,
    };
    let baseline = match &args.coefficients {
        Some(path) => estimated(&mut rows, &mut Sheet::read(path)?, &names, reference)?,
        None => {
            let (_, trade, _) = files::flows(&args.flows)?;
            Baseline::of_trade(&trade, reference).map_err(|error| files::explain(&error, &names))?
        }
    };
    let explain = |error: GravityError| files::explain(&error, &names);
    let (shock, _) = changes::read(args, &names)?.at(args.elasticity).map_err(explain)?;
    let found = counterfactual(&baseline, &shock, args.elasticity).map_err(explain)?;
    if let Some(folder) = &args.out {
        listing(&names, &found, &|value| value.to_string()).write(folder, "countries.csv")?;
        flows(&names, &found).write(folder, "flows.csv")?;
    }
    if screen.json {
        screen.print_json(&as_json(&names, &found))?;
    } else {
        screen.print(&listing(&names, &found, &|value| grouped(value, 6)).text(screen))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Cost terms from an estimated equation, totals from columns of the flows file, as the package has them.
fn estimated(
    rows: &mut FlowRows,
    coefficients: &mut Sheet,
    names: &Countries,
    reference: usize,
) -> Result<Baseline, Failure> {
    let terms = terms(&mut rows.sheet, coefficients)?;
    let n = names.names.len();
    let first_of = |sheet: &mut Sheet, own: &str, peer: &str| {
        sheet.column(own).or_else(|| sheet.column(peer)).or_else(|| sheet.required(own))
    };
    let output = first_of(&mut rows.sheet, "output", "Y");
    let expenditure = first_of(&mut rows.sheet, "expenditure", "E");
    rows.sheet.checked()?;
    let mut baseline =
        Baseline { output: vec![0.0; n], expenditure: vec![0.0; n], cost_terms: vec![0.0; n * n], reference };
    for (row, pair) in rows.pairs.iter().enumerate() {
        let log: f64 = terms
            .iter()
            .map(|(column, beta)| beta * column.map_or(1.0, |c| rows.sheet.number(row, c).unwrap_or(0.0)))
            .sum();
        baseline.cost_terms[pair.exporter * n + pair.importer] = log.exp();
        for (column, totals, country) in [
            (output, &mut baseline.output, pair.exporter),
            (expenditure, &mut baseline.expenditure, pair.importer),
        ] {
            if let Some(column) = column {
                totals[country] = rows.sheet.number(row, column).unwrap_or(0.0);
            }
        }
    }
    rows.sheet.checked()?;
    Ok(baseline)
}

/// Each coefficient with the column it belongs to; none for the constant.
fn terms(flows: &mut Sheet, coefficients: &mut Sheet) -> Result<Vec<(Option<usize>, f64)>, Diagnostics> {
    let var = coefficients
        .column("var")
        .or_else(|| coefficients.column("term"))
        .or_else(|| coefficients.required("var"));
    let beta = coefficients
        .column("beta")
        .or_else(|| coefficients.column("coefficient"))
        .or_else(|| coefficients.required("beta"));
    coefficients.checked()?;
    let (Some(var), Some(beta)) = (var, beta) else { return Ok(Vec::new()) };
    let mut terms = Vec::new();
    for row in 0..coefficients.len() {
        let name = coefficients.text(row, var).to_owned();
        let column = flows.column(&name);
        if column.is_none() && !matches!(name.as_str(), "constant" | "_cons") {
            coefficients
                .error(row, var, format!("the flows file has no column `{name}`"))
                .near(&name, flows.columns().iter().map(String::as_str));
        }
        terms.push((column, coefficients.number(row, beta).unwrap_or(0.0)));
    }
    coefficients.checked()?;
    Ok(terms)
}

fn as_json(names: &Countries, found: &Counterfactual) -> Value {
    let (old, new) = (&found.baseline, &found.experiment);
    let countries: Vec<Value> = (0..names.names.len())
        .map(|c| {
            json!({
                "id": names.names[c],
                "factory_price": found.factory_price[c],
                "price_index": new.inward[c] / old.inward[c],
                "welfare": found.real_output[c],
                "real_income": found.real_output[c],
                "welfare_statistic": found.welfare_statistic[c],
                "baseline_inward": old.inward[c],
                "experiment_inward": new.inward[c],
                "baseline_outward": old.outward[c],
                "experiment_outward": new.outward[c],
                "exports": abroad(&found.flows, c).0 / abroad(&found.baseline_flows, c).0,
                "imports": abroad(&found.flows, c).1 / abroad(&found.baseline_flows, c).1,
            })
        })
        .collect();
    json!({ "countries": countries, "iterations": found.iterations, "residual": found.residual })
}

/// What a country sells and buys abroad.
fn abroad(flows: &[f64], country: usize) -> (f64, f64) {
    let n = flows.len().isqrt();
    let others = || (0..n).filter(move |&other| other != country);
    (others().map(|o| flows[country * n + o]).sum(), others().map(|o| flows[o * n + country]).sum())
}

fn listing(names: &Countries, found: &Counterfactual, number: &dyn Fn(f64) -> String) -> Listing {
    let mut listing =
        Listing::new(["country", "factory_price", "price_index", "real_output", "welfare_statistic"]);
    for (c, name) in names.names.iter().enumerate() {
        listing.row(vec![
            name.clone(),
            number(found.factory_price[c]),
            number(found.experiment.inward[c] / found.baseline.inward[c]),
            number(found.real_output[c]),
            number(found.welfare_statistic[c]),
        ]);
    }
    listing
}

fn flows(names: &Countries, found: &Counterfactual) -> Listing {
    let n = names.names.len();
    let mut listing = Listing::new(["exporter", "importer", "old", "new"]);
    for cell in 0..n * n {
        let [from, to] = [cell / n, cell % n].map(|c| names.names[c].clone());
        listing.row(vec![from, to, found.baseline_flows[cell].to_string(), found.flows[cell].to_string()]);
    }
    listing
}
