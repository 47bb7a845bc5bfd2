//! Looking for the rules, with what is needed to tell them.

use equipoise_lab::discover::{
    DiscoverError, Discovery, Found, Inputs, PrimOptions, Recurrence, cart, of_run, plain, plain_of, prim,
    prim_choosing, resample, telling, whole_table,
};
use equipoise_lab::{LabError, Run, When};

use crate::findings::rule::{self, Named, Rule, Told, Tradeoff};

/// How rules are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Patient rule induction: boxes.
    Prim,
    /// A classification tree: its leaves.
    Cart,
}

impl Method {
    /// The word that stands for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Method::Prim => "prim",
            Method::Cart => "cart",
        }
    }
}

/// Which step of a trade-off is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The last.
    Last,
    /// The one that says most in a sentence.
    Plain,
    /// The one with this number.
    Number(usize),
}

/// How to look.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    /// By boxes or by a tree.
    pub method: Method,
    /// How boxes are peeled; the smallest mass holds for leaves too.
    pub options: PrimOptions,
    /// The density a box or leaf must reach to be told.
    pub threshold: f64,
    /// The step to tell; `None` for the last of a table and the plain one of a run, there among the inputs that matter most.
    pub step: Option<Which>,
    /// Random halves of the rows in which a box is looked for again.
    pub resample: u32,
    /// Seed of the halves.
    pub seed: u64,
}

impl Search {
    /// Whether a box in these inputs is as dense as is asked, or any will do.
    fn reaches(&self, inputs: &Inputs, happens: &[bool]) -> bool {
        let options = PrimOptions { boxes: 1, ..self.options };
        let dense = |found: &Found| found.steps.iter().any(|step| step.density >= self.threshold);
        self.threshold <= 0.0 || prim(inputs, happens, &options).is_ok_and(|found| found.iter().any(dense))
    }
}

/// A table with an outcome, and how its parts are called.
#[derive(Debug)]
pub struct Question {
    /// The inputs of each row.
    pub inputs: Inputs,
    /// Whether it happens in each row.
    pub happens: Vec<bool>,
    /// How inputs are called in sentences.
    pub named: Vec<Named>,
    /// What happens, as a clause.
    pub clause: String,
    /// What its rows are.
    pub noun: &'static str,
    /// Columns that say nothing.
    pub ignored: Vec<String>,
}

impl Question {
    /// Under which accounts and parameters of a run `when` holds.
    ///
    /// # Errors
    /// A table of the run cannot be read.
    pub fn of_run(run: &Run, when: &When, search: &Search) -> Result<Question, LabError> {
        let mut discovery = of_run(run)?;
        let happens = Discovery::happens(run, when)?;
        if search.step.is_none() && search.method == Method::Prim {
            // What cannot be used is told by the search itself.
            let telling = telling(&discovery.inputs, &happens, &search.options).unwrap_or_default();
            let few = discovery.only(&telling);
            // A few inputs say it shortest, where they say it as surely as is asked.
            if search.reaches(&few.inputs, &happens) {
                discovery = few;
            }
        }
        Ok(Question {
            happens,
            named: rule::named(run.scenario(), &discovery),
            clause: rule::clause(run.scenario(), when),
            noun: "histories",
            ignored: Vec::new(),
            inputs: discovery.inputs,
        })
    }
}

/// A rule with what stands behind it.
#[derive(Debug)]
pub struct Discovered {
    /// The rule in words.
    pub told: Told,
    pub(super) found: Found,
    /// The step told.
    pub(super) step: usize,
    /// How often each input is restricted again; empty if that was not asked for.
    pub(super) recurrences: Vec<Recurrence>,
}

/// Why there is nothing to tell, or no answer at all.
#[derive(Debug)]
pub enum Trouble {
    /// The answer is that nothing tells when.
    Nothing {
        /// Why.
        why: String,
        /// The greatest density found, where rules were found at all.
        densest: Option<f64>,
    },
    /// The table or the search cannot be used: why.
    Wrong(String),
}

impl From<DiscoverError> for Trouble {
    fn from(error: DiscoverError) -> Trouble {
        match error {
            DiscoverError::Constant { .. } => Trouble::Nothing { why: error.to_string(), densest: None },
            other => Trouble::Wrong(other.to_string()),
        }
    }
}

/// Looks for the rules that are dense enough.
///
/// # Errors
/// There are none, or the question cannot be asked in this way.
pub fn discover(question: &Question, search: &Search) -> Result<Vec<Discovered>, Trouble> {
    let threshold = search.threshold;
    if !(0.0..=1.0).contains(&threshold) {
        return Err(Trouble::Wrong(format!("the threshold is {threshold}, but must be from 0 to 1")));
    }
    let all = match search.method {
        Method::Prim => boxes(question, search)?,
        Method::Cart => leaves(question, search)?,
    };
    let why = unreached(search, &all);
    // Covering ends with the first box that is too thin; leaves of a tree stand beside each other.
    let dense = |one: &Discovered| one.told.rule.density >= threshold;
    let kept: Vec<Discovered> = match search.method {
        Method::Prim => all.into_iter().take_while(dense).collect(),
        Method::Cart => all.into_iter().filter(dense).collect(),
    };
    if kept.is_empty() {
        return Err(why);
    }
    Ok(kept)
}

