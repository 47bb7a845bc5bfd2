//! A picture of the held-out prediction: for each town the probability of each day, and the day it happened.

use std::fmt::Write;

use equipoise_lab::contagion::Judged;

use super::files::Table;
use super::print::name;

const ROW: usize = 18;
const CELL: usize = 34;
const LEFT: usize = 120;
const TOP: usize = 44;
const GAP: usize = 26;

/// The predictions of all mechanisms side by side, as SVG: darker is likelier, a ring is the day it happened.
pub fn predictions(table: &Table, judged: &[Judged]) -> String {
    let held_out = &judged[0].predicted;
    let columns = table.towns.days() as usize + 1;
    let panel = columns * CELL + GAP;
    let (width, height) = (LEFT + judged.len() * panel, TOP + held_out.len() * ROW + 34);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    for (at, one) in judged.iter().enumerate() {
        let left = LEFT + at * panel;
        let _ = writeln!(
            svg,
            "<text x=\"{left}\" y=\"16\" font-weight=\"bold\">{}</text><text x=\"{left}\" y=\"32\" fill=\"#555\">log \
             {:.2}, CRPS {:.2} d</text>",
            name(one.mechanism),
            one.scores[0].log,
            one.scores[0].crps
        );
        for (row, predicted) in one.predicted.iter().enumerate() {
            let top = TOP + row * ROW;
            if at == 0 {
                let (x, y) = (LEFT - 8, top + 13);
                let town = escaped(&table.names[predicted.town]);
                let _ = writeln!(svg, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{town}</text>");
            }
            for (day, share) in predicted.shares.iter().enumerate() {
                let x = left + day * CELL;
                let _ = writeln!(
                    svg,
                    "<rect x=\"{x}\" y=\"{top}\" width=\"{}\" height=\"{}\" fill=\"#1f5f8b\" \
                     fill-opacity=\"{share:.3}\" stroke=\"#ddd\"/>",
                    CELL - 1,
                    ROW - 1
                );
            }
            let happened = table.towns.list()[predicted.town].first.map_or(columns - 1, |day| day as usize);
            let (x, y) = (left + happened * CELL + CELL / 2, top + ROW / 2);
            let _ = writeln!(
                svg,
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"5\" fill=\"none\" stroke=\"#c0392b\" stroke-width=\"2\"/>"
            );
        }
        for day in 0..columns {
            let (x, y) = (left + day * CELL + CELL / 2, TOP + held_out.len() * ROW + 14);
            let label = match table.date(day as u32) {
                _ if day + 1 == columns => "none".to_owned(),
                date => format!("{}/{}", date.day(), date.month()),
            };
            let _ = writeln!(
                svg,
                "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" fill=\"#555\">{label}</text>"
            );
        }
    }
    svg + "</svg>\n"
}

/// Names come from files: they may hold what means something in XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
