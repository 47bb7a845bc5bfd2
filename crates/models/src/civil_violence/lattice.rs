//! The torus: who stands where, and what can be seen from a site.

use super::rules::Sight;

/// No agent.
pub(super) const NOBODY: u32 = u32::MAX;

/// One cop in the plane of counts.
pub(super) const COP: u32 = 1;
/// One active citizen in the plane of counts.
pub(super) const ACTIVE: u32 = 1 << 16;

/// Sites in sight, as stretches of rows and as single sites from near to far.
#[derive(Debug, Clone)]
pub(super) struct Neighbourhood {
    rows: Vec<(i32, usize)>,
    /// Single sites but the own one, from near to far.
    pub sites: Vec<Site>,
}

/// A site seen from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Site {
    pub dx: i32,
    pub dy: i32,
    /// Square of the Euclidean distance.
    pub squared: i32,
}

impl Neighbourhood {
    /// Sites within `vision`; the strict one leaves out those exactly as far.
    pub fn new(sight: Sight, vision: f64, strict: bool) -> Neighbourhood {
        let reach = vision.floor() as i32;
        let within = |dx: i32, dy: i32| {
            let distance = match sight {
                Sight::Disc => f64::from(dx * dx + dy * dy).sqrt(),
                Sight::Moore => f64::from(dx.abs().max(dy.abs())),
                Sight::VonNeumann => f64::from(dx.abs() + dy.abs()),
                Sight::Cross if dx == 0 || dy == 0 => f64::from(dx.abs() + dy.abs()),
                Sight::Cross => f64::INFINITY,
            };
            if strict { distance < vision } else { distance <= vision }
        };
        let mut rows = Vec::new();
        let mut sites = Vec::new();
        for dy in -reach..=reach {
            let half = (0..=reach).take_while(|dx| within(*dx, dy)).count();
            if half > 0 {
                rows.push((dy, half - 1));
            }
            for dx in -reach..=reach {
                if (dx, dy) != (0, 0) && within(dx, dy) {
                    sites.push(Site { dx, dy, squared: dx * dx + dy * dy });
                }
            }
        }
        sites.sort_by_key(|site| (site.squared, site.dy, site.dx));
        Neighbourhood { rows, sites }
    }

    /// (row offset, half width) of stretches around the own column, the own site included.
    pub fn rows(&self) -> &[(i32, usize)] {
        &self.rows
    }
}

/// The planes of the torus.
#[derive(Debug, Clone)]
pub(super) struct Lattice {
    width: usize,
    height: usize,
    /// Columns repeated on each side of a row, so that a stretch never wraps.
    margin: usize,
    /// Cops and active citizens per site ([`COP`], [`ACTIVE`]), rows with margins.
    counts: Vec<u32>,
    /// Agents that keep others out, per site.
    blocked: Vec<u8>,
    /// The first agent on a site; the next ones hang on it.
    first: Vec<u32>,
}

impl Lattice {
    pub fn new(width: usize, height: usize, vision: f64) -> Lattice {
        let margin = vision.floor() as usize;
        Lattice {
            width,
            height,
            margin,
            counts: vec![0; (width + 2 * margin) * height],
            blocked: vec![0; width * height],
            first: vec![NOBODY; width * height],
        }
    }

    pub fn sites(&self) -> usize {
        self.first.len()
    }

    /// The site at an offset.
    pub fn beside(&self, site: u32, dx: i32, dy: i32) -> u32 {
        let (x, y) = self.place(site);
        let x = wrapped(x, dx, self.width);
        let y = wrapped(y, dy, self.height);
        (y * self.width + x) as u32
    }

    /// Cops and active citizens in sight of a site.
    pub fn seen(&self, site: u32, neighbourhood: &Neighbourhood) -> (u32, u32) {
        let (x, y) = self.place(site);
        let stride = self.width + 2 * self.margin;
        let mut sum = 0u32;
        for &(dy, half) in &neighbourhood.rows {
            let start = wrapped(y, dy, self.height) * stride + x + self.margin - half;
            for count in &self.counts[start..=start + 2 * half] {
                sum += count;
            }
        }
        (sum & 0xffff, sum >> 16)
    }

    /// Whether somebody could go there.
    pub fn is_free(&self, site: u32) -> bool {
        self.blocked[site as usize] == 0
    }

