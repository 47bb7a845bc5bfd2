//! Draws the figures of docs/src/models/civil-violence.md and prints the numbers that stand beside them:
//!
//! ```text
//! cargo run --release -p equipoise-models --example civil_violence -- docs/src/models/civil-violence [FIGURE…]
//! ```
//!
//! Figures: run-2, rules, legitimacy, cops, terms, factor, groups. All of them take a few minutes on two cores.

use std::fmt::Write as _;
use std::path::Path;

use equipoise_models::civil_violence::{
    Outburst, Ratio, Rules, Setting, SettingError, Society, Tick, outbursts,
};
use rayon::prelude::*;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Actives of 1,600 sites above which an outburst begins (Epstein 2002).
const LIMIT: u32 = 50;

fn main() -> Result<(), Failure> {
    let mut asked = std::env::args().skip(1);
    let folder = asked.next().ok_or("a folder for the pictures is missing")?;
    let chosen: Vec<String> = asked.collect();
    type Figure = fn(&Path) -> Result<(), Failure>;
    let figures: [(&str, Figure); 7] = [
        ("run-2", run_2),
        ("rules", rules),
        ("legitimacy", legitimacy),
        ("cops", cops),
        ("terms", terms),
        ("factor", factor),
        ("groups", groups),
    ];
    for (name, draw) in figures {
        if chosen.is_empty() || chosen.iter().any(|one| one == name) {
            draw(Path::new(&folder))?;
        }
    }
    Ok(())
}

fn published(run: u32) -> Result<Setting, Failure> {
    Setting::published(run, false).ok_or_else(|| format!("there is no run {run}").into())
}

/// The runs of seeds 1 to `seeds`.
fn runs(rules: Rules, setting: Setting, seeds: u64, ticks: u32) -> Result<Vec<Vec<Tick>>, Failure> {
    let one = |seed| {
        let mut society = Society::new(rules, setting, seed)?;
        Ok((0..ticks).map(|_| society.tick()).collect())
    };
    Ok((1..=seeds).into_par_iter().map(one).collect::<Result<_, SettingError>>()?)
}

fn active(run: &[Tick]) -> Vec<u32> {
    run.iter().map(|tick| tick.active).collect()
}

fn bursts(runs: &[Vec<Tick>]) -> Vec<Outburst> {
    runs.iter().flat_map(|run| outbursts(&active(run), LIMIT)).collect()
}

fn waits(found: &[Outburst]) -> Vec<f64> {
    found.iter().filter_map(|one| one.wait).map(f64::from).collect()
}

fn activations(found: &[Outburst]) -> Vec<f64> {
    found.iter().map(|one| one.activation as f64).collect()
}

/// Mean and standard deviation.
fn spread(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt())
}

fn told(values: &[f64]) -> String {
    if values.is_empty() {
        return "–".to_owned();
    }
    let (mean, sd) = spread(values);
    format!("{mean:.1} ± {sd:.1}")
}

/// Waits and sizes of outbursts in run 2 by the original program's rules.
fn run_2(folder: &Path) -> Result<(), Failure> {
    let found = bursts(&runs(Rules::BROOKINGS_2001, published(2)?, 20, 3_000)?);
    let (waits, sizes) = (waits(&found), activations(&found));
    println!("run 2: {} outbursts, wait {}, activation {}", found.len(), told(&waits), told(&sizes));
    let late: Vec<f64> = waits.iter().filter(|wait| **wait >= 30.0).map(|wait| wait - 30.0).collect();
    let rate = 1.0 / spread(&late).0;
    println!("run 2: of waits of 30 and more, the rate of the exponential is {rate:.4} a tick");
    let scale = late.len() as f64 * rate * 10.0;
    let curve = (30..=300).map(|wait| (f64::from(wait), scale * (-rate * (f64::from(wait) - 30.0)).exp()));
    let mut plot = Plot::new("Waiting time between outbursts, run 2", "ticks", "outbursts");
    plot.bars(&waits, 10.0, 300.0);
    plot.line(&curve.collect::<Vec<_>>(), 1, "exponential fitted to waits of 30 and more");
    plot.save(folder, "run-2-waits")?;
    let mut plot = Plot::new("Total activation of an outburst, run 2", "sum of actives", "outbursts");
    plot.bars(&sizes, 50.0, 1_600.0);
    plot.save(folder, "run-2-activation")
}

