//! `model civil-violence`: the JSON others rely on, and settings that make no sense.

use crate::workshop::Workshop;

#[test]
fn a_society_prints_its_series_and_outbursts() {
    let shop = Workshop::empty();
    let args = ["model", "civil-violence", "--ticks", "300", "--seed", "3", "--quiet"];
    let json = shop.equipoise(&[&args[..], &["--json", "--out", "out"]].concat()).succeeds().json();
    let series = json["series"].as_array().unwrap();
    assert_eq!(series.len(), 300);
    for tick in series {
        let sum: u64 = ["active", "jailed", "quiet"].iter().map(|key| tick[key].as_u64().unwrap()).sum();
        assert_eq!(sum, 1120);
    }
    let outbursts = json["outbursts"].as_array().unwrap();
    assert!(!outbursts.is_empty());
    assert!(outbursts.iter().all(|one| one["end"].as_u64() > one["start"].as_u64()));
    assert!(json["agent_steps_per_second"].as_f64().unwrap() > 0.0);
    assert_eq!(shop.read("out/series.csv").lines().count(), 301);
    assert_eq!(shop.read("out/outbursts.csv").lines().count(), outbursts.len() + 1);

    let text = shop.equipoise(&args).succeeds().stdout;
    assert!(
        text.contains("run2 by the rules brookings2001: 40 × 40 sites, 1,120 citizens, 1 society"),
        "{text}"
    );
}

#[test]
fn several_seeds_are_the_same_societies_as_each_alone() {
    let shop = Workshop::empty();
    let args = ["model", "civil-violence", "--ticks", "50", "--quiet", "--json"];
    let both = shop.equipoise(&[&args[..], &["--seeds", "2"]].concat()).succeeds().json();
    let second = shop.equipoise(&[&args[..], &["--seed", "2"]].concat()).succeeds().json();
    assert_eq!(both["runs"][1]["series"], second["series"]);
}

#[test]
fn settings_that_make_no_sense_are_told_in_one_line() {
    let shop = Workshop::empty();
    for (options, told) in [
        (&["--rules", "brookings"][..], &["no set of rules `brookings`", "brookings2001"][..]),
        (&["--preset", "run9"], &["no preset `run9`"]),
        (&["--citizen-density", "1.1"], &["density of citizens is 1.1"]),
        (&["--citizen-density", "0"], &["cops alone"]),
        (&["--citizen-vision", "0"], &["vision of citizens is 0"]),
        (&["--cop-vision", "30"], &["less than half the shorter side"]),
        (&["--legitimacy", "2"], &["legitimacy is 2"]),
        (&["--longest-term", "-1"], &["jail term is -1"]),
        (&["--size", "0"], &["grid is 0"]),
        (&["--engine", "plain", "--size", "46000"], &["GB of memory"]),
        (&["--citizen-density", "0.97", "--cop-density", "0.04"], &["together is 1.01", "one agent a site"]),
        (&["--citizen-density=-0.1"], &["density of citizens is -0.1"]),
        (&["--legitimacy", "NaN"], &["legitimacy is NaN"]),
        (&["--engine", "croud"], &["no engine `croud`", "did you mean `crowd`"]),
        (&["--engine", "crowd"], &["at least 96 sites along the shorter side; found 40"]),
        (&["--engine", "crowd", "--size", "100", "--rules", "netlogo2004"], &["only the plain engine"]),
        (&["--engine", "crowd", "--size", "200", "--citizen-vision", "15"], &["at most 253 sites in sight"]),
        (&["--ticks", "5", "--html", "no/such/folder/page.html"], &["cannot write", "page.html"]),
    ] {
        shop.equipoise(&[&["model", "civil-violence"][..], options].concat()).fails_with(told);
    }
    let free_at_once = ["model", "civil-violence", "--longest-term", "0", "--ticks", "5", "--quiet"];
    shop.equipoise(&free_at_once).succeeds();
}

#[test]
fn a_crowd_is_the_same_on_any_number_of_threads_and_close_to_the_plain_engine() {
    let shop = Workshop::empty();
    let args = ["model", "civil-violence", "--size", "120", "--ticks", "60", "--quiet", "--json"];
    let with = |more: &[&str]| shop.equipoise(&[&args[..], more].concat()).succeeds().json();
    let one = with(&["--engine", "crowd", "--threads", "1"]);
    assert_eq!(one["engine"], "crowd");
    assert_eq!(one["series"], with(&["--engine", "crowd", "--threads", "2"])["series"]);
    assert_eq!(one["series"], with(&["--engine", "crowd", "--threads", "7"])["series"]);
    let plain = with(&[]);
    assert_eq!(plain["engine"], "plain");
    let arrests = |json: &serde_json::Value| -> f64 {
        json["series"].as_array().unwrap().iter().map(|tick| tick["arrests"].as_f64().unwrap()).sum()
    };
    // The opening outburst alone puts thousands in jail.
    let ratio = arrests(&one) / arrests(&plain);
    assert!((0.8..1.25).contains(&ratio), "{ratio}");
}

#[test]
fn tables_are_written_as_parquet_and_a_page_shows_the_grid() {
    let shop = Workshop::empty();
    let args = ["model", "civil-violence", "--ticks", "120", "--quiet", "--out", "out", "--parquet"];
    let text = shop.equipoise(&[&args[..], &["--html", "watch.html"]].concat()).succeeds().stdout;
    assert!(text.contains("Page: watch.html"), "{text}");
    for name in ["series", "outbursts"] {
        let bytes = std::fs::read(shop.path(&format!("out/{name}.parquet"))).unwrap();
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    }
    let page = shop.read("watch.html");
    assert!(
        page.contains("1,120 citizens") && page.contains("count: 120") && !page.contains("http"),
        "{page:.300}"
    );
}
