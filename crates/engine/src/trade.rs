//! Trade: which measures are in force, and what they do to trade and welfare everywhere.
//!
//! The equilibrium is that of `equipoise_models::gravity`. It is found anew only when the set of measures has changed,
//! and only on days on which something reads it: every day if a choice or a series does, else when an outcome is due.
//!
//! Ours: the focus state lets a part of what sanctions stop go round through it. With c its compliance, k its share of
//! the way round and r = f^−θ what is left of trade that goes round at cost factor f, a package that stops the share s
//! of a pair's trade leaves 1 − s + s r (1 − k c) of its trade-cost term. What then passes through the focus state pays
//! it the handling margin; this income stands beside the equilibrium and does not feed back into it.

use equipoise_models::gravity::{
    Closure, Sanction, Shock, Trade as Flows, cost_factor_log_change, equilibrium, tariff_log_change,
};
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::expression::Reference;
use equipoise_scenario::scenario::ActorId;
use equipoise_scenario::scenario::trade::{RegionId, SanctionId, SanctionPackage, Stops, Trade, UnionId};
use equipoise_scenario::vocabulary::Observable;

use crate::history::{EventId, History, NO_EVENT};
use crate::recall::{Fingerprint, Memory};
use crate::world::Traced;

const DAYS_PER_YEAR: f64 = 365.0;
const USD_PER_MUSD: f64 = 1e6;

/// Whether a reading needs the equilibrium.
pub(crate) fn is_read_by(reference: &Reference) -> bool {
    matches!(
        reference,
        Reference::World(
            Observable::Welfare
                | Observable::ExportShare
                | Observable::ImportShare
                | Observable::WayRoundIncome,
            _
        )
    )
}

/// The kind of work that is recalled; what flowed before is the scenario's.
const TRADE: u64 = 2;

/// Measures and their effects in one history.
#[derive(Debug, Clone)]
pub(crate) struct TradeState {
    pub compliance: Traced,
    /// Whether each package is in force, as 0 or 1.
    sanctions: Vec<Traced>,
    /// By union, then region: whether it belongs to it, as 0 or 1.
    members: Vec<Vec<Traced>>,
    /// By union, then region: its own tariff outside the union.
    own_tariffs: Vec<Vec<f64>>,
    changed: bool,
    cause: EventId,
    way_round_usd_per_day: f64,
    /// What concerns each actor of the scenario.
    of_actor: Vec<Figures>,
}

/// What trade means for one actor.
#[derive(Debug, Clone, Copy)]
struct Figures {
    /// Change of welfare in per cent; 0 is none.
    welfare: f64,
    /// Shares of the focus state's exports and imports.
    exports: f64,
    imports: f64,
    /// Packages against it that are in force, and the last event about one.
    packages: u32,
    sanctioned: EventId,
}

impl Figures {
    const NONE: Figures =
        Figures { welfare: 0.0, exports: 0.0, imports: 0.0, packages: 0, sanctioned: NO_EVENT };
}

impl TradeState {
    pub fn new(scenario: &Scenario, trade: &Trade) -> TradeState {
        let count = trade.regions.len();
        let nothing = Traced { value: 0.0, cause: NO_EVENT };
        TradeState {
            compliance: nothing,
            sanctions: vec![nothing; trade.sanctions.len()],
            members: vec![vec![nothing; count]; trade.unions.len()],
            own_tariffs: vec![vec![0.0; count]; trade.unions.len()],
            changed: false,
            cause: NO_EVENT,
            way_round_usd_per_day: 0.0,
            of_actor: vec![Figures::NONE; scenario.actors.len()],
        }
    }

    /// The morning of the first day.
    pub fn reset(&mut self, trade: &Trade, parameters: &[f64]) {
        let nothing = Traced { value: 0.0, cause: NO_EVENT };
        self.compliance =
            Traced { value: parameters[trade.rules.compliance].clamp(0.0, 1.0), cause: NO_EVENT };
        self.sanctions.fill(nothing);
        for (at, union) in trade.unions.iter().enumerate() {
            self.members[at].fill(nothing);
            for &member in &union.members {
                self.members[at][member].value = 1.0;
            }
            self.own_tariffs[at].fill(parameters[union.external_tariff]);
        }
        self.changed = false;
        self.cause = NO_EVENT;
        self.of_actor.fill(Figures::NONE);
        self.way_round_usd_per_day = 0.0;
        self.shares(trade, &trade.flows_musd);
    }

