//! The boxes of scenario discovery beside those of EMA Workbench, and what they must be in any table.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use equipoise_lab::discover::{
    DiscoverError, Input, Inputs, Limit, Objective, PrimOptions, QuasiP, Step, Values, cart, plain, prim,
    prim_choosing, quasi_p, resample,
};
use proptest::prelude::*;
use serde_json::Value;

fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/discover");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// A table whose last column is the outcome: whole numbers, numbers or names, by what its cells look like.
fn table(name: &str) -> (Inputs, Vec<bool>) {
    let text = fixture(name);
    let mut rows = text.lines().map(|line| line.split(',').collect::<Vec<&str>>());
    let header = rows.next().unwrap();
    let rows: Vec<Vec<&str>> = rows.collect();
    let last = header.len() - 1;
    let columns = header[..last].iter().enumerate().map(|(at, name)| {
        let cells: Vec<&str> = rows.iter().map(|row| row[at]).collect();
        let numbers: Option<Vec<f64>> = cells.iter().map(|cell| cell.parse().ok()).collect();
        let values = match numbers {
            Some(numbers) if cells.iter().all(|cell| cell.parse::<i64>().is_ok()) => Values::Whole(numbers),
            Some(numbers) => Values::Real(numbers),
            None => Values::levels(cells),
        };
        Input { name: (*name).to_owned(), values }
    });
    let inputs = Inputs::new(columns.collect()).unwrap();
    (inputs, rows.iter().map(|row| row[last] == "1").collect())
}

fn check_step(inputs: &Inputs, ours: &Step, tests: &[QuasiP], theirs: &Value, place: &str) {
    for (name, ours) in [("coverage", ours.coverage), ("density", ours.density), ("mass", ours.mass)] {
        assert!((ours - theirs[name].as_f64().unwrap()).abs() <= 1e-12, "{place}: {name} {ours}");
    }
    let limits = theirs["limits"].as_object().unwrap();
    assert_eq!(limits.len(), ours.restricted.len(), "{place}: {:?}", ours.restricted);
    for test in tests {
        let input = &inputs.columns()[test.input];
        let limit = limits[&input.name].as_array().unwrap();
        match (&ours.bounds[test.input], &input.values) {
            (Limit::Range { low, high }, _) => {
                for (ours, theirs) in [low, high].into_iter().zip(limit) {
                    assert!(
                        (ours - theirs.as_f64().unwrap()).abs() <= 1e-9,
                        "{place}: {} {ours}",
                        input.name
                    );
                }
            }
            (Limit::Levels(allowed), Values::Levels { names, .. }) => {
                let kept: Vec<&String> =
                    names.iter().zip(allowed).filter(|(_, yes)| **yes).map(|(name, _)| name).collect();
                assert_eq!(
                    kept,
                    limit.iter().map(|level| level.as_str().unwrap()).collect::<Vec<_>>(),
                    "{place}"
                );
            }
            _ => unreachable!(),
        }
        for (ours, theirs) in
            [test.low, test.high].iter().zip(theirs["quasi_p"][&input.name].as_array().unwrap())
        {
            let theirs = theirs.as_f64().unwrap();
            assert_eq!(ours.is_none(), theirs == -1.0, "{place}: {}", input.name);
            assert!(
                (ours.unwrap_or(-1.0) - theirs).abs() <= 1e-11,
                "{place}: {} {ours:?} {theirs}",
                input.name
            );
        }
    }
}

#[test]
fn every_step_of_every_box_is_that_of_ema_workbench() {
    let references: Value = serde_json::from_str(&fixture("ema_prim.json")).unwrap();
    let references = references.as_array().unwrap();
    assert!(references.len() > 8);
    for reference in references {
        let name = reference["name"].as_str().unwrap();
        let (inputs, happens) = table(if name == "mixed" { "mixed.csv" } else { "bryant2010.csv" });
        let option = |name: &str| reference[name].as_f64().unwrap();
        let theirs = reference["boxes"].as_array().unwrap();
        let options = PrimOptions {
            peel_alpha: option("peel_alpha"),
            paste_alpha: option("paste_alpha"),
            mass_min: option("mass_min"),
            objective: match reference["objective"].as_str().unwrap() {
                "lenient1" => Objective::Lenient1,
                "lenient2" => Objective::Lenient2,
                _ => Objective::Original,
            },
            boxes: theirs.len(),
        };
        let ours = prim(&inputs, &happens, &options).unwrap();
        assert_eq!(ours.len(), theirs.len());
        for (number, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
            let theirs = theirs.as_array().unwrap();
            assert_eq!(ours.steps.len(), theirs.len(), "{name} {options:?} box {number}");
            for (at, (step, theirs)) in ours.steps.iter().zip(theirs).enumerate() {
                let tests = quasi_p(&inputs, &happens, &ours.among, &step.bounds, &ours.whole);
                check_step(
                    &inputs,
                    step,
                    &tests,
                    theirs,
                    &format!("{name} {options:?} box {number} step {at}"),
                );
            }
        }
    }
}

