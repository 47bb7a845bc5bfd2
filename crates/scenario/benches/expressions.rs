//! A realistic utility and a realistic condition, compiled once and evaluated many times: ours, `exmex`, `fasteval`.
//!
//! Each peer gets its values in the fastest way it offers in safe code: ours by index from a slice, `exmex` as a slice
//! in its own order of names, `fasteval` through a function of the name. `floor_rust` is the utility written in Rust,
//! the floor no interpreter can reach.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use divan::{Bencher, black_box};
use equipoise_scenario::expression::{Expected, Expression, Names, Reference};
use equipoise_scenario::unit::Unit;
use exmex::{Express, Val};
use fasteval::{Compiler, Evaler};

const UTILITY: &str = "w * (1 - l) + f * exp(-d / m) + u * a - c * b + k";
const UTILITY_NAMES: [&str; 10] = ["w", "l", "f", "d", "m", "u", "a", "c", "b", "k"];
const UTILITY_VALUES: [f64; 10] = [2.0, 0.7, 1.5, 3.0, 4.0, 0.8, 0.6, 1.2, 0.3, -0.4];

const CONDITION: &str = "p > n and s >= t and not r";
const CONDITION_FOREIGN: &str = "p > n && s >= t && r == 0";
const CONDITION_NAMES: [&str; 5] = ["p", "n", "s", "t", "r"];
const CONDITION_VALUES: [f64; 5] = [9000.0, 5000.0, 3.0, 2.5, 0.0];

fn main() {
    divan::main();
}

/// Plain numbers by these names; `r` is yes/no.
fn names(words: &[&str]) -> Names {
    let unit = |word: &str| if word == "r" { Unit::YES_NO } else { Unit::NUMBER };
    let parameters = words.iter().enumerate().map(|(i, w)| ((*w).to_owned(), (i, unit(w)))).collect();
    Names { parameters, ..Names::default() }
}

fn value_of(reference: Reference, values: &[f64]) -> f64 {
    match reference {
        Reference::Parameter(id) => values[id],
        _ => 0.0,
    }
}

/// The values in the alphabetical order in which `exmex` wants them.
fn sorted(words: &[&str], values: &[f64]) -> Vec<f64> {
    let mut pairs: Vec<_> = words.iter().zip(values).collect();
    pairs.sort_by_key(|(word, _)| **word);
    pairs.into_iter().map(|(_, value)| *value).collect()
}

fn fasteval_lookup(words: &[&str], values: &[f64]) -> impl FnMut(&str, Vec<f64>) -> Option<f64> {
    // One letter each: a table by the letter is the cheapest look-up of a name there is.
    let by_letter: HashMap<u8, f64> =
        words.iter().map(|w| w.as_bytes()[0]).zip(values.iter().copied()).collect();
    let mut table = [0.0; 256];
    for (letter, value) in by_letter {
        table[usize::from(letter)] = value;
    }
    move |name, _| Some(table[usize::from(name.as_bytes()[0])])
}

mod utility {
    use super::*;

    #[divan::bench]
    fn ours(bencher: Bencher) {
        let expression = Expression::compile(UTILITY, &names(&UTILITY_NAMES), Expected::Any).unwrap();
        let values = black_box(UTILITY_VALUES);
        bencher.bench_local(|| black_box(&expression).evaluate(|r| value_of(r, black_box(&values))));
    }

    #[divan::bench]
    fn exmex(bencher: Bencher) {
        let expression = exmex::parse::<f64>(UTILITY).unwrap();
        let values = black_box(sorted(&UTILITY_NAMES, &UTILITY_VALUES));
        bencher.bench_local(|| black_box(&expression).eval(black_box(&values)).unwrap());
    }

    #[divan::bench]
    fn fasteval(bencher: Bencher) {
        let mut slab = fasteval::Slab::new();
        let parsed = fasteval::Parser::new().parse(UTILITY, &mut slab.ps).unwrap();
        let compiled = parsed.from(&slab.ps).compile(&slab.ps, &mut slab.cs);
        let mut lookup = fasteval_lookup(&UTILITY_NAMES, &UTILITY_VALUES);
        bencher.bench_local(|| black_box(&compiled).eval(&slab, &mut lookup).unwrap());
    }

    #[divan::bench]
    fn floor_rust(bencher: Bencher) {
        let values = black_box(UTILITY_VALUES);
        bencher.bench_local(|| {
            let [w, l, f, d, m, u, a, c, b, k] = *black_box(&values);
            w * (1.0 - l) + f * (-d / m).exp() + u * a - c * b + k
        });
    }
}

mod condition {
    use super::*;

    #[divan::bench]
    fn ours(bencher: Bencher) {
        let expression = Expression::compile(CONDITION, &names(&CONDITION_NAMES), Expected::YesNo).unwrap();
        let values = black_box(CONDITION_VALUES);
        bencher.bench_local(|| black_box(&expression).evaluate(|r| value_of(r, black_box(&values))));
    }

    #[divan::bench]
    fn exmex(bencher: Bencher) {
        let expression = exmex::parse_val::<i32, f64>(CONDITION_FOREIGN).unwrap();
        let values: Vec<Val> =
            sorted(&CONDITION_NAMES, &CONDITION_VALUES).into_iter().map(Val::Float).collect();
        bencher.bench_local(|| black_box(&expression).eval(black_box(&values)).unwrap().to_bool().unwrap());
    }

    #[divan::bench]
    fn fasteval(bencher: Bencher) {
        let mut slab = fasteval::Slab::new();
        let parsed = fasteval::Parser::new().parse(CONDITION_FOREIGN, &mut slab.ps).unwrap();
        let compiled = parsed.from(&slab.ps).compile(&slab.ps, &mut slab.cs);
        let mut lookup = fasteval_lookup(&CONDITION_NAMES, &CONDITION_VALUES);
        bencher.bench_local(|| black_box(&compiled).eval(&slab, &mut lookup).unwrap());
    }
}
