//! The page of one bargaining run: how positions move, turn by turn, one chart per dimension.

use equipoise_scenario::unit::Unit;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::chart::{self, Axis};
use super::scrolling;
use crate::wording;

/// Actors that get a colour and a dash of their own; the others are drawn in grey.
const TOLD_APART: usize = 6;

/// A stretch of the line of 0–100 above which the whole line is drawn.
const WIDE: f64 = 30.0;

/// What is drawn: positions on 0–100.
#[derive(Debug, Clone)]
pub struct Paths {
    /// Heading of the page.
    pub title: String,
    /// Name of the model.
    pub model: String,
    /// What a turn is called.
    pub turn_word: String,
    /// What prevails: the likeliest position or the median.
    pub prevailing_word: String,
    /// Names of the actors.
    pub actors: Vec<String>,
    /// Capability of each actor: the strongest are told apart by colour.
    pub capability: Vec<f64>,
    /// Positions by dimension, actor and turn.
    pub positions: Vec<Vec<Vec<f64>>>,
    /// Weighted mean by dimension and turn.
    pub mean: Vec<Vec<f64>>,
    /// What prevails by dimension and turn.
    pub prevailing: Vec<Vec<f64>>,
    /// A paragraph on the spread over variants, line by line.
    pub remark: Option<String>,
}

/// The page as the text of one HTML file, without anything from outside.
pub fn paths_page(paths: &Paths) -> String {
    let style = include_str!("../../assets/report.css");
    let mut strongest: Vec<usize> = (0..paths.actors.len()).collect();
    strongest.sort_by(|&a, &b| paths.capability[b].total_cmp(&paths.capability[a]).then(a.cmp(&b)));
    strongest.truncate(TOLD_APART);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (paths.title) " · Equipoise" }
                style { (PreEscaped(style)) }
            }
            body {
                header {
                    p.kicker { "Equipoise · " (paths.model) }
                    h1 { (paths.title) }
                    p.quiet {
                        (wording::counted(paths.actors.len() as u64, "actor", "actors")) ", "
                        (wording::counted(turns(paths) as u64, "step", "steps")) ". "
                        @if paths.actors.len() > TOLD_APART { "Colour and dash tell the six most capable apart; the others are grey. " }
                        "The numbers stand in the tables."
                    }
                    @if let Some(remark) = &paths.remark {
                        section.answer aria-label="Spread over variants" {
                            @for line in remark.lines() { p { (line) } }
                        }
                    }
                }
                main {
                    section aria-labelledby="paths-heading" {
                        h2 id="paths-heading" { "Paths" }
                        (keys(paths, &strongest))
                        div.fans { @for k in 0..paths.positions.len() { (figure(paths, k, &strongest)) } }
                    }
                }
            }
        }
    }
    .into_string()
}

/// Steps after the start.
fn turns(paths: &Paths) -> usize {
    paths.mean.first().map_or(0, |mean| mean.len().saturating_sub(1))
}

fn keys(paths: &Paths, strongest: &[usize]) -> Markup {
    let key = |class: &str| chart::drawing(&html! { path class=(class) d="M0 500H1000" {} });
    html! {
        ul.keys {
            @for (rank, &actor) in strongest.iter().enumerate() {
                li { (key(&format!("path p{rank}"))) (paths.actors[actor]) }
            }
            li { (key("path centre")) "weighted mean" }
            li { (key("path prevailing")) (paths.prevailing_word) }
        }
    }
}

