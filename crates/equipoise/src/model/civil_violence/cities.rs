//! `equipoise model civil-violence --cities FILE`: a grid or a field for each city, coupled by what they hear of each other.

mod pilots;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use clap::{Args, ValueEnum};
use equipoise_models::cities::{Cities, CitiesError, City, Coupling, Fidelity, Outcome};
use equipoise_models::civil_violence::{Headcount, Rules, Setting};
use equipoise_models::contagion::{Site, Spread};
use equipoise_models::noise::entity;
use equipoise_scenario::Sheet;
use equipoise_view::wording;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::model::listing::Listing;
use crate::screen::Screen;
use crate::{interrupt, progress};

/// What a country of cities takes beside the rules and numbers of one society.
#[derive(Debug, Args)]
pub struct CitiesOptions {
    /// A country of cities instead of one torus: id, latitude, longitude, population, and density (citizens per site) if
    /// it is not the same everywhere.
    #[arg(long = "cities", value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// How closely cities are followed; auto takes the cheapest that pilot runs show right for --outcome.
    #[arg(long, value_enum, default_value_t = FidelityName::MeanField, requires = "file")]
    pub fidelity: FidelityName,
    /// The outcome that is read off each of --seeds runs.
    #[arg(long, value_enum, default_value_t = OutcomeName::Active, requires = "file")]
    pub outcome: OutcomeName,
    /// With --fidelity auto: how far it may be off one agent per citizen, as a share of that.
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, requires = "file")]
    pub tolerance: f64,
    /// With --fidelity auto: pilot runs of each fidelity.
    #[arg(long, value_name = "N", default_value_t = 5, requires = "file", value_parser = clap::value_parser!(u64).range(2..))]
    pub pilots: u64,
    /// With --fidelity sampled: citizens one agent stands for.
    #[arg(long, value_name = "K", default_value_t = 100, requires = "file", value_parser = clap::value_parser!(u32).range(1..))]
    pub one_in: u32,
    /// The most legitimacy that unrest elsewhere takes away, 0 to 1.
    #[arg(long, value_name = "C", default_value_t = 0.1, requires = "file")]
    pub coupling: f64,
    /// Actives heard of at which 63 % of it is gone.
    #[arg(long, value_name = "PERSONS", default_value_t = 5000.0, requires = "file")]
    pub coupling_persons: f64,
    /// Distance over which being heard starts to fall, km.
    #[arg(long, value_name = "KM", default_value_t = 100.0, requires = "file")]
    pub scale_km: f64,
    /// Exponent of that fall.
    #[arg(long, value_name = "D", default_value_t = 1.0, requires = "file")]
    pub distance_exponent: f64,
    /// Share of what is heard that media carry whatever the distance, 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.5, requires = "file")]
    pub media_share: f64,
    /// Access to media, 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, requires = "file")]
    pub media_access: f64,
}

/// Fidelities by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FidelityName {
    /// One agent per citizen.
    Citizens,
    /// One agent for K citizens.
    Sampled,
    /// Expectations of the same rules, without space.
    MeanField,
    /// The cheapest that is right for the outcome: mean field, one for 100, one for 10, one agent per citizen.
    Auto,
}

/// Outcomes by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutcomeName {
    /// Largest share active in a tick.
    Peak,
    /// Share active on the third tick.
    Opening,
    /// Mean share active in the second half of the ticks.
    Active,
    /// Mean share in jail in the second half.
    Jailed,
    /// Coefficient of variation of the active share in the second half.
    Variation,
}

impl OutcomeName {
    fn outcome(self) -> Outcome {
        match self {
            OutcomeName::Peak => Outcome::Peak,
            OutcomeName::Opening => Outcome::Opening,
            OutcomeName::Active => Outcome::Active,
            OutcomeName::Jailed => Outcome::Jailed,
            OutcomeName::Variation => Outcome::Variation,
        }
    }

    fn words(self) -> &'static str {
        match self {
            OutcomeName::Peak => "largest share active",
            OutcomeName::Opening => "share active on the third tick",
            OutcomeName::Active => "mean share active, second half",
            OutcomeName::Jailed => "mean share in jail, second half",
            OutcomeName::Variation => "variation of the active share, second half",
        }
    }
}

/// What a country of cities is run with.
pub struct Asked<'a> {
    /// Options of the country.
    pub options: &'a CitiesOptions,
    /// Rules of every city.
    pub rules: Rules,
    /// Numbers of every city.
    pub setting: Setting,
    /// Seed of the first run.
    pub seed: u64,
    /// Runs.
    pub seeds: u64,
    /// Ticks.
    pub ticks: u32,
    /// Folder for cities.csv.
    pub out: Option<&'a Path>,
    /// Show no progress.
    pub quiet: bool,
}

