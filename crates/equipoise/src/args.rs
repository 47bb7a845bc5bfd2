//! What can be typed: commands, options, and their help.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use equipoise_lab::{Design, Part};

use crate::compare::CompareArgs;
use crate::explore::ExploreArgs;
use crate::merge::MergeArgs;
use crate::model::ModelArgs;
use crate::studio::StudioArgs;

/// Simulate states caught between blocs: what sets a crisis off, who is asked for help, who answers, what it costs.
///
/// Without a command, the bundled scenario is run with the defaults of `run`.
#[derive(Debug, Parser)]
#[command(
    name = "equipoise",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "\
Examples:
  equipoise                                   simulate the bundled scenario and write its report
  equipoise run --policy no-request           the same under a policy
  equipoise compare kazakhstan-2022 no-request
  equipoise why runs/kazakhstan-2022 --event granted
  equipoise new my-crisis                     start a scenario of your own

Exit codes: 0 done; 1 it ran and the answer is no; 2 the input or the machine is at fault;
130 interrupted, with everything complete kept."
)]
pub struct Cli {
    /// What to do; `run` if left out.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// When to colour what is printed: auto, always or never.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t = Colour::Auto,
        value_name = "WHEN",
        hide_possible_values = true,
        display_order = 901
    )]
    pub color: Colour,
    /// Print one JSON object on standard output and nothing else there.
    #[arg(long, global = true, display_order = 900)]
    pub json: bool,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Simulate many histories, print what was found, write report.html.
    Run(RunArgs),
    /// Simulate the same histories under several policies, print what each changes, write compare.html.
    Compare(CompareArgs),
    /// Follow the causes of an outcome or event in one history, and see how common they are in all.
    Why(WhyArgs),
    /// Show claims, the conflicts between them, and what each number of the model rests on.
    Evidence(EvidenceArgs),
    /// Look for mistakes in a scenario, all in one go.
    Check(CheckArgs),
    /// Join the parts of a run that were simulated with `run --shard`.
    Merge(MergeArgs),
    /// Fit a scenario to the part of its record marked `fit`, and judge the fit on the rest.
    Calibrate(CalibrateArgs),
    /// Move levers and see a thousand histories again at once: a local web app.
    Studio(StudioArgs),
    /// Use one published model alone: CSV in, tables and JSON out.
    Model(ModelArgs),
    /// Ask what drives an outcome, when it comes about, which policy is robust.
    Explore(ExploreArgs),
    /// Start a scenario of your own from a small one that runs.
    New(NewArgs),
    /// Describe the files of a scenario to editors (JSON Schema), and the words of its expressions.
    Schema(SchemaArgs),
    /// Print a script that lets a shell complete commands and options.
    Completions(CompletionsArgs),
    /// Print the manual page, or write one page for each command.
    Man(ManArgs),
}

/// What `run` takes.
#[derive(Debug, Args, Default)]
#[command(after_help = "\
Examples:
  equipoise run --histories 1000              a quick look at the bundled scenario
  equipoise run my-crisis --policy late-and-alone --out runs/alone
  equipoise run my-crisis --account home-grown
                                              believe one account only
  equipoise run my-crisis --resume            finish what was interrupted
  equipoise run my-crisis --resume --histories 20000
                                              make a finished run longer: what it has is kept
  equipoise run my-crisis --histories 1000000 --shard $SLURM_ARRAY_TASK_ID/16 --out parts/$SLURM_ARRAY_TASK_ID
                                              a sixteenth on each of sixteen machines; then `equipoise merge`
  equipoise run --until troops_sent=±0.01 --until 'mean(killed)=±5' --histories 50000
                                              as many histories as that takes, 50000 at most
  equipoise run my-crisis --table design.csv  a history for each row of a table

`--until` looks at fixed numbers of histories (1024, then a quarter more each time) and stops when the 95 %
interval of every stated quantity is as narrow as stated: the probability of a yes/no, the median (or mean)
of a number or date. Exit code 1 if the most was reached first.

`--table` runs a design made elsewhere, such as SALib's: CSV or Parquet, a row for each history,
a column for each input that it fixes: parameters by name, account, chance (rows with the same
number meet the same chance). A column u(NAME) holds coordinates from 0 to 1, put through the
input's own distribution. What has no column is drawn as ever.

