//! How far unrest in one city is felt in another: by distance, and by what media show.

/// Where a city is and how many people live there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    /// Degrees north.
    pub latitude_deg: f64,
    /// Degrees east.
    pub longitude_deg: f64,
    /// Persons.
    pub population: f64,
}

/// The great-circle distance on a sphere of the Earth's mean radius, 6371.0088 km (haversine formula).
#[must_use]
pub fn great_circle_km(a: &Site, b: &Site) -> f64 {
    const EARTH_RADIUS_KM: f64 = 6371.0088;
    let (from, to) = (a.latitude_deg.to_radians(), b.latitude_deg.to_radians());
    let across = (b.longitude_deg - a.longitude_deg).to_radians();
    let up = ((to - from) / 2.0).sin();
    let along = (across / 2.0).sin();
    let chord = up * up + from.cos() * to.cos() * along * along;
    2.0 * EARTH_RADIUS_KM * chord.min(1.0).sqrt().asin()
}

/// The great-circle distances between all cities, row-major n × n, in km.
#[must_use]
pub fn distances_km(sites: &[Site]) -> Vec<f64> {
    let from = sites.iter();
    from.flat_map(|a| sites.iter().map(move |b| great_circle_km(a, b))).collect()
}

/// How unrest spreads between cities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The distance d₀ over which the influence starts to fall, km, above 0.
    pub scale_km: f64,
    /// The exponent δ of the power law, 0 or more.
    pub exponent: f64,
    /// The share m of the influence that media carry, 0 to 1 (clamped).
    pub media_share: f64,
}

/// The weights with which unrest in city j is felt in city k.
///
/// With dₖⱼ the distance, Nⱼ the population, ΣN that of all cities and a the access to media (0 to 1):
///
/// ```text
/// Wₖₖ = 1
/// Wₖⱼ = (1 − m)·(1 + dₖⱼ/d₀)^−δ + m·a·Nⱼ/ΣN     (j ≠ k)
/// ```
///
/// The first term is the power law of Bonnasse-Gahot and others 2018 (recalled); the second, free of
/// distance, is ours after Myers 2000. Closing access removes the second and leaves the first as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Kernel {
    cities: usize,
    /// n × n, a row per city that is seen (j) and a column per city that sees (k): the distance term, 1 on
    /// the diagonal. In this order a quiet city's row is passed over and a row is added without a chain.
    near: Vec<f64>,
    /// Per city: m·Nⱼ/ΣN.
    seen: Vec<f64>,
}

impl Kernel {
    /// The kernel of n cities: `distances_km` is row-major n × n (row k: from city k to each city j),
    /// `populations` has n entries.
    ///
    /// # Panics
    /// If there are not n × n distances.
    #[must_use]
    pub fn new(distances_km: &[f64], populations: &[f64], spread: &Spread) -> Kernel {
        let mut kernel = Kernel::uncoupled(populations.len());
        kernel.refill(distances_km, populations, spread);
        kernel
    }

    /// The null hypothesis: no city feels another (W is the identity).
    #[must_use]
    pub fn uncoupled(cities: usize) -> Kernel {
        let mut near = vec![0.0; cities * cities];
        for city in 0..cities {
            near[city * cities + city] = 1.0;
        }
        Kernel { cities, near, seen: vec![0.0; cities] }
    }

    /// Builds the weights anew for another spread, without allocating.
    ///
    /// # Panics
    /// If the number of cities differs from the kernel's, or there are not n × n distances.
    pub fn refill(&mut self, distances_km: &[f64], populations: &[f64], spread: &Spread) {
        let n = self.cities;
        assert_eq!(populations.len(), n, "one population per city");
        assert_eq!(distances_km.len(), n * n, "one distance per pair of cities");
        let media = spread.media_share.clamp(0.0, 1.0);
        for j in 0..n {
            for k in 0..n {
                let (there, back) = (distances_km[k * n + j], distances_km[j * n + k]);
                self.near[j * n + k] = if j == k {
                    1.0
                } else if k < j && there == back {
                    self.near[k * n + j]
                } else {
                    (1.0 - media) * (1.0 + there / spread.scale_km).powf(-spread.exponent)
                };
            }
        }
        let everyone: f64 = populations.iter().sum();
        for (weight, &population) in self.seen.iter_mut().zip(populations) {
            *weight = if everyone > 0.0 { media * population / everyone } else { 0.0 };
        }
    }

    /// The number of cities n.
    #[must_use]
    pub fn cities(&self) -> usize {
        self.cities
    }

    /// Wₖⱼ: how much one active person in city `j` counts in city `k`, at `media_access` from 0 to 1.
    ///
    /// # Panics
    /// If there is no city `k` or `j`.
    #[must_use]
    pub fn weight(&self, k: usize, j: usize, media_access: f64) -> f64 {
        let near = self.near[j * self.cities + k];
        if k == j { near } else { near + media_access * self.seen[j] }
    }

