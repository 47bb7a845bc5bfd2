//! The dual network simplex: a minimum-cost circulation on arcs with finite bounds, re-solved from any basis.
//!
//! The basis is a spanning tree. An arc outside it lies at one of its bounds, the one its reduced cost asks
//! for; as every bound is finite there always is one, so any tree is dual feasible once the arcs are placed.
//! Each pivot takes a tree arc whose flow is out of its bounds, and replaces it by the cheapest arc that can
//! carry the difference across the cut the tree arc leaves. If no arc can, the cut proves that nothing fits
//! (the circulation theorem of Hoffman 1960, recalled).

use super::primal::{Basis, first_basis};

/// Arcs from which on a first basis is found by the primal simplex.
const LARGE: usize = 100;

/// A way for flow, between two bounds, at a cost per unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) cost: f64,
}

/// How the cheapest circulation was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) pivots: usize,
    /// Whether the flow is that of the solution before.
    pub(super) same_flow: bool,
}

/// Why there is no circulation.
#[derive(Debug)]
pub(super) enum Failure {
    /// The bounds of arcs into the marked nodes ask for more than the bounds of arcs out of them allow.
    Cut(Vec<bool>),
    /// The pivots allowed were used up.
    Pivots(usize),
}

/// Where a node is, seen from the cut of the current pivot.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Outside,
    Inside,
    /// Inside, on the way from the entering to the leaving arc.
    Path,
}

/// A network with its basis. Node `nodes` is the root; the last arcs, one from each node to the root, carry
/// nothing and only make the first tree.
#[derive(Clone, Debug)]
pub(super) struct Simplex {
    arcs: Vec<Arc>,
    pub(super) flow: Vec<f64>,
    /// What one more unit at a node is worth; 0 at the root.
    pub(super) value: Vec<f64>,
    in_tree: Vec<bool>,
    at_high: Vec<bool>,
    real: usize,
    root: usize,
    /// Whether there was a solution, from whose tree the next begins.
    warm: bool,
    /// Whether the flow is what this tree gives within these bounds, so that only costs can change it.
    settled: bool,
    parent: Vec<usize>,
    /// The tree arc between a node and its parent.
    up: Vec<usize>,
    depth: Vec<usize>,
    /// Every node but the root, parents before children.
    order: Vec<usize>,
    side: Vec<Side>,
    aside: Vec<usize>,
    path: Vec<usize>,
    /// What comes to each node less what leaves it, while flows of the tree are found.
    excess: Vec<f64>,
}

impl Simplex {
    /// A network of `nodes` nodes and a root whose index is `nodes`, with no flow yet.
    pub(super) fn new(nodes: usize, mut arcs: Vec<Arc>) -> Simplex {
        let real = arcs.len();
        arcs.extend((0..nodes).map(|from| Arc { from, to: nodes, low: 0.0, high: 0.0, cost: 0.0 }));
        let total = arcs.len();
        Simplex {
            flow: vec![0.0; total],
            value: vec![0.0; nodes + 1],
            in_tree: (0..total).map(|a| a >= real).collect(),
            at_high: vec![false; total],
            real,
            root: nodes,
            warm: false,
            settled: false,
            parent: vec![nodes; nodes + 1],
            up: (real..=total).collect(),
            depth: (0..=nodes).map(|n| usize::from(n < nodes)).collect(),
            order: (0..nodes).collect(),
            side: vec![Side::Outside; nodes + 1],
            aside: Vec::with_capacity(nodes),
            path: Vec::with_capacity(nodes),
            excess: vec![0.0; nodes + 1],
            arcs,
        }
    }

    /// The arcs, in the order they were given; those that only make the first tree come last.
    pub(super) fn arcs(&self) -> &[Arc] {
        &self.arcs
    }

    /// Changes the bounds and the cost of an arc.
    pub(super) fn set_arc(&mut self, arc: usize, low: f64, high: f64, cost: f64) {
        let known = &mut self.arcs[arc];
        self.settled &= (known.low, known.high) == (low, high);
        (known.low, known.high, known.cost) = (low, high, cost);
    }