The same scenario, seed and options give the same tables, byte for byte, on any number of threads.")]
pub struct RunArgs {
    /// A scenario's folder, or the name of a bundled scenario [default: kazakhstan-2022].
    pub scenario: Option<String>,
    /// Number of histories; with --until the most [default: 10000; with --until 100000].
    #[arg(long, short = 'n', value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub histories: Option<u64>,
    /// Go on until an outcome is known this exactly (may be repeated), such as troops_sent=±0.01, killed=±10,
    /// mean(killed)=±5, comes(grant_date)=±0.01.
    #[arg(long, value_name = "OUTCOME=±X")]
    pub until: Vec<String>,
    /// Seed of all randomness [default: 1].
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// Number of threads [default: one per core].
    #[arg(long, value_name = "T")]
    pub threads: Option<NonZeroUsize>,
    /// Believe this account only [default: all, by their credence].
    #[arg(long, value_name = "A")]
    pub account: Option<String>,
    /// Run under this policy of the scenario [default: none].
    #[arg(long, value_name = "P")]
    pub policy: Option<String>,
    /// Draw parameters from this posterior: a folder that `calibrate` wrote [default: the scenario's ranges].
    #[arg(long, value_name = "DIR")]
    pub posterior: Option<PathBuf>,
    /// Design of the experiment [default: sobol].
    #[arg(long, value_name = "KIND", value_parser = design_parser())]
    pub design: Option<Design>,
    /// Run the design in this table (CSV or Parquet), a history for each row.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["design", "until", "posterior"])]
    pub table: Option<PathBuf>,
    /// Folder of the run [default: runs/SCENARIO or runs/SCENARIO-POLICY, with a number if that is taken].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Histories written in one piece: what an interruption can cost per thread [default: a quarter of a thread's part, at
    /// most 2048].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub shard_size: Option<u64>,
    /// Simulate only this part of the histories, such as 3/16, on a machine of its own; `merge` joins the parts. A part
    /// that is there already is finished or left as it is.
    #[arg(long, value_name = "I/N", conflicts_with = "until")]
    pub shard: Option<Part>,
    /// Finish an interrupted run: the one in --out, or else the last in the default place. With more --histories than a
    /// finished run has, simulate only those it lacks.
    #[arg(long)]
    pub resume: bool,
    /// Show no progress.
    #[arg(long, short)]
    pub quiet: bool,
}

/// What `calibrate` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise calibrate                         fit the bundled scenario
  equipoise calibrate my-crisis --histories 20000 --population 500
  equipoise run my-crisis --posterior runs/my-crisis-posterior
  equipoise calibrate my-crisis --truths 100 --population 100 --histories 1500
                                              does the sampler find truths that were made up?
  equipoise calibrate --table simulations.csv --record record.csv --out posterior.csv
                                              simulations of a model of your own

Likelihood-free: histories near the record are kept, and the tolerance shrinks from round to round. The
same scenario, seed and options give the same posterior on any number of threads.

`--table` simulates nothing: a row for each simulation, its inputs drawn from what was believed before. The
rows nearest to the record are kept and moved onto it by regression. record.csv has the columns target, low
and high, and if need be kind (number or yes_no) and use (fit or held_out), as for `explore score`.")]
pub struct CalibrateArgs {
    /// A scenario's folder, or the name of a bundled scenario [default: kazakhstan-2022].
    pub scenario: Option<String>,
    /// Most histories to simulate; with --truths, for each of them.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 60_000)]
    pub histories: u64,
    /// Sets of parameters in the posterior.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub population: usize,
    /// Share of the population that each new tolerance keeps.
    #[arg(long, value_name = "SHARE", default_value_t = 0.6)]
    pub keep: f64,
    /// Seed of all randomness.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Number of threads [default: one per core].
    #[arg(long, value_name = "T")]
    pub threads: Option<NonZeroUsize>,
    /// Believe this account only [default: all, by their credence].
    #[arg(long, value_name = "A")]
    pub account: Option<String>,
    /// Fit this many made-up truths instead of the record, and show their ranks (simulation-based calibration).
    #[arg(long, value_name = "N", conflicts_with_all = ["account", "out"])]
    pub truths: Option<u64>,
    /// Fit the simulations in this CSV file instead: columns of inputs and of what came of them.
    #[arg(long, value_name = "FILE", requires = "record",
        conflicts_with_all = ["scenario", "histories", "population", "keep", "seed", "threads", "account", "truths"])]
    pub table: Option<PathBuf>,
    /// With --table, what happened: a CSV file with the columns target, low and high.
    #[arg(long, value_name = "FILE", requires = "table")]
    pub record: Option<PathBuf>,
    /// With --table, the columns that are inputs [default: all that nothing is on record of, but for one that
    /// numbers the rows].
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',', requires = "table")]
    pub inputs: Vec<String>,
    /// With --table, the share of its rows that is kept [default: 0.1].
    #[arg(long, value_name = "SHARE", requires = "table", allow_negative_numbers = true)]
    pub nearest: Option<f64>,
    /// Folder of the posterior, replaced if it holds one [default: runs/SCENARIO-posterior]; with --table a CSV file of
    /// a thousand draws [default: none].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Show no progress.
    #[arg(long, short)]
    pub quiet: bool,
}

