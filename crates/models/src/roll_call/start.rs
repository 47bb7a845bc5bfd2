//! Where estimation starts: the direction in which votes differ most.

use super::chamber::Chamber;
use super::votes::Vote;

/// Rounds of the power iteration; a start need not be exact.
const ROUNDS: usize = 30;

/// An ideal point for each seat, equal in all sessions of a state: the first principal component of the votes (yes −1,
/// abstain 0, no 1, less the mean of the roll call), found by power iteration from the anchors' sides, or without
/// anchors from how much oftener than others a state says no. Mean 0, standard deviation 1 over seats; all 0 where
/// there is no such direction.
pub(super) fn principal_direction(chamber: &Chamber) -> Vec<f64> {
    let scores = centred_votes(chamber);
    let state_of: Vec<u32> = chamber.seat_of.iter().map(|&seat| chamber.seats[seat as usize].state).collect();
    let mut counts = vec![0.0; chamber.states.len()];
    for &state in &state_of {
        counts[state as usize] += 1.0;
    }
    let average = |weights: &[f64]| -> Vec<f64> {
        let mut sums = vec![0.0; chamber.states.len()];
        for (item, weight) in chamber.items.iter().zip(weights) {
            for vote in item.all() {
                sums[state_of[vote] as usize] += weight * scores[vote];
            }
        }
        sums.iter().zip(&counts).map(|(sum, count)| sum / count).collect()
    };
    let mut line =
        if chamber.is_anchored() { chamber.sides.clone() } else { average(&vec![1.0; chamber.items.len()]) };
    for _ in 0..ROUNDS {
        let weights: Vec<f64> = chamber
            .items
            .iter()
            .map(|item| item.all().map(|vote| line[state_of[vote] as usize] * scores[vote]).sum::<f64>())
            .collect();
        line = average(&weights);
        let largest = line.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        if largest > 0.0 {
            line.iter_mut().for_each(|x| *x /= largest);
        }
    }
    let mut points: Vec<f64> = chamber.seats.iter().map(|seat| line[seat.state as usize]).collect();
    let n = points.len() as f64;
    let mean = points.iter().sum::<f64>() / n;
    let spread = (points.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    points.iter_mut().for_each(|x| *x = if spread > 0.0 { (*x - mean) / spread } else { 0.0 });
    points
}

/// Votes as numbers, less the mean of their item.
fn centred_votes(chamber: &Chamber) -> Vec<f64> {
    let mut scores = vec![0.0; chamber.seat_of.len()];
    for item in &chamber.items {
        let (yes, no) = (item.of(Vote::Yes).len() as f64, item.of(Vote::No).len() as f64);
        let mean = (no - yes) / item.all().len() as f64;
        for (vote, value) in [(Vote::Yes, -1.0), (Vote::Abstain, 0.0), (Vote::No, 1.0)] {
            scores[item.of(vote)].fill(value - mean);
        }
    }
    scores
}
