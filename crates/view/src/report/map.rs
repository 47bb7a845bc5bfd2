//! Where people are in the street: a few small maps of the focus state, and the numbers behind them.
//!
//! Degrees are drawn as they are, a degree of longitude shortened by the cosine of the middle latitude. Areas of circles
//! are in proportion to people, on one scale for all maps.

use maud::{Markup, html};

use super::scrolling;
use crate::findings::{Findings, UnrestDay, UnrestMap};
use crate::wording;

/// Width of a map in its own units, its margin, and the radius of the largest circle.
const WIDTH: f64 = 320.0;
const MARGIN: f64 = 14.0;
const LARGEST: f64 = 24.0;
/// Circles of fewer people than this share of the largest crowd carry no name.
const NAMED: f64 = 0.12;
/// Circles up to this radius may lie under a name.
const SMALL: f64 = 4.0;
/// People on average below which a place is not drawn.
const DRAWN: f64 = 1.0;

pub(super) fn section(findings: &Findings) -> Markup {
    let Some(map) = &findings.unrest else { return html! {} };
    html! {
        section id="map" aria-labelledby="map-heading" {
            h2 id="map-heading" { "Where and when" }
            (maps(map))
        }
    }
}

/// The maps of all days, and the numbers behind them.
pub(super) fn maps(map: &UnrestMap) -> Markup {
    let frame = Frame::of(map);
    let most = map.days.iter().flat_map(|day| &day.places).map(|(crowd, _)| *crowd).fold(0.0, f64::max);
    html! {
        p.quiet {
            "Circles are as large as the crowd on average over " (wording::counted(map.histories, "history", "histories"))
            " simulated again; the largest stands for " (wording::count(most))
            " people. The inner part is the share of histories with violence there on that day."
        }
        div.maps { @for day in &map.days { (drawn(map, day, &frame, most)) } }
        details {
            summary { "The numbers: where and when" }
            (scrolling("People in the street by place and day", &table(map)))
        }
    }
}

fn drawn(map: &UnrestMap, day: &UnrestDay, frame: &Frame, most: f64) -> Markup {
    let busiest = map.places.iter().zip(&day.places).max_by(|a, b| a.1.0.total_cmp(&b.1.0));
    let said = busiest.filter(|(_, (crowd, _))| *crowd >= DRAWN).map_or_else(
        || "nobody in the street".to_owned(),
        |((name, _), (crowd, _))| format!("most in {name}, {} on average", wording::count(*crowd)),
    );
    let mut order: Vec<usize> = (0..map.places.len()).filter(|&at| day.places[at].0 >= DRAWN).collect();
    order.sort_by(|&a, &b| day.places[b].0.total_cmp(&day.places[a].0));
    html! {
        figure {
            figcaption { h3 { (wording::day_and_month(day.date)) } }
            svg.map viewBox={ "0 0 " (WIDTH) " " (format!("{:.0}", frame.height)) } role="img"
                aria-label={ (wording::date(day.date)) ": " (said) } {
                @for ring in &map.outline { path.land d=(frame.ring(ring)) {} }
                @for &at in &order { (circle(frame.place(map.places[at].1), day.places[at], most)) }
                @for label in labels(map, day, &order, frame, most) { (label.drawn()) }
            }
        }
    }
}

fn radius(crowd: f64, most: f64) -> f64 {
    LARGEST * (crowd / most.max(f64::MIN_POSITIVE)).sqrt()
}

fn circle([x, y]: [f64; 2], (crowd, violent): (f64, f64), most: f64) -> Markup {
    let outer = radius(crowd, most);
    html! {
        circle.crowd cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r=(format!("{outer:.1}")) {}
        @if violent > 0.0 {
            circle.violent cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r=(format!("{:.1}", outer * violent.sqrt())) {}
        }
    }
}

/// Width of a letter and height of a line of a name, in units of the drawing.
const LETTER: f64 = 6.0;
const LINE: f64 = 12.0;

/// The name of a place beside its circle, on the side where there is room.
struct Label<'a> {
    name: &'a str,
    /// Where it begins or ends, and whether it ends there.
    x: f64,
    y: f64,
    ends: bool,
}

impl Label<'_> {
    fn left(&self) -> f64 {
        if self.ends { self.x - self.width() } else { self.x }
    }

    fn width(&self) -> f64 {
        LETTER * self.name.chars().count() as f64
    }

    fn covers(&self, other: &Label<'_>) -> bool {
        (self.y - other.y).abs() < LINE
            && self.left() < other.left() + other.width()
            && other.left() < self.left() + self.width()
    }

    /// Whether it lies on a circle.
    fn hides(&self, [x, y]: [f64; 2], radius: f64) -> bool {
        let (dx, dy) = (x - x.clamp(self.left(), self.left() + self.width()), y - (self.y - 4.0));
        dx.hypot(dy) < radius + LINE / 3.0
    }

    fn drawn(&self) -> Markup {
        let anchor = if self.ends { "end" } else { "start" };
        html! { text x=(format!("{:.1}", self.x)) y=(format!("{:.1}", self.y)) text-anchor=(anchor) { (self.name) } }
    }
}

