//! The files of `model transit`: nodes, edges, supply and contracts, read into a network with names.

use std::collections::HashMap;

use equipoise_models::transit::{Edge, Labels, Network, Node, Right, Shippers, TransitError, by_supplier};
use equipoise_scenario::{Diagnostics, Sheet, nearest};

use super::{TransitArgs, contracts, states};
use crate::failure::Failure;

/// The names of a network's parts, by index.
#[derive(Debug)]
pub struct Chart {
    /// Nodes.
    pub nodes: Vec<String>,
    /// Edges.
    pub edges: Vec<String>,
    /// The ends of edges, as FROM:TO.
    pub ends: Vec<String>,
    /// States that edges cross.
    pub states: Vec<String>,
    /// Whether the nodes had prices.
    pub priced: bool,
    /// Cargoes, where suppliers have rights of their own.
    pub cargoes: Vec<String>,
}

/// Reads everything and applies the closures of the command line.
///
/// # Errors
/// All mistakes of the first file that has some; a name on the command line that nothing has.
pub fn read(args: &TransitArgs) -> Result<(Shippers, Chart), Failure> {
    let mut nodes = Sheet::read(&args.nodes)?;
    let mut edges = Sheet::read(&args.edges)?;
    let mut supply = Sheet::read(&args.supply)?;
    let places = read_nodes(&mut nodes)?;
    let amounts = read_supply(&mut supply, args.supply_column.as_deref(), &places)?;
    let kinds = kinds(&mut nodes, &places, &amounts)?;
    let mut states = Vec::new();
    let (ids, mut list) = read_edges(&mut edges, &places, &mut states)?;
    let ends = list.iter().map(|e| format!("{}:{}", places.names[e.from], places.names[e.to])).collect();
    let mut chart =
        Chart { nodes: places.names, edges: ids, ends, states, priced: places.priced, cargoes: Vec::new() };
    let held = match &args.contracts {
        Some(path) => contracts::read(&mut Sheet::read(path)?, &chart, &kinds, &mut list)?,
        None => Vec::new(),
    };
    let network = match Network::new(kinds, list, chart.states.len(), args.shut_in_cost) {
        Ok(network) => network,
        Err(TransitError::DisconnectedSupply { node }) => {
            let row = amounts.iter().position(|a| a.node == node).unwrap_or_default();
            supply
                .error(row, amounts[row].column, "no chain of edges leads from this supply to a market")
                .expected("a way to some market, whatever its capacity");
            supply.checked()?;
            return Err(chart.explain(&TransitError::DisconnectedSupply { node }));
        }
        Err(error) => return Err(chart.explain(&error)),
    };
    let mut shippers = if held.is_empty() {
        Shippers::new(network)
    } else {
        let (cargoes, rights) = by_supplier(&network, &held);
        chart.cargoes = cargoes.iter().map(|cargo| chart.name_of(&cargo.supplies)).collect();
        Shippers::with_rights(network, cargoes, rights).map_err(|error| chart.explain(&error))?
    };
    chart.apply(args, &mut shippers)?;
    Ok((shippers, chart))
}

impl Chart {
    fn name_of(&self, supplies: &[usize]) -> String {
        let names: Vec<&str> = supplies.iter().map(|&n| self.nodes[n].as_str()).collect();
        names.join(" + ")
    }

    /// What is wrong, with names instead of indices, where rights may take part.
    pub fn explain_with(&self, error: &TransitError, rights: &[Right]) -> Failure {
        if let TransitError::ShutInCost { cost } = error {
            return Failure::Wrong(format!(
                "--shut-in-cost is {cost}, expected a finite number of 0 or more"
            ));
        }
        let Chart { nodes, edges, cargoes, .. } = self;
        Failure::Wrong(Labels { nodes, edges, cargoes, rights }.tell(error))
    }

    /// What is wrong, with names instead of indices.
    pub fn explain(&self, error: &TransitError) -> Failure {
        self.explain_with(error, &[])
    }

