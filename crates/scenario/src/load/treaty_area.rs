//! Where a treaty's clauses hold: its territories and areas.

use super::names::{entries, snake_case};
use crate::diagnostic::Report;
use crate::format::treaty_file::{AreaTable, TerritoryTable, TreatyFile};
use crate::format::{At, Field};
use crate::treaty::{Area, HoldsIn, Territory};

/// The word that stands for the territory of all members.
const MEMBERS: &str = "members";

/// Where a clause holds; notes an area there is not.
pub(super) fn holds_in(word: &At<String>, file: &TreatyFile, report: &mut Report) -> Option<HoldsIn> {
    if word.value == MEMBERS {
        return Some(HoldsIn::Members);
    }
    let areas = entries(&file.areas);
    let found = areas.iter().position(|(id, _)| id.value == word.value);
    if found.is_none() && !matches!(file.areas, Field::Broken) {
        let known = areas.iter().map(|(id, _)| id.value.as_str()).chain([MEMBERS]);
        report
            .error(word.spot, format!("the treaty has no area `{}`", word.value))
            .expected("`members`, or one of the treaty's areas")
            .near(&word.value, known);
    }
    found.map(HoldsIn::Area)
}

/// A territory; notes one named like a member, and a holder that is none.
pub(super) fn territory(
    id: &At<String>,
    table: &TerritoryTable,
    file: &TreatyFile,
    report: &mut Report,
) -> Option<Territory> {
    let members = || entries(&file.members).iter().map(|(member, _)| member.value.as_str());
    if members().any(|member| member == id.value) {
        report
            .error(id.spot, format!("the territory `{}` has the name of a member", id.value))
            .expected("a name of its own");
        return None;
    }
    if let Some(of) = table.of.given()
        && file.members.value().is_some()
        && !members().any(|member| member == of.value)
    {
        report
            .error(
                of.spot,
                format!("the territory `{}` belongs to `{}`, which is no member", id.value, of.value),
            )
            .near(&of.value, members());
        return None;
    }
    Some(Territory {
        id: id.value.clone(),
        title: table.title.value()?.clone(),
        of: table.of.value().cloned(),
    })
}

/// An area; notes a name in it that is neither a member nor a territory.
pub(super) fn area(
    id: &At<String>,
    table: &AreaTable,
    file: &TreatyFile,
    report: &mut Report,
) -> Option<Area> {
    snake_case("area", id, report);
    if id.value == MEMBERS {
        report.error(id.spot, "an area has the name `members`").expected("a name of its own");
        return None;
    }
    let covers = table.covers.given()?;
    if covers.value.is_empty() {
        report
            .error(covers.spot, format!("the area `{}` covers nothing", id.value))
            .expected("a member or a territory");
        return None;
    }
    let members = entries(&file.members).iter().map(|(member, _)| member.value.as_str());
    let known: Vec<&str> =
        members.chain(entries(&file.territories).iter().map(|(place, _)| place.value.as_str())).collect();
    let mut sound = true;
    for place in &covers.value {
        if !known.contains(&place.value.as_str()) {
            sound = false;
            report
                .error(place.spot, format!("`{}` is neither a member nor a territory", place.value))
                .expected("a name under [members] or [territories]")
                .near(&place.value, known.iter().copied());
        }
    }
    sound.then_some(())?;
    Some(Area {
        id: id.value.clone(),
        title: table.title.value()?.clone(),
        covers: covers.value.iter().map(|place| place.value.clone()).collect(),
    })
}