#[test]
fn the_leaves_of_the_tree_are_those_of_scikit_learn() {
    let reference: Value = serde_json::from_str(&fixture("ema_cart.json")).unwrap();
    let (inputs, happens) = table("mixed.csv");
    let wanted = ["grievance", "price"];
    let columns = inputs.columns().iter().filter(|input| wanted.contains(&input.name.as_str())).cloned();
    let inputs = Inputs::new(columns.collect()).unwrap();
    let leaves = cart(&inputs, &happens, reference["mass_min"].as_f64().unwrap()).unwrap();
    let theirs = reference["leaves"].as_array().unwrap();
    assert_eq!(leaves.len(), theirs.len());
    for (leaf, theirs) in leaves.iter().zip(theirs) {
        for (name, ours) in [("coverage", leaf.coverage), ("density", leaf.density), ("mass", leaf.mass)] {
            assert!((ours - theirs[name].as_f64().unwrap()).abs() <= 1e-12, "{name}");
        }
        for (input, limit) in inputs.columns().iter().zip(&leaf.bounds) {
            let Limit::Range { low, high } = limit else { unreachable!() };
            for (ours, theirs) in
                [low, high].into_iter().zip(theirs["limits"][&input.name].as_array().unwrap())
            {
                // scikit-learn keeps inputs in single precision.
                assert!((ours - theirs.as_f64().unwrap()).abs() <= 1e-6, "{} {ours} {theirs}", input.name);
            }
        }
    }
}

#[test]
fn what_drives_the_outcome_recurs_in_half_tables_and_what_does_not_recurs_less() {
    let (inputs, happens) = table("bryant2010.csv");
    let options = PrimOptions { peel_alpha: 0.1, ..PrimOptions::default() };
    let found = prim(&inputs, &happens, &options).unwrap().remove(0);
    let recurs = resample(&inputs, &happens, &found, found.steps.len() - 1, &options, 20, 1);
    let of = |name: &str| recurs[inputs.columns().iter().position(|input| input.name == name).unwrap()];
    for driver in ["Total biomass", "Demand elasticity", "Biomass backstop price"] {
        assert!(
            of(driver).at_coverage >= 0.95 && of(driver).at_density >= 0.95,
            "{driver}: {:?}",
            of(driver)
        );
    }
    assert!(of("Oil elasticity").at_density < 0.5);
}

#[test]
fn the_plain_box_has_few_inputs_none_of_them_by_chance() {
    let (inputs, happens) = table("bryant2010.csv");
    let found = prim(&inputs, &happens, &PrimOptions::default()).unwrap().remove(0);
    let step = &found.steps[plain(&inputs, &happens, &found)];
    let names: Vec<&str> = step.restricted.iter().map(|&at| inputs.columns()[at].name.as_str()).collect();
    // The three inputs that Bryant and Lempert name.
    assert_eq!(names, ["Total biomass", "Demand elasticity", "Biomass backstop price"]);
    let tests = quasi_p(&inputs, &happens, &found.among, &step.bounds, &found.whole);
    assert!(tests.iter().all(|test| test.low.unwrap_or(1.0).min(test.high.unwrap_or(1.0)) < 0.05));
}

#[test]
fn the_next_box_is_looked_for_in_the_rows_that_the_chosen_step_leaves() {
    let (inputs, happens) = table("bryant2010.csv");
    let options = PrimOptions { peel_alpha: 0.1, boxes: 2, ..PrimOptions::default() };
    let chosen =
        prim_choosing(&inputs, &happens, &options, |found| Ok::<_, DiscoverError>(found.last_step() / 2));
    let chosen = chosen.unwrap();
    let (first, step) = &chosen[0];
    assert_eq!(chosen[1].0.among.len(), inputs.rows() - first.steps[*step].rows);
    let last = prim(&inputs, &happens, &options).unwrap();
    assert_eq!(last[1].among.len(), inputs.rows() - first.last().rows);
    assert_ne!(chosen[1].0.among, last[1].among);
}