    /// The edges a name on the command line means: an id, or all FROM:TO.
    fn meant(&self, name: &str) -> Result<Vec<usize>, Failure> {
        if let Some(edge) = self.edges.iter().position(|id| id == name) {
            return Ok(vec![edge]);
        }
        let found: Vec<usize> = (0..self.ends.len()).filter(|&e| self.ends[e] == name).collect();
        if found.is_empty() {
            let known: Vec<&str> = self.ends.iter().chain(&self.edges).map(String::as_str).collect();
            return Err(match nearest(name, known) {
                Some(near) => Failure::Wrong(format!("there is no edge `{name}`; did you mean `{near}`?")),
                None => Failure::Wrong(format!("there is no edge `{name}`; expected FROM:TO or an id")),
            });
        }
        Ok(found)
    }

    fn apply(&self, args: &TransitArgs, shippers: &mut Shippers) -> Result<(), Failure> {
        for limit in &args.limit {
            let parsed = limit.rsplit_once('=').map(|(edge, number)| (edge, number.parse::<f64>()));
            let Some((name, Ok(capacity))) = parsed else {
                return Err(Failure::Wrong(format!("--limit {limit}: expected EDGE=CAPACITY")));
            };
            for edge in self.meant(name)? {
                let Edge { floor, cost, .. } = shippers.network().edges()[edge];
                shippers.set_edge(edge, capacity, floor, cost).map_err(|error| match error {
                    TransitError::Amount { .. } => Failure::Wrong(format!(
                        "--limit {limit}: expected a capacity that is a finite number of 0 or more"
                    )),
                    other => self.explain(&other),
                })?;
            }
        }
        let mut closed = Vec::new();
        for name in &args.close {
            closed.extend(self.meant(name)?);
        }
        for code in &args.close_state {
            let Some(state) = self.states.iter().position(|known| known == code) else {
                let known: Vec<&str> = self.states.iter().map(String::as_str).collect();
                return Err(Failure::unknown("state that an edge crosses", code, &known));
            };
            let edges = shippers.network().edges();
            closed.extend((0..edges.len()).filter(|&e| edges[e].crosses.contains(&state)));
        }
        for edge in closed {
            shippers.close(edge).map_err(|error| self.explain(&error))?;
        }
        Ok(())
    }
}

/// The rows of the nodes file.
struct Places {
    names: Vec<String>,
    index: HashMap<String, usize>,
    kind: Option<usize>,
    capacity: Option<usize>,
    price: Option<usize>,
    priced: bool,
}

/// What a row of the supply file offers.
struct Amount {
    node: usize,
    amount: f64,
    column: usize,
}

fn read_nodes(sheet: &mut Sheet) -> Result<Places, Diagnostics> {
    let node = sheet.required("node");
    let kind = sheet.column("kind").or_else(|| sheet.column("type"));
    if kind.is_none() {
        let _ = sheet.required("kind");
    }
    let capacity = quantity(sheet, "market_capacity").or_else(|| quantity(sheet, "capacity"));
    let price = quantity(sheet, "price");
    sheet.checked()?;
    let mut names = Vec::new();
    let mut index = HashMap::new();
    for row in 0..sheet.len() {
        let name = node.map_or("", |column| sheet.text(row, column)).to_owned();
        if name.is_empty() {
            sheet.error(row, node.unwrap_or(0), "this cell is empty").expected("the name of a node");
        } else if index.insert(name.clone(), row).is_some() {
            sheet.error(row, node.unwrap_or(0), format!("the node `{name}` is listed twice"));
        }
        names.push(name);
    }
    if names.is_empty() {
        sheet.table_error("there are no nodes");
    }
    sheet.checked()?;
    Ok(Places { names, index, kind, capacity, price, priced: price.is_some() })
}