    /// Writes to `out` what each city is exposed to, Λₖ = Σⱼ Wₖⱼ·activeⱼ, in persons.
    ///
    /// `media_access` runs from 0 (networks shut down) to 1.
    ///
    /// # Panics
    /// If `active` or `out` does not have one entry per city.
    pub fn exposure(&self, active: &[f64], media_access: f64, out: &mut [f64]) {
        assert_eq!(active.len(), self.cities, "one active count per city");
        assert_eq!(out.len(), self.cities, "one exposure per city");
        let broadcast: f64 = self.seen.iter().zip(active).map(|(w, a)| w * a).sum();
        for ((exposure, &own), &seen) in out.iter_mut().zip(active).zip(&self.seen) {
            // The difference of a sum and its part: rounding must not make it negative.
            *exposure = media_access * (broadcast - seen * own).max(0.0);
        }
        for (city, &here) in active.iter().enumerate() {
            if here != 0.0 {
                let row = &self.near[city * self.cities..][..self.cities];
                for (exposure, weight) in out.iter_mut().zip(row) {
                    *exposure += weight * here;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn site(latitude_deg: f64, longitude_deg: f64) -> Site {
        Site { latitude_deg, longitude_deg, population: 1e5 }
    }

    fn spread(media_share: f64) -> Spread {
        Spread { scale_km: 50.0, exponent: 1.2, media_share }
    }

    #[test]
    fn distances_are_those_of_the_sphere() {
        let quarter = 6371.0088 * std::f64::consts::FRAC_PI_2;
        assert!((great_circle_km(&site(0.0, 10.0), &site(0.0, 100.0)) - quarter).abs() < 1e-9);
        assert!((great_circle_km(&site(90.0, 0.0), &site(0.0, 33.0)) - quarter).abs() < 1e-9);
        let antipodes = great_circle_km(&site(30.0, 20.0), &site(-30.0, -160.0));
        assert!((antipodes - 2.0 * quarter).abs() < 1e-6);
        assert_eq!(great_circle_km(&site(43.2, 76.9), &site(43.2, 76.9)), 0.0);
        let across_the_date_line = great_circle_km(&site(0.0, 179.5), &site(0.0, -179.5));
        assert!((across_the_date_line - quarter / 90.0).abs() < 1e-9);
    }

    #[test]
    fn equal_cities_feel_each_other_equally() {
        let sites = [site(43.0, 51.0), site(47.0, 52.0), site(43.2, 76.9)];
        let kernel = Kernel::new(&distances_km(&sites), &[1e5; 3], &spread(0.4));
        for k in 0..3 {
            for j in 0..3 {
                assert_eq!(kernel.weight(k, j, 0.7), kernel.weight(j, k, 0.7));
            }
        }
    }

    #[test]
    fn closing_access_removes_the_media_term_and_nothing_else() {
        let distances = [0.0, 150.0, 150.0, 0.0];
        let kernel = Kernel::new(&distances, &[2e5, 6e5], &spread(0.25));
        let by_distance = 0.75 * 4.0_f64.powf(-1.2);
        assert!((kernel.weight(0, 1, 0.0) - by_distance).abs() < 1e-15);
        assert!((kernel.weight(0, 1, 1.0) - by_distance - 0.25 * 0.75).abs() < 1e-15);
        let mut out = [0.0; 2];
        kernel.exposure(&[10.0, 100.0], 0.0, &mut out);
        assert!((out[0] - (10.0 + by_distance * 100.0)).abs() < 1e-12);
        kernel.exposure(&[10.0, 100.0], 0.5, &mut out);
        assert!((out[0] - (10.0 + (by_distance + 0.5 * 0.1875) * 100.0)).abs() < 1e-12);
    }

    #[test]
    fn a_refilled_kernel_is_a_new_one() {
        let distances = [0.0, 150.0, 90.0, 0.0];
        let mut kernel = Kernel::new(&distances, &[2e5, 6e5], &spread(0.25));
        kernel.refill(&distances, &[1e5, 3e5], &spread(0.9));
        assert_eq!(kernel, Kernel::new(&distances, &[1e5, 3e5], &spread(0.9)));
    }

    #[test]
    fn a_country_without_cities_is_no_error() {
        Kernel::new(&[], &[], &spread(0.2)).exposure(&[], 1.0, &mut []);
    }

    proptest! {
        #[test]
        fn exposure_is_the_weighted_sum_and_never_below_ones_own_unrest(
            active in prop::collection::vec(0.0..1e5f64, 4), access in 0.0..1.0f64, media in 0.0..1.0f64,
        ) {
            let sites = [site(43.0, 51.0), site(47.0, 52.0), site(43.2, 76.9), site(51.0, 71.0)];
            let kernel = Kernel::new(&distances_km(&sites), &[1e5, 2e5, 2e6, 1e6], &spread(media));
            let mut out = [0.0; 4];
            kernel.exposure(&active, access, &mut out);
            for k in 0..4 {
                let sum: f64 = (0..4).map(|j| kernel.weight(k, j, access) * active[j]).sum();
                prop_assert!((out[k] - sum).abs() <= 1e-9 * (1.0 + sum));
                prop_assert!(out[k] >= active[k] * (1.0 - 1e-12));
            }
        }
    }
}
