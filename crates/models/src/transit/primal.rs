//! A first basis for large networks: the primal network simplex from an empty network, contracts left out.
//!
//! The dual simplex looks at every arc in every pivot, which is quick after a change and slow from scratch. The primal
//! one looks at a block of arcs at a time and touches only the cycle and the subtree it moves (block search and strongly
//! feasible trees after Cunningham 1976 and Kovács 2015, recalled). Where it stops, the dual one takes over: it brings
//! contracts in and has the last word, so that nothing here needs to be exact.

use super::simplex::Arc;

/// A spanning tree, and the bound at which every other arc lies.
pub(super) struct Basis {
    pub(super) parent: Vec<usize>,
    /// The tree arc between a node and its parent.
    pub(super) up: Vec<usize>,
    pub(super) depth: Vec<usize>,
    /// Every node but the root, parents before children.
    pub(super) order: Vec<usize>,
    pub(super) in_tree: Vec<bool>,
    pub(super) at_high: Vec<bool>,
}

/// No node or arc.
const NONE: usize = usize::MAX;

/// A tree under change, with the flow on it.
struct Tree<'a> {
    arcs: &'a [Arc],
    root: usize,
    /// What an arc that is not of the network costs: too much to be used.
    penalty: f64,
    real: usize,
    flow: Vec<f64>,
    value: Vec<f64>,
    in_tree: Vec<bool>,
    parent: Vec<usize>,
    up: Vec<usize>,
    depth: Vec<usize>,
    first_child: Vec<usize>,
    next: Vec<usize>,
    previous: Vec<usize>,
    stack: Vec<usize>,
}

/// The basis of the cheapest circulation without floors. The last arcs, one from each node to the root, make the first
/// tree and carry nothing.
pub(super) fn first_basis(arcs: &[Arc], root: usize, real: usize) -> Basis {
    let mut tree = Tree::new(arcs, root, real);
    let block = ((real as f64).sqrt() as usize).max(20);
    let tolerance = 1e-11 * (1.0 + arcs.iter().fold(0.0_f64, |most, arc| most.max(arc.cost.abs())));
    let mut at = 0;
    // Far above what is needed; if not, the dual simplex goes on from here.
    for _ in 0..50 * real {
        let Some(entering) = tree.entering(&mut at, block, tolerance) else { break };
        tree.pivot(entering);
    }
    tree.basis()
}

