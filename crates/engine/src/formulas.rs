//! Expressions that a history evaluates day after day, each with registers of its own: what parameters decide in them is
//! worked out once a history.

use std::cell::Cell;

use equipoise_scenario::Scenario;
use equipoise_scenario::expression::{Expression, Reference, Sheet};
use equipoise_scenario::scenario::{Measure, Standing, StockId, Telling, Voice};

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

/// An expression with registers in the world.
#[derive(Debug, Clone)]
pub(crate) struct Formula<'s> {
    expression: &'s Expression,
    sheet: Sheet,
    /// Where its registers begin, and in which its value stands.
    first: usize,
    result: usize,
    worth: Worth,
}

/// How much there is to do for a value.
#[derive(Debug, Clone, Copy)]
enum Worth {
    /// Parameters alone decide: it stands in its register.
    Settled,
    /// It is one reading as it is.
    Reading(Reference),
    /// It is 0 where this reading is 0 or less.
    Guarded(Reference),
    Whole,
}

impl Formula<'_> {
    /// Its value today.
    #[inline]
    pub fn value(&self, world: &World) -> f64 {
        match self.worth {
            Worth::Settled => world.registers[self.result].get(),
            Worth::Reading(reference) => number(world, reference),
            Worth::Guarded(guard) if number(world, guard) <= 0.0 => 0.0,
            Worth::Guarded(_) | Worth::Whole => self.worked_out(world),
        }
    }

    /// What it reads.
    pub fn reads(&self) -> &[Reference] {
        self.expression.reads()
    }

    #[inline(never)]
    fn worked_out(&self, world: &World) -> f64 {
        self.sheet.work_out(&world.registers[self.first..], |reference| read(world, reference));
        world.registers[self.result].get()
    }
}

/// As in every expression, what is no number counts as 0.
#[inline]
fn number(world: &World, reference: Reference) -> f64 {
    let value = read(world, reference);
    if value.is_nan() { 0.0 } else { value }
}

/// Expressions that are always evaluated together.
#[derive(Debug, Clone)]
pub(crate) struct Together {
    /// As few sheets as they fit on, each with the place of its first register.
    sheets: Vec<(Sheet, usize)>,
}

impl Together {
    /// Tells the value of each of the expressions today, in their order.
    #[inline]
    pub fn tell(&self, world: &World, mut tell: impl FnMut(usize, f64)) {
        let mut at = 0;
        for (sheet, first) in &self.sheets {
            let registers = &world.registers[*first..];
            if !sheet.is_settled() {
                sheet.work_out(registers, |reference| read(world, reference));
            }
            for result in sheet.results() {
                tell(at, registers[usize::from(*result)].get());
                at += 1;
            }
        }
    }
}

/// The formulas of a voice, where it has them: when it speaks, and what it says.
#[derive(Debug, Clone)]
pub(crate) struct VoiceFormulas<'s> {
    pub when: Option<Formula<'s>>,
    pub says: Option<Formula<'s>>,
}

/// Registers in the making.
#[derive(Default)]
struct Registers(usize);

impl Registers {
    fn place(&mut self, sheet: &Sheet) -> usize {
        let first = self.0;
        self.0 += sheet.registers();
        first
    }

    fn formula<'s>(&mut self, expression: &'s Expression) -> Formula<'s> {
        let sheet = Sheet::of(&[expression]).expect("an expression that was compiled finds room");
        let first = self.place(&sheet);
        let result = first + usize::from(sheet.results()[0]);
        let worth = match (expression.reading(), expression.guard()) {
            _ if sheet.is_settled() => Worth::Settled,
            (Some(reading), _) => Worth::Reading(reading),
            (None, Some(guard)) => Worth::Guarded(guard),
            (None, None) => Worth::Whole,
        };
        Formula { expression, sheet, first, result, worth }
    }

    fn voice<'s>(&mut self, voice: &'s Voice) -> VoiceFormulas<'s> {
        let says = match &voice.says {
            Telling::Value(value) => Some(self.formula(value)),
            Telling::Account { .. } => None,
        };
        VoiceFormulas { when: voice.when.as_ref().map(|when| self.formula(when)), says }
    }

    fn together(&mut self, expressions: &[&Expression]) -> Together {
        let mut sheets = Vec::new();
        let mut rest = vec![expressions];
        while let Some(part) = rest.pop() {
            if let Some(sheet) = Sheet::of(part) {
                let first = self.place(&sheet);
                sheets.push((sheet, first));
            } else {
                let (before, after) = part.split_at(part.len() / 2);
                rest.extend([after, before]);
            }
        }
        Together { sheets }
    }
}