    /// Has the next solution find its flow from the bounds, whether they change or not.
    pub(super) fn unsettle(&mut self) {
        self.settled = false;
    }

    /// The reduced cost of an arc: what one more unit on it costs, given the values at its ends.
    pub(super) fn reduced_cost(&self, arc: &Arc) -> f64 {
        arc.cost + self.value[arc.from] - self.value[arc.to]
    }

    /// Finds the cheapest circulation from the present tree.
    pub(super) fn solve(&mut self) -> Result<Found, Failure> {
        if !self.warm && self.real >= LARGE {
            let basis = first_basis(&self.arcs, self.root, self.real);
            let Basis { parent, up, depth, order, in_tree, at_high } = basis;
            (self.parent, self.up, self.depth, self.order) = (parent, up, depth, order);
            (self.in_tree, self.at_high) = (in_tree, at_high);
        }
        self.warm = true;
        self.spread_values();
        let moved = self.place_arcs();
        if self.settled && !moved {
            return Ok(Found { pivots: 0, same_flow: true });
        }
        self.settled = false;
        self.balance_tree();
        let largest = self.arcs.iter().fold(0.0_f64, |most, arc| most.max(arc.high));
        let tolerance = 1e-11 * largest;
        let patience = 20 * self.arcs.len();
        for pivot in 0..50 * patience {
            let Some((node, too_high)) = self.leaving(tolerance, pivot >= patience) else {
                self.finish(pivot, tolerance);
                return Ok(Found { pivots: pivot, same_flow: false });
            };
            self.mark_below(node);
            let leaves_outward = self.arcs[self.up[node]].from == node;
            let outward = leaves_outward == too_high;
            match self.entering(outward) {
                Some(entering) => self.exchange(node, too_high, entering, outward),
                None => {
                    let inside = self.side.iter().map(|s| (*s != Side::Outside) == outward);
                    return Err(Failure::Cut(inside.collect()));
                }
            }
        }
        Err(Failure::Pivots(50 * patience))
    }

    /// Values from the root down, so that tree arcs have no reduced cost.
    fn spread_values(&mut self) {
        for &node in &self.order {
            let arc = &self.arcs[self.up[node]];
            let above = self.value[self.parent[node]];
            self.value[node] = if arc.from == node { above - arc.cost } else { above + arc.cost };
        }
    }

    /// Puts each arc outside the tree at the bound its reduced cost asks for; returns whether any was at the other.
    fn place_arcs(&mut self) -> bool {
        let mut moved = false;
        let outside = self.arcs[..self.real].iter().zip(&mut self.flow).zip(&mut self.at_high);
        for (((arc, flow), at_high), _) in outside.zip(&self.in_tree).filter(|(_, in_tree)| !**in_tree) {
            let reduced = arc.cost + self.value[arc.from] - self.value[arc.to];
            if reduced != 0.0 {
                moved |= *at_high != (reduced < 0.0);
                *at_high = reduced < 0.0;
            }
            *flow = if *at_high { arc.high } else { arc.low };
        }
        moved
    }

    /// Flows of the tree arcs, from the leaves up, given all others.
    fn balance_tree(&mut self) {
        let excess = &mut self.excess;
        excess.fill(0.0);
        let outside = self.arcs[..self.real].iter().zip(&self.flow).zip(&self.in_tree);
        for ((arc, flow), _) in outside.filter(|(_, in_tree)| !**in_tree) {
            excess[arc.from] -= flow;
            excess[arc.to] += flow;
        }
        for &node in self.order.iter().rev() {
            let arc = self.up[node];
            self.flow[arc] = if self.arcs[arc].from == node { excess[node] } else { -excess[node] };
            excess[self.parent[node]] += excess[node];
        }
    }

