//! What makes one peel better than another.

/// The gain that PRIM looks for in each step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Objective {
    /// Gain in density per row given up (Kwakkel and Jaxa-Rozen 2016): does not rush into large categories.
    #[default]
    Lenient1,
    /// As the first, times the rows kept (Friedman and Fisher 1999, section 14.6).
    Lenient2,
    /// The density itself (Friedman and Fisher 1999).
    Original,
}

/// Rows and cases of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    /// Rows in it.
    pub rows: usize,
    /// Rows of interest in it.
    pub cases: usize,
}

impl Count {
    /// Share of its rows that are of interest; 0 without rows.
    pub fn density(self) -> f64 {
        if self.rows == 0 { 0.0 } else { self.cases as f64 / self.rows as f64 }
    }
}

impl Objective {
    /// The word that stands for it on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Objective::Lenient1 => "lenient1",
            Objective::Lenient2 => "lenient2",
            Objective::Original => "original",
        }
    }

    /// What a change from one box to another is worth; the order of operations is EMA Workbench's, to the last bit.
    pub(super) fn worth(self, old: Count, new: Count) -> f64 {
        if self == Objective::Original {
            return if new.rows > 0 { new.density() } else { -1.0 };
        }
        let gain = new.density() - old.density();
        if gain == 0.0 || old.rows == new.rows {
            return 0.0;
        }
        let change = old.rows.abs_diff(new.rows) as f64;
        match self {
            Objective::Lenient2 => new.rows as f64 * gain / change,
            _ => gain / change,
        }
    }
}