#[test]
fn noise_has_no_plain_box_worth_the_name() {
    // A parity of whole numbers: no limit on one input says anything.
    let x: Vec<f64> = (0..400).map(|i| f64::from(i * 37 % 400) / 400.0).collect();
    let happens: Vec<bool> = (0..400).map(|i| i % 2 == 0).collect();
    let inputs = Inputs::new(vec![Input { name: "x".to_owned(), values: Values::Real(x) }]).unwrap();
    let found = prim(&inputs, &happens, &PrimOptions::default()).unwrap().remove(0);
    let step = &found.steps[plain(&inputs, &happens, &found)];
    assert!(step.restricted.is_empty() || step.density < 0.75, "{step:?}");
}

#[test]
fn tables_that_cannot_be_used_are_told_in_one_sentence() {
    let column = |values: Vec<f64>| Input { name: "x".to_owned(), values: Values::Real(values) };
    let told = |columns: Vec<Input>| Inputs::new(columns).unwrap_err().to_string();
    assert!(told(vec![]).contains("no input"));
    assert!(told(vec![column(vec![])]).contains("no row"));
    assert!(told(vec![column(vec![1.0, f64::NAN])]).contains("no finite number in row 2"));
    assert!(told(vec![column(vec![1.0]), column(vec![1.0, 2.0])]).contains("has 2 rows"));
    let inputs = Inputs::new(vec![column(vec![1.0, 2.0])]).unwrap();
    let told =
        |happens: &[bool], options: PrimOptions| prim(&inputs, happens, &options).unwrap_err().to_string();
    assert!(told(&[true, true], PrimOptions::default()).contains("every one of the 2 rows"));
    assert!(told(&[false, false], PrimOptions::default()).contains("none of the 2 rows"));
    assert!(told(&[true], PrimOptions::default()).contains("the outcome has 1 rows"));
    for alpha in [0.0, 1.0, f64::NAN] {
        let options = PrimOptions { peel_alpha: alpha, ..PrimOptions::default() };
        assert!(told(&[true, false], options).contains("alpha is"));
    }
}

proptest! {
    #[test]
    fn a_box_holds_what_it_says_and_peeling_never_makes_it_thinner(
        rows in prop::collection::vec((0.0f64..1.0, -3i32..4, 0usize..4, any::<bool>()), 6..150),
        alpha in 0.02f64..0.5, mass_min in 0.0f64..0.4,
    ) {
        let happens: Vec<bool> = rows.iter().map(|row| row.3).collect();
        prop_assume!(happens.contains(&true) && happens.contains(&false));
        let inputs = Inputs::new(vec![
            Input { name: "real".to_owned(), values: Values::Real(rows.iter().map(|row| row.0).collect()) },
            Input { name: "whole".to_owned(), values: Values::Whole(rows.iter().map(|row| f64::from(row.1)).collect()) },
            Input { name: "level".to_owned(), values: Values::levels(rows.iter().map(|row| ["a", "b", "c", "d"][row.2])) },
        ]).unwrap();
        let options = PrimOptions { peel_alpha: alpha, mass_min, boxes: 3, ..PrimOptions::default() };
        let holds = |step: &Step, row: usize| step.bounds.iter().zip(inputs.columns()).all(|(limit, input)| {
            match (limit, &input.values) {
                (Limit::Range { low, high }, Values::Real(numbers) | Values::Whole(numbers)) => (*low..=*high).contains(&numbers[row]),
                (Limit::Levels(allowed), Values::Levels { of, .. }) => allowed[of[row]],
                _ => unreachable!(),
            }
        });
        let mut taken = vec![false; rows.len()];
        for found in prim(&inputs, &happens, &options).unwrap() {
            for pair in found.steps.windows(2) {
                prop_assert!(pair[1].density > pair[0].density);
                prop_assert!(pair[1].mass >= mass_min);
            }
            for step in &found.steps {
                let inside: Vec<usize> = found.among.iter().copied().filter(|&row| holds(step, row)).collect();
                prop_assert_eq!(inside.len(), step.rows);
                prop_assert_eq!(inside.iter().filter(|&&row| happens[row]).count(), step.cases);
            }
            for &row in &found.among {
                prop_assert!(!taken[row]);
                taken[row] |= holds(found.last(), row);
            }
        }
    }
}