    /// The node whose tree arc is farthest out of its bounds, and whether above; or, when `patient` has run
    /// out, the one of lowest arc index (the rule of Bland 1977, recalled, which cannot cycle).
    fn leaving(&self, tolerance: f64, by_index: bool) -> Option<(usize, bool)> {
        let mut best: Option<(usize, bool)> = None;
        let mut most = tolerance;
        for &node in &self.order {
            let arc = self.up[node];
            let (flow, Arc { low, high, .. }) = (self.flow[arc], &self.arcs[arc]);
            let (above, below) = (flow - high, low - flow);
            let out = above.max(below);
            let better = match best {
                Some((other, _)) if by_index => out > tolerance && arc < self.up[other],
                _ => out > most,
            };
            if better {
                best = Some((node, above > below));
                most = out;
            }
        }
        best
    }

    /// Marks the nodes below the tree arc of `node`, itself included.
    fn mark_below(&mut self, node: usize) {
        self.side.fill(Side::Outside);
        self.side[node] = Side::Inside;
        for &below in &self.order {
            if self.side[self.parent[below]] == Side::Inside {
                self.side[below] = Side::Inside;
            }
        }
    }

    /// The cheapest arc that can carry more out of the marked nodes (or into them).
    fn entering(&self, outward: bool) -> Option<usize> {
        let mut best = None;
        let mut least = f64::INFINITY;
        let arcs = self.arcs[..self.real].iter().zip(&self.in_tree).zip(&self.at_high);
        for (index, ((arc, in_tree), at_high)) in arcs.enumerate() {
            let leads_out = self.side[arc.from] != Side::Outside;
            if leads_out == (self.side[arc.to] != Side::Outside) || *in_tree || arc.low == arc.high {
                continue;
            }
            // More out: an arc out is raised from its floor, or an arc in lowered from its ceiling.
            if *at_high != (leads_out == outward) {
                let price = self.reduced_cost(arc).abs();
                if price < least {
                    least = price;
                    best = Some(index);
                }
            }
        }
        best
    }

    /// Takes `entering` into the tree for the tree arc of `node`, which goes to the bound it broke.
    fn exchange(&mut self, node: usize, too_high: bool, entering: usize, outward: bool) {
        let leaving = self.up[node];
        let Arc { low, high, .. } = self.arcs[leaving];
        let bound = if too_high { high } else { low };
        let amount = (self.flow[leaving] - bound).abs();
        let Arc { from, to, .. } = self.arcs[entering];
        let leads_out = self.side[from] == Side::Inside;
        self.push_round(entering, if leads_out == outward { amount } else { -amount });
        self.flow[leaving] = bound;
        self.at_high[leaving] = too_high;

        let reduced = self.reduced_cost(&self.arcs[entering]);
        let shift = if leads_out { -reduced } else { reduced };
        let (inner, outer) = if leads_out { (from, to) } else { (to, from) };
        self.in_tree[leaving] = false;
        self.in_tree[entering] = true;
        let marked = self.rehang(node, inner, outer, entering);
        for &below in &self.order[marked..] {
            self.value[below] += shift;
            self.depth[below] = self.depth[self.parent[below]] + 1;
        }
    }

    /// Adds `amount` on an arc outside the tree and returns it through the tree.
    fn push_round(&mut self, entering: usize, amount: f64) {
        let Arc { from, to, .. } = self.arcs[entering];
        self.flow[entering] += amount;
        let (mut a, mut b) = (to, from);
        while a != b {
            // Up from the far end, down to the near one, until the two ways meet.
            let (node, upward) = if self.depth[a] >= self.depth[b] { (a, amount) } else { (b, -amount) };
            let arc = self.up[node];
            self.flow[arc] += if self.arcs[arc].from == node { upward } else { -upward };
            if self.depth[a] >= self.depth[b] {
                a = self.parent[a];
            } else {
                b = self.parent[b];
            }
        }
    }

