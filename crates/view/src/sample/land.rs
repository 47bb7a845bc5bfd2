//! Made-up unrest on the map, routes and trade.

use jiff::civil::date;

use super::START;
use crate::findings::*;

/// Two places, the second south-east of the first, on a square of land.
pub(super) fn unrest() -> UnrestMap {
    let day = |day, places: [(f64, f64); 2]| UnrestDay { date: date(2031, 1, day), places: places.to_vec() };
    UnrestMap {
        histories: 200,
        outline: vec![vec![[60.0, 20.0], [60.0, 24.0], [57.0, 24.0], [57.0, 20.0]]],
        places: vec![("Estria".into(), [59.0, 21.0]), ("Northfield".into(), [58.0, 23.0])],
        days: vec![day(2, [(300.0, 0.0), (0.0, 0.0)]), day(5, [(1_200.0, 0.25), (500.0, 0.1)])],
    }
}

/// Twelve million tonnes, nine of them through a neighbour who then closes his routes.
pub(super) fn routes() -> RoutesFound {
    let sure = |value: f64| -> Range { (value, (value, value)) };
    let node = |name: &str, supplies, sells| NodeFound { name: name.into(), supplies, sells };
    let route = |name: &str, from, to, crosses: &[&str], before, after| RouteFound {
        name: name.into(),
        from,
        to,
        crosses: crosses.iter().map(|name| (*name).to_owned()).collect(),
        main: crosses.contains(&"Vastland"),
        flow: [sure(before), sure(after)],
    };
    RoutesFound {
        histories: 48,
        days: [START, date(2031, 8, 31)],
        nodes: vec![
            node("Northfield", true, false),
            node("Coldharbour", false, false),
            node("The south", false, true),
        ],
        routes: vec![
            route("Pipeline through Vastland", 0, 2, &["Vastland"], 9.0, 1.0),
            route("Road to Coldharbour", 0, 1, &[], 3.0, 4.0),
            route("Ships from Coldharbour", 1, 2, &["Estmark"], 3.0, 4.0),
        ],
        delivered: Some([sure(12.0), (5.0, (4.0, 6.0))]),
        revenue: Some([sure(6.1), (2.4, (2.0, 3.1))]),
        states: vec![StateFound {
            name: "Vastland".into(),
            share: [sure(0.75), sure(0.2)],
            loss_mt_per_year: [sure(8.0), sure(1.0)],
            loss_busd_per_year: [(3.9, (3.5, 4.2)), sure(0.5)],
        }],
        welfare: vec![
            ("Estria".into(), (-0.42, (-0.61, -0.2))),
            ("Vastland".into(), (-0.001, (-0.002, 0.0))),
        ],
    }
}
