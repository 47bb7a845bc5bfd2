//! Civil violence: citizens with grievances, cops, and jail on a torus (Epstein 2002, "Modeling civil violence: an
//! agent-based computational approach", PNAS 99 suppl. 3, 7243–7250).
//!
//! A citizen has hardship H and risk aversion R, uniform on (0, 1) and fixed for life. With legitimacy L, grievance is
//! G = H (1 − L); with C cops and A actives in vision (itself included) the estimated probability of arrest is
//! P = 1 − exp(−k C/A). It is active if G − R P > T and quiet otherwise (rule A). A cop arrests an active it sees (rule
//! C); everybody moves (rule M).
//!
//! The published numbers do not follow from the published text: taken literally it never rebels. They follow from the
//! original program, whose integer division makes a citizen ignore cops as long as they are fewer than the actives it
//! sees. It also multiplies grievance by (1 − T), which fits run 2 and makes run 1 impossible (its largest grievance is
//! then 0.099, below T): which of the two versions drew which figure is not known. So versions are named
//! ([`Rules::BROOKINGS_2001`], [`Rules::PNAS_2002`], [`Rules::NETLOGO_2004`]) and every difference is an option.
//!
//! One cop per 17.5 citizens is the model's figure, not a country's; shares of actives and jailed are those of the torus.

mod crowd;
mod groups;
mod lattice;
mod mean_field;
mod outbursts;
mod police;
mod rules;
mod setting;
mod society;

pub use crowd::{Crowd, CrowdError};
pub use mean_field::{Headcount, MeanField};
pub use outbursts::{Outburst, outbursts};
pub use rules::{Activation, Jail, Movement, Ratio, Rules, Schedule, Sight, Target, Term};
pub use setting::{Course, Groups, Setting, SettingError};
pub use society::{Society, Tick};