/// What `why` takes.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("what").required(true).args(["outcome", "event"]),
    after_help = "\
Examples:
  equipoise why runs/kazakhstan-2022 --outcome killed
  equipoise why runs/kazakhstan-2022 --event 'violence_begins(almaty)'
  equipoise why runs/kazakhstan-2022 --event granted --history 17

`equipoise schema --vocabulary` lists the kinds of events."
)]
pub struct WhyArgs {
    /// The folder of a finished run.
    pub run: PathBuf,
    /// Why this outcome came out as it did.
    #[arg(long, value_name = "NAME")]
    pub outcome: Option<String>,
    /// Why this event happened: a kind, or kind(subject).
    #[arg(long, value_name = "EVENT")]
    pub event: Option<String>,
    /// Number of the history to tell [default: the first in which it came about in the commonest way].
    #[arg(long, value_name = "K")]
    pub history: Option<u64>,
}

/// What `evidence` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise evidence                          what the bundled scenario rests on
  equipoise evidence my-crisis --unused       claims that no parameter, shock or record uses")]
pub struct EvidenceArgs {
    /// A scenario's folder, or the name of a bundled scenario [default: kazakhstan-2022].
    pub scenario: Option<String>,
    /// Only the claims that nothing in the scenario uses.
    #[arg(long)]
    pub unused: bool,
}

/// What `check` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise check my-crisis
  equipoise check my-crisis --json            mistakes with file, line and column, for editors

Exit codes: 0 no mistakes; 1 mistakes were found; 2 there is no such scenario.")]
pub struct CheckArgs {
    /// A scenario's folder, or the name of a bundled scenario.
    pub scenario: String,
}

/// What `new` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise new my-crisis
  equipoise new scenarios/strait-2031

The folder holds a small fictitious state that runs as it is; change it step by step and `check` it.")]
pub struct NewArgs {
    /// The folder to make; its last part becomes the scenario's name.
    pub folder: PathBuf,
}

/// What `schema` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise schema                            the files that have a schema
  equipoise schema scenario.toml > scenario.schema.json
  equipoise schema --vocabulary               what expressions can read, events, actions, functions")]
pub struct SchemaArgs {
    /// Print the JSON Schema of this file.
    #[arg(conflicts_with = "vocabulary")]
    pub name: Option<String>,
    /// Print the words of expressions with units and meanings, as JSON.
    #[arg(long)]
    pub vocabulary: bool,
}

/// What `completions` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise completions bash > ~/.local/share/bash-completion/completions/equipoise
  equipoise completions zsh > ~/.zfunc/_equipoise
  equipoise completions fish > ~/.config/fish/completions/equipoise.fish")]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: clap_complete::Shell,
}

/// What `man` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise man | man -l -                    read it now
  equipoise man --out ~/.local/share/man/man1
                                              equipoise.1, equipoise-run.1, equipoise-model-transit.1, …")]
pub struct ManArgs {
    /// Folder to write a page for each command into; made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Reads the name of a design.
pub fn design_parser() -> impl clap::builder::TypedValueParser<Value = Design> {
    use clap::builder::TypedValueParser;
    clap::builder::PossibleValuesParser::new(Design::ALL.iter().map(|design| design.name()))
        // Every possible value is the name of a design.
        .map(|name| Design::named(&name).unwrap_or_default())
}
