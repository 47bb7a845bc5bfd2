//! Bargaining over issues.

use std::collections::HashMap;
use std::str::FromStr;

use equipoise_models::bargaining::{Actors, eum, smp};
use equipoise_models::noise::Noise;
use pyo3::prelude::*;
use serde_json::json;

use super::{Answer, chosen, table};
use crate::failure::{ModelError, of_model};
use crate::table::{Column, Table};
use crate::watch::attend;

/// Actors as columns; positions and saliences have a row for each actor and a column for each dimension.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Columns {
    actor: Vec<String>,
    capability: Vec<f64>,
    position: Vec<Vec<f64>>,
    salience: Vec<Vec<f64>>,
}

impl Columns {
    fn actors(self) -> PyResult<Actors> {
        Actors::new(self.actor, self.capability, self.position, self.salience).map_err(of_model)
    }
}

/// The Spatial Model of Politics; options by name, those of KTAB where none is given.
#[pyfunction]
pub fn bargaining_smp(
    py: Python<'_>,
    columns: Columns,
    options: HashMap<String, String>,
    most_turns: usize,
    quiet_share: f64,
    seed: Option<u64>,
) -> PyResult<Answer> {
    let actors = columns.actors()?;
    let mut chosen = smp::Options { most_turns, quiet_share, ..smp::Options::default() };
    for (name, value) in &options {
        match name.as_str() {
            "voting_rule" => chosen.voting_rule = named(value)?,
            "victory_model" => chosen.victory_model = named(value)?,
            "equilibrium" => chosen.equilibrium = named(value)?,
            "third_party" => chosen.third_party = named(value)?,
            "risk_range" => chosen.risk_range = named(value)?,
            "risk_adjust" => chosen.risk_adjust = named(value)?,
            "interpolation" => chosen.interpolation = named(value)?,
            "bargain_model" => chosen.bargain_model = named(value)?,
            "receiver_estimate" => chosen.receiver_estimate = named(value)?,
            other => return Err(ModelError::new_err(format!("there is no option `{other}`"))),
        }
    }
    if let Some(seed) = seed {
        chosen.transition = smp::Transition::Stochastic(Noise::new(seed, 0));
    }
    let (actors, run) = attend(py, None, move |_| {
        let run = smp::run(&actors, &chosen).map_err(of_model)?;
        Ok((actors, run))
    })?;
    let told = json!({ "turns": run.turns.len() - 1, "at_rest": run.quiet });
    let turns: Vec<Turn> = run
        .turns
        .iter()
        .map(|turn| Turn {
            positions: turn.positions.clone(),
            figures: vec![turn.risk.clone(), turn.win_probability.clone()],
        })
        .collect();
    let positions = positions(actors.names(), &turns, &["risk", "win_probability"])?;
    let means: Vec<Vec<f64>> = run.turns.iter().map(|turn| actors.weighted_mean(&turn.positions)).collect();
    Ok((told.to_string(), vec![("positions", positions), ("means", of_means(&means)?)]))
}

/// The Expected Utility Model on one issue.
#[pyfunction]
pub fn bargaining_eum(py: Python<'_>, columns: Columns, variant: &str, rounds: usize) -> PyResult<Answer> {
    let actors = columns.actors()?;
    if actors.dimensions() != 1 {
        let dimensions = actors.dimensions();
        let why = format!("the model knows one dimension, and positions have {dimensions}; give each alone");
        return Err(ModelError::new_err(why));
    }
    let options = chosen("variant", variant, eum::Options::NAMED)?;
    let (actors, turns) = attend(py, None, move |_| {
        let turns = eum::run(&actors, &options, rounds).map_err(of_model)?;
        Ok((actors, turns))
    })?;
    let at_rest = turns.len() < 2 || turns[turns.len() - 1].positions == turns[turns.len() - 2].positions;
    let told = json!({ "turns": turns.len() - 1, "at_rest": at_rest });
    let rows: Vec<Turn> = turns
        .iter()
        .map(|turn| Turn {
            positions: turn.positions.iter().map(|position| vec![*position]).collect(),
            figures: vec![turn.risk.clone()],
        })
        .collect();
    let medians = table(vec![
        ("turn", Column::Whole((0..turns.len() as i64).collect())),
        ("median", Column::Numbers(turns.iter().map(|turn| turn.median).collect())),
        ("mean", Column::Numbers(turns.iter().map(|turn| turn.mean).collect())),
    ])?;
    let positions = positions(actors.names(), &rows, &["risk"])?;
    Ok((told.to_string(), vec![("positions", positions), ("means", medians)]))
}

fn named<T: FromStr<Err: std::fmt::Display>>(value: &str) -> PyResult<T> {
    value.parse().map_err(of_model)
}

/// A turn as rows of a table: positions, and figures by actor.
struct Turn {
    positions: Vec<Vec<f64>>,
    figures: Vec<Vec<f64>>,
}

/// One row per turn, actor and dimension.
fn positions(names: &[String], turns: &[Turn], figures: &[&str]) -> PyResult<Table> {
    let (mut turn, mut actor, mut dimension, mut position) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); figures.len()];
    for (number, one) in (0..).zip(turns) {
        for (at, name) in names.iter().enumerate() {
            for (k, value) in (1..).zip(&one.positions[at]) {
                turn.push(number);
                actor.push(name.clone());
                dimension.push(k);
                position.push(*value);
                for (column, figure) in values.iter_mut().zip(&one.figures) {
                    column.push(figure[at]);
                }
            }
        }
    }
    let mut columns = vec![
        ("turn", Column::Whole(turn)),
        ("actor", Column::Words(actor)),
        ("dimension", Column::Whole(dimension)),
        ("position", Column::Numbers(position)),
    ];
    columns.extend(figures.iter().copied().zip(values.into_iter().map(Column::Numbers)));
    table(columns)
}

/// Means weighted by capability and salience: one row per turn and dimension.
fn of_means(means: &[Vec<f64>]) -> PyResult<Table> {
    let rows =
        || (0..).zip(means).flat_map(|(turn, mean)| (1..).zip(mean).map(move |(k, value)| (turn, k, *value)));
    table(vec![
        ("turn", Column::Whole(rows().map(|(turn, ..)| turn).collect())),
        ("dimension", Column::Whole(rows().map(|(_, k, _)| k).collect())),
        ("mean", Column::Numbers(rows().map(|(.., value)| value).collect())),
    ])
}