/// What each node is, in the order of the file.
fn kinds(sheet: &mut Sheet, places: &Places, amounts: &[Amount]) -> Result<Vec<Node>, Diagnostics> {
    let mut kinds = Vec::new();
    for row in 0..sheet.len() {
        let column = places.kind.unwrap_or(0);
        let kind = sheet.text(row, column).to_lowercase();
        let supply = amounts.iter().find(|a| a.node == row);
        kinds.push(if kind == "market" {
            if supply.is_some() {
                sheet
                    .error(row, column, "this market is in the supply file")
                    .expected("a node that supplies or one that buys, with an edge between them");
            }
            Node::Market {
                capacity: market_cell(sheet, row, places.capacity, "market_capacity", true),
                price: if places.priced {
                    market_cell(sheet, row, places.price, "price", false)
                } else {
                    0.0
                },
            }
        } else {
            if kind.is_empty() {
                sheet
                    .error(row, column, "this cell is empty")
                    .expected("market, or what the node is: field, hub, port …");
            } else if nearest(&kind, ["market"]).is_some() {
                sheet.error(row, column, format!("found `{kind}`")).near(&kind, ["market"]);
            } else if supply.is_none() && matches!(kind.as_str(), "supply" | "source") {
                sheet
                    .error(row, column, "this supply has no row in the supply file")
                    .expected("its amount there");
            }
            supply.map_or(Node::Hub, |a| Node::Supply { amount: a.amount })
        });
    }
    if !kinds.iter().any(|kind| matches!(kind, Node::Market { .. })) {
        sheet.table_error("there is no market").expected("a node whose kind is `market`");
    }
    sheet.checked()?;
    Ok(kinds)
}

/// A number every market must have; NaN where it is missing, which is noted.
fn market_cell(sheet: &mut Sheet, row: usize, column: Option<usize>, what: &str, positive: bool) -> f64 {
    let Some(column) = column else {
        if row_is_first_market(sheet, row) {
            let _ = sheet.required(what);
        }
        return f64::NAN;
    };
    if sheet.text(row, column).is_empty() {
        sheet.error(row, column, format!("this market has no {what}")).expected("a finite number");
        return f64::NAN;
    }
    match sheet.number(row, column) {
        Some(number) if positive && number < 0.0 => {
            negative(sheet, row, column, number);
            f64::NAN
        }
        number => number.unwrap_or(f64::NAN),
    }
}

/// A missing column is one mistake, not one for each market.
fn row_is_first_market(sheet: &Sheet, row: usize) -> bool {
    let kind = sheet.column("kind").or_else(|| sheet.column("type"));
    kind.is_some_and(|kind| (0..row).all(|above| sheet.text(above, kind).to_lowercase() != "market"))
}

fn read_supply(sheet: &mut Sheet, wanted: Option<&str>, places: &Places) -> Result<Vec<Amount>, Diagnostics> {
    let node = sheet.required("node");
    let amount = match wanted {
        Some(name) => sheet.required(name),
        None => quantity(sheet, "amount")
            .or_else(|| quantity(sheet, "supply"))
            .or_else(|| sheet.required("amount")),
    };
    sheet.checked()?;
    let (Some(node), Some(column)) = (node, amount) else { return Ok(Vec::new()) };
    let mut amounts: Vec<Amount> = Vec::new();
    for row in 0..sheet.len() {
        let at = known_node(sheet, row, node, places);
        let amount = sheet.number(row, column);
        if let Some(number) = amount.filter(|number| *number < 0.0) {
            negative(sheet, row, column, number);
        }
        if at.is_some_and(|at| amounts.iter().any(|a| a.node == at)) {
            let name = sheet.text(row, node).to_owned();
            sheet.error(row, node, format!("the supply of `{name}` is given twice"));
        }
        amounts.push(Amount { node: at.unwrap_or(usize::MAX), amount: amount.unwrap_or(0.0), column: node });
    }
    if amounts.is_empty() {
        sheet.table_error("there is no supply");
    }
    sheet.checked()?;
    Ok(amounts)
}