/// A formula taken down every day.
#[derive(Debug, Clone)]
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
    /// Utilities of the options of each decision.
    pub utilities: Vec<Together>,
    /// Stocks that have a daily change and are read by something, and those changes.
    pub changing: Vec<StockId>,
    pub changes: Together,
    /// Of each voice of each treaty.
    pub voices: Vec<Vec<VoiceFormulas<'s>>>,
    /// Position, severity, precedent, pressure and absence of each voter on resolutions.
    pub votes: Vec<Together>,
    /// Capability and salience of each standing on each issue, of those who bargain.
    pub weights: Vec<Vec<Option<[Formula<'s>; 2]>>>,
    /// Series that are asked for.
    pub series: Vec<(usize, Drifting<'s>)>,
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
        let mut registers = Registers::default();
        let drifting = |registers: &mut Registers, expression: &'s Expression| Drifting {
            formula: registers.formula(expression),
            drifts: drifts(scenario, expression),
        };
        let outcomes = || scenario.outcomes.iter().enumerate().filter(|(o, _)| measured.outcomes[*o]);
        let last = scenario.days.saturating_sub(1);
        let day = |date| scenario.day(date).clamp(0, last.into()) as u32;
        let stocks = scenario.stocks.iter().zip(stocks_read(scenario, measured)).enumerate();
        let changing: Vec<(StockId, &Expression)> = stocks
            .filter_map(|(id, (stock, read))| Some((id, stock.change.as_ref().filter(|_| read)?)))
            .collect();
        let changes = registers.together(&changing.iter().map(|(_, change)| *change).collect::<Vec<_>>());
        Formulas {
            conditions: scenario.decisions.iter().map(|decision| registers.formula(&decision.when)).collect(),
            utilities: scenario
                .decisions
                .iter()
                .map(|decision| {
                    registers
                        .together(&decision.options.iter().map(|option| &option.utility).collect::<Vec<_>>())
                })
                .collect(),
            changing: changing.into_iter().map(|(id, _)| id).collect(),
            changes,
            voices: scenario
                .treaties
                .iter()
                .map(|treaty| treaty.voices.iter().map(|voice| registers.voice(voice)).collect())
                .collect(),
            votes: scenario
                .voting
                .iter()
                .flat_map(|voting| &voting.voters)
                .map(|voter| {
                    registers.together(&[
                        &voter.position,
                        &voter.severity,
                        &voter.precedent,
                        &voter.pressure,
                        &voter.absence,
                    ])
                })
                .collect(),
            weights: scenario
                .issues
                .iter()
                .map(|issue| {
                    let weight = |standing: &'s Standing| {
                        standing.weight.as_ref().map(|(strength, attention)| {
                            [strength, attention].map(|weight| registers.formula(weight))
                        })
                    };
                    issue.standings.iter().map(weight).collect()
                })
                .collect(),
            series: scenario
                .series
                .iter()
                .enumerate()
                .filter(|(at, _)| measured.series[*at])
                .map(|(at, series)| (at, drifting(&mut registers, &series.value)))
                .collect(),
            peaks: outcomes()
                .filter_map(|(o, outcome)| match &outcome.measure {
                    Measure::Peak { value } => Some((o, drifting(&mut registers, value))),
                    _ => None,
                })
                .collect(),
            values: outcomes()
                .filter_map(|(o, outcome)| match &outcome.measure {
                    Measure::Value { value, on } => Some((o, registers.formula(value), on.map_or(last, day))),
                    _ => None,
                })
                .collect(),
            traced: measured.causes,
            registers: registers.0,
        }
    }

    /// The registers of a world.
    pub fn registers(&self) -> Vec<Cell<f64>> {
        vec![Cell::new(0.0); self.registers]
    }

    /// Works out what the parameters of a new history decide.
    pub fn settle(&self, world: &World) {
        let settle = |sheet: &Sheet, first: usize| sheet.settle(&world.registers[first..], &world.parameters);
        for (sheet, first) in
            self.utilities.iter().chain(&self.votes).chain([&self.changes]).flat_map(|all| &all.sheets)
        {
            settle(sheet, *first);
        }
        let peaks = self.peaks.iter().map(|(_, peak)| peak);
        let series = self.series.iter().map(|(_, series)| series);
        let daily = series.chain(peaks).map(|daily| &daily.formula);
        let dated = self.values.iter().map(|(_, formula, _)| formula);
        let weights = self.weights.iter().flatten().flatten().flatten();
        let voices = self.voices.iter().flatten().flat_map(|voice| voice.when.iter().chain(&voice.says));
        for formula in self.conditions.iter().chain(voices).chain(weights).chain(daily).chain(dated) {
            settle(&formula.sheet, formula.first);
        }
    }
}