/// That nothing told is dense enough, with how dense it comes: of boxes, along the trade-off of the first.
fn unreached(search: &Search, all: &[Discovered]) -> Trouble {
    let threshold = search.threshold;
    let most = |all: &[Discovered]| {
        let steps = all.iter().flat_map(|one| &one.found.steps);
        steps.map(|step| step.density).fold(0.0, f64::max)
    };
    let (what, densest) = match search.method {
        Method::Prim => ("box", most(&all[..all.len().min(1)])),
        Method::Cart => ("leaf", most(all)),
    };
    let why = match (search.step, all.first()) {
        (Some(Which::Number(step)), Some(first)) => format!(
            "step {step} does not reach a density of {threshold}; it has {:.3}, and the densest step {densest:.3}",
            first.told.rule.density
        ),
        _ => format!("no {what} reaches a density of {threshold}; the densest has {densest:.3}"),
    };
    Trouble::Nothing { why, densest: Some(densest) }
}

fn boxes(question: &Question, search: &Search) -> Result<Vec<Discovered>, Trouble> {
    let Question { inputs, happens, .. } = question;
    let mut all = Vec::new();
    let choose = |found: &Found| step(question, search, found);
    for (found, step) in prim_choosing(inputs, happens, &search.options, choose)? {
        let recurrences = if search.resample == 0 {
            Vec::new()
        } else {
            resample(inputs, happens, &found, step, &search.options, search.resample, search.seed)
        };
        let recurs = |name: &str| {
            let of = recurrences.iter().find(|one| inputs.columns()[one.input].name == name)?;
            Some([of.at_coverage, of.at_density])
        };
        let rule = rule_of(question, &found, step);
        let restricted = &found.steps[step].restricted;
        let recurs = restricted.iter().map(|&at| recurs(&inputs.columns()[at].name)).collect();
        let tradeoff = Tradeoff::of(&found, step);
        all.push(Discovered { told: Told { rule, recurs, tradeoff }, found, step, recurrences });
    }
    Ok(all)
}

/// The leaves of the tree, the densest first; among equals the one that covers most.
fn leaves(question: &Question, search: &Search) -> Result<Vec<Discovered>, Trouble> {
    let Question { inputs, happens, .. } = question;
    let leaves = cart(inputs, happens, search.options.mass_min)?;
    let told = leaves.into_iter().map(|leaf| {
        let found =
            Found { whole: whole_table(inputs), steps: vec![leaf], among: (0..inputs.rows()).collect() };
        let rule = rule_of(question, &found, 0);
        let told = Told { rule, recurs: Vec::new(), tradeoff: Vec::new() };
        Discovered { told, found, step: 0, recurrences: Vec::new() }
    });
    let mut leaves: Vec<Discovered> = told.collect();
    leaves.sort_by(|a, b| {
        let (a, b) = (&a.told.rule, &b.told.rule);
        b.density.total_cmp(&a.density).then(b.coverage.total_cmp(&a.coverage))
    });
    Ok(leaves)
}

fn rule_of(question: &Question, found: &Found, step: usize) -> Rule {
    let Question { inputs, happens, named, clause, noun, .. } = question;
    Rule::of(clause.clone(), noun, named, inputs, happens, found, step)
}

/// The step to tell, an index into those of the box: one that reaches the threshold where any does, but a number that
/// was asked for is taken at its word. A last step that reaches it is the box that EMA Workbench finds.
fn step(question: &Question, search: &Search, found: &Found) -> Result<usize, Trouble> {
    let otherwise = if question.noun == "histories" { Which::Plain } else { Which::Last };
    let Question { inputs, happens, .. } = question;
    let last = found.last_step();
    let dense: Vec<usize> = (0..=last).filter(|&at| found.steps[at].density >= search.threshold).collect();
    match search.step.unwrap_or(otherwise) {
        Which::Last => Ok(dense.last().copied().unwrap_or(last)),
        Which::Plain if dense.is_empty() => Ok(plain(inputs, happens, found)),
        Which::Plain => {
            let without = if dense[0] == 0 { 0 } else { dense[dense.len() - 1] };
            Ok(plain_of(inputs, happens, found, dense.iter().copied()).unwrap_or(without))
        }
        Which::Number(step) if step <= last => Ok(step),
        // What the first box leaves often has a shorter trade-off.
        Which::Number(_) if found.among.len() < happens.len() => Ok(last),
        Which::Number(step) => Err(Trouble::Wrong(format!(
            "there is no step `{step}` in this trade-off; say last, plain, or a number from 0 to {last}"
        ))),
    }
}
