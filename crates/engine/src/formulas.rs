//! Expressions that a history evaluates day after day, each with registers of its own: what parameters decide in them is
//! worked out once a history.

use std::cell::Cell;

use equipoise_scenario::Scenario;
use equipoise_scenario::expression::Expression;
use equipoise_scenario::scenario::Measure;

use crate::observe::read;
use crate::world::World;

/// An expression and where its registers begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Formula<'s> {
    expression: &'s Expression,
    first: usize,
}

impl Formula<'_> {
    /// Its value today.
    #[inline]
    pub fn value(&self, world: &World) -> f64 {
        self.expression.evaluate_settled(&world.registers[self.first..], |reference| read(world, reference))
    }
}

/// The formulas of a scenario, in its own orders.
#[derive(Debug)]
pub(crate) struct Formulas<'s> {
    /// Condition of each decision.
    pub conditions: Vec<Formula<'s>>,
    /// Utility of each option of each decision.
    pub utilities: Vec<Vec<Formula<'s>>>,
    /// Daily change of each stock that has one.
    pub stocks: Vec<Option<Formula<'s>>>,
    pub series: Vec<Formula<'s>>,
    /// Peak or value that an outcome reads.
    pub outcomes: Vec<Option<Formula<'s>>>,
    /// How many registers they have together.
    registers: usize,
}

impl<'s> Formulas<'s> {
    pub fn new(scenario: &'s Scenario) -> Formulas<'s> {
        let mut registers = 0;
        let mut place = |expression: &'s Expression| {
            let first = registers;
            registers += expression.registers();
            Formula { expression, first }
        };
        Formulas {
            conditions: scenario.decisions.iter().map(|decision| place(&decision.when)).collect(),
            utilities: scenario
                .decisions
                .iter()
                .map(|decision| decision.options.iter().map(|option| place(&option.utility)).collect())
                .collect(),
            stocks: scenario.stocks.iter().map(|stock| stock.change.as_ref().map(&mut place)).collect(),
            series: scenario.series.iter().map(|series| place(&series.value)).collect(),
            outcomes: scenario
                .outcomes
                .iter()
                .map(|outcome| match &outcome.measure {
                    Measure::Value { value, .. } | Measure::Peak { value } => Some(place(value)),
                    _ => None,
                })
                .collect(),
            registers,
        }
    }

    /// The registers of a world.
    pub fn registers(&self) -> Vec<Cell<f64>> {
        vec![Cell::new(0.0); self.registers]
    }

    /// Works out what the parameters of a new history decide.
    pub fn settle(&self, world: &World) {
        let options = self.utilities.iter().flatten();
        let read_off = self.outcomes.iter().chain(&self.stocks).flatten();
        for formula in self.conditions.iter().chain(options).chain(read_off).chain(&self.series) {
            formula.expression.settle(&world.registers[formula.first..], &world.parameters);
        }
    }
}