    /// Hangs the marked nodes on `outer` by way of `inner`, and lists all nodes anew, parents first; returns from where on
    /// they are the marked ones.
    fn rehang(&mut self, top: usize, inner: usize, outer: usize, entering: usize) -> usize {
        self.path.clear();
        let (mut node, mut parent, mut up) = (inner, outer, entering);
        loop {
            self.path.push(node);
            self.side[node] = Side::Path;
            let above = std::mem::replace(&mut self.parent[node], parent);
            let arc = std::mem::replace(&mut self.up[node], up);
            if node == top {
                break;
            }
            (parent, up, node) = (node, arc, above);
        }
        // The others move up in place; of the marked nodes those off the way are kept aside meanwhile.
        self.aside.clear();
        let mut marked = 0;
        for at in 0..self.order.len() {
            let node = self.order[at];
            match self.side[node] {
                Side::Outside => {
                    self.order[marked] = node;
                    marked += 1;
                }
                Side::Inside => self.aside.push(node),
                Side::Path => {}
            }
        }
        self.order.truncate(marked);
        self.order.extend(&self.path);
        self.order.extend(&self.aside);
        marked
    }

    /// Takes the rounding of many pivots out of the answer.
    fn finish(&mut self, pivots: usize, tolerance: f64) {
        if pivots > 0 {
            self.spread_values();
            self.balance_tree();
        }
        // A flow without that rounding may be out of its bounds again: then the next solution goes on from it.
        self.settled = pivots == 0 || self.leaving(tolerance, false).is_none();
        for (flow, arc) in self.flow.iter_mut().zip(&self.arcs) {
            *flow = flow.max(arc.low).min(arc.high);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn arc(from: usize, to: usize, low: f64, high: f64, cost: f64) -> Arc {
        Arc { from, to, low, high, cost }
    }

    /// A ring of one source, two ways and one sink: root → 0, 0 → 1 cheap, 0 → 1 dear, 1 → root.
    fn two_ways() -> Simplex {
        let arcs = vec![
            arc(2, 0, 0.0, 10.0, -100.0),
            arc(0, 1, 0.0, 6.0, 1.0),
            arc(0, 1, 0.0, 6.0, 5.0),
            arc(1, 2, 0.0, 20.0, 0.0),
        ];
        Simplex::new(2, arcs)
    }

    #[test]
    fn the_cheap_way_fills_first_and_its_last_unit_is_worth_the_difference() {
        let mut simplex = two_ways();
        simplex.solve().unwrap();
        assert_eq!(simplex.flow[..4], [10.0, 6.0, 4.0, 10.0]);
        assert_eq!(simplex.reduced_cost(&simplex.arcs[1]), -4.0);
    }

    #[test]
    fn a_changed_bound_is_met_from_the_last_tree_in_few_pivots() {
        let mut simplex = two_ways();
        simplex.solve().unwrap();
        simplex.set_arc(2, 0.0, 1.0, 5.0);
        assert!(simplex.solve().unwrap().pivots <= 2);
        assert_eq!(simplex.flow[..4], [7.0, 6.0, 1.0, 7.0]);
    }

    #[test]
    fn a_cost_that_makes_no_other_way_cheaper_leaves_the_flow() {
        let mut simplex = two_ways();
        simplex.solve().unwrap();
        simplex.set_arc(1, 0.0, 6.0, 2.0);
        assert!(simplex.solve().unwrap().same_flow);
        assert_eq!(simplex.reduced_cost(&simplex.arcs[1]), -3.0);
        simplex.set_arc(1, 0.0, 6.0, 7.0);
        assert!(!simplex.solve().unwrap().same_flow);
        assert_eq!(simplex.flow[..4], [10.0, 4.0, 6.0, 10.0]);
        simplex.set_arc(0, 0.0, 8.0, -100.0);
        assert!(!simplex.solve().unwrap().same_flow);
        assert_eq!(simplex.flow[..4], [8.0, 2.0, 6.0, 8.0]);
    }

    #[test]
    fn the_cut_marks_what_is_asked_for_too_much() {
        let mut simplex = two_ways();
        simplex.arcs[1].low = 4.0;
        simplex.arcs[3].high = 3.0;
        match simplex.solve() {
            Err(Failure::Cut(inside)) => assert_eq!(inside, [false, true, false]),
            other => panic!("{other:?}"),
        }
    }
}