fn figure(paths: &Paths, k: usize, strongest: &[usize]) -> Markup {
    let turns = turns(paths);
    let every = turns.div_ceil(8).max(1);
    let ticks = (0..=turns).step_by(every).map(|turn| {
        let kept = (turn / every).is_multiple_of(2);
        (turn as f64, turn.to_string(), kept)
    });
    let x = Axis { low: 0.0, high: turns.max(1) as f64, ticks: ticks.collect() };
    let all =
        || paths.positions[k].iter().flatten().chain(&paths.mean[k]).chain(&paths.prevailing[k]).copied();
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    // Most issues fill the line; on a short stretch of it nothing could be told apart.
    let wide = high - low > WIDE;
    let y =
        if wide { Axis::numbers(0.0, 100.0, Unit::NUMBER) } else { Axis::numbers(low, high, Unit::NUMBER) };
    let line = |values: &[f64]| {
        let points: Vec<(String, String)> =
            values.iter().enumerate().map(|(turn, value)| (x.x(turn as f64), y.y(*value))).collect();
        chart::line(&points)
    };
    let label =
        if paths.positions.len() > 1 { format!("Dimension {}", k + 1) } else { "Positions".to_owned() };
    let others: Vec<usize> = (0..paths.actors.len()).filter(|actor| !strongest.contains(actor)).collect();
    let drawing = chart::drawing(&html! {
        (y.rows())
        @for &actor in &others { (chart::path("path other", &line(&paths.positions[k][actor]))) }
        @for (rank, &actor) in strongest.iter().enumerate() {
            (chart::path(&format!("path p{rank}"), &line(&paths.positions[k][actor])))
        }
        (chart::path("path centre", &line(&paths.mean[k])))
        (chart::path("path prevailing", &line(&paths.prevailing[k])))
    });
    html! {
        figure.fan {
            figcaption.spaced { h3 { (label) } " " span.quiet { (paths.turn_word) "s below, positions beside" } }
            div.frame {
                (y.beside())
                div.plot { (drawing) }
                (x.below())
            }
            details {
                summary { "The numbers: " (label) }
                (scrolling(&label, &table(paths, k)))
            }
        }
    }
}

fn table(paths: &Paths, k: usize) -> Markup {
    html! {
        table.days {
            thead { tr {
                th scope="col" { (paths.turn_word) }
                @for name in &paths.actors { th scope="col" { (name) } }
                th scope="col" { "weighted mean" }
                th scope="col" { (paths.prevailing_word) }
            } }
            tbody {
                @for turn in 0..=turns(paths) {
                    tr {
                        th scope="row" { (turn) }
                        @for actor in &paths.positions[k] { td.number { (format!("{:.2}", actor[turn])) } }
                        td.number { (format!("{:.2}", paths.mean[k][turn])) }
                        td.number { (format!("{:.2}", paths.prevailing[k][turn])) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quarrel(actors: usize) -> Paths {
        let path = |i: usize| vec![i as f64, 2.0 * i as f64, 50.0];
        Paths {
            title: "Positions over turns: <b>".into(),
            model: "Spatial Model of Politics".into(),
            turn_word: "Turn".into(),
            prevailing_word: "median".into(),
            actors: (0..actors).map(|i| format!("actor {i}")).collect(),
            capability: (0..actors).map(|i| i as f64).collect(),
            positions: vec![(0..actors).map(path).collect()],
            mean: vec![vec![10.0, 20.0, 50.0]],
            prevailing: vec![vec![0.0, 20.0, 50.0]],
            remark: None,
        }
    }

    #[test]
    fn every_actor_has_a_path_and_the_strongest_a_colour() {
        let page = paths_page(&quarrel(9));
        assert_eq!(page.matches("class=\"path other\"").count(), 3);
        for rank in 0..TOLD_APART {
            // One path in the chart, one in the key.
            assert_eq!(page.matches(&format!("class=\"path p{rank}\"")).count(), 2);
        }
        assert!(page.contains("</path>actor 8") || page.contains("actor 8"));
        assert!(!page.contains("<b>") && !page.contains("http"));
    }

    #[test]
    fn a_run_that_never_moves_is_drawn_too() {
        let mut still = quarrel(2);
        for list in still.positions[0].iter_mut().chain(&mut still.mean).chain(&mut still.prevailing) {
            list.truncate(1);
        }
        let page = paths_page(&still);
        assert!(!page.contains("NaN") && page.ends_with("</html>"));
    }
}
