fn main() {
    let a: Vec<String> = std::env::args().collect();
    if a[1] == "schema" { for (n, s) in equipoise_scenario::schemas() { println!("== {n}\n{}", serde_json::to_string_pretty(&s).unwrap()); } return; }
    let t = std::time::Instant::now();
    match equipoise_scenario::load(std::path::Path::new(&a[1])) {
        Ok(s) => { println!("ok {} params {} claims, hash {}, {:?}; conflicts {} unused {}", s.parameters.len(), s.evidence.claims.len(), s.hash, t.elapsed(), s.evidence.conflicts().len(), s.unused_claims().len()); }
        Err(e) => { println!("{} mistakes\n{e}", e.len()); }
    }
}