    pub fn block(&mut self, site: u32) {
        self.blocked[site as usize] += 1;
    }

    pub fn unblock(&mut self, site: u32) {
        self.blocked[site as usize] -= 1;
    }

    /// Adds to the counts of a site; `amount` is [`COP`] or [`ACTIVE`].
    pub fn add(&mut self, site: u32, amount: u32) {
        self.change(site, |count| *count += amount);
    }

    /// Takes from the counts of a site.
    pub fn take(&mut self, site: u32, amount: u32) {
        self.change(site, |count| *count -= amount);
    }

    /// The first agent on a site.
    pub fn first(&self, site: u32) -> u32 {
        self.first[site as usize]
    }

    /// Puts an agent on a site; `next` holds the agents' chain.
    pub fn put(&mut self, agent: u32, site: u32, next: &mut [u32]) {
        next[agent as usize] = self.first[site as usize];
        self.first[site as usize] = agent;
    }

    /// Forgets who stands on a site.
    pub fn clear(&mut self, site: u32) {
        self.first[site as usize] = NOBODY;
    }

    /// Takes an agent off its site.
    pub fn lift(&mut self, agent: u32, site: u32, next: &mut [u32]) {
        let mut at = self.first[site as usize];
        if at == agent {
            self.first[site as usize] = next[agent as usize];
            return;
        }
        while at != NOBODY {
            let following = next[at as usize];
            if following == agent {
                next[at as usize] = next[agent as usize];
                return;
            }
            at = following;
        }
    }

    fn place(&self, site: u32) -> (usize, usize) {
        (site as usize % self.width, site as usize / self.width)
    }

    fn change(&mut self, site: u32, change: impl Fn(&mut u32)) {
        let (x, y) = self.place(site);
        let row = y * (self.width + 2 * self.margin);
        change(&mut self.counts[row + self.margin + x]);
        if x < self.margin {
            change(&mut self.counts[row + self.margin + self.width + x]);
        }
        if x + self.margin >= self.width {
            change(&mut self.counts[row + x + self.margin - self.width]);
        }
    }
}

fn wrapped(at: usize, by: i32, size: usize) -> usize {
    (at as i64 + i64::from(by)).rem_euclid(size as i64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shapes_of_vision_have_the_published_numbers_of_sites() {
        let sites = |sight, vision| Neighbourhood::new(sight, vision, false).sites.len();
        assert_eq!([sites(Sight::Disc, 1.7), sites(Sight::Disc, 7.0)], [8, 148]);
        assert_eq!(sites(Sight::Moore, 7.0), 224);
        assert_eq!(sites(Sight::VonNeumann, 7.0), 112);
        assert_eq!(sites(Sight::Cross, 7.0), 28);
        assert_eq!(Neighbourhood::new(Sight::Disc, 7.0, true).sites.len(), 144);
    }

    proptest! {
        #[test]
        fn what_is_seen_is_what_stands_there(
            cops in prop::collection::vec((0usize..17, 0usize..15), 0..30),
            actives in prop::collection::vec((0usize..17, 0usize..15), 0..30),
            from in 0u32..255, vision in 1.0f64..7.0, shape in 0usize..4,
        ) {
            let sight = [Sight::Disc, Sight::Moore, Sight::VonNeumann, Sight::Cross][shape];
            let neighbourhood = Neighbourhood::new(sight, vision, false);
            let mut lattice = Lattice::new(17, 15, 7.0);
            let site = |&(x, y): &(usize, usize)| (y * 17 + x) as u32;
            for at in &cops { lattice.add(site(at), COP); }
            for at in &actives { lattice.add(site(at), ACTIVE); }
            let visible: Vec<u32> = std::iter::once(from)
                .chain(neighbourhood.sites.iter().map(|s| lattice.beside(from, s.dx, s.dy)))
                .collect();
            let count = |of: &[(usize, usize)]| {
                of.iter().map(|at| visible.iter().filter(|v| **v == site(at)).count() as u32).sum::<u32>()
            };
            prop_assert_eq!(lattice.seen(from, &neighbourhood), (count(&cops), count(&actives)));
            for at in &cops { lattice.take(site(at), COP); }
            prop_assert_eq!(lattice.seen(from, &neighbourhood).0, 0);
        }
    }
}
