//! The range of the forecast over all combinations of options, worked out on several threads.

use std::thread;

use equipoise_models::bargaining::{
    Actors, EumChoices, Range, SmpChoices, Spread, Variant, eum, eum_variants, smp, smp_variants,
};
use serde_json::{Value, json};

use crate::screen::Screen;

/// Sets of options one thread takes at a time.
const PART: usize = 32;

/// A spread, ready to be told.
pub struct Told {
    /// The member `variants` of the JSON object.
    pub json: Value,
    /// A few lines for people.
    pub text: String,
    /// One line per set of options, for variants.csv.
    pub csv: String,
}

/// Runs the Spatial Model of Politics under all combinations.
///
/// # Errors
/// A set of options cannot be used with these actors.
pub fn smp(
    actors: &Actors,
    choices: &SmpChoices,
    threads: usize,
    screen: &Screen,
) -> Result<Told, smp::OptionsError> {
    let sets = choices.combinations();
    let spread = shared_out(&sets, threads, screen, |part| smp_variants(actors, part.to_vec()))?;
    let header = "voting_rule,victory_model,equilibrium,third_party,risk_range,risk_adjust,interpolation,bargain_model,receiver_estimate";
    Ok(told(&spread, header, |o: &smp::Options| {
        [
            o.voting_rule.name(),
            o.victory_model.name(),
            o.equilibrium.name(),
            o.third_party.name(),
            o.risk_range.name(),
            o.risk_adjust.name(),
            o.interpolation.name(),
            o.bargain_model.name(),
            o.receiver_estimate.name(),
        ]
        .join(",")
    }))
}

/// Runs the Expected Utility Model under all combinations.
///
/// # Errors
/// A set of options cannot be used with these actors.
pub fn eum(
    actors: &Actors,
    choices: &EumChoices,
    rounds: usize,
    threads: usize,
    screen: &Screen,
) -> Result<Told, eum::OptionsError> {
    let sets = choices.combinations();
    let spread = shared_out(&sets, threads, screen, |part| eum_variants(actors, part.to_vec(), rounds))?;
    let header =
        "probability,perspective,choice,capitulation,risk_basis,unchanged,better,centre,alternatives";
    Ok(told(&spread, header, |o: &eum::Options| {
        let names = [
            o.probability.name(),
            o.perspective.name(),
            o.choice.name(),
            o.capitulation.name(),
            o.risk_basis.name(),
        ];
        let (centre, alternatives) = (o.centre.name(), o.alternatives.name());
        format!("{},{},{},{centre},{alternatives}", names.join(","), o.unchanged, o.better)
    }))
}

/// Runs parts of the work on threads and joins them in the order of the sets, so that the answer does not depend on
/// the number of threads.
fn shared_out<O: Clone + Send + Sync, E: Send>(
    sets: &[O],
    threads: usize,
    screen: &Screen,
    run: impl Fn(&[O]) -> Result<Spread<O>, E> + Sync,
) -> Result<Spread<O>, E> {
    if sets.len() > 2000 {
        screen.note(&format!(
            "note: {} combinations; an option that is given is held and makes them fewer",
            sets.len()
        ));
    }
    let parts: Vec<&[O]> = sets.chunks(PART).collect();
    let workers = threads.clamp(1, parts.len().max(1));
    let run = &run;
    let parts = &parts;
    let mut done: Vec<(usize, Result<Spread<O>, E>)> = thread::scope(|scope| {
        let handles: Vec<_> = (0..workers)
            .map(|worker| {
                scope.spawn(move || {
                    let mine = (worker..parts.len()).step_by(workers);
                    mine.map(|part| (part, run(parts[part]))).collect::<Vec<_>>()
                })
            })
            .collect();
        let joined = handles.into_iter().map(thread::ScopedJoinHandle::join);
        joined
            .flat_map(|result| match result {
                Ok(list) => list,
                // A worker's panic is ours: it is passed on as it came.
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    done.sort_by_key(|(part, _)| *part);
    let spreads: Result<Vec<Spread<O>>, E> = done.into_iter().map(|(_, spread)| spread).collect();
    Ok(Spread::join(spreads?))
}

fn told<O>(spread: &Spread<O>, header: &str, name: impl Fn(&O) -> String) -> Told {
    let ranges = |ranges: &[Range]| -> Vec<Value> {
        ranges.iter().map(|r| json!({ "low": r.low, "middle": r.middle, "high": r.high })).collect()
    };
    let count = spread.variants.len();
    let resting = spread.variants.iter().filter(|variant| variant.forecast.at_rest).count();
    let mut text = format!("\nover {count} sets of options ({resting} at rest):\n");
    for (what, list) in [("weighted mean", &spread.mean), ("prevailing", &spread.prevailing)] {
        for (k, range) in list.iter().enumerate() {
            let of = if list.len() > 1 { format!(" on dimension {}", k + 1) } else { String::new() };
            text +=
                &format!("  {what}{of}: {:.2} to {:.2}, middle {:.2}\n", range.low, range.high, range.middle);
        }
    }
    let dimensions = spread.mean.len();
    let columns: String = (1..=dimensions).map(|k| format!(",mean_{k},prevailing_{k}")).collect();
    let mut csv = format!("{header},turns,at_rest{columns}\n");
    for Variant { options, forecast } in &spread.variants {
        let values: String = forecast
            .mean
            .iter()
            .zip(&forecast.prevailing)
            .map(|(mean, at)| format!(",{mean},{at}"))
            .collect();
        csv += &format!("{},{},{}{values}\n", name(options), forecast.turns, forecast.at_rest);
    }
    Told {
        json: json!({
            "count": count,
            "at_rest": resting,
            "mean": ranges(&spread.mean),
            "prevailing": ranges(&spread.prevailing),
        }),
        text,
        csv,
    }
}
