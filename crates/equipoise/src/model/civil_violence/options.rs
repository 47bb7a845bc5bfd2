//! From options to rules and a setting.

use equipoise_models::civil_violence::{Jail, Movement, Ratio, Rules, Schedule, Setting, Sight, Target};

use super::CivilViolenceArgs;
use crate::failure::Failure;

pub(super) fn rules(args: &CivilViolenceArgs) -> Result<Rules, Failure> {
    let mut rules = chosen("set of rules", &args.rules, &Rules::NAMED)?;
    if let Some(name) = &args.sight {
        let shapes = [
            ("disc", Sight::Disc),
            ("moore", Sight::Moore),
            ("von-neumann", Sight::VonNeumann),
            ("cross", Sight::Cross),
        ];
        rules.sight = chosen("shape of vision", name, &shapes)?;
    }
    if let Some(name) = &args.ratio {
        let ratios = [("exact", Ratio::Exact), ("floor", Ratio::Floor), ("round", Ratio::Round)];
        rules.ratio = chosen("ratio", name, &ratios)?;
    }
    let movements = [("walk", Movement::Walk), ("jump", Movement::Jump)];
    if let Some(name) = args.citizens_move.as_ref().filter(|name| *name != "stay") {
        let known = [movements[0], movements[1], ("stay", Movement::Walk)];
        rules.citizens_move = chosen("movement", name, &known)?;
    }
    if let Some(name) = &args.cops_move {
        rules.cops_move = chosen("movement", name, &movements)?;
    }
    if let Some(name) = &args.schedule {
        rules.schedule =
            chosen("schedule", name, &[("mixed", Schedule::Mixed), ("phases", Schedule::Phases)])?;
    }
    if let Some(name) = &args.target {
        rules.target = chosen("target", name, &[("nearest", Target::Nearest), ("random", Target::Random)])?;
    }
    if let Some(name) = &args.jail {
        let jails = [("away", Jail::Away), ("in-place", Jail::InPlace), ("blocking", Jail::Blocking)];
        rules.jail = chosen("jail", name, &jails)?;
    }
    rules.threshold_factor = args.threshold_factor.unwrap_or(rules.threshold_factor);
    Ok(rules)
}

pub(super) fn setting(args: &CivilViolenceArgs) -> Result<Setting, Failure> {
    let number = args.preset.strip_prefix("run").and_then(|number| number.parse().ok());
    let preset = number.and_then(|run| Setting::published(run, args.printed)).ok_or_else(|| {
        Failure::unknown(
            "preset",
            &args.preset,
            &["run1", "run2", "run3", "run4", "run5", "run6", "run7", "run8"],
        )
    })?;
    Ok(Setting {
        width: args.size.unwrap_or(preset.width),
        height: args.size.unwrap_or(preset.height),
        citizen_density: args.citizen_density.unwrap_or(preset.citizen_density),
        cop_density: args.cop_density.unwrap_or(preset.cop_density),
        citizen_vision: args.citizen_vision.unwrap_or(preset.citizen_vision),
        cop_vision: args.cop_vision.unwrap_or(preset.cop_vision),
        legitimacy: args.legitimacy.unwrap_or(preset.legitimacy),
        longest_term: args.longest_term.unwrap_or(preset.longest_term),
        threshold: args.threshold.unwrap_or(preset.threshold),
        arrest_constant: args.arrest_constant.unwrap_or(preset.arrest_constant),
        citizens_move: match args.citizens_move.as_deref() {
            None => preset.citizens_move,
            Some(name) => name != "stay",
        },
        ..preset
    })
}

pub(super) fn chosen<T: Copy>(what: &str, name: &str, known: &[(&str, T)]) -> Result<T, Failure> {
    known.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        Failure::unknown(what, name, &names)
    })
}