fn read_edges(
    sheet: &mut Sheet,
    places: &Places,
    states: &mut Vec<String>,
) -> Result<(Vec<String>, Vec<Edge>), Diagnostics> {
    let (from, to) = (sheet.required("from"), sheet.required("to"));
    let capacity = quantity(sheet, "capacity").or_else(|| sheet.required("capacity"));
    let cost = quantity(sheet, "cost").or_else(|| sheet.required("cost"));
    let (id, crosses) = (sheet.column("id"), sheet.column("crosses"));
    sheet.checked()?;
    let (Some(from), Some(to), Some(capacity), Some(cost)) = (from, to, capacity, cost) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let mut ids: Vec<String> = Vec::new();
    let mut edges: Vec<Edge> = Vec::new();
    for row in 0..sheet.len() {
        let ends = (known_node(sheet, row, from, places), known_node(sheet, row, to, places));
        if ends.0.is_some() && ends.0 == ends.1 {
            sheet.error(row, to, "this edge leads from a node to itself");
        }
        let own = id.map(|id| sheet.text(row, id).to_owned()).filter(|own| !own.is_empty());
        let name =
            own.clone().unwrap_or_else(|| format!("{}:{}", sheet.text(row, from), sheet.text(row, to)));
        if ids.contains(&name) {
            let column = if own.is_some() { id.unwrap_or(from) } else { from };
            sheet
                .error(row, column, format!("the edge `{name}` is listed twice"))
                .expected("one row for each edge; give parallel edges an id each");
        }
        ids.push(name);
        let mut amount = |column| {
            let number = sheet.number(row, column);
            if let Some(number) = number.filter(|number| *number < 0.0) {
                negative(sheet, row, column, number);
            }
            number.unwrap_or(0.0)
        };
        let (capacity, cost) = (amount(capacity), amount(cost));
        edges.push(Edge {
            from: ends.0.unwrap_or(0),
            to: ends.1.unwrap_or(0),
            capacity,
            floor: 0.0,
            cost,
            crosses: crosses.map_or(Vec::new(), |column| crossed(sheet, row, column, states)),
        });
    }
    if edges.is_empty() {
        sheet.table_error("there are no edges");
    }
    sheet.checked()?;
    Ok((ids, edges))
}

/// The states of a cell, apart by spaces or any of `; , | / +`.
fn crossed(sheet: &mut Sheet, row: usize, column: usize, states: &mut Vec<String>) -> Vec<usize> {
    let cell = sheet.text(row, column).to_owned();
    let mut found = Vec::new();
    for code in cell.split([' ', ';', ',', '|', '/', '+']).filter(|code| !code.is_empty()) {
        if states::looks_wrong(code) {
            sheet
                .error(row, column, format!("there is no state with the code `{code}`"))
                .expected("an ISO 3166-1 alpha-3 code, or a name of your own in another form")
                .near(code, states::known());
        }
        let state = states.iter().position(|known| known == code).unwrap_or_else(|| {
            states.push(code.to_owned());
            states.len() - 1
        });
        if !found.contains(&state) {
            found.push(state);
        }
    }
    found
}

/// The column of a quantity: `name`, or the one that adds a unit to it (`capacity_kt_y`).
pub fn quantity(sheet: &Sheet, name: &str) -> Option<usize> {
    sheet.column(name).or_else(|| {
        let unit = |column: &String| column.strip_prefix(name).is_some_and(|rest| rest.starts_with('_'));
        let mut found = (0..sheet.columns().len()).filter(|&at| unit(&sheet.columns()[at]));
        found.next().filter(|_| found.next().is_none())
    })
}

fn known_node(sheet: &mut Sheet, row: usize, column: usize, places: &Places) -> Option<usize> {
    let name = sheet.text(row, column).to_owned();
    let found = places.index.get(&name).copied();
    if found.is_none() {
        sheet
            .error(row, column, format!("there is no node `{name}`"))
            .expected("a node of the nodes file")
            .near(&name, places.names.iter().map(String::as_str));
    }
    found
}

/// Notes a number that must not be below 0.
pub fn negative(sheet: &mut Sheet, row: usize, column: usize, number: f64) {
    sheet.error(row, column, format!("found {number}")).expected("a number of 0 or more");
}
