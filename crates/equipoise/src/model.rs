//! `equipoise model NAME`: one published model alone. Each model has a file of its own with what it takes, reads and
//! prints.

mod bargaining;
mod civil_violence;
mod contagion;
mod gravity;
pub mod listing;
mod roll_call;
mod transit;
mod treaty;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::screen::Screen;

/// What `model` takes.
#[derive(Debug, Args)]
pub struct ModelArgs {
    /// The model.
    #[command(subcommand)]
    pub model: Model,
}

/// The models that can be used alone.
#[derive(Debug, Subcommand)]
pub enum Model {
    /// Where states stand, read off roll calls; and how they will vote.
    RollCall(roll_call::RollCallArgs),
    /// Flows over a network of routes: what shippers choose, who could stop it, what that would cost.
    Transit(transit::TransitArgs),
    /// Trade in general equilibrium: what a change of trade costs does to prices, trade and welfare everywhere.
    Gravity(gravity::GravityArgs),
    /// Citizens, cops and jail on a torus (Epstein 2002): outbursts of unrest.
    CivilViolence(Box<civil_violence::CivilViolenceArgs>),
    /// Dates of first protest: does it spread from town to town, or is it one shock for all?
    Contagion(contagion::ContagionArgs),
    /// Where bargaining leaves the positions of actors with power and interest (KTAB's model; Bueno de Mesquita's).
    Bargaining(bargaining::BargainingArgs),
    /// Hold a request against a treaty: which clauses carry it, who votes how and why, what comes of it.
    Treaty(treaty::TreatyArgs),
}

/// Runs one model.
///
/// # Errors
/// The input cannot be used, or the machine is at fault.
pub fn model(args: &ModelArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    match &args.model {
        Model::RollCall(args) => roll_call::roll_call(args, screen),
        Model::Transit(args) => transit::transit(args, screen),
        Model::Gravity(args) => gravity::gravity(args, screen),
        Model::CivilViolence(args) => civil_violence::run(args, screen),
        Model::Contagion(args) => contagion::contagion(args, screen),
        Model::Bargaining(args) => bargaining::bargaining(args, screen),
        Model::Treaty(args) => treaty::treaty(args, screen),
    }
}