    /// A package comes into force or is lifted.
    pub fn sanction(
        &mut self,
        trade: &Trade,
        (package, begins): (SanctionId, bool),
        (day, cause): (u32, EventId),
        history: &mut History,
    ) {
        let value = f64::from(u8::from(begins));
        if self.sanctions[package].value == value {
            return;
        }
        let kind = if begins { EventKind::SanctionBegins } else { EventKind::SanctionEnds };
        let event = history.record(day, 0, kind, Subject::Sanction(package), 0.0, &[cause]);
        self.sanctions[package].set(value, event);
        let target = &mut self.of_actor[trade.regions[trade.sanctions[package].against].actor];
        target.packages = if begins { target.packages + 1 } else { target.packages.saturating_sub(1) };
        target.sanctioned = event;
        self.because(event);
    }

    /// The focus state enforces others' sanctions to this degree.
    pub fn comply(&mut self, level: f64, day: u32, cause: EventId, history: &mut History) {
        let level = level.clamp(0.0, 1.0);
        if level == self.compliance.value {
            return;
        }
        let event = history.record(day, 0, EventKind::ComplianceSet, Subject::Nation, level, &[cause]);
        self.compliance.set(level, event);
        self.because(event);
    }

    /// A region joins or leaves a customs union.
    pub fn membership(
        &mut self,
        (union, member): (UnionId, RegionId),
        (joins, own_tariff): (bool, f64),
        actor: ActorId,
        (day, cause): (u32, EventId),
        history: &mut History,
    ) {
        let value = f64::from(u8::from(joins));
        if self.members[union][member].value == value {
            return;
        }
        let kind = if joins { EventKind::UnionJoined } else { EventKind::UnionLeft };
        let event = history.record(day, 0, kind, Subject::Actor(actor), 0.0, &[cause]);
        self.members[union][member].set(value, event);
        self.own_tariffs[union][member] = own_tariff.max(0.0);
        self.because(event);
    }

    fn because(&mut self, event: EventId) {
        self.changed = true;
        self.cause = event;
    }

    /// Finds the equilibrium under the measures in force, if they have changed. Returns whether it did.
    pub fn settle(&mut self, scenario: &Scenario, parameters: &[f64], memory: &mut Memory<'_>) -> bool {
        let Some(trade) = scenario.trade.as_ref().filter(|_| self.changed) else { return false };
        self.changed = false;
        let count = trade.regions.len();
        let theta = parameters[trade.rules.elasticity];
        let mut changes = vec![0.0; count * count];
        let mut round = Vec::new();
        for (package, state) in trade.sanctions.iter().zip(&self.sanctions) {
            if state.value > 0.0 {
                self.stop(trade, package, parameters, &mut changes, &mut round);
            }
        }
        for union in 0..trade.unions.len() {
            self.borders(trade, union, parameters, &mut changes);
        }
        let output = parameters[trade.rules.output_per_gdp];
        let print = Fingerprint::new(TRADE).with(&[theta, output]).with(&changes);
        let solved = memory.recall(print, || {
            let flows = Flows::new(count, trade.flows_with_home_sales(output)).ok()?;
            let shock = Shock::new(count, changes).ok()?;
            let found = equilibrium(&flows, &shock, theta, Closure::Additive).ok()?;
            Some([found.welfare, found.flows].concat())
        });
        // Without an answer (measures so harsh that numbers leave their range) the last equilibrium stands.
        let Some(solved) = solved else { return false };
        let (welfare, flows) = solved.split_at(count);
        for (region, ratio) in trade.regions.iter().zip(welfare) {
            self.of_actor[region.actor].welfare = (ratio - 1.0) * 100.0;
        }
        let margin = parameters[trade.rules.handling_margin];
        let passing: f64 = round.iter().map(|&(cell, share)| flows[cell] * share).sum();
        self.way_round_usd_per_day = margin * passing * USD_PER_MUSD / DAYS_PER_YEAR;
        self.shares(trade, flows);
        true
    }

