//! The rules of the model, each known difference between its versions an option.

/// How the ratio of cops to actives enters the estimated probability of arrest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ratio {
    /// As printed: the quotient itself.
    Exact,
    /// Rounded down, as integer division does.
    Floor,
    /// Rounded to the nearest integer, halves to the even one.
    Round,
}

/// Which sites lie within a vision v.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Euclidean distance at most v: 148 sites for 7, 8 for 1.7.
    Disc,
    /// Both coordinates at most v away: 224 sites for 7.
    Moore,
    /// Sum of the coordinates' distances at most v: 112 sites for 7.
    VonNeumann,
    /// On the same row or column and at most v away: 28 sites for 7.
    Cross,
}

/// Where an agent goes when it moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// One of the eight adjacent sites is picked, and taken if free.
    Walk,
    /// Any free site within vision.
    Jump,
}

/// In which order agents act within a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// Citizens and cops in one random order.
    Mixed,
    /// All citizens in random order, then all cops.
    Phases,
}

/// What comes first when an agent is activated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// It moves, then acts.
    MoveThenAct,
    /// It acts, then moves.
    ActThenMove,
}

/// Whom a cop arrests among the actives it sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The nearest; ties at random.
    Nearest,
    /// Any.
    Random,
}

/// Where the jailed are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jail {
    /// Off the lattice; released to the free site nearest to where they were arrested.
    Away,
    /// On their site, which counts as free for others.
    InPlace,
    /// On their site, which stays occupied.
    Blocking,
}

/// How a jail term is drawn from the longest one, J.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Uniform on \[0, J): free at the first activation after it.
    Continuous,
    /// An integer of 0 to J; 0 ends at the next activation.
    Inclusive,
    /// An integer of 0 to J − 1, counted down at the end of each tick, the first included; 0 is no term at all.
    Exclusive,
}

/// A version of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Ratio of cops to actives.
    pub ratio: Ratio,
    /// Whether grievance carries the factor (1 − T) of the original program.
    pub threshold_factor: bool,
    /// Whether an active citizen counts itself among the actives it sees, on top of the one every citizen adds.
    pub counts_itself_twice: bool,
    /// Shape of vision, of citizens and cops.
    pub sight: Sight,
    /// Whether cops reach only actives nearer than their vision (and not those exactly as far).
    pub reach_is_strict: bool,
    /// How citizens move.
    pub citizens_move: Movement,
    /// How cops move.
    pub cops_move: Movement,
    /// Order within a tick.
    pub schedule: Schedule,
    /// Order within a citizen's activation.
    pub citizen: Activation,
    /// Order within a cop's activation.
    pub cop: Activation,
    /// Whom a cop arrests.
    pub target: Target,
    /// Whether the cop moves onto the site of the arrested, where that is free.
    pub cop_follows: bool,
    /// Where the jailed are.
    pub jail: Jail,
    /// How terms are drawn.
    pub term: Term,
}

impl Rules {
    /// The rules of the original program (Brookings Institution 1998–2007, read in its public source): integer division of
    /// cops by actives, the factor (1 − T), walking, the nearest arrest, release near home, citizens before cops.
    pub const BROOKINGS_2001: Rules = Rules {
        ratio: Ratio::Floor,
        threshold_factor: true,
        counts_itself_twice: false,
        sight: Sight::Disc,
        reach_is_strict: true,
        citizens_move: Movement::Walk,
        cops_move: Movement::Walk,
        schedule: Schedule::Phases,
        citizen: Activation::MoveThenAct,
        cop: Activation::ActThenMove,
        target: Target::Nearest,
        cop_follows: true,
        jail: Jail::Away,
        term: Term::Inclusive,
    };

    /// The text of Epstein (2002), literally (as quoted by its replications; the article itself was not at hand). Its
    /// vision is printed as a number of positions but used as a radius.
    pub const PNAS_2002: Rules = Rules {
        ratio: Ratio::Exact,
        threshold_factor: false,
        counts_itself_twice: false,
        sight: Sight::Disc,
        reach_is_strict: false,
        citizens_move: Movement::Jump,
        cops_move: Movement::Jump,
        schedule: Schedule::Mixed,
        citizen: Activation::MoveThenAct,
        cop: Activation::MoveThenAct,
        target: Target::Random,
        cop_follows: false,
        jail: Jail::Away,
        term: Term::Continuous,
    };

    /// The rules of the model "Rebellion" in NetLogo's library (Wilensky 2004).
    pub const NETLOGO_2004: Rules = Rules {
        ratio: Ratio::Floor,
        counts_itself_twice: true,
        cop_follows: true,
        jail: Jail::InPlace,
        term: Term::Exclusive,
        ..Rules::PNAS_2002
    };

    /// The named sets, with their names.
    pub const NAMED: [(&str, Rules); 3] = [
        ("brookings2001", Rules::BROOKINGS_2001),
        ("pnas2002", Rules::PNAS_2002),
        ("netlogo2004", Rules::NETLOGO_2004),
    ];
}