/// Actives under the named rules.
fn rules(folder: &Path) -> Result<(), Failure> {
    let mut plot = Plot::new("Active citizens of 1,120, run 2, seed 1", "tick", "active");
    let whole = ("pnas2002 with whole ratios", Rules { ratio: Ratio::Floor, ..Rules::PNAS_2002 });
    for (at, (name, rules)) in Rules::NAMED.into_iter().chain([whole]).enumerate() {
        let all = runs(rules, published(2)?, 6, 3_000)?;
        let found = bursts(&all);
        let peak = all.iter().flatten().map(|tick| tick.active).max().unwrap_or(0);
        println!(
            "{name}: {:.1} outbursts in 3,000 ticks, wait {}, activation {}, peak {peak}",
            found.len() as f64 / 6.0,
            told(&waits(&found)),
            told(&activations(&found)),
        );
        plot.line(&series(&all[0][..300]), at, name);
    }
    plot.save(folder, "rules")
}

fn series(run: &[Tick]) -> Vec<(f64, f64)> {
    run.iter().map(|tick| (f64::from(tick.tick), f64::from(tick.active))).collect()
}

fn share_of_bursts(runs: &[Vec<Tick>]) -> f64 {
    let burst = |run: &&Vec<Tick>| run.iter().any(|tick| tick.active > LIMIT);
    runs.iter().filter(burst).count() as f64 / runs.len() as f64
}

/// Salami tactics and the sudden drop.
fn legitimacy(folder: &Path) -> Result<(), Failure> {
    let mut plot = Plot::new("Legitimacy falls: salami tactics and a sudden drop", "tick", "active");
    for (at, (run, name)) in
        [(3, "salami: 0.01 every three ticks"), (4, "0.90 to 0.65 at tick 75")].iter().enumerate()
    {
        let all = runs(Rules::BROOKINGS_2001, published(*run)?, 50, 300)?;
        println!("run {run} ({name}): {:.0} % of 50 seeds burst", 100.0 * share_of_bursts(&all));
        plot.line(&series(&all[0]), at, name);
    }
    plot.save(folder, "legitimacy")
}

/// Cops are taken away.
fn cops(folder: &Path) -> Result<(), Failure> {
    let all = runs(Rules::BROOKINGS_2001, published(5)?, 50, 100)?;
    let peaks: Vec<f64> =
        all.iter().map(|run| f64::from(run.iter().map(|tick| tick.active).max().unwrap_or(0))).collect();
    println!("run 5: {:.0} % of 50 seeds burst, peak {}", 100.0 * share_of_bursts(&all), told(&peaks));
    let mut plot = Plot::new("Cops are taken away, one in a thousand sites a tick", "tick", "agents");
    plot.line(&series(&all[0]), 0, "active");
    let cops: Vec<(f64, f64)> =
        all[0].iter().map(|tick| (f64::from(tick.tick), f64::from(tick.cops))).collect();
    plot.line(&cops, 1, "cops");
    plot.save(folder, "cops")
}

/// Waits by the longest jail term.
fn terms(folder: &Path) -> Result<(), Failure> {
    let mut points = vec![];
    for longest_term in [10.0, 15.0, 30.0, 45.0, 60.0, 90.0] {
        let setting = Setting { longest_term, ..published(2)? };
        let waits = waits(&bursts(&runs(Rules::BROOKINGS_2001, setting, 6, 2_000)?));
        println!("longest term {longest_term}: wait {}", told(&waits));
        points.push((longest_term, spread(&waits).0));
    }
    let mut plot =
        Plot::new("Mean wait by the longest jail term", "longest term in ticks", "mean wait in ticks");
    let slope =
        points.iter().map(|(x, y)| x * y).sum::<f64>() / points.iter().map(|(x, _)| x * x).sum::<f64>();
    println!("longest term: wait {slope:.2} times the term, by least squares through nothing");
    plot.line(&points, 0, "mean wait");
    plot.line(&[(0.0, 0.0), (90.0, 90.0 * slope)], 1, "proportional");
    plot.save(folder, "terms")
}

