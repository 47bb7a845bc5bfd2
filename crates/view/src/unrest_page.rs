//! A page to watch a society on: its grid, tick by tick, and the series with its outbursts. One HTML file that opens
//! without network, in light and dark, and is used with keys as well as with a mouse.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::wording;

/// Cells along the longer side of a picture, at most.
const CELLS: usize = 120;

/// Pictures of a grid, made smaller where it is large, two bits a cell.
#[derive(Debug, Clone)]
pub struct Frames {
    width: usize,
    height: usize,
    /// Sites along each side of a cell.
    scale: usize,
    /// Ticks from one picture to the next.
    every: u32,
    packed: Vec<u8>,
    count: usize,
}

impl Frames {
    /// No pictures yet of a grid of that many sites; one is going to be added `every` so many ticks.
    pub fn new(width: usize, height: usize, every: u32) -> Frames {
        Frames {
            width,
            height,
            scale: width.max(height).div_ceil(CELLS).max(1),
            every,
            packed: Vec::new(),
            count: 0,
        }
    }

    /// Cells along each side.
    fn cells(&self) -> (usize, usize) {
        (self.width.div_ceil(self.scale), self.height.div_ceil(self.scale))
    }

    /// Adds a picture: for each site, row by row, 0 nobody, 1 a quiet citizen, 2 an active one, 3 a cop.
    ///
    /// At full size a cell is its site. Made smaller, a cell says which share of its citizens is active: 0 none, 1 up to a
    /// twentieth, 2 up to a fifth, 3 more.
    pub fn add(&mut self, sites: &[u8]) {
        let (columns, rows) = self.cells();
        let mut bits: u8 = 0;
        for cell in 0..columns * rows {
            let value = self.value(sites, cell % columns, cell / columns);
            bits |= value << (2 * (cell % 4));
            if cell % 4 == 3 || cell + 1 == columns * rows {
                self.packed.push(bits);
                bits = 0;
            }
        }
        self.count += 1;
    }

    fn value(&self, sites: &[u8], column: usize, row: usize) -> u8 {
        let scale = self.scale;
        if scale == 1 {
            return sites.get(row * self.width + column).copied().unwrap_or(0) & 3;
        }
        let (mut citizens, mut active) = (0u32, 0u32);
        for y in row * scale..((row + 1) * scale).min(self.height) {
            for x in column * scale..((column + 1) * scale).min(self.width) {
                let site = sites.get(y * self.width + x).copied().unwrap_or(0);
                citizens += u32::from(site == 1 || site == 2);
                active += u32::from(site == 2);
            }
        }
        match active {
            0 => 0,
            active if active * 20 <= citizens => 1,
            active if active * 5 <= citizens => 2,
            _ => 3,
        }
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct UnrestPage<'a> {
    /// Its title.
    pub title: String,
    /// One sentence on the society.
    pub about: String,
    /// Citizens, jailed included.
    pub citizens: u32,
    /// Active citizens by tick, from tick 1.
    pub active: Vec<u32>,
    /// Jailed citizens by tick.
    pub jailed: Vec<u32>,
    /// Arrests by tick.
    pub arrests: Vec<u32>,
    /// Outbursts: first tick, tick after the last, total activation.
    pub outbursts: Vec<(u32, u32, u64)>,
    /// Actives above which an outburst begins.
    pub limit: u32,
    /// Pictures of the grid.
    pub frames: &'a Frames,
}

/// The page as the text of one HTML file.
pub fn unrest_page(page: &UnrestPage<'_>) -> String {
    let frames = page.frames;
    let (columns, rows) = frames.cells();
    let outbursts: Vec<[u64; 3]> =
        page.outbursts.iter().map(|(start, end, size)| [u64::from(*start), u64::from(*end), *size]).collect();
    // Lists of whole numbers look the same in Rust and in a script; digits cannot end a script element.
    let data = format!(
        "const UNREST = {{columns: {columns}, rows: {rows}, every: {}, count: {}, bytes: {}, limit: {}, citizens: {},\n\
         active: {:?},\njailed: {:?},\narrests: {:?},\noutbursts: {outbursts:?},\nframes: \"{}\"}};\n",
        frames.every,
        frames.count,
        (columns * rows).div_ceil(4),
        page.limit,
        page.citizens,
        page.active,
        page.jailed,
        page.arrests,
        base64(&frames.packed),
    );
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (page.title) }
                style { (PreEscaped(include_str!("../assets/unrest.css"))) }
            }
            body {
                main {
                    h1 { (page.title) }
                    p { (page.about) }
                    (grid(frames, columns, rows))
                    (series(page))
                    (listed(page))
                }
                script { (PreEscaped(data)) (PreEscaped(include_str!("../assets/unrest.js"))) }
            }
        }
    }
    .into_string()
}