/// Names of the larger crowds, `order` from the largest on; one that finds no room is left to the table.
fn labels<'a>(
    map: &'a UnrestMap,
    day: &UnrestDay,
    order: &[usize],
    frame: &Frame,
    most: f64,
) -> Vec<Label<'a>> {
    let mut labels: Vec<Label<'a>> = Vec::new();
    for &at in order.iter().filter(|&&at| day.places[at].0 >= NAMED * most) {
        let [x, y] = frame.place(map.places[at].1);
        let beside = radius(day.places[at].0, most) + 3.0;
        let name = &map.places[at].0;
        let on = |ends: bool| Label { name, x: if ends { x - beside } else { x + beside }, y: y + 4.0, ends };
        let fits = |label: &Label<'_>| label.left() >= 0.0 && label.left() + label.width() <= WIDTH;
        let free = |label: &Label<'_>| !labels.iter().any(|other| label.covers(other));
        // A name that would lie on another crowd is left to the table too.
        let clear = |label: &Label<'_>| {
            !order.iter().filter(|&&other| other != at).any(|&other| {
                let reach = radius(day.places[other].0, most);
                reach > SMALL && label.hides(frame.place(map.places[other].1), reach)
            })
        };
        // Outwards first.
        let sides = [on(x <= WIDTH / 2.0), on(x > WIDTH / 2.0)];
        let found = sides.into_iter().find(|side| fits(side) && free(side) && clear(side));
        labels.extend(found);
    }
    labels
}

fn table(map: &UnrestMap) -> Markup {
    let shown = (0..map.places.len()).filter(|&at| map.days.iter().any(|day| day.places[at].0 >= DRAWN));
    html! {
        table {
            thead { tr {
                th scope="col" { "Place" }
                @for day in &map.days { th.number scope="col" { (wording::day_and_month(day.date)) } }
            } }
            tbody {
                @for at in shown {
                    tr {
                        th scope="row" { (map.places[at].0) }
                        @for day in &map.days {
                            td.number {
                                (wording::count(day.places[at].0))
                                @if day.places[at].1 > 0.0 { span.note { "violent in " (wording::percent(day.places[at].1)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The stretch of the globe that is drawn.
struct Frame {
    north: f64,
    west: f64,
    /// Units of the drawing to a degree of latitude, and to one of longitude.
    scale: [f64; 2],
    height: f64,
}

impl Frame {
    /// The frame of the outline, or of the places where there is none.
    fn of(map: &UnrestMap) -> Frame {
        let corners = || map.outline.iter().flatten().chain(map.places.iter().map(|(_, at)| at));
        let ends = |axis: usize| {
            let values = corners().map(|corner| corner[axis]);
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
        };
        let ((south, north), (west, east)) = (ends(0), ends(1));
        let shortening = f64::midpoint(south, north).to_radians().cos().max(0.01);
        // A single place still needs a stretch of land around it.
        let width = (east - west).max(0.1);
        let per_longitude = (WIDTH - 2.0 * MARGIN) / width;
        let per_latitude = per_longitude / shortening;
        let height = (north - south).max(0.1) * per_latitude + 2.0 * MARGIN;
        Frame { north, west, scale: [per_latitude, per_longitude], height }
    }

    fn place(&self, [latitude, longitude]: [f64; 2]) -> [f64; 2] {
        [MARGIN + (longitude - self.west) * self.scale[1], MARGIN + (self.north - latitude) * self.scale[0]]
    }

    fn ring(&self, corners: &[[f64; 2]]) -> String {
        let mut path = String::new();
        for (at, &corner) in corners.iter().enumerate() {
            let [x, y] = self.place(corner);
            path.push_str(&format!("{}{x:.1} {y:.1}", if at == 0 { "M" } else { "L" }));
        }
        path + "Z"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn places_lie_on_the_map_as_on_the_globe() {
        let findings = sample::findings();
        let Some(map) = &findings.unrest else { panic!("the sample has a map") };
        let frame = Frame::of(map);
        let [[x, y], [x2, y2]] = [frame.place(map.places[0].1), frame.place(map.places[1].1)];
        // The second place lies south-east of the first.
        assert!(x2 > x && y2 > y);
        assert!([x, y, x2, y2].iter().all(|at| (0.0..=WIDTH.max(frame.height)).contains(at)));
    }

    #[test]
    fn areas_are_in_proportion_to_people() {
        assert!((radius(400.0, 1600.0) * 2.0 - radius(1600.0, 1600.0)).abs() < 1e-12);
    }

    #[test]
    fn no_name_lies_on_another() {
        let near = |name, x, y| Label { name, x, y, ends: true };
        assert!(near("Estria", 100.0, 50.0).covers(&near("North", 80.0, 55.0)));
        assert!(!near("Estria", 100.0, 50.0).covers(&near("North", 80.0, 63.0)));
        assert!(!near("Estria", 100.0, 50.0).covers(&near("North", 60.0, 50.0)));
    }

    #[test]
    fn what_is_drawn_also_stands_in_the_table() {
        let drawn = section(&sample::findings()).into_string();
        assert!(drawn.contains("violent in 25\u{a0}%") || drawn.contains("violent in 25 %"), "{drawn}");
        assert!(drawn.contains("most in Estria, 1,200 on average"), "{drawn}");
        assert!(section(&sample::empty()).into_string().is_empty());
    }
}