/// The factor (1 − T), both ways.
fn factor(folder: &Path) -> Result<(), Failure> {
    let mut plot = Plot::new("Run 1 with and without the factor (1 − T)", "tick", "active");
    for (at, threshold_factor) in [true, false].into_iter().enumerate() {
        let rules = Rules { threshold_factor, ..Rules::BROOKINGS_2001 };
        let name = if threshold_factor { "with the factor" } else { "without" };
        let first = runs(rules, published(1)?, 4, 400)?;
        let late: Vec<f64> =
            first.iter().flat_map(|run| &run[200..]).map(|tick| f64::from(tick.active)).collect();
        let second = bursts(&runs(rules, published(2)?, 10, 3_000)?);
        println!(
            "{name}: run 1 active {}; run 2 wait {}, activation {}",
            told(&late),
            told(&waits(&second)),
            told(&activations(&second))
        );
        plot.line(&series(&first[0]), at, name);
    }
    plot.save(folder, "factor")
}

/// Two groups.
fn groups(folder: &Path) -> Result<(), Failure> {
    let calm = runs(Rules::PNAS_2002, published(6)?, 10, 300)?;
    let both = calm.iter().filter(|run| run.last().is_some_and(|tick| !tick.groups.contains(&0))).count();
    println!("run 6: both groups live after 300 ticks in {both} of 10 seeds");
    let mut plot = Plot::new("Model II: members of the groups, seed 1", "tick", "citizens");
    let mut means = vec![];
    for cop_density in [0.0, 0.02, 0.04] {
        let setting = Setting { cop_density, ..published(8)? };
        let all = runs(Rules::PNAS_2002, setting, 20, 800)?;
        let ends: Vec<Option<usize>> =
            all.iter().map(|run| run.iter().position(|tick| tick.groups.contains(&0))).collect();
        let times: Vec<f64> = ends.iter().map(|end| end.unwrap_or(800) as f64).collect();
        let first = all.iter().filter(|run| run.last().is_some_and(|tick| tick.groups[0] > 0)).count();
        println!(
            "cops {cop_density}: genocide in {} of 20 seeds, after {} ticks (800 where none), {first} times the \
             first group is left",
            ends.iter().flatten().count(),
            told(&times)
        );
        means.push((cop_density, spread(&times).0));
        if cop_density == 0.0 {
            for (group, name) in ["first group", "second group"].iter().enumerate() {
                let members =
                    all[0][..200].iter().map(|tick| (f64::from(tick.tick), f64::from(tick.groups[group])));
                plot.line(&members.collect::<Vec<_>>(), group, name);
            }
        }
    }
    plot.save(folder, "groups")?;
    let mut plot =
        Plot::new("Model II: time to genocide by the density of cops", "cops per site", "mean ticks");
    plot.line(&means, 0, "mean of 20 seeds");
    plot.save(folder, "genocide")
}

/// A picture with axes.
struct Plot {
    title: String,
    axes: [String; 2],
    bars: Vec<(f64, f64, f64)>,
    lines: Vec<Line>,
}

/// Points of a line, its colour and its name.
type Line = (Vec<(f64, f64)>, usize, String);

/// Size of a picture, and of what surrounds its plane.
const PICTURE: (f64, f64) = (760.0, 330.0);
const LEFT: f64 = 62.0;
const TOP: f64 = 44.0;
const BELOW: f64 = 48.0;

impl Plot {
    fn new(title: &str, across: &str, up: &str) -> Plot {
        Plot {
            title: title.to_owned(),
            axes: [across.to_owned(), up.to_owned()],
            bars: vec![],
            lines: vec![],
        }
    }

    /// A histogram; what is beyond the end is left out.
    fn bars(&mut self, values: &[f64], width: f64, end: f64) {
        let mut counts = vec![0.0; (end / width) as usize];
        for value in values {
            if let Some(count) = counts.get_mut((value / width) as usize) {
                *count += 1.0;
            }
        }
        let bars = counts.iter().enumerate().map(|(at, count)| (at as f64 * width, width, *count));
        self.bars.extend(bars);
    }

    fn line(&mut self, points: &[(f64, f64)], colour: usize, name: &str) {
        self.lines.push((points.to_vec(), colour, name.to_owned()));
    }