impl<'a> Tree<'a> {
    fn new(arcs: &'a [Arc], root: usize, real: usize) -> Tree<'a> {
        let dearest = arcs.iter().fold(0.0_f64, |most, arc| most.max(arc.cost.abs()));
        let penalty = (1.0 + dearest) * (root + 1) as f64;
        let neighbour = |n: usize, step: isize| {
            n.checked_add_signed(step).filter(|m| *m < root && n < root).unwrap_or(NONE)
        };
        Tree {
            arcs,
            root,
            penalty,
            real,
            flow: vec![0.0; arcs.len()],
            value: (0..=root).map(|n| if n < root { -penalty } else { 0.0 }).collect(),
            in_tree: (0..arcs.len()).map(|a| a >= real).collect(),
            parent: (0..=root).map(|n| if n < root { root } else { NONE }).collect(),
            up: (0..=root).map(|n| if n < root { real + n } else { NONE }).collect(),
            depth: (0..=root).map(|n| usize::from(n < root)).collect(),
            first_child: (0..=root).map(|n| if n == root && root > 0 { 0 } else { NONE }).collect(),
            next: (0..=root).map(|n| neighbour(n, 1)).collect(),
            previous: (0..=root).map(|n| neighbour(n, -1)).collect(),
            stack: Vec::new(),
        }
    }

    fn cost(&self, arc: usize) -> f64 {
        if arc < self.real { self.arcs[arc].cost } else { self.penalty }
    }

    fn high(&self, arc: usize) -> f64 {
        if arc < self.real { self.arcs[arc].high } else { f64::INFINITY }
    }

    /// The arc of the next block that gains most by leaving its bound, if one of any block gains.
    fn entering(&self, at: &mut usize, block: usize, tolerance: f64) -> Option<usize> {
        let (mut best, mut most, mut left) = (None, tolerance, block);
        for _ in 0..self.real {
            let arc = *at;
            *at = if arc + 1 == self.real { 0 } else { arc + 1 };
            let Arc { from, to, high, cost, .. } = self.arcs[arc];
            if high > 0.0 && !self.in_tree[arc] {
                let reduced = cost + self.value[from] - self.value[to];
                let gain = if self.flow[arc] > 0.0 { reduced } else { -reduced };
                if gain > most {
                    (best, most) = (Some(arc), gain);
                }
            }
            left -= 1;
            if left == 0 {
                if best.is_some() {
                    return best;
                }
                left = block;
            }
        }
        best
    }

    /// Sends as much as fits round the cycle the arc closes, and exchanges it for the last arc that blocks.
    fn pivot(&mut self, entering: usize) {
        let Arc { from, to, high, .. } = self.arcs[entering];
        let raises = self.flow[entering] == 0.0;
        // The flow runs from the meeting point down to `first`, over the arc, and up from `second`.
        let (first, second) = if raises { (from, to) } else { (to, from) };
        let (mut a, mut b) = (first, second);
        while a != b {
            if self.depth[a] >= self.depth[b] { a = self.parent[a] } else { b = self.parent[b] }
        }
        let meeting = a;
        let (mut most, mut below, mut on_first) = (high, NONE, false);
        let mut node = first;
        while node != meeting {
            let room = self.room(node, false);
            if room < most {
                (most, below, on_first) = (room, node, true);
            }
            node = self.parent[node];
        }
        node = second;
        while node != meeting {
            let room = self.room(node, true);
            if room <= most {
                (most, below, on_first) = (room, node, false);
            }
            node = self.parent[node];
        }
        for (start, upward) in [(first, false), (second, true)] {
            let mut node = start;
            while node != meeting && most > 0.0 {
                let arc = self.up[node];
                self.flow[arc] += if (self.arcs[arc].from == node) == upward { most } else { -most };
                node = self.parent[node];
            }
        }
        self.flow[entering] = match (below, raises) {
            (NONE, true) => high,
            (NONE, false) => 0.0,
            (_, true) => most,
            (_, false) => high - most,
        };
        if below == NONE {
            return;
        }
        let leaving = self.up[below];
        // Exactly at the bound it reached.
        let full = (self.arcs[leaving].from == below) != on_first;
        self.flow[leaving] = if full { self.high(leaving) } else { 0.0 };
        self.in_tree[leaving] = false;
        self.in_tree[entering] = true;
        let (inner, outer) = if on_first { (first, second) } else { (second, first) };
        self.rehang(below, inner, outer, entering);
    }

    /// What the tree arc above a node can take more, of flow that runs up or down.
    fn room(&self, node: usize, upward: bool) -> f64 {
        let arc = self.up[node];
        if (self.arcs[arc].from == node) == upward { self.high(arc) - self.flow[arc] } else { self.flow[arc] }
    }

    /// Hangs the subtree of `top` on `outer` by way of `inner`.
    fn rehang(&mut self, top: usize, inner: usize, outer: usize, entering: usize) {
        let (mut node, mut parent, mut up) = (inner, outer, entering);
        loop {
            let above = self.parent[node];
            self.unlink(node);
            self.link(node, parent);
            let arc = std::mem::replace(&mut self.up[node], up);
            if node == top {
                break;
            }
            (parent, up, node) = (node, arc, above);
        }
        let Arc { from, .. } = self.arcs[entering];
        let cost = self.cost(entering);
        let value = if from == inner { self.value[outer] - cost } else { self.value[outer] + cost };
        let shift = value - self.value[inner];
        self.stack.push(inner);
        while let Some(node) = self.stack.pop() {
            self.value[node] += shift;
            self.depth[node] = self.depth[self.parent[node]] + 1;
            let mut child = self.first_child[node];
            while child != NONE {
                self.stack.push(child);
                child = self.next[child];
            }
        }
    }

    fn unlink(&mut self, node: usize) {
        let (previous, next) = (self.previous[node], self.next[node]);
        match previous {
            NONE => self.first_child[self.parent[node]] = next,
            previous => self.next[previous] = next,
        }
        if next != NONE {
            self.previous[next] = previous;
        }
    }

    fn link(&mut self, node: usize, parent: usize) {
        let first = std::mem::replace(&mut self.first_child[parent], node);
        (self.parent[node], self.previous[node], self.next[node]) = (parent, NONE, first);
        if first != NONE {
            self.previous[first] = node;
        }
    }

    fn basis(mut self) -> Basis {
        let mut order = Vec::with_capacity(self.root);
        self.stack.push(self.root);
        while let Some(node) = self.stack.pop() {
            if node != self.root {
                order.push(node);
            }
            let mut child = self.first_child[node];
            while child != NONE {
                self.stack.push(child);
                child = self.next[child];
            }
        }
        let at_high = (0..self.arcs.len()).map(|a| a < self.real && self.flow[a] > 0.0).collect();
        (self.parent[self.root], self.up[self.root]) = (self.root, self.arcs.len());
        let Tree { parent, up, depth, in_tree, .. } = self;
        Basis { parent, up, depth, order, in_tree, at_high }
    }
}
