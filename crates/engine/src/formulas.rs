//! Expressions that a history evaluates day after day, each with registers of its own: what parameters decide in them is
//! worked out once a history.

use std::cell::Cell;

use equipoise_scenario::Scenario;
use equipoise_scenario::expression::{Expression, Reference};
use equipoise_scenario::scenario::{Measure, Standing};

use crate::observe::{drifts, read, stocks_read};
use crate::world::World;

/// What of a history somebody asks for; the rest is not worked out.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Of each outcome of the scenario whether it is wanted; it is NaN otherwise.
    pub outcomes: Vec<bool>,
    /// Of each series of the scenario whether it is wanted; it is NaN every day otherwise.
    pub series: Vec<bool>,
    /// Whether the causes of events are wanted; they have none otherwise.
    pub causes: bool,
}

impl Measured {
    /// Everything.
    #[must_use]
    pub fn all(scenario: &Scenario) -> Measured {
        let (outcomes, series) = (vec![true; scenario.outcomes.len()], vec![true; scenario.series.len()]);
        Measured { outcomes, series, causes: true }
    }
}

/// An expression and where its registers begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Formula<'s> {
    expression: &'s Expression,
    first: usize,
    /// Where the expression only reads one thing.
    reading: Option<Reference>,
}

impl Formula<'_> {
    /// Its value today.
    #[inline]
    pub fn value(&self, world: &World) -> f64 {
        match self.reading {
            // As in every expression, what is no number counts as 0.
            Some(reference) => Some(read(world, reference)).filter(|value| !value.is_nan()).unwrap_or(0.0),
            None => self.worked_out(world),
        }
    }

    /// What it reads.
    pub fn reads(&self) -> &[Reference] {
        self.expression.reads()
    }

    fn worked_out(&self, world: &World) -> f64 {
        self.expression.evaluate_settled(&world.registers[self.first..], |reference| read(world, reference))
    }
}

/// A formula taken down every day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drifting<'s> {
    pub formula: Formula<'s>,
    /// Whether it can change on a quiet day.
    pub drifts: bool,
}

/// The formulas of a scenario, in its own orders.
#[derive(Debug)]
pub(crate) struct Formulas<'s> {
    /// Condition of each decision.
    pub conditions: Vec<Formula<'s>>,
    /// Utility of each option of each decision.
    pub utilities: Vec<Vec<Formula<'s>>>,
    /// Daily change of each stock that has one and is read by something.
    pub stocks: Vec<Option<Formula<'s>>>,
    /// Capability and salience of each standing on each issue, of those who bargain.
    pub weights: Vec<Vec<Option<[Formula<'s>; 2]>>>,
    /// None for a series that nobody asks for.
    pub series: Vec<Option<Drifting<'s>>>,
    /// What outcomes that are asked for and are peaks are peaks of.
    pub peaks: Vec<(usize, Drifting<'s>)>,
    /// What outcomes that are asked for and are values read, and on which day.
    pub values: Vec<(usize, Formula<'s>, u32)>,
    /// Whether the causes of events are asked for.
    pub traced: bool,
    /// How many registers they have together.
    registers: usize,
}

impl<'s> Formulas<'s> {
    pub fn new(scenario: &'s Scenario, measured: &Measured) -> Formulas<'s> {
        let mut registers = 0;
        let mut place = |expression: &'s Expression| {
            let first = registers;
            registers += expression.registers();
            Formula { expression, first, reading: expression.reading() }
        };
        let drifting =
            |formula: Formula<'s>| Drifting { formula, drifts: drifts(scenario, formula.expression) };
        let outcomes = || scenario.outcomes.iter().enumerate().filter(|(o, _)| measured.outcomes[*o]);
        let last = scenario.days.saturating_sub(1);
        let day = |date| scenario.day(date).clamp(0, last.into()) as u32;
        Formulas {
            conditions: scenario.decisions.iter().map(|decision| place(&decision.when)).collect(),
            utilities: scenario
                .decisions
                .iter()
                .map(|decision| decision.options.iter().map(|option| place(&option.utility)).collect())
                .collect(),
            stocks: scenario
                .stocks
                .iter()
                .zip(stocks_read(scenario, measured))
                .map(|(stock, read)| stock.change.as_ref().filter(|_| read).map(&mut place))
                .collect(),
            weights: scenario
                .issues
                .iter()
                .map(|issue| {
                    let weight = |standing: &'s Standing| {
                        standing
                            .weight
                            .as_ref()
                            .map(|(strength, attention)| [place(strength), place(attention)])
                    };
                    issue.standings.iter().map(weight).collect()
                })
                .collect(),
            series: scenario
                .series
                .iter()
                .zip(&measured.series)
                .map(|(series, measured)| measured.then(|| drifting(place(&series.value))))
                .collect(),
            peaks: outcomes()
                .filter_map(|(o, outcome)| match &outcome.measure {
                    Measure::Peak { value } => Some((o, drifting(place(value)))),
                    _ => None,
                })
                .collect(),
            values: outcomes()
                .filter_map(|(o, outcome)| match &outcome.measure {
                    Measure::Value { value, on } => Some((o, place(value), on.map_or(last, day))),
                    _ => None,
                })
                .collect(),
            traced: measured.causes,
            registers,
        }
    }

    /// The registers of a world.
    pub fn registers(&self) -> Vec<Cell<f64>> {
        vec![Cell::new(0.0); self.registers]
    }

    /// Works out what the parameters of a new history decide.
    pub fn settle(&self, world: &World) {
        let choices = self.conditions.iter().chain(self.utilities.iter().flatten());
        let peaks = self.peaks.iter().map(|(_, peak)| peak);
        let daily = self.series.iter().flatten().chain(peaks).map(|daily| &daily.formula);
        let dated = self.values.iter().map(|(_, formula, _)| formula);
        let weights = self.weights.iter().flatten().flatten().flatten();
        for formula in choices.chain(self.stocks.iter().flatten()).chain(weights).chain(daily).chain(dated) {
            formula.expression.settle(&world.registers[formula.first..], &world.parameters);
        }
    }
}
