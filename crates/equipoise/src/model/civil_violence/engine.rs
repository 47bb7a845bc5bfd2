//! The two engines behind one face.

use equipoise_models::civil_violence::{Crowd, Rules, Setting, Society, Tick};

use super::options::chosen;
use crate::failure::Failure;

/// Sites from which on the engine for crowds is taken unasked: 500 × 500.
const MANY: usize = 250_000;

/// A running society.
#[derive(Debug)]
pub(super) enum Engine {
    /// One random order over the whole torus.
    Plain(Box<Society>),
    /// Tiles.
    Crowd(Box<Crowd>),
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Choice {
    Auto,
    Plain,
    Crowd,
}

/// Whether the engine for crowds is to be used.
///
/// # Errors
/// There is no such engine, or it cannot do what is asked.
pub(super) fn is_crowd(name: &str, rules: &Rules, setting: &Setting) -> Result<bool, Failure> {
    let known = [("auto", Choice::Auto), ("plain", Choice::Plain), ("crowd", Choice::Crowd)];
    match chosen("engine", name, &known)? {
        Choice::Plain => Ok(false),
        Choice::Auto => Ok(setting.width * setting.height >= MANY && Crowd::check(rules, setting).is_ok()),
        Choice::Crowd => match Crowd::check(rules, setting) {
            Ok(()) => Ok(true),
            Err(error) => Err(Failure::Wrong(error.to_string())),
        },
    }
}

/// Why a large society is left to the plain engine although nobody asked for it.
pub(super) fn why_plain(name: &str, rules: &Rules, setting: &Setting) -> Option<String> {
    if name != "auto" || setting.width * setting.height < MANY {
        return None;
    }
    Crowd::check(rules, setting).err().map(|error| error.to_string())
}

impl Engine {
    /// Sets a society up.
    ///
    /// # Errors
    /// The setting is impossible.
    pub(super) fn new(crowd: bool, rules: Rules, setting: Setting, seed: u64) -> Result<Engine, Failure> {
        if crowd {
            let crowd =
                Crowd::new(rules, setting, seed).map_err(|error| Failure::Wrong(error.to_string()))?;
            Ok(Engine::Crowd(Box::new(crowd)))
        } else {
            let society =
                Society::new(rules, setting, seed).map_err(|error| Failure::Wrong(error.to_string()))?;
            Ok(Engine::Plain(Box::new(society)))
        }
    }

    /// The name it is chosen by.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Engine::Plain(_) => "plain",
            Engine::Crowd(_) => "crowd",
        }
    }

    pub(super) fn tick(&mut self) -> Tick {
        match self {
            Engine::Plain(society) => society.tick(),
            Engine::Crowd(crowd) => crowd.tick(),
        }
    }

    pub(super) fn agents(&self) -> usize {
        match self {
            Engine::Plain(society) => society.agents(),
            Engine::Crowd(crowd) => crowd.agents(),
        }
    }

    pub(super) fn arrests(&self) -> u32 {
        match self {
            Engine::Plain(society) => society.arrests(),
            Engine::Crowd(crowd) => crowd.arrests(),
        }
    }

    pub(super) fn picture(&self) -> Vec<u8> {
        match self {
            Engine::Plain(society) => society.picture(),
            Engine::Crowd(crowd) => crowd.picture(),
        }
    }
}