/// The cities of a file, and what became of them.
struct Found {
    names: Vec<String>,
    cities: Vec<City>,
    fidelity: Fidelity,
    /// Of the first run, by tick and then city.
    series: Vec<Vec<Headcount>>,
    outcome: OutcomeName,
    /// The outcome of each run.
    outcomes: Vec<f64>,
    /// What pilot runs said, where there were any.
    pilots: Option<pilots::Pilots>,
    agent_steps_per_second: f64,
}

/// A country that can be run with any fidelity and seed.
struct Country<'a> {
    asked: &'a Asked<'a>,
    file: &'a Path,
    names: Vec<String>,
    cities: Vec<City>,
    coupling: Coupling,
}

/// A run: counts by tick and city, and agent-steps.
type Run = (Vec<Vec<Headcount>>, u64);

/// Simulates a country and prints its cities.
///
/// # Errors
/// The file or an option cannot be used, memory does not suffice, it was interrupted, or nothing can be written.
pub fn run(asked: &Asked<'_>, file: &Path, screen: &Screen) -> Result<ExitCode, Failure> {
    let options = asked.options;
    let shares = [
        ("--coupling", options.coupling),
        ("--media-share", options.media_share),
        ("--media-access", options.media_access),
    ];
    for (name, share) in shares {
        if !(0.0..=1.0).contains(&share) {
            return Err(Failure::Wrong(format!("{name} is {share}, expected a number from 0 to 1")));
        }
    }
    for (name, number) in [("--coupling-persons", options.coupling_persons), ("--scale-km", options.scale_km)]
    {
        if !(number.is_finite() && number > 0.0) {
            return Err(Failure::Wrong(format!("{name} is {number}, expected a finite number above 0")));
        }
    }
    if !(options.distance_exponent.is_finite() && options.distance_exponent >= 0.0) {
        let found = options.distance_exponent;
        return Err(Failure::Wrong(format!("--distance-exponent is {found}, expected 0 or more")));
    }
    if !(options.tolerance.is_finite() && options.tolerance > 0.0) {
        return Err(Failure::Wrong(format!(
            "--tolerance is {}, expected a share above 0",
            options.tolerance
        )));
    }
    let (names, cities) = read(file, asked.setting.citizen_density)?;
    let coupling = Coupling {
        spread: Spread {
            scale_km: options.scale_km,
            exponent: options.distance_exponent,
            media_share: options.media_share,
        },
        strength: options.coupling,
        persons: options.coupling_persons,
    };
    let country = Country { asked, file, names, cities, coupling };
    let cancel = interrupt::listen();
    let done = AtomicU64::new(0);
    let total = country.pilot_runs().saturating_add(asked.seeds).saturating_mul(u64::from(asked.ticks));
    let work = || country.work(&done, cancel);
    let found = if asked.quiet { work() } else { progress::during_of(total, "ticks", &done, cancel, work) };
    let stopped = cancel.load(Ordering::Relaxed);
    interrupt::let_go();
    let found = found?;
    if stopped {
        return Err(Failure::Stopped("interrupted: nothing was written".to_owned()));
    }
    if let Some(folder) = asked.out {
        found.series_listing().write(folder, "cities.csv")?;
    }
    if screen.json {
        screen.print_json(&found.json())?;
    } else {
        screen.print(&found.text(screen))?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Country<'_> {
    fn pilot_runs(&self) -> u64 {
        let candidates = pilots::candidates().len() as u64;
        let options = self.asked.options;
        if options.fidelity == FidelityName::Auto { candidates * options.pilots } else { 0 }
    }

    /// Chooses a fidelity, if that is asked for, and runs the country with it.
    fn work(&self, done: &AtomicU64, cancel: &AtomicBool) -> Result<Found, Failure> {
        let Asked { options, seed, seeds, .. } = *self.asked;
        let mut pilots = None;
        let fidelity = match options.fidelity {
            FidelityName::Citizens => Fidelity::Citizens,
            FidelityName::Sampled => Fidelity::Sampled(options.one_in),
            FidelityName::MeanField => Fidelity::MeanField,
            FidelityName::Auto => {
                let found = pilots::run(self, done, cancel)?;
                let chosen = found.chosen();
                pilots = Some(found);
                chosen
            }
        };
        let begun = Instant::now();
        let (mut first, mut outcomes, mut steps) = (Vec::new(), Vec::new(), 0);
        for seed in seed..seed.saturating_add(seeds) {
            let (series, more) = self.simulate(fidelity, seed, done, cancel)?;
            outcomes.push(self.outcome(&series));
            steps += more;
            if first.is_empty() {
                first = series;
            }
            if cancel.load(Ordering::Relaxed) {
                break;
            }
        }
        Ok(Found {
            names: self.names.clone(),
            cities: self.cities.clone(),
            fidelity,
            series: first,
            outcome: options.outcome,
            outcomes,
            pilots,
            agent_steps_per_second: steps as f64 / begun.elapsed().as_secs_f64().max(1e-9),
        })
    }

    fn outcome(&self, series: &[Vec<Headcount>]) -> f64 {
        let citizens = self.cities.iter().map(|city| city.site.population).sum();
        self.asked.options.outcome.outcome().read(series, citizens)
    }

    /// Sets the country up; with the city at fault in words.
    fn set_up(&self, fidelity: Fidelity, seed: u64) -> Result<Cities, Failure> {
        let Asked { rules, setting, .. } = *self.asked;
        super::memory::suffices(
            Cities::bytes(&rules, &setting, &self.cities, fidelity),
            "a larger --one-in",
        )?;
        Cities::new(rules, setting, &self.cities, self.coupling, fidelity, seed).map_err(
            |error| match error {
                CitiesError::None => Failure::Wrong(format!("{}: {error}", self.file.display())),
                CitiesError::City { city, .. } | CitiesError::TooSmall { city, .. } => {
                    Failure::Wrong(format!("{}: {error}", self.names[city]))
                }
            },
        )
    }

    fn simulate(
        &self,
        fidelity: Fidelity,
        seed: u64,
        done: &AtomicU64,
        cancel: &AtomicBool,
    ) -> Result<Run, Failure> {
        let mut country = self.set_up(fidelity, seed)?;
        let (mut series, mut steps) = (Vec::new(), 0);
        while series.len() < self.asked.ticks as usize && !cancel.load(Ordering::Relaxed) {
            steps += country.agents();
            series.push(country.tick(0.0, self.asked.options.media_access).to_vec());
            done.fetch_add(1, Ordering::Relaxed);
        }
        Ok((series, steps))
    }
}

fn read(file: &Path, usual_density: f64) -> Result<(Vec<String>, Vec<City>), Failure> {
    let mut sheet = Sheet::read(file)?;
    let columns = ["id", "latitude", "longitude", "population"].map(|name| sheet.required(name));
    let density = sheet.column("density");
    sheet.checked()?;
    let [Some(id), Some(latitude), Some(longitude), Some(population)] = columns else {
        return Err(Failure::Wrong("a column is missing".to_owned()));
    };
    if sheet.is_empty() {
        sheet.table_error("there is no city").expected("at least one row");
    }
    let (mut names, mut cities): (Vec<String>, Vec<City>) = (Vec::new(), Vec::new());
    for row in 0..sheet.len() {
        let name = sheet.text(row, id).to_owned();
        if name.is_empty() || names.contains(&name) {
            sheet.error(row, id, format!("found `{name}`")).expected("a name of its own for each city");
        }
        let mut number = |column, expected: &str, fits: &dyn Fn(f64) -> bool| {
            let found = sheet.number(row, column).unwrap_or(f64::NAN);
            if !found.is_nan() && !fits(found) {
                sheet.error(row, column, format!("found {found}")).expected(expected);
            }
            found
        };
        let site = Site {
            latitude_deg: number(latitude, "degrees from -90 to 90", &|x| x.abs() <= 90.0),
            longitude_deg: number(longitude, "degrees from -180 to 180", &|x| x.abs() <= 180.0),
            population: number(population, "at least one citizen", &|x| x >= 1.0),
        };
        let density = density.map_or(usual_density, |column| {
            number(column, "citizens per site, above 0 and below 1", &|x| x > 0.0 && x < 1.0)
        });
        cities.push(City { key: entity(&name), site, density });
        names.push(name);
    }
    sheet.checked()?;
    Ok((names, cities))
}

/// Mean, largest value and tick of it, and coefficient of variation of a share over the ticks.
struct Course {
    mean: f64,
    peak: f64,
    peak_tick: usize,
    variation: f64,
}

impl Found {
    fn course(&self, city: usize, of: impl Fn(&Headcount) -> u64) -> Course {
        let citizens = self.cities[city].site.population;
        let shares: Vec<f64> = self.series.iter().map(|tick| of(&tick[city]) as f64 / citizens).collect();
        let n = shares.len() as f64;
        let mean = shares.iter().sum::<f64>() / n;
        let variance = shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>() / n;
        let (at, peak) = shares
            .iter()
            .enumerate()
            .fold((0, 0.0), |best, (tick, share)| if *share > best.1 { (tick + 1, *share) } else { best });
        let variation = if mean > 0.0 { variance.sqrt() / mean } else { 0.0 };
        Course { mean, peak, peak_tick: at, variation }
    }

    fn series_listing(&self) -> Listing {
        let mut listing = Listing::new(["tick", "city", "active", "jailed", "quiet", "arrested"]);
        for (tick, counts) in self.series.iter().enumerate() {
            for (name, count) in self.names.iter().zip(counts) {
                let mut row = vec![(tick + 1).to_string(), name.clone()];
                row.extend(
                    [count.active, count.jailed, count.quiet, count.arrested]
                        .map(|number| number.to_string()),
                );
                listing.row(row);
            }
        }
        listing
    }

    fn text(&self, screen: &Screen) -> String {
        let headings =
            ["city", "citizens", "active %", "variation", "peak %", "peak tick", "jailed %", "course"];
        let mut listing = Listing::new(headings);
        for (city, name) in self.names.iter().enumerate() {
            let active = self.course(city, |count| count.active);
            let jailed = self.course(city, |count| count.jailed);
            listing.row(vec![
                name.clone(),
                wording::whole(self.cities[city].site.population as u64),
                format!("{:.3}", 100.0 * active.mean),
                format!("{:.2}", active.variation),
                format!("{:.2}", 100.0 * active.peak),
                active.peak_tick.to_string(),
                format!("{:.2}", 100.0 * jailed.mean),
                self.sparkline(city),
            ]);
        }
        let pilots = self.pilots.as_ref().map_or_else(String::new, |pilots| pilots.text(screen));
        let runs = match self.outcomes.len() {
            0 | 1 => String::new(),
            n => format!(
                "{n} runs: {} {:.4} ± {:.4} (mean ± standard deviation); the table is the first of them\n",
                self.outcome.words(),
                pilots::mean(&self.outcomes),
                pilots::deviation(&self.outcomes),
            ),
        };
        format!(
            "{pilots}{} cities, fidelity {}, {} ticks\n\n{}\n{runs}{} million agent-steps a second{}\n\
             Shares are the model's, not a country's: one cop per 17.5 citizens.",
            self.names.len(),
            pilots::name(self.fidelity),
            self.series.len(),
            listing.text(screen),
            wording::number(self.agent_steps_per_second / 1e6),
            if self.fidelity == Fidelity::MeanField {
                " (citizens stood for); a mean field has no outbursts"
            } else {
                ""
            }
        )
    }

    /// The course of the active share, each city on its own scale.
    fn sparkline(&self, city: usize) -> String {
        const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
        const WIDTH: usize = 24;
        let values: Vec<u64> = self.series.iter().map(|tick| tick[city].active).collect();
        let stretch = values.len().div_ceil(WIDTH).max(1);
        let tops: Vec<u64> =
            values.chunks(stretch).map(|part| part.iter().copied().max().unwrap_or(0)).collect();
        let top = tops.iter().copied().max().unwrap_or(0).max(1);
        tops.iter().map(|value| BARS[((value * 7).div_ceil(top) as usize).min(7)]).collect()
    }

    fn json(&self) -> Value {
        let one = |count: &Headcount, tick: usize| {
            json!({
                "tick": tick + 1,
                "active": count.active,
                "jailed": count.jailed,
                "quiet": count.quiet,
                "arrested": count.arrested,
            })
        };
        let country = |counts: &Vec<Headcount>| {
            counts.iter().fold(Headcount::default(), |sum, count| Headcount {
                active: sum.active + count.active,
                jailed: sum.jailed + count.jailed,
                quiet: sum.quiet + count.quiet,
                arrested: sum.arrested + count.arrested,
            })
        };
        let cities: Vec<Value> = self
            .names
            .iter()
            .enumerate()
            .map(|(city, name)| {
                let ticks = self.series.iter().enumerate();
                let series: Vec<Value> = ticks.map(|(tick, counts)| one(&counts[city], tick)).collect();
                json!({ "id": name, "citizens": self.cities[city].site.population, "series": series })
            })
            .collect();
        let ticks = self.series.iter().enumerate();
        let series: Vec<Value> = ticks.map(|(tick, counts)| one(&country(counts), tick)).collect();
        let mut answer = json!({
            "fidelity": pilots::word(self.fidelity),
            "cities": cities,
            "series": series,
            "outcome": self.outcome.words(),
            "outcomes": self.outcomes,
            "agent_steps_per_second": self.agent_steps_per_second,
        });
        if let Fidelity::Sampled(each) = self.fidelity {
            answer["one_in"] = json!(each);
        }
        if let Some(pilots) = &self.pilots {
            answer["pilots"] = pilots.json();
        }
        answer
    }
}
