//! The Spatial Model of Politics against what KTAB 1.4 wrote for two of its example inputs.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "fixtures/bargaining/ktab_csv.rs"]
mod ktab_csv;

use equipoise_models::bargaining::smp::{
    Assessment, Options, RiskAdjust, RiskRange, Run, ThirdParty, Transition, VictoryModel, VotingRule, run,
};
use equipoise_models::bargaining::{Actors, Line, smp};
use equipoise_models::noise::Noise;
use proptest::prelude::*;

/// Rows of a reference table; an empty field is NaN.
fn table(name: &str) -> Vec<Vec<f64>> {
    let path = format!("{}/tests/fixtures/bargaining/smp/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(path).unwrap();
    let number = |field: &str| field.parse().unwrap_or(f64::NAN);
    let rows = reader.records();
    rows.map(|row| row.unwrap().iter().map(number).collect()).collect()
}

fn ktab(name: &str) -> (Actors, Run) {
    let actors = ktab_csv::read(name);
    let run = run(&actors, &Options::default()).unwrap();
    (actors, run)
}

/// Keeps the largest deviation and says where it was.
struct Largest(f64, String);

impl Largest {
    fn new() -> Largest {
        Largest(0.0, String::new())
    }

    fn compare(&mut self, found: f64, expected: f64, place: impl Fn() -> String) {
        let apart = (found - expected).abs();
        if apart.is_nan() || apart > self.0 {
            *self = Largest(apart, format!("{}: {found} for {expected}", place()));
        }
    }

    fn within(&self, bound: f64, what: &str) {
        println!("{what}: largest deviation {:e}", self.0);
        assert!(self.0 <= bound, "{what}: {}", self.1);
    }
}

const INPUTS: [(&str, &str); 2] = [("dummyData_3Dim.csv", "d3"), ("SOE-Pol-Comp.csv", "soe_pc")];

#[test]
fn positions_and_ideals_are_ktabs_at_every_turn() {
    for (input, prefix) in INPUTS {
        let (actors, run) = ktab(input);
        let reference = table(&format!("{prefix}_positions.csv"));
        let per_turn = actors.count() * actors.dimensions();
        assert_eq!(run.turns.len() * per_turn, reference.len(), "{prefix} turns");
        assert!(run.quiet);
        let mut largest = Largest::new();
        for row in &reference {
            let [t, i, k] = [row[0], row[1], row[2]].map(|v| v as usize);
            let turn = &run.turns[t];
            largest.compare(turn.positions[i][k], row[3], || format!("position {row:?}"));
            largest.compare(turn.ideals[i][k], row[4], || format!("ideal {row:?}"));
        }
        largest.within(1e-11, &format!("{prefix} positions"));
    }
}

#[test]
fn runs_have_as_many_states_as_in_ktab() {
    for (input, states) in [("dummyData_3Dim.csv", 11), ("SOE-Pol-Comp.csv", 28), ("dummyData-a040.csv", 21)]
    {
        let (_, run) = ktab(input);
        assert_eq!(run.turns.len(), states, "{input}");
    }
}

#[test]
fn win_probabilities_are_ktabs_at_every_turn() {
    for (input, prefix) in INPUTS {
        let (_, run) = ktab(input);
        let path =
            format!("{}/tests/fixtures/bargaining/smp/{prefix}_winprob.txt", env!("CARGO_MANIFEST_DIR"));
        let log = std::fs::read_to_string(path).unwrap();
        let mut largest = Largest::new();
        for (i, line) in log.lines().enumerate() {
            let numbers = line.split_once(':').unwrap().1.split_whitespace();
            let logged: Vec<f64> = numbers.map(|n| n.parse().unwrap()).collect();
            assert_eq!(logged.len(), run.turns.len());
            for (t, expected) in logged.iter().enumerate() {
                let found = run.turns[t].win_probability[i];
                largest.compare(found, *expected, || format!("actor {i} turn {t}"));
            }
        }
        // The log has four decimals.
        largest.within(0.5e-4 + 1e-9, &format!("{prefix} logged win probabilities"));
    }
}

#[test]
fn win_probabilities_by_observer_are_ktabs_at_every_turn() {
    let (actors, run) = ktab("dummyData_3Dim.csv");
    let options = Options::default();
    let mut largest = Largest::new();
    for row in table("d3_posprob.csv") {
        let [t, h, i] = [row[0], row[1], row[2]].map(|v| v as usize);
        let turn = &run.turns[t];
        let assessment = Assessment::new(&actors, &options, &turn.positions, &turn.ideals);
        let found = assessment.view(h).position_probability()[i];
        largest.compare(found, row[3], || format!("{row:?}"));
    }
    largest.within(1e-9, "d3 win probabilities by observer");
}

#[test]
fn first_beliefs_are_ktabs() {
    let (actors, _) = ktab("dummyData_3Dim.csv");
    let options = Options::default();
    let start = actors.positions();
    let assessment = Assessment::new(&actors, &options, start, start);
    let index = |row: &[f64]| row.iter().map(|v| *v as usize).collect::<Vec<_>>();
    let mut utilities = Largest::new();
    for row in table("d3_turn0_posutil.csv") {
        let at = index(&row[1..4]);
        let found = assessment.view(at[0]).utility(at[1], at[2]);
        utilities.compare(found, row[4], || format!("{row:?}"));
    }
    utilities.within(1e-10, "d3 utilities");
    let mut victories = Largest::new();
    for row in table("d3_turn0_probvict_est0.csv") {
        let at = index(&row[1..4]);
        let challenge = assessment.view(at[0]).challenge(at[1], at[1], at[2]);
        victories.compare(challenge.win_probability, row[4], || format!("{row:?}"));
    }
    victories.within(1e-10, "d3 victory probabilities");
    let mut challenges = Largest::new();
    for row in table("d3_turn0_utilchlg.csv") {
        let at = index(&row[1..5]);
        let c = assessment.view(at[0]).challenge(at[1], at[2], at[3]);
        let found = [c.status_quo, c.victory, c.contest, c.challenge];
        for (found, expected) in found.iter().zip(&row[5..9]) {
            challenges.compare(*found, *expected, || format!("{row:?}"));
        }
    }
    challenges.within(1e-10, "d3 challenge utilities");
}

#[test]
fn bargains_are_ktabs_at_every_turn() {
    for (input, prefix) in INPUTS {
        let (actors, run) = ktab(input);
        let bargains = table(&format!("{prefix}_bargains.csv"));
        let coordinates = table(&format!("{prefix}_bargain_coords.csv"));
        let made: usize = run.turns.iter().map(|turn| turn.bargains.len()).sum();
        assert_eq!(made, bargains.len(), "{prefix} bargains");
        let (mut chances, mut places) = (Largest::new(), Largest::new());
        for row in &bargains {
            let [t, i, j] = [row[0], row[2], row[3]].map(|v| v as usize);
            let found = run.turns[t].bargains.iter().find(|b| (b.initiator, b.receiver) == (i, j)).unwrap();
            chances.compare(found.gain, row[4], || format!("gain {row:?}"));
            chances.compare(found.initiator_probability, row[5], || format!("{row:?}"));
            assert_eq!(found.initiator_takes, row[6] == 1.0, "{row:?}");
            if i != j {
                chances.compare(found.receiver_probability, row[7], || format!("{row:?}"));
                assert_eq!(found.receiver_takes, row[8] == 1.0, "{row:?}");
                for k in 0..actors.dimensions() {
                    let of_this = |c: &&Vec<f64>| c[..3] == [row[0], row[1], k as f64];
                    let at = coordinates.iter().find(of_this).unwrap();
                    places.compare(found.initiator_position[k], at[3], || format!("{at:?}"));
                    places.compare(found.receiver_position[k], at[4], || format!("{at:?}"));
                }
            }
        }
        chances.within(1e-9, &format!("{prefix} bargain probabilities"));
        places.within(1e-11, &format!("{prefix} bargain coordinates"));
    }
}

#[test]
fn one_seed_gives_one_stochastic_run_and_others_differ() {
    let actors = ktab_csv::read("SOE-Pol-Comp.csv");
    let with = |seed| {
        let transition = Transition::Stochastic(Noise::new(seed, 0));
        let options = Options { transition, ..Options::default() };
        run(&actors, &options).unwrap()
    };
    assert_eq!(with(1), with(1));
    assert_ne!(with(1), with(2));
}

#[test]
fn stochastic_choices_are_as_frequent_as_their_probabilities() {
    let actors = ktab_csv::read("SOE-Pol-Comp.csv");
    let (mut expected, mut taken, mut variance) = (0.0, 0.0, 0.0);
    for history in 0..400 {
        let options = Options {
            transition: Transition::Stochastic(Noise::new(5, history)),
            most_turns: 1,
            ..Options::default()
        };
        for bargain in &run(&actors, &options).unwrap().turns[0].bargains {
            if bargain.initiator == bargain.receiver {
                let p = bargain.initiator_probability;
                expected += p;
                variance += p * (1.0 - p);
                taken += f64::from(u8::from(bargain.initiator_takes));
            }
        }
    }
    let deviation: f64 = (taken - expected) / f64::sqrt(variance);
    assert!(deviation.abs() < 4.0, "{deviation} standard deviations");
}

#[test]
fn two_identical_actors_share_a_standing_and_its_win_probability() {
    let actors = Actors::new(
        ["lone", "twin", "twin"].map(String::from).to_vec(),
        vec![3.0, 1.0, 1.0],
        [10.0, 80.0, 80.0].map(|x| vec![x]).to_vec(),
        [60.0, 90.0, 90.0].map(|s| vec![s]).to_vec(),
    )
    .unwrap();
    let run = run(&actors, &Options::default()).unwrap();
    let first = &run.turns[0];
    assert_eq!(first.standings, [0, 1, 1]);
    assert_eq!(first.win_probability[1], first.win_probability[2]);
    assert!((first.win_probability[0] + first.win_probability[1] - 1.0).abs() < 1e-12);
    // Both make the same bargain with the lone actor, and neither challenges the other.
    let made_by = |actor: usize| {
        let made = first.bargains.iter().filter(move |b| b.initiator == actor);
        made.map(|b| (b.receiver == actor, b.initiator_position.clone())).collect::<Vec<_>>()
    };
    assert_eq!(made_by(1), made_by(2));
}

#[test]
fn where_all_agree_all_are_neutral_and_nobody_moves() {
    let row = || vec![40.0, 60.0];
    let actors = Actors::new(
        vec!["a".into(), "b".into(), "c".into()],
        vec![1.0, 0.0, 3.0],
        vec![row(); 3],
        vec![row(); 3],
    )
    .unwrap();
    for &voting_rule in VotingRule::ALL {
        let options = Options { voting_rule, ..Options::default() };
        let run = run(&actors, &options).unwrap();
        assert!(run.quiet && run.turns.len() == 3);
        assert_eq!(run.last().positions, run.turns[0].positions);
        assert_eq!(run.last().risk, [0.0; 3]);
        assert_eq!(run.last().win_probability, [1.0; 3]);
    }
}

#[test]
fn ideals_that_never_move_draw_their_actors_back() {
    let actors = ktab_csv::read("dummyData_3Dim.csv");
    let with = |accommodation| {
        let options = Options { accommodation, ..Options::default() };
        run(&actors, &options).unwrap()
    };
    let fixed = with(smp::Accommodation::OwnPositionBy(0.0));
    assert!(fixed.turns.iter().all(|turn| turn.ideals == fixed.turns[0].ideals));
    let n = actors.count();
    let identity = |share: f64| {
        let unit = |i| (0..n).map(|j| if i == j { share } else { 0.0 }).collect();
        smp::Accommodation::Matrix((0..n).map(unit).collect())
    };
    let own = with(smp::Accommodation::OwnPosition);
    assert_eq!(with(identity(1.0)), own);
    assert_eq!(with(smp::Accommodation::OwnPositionBy(1.0)), own);
    let (half, half_by_matrix) = (with(smp::Accommodation::OwnPositionBy(0.5)), with(identity(0.5)));
    assert_eq!(half.turns[1].ideals, half_by_matrix.turns[1].ideals);
    assert_ne!(half.turns[1].ideals, own.turns[1].ideals);
}

/// Whether any two positions are the same or further apart than what counts as one position.
fn stands_clear(turn: &smp::Turn) -> bool {
    let apart = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f64>();
    let rows = &turn.positions;
    rows.iter().all(|a| rows.iter().all(|b| a == b || apart(a, b) > 0.01 + 1e-9))
}

/// Actors with one to three dimensions, positions anywhere and saliences of at least 1 each.
fn any_actors() -> impl Strategy<Value = Actors> {
    (1usize..4, 2usize..8).prop_flat_map(|(dimensions, count)| {
        let row =
            |low: f64, high: f64| prop::collection::vec(prop::collection::vec(low..high, dimensions), count);
        (prop::collection::vec(0.1..200.0f64, count), row(0.0, 100.0), row(1.0, 100.0 / dimensions as f64))
            .prop_map(|(capability, positions, saliences)| {
                let names = (0..capability.len()).map(|i| format!("actor {i}")).collect();
                Actors::new(names, capability, positions, saliences).unwrap()
            })
    })
}

fn any_options() -> impl Strategy<Value = Options> {
    use prop::sample::select;
    (
        (
            select(VotingRule::ALL),
            select(VictoryModel::ALL),
            select(smp::Equilibrium::ALL),
            select(ThirdParty::ALL),
        ),
        (
            select(RiskRange::ALL),
            select(RiskAdjust::ALL),
            select(smp::Interpolation::ALL),
            select(smp::BargainModel::ALL),
        ),
    )
        .prop_map(|((voting_rule, victory_model, equilibrium, third_party), rest)| {
            let (risk_range, risk_adjust, interpolation, bargain_model) = rest;
            Options {
                voting_rule,
                victory_model,
                equilibrium,
                third_party,
                risk_range,
                risk_adjust,
                interpolation,
                bargain_model,
                receiver_estimate: smp::ReceiverEstimate::AsStated,
                most_turns: 6,
                ..Options::default()
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_run_without_tables_ends_where_the_run_ends(actors in any_actors(), options in any_options()) {
        let whole = run(&actors, &options).unwrap();
        let last = smp::last_positions(&actors, &options).unwrap();
        prop_assert_eq!(&last, &whole.last().positions);
        if actors.dimensions() == 1 {
            let (positions, saliences) = (actors.positions().concat(), actors.saliences().concat());
            let line = Line::new(actors.capability(), &positions, &saliences).unwrap();
            prop_assert_eq!(smp::last_positions_on_a_line(&line, &options).unwrap(), last.concat());
        }
    }

    /// What rules out a challenge before it is weighed rules out none that would be made.
    #[test]
    fn the_best_target_is_the_one_that_gains_most(actors in any_actors(), options in any_options()) {
        let rows = actors.positions();
        let assessment = Assessment::new(&actors, &options, rows, rows);
        let first = &run(&actors, &options).unwrap().turns[0];
        for actor in 0..actors.count() {
            let view = assessment.view(actor);
            let gains = (0..actors.count()).filter(|&other| other != actor).map(|other| {
                view.challenge(actor, actor, other).gain()
            });
            let most = gains.fold(0.0, f64::max);
            let made = first.bargains.iter().find(|b| b.initiator == actor && b.receiver != actor);
            prop_assert_eq!(made.map_or(0.0, |bargain| bargain.gain), if most > 1e-5 { most } else { 0.0 });
        }
    }

    #[test]
    fn win_probabilities_of_distinct_standings_sum_to_one(
        actors in any_actors(), options in any_options(),
    ) {
        for turn in run(&actors, &options).unwrap().turns {
            let mut sum = 0.0;
            for (actor, standing) in turn.standings.iter().enumerate() {
                if !turn.standings[..actor].contains(standing) {
                    sum += turn.win_probability[actor];
                }
            }
            prop_assert!((sum - 1.0).abs() < 1e-9, "sum {sum}");
        }
    }

    #[test]
    fn positions_stay_between_the_first_ones(actors in any_actors(), options in any_options()) {
        // KTAB's four decimals on 0–1 are 0.01 here; rounding to them can leave the range by half of that.
        let rounding = 0.005 + 1e-9;
        let run = run(&actors, &options).unwrap();
        for k in 0..actors.dimensions() {
            let column = || actors.positions().iter().map(move |row| row[k]);
            let low = column().fold(f64::INFINITY, f64::min) - rounding;
            let high = column().fold(f64::NEG_INFINITY, f64::max) + rounding;
            for turn in &run.turns {
                prop_assert!(turn.positions.iter().all(|row| (low..=high).contains(&row[k])));
            }
        }
    }

    #[test]
    fn utilities_risks_and_chances_are_bounded(actors in any_actors(), options in any_options()) {
        let start = actors.positions();
        let assessment = Assessment::new(&actors, &options, start, start);
        let (low, high) = match options.risk_range {
            RiskRange::Min => (0.0, 1.0),
            RiskRange::Mid => (-0.5, 1.0),
            RiskRange::Max => (-1.0, 1.0),
        };
        let n = actors.count();
        for h in 0..n {
            prop_assert!((low - 1e-9..=high + 1e-9).contains(&assessment.risk()[h]));
            let view = assessment.view(h);
            for i in 0..n {
                prop_assert!((view.utility(i, i) - 1.0).abs() < 1e-12);
                for j in (0..n).filter(|&j| j != i) {
                    prop_assert!((-1e-12..=1.0 + 1e-12).contains(&view.utility(i, j)));
                    let c = view.challenge(h, i, j);
                    let back = view.challenge(h, j, i).win_probability;
                    prop_assert!((0.0..=1.0).contains(&c.win_probability));
                    if options.voting_rule != VotingRule::AsymmetricProspect {
                        prop_assert!((c.win_probability + back - 1.0).abs() < 1e-9);
                    }
                }
            }
        }
    }

    #[test]
    fn ktabs_own_estimate_of_the_receiver_keeps_every_number_finite(
        actors in any_actors(), options in any_options(),
    ) {
        let options = Options { receiver_estimate: smp::ReceiverEstimate::AsInKtab, ..options };
        for turn in run(&actors, &options).unwrap().turns {
            prop_assert!(turn.positions.iter().flatten().all(|x| x.is_finite()));
            prop_assert!(turn.win_probability.iter().chain(&turn.risk).all(|p| p.is_finite()));
        }
    }

    #[test]
    fn permuting_the_actors_permutes_the_first_standings(
        actors in any_actors(), options in any_options(), turn_by in 1usize..7,
    ) {
        // Coalitions under prospect theory are told from the side of the later actor, in KTAB as here; and where votes
        // or victories are all or nothing, rounding alone decides between near equals.
        let smooth = [VotingRule::Proportional, VotingRule::PropCubic, VotingRule::Cubic];
        let voting_rule =
            if smooth.contains(&options.voting_rule) { options.voting_rule } else { VotingRule::Proportional };
        let victory_model = match options.victory_model {
            VictoryModel::Binary => VictoryModel::Linear,
            smooth => smooth,
        };
        let options = Options { voting_rule, victory_model, most_turns: 1, ..options };
        let n = actors.count();
        let place = |i: usize| (i + turn_by) % n;
        let turned = Actors::new(
            (0..n).map(|i| actors.names()[place(i)].clone()).collect(),
            (0..n).map(|i| actors.capability()[place(i)]).collect(),
            (0..n).map(|i| actors.positions()[place(i)].clone()).collect(),
            (0..n).map(|i| actors.saliences()[place(i)].clone()).collect(),
        ).unwrap();
        let (before, after) = (run(&actors, &options).unwrap(), run(&turned, &options).unwrap());
        // Later turns rest on choices between bargains, where exact ties go to the one made first.
        let (a, b) = (&before.turns[0], &after.turns[0]);
        for i in 0..n {
            // Whoever comes first stands for all that are near, so there the order does matter.
            let gap = (a.win_probability[place(i)] - b.win_probability[i]).abs();
            prop_assert!(gap < 1e-6 || !stands_clear(a), "win probabilities {gap} apart");
            prop_assert!((a.risk[place(i)] - b.risk[i]).abs() < 1e-6 || !stands_clear(a));
        }
    }
}