    /// Adds a package to the changes, and to `round` the share of each pair's trade that passes through the focus state.
    fn stop(
        &self,
        trade: &Trade,
        package: &SanctionPackage,
        parameters: &[f64],
        changes: &mut [f64],
        round: &mut Vec<(usize, f64)>,
    ) {
        let theta = parameters[trade.rules.elasticity];
        let own = parameters[trade.rules.focus_share_of_way_round].clamp(0.0, 1.0);
        let factor = parameters[trade.rules.way_round_cost_factor];
        let aimed_at_focus = package.against == trade.focus;
        // Through the focus state goes nothing that is aimed at itself.
        let closed = if aimed_at_focus { own } else { own * self.compliance.value };
        let open = 1.0 - closed;
        let covered = parameters[package.covered];
        let obeyed = parameters[package.obeyed];
        let sanction = Sanction {
            covered_share: covered,
            compliance_share: obeyed,
            // A factor that leaves `open` times what the way round leaves.
            reroute_cost_factor: (open > 0.0).then(|| factor * open.powf(-1.0 / theta)),
        };
        let Ok(change) = sanction.log_change(theta) else { return };
        let stopped = covered * obeyed;
        // Of nothing, no share goes round.
        let left = change.exp();
        let passing = if left > 0.0 { stopped * factor.powf(-theta) * (own - closed) / left } else { 0.0 };
        let count = trade.regions.len();
        for &imposer in &package.by {
            let cell = match package.stops {
                Stops::Exports => imposer * count + package.against,
                Stops::Imports => package.against * count + imposer,
            };
            changes[cell] += change;
            if !aimed_at_focus && imposer != trade.focus {
                round.push((cell, passing));
            }
        }
    }

    /// Adds what a union's changes of membership since the start do: tariffs and borders that come or go.
    fn borders(&self, trade: &Trade, union: UnionId, parameters: &[f64], changes: &mut [f64]) {
        let declared = &trade.unions[union];
        let theta = parameters[trade.rules.elasticity];
        let (common, border) = (parameters[declared.external_tariff], parameters[declared.border_cost]);
        let was = |region: RegionId| declared.members.contains(&region);
        let is = |region: RegionId| self.members[union][region].value > 0.0;
        let count = trade.regions.len();
        let moved: Vec<bool> = (0..count).map(|region| was(region) != is(region)).collect();
        for exporter in 0..count {
            // Between two regions that are where they were nothing changes.
            let concerned = |importer: &usize| *importer != exporter && (moved[exporter] || moved[*importer]);
            for importer in (0..count).filter(concerned) {
                let tariff = |members: bool, importer_in: bool| match (members, importer_in) {
                    (true, _) => 0.0,
                    (false, true) => common,
                    (false, false) => self.own_tariffs[union][importer],
                };
                let before = tariff(was(exporter) && was(importer), was(importer));
                let after = tariff(is(exporter) && is(importer), is(importer));
                let factor = |inside: bool| if inside { 1.0 } else { 1.0 + border };
                let inside_before = was(exporter) && was(importer);
                let inside_after = is(exporter) && is(importer);
                if before != after {
                    changes[exporter * count + importer] +=
                        tariff_log_change(theta, before, after).unwrap_or(0.0);
                }
                if inside_before != inside_after {
                    let change = factor(inside_after) / factor(inside_before);
                    changes[exporter * count + importer] +=
                        cost_factor_log_change(theta, change).unwrap_or(0.0);
                }
            }
        }
    }

    /// Takes down the focus state's shares of exports and imports.
    fn shares(&mut self, trade: &Trade, flows: &[f64]) {
        let (count, focus) = (trade.regions.len(), trade.focus);
        let abroad = |region: &usize| *region != focus;
        let sold: f64 = (0..count).filter(abroad).map(|other| flows[focus * count + other]).sum();
        let bought: f64 = (0..count).filter(abroad).map(|other| flows[other * count + focus]).sum();
        for other in 0..count {
            let foreign = f64::from(u8::from(other != focus));
            let figures = &mut self.of_actor[trade.regions[other].actor];
            figures.exports = foreign * flows[focus * count + other] / sold.max(f64::MIN_POSITIVE);
            figures.imports = foreign * flows[other * count + focus] / bought.max(f64::MIN_POSITIVE);
        }
    }

    /// What an expression reads.
    pub fn read(&self, what: Observable, about: Option<usize>) -> f64 {
        let figures = || about.map_or(Figures::NONE, |actor| self.of_actor[actor]);
        match what {
            Observable::Compliance => self.compliance.value,
            Observable::Sanctioned => f64::from(figures().packages > 0),
            Observable::Welfare => figures().welfare,
            Observable::ExportShare => figures().exports,
            Observable::ImportShare => figures().imports,
            Observable::WayRoundIncome => self.way_round_usd_per_day,
            _ => 0.0,
        }
    }

    /// The event behind what an expression reads.
    pub fn cause(&self, what: Observable, about: Option<usize>) -> EventId {
        match what {
            Observable::Compliance => self.compliance.cause,
            Observable::Sanctioned => about.map_or(NO_EVENT, |actor| self.of_actor[actor].sanctioned),
            _ => self.cause,
        }
    }

    /// Change of welfare of every region in per cent, in their order.
    pub fn welfare(&self, trade: &Trade) -> Vec<f64> {
        trade.regions.iter().map(|region| self.of_actor[region.actor].welfare).collect()
    }
}
