//! What must hold of ideal points whatever the votes: recovery of a known truth, the same answer on any number of threads,
//! and a clear answer to votes that cannot be used.
#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use equipoise_models::noise::{Noise, Stream};
use equipoise_models::roll_call::fast::{FastSettings, fast};
use equipoise_models::roll_call::gibbs::{GibbsSettings, Watch, gibbs};
use equipoise_models::roll_call::predict::{Text, predict, score};
use equipoise_models::roll_call::{
    Anchor, Cast, Chamber, Estimate, Resolution, RollCall, RollCallError, Vote, Votes,
};

const TRUTH: Stream = Stream::named("true ideal points");
const STATES: u32 = 40;
const SESSIONS: u32 = 4;
const ROLL_CALLS: u32 = 45;

fn roll_call(id: impl ToString, session: u32, day: i32) -> RollCall {
    RollCall { id: id.to_string(), text: String::new(), session, day, repeats: None }
}

/// Votes drawn from the model, one in ten missing; ideal points by state, then session.
fn simulated() -> (Votes, Vec<f64>) {
    let noise = Noise::new(5, 0);
    let mut truth = Vec::new();
    for state in 0..STATES {
        let mut point = noise.normal(TRUTH, state, 0, 0);
        for session in 0..SESSIONS {
            point += 0.15 * noise.normal(TRUTH, state, session + 1, 1);
            truth.push(point);
        }
    }
    let mut votes = Votes { states: (0..STATES).map(|s| format!("S{s:02}")).collect(), ..Votes::default() };
    for session in 0..SESSIONS {
        for number in 0..ROLL_CALLS {
            let at = votes.roll_calls.len() as u32;
            votes.roll_calls.push(roll_call(at, session, at as i32));
            let low = noise.normal(TRUTH, at, 100, 0);
            let resolution = Resolution {
                cutpoints: [low, low + 0.2 + noise.uniform(TRUTH, at, 101, 0)],
                slope: if number % 3 == 0 { -1.2 } else { 1.6 },
            };
            for state in 0..STATES {
                let odds = resolution.probabilities(truth[(state * SESSIONS + session) as usize]);
                let u = noise.uniform(TRUTH, at, 200, state);
                let vote = if u < odds[0] {
                    Vote::Yes
                } else if u < odds[0] + odds[1] {
                    Vote::Abstain
                } else {
                    Vote::No
                };
                if noise.uniform(TRUTH, at, 201, state) > 0.1 {
                    votes.casts.push(Cast { roll_call: at, state, vote });
                }
            }
        }
    }
    let n = truth.len() as f64;
    let mean = truth.iter().sum::<f64>() / n;
    let spread = (truth.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    truth.iter_mut().for_each(|x| *x = (*x - mean) / spread);
    (votes, truth)
}

fn anchors() -> Vec<Anchor> {
    let (_, truth) = simulated();
    let side = if truth[0] > 0.0 { 1.0 } else { -1.0 };
    vec![Anchor { state: "S00".to_owned(), side }]
}

fn sample(chamber: &Chamber, iterations: usize) -> Estimate {
    let settings = GibbsSettings { iterations, burn_in: iterations / 4, seed: 9 };
    let (done, cancel) = (AtomicU64::new(0), AtomicBool::new(false));
    let estimate = gibbs(chamber, settings, Watch { done: &done, cancel: &cancel }).unwrap();
    assert_eq!(done.load(Ordering::Relaxed), iterations as u64);
    estimate
}

fn error_and_coverage(estimate: &Estimate, truth: &[f64]) -> (f64, f64) {
    let n = truth.len() as f64;
    let gaps = estimate.means.iter().zip(truth).map(|(a, b)| a - b);
    let error = (gaps.clone().map(|gap| gap * gap).sum::<f64>() / n).sqrt();
    let within = gaps.zip(&estimate.sds).filter(|(gap, sd)| gap.abs() < 1.96 * *sd).count() as f64;
    (error, within / n)
}

#[test]
fn both_estimators_find_the_ideal_points_that_votes_were_drawn_from_and_know_how_far_off_they_are() {
    let (votes, truth) = simulated();
    let chamber = Chamber::new(&votes, &anchors()).unwrap();
    for (name, estimate) in
        [("fast", fast(&chamber, FastSettings::default()).unwrap()), ("gibbs", sample(&chamber, 400))]
    {
        let (error, coverage) = error_and_coverage(&estimate, &truth);
        assert!(error < 0.25, "{name}: error {error}");
        // 95 of 100 intervals should hold the truth; the prior leans on the past alone, so a few fewer do.
        assert!((0.87..=0.995).contains(&coverage), "{name}: coverage {coverage}");
        let spread = estimate.means.iter().map(|x| x * x).sum::<f64>() / truth.len() as f64;
        assert!((0.9..1.01).contains(&spread), "{name}: means have the variance {spread}");
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let (votes, _) = simulated();
    let chamber = Chamber::new(&votes, &anchors()).unwrap();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| (fast(&chamber, FastSettings::default()).unwrap(), sample(&chamber, 30)))
    };
    let alone = on(1);
    assert_eq!(alone, on(3));
    assert_ne!(alone.0.means, alone.1.means);
}

#[test]
fn without_anchors_the_high_end_says_no_more_often() {
    let (votes, _) = simulated();
    let chamber = Chamber::new(&votes, &[]).unwrap();
    assert!(!chamber.is_anchored());
    let estimate = fast(&chamber, FastSettings::default()).unwrap();
    let slopes: f64 = estimate.resolutions.iter().map(|resolution| resolution.slope).sum();
    assert!(slopes > 0.0, "sum of slopes {slopes}");
}

