//! Routes before and after, who could stop them, and what trade measures did to whom.
//!
//! The picture is a flow diagram after Sankey, drawn twice on one scale: nodes stand in columns by the longest way
//! from a field, bands are as wide as what flows. Everything in it also stands in the table below.

use jiff::civil::Date;
use maud::{Markup, html};

use super::scrolling;
use crate::findings::{Findings, NodeFound, Range, RouteFound, RoutesFound};
use crate::wording;

pub(super) fn section(findings: &Findings) -> Markup {
    let Some(routes) = &findings.routes else { return html! {} };
    html! {
        section id="routes" aria-labelledby="routes-heading" {
            h2 id="routes-heading" { "Routes and trade" }
            (network(routes))
        }
    }
}

/// Flows before and after, who could stop them, and what trade measures did.
pub(super) fn network(routes: &RoutesFound) -> Markup {
    html! {
        div.network {
            p.quiet {
                "Medians, with 90 % of the histories in brackets, of "
                (wording::counted(routes.histories, "history", "histories"))
                " simulated again; " (wording::date(routes.days[0])) " beside " (wording::date(routes.days[1])) "."
            }
            @if !routes.routes.is_empty() {
                (pictures(routes))
                (flows(routes))
                (dependence(routes))
            }
            @if !routes.welfare.is_empty() { (welfare(routes)) }
        }
    }
}

/// Width of the drawing, and of its margins for names of fields and markets.
const WIDTH: f64 = 980.0;
const LEFT: f64 = 150.0;
const RIGHT: f64 = 200.0;
const TOP: f64 = 22.0;
/// Height that everything delivered takes, and the room between nodes.
const BAND: f64 = 190.0;
const GAP: f64 = 26.0;
const BAR: f64 = 7.0;

fn pictures(routes: &RoutesFound) -> Markup {
    let most = [0, 1].map(|day| total(routes, day)).into_iter().fold(0.0, f64::max);
    let main = routes.states.first().map(|state| state.name.as_str());
    html! {
        @for day in 0..2 {
            figure.flows {
                figcaption {
                    h3 { (title(routes.days[day], day)) }
                    @if let (Some(delivered), Some(revenue)) = (&routes.delivered, &routes.revenue) {
                        p.quiet {
                            (tonnes(delivered[day])) " Mt a year reach markets, which pay "
                            (tonnes(revenue[day])) " billion dollars a year"
                        }
                    }
                }
                (scrolling(&format!("Flows on {}", wording::date(routes.days[day])), &picture(routes, &columns(routes, day), day, most)))
            }
        }
        p.quiet {
            "Bands are as wide as what flows. "
            @if let Some(main) = main { span.swatch.main {} " crosses " (main) "; " span.swatch {} " does not." }
        }
    }
}

fn title(date: Date, day: usize) -> String {
    format!("{}, {}", if day == 0 { "Before" } else { "After" }, wording::date(date))
}

/// What leaves the fields.
fn total(routes: &RoutesFound, day: usize) -> f64 {
    routes.routes.iter().filter(|r| routes.nodes[r.from].supplies).map(|route| route.flow[day].0).sum()
}

/// The column of each node on a day: the longest way from where flows begin, markets in the last one.
fn columns(routes: &RoutesFound, day: usize) -> Vec<usize> {
    let count = routes.nodes.len();
    let mut order = Vec::with_capacity(count);
    let mut visited = vec![false; count];
    for node in 0..count {
        visit(node, routes, day, &mut visited, &mut order);
    }
    order.reverse();
    let mut rank = vec![0; count];
    for (at, &node) in order.iter().enumerate() {
        rank[node] = at;
    }
    let mut column = vec![0; count];
    for &node in &order {
        // A way back, which medians over histories can show, counts for nothing.
        for route in leaving(node, routes, day).filter(|route| rank[route.to] > rank[node]) {
            column[route.to] = column[route.to].max(column[node] + 1);
        }
    }
    let last = column.iter().copied().max().unwrap_or(0);
    column.iter().zip(&routes.nodes).map(|(at, node)| if node.sells { last } else { *at }).collect()
}

/// Puts what lies downstream of a node into `order`, then the node itself.
fn visit(node: usize, routes: &RoutesFound, day: usize, visited: &mut [bool], order: &mut Vec<usize>) {
    if std::mem::replace(&mut visited[node], true) {
        return;
    }
    for route in leaving(node, routes, day) {
        visit(route.to, routes, day, visited, order);
    }
    order.push(node);
}

fn leaving(node: usize, routes: &RoutesFound, day: usize) -> impl Iterator<Item = &RouteFound> {
    routes.routes.iter().filter(move |route| route.from == node && route.flow[day].0 > 0.0)
}

/// A node in the drawing: its bar from `top` down, and how much of it is taken on either side.
struct Place {
    x: f64,
    top: f64,
    height: f64,
    taken_in: f64,
    taken_out: f64,
}

