//! `equipoise model civil-violence --cities FILE`: a grid or a field for each city, coupled by what they hear of each other.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::{Args, ValueEnum};
use equipoise_models::cities::{Cities, CitiesError, City, Coupling, Fidelity};
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
    /// How closely cities are followed.
    #[arg(long, value_enum, default_value_t = FidelityName::MeanField, requires = "file")]
    pub fidelity: FidelityName,
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
}

/// What a country of cities is run with.
pub struct Asked<'a> {
    /// Options of the country.
    pub options: &'a CitiesOptions,
    /// Rules of every city.
    pub rules: Rules,
    /// Numbers of every city.
    pub setting: Setting,
    /// Seed and length.
    pub seed: u64,
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
    fidelity: &'static str,
    /// By tick and then city.
    series: Vec<Vec<Headcount>>,
    agent_steps_per_second: f64,
}

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
    let (names, cities) = read(file, asked.setting.citizen_density)?;
    let (fidelity, name) = match options.fidelity {
        FidelityName::Citizens => (Fidelity::Citizens, "citizens"),
        FidelityName::Sampled => (Fidelity::Sampled(options.one_in), "sampled"),
        FidelityName::MeanField => (Fidelity::MeanField, "mean-field"),
    };
    super::memory::suffices(
        Cities::bytes(&asked.rules, &asked.setting, &cities, fidelity),
        "a larger --one-in",
    )?;
    let coupling = Coupling {
        spread: Spread {
            scale_km: options.scale_km,
            exponent: options.distance_exponent,
            media_share: options.media_share,
        },
        strength: options.coupling,
        persons: options.coupling_persons,
    };
    let explained = |error: CitiesError| match error {
        CitiesError::None => Failure::Wrong(format!("{}: {error}", file.display())),
        CitiesError::City { city, .. } | CitiesError::TooSmall { city, .. } => {
            Failure::Wrong(format!("{}: {error}", names[city]))
        }
    };
    let mut country = Cities::new(asked.rules, asked.setting, &cities, coupling, fidelity, asked.seed)
        .map_err(explained)?;
    let cancel = interrupt::listen();
    let done = AtomicU64::new(0);
    let begun = Instant::now();
    let mut work = || {
        let (mut series, mut steps) = (Vec::new(), 0);
        while series.len() < asked.ticks as usize && !cancel.load(Ordering::Relaxed) {
            steps += country.agents();
            series.push(country.tick(0.0, options.media_access).to_vec());
            done.fetch_add(1, Ordering::Relaxed);
        }
        (series, steps)
    };
    let (series, steps) = if asked.quiet {
        work()
    } else {
        progress::during_of(u64::from(asked.ticks), "ticks", &done, cancel, work)
    };
    let stopped = cancel.load(Ordering::Relaxed);
    interrupt::let_go();
    if stopped {
        return Err(Failure::Stopped("interrupted: nothing was written".to_owned()));
    }
    let agent_steps_per_second = steps as f64 / begun.elapsed().as_secs_f64().max(1e-9);
    let found = Found { names, cities, fidelity: name, series, agent_steps_per_second };
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
        format!(
            "{} cities, fidelity {}, {} ticks\n\n{}\n{} million agent-steps a second{}\n\
             Shares are the model's, not a country's: one cop per 17.5 citizens.",
            self.names.len(),
            self.fidelity,
            self.series.len(),
            listing.text(screen),
            wording::number(self.agent_steps_per_second / 1e6),
            if self.fidelity == "mean-field" {
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
        json!({
            "fidelity": self.fidelity,
            "cities": cities,
            "series": series,
            "agent_steps_per_second": self.agent_steps_per_second,
        })
    }
}