    fn save(&self, folder: &Path, name: &str) -> Result<(), Failure> {
        let points = || self.lines.iter().flat_map(|(points, _, _)| points);
        let right = points().map(|(x, _)| *x).chain(self.bars.iter().map(|(x, width, _)| x + width));
        let high = points().map(|(_, y)| *y).chain(self.bars.iter().map(|(_, _, count)| *count));
        let [right, high] = [right.fold(1e-9, f64::max), high.fold(1e-9, f64::max) * 1.05];
        let x = |value: f64| LEFT + value / right * (PICTURE.0 - LEFT - 16.0);
        let y = |value: f64| PICTURE.1 - BELOW - value / high * (PICTURE.1 - BELOW - TOP);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n\
             <style>text{{font:13px system-ui,sans-serif;fill:#1c2026}}.t{{font-weight:600;font-size:15px}}\
             .g{{stroke:#dcd8cf}}.b{{fill:#8fbdd9}}.l{{fill:none;stroke-width:1.8}}.c0{{stroke:#0072b2}}\
             .c1{{stroke:#c2410c}}.c2{{stroke:#00785a}}.c3{{stroke:#8a6d00}}.p{{fill:#fcfbf8}}\
             @media (prefers-color-scheme:dark){{text{{fill:#e9e6e0}}.g{{stroke:#343a43}}.b{{fill:#336a8d}}\
             .c0{{stroke:#7cc4f2}}.c1{{stroke:#ff9c66}}.c2{{stroke:#5fd0ab}}.c3{{stroke:#edc057}}.p{{fill:#14171b}}}}</style>\n\
             <rect class=\"p\" width=\"100%\" height=\"100%\"/>\n<text class=\"t\" x=\"{LEFT}\" y=\"20\">{}</text>\n",
            PICTURE.0, PICTURE.1, self.title, self.title
        );
        for value in ticks(high) {
            let at = y(value);
            let (from, to) = (x(0.0), x(right));
            writeln!(
                svg,
                "<line class=\"g\" x1=\"{from:.1}\" x2=\"{to:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>"
            )?;
            writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>",
                from - 6.0,
                at + 4.0
            )?;
        }
        for value in ticks(right) {
            let (across, down) = (x(value), y(0.0) + 18.0);
            writeln!(svg, "<text x=\"{across:.1}\" y=\"{down:.1}\" text-anchor=\"middle\">{value}</text>")?;
        }
        for (from, width, count) in self.bars.iter().filter(|(_, _, count)| *count > 0.0) {
            let (left, top) = (x(*from), y(*count));
            let (wide, tall) = (x(from + width) - left - 1.0, y(0.0) - top);
            writeln!(
                svg,
                "<rect class=\"b\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"{tall:.1}\"/>"
            )?;
        }
        let mut across = LEFT;
        for (points, colour, name) in &self.lines {
            let mut path = String::new();
            for (at, (px, py)) in points.iter().enumerate() {
                write!(path, "{}{:.1} {:.1}", if at == 0 { "M" } else { "L" }, x(*px), y(*py))?;
            }
            writeln!(svg, "<path class=\"l c{colour}\" d=\"{path}\"/>")?;
            writeln!(
                svg,
                "<line class=\"l c{colour}\" x1=\"{across}\" x2=\"{}\" y1=\"33\" y2=\"33\"/>",
                across + 18.0
            )?;
            writeln!(svg, "<text x=\"{}\" y=\"37\">{name}</text>", across + 24.0)?;
            across += 44.0 + 7.2 * name.chars().count() as f64;
        }
        let [along, up] = &self.axes;
        let (middle, bottom) = ((LEFT + PICTURE.0) / 2.0, PICTURE.1 - 8.0);
        writeln!(svg, "<text x=\"{middle}\" y=\"{bottom}\" text-anchor=\"middle\">{along}</text>")?;
        let centre = (TOP + PICTURE.1 - BELOW) / 2.0;
        writeln!(
            svg,
            "<text transform=\"translate(14 {centre}) rotate(-90)\" text-anchor=\"middle\">{up}</text>\n</svg>"
        )?;
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join(format!("{name}.svg")), svg)?;
        Ok(())
    }
}

/// Round values along an axis that ends at `end`.
fn ticks(end: f64) -> Vec<f64> {
    let raw = end / 5.0;
    let power = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|times| times * power >= raw).unwrap_or(10.0) * power;
    // Rounded, so that 0.06 is not printed as 0.060000000000000005.
    (0..=(end / step) as u32).map(|at| (f64::from(at) * step * 1e6).round() / 1e6).collect()
}