fn picture(routes: &RoutesFound, columns: &[usize], day: usize, most: f64) -> Markup {
    let scale = BAND / most.max(f64::MIN_POSITIVE);
    let (mut places, height) = places(routes, columns, day, scale);
    let mut bands: Vec<(f64, String, bool)> = Vec::new();
    let mut order: Vec<&RouteFound> = routes.routes.iter().filter(|route| route.flow[day].0 > 0.0).collect();
    // Bands leave a bar in the order of the bars they reach, so that they cross as little as can be.
    order.sort_by(|a, b| places[a.to].top.total_cmp(&places[b.to].top));
    for route in order {
        let width = route.flow[day].0 * scale;
        let (x1, y1) =
            (places[route.from].x + BAR, places[route.from].top + places[route.from].taken_out + width / 2.0);
        places[route.from].taken_out += width;
        let (x2, y2) = (places[route.to].x, places[route.to].top + places[route.to].taken_in + width / 2.0);
        places[route.to].taken_in += width;
        let middle = f64::midpoint(x1, x2);
        bands.push((
            width,
            format!("M{x1:.1} {y1:.1}C{middle:.1} {y1:.1} {middle:.1} {y2:.1} {x2:.1} {y2:.1}"),
            route.main,
        ));
    }
    html! {
        svg.sankey viewBox={ "0 0 " (WIDTH) " " (format!("{height:.0}")) } role="img"
            aria-label="Flow diagram; the table below says the same" {
            @for (width, d, main) in &bands {
                path.flow.main[*main] d=(d) stroke-width=(format!("{:.1}", width.max(0.8))) {}
            }
            @for (place, node) in places.iter().zip(&routes.nodes) {
                @if place.height > 0.0 { (bar(place, node)) }
            }
        }
    }
}

fn bar(place: &Place, node: &NodeFound) -> Markup {
    let middle = place.top + place.height / 2.0 + 4.0;
    let (x, y, anchor) = if node.supplies && place.x <= LEFT {
        (place.x - 6.0, middle, "end")
    } else if node.sells {
        (place.x + BAR + 6.0, middle, "start")
    } else {
        (place.x + BAR / 2.0, place.top - 5.0, "middle")
    };
    html! {
        rect.node x=(format!("{:.1}", place.x)) y=(format!("{:.1}", place.top)) width=(BAR) height=(format!("{:.1}", place.height.max(1.5))) {}
        text x=(format!("{x:.1}")) y=(format!("{y:.1}")) text-anchor=(anchor) { (node.name) }
    }
}

/// Where each node stands, and the height of the whole.
fn places(routes: &RoutesFound, columns: &[usize], day: usize, scale: f64) -> (Vec<Place>, f64) {
    let last = columns.iter().copied().max().unwrap_or(0).max(1);
    let through = |at: usize| {
        let sum = |touches: &dyn Fn(&RouteFound) -> bool| -> f64 {
            routes.routes.iter().filter(|r| touches(r)).map(|route| route.flow[day].0).sum()
        };
        sum(&|route| route.from == at).max(sum(&|route| route.to == at))
    };
    let mut places: Vec<Place> = (0..columns.len())
        .map(|at| {
            let x = LEFT + (WIDTH - LEFT - RIGHT - BAR) * columns[at] as f64 / last as f64;
            Place { x, top: TOP, height: through(at) * scale, taken_in: 0.0, taken_out: 0.0 }
        })
        .collect();
    let mut height = TOP;
    for column in 0..=last {
        let mut here: Vec<usize> =
            (0..columns.len()).filter(|&at| columns[at] == column && places[at].height > 0.0).collect();
        let centre = |at: usize, places: &[Place]| {
            let (mut sum, mut weight) = (0.0, 0.0);
            for route in routes.routes.iter().filter(|route| route.to == at) {
                let from = &places[route.from];
                sum += route.flow[day].0 * (from.top + from.height / 2.0);
                weight += route.flow[day].0;
            }
            if weight > 0.0 { sum / weight } else { 0.0 }
        };
        // Beside where its oil comes from; fields keep the scenario's order.
        let centres: Vec<f64> = (0..columns.len()).map(|at| centre(at, &places)).collect();
        here.sort_by(|&a, &b| centres[a].total_cmp(&centres[b]));
        let mut y = TOP;
        for at in here {
            let wished = if routes.nodes[at].supplies { y } else { centres[at] - places[at].height / 2.0 };
            places[at].top = wished.max(y);
            y = places[at].top + places[at].height + GAP;
        }
        height = height.max(y);
    }
    (places, height)
}

fn flows(routes: &RoutesFound) -> Markup {
    let table = html! {
        table {
            thead { tr { th scope="col" { "Route" } th scope="col" { "Crosses" } (day_heads(routes, "Mt a year")) } }
            tbody {
                @for route in &routes.routes {
                    tr {
                        th scope="row" { (route.name) }
                        td { (if route.crosses.is_empty() { "–".to_owned() } else { route.crosses.join(", ") }) }
                        @for day in 0..2 { td.number { (tonnes(route.flow[day])) } }
                    }
                }
            }
        }
    };
    html! {
        details {
            summary { "What each route carries" }
            (scrolling("What each route carries", &table))
        }
    }
}