#[test]
fn one_session_alone_can_be_estimated() {
    let (votes, truth) = simulated();
    let chamber = Chamber::new(&votes.sessions(&(2..=2)), &anchors()).unwrap();
    assert_eq!(chamber.seats.len(), STATES as usize);
    let estimate = fast(&chamber, FastSettings::default()).unwrap();
    let own: Vec<f64> = (0..STATES as usize).map(|state| truth[state * SESSIONS as usize + 2]).collect();
    assert!(error_and_coverage(&estimate, &own).0 < 0.35);
}

#[test]
fn unanimous_roll_calls_and_silent_states_are_left_out_and_told() {
    let (mut votes, _) = simulated();
    votes.states.push("SILENT".to_owned());
    votes.states.push("AGREES".to_owned());
    let at = votes.roll_calls.len() as u32;
    votes.roll_calls.push(roll_call("all agree", 0, 0));
    votes.casts.extend((0..STATES).chain([STATES + 1]).map(|state| Cast {
        roll_call: at,
        state,
        vote: Vote::Yes,
    }));
    let chamber = Chamber::new(&votes, &[]).unwrap();
    assert_eq!(
        (chamber.unanimous, chamber.silent.as_slice()),
        (1, &["SILENT", "AGREES"].map(str::to_owned)[..])
    );
    assert_eq!(chamber.resolution_of(at as usize), None);
    assert_eq!(chamber.states.len(), STATES as usize);
}

#[test]
fn votes_that_cannot_be_used_are_refused_with_a_reason() {
    let (votes, _) = simulated();
    let refused = |votes: &Votes| Chamber::new(votes, &[]).unwrap_err();

    let mut twice = votes.clone();
    twice.casts.push(twice.casts[0]);
    assert!(matches!(refused(&twice), RollCallError::TwoVotes { .. }));

    let mut nowhere = votes.clone();
    nowhere.casts[0].state = 99;
    assert_eq!(refused(&nowhere), RollCallError::OutOfRange { at: 0 });

    let mut unanimous = votes.clone();
    unanimous.casts.iter_mut().for_each(|cast| cast.vote = Vote::Yes);
    assert_eq!(refused(&unanimous), RollCallError::NothingDivides { unanimous: votes.roll_calls.len() });
    assert_eq!(refused(&Votes::default()), RollCallError::NothingDivides { unanimous: 0 });

    let few = votes.only(|roll_call| roll_call.id == "1");
    let error = refused(&few);
    assert!(matches!(error, RollCallError::TooFew { resolutions: 1, .. }), "{error}");
    assert!(error.to_string().contains("too few to identify"));
}

#[test]
fn a_sampler_that_is_told_to_stop_does() {
    let (votes, _) = simulated();
    let chamber = Chamber::new(&votes, &[]).unwrap();
    let settings = GibbsSettings { iterations: 1_000_000, burn_in: 0, seed: 1 };
    let watch = Watch { done: &AtomicU64::new(0), cancel: &AtomicBool::new(true) };
    assert_eq!(gibbs(&chamber, settings, watch), Err(RollCallError::Cancelled));
    let settings = GibbsSettings { iterations: 10, burn_in: 10, seed: 1 };
    assert!(matches!(gibbs(&chamber, settings, watch), Err(RollCallError::Settings { .. })));
}

#[test]
fn a_text_that_is_put_again_is_predicted_from_the_last_time_and_from_nothing_later() {
    let (mut votes, _) = simulated();
    // The last roll call once more, a day later; all vote as before.
    let before = votes.roll_calls.len() as u32 - 1;
    votes.roll_calls.push(roll_call("again", SESSIONS - 1, before as i32 + 1));
    let cast: Vec<Cast> = votes.casts.iter().filter(|cast| cast.roll_call == before).copied().collect();
    votes.casts.extend(cast.iter().map(|cast| Cast { roll_call: before + 1, ..*cast }));
    let text = |roll_call| Text {
        roll_call,
        issue: "it".to_owned(),
        situation: "the same".to_owned(),
        severity: 1.0,
    };
    // Earlier texts of the issue are the same roll call in other guises: nobody changes sides.
    let mut texts = vec![text(before), text(before + 1)];
    for copy in 1..4 {
        let at = votes.roll_calls.len() as u32;
        votes.roll_calls.push(roll_call(format!("copy {copy}"), SESSIONS - 1, before as i32 - copy));
        votes.casts.extend(cast.iter().map(|cast| Cast { roll_call: at, ..*cast }));
        texts.push(text(at));
    }
    let prediction = predict(&votes, &texts, 1, 0, &[]).unwrap();
    let result = score(&votes, &prediction, before + 1, before);
    assert_eq!(result.persistence.accuracy, 1.0);
    assert!(result.predicted.accuracy > 0.95, "{result:?}");

    // What was voted on the day itself must not matter.
    let mut otherwise = votes.clone();
    for cast in otherwise.casts.iter_mut().filter(|cast| cast.roll_call == before + 1) {
        cast.vote = Vote::Abstain;
    }
    assert_eq!(prediction, predict(&otherwise, &texts, 1, 0, &[]).unwrap());
    assert!(predict(&votes, &texts, 0, 1, &[]).is_err(), "a predecessor comes before");
}
