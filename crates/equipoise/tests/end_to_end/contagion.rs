//! `model contagion` and the cities of `model civil-violence`: what comes back, and files that cannot be used.

use crate::workshop::Workshop;

const CITIES: &str = "id,latitude,longitude,population,first_protest\n\
    a,43.3,52.9,75000,2022-01-02\n\
    b,43.7,51.2,260000,2022-01-02\n\
    c,43.3,76.9,2160000,2022-01-03\n\
    d,47.1,51.9,316000,2022-01-03\n\
    e,50.3,57.2,560000,2022-01-04\n\
    f,54.9,69.2,222000,\n";

#[test]
fn dates_of_first_protest_are_fitted_and_half_of_them_predicted() {
    let shop = Workshop::empty();
    shop.write("cities.csv", CITIES);
    let args = ["model", "contagion", "cities.csv", "--splits", "3", "--draws", "300"];
    let json = shop.equipoise(&[&args[..], &["--json", "--out", "out"]].concat()).succeeds().json();
    assert_eq!(json["days"][0], "2022-01-01");
    assert_eq!(json["mechanisms"][0]["mechanism"], "contagion");
    assert_eq!(json["against"].as_array().unwrap().len(), 3);
    let held_out = json["mechanisms"][0]["held_out"].as_array().unwrap();
    assert_eq!(held_out.len(), 3);
    for one in held_out {
        let days = one["probabilities"].as_array().unwrap().iter().map(|p| p.as_f64().unwrap());
        assert!((days.sum::<f64>() + one["none"].as_f64().unwrap() - 1.0).abs() < 1e-9);
    }
    for file in ["predictions.csv", "mechanisms.csv", "parameters.csv", "predictions.svg"] {
        assert!(!shop.read(&format!("out/{file}")).is_empty());
    }
    let text = shop.equipoise(&args).succeeds().stdout;
    assert!(
        text.contains("6 towns, 5 with a first protest, watched 2022-01-01 to 2022-01-04; 3 held out"),
        "{text}"
    );
}

#[test]
fn towns_that_cannot_be_used_are_told_with_their_place() {
    let shop = Workshop::empty();
    let tell = |text: &str, more: &[&str], expected: &str| {
        shop.write("cities.csv", text);
        shop.equipoise(&[&["model", "contagion", "cities.csv"], more].concat()).fails_with(&[expected]);
    };
    tell(&CITIES.replace("2022-01-03\nd", "soon\nd"), &[], "found `soon`");
    tell(&CITIES.replace("first_protest", "first"), &[], "the column `first_protest` is missing");
    tell(&CITIES.replace("75000", "0"), &[], "a number above 0");
    tell(&CITIES.replace("\nb,", "\na,"), &[], "a name of its own");
    tell(CITIES, &["--held-out", "1"], "expected a share above 0 and below 1");
    tell(CITIES, &["--from", "2022-01-03"], "first protests are dated");
    tell(CITIES, &["--internet", "2022-01-04=2"], "a share from 0 to 1");
    tell("id,latitude,longitude,population,first_protest\n", &[], "fewer than three towns");
}

#[test]
fn cities_run_at_each_fidelity_and_add_up_to_their_citizens() {
    let shop = Workshop::empty();
    let small = "id,latitude,longitude,population\nnorth,50,60,4000\nsouth,45,60,6000\n";
    shop.write("cities.csv", small);
    for fidelity in ["citizens", "sampled", "mean-field"] {
        let args =
            ["model", "civil-violence", "--cities", "cities.csv", "--fidelity", fidelity, "--one-in", "4"];
        let more = ["--ticks", "6", "--legitimacy", "0.6", "--quiet", "--json", "--out", "out"];
        let json = shop.equipoise(&[&args[..], &more[..]].concat()).succeeds().json();
        assert_eq!(json["fidelity"], fidelity);
        let last = &json["series"][5];
        let sum: u64 = ["active", "jailed", "quiet"].iter().map(|key| last[key].as_u64().unwrap()).sum();
        assert!(sum.abs_diff(10_000) <= 12, "{fidelity}: {sum}");
        assert!(last["active"].as_u64().unwrap() > 1000, "{fidelity}");
        assert_eq!(shop.read("out/cities.csv").lines().count(), 1 + 2 * 6);
    }
}

#[test]
fn the_cheapest_fidelity_that_is_right_is_chosen_and_named() {
    let shop = Workshop::empty();
    shop.write("cities.csv", "id,latitude,longitude,population\nnorth,50,60,14000\nsouth,45,60,9000\n");
    let run = |more: &[&str]| {
        let args = ["model", "civil-violence", "--cities", "cities.csv", "--fidelity", "auto", "--quiet"];
        let few = ["--pilots", "3", "--seeds", "2", "--json"];
        shop.equipoise(&[&args[..], &few[..], more].concat()).succeeds().json()
    };
    // How a great shock opens, a mean field says as well; what lasts is made of clusters, and it has none.
    let opening = run(&["--ticks", "3", "--legitimacy", "0.5", "--outcome", "opening"]);
    assert_eq!(opening["fidelity"], "mean-field");
    assert_eq!(opening["pilots"]["verdicts"][0]["is_right"], true);
    assert_eq!(opening["pilots"]["left_out"][0]["fidelity"], "sampled, 1 in 100");
    let lasting = run(&["--ticks", "60", "--legitimacy", "0.7", "--outcome", "jailed"]);
    assert_ne!(lasting["fidelity"], "mean-field");
    assert_eq!(lasting["pilots"]["verdicts"][0]["is_right"], false);
    assert_eq!(lasting["outcomes"].as_array().unwrap().len(), 2);
    let args = ["model", "civil-violence", "--cities", "cities.csv", "--tolerance", "0"];
    shop.equipoise(&args).fails_with(&["--tolerance is 0, expected a share above 0"]);
}

#[test]
fn cities_that_cannot_be_run_are_told() {
    let shop = Workshop::empty();
    let tell = |text: &str, more: &[&str], expected: &str| {
        shop.write("cities.csv", text);
        let args = ["model", "civil-violence", "--cities", "cities.csv", "--ticks", "2", "--quiet"];
        shop.equipoise(&[&args[..], more].concat()).fails_with(&[expected]);
    };
    let good = "id,latitude,longitude,population,density\nnorth,50,60,4000,0.7\n";
    tell(good, &["--fidelity", "sampled", "--one-in", "100"], "north: its grid would hold 40 agents");
    tell(&good.replace("0.7", "1.2"), &[], "above 0 and below 1");
    tell(&good.replace("4000", "0"), &[], "at least one citizen");
    tell("id,latitude,longitude,population\n", &[], "there is no city");
    tell(good, &["--coupling", "2"], "--coupling is 2, expected a number from 0 to 1");
}