fn dependence(routes: &RoutesFound) -> Markup {
    let table = html! {
        table {
            thead {
                tr {
                    th scope="col" { "State" }
                    (day_heads(routes, "share through it"))
                    (day_heads(routes, "Mt a year lost"))
                    (day_heads(routes, "bn $ a year lost"))
                }
            }
            tbody {
                @for state in &routes.states {
                    tr {
                        th scope="row" { (state.name) }
                        @for day in 0..2 { td.number { (wording::percent(state.share[day].0)) } }
                        @for day in 0..2 { td.number { (tonnes(state.loss_mt_per_year[day])) } }
                        @for day in 0..2 { td.number { (tonnes(state.loss_busd_per_year[day])) } }
                    }
                }
            }
        }
    };
    html! {
        h3 { "Who could stop what" }
        p.quiet {
            "What would be lost if a state closed every route that crosses it, after shippers have sent what they can another way. "
            "Shares add up to more than the whole where routes cross several states."
        }
        (scrolling("Dependence on states", &table))
    }
}

/// Changes of welfare below this many per cent are not listed.
const LISTED: f64 = 0.005;

fn welfare(routes: &RoutesFound) -> Markup {
    let felt = |range: &Range| [range.0, range.1.0, range.1.1].iter().any(|value| value.abs() >= LISTED);
    let (listed, rest): (Vec<_>, Vec<_>) = routes.welfare.iter().partition(|(_, range)| felt(range));
    let table = html! {
        table.days {
            thead { tr { th scope="col" { "Region" } th.number scope="col" { "Change of welfare, %" } } }
            tbody {
                @for (name, range) in &listed {
                    tr { th scope="row" { (name) } td.number { (hundredths(*range)) } }
                }
            }
        }
    };
    let names: Vec<&str> = rest.iter().map(|(name, _)| name.as_str()).collect();
    html! {
        h3.after { "What trade measures did to whom by " (wording::date(routes.days[1])) }
        p.quiet {
            "Welfare is what a region's spending buys, in general equilibrium with one sector; sanctions, the customs union and "
            "compliance in force on that day against none. Prices of oil and the war itself are not in it."
        }
        @if !listed.is_empty() { (scrolling("Welfare by region", &table)) }
        @if !names.is_empty() { p.quiet.after { "Less than a hundredth of a per cent either way: " (names.join(", ")) "." } }
    }
}

fn day_heads(routes: &RoutesFound, what: &str) -> Markup {
    html! {
        @for date in routes.days { th.number scope="col" { (wording::day_and_month(date)) ": " (what) } }
    }
}

fn tonnes((median, (low, high)): Range) -> String {
    let text = |value: f64| wording::exact((value * 10.0).round() / 10.0 + 0.0);
    between(text(median), text(low), text(high))
}

fn hundredths((median, (low, high)): Range) -> String {
    let text = |value: f64| {
        let text = format!("{:.2}", value + 0.0).replace('-', "−");
        if text == "−0.00" { "0.00".to_owned() } else { text }
    };
    between(text(median), text(low), text(high))
}

fn between(median: String, low: String, high: String) -> String {
    if low == high { median } else { format!("{median} ({low} to {high})") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::sample;

    fn drawn() -> String {
        section(&sample::findings()).into_string()
    }

    #[test]
    fn every_flow_is_drawn_as_wide_as_it_is_and_stands_in_the_table() {
        let text = drawn();
        let widths: Vec<f64> = text
            .split("stroke-width=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
            .collect();
        // Three routes on either day, both days on the scale of the first: 12 Mt a year fill the height.
        assert_eq!(widths.len(), 6, "{widths:?}");
        let mut wide = widths.clone();
        wide.sort_by(f64::total_cmp);
        let expected = [1.0, 3.0, 3.0, 4.0, 4.0, 9.0].map(|flow: f64| flow / 12.0 * BAND);
        assert!(
            wide.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 0.06),
            "{wide:?}"
        );
        assert!(text.contains("Pipeline through Vastland") && text.contains("Vastland</td>"));
    }

    #[test]
    fn markets_stand_last_and_no_bar_lies_on_another() {
        let findings = sample::findings();
        let routes = findings.routes.unwrap();
        for day in 0..2 {
            let columns = columns(&routes, day);
            assert_eq!(columns, [0, 1, 2]);
            let (places, height) = places(&routes, &columns, day, 1.0);
            assert!(places.iter().all(|place| place.top >= TOP && place.top + place.height <= height));
        }
    }

    #[test]
    fn a_circle_of_routes_is_drawn_all_the_same() {
        let mut findings = sample::findings();
        let routes = findings.routes.as_mut().unwrap();
        let mut back = routes.routes[0].clone();
        (back.from, back.to) = (1, 0);
        routes.routes.push(back);
        let text = section(&findings).into_string();
        assert!(text.contains("</svg>") && !text.contains("NaN"));
    }

    #[test]
    fn a_run_without_routes_has_no_section() {
        assert_eq!(section(&sample::empty()).into_string(), "");
    }
}