fn grid(frames: &Frames, columns: usize, rows: usize) -> Markup {
    let keys: [(&str, &str); 4] = if frames.scale == 1 {
        [("0", "nobody"), ("1", "quiet citizen"), ("2", "active citizen"), ("3", "cop")]
    } else {
        [("0", "no active"), ("1", "up to 5 % active"), ("2", "up to 20 %"), ("3", "more")]
    };
    html! {
        section aria-labelledby="grid-heading" {
            h2 #grid-heading { "The grid" }
            @if frames.scale > 1 {
                p.quiet { "Each cell stands for " (frames.scale) " × " (frames.scale) " sites." }
            }
            div.stage {
                canvas #grid width=(columns) height=(rows) role="img" aria-label="The grid at the tick chosen below"
                    data-kind=(if frames.scale == 1 { "sites" } else { "shares" }) {}
                div.side {
                    p #now aria-live="off" {}
                    ul.key { @for (value, meaning) in keys { li { span.swatch data-value=(value) {} (meaning) } } }
                }
            }
            div.controls {
                button #play type="button" { "Play" }
                label for="tick" { "Tick" }
                input #tick type="range" min="0" max=(frames.count.saturating_sub(1)) value="0" step="1";
            }
            p.quiet { "Space plays and stops; the arrow keys, Home and End move the slider while it has the focus." }
        }
    }
}

fn series(page: &UnrestPage<'_>) -> Markup {
    html! {
        section aria-labelledby="series-heading" {
            h2 #series-heading { "Active and jailed" }
            div.chart {
                svg #series viewBox="0 0 1000 260" preserveAspectRatio="none" role="img"
                    aria-label=(format!("Active citizens over {} ticks, with {}", page.active.len(),
                        wording::counted(page.outbursts.len() as u64, "outburst", "outbursts"))) {}
            }
            p.quiet {
                "Ticks 1 to " (page.active.len()) ". "
                span.line.active-line {} " active, its top at "
                (wording::whole(u64::from(page.active.iter().copied().max().unwrap_or(0)))) "; "
                span.line.jailed-line {} " jailed, its top at "
                (wording::whole(u64::from(page.jailed.iter().copied().max().unwrap_or(0))))
                ". Shaded: outbursts, more than " (page.limit) " active."
            }
        }
    }
}

fn listed(page: &UnrestPage<'_>) -> Markup {
    html! {
        section aria-labelledby="list-heading" {
            h2 #list-heading { "Outbursts" }
            @if page.outbursts.is_empty() {
                @let above = page.active.iter().filter(|active| **active > page.limit).count();
                @if above == 0 {
                    p { "There was none." }
                } @else {
                    p {
                        "None that ended: more than " (page.limit) " were active in "
                        (wording::whole(above as u64)) " of " (wording::whole(page.active.len() as u64))
                        " ticks. A large grid asks for a larger --outburst-limit."
                    }
                }
            } @else {
                details {
                    summary { (wording::counted(page.outbursts.len() as u64, "outburst", "outbursts")) }
                    div.scroll tabindex="0" {
                        table {
                            thead { tr { th { "from tick" } th { "over by tick" } th { "total activation" } } }
                            tbody {
                                @for (start, end, activation) in &page.outbursts {
                                    tr { td { (start) } td { (end) } td { (wording::whole(*activation)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Base64 (RFC 4648), which is how bytes travel in a script.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let there = digit <= three.len();
            text.push(if there { DIGITS[(word >> (18 - 6 * digit) & 63) as usize] as char } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_the_digits_of_the_standard() {
        // The test vectors of RFC 4648.
        for (bytes, digits) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), digits);
        }
    }

    #[test]
    fn a_small_grid_is_shown_site_by_site_and_a_large_one_by_shares() {
        let mut small = Frames::new(3, 2, 1);
        small.add(&[0, 1, 2, 3, 1, 0]);
        assert_eq!(small.packed, [0b11_10_01_00, 0b00_01]);
        let mut large = Frames::new(240, 240, 1);
        let mut sites = vec![1; 240 * 240];
        sites[0] = 2;
        large.add(&sites);
        assert_eq!((large.scale, large.packed.len(), large.packed[0]), (2, 120 * 120 / 4, 0b11));
    }

    #[test]
    fn the_page_is_whole_and_loads_nothing() {
        let mut frames = Frames::new(2, 2, 5);
        frames.add(&[0, 1, 2, 3]);
        let page = UnrestPage {
            title: "Civil violence <run2>".to_owned(),
            about: "2 × 2 sites.".to_owned(),
            citizens: 2,
            active: vec![0, 1, 0],
            jailed: vec![0, 0, 1],
            arrests: vec![0, 0, 1],
            outbursts: vec![(2, 3, 1)],
            limit: 0,
            frames: &frames,
        };
        let text = unrest_page(&page);
        assert!(text.contains("Civil violence &lt;run2&gt;") && text.contains("frames: \"5A==\""));
        assert!(!text.contains("http://") && !text.contains("https://") && !text.contains("src="));
        assert!(text.contains("1 outburst"));
    }
}
